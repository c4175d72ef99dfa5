"""The fewest moves the rules force, and whether they can be kept at all.

Metres do not matter here, so all households with the same holder and the same exclusions are one node: a
small network even for a province, whose proof comes at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from outreach.planning import flow
from outreach.planning.flow import Network
from outreach.planning.groups import Group
from outreach.planning.town import Limits


@dataclass(frozen=True, slots=True)
class Least:
    """moves: no plan within the limits moves fewer. shut_out: households that no plan within the limits can place."""

    moves: int
    shut_out: int


def least_moves(groups: Sequence[Group], limits: Limits) -> Least:
    """The least number of households that must leave a holder who may keep them."""
    bases = len(limits.low)
    alike = Counter[tuple[bool, int, tuple[int, ...]]]()
    for group in groups:
        alike[group.hard, group.holder, group.barred] += len(group.homes)
    hubs = len(alike)  # of hard cases, then of others
    gates, doors = hubs + 2, hubs + 2 + bases
    sink = doors + bases
    total = sum(alike.values())
    arcs: list[tuple[int, int, int, int, int]] = []  # tail, head, cost, low, high
    for node, ((hard, holder, barred), size) in enumerate(alike.items()):
        tops, hub, move = (gates, hubs, int(holder >= 0)) if hard else (doors, hubs + 1, int(holder >= 0))
        if holder >= 0:
            arcs.append((node, tops + holder, 0, 0, size))
        if barred:
            shut = {*barred, holder}
            arcs += [(node, tops + column, move, 0, size) for column in range(bases) if column not in shut]
        # Where there are exclusions the hub is the way out of last resort.
        arcs.append((node, hub, total + 1 if barred else move, 0, size))
    for column in range(bases):
        arcs.append((hubs, gates + column, 0, 0, total))
        arcs.append((hubs + 1, doors + column, 0, 0, total))
        arcs.append((gates + column, doors + column, 0, int(limits.hard_low[column]), int(limits.hard_high[column])))
        arcs.append((doors + column, sink, 0, int(limits.low[column]), int(limits.high[column])))
    tail, head, cost, low, high = np.array(arcs, dtype=np.int64).T
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:hubs] = list(alike.values())
    supply[sink] = -total
    network = Network(tail, head, cost, low, high, supply, sources=hubs)
    sent = flow.solve(network)
    least = flow.total_cost(network, sent) - flow.proven_gap(network, sent)
    return Least(least % (total + 1), least // (total + 1))


def least_slack(groups: Sequence[Group], limits_at: Callable[[float], Limits], beyond: float) -> int | None:
    """The least whole per cent above `beyond` of slack that leaves a plan; None where no slack does."""
    low, high = int(beyond), int(beyond) + 1
    while least_moves(groups, limits_at(high)).shut_out:
        if limits_at(high).high.min() >= sum(len(group.homes) for group in groups) or high > 10**9:
            return None
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if least_moves(groups, limits_at(middle)).shut_out else (low, middle)
    return high
