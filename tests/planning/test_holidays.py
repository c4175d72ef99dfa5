"""The calendar against the notices, written down by hand, and lunar dates against dates everybody knows."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from outreach.domain.calendar import Sort, days_between, travel_season
from outreach.planning.holidays import differences, festivals, lunar, lunar_new_year, work_calendar

NOTICES = tomllib.loads((Path(__file__).parents[1] / "domain" / "notices.toml").read_text("utf-8"))
YEARS = [int(year) for year in NOTICES]

# The lunar New Year's Days as almanacs print them.
NEW_YEARS = """
2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10
2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22
2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03
""".split()


def _days(stretch: str) -> set[dt.date]:
    first, _slash, last = stretch.partition("/")
    return set(days_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)))


OFF = {day for notice in NOTICES.values() for stretch in notice["off"] for day in _days(stretch)}
MAKE_UP = {dt.date.fromisoformat(day) for notice in NOTICES.values() for day in notice["make_up"]}


def test_the_list_is_of_every_published_year_and_only_weekends_are_made_up() -> None:
    calendar = work_calendar()
    assert list(range(calendar.first_year, calendar.last_year + 1 - len(calendar.provisional))) == YEARS
    assert all(day.weekday() >= 5 for day in MAKE_UP)
    assert not OFF & MAKE_UP


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_is_worked_or_not_as_its_notices_say(year: int) -> None:
    calendar = work_calendar()
    for day in days_between(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        says = day in MAKE_UP or (day.weekday() < 5 and day not in OFF)
        assert calendar.worked(day) == says, day
        assert (calendar.sort(day) is Sort.MAKE_UP) == (day in MAKE_UP), day


@pytest.mark.parametrize("year", YEARS)
def test_every_holiday_of_a_notice_is_listed_with_all_its_days(year: int) -> None:
    listed = work_calendar().holidays(year)
    for stretch in NOTICES[str(year)]["off"]:
        days = _days(stretch)
        assert any(one.first <= min(days) and max(days) <= one.last for one in listed), stretch


def test_the_one_day_on_which_the_libraries_differ_is_a_saturday_worked_by_notice() -> None:
    found = [one for year in YEARS for one in differences(year)]
    assert [(one.day, one.followed, one.chinesecalendar, one.holidays) for one in found] == [
        (dt.date(2005, 12, 31), True, False, True)
    ]


def test_years_after_the_newest_notice_are_marked_and_hold_what_the_law_alone_gives() -> None:
    calendar = work_calendar()
    newest = max(YEARS)
    assert calendar.provisional == {newest + 1, newest + 2, newest + 3}
    for year in calendar.provisional:
        assert calendar.is_provisional(dt.date(year, 6, 1), dt.date(year, 6, 1))
        assert not any(day.year == year for day in calendar.make_up)
        assert {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"} <= {
            name for one in calendar.holidays(year) for name in one.zh.split("、")
        }
    assert not calendar.is_provisional(dt.date(newest, 1, 1), dt.date(newest, 12, 31))
    assert calendar.is_provisional(dt.date(newest, 12, 31), dt.date(newest + 1, 1, 1))


def test_a_year_nobody_knows_is_no_day_of_the_calendar() -> None:
    calendar = work_calendar()
    for day in (dt.date(2003, 12, 31), dt.date(calendar.last_year + 1, 1, 1)):
        with pytest.raises(ValueError, match=str(day)):
            calendar.sort(day)


def test_the_lunar_new_year_of_27_years_is_the_almanacs() -> None:
    assert [str(lunar_new_year(year)) for year in range(2004, 2031)] == NEW_YEARS


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        ("2005-02-08", "腊月三十", "lunar 12-30"),
        ("2005-02-09", "正月初一", "lunar 1-1"),
        ("2006-08-24", "闰七月初一", "lunar leap 7-1"),
        ("2010-11-27", "十月廿二", "lunar 10-22"),
        ("2020-06-25", "五月初五", "lunar 5-5"),
        ("2023-03-31", "闰二月初十", "lunar leap 2-10"),
        ("2033-12-22", "闰冬月初一", "lunar leap 11-1"),
    ],
)
def test_lunar_dates_of_leap_months_and_month_ends_are_the_almanacs(day: str, zh: str, en: str) -> None:
    found = lunar(dt.date.fromisoformat(day))
    assert (found.zh, found.en) == (zh, en)


def test_a_wall_calendar_prints_the_month_on_its_first_day_only() -> None:
    assert lunar(dt.date(2005, 2, 9)).short_zh == "正月"
    assert lunar(dt.date(2005, 2, 10)).short_zh == "初二"
    assert lunar(dt.date(2006, 8, 24)).short_zh == "闰七月"


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2005-02-08", ["除夕"]),
        ("2005-02-23", ["元宵节"]),
        ("2005-04-05", ["清明节"]),
        ("2008-04-04", ["清明节"]),
        ("2005-06-11", ["端午节"]),
        ("2020-10-01", ["国庆节", "中秋节"]),
        ("2006-08-30", []),  # the seventh day of the leap seventh month
        ("2005-03-03", []),
    ],
)
def test_a_festival_stands_on_its_own_day(day: str, names: list[str]) -> None:
    assert [zh for zh, _en in festivals(dt.date.fromisoformat(day))] == names


def test_the_travel_season_is_forty_days_as_it_was_announced() -> None:
    announced = {2005: ("2005-01-25", "2005-03-05"), 2010: ("2010-01-30", "2010-03-10")}
    for year, days in announced.items():
        first, last = travel_season(lunar_new_year(year))
        assert (str(first), str(last)) == days
        assert (last - first).days + 1 == 40
