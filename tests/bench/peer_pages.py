"""The campaign's letter, and service cards, by other libraries: as nearly ours as each can draw them.

ReportLab and fpdf2 have no CFF fonts, so theirs are all sans: the variable Noto Sans SC pinned at two weights, which
is made once and not counted. Codes come from our own `qr_png`, the quickest there is. Chinese paragraphs are broken
and justified by each library as it does it.
"""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach.render.code import qr_png
from outreach.render.fonts import font_folders

MM = 72 / 25.4
Values = dict[str, Any]


@lru_cache(maxsize=1)
def font_files() -> dict[int, Path]:
    """Noto Sans SC at two weights as plain TrueType files."""
    import uharfbuzz as hb

    (variable,) = (path for folder in font_folders() for path in folder.glob("*wght*.ttf"))
    folder = Path(tempfile.gettempdir()) / "outreach-bench-fonts"
    folder.mkdir(exist_ok=True)
    files = {}
    for weight in (400, 700):
        files[weight] = folder / f"sans-{weight}.ttf"
        if not files[weight].is_file():
            face = hb.Face(hb.Blob.from_file_path(str(variable)))
            wanted = hb.SubsetInput()
            wanted.keep_everything()
            wanted.pin_axis_location(face, "wght", weight)
            files[weight].write_bytes(hb.subset(face, wanted).blob.data)
    return files


def _lines(values: Values) -> tuple[list[tuple[str, str]], list[str]]:
    officer, bureau = values["officer"], values["bureau"]
    phones = [
        ("手机", officer["mobile"]),
        ("办公电话", officer["office_phone"]),
        ("住宅电话", officer["home_phone"]),
        ("监督电话", bureau["complaint_phone"]),
    ]
    return phones, [bureau["address"], f"咨询电话 {bureau['hotline']}", f"办公时间 {bureau['hours']}"]


def reportlab_letters(letters: Sequence[Values]) -> bytes:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph

    for weight, path in font_files().items():
        pdfmetrics.registerFont(TTFont(f"s{weight}", str(path)))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(210 * MM, 297 * MM))
    style = ParagraphStyle(
        "b", fontName="s400", fontSize=11, leading=17, wordWrap="CJK", firstLineIndent=22, alignment=4
    )

    def put(x: float, y: float, words: str, size: float, weight: int = 400) -> None:
        canvas.setFont(f"s{weight}", size)
        canvas.drawString(x * MM, (297 - y) * MM, words)

    def rule(y: float, width: float) -> None:
        canvas.setLineWidth(width)
        canvas.line(23 * MM, (297 - y) * MM, 187 * MM, (297 - y) * MM)

    for values in letters:
        phones, reach = _lines(values)
        put(23, 29, values["bureau"]["name"], 22, 700)
        for rank, words in enumerate(reach):
            canvas.setFont("s400", 8.5)
            canvas.drawRightString(187 * MM, (297 - 19 - 4 * rank) * MM, words)
        rule(33.5, 2)
        rule(34.9, 0.5)
        canvas.setFont("s700", 18)
        canvas.drawCentredString(105 * MM, (297 - 50) * MM, values["campaign"]["title"])
        put(23, 61, values["greeting"] + "：", 11)
        top = 64.0
        for words in values["paragraphs"]:
            paragraph = Paragraph(words, style)
            height = paragraph.wrap(164 * MM, 400)[1]
            paragraph.drawOn(canvas, 23 * MM, (297 - top) * MM - height)
            top += height / MM + 2
        put(23, top + 6, "您家的参保情况", 9.5, 700)
        rule(top + 13, 0.8)
        for rank, person in enumerate(values["persons"]):
            y = top + 18 + 7 * rank
            put(23, y, person["name"], 10, 700)
            put(61, y, f"{person['months_lapsed']} 个月", 10)
            put(91, y, person["employer"], 10)
            rule(y + 2, 0.4)
        top += 24 + 7 * len(values["persons"])
        for rank, words in enumerate(values["campaign"]["papers"], start=1):
            put(23, top + 6 * rank, str(rank), 10, 700)
            put(28, top + 6 * rank, words, 10)
        canvas.setFillColorRGB(0.98, 0.96, 0.9)
        canvas.rect(122 * MM, (297 - top - 57) * MM, 65 * MM, 57 * MM, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        put(128, top + 14, values["officer"]["name"], 14, 700)
        put(128, top + 21, values["officer"]["section"], 9)
        put(128, top + 25, values["officer"]["title"], 9)
        for rank, (label, number) in enumerate(phones):
            put(128, top + 34 + 5.8 * rank, label, 8.5)
            put(146, top + 34 + 5.8 * rank, number, 10)
        rule(244, 0.5)
        put(23, 256, values["household"]["code"], 13, 700)
        put(23, 262, values["household"]["address"], 8.5)
        picture = ImageReader(io.BytesIO(qr_png(values["qr"], scale=1, border=0)))
        canvas.drawImage(picture, 87 * MM, (297 - 270.4) * MM, 22 * MM, 22 * MM)
        put(140, 257, values["bureau"]["name"], 11)
        put(150, 262, values["date"], 10)
        canvas.setFont("s400", 9)
        canvas.drawCentredString(105 * MM, (297 - 287) * MM, values["campaign"]["slogan"])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def fpdf2_letters(letters: Sequence[Values]) -> bytes:
    from fpdf import FPDF

    pdf = FPDF(format="A4", unit="mm")
    pdf.set_auto_page_break(False)
    for weight, path in font_files().items():
        pdf.add_font(f"s{weight}", fname=str(path))

    def put(x: float, y: float, words: str, size: float, weight: int = 400) -> None:
        pdf.set_font(f"s{weight}", size=size)
        pdf.text(x, y, words)

    for values in letters:
        phones, reach = _lines(values)
        pdf.add_page()
        put(23, 29, values["bureau"]["name"], 22, 700)
        for rank, words in enumerate(reach):
            put(140, 19 + 4 * rank, words, 8.5)
        pdf.line(23, 33.5, 187, 33.5)
        pdf.line(23, 34.9, 187, 34.9)
        put(70, 50, values["campaign"]["title"], 18, 700)
        put(23, 61, values["greeting"] + "：", 11)
        pdf.set_xy(23, 64)
        pdf.set_font("s400", size=11)
        for words in values["paragraphs"]:
            pdf.set_x(23)
            pdf.multi_cell(164, 6, "\u3000\u3000" + words, wrapmode="CHAR", align="J", new_x="LEFT", new_y="NEXT")
        top = pdf.get_y()
        put(23, top + 6, "您家的参保情况", 9.5, 700)
        for rank, person in enumerate(values["persons"]):
            y = top + 18 + 7 * rank
            put(23, y, person["name"], 10, 700)
            put(61, y, f"{person['months_lapsed']} 个月", 10)
            put(91, y, person["employer"], 10)
            pdf.line(23, y + 2, 187, y + 2)
        top += 24 + 7 * len(values["persons"])
        for rank, words in enumerate(values["campaign"]["papers"], start=1):
            put(23, top + 6 * rank, str(rank), 10, 700)
            put(28, top + 6 * rank, words, 10)
        pdf.set_fill_color(250, 244, 230)
        pdf.rect(122, top, 65, 57, style="F")
        put(128, top + 14, values["officer"]["name"], 14, 700)
        put(128, top + 21, values["officer"]["section"], 9)
        put(128, top + 25, values["officer"]["title"], 9)
        for rank, (label, number) in enumerate(phones):
            put(128, top + 34 + 5.8 * rank, label, 8.5)
            put(146, top + 34 + 5.8 * rank, number, 10)
        pdf.line(23, 244, 187, 244)
        put(23, 256, values["household"]["code"], 13, 700)
        put(23, 262, values["household"]["address"], 8.5)
        pdf.image(io.BytesIO(qr_png(values["qr"], scale=1, border=0)), 87, 248.4, 22, 22)
        put(140, 257, values["bureau"]["name"], 11)
        put(150, 262, values["date"], 10)
        put(75, 287, values["campaign"]["slogan"], 9)
    return bytes(pdf.output())


def weasyprint_letters(letters: Sequence[Values]) -> bytes:
    from html import escape

    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    files = font_files()
    faces = "".join(
        f"@font-face{{font-family:s;font-weight:{weight};src:url({path.as_uri()})}}" for weight, path in files.items()
    )
    style = (
        faces + "@page{size:A4;margin:0} body{margin:0;font:10pt s} .p{position:relative;height:297mm;"
        "page-break-after:always} .p>*{position:absolute} .b{left:23mm;top:58mm;width:164mm;font-size:11pt}"
        ".b p{text-indent:2em;text-align:justify;line-height:1.5;margin:0 0 2mm} table{width:100%}"
        ".o{float:right;width:65mm;height:57mm;background:#faf4e6}"
    )
    pages = []
    for values in letters:
        phones, reach = _lines(values)
        code = base64.b64encode(qr_png(values["qr"], scale=1, border=0)).decode()
        people = "".join(
            f"<tr><td><b>{escape(p['name'])}</b><td>{p['months_lapsed']} 个月<td>{escape(p['employer'])}"
            for p in values["persons"]
        )
        pages.append(
            f'<div class=p><b style="left:23mm;top:22mm;font-size:22pt">{escape(values["bureau"]["name"])}</b>'
            f'<div style="right:23mm;top:14mm;font-size:8.5pt;text-align:right">{"<br>".join(map(escape, reach))}</div>'
            f'<b style="left:0;right:0;top:43mm;font-size:18pt;text-align:center">{values["campaign"]["title"]}</b>'
            f"<div class=b>{escape(values['greeting'])}：{''.join(f'<p>{escape(w)}' for w in values['paragraphs'])}"
            f"<b>您家的参保情况</b><table>{people}</table><div class=o><b>{values['officer']['name']}</b><br>"
            f"{values['officer']['section']}<br>{values['officer']['title']}"
            + "".join(f"<br>{label} {number}" for label, number in phones)
            + f"</div><ol>{''.join(f'<li>{escape(w)}' for w in values['campaign']['papers'])}</ol></div>"
            f'<b style="left:23mm;top:253mm;font-size:13pt">{values["household"]["code"]}</b>'
            f'<span style="left:23mm;top:260mm">{values["household"]["address"]}</span>'
            f'<img style="left:87mm;top:248mm;width:22mm;image-rendering:pixelated" src="data:image/png;base64,{code}">'
            f'<span style="right:23mm;top:253mm">{values["bureau"]["name"]}<br>{values["date"]}</span></div>'
        )
    config = FontConfiguration()
    made = HTML(string="".join(pages)).write_pdf(
        stylesheets=[CSS(string=style, font_config=config)], font_config=config
    )
    return bytes(made or b"")


def reportlab_cards(cards: Sequence[Values], *, own_codes: bool = True) -> bytes:
    """Service cards ten-up with their backs, each with its QR code: by ReportLab's own widget, or a picture of ours."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for weight, path in font_files().items():
        pdfmetrics.registerFont(TTFont(f"s{weight}", str(path)))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(210 * MM, 297 * MM))

    def put(x: float, y: float, words: str, size: float, weight: int = 400) -> None:
        canvas.setFont(f"s{weight}", size)
        canvas.drawString(x * MM, (297 - y) * MM, words)

    for first in range(0, len(cards), 10):
        sheet = list(enumerate(cards[first : first + 10]))
        for rank, values in sheet:
            x, y = 15 + 90 * (rank % 2), 13.5 + 54 * (rank // 2)
            officer = values["officer"]
            put(x + 6, y + 8, values["bureau"]["name"], 8, 700)
            put(x + 6, y + 20, officer["name"], 16, 700)
            put(x + 6, y + 26, f"{officer['section']} {officer['title']}", 7)
            numbers = (
                officer["mobile"],
                officer["home_phone"],
                officer["office_phone"],
                values["bureau"]["complaint_phone"],
            )
            for line, number in enumerate(numbers):
                put(x + 6, y + 33 + 4 * line, "电话", 7)
                put(x + 18, y + 33 + 4 * line, number, 8)
            put(x + 60, y + 50, values["household"]["code"], 6)
            if own_codes:
                widget = QrCodeWidget(values["officer_qr"], barWidth=24 * MM, barHeight=24 * MM, barBorder=0)
                renderPDF.draw(Drawing(24 * MM, 24 * MM, widget), canvas, (x + 58) * MM, (297 - y - 44) * MM)
            else:
                picture = ImageReader(io.BytesIO(qr_png(values["officer_qr"], scale=1, border=0)))
                canvas.drawImage(picture, (x + 58) * MM, (297 - y - 44) * MM, 24 * MM, 24 * MM)
        canvas.showPage()
        for rank, values in sheet:
            x, y = 105 - 90 * (rank % 2), 13.5 + 54 * (rank // 2)
            campaign = values["campaign"]
            for line, words in enumerate([*campaign["promise"], *campaign["policy"], *campaign["papers"]]):
                put(x + 6, y + 8 + 3 * line, words, 6)
            put(x + 70, y + 50, values["number"], 6)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


LETTERS: dict[str, Callable[[Sequence[Values]], bytes]] = {
    "ReportLab": reportlab_letters,
    "fpdf2": fpdf2_letters,
    "WeasyPrint": weasyprint_letters,
}
