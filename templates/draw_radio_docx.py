"""Draw templates/radio/radio.zh.docx and radio.en.docx, the studio's cue sheet: python templates/draw_radio_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it again
gives the same bytes. Fonts are named, not embedded, as in the letter. Each tag stands in one run of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from draw_docx import CENTRE, HEI, INK, LEFT, RIGHT, Sheet, add, fixed_bytes

FOLDER = Path(__file__).parent / "radio"
WIDTHS = (11, 21, 21, 28, 82, 15)

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


class CueSheet(Sheet):
    """One cue sheet being drawn."""

    def __init__(self, language: str) -> None:
        self.words = WORDS[language]
        super().__init__(self.words["title"], chinese=language == "zh", margin=(210 - sum(WIDTHS)) / 2, top=16)

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
        self.page_number(line, 9)

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        return fixed_bytes(self.docx)


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"radio.{language}.docx"
        path.write_bytes(CueSheet(language).bytes())
        print(path, path.stat().st_size, "bytes")
