"""Every shipped kind with a Typst layout is made from its samples, in both languages, and read back."""

from __future__ import annotations

import copy
import io
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.errors import CannotPrint
from outreach.render.code import read_qr, vcard
from outreach.render.fonts import check_texts, coverage
from outreach.render.image import page_png
from outreach.render.impose import Sheet
from outreach.render.manifest import Engine, MaterialKind, load_kind
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
CAMPAIGN = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "campaign.toml"
KINDS = sorted(
    path.parent.name
    for path in TEMPLATES.glob("*/material.toml")
    if any(form.engine is Engine.TYPST for form in load_kind(path.parent).forms)
)
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
            value = values[name]
            found |= {value} if isinstance(value, str) else {item["qr"] for item in value}
    return found


def test_the_four_printed_kinds_are_shipped() -> None:
    assert {"card", "letter", "notice", "poster"} <= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_a_piece_is_one_page_or_two_sides_of_a_sheet(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    pages = PdfReader(io.BytesIO(samples_made(name, language))).pages
    assert len(pages) == 2  # two pieces, or one sheet of cards with its back
    slug = 10 if kind.page and kind.page.bleed_mm else 0
    size = (kind.page.width_mm, kind.page.height_mm) if kind.page else (210, 297)
    for page in pages:
        trim = [float(side) * POINT for side in page.trimbox]
        assert trim == pytest.approx([slug, slug, slug + size[0], slug + size[1]], abs=0.02)
        media = [float(side) * POINT for side in page.mediabox]
        assert media == pytest.approx([0, 0, size[0] + 2 * slug, size[1] + 2 * slug], abs=0.02)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_sample_values_are_found_in_the_text(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    values = kind.sample_values(language)
    pdf = samples_made(name, language)
    text = text_of(pdf, 0) + (text_of(pdf, 1) if kind.cards else "")
    shown = set(leaves(values))
    if name == "letter":  # the letter's own parts; what the Word letter prints besides is its own
        shown -= {values["campaign"]["lead"], *values["campaign"]["promise"], *values["campaign"]["policy"]}
        shown -= {str(values["household"]["months_lapsed"])} - set(leaves(values["persons"]))
    if name in ("poster", "notice"):
        shown -= {values["campaign"]["slogan"]}
        spoken = values["campaign"]["slogan"].replace("，", "")
        assert "".join(spoken.split()) in text
    missing = [leaf for leaf in shown if "".join(leaf.split()) not in text]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_codes_are_read_back_from_the_page(name: str, language: str) -> None:
    kind = load_kind(TEMPLATES / name)
    width = {"poster": 1400, "letter": 1240, "notice": 1240, "card": 1654}.get(name, 1654)  # 120 to 200 dots an inch
    found = set(read_qr(page_png(samples_made(name, language), width_px=width)))
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
    values["campaign"] |= {part: texts[part] for part in used if part in texts}
    values["bureau"] |= campaign()["bureau"][language]
    if "paragraphs" in values:
        values["paragraphs"] = [paragraph.replace("{{ ", "").replace(" }}", "") for paragraph in texts["letter"]]
    assert make_pages(kind, language, [values])


@pytest.mark.parametrize("name", ["poster", "notice"])
def test_the_colour_reaches_the_edge_of_the_bleed_on_all_sides(name: str) -> None:
    kind = load_kind(TEMPLATES / name)
    assert kind.page is not None
    paper = (kind.page.width_mm + 20, kind.page.height_mm + 20)
    picture = Image.open(io.BytesIO(page_png(samples_made(name, "zh"), width_px=round(paper[0] * 4), trim=False)))

    def colour(x: float, y: float) -> Any:
        return picture.getpixel((round(x * 4), round(y * 4)))

    inside, outside = 7.5, 6.5
    for share in (0.1, 0.33, 0.5, 0.72, 0.95):
        across, down = 10 + kind.page.width_mm * share, 10 + kind.page.height_mm * share
        edges = [(across, inside), (across, paper[1] - inside), (inside, down), (paper[0] - inside, down)]
        beyond = [(across, outside), (across, paper[1] - outside), (outside, down), (paper[0] - outside, down)]
        assert all(colour(*spot) != (255, 255, 255) for spot in edges)
        assert all(colour(*spot) == (255, 255, 255) for spot in beyond)


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
        made.append(values)
    return made


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


def test_every_back_is_printed_behind_its_front() -> None:
    count = 23
    pdf = make_pages(load_kind(TEMPLATES / "card"), "zh", cards("zh", count))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 6
    sheet = Sheet.plan(90, 54, 210, 297)
    for first in range(0, count, 10):
        ranks = range(first, min(first + 10, count))
        fronts = places(pdf, first // 5, [f"HC{rank:04d}" for rank in ranks])
        backs = places(pdf, first // 5 + 1, [f"N{rank:04d}" for rank in ranks])
        for rank in ranks:
            x, y = fronts[f"HC{rank:04d}"]
            front = (int((x - sheet.left) // 90), int((y - sheet.top) // 54))
            x, y = backs[f"N{rank:04d}"]
            # Turned over the long edge, what lies at x shows at 210 - x from the front.
            behind = (int((210 - x - sheet.left) // 90), int((y - sheet.top) // 54))
            assert front == behind == ((rank - first) % 2, (rank - first) // 2)


def test_each_card_carries_the_code_of_its_own_officer() -> None:
    values = cards("zh", 10)
    pdf = make_pages(load_kind(TEMPLATES / "card"), "zh", values)
    picture = Image.open(io.BytesIO(page_png(pdf, width_px=2100)))
    for spot in Sheet.plan(90, 54, 210, 297).fronts(10)[0]:
        card = picture.crop(
            (round(spot.x * 10), round(spot.y * 10), round(spot.x * 10 + 900), round(spot.y * 10 + 540))
        )
        assert read_qr(card) == [values[spot.card]["officer_qr"]]


@pytest.mark.parametrize("name", RARE)
def test_rare_names_are_drawn_and_can_be_searched(name: str) -> None:
    pdf = make_pages(load_kind(TEMPLATES / "card"), "zh", cards("zh", 3))
    assert name in text_of(pdf, 0)


def test_a_name_too_long_for_a_card_is_refused_with_its_card() -> None:
    values = cards("zh", 30)
    values[17]["officer"]["name"] = "阿卜杜热合曼" * 8
    with pytest.raises(CannotPrint) as caught:
        make_pages(load_kind(TEMPLATES / "card"), "zh", values)
    (fault,) = caught.value.faults
    assert fault.where == f"household HC0017, {RARE[17 % 3]}, officer.name"


def test_a_slogan_too_long_for_the_poster_is_refused() -> None:
    kind = load_kind(TEMPLATES / "poster")
    values = copy.deepcopy(kind.sample_values("zh"))
    values["campaign"]["slogan"] = "养老保险续保缴费服务到家" * 12
    with pytest.raises(CannotPrint) as caught:
        make_pages(kind, "zh", [values])
    assert "campaign.slogan" in caught.value.faults[0].where


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_fills_one_page_and_a_longer_one_is_refused(language: str) -> None:
    kind = load_kind(TEMPLATES / "letter")
    values = copy.deepcopy(kind.sample_values(language))
    body = values["paragraphs"]
    for times in (1, 2):
        values["paragraphs"] = body * times
        pdf = make_pages(kind, language, [values])
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
        # The officer's box, last in the body, stays above the foot at 244 mm.
        phones = places(pdf, 0, [values["bureau"]["complaint_phone"], values["household"]["code"]])
        assert phones[values["bureau"]["complaint_phone"]][1] < 240
        assert phones[values["household"]["code"]][1] > 244
    values["paragraphs"] = body * 9
    with pytest.raises(CannotPrint) as caught:
        make_pages(kind, language, [values])
    assert "paragraphs" in caught.value.faults[0].where


def campaign_letter(language: str, count: int) -> dict[str, Any]:
    """The shipped campaign's letter to `count` persons with names of two characters."""
    values = copy.deepcopy(load_kind(TEMPLATES / "letter").sample_values(language))
    texts = campaign()["texts"][language]
    values["campaign"] |= {part: texts[part] for part in ("title", "slogan", "papers")}
    values["bureau"] |= campaign()["bureau"][language]
    values["persons"] = [values["persons"][0] | {"name": f"王{sign}"} for sign in "建芳国秀英丽强伟军"[:count]]
    values["greeting"] = "、".join(person["name"] for person in values["persons"])
    values["paragraphs"] = [
        jinja2.Template(words).render(values | {"household": {"months_lapsed": 38}}) for words in texts["letter"]
    ]
    return values


@pytest.mark.parametrize("count", [1, 2, 5, 6, 8])
def test_a_household_of_six_has_a_letter_of_one_page_and_a_larger_one_of_two(count: int) -> None:
    values = campaign_letter("zh", count)
    pdf = make_pages(load_kind(TEMPLATES / "letter"), "zh", [values])
    assert len(PdfReader(io.BytesIO(pdf)).pages) == (1 if count <= 6 else 2)
    pages = [text_of(pdf, page) for page in range(1 if count <= 6 else 2)]
    # The name of everyone is in the table, on the last page; each page says whose it is.
    assert all(person["name"] + "38个月" in pages[-1] for person in values["persons"])
    assert all(values["household"]["code"] in page for page in pages)
    assert values["officer"]["mobile"] in pages[0]


def test_an_english_letter_takes_a_long_title_section_and_address() -> None:
    values = campaign_letter("en", 4)
    values["officer"] |= {
        "title": "Deputy Head of Renewal and Contributions",
        "section": "Contributions and Individual Accounts Section, Second Office",
    }
    values["household"]["address"] = "Room 2501, Unit 2, Building 13, Machinery Works Compound, Chengzhong, East Gate"
    values["bureau"]["address"] = "Second Floor, Government Services Hall, 99 Yunhe Road, Chengzhong, Yingcheng City"
    pdf = make_pages(load_kind(TEMPLATES / "letter"), "en", [values])
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    long = (*(values["officer"][name] for name in ("title", "section")), values["household"]["address"])
    assert all("".join(words.split()) in text_of(pdf, 0) for words in long)


def test_a_letter_too_large_for_two_pages_is_refused_with_its_household_and_persons() -> None:
    values = campaign_letter("zh", 9)
    values["persons"] = values["persons"] * 8
    with pytest.raises(CannotPrint) as caught:
        make_pages(load_kind(TEMPLATES / "letter"), "zh", [campaign_letter("zh", 2), values])
    (fault,) = caught.value.faults
    assert fault.where == f"household {values['household']['code']}, persons"
    assert "72 persons" in fault.what


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "阿卜杜热合曼·买买提吐尔逊"), ("en", "O'Neill-Fitzgerald Bartholomew")]
)
def test_a_long_name_of_an_officer_stands_on_two_lines_of_a_card(language: str, name: str) -> None:
    values = cards(language, 3)
    values[1]["officer"]["name"] = name
    if language == "en":
        values[1]["officer"] |= {
            "title": "Deputy Head of Renewal and Contributions",
            "section": "Contributions and Individual Accounts Section",
        }
    pdf = make_pages(load_kind(TEMPLATES / "card"), language, values)
    assert "".join(name.split()) in text_of(pdf, 0)


def test_the_last_sheet_of_cards_is_blank_where_there_are_no_cards() -> None:
    pdf = make_pages(load_kind(TEMPLATES / "card"), "zh", cards("zh", 13))
    for page, first in ((2, 0), (3, 1)):
        picture = Image.open(io.BytesIO(page_png(pdf, page=page, width_px=420)))
        sheet = Sheet.plan(90, 54, 210, 297)
        # Rows of two: three cards leave the fourth place of the second row and all below it empty.
        left = sheet.left + 90 if first == 0 else sheet.left
        empty = [(left + 5, sheet.top + 54 + 6, 80, 42), (sheet.left - 2, sheet.top + 2 * 54 + 4, 184, 54 * 3)]
        for x, y, across, down in empty:
            place = picture.crop(tuple(round(side * 2) for side in (x, y, x + across, y + down)))  # type: ignore[arg-type]
            assert place.convert("L").getextrema() == (255, 255)


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
    row = (73 - 7) / 3
    for rank in range(6):
        top = 10 + 113 + rank // 2 * (row + 3.5)  # the paper begins 10 mm above the trim
        assert top < found[f"Luo {rank}"][1] < found[office[rank]][1] < top + row - 1.5


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
    assert read_qr(page_png(pdf, width_px=1654)) == [item["qr"] for item in values["officers"]]
