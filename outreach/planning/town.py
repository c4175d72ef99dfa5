"""The town in numbers: groups of households down, bases across, and what one household costs at each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from outreach.planning.flow import Ints, Network
from outreach.planning.groups import Group
from outreach.planning.terms import Base, Rules
from outreach.planning.ways import Ways, travel_table

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What each base may get; one entry a base, ends included.

    low, high: in households or minutes, as shares are counted. most: households. hard_low, hard_high: hard cases.
    """

    low: Ints
    high: Ints
    most: Ints
    hard_low: Ints
    hard_high: Ints

    def unmixed(self) -> Limits:
        """The same without bounds on hard cases."""
        return replace(self, hard_low=np.zeros_like(self.low), hard_high=self.most)


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """One entry a group: row (of `ways`), hard, size, minutes of one household, holder (column or -1).

    barred_*: the (group, base) pairs that must not be, in order. pull_*: pairs that count as so many tenths nearer.
    Costs are whole numbers, `grain` units a tenth of a metre. altered_*: the pairs whose cost is not the
    distance alone, as sorted numbers group * bases + base, and what is added, never above 0; see `with_price`.
    """

    ways: Ways
    bases: int
    row: Ints
    hard: Bools
    size: Ints
    minutes: Ints
    holder: Ints
    barred_group: Ints
    barred_base: Ints
    pull_group: Ints
    pull_base: Ints
    pull_tenths: Ints
    grain: int = 1
    altered: Ints = field(default_factory=_none)
    altered_by: Ints = field(default_factory=_none)

    def with_price(self, price: int, grain: int) -> Town:
        """The town at a price of so many cost units a move, and so many a tenth of a metre.

        A move is not counted where it happens: staying is `price` cheaper, which compares alike.
        """
        stay = np.flatnonzero(self.holder >= 0) if price else _none()
        pair = np.concatenate([self.pull_group * self.bases + self.pull_base, stay * self.bases + self.holder[stay]])
        by = np.concatenate([-self.pull_tenths * grain, np.full(len(stay), -price)])
        altered, place = np.unique(pair, return_inverse=True)
        altered_by = np.zeros(len(altered), dtype=np.int64)
        np.add.at(altered_by, place, by)
        return replace(self, grain=grain, altered=altered, altered_by=altered_by)

    def costs(self, group: Ints, base: Ints) -> Ints:
        """The cost of one household of each group at each base, pair by pair; none of them barred."""
        cost = self.ways.pairs(self.row[group], base).astype(np.int64) * self.grain
        if len(self.altered):
            pair = group * self.bases + base
            place = np.searchsorted(self.altered, pair).clip(max=len(self.altered) - 1)
            cost += np.where(self.altered[place] == pair, self.altered_by[place], 0)
        return cost

    def every_pair(self) -> tuple[Ints, Ints]:
        """Groups and bases of all pairs that may be."""
        allowed = np.ones((len(self.row), self.bases), dtype=bool)
        allowed[self.barred_group, self.barred_base] = False
        group, base = np.nonzero(allowed)
        return group, base

    def nearest(self) -> float:
        """The way if every household went to the nearest base it may have, summed, in tenths."""
        least = self.ways.least()[self.row]
        for group in np.unique(self.barred_group):
            row = self.ways.block(self.row[group : group + 1])[0]
            row[self.barred_base[self.barred_group == group]] = np.inf
            least[group] = row.min()
        return float(least @ self.size)

    def metres(self, group: Ints, base: Ints, count: Ints) -> float:
        """The way from building to base summed over all households, in tenths."""
        return float(self.ways.pairs(self.row[group], base) @ count)

    def moves(self, group: Ints, base: Ints, count: Ints) -> int:
        """Households that have a holder who may keep them, and get another."""
        return int(count[(self.holder[group] >= 0) & (self.holder[group] != base)].sum())


def make_town(groups: Sequence[Group], bases: Sequence[Base], rules: Rules) -> Town:
    """The groups as arrays, at no price of moves; bases: the columns."""
    buildings: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        buildings.setdefault(group.building, []).append(group)
    # fsum rounds once, so the order of the homes cannot move the point.
    middles = [
        tuple(
            math.fsum(part) / sum(len(group.homes) for group in parts)
            for part in (
                [home.x for group in parts for home in group.homes],
                [home.y for group in parts for home in group.homes],
            )
        )
        for parts in buildings.values()
    ]
    ways = Ways(
        np.array(middles, dtype=np.float64),
        np.array([(base.x, base.y) for base in bases], dtype=np.float64),
        None if rules.travel is None else travel_table(rules.travel, list(buildings), [base.key for base in bases]),
    )
    pulls = [
        (number, column, tenths)
        for number, group in enumerate(groups)
        for column, tenths in group.pulls
        if column not in group.barred
    ]
    barred = [(number, column) for number, group in enumerate(groups) for column in group.barred]
    pulled = np.array(pulls, dtype=np.int64).reshape(-1, 3)
    shut = np.array(barred, dtype=np.int64).reshape(-1, 2)
    return Town(
        ways=ways,
        bases=len(bases),
        row=np.array([group.row for group in groups], dtype=np.int64),
        hard=np.array([group.hard for group in groups], dtype=bool),
        size=np.array([len(group.homes) for group in groups], dtype=np.int64),
        minutes=np.array([group.minutes for group in groups], dtype=np.int64),
        holder=np.array([group.holder for group in groups], dtype=np.int64),
        barred_group=shut[:, 0],
        barred_base=shut[:, 1],
        pull_group=pulled[:, 0],
        pull_base=pulled[:, 1],
        pull_tenths=pulled[:, 2],
    ).with_price(0, 1)


def make_coarser(town: Town, buildings: int) -> Town | None:
    """The town with about so many neighbouring buildings taken as one, without holders, pulls and exclusions.

    None where distances are given by a table, for then nothing is known of neighbours.
    """
    if town.ways.table is not None:
        return None
    cell = town.ways.squares(buildings)
    wide = np.unique(cell[town.row] * 2 + town.hard, return_inverse=True)
    size = np.bincount(wide[1], town.size).astype(np.int64)
    weight = np.bincount(cell[town.row], town.size)
    living = np.flatnonzero(weight)
    points = [
        np.bincount(cell[town.row], town.size * town.ways.points[town.row, axis])[living] / weight[living]
        for axis in (0, 1)
    ]
    return Town(
        ways=Ways(np.stack(points, axis=1), town.ways.bases),
        bases=town.bases,
        row=np.searchsorted(living, wide[0] // 2),
        hard=wide[0] % 2 == 1,
        size=size,
        minutes=np.ones_like(size),
        holder=np.full_like(size, -1),
        barred_group=_none(),
        barred_base=_none(),
        pull_group=_none(),
        pull_base=_none(),
        pull_tenths=_none(),
        grain=town.grain,
    )


def town_network(town: Town, limits: Limits, group: Ints, base: Ints, overflow: int | None = None) -> Network:
    """The network over the given (group, base) pairs.

    Arcs in this order: group -> gate of the base (hard cases) or door of the base (others), one a pair; gate -> door
    (the bounds of hard cases); door -> sink (the bounds of the whole). overflow: with a price a household, further arcs
    let every group go anywhere: group -> hub, one a group; hub of hard cases -> gates; hub of others -> doors.
    """
    groups, bases = len(town.row), town.bases
    gates = groups + np.arange(bases)
    doors = gates + bases
    level = np.zeros(bases, dtype=np.int64)
    sink = groups + 2 * bases
    tail = [group, gates, doors]
    head = [np.where(town.hard[group], gates[base], doors[base]), doors, level + sink]
    cost = [town.costs(group, base), level, level]
    low = [np.zeros_like(group), limits.hard_low, limits.low]
    high = [town.size[group], limits.hard_high, limits.high]
    supply = [town.size, level, level, np.array([-town.size.sum()])]
    if overflow is not None:
        everyone = level + town.size.sum()
        tail += [np.arange(groups), level + sink + 1, level + sink + 2]
        head += [np.where(town.hard, sink + 1, sink + 2), gates, doors]
        cost += [np.full(groups, overflow), level, level]
        low += [np.zeros(groups, dtype=np.int64), level, level]
        high += [town.size, everyone, everyone]
        supply += [np.zeros(2, dtype=np.int64)]
    return Network(
        tail=np.concatenate(tail),
        head=np.concatenate(head),
        cost=np.concatenate(cost),
        low=np.concatenate(low),
        high=np.concatenate(high),
        supply=np.concatenate(supply),
        sources=groups,
    )
