"""Draw templates/handover/handover.zh.docx and handover.en.docx, the list of households handed over:
python templates/draw_handover_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it again
gives the same bytes. Fonts are named, not embedded, as in the letter. Each tag stands in one run of its own.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from draw_docx import fixed_bytes

FOLDER = Path(__file__).parent / "handover"
INK, PALE, RULE = RGBColor(0x44, 0x44, 0x44), "F3EFEA", "B8B0A8"
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - python-docx writes it as UTC
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
COLUMNS = ("number", "code", "address", "names", "difficulty", "standing", "last", "promise", "card")
WIDTHS = (11, 25, 60, 32, 14, 26, 52, 33, 14)
CENTRED = ("number", "difficulty", "card")

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "走访户交接清单",
        "facts": ("交出人", "接收人", "接手日期", "户数", "其中难户", "已有服务卡", "未兑现的约定"),
        "heads": ("序号", "户号", "住址", "姓名", "难易", "进展", "最近一次联系", "未兑现的约定", "服务卡"),
        "note": "按走访顺序排列。未兑现的约定请接收人先办；没有服务卡的户，上门时补送新卡。",
        "signs": ("交出人签名：", "接收人签名：", "监交人签名：", "日期："),
    },
    "en": {
        "title": "Households handed over",
        "facts": ("From", "To", "Since", "Households", "Hard cases", "Cards held", "Open promises"),
        "heads": ("No.", "Code", "Address", "Names", "Case", "Standing", "Last attempt", "Open promise", "Card"),
        "note": "In walking order. Keep the open promises first; bring the new card to those who have none.",
        "signs": ("Handed over by: ", "Taken over by: ", "Witness: ", "Date: "),
    },
}
FACTS = (
    ("{{ handover.before_post }}", " ", "{{ handover.before }}"),
    ("{{ handover.after_post }}", " ", "{{ handover.after }}"),
    ("{{ handover.since }}",),
    ("{{ totals.households }}",),
    ("{{ totals.hard }}",),
    ("{{ totals.cards }}",),
    ("{{ totals.promises }}",),
)
FACT_WIDTHS = (56, 56, 45, 25, 25, 30, 30)


class HandoverList:
    """One list being drawn."""

    def __init__(self, language: str) -> None:
        self.words, self.chinese = WORDS[language], language == "zh"
        self.docx = Document()
        page = self.docx.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Mm(297), Mm(210)
        page.left_margin = page.right_margin = Mm((297 - sum(WIDTHS)) / 2)
        page.top_margin, page.bottom_margin = Mm(14), Mm(14)
        page.footer_distance = Mm(7)
        properties = self.docx.core_properties
        properties.author = properties.last_modified_by = "outreach"
        properties.title, properties.comments, properties.revision = self.words["title"], "", 1
        properties.created = properties.modified = MADE
        self.fonts(self.docx.styles["Normal"].element.get_or_add_rPr(), SONG)

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
        size: float = 9.5,
        bold: bool = False,
        colour: RGBColor | None = None,
        align: Any = LEFT,
        before: float = 1,
        after: float = 1,
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
        """A table of fixed widths in mm with thin rules; no row is cut by the end of a page."""
        table = self.docx.add_table(rows, len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        edges = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            edge = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
                edge.set(qn(f"w:{name}"), value)
            edges.append(edge)
        table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(edges)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def shade(self, cell: Any) -> None:
        """The pale ground of headings."""
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
            shading.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shading)

    def draw(self) -> None:
        """Title, who hands to whom and how much, the households, and where to sign."""
        words = self.words
        self.write(self.docx, words["title"], size=18, bold=True, fonts=HEI, after=0)
        self.write(self.docx, "{{ bureau.name }}", size=10, colour=INK, after=5)
        facts = self.table(FACT_WIDTHS, 2)
        for column, (label, pieces) in enumerate(zip(words["facts"], FACTS, strict=True)):
            self.write(facts.cell(0, column), label, size=8.5, colour=INK, align=CENTRE, new=False, fonts=HEI)
            self.shade(facts.cell(0, column))
            self.write(facts.cell(1, column), *pieces, size=11, bold=True, align=CENTRE, new=False, fonts=HEI)
        self.write(self.docx, words["note"], size=9, colour=INK, before=4, after=4)
        self.rows()
        blank = "____________________"
        signs = [part for label in words["signs"] for part in (label, blank, "　" if self.chinese else "   ")]
        self.write(self.docx, *signs, size=10, before=14)
        self.foot()

    def rows(self) -> None:
        """The heading, which each page repeats, and one row a household."""
        table = self.table(WIDTHS, 4)
        for cell, label in zip(table.rows[0].cells, self.words["heads"], strict=True):
            self.write(cell, label, size=9, bold=True, align=CENTRE, new=False, fonts=HEI)
            self.shade(cell)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self.write(table.cell(1, 0), "{%tr for row in rows %}", new=False)
        for name, cell in zip(COLUMNS, table.rows[2].cells, strict=True):
            align = CENTRE if name in CENTRED else LEFT
            self.write(cell, f"{{{{ row.{name} }}}}", bold=name == "promise", align=align, new=False)
        self.write(table.cell(3, 0), "{%tr endfor %}", new=False)

    def foot(self) -> None:
        """Whose list it is on every page, and the page's number."""
        names = ("{{ handover.before }}", " → ", "{{ handover.after }}", "    ", "{{ handover.printed }}", "    ")
        line = self.write(self.docx.sections[0].footer, *names, size=8.5, colour=INK, align=CENTRE, new=False)
        run = line.add_run()
        run.font.size = Pt(8.5)
        for kind in ("begin", "", "end"):
            mark = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark.text = "PAGE"
            run._r.append(mark)

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        return fixed_bytes(self.docx)


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"handover.{language}.docx"
        path.write_bytes(HandoverList(language).bytes())
        print(path, path.stat().st_size, "bytes")
