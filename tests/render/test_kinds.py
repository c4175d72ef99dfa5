"""Every shipped kind with a Typst layout is made from its samples, in both languages, and read back."""

from __future__ import annotations

import copy
import io
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.render.code import read_qr, vcard
from outreach.render.fonts import check_texts, coverage
from outreach.render.image import page_png
from outreach.render.manifest import Engine, MaterialKind, load_kind
from outreach.render.options import NO_OPTIONS
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
CAMPAIGN = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "campaign.toml"
KINDS = sorted(
    path.parent.name
    for path in TEMPLATES.glob("*/material.toml")
    if any(form.engine is Engine.TYPST for form in load_kind(path.parent).forms)
)
# A piece of these has many pages; test_content_kinds.py, test_letter.py and test_posting.py read them.
LONG = ("board", "booklet", "calibration", "letter", "posting", "press", "training", "walk")
ONE_PAGE = [name for name in KINDS if name not in LONG]
LANGUAGES = ("zh", "en")
POINT = 25.4 / 72
RARE = ("沈䶮庭", "罗𬱖川", "钱𬭎")


@lru_cache(maxsize=1)
def campaign() -> dict[str, Any]:
    return tomllib.loads(CAMPAIGN.read_text("utf-8"))


@lru_cache(maxsize=64)
def samples_made(name: str, language: str, count: int = 2) -> bytes:
    kind = load_kind(TEMPLATES / name)
    return make_pages(kind, language, [kind.sample_values(language)] * count)


def text_of(pdf: bytes, page: int) -> str:
    """The page's text without any spaces: where lines and phrases part is the layout's matter."""
    return "".join(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range().split())


def leaves(values: Any) -> list[str]:
    if isinstance(values, dict):
        return [leaf for name, value in values.items() if "qr" not in name for leaf in leaves(value)]
    if isinstance(values, list):
        return [leaf for value in values for leaf in leaves(value)]
    return [str(values)]


def payloads(kind: MaterialKind, values: dict[str, Any]) -> set[str]:
    found = set()
    for name, variable in kind.variables.items():
        if variable.qr:
            value: Any = values
            for part in name.split("."):
                value = value[part]
            found |= {value} if isinstance(value, str) else {item["qr"] for item in value}
    return found


def test_the_four_printed_kinds_are_shipped() -> None:
    assert {"card", "letter", "notice", "poster"} <= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ONE_PAGE)
def test_a_piece_is_one_page_or_two_sides_of_a_sheet(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    pages = PdfReader(io.BytesIO(samples_made(name, language))).pages
    assert len(pages) == (kind.cards.sides if kind.cards else 2)  # two pieces, or one sheet with its back if it has one
    page_size = kind.page_of(NO_OPTIONS)
    slug = 10 if page_size and page_size.bleed_mm else 0
    size = (page_size.width_mm, page_size.height_mm) if page_size else (210, 297)
    for page in pages:
        trim = [float(side) * POINT for side in page.trimbox]
        assert trim == pytest.approx([slug, slug, slug + size[0], slug + size[1]], abs=0.02)
        media = [float(side) * POINT for side in page.mediabox]
        assert media == pytest.approx([0, 0, size[0] + 2 * slug, size[1] + 2 * slug], abs=0.02)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ONE_PAGE)
def test_the_sample_values_are_found_in_the_text(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    values = kind.sample_values(language)
    pdf = samples_made(name, language)
    text = text_of(pdf, 0) + (text_of(pdf, 1) if kind.cards and kind.cards.sides == 2 else "")
    shown = set(leaves(values))
    if name in ("poster", "notice"):
        shown -= {values["campaign"]["slogan"]}
        spoken = values["campaign"]["slogan"].replace("，", "")
        assert "".join(spoken.split()) in text
    missing = [leaf for leaf in shown if "".join(leaf.split()) not in text]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ONE_PAGE)
def test_the_codes_are_read_back_from_the_page(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    width = {"poster": 1400, "notice": 1240, "card": 1654}.get(name, 1654)  # 120 to 200 dots an inch
    pdf = samples_made(name, language)
    sides = kind.cards.sides if kind.cards else 1
    found = {code for side in range(sides) for code in read_qr(page_png(pdf, page=side, width_px=width))}
    assert found == payloads(kind, kind.sample_values(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_every_sample_and_label_has_its_glyphs(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    assert check_texts([kind.sample_values(language), kind.labels[language]], coverage()) == []


@pytest.mark.parametrize("name", KINDS)
def test_equal_values_give_equal_bytes(name: str) -> None:
    first = samples_made(name, "zh")
    samples_made.cache_clear()
    assert samples_made(name, "zh") == first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_words_of_the_shipped_campaign_fit(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    texts = campaign()["texts"][language]
    values = copy.deepcopy(kind.sample_values(language))
    used = ("title", "slogan", "lead", "promise", "policy", "papers")
    if "campaign" in values:
        values["campaign"] |= {part: texts[part] for part in used if part in texts}
    if "bureau" in values:
        values["bureau"] |= campaign()["bureau"][language]
    if "paragraphs" in values:
        values["paragraphs"] = [paragraph.replace("{{ ", "").replace(" }}", "") for paragraph in texts["letter"]]
    assert make_pages(kind, language, [values])


@pytest.mark.parametrize("name", ["poster", "notice"])
def test_the_colour_reaches_the_edge_of_the_bleed_on_all_sides(name: str) -> None:
    kind = load_kind(TEMPLATES / name)
    page = kind.page_of(NO_OPTIONS)
    assert page is not None
    paper = (page.width_mm + 20, page.height_mm + 20)
    picture = Image.open(io.BytesIO(page_png(samples_made(name, "zh"), width_px=round(paper[0] * 4), trim=False)))

    def colour(x: float, y: float) -> Any:
        return picture.getpixel((round(x * 4), round(y * 4)))

    inside, outside = 7.5, 6.5
    for share in (0.1, 0.33, 0.5, 0.72, 0.95):
        across, down = 10 + page.width_mm * share, 10 + page.height_mm * share
        edges = [(across, inside), (across, paper[1] - inside), (inside, down), (paper[0] - inside, down)]
        beyond = [(across, outside), (across, paper[1] - outside), (outside, down), (paper[0] - outside, down)]
        assert all(colour(*spot) != (255, 255, 255) for spot in edges)
        assert all(colour(*spot) == (255, 255, 255) for spot in beyond)


def places(pdf: bytes, page: int, words: list[str]) -> dict[str, tuple[float, float]]:
    """Where each word begins on the page, in millimetres from the top left."""
    sheet = pypdfium2.PdfDocument(pdf)[page]
    text = sheet.get_textpage()
    found = {}
    for word in words:
        hit = text.search(word).get_next()
        assert hit is not None, word
        left, _bottom, _right, top = text.get_charbox(hit[0])
        found[word] = (left * POINT, sheet.get_height() * POINT - top * POINT)
    return found


@pytest.mark.parametrize("count", [1, 2, 4, 6])
@pytest.mark.parametrize("name", ["阿卜杜热合曼阿布·买买提吐尔逊阿卜杜拉依", "买买提吐尔逊阿卜杜热合曼阿不都拉依明江"])
def test_a_notice_takes_officers_with_names_of_twenty_signs(name: str, count: int) -> None:
    kind = load_kind(TEMPLATES / "notice")
    values = copy.deepcopy(kind.sample_values("zh"))
    values["officers"] = [values["officers"][0] | {"name": name}] * count
    assert text_of(make_pages(kind, "zh", [values]), 0).count(name) == count


def test_six_officers_shrink_to_stand_inside_their_fields() -> None:
    kind = load_kind(TEMPLATES / "notice")
    values = copy.deepcopy(kind.sample_values("en"))
    office = [f"0700-555014{rank}" for rank in range(6)]
    values["officers"] = [
        values["officers"][0] | {"name": f"Luo {rank}", "office_phone": office[rank]} for rank in range(6)
    ]
    found = places(make_pages(kind, "en", [values]), 0, [*(f"Luo {rank}" for rank in range(6)), *office])
    unit = 210 / 297  # the layout's lengths are those of an A3 sheet
    row = (104 - 10) / 3
    for rank in range(6):
        top = 10 + (164 + rank // 2 * (row + 5)) * unit  # the paper begins 10 mm above the trim
        assert top < found[f"Luo {rank}"][1] < found[office[rank]][1] < top + row * unit - 1.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_needs_no_community(language: str) -> None:
    kind = load_kind(TEMPLATES / "notice")
    assert kind.variables["entrance.community"].optional
    values = copy.deepcopy(kind.sample_values(language))
    words = "".join(kind.labels[language]["residents"].split())
    assert values["entrance"]["community"].replace(" ", "") + ("·" if language == "en" else "") + words in text_of(
        make_pages(kind, language, [values]), 0
    )
    values["entrance"]["community"] = ""
    text = text_of(make_pages(kind, language, [values]), 0)
    assert words in text
    assert "·" + words not in text


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_notice_names_up_to_four_officers(count: int) -> None:
    kind = load_kind(TEMPLATES / "notice")
    values = copy.deepcopy(kind.sample_values("zh"))
    officer = values["officers"][0]
    values["officers"] = [
        officer | {"name": f"罗𬱖{rank}", "qr": vcard(f"罗{rank}", mobile="12105550123")} for rank in range(count)
    ]
    pdf = make_pages(kind, "zh", [values])
    assert all(f"罗𬱖{rank}" in text_of(pdf, 0) for rank in range(count))
    contacts = [code for code in read_qr(page_png(pdf, width_px=1654)) if code != values["piece"]["qr"]]
    assert contacts == [item["qr"] for item in values["officers"]]
