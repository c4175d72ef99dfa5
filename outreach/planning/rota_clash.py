"""Why there is no rota: rules that cannot hold together, and the cheapest ways out.

First the days are narrowed to those that clash by themselves. There QuickXplain (Junker, AAAI 2004) finds rules that
clash and are all needed. Hitting sets of the ways out (after Ignatiev et al., CP 2015) then look for fewer rules, and
prove it where there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from outreach.planning.rota_lines import Board, Line, lay_board
from outreach.planning.rota_model import STEPS_A_SECOND, Model, Search, round_up, rules_of
from outreach.planning.rota_start import start_rota
from outreach.planning.rota_terms import COSTS, Clash, Rule, Rules, Shift, Step, Way, Worker

WAYS = 3
"""Ways out shown at most."""

DEAREST = 10
"""A further way out may cost this many times the cheapest; beyond it is no way anybody would take."""

SMALL_CELLS = 3_000
"""A clash on a board of up to so many cells is looked at for the smallest set of rules on the whole board."""

ROUNDS = 60
"""Hitting sets tried at most."""

LEAST_SECONDS = 12
"""Looking for the rules that clash may take this long, however little time an aim has: why is asked once."""

STEPS_A_LOOK = 0.02
"""What laying a model takes, in the same steps."""

PREFERRED = ("heads", "skill", "lock", "leave", "hours", "weekdays")
"""Kinds of rules that explain best: taken into the clash before others where there is a choice."""


def explain(shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, search: Search) -> Clash:
    """The rules that clash and up to three ways out, for a rota that no plan can keep.

    Looking for the rules takes about twice an aim's time or LEAST_SECONDS at most, each way out an aim's.
    """
    board = lay_board(shifts, workers, rules, everyone=True)
    clashes = _Clashes(search)
    near = _narrowed(board, clashes)
    core = _irreducible(near, clashes)
    irreducible, smallest = not clashes.unsure, False
    if irreducible and len(near.cells) <= SMALL_CELLS:
        whole = len(board.cells) <= SMALL_CELLS
        core, smallest = _smallest(board if whole else near, core, search, clashes)
        smallest = smallest and whole
    return Clash(tuple(core), tuple(_ways(board, search)), smallest, irreducible)


class _Clashes:
    """Says whether rules clash, while its steps last; `unsure` once it could not tell."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.left = max(2 * search.seconds, LEAST_SECONDS) * STEPS_A_SECOND
        self.unsure = False

    def __call__(self, board: Board, rules: set[Rule] | None) -> bool:
        """Whether these rules of a board are shown to leave no plan. None: all rules."""
        if self.left <= 0:
            self.unsure = True
            return False
        model = Model(board, [line for line in board.lines if rules is None or line.rule in rules])
        solver = model.solver(self.search)
        solver.parameters.max_deterministic_time = min(self.left, solver.parameters.max_deterministic_time)
        status = solver.solve(model.model)
        self.left -= solver.response_proto.deterministic_time + STEPS_A_LOOK
        self.unsure = self.unsure or status == model.cp.UNKNOWN
        return bool(status == model.cp.INFEASIBLE)


def _narrowed(board: Board, clashes: _Clashes) -> Board:
    """The board of the fewest days, one after another, that clash by themselves.

    Fewer shifts ask less of people, so a clash among the shifts of some days is one of the whole. It would not be for
    the least somebody must have, which is left out; where the clash needs that, the board stays as it is.
    """
    workers = [replace(w, least=None, least_minutes=None, least_a_week=None) for w in board.workers]
    days = sorted({shift.day for shift in board.shifts})

    def between(first: int, last: int) -> Board:
        some = [shift for shift in board.shifts if days[first] <= shift.day <= days[last]]
        keys = {shift.key for shift in some}
        locked = {cell: there for cell, there in board.rules.locked.items() if cell[1] in keys}
        return lay_board(some, workers, replace(board.rules, locked=locked), everyone=True)

    if not clashes(between(0, len(days) - 1), None):
        return board
    last = _first(len(days) - 1, lambda number: clashes(between(0, number), None))
    first = last - _first(last, lambda number: clashes(between(last - number, last), None))
    return between(first, last)


def _first(end: int, holds: Callable[[int], bool]) -> int:
    """The least of 0..end at which something holds that goes on holding; it holds at `end`."""
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _irreducible(board: Board, clashes: _Clashes) -> list[Rule]:
    """Rules that clash, each of them needed, by QuickXplain."""
    order = {kind: place for place, kind in enumerate(PREFERRED)}
    rules = sorted(rules_of(board), key=lambda rule: order.get(rule.kind, len(order)))

    def needed(given: list[Rule], added: bool, rest: list[Rule]) -> list[Rule]:
        if added and clashes(board, set(given)):
            return []
        if len(rest) == 1 or clashes.left <= 0:
            return rest
        half = len(rest) // 2
        second = needed(given + rest[:half], True, rest[half:])
        return needed(given + second, bool(second), rest[:half]) + second

    return needed([], False, rules) if rules else []


def _smallest(board: Board, core: list[Rule], search: Search, clashes: _Clashes) -> tuple[list[Rule], bool]:
    """The fewest rules that clash, and whether that is proven; the given ones where no fewer were found in time.

    Rules clash only if they hit every way out. So the smallest set that hits all ways out known so far either
    clashes, and is the smallest that does, or shows another way out.
    """
    rules = rules_of(board)
    ways: list[set[Rule]] = []
    for _round in range(ROUNDS):
        if clashes.left <= 0:
            return core, False
        hitting = _hitting(rules, ways, search)
        if len(hitting) >= len(core):
            return core, True
        escape = _escape(board, rules, hitting, search)
        clashes.left -= 10 * STEPS_A_LOOK
        if escape is None:
            return (hitting, True) if clashes(board, set(hitting)) else (core, False)
        ways.append(escape)
    return core, False


def _hitting(rules: Sequence[Rule], ways: Sequence[set[Rule]], search: Search) -> list[Rule]:
    """The fewest rules of which every way out holds at least one."""
    from ortools.sat.python import cp_model

    among = [rule for rule in rules if any(rule in way for way in ways)]
    model = cp_model.CpModel()
    taken = {rule: model.new_bool_var("") for rule in among}
    for way in ways:
        model.add_bool_or([taken[rule] for rule in among if rule in way])
    model.minimize(sum(taken.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = search.seed
    solver.solve(model)
    return [rule for rule in among if solver.boolean_value(taken[rule])]


def _escape(board: Board, rules: Sequence[Rule], kept: Sequence[Rule], search: Search) -> set[Rule] | None:
    """The rules a plan breaks that keeps the given ones and breaks as few others as it can; None: there is none."""
    model = Model(board, [])
    holds = {rule: model.model.new_bool_var("") for rule in rules}
    for line in board.lines:
        model.hold(line).only_enforce_if(holds[line.rule])
    for rule in kept:
        model.model.add(holds[rule] == 1)
    model.model.minimize(sum(1 - literal for literal in holds.values()))
    solver = model.solver(search)
    if solver.solve(model.model) not in (model.cp.OPTIMAL, model.cp.FEASIBLE):
        return None
    return {rule for rule, literal in holds.items() if not solver.boolean_value(literal)}


def _ways(board: Board, search: Search) -> list[Way]:
    """The cheapest ways out; each further one does without some kind of giving that the ones before it took."""
    model = Model(board, [])
    slacks: list[tuple[Line, Any, int]] = []
    used: dict[str, Any] = {}
    for line in board.lines:
        cost = board.rules.cost(line.rule.kind)
        if not cost:
            model.hold(line)
            continue
        slack = model.model.new_int_var(0, _most_off(line), "")
        model.hold(line, slack)
        kind = line.rule.kind
        if kind not in used:
            used[kind] = model.model.new_bool_var("")
        model.model.add(slack == 0).only_enforce_if(~used[kind])
        slacks.append((line, slack, cost))
    model.hint(board.values(start_rota(board, {worker.code: worker.share for worker in board.workers})))
    model.model.minimize(sum(cost * slack for _line, slack, cost in slacks))
    ways: list[Way] = []
    while len(ways) < WAYS:
        solver = model.solver(search)
        status = solver.solve(model.model)
        if status not in (model.cp.OPTIMAL, model.cp.FEASIBLE):
            break
        by: dict[Rule, int] = {}
        for line, slack, _cost in slacks:
            if amount := solver.value(slack):
                by[line.rule] = by.get(line.rule, 0) + amount
        cost = sum(board.rules.cost(rule.kind) * amount for rule, amount in by.items())
        if ways and cost > DEAREST * ways[0].cost:
            break
        steps = tuple(Step(rule, amount) for rule, amount in by.items())
        proven = cost == round_up(solver.best_objective_bound)
        ways.append(Way(steps, cost, proven, model.chosen(model.values(solver))))
        kinds = sorted({step.rule.kind for step in steps}, key=list(COSTS).index)
        model.model.add_bool_or([~used[kind] for kind in kinds])
    return sorted(ways, key=lambda way: way.cost)


def _most_off(line: Line) -> int:
    """By how much a line can be missed at most."""
    factors = [factor for _atom, factor in line.terms()]
    over = 0 if line.high is None else sum(f for f in factors if f > 0) - line.high
    under = 0 if line.low is None else line.low - sum(f for f in factors if f < 0)
    return max(over, under, 0)
