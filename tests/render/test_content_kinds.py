"""Board, newspaper page, booklet and training sheet, drawn from questions and answers and read back."""

from __future__ import annotations

import copy
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from outreach.errors import BadInput, CannotPrint
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.manifest import MaterialKind, load_kind
from outreach.render.options import Options
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
LANGUAGES = ("zh", "en")
POINT = 25.4 / 72
KINDS = ("board", "booklet", "press", "training")


def kind_of(name: str) -> MaterialKind:
    return load_kind(TEMPLATES / name)


def made(name: str, language: str, changes: dict[str, Any] | None = None, **options: str) -> bytes:
    kind = kind_of(name)
    values = copy.deepcopy(kind.sample_values(language)) | (changes or {})
    return make_pages(kind, language, [values], options=kind.chosen(Options(**options)))


@lru_cache(maxsize=32)
def sample(name: str, language: str) -> bytes:
    return made(name, language)


def squeezed(text: str) -> str:
    """The text without spaces and hyphens: where a line ends is the layout's matter."""
    return "".join(text.split()).translate(dict.fromkeys(map(ord, "-\x02\ufffe\xad")))


def page_texts(pdf: bytes) -> list[str]:
    """Each page's text without spaces."""
    return [squeezed(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def questions(count: int, language: str = "zh", length: int = 60) -> list[dict[str, str]]:
    """Questions of three topics, each with words of its own."""
    answer = "答案写在这里，" if language == "zh" else "Here an answer stands. "
    return [
        {
            "id": f"q{number}",
            "topic": f"T{number * 3 // count}",
            "question": f"问题{number:02d}？" if language == "zh" else f"Question {number:02d}?",
            "answer": f"<{number:02d}>" + (answer * (length // len(answer) + 1))[:length],
            "example": "",
            "version": f"{number:08x}",
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["board", "booklet", "press"])
def test_every_question_and_answer_is_printed_once_and_whole(name: str, language: str) -> None:
    values = kind_of(name).sample_values(language)
    text = "".join(page_texts(sample(name, language)))
    for item in values["qa"]:
        assert text.count(squeezed(item["answer"])) == 1
        assert squeezed(item["example"]) in text
        # A booklet names its questions in the contents as well.
        assert text.count(squeezed(item["question"])) == (2 if name == "booklet" else 1)


@pytest.mark.parametrize("name", KINDS)
def test_the_same_values_make_the_same_bytes(name: str) -> None:
    assert made(name, "zh") == sample(name, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "page"), [("board", -1), ("booklet", -1), ("press", 0)])
def test_the_bureaus_contact_is_read_from_its_code(name: str, page: int, language: str) -> None:
    pdf = sample(name, language)
    rank = page % len(pypdfium2.PdfDocument(pdf))
    assert read_qr(page_png(pdf, page=rank, width_px=1400)) == [kind_of(name).sample_values(language)["bureau_qr"]]


@pytest.mark.parametrize("name", KINDS)
def test_a_word_too_long_for_its_column_is_refused_and_never_runs_out_of_it(name: str) -> None:
    qa = questions(4)
    qa[2]["answer"] = "见 http://" + "yingcheng-pension-renewal-" * 8 + "。"
    with pytest.raises(CannotPrint, match=r"needs [\d.]+ mm where its line has [\d.]+ mm"):
        made(name, "zh", {"qa": qa})


@pytest.mark.parametrize("name", ["board", "press"])
def test_a_longer_word_that_just_fits_makes_the_type_smaller(name: str) -> None:
    qa = questions(4)
    qa[2]["answer"] = "见 pension-renewal-yingcheng"
    pdf = made(name, "zh", {"qa": qa} | ({"flight": {"panels": 3}} if name == "board" else {}))
    assert "pensionrenewalyingcheng" in "".join(page_texts(pdf))


# --- the display board ---


@pytest.mark.parametrize("panels", [2, 3, 4, 6])
def test_a_board_has_a_page_for_each_panel_in_its_size_with_bleed(panels: int) -> None:
    pages = PdfReader(io.BytesIO(made("board", "zh", {"flight": {"panels": panels}}, size="A0"))).pages
    assert len(pages) == panels
    for page in pages:
        trim, bleed = ([float(side) * POINT for side in box] for box in (page.trimbox, page.bleedbox))
        assert trim == pytest.approx([10, 10, 851, 1199], abs=0.01)
        assert bleed == pytest.approx([7, 7, 854, 1202], abs=0.01)


def test_the_questions_flow_over_the_panels_between_the_steps_and_the_contact() -> None:
    qa = questions(24, length=200)
    texts = page_texts(made("board", "zh", {"qa": qa, "flight": {"panels": 6}}))
    panels = [next(rank for rank, text in enumerate(texts) if item["answer"] in text) for item in qa]
    assert panels == sorted(panels)
    assert set(panels) == {2, 3, 4}
    assert "07005550100" in texts[5]
    assert "三步办完" in texts[1]


def test_few_questions_are_spread_over_the_panels_and_no_panel_is_empty() -> None:
    texts = page_texts(made("board", "zh", {"qa": questions(8), "flight": {"panels": 5}}))
    assert [sum(f"问题{number:02d}" in text for number in range(8)) for text in texts] == [0, 0, 4, 4, 0]
    messages = [squeezed(words) for words in kind_of("board").sample_values("zh")["messages"]]
    texts = page_texts(made("board", "zh", {"qa": questions(2), "flight": {"panels": 8}}))
    assert sum("问题0" in text for text in texts) in (1, 2)
    assert all(words in text for text in texts[4:7] for words in messages)


def test_questions_on_a_board_shrink_to_thirty_points_and_no_further() -> None:
    pdf = made("board", "zh", {"qa": questions(36, length=30), "flight": {"panels": 4}})
    text = pypdfium2.PdfDocument(pdf)[2].get_textpage()
    found = text.search("<23>").get_next()
    assert found is not None
    _left, bottom, _right, top = text.get_charbox(found[0] + 4)
    assert top - bottom > 25  # a Chinese sign is nearly as high as its type
    with pytest.raises(CannotPrint, match="even at 30 pt"):
        made("board", "zh", {"qa": questions(36, length=40), "flight": {"panels": 4}})


def test_more_than_the_panels_hold_is_refused_with_the_question_and_the_height() -> None:
    with pytest.raises(CannotPrint, match=r"qa: '问题\d\d？' is [\d.]+ mm high where its box of 372 x \d+"):
        made("board", "zh", {"qa": questions(40, length=300), "flight": {"panels": 4}})


# --- the newspaper page ---


def flight(columns: int, column: float, gutter: float, height: float) -> dict[str, Any]:
    width = columns * column + (columns - 1) * gutter
    measures = {"columns": columns, "column_mm": column, "gutter_mm": gutter, "width_mm": width, "height_mm": height}
    return {"flight": measures}


@pytest.mark.parametrize(
    ("columns", "column", "gutter", "height"), [(5, 44.8, 4, 350), (3, 57.25, 4.5, 243.7), (1, 90, 4, 300)]
)
def test_a_newspaper_page_is_as_wide_as_its_columns_to_a_hundredth_of_a_millimetre(
    columns: int, column: float, gutter: float, height: float
) -> None:
    (page,) = PdfReader(io.BytesIO(made("press", "zh", flight(columns, column, gutter, height)))).pages
    size = [float(side) * POINT for side in page.trimbox]
    assert size == pytest.approx([0, 0, columns * column + (columns - 1) * gutter, height], abs=0.01)


def test_a_newspaper_page_too_low_for_its_articles_says_so() -> None:
    with pytest.raises(CannotPrint) as caught:
        made("press", "zh", flight(5, 44.8, 4, 60))
    (fault,) = caught.value.faults
    assert fault.what.startswith("the page is too low by ")
    assert fault.mend.startswith("make the page higher by more than ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_run_on_from_column_to_column_and_lose_no_word(language: str) -> None:
    qa = questions(14, language, 200 if language == "zh" else 420)
    pdf = made("press", language, {"qa": qa} | flight(5, 44.8, 4, 350))
    (text,) = page_texts(pdf)
    assert all(squeezed(item["answer"]) in text for item in qa)
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    starts = []
    for item in qa:
        found = page.search(item["answer"][:4]).get_next()
        assert found is not None
        starts.append(round(page.get_charbox(found[0])[0] * POINT))
    assert starts == sorted(starts)
    assert {start // 48 for start in starts} == {0, 1, 2, 3}


@pytest.mark.parametrize("count", [6, 9, 12, 15, 18, 21, 24])
def test_running_text_never_reaches_the_strip_at_the_foot(count: int) -> None:
    values = flight(4, 50, 4, 360)
    pdf = made("press", "zh", {"qa": questions(count, length=100)} | values)
    sheet = pypdfium2.PdfDocument(pdf)[0]
    text = sheet.get_textpage()
    for number in range(count):
        found = text.search(f"<{number:02d}>").get_next()
        assert found is not None
    foot = 28  # mm
    lowest = min(
        text.get_charbox(index)[1] * POINT
        for index in range(text.count_chars())
        if text.get_text_range(index, 1) in "答案写在这里" and text.get_charbox(index)[0] * POINT < 160
    )
    assert lowest > foot + 2


def test_the_black_look_has_no_colour_and_the_red_one_reads_in_grey() -> None:
    from PIL import Image

    def picture(look: str) -> Image.Image:
        pdf = made("press", "zh", look=look)
        return Image.open(io.BytesIO(page_png(pdf, width_px=900))).convert("RGB")

    def spread(image: Image.Image) -> int:
        red, green, blue = (band.tobytes() for band in image.split())
        return max(max(pixel) - min(pixel) for pixel in zip(red, green, blue, strict=True))

    assert spread(picture("black")) < 8
    assert spread(picture("red")) > 150
    colours = {pixel: count for count, pixel in picture("red").getcolors(1 << 20) or []}
    red, green, blue = max((pixel for pixel in colours if pixel[0] - pixel[1] > 150), key=lambda pixel: colours[pixel])
    assert 0.299 * red + 0.587 * green + 0.114 * blue < 130  # dark enough to be read where it is copied in grey


def test_only_printing_inks_are_used_and_black_is_never_mixed() -> None:
    pdf = made("press", "zh")
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    spaces = page["/Resources"].get("/ColorSpace", {})  # type: ignore[union-attr]
    assert not [name for name in spaces if "ICC" in str(spaces[name]) and "RGB" in str(spaces[name])]
    inks = set()
    words: list[str] = []
    for word in page.get_contents().get_data().decode("latin-1").split():  # type: ignore[union-attr]
        if word in ("k", "K"):
            inks.add(tuple(float(part) for part in words[-4:]))
        words.append(word)
    assert inks
    assert all(black == 0 or (cyan, magenta, yellow) == (0, 0, 0) for cyan, magenta, yellow, black in inks)


def test_a_page_too_small_for_its_questions_is_refused_and_not_cut() -> None:
    with pytest.raises(CannotPrint, match=r"qa: '问题39？' is [\d.]+ mm high where its box of 44\.8 x .* 7\.5 pt"):
        made("press", "zh", {"qa": questions(40, length=400)})


# --- the booklet ---


@pytest.mark.parametrize("count", [1, 5, 16, 40])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_booklet_has_a_multiple_of_four_pages_and_its_contents_are_right(count: int, language: str) -> None:
    qa = questions(count, language, 300)
    texts = page_texts(made("booklet", language, {"qa": qa}))
    assert len(texts) % 4 == 0
    contents = "".join(text for text in texts[2:4] if "<00>" not in text)
    for item in qa:
        page = next(rank for rank, text in enumerate(texts, start=1) if f"<{item['id'][1:]:0>2}>" in text)
        name = squeezed(item["question"])
        assert f"{name}{'·' * 3}" in contents
        rest = contents[contents.index(name) + len(name) :].lstrip("·")
        assert rest.startswith(str(page))
    assert "07005550100" in texts[0]
    assert "07005550112" in texts[-1]


def test_a_long_answer_runs_over_pages_and_a_heading_never_stands_alone_at_a_foot() -> None:
    qa = questions(12, length=900)
    texts = page_texts(made("booklet", "zh", {"qa": qa}))
    whole = "".join(texts)
    for item in qa:
        page = next(text for text in texts if f"<{item['id'][1:]:0>2}>" in text)
        assert squeezed(item["question"]) in page
    assert whole.count("答案写在这里") >= sum(item["answer"].count("答案写在这里") for item in qa) * 0.98


def test_an_imposed_booklet_has_the_same_pages_on_half_as_many_sheet_sides() -> None:
    single, double = sample("booklet", "zh"), made("booklet", "zh", size="A5-booklet")
    pages, sides = page_texts(single), page_texts(double)
    assert len(sides) * 2 == len(pages)
    assert pages[0] in sides[0]
    assert pages[-1] in sides[0]
    assert pages[1] in sides[1]
    (box,) = {
        tuple(round(float(side) * POINT, 1) for side in page.mediabox) for page in PdfReader(io.BytesIO(double)).pages
    }
    assert box == (0, 0, 297, 210)
    assert len(double) < len(single) * 1.3


def test_only_folded_sheets_know_a_flip_and_only_single_pages_a_standard() -> None:
    assert made("booklet", "zh", size="A5-booklet", flip="long") != made("booklet", "zh", size="A5-booklet")
    with pytest.raises(BadInput, match="--flip"):
        made("booklet", "zh", flip="long")
    with pytest.raises(BadInput, match="folded sheets have no reading order"):
        made("booklet", "zh", size="A5-booklet", standard="ua-1")
    assert b"pdfuaid" in made("booklet", "zh", standard="ua-1")


def test_a_booklet_without_payment_rules_has_no_price_list() -> None:
    rates = kind_of("booklet").sample_values("zh")["rates"]
    assert rates["source"] in "".join(page_texts(sample("booklet", "zh")))
    assert "各年缴费标准" not in "".join(page_texts(made("booklet", "zh", {"rates": {}})))


# --- the training sheet ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_stands_on_a_page_of_its_own_behind_the_quiz(language: str) -> None:
    values = kind_of("training").sample_values(language)
    texts = page_texts(sample("training", language))
    for item in values["quiz"]:
        asked = [rank for rank, text in enumerate(texts) if squeezed(item["question"]) in text]
        told = [rank for rank, text in enumerate(texts) if squeezed(item["why"]) in text]
        assert len(asked) == len(told) == 1
        assert asked[0] < told[0] == len(texts) - 1
        assert squeezed(item["right"] + item["choices"]["ABC".index(item["right"])]) in texts[told[0]]
    for group in values["conduct"]:
        assert all(squeezed(line) in texts[0] for line in group["lines"])


def test_the_training_sheet_says_each_answer_in_short_with_its_version() -> None:
    qa = questions(6)
    qa[0]["answer"] = "查得到。手册只是个凭证，账在档案里。凭身份证就能查。"
    text = "".join(page_texts(made("training", "zh", {"qa": qa})))
    assert "查得到。手册只是个凭证，账在档案里。" in text
    assert "凭身份证就能查" not in text
    assert all(item["version"] in text for item in qa)
