"""The calendar looked at: a year's days off, one day, where the libraries that know them do not agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from outreach.domain.calendar import Holiday, Sort, WorkCalendar, days_between, travel_season
from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.holidays import (
    Difference,
    LunarDay,
    differences,
    festivals,
    lunar,
    lunar_new_year,
    work_calendar,
)


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival on its own day, which may or may not be a day off."""

    day: dt.date
    zh: str
    en: str
    lunar: LunarDay


@dataclass(frozen=True, slots=True)
class YearDays:
    """A year as offices work it. make_up: weekend days worked. differences: where a library disagrees."""

    year: int
    provisional: bool
    holidays: tuple[Holiday, ...]
    make_up: tuple[dt.date, ...]
    working_days: int
    lunar_new_year: dt.date
    travel_first: dt.date
    travel_last: dt.date
    festivals: tuple[Festival, ...]
    differences: tuple[Difference, ...]


def show_year(year: int) -> YearDays:
    """The days off, make-up days, festivals and travel season of `year`; raises BadInput for a year nobody knows."""
    calendar = covering_year(year)
    provisional = year in calendar.provisional
    new_year = lunar_new_year(year)
    first, last = travel_season(new_year)
    january, december = dt.date(year, 1, 1), dt.date(year, 12, 31)
    named = [(day, name) for day in days_between(january, december) for name in festivals(day)]
    return YearDays(
        year,
        provisional,
        tuple(calendar.holidays(year)),
        tuple(sorted(day for day in calendar.make_up if day.year == year)),
        calendar.between(january, december),
        new_year,
        first,
        last,
        tuple(Festival(day, *name, lunar(day)) for day, name in named),
        () if provisional else tuple(differences(year)),
    )


@dataclass(frozen=True, slots=True)
class DayView:
    """One day. holiday: what it is off for, festivals: what falls on it; names in Chinese and English."""

    day: dt.date
    sort: Sort
    worked: bool
    holiday: tuple[str, str] | None
    festivals: tuple[tuple[str, str], ...]
    lunar: LunarDay
    travel_season: bool
    provisional: bool


def show_day(day: dt.date) -> DayView:
    """What sort of day it is; raises BadInput for a day nobody knows."""
    return look_at(day, covering(day))


def look_at(day: dt.date, calendar: WorkCalendar) -> DayView:
    """As `show_day`, by a calendar that covers the day."""
    first, last = travel_season(lunar_new_year(day.year))
    return DayView(
        day,
        calendar.sort(day),
        calendar.worked(day),
        calendar.off.get(day),
        festivals(day),
        lunar(day),
        first <= day <= last,
        calendar.is_provisional(day, day),
    )


def list_differences(first_year: int | None = None, last_year: int | None = None) -> list[Difference]:
    """Where the libraries disagree with the notices, over the published years or a part of them.

    Raises BadInput for a year that is not published.
    """
    calendar = work_calendar()
    newest = calendar.last_year - len(calendar.provisional)
    first, last = first_year or calendar.first_year, last_year or newest
    for year in (first, last):
        if not calendar.first_year <= year <= newest:
            raise BadInput.at(
                str(year),
                _("notices are known from {first} to {last} only", first=calendar.first_year, last=newest),
                _("choose a year within"),
            )
    if last < first:
        raise BadInput.at(
            "--to", _("{ends} is before the start {starts}", ends=last, starts=first), _("write a later year")
        )
    return [found for year in range(first, last + 1) for found in differences(year)]


def weekday_names() -> tuple[str, ...]:
    """Short names of the weekdays from Monday on, in the user's language."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def covering(day: dt.date) -> WorkCalendar:
    """The calendar where it covers `day`; raises BadInput."""
    calendar = work_calendar()
    if not calendar.knows(day):
        raise beyond(str(day), calendar)
    return calendar


def covering_year(year: int) -> WorkCalendar:
    """The calendar where it covers `year`; raises BadInput."""
    calendar = work_calendar()
    if not calendar.first_year <= year <= calendar.last_year:
        raise beyond(str(year), calendar)
    return calendar


def beyond(where: str, calendar: WorkCalendar) -> BadInput:
    """The refusal of a day the calendar does not cover."""
    return BadInput.at(
        where,
        _("holidays are known from {first} to {last} only", first=calendar.first_year, last=calendar.last_year),
        _("choose a day within, or install a newer chinesecalendar"),
    )


def ends_beyond(where: str, calendar: WorkCalendar) -> BadInput:
    """The refusal of a deadline that falls after the days the calendar covers."""
    return BadInput.at(
        where,
        _("the deadline falls after {last}, the last year whose holidays are known", last=calendar.last_year),
        _("count fewer days, or install a newer chinesecalendar"),
    )
