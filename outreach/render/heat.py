"""Tables of chances as a picture: darker is likelier; paler, with slanting lines, where nothing was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.render.svg import INK, MUTED, Canvas, lines_of, text_width

_PALE, _DARK, _HATCH = (240, 246, 250), (0, 84, 134), "#8CA3B8"
_CELL, _WIDE, _GAP, _LABEL = 26.0, 62.0, 30.0, 13.0
_LIGHT_FROM = 0.55
"""From this chance on words stand white on the dark ground."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: a chance from 0 to 1, whether it was counted or only concluded, and what a pointer resting shows."""

    chance: float
    counted: bool
    tip: str


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """One small table: its name, its columns' names, and each row's name with one cell a column."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatCell]]]


def heat_map(title: str, note: str, grids: Sequence[HeatGrid], *, across: int = 3) -> str:
    """Small tables side by side, `across` in a row, as one SVG; percentages stand in the cells. note: below the title.

    Raises ValueError where a row has not one cell a column, or a chance lies outside 0 to 1.
    """
    for grid in grids:
        for _name, cells in grid.rows:
            if len(cells) != len(grid.columns) or any(not 0 <= cell.chance <= 1 for cell in cells):
                raise ValueError("a row has one cell a column, each with a chance from 0 to 1")
    label = max((text_width(name, _LABEL) for grid in grids for name, _cells in grid.rows), default=0) + 10
    wide = max([_WIDE, *(text_width(name, 11) + 8 for grid in grids for name in grid.columns)])
    widths = [label + wide * len(grid.columns) for grid in grids]
    each = max(widths, default=0) + _GAP
    said = "; ".join(f"{grid.name}: {name} {_percents(cells)}" for grid in grids for name, cells in grid.rows)
    canvas = Canvas(title, said, max(each * min(across, max(len(grids), 1)), 400))
    canvas.text(0, 22, title, size=19, bold=True)
    y = 44.0
    for line in lines_of(note, 13, canvas.width - 10):
        canvas.text(0, y, line, size=13, colour=MUTED)
        y += 18
    for start in range(0, len(grids), across):
        row = grids[start : start + across]
        heights = [_draw(canvas, grid, number * each, y + 8, label, wide, each) for number, grid in enumerate(row)]
        y += 8 + max(heights)
    return canvas.svg(y)


def _draw(canvas: Canvas, grid: HeatGrid, x: float, y: float, label: float, wide: float, each: float) -> float:
    """Draw one table with its corner at (x, y); returns how tall it is."""
    top = y
    for line in lines_of(grid.name, 14, each - _GAP):
        y += 19
        canvas.text(x, y, line, size=14, bold=True)
    y += 20
    for number, name in enumerate(grid.columns):
        canvas.text(x + label + wide * (number + 0.5), y, name, size=11, anchor="middle", colour=MUTED)
    y += 6
    for name, cells in grid.rows:
        canvas.text(x + label - 8, y + _CELL / 2 + 4.7, name, size=_LABEL, anchor="end")
        for number, cell in enumerate(cells):
            left = x + label + wide * number
            # What is only concluded stays pale: it must not catch the eye before what was seen.
            canvas.box(
                left + 1, y + 1, wide - 2, _CELL - 2, _shade(cell.chance / (1 if cell.counted else 2)), tip=cell.tip
            )
            if not cell.counted:
                canvas.hatch(left + 1, y + 1, wide - 2, _CELL - 2, _HATCH)
            colour = "#FFFFFF" if cell.counted and cell.chance >= _LIGHT_FROM else INK
            at = (left + wide / 2, y + _CELL / 2 + 4.5)
            canvas.text(*at, f"{cell.chance:.0%}", size=12, anchor="middle", colour=colour, bold=cell.counted)
        y += _CELL
    return y - top + 14


def _shade(chance: float) -> str:
    """From pale at 0 to dark blue at 1."""
    return "#" + "".join(f"{round(pale + (dark - pale) * chance):02X}" for pale, dark in zip(_PALE, _DARK, strict=True))


def _percents(cells: Sequence[HeatCell]) -> str:
    return ", ".join(f"{cell.chance:.0%}" for cell in cells)
