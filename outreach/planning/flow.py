"""Least-cost flow with bounds, and a proof of its optimality that does not take the solver's word.

Whole numbers throughout: costs are decimetres, flows are households. The sums are exact, so a gap of 0 is a
proof and not a tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

UNITS_PER_METRE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A flow problem: arcs with bounds and costs, nodes with supplies (negative where flow is wanted).

    tail, head, cost, low, high: one entry an arc. supply: one entry a node, summing to 0.
    """

    tail: Ints
    head: Ints
    cost: Ints
    low: Ints
    high: Ints
    supply: Ints


def cost_table(points: Sequence[tuple[float, float]], bases: Sequence[tuple[float, float]]) -> Ints:
    """Straight-line distances in whole decimetres, points down and bases across.

    Metres in; rounded half to even, so each entry is within 0.05 m of the true distance.
    """
    here = np.asarray(points, dtype=np.float64)[:, None, :]
    there = np.asarray(bases, dtype=np.float64)[None, :, :]
    apart = here - there
    rounded: Ints = np.rint(np.hypot(apart[..., 0], apart[..., 1]) * UNITS_PER_METRE).astype(np.int64)
    return rounded


def town_network(cost: Ints, hard: Ints, other: Ints) -> Network:
    """The network in which every base gets equal counts, and equal hard counts, within one.

    cost: (buildings, bases). hard, other: households of each building. Arcs in this order:
    hard households -> the base's gate, other households -> base, gate -> base (the hard bounds),
    base -> sink (the bounds of the whole).
    """
    bases = cost.shape[1]
    hard_rows, other_rows = np.flatnonzero(hard), np.flatnonzero(other)
    gates = len(hard_rows) + len(other_rows) + np.arange(bases)
    doors = gates + bases
    sink = int(doors[-1]) + 1 if bases else 0
    hard_total, total = int(hard.sum()), int(hard.sum() + other.sum())

    sources = np.arange(len(hard_rows) + len(other_rows))
    supplies = np.concatenate([hard[hard_rows], other[other_rows]])
    wide = np.repeat(supplies, bases)
    targets = np.concatenate([np.tile(gates, len(hard_rows)), np.tile(doors, len(other_rows))])
    level = np.zeros(bases, dtype=np.int64)
    return Network(
        tail=np.concatenate([np.repeat(sources, bases), gates, doors]),
        head=np.concatenate([targets, doors, level + sink]),
        cost=np.concatenate([cost[hard_rows].ravel(), cost[other_rows].ravel(), level, level]),
        low=np.concatenate([np.zeros_like(wide), level + hard_total // bases, level + total // bases]),
        high=np.concatenate([wide, level - (-hard_total // bases), level - (-total // bases)]),
        supply=np.concatenate([supplies, level, level, [-total]]),
    )


def shares(flow: Ints, bases: int, hard: Ints, other: Ints) -> tuple[Ints, Ints]:
    """How many hard and how many other households of each building go to each base.

    flow: as `solve` returns it for `town_network`. Returns two tables (buildings, bases).
    """
    tables = []
    start = 0
    for counts in (hard, other):
        rows = np.flatnonzero(counts)
        table = np.zeros((len(counts), bases), dtype=np.int64)
        table[rows] = flow[start : start + len(rows) * bases].reshape(len(rows), bases)
        start += len(rows) * bases
        tables.append(table)
    return tables[0], tables[1]


def solve(network: Network) -> Ints:
    """A flow of least cost within the bounds, one entry an arc.

    Raises RuntimeError where no flow fits. Solver: OR-tools SimpleMinCostFlow (cost scaling,
    Goldberg 1997), which knows no lower bounds: `low` units are sent beforehand and the supplies at both
    ends corrected (Ahuja, Magnanti, Orlin: Network Flows, section 2.4).
    """
    from ortools.graph.python import min_cost_flow

    supply = network.supply.copy()
    np.subtract.at(supply, network.tail, network.low)
    np.add.at(supply, network.head, network.low)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail, network.head, network.high - network.low, network.cost
    )
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow has no solution: {status}")
    return np.asarray(solver.flows(arcs), dtype=np.int64) + network.low


def total_cost(network: Network, flow: Ints) -> int:
    """The cost of the whole flow, in the units of `network.cost`."""
    return int(network.cost @ flow)


def proven_gap(network: Network, flow: Ints) -> int:
    """How much more `flow` costs than a lower bound on every possible flow; 0 proves it the cheapest.

    The bound is the Lagrangian dual: for any potentials p, with reduced costs r = cost + p[tail] - p[head], no flow
    costs less than -(p . supply) + sum(r * low where r > 0) + sum(r * high where r < 0). Every choice of potentials is
    a valid bound, so nothing rests on how they were found. Raises ValueError where `flow` breaks
    a bound or a balance, for then it is no plan at all.
    """
    _require_feasible(network, flow)
    potential = _potentials(network, flow)
    reduced = network.cost + potential[network.tail] - potential[network.head]
    bound = int(np.where(reduced > 0, network.low, network.high) @ reduced) - int(potential @ network.supply)
    return total_cost(network, flow) - bound


def _require_feasible(network: Network, flow: Ints) -> None:
    if np.any(flow < network.low) or np.any(flow > network.high):
        raise ValueError("the flow leaves its bounds")
    balance = network.supply.copy()
    np.subtract.at(balance, network.tail, flow)
    np.add.at(balance, network.head, flow)
    if np.any(balance):
        raise ValueError("the flow does not balance at every node")


def _potentials(network: Network, flow: Ints) -> Ints:
    """Shortest distances over the residual arcs, from a root joined to every node at no cost (Bellman-Ford).

    Where they settle there is no negative cycle, hence no improvement. On a plan that can be improved
    they never settle: the rounds end at the number of nodes, and what stands is still a valid bound.
    """
    onward, back = flow < network.high, flow > network.low
    tail = np.concatenate([network.tail[onward], network.head[back]])
    head = np.concatenate([network.head[onward], network.tail[back]])
    cost = np.concatenate([network.cost[onward], -network.cost[back]])
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    reached, starts = np.unique(head, return_index=True)
    potential = np.zeros(len(network.supply), dtype=np.int64)
    if not len(reached):
        return potential
    for _ in range(len(potential)):
        best = np.minimum.reduceat(potential[tail] + cost, starts)
        if np.all(best >= potential[reached]):
            break
        potential[reached] = np.minimum(potential[reached], best)
    return potential
