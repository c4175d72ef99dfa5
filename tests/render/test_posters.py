"""Posters and screens: three looks in seven sizes and two languages, with and without an own photo."""

from __future__ import annotations

import copy
import io
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.errors import CannotPrint
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.manifest import Size, load_kind
from outreach.render.options import Options
from outreach.render.page import make_pages
from outreach.render.photo import picture_box

ROOT = Path(__file__).parents[2]
KIND = load_kind(ROOT / "templates" / "poster")
LOOKS = tuple(look.name for look in KIND.looks)
SIZES = {size.name: size for size in KIND.sizes}
PAPER = tuple(name for name, size in SIZES.items() if not size.px)
SCREENS = tuple(name for name, size in SIZES.items() if size.px)
LANGUAGES = ("zh", "en")
MM = 25.4 / 72
SMALLEST_PT = {"A4": 6.36, "A3": 9.0, "A2": 12.7, "A1": 17.9}  # as templates/_shared/design.typ states
SMALLEST_PX = 16.5


def drawn(look: str, size: str, language: str, values: dict[str, Any] | None = None) -> bytes:
    options = Options(look=look, size=size)
    return make_pages(KIND, language, [values or KIND.sample_values(language)], options=options)


@lru_cache(maxsize=64)
def sample(look: str, size: str, language: str) -> bytes:
    return drawn(look, size, language)


def text_of(pdf: bytes) -> str:
    return "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def pixels(pdf: bytes, **how: Any) -> Image.Image:
    return Image.open(io.BytesIO(page_png(pdf, **how)))


def crowded(language: str) -> dict[str, Any]:
    """A slogan of forty signs, twelve booths and a long bureau name and address."""
    values = copy.deepcopy(KIND.sample_values(language))
    values["booths"] = [booth | {"place": f"{booth['place']} {n}"} for n in range(1, 5) for booth in values["booths"]]
    if language == "zh":
        values["campaign"]["slogan"] = (
            "走南闯北打工辛苦一辈子，断了的养老保险随时接得上，从前缴过的每一年都算数，晚年有依靠"
        )
        values["bureau"]["name"] = "禾川市劳动和社会保障局社会保险事业管理中心"
        values["bureau"]["address"] = "禾川市建设路一百一十八号政务服务中心二楼东侧社会保险服务大厅"
    else:
        values["campaign"]["slogan"] = "Wherever you work and however long you are away, your pension can be carried on"
        values["bureau"]["name"] = "Hechuan Municipal Labour and Social Security Bureau, Social Insurance Centre"
    return values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
def test_every_look_says_what_a_passer_by_needs_in_every_size(look: str, size: str, language: str) -> None:
    text = text_of(sample(look, size, language))
    values = KIND.sample_values(language)
    said = [values["campaign"]["title"], values["campaign"]["lead"], *values["bureau"].values()]
    said += [booth["place"] for booth in values["booths"]]
    if size in PAPER:
        campaign = values["campaign"]
        said += [
            *campaign["promise"],
            *campaign["policy"],
            *campaign["papers"],
            values["date"],
            values["piece"]["code"],
        ]
    assert [words for words in said if "".join(words.split()) not in text] == []
    assert all(sign in text for sign in values["campaign"]["slogan"] if sign not in "，。 ")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
def test_the_code_is_read_from_the_picture_of_every_size(look: str, size: str) -> None:
    px = SIZES[size].px
    picture = pixels(sample(look, size, "zh"), width_px=px[0] if px else 1000)
    assert read_qr(picture) == [KIND.sample_values("zh")["bureau_qr"]]


@pytest.mark.parametrize("size", PAPER)
@pytest.mark.parametrize("look", LOOKS)
def test_colour_fills_the_bleed_on_all_sides_and_ends_there(look: str, size: str) -> None:
    page = SIZES[size]
    (sheet,) = PdfReader(io.BytesIO(sample(look, size, "zh"))).pages
    trim, bleed = ([float(side) * MM for side in box] for box in (sheet.trimbox, sheet.bleedbox))
    assert trim == pytest.approx([10, 10, 10 + page.width_mm, 10 + page.height_mm], abs=0.02)
    assert bleed == pytest.approx([7, 7, 13 + page.width_mm, 13 + page.height_mm], abs=0.02)
    picture = pixels(sample(look, size, "zh"), width_px=round((page.width_mm + 20) * 2), trim=False)

    def white(x: float, y: float) -> bool:
        return picture.getpixel((round(x * 2), round(y * 2))) == (255, 255, 255)

    right, bottom = page.width_mm + 20, page.height_mm + 20
    for step in range(1, 40):
        x, y = 10 + page.width_mm * step / 40, 10 + page.height_mm * step / 40
        inside = [(x, 7.75), (x, bottom - 8), (7.75, y), (right - 8, y)]
        beyond = [(x, 6), (x, bottom - 6), (6, y), (right - 6, y)]
        assert not any(white(*spot) for spot in inside)
        assert all(white(*spot) for spot in beyond)


@pytest.mark.parametrize("size", PAPER)
def test_crop_marks_stand_outside_the_bleed(size: str) -> None:
    page = SIZES[size]
    picture = pixels(sample("calm", size, "zh"), width_px=round((page.width_mm + 20) * 8), trim=False).convert("L")

    def dark(box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = (round(side * 8) for side in box)
        return min(picture.crop((left, top, right, bottom)).tobytes()) < 160

    right, bottom = page.width_mm + 10, page.height_mm + 10
    for x in (10, right):
        assert dark((x - 0.5, 1, x + 0.5, 5))
        assert dark((x - 0.5, bottom + 5, x + 0.5, bottom + 9))
    for y in (10, bottom):
        assert dark((1, y - 0.5, 5, y + 0.5))
        assert dark((right + 5, y - 0.5, right + 9, y + 0.5))


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("look", LOOKS)
def test_a_screen_has_its_pixels_and_no_bleed_or_marks(look: str, size: str) -> None:
    page = SIZES[size]
    assert page.px is not None
    (sheet,) = PdfReader(io.BytesIO(sample(look, size, "zh"))).pages
    assert [float(side) * MM for side in sheet.mediabox] == pytest.approx(
        [0, 0, page.width_mm, page.height_mm], abs=0.02
    )
    assert pixels(sample(look, size, "zh"), width_px=page.px[0]).size == page.px


def glyphs(pdf: bytes) -> list[tuple[str, float, tuple[float, float, float, float]]]:
    """Every printed sign with its type size in points and its box in points from the lower left."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    count = text.count_chars()
    signs = [(text.get_text_range(rank, 1), rank) for rank in range(count)]
    return [
        (sign, float(pdfium.FPDFText_GetFontSize(text.raw, rank)), text.get_charbox(rank))
        for sign, rank in signs
        if sign.strip()
    ]


@pytest.mark.parametrize(
    ("size", "words"),  # what is too much for a screen may be refused
    [("A4", "sample"), ("A4", "crowded"), ("A1", "crowded"), *((size, "sample") for size in SCREENS)],
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_no_sign_is_too_small_runs_off_the_page_or_lies_on_another(
    look: str, size: str, language: str, words: str, overlaps: Callable[[set[Any]], int]
) -> None:
    pdf = sample(look, size, language) if words == "sample" else drawn(look, size, language, crowded(language))
    page = SIZES[size]
    slug = 10 if size in PAPER else 0
    placed = glyphs(pdf)
    least = SMALLEST_PT[size] if size in PAPER else SMALLEST_PX * page.width_mm / (page.px or (1, 1))[0] / MM
    assert [sign for sign, at, _box in placed if at < least - 0.05] == []
    margin = 5 * min(page.width_mm, page.height_mm) / 297
    left, low = (slug + margin) / MM, (slug + margin) / MM
    right, high = (slug + page.width_mm - margin) / MM, (slug + page.height_mm - margin) / MM
    assert [sign for sign, _at, box in placed if box[0] < left or box[1] < low or box[2] > right or box[3] > high] == []
    assert overlaps({box for _sign, _at, box in placed}) == 0  # the letters of a ligature share one box


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_the_shipped_campaign_fits_every_size(look: str, language: str) -> None:
    campaign = tomllib.loads((ROOT / "campaigns" / "yingcheng" / "campaign.toml").read_text("utf-8"))
    values = copy.deepcopy(KIND.sample_values(language))
    values["campaign"] |= {name: campaign["texts"][language][name] for name in values["campaign"]}
    values["bureau"] |= campaign["bureau"][language]
    for size in SIZES:
        assert drawn(look, size, language, values)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
def test_a_campaign_without_booths_has_a_poster_too(look: str, size: str) -> None:
    values = KIND.sample_values("zh") | {"booths": []}
    text = text_of(drawn(look, size, "zh", values))
    assert KIND.labels["zh"]["booths"] not in text
    assert values["campaign"]["promise"][0] in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
def test_an_own_photo_takes_the_place_of_the_drawing(look: str, size: str, tmp_path: Path) -> None:
    from shutil import copytree

    for name in ("poster", "_shared"):
        copytree(ROOT / "templates" / name, tmp_path / name)
    green = io.BytesIO()
    Image.new("RGB", (600, 400), (0, 255, 0)).save(green, "JPEG")
    (tmp_path / "poster" / "own.jpg").write_bytes(green.getvalue())
    options = Options(look=look, size=size, picture="own.jpg")
    with_photo = make_pages(load_kind(tmp_path / "poster"), "zh", [KIND.sample_values("zh")], options=options)
    assert text_of(with_photo) == text_of(sample(look, size, "zh"))
    before, after = (pixels(pdf, width_px=200) for pdf in (sample(look, size, "zh"), with_photo))

    def green_share(picture: Image.Image) -> float:
        spots = list(zip(*(iter(picture.tobytes()),) * 3, strict=True))
        return sum(green > 1.5 * blue and green > red * 0.6 for red, green, blue in spots) / len(spots)

    box = picture_box(KIND, "zh", options)
    page = SIZES[size]
    share = box.width_mm * box.height_mm / (page.width_mm * page.height_mm)
    assert share > 0.25  # a picture is no stamp
    if look != "bold":  # there the photo lies under the red
        assert green_share(after) - green_share(before) > share * 0.6
    assert before.tobytes() != after.tobytes()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_paper_carries_a_slogan_of_forty_signs_and_twelve_booths(look: str, language: str) -> None:
    values = crowded(language)
    text = text_of(drawn(look, "A3", language, values))
    assert all("".join(booth["place"].split()) in text for booth in values["booths"])
    assert "".join(values["bureau"]["name"].split()) in text


@pytest.mark.parametrize("size", ["A3", "16-9"])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("campaign.slogan", {"campaign": {"slogan": "养老保险续保缴费服务到家" * 30}}),
        ("booths", {"booths": [{"place": "长途汽车站候车厅东侧", "when": "5月1日至3日 7:30–18:30"}] * 60}),
        ("bureau.name", {"bureau": {"name": "禾川市劳动和社会保障局" * 12}}),
        ("campaign.lead", {"campaign": {"lead": "离开了原来的厂子，养老保险照样能接着缴。" * 20}}),
    ],
)
def test_what_is_too_much_is_refused_with_its_field_box_and_excess(
    look: str, size: str, field: str, change: dict[str, Any]
) -> None:
    values = copy.deepcopy(KIND.sample_values("zh"))
    for name, more in change.items():
        values[name] = values[name] | more if isinstance(more, dict) else more
    with pytest.raises(CannotPrint) as caught:
        drawn(look, size, "zh", values)
    (fault,) = caught.value.faults
    assert "mm" in fault.what
    assert "even at" in fault.what
    assert fault.mend.endswith(" %")
    if field != "campaign.lead" or size == "A3":  # on a screen the calm look has lead and booths in one group
        assert field in fault.where


def test_the_sizes_are_what_the_manifest_promises() -> None:
    assert {"A4", "A3", "A2", "A1", "16-9", "3-4", "square"} == set(SIZES)
    assert len(LOOKS) >= 3
    assert all(isinstance(size, Size) and size.bleed_mm == (0 if size.px else 3) for size in SIZES.values())
    assert [SIZES[name].px for name in SCREENS] == [(1920, 1080), (1080, 1440), (1080, 1080)]
