"""When doors are knocked on: real days of the Chinese calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.campaign import Slot
from outreach.planning.holidays import work_calendar
from outreach.planning.walk_hours import Hours, HourSort, windows

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = (Slot(dt.time(18, 30), dt.time(20, 30)),)
AFTERNOON = (Slot(dt.time(15), dt.time(17)),)
HOURS = Hours(("mon", "tue", "wed", "thu"), EVENING)


def found(first: dt.date, last: dt.date, hours: Hours) -> list[tuple[dt.date, HourSort]]:
    return [(one.starts.date(), one.sort) for one in windows(first, last, work_calendar(), hours, ZONE)]


def test_an_ordinary_week_has_four_evenings() -> None:
    days = found(dt.date(2005, 6, 13), dt.date(2005, 6, 19), HOURS)
    assert days == [(dt.date(2005, 6, day), HourSort.EVENING) for day in (13, 14, 15, 16)]


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    (one,) = windows(dt.date(2005, 6, 13), dt.date(2005, 6, 13), work_calendar(), HOURS, ZONE)
    assert (one.starts.isoformat(), one.minutes) == ("2005-06-13T18:30:00+08:00", 120)


def test_a_holiday_takes_the_evening_away_and_a_worked_weekend_is_no_weekend() -> None:
    # 2005: off from 1 to 7 May; Sunday 8 May was worked, Saturday 14 May was not.
    hours = replace(HOURS, weekend=AFTERNOON)
    assert found(dt.date(2005, 5, 1), dt.date(2005, 5, 8), hours) == []
    assert found(dt.date(2005, 5, 14), dt.date(2005, 5, 14), hours) == [(dt.date(2005, 5, 14), HourSort.WEEKEND)]


def test_a_make_up_sunday_has_its_evening_only_where_sundays_are_named() -> None:
    sunday = dt.date(2005, 5, 8)
    assert found(sunday, sunday, replace(HOURS, evenings=("sun",))) == [(sunday, HourSort.EVENING)]


def test_holidays_are_walked_only_where_they_have_hours_and_are_not_kept_free() -> None:
    first, last = dt.date(2005, 10, 1), dt.date(2005, 10, 3)
    hours = replace(HOURS, holiday=AFTERNOON)
    assert len(found(first, last, hours)) == 3
    assert found(first, last, replace(hours, free_holidays=("国庆节",))) == []
    assert found(first, last, replace(hours, free_holidays=("National Day",))) == []
    assert len(found(first, last, replace(hours, free=(first,)))) == 2


def test_working_hours_hold_on_every_worked_day() -> None:
    hours = replace(HOURS, daytime=AFTERNOON)
    sorts = [sort for _day, sort in found(dt.date(2005, 6, 17), dt.date(2005, 6, 18), hours)]
    assert sorts == [HourSort.DAYTIME]  # a Friday without evening, and a Saturday


def test_a_year_without_a_notice_is_marked() -> None:
    calendar = work_calendar()
    year = min(calendar.provisional)
    days = windows(dt.date(year, 6, 1), dt.date(year, 6, 14), calendar, HOURS, ZONE)
    assert days
    assert all(one.provisional for one in days)


def test_a_year_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="1990"):
        windows(dt.date(1990, 1, 1), dt.date(1990, 1, 2), work_calendar(), HOURS, ZONE)
