"""Least-cost flow with bounds, and a proof of its optimality that does not take the solver's word.

Whole numbers throughout, so the sums are exact and a gap of 0 is a proof and not a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A flow problem: arcs with bounds and costs, nodes with supplies (negative where flow is wanted).

    tail, head, cost, low, high: one entry an arc. supply: one entry a node, summing to 0. sources: so many nodes,
    the first ones, have arcs going out only; the proof is quicker for knowing it.
    """

    tail: Ints
    head: Ints
    cost: Ints
    low: Ints
    high: Ints
    supply: Ints
    sources: int = 0


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
    return exact_dot(network.cost, flow)


def exact_dot(one: Ints, other: Ints) -> int:
    """The sum of products, exact where single products fit 43 bits beside their number; beyond int64 too."""
    # Cut `one` into a high and a low part, so that neither sum can run over 63 bits.
    return (int((one >> 20) @ other) << 20) + int((one & 0xFFFFF) @ other)


def proven_gap(network: Network, flow: Ints) -> int:
    """How much more `flow` costs than a lower bound on every possible flow; 0 proves it the cheapest.

    Raises ValueError where `flow` breaks a bound or a balance, for then it is no plan at all.
    """
    _require_feasible(network, flow)
    return total_cost(network, flow) - lower_bound(network, potentials(network, flow))


def lower_bound(network: Network, potential: Ints) -> int:
    """No flow costs less than this, whatever the potentials (one a node); good ones give a high bound.

    The bound is the Lagrangian dual: for any potentials p, with reduced costs r = cost + p[tail] - p[head], no flow
    costs less than -(p . supply) + sum(r * low where r > 0) + sum(r * high where r < 0). Every choice of potentials is
    a valid bound, so nothing rests on how they were found.
    """
    reduced = network.cost + potential[network.tail] - potential[network.head]
    return exact_dot(reduced, np.where(reduced > 0, network.low, network.high)) - exact_dot(potential, network.supply)


def potentials(network: Network, flow: Ints) -> Ints:
    """Shortest distances over the residual arcs, from a root joined to every node at no cost (Bellman-Ford).

    Where they settle there is no negative cycle, hence no improvement. On a plan that can be improved
    they never settle: the rounds end at the number of nodes, and what stands still gives a valid bound.
    Sources are left out of the rounds: a way through one is an arc from a head it sends to, to any other of its heads.
    """
    tail, head, cost = _residual(network, flow)
    count = len(network.supply)
    order = np.lexsort((cost, tail, head))
    tail, head, cost = tail[order], head[order], cost[order]
    cheapest = np.ones(len(tail), dtype=bool)  # of several arcs between two nodes only the first is of use
    cheapest[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    tail, head, cost = tail[cheapest], head[cheapest], cost[cheapest]
    reached, starts = np.unique(head, return_index=True)
    potential = np.zeros(count, dtype=np.int64)
    for _ in range(count - network.sources if len(reached) else 0):
        best = np.minimum.reduceat(potential[tail] + cost, starts)
        if np.all(best >= potential[reached]):
            break
        potential[reached] = np.minimum(potential[reached], best)
    outgoing = network.tail < network.sources
    source = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(source, network.tail[outgoing], potential[network.head[outgoing]] - network.cost[outgoing])
    potential[: network.sources] = source[: network.sources]
    return potential


def _residual(network: Network, flow: Ints) -> tuple[Ints, Ints, Ints]:
    """Tails, heads and costs of the arcs along which the flow can still change, sources passed through."""
    inner = network.tail >= network.sources
    onward, back = inner & (flow < network.high), inner & (flow > network.low)
    tail = [network.tail[onward], network.head[back]]
    head = [network.head[onward], network.tail[back]]
    cost = [network.cost[onward], -network.cost[back]]
    if network.sources:
        arcs = np.flatnonzero(~inner)
        arcs = arcs[np.argsort(network.tail[arcs], kind="stable")]
        degree = np.bincount(network.tail[arcs], minlength=network.sources)
        first = np.cumsum(degree) - degree
        sending = arcs[flow[arcs] > network.low[arcs]]
        source = network.tail[sending]
        fan = degree[source]
        steps = np.arange(fan.sum()) - np.repeat(np.cumsum(fan) - fan, fan)
        other = arcs[np.repeat(first[source], fan) + steps]
        tail.append(np.repeat(network.head[sending], fan))
        head.append(network.head[other])
        cost.append(network.cost[other] - np.repeat(network.cost[sending], fan))
    return np.concatenate(tail), np.concatenate(head), np.concatenate(cost)


def _require_feasible(network: Network, flow: Ints) -> None:
    if np.any(flow < network.low) or np.any(flow > network.high):
        raise ValueError("the flow leaves its bounds")
    balance = network.supply.copy()
    np.subtract.at(balance, network.tail, flow)
    np.add.at(balance, network.head, flow)
    if np.any(balance):
        raise ValueError("the flow does not balance at every node")
