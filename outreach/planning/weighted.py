"""Shares in minutes: whole households, each with its own weight (the generalised assignment problem).

Not a flow, so the optimum is not to be had for the asking. The relaxation with divisible households gives a bound that
no plan can beat, and breaks few households: about as many as there are limits. Those are then dealt by a small integer
program while the others stay. So that there is room to deal them, the relaxation is also solved within narrower
limits; with none to spare, dealing always succeeds where only minutes count (Shmoys and Tardos, An approximation
algorithm for the generalized assignment problem, 1993). Small towns are solved whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.case import Case
from outreach.planning.flow import Ints
from outreach.planning.relaxation import HAIR, Relaxation, Relaxed, cheapest_few
from outreach.planning.settling import Settled
from outreach.planning.terms import Price
from outreach.planning.town import Limits, Town
from outreach.planning.ways import UNITS_PER_METRE, Ways

SMALL = 3_000
"""Up to so many pairs of group and base the whole problem goes to the integer solver."""

NARROWER = (1.0, 0.9, 0.75, 0.5, 0.25, 0.0)
"""The parts of the room around each share that the relaxation may use, tried in this order."""

CHOICES = 12
"""A household to be dealt out may go to so many of the cheapest bases."""

NODES = 5_000
"""The integer solver looks at so many nodes at most: a count, not a time, so that plans repeat."""

WORTH_MOVING = 0.001
"""A plan that would save less than this part of the cost moves nobody: it may be no better at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """A plan of whole households, count[group, base], and its cost in the town's units."""

    count: Ints
    cost: int
    bound: int


def settle_minutes(case: Case, price: Price) -> Settled:
    """The plan of a case whose shares are counted in minutes.

    Raises BadInput where none was found within the limits.
    """
    least = _least_moves(case)
    grain, worths = 4 * (case.town.bases + 1), [1]
    if price == "fewest":
        span = int(case.town.ways.span()) + int(case.town.pull_tenths.max(initial=0)) + 1
        grain, worths = 1, [4 * span, 32 * span, 256 * span]
    elif price != "free":
        worths = [round(price * UNITS_PER_METRE) * grain + 1]
    if not (case.town.holder >= 0).any():
        grain, worths = 1, [0]
    best: Settled | None = None
    for worth in worths:
        town = case.town.with_price(worth, grain)
        plan = _plan(town, case.limits)
        group, base = np.nonzero(plan.count)
        count = plan.count[group, base]
        found = Settled(
            group,
            base,
            count,
            town.metres(group, base, count) / UNITS_PER_METRE / int(town.size.sum()),
            town.moves(group, base, count),
            least,
            max(0, plan.cost - plan.bound) / grain / UNITS_PER_METRE,
        )
        if best is None or found.moves < best.moves:
            best = found
        if best.moves <= least:
            break
    assert best is not None
    return best


def _least_moves(case: Case) -> int:
    """No plan moves fewer households: the relaxation of the town in which every way is 0 and a move costs 1."""
    town = case.town
    held = town.holder >= 0
    if not held.any():
        return 0
    flat = replace(
        town,
        ways=Ways(town.ways.points, town.ways.bases, np.zeros((len(town.ways.points), town.bases))),
        pull_tenths=np.zeros_like(town.pull_tenths),
    ).with_price(1, 1)
    found = Relaxation(flat).solve(_even(case.limits, town))
    return max(0, int(town.size[held].sum()) + found.bound) if found else 0


def _plan(town: Town, limits: Limits) -> Dealt:
    limits = _even(limits, town)
    present = _present(town)
    relaxation = Relaxation(town)
    wide = relaxation.solve(limits)
    if wide is None or not wide.kept:
        raise _refusal()
    best: Dealt | None = None
    if len(town.row) * town.bases <= SMALL:
        best = _deal(town, limits, relaxation.cost, np.zeros(relaxation.cost.shape, dtype=np.int64), town.bases)
        if best is None:
            raise _refusal()
    else:
        for part in NARROWER:
            relaxed = wide if part == 1 else relaxation.solve(_narrowed(limits, part))
            if relaxed is None or not relaxed.kept:
                continue
            dealt = _deal(town, limits, relaxed.reduced, _unbroken(town, relaxed), CHOICES)
            if dealt is not None and (best is None or dealt.cost < best.cost):
                best = dealt
            elif best is not None:
                break  # narrower still is only dearer
        if best is None:
            raise _refusal()
    best = replace(best, bound=max(wide.bound, best.bound))
    if present is not None and _fits(town, limits, present):
        cost = _cost(town, present)
        if cost <= best.cost + WORTH_MOVING * abs(best.bound):
            return Dealt(present, cost, best.bound)
    return best


def _refusal() -> BadInput:
    return BadInput.at(
        _("territory rules"),
        _("no plan was found in which the officers' minutes are that equal"),
        _("allow some slack (a few per cent), raise the officers' limits or lift exclusions"),
    )


def _even(limits: Limits, town: Town) -> Limits:
    """Minutes' limits moved inwards to multiples of what divides all visits: no load lies between."""
    step = int(np.gcd.reduce(town.minutes))
    return replace(limits, low=-(-limits.low // step) * step, high=limits.high // step * step)


def _narrowed(limits: Limits, part: float) -> Limits:
    middle, half = (limits.low + limits.high) // 2, (limits.high - limits.low) * part / 2
    return replace(limits, low=middle - half.astype(np.int64), high=middle + np.ceil(half).astype(np.int64))


def _unbroken(town: Town, relaxed: Relaxed) -> Ints:
    """Of each pair the whole households of the relaxation's plan."""
    count = np.zeros((len(town.row), town.bases), dtype=np.int64)
    count[relaxed.group, relaxed.base] = np.floor(relaxed.count + HAIR).astype(np.int64)
    return count


def _present(town: Town) -> Ints | None:
    """Everybody where they are, where everybody has a holder who may keep them."""
    if (town.holder < 0).any():
        return None
    count = np.zeros((len(town.row), town.bases), dtype=np.int64)
    count[np.arange(len(town.row)), town.holder] = town.size
    return count


def _fits(town: Town, limits: Limits, count: Ints) -> bool:
    load, hard, homes = town.minutes @ count, town.hard @ count, count.sum(axis=0)
    return bool(
        np.all((limits.low <= load) & (load <= limits.high) & (homes <= limits.most))
        and np.all((limits.hard_low <= hard) & (hard <= limits.hard_high))
    )


def _cost(town: Town, count: Ints) -> int:
    used = np.nonzero(count)
    return int(town.costs(*used) @ count[used])


def _deal(town: Town, limits: Limits, worth: np.typing.NDArray[np.float64], placed: Ints, choices: int) -> Dealt | None:
    """The households not yet placed, dealt at least cost within the limits; None where that was not found.

    worth: by it each group's `choices` best bases are chosen. The bound holds for the town where all of it was dealt
    here. Solver: OR-tools SCIP (branch and cut).
    """
    from ortools.linear_solver import pywraplp

    left = town.size - placed.sum(axis=1)
    pairs = cheapest_few(np.where(left[:, None] > 0, worth, np.inf), choices, math.inf)
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString(f"limits/nodes = {NODES}\nrandomization/randomseedshift = 0")
    whole = [solver.Constraint(float(size), float(size)) for size in left]
    homes = placed.sum(axis=0)
    spans = (
        (town.minutes, limits.low - town.minutes @ placed, limits.high - town.minutes @ placed),
        (np.ones_like(town.size), -homes, limits.most - homes),
        (town.hard.astype(np.int64), limits.hard_low - town.hard @ placed, limits.hard_high - town.hard @ placed),
    )
    rows = [
        (weights, [solver.Constraint(float(a), float(b)) for a, b in zip(low, high, strict=True)])
        for weights, low, high in spans
    ]
    group, base = pairs[:, 0], pairs[:, 1]
    cost = town.costs(group, base)
    shares = []
    for at, to, price in zip(group.tolist(), base.tolist(), cost.tolist(), strict=True):
        share = solver.IntVar(0, float(left[at]), "")
        solver.Objective().SetCoefficient(share, float(price))
        whole[at].SetCoefficient(share, 1)
        for weights, constraints in rows:
            constraints[to].SetCoefficient(share, float(weights[at]))
        shares.append(share)
    solver.Objective().SetMinimization()
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, 0.0)
    if solver.Solve(exact) not in {solver.OPTIMAL, solver.FEASIBLE}:
        return None
    count = placed.copy()
    count[group, base] += np.array([round(share.solution_value()) for share in shares], dtype=np.int64)
    if not _fits(town, limits, count) or np.any(count.sum(axis=1) != town.size):
        return None
    whole_town = not placed.any() and choices >= town.bases
    bound = math.ceil(solver.Objective().BestBound() - 0.01) if whole_town else -(2**62)
    return Dealt(count, _cost(town, count), bound)
