"""Previews: with the samples, with a campaign's words, and drawn anew while somebody edits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from outreach.errors import BadInput, OutreachError
from outreach.render.options import Options
from outreach.services.materials import copy_kind
from outreach.services.previews import Wish, draw_preview, preview_material, watch_preview


def text_of(pdf: Path) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "nothing happened for a minute"
        time.sleep(0.05)


def test_a_letter_with_a_campaign_prints_its_words_around_the_sample_household(town: Any, tmp_path: Path) -> None:
    wish = Wish("letter", "pdf", "zh", campaign="town")
    text = text_of(preview_material(town.workspace, town.office, wish, tmp_path / "letter.pdf"))
    assert "小镇续保服务局" in text
    assert "您家已断缴" in text
    assert "SAMPLE-0042" in text


def test_a_poster_with_a_campaign_is_that_campaigns(town: Any, tmp_path: Path) -> None:
    wish = Wish("poster", "pdf", "zh", campaign="town")
    text = text_of(preview_material(town.workspace, town.office, wish, tmp_path / "poster.pdf"))
    assert "长途汽车站" in text


def test_every_page_becomes_a_picture_and_old_ones_go(town: Any, tmp_path: Path) -> None:
    stale = tmp_path / "card-7.png"
    stale.write_bytes(b"of a layout that had more pages")
    drawn = draw_preview(town.workspace, None, Wish("card", "pdf", "zh"), tmp_path / "card")
    assert [path.name for path in drawn] == ["card.png", "card-2.png"]
    assert all(Image.open(path).width == 1240 for path in drawn)
    assert not stale.exists()


def test_a_text_has_no_picture_and_says_so(town: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pages to picture"):
        draw_preview(town.workspace, None, Wish("sms", "txt", "zh"), tmp_path / "sms")
    assert list(tmp_path.glob("sms*")) == []


def test_a_word_letter_is_pictured_by_the_office_suite(
    town: Any, tmp_path: Path, outside_program: Callable[[str], str]
) -> None:
    outside_program("soffice")
    drawn = draw_preview(town.workspace, None, Wish("letter", "docx", "zh"), tmp_path / "letter")
    assert Image.open(drawn[0]).height > 1500


def test_edits_of_a_layout_are_drawn_and_a_slip_is_told_without_losing_the_picture(town: Any, tmp_path: Path) -> None:
    layout = copy_kind(town.workspace, "notice") / "notice.typ"
    told: list[list[Path] | OutreachError] = []
    stop = threading.Event()
    watching = threading.Thread(
        target=watch_preview,
        args=(town.workspace, None, Wish("notice", "pdf", "zh"), tmp_path / "notice", told.append, stop),
    )
    watching.start()
    try:
        wait_for(lambda: len(told) == 1)
        time.sleep(0.5)  # the watch begins just after the first drawing
        before = (tmp_path / "notice.png").read_bytes()
        good = layout.read_text("utf-8")
        layout.write_text(good + "\n#let x = \n#x(\n", "utf-8")
        wait_for(lambda: isinstance(told[-1], OutreachError))
        assert (tmp_path / "notice.png").read_bytes() == before
        layout.write_text(good + '\n#page(fill: rgb("#00ff00"))[绿]\n', "utf-8")
        wait_for(lambda: isinstance(told[-1], list))
        assert (tmp_path / "notice-2.png").is_file()
    finally:
        stop.set()
        watching.join(timeout=30)
    assert not watching.is_alive()


def test_a_standard_for_pdf_is_refused_for_any_other_format(town: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="follows no PDF standard"):
        preview_material(
            town.workspace, None, Wish("letter", "docx", "zh", Options(standard="a-2a")), tmp_path / "letter.docx"
        )
