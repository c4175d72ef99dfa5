"""Stamped letters are the letters Typst lays out, glyph for glyph, and the program says which it chose."""

from __future__ import annotations

import ctypes
import io
import subprocess
import tracemalloc
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageChops

from outreach.errors import BadInput, CannotPrint
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.manifest import load_kind
from outreach.render.options import NO_OPTIONS, Options
from outreach.render.page import make_pages
from outreach.render.stamp import Stamped, can_stamp, learn_all, make_stamped, stamped_pdf
from outreach.render.stamp_book import Book
from tests.render.letters import campaign_letter, campaign_letters, letter_kind

COUNT = 96
AGREE = 0.1  # points


def book(language: str = "zh") -> Book:
    return Book(letter_kind(), language, (), NO_OPTIONS)


@lru_cache(maxsize=4)
def both(language: str, behind: bool) -> tuple[bytes, bytes]:
    """The same letters stamped, and laid out by Typst."""
    letters = campaign_letters(language, COUNT, behind=behind)
    stamped, counts = stamped_pdf(book(language), letters)
    assert counts == Stamped(stamped=COUNT, typst=0)
    return stamped, make_pages(letter_kind(), language, letters)


Glyph = tuple[str, float, float, float]


def glyphs(page: Any) -> list[Glyph]:
    """Sign, size, and where its origin lies in points, of all that is drawn on a page."""
    text = page.get_textpage()
    found = []
    for rank in range(pdfium.FPDFText_CountChars(text)):
        sign = chr(pdfium.FPDFText_GetUnicode(text, rank))
        if not sign.isspace() and not pdfium.FPDFText_IsGenerated(text, rank):
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium.FPDFText_GetCharOrigin(text, rank, x, y)
            found.append((sign, round(pdfium.FPDFText_GetFontSize(text, rank), 1), x.value, y.value))
    return sorted(found, key=lambda glyph: (glyph[0], glyph[1], round(glyph[3]), glyph[2]))


def apart(one: Any, other: Any) -> list[tuple[Glyph, Glyph]]:
    """The glyphs of two pages that differ in sign, size or place."""
    pairs = list(zip(glyphs(one), glyphs(other), strict=True))
    assert len(pairs) > 200
    return [
        (ours, theirs)
        for ours, theirs in pairs
        if ours[:2] != theirs[:2] or max(abs(ours[2] - theirs[2]), abs(ours[3] - theirs[3])) > AGREE
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("behind", [False, True])
def test_both_ways_put_every_glyph_in_the_same_place(language: str, behind: bool) -> None:
    ours, theirs = (pypdfium2.PdfDocument(pdf) for pdf in both(language, behind))
    assert len(ours) == len(theirs) == COUNT * (2 if behind else 1)
    for one, other in zip(ours, theirs, strict=True):
        assert apart(one, other) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_ways_look_alike_to_the_pixel(language: str) -> None:
    for page in (0, 1, 4, 5):
        one, other = (
            Image.open(io.BytesIO(page_png(pdf, page=page, width_px=1240))).convert("L") for pdf in both(language, True)
        )
        shade = ImageChops.difference(one, other)
        assert one.size == other.size
        assert sum(shade.histogram()[64:]) == 0


def test_every_page_carries_its_own_code_name_and_phone_as_text() -> None:
    letters = campaign_letters("zh", COUNT)
    pages = pypdfium2.PdfDocument(both("zh", False)[0])
    for values, page in zip(letters, pages, strict=True):
        text = "".join(page.get_textpage().get_text_range().split())
        own = [values["household"]["code"], values["piece"]["code"], values["officer"]["mobile"], values["greeting"]]
        assert all(words in text for words in [*own, *(person["name"] for person in values["persons"])])


def test_codes_are_read_from_stamped_pages() -> None:
    pdf = both("zh", False)[0]
    for page in (0, 7, COUNT - 1):
        assert read_qr(page_png(pdf, page=page, width_px=1240)) == [f"YC-{page:05d}"]


def test_other_readers_find_no_fault(outside_program: Callable[[str], str], tmp_path: Any) -> None:
    file = tmp_path / "letters.pdf"
    file.write_bytes(both("zh", True)[0])
    checked = subprocess.run([outside_program("qpdf"), "--check", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    read = subprocess.run(
        [outside_program("pdftotext"), file, "-"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert read.stderr == ""
    assert "YC-00095" in read.stdout
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == 2 * COUNT
        assert str(pdf.Root.Lang) == "zh-CN"
        assert all(list(page.MediaBox) == list(pdf.pages[0].MediaBox) for page in pdf.pages)


def test_equal_letters_give_equal_bytes() -> None:
    assert stamped_pdf(book(), campaign_letters("zh", COUNT))[0] == both("zh", False)[0]


def test_a_remembered_book_stamps_the_same_bytes_whatever_it_stamped_before() -> None:
    letters = campaign_letters("zh", COUNT)
    learnt = book()
    learn_all(learnt, letters)
    fresh, used = book(), book()
    for remembering in (fresh, used):
        remembering.remember(learnt.as_json())
    stamped_pdf(used, letters[:10])
    again, counts = stamped_pdf(used, letters[20:30])
    assert again == stamped_pdf(fresh, letters[20:30])[0]
    assert counts == Stamped(stamped=10, typst=0)


def test_a_long_address_is_stamped_in_the_size_typst_sets_it_in() -> None:
    letters = campaign_letters("zh", COUNT)
    for rank, values in enumerate(letters):
        values["household"]["address"] = (
            "青莲社区听雨伞厂东宿舍"[: 4 + rank % 8] + "乙栋" * (1 + rank % 3) + "1门1单元101室"
        )
    pdf, counts = stamped_pdf(book(), letters)
    assert counts == Stamped(stamped=COUNT, typst=0)
    theirs = pypdfium2.PdfDocument(make_pages(letter_kind(), "zh", letters))
    ours = pypdfium2.PdfDocument(pdf)
    assert [apart(one, other) for one, other in zip(ours, theirs, strict=True)] == [[]] * COUNT
    sizes = {glyph[1] for page in ours for glyph in glyphs(page) if glyph[0] == "乙"}
    assert len(sizes) > 2


UNUSUAL: list[Callable[[dict[str, Any]], object]] = [
    lambda values: values["household"].update(
        address="应城市城中街道办事处槐荫小区机械厂家属院三十七栋二单元五楼五零一室"
    ),
    lambda values: values["persons"][0].update(name="阿卜杜热合曼·买买提吐尔逊阿卜杜拉依江"),
    lambda values: values["persons"][0].update(employer="（原）应城市第一机械厂"),
    lambda values: values.update(greeting="王先生：：李女士"),
    lambda values: values["household"].update(address="槐荫小区 3 栋…502"),
    lambda values: values.update(persons=values["persons"] * 9),
]


@pytest.mark.parametrize("change", UNUSUAL)
def test_a_letter_that_cannot_be_stamped_exactly_is_laid_out_whole_in_its_own_place(
    change: Callable[[dict[str, Any]], object],
) -> None:
    letters = campaign_letters("zh", COUNT)
    change(letters[40])
    pdf, counts = stamped_pdf(book(), letters)
    assert counts == Stamped(stamped=COUNT - 1, typst=1)
    theirs = pypdfium2.PdfDocument(make_pages(letter_kind(), "zh", [letters[40]]))
    ours = pypdfium2.PdfDocument(pdf)
    for rank in range(len(theirs)):
        assert apart(ours[40 + rank], theirs[rank]) == []
    assert "YC-00041" in ours[40 + len(theirs)].get_textpage().get_text_range()


def test_a_letter_that_cannot_be_printed_is_refused_with_its_household_as_ever() -> None:
    letters = campaign_letters("zh", COUNT)
    letters[17]["officer"]["name"] = "阿卜杜热合曼" * 20
    with pytest.raises(CannotPrint) as caught:
        stamped_pdf(book(), letters)
    assert caught.value.faults[0].where == "household YC-00017, officer.name"


def test_letters_that_share_nothing_and_few_letters_are_laid_out_one_by_one() -> None:
    letters = campaign_letters("zh", 70)
    for rank, values in enumerate(letters):
        values["paragraphs"] = [f"{words}（第{rank}封）" for words in values["paragraphs"]]
    assert stamped_pdf(book(), letters)[1] == Stamped(stamped=0, typst=70)
    assert stamped_pdf(book(), letters[:3])[1] == Stamped(stamped=0, typst=3)


def test_a_standard_and_layouts_that_do_not_say_how_are_left_to_typst() -> None:
    assert can_stamp(letter_kind(), "zh")
    assert not can_stamp(letter_kind(), "zh", Options(standard="a-2a"))
    assert not can_stamp(load_kind(letter_kind().folder.parent / "poster"), "zh")


def test_a_layout_that_draws_a_stamped_value_itself_is_refused(tmp_path: Any) -> None:
    import shutil

    folder = tmp_path / "letter"
    shutil.copytree(letter_kind().folder, folder)
    layout = folder / "letter.typ"
    layout.write_text(layout.read_text("utf-8").replace("  piece-mark(values)\n", "  values.greeting\n"), "utf-8")
    with pytest.raises(BadInput) as caught:
        stamped_pdf(Book(load_kind(folder), "zh", (), NO_OPTIONS), campaign_letters("zh", COUNT))
    assert "field" in caught.value.faults[0].what


def test_memory_does_not_grow_with_the_number_of_letters() -> None:
    class Letters:
        """So many letters, made as they are asked for."""

        def __init__(self, count: int) -> None:
            self._left = iter(range(count))

        def __iter__(self) -> Letters:
            return self

        def __next__(self) -> dict[str, Any]:
            return campaign_letter("zh", ["王建国"], next(self._left))

    def peak(count: int) -> int:
        tracemalloc.start()
        sizes: Counter[str] = Counter()
        make_stamped(ready, Letters(count), lambda content: sizes.update(bytes=len(content)))
        assert sizes["bytes"] > count * 500
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    ready = book()
    make_stamped(ready, Letters(2000), lambda content: None)
    assert peak(6000) < 1.2 * peak(2000)
