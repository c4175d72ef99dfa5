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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
    times = {_time(one) for one in options}
    known = rates.tallies.times
    return frozenset(time for time in times if known.get(time, (0, 0))[0] + planned.get(time, 0) < ENOUGH)


def pick(
    rates: Rates,
    kind: Kind,
    own: Mapping[Time, Count],
    last: Slot | None,
    options: Sequence[Option],
    few: Collection[Time] = (),
) -> Pick | None:
    """The best of `options`, None where there are none; of equals the cell least tried, then the earliest.

    own: the household's own tries and contacts by class of day and band. last: the slot of its last try. few: times
    that rule 2 is for.
    """
    possible = [one for one in options if one.slot != last] or list(options)
    if not possible:
        return None
    chances = {one.slot: rates.home_mean(kind, one.slot, own.get(_time(one), (0, 0))) for one in possible}

    def rank(one: Option) -> tuple[float, int, dt.date, int]:
        return -chances[one.slot], rates.cell(kind, one.slot).tries, one.day, one.slot[1]

    best = min(possible, key=rank)
    for rule, wanted in ((LITTLE_KNOWN, few), (UNTRIED, [time for time in map(_time, possible) if time not in own])):
        if _time(best) in wanted:
            break
        no_worse = [
            one for one in possible if _time(one) in wanted and rates.upper(kind, one.slot) >= chances[best.slot]
        ]
        if no_worse:
            chosen = min(no_worse, key=rank)
            return Pick(chosen, chances[chosen.slot], rule)
    return Pick(best, chances[best.slot], 0)


def _time(option: Option) -> Time:
    return time_of(option.slot)
