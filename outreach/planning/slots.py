"""Which slot to try next, by the learnt chances: the same answer every time, and never a coin thrown.

The best mean wins, with three exceptions an office can check by hand. A slot is *no worse for all we know* where the
interval of its cell reaches up to the best mean.

1. The weekday and band of the last try do not come twice running while there is another.
2. Hours of which fewer than `ENOUGH` tries are known go first where they are no worse for all we know; whoever plans
   says for how many households (`few`).
3. Hours the household has not been tried at go before those it has, where they are no worse for all we know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from outreach.planning.tries import Count, Kind, Rates, Slot, Time, time_of

ENOUGH = 30
"""So many tries at a class of day and band, of any kind of household, are enough to know it."""

LITTLE_KNOWN, UNTRIED = 2, 3
"""The rules that may choose against the best mean."""


@dataclass(frozen=True, slots=True)
class Option:
    """A slot on a day."""

    day: dt.date
    slot: Slot


@dataclass(frozen=True, slots=True)
class Pick:
    """The slot chosen, and the chance of finding somebody. rule: `LITTLE_KNOWN` or `UNTRIED` where that chose, or 0."""

    option: Option
    chance: float
    rule: int


def little_known(rates: Rates, planned: Mapping[Time, int], options: Sequence[Option]) -> frozenset[Time]:
    """The times among `options` of which fewer than `ENOUGH` tries are known or planned already."""
    times = {time_of(one.slot) for one in options}
    known = rates.tallies.times
    return frozenset(time for time in times if known.get(time, (0, 0))[0] + planned.get(time, 0) < ENOUGH)


_BY_RANK = itemgetter(0)


class _Ranked(NamedTuple):
    """An option with what it is ranked by: the chance (negative, the best first), tries of its cell, day and band."""

    rank: tuple[float, int, dt.date, int]
    option: Option
    time: Time

    @property
    def chance(self) -> float:
        """Of finding somebody."""
        return -self.rank[0]


class Choices:
    """Some options for one kind of household, ranked once for all of the kind; `pick` chooses for one of them."""

    def __init__(self, rates: Rates, kind: Kind, options: Iterable[Option]) -> None:
        self._rates = rates
        self._kind = kind
        self._known: dict[tuple[dt.date, Slot, Count], _Ranked] = {}
        self._ranked = sorted((self._rank(one, (0, 0)) for one in options), key=_BY_RANK)
        self._slots = frozenset(one.option.slot for one in self._ranked)
        self._at: dict[Time, list[Option]] = {}
        for one in self._ranked:
            self._at.setdefault(one.time, []).append(one.option)

    def _rank(self, option: Option, own: Count) -> _Ranked:
        key = (option.day, option.slot, own)
        found = self._known.get(key)
        if found is None:
            chance = self._rates.home_mean(self._kind, option.slot, own)
            tries = self._rates.cell(self._kind, option.slot).tries
            found = _Ranked((-chance, tries, option.day, option.slot[1]), option, time_of(option.slot))
            self._known[key] = found
        return found

    def pick(self, own: Mapping[Time, Count], last: Slot | None, few: Collection[Time] = ()) -> Pick | None:
        """The best option, None where there are none; of equals the cell least tried, then the earliest.

        own: the household's own tries and contacts by class of day and band. last: the slot of its last try. few: times
        that rule 2 is for.
        """
        ranked = self._ranked_for(own)
        possible = [one for one in ranked if one.option.slot != last] if last in self._slots else ranked
        ranked = possible or ranked
        if not ranked:
            return None
        best = ranked[0]
        if few and best.time not in few and (found := self._no_worse(ranked, lambda time: time in few)):
            return Pick(found.option, found.chance, LITTLE_KNOWN)
        if (
            best.time not in few
            and best.time in own
            and (found := self._no_worse(ranked, lambda time: time not in own))
        ):
            return Pick(found.option, found.chance, UNTRIED)
        return Pick(best.option, best.chance, 0)

    def _ranked_for(self, own: Mapping[Time, Count]) -> list[_Ranked]:
        tried = [self._rank(one, own[time]) for time in own for one in self._at.get(time, ())]
        if not tried:
            return self._ranked
        return sorted([*tried, *(one for one in self._ranked if one.time not in own)], key=_BY_RANK)

    def _no_worse(self, ranked: Sequence[_Ranked], wanted: Callable[[Time], bool]) -> _Ranked | None:
        """The best at a time wanted that is no worse than the first, for all we know."""
        best = ranked[0].chance
        upper = self._rates.upper
        return next((one for one in ranked if wanted(one.time) and upper(self._kind, one.option.slot) >= best), None)


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Options that are the same object wherever they are asked for, so that they are known by it."""

    every: tuple[Option, ...]


@lru_cache(maxsize=512)
def choices(rates: Rates, kind: Kind, options: Options) -> Choices:
    """The choices of a kind of household among some options, kept as long as they are asked for."""
    return Choices(rates, kind, options.every)


def pick(
    rates: Rates,
    kind: Kind,
    own: Mapping[Time, Count],
    last: Slot | None,
    options: Iterable[Option],
    few: Collection[Time] = (),
) -> Pick | None:
    """The best of `options` for one household; see `Choices.pick`."""
    return Choices(rates, kind, options).pick(own, last, few)
