"""The calibration sheet: its scales stand about the middle of the paper, and its rings lie behind each other."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from outreach.render.manifest import load_kind
from outreach.render.options import Options
from outreach.render.page import make_pages

KIND = load_kind(Path(__file__).parents[2] / "templates" / "calibration")
SIZES = [size.name for size in KIND.sizes]
POINT = 25.4 / 72

Box = tuple[float, float, float, float]


def made(size: str, language: str = "zh", **chosen: tuple[float, float]) -> bytes:
    return make_pages(KIND, language, [{}], options=KIND.chosen(Options(size=size, **chosen)))


def shapes(pdf: bytes, page: int) -> list[Box]:
    """Left, top, right and bottom of every drawn shape, in millimetres from the page's top left corner."""
    paper = pypdfium2.PdfDocument(pdf)[page]
    height = paper.get_height()
    found = []
    for shape in paper.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = shape.get_bounds()
        found.append((left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT))
    return found


def middles(boxes: list[Box]) -> set[tuple[float, float]]:
    return {(round((box[0] + box[2]) / 2, 2), round((box[1] + box[3]) / 2, 2)) for box in boxes}


def rings(pdf: bytes, page: int) -> set[tuple[float, float]]:
    return middles([box for box in shapes(pdf, page) if 9.9 < box[2] - box[0] < 10.3 and 9.9 < box[3] - box[1] < 10.3])


def ticks(pdf: bytes, page: int, *, upright: bool) -> list[float]:
    """Where the short lines across a scale stand: x of upright ones, y of level ones."""
    found = []
    for left, top, right, bottom in shapes(pdf, page):
        across, down = right - left, bottom - top
        if upright and across < 0.3 and 1.5 < down < 5.3:
            found.append((left + right) / 2)
        elif not upright and down < 0.3 and 1.5 < across < 5.3:
            found.append((top + bottom) / 2)
    return sorted(found)


@pytest.mark.parametrize("size", SIZES)
def test_both_sides_have_half_millimetres_counted_from_the_middle_of_the_paper(size: str) -> None:
    pdf = made(size)
    paper = pypdfium2.PdfDocument(pdf)[0]
    width, height = paper.get_width() * POINT, paper.get_height() * POINT
    for page in (0, 1):
        for middle, found in (
            (width / 2, ticks(pdf, page, upright=True)),
            (height / 2, ticks(pdf, page, upright=False)),
        ):
            near = [place - middle for place in found if abs(place - middle) < 10.1]
            steps = sorted({round(place, 2) for place in near})
            assert steps == pytest.approx([step / 2 for step in range(-20, 21)], abs=0.02)
            assert len(near) == 2 * len(steps)  # a scale at both ends of each crease


@pytest.mark.parametrize("size", SIZES)
def test_the_rings_of_both_sides_lie_behind_each_other_whichever_edge_the_sheet_is_turned_over(size: str) -> None:
    pdf = made(size)
    paper = pypdfium2.PdfDocument(pdf)[0]
    width, height = paper.get_width() * POINT, paper.get_height() * POINT
    front, back = rings(pdf, 0), rings(pdf, 1)
    assert len(front) == 4
    for turned in ({(width - x, y) for x, y in back}, {(x, height - y) for x, y in back}):
        assert sorted(turned) == [pytest.approx(place, abs=0.02) for place in sorted(front)]


def test_the_settings_move_the_rings_and_never_the_scales() -> None:
    still, moved = made("a4"), made("a4", shift_front_mm=(0.5, -1.0), shift_back_mm=(-0.7, 0.3))
    for page, by in ((0, (0.5, -1.0)), (1, (-0.7, 0.3))):
        expected = sorted((x + by[0], y + by[1]) for x, y in rings(still, page))
        assert sorted(rings(moved, page)) == [pytest.approx(place, abs=0.02) for place in expected]
        assert ticks(moved, page, upright=True) == ticks(still, page, upright=True)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_says_how_to_read_it_and_what_is_set(size: str, language: str) -> None:
    text = pypdfium2.PdfDocument(made(size, language, shift_front_mm=(0.5, -1.0)))[0].get_textpage().get_text_range()
    flat = "".join(text.split())
    assert all("".join(KIND.labels[language][f"step_{rank}"].split()) in flat for rank in range(1, 6))
    assert "[0.5,-1]" in flat.replace("-1.0", "-1")


def test_the_bars_to_check_the_scale_by_are_a_hundred_millimetres_long() -> None:
    boxes = shapes(made("a4"), 0)
    assert any(box[2] - box[0] == pytest.approx(100, abs=0.5) and box[3] - box[1] < 0.5 for box in boxes)
    assert any(box[3] - box[1] == pytest.approx(100, abs=0.5) and box[2] - box[0] < 0.5 for box in boxes)
