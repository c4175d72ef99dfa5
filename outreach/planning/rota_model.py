"""A board in CP-SAT: the lines as constraints, the aims as what is minimised, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outreach.planning.rota_fair import BURDENS, Burden
from outreach.planning.rota_lines import Board, Line
from outreach.planning.rota_terms import Aim, On, Rule

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STEPS_A_SECOND = 0.5
"""CP-SAT's deterministic time a second, below what a slow shared core was measured to do, so that the count of steps
ends a search before the clock does and the same inputs give the same plan."""

CLOCK = 10
"""The clock ends a search after this many times the seconds asked for, whatever the steps say."""


@dataclass(frozen=True, slots=True)
class Search:
    """How long an aim may be sought, and where the search begins."""

    seconds: float
    seed: int


class Model:
    """The constraints of a board. `lines`: which of its lines hold; all where not given."""

    def __init__(self, board: Board, lines: Sequence[Line] | None = None) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.board = board
        self.model = cp_model.CpModel()
        self.atoms: list[cp_model.IntVar] = [self.model.new_bool_var("") for _cell in board.cells]
        for cell in board.settled:
            self.model.add(self.atoms[cell] == 1)
        for union in board.unions:
            some = [self.atoms[cell] for cell in union]
            works = self.model.new_bool_var("")
            self.model.add_max_equality(works, some)
            self.atoms.append(works)
        for line in board.lines if lines is None else lines:
            self.hold(line)

    def hold(self, line: Line, slack: cp_model.LinearExprT = 0) -> cp_model.Constraint:
        """The line, which may be missed by `slack`."""
        total = self.sum_of(line)
        if line.high is None:
            return self.model.add(total + slack >= (line.low or 0))
        if line.low is None:
            return self.model.add(total - slack <= line.high)
        if isinstance(slack, int):
            return self.model.add_linear_constraint(total, line.low, line.high)
        self.model.add(total + slack >= line.low)
        return self.model.add(total - slack <= line.high)

    def sum_of(self, line: Line) -> Any:
        """The sum of a line; a constant where it has no atoms."""
        atoms = [self.atoms[atom] for atom in line.atoms]
        return self.cp.LinearExpr.weighted_sum(atoms, list(line.coefs) or [1] * len(atoms))

    def solver(self, search: Search) -> cp_model.CpSolver:
        """A solver that goes by steps, not by the clock."""
        solver = self.cp.CpSolver()
        solver.parameters.random_seed = search.seed
        # One worker repeats itself; interleaved workers would too, but OR-tools 9.15 aborts the whole program when they
        # meet a model without a plan (google/or-tools#5025). With all constraints in the LP one worker proved the
        # public instances sooner than two interleaved ones.
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = search.seconds * STEPS_A_SECOND
        solver.parameters.max_time_in_seconds = search.seconds * CLOCK
        return solver

    def hint(self, values: Sequence[int]) -> None:
        """Where the search begins."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for atom, value in zip(self.atoms, values, strict=True):
            self.model.add_hint(atom, value)

    def values(self, solver: cp_model.CpSolver) -> list[int]:
        """Every atom's value in the solver's plan."""
        return [int(solver.boolean_value(atom)) for atom in self.atoms]

    def chosen(self, values: Sequence[int]) -> On:
        """Who is on each shift."""
        on: dict[str, list[str]] = {shift.key: [] for shift in self.board.shifts}
        for (code, key), value in zip(self.board.cells, values, strict=False):
            if value:
                on[key].append(code)
        return {key: tuple(sorted(codes)) for key, codes in on.items()}


class Aims:
    """The aims of a board: what each is worth in a plan, the least it can be, and as an expression of a model."""

    def __init__(self, board: Board, weights: Mapping[str, int]) -> None:
        self.board = board
        self.burdens = {name: Burden(name, board, weights) for name in BURDENS}
        settled = {board.cells[cell][1] for cell in board.settled}
        self.fresh = [shift for shift in board.shifts if shift.key not in settled]
        self.by_shift = {
            shift.key: [i for i, (_code, key) in enumerate(board.cells) if key == shift.key]
            for shift in self.fresh
            if shift.likes > shift.heads or shift.over
        }
        index, fresh = board.index, {shift.key for shift in self.fresh}
        self.wishes = [
            (index.get((wish.worker, wish.shift)), wish)
            for wish in board.rules.wishes
            if wish.shift in fresh and (wish.on or (wish.worker, wish.shift) in index)
        ]
        self.told = {cell for cell in board.rules.published if cell[1] in fresh}

    def matters(self, name: str) -> bool:
        """Whether plans can differ in this aim."""
        match name:
            case "changes":
                return bool(self.told)
            case "cover":
                return bool(self.by_shift)
            case "wishes":
                return bool(self.wishes)
            case _:
                return bool(self.burdens[name].shifts)

    def least(self, name: str) -> int:
        """A value no plan can be below."""
        if name in self.burdens:
            return self.burdens[name].bound
        if name == "changes":
            return sum(cell not in self.board.index for cell in self.told)
        return 0

    def value(self, name: str, values: Sequence[int]) -> int:
        """What a plan is worth."""
        match name:
            case "changes":
                on = {cell for cell, value in zip(self.board.cells, values, strict=False) if value}
                fresh = {shift.key for shift in self.fresh}
                return len(self.told ^ {cell for cell in on if cell[1] in fresh})
            case "cover":
                total = 0
                for shift in self.fresh:
                    if shift.key in self.by_shift:
                        heads = sum(values[atom] for atom in self.by_shift[shift.key])
                        total += shift.short * max(0, shift.likes - heads) + shift.over * max(0, heads - shift.likes)
                return total
            case "wishes":
                return sum(
                    wish.weight for atom, wish in self.wishes if wish.on != bool(atom is not None and values[atom])
                )
            case _:
                return self.burdens[name].cost(values)

    def expression(self, name: str, model: Model, ceiling: int | None) -> cp_model.LinearExprT:
        """The aim in a model. ceiling: what it is already held to, if anything."""
        match name:
            case "changes":
                return self._changes(model)
            case "cover":
                return self._cover(model)
            case "wishes":
                return sum(
                    wish.weight * ((1 - model.atoms[atom] if wish.on else model.atoms[atom]) if atom is not None else 1)
                    for atom, wish in self.wishes
                )
            case _:
                return self._fair(self.burdens[name], model, ceiling)

    def _changes(self, model: Model) -> cp_model.LinearExprT:
        fresh = {shift.key for shift in self.fresh}
        terms: list[cp_model.LinearExprT] = [self.least("changes")]
        for cell, atom in self.board.index.items():
            if cell[1] in fresh:
                terms.append(1 - model.atoms[atom] if cell in self.told else model.atoms[atom])
        return sum(terms)

    def _cover(self, model: Model) -> cp_model.LinearExprT:
        terms: list[cp_model.LinearExprT] = []
        for shift in self.fresh:
            if shift.key not in self.by_shift:
                continue
            atoms = [model.atoms[atom] for atom in self.by_shift[shift.key]]
            under = model.model.new_int_var(0, shift.likes, "")
            over = model.model.new_int_var(0, max(len(atoms), 0), "")
            model.model.add(sum(atoms) + under - over == shift.likes)
            terms.append(shift.short * under + shift.over * over)
        return sum(terms)

    def _fair(self, burden: Burden, model: Model, ceiling: int | None) -> cp_model.LinearExprT:
        """The sum of convex costs, each from above by its tangents between whole numbers: exact where it is least."""
        costs: list[cp_model.LinearExprT] = []
        for code, portion in burden.portions.items():
            low, high = (0, portion.cap) if ceiling is None else burden.range_of(code, ceiling)
            load = sum(unit * model.atoms[cell] for cell, unit in portion.cells)
            model.model.add_linear_constraint(load, low, high)
            floor, top = portion.cost(low), portion.cost(high)
            if low == high:
                costs.append(floor)
                continue
            cost = model.model.new_int_var(floor, top, "")
            below = floor
            for number in range(low + 1, high + 1):
                slope = portion.price(number)
                model.model.add(cost >= below + slope * (load - number + 1))
                below += slope
            costs.append(cost)
        total = sum(costs)
        model.model.add(total >= burden.bound)
        return total


def reach(
    model: Model, aims: Aims, group: Sequence[str], values: list[int] | None, search: Search
) -> tuple[list[int] | None, tuple[int, int], bool] | None:
    """Make the group of aims as small as can be and hold them there.

    values: a plan that keeps everything so far, if there is one. Gives the plan, its value with the bound, and whether
    the clock ended the search. None: nothing keeps the rules; a plan of None: none was found, none was ruled out.
    """
    least = sum(aims.least(name) for name in group)
    now = None if values is None else sum(aims.value(name, values) for name in group)
    single = now if len(group) == 1 else None
    expression = sum(aims.expression(name, model, single) for name in group)
    bound, by_clock = least, False
    if now is None or now > least:
        model.model.minimize(expression)
        if values is not None:
            model.hint(values)
        solver = model.solver(search)
        status = solver.solve(model.model)
        if status == model.cp.INFEASIBLE:
            return None
        if status != model.cp.OPTIMAL:
            by_clock = solver.wall_time >= search.seconds * CLOCK * 0.98
        if status != model.cp.UNKNOWN:
            found = model.values(solver)
            worth = sum(aims.value(name, found) for name in group)
            if now is None or worth < now:
                values, now = found, worth
            bound = max(least, min(round_up(solver.best_objective_bound), now))
    if values is None or now is None:
        return None, (0, 0), by_clock
    model.model.add(expression <= now)
    return values, (now, bound), by_clock


def round_up(number: float) -> int:
    """The least whole number not below, but for what a float may be off."""
    return -int(-(number - 1e-6) // 1)


def aim_of(group: Sequence[str], worth: tuple[int, int]) -> Aim:
    """The result of a group of aims."""
    return Aim("+".join(group), *worth)


def rules_of(board: Board) -> list[Rule]:
    """The rules of a board, each once, in the order in which they were laid."""
    return list(dict.fromkeys(line.rule for line in board.lines))
