"""What the scripts that draw the shipped Word layouts share."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

INK, PALE = RGBColor(0x44, 0x44, 0x44), "F3EFEA"
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - python-docx writes it as UTC
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def fixed_bytes(document: Any) -> bytes:
    """The python-docx `document` as a file whose zip has one order and one time, so that drawing repeats."""
    whole, tidy = io.BytesIO(), io.BytesIO()
    document.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tidy, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 0, 0
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, 9)
    return tidy.getvalue()


def add(parent: Any, tag: str, **attributes: Any) -> Any:
    """A new element with `w:` attributes at the end of `parent`."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    parent.append(element)
    return element


class Sheet:
    """An A4 sheet being drawn: its fonts, paragraphs and tables. margin, top: mm."""

    def __init__(self, title: str, *, chinese: bool, margin: float, top: float) -> None:
        self.chinese = chinese
        self.docx = Document()
        page = self.docx.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(margin)
        page.top_margin, page.bottom_margin = Mm(top), Mm(top)
        page.footer_distance = Mm(8)
        properties = self.docx.core_properties
        properties.author = properties.last_modified_by = "outreach"
        properties.title, properties.comments, properties.revision = title, "", 1
        properties.created = properties.modified = MADE
        normal = self.docx.styles["Normal"].element.get_or_add_rPr()
        self.fonts(normal, SONG)

    def fonts(self, properties: Any, fonts: tuple[str, str]) -> None:
        """The Latin and the East-Asian font; python-docx alone would leave Chinese text to chance."""
        slots = properties.get_or_add_rFonts()
        for slot, name in (("ascii", fonts[0]), ("hAnsi", fonts[0]), ("eastAsia", fonts[1]), ("cs", fonts[0])):
            slots.set(qn(f"w:{slot}"), name)
        if self.chinese:
            slots.set(qn("w:hint"), "eastAsia")

    def write(
        self,
        where: Any,
        *pieces: str,
        size: float = 10.5,
        bold: bool = False,
        colour: RGBColor | None = None,
        align: Any = LEFT,
        before: float = 0,
        after: float = 0,
        new: bool = True,
        fonts: tuple[str, str] = SONG,
    ) -> Any:
        """A paragraph whose pieces are runs; a tag is always a piece of its own."""
        paragraph = where.add_paragraph() if new else where.paragraphs[0]
        paragraph.alignment = align
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        for piece in pieces:
            run = paragraph.add_run(piece)
            run.font.size, run.font.bold = Pt(size), bold or None
            if colour is not None:
                run.font.color.rgb = colour
            self.fonts(run._r.get_or_add_rPr(), fonts)
        return paragraph

    def table(self, widths: tuple[float, ...], rows: int) -> Any:
        """A table of fixed widths in mm with thin rules."""
        table = self.docx.add_table(rows, len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        properties = table._tbl.tblPr
        edges = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            add(edges, f"w:{side}", val="single", sz=4, space=0, color="B8B0A8")
        properties.find(qn("w:tblLayout")).addprevious(edges)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            add(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
                add(cell._tc.get_or_add_tcPr(), "w:vAlign", val="top")
        return table

    def shade(self, cell: Any) -> None:
        """The pale ground of headings."""
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
            shading.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().find(qn("w:vAlign")).addprevious(shading)

    def page_number(self, paragraph: Any, size: float) -> None:
        """A field that counts pages, at the end of the paragraph."""
        run = paragraph.add_run()
        run.font.size = Pt(size)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                add(run._r, "w:fldChar", fldCharType=kind)
            else:
                add(run._r, "w:instrText").text = text
