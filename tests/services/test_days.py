"""The calendar as planners look at it: a year, a day, deadlines, the three 15 days of many cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from outreach.domain.calendar import Sort, Step
from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.planning.holidays import work_calendar
from outreach.services.days import list_differences, show_day, show_year
from outreach.services.deadlines import find_deadline, plan_steps, write_due_calendar, write_steps

ZONE = ZoneInfo("Asia/Shanghai")
# A1 is late with its second step, A2 was late with its first and is done, A3's first step is due soon.
CASES = """业务号,申请日期,审核日期,转移手续日期,基金到账日期
A1,2010-01-04,2010-01-20,,
A2,2010-01-11,2010-02-03,2010-02-25,2010-03-04
A3,2010-02-20,,,
"""


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def _cases(folder: Path, text: str = CASES) -> Path:
    path = folder / "cases.csv"
    path.write_text(text, "utf-8")
    return path


def test_2008_begins_with_the_holiday_that_began_in_december_and_has_the_three_new_ones() -> None:
    found = show_year(2008)
    assert [(one.zh, str(one.first), one.days) for one in found.holidays] == [
        ("元旦", "2007-12-30", 3),
        ("春节", "2008-02-06", 7),
        ("清明节", "2008-04-04", 3),
        ("劳动节", "2008-05-01", 3),
        ("端午节", "2008-06-07", 3),
        ("中秋节", "2008-09-13", 3),
        ("国庆节", "2008-09-29", 7),
    ]
    assert not found.provisional
    assert found.working_days == 251


def test_a_year_shows_its_festivals_on_their_lunar_dates_and_the_travel_season() -> None:
    found = show_year(2005)
    by_name = {one.zh: one for one in found.festivals}
    assert (str(by_name["除夕"].day), by_name["除夕"].lunar.zh) == ("2005-02-08", "腊月三十")
    assert (str(by_name["中秋节"].day), by_name["中秋节"].lunar.en) == ("2005-09-18", "lunar 8-15")
    assert (str(found.travel_first), str(found.travel_last)) == ("2005-01-25", "2005-03-05")


def test_a_merged_holiday_carries_both_names() -> None:
    names = {year: show_year(year).holidays[-1].en for year in (2020, 2025)}
    assert names == {2020: "National Day, Mid-Autumn Festival", 2025: "National Day, Mid-Autumn Festival"}


def test_a_year_without_a_notice_is_provisional_and_one_far_off_is_refused() -> None:
    provisional = show_year(work_calendar().last_year)
    assert provisional.provisional
    assert provisional.differences == ()
    for year in (2003, 2099, 0, -5, 10**9):
        with pytest.raises(BadInput, match="holidays are known from 2004 to"):
            show_year(year)


def test_a_day_says_what_it_is() -> None:
    eve, made_up, plain = (show_day(dt.date(*day)) for day in ((2026, 2, 16), (2026, 2, 14), (2026, 3, 20)))
    assert (eve.sort, eve.worked, eve.holiday) == (Sort.HOLIDAY, False, ("春节", "Spring Festival"))
    assert eve.festivals == (("除夕", "Lunar New Year's Eve"),)
    assert (made_up.sort, made_up.worked, made_up.travel_season) == (Sort.MAKE_UP, True, True)
    assert (plain.sort, plain.holiday, plain.travel_season, plain.provisional) == (Sort.WORKDAY, None, False, False)


def test_differences_are_those_of_the_years_asked_for_and_of_published_years_only() -> None:
    assert [str(one.day) for one in list_differences(2005, 2005)] == ["2005-12-31"]
    assert list_differences(2006) == []
    with pytest.raises(BadInput, match="2004 is before the start 2010"):
        list_differences(2010, 2004)
    with pytest.raises(BadInput, match="notices are known from 2004 to"):
        list_differences(work_calendar().last_year)


def test_fifteen_working_days_over_the_spring_festival_of_2010_count_the_two_make_up_days() -> None:
    found = find_deadline(dt.date(2010, 2, 5), 15)
    assert (str(found.due), found.lunar.zh, found.provisional) == ("2010-03-03", "正月十八", False)


def test_a_deadline_over_a_year_end_without_a_notice_says_so_and_one_beyond_is_refused() -> None:
    last = work_calendar().last_year
    assert find_deadline(dt.date(last, 11, 1), 15).provisional
    with pytest.raises(BadInput, match="the deadline falls after 2029"):
        find_deadline(dt.date(last, 12, 20), 15)
    with pytest.raises(BadInput, match="2001-01-01"):
        find_deadline(dt.date(2001, 1, 1), 15)


def test_steps_are_due_warned_of_and_overdue_by_working_days(tmp_path: Path) -> None:
    report = plan_steps(_cases(tmp_path), dt.date(2010, 3, 8))
    states = {(step.case, step.step): step.state for step in report.steps}
    assert states == {
        ("A1", Step.ACCEPT): "done",
        ("A1", Step.LETTER): "overdue",
        ("A1", Step.FUNDS): "waiting",
        ("A2", Step.ACCEPT): "late",
        ("A2", Step.LETTER): "done",
        ("A2", Step.FUNDS): "done",
        ("A3", Step.ACCEPT): "soon",
        ("A3", Step.LETTER): "waiting",
        ("A3", Step.FUNDS): "waiting",
    }
    (overdue,) = report.overdue
    # 11, 12, 20-26 February (the 20th and 21st worked to make up), 1-5 and 8 March.
    assert (str(overdue.due), overdue.over) == ("2010-02-10", 15)
    (soon,) = report.soon
    assert (soon.case, str(soon.due), str(soon.warn)) == ("A3", "2010-03-11", "2010-03-08")
    late = next(step for step in report.steps if step.state == "late")
    assert late.over == 2


def test_the_pressing_list_and_every_step_are_written_as_a_workbook(tmp_path: Path) -> None:
    report = plan_steps(_cases(tmp_path), dt.date(2010, 3, 8))
    book = load_workbook(write_steps(report, tmp_path / "steps.xlsx"))
    pressing, every = (list(sheet.values) for sheet in book)
    assert [row[0] for row in pressing] == ["Case", "A1", "A3"]
    assert pressing[1][3] == dt.datetime(2010, 2, 10)  # noqa: DTZ001 - a workbook knows no zones
    assert (pressing[1][6], pressing[1][7]) == ("overdue", 15)
    assert len(every) == 1 + 9


def test_the_pressing_list_is_written_as_csv_and_no_other_ending(tmp_path: Path) -> None:
    report = plan_steps(_cases(tmp_path, CASES.replace("A1", "=1+1")), dt.date(2010, 3, 8))
    lines = write_steps(report, tmp_path / "steps.csv").read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("'=1+1,2010-01-04,")
    assert len(lines) == 3
    with pytest.raises(BadInput, match=r"is no \.xlsx or \.csv file"):
        write_steps(report, tmp_path / "steps.pdf")
    assert not (tmp_path / "steps.pdf").exists()


def test_due_days_of_open_steps_are_entries_of_whole_days_and_forecasts_are_tentative(tmp_path: Path) -> None:
    report = plan_steps(_cases(tmp_path), dt.date(2010, 3, 8))
    target = write_due_calendar(report, tmp_path / "due.ics", ZONE)
    events = {str(event["UID"]): event for event in Calendar.from_ical(target.read_bytes()).walk("VEVENT")}
    assert len(events) == 5  # two of A1, none of A2, three of A3
    due, forecast = (events[f"A1-{step}@steps.outreach.invalid"] for step in ("letter", "funds"))
    assert due.decoded("DTSTART") == dt.date(2010, 2, 10)
    assert (str(due["STATUS"]), str(forecast["STATUS"])) == ("CONFIRMED", "TENTATIVE")
    assert "a forecast" in str(forecast["DESCRIPTION"])
    again = write_due_calendar(report, tmp_path / "again.ics", ZONE)
    assert again.read_bytes() == target.read_bytes()
    with pytest.raises(BadInput, match=r"is no \.ics file"):
        write_due_calendar(report, tmp_path / "due.txt", ZONE)


def test_steps_that_reach_an_unpublished_year_are_marked_everywhere(tmp_path: Path) -> None:
    last = work_calendar().last_year
    report = plan_steps(_cases(tmp_path, f"业务号,申请日期\nB1,{last}-01-04\n"), dt.date(last, 2, 1))
    assert all(step.provisional for step in report.steps)
    rows = write_steps(report, tmp_path / "steps.csv").read_text("utf-8-sig")
    assert "provisional: the notice is not out" in rows
    calendar = write_due_calendar(report, tmp_path / "due.ics", ZONE).read_text("utf-8")
    assert calendar.count("STATUS:TENTATIVE") == 3


def test_cases_and_days_the_calendar_does_not_cover_are_refused_by_row(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"row 2.*(holidays are known from 2004|the deadline falls after)"):
        plan_steps(_cases(tmp_path, "业务号,申请日期\nB1,2003-12-30\n"), dt.date(2010, 3, 8))
    with pytest.raises(BadInput, match="2003-01-01"):
        plan_steps(_cases(tmp_path), dt.date(2003, 1, 1))
