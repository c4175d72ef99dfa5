"""The forecast's sums, each against the same sum by hand."""

import datetime as dt
import math

import pytest

from outreach.planning.forecast import Cell, Move, Stage, expected, mend, spread, weeks, whole_officers


def test_expected_tries_and_minutes_are_those_of_a_calculation_by_hand() -> None:
    """Half a chance, three visits: 1 + 1/2 + 1/4 tries, contact 7/8. The rest, 1/8, is called: 2 calls at 1/5."""
    visits, calls = expected([Stage(0.5, 3, 20, 6), Stage(0.2, 2, 6, 1)])
    assert visits.tries == pytest.approx(1.75)
    assert visits.contact == pytest.approx(0.875)
    assert visits.minutes == pytest.approx(0.875 * 20 + 0.875 * 6)
    assert calls.tries == pytest.approx(0.125 * 1.8)
    assert calls.contact == pytest.approx(0.125 * 0.36)
    assert calls.minutes == pytest.approx(0.125 * (0.36 * 6 + 1.44 * 1))


def test_without_a_chance_every_try_is_made_and_without_a_try_none() -> None:
    assert expected([Stage(0.0, 4, 20, 5)])[0].minutes == 20
    assert expected([Stage(0.7, 0, 20, 5)])[0].tries == 0
    assert expected([Stage(1.0, 4, 20, 5)])[0].minutes == 20


def test_weeks_run_from_monday_and_are_cut_at_both_ends() -> None:
    found = weeks(dt.date(2005, 4, 29), dt.date(2005, 5, 10))
    assert [(week.first.isoformat(), week.last.isoformat()) for week in found] == [
        ("2005-04-29", "2005-05-01"),
        ("2005-05-02", "2005-05-08"),
        ("2005-05-09", "2005-05-10"),
    ]
    assert sum(len(list(week.days())) for week in found) == 12


def test_residents_follow_the_hours_and_migrants_the_days_they_are_back() -> None:
    available = {(0, "A"): 10.0, (1, "A"): 30.0, (2, "A"): 0.0}
    cells = spread(3, {"A": 20.0, "B": 6.0}, {"A": 14.0}, available, [1, 0, 6])
    found = {(cell.week, cell.community): cell for cell in cells}
    assert [found[week, "A"].needed for week in range(3)] == pytest.approx([5 + 2, 15, 12])
    assert [found[week, "A"].waiting for week in range(3)] == pytest.approx([5, 15, 0])
    # Nobody has hours for B: its households are spread evenly, and short throughout.
    assert [found[week, "B"].short for week in range(3)] == pytest.approx([2, 2, 2])
    assert sum(cell.needed for cell in cells) == pytest.approx(20 + 6 + 14)


def test_without_a_day_of_return_migrants_are_left_out() -> None:
    cells = spread(2, {"A": 4.0}, {"A": 90.0}, {(0, "A"): 1.0, (1, "A"): 1.0}, [0, 0])
    assert sum(cell.needed for cell in cells) == pytest.approx(4)


METRES = {frozenset("AB"): 900.0, frozenset("AC"): 400.0, frozenset("BC"): 600.0}


def metres(one, two):
    return METRES.get(frozenset((one, two)), math.inf)


def test_a_shortage_waits_first_then_borrows_from_the_nearest_and_tells_what_is_left() -> None:
    cells = [
        Cell(0, "A", needed=30.0, waiting=5.0, available=10.0),
        Cell(0, "B", needed=1.0, waiting=1.0, available=9.0),
        Cell(0, "C", needed=2.0, waiting=2.0, available=6.0),
        Cell(1, "A", needed=1.0, waiting=1.0, available=4.0),
    ]
    (found,) = mend(cells, metres)
    assert found.cell is cells[0]
    assert found.moves == (
        Move("wait", 3.0, week=1),
        Move("lend", 4.0, source="C"),
        Move("lend", 8.0, source="B"),
        Move("missing", 5.0),
    )
    assert sum(move.hours for move in found.moves) == pytest.approx(cells[0].short)


def test_hours_lent_once_are_not_lent_again() -> None:
    cells = [
        Cell(0, "A", needed=8.0, waiting=0.0, available=4.0),
        Cell(0, "B", needed=9.0, waiting=0.0, available=4.0),
        Cell(0, "C", needed=0.0, waiting=0.0, available=6.0),
    ]
    found = {one.cell.community: one.moves for one in mend(cells, metres)}
    # B is shorter and comes first.
    assert found["B"] == (Move("lend", 5.0, source="C"),)
    assert found["A"] == (Move("lend", 1.0, source="C"), Move("missing", 3.0))


def test_who_is_not_short_needs_no_help() -> None:
    assert mend([Cell(0, "A", 3.0, 1.0, 3.0)], metres) == []


def test_officers_are_counted_whole() -> None:
    assert [whole_officers(hours, 8.0) for hours in (0.5, 8.0, 8.1, 16.0)] == [1, 1, 2, 2]
    assert whole_officers(5.0, 0.0) == 0
