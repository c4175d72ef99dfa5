"""Text that does not fit its box is shrunk to a stated least, then refused with person, field, box and excess."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from outreach.errors import CannotPrint, Fault
from outreach.messages import use_language
from outreach.render.page import make_pdf
from outreach.render.refusal import misfit

HEAD = (
    '#import "../_shared/slogan.typ": *\n#import "../_shared/shared.typ": *\n'
    "#show: typed\n#set page(width: width, height: height, margin: 5mm)\n"
)
MM = 72 / 25.4


@pytest.fixture
def lay(tmp_path: Path) -> Any:
    """lay('fit(...)', 'words', language) -> the PDF of a page that draws that with `page.words`."""

    def draw(call: str, words: str, language: str = "zh") -> bytes:
        folder = tmp_path / "plain"
        folder.mkdir(exist_ok=True)
        (folder / "plain.typ").write_text(HEAD + f"#for page in data.pages {{ {call} }}", "utf-8")
        geometry = {"width": 120, "height": 120, "bleed": 0, "slug": 0}
        page = {"household": {"code": "HC-000421"}, "person": {"name": "钱𬭎"}, "words": words}
        values = {"lang": language, "labels": {}, "geometry": geometry, "codes": [], "pages": [page], "options": {}}
        return make_pdf(folder / "plain.typ", values)

    return draw


def sizes(pdf: bytes) -> set[float]:
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    return {round(float(pdfium.FPDFText_GetFontSize(text.raw, rank)), 2) for rank in range(text.count_chars())} - {1.0}


def refused(lay: Any, call: str, words: str, language: str = "zh") -> Fault:
    with pytest.raises(CannotPrint) as caught:
        lay(call, words, language)
    (fault,) = caught.value.faults
    return fault


LINE = 'fit("person.note", page.words, 40mm, size: 12pt, least: 6pt)'
BOX = 'fit("person.note", page.words, 40mm, height: 12mm, size: 12pt, least: 6pt)'
GROUP = """scaled("persons", page.words, 40mm, 20mm, scale => { for sign in page.words.clusters() {
  block(spacing: 0pt, height: 5mm * scale, text(size: 10pt * scale, sign)) } })"""


def test_a_text_that_fits_keeps_its_size(lay: Any) -> None:
    assert sizes(lay(LINE, "好" * 5)) == {12.0}
    assert sizes(lay(BOX, "好" * 5)) == {12.0}


@pytest.mark.parametrize(("count", "size"), [(9, 12.0), (10, 11.0), (14, 8.0), (18, 6.0)])
def test_a_line_shrinks_as_far_as_it_must(lay: Any, count: int, size: float) -> None:
    # 40 mm are 113.4 points: nine signs of 12, ten of 11, fourteen of 8, eighteen of 6.
    assert sizes(lay(LINE, "好" * count)) == {size}


def test_a_line_fits_in_exactly_the_least_type_and_not_in_a_hair_less(lay: Any) -> None:
    exact = 'fit("person.note", page.words, 60pt, size: 12pt, least: 6pt)'
    assert sizes(lay(exact, "好" * 10)) == {6.0}
    fault = refused(lay, exact, "好" * 11)
    assert "needs 23.3 mm where its line has 21.2 mm, even at 6 pt" in fault.what


def test_a_line_is_refused_with_person_field_box_and_excess(lay: Any) -> None:
    fault = refused(lay, LINE, "好" * 24)
    assert fault.where == "household HC-000421, 钱𬭎, person.note"
    # 24 signs of 6 points are 50.8 mm.
    assert fault.what == f"'{'好' * 24}' needs 50.8 mm where its line has 40 mm, even at 6 pt"
    assert fault.mend == "shorten it by about 22 %"


def test_a_box_shrinks_and_is_refused_with_its_height(lay: Any) -> None:
    assert sizes(lay(BOX, "好" * 24)) < {6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0}
    fault = refused(lay, BOX, "好" * 200)
    found = re.fullmatch(r"'好+…' is ([\d.]+) mm high where its box of 40 x 12 mm ends, even at 6 pt", fault.what)
    assert found
    assert float(found[1]) > 12
    assert fault.where.endswith("person.note")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_word_longer_than_its_box_is_never_drawn_over_the_edge(lay: Any, language: str) -> None:
    shrunk = lay(BOX, "see www.example-of-a-long-name.cn", language)
    text = pypdfium2.PdfDocument(shrunk)[0].get_textpage()
    assert max(text.get_charbox(rank)[2] for rank in range(text.count_chars())) <= 45 * MM + 0.5
    fault = refused(lay, BOX, "see " + "w" * 60, language)
    assert "has a word of" in fault.what
    assert "in a box of 40 x 12 mm" in fault.what


def test_a_text_of_any_height_still_minds_its_words(lay: Any) -> None:
    free = 'fit("person.note", page.words, 40mm, height: auto, size: 12pt, least: 6pt)'
    assert sizes(lay(free, "好" * 60)) == {12.0}
    assert "where its line has 40 mm" in refused(lay, free, "w" * 80).what


def test_a_name_takes_two_lines_before_it_is_refused(lay: Any) -> None:
    name = 'fit-name("officer.name", page.words, 40mm, size: 16pt, broken: 9pt, least: 6pt)'
    assert sizes(lay(name, "罗川")) == {16.0}
    two = lay(name, "阿卜杜热合曼·买买提吐尔逊江")
    assert sizes(two) == {12.8}
    fault = refused(lay, name, "阿卜杜热合曼" * 7)
    assert fault.where.endswith("officer.name")
    # Each half has 21 signs of 6 points.
    assert "needs 44.5 mm where its line has 40 mm, even at 6 pt" in fault.what


def test_a_group_shrinks_as_one_and_is_refused_with_its_least_share(lay: Any) -> None:
    assert sizes(lay(GROUP, "好好好")) == {10.0}
    assert sizes(lay(GROUP, "好" * 5)) == {8.0}
    assert sizes(lay(GROUP, "好" * 6)) == {6.5}
    fault = refused(lay, GROUP, "好" * 8)
    assert fault.what.endswith("is 24 mm high where its box of 40 x 20 mm ends, even at 60 per cent of its size")
    assert fault.mend == "shorten it by about 17 %"


def test_a_slogan_breaks_where_it_is_spoken_and_is_refused_in_its_box(lay: Any) -> None:
    slogan = "slogan-block(page.words, 100mm, 60mm, 60pt, 24pt, fill: black)"
    text = pypdfium2.PdfDocument(lay(slogan, "走得再远，养老都接得上"))[0].get_textpage().get_text_range()
    assert text.split() == ["走得再远", "养老都接得上"]
    fault = refused(lay, slogan, "养老保险续保缴费服务到家" * 12)
    assert fault.where.endswith("campaign.slogan")
    assert "100 x 60 mm" in fault.what
    assert "even at 24 pt" in fault.what


def test_a_long_clause_without_commas_breaks_evenly_and_not_before_a_particle(lay: Any) -> None:
    slogan = "slogan-block(page.words, 60mm, 80mm, 60pt, 12pt, fill: black)"
    lines = (
        pypdfium2.PdfDocument(lay(slogan, "断了的养老保险今天就能接着往下缴"))[0]
        .get_textpage()
        .get_text_range()
        .split()
    )
    assert len(lines) > 1
    assert max(map(len, lines)) - min(map(len, lines)) <= 2
    assert not any(line[0] in "的了着就" for line in lines)


def test_a_standing_slogan_runs_in_columns_from_the_right(lay: Any) -> None:
    standing = "standing-slogan(page.words, 60mm, 100mm, 60pt, 20pt, font: serif)"
    text = pypdfium2.PdfDocument(lay(standing, "走得再远，养老都接得上"))[0].get_textpage()
    spots = {text.get_text_range(rank, 1): text.get_charbox(rank) for rank in range(text.count_chars())}
    assert spots["走"][0] > spots["养"][0]  # the first column stands at the right
    assert spots["走"][1] > spots["再"][1] > spots["远"][1]
    assert "box of 60 x 100 mm" in refused(lay, standing, "养老保险续保缴费服务到家" * 12).what


def test_refusing_by_hand_needs_no_measures() -> None:
    error = misfit("page 2", "panicked with: refused|officers|A, B|C")
    assert error is not None
    assert error.faults[0].where == "page 2, officers"
    assert error.faults[0].what.startswith("'A, B|C' does not fit")
    assert misfit("", "panicked with: something else") is None


def test_a_box_that_has_no_room_at_all_is_the_pages_fault_and_not_the_texts() -> None:
    low = misfit("page 1", "panicked with: refused[h123.3 44.8x\u22128.6 7.5pt]|qa|为什么？")
    narrow = misfit("", "panicked with: refused[w20 \u22124x 6pt]|bureau.address|和平路")
    assert low is not None
    assert narrow is not None
    assert low.faults[0].sentence() == (
        "page 1, qa: the page is too low by 8.6 mm: no height is left for '为什么？'; "
        "make the page higher by more than 8.6 mm"
    )
    assert "too narrow by 4.0 mm" in narrow.faults[0].what


@pytest.mark.parametrize("measures", ["[?]", "[h1x2]", "[h10 44.8x\u2212 7pt]", "[h10 44.8x 7pt]", ""])
def test_a_marker_with_measures_nobody_can_read_is_not_shown_to_people(measures: str) -> None:
    error = misfit("page 1", f"panicked with: refused{measures}|qa|为什么？")
    assert error is not None
    assert "refused" not in error.faults[0].sentence()
    assert error.faults[0].where == "page 1, qa"


def test_a_text_of_ten_thousand_signs_makes_a_short_sentence(lay: Any) -> None:
    assert len(refused(lay, LINE, "好" * 10_000).sentence()) < 260


def test_the_sentence_is_chinese_for_chinese_readers(lay: Any) -> None:
    use_language("zh")
    sentence = refused(lay, LINE, "好" * 24).sentence()
    assert "要 50.8 毫米，而这一行只有 40 毫米" in sentence
    assert "22 %" in sentence
