"""The rules of a rota as lines of sums: what the solver holds, what a clash names, what a check reads back.

Every rule about a rota is one or more lines `low <= sum of atoms <= high`. An atom is a cell (is this worker on this
shift) or a union of cells (does this worker work on that day, that weekend). Nothing else in the planner states a
rule, so that the plan, the check of cells set by hand and the reasons of a clash cannot drift apart.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outreach.planning.rota_terms import Cell, On, Rule, Rules, Shift, Worker

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """`low` <= sum of coefs * atoms <= `high`; None: no such end. coefs empty: all 1."""

    rule: Rule
    atoms: tuple[int, ...]
    low: int | None
    high: int | None
    coefs: tuple[int, ...] = ()

    def terms(self) -> Iterator[tuple[int, int]]:
        """Atoms and their factors."""
        return zip(self.atoms, self.coefs or (1,) * len(self.atoms), strict=True)


@dataclass(slots=True)
class Board:
    """The cells that may be filled, the unions over them and the lines that hold. Settled cells are filled for good."""

    shifts: list[Shift]
    workers: list[Worker]
    rules: Rules
    cells: list[Cell] = field(default_factory=list)
    index: dict[Cell, int] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    unions: list[tuple[int, ...]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def values(self, on: On) -> list[int]:
        """Every atom's value in a rota."""
        chosen = [int(code in on.get(key, ())) for code, key in self.cells]
        return chosen + [max(chosen[cell] for cell in union) for union in self.unions]

    def broken(self, on: On) -> Iterator[tuple[Line, int]]:
        """The lines a rota breaks, and by how much."""
        values = self.values(on)
        for line in self.lines:
            total = sum(factor * values[atom] for atom, factor in line.terms())
            if line.low is not None and total < line.low:
                yield line, line.low - total
            elif line.high is not None and total > line.high:
                yield line, total - line.high


def lay_board(
    shifts: Iterable[Shift],
    workers: Iterable[Worker],
    rules: Rules,
    *,
    everyone: bool = False,
    settled: On | None = None,
    bare: bool = False,
) -> Board:
    """The cells and lines of one rota.

    bare: cells only, to count what a rota is worth. everyone: leave, times of day and weekdays are lines that can be
    named and can give, instead of cells left out.
    settled: shifts filled before, whose cells stay and whose own demands are not looked at again.
    """
    settled = settled or {}
    board = Board(sorted(shifts, key=lambda s: (s.starts, s.ends, s.key)), sorted(workers, key=lambda w: w.code), rules)
    for worker in board.workers:
        for shift in board.shifts:
            if shift.key in settled:
                there = worker.code in settled[shift.key]
            else:
                there = shift.key not in worker.barred if everyone else worker.can(shift)
            if there:
                board.index[worker.code, shift.key] = len(board.cells)
                if shift.key in settled:
                    board.settled.add(len(board.cells))
                board.cells.append((worker.code, shift.key))
    if bare:
        return board
    fresh = [shift for shift in board.shifts if shift.key not in settled]
    _Layer(board, fresh, everyone=everyone).lay()
    board.lines = [line for line in board.lines if not line.atoms or not board.settled.issuperset(line.atoms)]
    return board


class _Layer:
    """Puts the lines on a board."""

    def __init__(self, board: Board, fresh: Sequence[Shift], *, everyone: bool) -> None:
        self.board = board
        self.fresh = fresh
        self.everyone = everyone
        self.days = sorted({shift.day for shift in board.shifts})

    def lay(self) -> None:
        self._demands()
        pairs = list(self._pairs())
        for worker in self.board.workers:
            mine = [shift for shift in self.board.shifts if (worker.code, shift.key) in self.board.index]
            self._pairs_of(worker, pairs)
            self._presence(worker, mine)
            self._counts(worker, mine)
            self._stretches(worker, mine)
        self._couples()
        self._locks()

    def _put(
        self, rule: Rule, atoms: Iterable[int], low: int | None, high: int | None, coefs: Iterable[int] = ()
    ) -> None:
        self.board.lines.append(Line(rule, tuple(atoms), low, high, tuple(coefs)))

    def _cell(self, worker: Worker, shift: Shift) -> int:
        return self.board.index[worker.code, shift.key]

    def _demands(self) -> None:
        for shift in self.fresh:
            there = [w for w in self.board.workers if (w.code, shift.key) in self.board.index]
            atoms = [self._cell(worker, shift) for worker in there]
            if shift.heads:
                self._put(Rule("heads", shift=shift.key, count=shift.heads), atoms, shift.heads, None)
            if len(atoms) > shift.room:
                self._put(Rule("full", shift=shift.key, count=shift.room), atoms, None, shift.room)
            for skill, count in sorted(shift.skills.items()):
                able = [self._cell(worker, shift) for worker in there if skill in worker.skills]
                self._put(Rule("skill", shift=shift.key, skill=skill, count=count), able, count, None)

    def _pairs(self) -> Iterator[tuple[str, Shift, Shift]]:
        """Pairs of shifts that nobody may have both of, and why."""
        rules, shifts = self.board.rules, self.board.shifts
        reach = max([rules.rest, *rules.travel.values(), dt.timedelta()])
        for number, one in enumerate(shifts):
            for two in shifts[number + 1 :]:
                if two.starts >= one.ends + reach and two.day > one.day + DAY:
                    break
                gap = two.starts - one.ends
                if gap < dt.timedelta():
                    kind = "places"
                elif gap < rules.way(one.place, two.place):
                    kind = "travel"
                elif two.day != one.day and gap < rules.rest:
                    kind = "rest"
                elif two.day == one.day + DAY and (one.kind, two.kind) in rules.not_after:
                    kind = "order"
                else:
                    continue
                if two.day != one.day or rules.most_a_day > 1 or self.everyone:  # else the day's rule says it already
                    yield kind, one, two

    def _pairs_of(self, worker: Worker, pairs: Iterable[tuple[str, Shift, Shift]]) -> None:
        index, code = self.board.index, worker.code
        for kind, one, two in pairs:
            first, second = index.get((code, one.key)), index.get((code, two.key))
            if first is not None and second is not None:
                self._put(Rule(kind, code, two.key, one.key), (first, second), None, 1)

    def _presence(self, worker: Worker, mine: Sequence[Shift]) -> None:
        """Leave and times of day, where everybody has every cell."""
        if not self.everyone:
            return
        for first, last in stretches(worker.away):
            there = [
                s for s in mine if s.day <= last and s.days()[-1] >= first and not worker.away.isdisjoint(s.days())
            ]
            if there:
                rule = Rule("leave", worker.code, first=first, last=last)
                self._put(rule, [self._cell(worker, shift) for shift in there], None, 0)
        for kind, keeps in (("hours", worker.keeps_hours), ("weekdays", worker.keeps_days)):
            beyond = [self._cell(worker, shift) for shift in mine if not keeps(shift)]
            if beyond:
                self._put(Rule(kind, worker.code), beyond, None, 0)

    def _counts(self, worker: Worker, mine: Sequence[Shift]) -> None:
        code = worker.code
        every = [self._cell(worker, shift) for shift in mine]
        for day, atoms in self._grouped(worker, mine, lambda shift: shift.day).items():
            self._most(Rule("day", code, first=day, count=self.board.rules.most_a_day), atoms)
        weeks = self._grouped(worker, mine, lambda shift: shift.day - shift.day.weekday() * DAY)
        if worker.most_a_week is not None:
            for monday, atoms in weeks.items():
                self._most(Rule("week", code, first=monday, count=worker.most_a_week), atoms)
        if worker.least_a_week:
            for monday in sorted({day - day.weekday() * DAY for day in self.days}):
                rule = Rule("week_least", code, first=monday, count=worker.least_a_week)
                self._put(rule, weeks.get(monday, ()), worker.least_a_week, None)
        if worker.most_a_month is not None:
            for month, atoms in self._grouped(worker, mine, lambda shift: shift.day.replace(day=1)).items():
                self._most(Rule("month", code, first=month, count=worker.most_a_month), atoms)
        if worker.most is not None:
            self._most(Rule("most", code, count=worker.most), every)
        if worker.least:
            self._put(Rule("least", code, count=worker.least), every, worker.least, None)
        minutes = [shift.minutes for shift in mine]
        if worker.most_minutes is not None and sum(minutes) > worker.most_minutes:
            self._put(Rule("minutes", code, count=worker.most_minutes), every, None, worker.most_minutes, minutes)
        if worker.least_minutes:
            rule = Rule("minutes_least", code, count=worker.least_minutes)
            self._put(rule, every, worker.least_minutes, None, minutes)
        for kind, most in sorted(worker.most_of.items()):
            atoms = [self._cell(worker, shift) for shift in mine if shift.kind == kind]
            self._most(Rule("of_kind", code, skill=kind, count=most), atoms)

    def _most(self, rule: Rule, atoms: Sequence[int]) -> None:
        if len(atoms) > rule.count:
            self._put(rule, atoms, None, rule.count)

    def _grouped(
        self, worker: Worker, mine: Iterable[Shift], by: Callable[[Shift], dt.date]
    ) -> dict[dt.date, list[int]]:
        groups: dict[dt.date, list[int]] = defaultdict(list)
        for shift in mine:
            groups[by(shift)].append(self._cell(worker, shift))
        return groups

    def _union(self, atoms: Sequence[int]) -> int:
        if len(atoms) == 1:
            return atoms[0]
        self.board.unions.append(tuple(atoms))
        return len(self.board.cells) + len(self.board.unions) - 1

    def _stretches(self, worker: Worker, mine: Sequence[Shift]) -> None:
        """Days and weekends with work, one after another. What lies before and after the rota is open."""
        code = worker.code
        by_day = self._grouped(worker, mine, lambda shift: shift.day)
        if worker.most_weekends is not None:
            ends: dict[dt.date, list[int]] = defaultdict(list)
            for day, atoms in by_day.items():
                if day.weekday() >= 5:
                    ends[day - day.weekday() * DAY] += atoms
            unions = [self._union(atoms) for atoms in ends.values()]
            self._most(Rule("weekends", code, count=worker.most_weekends), unions)
        own = worker.most_in_a_row
        most = self.board.rules.most_in_a_row if own is None else own
        least, off = worker.least_in_a_row or 0, worker.least_off_in_a_row or 0
        if most is None and least < 2 and off < 2:
            return
        works = {day: self._union(atoms) for day, atoms in sorted(by_day.items())}
        for first in works:
            if most is not None:
                stretch = [works.get(first + n * DAY) for n in range(most + 1)]
                if None not in stretch:
                    self._put(
                        Rule("row", code, first=first, count=most), [a for a in stretch if a is not None], None, most
                    )
            for length in range(1, least):
                self._too_short(Rule("row_least", code, first=first, count=least), works, first, length)
        for last, working in works.items():
            for length in range(1, off):
                end = last + (length + 1) * DAY
                if end in works:
                    between = [works[day] for n in range(length) if (day := last + (n + 1) * DAY) in works]
                    rule = Rule("off_least", code, first=last + DAY, count=off)
                    self._put(rule, [working, works[end], *between], None, 1, [1, 1] + [-1] * len(between))

    def _too_short(self, rule: Rule, works: Mapping[dt.date, int], first: dt.date, length: int) -> None:
        """Not off, `length` days with work, off."""
        stretch = [works[day] for n in range(length) if (day := first + n * DAY) in works]
        before, after = first - DAY, first + length * DAY
        if len(stretch) == length and self.days[0] <= before and after <= self.days[-1]:
            around = [works[day] for day in (before, after) if day in works]
            self._put(rule, stretch + around, None, length - 1, [1] * length + [-1] * len(around))

    def _couples(self) -> None:
        index = self.board.index
        for kind, couples in (("apart", self.board.rules.apart), ("together", self.board.rules.together)):
            for one, two in couples:
                for shift in self.fresh:
                    atoms = [index[cell] for cell in ((one, shift.key), (two, shift.key)) if cell in index]
                    rule = Rule(kind, one, two, shift.key)
                    if kind == "apart" and len(atoms) == 2:
                        self._put(rule, atoms, None, 1)
                    elif kind == "together" and atoms:
                        self._put(rule, atoms, 0 if len(atoms) == 2 else None, 0, (1, -1)[: len(atoms)])

    def _locks(self) -> None:
        fresh = {shift.key for shift in self.fresh}
        for (code, key), there in sorted(self.board.rules.locked.items()):
            if key not in fresh:
                continue
            atoms = [self.board.index[code, key]] if (code, key) in self.board.index else []
            if there or atoms:
                self._put(Rule("lock", code, shift=key, count=int(there)), atoms, int(there), int(there))


def stretches(days: Iterable[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """Days in runs without a gap, each as first and last."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = last = day
        elif day == last + DAY:
            last = day
        else:
            yield first, last
            first = last = day
    if first is not None and last is not None:
        yield first, last
