"""A report as .docx in the sober manner of an office (公文): title, body, signature, page numbers, annexes lying.

Sizes and margins follow GB/T 9704-2012 (A4, 37 mm above, 28 mm and 26 mm at the sides, body in 仿宋 of 16 points, 28.95
points from line to line, first lines two signs in, headings in 黑体); tables are smaller so that they fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outreach.render.book import clean
from outreach.render.document import Grid, Heading, Paragraph
from outreach.render.docx_sheet import fixed_bytes, new_sheet, repeat_headings, word_name

_TEXT, _BLACK, _TITLE, _TABLE = "仿宋", "黑体", "宋体", "宋体"
_LATIN = "Times New Roman"
_KEPT_TOGETHER = 12
"""Tables of so few rows are not broken over two pages."""
_NUMERALS = set("0123456789,.%–-+ /")


@dataclass(frozen=True, slots=True)
class Annex:
    """Tables on pages of their own, lying, under a number and a title; note: what to know before reading them."""

    number: str
    title: str
    grids: Sequence[tuple[str, Grid]]
    note: str = ""


def make_official(
    title: str,
    blocks: Sequence[Heading | Paragraph | Grid],
    *,
    signature: Sequence[str] = (),
    annexes: Sequence[Annex] = (),
    chinese: bool = True,
) -> bytes:
    """The report as .docx; equal words give equal bytes.

    signature: lines set to the right below the body, the office and the day. chinese: the body in 16 points with first
    lines set in; otherwise in 12. Raises ValueError for a row of another length than its headings.
    """
    size = 16.0 if chinese else 12.0
    document = new_sheet(title, (210, 297), sides_mm=27, ends_mm=35)
    _number_pages(document.sections[0])
    _line(document, title, font=_TITLE, size=22 if chinese else 18, bold=True, middle=True, after=14)
    for block in blocks:
        if isinstance(block, Heading):
            _line(document, block.text, font=_BLACK, size=size, indent=2 * size * chinese, stays=True, spaced=True)
        elif isinstance(block, Paragraph):
            small = 10.5 if block.small else size
            _line(document, block.text, font=_TEXT, size=small, indent=2 * small * chinese, spaced=not block.small)
        else:
            _grid(document, block, 10.5)
    if signature:
        _line(document, "", font=_TEXT, size=size)
    for text in signature:
        _line(document, text, font=_TEXT, size=size, right=True, stays=True)
    for annex in annexes:
        _annex(document, annex)
    return fixed_bytes(document)


def _annex(document: Any, annex: Annex) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.add_section()
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin = section.bottom_margin = Mm(18)
    _line(document, annex.number, font=_BLACK, size=14, stays=True)
    _line(document, annex.title, font=_TITLE, size=16, bold=True, middle=True, stays=True, after=4)
    if annex.note:
        _line(document, annex.note, font=_TABLE, size=9, stays=True, after=4)
    for caption, grid in annex.grids:
        if caption:
            _line(document, caption, font=_BLACK, size=11, stays=True, after=3)
        _grid(document, grid, 9)


def _line(
    document: Any,
    text: str,
    *,
    font: str,
    size: float,
    bold: bool = False,
    middle: bool = False,
    right: bool = False,
    indent: float = 0,
    after: float = 0,
    stays: bool = False,
    spaced: bool = False,
) -> None:
    """One paragraph; stays: on the page of the next."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after, shape.first_line_indent = Pt(0), Pt(after), Pt(indent)
    shape.keep_with_next = stays
    if spaced:
        shape.line_spacing = Pt(size * 1.81)
    if middle or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.RIGHT
    _set(paragraph.add_run(clean(text)), font, size, bold=bold)


def _set(run: Any, font: str, size: float, *, bold: bool = False) -> None:
    from docx.shared import Pt

    run.font.name, run.font.size, run.bold = _LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(word_name("w:eastAsia"), font)


def _grid(document: Any, grid: Grid, size: float) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.headings))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = not grid.widths_mm
    for row, (line, texts) in enumerate(zip(table.rows, (grid.headings, *grid.rows), strict=True)):
        cells = line.cells
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            _put(cell, text, size if row else size - 0.5, heading=row == 0)
            if grid.widths_mm:
                cell.width = Mm(grid.widths_mm[column])
    # Word goes by the cells' widths, LibreOffice and WPS by the grid's.
    for column, width in zip(table.columns, grid.widths_mm, strict=False):
        column.width = Mm(width)
    if grid.widths_mm:
        _narrow_margins(table)
    repeat_headings(table, 1)
    if len(grid.rows) <= _KEPT_TOGETHER:
        for line in table.rows[:-1]:
            for cell in line.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    # Word wants a paragraph behind a table; a low one, lest it takes a page of its own.
    gap = document.add_paragraph().paragraph_format
    gap.line_spacing, gap.space_after = Pt(8), Pt(2)


def _narrow_margins(table: Any) -> None:
    """0.8 mm beside what stands in a cell: many narrow columns need the room for their headings."""
    from docx.oxml import OxmlElement

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(word_name("w:w"), "45")
        margin.set(word_name("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    look = properties.find(word_name("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), margins)


def _put(cell: Any, text: str, size: float, *, heading: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = 0
    if heading:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif text and set(text) <= _NUMERALS:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set(paragraph.add_run(clean(text)), _BLACK if heading else _TABLE, size, bold=False)


def _number_pages(section: Any) -> None:
    """'— 1 —' in the middle of every foot; later sections take the foot of the first."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _set(paragraph.add_run("— "), _TABLE, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        _set(run, _TABLE, 14)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(word_name("w:fldCharType"), kind)
        else:
            mark.text = text
        run._element.append(mark)
    _set(paragraph.add_run(" —"), _TABLE, 14)
