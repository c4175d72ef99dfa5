"""A case settled at a price of moves: who goes where, at what cost, and how far that can be from the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from outreach.planning.case import Case
from outreach.planning.cheapest import cheapest
from outreach.planning.flow import Ints
from outreach.planning.reasons import Loads
from outreach.planning.terms import Price
from outreach.planning.ways import UNITS_PER_METRE


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """count[i] households of group[i] go to the base of column[i].

    mean_m: from building to base, a household. moves: of households whose holder may keep them; moves_least: no plan
    within the limits has fewer. gap_m: what the plan could still save in all, at most.
    """

    group: Ints
    column: Ints
    count: Ints
    mean_m: float
    moves: int
    moves_least: int
    gap_m: float


def settle(case: Case, price: Price) -> Settled:
    """The plan of the case at this price of a move."""
    if case.least is None:
        from outreach.planning.weighted import settle_minutes

        return settle_minutes(case, price)
    holders = bool((case.town.holder >= 0).any())
    if not holders:
        town = case.town
        found = cheapest(town, case.limits)
    elif price == "fewest":
        # Dear enough is whatever leaves the fewest moves: then the metres are the least among plans with so few.
        worth = 4 * int(case.town.ways.span()) + 4 * int(case.town.pull_tenths.max(initial=0)) + 1
        while True:
            town = case.town.with_price(worth, grain=1)
            found = cheapest(town, case.limits)
            if town.moves(found.group, found.base, found.count) <= case.least.moves:
                break
            worth *= 8
    else:
        # The grain is finer than any exchange has steps, so one move less decides between plans equally short.
        grain = 4 * (case.town.bases + 1)
        metres = 0 if price == "free" else price
        town = case.town.with_price(round(metres * UNITS_PER_METRE) * grain + 1, grain)
        found = cheapest(town, case.limits)
    return Settled(
        found.group,
        found.base,
        found.count,
        town.metres(found.group, found.base, found.count) / UNITS_PER_METRE / int(town.size.sum()),
        town.moves(found.group, found.base, found.count),
        case.least.moves,
        found.gap / town.grain / UNITS_PER_METRE,
    )


def loads_of(case: Case, settled: Settled) -> Loads:
    """What each column got."""

    def sums(weights: Ints) -> Ints:
        return np.bincount(settled.column, weights, minlength=case.town.bases).astype(np.int64)

    count, town = settled.count, case.town
    return Loads(
        counts=sums(count),
        hard=sums(count * town.hard[settled.group]),
        load=sums(count * town.minutes[settled.group]),
        kept=sums(count * (town.holder[settled.group] == settled.column)),
        limits=case.limits,
    )
