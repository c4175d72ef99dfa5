"""When those who work away come home: the Spring Festival travel season, May Day and National Day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from outreach.domain.calendar import WorkCalendar, travel_season
from outreach.planning.holidays import lunar_new_year

RETURNS = ("spring", "may", "national")

_HOLIDAYS = {"may": (5, 1), "national": (10, 1)}


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days, both included, on which migrants are at home. name: one of `RETURNS`."""

    name: str
    first: dt.date
    last: dt.date
    provisional: bool


def return_windows(calendar: WorkCalendar, years: Collection[int], kept: Collection[str] = RETURNS) -> list[Window]:
    """The windows of `years` in order of days; kept: which of `RETURNS` count.

    The travel season is the whole forty days; May Day and National Day are their unbroken days off.
    """
    found = []
    for year in sorted(years):
        if "spring" in kept:
            found.append(("spring", *travel_season(lunar_new_year(year))))
        for name, (month, day) in _HOLIDAYS.items():
            middle = dt.date(year, month, day)
            found += [
                (name, one.first, one.last)
                for one in calendar.holidays(year)
                if name in kept and one.first <= middle <= one.last
            ]
    return [Window(*one, calendar.is_provisional(one[1], one[2])) for one in found]


def home_from(windows: Collection[Window], day: dt.date) -> dt.date | None:
    """The first day from `day` on that lies in a window, None after the last."""
    return min((max(one.first, day) for one in windows if one.last >= day), default=None)
