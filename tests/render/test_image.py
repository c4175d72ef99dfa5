"""Pictures of pages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from outreach.errors import BadInput
from outreach.render.image import page_png
from outreach.render.page import make_pdf, set_boxes

LAYOUT = """
#for value in json(bytes(sys.inputs.data)).pages {
  page(width: 70mm, height: 50mm, margin: 0pt, fill: black,
    place(dx: 10mm, dy: 10mm, rect(width: 50mm, height: 30mm, fill: rgb(value))))
}
"""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    layout: Path = tmp_path_factory.mktemp("kind") / "plain.typ"
    layout.write_text(LAYOUT, "utf-8")
    return set_boxes(make_pdf(layout, {"pages": ["#ff0000", "#0000ff"]}), slug_mm=10, bleed_mm=3)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=("PNG",))


def test_a_picture_shows_the_trimmed_page_and_nothing_around_it(pdf: bytes) -> None:
    shown = picture(page_png(pdf, width_px=500))
    assert shown.size == (500, 300)
    assert shown.mode == "RGB"
    assert {shown.getpixel(spot) for spot in ((2, 2), (497, 2), (2, 297), (497, 297), (250, 150))} == {(255, 0, 0)}


def test_the_whole_paper_can_be_shown_too(pdf: bytes) -> None:
    shown = picture(page_png(pdf, width_px=700, trim=False))
    assert shown.size == (700, 500)
    assert shown.getpixel((50, 50)) == (0, 0, 0)


def test_pages_are_counted_from_nought(pdf: bytes) -> None:
    assert picture(page_png(pdf, page=1, width_px=100)).getpixel((50, 30)) == (0, 0, 255)


def test_equal_pages_give_equal_pictures(pdf: bytes) -> None:
    assert page_png(pdf, width_px=300) == page_png(pdf, width_px=300)


@pytest.mark.parametrize(("page", "width_px"), [(2, 100), (-1, 100), (0, 0), (0, 200_000)])
def test_a_page_that_is_not_there_and_a_picture_too_large_are_refused(pdf: bytes, page: int, width_px: int) -> None:
    with pytest.raises(BadInput):
        page_png(pdf, page=page, width_px=width_px)
