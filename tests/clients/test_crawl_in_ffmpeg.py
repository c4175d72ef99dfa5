"""The crawl as ffmpeg plays it: the subtitles through libass, and the video preview; frames are looked at."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from outreach.channels.counting import CrawlPace
from outreach.render.crawl import crawl_file
from outreach.render.crawl_strip import plan_motion
from outreach.render.fonts import font_folders

TEXT = "养老保险断了能续上　◆　咨询电话 0700-5550100"
PACE = CrawlPace(chars_per_second=8, loops=2, gap_s=1, signs_across=32)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def words(path: Path, band: tuple[int, int]) -> list[int]:
    """The first and last column in which a frame has white within the band of rows."""
    with Image.open(path) as frame:
        rows = frame.convert("L").crop((0, band[0], frame.width, band[1]))
        box = rows.point(lambda value: 255 if value > 200 else 0).getbbox()
    return [] if box is None else [box[0], box[2]]


@pytest.fixture
def frames(tmp_path: Path, outside_program: Callable[..., str]) -> Callable[[str], list[Path]]:
    """The frames of the subtitles over black, four a second, as libass draws them with the shipped fonts."""

    def play(language: str) -> list[Path]:
        ffmpeg = outside_program("ffmpeg")
        (tmp_path / "crawl.ass").write_bytes(crawl_file("ass", TEXT, PACE, language))
        seconds = plan_motion(TEXT, PACE).seconds + 1
        source = f"color=c=black:s=1920x1080:r=4:d={seconds}"
        fonts = str(font_folders()[0]).replace(":", r"\:")
        look = f"ass={tmp_path / 'crawl.ass'}:fontsdir={fonts}"
        run(ffmpeg, "-v", "error", "-f", "lavfi", "-i", source, "-vf", look, str(tmp_path / "frame%03d.png"))
        return sorted(tmp_path.glob("frame*.png"))

    return play


def test_the_subtitles_enter_move_evenly_and_are_gone_in_time(frames: Callable[[str], list[Path]]) -> None:
    played = frames("zh")
    motion = plan_motion(TEXT, PACE)
    assert words(played[0], (900, 1040)) == []
    lefts = [words(played[frame], (900, 1040))[0] for frame in (4, 6, 8)]
    for frame, left in zip((4, 6, 8), lefts, strict=True):
        assert left == pytest.approx(motion.left(0, frame / 4), abs=12)
    after = [path for number, path in enumerate(played) if number / 4 > motion.seconds + 0.02]
    assert len(after) >= 2
    assert all(words(path, (0, 1080)) == [] for path in after)
    last = max(number for number in range(len(played)) if number / 4 < motion.seconds - 0.2)
    assert words(played[last], (900, 1040)) != []


def test_the_subtitles_are_as_large_as_the_strip(frames: Callable[[str], list[Path]]) -> None:
    frame = frames("zh")[12]
    motion = plan_motion(TEXT, PACE)
    with Image.open(frame) as shown:
        box = shown.convert("L").point(lambda value: 255 if value > 200 else 0).getbbox()
    assert box is not None
    # Chinese signs fill most of their em; the band is 1.8 em high.
    assert motion.em * 0.8 <= box[3] - box[1] <= motion.em * 1.05
    assert motion.top <= box[1]
    assert box[3] <= motion.top + motion.band


def test_the_video_preview_plays_the_crawl_to_its_end(tmp_path: Path, outside_program: Callable[..., str]) -> None:
    ffmpeg, ffprobe = outside_program("ffmpeg"), outside_program("ffprobe")
    film = tmp_path / "crawl.mp4"
    film.write_bytes(crawl_file("mp4", TEXT, PACE, "zh"))
    told = run(ffprobe, "-v", "error", "-show_streams", "-show_format", "-of", "json", str(film))
    stream, facts = json.loads(told)["streams"][0], json.loads(told)["format"]
    motion = plan_motion(TEXT, PACE)
    assert (stream["width"], stream["height"], stream["r_frame_rate"]) == (1280, 720, "25/1")
    assert float(facts["duration"]) == pytest.approx(motion.seconds, abs=0.08)
    run(ffmpeg, "-v", "error", "-i", str(film), "-vf", "fps=1", str(tmp_path / "second%02d.png"))
    seconds = sorted(tmp_path.glob("second*.png"))
    band = (round(motion.top / 1.5) + 4, round((motion.top + motion.band) / 1.5) - 4)
    # ffmpeg's fps filter gives the frame nearest to each whole second; one frame moves 13 pixels.
    two, three = words(seconds[2], band)[0], words(seconds[3], band)[0]
    assert two - three == pytest.approx(motion.speed / 1.5, abs=16)


def test_the_same_video_has_the_same_bytes(outside_program: Callable[..., str]) -> None:
    outside_program("ffmpeg")
    short = CrawlPace(chars_per_second=20, loops=1)
    assert crawl_file("mp4", "续保", short, "zh") == crawl_file("mp4", "续保", short, "zh")
