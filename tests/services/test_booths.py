"""Booth lines on paper and of today: stations are paired with themselves, however the lines are drawn."""

from __future__ import annotations

from outreach.services.booths import BoothLines
from outreach.store.runs import PrintedFact

SPRING, MAY = "2月9日至15日 08:00–12:00, 13:00–17:00", "5月1日至7日 08:00–12:00, 13:00–17:00"


def line(place: str, when: str) -> PrintedFact:
    return PrintedFact("booth", place, when)


def test_a_line_stays_true_when_only_how_stations_share_lines_changed() -> None:
    old = [line("东站", SPRING), line("西站", MAY)]
    lines = BoothLines(old, [line("西站、东站", SPRING), line("西站", MAY)])
    assert all(lines.is_true(one) for one in old)


def test_a_booth_moved_to_other_days_is_paired_where_it_is_the_only_one_that_moved() -> None:
    old = [line("东站", SPRING), line("东站", MAY)]
    moved = "2月10日至16日 08:00–12:00"
    lines = BoothLines(old, [line("东站", moved), line("东站", MAY)])
    assert lines.present(old[0]) == moved
    assert lines.is_true(old[1])


def test_a_booth_that_is_no_more_takes_no_other_booths_hours() -> None:
    old = [line("东站", SPRING), line("东站", MAY)]
    assert BoothLines(old, [line("东站", MAY)]).present(old[0]) == ""


def test_english_lines_are_paired_by_their_days_too() -> None:
    old = [line("city station", "9–15 February 08:00–12:00"), line("city station", "1–7 May 08:00–12:00")]
    new = [line("city station", "9–15 February 09:00–12:00"), line("city station", "1–7 May 08:00–12:00")]
    assert BoothLines(old, new).present(old[0]) == "9–15 February 09:00–12:00"
