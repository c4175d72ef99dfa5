"""Who stands where and when: booths in the holidays, the phone from morning to night, solved by CP-SAT.

A rota gives every shift its heads out of those who can be there. Rules hold without exception; aims are reached one
after another, each as well as it can be without giving up any of the one before. A bound is reported for each aim, so
that a plan is either proven best or its distance from the best is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from outreach.errors import Conflict
from outreach.messages import _
from outreach.planning.rota_check import check_rota, refuse_impossible
from outreach.planning.rota_clash import explain
from outreach.planning.rota_fair import due, loads_of
from outreach.planning.rota_lines import Board, lay_board
from outreach.planning.rota_model import Aims, Model, Search, aim_of, reach
from outreach.planning.rota_polish import polish
from outreach.planning.rota_start import start_rota
from outreach.planning.rota_terms import (
    AIMS,
    COSTS,
    Aim,
    Cell,
    Clash,
    Load,
    On,
    Rota,
    Rule,
    Rules,
    Shift,
    Step,
    Way,
    Window,
    Wish,
    Worker,
)

__all__ = [
    "AIMS",
    "COSTS",
    "Aim",
    "Cell",
    "Clash",
    "Load",
    "On",
    "Rota",
    "Rule",
    "Rules",
    "Shift",
    "Step",
    "Way",
    "Window",
    "Wish",
    "Worker",
    "check_rota",
    "plan_rota",
]

WHOLE_CELLS = 9_000
"""A rota of up to so many cells is solved in one piece: 60 officers, seven weeks of three shifts a day."""

WINDOW_CELLS = 5_000
"""A longer one in pieces of whole weeks with up to so many."""

Found = tuple[On, tuple[Aim, ...], bool]
"""A plan, how far its aims were reached, and whether the clock had no part in it."""


def plan_rota(
    shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, *, seconds: float = 20.0, seed: int = 1
) -> Rota | Clash:
    """The best rota, or why there is none.

    seconds: for each aim, about. The same inputs and seed give the same rota while `Rota.repeatable`. A rota of more
    than WHOLE_CELLS cells is solved in weeks, one after another, each with what the weeks before it left; the bounds
    of spread burdens hold for the whole all the same. Raises BadInput for what no rota could ever be, Conflict where
    in that time none was found and none ruled out.
    """
    refuse_impossible(shifts, workers, rules)
    shifts = sorted(shifts, key=lambda shift: (shift.starts, shift.ends, shift.key))
    workers = sorted(workers, key=lambda worker: worker.code)
    search = Search(seconds, seed)
    weights = due(shifts, workers)
    windows = list(_cut(shifts, len(workers)))
    if len(windows) < 2:
        found = _solve(lay_board(shifts, workers, rules), weights, search)
        if found is None:
            return explain(shifts, workers, rules, search)
        on, aims, repeatable = found
        return Rota(on, aims, loads_of(shifts, workers, on), (), repeatable)
    return _plan_long(windows, workers, rules, weights, search)


def _solve(board: Board, weights: Mapping[str, int], search: Search) -> Found | None:
    """The best plan of one board; None where its rules cannot hold together."""
    aims = Aims(board, weights)
    model = Model(board)
    first = start_rota(board, weights)
    start = board.values(first)
    values: list[int] | None = None if next(board.broken(first), None) else start
    model.hint(start)
    polished: list[int] | None = None
    reached, repeatable = [], True
    groups = [names for group in board.rules.aims if (names := [name for name in group if aims.matters(name)])]
    for group in groups or [["wishes"]]:
        if values is not None and values != polished:
            values = polished = polish(board, aims, groups, values)
        step = reach(model, aims, group, values, search)
        if step is None:
            return None
        values, worth, by_clock = step
        repeatable = repeatable and not by_clock
        if values is None:
            raise _not_found(search)
        reached.append(aim_of(group, worth))
    assert values is not None
    return model.chosen(values), tuple(reached), repeatable


def _can_be(board: Board, search: Search) -> bool:
    """Whether a board is not shown to leave no plan."""
    model = Model(board)
    return bool(model.solver(search).solve(model.model) != model.cp.INFEASIBLE)


def _not_found(search: Search) -> Conflict:
    return Conflict.at(
        _("the rota"),
        _(
            "in {seconds} seconds no rota was found that keeps all the rules, nor was it shown that there is none",
            seconds=round(search.seconds),
        ),
        _("allow more time for each aim, or plan fewer days at once"),
    )


def _cut(shifts: Sequence[Shift], workers: int) -> Iterable[list[Shift]]:
    """Shifts in runs of whole weeks from Monday; all in one where they are not many."""
    if len(shifts) * workers <= WHOLE_CELLS:
        return [list(shifts)]
    weeks: dict[dt.date, list[Shift]] = {}
    for shift in shifts:
        weeks.setdefault(shift.day - dt.timedelta(days=shift.day.weekday()), []).append(shift)
    runs: list[list[Shift]] = []
    for week in weeks.values():
        if runs and (len(runs[-1]) + len(week)) * workers <= WINDOW_CELLS:
            runs[-1] += week
        else:
            runs.append(list(week))
    return runs


def _plan_long(
    windows: list[list[Shift]], workers: Sequence[Worker], rules: Rules, weights: Mapping[str, int], search: Search
) -> Rota | Clash:
    """Window after window. One that cannot be filled after those before it is joined with the last and tried again."""
    every = [shift for window in windows for shift in window]
    done: list[tuple[list[Shift], Found]] = []
    rest = list(windows)
    while rest:
        window = rest.pop(0)
        before = [shift for past, _found in done for shift in past]
        on = {key: codes for _past, found in done for key, codes in found[0].items()}
        share = (len(before) + len(window)) / len(every)
        board = _after(before, on, window, workers, rules, share)
        found = _solve(board, weights, search)
        if found is not None:
            fresh = {shift.key for shift in window}
            done.append((window, ({key: codes for key, codes in found[0].items() if key in fresh}, found[1], found[2])))
            continue
        whole = not done and not rest
        alone = list(workers) if whole else [replace(w, least=None, least_minutes=None) for w in workers]
        if whole or not _can_be(lay_board(window, alone, _within(rules, window)), search):
            return explain(window, alone, _within(rules, window), search)
        if done:
            rest.insert(0, done.pop()[0] + window)
        else:
            rest[0] = window + rest[0]
    on = {key: codes for _past, found in done for key, codes in found[0].items()}
    return Rota(
        on,
        _whole(every, workers, rules, weights, on),
        loads_of(every, workers, on),
        tuple(Window(window[0].day, window[-1].day, found[1]) for window, found in done),
        all(found[2] for _window, found in done),
    )


def _after(
    before: Sequence[Shift], on: On, window: Sequence[Shift], workers: Sequence[Worker], rules: Rules, share: float
) -> Board:
    """The board of a window after what came before: rules that look back see it, counts over all go on from it."""
    if not before:
        return lay_board(window, [_so_far(w, Load(), 0, {}, share) for w in workers], _within(rules, window))
    back = max([14, *(worker.most_in_a_row or 0 for worker in workers), rules.most_in_a_row or 0])
    since = min(window[0].day.replace(day=1), window[0].day - dt.timedelta(days=back))
    since -= dt.timedelta(days=since.weekday())
    near = [shift for shift in before if shift.day >= since]
    far = [shift for shift in before if shift.day < since]
    all_before, long_before = loads_of(before, workers, on), loads_of(far, workers, {s.key: on[s.key] for s in far})
    changed = []
    for worker in workers:
        mine = [shift for shift in far if worker.code in on[shift.key]]
        weekends = {shift.day - dt.timedelta(days=shift.day.weekday()) for shift in mine if shift.day.weekday() > 4}
        kinds = {kind: sum(shift.kind == kind for shift in mine) for kind in worker.most_of}
        taken = _so_far(worker, long_before[worker.code], len(weekends), kinds, share)
        load = all_before[worker.code]
        held = {
            name: worker.held.get(name, 0) + getattr(load, name)
            for name in ("holidays", "evenings", "weekends", "minutes")
        }
        changed.append(replace(taken, held=held))
    settled = {shift.key: on[shift.key] for shift in near}
    return lay_board([*near, *window], changed, _within(rules, window), settled=settled)


def _so_far(worker: Worker, load: Load, weekends: int, kinds: Mapping[str, int], share: float) -> Worker:
    """A worker's counts over the whole rota, less what was taken; of the least, the part due by now."""
    return replace(
        worker,
        most=None if worker.most is None else worker.most - load.shifts,
        least=None if worker.least is None else max(0, int(worker.least * share) - load.shifts),
        most_minutes=None if worker.most_minutes is None else worker.most_minutes - load.minutes,
        least_minutes=None
        if worker.least_minutes is None
        else max(0, int(worker.least_minutes * share) - load.minutes),
        most_weekends=None if worker.most_weekends is None else worker.most_weekends - weekends,
        most_of={kind: most - kinds.get(kind, 0) for kind, most in worker.most_of.items()},
    )


def _within(rules: Rules, window: Sequence[Shift]) -> Rules:
    """The rules about cells of the window only."""
    keys = {shift.key for shift in window}
    return replace(
        rules,
        locked={cell: there for cell, there in rules.locked.items() if cell[1] in keys},
        published=frozenset(cell for cell in rules.published if cell[1] in keys),
        wishes=tuple(wish for wish in rules.wishes if wish.shift in keys),
    )


def _whole(
    shifts: Sequence[Shift], workers: Sequence[Worker], rules: Rules, weights: Mapping[str, int], on: On
) -> tuple[Aim, ...]:
    """The aims of a rota that was solved in windows, with the bounds that need no search."""
    board = lay_board(shifts, workers, rules, bare=True)
    aims = Aims(board, weights)
    values = board.values(on)
    groups = [names for group in rules.aims if (names := [name for name in group if aims.matters(name)])]
    return tuple(
        aim_of(group, (sum(aims.value(n, values) for n in group), sum(aims.least(n) for n in group)))
        for group in groups
    )
