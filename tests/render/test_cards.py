"""Service cards on printed sheets: every back behind its own front, whatever the sheet, cut and flip."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.errors import BadInput, CannotPrint
from outreach.render.code import read_qr, vcard
from outreach.render.image import page_png
from outreach.render.impose import Sheet
from outreach.render.manifest import load_kind
from outreach.render.options import NO_OPTIONS, Options
from outreach.render.page import make_pages
from outreach.render.sheets import sheet_of
from outreach.render.stock import CATALOGUE

TEMPLATES = Path(__file__).parents[2] / "templates"
POINT = 25.4 / 72
DOTS = 7  # a millimetre
RARE = ("沈䶮庭", "罗𬱖川", "钱𬭎")


def cards(language: str, count: int) -> list[dict[str, Any]]:
    kind = load_kind(TEMPLATES / "card")
    made = []
    for rank in range(count):
        values = copy.deepcopy(kind.sample_values(language))
        values["number"] = f"N{rank:04d}"
        values["person"]["name"] = RARE[rank % 3]
        values["household"]["code"] = f"HC{rank:04d}"
        values["officer"]["name"] = RARE[(rank + 1) % 3]
        values["officer_qr"] = vcard(values["officer"]["name"], mobile=f"1210555{rank:04d}")
        values["piece"] = {"code": f"7-{rank}-K3QF", "qr": f"7-{rank}-K3QF"}
        made.append(values)
    return made


def made(count: int, options: Options = NO_OPTIONS, language: str = "zh") -> bytes:
    return make_pages(load_kind(TEMPLATES / "card"), language, cards(language, count), options=options)


def sheet(options: Options = NO_OPTIONS) -> Sheet:
    found = sheet_of(load_kind(TEMPLATES / "card"), options)
    assert found is not None
    return found


def picture(pdf: bytes, page: int) -> Image.Image:
    width = pypdfium2.PdfDocument(pdf)[page].get_width() * POINT
    return Image.open(io.BytesIO(page_png(pdf, page=page, width_px=round(width * DOTS))))


def region(sheet_picture: Image.Image, x: float, y: float, width: float, height: float) -> Image.Image:
    return sheet_picture.crop(tuple(round(side * DOTS) for side in (x, y, x + width, y + height)))  # type: ignore[arg-type]


def places(pdf: bytes, page: int, words: list[str]) -> dict[str, tuple[float, float]]:
    """Where the middle of each word's first sign is on the page, in millimetres from the top left."""
    paper = pypdfium2.PdfDocument(pdf)[page]
    text = paper.get_textpage()
    found = {}
    for word in words:
        hit = text.search(word, match_case=True, match_whole_word=True).get_next()
        assert hit is not None, word
        left, bottom, right, top = text.get_charbox(hit[0])
        found[word] = ((left + right) / 2 * POINT, (paper.get_height() - (bottom + top) / 2) * POINT)
    return found


CUT_SHEETS = [
    Options(sheet=name, cut=cut, flip=flip)
    for name, cut in (
        ("a4-10", "butt"),
        ("a4-8", "butt"),
        ("a4-8", "gutter"),
        ("a4-landscape", "gutter"),
        ("sra3", "gutter"),
        ("sra3", "butt"),
        ("sra3-landscape", "butt"),
    )
    for flip in ("long", "short")
]
STOCK = [
    Options(sheet=name, flip=flip)
    for name in ("a4-10-85x54", "a4-8-85x54", "a4-10-90x52")
    for flip in ("long", "short")
]


def as_name(options: Options) -> str:
    return "-".join(filter(None, (options.sheet, options.cut, options.flip)))


@pytest.mark.parametrize("options", CUT_SHEETS + STOCK, ids=as_name)
def test_laid_over_each_other_every_back_is_behind_its_own_front_and_upright(options: Options) -> None:
    grid = sheet(options)
    count = grid.cards + 3  # a second sheet that is not full
    pdf = made(count, options)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 4
    upright_edge = (options.flip == "long") == (grid.width <= grid.height)
    turn = Image.Transpose.FLIP_LEFT_RIGHT if upright_edge else Image.Transpose.FLIP_TOP_BOTTOM
    for page, spots in enumerate(grid.fronts(count)):
        front = picture(pdf, 2 * page)
        through = picture(pdf, 2 * page + 1).transpose(turn)  # the back as it would show through the paper
        assert through.size == front.size
        for spot in spots:
            box = (spot.x, spot.y, grid.card_width, grid.card_height)
            assert read_qr(region(front, *box)) == [cards("zh", count)[spot.card]["officer_qr"]]
            # The cut card, turned like the page of a book: its code stands at the right below.
            back = region(through, *box).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            corner = back.crop((back.width * 4 // 5, back.height * 2 // 3, back.width, back.height))
            assert read_qr(corner) == [f"7-{spot.card}-K3QF"]
            assert read_qr(back) == [f"7-{spot.card}-K3QF"]


@pytest.mark.parametrize("options", [CUT_SHEETS[0], CUT_SHEETS[1], CUT_SHEETS[6], CUT_SHEETS[7]], ids=as_name)
def test_the_numbers_of_front_and_back_lie_in_the_same_place_of_the_paper(options: Options) -> None:
    grid = sheet(options)
    pdf = made(grid.cards, options)
    ranks = range(grid.cards)
    fronts = places(pdf, 0, [f"HC{rank:04d}" for rank in ranks])
    backs = places(pdf, 1, [f"N{rank:04d}" for rank in ranks])
    upright_edge = (options.flip == "long") == (grid.width <= grid.height)

    def place(x: float, y: float) -> tuple[int, int]:
        return (
            int((x - grid.left) // (grid.card_width + grid.gap_x)),
            int((y - grid.top) // (grid.card_height + grid.gap_y)),
        )

    for rank in ranks:
        x, y = backs[f"N{rank:04d}"]
        behind = (grid.width - x, y) if upright_edge else (x, grid.height - y)
        assert place(*fronts[f"HC{rank:04d}"]) == place(*behind) == (rank % grid.columns, rank // grid.columns)


@pytest.mark.parametrize("cut", ["butt", "gutter"])
def test_the_last_sheet_is_blank_where_there_are_no_cards(cut: str) -> None:
    options = Options(sheet="a4-8", cut=cut)
    grid = sheet(options)
    pdf = made(11, options)
    last = {spot.card: spot for spot in grid.fronts(16)[1]}
    for side, spots in ((2, last), (3, {spot.card: spot for spot in grid.backs(16)[1]})):
        printed = picture(pdf, side)
        for card, spot in spots.items():
            middle = region(printed, spot.x + 4, spot.y + 4, 82, 46).convert("L").getextrema()
            assert (middle == (255, 255)) is (card > 10)


def test_with_gutters_the_red_of_a_card_ends_three_millimetres_outside_it_and_nobody_elses_card_has_it() -> None:
    options = Options(sheet="a4-8", cut="gutter")
    grid = sheet(options)
    front = picture(made(8, options), 0).convert("RGB")

    def colour(x: float, y: float) -> Any:
        return front.getpixel((round(x * DOTS), round(y * DOTS)))

    for spot in grid.fronts(8)[0]:
        assert colour(spot.x - 2.7, spot.y + 20) == colour(spot.x + 1, spot.y + 20) == (179, 32, 28)
        assert colour(spot.x - 3.4, spot.y + 20) == (255, 255, 255)
        assert colour(spot.x + 89.5, spot.y + 20) == (255, 255, 255)


def test_the_printers_offset_moves_each_side_by_itself() -> None:
    moved = Options(shift_front_mm=(0.5, -1.0), shift_back_mm=(-0.4, 2.0))
    still, shifted = made(3), made(3, moved)
    for page, word, by in ((0, "HC0001", (0.5, -1.0)), (1, "N0001", (-0.4, 2.0))):
        before, after = places(still, page, [word])[word], places(shifted, page, [word])[word]
        assert (after[0] - before[0], after[1] - before[1]) == pytest.approx(by, abs=0.01)


def test_pre_cut_stock_shows_no_crop_marks_and_paper_to_cut_does() -> None:
    def margin(options: Options) -> Any:
        return region(picture(made(10, options), 0), 14, 0, 180, 10).convert("L").getextrema()

    assert margin(Options(sheet="a4-10-85x54")) == (255, 255)
    assert margin(Options(sheet="a4-10"))[0] < 128


def test_the_own_code_of_a_card_keeps_its_quiet_border() -> None:
    back = picture(made(1), 1)
    (spot,) = sheet().backs(1)[0]
    corner = region(back, spot.x + 90 - 4.2 - 11, spot.y + 38.6, 11, 11).convert("L")
    dark = corner.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    module = (dark[2] - dark[0]) / 21
    assert min(dark[0], dark[1], corner.width - dark[2], corner.height - dark[3]) >= 3.7 * module
    assert module / DOTS >= 0.36  # millimetres: nine dots of an office printer


def test_each_card_carries_the_code_of_its_own_officer() -> None:
    values = cards("zh", 10)
    front = picture(made(10), 0)
    for spot in Sheet.plan(CATALOGUE["a4-10"], (90, 54)).fronts(10)[0]:
        assert read_qr(region(front, spot.x, spot.y, 90, 54)) == [values[spot.card]["officer_qr"]]


@pytest.mark.parametrize("name", RARE)
def test_rare_names_are_drawn_and_can_be_searched(name: str) -> None:
    text = pypdfium2.PdfDocument(made(3))[0].get_textpage().get_text_range()
    assert name in "".join(text.split())


def test_a_name_too_long_for_a_card_is_refused_with_its_card() -> None:
    values = cards("zh", 30)
    values[17]["officer"]["name"] = "阿卜杜热合曼" * 8
    with pytest.raises(CannotPrint) as caught:
        make_pages(load_kind(TEMPLATES / "card"), "zh", values)
    (fault,) = caught.value.faults
    assert fault.where == f"household HC0017, {RARE[17 % 3]}, officer.name"


@pytest.mark.parametrize("field", ["mobile", "office_phone", "home_phone"])
def test_a_phone_too_long_for_a_card_is_refused(field: str) -> None:
    values = cards("zh", 3)
    values[1]["officer"][field] = "0700-5550121 " * 6
    with pytest.raises(CannotPrint) as caught:
        make_pages(load_kind(TEMPLATES / "card"), "zh", values)
    assert caught.value.faults[0].where.endswith(f"officer.{field}")


@pytest.mark.parametrize("stock", ["a4-10", "a4-10-85x54", "a4-10-90x52"])
@pytest.mark.parametrize(
    ("language", "name"), [("zh", "阿卜杜热合曼·买买提吐尔逊"), ("en", "O'Neill-Fitzgerald Bartholomew")]
)
def test_a_long_name_of_an_officer_stands_on_two_lines_of_a_card(language: str, name: str, stock: str) -> None:
    values = cards(language, 3)
    values[1]["officer"]["name"] = name
    if language == "en":
        values[1]["officer"] |= {
            "title": "Deputy Head of Renewal and Contributions",
            "section": "Contributions and Accounts Section",
        }
    pdf = make_pages(load_kind(TEMPLATES / "card"), language, values, options=Options(sheet=stock))
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "".join(name.split()) in "".join(text.split())


def test_a_kind_that_is_no_card_takes_no_sheet() -> None:
    with pytest.raises(BadInput) as caught:
        sheet_of(load_kind(TEMPLATES / "poster"), Options(sheet="a4-10", flip="short"))
    assert "--sheet --flip" in caught.value.faults[0].where
