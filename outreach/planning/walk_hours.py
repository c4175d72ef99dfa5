"""When doors are knocked on: the hours of each day, by what the day is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.calendar import Sort, WorkCalendar
from outreach.domain.campaign import WEEKDAYS, Slot


class HourSort(StrEnum):
    """What an hour is for those who work by day: they are at home in all but the last."""

    EVENING = "evening"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DAYTIME = "daytime"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours in which an office walks. evenings: weekdays on which, if worked, the evening hours hold.

    free: days on which nobody walks whatever they are; free_holidays: the same by a holiday's name, in either language.
    """

    evenings: Collection[str]
    evening: tuple[Slot, ...]
    weekend: tuple[Slot, ...] = ()
    holiday: tuple[Slot, ...] = ()
    daytime: tuple[Slot, ...] = ()
    free: Collection[dt.date] = ()
    free_holidays: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch in which doors are knocked on; zoned. provisional: the year's holidays are not published yet."""

    starts: dt.datetime
    ends: dt.datetime
    sort: HourSort
    provisional: bool

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def off_hours(self) -> bool:
        """Whether people who work by day are at home."""
        return self.sort is not HourSort.DAYTIME


def windows(first: dt.date, last: dt.date, calendar: WorkCalendar, hours: Hours, zone: dt.tzinfo) -> list[Window]:
    """The windows of the days from `first` to `last`, in order of time.

    A weekend day that is worked to make up for a holiday is a working day. Raises ValueError for a day the calendar
    does not cover.
    """
    found: list[Window] = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        if _is_free(day, calendar, hours):
            continue
        for slot, sort in _slots(day, calendar, hours):
            assert slot.ends is not None
            starts, ends = (dt.datetime.combine(day, at, zone) for at in (slot.starts, slot.ends))
            found.append(Window(starts, ends, sort, calendar.is_provisional(day, day)))
    return sorted(found, key=lambda window: window.starts)


def _slots(day: dt.date, calendar: WorkCalendar, hours: Hours) -> Iterator[tuple[Slot, HourSort]]:
    sort = calendar.sort(day)
    if sort is Sort.HOLIDAY:
        yield from ((slot, HourSort.HOLIDAY) for slot in hours.holiday)
    elif sort is Sort.WEEKEND:
        yield from ((slot, HourSort.WEEKEND) for slot in hours.weekend)
    else:
        yield from ((slot, HourSort.DAYTIME) for slot in hours.daytime)
        if WEEKDAYS[day.weekday()] in hours.evenings:
            yield from ((slot, HourSort.EVENING) for slot in hours.evening)


def _is_free(day: dt.date, calendar: WorkCalendar, hours: Hours) -> bool:
    return day in hours.free or not set(calendar.off.get(day, ())).isdisjoint(hours.free_holidays)
