"""A crawl drawn and moved: what stands where at which second, read back from the files themselves."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pysubs2
import pytest
from PIL import Image

from outreach.channels.counting import CrawlPace, count_crawl
from outreach.errors import BadInput, CannotPrint, NotFound
from outreach.render.crawl import check_crawl, crawl_file, pace_of
from outreach.render.crawl_strip import MOST_WIDE, margin, plan_motion, strip_width

ZH = "养老保险断了能续上　◆　咨询电话 0700-5550100"
EN = "A lapsed pension can be renewed  •  Call 0700-5550100"
PACE = CrawlPace(chars_per_second=4, loops=2, gap_s=1, signs_across=32)


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def columns(shown: Image.Image) -> list[int]:
    """The columns of the band in which a picture has white, that is words."""
    box = shown.convert("L").point(lambda value: 255 if value > 200 else 0).getbbox()
    return [] if box is None else [box[0], box[2]]


def band_at(content: bytes, frame: int) -> Image.Image:
    """The band of one frame of an animated preview."""
    shown = picture(content)
    shown.seek(frame)
    return shown.convert("RGB").crop((0, 306, 640, 341))


@pytest.mark.parametrize("text", [ZH, EN])
def test_the_whole_crawl_takes_exactly_the_counted_seconds(text: str) -> None:
    motion = plan_motion(text, PACE)
    assert motion.seconds == count_crawl(text, PACE).seconds
    assert motion.left(0, 0) == 1920
    assert motion.left(1, motion.seconds) + motion.text == pytest.approx(0, abs=1e-6)


def test_a_chinese_crawl_moves_one_sign_for_each_sign_counted() -> None:
    motion = plan_motion("养老保险断了能续上" * 4, PACE)
    assert motion.em == 60
    assert motion.speed == pytest.approx(4 * 60)


def test_the_second_loop_follows_the_gap_behind_the_first() -> None:
    motion = plan_motion(ZH, PACE)
    assert motion.left(1, 5) - (motion.left(0, 5) + motion.text) == pytest.approx(motion.gap)
    assert motion.gap == 4 * 60


def test_the_band_ends_inside_the_title_safe_area() -> None:
    for across in (16, 32, 48):
        motion = plan_motion(ZH, CrawlPace(4, 1, 1, across))
        assert motion.top + motion.band == 1026


def test_the_strip_has_the_words_in_white_with_a_black_edge_on_nothing() -> None:
    strip = picture(crawl_file("png", ZH, PACE, "zh"))
    motion = plan_motion(ZH, PACE)
    assert strip.mode == "RGBA"
    assert strip.size == (strip_width(motion), 108)
    red, _green, _blue, alpha = strip.split()
    assert alpha.getpixel((0, 0)) == 0
    assert alpha.getextrema() == (0, 255)
    words = red.point(lambda value: 255 if value > 128 else 0).getbbox()
    assert words is not None
    assert words[0] >= margin(motion)
    edge = alpha.point(lambda value: 255 if value > 200 else 0).getbbox()
    assert edge is not None
    assert 2 <= words[0] - edge[0] <= 6
    assert edge[0] >= 0
    assert edge[3] < 108


def test_a_sign_only_another_font_has_is_drawn_from_it_and_named_in_the_subtitles() -> None:
    # U+9FF3, a rare sign, is in the shipped serif alone.
    motion = plan_motion("王\u9ff3来电", PACE)
    assert [(words, face.family) for words, face in motion.runs] == [
        ("王", "Noto Sans SC"),
        ("\u9ff3", "Noto Serif SC"),
        ("来电", "Noto Sans SC"),
    ]
    (first, _second) = pysubs2.SSAFile.from_string(crawl_file("ass", "王\u9ff3来电", PACE, "zh").decode())
    assert first.plaintext == "王\u9ff3来电"
    assert r"{\fnNoto Serif SC}" in first.text


@pytest.mark.parametrize("file_format", ["png", "ass", "apng"])
def test_a_sign_no_font_has_is_refused_in_every_format(file_format: str) -> None:
    with pytest.raises(CannotPrint, match=r"U\+1F600"):
        crawl_file(file_format, "续保😀", PACE, "zh")


def test_an_empty_crawl_is_refused() -> None:
    with pytest.raises(CannotPrint, match="has no text"):
        crawl_file("ass", " \n ", PACE, "zh")


def test_the_subtitles_move_each_loop_from_edge_to_edge_in_its_own_time() -> None:
    script = pysubs2.SSAFile.from_string(crawl_file("ass", ZH, PACE, "zh").decode())
    motion = plan_motion(ZH, PACE)
    assert (script.info["PlayResX"], script.info["PlayResY"], script.info["WrapStyle"]) == ("1920", "1080", "2")
    assert script.styles["Crawl"].fontname == "Noto Sans SC"
    assert len(script.events) == 2
    assert script.events[0].start == 0
    assert script.events[1].start == pytest.approx(motion.starts(1) * 1000, abs=5)
    assert script.events[-1].end == pytest.approx(motion.seconds * 1000, abs=10)
    for event in script.events:
        move = re.search(r"\\move\((\d+),(\d+),(-\d+),(\d+),0,(\d+)\)", event.text)
        assert move is not None
        assert int(move[1]) == 1920
        assert move[2] == move[4] == "972"
        assert -int(move[3]) >= motion.text
        assert int(move[5]) == event.end - event.start
        assert event.plaintext == ZH


def test_signs_that_command_subtitles_are_shown_and_not_obeyed() -> None:
    content = crawl_file("ass", r"续保{\b1}办理\N换行", CrawlPace(4), "zh").decode()
    line = content.splitlines()[-1]
    assert line.count("{") == 2
    assert r"\{" in line
    assert r"\N" not in line


def test_the_animated_preview_moves_at_the_right_pace_and_ends_empty() -> None:
    content = crawl_file("apng", ZH, CrawlPace(4, 1, 1, 32), "zh")
    shown = picture(content)
    motion = plan_motion(ZH, CrawlPace(4, 1, 1, 32))
    assert shown.size == (640, 360)
    frames = shown.n_frames  # type: ignore[attr-defined]
    assert frames == pytest.approx(motion.seconds * 12, abs=2)
    # Opened anew each time: Pillow does not read on after it has gone back.
    lefts = [columns(band_at(content, frame))[0] for frame in (36, 60)]
    # Two seconds on a screen of a third the width.
    assert lefts[0] - lefts[1] == pytest.approx(motion.speed * 2 / 3, abs=2)
    assert columns(band_at(content, 0)) == columns(band_at(content, frames - 1)) == []
    assert len(content) < 1_500_000


def test_an_animated_preview_of_minutes_is_refused_with_the_way_out() -> None:
    with pytest.raises(CannotPrint, match="mp4"):
        crawl_file("apng", "续保" * 250, PACE, "zh")
    with pytest.raises(CannotPrint, match="mp4"):
        check_crawl("apng", "续保" * 250, PACE)


def test_a_strip_wider_than_pictures_can_be_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(CannotPrint, match=str(MOST_WIDE)):
        check_crawl("png", "续" * 600, PACE)
    check_crawl("ass", "续" * 600, PACE)


@pytest.mark.parametrize("file_format", ["png", "ass", "apng"])
def test_the_same_crawl_gives_the_same_bytes(file_format: str) -> None:
    one, two = (crawl_file(file_format, EN, CrawlPace(8), "en") for _turn in range(2))
    assert one == two


def test_without_ffmpeg_a_video_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("ffmpeg") is None
    for refused in (check_crawl, crawl_file):
        with pytest.raises(NotFound, match="install it, or make the preview with --format apng"):
            refused("mp4", ZH, PACE, *(("zh",) if refused is crawl_file else ()))  # type: ignore[operator]


def test_a_format_that_there_is_not_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="png, ass, apng, mp4"):
        crawl_file("gif", ZH, PACE, "zh")


def test_a_piece_without_the_flights_pace_is_refused() -> None:
    flight = {"chars_per_second": 4.0, "loops": 2, "gap_seconds": 1.0, "signs_across": 32}
    assert pace_of({"flight": flight}, "crawl") == PACE
    with pytest.raises(BadInput, match="pace"):
        pace_of({"flight": {"loops": 2}}, "crawl")
