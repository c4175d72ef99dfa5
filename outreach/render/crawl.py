"""A television crawl as files: the strip for the station's graphics, subtitles that crawl, previews that move."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from outreach.channels.counting import CrawlPace
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.crawl_preview import animated_png, ffmpeg_path, refuse_animated, video
from outreach.render.crawl_strip import SCREEN, Motion, draw_strip, plan_motion, refuse_wide

FORMATS = ("png", "ass", "apng", "mp4")

_EDGE, _SHADE = 0.07, 0.05
"""The black edge and the shade of subtitles, in ems."""


def pace_of(values: Mapping[str, Any], where: str) -> CrawlPace:
    """The pace in a piece's values, `flight.*`; raises BadInput where they hold no numbers for it."""
    flight = values.get("flight")
    fields = flight if isinstance(flight, Mapping) else {}
    try:
        return CrawlPace(
            float(fields["chars_per_second"]),
            int(fields["loops"]),
            float(fields["gap_seconds"]),
            int(fields["signs_across"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput.at(
            where, _("the flight's pace is not known"), _("make this format for flights of the channel 'crawl'")
        ) from error


def check_crawl(file_format: str, text: str, pace: CrawlPace, fonts: Sequence[Path] = ()) -> None:
    """Raise what `crawl_file` would refuse, without making the file: a sign, a width, a length, ffmpeg missing."""
    motion = plan_motion(text, pace, fonts)
    if file_format != "ass":
        refuse_wide(motion)
    if file_format == "apng":
        refuse_animated(motion)
    elif file_format == "mp4":
        ffmpeg_path()


def crawl_file(file_format: str, text: str, pace: CrawlPace, language: str, fonts: Sequence[Path] = ()) -> bytes:
    """A crawl in one of `FORMATS`. fonts: the workspace's folders, tried after the shipped fonts.

    png: one loop's words as a strip with alpha for 1920 x 1080. ass: subtitles with exact times. apng, mp4:
    previews. Raises CannotPrint for what cannot be drawn, NotFound where 'mp4' lacks ffmpeg.
    """
    motion = plan_motion(text, pace, fonts)
    if file_format == "png":
        out = io.BytesIO()
        draw_strip(motion).save(out, "PNG", optimize=True)
        return out.getvalue()
    if file_format == "ass":
        return subtitles(motion, language).encode()
    if file_format == "apng":
        return animated_png(motion)
    if file_format == "mp4":
        return video(motion)
    raise BadInput.at(
        file_format, _("a crawl has no such format"), _("choose one of {names}", names=", ".join(FORMATS))
    )


def subtitles(motion: Motion, language: str) -> str:
    """The crawl as an Advanced SubStation file: one line a loop, moved from edge to edge in its own seconds.

    Players size a font by the height of its line, not by its em; so the size is the em times that height.
    """
    from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

    first = motion.runs[0][1]
    script = SSAFile()
    script.info |= {
        "Title": "crawl",
        "PlayResX": str(SCREEN[0]),
        "PlayResY": str(SCREEN[1]),
        "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes",
        "Language": "zh-CN" if language == "zh" else "en",
    }
    script.styles = {
        "Crawl": SSAStyle(
            fontname=first.family,
            fontsize=round(motion.em * first.line, 2),
            primarycolor=Color(255, 255, 255),
            outlinecolor=Color(0, 0, 0),
            backcolor=Color(0, 0, 0, 100),
            bold=True,
            outline=round(motion.em * _EDGE, 1),
            shadow=round(motion.em * _SHADE, 1),
            alignment=Alignment.MIDDLE_LEFT,
            marginl=0,
            marginr=0,
            marginv=0,
            # 134 is simplified Chinese; players on old Windows choose a substitute font by it.
            encoding=134 if language == "zh" else 1,
        )
    }
    middle = round(motion.top + motion.band / 2)
    # The edge and the shade stand out beyond the last sign; they too must have left at the end.
    left = -math.ceil(motion.text + motion.em * (_EDGE + _SHADE))
    for loop in range(motion.loops):
        starts = round(motion.starts(loop) * 100) * 10
        ends = math.ceil((motion.starts(loop) + (SCREEN[0] + motion.text) / motion.speed) * 100 - 1e-6) * 10
        move = rf"{{\move({SCREEN[0]},{middle},{left},{middle},0,{ends - starts})}}"
        words = "".join(
            (rf"{{\fn{face.family}}}" if face.family != first.family or rank else "") + _escaped(run)
            for rank, (run, face) in enumerate(motion.runs)
        )
        script.events.append(SSAEvent(start=starts, end=ends, style="Crawl", text=move + words))
    return script.to_string("ass", header_notice="")


def _escaped(text: str) -> str:
    """Signs that would begin a command of the subtitle language, made harmless."""
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")
