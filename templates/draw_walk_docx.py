"""Draw templates/walk/walk.zh.docx and walk.en.docx, the walk list: python templates/draw_walk_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it again
gives the same bytes. Fonts are named, not embedded. Each tag stands in one run of its own. Rows grow with their words,
so that nothing is cut.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx.shared import Pt, RGBColor
from draw_docx import CENTRE, HEI, INK, RIGHT, Sheet, add, fixed_bytes

FOLDER = Path(__file__).parent / "walk"
RED = RGBColor(0xB3, 0x20, 0x1C)
WIDTHS = (12, 62, 28, 16, 15, 26, 29)

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "title": "走访单",
        "officer": ("责任人 ", "　岗位 ", "　手机 "),
        "hours": ("出发 ", "　首户 ", "　末户毕 ", "　返回 "),
        "size": (" 户　", " 栋　有效期至 "),
        "lunar": "　农历",
        "heads": ("序号", "住址、称呼、电话（按走访顺序）", "上次联系", "结果", "留下", "时间", "备注、回访约定"),
        "best": "宜访 ",
        "left": ("□卡", "□信", "□告"),
        "codes": "结果代码　",
        "gap": "　",
        "hand_in": "走完当天交回内勤，按序号录入。遗失请立即报告。",
        "page": ("第 ", " 页"),
    },
    "en": {
        "title": "Walk list",
        "officer": ("Officer ", "   Post ", "   Mobile "),
        "hours": ("Leave ", "   First door ", "   Last door done ", "   Back "),
        "size": (" doors   ", " buildings   Valid until "),
        "lunar": "",
        "heads": ("No.", "Address, names, phone", "Last try", "Code", "Left", "Time", "Note"),
        "best": "Best ",
        "left": ("□ Card", "□ Letter", "□ Notice"),
        "codes": "Outcome codes   ",
        "gap": "   ",
        "hand_in": "Hand it in the same day; the office enters it line by line. Report it at once if it is lost.",
        "page": ("Page ", ""),
    },
}


class WalkSheet(Sheet):
    """One walk list being drawn."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        super().__init__(self.words["title"], chinese=language == "zh", margin=(210 - sum(WIDTHS)) / 2, top=14)

    def draw(self) -> None:
        """Who and when, the QR code, the doors, and the codes on every page."""
        words = self.words
        head = self.table((sum(WIDTHS) - 26, 26), 1)
        head._tbl.tblPr.remove(head._tbl.tblPr.find(self.tag("tblBorders")))
        cell = head.cell(0, 0)
        self.write(cell, words["title"], " ", "{{ walk.number }}", size=20, bold=True, colour=RED, new=False, fonts=HEI)
        lunar = ("{% if walk.lunar %}", words["lunar"], "{{ walk.lunar }}", "{% endif %}") if words["lunar"] else ()
        day = ("{{ walk.day }}", words["gap"], "{{ walk.weekday }}", *lunar)
        self.write(cell, *day, size=12, bold=True, before=3, after=3, fonts=HEI)
        for labels, names in (
            ("officer", ("officer.name", "post", "officer.mobile")),
            ("hours", ("walk.leaves", "walk.knocks", "walk.ends", "walk.back")),
        ):
            pieces = [piece for label, name in zip(words[labels], names, strict=True) for piece in (label, tag(name))]
            self.write(cell, *pieces, size=10, before=1)
        doors, buildings = words["size"]
        size = (tag("walk.doors"), doors, tag("walk.buildings"), buildings, tag("walk.expires"))
        self.write(cell, *size, size=10, before=1)
        self.write(cell, "{%p if walk.provisional %}", size=10)
        self.write(cell, tag("walk.provisional"), size=10, colour=RED)
        self.write(cell, "{%p endif %}", size=10)
        self.write(head.cell(0, 1), tag("walk_qr"), align=RIGHT, new=False)
        self.write(self.docx, tag("bureau.name"), size=8.5, colour=INK, after=3)
        self.doors()
        self.foot()

    def tag(self, name: str) -> str:
        """The full name of a WordprocessingML element."""
        return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"

    def doors(self) -> None:
        """The heading, which each page repeats, and one row a door, kept whole."""
        words, table = self.words, self.table(WIDTHS, 4)
        for cell, label in zip(table.rows[0].cells, words["heads"], strict=True):
            self.write(cell, label, size=8.5, bold=True, new=False, fonts=HEI)
            self.shade(cell)
        add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        self.write(table.cell(1, 0), "{%tr for line in lines %}", new=False)
        rank, place, last, code, left, time, _note = table.rows[2].cells
        self.write(rank, tag("line.number"), size=12, bold=True, new=False, fonts=HEI)
        self.write(rank, tag("line.time"), size=8.5)
        self.write(rank, tag("line.sign"), size=8, colour=RED)
        self.write(place, tag("line.address"), size=9, bold=True, new=False)
        self.write(place, tag("line.names"), "  ", tag("line.phone"), size=9)
        self.write(place, "{%p if line.no_need %}", size=9)
        self.write(place, tag("line.no_need"), size=9, bold=True, colour=RED)
        self.write(place, "{%p endif %}", size=9)
        self.write(last, tag("line.last"), size=8.5, new=False)
        best = ("{% if line.best %}", words["best"], tag("line.best"), "{% endif %}")
        self.write(last, *best, size=8.5, colour=INK)
        self.write(code, "□□", size=17, align=CENTRE, new=False)
        for index, word in enumerate(words["left"]):
            self.write(left, word, size=8.5, new=index > 0)
        self.write(time, "□□:□□", size=14, align=CENTRE, before=2, new=False)
        self.write(table.cell(3, 0), "{%tr endfor %}", new=False)

    def foot(self) -> None:
        """On every page the meaning of the codes, where the sheet goes, and its number."""
        footer = self.docx.sections[0].footer
        each = ("{% for one in codes %}", "{{ one.code }}", " ", "{{ one.meaning }}", self.words["gap"], "{% endfor %}")
        self.write(footer, self.words["codes"], *each, size=8, new=False, after=2)
        before, after = self.words["page"]
        # A sheet that comes loose must say whose it is.
        whose = (self.words["title"], " ", tag("walk.number"), " ", tag("officer.name"), self.words["gap"])
        line = self.write(footer, *whose, self.words["hand_in"], self.words["gap"], before, size=8, colour=INK)
        self.page_number(line, 8)
        run = line.add_run(after)
        run.font.size = Pt(8)

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        return fixed_bytes(self.docx)


def tag(name: str) -> str:
    """The tag that prints a value."""
    return f"{{{{ {name} }}}}"


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"walk.{language}.docx"
        path.write_bytes(WalkSheet(language).bytes())
        print(path, path.stat().st_size, "bytes")
