"""Who stands where and when: booths in the holidays, the phone from morning to night, solved by CP-SAT.

A rota gives every shift its heads out of those who can be there. Rules hold without exception; aims are reached one
after another, each as well as it can be without giving up any of the one before. The solver's bound is reported for
each aim, so a plan is either proven best or its distance from the best is known.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Cell = tuple[str, str]
"""A worker's code and a shift's key."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift to fill. skills: how many of its heads must have each. weight: what it counts for fairness."""

    key: str
    place: str
    starts: dt.datetime
    ends: dt.datetime
    heads: int
    skills: Mapping[str, int] = field(default_factory=dict)
    holiday: bool = False

    @property
    def hours(self) -> float:
        """Its length."""
        return (self.ends - self.starts).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Worker:
    """One who takes shifts. away: days of leave. hours: only between these times of day, where given.

    most: shifts at most; most_a_week: in any week from Monday.
    """

    code: str
    skills: frozenset[str] = frozenset()
    away: frozenset[dt.date] = frozenset()
    hours: tuple[dt.time, dt.time] | None = None
    most: int | None = None
    most_a_week: int | None = None

    def can(self, shift: Shift) -> bool:
        """Whether the worker is there on that day at that time of day."""
        if shift.starts.date() in self.away or shift.ends.date() in self.away:
            return False
        if self.hours is None:
            return True
        return self.hours[0] <= shift.starts.time() and (
            shift.ends.time() <= self.hours[1] and shift.ends.date() == shift.starts.date()
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for everybody. rest: from the end of a shift to the beginning of the next on another day.

    apart, together: pairs never or always on the same shift. locked: cells as they are; published: as they were told.
    """

    rest: dt.timedelta = dt.timedelta(hours=11)
    most_a_day: int = 1
    apart: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    locked: Mapping[Cell, bool] = field(default_factory=dict)
    published: frozenset[Cell] = frozenset()


@dataclass(frozen=True, slots=True)
class Aim:
    """How far one aim was reached. bound: no plan that keeps the earlier aims does better than this."""

    name: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether it is best."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Rota:
    """A plan: who is on each shift, in order of codes, and how far the aims were reached."""

    on: Mapping[str, tuple[str, ...]]
    aims: tuple[Aim, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Why there is no plan. rules: a smallest set that cannot hold together. relax: the cheapest way out.

    relax maps a rule to how much of it would have to give: heads missing, skills missing, shifts over the most.
    """

    rules: tuple[str, ...]
    relax: Mapping[str, int]


def plan_rota(
    shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, *, seconds: float = 20.0, seed: int = 1
) -> Rota | Clash:
    """The best rota, or why there is none.

    Aims in order: fewest changes to what was published, holiday shifts spread evenly, all hours spread evenly, and
    of those, few people at one place who were not there before. seconds: for each aim. The same inputs and seed
    give the same rota where every aim is proven.
    """
    model = _Model(shifts, workers, rules)
    if not model.solve(seconds, seed):
        return _clash(shifts, workers, rules, seconds, seed)
    aims = []
    for name, expression in model.aims():
        aims.append(model.minimise(name, expression, seconds, seed))
    return Rota(model.chosen(), tuple(aims))


class _Model:
    """The variables and rules of one rota. relaxable: rules get an assumption and a slack each, by name."""

    def __init__(
        self, shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, *, relaxable: bool = False
    ) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self.model = cp_model.CpModel()
        self._shifts = list(shifts)
        self._workers = list(workers)
        self._rules = rules
        self._relaxable = relaxable
        self.slacks: dict[str, cp_model.IntVar] = {}
        self.asked: dict[str, cp_model.IntVar] = {}
        self.on = {
            (worker.code, shift.key): self.model.new_bool_var(f"{worker.code} {shift.key}")
            for worker in workers
            for shift in shifts
            if worker.can(shift)
        }
        self._by_shift: dict[str, list[Worker]] = {
            shift.key: [worker for worker in workers if (worker.code, shift.key) in self.on] for shift in shifts
        }
        self._hint: dict[Cell, int] = {}
        self._fill()
        self._spread()
        self._keep_together()
        self._lock()

    def _rule(self, name: str, low: cp_model.LinearExprT, high: cp_model.LinearExprT, most: int) -> None:
        """`low` <= `high`, or, where rules give, `low` <= `high` + a slack of at most `most`."""
        if not self._relaxable:
            self.model.add(low <= high)
            return
        if name not in self.slacks:
            self.slacks[name] = self.model.new_int_var(0, max(most, 1), f"slack {name}")
            self.asked[name] = self.model.new_bool_var(f"rule {name}")
            self.model.add(self.slacks[name] == 0).only_enforce_if(self.asked[name])
        self.model.add(low <= high + self.slacks[name])

    def _fill(self) -> None:
        for shift in self._shifts:
            there = [self.on[worker.code, shift.key] for worker in self._by_shift[shift.key]]
            self.model.add(sum(there) <= shift.heads)
            self._rule(f"heads|{shift.key}", shift.heads, sum(there), shift.heads)
            for skill, count in sorted(shift.skills.items()):
                able = [self.on[w.code, shift.key] for w in self._by_shift[shift.key] if skill in w.skills]
                self._rule(f"skill|{shift.key}|{skill}", count, sum(able), count)

    def _spread(self) -> None:
        for worker in self._workers:
            mine = [shift for shift in self._shifts if (worker.code, shift.key) in self.on]
            mine.sort(key=lambda shift: (shift.starts, shift.ends, shift.key))
            for first, second in combinations(mine, 2):
                if second.starts >= first.ends + max(self._rules.rest, dt.timedelta()):
                    continue
                both = [self.on[worker.code, first.key], self.on[worker.code, second.key]]
                if second.starts < first.ends:
                    self.model.add_at_most_one(both)  # nobody is in two places
                elif second.starts.date() != first.starts.date():
                    self._rule(f"rest|{worker.code}", sum(both), 1, 1)
            days: dict[dt.date, list[cp_model.IntVar]] = defaultdict(list)
            weeks: dict[dt.date, list[cp_model.IntVar]] = defaultdict(list)
            for shift in mine:
                day = shift.starts.date()
                days[day].append(self.on[worker.code, shift.key])
                weeks[day - dt.timedelta(days=day.weekday())].append(self.on[worker.code, shift.key])
            for day, taken in days.items():
                if len(taken) > self._rules.most_a_day:
                    self._rule(f"day|{worker.code}|{day}", sum(taken), self._rules.most_a_day, len(taken))
            if worker.most_a_week is not None:
                for week, taken in weeks.items():
                    if len(taken) > worker.most_a_week:
                        self._rule(f"week|{worker.code}|{week}", sum(taken), worker.most_a_week, len(taken))
            if worker.most is not None and len(mine) > worker.most:
                every = sum(self.on[worker.code, shift.key] for shift in mine)
                self._rule(f"most|{worker.code}", every, worker.most, len(mine))

    def _keep_together(self) -> None:
        for one, two in self._rules.apart:
            for shift in self._shifts:
                both = [self.on[cell] for cell in ((one, shift.key), (two, shift.key)) if cell in self.on]
                if len(both) == 2:
                    self._rule(f"apart|{one}|{two}", sum(both), 1, 1)
        for one, two in self._rules.together:
            for shift in self._shifts:
                first, second = (self.on.get((code, shift.key), 0) for code in (one, two))
                self._rule(f"together|{one}|{two}", first, second, 1)
                self._rule(f"together|{one}|{two}", second, first, 1)

    def _lock(self) -> None:
        for (code, key), there in sorted(self._rules.locked.items()):
            variable = self.on.get((code, key), 0)
            if there:
                self._rule(f"lock|{code}|{key}", 1, variable, 1)
            else:
                self._rule(f"lock|{code}|{key}", variable, 0, 1)

    def aims(self) -> Iterable[tuple[str, cp_model.LinearExprT]]:
        """What is minimised, in order."""
        if self._rules.published:
            here = [cell for cell in self.on if cell in self._rules.published]
            new = [cell for cell in self.on if cell not in self._rules.published]
            yield "changes", sum(1 - self.on[cell] for cell in here) + sum(self.on[cell] for cell in new)
        yield "holidays", self._unevenness([shift for shift in self._shifts if shift.holiday], lambda shift: 1)
        yield "hours", self._unevenness(self._shifts, lambda shift: round(shift.hours * 4))

    def _unevenness(self, shifts: Sequence[Shift], weight: Callable[[Shift], int]) -> cp_model.LinearExprT:
        """The most anybody has less the least anybody has who could take any."""
        total = sum(weight(shift) for shift in shifts)
        high, low = self.model.new_int_var(0, total, "high"), self.model.new_int_var(0, total, "low")
        for worker in self._workers:
            mine = [shift for shift in shifts if (worker.code, shift.key) in self.on]
            if not mine:
                continue
            load = sum(weight(shift) * self.on[worker.code, shift.key] for shift in mine)
            self.model.add(load <= high)
            self.model.add(load >= low)
        return high - low

    def solve(self, seconds: float, seed: int) -> bool:
        """Whether any rota keeps the rules; raises TimeoutError where that is not known in time."""
        solver = self._solver(seconds, seed)
        status = solver.solve(self.model)
        if status == self._cp.UNKNOWN:
            raise TimeoutError
        if status == self._cp.INFEASIBLE:
            return False
        self._remember(solver)
        return True

    def minimise(self, name: str, expression: cp_model.LinearExprT, seconds: float, seed: int) -> Aim:
        """Reach one aim and hold it from now on."""
        self.model.clear_hints()
        for cell, value in self._hint.items():
            self.model.add_hint(self.on[cell], value)
        self.model.minimize(expression)
        solver = self._solver(seconds, seed)
        solver.solve(self.model)
        value, bound = round(solver.objective_value), round(solver.best_objective_bound)
        self._remember(solver)
        self.model.clear_objective()
        self.model.add(expression <= value)
        return Aim(name, value, bound)

    def _solver(self, seconds: float, seed: int) -> cp_model.CpSolver:
        solver = self._cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = 8
        return solver

    def _remember(self, solver: cp_model.CpSolver) -> None:
        self._hint = {cell: int(solver.value(variable)) for cell, variable in self.on.items()}

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Who is on each shift."""
        on: dict[str, list[str]] = {shift.key: [] for shift in self._shifts}
        for (code, key), there in self._hint.items():
            if there:
                on[key].append(code)
        return {key: tuple(sorted(codes)) for key, codes in on.items()}


def _clash(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, seconds: float, seed: int) -> Clash:
    """A smallest set of rules that cannot hold together, and the least that would have to give."""
    model = _Model(shifts, workers, rules, relaxable=True)
    model.model.minimize(sum(model.slacks.values()))
    solver = model._solver(seconds, seed)
    solver.solve(model.model)
    relax = {name: int(solver.value(slack)) for name, slack in model.slacks.items() if solver.value(slack)}
    model.model.clear_objective()
    return Clash(tuple(_core(model, seconds, seed)), relax)


def _core(model: _Model, seconds: float, seed: int) -> list[str]:
    """Rules that clash, thinned until each one is needed for the clash."""

    def clash(names: Sequence[str]) -> list[str] | None:
        model.model.clear_assumptions()
        model.model.add_assumptions([model.asked[name] for name in names])
        solver = model._solver(seconds, seed)
        solver.parameters.num_workers = 1  # cores are told by one worker only
        if solver.solve(model.model) != model._cp.INFEASIBLE:
            return None
        told = set(solver.sufficient_assumptions_for_infeasibility())
        return [name for name in names if model.asked[name].index in told]

    found = clash(sorted(model.asked)) or sorted(model.asked)
    for name in list(found):
        if name in found:
            smaller = clash([other for other in found if other != name])
            if smaller is not None:
                found = smaller
    return found
