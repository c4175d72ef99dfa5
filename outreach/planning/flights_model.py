"""The choice of insertions as a CP-SAT model: whole for reach, box by box for reach often.

With p_k = P_v(seen k times), u = p1/p0 and w = p2/p0 of each line, L, U and Z are the sums of log p0, u and w - u^2/2,
and T = U + Z + U^2/2, so that P(fewer than 3) = exp(L) (1 + T).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SCALE = 1_000_000
"""What one stands for in the solver's whole numbers."""

CLOSE = 5e-5
"""A plan is good enough where no other can have a logarithm lower by more."""

_FINER = 10_000_000
"""Parts of a unit in a box's objective: ten thousandths of the slope times thousandths of the tilt."""


@dataclass(frozen=True, slots=True)
class Table:
    """Of one line, by insertions: log p0, p1/p0 and p2/p0 - (p1/p0)^2 / 2."""

    log_none: tuple[float, ...]
    once: tuple[float, ...]
    rest: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to choose from. room: the most insertions in each period."""

    price_fen: int
    room: tuple[int, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Found:
    """Insertions of each line in each period, none where no plan was found. lowest: no plan has a lower logarithm."""

    counts: list[list[int]]
    lowest: float


class Infeasible(ValueError):
    """No plan keeps the rules within the budget."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the plane of U and T."""

    once_low: float
    once_high: float
    spread_low: float
    spread_high: float

    @property
    def slope(self) -> float:
        """The chord of log(1 + T) over the box."""
        width = self.spread_high - self.spread_low
        rise = math.log1p(self.spread_high) - math.log1p(self.spread_low)
        return rise / width if width > 0 else 1 / (1 + self.spread_low)

    @property
    def _errors(self) -> tuple[float, float]:
        """How far the tangent lies below the square, and the chord below the logarithm, at most."""
        bent = self.slope * (self.once_high - self.once_low) ** 2 / 8
        touch = 1 / self.slope - 1
        chord = math.log1p(touch) - math.log1p(self.spread_low) - self.slope * (touch - self.spread_low)
        return bent, max(chord, 0.0)

    @property
    def error(self) -> float:
        """How far the linear model may lie below the truth."""
        return sum(self._errors)

    def halves(self) -> tuple[Box, Box]:
        """The box cut where its error is larger."""
        bent, chord = self._errors
        if bent >= chord:
            middle = (self.once_low + self.once_high) / 2
            return (
                Box(self.once_low, middle, self.spread_low, self.spread_high),
                Box(middle, self.once_high, self.spread_low, self.spread_high),
            )
        middle = math.sqrt((1 + self.spread_low) * (1 + self.spread_high)) - 1
        return (
            Box(self.once_low, self.once_high, self.spread_low, middle),
            Box(self.once_low, self.once_high, middle, self.spread_high),
        )


Rules = Sequence[tuple[Sequence[tuple[int, int]], int, int]]
"""Sums of insertions by (line, period), with their least and most."""


class Choice:
    """A model of the choice: for each line an ordered row of yes-or-no, its first, second ... insertion."""

    def __init__(self, lines: Sequence[Line], budget_fen: int, rules: Rules) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._lines = lines
        model: Any = cp_model.CpModel()
        self._model = model
        self._bought: list[list[Any]] = []
        self._cells: list[list[Any]] = []
        for line in lines:
            row = [model.new_bool_var("") for _n in line.table.once[1:]]
            for sooner, later in pairwise(row):
                model.add_implication(later, sooner)
            cells = [model.new_int_var(0, min(room, len(row)), "") for room in line.room]
            model.add(sum(cells) == sum(row))
            self._bought.append(row)
            self._cells.append(cells)
        unit = math.gcd(*(line.price_fen for line in lines)) or 1
        spent = sum(line.price_fen // unit * sum(row) for line, row in zip(lines, self._bought, strict=True))
        model.add(spent <= budget_fen // unit)
        for members, least, most in rules:
            model.add_linear_constraint(sum(self._cells[line][period] for line, period in members), least, most)
        self._sums = [self._sum_of(column) for column in ("log_none", "once", "rest")]

    def _sum_of(self, column: str) -> Any:
        """A variable that is a column summed over what is bought, scaled."""
        terms, low, high = [], 0, 0
        for line, row in zip(self._lines, self._bought, strict=True):
            scaled = [round(value * SCALE) for value in getattr(line.table, column)]
            terms += [(new - old) * yes for old, new, yes in zip(scaled, scaled[1:], row, strict=False)]
            low += min(scaled)
            high += max(scaled)
        total = self._model.new_int_var(low, high, column)
        self._model.add(total == sum(terms))
        return total

    def hint(self, counts: Sequence[Sequence[int]]) -> None:
        """Begin every search at a plan that is known."""
        for row, cells, known in zip(self._bought, self._cells, counts, strict=True):
            for number, yes in enumerate(row):
                self._model.add_hint(yes, number < sum(known))
            for cell, value in zip(cells, known, strict=True):
                self._model.add_hint(cell, value)

    def least_missed(self, effort: float) -> Found:
        """The plan with the lowest log P(not reached); raises Infeasible."""
        model = self._model.clone()
        model.minimize(self._sums[0])
        status, counts, bound, _spent = self._solve(model, effort, 1)
        if status == self._cp.INFEASIBLE:
            raise Infeasible
        # Every table may be half a unit off.
        return Found(counts, (bound - len(self._lines) - 1) / SCALE)

    def in_box(self, box: Box, best: float, effort: float) -> tuple[list[list[int]], float, float]:
        """The best plan of a box where it is better than `best`, a logarithm.

        Returns the counts, none where no plan was found; a bound of the logarithm, infinite where the box holds no
        better plan; the effort used.
        """
        status, counts, bound, spent = self._solve(self._boxed(box, best), effort, CLOSE / 2 * SCALE * _FINER)
        if status == self._cp.INFEASIBLE:
            return [], math.inf, spent
        return counts, (bound / _FINER - 4 * len(self._lines) - 8) / SCALE, spent

    def _boxed(self, box: Box, best: float) -> Any:
        model = self._model.clone()
        log_none, once, rest = self._sums
        middle = (box.once_low + box.once_high) / 2
        # In thousandths, so that the linear stand-in for T stays in whole numbers.
        tilt = round(1000 * (1 + middle))
        exact = tilt / 1000 - 1
        bent = tilt * once + 1000 * rest
        model.add_linear_constraint(once, math.floor(box.once_low * SCALE), math.ceil(box.once_high * SCALE))
        # U^2 >= 2mU - m^2 for any m; U^2 <= (a + b)U - ab, and m differs from the middle by rounding only.
        slip = abs(exact - middle) * box.once_high
        low = box.spread_low + box.once_low * box.once_high / 2 - slip
        high = box.spread_high + exact * exact / 2
        model.add_linear_constraint(bent, math.floor(low * SCALE * 1000) - 1000, math.ceil(high * SCALE * 1000) + 1000)
        # L + log(1 + t1) + slope (W - m^2/2 - t1); a slope rounded down keeps the line below the logarithm.
        coefficient = math.floor(box.slope * 10_000)
        slope = coefficient / 10_000
        start = math.log1p(box.spread_low) - slope * (exact * exact / 2 + box.spread_low)
        objective = _FINER * log_none + coefficient * bent + math.floor(start * SCALE * _FINER)
        if best < math.inf:
            model.add(objective <= math.ceil(best * SCALE * _FINER))
        model.minimize(objective)
        return model

    def log_seldom(self, counts: Sequence[Sequence[int]]) -> float:
        """The logarithm of P(seen fewer than three times), by the tables."""
        columns = [
            math.fsum(getattr(line.table, column)[sum(known)] for line, known in zip(self._lines, counts, strict=True))
            for column in ("log_none", "once", "rest")
        ]
        return columns[0] + math.log1p(columns[1] + columns[2] + columns[1] ** 2 / 2)

    def _solve(self, model: Any, effort: float, near: float) -> tuple[Any, list[list[int]], float, float]:
        """Status, counts (none where nothing was found), the objective's bound, deterministic seconds used.

        near: how far from the best of the model a plan may be.
        """
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 4
        solver.parameters.max_deterministic_time = effort
        solver.parameters.absolute_gap_limit = near
        status = solver.solve(model)
        spent = max(solver.response_proto.deterministic_time, effort / 100)
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            counts = [[solver.value(cell) for cell in cells] for cells in self._cells]
            return status, counts, solver.best_objective_bound, spent
        # A search that was cut before it found anything has no bound to tell.
        return status, [], -math.inf, spent
