"""Whole columns taken in at once where all their cells are of the usual sort; with one odd cell, each by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.intake.workbook import Cell

Usual = Callable[[Sequence[Cell]], Sequence[Any] | None]
"""The values of a column, None for empty cells; None instead of them where a cell wants a closer look."""


@dataclass(frozen=True, slots=True)
class ByColumn:
    """A converter of one cell that can take a usual column at once; both ways give the same values."""

    one: Callable[[Cell], Any]
    usual: Usual

    def __call__(self, cell: Cell) -> Any:
        """The value of one cell."""
        return self.one(cell)


def texts_like(pattern: str, but: frozenset[str] = frozenset()) -> Usual:
    """Columns of texts that all match `pattern`, which the converter gives back as they are. No line end may match.

    but: words that match and want a closer look.
    """
    lines = re.compile(rf"(?:(?:{pattern})(?:\n|\Z))*+")

    def usual(column: Sequence[Cell]) -> Sequence[Any] | None:
        filled: list[Any] = list(filter(None, column))
        if len(filled) + column.count(None) != len(column) or not but.isdisjoint(filled):
            return None
        try:
            joined = "\n".join(filled)
        except TypeError:  # a number or a date among them
            return None
        alone = joined.count("\n") == max(len(filled) - 1, 0)
        return column if alone and lines.fullmatch(joined) else None

    return usual


def decimals_within(limit: int) -> Usual:
    """Columns of numbers with a fraction, from -limit to limit: to 15 digits, as the spreadsheet shows them."""

    def usual(column: Sequence[Cell]) -> Sequence[Any] | None:
        if not set(map(type, column)) <= {float, type(None)}:
            return None
        values = [None if cell is None else float(f"{cell:.15g}") for cell in column]
        return values if all(value is None or -limit <= value <= limit for value in values) else None

    return usual
