"""Fairness over a rota: burdens shared out by the size of posts, and the least any sharing can cost.

The n-th shift somebody gets costs (2n - 1) / share. The sum over all is the sum of squares of loads per share, and
dealing out shift after shift to whoever it costs least is Webster's and Sainte-Lague's method of seats: every shift
moved from one who has more to one who has less for his share makes the sum smaller. The difference between the most
and the least, the usual measure, says nothing of all those in between, and one officer who can take none would pin
it; here who cannot take any adds nothing and disturbs nothing.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.planning.rota_lines import Board
from outreach.planning.rota_terms import Load, On, Shift, Worker

SCALE = 10_000
"""Costs are whole numbers: (2n - 1) * SCALE / share, rounded down, which keeps them in order."""

BURDENS = ("holidays", "evenings", "weekends", "hours")
"""The aims that spread something evenly."""


def bears(name: str, shift: Shift) -> int:
    """How much of a burden a shift is: minutes for "hours", else 1 or 0."""
    match name:
        case "holidays":
            return int(shift.holiday)
        case "evenings":
            return int(shift.evening)
        case "weekends":
            return int(shift.weekend)
        case _:
            return shift.minutes


def due(shifts: Sequence[Shift], workers: Sequence[Worker]) -> dict[str, int]:
    """What each worker's hours are measured by: the share of a full post, less the days of leave."""
    days = {shift.day for shift in shifts}
    return {w.code: max(1, round(w.share * len(days - w.away) / max(1, len(days)))) for w in workers}


def loads_of(shifts: Sequence[Shift], workers: Sequence[Worker], on: On) -> dict[str, Load]:
    """What each worker has in a rota."""
    by_key = {shift.key: shift for shift in shifts}
    mine: dict[str, list[Shift]] = {worker.code: [] for worker in workers}
    for key, codes in on.items():
        for code in codes:
            mine[code].append(by_key[key])
    return {
        code: Load(len(some), *(sum(bears(name, shift) for shift in some) for name in ("hours", *BURDENS[:3])))
        for code, some in mine.items()
    }


@dataclass(frozen=True, slots=True)
class Portion:
    """One worker's part in a burden: what it is measured by, what is held already, the cells that add to it, the most
    they can come to.
    """

    weight: int
    held: int
    cells: tuple[tuple[int, int], ...]
    cap: int

    def price(self, number: int) -> int:
        """What the `number`-th unit of this rota costs, from 1."""
        return (2 * (self.held + number) - 1) * SCALE // self.weight

    def cost(self, units: int) -> int:
        """What so many units cost."""
        return sum(self.price(number) for number in range(1, units + 1))


class Burden:
    """One burden over a board, in units of `grain` (minutes for hours, else shifts)."""

    def __init__(self, name: str, board: Board, weights: Mapping[str, int]) -> None:
        self.name = name
        settled = {board.cells[cell][1] for cell in board.settled}
        self.shifts = [s for s in board.shifts if bears(name, s) and s.key not in settled]
        self.grain = math.gcd(*(bears(name, shift) for shift in self.shifts)) or 1
        units = {shift.key: bears(name, shift) // self.grain for shift in self.shifts}
        held = "minutes" if name == "hours" else name
        self.portions: dict[str, Portion] = {}
        for worker in board.workers:
            days: dict[object, list[int]] = defaultdict(list)
            cells = []
            for shift in self.shifts:
                cell = board.index.get((worker.code, shift.key))
                if cell is not None:
                    cells.append((cell, units[shift.key]))
                    days[shift.day].append(units[shift.key])
            if cells:
                most_a_day = board.rules.most_a_day
                cap = sum(sum(sorted(some, reverse=True)[:most_a_day]) for some in days.values())
                if worker.most is not None:
                    cap = min(cap, max(0, worker.most) * max(unit for _cell, unit in cells))
                weight = weights[worker.code] if name == "hours" else worker.share
                self.portions[worker.code] = Portion(weight, worker.held.get(held, 0) // self.grain, tuple(cells), cap)
        self.total = min(
            sum(shift.heads * units[shift.key] for shift in self.shifts),
            sum(portion.cap for portion in self.portions.values()),
        )
        self._deal()

    def _deal(self) -> None:
        """The cheapest sharing out of the total that keeps to the caps alone: `bound` is its cost."""
        self.dealt = dict.fromkeys(self.portions, 0)
        self.last = 0
        heap = [(portion.price(1), code) for code, portion in self.portions.items()]
        heapq.heapify(heap)
        self.bound = 0
        for _unit in range(self.total):
            self.last, code = heapq.heappop(heap)
            self.bound += self.last
            self.dealt[code] += 1
            portion = self.portions[code]
            if self.dealt[code] < portion.cap:
                heapq.heappush(heap, (portion.price(self.dealt[code] + 1), code))

    def units(self, values: Sequence[int]) -> dict[str, int]:
        """What each worker bears, given every cell's value."""
        return {
            code: sum(unit * values[cell] for cell, unit in portion.cells) for code, portion in self.portions.items()
        }

    def cost(self, values: Sequence[int]) -> int:
        """What a rota costs, given every cell's value."""
        return sum(self.portions[code].cost(units) for code, units in self.units(values).items())

    def range_of(self, code: str, ceiling: int) -> tuple[int, int]:
        """The least and the most a worker can bear in any rota that costs no more than `ceiling`.

        By the dual of the sharing-out: with `last` as the price of a unit, each unit more or less than dealt raises
        the bound by the difference of its price and `last`.
        """
        portion, low, high = self.portions[code], self.dealt[code], self.dealt[code]
        room = ceiling - self.bound
        rise = 0
        while low > 0 and (rise := rise + self.last - portion.price(low)) <= room:
            low -= 1
        rise = 0
        while high < portion.cap and (rise := rise + portion.price(high + 1) - self.last) <= room:
            high += 1
        return low, high
