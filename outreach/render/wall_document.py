"""The rota of the wall as a .docx: a section a month and the totals, for offices that go on writing in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.render.book import clean
from outreach.render.docx_sheet import fixed_bytes, new_sheet, repeat_headings, word_name
from outreach.render.wall import SHADES, Paper, Wall, WallMonth

_SIZES: Mapping[str, tuple[float, float]] = {"A4": (297, 210), "A3": (420, 297)}  # mm, lying
_HEADING = "#D5DEEA"


def make_wall_document(wall: Wall, *, paper: Paper = "A4") -> bytes:
    """A .docx of the wall's tables on lying sheets of `paper`, headings repeated; equal walls give equal bytes."""
    document = new_sheet(wall.title, _SIZES[paper], sides_mm=14, ends_mm=13)
    for index, month in enumerate(wall.months):
        _title(document, month.title, new_page=index > 0)
        _month_table(document, month, wall)
        _foot(document, wall.words.foot)
    _title(document, f"{wall.title} · {wall.totals_tab}", new_page=bool(wall.months))
    _totals_table(document, wall)
    return fixed_bytes(document)


def _title(document: Any, text: str, *, new_page: bool) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.page_break_before = new_page
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(clean(text))
    run.bold, run.font.size, run.font.color.rgb = True, Pt(16), RGBColor(0x1F, 0x3A, 0x5F)


def _foot(document: Any, text: str) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    run = paragraph.add_run(clean(text))
    run.italic, run.font.size = True, Pt(9)


def _month_table(document: Any, month: WallMonth, wall: Wall) -> None:
    words = wall.words
    width = 3 + len(month.columns)
    table = _table(document, width, 2)
    top, under = table.rows[0].cells, table.rows[1].cells
    for column, text in ((0, words.day), (1, words.weekday), (width - 1, words.note)):
        _put(top[column].merge(under[column]), text, bold=True)
    start = 0
    for index, column_facts in enumerate(month.columns):
        last = index == len(month.columns) - 1
        _put(under[2 + index], column_facts.hours, bold=True)
        if last or month.columns[index + 1].place != column_facts.place:
            cell = top[2 + start].merge(top[2 + index])
            _put(cell, column_facts.place, bold=True)
            start = index + 1
    for day in month.days:
        cells = table.add_row().cells
        texts = (f"{day.day:%m-%d}", day.weekday, *day.cells, day.note)
        for cell, text in zip(cells, texts, strict=True):
            _put(cell, text, bold=day.sort == "holiday" and cell in (cells[0], cells[-1]))
            if day.sort in SHADES:
                _shade(cell, SHADES[day.sort])
    _repeat(table, 2)


def _totals_table(document: Any, wall: Wall) -> None:
    table = _table(document, len(wall.totals_headings), 1)
    for cell, text in zip(table.rows[0].cells, wall.totals_headings, strict=True):
        _put(cell, text, bold=True)
    for row in wall.totals:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _put(cell, value if isinstance(value, str) else f"{value:g}")
    _repeat(table, 1)


def _table(document: Any, width: int, rows: int) -> Any:
    from docx.enum.table import WD_TABLE_ALIGNMENT

    table = document.add_table(rows=rows, cols=width)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    return table


def _put(cell: Any, text: str, *, bold: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    for number, line in enumerate(clean(text).split("\n")):
        run = paragraph.add_run(line)
        run.bold = bold
        if number < text.count("\n"):
            run.add_break()


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shade.set(word_name(f"w:{name}"), value)
    # After the cell's width and before its alignment, where ECMA-376 17.4.66 has it.
    properties = cell._tc.get_or_add_tcPr()
    properties.insert_element_before(shade, "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign")


def _repeat(table: Any, rows: int) -> None:
    """Headings stand on every page in grey, and no line is cut in two."""
    from docx.shared import Mm

    for index, row in enumerate(table.rows):
        row.height = Mm(5.3)  # at least; a month of one name a shift stays on one A4 sheet
        if index < rows:
            for cell in {id(cell._tc): cell for cell in row.cells}.values():
                _shade(cell, _HEADING)
    repeat_headings(table, rows)
