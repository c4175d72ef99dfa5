"""What Word files made without a layout share: a sheet with its fonts, repeated headings, bytes that stay the same."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from outreach.render.book import MADE, clean
from outreach.render.docx_package import Stem, packed_parts, read_package

_LATIN, _CHINESE = "Calibri", "宋体"


def new_sheet(title: str, size_mm: tuple[float, float], *, sides_mm: float, ends_mm: float) -> Any:
    """An empty python-docx document on paper of a size (width, height); margins at the sides, at top and bottom."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    document = Document()
    document.core_properties.created = document.core_properties.modified = MADE
    document.core_properties.title = clean(title)
    document.core_properties.author = ""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(10.5)
    # python-docx sets the Latin font only.
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(word_name("w:eastAsia"), _CHINESE)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if size_mm[0] > size_mm[1] else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(length) for length in size_mm)
    section.left_margin = section.right_margin = Mm(sides_mm)
    section.top_margin = section.bottom_margin = Mm(ends_mm)
    return document


def repeat_headings(table: Any, rows: int) -> None:
    """The first `rows` stand on every page, and no row is cut in two."""
    from docx.oxml import OxmlElement

    for index, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if index < rows:
            properties.append(OxmlElement("w:tblHeader"))


def word_name(name: str) -> str:
    """'w:eastAsia' with its namespace in full."""
    from docx.oxml.ns import qn

    return str(qn(name))


def fixed_bytes(document: Any) -> bytes:
    """The file, packed with times that do not change; python-docx writes the present."""
    target = io.BytesIO()
    document.save(target)
    parts = packed_parts(read_package(target.getvalue(), Path("made.docx")))
    return Stem(parts.values()).file(())
