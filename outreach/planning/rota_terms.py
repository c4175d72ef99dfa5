"""The words of a rota: shifts, those who take them, the rules, the plan, and why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Cell = tuple[str, str]
"""A worker's code and a shift's key."""

On = Mapping[str, tuple[str, ...]]
"""Shift's key -> codes of those on it, in order."""

AIMS: tuple[tuple[str, ...], ...] = (
    ("changes",),
    ("cover",),
    ("holidays",),
    ("evenings",),
    ("weekends",),
    ("hours",),
    ("wishes",),
)
"""The order of aims. Aims in one group are added up and reached together."""

COSTS: Mapping[str, int] = {
    "heads": 50,  # one head fewer than the shift needs
    "skill": 30,
    "full": 20,
    "leave": 60,  # one shift in somebody's leave
    "hours": 25,
    "weekdays": 25,
    "places": 0,
    "travel": 0,
    "rest": 30,
    "day": 20,
    "week": 8,  # one shift more than agreed in a week
    "week_least": 4,
    "month": 8,
    "most": 8,
    "least": 4,
    "row": 15,
    "row_least": 6,
    "off_least": 10,
    "weekends": 12,
    "order": 15,
    "of_kind": 10,
    "minutes": 1,  # a minute: an hour costs 60
    "minutes_least": 1,
    "apart": 15,
    "together": 12,
    "lock": 40,
}
"""What it costs when a rule of each kind gives by one, on a way out of a clash. 0: it never gives, nobody is in two
places. The order is a judgement of ours, made so that a week's extra shift goes before anybody's leave."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift to fill. heads: how many it must have; wanted: how many it would like; at_most: how many it may have.

    skills: how many of its heads must have each; one head with two skills counts for both. kind: early, late, night,
    for rules about kinds. short, over: what each head under or over `wanted` costs in the aim "cover". holiday,
    evening, weekend: whose burden is spread evenly.
    """

    key: str
    place: str
    starts: dt.datetime
    ends: dt.datetime
    heads: int
    skills: Mapping[str, int] = field(default_factory=dict)
    holiday: bool = False
    evening: bool = False
    weekend: bool = False
    kind: str = ""
    wanted: int | None = None
    at_most: int | None = None
    short: int = 1
    over: int = 0

    @property
    def minutes(self) -> int:
        """Its length."""
        return round((self.ends - self.starts).total_seconds() / 60)

    @property
    def day(self) -> dt.date:
        """The day on which it begins."""
        return self.starts.date()

    @property
    def likes(self) -> int:
        """The heads it would like."""
        return max(self.heads, self.wanted or 0)

    @property
    def room(self) -> int:
        """The heads it may have."""
        return self.likes if self.at_most is None else self.at_most

    def days(self) -> tuple[dt.date, ...]:
        """The days it touches; one that ends at midnight does not touch the next."""
        last = (self.ends - dt.timedelta(microseconds=1)).date()
        return tuple(self.day + dt.timedelta(days=n) for n in range((last - self.day).days + 1))


@dataclass(frozen=True, slots=True)
class Worker:
    """One who takes shifts; None means no such limit.

    away: days of leave. hours: only between these times of day. weekdays: only these, 0 is Monday. barred: shifts that
    are out of the question, whatever gives. most, least: shifts in the whole rota; *_a_week: in any week from Monday;
    most_weekends: with any work on Saturday or Sunday; *_in_a_row: days with work, or off, one after another;
    most_of: shifts of a kind. share: per cent of a full post. held: what earlier rotas gave: holidays, evenings,
    weekends in shifts, minutes.
    """

    code: str
    skills: frozenset[str] = frozenset()
    away: frozenset[dt.date] = frozenset()
    hours: tuple[dt.time, dt.time] | None = None
    most: int | None = None
    most_a_week: int | None = None
    weekdays: frozenset[int] | None = None
    barred: frozenset[str] = frozenset()
    least: int | None = None
    least_a_week: int | None = None
    most_a_month: int | None = None
    most_weekends: int | None = None
    most_in_a_row: int | None = None
    least_in_a_row: int | None = None
    least_off_in_a_row: int | None = None
    most_of: Mapping[str, int] = field(default_factory=dict)
    most_minutes: int | None = None
    least_minutes: int | None = None
    share: int = 100
    held: Mapping[str, int] = field(default_factory=dict)

    def can(self, shift: Shift) -> bool:
        """Whether nothing about the worker alone forbids the shift."""
        return not (
            shift.key in self.barred or self.is_away(shift) or not self.keeps_hours(shift) or not self.keeps_days(shift)
        )

    def is_away(self, shift: Shift) -> bool:
        """Whether the shift touches a day of leave."""
        return not self.away.isdisjoint(shift.days())

    def keeps_hours(self, shift: Shift) -> bool:
        """Whether the shift lies within the worker's times of day."""
        if self.hours is None:
            return True
        return self.hours[0] <= shift.starts.time() and (
            shift.ends.time() <= self.hours[1] and shift.ends.date() == shift.day
        )

    def keeps_days(self, shift: Shift) -> bool:
        """Whether the shift begins on one of the worker's weekdays."""
        return self.weekdays is None or shift.day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like: to be on a shift, or not to be. weight: what it costs when it is not met."""

    worker: str
    shift: str
    on: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for everybody. rest: from the end of a shift to the beginning of the next on another day.

    apart, together: pairs never or always on the same shift. locked: cells as they are; published: as they were told.
    travel: time between two places, in either order. most_in_a_row: days, where a worker has no limit of his own.
    not_after: (kind, kind): the second may not follow the first on the next day. wishes: come last. costs: what
    rules cost when they give, where COSTS does not suit. aims: their order.
    """

    rest: dt.timedelta = dt.timedelta(hours=11)
    most_a_day: int = 1
    apart: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    locked: Mapping[Cell, bool] = field(default_factory=dict)
    published: frozenset[Cell] = frozenset()
    travel: Mapping[tuple[str, str], dt.timedelta] = field(default_factory=dict)
    most_in_a_row: int | None = None
    not_after: frozenset[tuple[str, str]] = frozenset()
    wishes: tuple[Wish, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    aims: tuple[tuple[str, ...], ...] = AIMS

    def way(self, one: str, other: str) -> dt.timedelta:
        """The time it takes from one place to another."""
        return max(self.travel.get((one, other), dt.timedelta()), self.travel.get((other, one), dt.timedelta()))

    def cost(self, kind: str) -> int:
        """What a rule of the kind costs when it gives by one; 0: it never gives."""
        return self.costs.get(kind, COSTS[kind])


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about named people and shifts, as facts to make a sentence of.

    kind: a key of COSTS. heads, skill, full: shift, count. leave: worker, first, last. hours, weekdays: worker. places,
    travel, rest, order: worker, shift, other (the later shift). day, week, week_least, month, row: worker, first (day,
    Monday, first of the month, first day of the stretch), count. most, least, weekends, minutes, minutes_least: worker,
    count. row_least, off_least: worker, first, count. of_kind: worker, skill (the kind), count. apart, together:
    worker, other (codes), shift. lock: worker, shift, count (1 on, 0 off).
    """

    kind: str
    worker: str = ""
    other: str = ""
    shift: str = ""
    skill: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """How far one aim was reached. bound: no plan that keeps the earlier aims does better than this."""

    name: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether it is best."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Load:
    """What one worker has in a rota, without what was held before."""

    shifts: int = 0
    minutes: int = 0
    holidays: int = 0
    evenings: int = 0
    weekends: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a long rota that was solved by itself, after those before it. The bounds hold for it alone."""

    first: dt.date
    last: dt.date
    aims: tuple[Aim, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """A plan: who is on each shift, in order of codes, and how far the aims were reached.

    windows: how it was cut where it was too long for one piece. repeatable: False where the clock, not the count of
    steps, ended a search, so that another machine may find another plan.
    """

    on: On
    aims: tuple[Aim, ...]
    loads: Mapping[str, Load] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that gives, and by how much: heads, skilled heads, shifts, days, minutes."""

    rule: Rule
    by: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a clash: what gives, what that costs, and the rota it would make. proven: none is cheaper, of
    those that are different enough from the ways before it.
    """

    steps: tuple[Step, ...]
    cost: int
    proven: bool
    on: On


@dataclass(frozen=True, slots=True)
class Clash:
    """Why there is no plan. rules: they cannot hold together. ways: up to three ways out, the cheapest first.

    irreducible: without any one of the rules the others can hold; False where time ran out over it. smallest: no
    fewer rules clash.
    """

    rules: tuple[Rule, ...]
    ways: tuple[Way, ...] = ()
    smallest: bool = False
    irreducible: bool = True
