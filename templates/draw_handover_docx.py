"""Draw templates/handover/handover.zh.docx and handover.en.docx, the list of households handed over:
python templates/draw_handover_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it again
gives the same bytes. Fonts are named, not embedded, as in the letter. Each tag stands in one run of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from draw_docx import CENTRE, HEI, INK, LEFT, Sheet, add, fixed_bytes

FOLDER = Path(__file__).parent / "handover"
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


class HandoverList(Sheet):
    """One list being drawn, on A4 lying."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        super().__init__(self.words["title"], chinese=language == "zh", margin=(297 - sum(WIDTHS)) / 2, top=14)
        page = self.docx.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Mm(297), Mm(210)
        page.footer_distance = Mm(7)

    def write(
        self, where: Any, *pieces: str, size: float = 9.5, before: float = 1, after: float = 1, **more: Any
    ) -> Any:
        """A paragraph as on any sheet, but closer set."""
        return super().write(where, *pieces, size=size, before=before, after=after, **more)

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
        add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        self.write(table.cell(1, 0), "{%tr for row in rows %}", new=False)
        for name, cell in zip(COLUMNS, table.rows[2].cells, strict=True):
            align = CENTRE if name in CENTRED else LEFT
            self.write(cell, f"{{{{ row.{name} }}}}", bold=name == "promise", align=align, new=False)
        self.write(table.cell(3, 0), "{%tr endfor %}", new=False)

    def foot(self) -> None:
        """Whose list it is on every page, and the page's number."""
        names = ("{{ handover.before }}", " → ", "{{ handover.after }}", "    ", "{{ handover.printed }}", "    ")
        line = self.write(self.docx.sections[0].footer, *names, size=8.5, colour=INK, align=CENTRE, new=False)
        self.page_number(line, 8.5)

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        return fixed_bytes(self.docx)


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"handover.{language}.docx"
        path.write_bytes(HandoverList(language).bytes())
        print(path, path.stat().st_size, "bytes")
