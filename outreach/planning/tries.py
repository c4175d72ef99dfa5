"""When it pays to try again: the chance of finding somebody, learnt from earlier tries with shrinkage.

A *slot* is a column (a weekday, a make-up working day, a holiday) and a band of hours. For every kind of household and
slot the chance is a beta distribution. Few tries say little, so each estimate is drawn towards what other tries say:

    the whole   Beta(prior) + all tries
    kind        the whole + the kind's tries
    time        the whole + the tries of that class of day and band, all kinds
    cell        kind and time joined by their log odds, + the kind's tries in that class and band, + those of the slot
    household   the cell + the household's own tries in that class and band

Every + is a beta prior with the mean of the level above and a strength in tries, the one of `STRENGTHS` under which the
counts are likeliest (empirical Bayes: Casella 1985; Gelman et al., Bayesian Data Analysis, chapter 5); it is weaker
where the level above rests on few tries itself (`effective`). A prior is learnt from *other* tries than those it meets,
so nothing counts twice but in the whole. docs/tries.md has it all.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, TypeVar

from outreach.domain.calendar import Sort, WorkCalendar
from outreach.domain.people import Difficulty
from outreach.planning.beta import fit, quantile

STRENGTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200)
"""The strengths of a prior that are weighed, in tries."""

USUAL_STRENGTH = 10
"""The strength where fewer than three groups have tries, so that nothing can be learnt of it."""

LEVEL = 0.9
"""The share of the distribution inside an interval."""

_FEWEST_GROUPS = 3


class DayClass(StrEnum):
    """Days on which people keep the same hours."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    # An enumeration hashes the name, in Python: chances are looked up by these more often than by anything else.
    __hash__ = str.__hash__


class Column(StrEnum):
    """A weekday; a weekend day that is worked; a day off of a holiday, whatever its weekday."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    MAKE_UP = "make-up"
    HOLIDAY = "holiday"

    __hash__ = str.__hash__

    @property
    def day_class(self) -> DayClass:
        """The class of day it belongs to; a make-up day is a working day."""
        return _CLASSES[self]


_WEEKDAYS = tuple(Column)[:7]
_CLASSES = dict.fromkeys(Column, DayClass.WORKDAY) | {
    Column.SAT: DayClass.WEEKEND,
    Column.SUN: DayClass.WEEKEND,
    Column.HOLIDAY: DayClass.HOLIDAY,
}


def column_of(day: dt.date, calendar: WorkCalendar) -> Column:
    """The column of `day`; by its weekday alone in years the calendar does not cover."""
    sort = calendar.sort(day) if calendar.knows(day) else None
    if sort is Sort.MAKE_UP:
        return Column.MAKE_UP
    return Column.HOLIDAY if sort is Sort.HOLIDAY else _WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the day in minutes after midnight, the end not included."""

    starts: int
    ends: int

    def __str__(self) -> str:
        return f"{self.starts // 60:02d}:{self.starts % 60:02d}-{self.ends // 60:02d}:{self.ends % 60:02d}"


def band_of(minute: int, bands: Sequence[Band]) -> int | None:
    """The number of the band a minute of the day lies in, None outside all."""
    return next((number for number, band in enumerate(bands) if band.starts <= minute < band.ends), None)


class Kind(NamedTuple):
    """A kind of household: those that can be expected at home alike. A tuple, since chances are looked up by it."""

    difficulty: Difficulty
    migrant: bool
    works: bool


Slot = tuple[Column, int]
"""A column and the number of a band."""

Time = tuple[DayClass, int]
"""A class of day and the number of a band."""

_Key = TypeVar("_Key")


def time_of(slot: Slot) -> Time:
    """The class of day and band of a slot."""
    return _CLASSES[slot[0]], slot[1]


@dataclass(frozen=True, slots=True)
class Try:
    """One try of which the hour decided the outcome. contact: whether a member of the household answered."""

    household: str
    kind: Kind
    slot: Slot
    contact: bool

    @property
    def time(self) -> Time:
        """Its class of day and band."""
        return time_of(self.slot)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A chance as Beta(alpha, beta), and the tries and contacts that were counted at this level."""

    tries: int
    contacts: int
    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The expected chance."""
        return self.alpha / (self.alpha + self.beta)

    def bound(self, share: float) -> float:
        """The value below which `share` of the distribution lies."""
        return quantile(share, self.alpha, self.beta)

    def interval(self) -> tuple[float, float]:
        """Where the chance lies with a probability of `LEVEL`, as much cut off at either end."""
        return self.bound((1 - LEVEL) / 2), self.bound((1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of the whole before any try: Beta(tries * rate, tries * (1 - rate))."""

    tries: float = 2.0
    rate: float = 0.5


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strongly each level is drawn to the one above, in tries."""

    kind: float = USUAL_STRENGTH
    time: float = USUAL_STRENGTH
    pair: float = USUAL_STRENGTH
    cell: float = USUAL_STRENGTH
    home: float = USUAL_STRENGTH


Count = tuple[int, int]
"""Tries and contacts."""

_NONE: Count = (0, 0)


@dataclass(slots=True)
class Tallies:
    """The tries of one channel counted at every level. homes: by household, kind and time.

    alike: more households, only how many of a kind were tried so often at a time: a city's are millions.
    """

    whole: Count = _NONE
    kinds: dict[Kind, Count] = field(default_factory=dict)
    times: dict[Time, Count] = field(default_factory=dict)
    pairs: dict[tuple[Kind, Time], Count] = field(default_factory=dict)
    cells: dict[tuple[Kind, Slot], Count] = field(default_factory=dict)
    homes: dict[tuple[str, Kind, Time], Count] = field(default_factory=dict)
    alike: Counter[tuple[Kind, Time, Count]] = field(default_factory=Counter)

    def add(self, one: Try) -> None:
        """Count one more try."""
        time, contact = one.time, int(one.contact)
        self.whole = (self.whole[0] + 1, self.whole[1] + contact)
        _count(self.kinds, one.kind, contact)
        _count(self.times, time, contact)
        _count(self.pairs, (one.kind, time), contact)
        _count(self.cells, (one.kind, one.slot), contact)
        _count(self.homes, (one.household, one.kind, time), contact)

    def add_cell(self, kind: Kind, slot: Slot, counted: Count) -> None:
        """Count many tries of a kind in a slot at once, by no household."""
        time = time_of(slot)
        self.whole = _plus(self.whole, counted)
        self.kinds[kind] = _plus(self.kinds.get(kind, _NONE), counted)
        self.times[time] = _plus(self.times.get(time, _NONE), counted)
        self.pairs[kind, time] = _plus(self.pairs.get((kind, time), _NONE), counted)
        self.cells[kind, slot] = _plus(self.cells.get((kind, slot), _NONE), counted)


def _plus(one: Count, other: Count) -> Count:
    return one[0] + other[0], one[1] + other[1]


def _count(counts: dict[_Key, Count], key: _Key, contact: int) -> None:
    tries, contacts = counts.get(key, _NONE)
    counts[key] = (tries + 1, contacts + contact)


def tally(tries: Iterable[Try]) -> Tallies:
    """All tries counted."""
    counted = Tallies()
    for one in tries:
        counted.add(one)
    return counted


@dataclass(frozen=True, slots=True)
class Level:
    """What a level of the model says: a mean, and the tries it is worth as a prior for the level below."""

    mean: float
    weight: float

    def towards(self, counted: Count, taken: Count, strength: float) -> Level:
        """The level below, without the counts `taken`: drawn here by `strength`, less where this rests on little."""
        drawn = effective(strength, self.weight)
        tries, contacts = counted[0] - taken[0], counted[1] - taken[1]
        return Level((drawn * self.mean + contacts) / (drawn + tries), drawn + tries)


def effective(strength: float, weight: float) -> float:
    """The strength of a prior whose mean is itself known from `weight` tries only: the variances of both add up."""
    return 1 / (1 / strength + 1 / weight)


class Rates:
    """The learnt chances of one channel. Made by `learn`; estimates are worked out when first asked for."""

    def __init__(self, tallies: Tallies, prior: Prior, strengths: Strengths) -> None:
        self.tallies = tallies
        self.strengths = strengths
        tries, contacts = tallies.whole
        alpha, beta = prior.tries * prior.rate, prior.tries * (1 - prior.rate)
        self.overall = Estimate(tries, contacts, alpha + contacts, beta + tries - contacts)
        self._top = Level(self.overall.mean, prior.tries + tries)
        self._cells: dict[tuple[Kind, Slot], Estimate] = {}
        self._uppers: dict[tuple[Kind, Slot], float] = {}

    def kind(self, kind: Kind, without: Time | None = None) -> Level:
        """The kind at any time; without: a time whose tries are left out."""
        taken = self.tallies.pairs.get((kind, without), _NONE) if without else _NONE
        return self._top.towards(self.tallies.kinds.get(kind, _NONE), taken, self.strengths.kind)

    def time(self, time: Time, without: Kind | None = None) -> Level:
        """That time for any kind; without: a kind whose tries are left out."""
        taken = self.tallies.pairs.get((without, time), _NONE) if without else _NONE
        return self._top.towards(self.tallies.times.get(time, _NONE), taken, self.strengths.time)

    def joined(self, kind: Kind, time: Time) -> Level:
        """What other tries let one expect of this kind at this time: both effects added as log odds."""
        of_kind, of_time = self.kind(kind, time), self.time(time, kind)
        odds = _odds(of_kind.mean) + _odds(of_time.mean) - _odds(self._top.mean)
        return Level(1 / (1 + math.exp(-odds)), effective(of_kind.weight, of_time.weight))

    def pair(self, kind: Kind, time: Time, without: Column | None = None) -> Level:
        """The kind at that time; without: a column whose tries are left out."""
        taken = self.tallies.cells.get((kind, (without, time[1])), _NONE) if without else _NONE
        counted = self.tallies.pairs.get((kind, time), _NONE)
        return self.joined(kind, time).towards(counted, taken, self.strengths.pair)

    def cell(self, kind: Kind, slot: Slot) -> Estimate:
        """The chance of a kind in a slot, for a household of which nothing else is known."""
        key = (kind, slot)
        if key not in self._cells:
            tries, contacts = counted = self.tallies.cells.get(key, _NONE)
            found = self.pair(kind, time_of(slot), without=slot[0]).towards(counted, _NONE, self.strengths.cell)
            self._cells[key] = Estimate(tries, contacts, found.mean * found.weight, (1 - found.mean) * found.weight)
        return self._cells[key]

    def upper(self, kind: Kind, slot: Slot) -> float:
        """The upper end of the cell's interval."""
        key = (kind, slot)
        if key not in self._uppers:
            self._uppers[key] = self.cell(kind, slot).bound((1 + LEVEL) / 2)
        return self._uppers[key]

    def uppers(self, slots: Sequence[Slot]) -> dict[Kind, list[float]]:
        """The upper ends for every kind that has tries, slot by slot: they take long to work out, so they are kept."""
        return {kind: [self.upper(kind, slot) for slot in slots] for kind in self.tallies.kinds}

    def take_uppers(self, slots: Sequence[Slot], uppers: Mapping[Kind, Sequence[float]]) -> None:
        """Take over what `uppers` gave for the same tallies, prior and strengths."""
        for kind, ends in uppers.items():
            self._uppers.update(zip(((kind, slot) for slot in slots), ends, strict=True))

    def home_mean(self, kind: Kind, slot: Slot, own: Count) -> float:
        """The chance of one household in a slot. own: its own tries and contacts in that class of day and band."""
        cell = self.cell(kind, slot)
        return Level(cell.mean, cell.alpha + cell.beta).towards(own, _NONE, self.strengths.home).mean


def _odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def learn(tallies: Tallies, prior: Prior, strengths: Strengths | None = None) -> Rates:
    """The chances of one channel. strengths: those to use; learnt from the tallies level by level where None."""
    if strengths is not None:
        return Rates(tallies, prior, strengths)
    found = Strengths()
    rates = Rates(tallies, prior, found)
    top = Level(rates.overall.mean, prior.tries + rates.overall.tries)
    found = replace(
        found,
        kind=_likeliest(Counter((count, top) for count in tallies.kinds.values())),
        time=_likeliest(Counter((count, top) for count in tallies.times.values())),
    )
    rates = Rates(tallies, prior, found)
    found = replace(
        found, pair=_likeliest(Counter((count, rates.joined(*key)) for key, count in tallies.pairs.items()))
    )
    rates = Rates(tallies, prior, found)
    cells = Counter(
        (count, rates.pair(kind, time_of(slot), without=slot[0])) for (kind, slot), count in tallies.cells.items()
    )
    pairs = {key: rates.pair(*key) for key in tallies.pairs}
    homes = Counter((count, pairs[kind, time]) for (_code, kind, time), count in tallies.homes.items())
    for (kind, time, count), number in tallies.alike.items():
        homes[count, pairs[kind, time]] += number
    return Rates(tallies, prior, replace(found, cell=_likeliest(cells), home=_likeliest(homes)))


def _likeliest(alike: Counter[tuple[Count, Level]]) -> float:
    """The strength of `STRENGTHS` under which the groups' counts, each below its level, are likeliest.

    alike: how many groups were counted so, below such a level.
    """
    if sum(alike.values()) < _FEWEST_GROUPS:
        return USUAL_STRENGTH

    def likelihood(strength: float) -> float:
        return fit(
            (tries, contacts, level.mean, effective(strength, level.weight), number)
            for ((tries, contacts), level), number in alike.items()
        )

    # Of equals the strongest: counts that say nothing against it leave each group at the level above.
    return max(STRENGTHS, key=lambda strength: (likelihood(strength), strength))
