"""Working days counted: make-up days count, days off do not, and there and back is the same way."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.calendar import Sort, Step, WorkCalendar, days_between, step_plan

OFF = {dt.date(2010, 2, day): ("春节", "Spring Festival") for day in range(13, 20)}
CALENDAR = WorkCalendar(OFF, frozenset({dt.date(2010, 2, 20), dt.date(2010, 2, 21)}), frozenset({2011}), 2009, 2011)

TODAY = dt.date(2010, 1, 20)

days_of_2010 = st.dates(dt.date(2010, 1, 1), dt.date(2010, 12, 31))
few = st.integers(0, 120)


def test_each_day_is_of_one_sort() -> None:
    sorts = [CALENDAR.sort(dt.date(2010, 2, day)) for day in (12, 6, 15, 20)]
    assert sorts == [Sort.WORKDAY, Sort.WEEKEND, Sort.HOLIDAY, Sort.MAKE_UP]


def test_a_deadline_counts_the_make_up_days_and_jumps_the_holiday() -> None:
    # Friday the 12th, then seven days off, then Saturday and Sunday that are worked.
    assert CALENDAR.after(dt.date(2010, 2, 12), 2) == dt.date(2010, 2, 21)
    assert CALENDAR.before(dt.date(2010, 2, 22), 3) == dt.date(2010, 2, 12)
    assert CALENDAR.between(dt.date(2010, 2, 12), dt.date(2010, 2, 22)) == 4


@given(days_of_2010, few)
def test_the_days_between_a_start_and_its_deadline_are_the_days_asked_for(start: dt.date, count: int) -> None:
    due = CALENDAR.after(start, count)
    assert CALENDAR.between(start + dt.timedelta(days=1), due) == count
    assert count == 0 or CALENDAR.worked(due)


@given(days_of_2010, st.integers(1, 120))
def test_back_from_a_deadline_is_the_day_it_was_counted_from(start: dt.date, count: int) -> None:
    back = CALENDAR.before(CALENDAR.after(start, count), count)
    assert CALENDAR.between(min(back, start), max(back, start)) <= 1 if CALENDAR.worked(start) else back < start
    if CALENDAR.worked(start):
        assert back == start


@given(days_of_2010, days_of_2010)
def test_what_is_worked_adds_up_over_any_cut(one: dt.date, two: dt.date) -> None:
    first, last = min(one, two), max(one, two)
    whole = CALENDAR.between(dt.date(2010, 1, 1), last)
    assert whole == CALENDAR.between(dt.date(2010, 1, 1), first) + CALENDAR.between(first + dt.timedelta(days=1), last)


def test_a_deadline_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="2012-01-01"):
        CALENDAR.after(dt.date(2011, 12, 30), 5)
    decades = WorkCalendar({}, frozenset(), frozenset(), 1990, 2020)
    with pytest.raises(ValueError, match="3000"):
        decades.after(dt.date(1990, 1, 1), 3000)


def test_a_holiday_is_a_stretch_with_the_weekends_beside_it() -> None:
    (found,) = CALENDAR.holidays(2010)
    assert (found.zh, found.en, found.days) == ("春节", "Spring Festival", 7)
    assert found.first == dt.date(2010, 2, 13)
    assert found.last == dt.date(2010, 2, 19)


def test_two_festivals_in_one_stretch_share_a_line_and_a_turn_of_the_year_belongs_to_both_years() -> None:
    mixed = {dt.date(2009, 12, 31): ("元旦", "New Year"), dt.date(2010, 1, 1): ("元旦", "New Year")}
    mixed |= {dt.date(2010, 9, 30): ("中秋节", "Mid-Autumn"), dt.date(2010, 10, 1): ("国庆节", "National Day")}
    calendar = WorkCalendar(mixed, frozenset(), frozenset(), 2009, 2011)
    assert [one.en for one in calendar.holidays(2010)] == ["New Year", "Mid-Autumn, National Day"]
    assert [one.first for one in calendar.holidays(2009)] == [dt.date(2009, 12, 31)]


def test_days_between_are_none_where_the_end_is_earlier() -> None:
    assert list(days_between(dt.date(2010, 1, 2), dt.date(2010, 1, 1))) == []


def test_a_step_runs_from_the_day_the_one_before_was_done_or_else_was_due() -> None:
    plan = step_plan(dt.date(2010, 1, 4), {Step.ACCEPT: dt.date(2010, 1, 12)}, CALENDAR, TODAY)
    assert [step.due for step in plan] == [
        dt.date(2010, 1, 25),
        CALENDAR.after(dt.date(2010, 1, 12), 15),
        CALENDAR.after(CALENDAR.after(dt.date(2010, 1, 12), 15), 15),
    ]
    assert [CALENDAR.between(step.warn + dt.timedelta(days=1), step.due) for step in plan] == [3, 3, 3]


def test_a_step_is_late_soon_or_open_by_the_day_it_is_looked_at() -> None:
    first = step_plan(dt.date(2010, 1, 4), {}, CALENDAR, TODAY)[0]
    on = [dt.date(2010, 1, day) for day in (19, 20, 25, 26)]
    assert [first.state(day) for day in on] == ["open", "soon", "soon", "overdue"]
    late, early = (
        step_plan(dt.date(2010, 1, 4), {Step.ACCEPT: dt.date(2010, 1, day)}, CALENDAR, TODAY)[0] for day in (26, 25)
    )
    assert (late.state(on[0]), early.state(on[3])) == ("late", "done")


def test_a_step_that_reaches_into_an_unpublished_year_says_so() -> None:
    plan = step_plan(dt.date(2010, 12, 1), {}, CALENDAR, TODAY)
    assert [step.provisional for step in plan] == [False, True, True]


def test_the_days_of_a_step_that_cannot_begin_yet_are_counted_from_today_at_the_earliest() -> None:
    today = dt.date(2010, 3, 5)
    first, second, _third = step_plan(dt.date(2010, 1, 4), {}, CALENDAR, today)
    assert first.due < today
    assert second.due == CALENDAR.after(today, 15)
