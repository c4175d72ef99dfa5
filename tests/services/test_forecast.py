"""The staffing forecast of the small town, each figure against a sum by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outreach.errors import BadInput, Conflict
from outreach.messages import use_language
from outreach.planning.holidays import work_calendar
from outreach.services.contacts import record_attempt
from outreach.services.forecast import Forecast, forecast_staffing
from outreach.services.forecast_files import what_to_do, write_forecast
from outreach.store.absences import Absence

ZONE = dt.timezone(dt.timedelta(hours=8))
# Four evenings of two hours; a door that opens takes 20 minutes however hard, one that does not 5, walking included.
PLAN = """\
format = 1

[walks]
evening_hours = ["18:30-20:30"]
minutes_easy = 15
minutes_normal = 15
minutes_hard = 15

[tries]
steps = [{ channel = "visit", most = 3 }, { channel = "call", most = 1 }]

[staffing]
walking_minutes = 5
missed_minutes = 0
call_minutes = 6
missed_call_minutes = 2
"""
FIRST, LAST = dt.date(2005, 6, 20), dt.date(2005, 7, 3)


@pytest.fixture
def planned(town: Any) -> Any:
    (town.root / "campaigns" / "town" / "plan.toml").write_text(PLAN, "utf-8")
    return town


def forecast(town: Any, first: dt.date = FIRST, last: dt.date = LAST) -> Forecast:
    return forecast_staffing(town.office, "", first, last)


def test_the_totals_are_those_of_a_sum_by_hand(planned: Any) -> None:
    """30 households, 6 of them migrants who are not back in June: 24 count.

    Nothing is known, so a visit succeeds with 1/2: 1.75 visits, 7/8 found, 0.875 * 20 + 0.875 * 5 = 21.875 minutes.
    """
    found = forecast(planned)
    assert (found.open, found.migrants, found.stranded) == (30, 6, 6)
    assert found.visits == pytest.approx(24 * 1.75)
    assert found.contacts == pytest.approx(24 * 0.875)
    assert found.needed == pytest.approx(24 * 21.875 / 60, abs=0.02)
    # The eighth that is left is called once: three or five minutes on average 4.
    assert found.desk_hours == pytest.approx(24 * 0.125 * (0.5 * 6 + 0.5 * 2) / 60, abs=0.01)
    # Four officers, two weeks, four evenings of two hours.
    assert found.available == pytest.approx(4 * 2 * 4 * 2)
    assert [week.available for week in found.weeks] == [32.0, 32.0]
    assert found.short == ()
    assert not found.provisional


def test_cells_add_up_to_weeks_and_weeks_to_the_whole(planned: Any) -> None:
    found = forecast(planned)
    for week in found.weeks:
        cells = [cell for cell in found.cells if cell.first == week.first]
        assert {cell.community for cell in cells} == {"城东社区", "城西社区"}
        assert sum(cell.needed for cell in cells) == pytest.approx(week.needed, abs=0.02)
        assert sum(cell.available for cell in cells) == pytest.approx(week.available, abs=0.02)
    assert sum(week.needed for week in found.weeks) == pytest.approx(found.needed, abs=0.02)


def test_migrants_count_in_the_weeks_they_are_back_and_only_then(planned: Any) -> None:
    planned.clock.present = dt.datetime(2005, 4, 20, 9, 0, tzinfo=ZONE)
    found = forecast(planned, dt.date(2005, 4, 25), dt.date(2005, 5, 15))
    assert [week.back for week in found.weeks] == [1, 6, 0]
    residents = 24 * 21.875 / 60
    migrants = 6 * 21.875 / 60
    # Residents follow the evenings: four, none in the holiday week (Sunday 8 May makes up for it, no evening), four.
    assert [week.available for week in found.weeks] == [32.0, 0.0, 32.0]
    assert [week.needed for week in found.weeks] == pytest.approx(
        [residents / 2 + migrants / 7, migrants * 6 / 7, residents / 2], abs=0.02
    )
    assert sum(one.hours for one in found.short) == pytest.approx(migrants * 6 / 7, abs=0.02)
    assert all(one.first == dt.date(2005, 5, 2) for one in found.short)
    assert all("nobody walks in that week" in one.sentence for one in found.short)
    # One cause for both communities is told once, with the key that mends it.
    (sentence,) = what_to_do(found)
    assert "such as holiday_hours" in sentence
    assert all(f"{one.community} {one.hours:.1f}" in sentence for one in found.short)


def test_who_was_reached_or_tried_enough_needs_no_hours(planned: Any) -> None:
    def tried(code: str, day: int, outcome: str) -> None:
        at = dt.datetime(2005, 6, day, 19, 0, tzinfo=ZONE)
        record_attempt(planned.office, "", code, at=at, channel="visit", disposition=outcome)

    before = forecast(planned)
    tried("H002", 1, "informed")
    tried("H003", 1, "moved")
    assert forecast(planned).open == before.open - 2
    for day in (1, 5, 9):
        tried("H004", day, "nobody_home")
    # All its visits are made, but it is still called; where the rules know no calls it is done with.
    assert forecast(planned).open == before.open - 2
    plan = planned.root / "campaigns" / "town" / "plan.toml"
    plan.write_text(PLAN.replace(', { channel = "call", most = 1 }', ""), "utf-8")
    found = forecast(planned)
    assert (found.open, found.desk_hours) == (before.open - 3, 0)


def test_leave_and_a_part_time_post_take_hours_away(planned: Any) -> None:
    week = Absence("a1", "Y01", dt.date(2005, 6, 20), dt.date(2005, 6, 22), "training")
    rows = planned.officer_rows()
    with planned.office.store.write() as unit:
        unit.absences.add([week], planned.office.now())
    assert [one.available for one in forecast(planned).weeks] == [32.0 - 3 * 2, 32.0]
    with planned.office.store.write() as unit:
        officer = unit.rosters.officers()["G02"]
        unit.rosters.change_officers([_part_time(officer)], planned.office.now())
    assert len(rows) == 4
    # Half a post walks two evenings of the four.
    assert [one.available for one in forecast(planned).weeks] == [32.0 - 6 - 4, 32.0 - 4]


def _part_time(officer: Any) -> Any:
    from dataclasses import replace

    return replace(officer, share=50)


def test_a_booth_in_the_evening_takes_hours_away(planned: Any) -> None:
    planned.edit_campaign(
        ("starts = 2005-05-01\nends = 2005-05-03", "starts = 2005-06-21\nends = 2005-06-21"),
        ('times = ["08:00-12:00", "13:00-17:00"]', 'times = ["17:00-19:00"]'),
    )
    # Two of the four officers stand there on Tuesday.
    assert [week.available for week in forecast(planned).weeks] == [32.0 - 2 * 2, 32.0]


def test_the_short_borrow_from_those_who_can_lend(planned: Any) -> None:
    plan = planned.root / "campaigns" / "town" / "plan.toml"
    plan.write_text(
        PLAN.replace("minutes_hard = 15", "minutes_hard = 240").replace("18:30-20:30", "20:00-20:30"), "utf-8"
    )
    found = forecast(planned, FIRST, dt.date(2005, 6, 26))
    assert found.needed > found.available
    for one in found.short:
        assert sum(shift.hours for shift in one.shifts) == pytest.approx(one.hours, abs=0.25)
        assert "hours short" in one.sentence
    assert any(shift.how == "missing" and shift.officers > 0 for one in found.short for shift in one.shifts)


def test_years_without_a_notice_are_marked(planned: Any) -> None:
    last = max(work_calendar().provisional)
    found = forecast(planned, dt.date(last, 3, 1), dt.date(last, 3, 14))
    assert found.provisional
    assert all(week.provisional for week in found.weeks)


def test_the_forecast_runs_from_today_to_the_campaigns_end(planned: Any) -> None:
    found = forecast_staffing(planned.office, "")
    assert (found.first, found.last) == (dt.date(2005, 6, 15), dt.date(2005, 6, 30))
    planned.clock.present = dt.datetime(2026, 1, 5, 9, 0, tzinfo=ZONE)
    assert forecast_staffing(planned.office, "").first == dt.date(2005, 3, 1)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (dt.date(2005, 7, 1), dt.date(2005, 6, 30), "before the start"),
        (dt.date(2005, 3, 1), dt.date(2007, 3, 1), "400 days at most"),
        (dt.date(1999, 3, 1), dt.date(1999, 4, 1), "holidays are known from"),
    ],
)
def test_days_that_cannot_be_forecast_are_refused(planned: Any, first: dt.date, last: dt.date, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        forecast(planned, first, last)


def test_without_an_assignment_there_is_nothing_to_forecast(bare_town: Any) -> None:
    with pytest.raises(Conflict, match="no household has an officer yet"):
        forecast_staffing(bare_town.office, "")


def test_the_workbook_holds_what_the_forecast_says(planned: Any, tmp_path: Path) -> None:
    planned.clock.present = dt.datetime(2005, 4, 20, 9, 0, tzinfo=ZONE)
    found = forecast(planned, dt.date(2005, 4, 25), dt.date(2005, 5, 15))
    use_language("zh")
    book = openpyxl.load_workbook(write_forecast(found, tmp_path / "staffing.xlsx"))
    matrix, weeks, cells, mends = book.worksheets
    assert [cell.value for cell in matrix[1]][1:] == ["2005-04-25", "2005-05-02", "2005-05-09"]
    short = {(row[0].value, column): row[column].value for row in matrix.iter_rows(min_row=2) for column in (1, 2, 3)}
    assert short["城东社区", 2] == next(
        cell.short for cell in found.cells if cell.short and cell.community == "城东社区"
    )
    assert short["城东社区", 1] == 0
    assert matrix.conditional_formatting
    assert weeks.max_row == 1 + len(found.weeks)
    assert cells.max_row == 1 + len(found.cells)
    assert [row[0].value for row in mends.iter_rows(min_row=2)] == what_to_do(found)
    assert write_forecast(found, tmp_path / "again.xlsx").read_bytes() == (tmp_path / "staffing.xlsx").read_bytes()
