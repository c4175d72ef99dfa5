"""A rota as a wall table: dates down, shifts across, names in the cells, holidays in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.messages import _
from outreach.render.svg import INK, MUTED, RULE, Canvas, lines_of, text_width

_OFF_GROUND, _WEEKEND_GROUND, _OFF, _MISSING = "#FBE2D8", "#F3F6F9", "#C0392B", "#C0392B"
_DAY, _PAD, _SIZE, _STEP = 190.0, 8.0, 14.0, 19.0
_MOST_WIDE = 1600.0


@dataclass(frozen=True, slots=True)
class WallDay:
    """One date's row. day: as it is written ('2月9日 周三'); under: lunar day, festival, holiday's name.

    off: a day off by notice; weekend: a plain weekend; provisional: the notice is not out. cells: the names in each
    column, None where the column has no shift that day. short: by column, how many heads are missing.
    """

    day: str
    under: str
    off: bool
    weekend: bool
    provisional: bool
    cells: Sequence[Sequence[str] | None]
    short: Sequence[int] = ()


def rota_wall_svg(title: str, subtitle: str, columns: Sequence[str], rows: Sequence[WallDay]) -> str:
    """The table as one drawing; columns: place and hours of each shift. Every name stands whole.

    Raises ValueError for a row with another number of cells than there are columns.
    """
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"{row.day}: {len(row.cells)} cells for {len(columns)} columns")
    across = min(max(_wanted(columns, rows), 110.0), (_MOST_WIDE - _DAY) / max(len(columns), 1))
    width = _DAY + across * len(columns)
    canvas = Canvas(title, subtitle, max(width, 480.0))
    y = 0.0
    for words in lines_of(title, 22, canvas.width):
        y += 28
        canvas.text(0, y, words, size=22, bold=True)
    for words in lines_of(subtitle, 13, canvas.width):
        y += 20
        canvas.text(0, y, words, size=13, colour=MUTED)
    y += 16
    headings = [lines_of(name, _SIZE, across - 2 * _PAD) for name in columns]
    head = 14 + _STEP * max((len(lines) for lines in headings), default=1)
    top = y
    canvas.box(0, y, width, head, "#E8EEF4")
    canvas.text(_PAD, y + head / 2 + 5, _("Day"), size=_SIZE, bold=True)
    for number, lines in enumerate(headings):
        middle = _DAY + (number + 0.5) * across
        for turn, words in enumerate(lines):
            at = y + head / 2 + 5 + (turn - (len(lines) - 1) / 2) * _STEP
            canvas.text(middle, at, words, size=_SIZE, anchor="middle", bold=True)
    y += head
    edges = [top, y]
    for row in rows:
        tall = _row(canvas, row, y, across, width)
        y += tall
        edges.append(y)
    for edge in edges:
        canvas.line([(0, edge), (width, edge)], MUTED if edge in edges[:2] else RULE)
    for number in range(len(columns) + 2):
        x = 0.0 if number == 0 else _DAY + (number - 1) * across
        canvas.line([(x, top), (x, y)], RULE)
    if any(row.provisional for row in rows):
        y += 22
        canvas.text(
            0, y, _("Provisional: the notice is not out. Days off are computed, and hatched."), size=12, colour=MUTED
        )
    return canvas.svg(y + 8)


def _wanted(columns: Sequence[str], rows: Sequence[WallDay]) -> float:
    """The width at which two names stand beside each other and a heading takes three lines."""
    names = [text_width("、".join(cell[:2]), _SIZE) for row in rows for cell in row.cells if cell]
    heads = [text_width(name, _SIZE) / 2.6 for name in columns]
    return max([*names, *heads], default=0.0) + 2 * _PAD + 4


def _row(canvas: Canvas, row: WallDay, y: float, across: float, width: float) -> float:
    words = [_cell_lines(cell, across) for cell in row.cells]
    missing = [*row.short, *[0] * (len(row.cells) - len(row.short))]
    under = lines_of(row.under, 12, _DAY - 2 * _PAD) if row.under else []
    day = lines_of(row.day, _SIZE, _DAY - 2 * _PAD)
    deep = [len(lines) + bool(short) for lines, short in zip(words, missing, strict=True)]
    tall = max(max(deep, default=1) * _STEP, len(day) * _STEP + len(under) * 16) + 12
    if row.off or row.weekend:
        canvas.box(0, y, width, tall, _OFF_GROUND if row.off else _WEEKEND_GROUND)
    if row.off and row.provisional:
        canvas.hatch(0, y, _DAY, tall, MUTED)
    at = y + tall / 2 + 5 - ((len(day) - 1) * _STEP + len(under) * 16) / 2
    for line in day:
        canvas.text(_PAD, at, line, size=_SIZE, bold=True, colour=_OFF if row.off else INK)
        at += _STEP
    for line in under:
        canvas.text(_PAD, at - 2, line, size=12, colour=_OFF if row.off else MUTED)
        at += 16
    for number, (lines, short) in enumerate(zip(words, missing, strict=True)):
        x = _DAY + number * across
        at = y + tall / 2 + 5 - (len(lines) + bool(short) - 1) * _STEP / 2
        for line in lines:
            canvas.text(x + across / 2, at, line, size=_SIZE, anchor="middle")
            at += _STEP
        if short:
            canvas.text(
                x + across / 2, at, _("{count} missing", count=short), size=12, anchor="middle", colour=_MISSING,
                bold=True,
            )  # fmt: skip
    return tall


def _cell_lines(cell: Sequence[str] | None, across: float) -> list[str]:
    """Names in a cell, as many on a line as fit; a name too long for one line is broken."""
    if not cell:
        return [] if cell is not None else ["—"]
    room, lines = across - 2 * _PAD, [""]
    for name in cell:
        joined = f"{lines[-1]}　{name}" if lines[-1] else name
        if text_width(joined, _SIZE) <= room:
            lines[-1] = joined
            continue
        pieces = lines_of(name, _SIZE, room)
        lines = ([] if lines == [""] else lines) + pieces
    return lines
