"""Draw templates/letter/letter.zh.docx and letter.en.docx: python templates/draw_letter_docx.py

The files are what staff edit in Word or WPS; this script is how the first edition was made, and running it
again gives the same bytes. Fonts are named, not embedded: SimSun (宋体) and SimHei (黑体), which every
Chinese Windows has and other machines replace, with Times New Roman and Arial for Latin. Each tag stands
in one run of its own, so that an editor does not cut it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from draw_docx import fixed_bytes

FOLDER = Path(__file__).parent / "letter"
RED, INK, PALE = RGBColor(0xC0, 0x10, 0x18), RGBColor(0x44, 0x44, 0x44), "F3EFEA"
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
BOTH = WD_ALIGN_PARAGRAPH.JUSTIFY
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - python-docx writes it as UTC
TEXT_WIDTH = 158  # mm between the margins

WORDS = {
    "zh": {
        "title": "致家庭的信",
        "address": "地址：",
        "hotline": "咨询电话：",
        "hours": "办公时间：",
        "greeting_end": "：",
        "persons": ("姓  名", "中断缴费", "原工作单位"),
        "months": " 个月",
        "papers": "办理时请带齐：",
        "officer": "您家的责任人",
        "phones": ("手　　机", "住宅电话", "办公电话", "监督电话"),
        "code": "户号",
        "note": "来电、来访时报出户号，或出示右侧二维码，即可查到您家的办理情况。",
        "level": "%1.",
        "more": "您家的账目",
        "pay": "您家要缴多少",
        "pay_heads": ("起止年月", "缴费基数（元）", "费率", "月数", "金额（元）"),
        "pay_total": "全家合计应缴",
        "as_of": "测算日期：",
        "yuan": " 元",
        "pay_note": "说明：",
        "pay_source": "依据：",
        "accounts": "个人账户对账单",
        "account_heads": ("年度", "月数", "缴费基数（元）", "缴费（元）", "账户余额（元）"),
        "sum": "合计",
        "cut": "沿虚线剪下，交给责任人，或寄回我局",
        "slip": "回  执",
        "slip_to": "交：",
        "slip_fields": ("姓    名", "联系电话", "方便的时间", "签    名", "日    期"),
        "piece": "印件 ",
    },
    "en": {
        "title": "Letter to a household",
        "address": "",
        "hotline": "Enquiries ",
        "hours": "",
        "greeting_end": ",",
        "persons": ("Name", "Unpaid", "Former employer"),
        "months": " months",
        "papers": "Please bring:",
        "officer": "Your responsible officer",
        "phones": ("Mobile", "Home", "Office", "Complaints"),
        "code": "Household code",
        "note": "Quote this code when you call, or show the QR code when you come: it leads to your record.",
        "level": "%1.",
        "more": "Sums and accounts",
        "pay": "How much you would pay",
        "pay_heads": ("Months", "Base (yuan)", "Rate", "Months", "Amount (yuan)"),
        "pay_total": "To pay in all",
        "as_of": "Worked out on ",
        "yuan": " yuan",
        "pay_note": "Note: ",
        "pay_source": "Source: ",
        "accounts": "Personal account statements",
        "account_heads": ("Year", "Months", "Base (yuan)", "Paid (yuan)", "Balance (yuan)"),
        "sum": "Total",
        "cut": "Cut along the line and hand this part to your officer, or send it to us",
        "slip": "Reply slip",
        "slip_to": "To: ",
        "slip_fields": ("Name", "Phone", "Time that suits you", "Signature", "Date"),
        "piece": "piece ",
    },
}


def fonts_of(properties: Any, fonts: tuple[str, str], *, chinese: bool) -> None:
    """Set the Latin and the East-Asian font; python-docx alone would leave Chinese text to chance."""
    slots = properties.get_or_add_rFonts()
    for slot, name in (("ascii", fonts[0]), ("hAnsi", fonts[0]), ("eastAsia", fonts[1]), ("cs", fonts[0])):
        slots.set(qn(f"w:{slot}"), name)
    if chinese:
        slots.set(qn("w:hint"), "eastAsia")  # quotes and dashes are in both scripts; here they are Chinese


def add_after(parent: Any, tag: str, **attributes: Any) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    parent.append(element)
    return element


def spread(twentieths: int) -> Any:
    """Space between the letters of a run, in twentieths of a point."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    return spacing


class Letter:
    """One letter being drawn."""

    def __init__(self, language: str) -> None:
        self.words: dict[str, Any] = WORDS[language]
        self.chinese = language == "zh"
        self.docx = Document()
        self._strip()
        self._styles()
        self.numbering = self._numbered_list()
        page = self.docx.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm((210 - TEXT_WIDTH) / 2)
        page.top_margin, page.bottom_margin = Mm(17), Mm(11)
        page.header_distance = page.footer_distance = Mm(8)

    # -- what the file is made of ---------------------------------------------------------------

    def _strip(self) -> None:
        """Drop what python-docx's stock template carries and no letter uses: 160 styles, theme, thumbnail."""
        part = self.docx.part
        wanted = (RELATION.STYLES, RELATION.SETTINGS, RELATION.NUMBERING)
        for key in [key for key, relation in part.rels.items() if relation.reltype not in wanted]:
            del part.rels[key]
        package = part.package.rels
        for key in [key for key, it in package.items() if it.reltype.endswith(("thumbnail", "extended-properties"))]:
            del package[key]
        styles = self.docx.styles.element
        for element in list(styles):
            kept = element.get(qn("w:default")) == "1"
            if element.tag == qn("w:latentStyles") or (element.tag == qn("w:style") and not kept):
                styles.remove(element)
        settings = self.docx.settings.element
        kept_settings = {qn(f"w:{name}") for name in ("zoom", "defaultTabStop", "characterSpacingControl")}
        for element in list(settings):
            if element.tag not in kept_settings:
                settings.remove(element)
        compat = add_after(settings, "w:compat")
        add_after(
            compat, "w:compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15
        )
        properties = self.docx.core_properties
        properties.author = properties.last_modified_by = "outreach"
        properties.title = self.words["title"]
        properties.comments = ""
        properties.language = "zh-CN" if self.chinese else "en-GB"
        properties.created = properties.modified = MADE
        properties.revision = 1

    def _styles(self) -> None:
        defaults = self.docx.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        for element in list(defaults):
            defaults.remove(element)
        fonts_of(defaults, SONG, chinese=False)
        add_after(defaults, "w:sz", val=24)
        add_after(defaults, "w:lang", val="en-GB", eastAsia="zh-CN")
        paragraph_defaults = self.docx.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
        for element in list(paragraph_defaults):
            paragraph_defaults.remove(element)

        normal = self.docx.styles["Normal"]
        fonts_of(normal.element.get_or_add_rPr(), SONG, chinese=self.chinese)
        size = 12 if self.chinese else 11.5
        line = 21 if self.chinese else 16.5
        normal.font.size = Pt(size)
        self.style("Letterhead", HEI, 26 if self.chinese else 22, bold=True, colour=RED, align=CENTRE, after=5)
        if self.chinese:
            self.docx.styles["Letter Letterhead"].element.rPr.insert_element_before(spread(20), "w:sz")
        self.style("Bureau", SONG, 9.5, colour=INK, align=CENTRE, before=4, after=9 if self.chinese else 14)
        self.style("Heading", HEI, 18 if self.chinese else 16, bold=True, align=CENTRE, after=3)
        self.style("Slogan", SONG, size - 1, colour=RED, align=CENTRE, after=9)
        self.style("Greeting", SONG, size, align=LEFT, after=2, line=line)
        self.style("Body", SONG, size, align=BOTH, after=2 if self.chinese else 5, line=line, indent=self.chinese)
        self.style("Lead", HEI, size - 0.5, bold=not self.chinese, align=LEFT, before=7, after=3, keep=True)
        self.style("Paper", SONG, size - 0.5, align=LEFT, line=line - 2.5)
        self.style("Cell", SONG, size - 1, align=LEFT, before=1.5, after=1.5)
        self.style("CellHead", HEI, size - 1.5, bold=not self.chinese, align=LEFT, before=2, after=2)
        self.style("Signature", SONG, size, align=RIGHT, line=line)
        self.style("Code", ("Courier New", "宋体"), 13, bold=True, align=LEFT, before=1, after=1)
        self.style("Small", SONG, 9, colour=INK, align=LEFT)
        self.style("Gap", SONG, 4, align=LEFT, line=8)
        self.style("Whose", HEI, size - 1, bold=not self.chinese, align=LEFT, before=7, after=2, keep=True)
        self.style("Label", HEI, 9, bold=not self.chinese, align=LEFT, before=1, after=1, keep=True)
        self.style("Figure", SONG, 9.5, align=RIGHT, before=1, after=1)
        self.style("Year", SONG, 9.5, align=LEFT, before=1, after=1)
        self.style("Head", HEI, 9, bold=not self.chinese, align=RIGHT, before=1, after=1, keep=True)
        self.style("Sum", SONG, 9.5, bold=True, align=RIGHT, before=1, after=1)
        self._table_style()
        self.style("Total", HEI, 14, bold=True, colour=RED, align=RIGHT, before=3, after=3)
        self.style("Cut", SONG, 8.5, colour=INK, align=CENTRE, before=12, after=4, keep=True)
        self.style("Slip", SONG, size - 1.5, align=LEFT, before=6, after=2)
        self.style("Option", SONG, size - 1.5, align=LEFT, line=size + 2)

    def style(
        self,
        name: str,
        fonts: tuple[str, str],
        size: float,
        *,
        align: WD_ALIGN_PARAGRAPH,
        bold: bool = False,
        colour: RGBColor | None = None,
        before: float = 0,
        after: float = 0,
        line: float = 0,
        indent: bool = False,
        keep: bool = False,
    ) -> None:
        made = self.docx.styles.add_style(f"Letter {name}", WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = self.docx.styles["Normal"]
        made.quick_style = True
        fonts_of(made.element.get_or_add_rPr(), fonts, chinese=self.chinese)
        made.font.size, made.font.bold = Pt(size), bold or None
        if colour is not None:
            made.font.color.rgb = colour
        shape = made.paragraph_format
        shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
        shape.keep_with_next = keep or None
        if line:
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        if indent:
            # Two characters, whatever the size; w:firstLine is for programs that do not know characters.
            first = made.element.get_or_add_pPr().get_or_add_ind()
            first.set(qn("w:firstLine"), str(int(size * 2 * 20)))
            first.set(qn("w:firstLineChars"), "200")

    def _table_style(self) -> None:
        """Frame, room in the cells, and ground of the first and last row of the tables of amounts."""
        made = self.docx.styles.add_style("Letter Amounts", WD_STYLE_TYPE.TABLE).element
        properties = add_after(made, "w:tblPr")
        edges = add_after(properties, "w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            add_after(edges, f"w:{side}", val="single", sz=4, space=0, color="B8B0A8")
        margins = add_after(properties, "w:tblCellMar")
        for side in ("left", "right"):
            add_after(margins, f"w:{side}", w=113, type="dxa")
        for row in ("firstRow", "lastRow"):
            ground = add_after(made, "w:tblStylePr", type=row)
            add_after(add_after(ground, "w:tcPr"), "w:shd", val="clear", color="auto", fill=PALE)

    def _numbered_list(self) -> int:
        numbering = self.docx.part.numbering_part.element
        for element in list(numbering):
            numbering.remove(element)
        abstract = add_after(numbering, "w:abstractNum", abstractNumId=0)
        add_after(abstract, "w:multiLevelType", val="singleLevel")
        level = add_after(abstract, "w:lvl", ilvl=0)
        for tag, value in (("start", 1), ("numFmt", "decimal"), ("lvlText", self.words["level"]), ("lvlJc", "left")):
            add_after(level, f"w:{tag}", val=value)
        add_after(add_after(level, "w:pPr"), "w:ind", left=820 if self.chinese else 560, hanging=340)
        add_after(add_after(numbering, "w:num", numId=1), "w:abstractNumId", val=0)
        return 1

    # -- paragraphs and tables ------------------------------------------------------------------

    def write(self, where: Any, style: str, *pieces: str, new: bool = True) -> Any:
        """A paragraph whose pieces are runs; a tag is always a piece of its own."""
        paragraph = where.add_paragraph() if new else where.paragraphs[0]
        paragraph.style = self.docx.styles[f"Letter {style}"]
        # The style names the fonts of both scripts; on every run they would only make the file long.
        for piece in pieces:
            paragraph.add_run(piece)
        return paragraph

    def rule(self, paragraph: Any, side: str, size: int, colour: RGBColor, space: int = 1) -> None:
        edges = add_after(paragraph._p.get_or_add_pPr(), "w:pBdr")
        add_after(edges, f"w:{side}", val="single", sz=size, space=space, color=str(colour))
        properties = paragraph._p.pPr
        properties.remove(edges)
        properties.insert_element_before(edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")

    def table(self, widths: Sequence[float], rows: int, *, edge: tuple[int, str] | None, inner: bool = True) -> Any:
        """A table of fixed `widths` in mm. edge: eighths of a point and colour of the frame."""
        table = self.docx.add_table(rows, len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        properties = table._tbl.tblPr
        for old in properties.findall(qn("w:tblStyle")) + properties.findall(qn("w:tblLook")):
            properties.remove(old)
        properties.find(qn("w:tblW")).set(qn("w:type"), "dxa")
        properties.find(qn("w:tblW")).set(qn("w:w"), str(sum(round(width * 56.7) for width in widths)))
        layout = properties.find(qn("w:tblLayout"))
        if edge is not None:
            edges = OxmlElement("w:tblBorders")
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                if side.startswith("inside"):
                    if inner:
                        add_after(edges, f"w:{side}", val="single", sz=4, space=0, color="B8B0A8")
                else:
                    add_after(edges, f"w:{side}", val="single", sz=edge[0], space=0, color=edge[1])
            layout.addprevious(edges)
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            add_after(margins, f"w:{side}", w=113, type="dxa")
        layout.addnext(margins)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
                add_after(cell._tc.get_or_add_tcPr(), "w:vAlign", val="center")
        for row in table.rows:
            add_after(row._tr.get_or_add_trPr(), "w:cantSplit")
        return table

    def shade(self, cell: Any) -> None:
        properties = cell._tc.get_or_add_tcPr()
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
            shading.set(qn(f"w:{name}"), value)
        properties.insert_element_before(shading, "w:noWrap", "w:tcMar", "w:vAlign")

    # -- the letter -----------------------------------------------------------------------------

    def draw(self) -> None:
        words, docx = self.words, self.docx
        gap = "　" if self.chinese else "   "
        head = self.write(docx, "Letterhead", "{{ bureau.name }}")
        self.rule(head, "bottom", 18, RED, space=6)
        self.write(
            docx,
            "Bureau",
            *(words["address"], "{{ bureau.address }}", gap + words["hotline"], "{{ bureau.hotline }}"),
            *(gap + words["hours"], "{{ bureau.hours }}"),
        )
        self.write(docx, "Heading", "{{ campaign.title }}")
        self.write(docx, "Slogan", "{{ campaign.slogan }}")
        self.write(docx, "Greeting", "{{ greeting }}", words["greeting_end"])
        self.write(docx, "Body", "{%p for paragraph in paragraphs %}")
        self.write(docx, "Body", "{{ paragraph }}")
        self.write(docx, "Body", "{%p endfor %}")
        self.write(docx, "Gap")
        self.persons()
        self.write(docx, "Lead", words["papers"])
        self.write(docx, "Paper", "{%p for paper in campaign.papers %}")
        paper = self.write(docx, "Paper", "{{ paper }}")
        numbered = paper._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = 0, self.numbering
        self.write(docx, "Paper", "{%p endfor %}")
        self.write(docx, "Gap")
        self.officer()
        self.write(docx, "Gap")
        self.write(docx, "Signature", "{{ bureau.name }}")
        self.write(docx, "Signature", "{{ date }}")
        self.rule(self.write(docx, "Gap"), "bottom", 4, RGBColor(0xB8, 0xB0, 0xA8))
        self.foot()
        self.overleaf()
        # Word wants a paragraph after the last table; one point high, it cannot spill to another page.
        last = self.write(docx, "Gap")
        last.paragraph_format.line_spacing = Pt(1)

    def persons(self) -> None:
        table = self.table((42, 34, TEXT_WIDTH - 76), 4, edge=(6, "8A8178"))
        for cell, words in zip(table.rows[0].cells, self.words["persons"], strict=True):
            self.write(cell, "CellHead", words, new=False)
            self.shade(cell)
        add_after(table.rows[0]._tr.trPr, "w:tblHeader")
        self.write(table.cell(1, 0), "Cell", "{%tr for person in persons %}", new=False)
        tags = (
            ("{{ person.name }}",),
            ("{{ person.months_lapsed }}", self.words["months"]),
            ("{{ person.employer }}",),
        )
        for cell, pieces in zip(table.rows[2].cells, tags, strict=True):
            self.write(cell, "Cell", *pieces, new=False)
        self.write(table.cell(3, 0), "Cell", "{%tr endfor %}", new=False)

    def officer(self) -> None:
        """The framed box a household cuts out and keeps: who answers for it, and every phone."""
        labels = 24
        table = self.table((labels, TEXT_WIDTH / 2 - labels) * 2, 3, edge=(18, str(RED)))
        whole = table.cell(0, 0).merge(table.cell(0, 3))
        self.shade(whole)
        tags = (
            "{{ officer.name }}",
            "　" if self.chinese else "  ",
            "{{ officer.section }}",
            "　" if self.chinese else ", ",
            "{{ officer.title }}",
        )
        name = self.write(whole, "CellHead", self.words["officer"], "　" if self.chinese else ": ", *tags, new=False)
        name.runs[2].bold = True
        name.runs[2].font.size = Pt(15 if self.chinese else 13)
        phones = ("officer.mobile", "officer.home_phone", "officer.office_phone", "bureau.complaint_phone")
        for place, (label, phone) in enumerate(zip(self.words["phones"], phones, strict=True)):
            row, column = 1 + place // 2, 2 * (place % 2)
            self.write(table.cell(row, column), "CellHead", label, new=False)
            number = self.write(table.cell(row, column + 1), "Cell", f"{{{{ {phone} }}}}", new=False)
            number.runs[0].bold = True
            number.runs[0].font.size = Pt(13 if place == 0 else 12)

    def foot(self) -> None:
        table = self.table((TEXT_WIDTH - 28, 28), 1, edge=None)
        self.write(table.cell(0, 0), "Small", self.words["code"], new=False)
        self.write(table.cell(0, 0), "Code", "{{ household.code }}")
        self.write(table.cell(0, 0), "Small", "{{ household.address }}", "　", *self.piece())
        self.write(table.cell(0, 0), "Small", self.words["note"])
        self.write(table.cell(0, 1), "Signature", "{{ qr }}", new=False).paragraph_format.line_spacing = 1.0

    def overleaf(self) -> None:
        """What stands behind the letter where there is anything: what to pay, the accounts, the reply slip."""
        docx, words = self.docx, self.words
        payment, statements, slip = (f"{name} is defined and {name}" for name in ("payment", "statements", "slip"))
        self.write(docx, "Gap", f"{{%p if ({payment}) or ({statements}) or ({slip}) %}}")
        code = ("{{ household.code }}", "　", *self.piece())
        head = self.write(docx, "Bureau", "{{ bureau.name }}", f"　{words['more']}　{words['code']} ", *code)
        head.paragraph_format.page_break_before = True
        self.rule(head, "bottom", 8, RED, space=4)
        self.write(docx, "Gap", "{%p endif %}")
        self.write(docx, "Gap", f"{{%p if {payment} %}}")
        self.payment()
        self.write(docx, "Gap", "{%p endif %}")
        self.write(docx, "Gap", f"{{%p if {statements} %}}")
        self.statements()
        self.write(docx, "Gap", "{%p endif %}")
        self.write(docx, "Gap", f"{{%p if {slip} %}}")
        self.slip()
        self.write(docx, "Gap", "{%p endif %}")

    def amounts(
        self, widths: Sequence[float], heads: Sequence[str], rows: str, cells: Sequence[str], sums: Sequence[str]
    ) -> None:
        """A table of amounts: `cells` of each of `rows` ('line in one.lines'), `sums` in its last row.

        Its looks are a table style's: a household may have a dozen such tables, and Word's own marks on every
        cell would make them ten times as long as what they say.
        """
        table = self.docx.add_table(5, len(widths))
        table.style, table.alignment, table.autofit = (
            self.docx.styles["Letter Amounts"],
            WD_TABLE_ALIGNMENT.CENTER,
            False,
        )
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.attrib.clear()
        look.set(qn("w:val"), "0060")  # the style's own first and last row
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for cell in table._tbl.iter(qn("w:tcPr")):
            cell.getparent().remove(cell)
        for row in (0, 4):
            add_after(table.rows[row]._tr.get_or_add_trPr(), "w:cantSplit")
        add_after(table.rows[0]._tr.trPr, "w:tblHeader")
        self.write(table.cell(1, 0), "Year", f"{{%tr for {rows} %}}", new=False)
        self.write(table.cell(3, 0), "Year", "{%tr endfor %}", new=False)
        for row, style, texts in ((0, "Head", heads), (2, "Figure", cells), (4, "Sum", sums)):
            for rank, (cell, text) in enumerate(zip(table.rows[row].cells, texts, strict=True)):
                self.write(cell, style if rank else "Year" if row else "Label", *filter(None, [text]), new=False)

    def payment(self) -> None:
        docx, words = self.docx, self.words
        self.write(docx, "Lead", words["pay"])
        self.write(docx, "Gap", "{%p for one in payment.persons %}")
        self.write(docx, "Whose", "{{ one.name }}")
        self.amounts(
            (54, 30, 18, 20, TEXT_WIDTH - 122),
            words["pay_heads"],
            "line in one.lines",
            [f"{{{{ line.{name} }}}}" for name in ("span", "base", "rate", "months", "amount")],
            (words["sum"], "", "", "{{ one.months }}", "{{ one.total }}"),
        )
        self.write(docx, "Gap", "{%p endfor %}")
        self.write(docx, "Gap")
        total = self.table((TEXT_WIDTH - 64, 64), 1, edge=(12, str(RED)), inner=False)
        self.write(total.cell(0, 0), "CellHead", words["pay_total"], new=False)
        self.write(total.cell(0, 0), "Small", words["as_of"], "{{ payment.as_of }}")
        self.write(total.cell(0, 1), "Total", "{{ payment.total }}", words["yuan"], new=False)
        for cell in total.rows[0].cells:
            self.shade(cell)
        for name in ("note", "source"):
            self.write(docx, "Small", f"{{%p if payment.{name} is defined and payment.{name} %}}")
            self.write(
                docx, "Small", words[f"pay_{name}"], f"{{{{ payment.{name} }}}}"
            ).paragraph_format.space_before = Pt(3)
            self.write(docx, "Small", "{%p endif %}")

    def statements(self) -> None:
        docx, words = self.docx, self.words
        self.write(docx, "Lead", words["accounts"])
        self.write(docx, "Gap", "{%p for one in statements %}")
        self.write(docx, "Whose", "{{ one.name }}")
        self.amounts(
            (26, 22, 36, 36, TEXT_WIDTH - 120),
            words["account_heads"],
            "row in one.rows",
            [f"{{{{ row.{name} }}}}" for name in ("year", "months", "base", "paid", "balance")],
            (words["sum"], "{{ one.months }}", "", "{{ one.paid }}", "{{ one.balance }}"),
        )
        self.write(docx, "Gap", "{%p endfor %}")

    def slip(self) -> None:
        """What the household fills in, tears off and hands or sends back; it stays on one page."""
        docx, words = self.docx, self.words
        cut = self.write(docx, "Cut", "✂ " if not self.chinese else "", words["cut"])
        edges = add_after(cut._p.get_or_add_pPr(), "w:pBdr")
        add_after(edges, "w:top", val="dashed", sz=8, space=4, color=str(INK))
        cut._p.pPr.remove(edges)
        cut._p.pPr.insert_element_before(edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
        left = TEXT_WIDTH - 46
        table = self.table((left, 46), 1, edge=None)
        form, mark = table.rows[0].cells
        for cell in (form, mark):
            cell._tc.tcPr.find(qn("w:vAlign")).set(qn("w:val"), "top")
        title = self.write(form, "Lead", words["slip"], "　", new=False)
        title.paragraph_format.space_before = Pt(0)
        to = title.add_run(words["slip_to"])
        to.font.size, to.font.bold = Pt(9), False
        to = title.add_run("{{ bureau.name }}")
        to.font.size, to.font.bold = Pt(9), False
        name, phone, time, signature, date = words["slip_fields"]
        half = left * 0.52
        self.blanks(form, (name, half), (phone, left - 5))
        self.blanks(form, (time, left - 5))
        self.write(form, "Option", "{%p for words in slip %}")
        self.write(form, "Option", "□ ", "{{ words }}")
        self.write(form, "Option", "{%p endfor %}")
        self.blanks(form, (signature, half), (date, left - 5))
        self.write(mark, "Signature", "{{ qr }}", new=False).paragraph_format.line_spacing = 1.0
        self.write(mark, "Small", words["code"]).alignment = RIGHT
        self.write(mark, "Label", "{{ household.code }}").alignment = RIGHT
        self.write(mark, "Small", *self.piece()).alignment = RIGHT

    def blanks(self, cell: Any, *labels: tuple[str, float]) -> None:
        """A row of lines to write on, each behind its label and as far as so many mm."""
        row = self.write(cell, "Slip")
        for label, end in labels:
            row.paragraph_format.tab_stops.add_tab_stop(Mm(end), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
            row.add_run(label + " ")
            row.add_run("\t")
            row.add_run("  ")

    def piece(self) -> tuple[str, ...]:
        """The code of the piece, where it has one."""
        return (
            "{% if piece is defined and piece.code is defined %}",
            self.words["piece"],
            "{{ piece.code }}",
            "{% endif %}",
        )

    def bytes(self) -> bytes:
        """The file with fixed times in the zip."""
        self.draw()
        body = self.docx.element.body
        if body[0].tag == qn("w:p") and not body[0].findall(qn("w:r")):
            body.remove(body[0])
        return fixed_bytes(self.docx)


if __name__ == "__main__":
    for language in WORDS:
        path = FOLDER / f"letter.{language}.docx"
        path.write_bytes(Letter(language).bytes())
        print(path, path.stat().st_size, "bytes")
