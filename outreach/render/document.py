"""A report as .docx for the file: title, paragraphs, tables whose headings repeat on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outreach.render.book import clean
from outreach.render.docx_sheet import fixed_bytes, new_sheet, repeat_headings

# A number, a share, either with a further one in brackets, or an interval; neither a date nor a phone.
_NUMBER = re.compile(r"-?[\d,.]+%?(?: \([^()]*\)| – [\d,.]+%?)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. small: set as a note."""

    text: str
    small: bool = False


class Struck(str):
    """The text of a cell that is struck out: it stood there and counts no longer."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; without headings its first column is bold. small: set smaller, for many rows on one sheet.

    widths_mm: of its columns, equal where empty. Cells that look like numbers are set to the right, `Struck` ones
    struck out.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths_mm: Sequence[float] = ()
    small: bool = False


Block = Heading | Paragraph | Grid


def make_document(title: str, blocks: Sequence[Block], *, lying: bool = False) -> bytes:
    """A .docx on A4, standing or lying; equal blocks give equal bytes.

    Raises ValueError for a row of another length than its headings.
    """
    document = new_sheet(title, (297, 210) if lying else (210, 297), sides_mm=18, ends_mm=16)
    _line(document, title, size=18, bold=True)
    for block in blocks:
        if isinstance(block, Heading):
            _line(document, block.text, size=13, bold=True)
        elif isinstance(block, Paragraph):
            _line(document, block.text, size=9 if block.small else 10.5, italic=block.small)
        else:
            _grid(document, block)
    return fixed_bytes(document)


def _line(document: Any, text: str, *, size: float, bold: bool = False, italic: bool = False) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(5)
    paragraph.paragraph_format.keep_with_next = bold
    run = paragraph.add_run(clean(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _grid(document: Any, grid: Grid) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    table = document.add_table(rows=bool(grid.headings), cols=len(grid.headings or grid.rows[0]))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = not grid.widths_mm
    if grid.headings:
        for cell, text in zip(table.rows[0].cells, grid.headings, strict=True):
            _put(cell, text, bold=True, small=grid.small)
    for row in grid.rows:
        for rank, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _put(cell, text, bold=not grid.headings and rank == 0, small=grid.small)
    # Word goes by the cells' widths, LibreOffice and WPS by the grid's.
    for column, width in zip(table.columns, grid.widths_mm, strict=False):
        column.width = Mm(width)
    for row in table.rows if grid.widths_mm else ():
        for cell, width in zip(row.cells, grid.widths_mm, strict=True):
            cell.width = Mm(width)
    repeat_headings(table, bool(grid.headings))
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _put(cell: Any, text: str, *, bold: bool = False, small: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = 0
    if not bold and _NUMBER.fullmatch(text):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(clean(text))
    run.bold = bold
    if small:
        run.font.size = Pt(8.5)
    if isinstance(text, Struck):
        run.font.strike = True
