"""The linear relaxation of a choice of insertions: a bound within milliseconds, for any box of a search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from outreach.planning.flights_model import Box, Line, Rules

_SLIP = 1e-7


class Relaxation:
    """One linear programme, kept and solved again for each box, so that GLOP goes on from where it stood.

    Each line is a mixture of its numbers of insertions; the budget, the rules, and the sums L, U and Z of
    `flights_model` are linear in the shares of the mixture.
    """

    def __init__(self, lines: Sequence[Line], budget_fen: int, rules: Rules) -> None:
        from ortools.linear_solver import pywraplp

        self._pywraplp = pywraplp
        solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._solver = solver
        endless = solver.infinity()
        self._log_none, self._once, self._bent = (solver.NumVar(-endless, endless, "") for _name in range(3))
        rest = solver.NumVar(-endless, endless, "")
        sums = [solver.Constraint(0, 0) for _sum in range(3)]
        for constraint, total in zip(sums, (self._log_none, self._once, rest), strict=True):
            constraint.SetCoefficient(total, -1)
        # W = (1 + m) U + Z; the tilt is put in for each box.
        self._tilted = solver.Constraint(0, 0)
        self._tilted.SetCoefficient(self._bent, -1)
        self._tilted.SetCoefficient(rest, 1)
        # In yuan, so that the numbers are of a size.
        spent = solver.Constraint(-endless, budget_fen / 100)
        cells = []
        for line in lines:
            one = solver.Constraint(0, 1)
            bought = solver.Constraint(0, 0)
            table = line.table
            for n in range(1, len(table.once)):
                share = solver.NumVar(0, 1, "")
                one.SetCoefficient(share, 1)
                bought.SetCoefficient(share, n)
                spent.SetCoefficient(share, line.price_fen * n / 100)
                for constraint, column in zip(sums, (table.log_none, table.once, table.rest), strict=True):
                    constraint.SetCoefficient(share, column[n])
            row = [solver.NumVar(0, room, "") for room in line.room]
            for cell in row:
                bought.SetCoefficient(cell, -1)
            cells.append(row)
        for members, least, most in rules:
            rule = solver.Constraint(least, most)
            for line_number, period in members:
                rule.SetCoefficient(cells[line_number][period], 1)

    def bound(self, box: Box) -> float:
        """No plan in the box has a lower logarithm of P(seen fewer than three times); infinite where none is in it."""
        middle = (box.once_low + box.once_high) / 2
        self._once.SetBounds(box.once_low - _SLIP, box.once_high + _SLIP)
        self._tilted.SetCoefficient(self._once, 1 + middle)
        low = box.spread_low + box.once_low * box.once_high / 2
        self._bent.SetBounds(low - _SLIP, box.spread_high + middle * middle / 2 + _SLIP)
        objective = self._solver.Objective()
        objective.SetMinimization()
        objective.SetCoefficient(self._log_none, 1)
        objective.SetCoefficient(self._bent, box.slope)
        status = self._solver.Solve()
        if status == self._pywraplp.Solver.INFEASIBLE:
            return math.inf
        if status != self._pywraplp.Solver.OPTIMAL:
            return -math.inf
        start = math.log1p(box.spread_low) - box.slope * (middle * middle / 2 + box.spread_low)
        return float(objective.Value()) + start - 10 * _SLIP
