"""The letter as PDF: one page where it can be, and behind it sums, accounts and a slip where there are any."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from outreach.errors import CannotPrint
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.page import make_pages
from tests.render.letters import campaign_letter, letter_kind, plain_letter

LANGUAGES = ("zh", "en")
POINT = 25.4 / 72


def made(language: str, *letters: dict[str, Any]) -> bytes:
    return make_pages(letter_kind(), language, letters)


def text_of(pdf: bytes, page: int) -> str:
    return "".join(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range().split())


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def height_of(pdf: bytes, word: str) -> float:
    """How far from the first page's top a word stands, in millimetres."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    text = sheet.get_textpage()
    hit = text.search(word).get_next()
    assert hit is not None, word
    return float((sheet.get_height() - text.get_charbox(hit[0])[3]) * POINT)


def leaves(values: Any) -> list[str]:
    if isinstance(values, dict):
        return [leaf for name, value in values.items() if "qr" not in name for leaf in leaves(value)]
    if isinstance(values, list):
        return [leaf for value in values for leaf in leaves(value)]
    return [str(values)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sample_value_is_found_on_the_letter_or_behind_it(language: str) -> None:
    values = letter_kind().sample_values(language)
    pdf = made(language, values)
    assert page_count(pdf) == 2
    text = text_of(pdf, 0) + text_of(pdf, 1)
    # What the Word letter prints besides is its own.
    others = {values["campaign"]["lead"], *values["campaign"]["promise"], *values["campaign"]["policy"]}
    assert [leaf for leaf in set(leaves(values)) - others if "".join(leaf.split()) not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_is_read_from_the_letter_and_from_its_slip(language: str) -> None:
    values = letter_kind().sample_values(language)
    pdf = made(language, values)
    assert read_qr(page_png(pdf, width_px=1240)) == [values["qr"]]
    assert read_qr(page_png(pdf, page=1, width_px=1240)) == [values["qr"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_fills_one_page_and_a_longer_one_is_refused(language: str) -> None:
    values = plain_letter(language)
    body = values["paragraphs"]
    for times in (1, 2):
        values["paragraphs"] = body * times
        pdf = made(language, values)
        assert page_count(pdf) == 1
        # The officer's box, last in the body, stays above the foot at 244 mm.
        assert height_of(pdf, values["bureau"]["complaint_phone"]) < 240
        assert height_of(pdf, values["household"]["code"]) > 244
    values["paragraphs"] = body * 9
    with pytest.raises(CannotPrint) as caught:
        made(language, values)
    assert "paragraphs" in caught.value.faults[0].where


@pytest.mark.parametrize("count", [1, 2, 5, 6, 16])
def test_a_household_of_six_has_a_letter_of_one_page_and_a_larger_one_of_two(count: int) -> None:
    values = campaign_letter("zh", [f"王{sign}" for sign in "建芳国秀英丽强伟军敏静杰涛磊超艳"[:count]])
    pdf = made("zh", values)
    assert page_count(pdf) == (1 if count <= 6 else 2)
    pages = [text_of(pdf, page) for page in range(1 if count <= 6 else 2)]
    # The name of everyone is in the table, on the last page; each page says whose it is.
    assert all(f"{person['name']}{person['months_lapsed']}个月" in pages[-1] for person in values["persons"])
    assert all(values["household"]["code"] in page for page in pages)
    assert values["officer"]["mobile"] in pages[0]


def test_an_english_letter_takes_a_long_title_section_and_address() -> None:
    values = campaign_letter("en", ["Wang Jianguo", "Li Xiuying", "Zhao Min", "Sun Wei"])
    values["officer"] |= {
        "title": "Deputy Head of Renewal and Contributions",
        "section": "Contributions and Individual Accounts Section, Second Office",
    }
    values["household"]["address"] = "Room 2501, Unit 2, Building 13, Machinery Works Compound, Chengzhong, East Gate"
    values["bureau"]["address"] = "Second Floor, Government Services Hall, 99 Yunhe Road, Chengzhong, Yingcheng City"
    pdf = made("en", values)
    assert page_count(pdf) == 1
    long = (*(values["officer"][name] for name in ("title", "section")), values["household"]["address"])
    assert all("".join(words.split()) in text_of(pdf, 0) for words in long)


def test_a_letter_too_large_for_two_pages_is_refused_with_its_household_and_persons() -> None:
    values = campaign_letter("zh", ["王建"] * 72)
    with pytest.raises(CannotPrint) as caught:
        made("zh", campaign_letter("zh", ["王建"]), values)
    (fault,) = caught.value.faults
    assert fault.where == f"household {values['household']['code']}, persons"
    assert "72 persons" in fault.what


@pytest.mark.parametrize("name", ["payment", "statements", "slip"])
def test_each_part_behind_the_letter_stands_alone(name: str) -> None:
    sample = letter_kind().sample_values("zh")
    pdf = made("zh", plain_letter("zh") | {name: sample[name]})
    assert page_count(pdf) == 2
    labels = letter_kind().labels["zh"]
    titles = {"payment": "pay_title", "statements": "account_title", "slip": "slip_title"}
    assert {part for part, title in titles.items() if labels[title] in text_of(pdf, 1)} == {name}


def test_a_large_household_with_long_accounts_goes_on_to_further_pages_and_every_year_is_there() -> None:
    names = [f"王{sign}" for sign in "建芳国秀英丽"]
    values = campaign_letter("zh", names, behind=True)
    rows = values["statements"][0]["rows"][:1]
    for number, statement in enumerate(values["statements"]):
        statement["rows"] = [
            rows[0] | {"year": str(1980 + year), "balance": f"{number}{year}.77"} for year in range(22)
        ]
    pdf = made("zh", values)
    assert page_count(pdf) > 2
    behind = [text_of(pdf, page) for page in range(1, page_count(pdf))]
    assert all(f"{number}{year}.77" in "".join(behind) for number in range(6) for year in range(22))
    assert all(values["household"]["code"] in page for page in behind)


def test_a_letter_without_a_code_of_its_own_has_none_in_its_foot() -> None:
    values = plain_letter("zh")
    assert values["piece"]["code"] in text_of(made("zh", values), 0)
    values["piece"]["code"] = ""
    assert "7-421" not in text_of(made("zh", values), 0)
    del values["piece"]
    assert page_count(made("zh", values)) == 1
