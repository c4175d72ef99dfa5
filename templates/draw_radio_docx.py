"""Draw templates/radio/radio.zh.docx and radio.en.docx, the studio's cue sheet: python templates/draw_radio_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it again
gives the same bytes. Fonts are named, not embedded, as in the letter. Each tag stands in one run of its own.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from draw_docx import fixed_bytes

FOLDER = Path(__file__).parent / "radio"
RED, INK, PALE = "C01018", RGBColor(0x44, 0x44, 0x44), "F3EFEA"
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - python-docx writes it as UTC
WIDTHS = (11, 21, 21, 28, 82, 15)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "节目单",
        "facts": ("开播", "结束", "节目长度", "已用", "机动"),
        "also": "同日还播：",
        "heads": ("序号", "时钟", "最迟开始", "谁", "内容", "用时"),
        "sound": "音响",
        "note": "“时钟”从开播算起；“最迟开始”从结束倒推，照此开始，节目正好准时收尾。用时按播音语速估算。",
        "check": ("播前核对：咨询电话 ", "　监督电话 "),
    },
    "en": {
        "title": "Cue sheet",
        "facts": ("On air", "Off air", "Segment", "Used", "To spare"),
        "also": "Also on air at ",
        "heads": ("No.", "Clock", "Latest", "Who", "Words", "Read"),
        "sound": "SOUND",
        "note": "Clock runs from the start; Latest is counted back from the end: begin then, and the segment ends on "
        "time. Read times are reckoned at the presenters' pace.",
        "check": ("To check before air: hotline ", ", complaint phone "),
    },
}


def add(parent: Any, tag: str, **attributes: Any) -> Any:
    """A new element with `w:` attributes at the end of `parent`."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    parent.append(element)
    return element


class CueSheet:
    """One cue sheet being drawn."""

    def __init__(self, language: str) -> None:
        self.words, self.chinese = WORDS[language], language == "zh"
        self.docx = Document()
        page = self.docx.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm((210 - sum(WIDTHS)) / 2)
        page.top_margin, page.bottom_margin = Mm(16), Mm(16)
        page.footer_distance = Mm(8)
        properties = self.docx.core_properties
        properties.author = properties.last_modified_by = "outreach"
        properties.title, properties.comments, properties.revision = self.words["title"], "", 1
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

    def draw(self) -> None:
        """Title, the segment's times, the rows, and what to check before air."""
        words, docx = self.words, self.docx
        title = ("《", "{{ programme }}", "》") if self.chinese else ("{{ programme }}",)
        self.write(docx, *title, size=20, bold=True, fonts=HEI, after=2)
        gap = "　" if self.chinese else " · "
        self.write(
            docx, words["title"], gap, "{{ station }}", gap, "{{ campaign.title }}", size=11, colour=INK, after=6
        )
        names = ("starts", "ends", "length", "used", "spare")
        facts = self.table((sum(WIDTHS) / 5,) * 5, 2)
        for column, (label, name) in enumerate(zip(words["facts"], names, strict=True)):
            self.write(facts.cell(0, column), label, size=9, colour=INK, align=CENTRE, new=False, fonts=HEI)
            self.shade(facts.cell(0, column))
            tag = f"{{{{ segment.{name} }}}}"
            self.write(facts.cell(1, column), tag, size=15, bold=True, align=CENTRE, new=False, fonts=HEI)
        self.write(docx, "{%p if segment.also %}", size=9)
        self.write(docx, words["also"], "{{ segment.also }}", size=9.5, colour=INK, after=2)
        self.write(docx, "{%p endif %}", size=9)
        self.write(docx, size=5)
        self.rows()
        self.write(docx, words["note"], size=8.5, colour=INK)
        self.foot()

    def rows(self) -> None:
        """The heading, which each page repeats, and one row an item."""
        table = self.table(WIDTHS, 4)
        for cell, label in zip(table.rows[0].cells, self.words["heads"], strict=True):
            self.write(cell, label, size=9.5, bold=True, align=CENTRE, new=False, fonts=HEI)
            self.shade(cell)
        add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        self.write(table.cell(1, 0), "{%tr for item in rundown %}", new=False)
        sound = self.words["sound"]
        cells: tuple[tuple[tuple[str, ...], Any, bool], ...] = (
            (("{{ item.number }}",), CENTRE, False),
            (("{{ item.clock }}",), CENTRE, True),
            (("{{ item.back }}",), CENTRE, False),
            (("{% if item.speaker %}", "{{ item.speaker }}", "{% else %}", sound, "{% endif %}"), CENTRE, True),
            (("{{ item.words }}",), LEFT, False),
            (("{{ item.read }}",), RIGHT, True),
        )
        for column, (cell, (pieces, align, bold)) in enumerate(zip(table.rows[2].cells, cells, strict=True)):
            size = 11 if column == 4 else 10
            self.write(cell, *pieces, align=align, bold=bold, size=size, before=2, after=2, new=False)
        self.write(table.cell(3, 0), "{%tr endfor %}", new=False)

    def foot(self) -> None:
        """The phones to check on every page, and its number."""
        footer = self.docx.sections[0].footer
        hotline, complaint = self.words["check"]
        phones = (hotline, "{{ bureau.hotline }}", complaint, "{{ bureau.complaint_phone }}")
        line = self.write(footer, *phones, "    ", size=9, colour=INK, align=CENTRE, new=False)
        run = line.add_run()
        run.font.size = Pt(9)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                add(run._r, "w:fldChar", fldCharType=kind)
            else:
                add(run._r, "w:instrText").text = text

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        return fixed_bytes(self.docx)


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"radio.{language}.docx"
        path.write_bytes(CueSheet(language).bytes())
        print(path, path.stat().st_size, "bytes")
