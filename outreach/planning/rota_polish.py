"""A rota made better by hand's moves: one head for another, two heads exchanged, while any of them helps.

The solver proves, but from far off it is slow to spread burdens over a month; these moves come near the best in a
moment, and the nearer the plan, the narrower what the solver has left to look through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from outreach.planning.rota_lines import Board
from outreach.planning.rota_model import Aims

MOVES = 600_000
"""Moves looked at before polishing ends: a few seconds. It counts moves, not time, so that plans repeat."""

RANK = 10**14
"""An aim outweighs those after it by this, more than any of them can come to."""


def polish(board: Board, aims: Aims, groups: Sequence[Sequence[str]], values: Sequence[int]) -> list[int]:
    """A plan at least as good in the aims' order, by moves that keep every rule. values: a plan that keeps them."""
    return _Polisher(board, aims, groups, values).run()


class _Polisher:
    def __init__(self, board: Board, aims: Aims, groups: Sequence[Sequence[str]], values: Sequence[int]) -> None:
        self.board = board
        self.values = list(values)
        self.left = MOVES
        rank = {name: RANK ** (len(groups) - place) for place, group in enumerate(groups) for name in group}
        self.fixed = set(board.settled) | {board.index[cell] for cell in board.rules.locked if cell in board.index}
        self._lines()
        self._weigh(aims, rank)
        self.on: dict[str, list[int]] = defaultdict(list)
        self.able: dict[str, list[int]] = defaultdict(list)
        for cell, (_code, key) in enumerate(board.cells):
            if cell not in self.fixed:
                (self.on if self.values[cell] else self.able)[key].append(cell)

    def _lines(self) -> None:
        board = self.board
        self.lines_of: list[list[tuple[int, int]]] = [[] for _atom in self.values]
        self.sums: list[int] = []
        self.ends: list[tuple[float, float]] = []
        for line in board.lines:
            for atom, factor in line.terms():
                self.lines_of[atom].append((len(self.sums), factor))
            self.sums.append(sum(factor * self.values[atom] for atom, factor in line.terms()))
            low, high = line.low, line.high
            self.ends.append((float("-inf") if low is None else low, float("inf") if high is None else high))
        self.unions_of: dict[int, list[int]] = defaultdict(list)
        self.counts: dict[int, int] = {}
        for number, union in enumerate(board.unions, len(board.cells)):
            self.counts[number] = sum(self.values[cell] for cell in union)
            for cell in union:
                self.unions_of[cell].append(number)

    def _weigh(self, aims: Aims, rank: dict[str, int]) -> None:
        """What cells cost by themselves, and each worker's burdens with what they cost in sum, by units."""
        board = self.board
        self.price = [0] * len(board.cells)
        if "changes" in rank and aims.matters("changes"):
            for whom, atom in board.index.items():
                self.price[atom] += -rank["changes"] if whom in aims.told else rank["changes"]
        if "wishes" in rank:
            for place, wish in aims.wishes:
                if place is not None:
                    self.price[place] += rank["wishes"] * (-wish.weight if wish.on else wish.weight)
        self.units: list[list[tuple[str, int]]] = [[] for _cell in board.cells]
        self.borne: dict[tuple[str, str], int] = {}
        self.costs: dict[tuple[str, str], list[int]] = {}
        for name, burden in aims.burdens.items():
            if name not in rank or not aims.matters(name):
                continue
            for code, units in burden.units(self.values).items():
                portion = burden.portions[code]
                costs = [0]
                for number in range(1, sum(unit for _cell, unit in portion.cells) + 1):
                    costs.append(costs[-1] + rank[name] * portion.price(number))
                self.borne[name, code], self.costs[name, code] = units, costs
                for cell, unit in portion.cells:
                    self.units[cell].append((name, unit))

    def run(self) -> list[int]:
        better = True
        while better and self.left > 0:
            better = self._replace()
            if not better:
                better = self._exchange()
        return self.values

    def _replace(self) -> bool:
        """One head for another on every shift where it helps."""
        better = False
        for key, there in self.on.items():
            for place, cell in enumerate(there):
                for other, able in enumerate(self.able[key]):
                    if self._try([cell], [able]):
                        there[place], self.able[key][other] = able, cell
                        better = True
                        break
                    if self.left <= 0:
                        return better
        return better

    def _exchange(self) -> bool:
        """Two heads of two shifts change places where it helps."""
        index, cells, better = self.board.index, self.board.cells, False
        taken = [(key, place) for key, there in self.on.items() for place in range(len(there))]
        for number, (key, place) in enumerate(taken):
            for other_key, other_place in taken[number + 1 :]:
                one, two = self.on[key][place], self.on[other_key][other_place]
                if key == other_key or cells[one][0] == cells[two][0]:
                    continue
                new_one, new_two = index.get((cells[two][0], key)), index.get((cells[one][0], other_key))
                if new_one is None or new_two is None or new_one in self.fixed or new_two in self.fixed:
                    continue
                if self.values[new_one] or self.values[new_two]:
                    continue
                if self._try([one, two], [new_one, new_two]):
                    for where, spot, old, new in ((key, place, one, new_one), (other_key, other_place, two, new_two)):
                        self.on[where][spot] = new
                        self.able[where].remove(new)
                        self.able[where].append(old)
                    better = True
                if self.left <= 0:
                    return better
        return better

    def _try(self, off: Sequence[int], on: Sequence[int]) -> bool:
        """Make the move if it helps and breaks nothing."""
        self.left -= 1
        if self._gain(off, on) >= 0:
            return False
        atoms = [(cell, -1) for cell in off] + [(cell, 1) for cell in on]
        counts = self._counts(atoms)
        atoms += [
            (union, int(now > 0) - int(self.counts[union] > 0))
            for union, now in counts.items()
            if (now > 0) != (self.counts[union] > 0)
        ]
        change: dict[int, int] = defaultdict(int)
        for atom, by in atoms:
            for line, factor in self.lines_of[atom]:
                change[line] += factor * by
        for line, by in change.items():
            low, high = self.ends[line]
            if by and not low <= self.sums[line] + by <= high:
                return False
        for line, by in change.items():
            self.sums[line] += by
        for atom, by in atoms:
            self.values[atom] += by
        self.counts.update(counts)
        for code, name, units in self._burdens(off, on):
            self.borne[name, code] += units
        return True

    def _counts(self, atoms: Iterable[tuple[int, int]]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for cell, by in atoms:
            for union in self.unions_of.get(cell, ()):
                counts[union] = counts.get(union, self.counts[union]) + by
        return counts

    def _burdens(self, off: Iterable[int], on: Iterable[int]) -> list[tuple[str, str, int]]:
        change: dict[tuple[str, str], int] = defaultdict(int)
        for cells, sign in ((off, -1), (on, 1)):
            for cell in cells:
                code = self.board.cells[cell][0]
                for name, unit in self.units[cell]:
                    change[code, name] += sign * unit
        return [(code, name, units) for (code, name), units in change.items() if units]

    def _gain(self, off: Sequence[int], on: Sequence[int]) -> int:
        """What the move adds to the ranked cost."""
        total = sum(self.price[cell] for cell in on) - sum(self.price[cell] for cell in off)
        for code, name, units in self._burdens(off, on):
            costs, borne = self.costs[name, code], self.borne[name, code]
            total += costs[borne + units] - costs[borne]
        return total
