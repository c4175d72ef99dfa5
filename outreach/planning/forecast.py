"""Where and when people will be short: the hours that open households need against the hours officers have.

Every figure is a sum or a product that can be done by hand; docs/tries.md has an example. Hours at doors only: calls
and letters are done at a desk and stand apart.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """Tries by one channel: the chance of each, how many at most, minutes of one that finds somebody or nobody."""

    chance: float
    most: int
    met_minutes: float
    missed_minutes: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected of one stage, or of several: tries, the chance of a contact, minutes."""

    tries: float = 0.0
    contact: float = 0.0
    minutes: float = 0.0


def expected(stages: Sequence[Stage]) -> list[Expected]:
    """What each stage costs one household that is tried until somebody is found, or every stage is used up.

    With chance p and at most c tries a contact comes with 1 - (1 - p)^c, and the tries are that divided by p (the mean
    of a geometric distribution cut off at c); c where p is 0. A later stage counts as often as the earlier ones fail.
    """
    found, left = [], 1.0
    for stage in stages:
        contact = 1 - (1 - stage.chance) ** stage.most
        tries = contact / stage.chance if stage.chance else float(stage.most)
        minutes = contact * stage.met_minutes + (tries - contact) * stage.missed_minutes
        found.append(Expected(left * tries, left * contact, left * minutes))
        left *= 1 - contact
    return found


@dataclass(frozen=True, slots=True)
class Week:
    """A stretch of days from Monday to Sunday, cut at the ends of the forecast; both included."""

    first: dt.date
    last: dt.date

    def days(self) -> Iterable[dt.date]:
        """Every day of it."""
        return (self.first + dt.timedelta(days=offset) for offset in range((self.last - self.first).days + 1))


def weeks(first: dt.date, last: dt.date) -> list[Week]:
    """The weeks from `first` to `last`, both included."""
    found = []
    while first <= last:
        sunday = first + dt.timedelta(days=6 - first.weekday())
        found.append(Week(first, min(sunday, last)))
        first = sunday + dt.timedelta(days=1)
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One community in one week, in hours. waiting: the part of `needed` that could be done in any other week."""

    week: int
    community: str
    needed: float
    waiting: float
    available: float

    @property
    def short(self) -> float:
        """Hours missing; 0 where there are enough."""
        return max(self.needed - self.available, 0.0)

    @property
    def spare(self) -> float:
        """Hours left over; 0 where there are none."""
        return max(self.available - self.needed, 0.0)


def spread(
    count: int,
    resident: Mapping[str, float],
    migrant: Mapping[str, float],
    available: Mapping[tuple[int, str], float],
    return_days: Sequence[int],
) -> list[Cell]:
    """The cells of `count` weeks and all communities, weeks first.

    resident, migrant: hours a community's households need in all. Residents' hours follow the community's available
    hours week by week (evenly where it has none); migrants' follow the days they are back, return_days of each week,
    and are left out where there is no such day. available: hours by week and community.
    """
    back = sum(return_days)
    cells = []
    for week in range(count):
        for community in sorted(resident.keys() | migrant.keys() | {name for _week, name in available}):
            whole = sum(available.get((one, community), 0.0) for one in range(count))
            there = available.get((week, community), 0.0)
            waiting = resident.get(community, 0.0) * (there / whole if whole else 1 / count)
            returning = migrant.get(community, 0.0) * return_days[week] / back if back else 0.0
            cells.append(Cell(week, community, waiting + returning, waiting, there))
    return cells


@dataclass(frozen=True, slots=True)
class Move:
    """One mend of a shortage, in hours.

    how: 'wait' (residents' doors in another week), 'lend' (officers of another community), 'missing' (nothing helps).
    source: the community that lends, week: the week the doors wait for; None where it is neither.
    """

    how: str
    hours: float
    source: str | None = None
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A cell that is short, and how it is mended most cheaply."""

    cell: Cell
    moves: tuple[Move, ...]


_LEAST = 0.25
"""Hours too few to speak of: a quarter."""


def mend(cells: Sequence[Cell], metres: Callable[[str, str], float]) -> list[Shortage]:
    """How each shortage is met: first by letting residents wait, which costs nothing; then by the nearest who can lend.

    Shortages are met week by week, the largest first; hours given once are not given again. metres: from community to
    community, infinite where it is not known.
    """
    spare = {(cell.week, cell.community): cell.spare for cell in cells}
    found = []
    for cell in sorted(cells, key=lambda cell: (cell.week, -cell.short, cell.community)):
        if cell.short < _LEAST:
            continue
        moves: list[Move] = []
        left = _wait(cell, spare, moves)
        left = _lend(cell, left, spare, metres, moves)
        if left >= _LEAST:
            moves.append(Move("missing", left))
        found.append(Shortage(cell, tuple(moves)))
    return found


def _wait(cell: Cell, spare: dict[tuple[int, str], float], moves: list[Move]) -> float:
    """Put residents' doors off to weeks in which their own community has hours left, the most first."""
    left, movable = cell.short, min(cell.waiting, cell.short)
    for key in sorted((key for key in spare if key[1] == cell.community), key=lambda key: (-spare[key], key)):
        given = min(movable, spare[key])
        if given >= _LEAST:
            spare[key] -= given
            movable, left = movable - given, left - given
            moves.append(Move("wait", given, week=key[0]))
    return left


def _lend(
    cell: Cell,
    left: float,
    spare: dict[tuple[int, str], float],
    metres: Callable[[str, str], float],
    moves: list[Move],
) -> float:
    """Hours of other communities in the same week, the nearest first, then who has the most."""
    keys = [key for key in spare if key[0] == cell.week and key[1] != cell.community]
    for key in sorted(keys, key=lambda key: (metres(cell.community, key[1]), -spare[key], key[1])):
        given = min(left, spare[key])
        if given >= _LEAST:
            spare[key] -= given
            left -= given
            moves.append(Move("lend", given, source=key[1]))
    return left


def whole_officers(hours: float, each: float) -> int:
    """How many officers give so many hours, each of them having `each` in the week; 0 where they have none."""
    return math.ceil(hours / each - 1e-9) if each > 0 else 0
