"""Shares in minutes, with households divisible: a linear program, whose prices bound every plan of whole households.

Columns are (group, base) pairs. As in planning/cheapest.py only some are given to the solver at first, and its prices
tell which absent ones would pay. Rows of a base: its minutes, its households, its hard cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from outreach.planning.flow import Ints
from outreach.planning.town import Limits, Town
from outreach.planning.ways import Floats

FEW = 6
"""So many columns of a group come in at a time, the cheapest."""

HAIR = 1e-6
"""Beside 1, this is nothing: the solver reckons in binary fractions."""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The cheapest plan with divisible households.

    group, base, count: its pairs, count in (broken) households. bound: no plan of whole households costs less, in the
    town's units; it follows from the prices alone. reduced: (groups, bases), how much dearer than the
    group's best each pair is at these prices; inf where barred. kept: whether the limits could be kept.
    """

    group: Ints
    base: Ints
    count: Floats
    bound: int
    reduced: Floats
    kept: bool


class Relaxation:
    """The linear program of a town; solved again under other limits it starts where it stood.

    Solver: OR-tools GLOP (revised simplex).
    """

    def __init__(self, town: Town) -> None:
        """cost: (groups, bases), what one household of each group costs at each base, inf where barred."""
        from ortools.linear_solver import pywraplp

        self.cost = pair_costs(town)
        self._town = town
        self._weights = (town.minutes, np.ones_like(town.size), town.hard.astype(np.int64))
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._afresh = pywraplp.MPSolverParameters()
        self._afresh.SetIntegerParam(self._afresh.INCREMENTALITY, self._afresh.INCREMENTALITY_OFF)
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()
        self._whole = [self._solver.Constraint(float(size), float(size)) for size in town.size]
        self._rows = [[self._solver.Constraint(0.0, 0.0) for _base in range(town.bases)] for _weight in self._weights]
        # Breaking a limit by a minute or a household costs more than a chain of exchanges over all bases could.
        penalty = 2.0 * town.bases * float(self.cost[np.isfinite(self.cost)].max() - self.cost.min() + 1)
        self._breaks = [self._column(penalty, {row: sign}) for rows in self._rows for row in rows for sign in (1, -1)]
        self._pairs: list[tuple[int, int]] = []
        self._columns: list[Any] = []
        self._present = np.zeros(self.cost.shape, dtype=bool)
        self._add(self._best_absent(self.cost, math.inf))

    def solve(self, limits: Limits) -> Relaxed | None:
        """The optimum under these limits, None where the solver's arithmetic does not reach it."""
        none = np.zeros_like(limits.most)
        bounds = ((limits.low, limits.high), (none, limits.most), (limits.hard_low, limits.hard_high))
        for rows, (low, high) in zip(self._rows, bounds, strict=True):
            for row, least, most in zip(rows, low.tolist(), high.tolist(), strict=True):
                row.SetBounds(float(least), float(most))
        while True:
            status = self._solver.Solve()
            if status != self._solver.OPTIMAL:
                # Where it stood may be a bad place to start from: its numbers can grow beyond what it reckons with.
                status = self._solver.Solve(self._afresh)
            if status != self._solver.OPTIMAL:
                return None
            prices = [np.array([row.dual_value() for row in rows]) for rows in self._rows]
            reduced = self.cost - sum(np.outer(*pair) for pair in zip(self._weights, prices, strict=True))
            own = np.array([row.dual_value() for row in self._whole])
            absent = self._best_absent(reduced - own[:, None], -1e-3)
            if not len(absent):
                break
            self._add(absent)
        least = reduced.min(axis=1)
        bound = float(least @ self._town.size)
        for price, (low, high) in zip(prices, bounds, strict=True):
            bound += float(price @ np.where(price > 0, low, high))
        counts = np.array([column.solution_value() for column in self._columns])
        used = np.flatnonzero(counts > HAIR)
        pairs = np.array(self._pairs, dtype=np.int64)[used]
        return Relaxed(
            pairs[:, 0],
            pairs[:, 1],
            counts[used],
            math.ceil(bound - HAIR * max(1.0, abs(bound))),
            reduced - least[:, None],
            sum(column.solution_value() for column in self._breaks) < 100 * HAIR,
        )

    def _column(self, cost: float, rows: dict[Any, float]) -> Any:
        column = self._solver.NumVar(0, self._solver.infinity(), "")
        self._objective.SetCoefficient(column, float(cost))
        for row, weight in rows.items():
            row.SetCoefficient(column, float(weight))
        return column

    def _add(self, pairs: Ints) -> None:
        for group, base in pairs.tolist():
            column = self._column(self.cost[group, base], {self._whole[group]: 1})
            for rows, weights in zip(self._rows, self._weights, strict=True):
                if weights[group]:
                    rows[base].SetCoefficient(column, float(weights[group]))
            self._pairs.append((group, base))
            self._columns.append(column)
            self._present[group, base] = True

    def _best_absent(self, worth: Floats, below: float) -> Ints:
        """Absent pairs whose worth is below a limit, of each group the best few; (pairs, 2)."""
        return cheapest_few(np.where(self._present, np.inf, worth), FEW, below)


def pair_costs(town: Town) -> Floats:
    """What one household of each group costs at each base, inf where barred; (groups, bases)."""
    cost = town.ways.block(town.row) * town.grain
    cost[np.divmod(town.altered, town.bases)] += town.altered_by
    cost[town.barred_group, town.barred_base] = np.inf
    return cost


def cheapest_few(worth: Floats, few: int, below: float) -> npt.NDArray[np.int64]:
    """Of each row the cheapest few entries below a limit, as (row, column) pairs."""
    few = min(few, worth.shape[1])
    column = np.argpartition(worth, few - 1, axis=1)[:, :few].ravel()
    row = np.repeat(np.arange(len(worth)), few)
    cheap = worth[row, column] < below
    return np.stack([row[cheap], column[cheap]], axis=1)
