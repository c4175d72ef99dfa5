"""Crawls, scripts, cue sheets and spots made as print runs: right, or refused before anything is written."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from outreach.channels.counting import reading_time
from outreach.errors import BadInput, CannotPrint, NotFound
from outreach.services.campaign_check import check_campaign
from outreach.services.materials import copy_kind, make_material
from outreach.services.previews import Wish, preview_material
from outreach.services.words import measure_texts

RADIO = """
[[flights]]
id = "radio-april"
channel = "radio"
starts = 2005-04-04
ends = 2005-04-29
weekdays = ["mon"]
times = ["07:30", "18:00"]
message = "renew"
station = "小镇电台"
programme_zh = "续保热线"
programme_en = "Renewal Line"
minutes = 5
spots = [60, 15, 30]
"""


def with_radio(town: Any, *changes: tuple[str, str]) -> None:
    text = RADIO
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    town.campaign_file.write_text(town.campaign_file.read_text("utf-8") + text, "utf-8")


def made_files(town: Any, kind: str, file_format: str, language: str = "zh") -> dict[str, bytes]:
    made = make_material(town.office, "", kind, file_format=file_format, language=language)
    return {file.name: (made.folder / file.name).read_bytes() for file in made.files}


def nothing_written(town: Any) -> bool:
    with town.office.store.read() as unit:
        runs = unit.runs.all(dt.UTC)
    return runs == [] and not any(town.workspace.out.glob("*crawl*")) and not any(town.workspace.out.glob(".[0-9]*"))


@pytest.mark.parametrize(
    ("file_format", "begins"),
    [("png", b"\x89PNG"), ("apng", b"\x89PNG"), ("ass", b"[Script Info]")],
)
def test_a_crawl_is_made_in_each_format_from_the_flights_own_pace(town: Any, file_format: str, begins: bytes) -> None:
    files = made_files(town, "crawl", file_format)
    assert list(files) == [f"crawl-crawl-spring.{file_format}"]
    (content,) = files.values()
    assert content.startswith(begins)
    if file_format == "ass":
        assert content.count(b"Dialogue:") == 2


@pytest.mark.parametrize("file_format", ["txt", "png", "ass", "apng", "mp4"])
def test_a_crawl_its_slot_cannot_hold_is_refused_in_every_format_before_anything_is_written(
    town: Any, file_format: str
) -> None:
    town.edit_campaign(("seconds = 60\nloops = 2", "seconds = 12\nloops = 2"))
    with pytest.raises(CannotPrint, match="the slot has 12 s"):
        make_material(town.office, "", "crawl", file_format=file_format)
    assert nothing_written(town)


def test_without_ffmpeg_a_video_run_is_refused_before_anything_is_written(
    town: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match="apng"):
        make_material(town.office, "", "crawl", file_format="mp4")
    assert nothing_written(town)


def test_a_crawl_too_long_for_an_animated_picture_names_its_flight(town: Any) -> None:
    town.edit_campaign(
        ("seconds = 60\nloops = 2", "seconds = 600\nloops = 20"),
    )
    with pytest.raises(CannotPrint, match="crawl-spring, the crawl: an animated preview"):
        make_material(town.office, "", "crawl", file_format="apng")
    assert nothing_written(town)


def test_a_crawl_with_a_tag_for_messages_is_found_by_the_check_of_the_campaign(town: Any) -> None:
    town.edit_campaign(('zh = "养老保险断了能续上。"', 'zh = "{{ person.name }}，养老保险断了能续上。"'))
    with pytest.raises(BadInput, match=r"person\.name.*as it stands"):
        check_campaign(town.workspace, "")


def cue_sheet(content: bytes) -> list[list[str]]:
    document = Document(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for row in document.tables[1].rows]


def test_the_cue_sheet_has_every_item_of_the_script_with_both_clocks(town: Any) -> None:
    with_radio(town)
    (content,) = made_files(town, "radio", "docx").values()
    heads, *rows = cue_sheet(content)
    assert heads == ["序号", "时钟", "最迟开始", "谁", "内容", "用时"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert rows[0][1:4] == ["07:30:00", rows[0][2], "音响"]
    assert {row[3] for row in rows} == {"音响", "主持人", "嘉宾"}
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    # The last item, eight seconds of music, begins at the latest eight seconds before the end.
    assert rows[-1][2] == "07:34:52"
    assert any("养老保险断了能续上" in row[4] for row in rows)


def test_the_cue_sheets_times_add_up(town: Any) -> None:
    with_radio(town)
    (content,) = made_files(town, "radio", "docx", "en").values()
    document = Document(io.BytesIO(content))
    starts, ends, length, used, spare = (cell.text for cell in document.tables[0].rows[1].cells)
    assert (starts, ends, length) == ("07:30:00", "07:35:00", "5:00")

    def seconds(text: str) -> int:
        minutes, rest = text.split(":")
        return int(minutes) * 60 + int(rest)

    assert seconds(used) + seconds(spare) == pytest.approx(300, abs=1)
    (text,) = measure_texts(town.workspace, "", "radio", "en")
    assert seconds(used) == round(text.count.seconds)
    assert "18:00" in "".join(paragraph.text for paragraph in document.paragraphs)


def test_a_script_too_long_for_its_segment_makes_no_cue_sheet(town: Any) -> None:
    with_radio(town, ("minutes = 5", "minutes = 1"))
    for file_format in ("txt", "docx"):
        with pytest.raises(CannotPrint, match="the segment has 60 s"):
            make_material(town.office, "", "radio", file_format=file_format)
    assert nothing_written(town)


def test_a_slower_station_needs_longer_for_the_same_script(town: Any) -> None:
    with_radio(town, ("minutes = 5", "minutes = 5\nzh_per_minute = 160"))
    (slow,) = measure_texts(town.workspace, "", "radio")
    with_radio(town, ('"radio-april"', '"radio-may"'))
    usual = measure_texts(town.workspace, "", "radio")[1]
    assert slow.count.characters == usual.count.characters
    assert slow.count.seconds > usual.count.seconds * 1.3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_spot_is_as_full_as_its_time_allows_and_never_longer(town: Any, language: str) -> None:
    with_radio(town)
    files = {name: content.decode() for name, content in made_files(town, "spot", "txt", language).items()}
    assert list(files) == [f"spot-radio-april-{seconds}s.txt" for seconds in (15, 30, 60)]
    lengths = [reading_time(text, language) for text in files.values()]
    assert all(length <= limit for length, limit in zip(lengths, (15, 30, 60), strict=True))
    assert lengths == sorted(lengths)
    message = {"zh": "养老保险断了能续上。", "en": "A lapsed pension can be renewed."}[language]
    assert all(text.startswith(message) for text in files.values())
    assert "0700-5550100" not in "".join(files.values())


def test_a_spot_whose_message_alone_is_too_long_is_refused_with_by_how_much(town: Any) -> None:
    with_radio(town)
    town.edit_campaign(('zh = "养老保险断了能续上。"', f'zh = "{"续" * 60}。"'))
    with pytest.raises(
        CannotPrint, match=r"radio-april-15s.*it has 15 s; shorten the message by .* s, about \d+ signs"
    ):
        make_material(town.office, "", "spot")
    with pytest.raises(BadInput, match="radio-april-15s"):
        check_campaign(town.workspace, "")


def test_the_words_of_spots_are_the_offices_own_to_change(town: Any) -> None:
    with_radio(town)
    copy_kind(town.workspace, "spot")
    layout = town.root / "templates" / "spot" / "spot.zh.txt.j2"
    layout.write_text("{{ message }}{% if spot.fill >= 1 %}欢迎来局里坐坐。{% endif %}", "utf-8")
    assert {content.decode() for content in made_files(town, "spot", "txt").values()} == {
        "养老保险断了能续上。欢迎来局里坐坐。"
    }


@pytest.mark.parametrize(
    ("kind", "file_format"),
    [("crawl", "png"), ("crawl", "ass"), ("crawl", "apng"), ("radio", "docx"), ("spot", "txt"), ("sms", "csv")],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_can_be_previewed_from_its_samples(
    town: Any, tmp_path: Path, kind: str, file_format: str, language: str
) -> None:
    target = tmp_path / f"preview.{file_format}"
    preview_material(town.workspace, None, Wish(kind, file_format, language), target)
    assert target.stat().st_size > 50
