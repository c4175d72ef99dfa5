"""Households to officers: near, convenient, hard and easy mixed, equal shares (就近、方便、难易结合、人数基本相同).

The plan is the optimum of that rule, says what the rule costs, and explains every household's base. A plan made
anew keeps to the present one as far as the price of a move asks.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.errors import refuse_if_any
from outreach.planning.dealing import count_split, deal
from outreach.planning.plane import EARTH_RADIUS_M, project
from outreach.planning.terms import Base, Home, Price, Pull, Rules, Territory, Trade, Why
from outreach.planning.territory_faults import price_faults, territory_faults

if TYPE_CHECKING:
    from outreach.planning.case import Case
    from outreach.planning.settling import Settled

__all__ = [
    "EARTH_RADIUS_M",
    "Base",
    "Home",
    "Price",
    "Pull",
    "Rules",
    "Territory",
    "Trade",
    "Why",
    "plan_territory",
    "plan_tradeoff",
    "project",
]


def plan_territory(
    homes: Iterable[Home], bases: Iterable[Base], rules: Rules | None = None, *, compare: bool = True
) -> Territory:
    """Every home to exactly one base, at the least total distance at which all keep to their shares.

    Shares: in households each base's count is its exact share rounded up or down, and so are its hard cases; see
    planning/balance.py for posts in part, caps and slack. Distance: straight line from the mean point of the building's
    homes to the base, or the given travel, rounded to whole tenths, so that against unrounded distances the plan is
    within 0.1 m a home of the optimum. Entrances stay together where the shares allow. The same homes and bases in any
    order give the same plan. compare: also find what mixing and staying cost, by solving without them.
    Raises BadInput where something is missing, comes twice, is no number, or leaves no plan.
    """
    from outreach.planning.case import make_case
    from outreach.planning.reasons import Reasons
    from outreach.planning.settling import loads_of, settle
    from outreach.planning.ways import UNITS_PER_METRE

    rules = rules or Rules()
    homes, bases = list(homes), sorted(bases, key=lambda base: base.key)
    refuse_if_any(territory_faults(homes, bases, rules))
    started = time.perf_counter()
    case = make_case(homes, bases, rules)
    settled = settle(case, rules.moves)
    unmixed = free = settled if compare else None
    if compare and case.town.hard.any():
        unmixed = settle(case.unmixed(), rules.moves)
    if compare and rules.moves != "free" and (case.town.holder >= 0).any():
        free = settle(case, "free")

    columns = [base.key for base in case.columns]
    base_of, buildings_split, entrances_split = _deal_town(case, settled, columns)
    gone = _gone(case)
    return Territory(
        base_of=base_of,
        why=Reasons(base_of, case.groups, columns, case.town.ways, loads_of(case, settled), rules.pulls),
        counts=_tally((base_of[home.key] for home in homes), bases),
        hard_counts=_tally((base_of[home.key] for home in homes if home.hard), bases),
        minutes=_minutes(homes, base_of, bases),
        asked={base.key: 0.0 for base in bases} | dict(zip(columns, case.shares, strict=True)),
        mean_m=settled.mean_m,
        nearest_mean_m=case.town.nearest() / UNITS_PER_METRE / len(homes),
        unmixed_mean_m=unmixed.mean_m if unmixed else None,
        free_mean_m=free.mean_m if free else None,
        moves=settled.moves + gone,
        moves_gone=gone,
        moves_least=settled.moves_least + gone,
        buildings_split=buildings_split,
        entrances_split=entrances_split,
        gap_m=settled.gap_m,
        solve_s=time.perf_counter() - started,
    )


def plan_tradeoff(
    homes: Iterable[Home], bases: Iterable[Base], rules: Rules, prices: Sequence[Price]
) -> tuple[Trade, ...]:
    """Moves against metres: what the plan would be at each price of a move, in the order of `prices`.

    A higher price never gives more moves. rules.moves is passed over. Raises as `plan_territory`.
    """
    from outreach.planning.case import make_case
    from outreach.planning.settling import settle

    homes, bases = list(homes), list(bases)
    refuse_if_any(territory_faults(homes, bases, replace(rules, moves="free")))
    refuse_if_any(fault for price in prices for fault in price_faults(price))
    case = make_case(homes, bases, rules)
    gone = _gone(case)
    rows = []
    for price in prices:
        plan = settle(case, price)
        rows.append(Trade(price, plan.moves + gone, plan.mean_m, plan.gap_m))
    return tuple(rows)


def _deal_town(case: Case, settled: Settled, columns: Sequence[str]) -> tuple[dict[str, str], int, int]:
    """Every home's base, in order of the homes' keys, and how many buildings and entrances that splits."""
    shares: list[dict[int, int]] = [{} for _group in case.groups]
    for group, column, count in zip(
        settled.group.tolist(), settled.column.tolist(), settled.count.tolist(), strict=True
    ):
        shares[group][column] = count
    base_of: dict[str, str] = {}
    buildings = entrances = 0
    for _building, numbers in itertools.groupby(range(len(case.groups)), key=lambda number: case.groups[number].row):
        parts = [(case.groups[number].homes, shares[number]) for number in numbers]
        base_of |= {key: columns[column] for key, column in deal(parts).items()}
        if len({column for _homes, split in parts for column in split}) > 1:
            buildings += 1
            entrances += count_split((home for homes, _split in parts for home in homes), base_of)
    return dict(sorted(base_of.items())), buildings, entrances


def _gone(case: Case) -> int:
    """How many homes have a holder who cannot keep them."""
    return sum(bool(home.holder) for group in case.groups if group.holder < 0 for home in group.homes)


def _minutes(homes: Iterable[Home], base_of: dict[str, str], bases: Sequence[Base]) -> dict[str, int]:
    minutes = {base.key: 0 for base in bases}
    for home in homes:
        minutes[base_of[home.key]] += home.minutes
    return minutes


def _tally(chosen: Iterable[str], bases: Sequence[Base]) -> dict[str, int]:
    """How often each base was chosen, 0 included."""
    tally = Counter(chosen)
    return {base.key: tally[base.key] for base in bases}
