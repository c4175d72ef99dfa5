"""The cheapest plan within limits, for a town of any size, with its proof.

A small town is solved over all pairs of group and base. In a large one only a few pairs of each group are given to the
solver; the prices its answer puts on the bases then tell which absent pairs would pay (column generation:
Desrosiers and Luebbecke, A Primer in Column Generation, 2005). When none is left, the answer is the optimum over
all pairs, and the same prices prove it. The first prices come from the same town drawn coarser.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from outreach.planning import flow
from outreach.planning.flow import Ints
from outreach.planning.town import Limits, Town, make_coarser, town_network
from outreach.planning.ways import UNITS_PER_METRE

DENSE_PAIRS = 2_000_000
"""Up to so many pairs of group and base all go to the solver at once."""

NEAREST, NEAREST_PRICED = 16, 4
"""Of a large town, so many nearest bases of each group go to the solver first: without prices, and with them."""

MORE = 16
"""So many of the best absent pairs of a group are added at a time."""

MARGIN_M = 400
"""With first prices, pairs up to so much dearer than the best known one are added too: the prices are not exact."""

COARSE_BUILDINGS = 6
"""So many buildings are about one in the coarser town."""

COARSE_GAP = 0.005
"""A coarser town is solved to within this part of its cost: its prices are only a start."""

PRUNE_GAP, PRUNE_M = 0.2, 50
"""Once the gap is this part of the cost, pairs that are so much too dear are dropped: the rounds after are quicker."""

BLOCK = 256
"""Groups whose absent pairs are looked over together."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Who goes where: count[i] households of group[i] to base[i].

    cost: in the town's units. gap: proven upper limit of what could still be saved, same units; 0 is optimal.
    """

    group: Ints
    base: Ints
    count: Ints
    cost: int
    gap: int


def cheapest(town: Town, limits: Limits, *, at_once: int = DENSE_PAIRS) -> Solution:
    """The plan of least cost within the limits, gap 0. The limits leave a plan; see `least_moves`.

    at_once: so many pairs go to the solver at once.
    """
    if len(town.row) * town.bases <= at_once:
        group, base = town.every_pair()
        network = town_network(town, limits, group, base)
        sent = flow.solve(network)
        return _solution(group, base, sent, flow.total_cost(network, sent), flow.proven_gap(network, sent))
    coarser = make_coarser(town, COARSE_BUILDINGS)
    prices = _by_pricing(coarser, limits, None, COARSE_GAP)[1] if coarser else None
    return _by_pricing(town, limits, prices, 0.0)[0]


def _solution(group: Ints, base: Ints, sent: Ints, cost: int, gap: int) -> Solution:
    used = np.flatnonzero(sent[: len(group)])
    return Solution(group[used], base[used], sent[used], cost, gap)


def _by_pricing(town: Town, limits: Limits, prices: Ints | None, enough: float) -> tuple[Solution, Ints]:
    """A plan proven to cost at most the part `enough` more than the least, and the prices that prove it.

    prices: potentials of all nodes but the groups, to choose the first pairs by; None to begin with the nearest.
    """
    order = town.ways.by_neighbourhood()
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    neighbours = np.argsort(place[town.row], kind="stable")
    pairs = _first_pairs(town, prices, neighbours)
    # Dearer than any pair used at the end; where it was not, it is raised below.
    overflow = 4 * max(int(town.costs(*np.divmod(pairs, town.bases)).max(initial=0)), 1)
    pruned = False
    while True:
        group, base = np.divmod(pairs, town.bases)
        network = town_network(town, limits, group, base, overflow)
        sent = flow.solve(network)
        potential = flow.potentials(network, sent)
        absent = _absent_pairs(town, potential, neighbours)
        spilt = sent[len(group) + 2 * town.bases :][: len(town.row)].any()
        if not spilt:
            cost = flow.total_cost(network, sent)
            gap = cost - flow.lower_bound(network, potential)
            if not len(absent) or gap <= enough * cost:
                return _solution(group, base, sent, cost, gap), potential[len(town.row) :]
            if not pruned and gap <= PRUNE_GAP * cost:
                # Once only: then the pairs only ever grow, and the rounds must end.
                top = potential[len(town.row) + np.where(town.hard[group], base, base + town.bases)]
                reduced = network.cost[: len(group)] + potential[group] - top
                pairs = pairs[(sent[: len(group)] > 0) | (reduced <= PRUNE_M * town.grain * UNITS_PER_METRE)]
                pruned = True
        elif not len(absent):
            overflow *= 8
        pairs = _union(pairs, absent)


def _first_pairs(town: Town, prices: Ints | None, neighbours: Ints) -> Ints:
    """Pairs to begin with, as sorted numbers group * bases + base; whatever is altered is among them."""
    near = town.ways.nearest(NEAREST if prices is None else NEAREST_PRICED)[town.row]
    first = (np.arange(len(town.row))[:, None] * town.bases + near).ravel()
    pairs = _union(first, town.altered)
    if len(town.barred_group):
        pairs = pairs[~np.isin(pairs, town.barred_group * town.bases + town.barred_base)]
    if prices is None:
        return pairs
    group, base = np.divmod(pairs, town.bases)
    potential = np.concatenate([np.full(len(town.row), -(2**60)), prices])
    top = len(town.row) + np.where(town.hard[group], base, base + town.bases)
    np.maximum.at(potential, group, potential[top] - town.costs(group, base))
    potential[: len(town.row)] -= MARGIN_M * town.grain * UNITS_PER_METRE
    return _union(pairs, _absent_pairs(town, potential, neighbours))


def _absent_pairs(town: Town, potential: Ints, neighbours: Ints) -> Ints:
    """The pairs that would pay at these potentials, the best of each group, as group * bases + base.

    Sets the potentials of the groups to what holds over all pairs, so that the bound they give holds for all.
    neighbours: the groups in an order in which near ones follow each other. Bases too far from a whole block of them
    to pay are not looked at.
    """
    groups = len(town.row)
    gate = potential[groups : groups + town.bases].astype(np.float64)
    door = potential[groups + town.bases : groups + 2 * town.bases].astype(np.float64)
    dearer = np.maximum(gate, door)
    known = -potential[:groups].astype(np.float64)  # the least reduced cost each group has among its present pairs
    found: list[Ints] = []
    for start in range(0, groups, BLOCK):
        block = neighbours[start : start + BLOCK]
        rows, place = np.unique(town.row[block], return_inverse=True)
        columns = np.flatnonzero(town.ways.at_least(rows) * town.grain - dearer < known[block].max())
        if not len(columns):
            continue
        way = town.ways.block(rows, columns) * town.grain
        reduced = way[place] - np.where(town.hard[block][:, None], gate[columns], door[columns])
        # Altered pairs are present, and only ever cheaper than the table says; barred ones must go.
        first, last = np.searchsorted(town.barred_group, block), np.searchsorted(town.barred_group, block, side="right")
        for number in np.flatnonzero(first < last):
            reduced[number, np.isin(columns, town.barred_base[first[number] : last[number]])] = np.inf
        least = reduced.min(axis=1)
        paying = np.flatnonzero(least < known[block])
        if not len(paying):
            continue
        best = reduced[paying]
        at = np.argpartition(best, min(MORE, best.shape[1] - 1), axis=1)[:, :MORE]
        worth = np.take_along_axis(best, at, axis=1) < known[block[paying]][:, None]
        found.append((block[paying][:, None] * town.bases + columns[at])[worth])
        potential[block[paying]] = -least[paying].astype(np.int64)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _union(one: Ints, other: Ints) -> Ints:
    """Both together, sorted, each once."""
    both = np.concatenate([one, other])
    both.sort()  # np.union1d is many times slower on millions
    once = np.ones(len(both), dtype=bool)
    once[1:] = both[1:] != both[:-1]
    return both[once]
