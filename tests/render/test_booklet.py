"""A booklet: printed on both sides, folded and stapled, its pages read from first to last."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from outreach.errors import CannotPrint
from outreach.render.booklet import Face, creep_mm, make_booklet, padded, saddle, with_blanks

POINT = 25.4 / 72
A5 = (148, 210)


def folded(faces: list[Face]) -> list[int]:
    """The pages as a reader meets them: what two hands do with the printed sheets.

    Each sheet is turned over its fold's direction, so that behind a page on the right lies the back's left one. The
    sheets are put into each other, the first outside, and folded.
    """
    leaves_before, leaves_after = [], []
    for front, back in zip(faces[::2], faces[1::2], strict=True):
        assert front.sheet == back.sheet
        assert front.is_front
        assert not back.is_front
        # The right half of the front becomes a leaf of the first half of the booklet: front first, then its back.
        leaves_before.append([front.right, back.left])
        leaves_after.append([back.right, front.left])
    return [page for leaf in (*leaves_before, *reversed(leaves_after)) for page in leaf]


@given(st.integers(1, 80))
def test_folded_sheets_read_from_the_first_page_to_the_last(count: int) -> None:
    pages = padded(count)
    assert folded(saddle(pages)) == list(range(pages))


@given(st.integers(1, 80))
def test_blank_pages_come_before_the_back_cover_and_are_at_most_three(count: int) -> None:
    order = with_blanks(count)
    assert len(order) % 4 == 0
    assert [page for page in order if page is not None] == list(range(count))
    assert order[-1] == count - 1
    assert order.count(None) <= 3


@pytest.mark.parametrize("count", [0, 1, 6, -4])
def test_sheets_are_whole(count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        saddle(count)


def numbered(count: int, size: tuple[float, float] = A5) -> bytes:
    """A PDF whose pages carry a word of their own at their outer top corner."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    face = writer._add_object(DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()}))
    for number in range(1, count + 1):
        page = writer.add_blank_page(size[0] / POINT, size[1] / POINT)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F 12 Tf 40 500 Td (page{number:02d}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F"): face})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def words_of(pdf: bytes, page: int) -> list[tuple[str, float, float]]:
    """Each word with its left and lower edge in millimetres."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    found = []
    for match in range(text.count_rects()):
        left, bottom, _right, _top = text.get_rect(match)
        found.append((text.get_text_bounded(*text.get_rect(match)).strip(), left * POINT, bottom * POINT))
    return sorted(found, key=lambda word: word[1])


def test_a_booklet_of_eight_pages_lies_on_two_a4_sheets_with_the_cover_outside() -> None:
    made = make_booklet(numbered(8))
    sheets = PdfReader(io.BytesIO(made)).pages
    assert [[round(float(side) * POINT, 2) for side in sheet.mediabox] for sheet in sheets] == [[0, 0, 297, 210]] * 4
    pairs = [[word for word, _x, _y in words_of(made, page)] for page in range(4)]
    assert pairs == [["page08", "page01"], ["page02", "page07"], ["page06", "page03"], ["page04", "page05"]]


def test_five_pages_keep_the_last_one_outside() -> None:
    made = make_booklet(numbered(5))
    assert [[word for word, _x, _y in words_of(made, page)] for page in range(4)] == [
        ["page05", "page01"],
        ["page02"],
        ["page03"],
        ["page04"],
    ]


def test_inner_pages_move_towards_the_fold_by_the_papers_thickness_a_sheet() -> None:
    plain, crept = make_booklet(numbered(16), paper_mm=0), make_booklet(numbered(16), paper_mm=0.2)
    for page in range(8):
        before, after = words_of(plain, page), words_of(crept, page)
        moved = [new[1] - old[1] for old, new in zip(before, after, strict=True)]
        expected = creep_mm(page // 2, 0.2)
        assert moved == pytest.approx([expected, -expected], abs=0.005)


def test_a_printer_that_turns_over_the_long_edge_gets_its_backs_upside_down() -> None:
    short, long = make_booklet(numbered(4), flip="short"), make_booklet(numbered(4), flip="long")
    assert words_of(long, 0) == words_of(short, 0)
    (_word, x, y), *_rest = words_of(short, 1)
    turned = pypdfium2.PdfDocument(long)[1].get_textpage()
    left, bottom, right, top = max((turned.get_rect(n) for n in range(turned.count_rects())), key=lambda box: box[2])
    assert (297 - right * POINT, 210 - top * POINT) == pytest.approx((x, y), abs=0.01)
    assert left < right
    assert bottom < top


def ink_on_the_fold(pdf: bytes, page: int) -> int:
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=4).to_pil().convert("L")
    column = picture.crop((picture.width // 2 - 2, 0, picture.width // 2 + 2, picture.height))
    return sum(1 for value in column.tobytes() if value < 200)


def test_fold_and_staples_are_marked_on_the_outside_only() -> None:
    made = make_booklet(numbered(8))
    assert ink_on_the_fold(made, 0) > 100
    assert [ink_on_the_fold(made, page) for page in (1, 2, 3)] == [0, 0, 0]


def test_the_same_pages_make_the_same_bytes(outside_program: Any, tmp_path: Any) -> None:
    made = make_booklet(numbered(12))
    assert make_booklet(numbered(12)) == made
    file = tmp_path / "booklet.pdf"
    file.write_bytes(made)
    subprocess.run([outside_program("qpdf"), "--check", str(file)], check=True, capture_output=True)


def test_more_sheets_than_a_stapler_takes_are_refused() -> None:
    with pytest.raises(CannotPrint, match="84 pages make 21 sheets, and a fold can be stapled through 20"):
        make_booklet(numbered(84))


def test_pages_of_different_sizes_are_refused() -> None:
    writer = PdfWriter()
    writer.append(io.BytesIO(numbered(3)))
    writer.append(io.BytesIO(numbered(1, (210, 297))))
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(CannotPrint, match="differ in size"):
        make_booklet(out.getvalue())
