"""Signs without a glyph are found before anything is printed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from outreach.errors import BadInput, NotFound
from outreach.render.fonts import check_texts, coverage, font_folders, missing_glyphs


def test_the_packaged_fonts_are_found_without_the_system() -> None:
    names = {file.name for folder in font_folders() for file in folder.iterdir()}
    assert {"NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf", "NotoSansSC[wght].ttf"} <= names


def test_a_font_folder_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        font_folders([tmp_path / "nowhere"])
    assert "nowhere" in caught.value.faults[0].where


def test_a_file_that_only_looks_like_a_font_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font at all")
    with pytest.raises(BadInput) as caught:
        coverage([tmp_path])
    assert "broken.ttf" in caught.value.faults[0].where


@pytest.mark.parametrize(
    "text", ["䶮𬱖𬭎㛃𠅤喆堃犇燚", "应城市，“养老”——第①条…", "don’t “quote” – Ünïcode", "a\tb\r\nc　d\u00a0e"]
)
def test_names_and_marks_in_daily_use_can_be_printed(text: str) -> None:
    assert missing_glyphs(text, coverage()) == []


@pytest.mark.parametrize("sign", ["𪚥", "\u202e", "\u2066", "\ue000", "\x07", "\ud800", "\U000f0000", "\u200b", "😀"])
def test_signs_no_font_has_and_signs_that_deceive_are_missing(sign: str) -> None:
    assert missing_glyphs(f"王{sign}明{sign}", coverage()) == [sign]


def test_missing_signs_are_listed_once_in_the_order_they_appear() -> None:
    assert missing_glyphs("\ue001王\ue000\ue001", coverage()) == ["\ue001", "\ue000"]


def test_a_fault_names_the_field_the_sign_and_the_mend() -> None:
    values = {"person": {"name": "王𪚥"}, "count": 3, "none": None}
    (fault,) = check_texts(values, coverage(), where="household HZ-0042")
    assert fault.where == "household HZ-0042, person.name"
    assert "'𪚥' (U+2A6A5)" in fault.what
    assert "font" in fault.mend


def test_fields_in_lists_are_counted_from_one() -> None:
    faults = check_texts({"persons": [{"name": "好"}, {"name": "𪚥"}], "papers": ["\x07"]}, coverage())
    assert [fault.where for fault in faults] == ["persons[2].name", "papers[1]"]


def test_an_invisible_sign_is_named_by_its_number_only() -> None:
    (fault,) = check_texts({"name": "王\u202e明"}, coverage())
    assert "U+202E" in fault.what
    assert "\u202e" not in fault.sentence()


def test_all_texts_of_seven_thousand_letters_are_checked_in_a_moment() -> None:
    page = {f"field{rank}": "禾川县劳动保险局城东社区柳岸小区3栋东门" for rank in range(30)}
    known = coverage()
    start = time.process_time()
    assert check_texts([page] * 7000, known) == []
    assert time.process_time() - start < 1.5  # about 0.3 s on an idle core
