"""Files read back: pages, letters and lines with their text, headers and codes, wherever a code comes from."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.shared import Mm

from outreach.render.code import qr_matrix, qr_png
from outreach.render.readback import Pdf, Unreadable, read_docx, read_picture, read_table, read_text


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_docx_is_read_letter_by_letter_with_codes_and_the_footer_of_each_section() -> None:
    document = docx.Document()
    for number in (1, 2):
        if number > 1:
            document.add_section(WD_SECTION.NEW_PAGE).footer.is_linked_to_previous = False
        document.add_paragraph(f"letter {number}")
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = f"in a table {number}"
        document.add_picture(io.BytesIO(qr_png(f"H00{number}")), width=Mm(20))
        document.add_paragraph(f"its page two, {number}").paragraph_format.page_break_before = True
        document.sections[-1].footer.paragraphs[0].text = f"footer {number}"
    parts = read_docx(saved(document))
    assert [part.codes for part in parts] == [("H001",), (), ("H002",), ()]
    assert "in a table 1" in parts[0].text
    for part, number in zip(parts, (1, 1, 2, 2), strict=True):
        assert f"footer {number}" in part.text
        assert f"footer {3 - number}" not in part.text


def test_a_break_that_is_switched_off_begins_no_letter() -> None:
    document = docx.Document()
    document.add_paragraph("one")
    document.add_paragraph("two").paragraph_format.page_break_before = False
    assert len(read_docx(saved(document))) == 1


def drawn_pdf() -> bytes:
    """Two pages; the code of each is drawn module by module, not put there as a picture."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    for number in (1, 2):
        canvas.drawString(40, 540, f"page {number}")
        rows = qr_matrix(f"H00{number}")
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    canvas.rect(200 + x * 2.4, 300 - y * 2.4, 2.4, 2.4, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_code_that_is_drawn_is_found_and_again_where_it_was() -> None:
    with Pdf(drawn_pdf()) as pdf:
        assert len(pdf) == 2
        (text,), codes = pdf.page(0)
        assert (text.strip(), codes) == ("page 1", [])
        (first,) = pdf.search(0, ["H001"])
        (second,) = pdf.search(1, ["H002"])
    assert (first.text, second.text) == ("H001", "H002")
    assert abs(first.x - (200 + 25) / 72 * 25.4) < 2
    assert abs(first.y - (600 - 300 + 22) / 72 * 25.4) < 3


def test_text_is_read_box_by_box() -> None:
    with Pdf(drawn_pdf()) as pdf:
        words, _codes = pdf.page(1, [(10, 10, 60, 30), (60, 60, 120, 120)])
    assert [text.strip() for text in words] == ["page 2", ""]


def test_tables_texts_and_pictures_are_read() -> None:
    assert [part.text for part in read_table('\ufeffa,b\r\n1,"x, y"\r\n'.encode())] == ["a\nb", "1\nx, y"]
    assert read_text("号码".encode("gb18030")).text == "号码"
    assert read_picture(qr_png("H009")).codes == ("H009",)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"%PDF-1.7 nothing"])
def test_what_is_no_such_file_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_docx(content)
    with pytest.raises(Unreadable):
        Pdf(content)
    with pytest.raises(Unreadable):
        read_picture(content)


def test_a_package_without_a_document_or_with_broken_xml_is_unreadable() -> None:
    for name, content in (("other.xml", b"<a/>"), ("word/document.xml", b"<a><b></a>")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr(name, content)
        with pytest.raises(Unreadable):
            read_docx(out.getvalue())
