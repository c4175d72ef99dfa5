"""Envelopes, the sheets that show through their windows, and labels: what stands where on the finished thing."""

from __future__ import annotations

import copy
import io
import itertools
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from outreach.errors import CannotPrint
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.manifest import MaterialKind, load_kind
from outreach.render.options import Options
from outreach.render.page import make_pages
from outreach.render.sheets import sheet_of
from outreach.render.stock import CATALOGUE

TEMPLATES = Path(__file__).parents[2] / "templates"
POINT = 25.4 / 72
DOTS = 6  # a millimetre
FACE = {"dl": (220, 110), "zl": (230, 120), "c5": (229, 162), "c4": (324, 229)}
# The window of each envelope from the upper left corner: DIN 680 for DL; for the others as docs/print.md says.
WINDOW_TOP = {"dl": 50, "c5": 52, "c4": 54}
FOLDED = {"dl": (210, 105), "c5": (210, 148.5), "c4": (297, 210)}
LONG = {
    "zh": (
        "阿卜杜热合曼·买买提吐尔逊先生、林悦女士、罗𬱖川同志",
        "城中街道办事处机械厂第二生活区家属大院（原纺织机械配件厂）东门13号楼2单元2501室",
    ),
    "en": (
        "Mr Abdurahman Mamattursun, Ms Lin Yue and Luo Weichuan",
        "Room 2501, Unit 2, Building 13, Second Living Quarters of the Machinery Works, East Gate, Chengzhong Street",
    ),
}


def kind_of(name: str, **words: str) -> MaterialKind:
    kind = load_kind(TEMPLATES / name)
    return kind.model_copy(update={"labels": {lang: labels | words for lang, labels in kind.labels.items()}})


def values_of(kind: MaterialKind, language: str, *, long: bool = False, rank: int = 421) -> dict[str, Any]:
    values = copy.deepcopy(kind.sample_values(language))
    values["piece"] = {"code": f"7-{rank}-K3QF", "qr": f"7-{rank}-K3QF"}
    values["household"]["code"] = f"HC-{rank:06d}"
    if long:
        values["greeting"], values["household"]["address"] = LONG[language]
    return values


def made(name: str, language: str, *, long: bool = False, **chosen: Any) -> bytes:
    kind = kind_of(name)
    options = kind.chosen(Options(**chosen))
    return make_pages(kind, language, [values_of(kind, language, long=long)], options=options)


def picture(pdf: bytes, page: int = 0) -> Image.Image:
    width = pypdfium2.PdfDocument(pdf)[page].get_width() * POINT
    return Image.open(io.BytesIO(page_png(pdf, page=page, width_px=round(width * DOTS)))).convert("L")


def blank(printed: Image.Image, left: float, top: float, right: float, bottom: float) -> bool:
    box = (round(left * DOTS), round(top * DOTS), round(right * DOTS), round(bottom * DOTS))
    return printed.crop(box).getextrema() == (255, 255)


def box_of(pdf: bytes, words: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all signs of `words`, wherever its lines end, in millimetres from the top left."""
    paper = pypdfium2.PdfDocument(pdf)[page]
    text = paper.get_textpage()
    codes = [(rank, pypdfium2.raw.FPDFText_GetUnicode(text, rank)) for rank in range(text.count_chars())]
    kept = [(rank, code) for rank, code in codes if not chr(code).isspace()]
    wanted = [ord(sign) for sign in words if not sign.isspace()]
    # Signs beyond the first plane may come as two halves, so only the others are compared.
    plain = [(rank, code) for rank, code in kept if code < 0xD800 or 0xE000 <= code < 0x10000]
    sought = [code for code in wanted if code < 0x10000]
    starts = range(len(plain) - len(sought) + 1)
    start = next(at for at in starts if [code for _rank, code in plain[at : at + len(sought)]] == sought)
    ranks = range(plain[start][0], plain[start + len(sought) - 1][0] + 1)
    boxes = [text.get_charbox(rank) for rank in ranks if rank in dict(kept)]
    height = paper.get_height()
    return (
        min(box[0] for box in boxes) * POINT,
        (height - max(box[3] for box in boxes)) * POINT,
        max(box[2] for box in boxes) * POINT,
        (height - min(box[1] for box in boxes)) * POINT,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", list(FACE))
@pytest.mark.parametrize("look", ["gb", "intl"])
def test_an_envelope_is_addressed_and_its_code_is_read_back(language: str, size: str, look: str) -> None:
    values = values_of(kind_of("envelope"), language)
    pdf = made("envelope", language, size=size, look=look)
    page = pypdfium2.PdfDocument(pdf)[0]
    assert (page.get_width() * POINT, page.get_height() * POINT) == pytest.approx(FACE[size], abs=0.02)
    where, who = box_of(pdf, values["household"]["address"]), box_of(pdf, values["greeting"])
    assert (where[3] < who[1]) is (look == "gb")  # Chinese mail names the place first
    assert read_qr(picture(pdf)) == ["7-421-K3QF"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", list(FACE))
def test_chinese_mail_leaves_the_posts_own_zones_free(language: str, size: str) -> None:
    printed = picture(made("envelope", language, long=True, size=size, look="gb"))
    width, height = FACE[size]
    # The bars of the sorting machine: 20 mm high, 55 to 160 mm from the right.
    assert blank(printed, width - 160, height - 20, width - 55, height)
    # Where the postcode is read, 90 x 26 mm at the upper left, there are only its boxes.
    assert blank(printed, 0, 0, 90, 11.5)
    assert blank(printed, 0, 20.5, 90, 26)
    assert blank(printed, 65, 0, 90, 26)


def test_a_postcode_stands_in_its_boxes_and_without_one_they_are_empty() -> None:
    kind = kind_of("envelope", postcode="432400")
    options = kind.chosen(Options(size="dl"))
    full = make_pages(kind, "zh", [values_of(kind, "zh")], options=options)
    left, top, right, bottom = box_of(full, "432400")
    assert 12 < left < right < 12 + 5 * 9 + 7
    assert 12 < top < bottom < 20
    empty = picture(made("envelope", "zh", size="dl"))
    for rank in range(6):
        assert blank(empty, 12 + rank * 9 + 0.5, 12.5, 12 + rank * 9 + 6.5, 19.5)
        assert not blank(empty, 12 + rank * 9 - 0.5, 12.5, 12 + rank * 9 + 0.5, 19.5)


def test_a_postcode_that_is_none_is_refused() -> None:
    kind = kind_of("envelope", postcode="43240")
    with pytest.raises(CannotPrint) as caught:
        make_pages(kind, "zh", [values_of(kind, "zh")], options=kind.chosen(Options()))
    assert "43240" in caught.value.faults[0].what


@pytest.mark.parametrize("name", ["envelope", "slip", "label"])
def test_the_town_of_the_kinds_words_completes_every_address(name: str) -> None:
    for language, place in (("zh", "禾川县城中社区机械厂大院"), ("en", "Chengzhong, Hechuan")):
        kind = kind_of(name, town="禾川县" if language == "zh" else "Hechuan")
        pdf = make_pages(kind, language, [values_of(kind, language)], options=kind.chosen(Options()))
        assert box_of(pdf, place)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", list(WINDOW_TOP))
@pytest.mark.parametrize("look", ["window", "window-right"])
def test_nothing_is_printed_on_the_window_of_an_envelope(language: str, size: str, look: str) -> None:
    kind = kind_of("envelope")
    values = values_of(kind, language, long=True)
    values["bureau"]["name"] *= 2
    values["bureau"]["address"] *= 2
    pdf = make_pages(kind, language, [values], options=kind.chosen(Options(size=size, look=look)))
    left = 20 if look == "window" else FACE[size][0] - 110
    printed = picture(pdf)
    assert blank(printed, left - 2, WINDOW_TOP[size] - 2, left + 92, WINDOW_TOP[size] + 47)
    assert read_qr(printed) == ["7-421-K3QF"]
    assert values["greeting"] not in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", list(WINDOW_TOP))
@pytest.mark.parametrize("look", ["window", "window-right"])
def test_the_address_shows_whole_however_the_sheet_slides_in_its_envelope(
    language: str, size: str, look: str, long: bool
) -> None:
    values = values_of(kind_of("slip"), language, long=long)
    pdf = made("slip", language, long=long, size=size, look=look)
    window_left = 20 if look == "window" else FACE[size][0] - 110
    play = [whole - part for whole, part in zip(FACE[size], FOLDED[size], strict=True)]
    assert min(play) > 0
    boxes = [box_of(pdf, words) for words in (values["greeting"], values["household"]["address"])]
    for (left, top, right, bottom), across, down in itertools.product(boxes, (0, play[0]), (0, play[1])):
        assert window_left <= left + across
        assert right + across <= window_left + 90
        assert WINDOW_TOP[size] <= top + down
        assert bottom + down <= WINDOW_TOP[size] + 45
    # Of all else on the sheet, nothing can come into the window.
    printed = picture(pdf)
    left, right = window_left - play[0], min(window_left + 90, FOLDED[size][0])
    top, bottom = WINDOW_TOP[size] - play[1], WINDOW_TOP[size] + 45
    first, last = min(box[1] for box in boxes) - 1, max(box[3] for box in boxes) + 1
    assert blank(printed, max(left, 10), top, right, first)
    assert blank(printed, max(left, 10), last, right, bottom)


@pytest.mark.parametrize("name", ["envelope", "slip", "label"])
@pytest.mark.parametrize("field", ["greeting", "household.address"])
def test_what_does_not_fit_in_the_smallest_type_is_refused_with_its_household(name: str, field: str) -> None:
    kind = kind_of(name)
    values = [values_of(kind, "zh", rank=rank) for rank in range(3)]
    if field == "greeting":
        values[1]["greeting"] = "、".join(["阿卜杜热合曼·买买提吐尔逊先生"] * 40)
    else:
        values[1]["household"]["address"] = "城中街道办事处机械厂第二生活区" * 60
    with pytest.raises(CannotPrint) as caught:
        make_pages(kind, "zh", values, options=kind.chosen(Options()))
    (fault,) = caught.value.faults
    assert fault.where == f"household HC-000001, {field}"


LABELS = [name for name, stock in CATALOGUE.items() if stock.pre_cut and not name.endswith(("85x54", "90x52"))]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sheet", LABELS)
def test_every_label_stands_within_its_own_label(sheet: str, language: str) -> None:
    kind = kind_of("label")
    options = kind.chosen(Options(sheet=sheet))
    grid = sheet_of(kind, options)
    assert grid is not None
    values = [values_of(kind, language, long=rank % 3 == 2, rank=rank) for rank in range(grid.cards + 1)]
    pdf = make_pages(kind, language, values, options=options)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    printed = picture(pdf)
    for spot in grid.fronts(grid.cards)[0]:
        where = (spot.x, spot.y, spot.x + grid.card_width, spot.y + grid.card_height)
        label = printed.crop(tuple(round(side * DOTS) for side in where))  # type: ignore[arg-type]
        assert read_qr(label) == [f"7-{spot.card}-K3QF"]
        dark = label.point(lambda value: 255 if value < 200 else 0).getbbox()
        assert dark is not None
        edges = (dark[0], dark[1], label.width - dark[2], label.height - dark[3])
        assert min(edges) >= 2.5 * DOTS
        text = document[0].get_textpage()
        found = text.get_text_bounded(
            *(side / POINT for side in (where[0], grid.height - where[3], where[2], grid.height - where[1]))
        )
        assert "".join(values[spot.card]["greeting"].split()) in "".join(found.split())


def test_labels_begin_at_the_first_free_place_of_a_used_sheet() -> None:
    kind = kind_of("label")
    values = [values_of(kind, "zh", rank=rank) for rank in range(4)]
    pdf = make_pages(kind, "zh", values, options=kind.chosen(Options(first=23)))
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert read_qr(picture(pdf, 0)) == ["7-0-K3QF", "7-1-K3QF"]
    assert read_qr(picture(pdf, 1)) == ["7-2-K3QF", "7-3-K3QF"]
    assert blank(picture(pdf, 0), 0, 0, 210, 250)


def test_labels_are_moved_by_what_the_printer_is_off() -> None:
    kind = kind_of("label")
    values = [values_of(kind, "zh")]
    still = box_of(make_pages(kind, "zh", values), "HC-000421")
    moved = box_of(make_pages(kind, "zh", values, options=Options(shift_front_mm=(1.0, -0.5))), "HC-000421")
    assert (moved[0] - still[0], moved[1] - still[1]) == pytest.approx((1.0, -0.5), abs=0.01)
