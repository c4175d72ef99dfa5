"""How far every building is from every base: as the crow flies, or by a given table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from outreach.planning.flow import Ints

Floats = npt.NDArray[np.float64]
Columns = slice | Ints

UNITS_PER_METRE = 10
"""Distances are whole tenths, rounded half to even: each is within 0.05 of the true one."""

EVERY = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Distances in tenths of a metre (or of the table's unit) between buildings (rows) and bases (columns).

    points: (rows, 2), bases: (columns, 2), metres. table: (rows, columns) tenths, math.inf where there is no way;
    given, it is used instead of straight lines.
    """

    points: Floats
    bases: Floats
    table: Floats | None = None

    def block(self, rows: Ints, columns: Columns = EVERY) -> Floats:
        """Distances of some buildings to some bases, (rows, columns); whole numbers or inf."""
        if self.table is not None:
            return self.table[rows][:, columns]
        here, there = self.points[rows], self.bases[columns]
        apart = here[:, 0, None] - there[:, 0]
        rise = here[:, 1, None] - there[:, 1]
        return _tenths(apart, rise)

    def pairs(self, rows: Ints, columns: Ints) -> Floats:
        """Distances pair by pair, one entry a pair."""
        if self.table is not None:
            found: Floats = self.table[rows, columns]
            return found
        apart = self.points[rows] - self.bases[columns]
        return _tenths(apart[:, 0].copy(), apart[:, 1].copy())

    def at_least(self, rows: Ints) -> Floats:
        """For each base a distance below which none of these buildings is."""
        if self.table is not None:
            lowest: Floats = self.table[rows].min(axis=0)
            return lowest
        here = self.points[rows]
        outside = np.maximum(here.min(axis=0) - self.bases, self.bases - here.max(axis=0)).clip(min=0)
        return _tenths(outside[:, 0].copy(), outside[:, 1].copy())

    def squares(self, buildings: int) -> Ints:
        """The square of a grid each building stands in, numbered row by row; about so many buildings in each."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        # Towns fill about half of the box around them.
        side = max(float((high - low).max()), 1.0) / max(1.0, (2 * len(self.points) / buildings) ** 0.5)
        cells = ((self.points - low) // side).astype(np.int64)
        number: Ints = cells[:, 1] * (int(cells.max()) + 1) + cells[:, 0]
        return number

    def by_neighbourhood(self) -> Ints:
        """The rows in an order in which neighbours follow each other."""
        if self.table is not None:
            return np.arange(len(self.table))
        return np.argsort(self.squares(64), kind="stable")

    def nearest(self, count: int) -> Ints:
        """The `count` nearest bases of each building, (rows, count), in no order."""
        rows, columns = len(self.points), len(self.bases)
        if count >= columns:
            return np.tile(np.arange(columns), (rows, 1))
        found = np.empty((rows, count), dtype=np.int64)
        for block in self._blocks():
            found[block] = np.argpartition(self.block(block), count, axis=1)[:, :count]
        return found

    def least(self) -> Floats:
        """How far the nearest base of each building is."""
        found = np.empty(len(self.points))
        for block in self._blocks():
            found[block] = self.block(block).min(axis=1)
        return found

    def span(self) -> float:
        """A distance that no way in use is longer than."""
        if self.table is not None:
            return float(self.table[np.isfinite(self.table)].max(initial=0))
        points = np.concatenate([self.points, self.bases])
        return float(np.ceil(np.hypot(*(points.max(axis=0) - points.min(axis=0))) * UNITS_PER_METRE)) + 1

    def _blocks(self) -> Iterator[Ints]:
        """The rows in runs whose distances to all bases take 16 MB."""
        step = max(1, 2_000_000 // len(self.bases))
        for start in range(0, len(self.points), step):
            yield np.arange(start, min(start + step, len(self.points)))


def _tenths(apart: Floats, rise: Floats) -> Floats:
    """Lengths from their two sides, metres; the arguments are used up."""
    # Everywhere the same steps, so that a distance has one value however it was asked for.
    np.multiply(apart, apart, out=apart)
    np.multiply(rise, rise, out=rise)
    np.add(apart, rise, out=apart)
    np.sqrt(apart, out=apart)
    np.multiply(apart, UNITS_PER_METRE, out=apart)
    return np.rint(apart, out=apart)


def travel_table(
    travel: Mapping[tuple[str, ...], Mapping[str, float]], buildings: Sequence[tuple[str, ...]], bases: Sequence[str]
) -> Floats:
    """The given travel as (buildings, bases) tenths; every pair must be there."""
    table = np.array([[travel[building][base] for base in bases] for building in buildings], dtype=np.float64)
    return np.rint(table * UNITS_PER_METRE)
