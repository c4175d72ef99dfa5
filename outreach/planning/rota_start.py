"""A first rota at once: shift after shift, to whoever may and has the least for his share.

It need not be whole: where it leaves a rule broken it is only a hint to the solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from outreach.planning.rota_fair import BURDENS, bears
from outreach.planning.rota_lines import Board
from outreach.planning.rota_terms import On, Shift


def start_rota(board: Board, weights: Mapping[str, int]) -> On:
    """Shift's key -> codes, in the order of time. Locked and published cells come first, then skills, then turns."""
    return _Starter(board, weights).deal()


class _Starter:
    def __init__(self, board: Board, weights: Mapping[str, int]) -> None:
        self.board = board
        self.weights = weights
        self.limits: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.room: list[int] = []
        for line in board.lines:
            if line.high is not None and line.atoms and min(line.coefs, default=1) >= 0:
                for atom, factor in line.terms():
                    self.limits[atom].append((len(self.room), factor))
                self.room.append(line.high)
        self.unions: dict[int, list[int]] = defaultdict(list)
        for number, union in enumerate(board.unions):
            for cell in union:
                self.unions[cell].append(len(board.cells) + number)
        self.done = [0] * (len(board.cells) + len(board.unions))
        self.borne = {w.code: {"minutes": 0} | dict(w.held) for w in board.workers}
        self.share = {worker.code: max(1, worker.share) for worker in board.workers}
        self.skills = {worker.code: worker.skills for worker in board.workers}
        self.wishes = {(w.worker, w.shift): w.weight if w.on else -w.weight for w in board.rules.wishes}
        self.others: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for code, key in board.cells:
            self.others[key].append((code, board.index[code, key]))

    def deal(self) -> On:
        on: dict[str, list[str]] = {shift.key: [] for shift in self.board.shifts}
        by_key = {shift.key: shift for shift in self.board.shifts}
        given = [self.board.cells[cell] for cell in sorted(self.board.settled)]
        given += [cell for cell, there in sorted(self.board.rules.locked.items()) if there and cell in self.board.index]
        for cell in given:
            self._take(self.board.index[cell], by_key[cell[1]], on)
        barred = {cell for cell, there in self.board.rules.locked.items() if not there}
        settled = {self.board.cells[cell][1] for cell in self.board.settled}
        for shift in self.board.shifts:
            if shift.key not in settled:
                self._fill(shift, on, barred)
        return {key: tuple(sorted(codes)) for key, codes in on.items()}

    def _fill(self, shift: Shift, on: dict[str, list[str]], barred: set[tuple[str, str]]) -> None:
        while len(on[shift.key]) < shift.likes:
            lacking = {
                skill
                for skill, count in shift.skills.items()
                if sum(skill in self.skills[code] for code in on[shift.key]) < count
            }
            free = [
                (self._turn(code, shift, lacking), atom)
                for code, atom in self.others[shift.key]
                if not self.done[atom] and (code, shift.key) not in barred and self._fits(atom)
            ]
            if not free:
                return
            self._take(min(free)[1], shift, on)

    def _turn(self, code: str, shift: Shift, lacking: set[str]) -> tuple[float, ...]:
        """What decides whose turn it is: told before, skills lacking, burdens by share, wishes, skills to spare."""
        borne = self.borne[code]
        turns = [borne.get(name, 0) / self.share[code] for name in BURDENS[:3] if bears(name, shift)]
        return (
            -((code, shift.key) in self.board.rules.published),
            -len(lacking & self.skills[code]),
            sum(turns),
            borne["minutes"] / self.weights[code],
            -self.wishes.get((code, shift.key), 0),
            len(self.skills[code]),
        )

    def _gains(self, atom: int) -> list[int]:
        """The cell and the unions that it would be the first of."""
        return [atom, *(union for union in self.unions.get(atom, ()) if not self.done[union])]

    def _fits(self, atom: int) -> bool:
        need: dict[int, int] = defaultdict(int)
        for gained in self._gains(atom):
            for line, factor in self.limits.get(gained, ()):
                need[line] += factor
        return all(self.room[line] >= factor for line, factor in need.items())

    def _take(self, atom: int, shift: Shift, on: dict[str, list[str]]) -> None:
        if self.done[atom]:
            return
        for gained in self._gains(atom):
            self.done[gained] = 1
            for line, factor in self.limits.get(gained, ()):
                self.room[line] -= factor
        code = self.board.cells[atom][0]
        on[shift.key].append(code)
        for name in BURDENS:
            held = "minutes" if name == "hours" else name
            self.borne[code][held] = self.borne[code].get(held, 0) + bears(name, shift)
