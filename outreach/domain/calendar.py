"""Working days, holidays and deadlines: the rules, over days that somebody else looked up.

Sources: Social Insurance Centre letter [2010] No. 7 for the "three 15 days"; the travel season's forty days run from
the 15th day before the lunar New Year to the 24th after it, as announced every year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

TRAVEL_DAYS_BEFORE = 15
TRAVEL_DAYS_AFTER = 24
STEP_WORKING_DAYS = 15
WARN_WORKING_DAYS = 3

_MOST_DAYS = 3660
"""Ten years: a deadline that lies further off is a slip of the pen."""


class Sort(StrEnum):
    """What a day is for those who work in an office."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A stretch of days off with its name in both languages; both ends included."""

    zh: str
    en: str
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. off: days off beside plain weekends, with the holiday's names; make_up: weekends worked.

    provisional: years whose notice is not out, so that their days are computed; first_year, last_year: what it knows.
    """

    off: Mapping[dt.date, tuple[str, str]]
    make_up: frozenset[dt.date]
    provisional: frozenset[int]
    first_year: int
    last_year: int

    def knows(self, day: dt.date) -> bool:
        """Whether the day lies in a year this calendar covers."""
        return self.first_year <= day.year <= self.last_year

    def sort(self, day: dt.date) -> Sort:
        """What the day is; raises ValueError for a year the calendar does not cover."""
        if not self.knows(day):
            raise ValueError(day)
        if day in self.make_up:
            return Sort.MAKE_UP
        if day in self.off:
            return Sort.HOLIDAY
        return Sort.WEEKEND if day.weekday() >= 5 else Sort.WORKDAY

    def worked(self, day: dt.date) -> bool:
        """Whether offices work on the day; a make-up day counts."""
        return self.sort(day) in (Sort.WORKDAY, Sort.MAKE_UP)

    def is_provisional(self, first: dt.date, last: dt.date) -> bool:
        """Whether any day of the stretch is of a year whose notice is not out."""
        return any(first.year <= year <= last.year for year in self.provisional)

    def after(self, start: dt.date, working_days: int) -> dt.date:
        """The day on which `working_days` have passed since `start`, which itself does not count.

        Raises ValueError where that lies beyond the calendar or ten years away.
        """
        return self._walk(start, working_days, 1)

    def before(self, end: dt.date, working_days: int) -> dt.date:
        """The day from which `working_days` remain until `end`."""
        return self._walk(end, working_days, -1)

    def _walk(self, start: dt.date, working_days: int, step: int) -> dt.date:
        day, left = start, working_days
        for _turn in range(_MOST_DAYS):
            if left <= 0:
                return day
            day += dt.timedelta(days=step)
            left -= self.worked(day)
        raise ValueError(working_days)

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many days are worked from `first` to `last`, both included; 0 where `last` is earlier."""
        return sum(self.worked(day) for day in days_between(first, last))

    def holidays(self, year: int) -> list[Holiday]:
        """The holidays with a day off in `year`, as unbroken stretches of days off, weekends beside them included.

        One that reaches over the turn of the year belongs to both.
        """
        starts = sorted(day for day in self.off if day.year == year)
        found: list[Holiday] = []
        for day in starts:
            if found and day <= found[-1].last:
                continue
            first = self._edge(day, -1)
            if found and first <= found[-1].last:
                continue
            last = self._edge(day, 1)
            names = list(dict.fromkeys(self.off[one] for one in days_between(first, last) if one in self.off))
            zh, en = ("、".join(name[0] for name in names), ", ".join(name[1] for name in names))
            found.append(Holiday(zh, en, first, last))
        return found

    def _edge(self, day: dt.date, step: int) -> dt.date:
        while True:
            following = day + dt.timedelta(days=step)
            if not self.knows(following) or self.worked(following):
                return day
            day = following


def days_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """Every day from `first` to `last`, both included; none where `last` is earlier."""
    return (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))


def travel_season(new_year: dt.date) -> tuple[dt.date, dt.date]:
    """The forty days of Spring Festival travel (春运) around the lunar New Year's Day, both ends included."""
    return new_year - dt.timedelta(days=TRAVEL_DAYS_BEFORE), new_year + dt.timedelta(days=TRAVEL_DAYS_AFTER)


class Step(StrEnum):
    """The three steps of carrying a pension over; each takes at most 15 working days."""

    ACCEPT = "accept"
    LETTER = "letter"
    FUNDS = "funds"


STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class StepDue:
    """One step of a case: when it is due, from when to warn, and when it was done if it is."""

    step: Step
    due: dt.date
    warn: dt.date
    done: dt.date | None
    provisional: bool

    def state(self, today: dt.date) -> str:
        """'done', 'late' (done after it was due), 'overdue', 'soon' or 'open'."""
        if self.done:
            return "late" if self.done > self.due else "done"
        if today > self.due:
            return "overdue"
        return "soon" if today >= self.warn else "open"


def step_plan(applied: dt.date, done: Mapping[Step, dt.date], calendar: WorkCalendar, today: dt.date) -> list[StepDue]:
    """The three steps of a case. A step's fifteen days run from the day the one before was done.

    Where that is not done yet they run from its due day, from `today` where that is past: a forecast. applied: the day
    of the application. Raises ValueError where a day lies beyond the calendar.
    """
    plan: list[StepDue] = []
    start = applied
    for step in STEPS:
        due = calendar.after(start, STEP_WORKING_DAYS)
        warn = calendar.before(due, WARN_WORKING_DAYS)
        finished = done.get(step)
        plan.append(StepDue(step, due, warn, finished, calendar.is_provisional(start, due)))
        start = finished or max(due, today)
    return plan
