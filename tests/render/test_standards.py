"""PDF/A-2a and PDF/UA-1 on request: what the files say of themselves, and what readers that need it find."""

from __future__ import annotations

import io
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pikepdf
import pytest

from outreach.errors import BadInput
from outreach.render.manifest import load_kind
from outreach.render.options import Options
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
KINDS = ("letter", "notice", "poster")
LANGUAGES = ("zh", "en")


@lru_cache(maxsize=16)
def made(name: str, language: str, standard: str) -> bytes:
    kind = load_kind(TEMPLATES / name)
    return make_pages(kind, language, [kind.sample_values(language)] * 2, options=Options(standard=standard))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_pdf_a_claims_part_two_and_level_a(name: str, language: str) -> None:
    with pikepdf.open(io.BytesIO(made(name, language, "a-2a"))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("standard", ["a-2a", "ua-1"])
def test_a_tagged_file_has_title_language_structure_and_texts_for_pictures(
    name: str, language: str, standard: str
) -> None:
    with pikepdf.open(io.BytesIO(made(name, language, standard))) as pdf:
        about = pdf.open_metadata()
        assert about["dc:title"] == load_kind(TEMPLATES / name).title.of(language)
        assert (about.get("pdfuaid:part") == "1") == (standard == "ua-1")
        assert str(pdf.Root.Lang).startswith(language)
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        parts = [found for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/S" in found]
        figures = [found for found in parts if str(found.S) == "/Figure"]
        assert figures
        assert all(str(found.Alt) for found in figures)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_tables_and_titles_are_found_as_such(language: str) -> None:
    with pikepdf.open(io.BytesIO(made("letter", language, "ua-1"))) as pdf:
        kinds = Counter(
            str(found.S) for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/S" in found
        )
    # Two letters: each has a title, the persons' table, two sums and two accounts, and their columns have heads.
    assert kinds["/H1"] == 2
    assert kinds["/H2"] >= 8
    assert kinds["/Table"] == 10
    assert kinds["/TH"] >= 2 * (3 + 5 + 5 + 5 + 5)


def test_boxes_leave_what_a_file_says_of_itself_untouched() -> None:
    pdf = made("poster", "zh", "a-2a")
    with pikepdf.open(io.BytesIO(pdf)) as boxed, pikepdf.open(io.BytesIO(pdf[: pdf.index(b"%%EOF") + 5])) as plain:
        assert boxed.Root.Metadata.read_bytes() == plain.Root.Metadata.read_bytes()
        assert dict(boxed.docinfo) == dict(plain.docinfo)
        assert list(boxed.trailer.ID) == list(plain.trailer.ID)
        assert "/TrimBox" not in plain.pages[0]
        width = float(boxed.pages[0].MediaBox[2])
        assert float(boxed.pages[0].TrimBox[0]) == pytest.approx(10 * 72 / 25.4, abs=0.01)
        assert float(boxed.pages[0].BleedBox[2]) == pytest.approx(width - 7 * 72 / 25.4, abs=0.01)


def test_a_kind_that_places_pictures_of_pages_is_refused_in_a_sentence() -> None:
    kind = load_kind(TEMPLATES / "card")
    with pytest.raises(BadInput) as caught:
        make_pages(kind, "zh", [kind.sample_values("zh")], options=Options(standard="a-2a"))
    assert "PDF/a-2a" in caught.value.faults[0].what
