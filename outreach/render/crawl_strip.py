"""The words of a crawl as a picture: bold white signs with a black edge and a soft shade, on nothing.

Each sign is drawn in the first font that has it: the shipped sans serif in bold, then the shipped regular faces, then
the fonts of the workspace. A sign that none has is refused, never drawn as a box.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.channels.counting import CrawlPace, count_crawl, crawl_line
from outreach.errors import CannotPrint
from outreach.messages import _
from outreach.render.fonts import check_texts, coverage, font_folders

if TYPE_CHECKING:
    from PIL import Image, ImageFont

SCREEN = (1920, 1080)
"""The picture a station airs, in pixels; every measure here is in its pixels unless a scale is given."""

LOWEST = 0.95
"""Where the band ends, as a share of the height: the edge of the title-safe area (EBU R 95)."""

MOST_WIDE = 32_000
"""Pixels of a strip; programs that cut and overlay pictures take no more (the VP8 and JPEG limits are near)."""

_BAND = 1.8
_EDGE = 0.07
_BOLD = 700
_SUFFIXES = frozenset((".otf", ".ttf"))


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, its family name, the signs it has, and the height of its line in ems.

    line: ascent and descent as Windows fonts state them, by which subtitle players size a font.
    """

    path: Path
    family: str
    signs: frozenset[int]
    line: float
    bold: bool

    def sized(self, em: float) -> ImageFont.FreeTypeFont:
        """The font at `em` pixels, in bold where it varies; laid out sign by sign, alike on every machine."""
        from PIL import ImageFont

        font = ImageFont.truetype(str(self.path), em, layout_engine=ImageFont.Layout.BASIC)
        if self.bold:
            font.set_variation_by_axes([_BOLD])
        return font


@dataclass(frozen=True, slots=True)
class Motion:
    """A crawl's words on the screen and how they move.

    runs: the words in order, each with its face. em, band, text, gap: pixels; speed: pixels a second.
    seconds: from when the first sign enters until the last has left.
    """

    line: str
    runs: tuple[tuple[str, Face], ...]
    em: float
    text: float
    gap: float
    speed: float
    seconds: float
    loops: int

    @property
    def band(self) -> int:
        """The height of the band in pixels."""
        return round(self.em * _BAND)

    @property
    def top(self) -> int:
        """Where the band begins, in pixels from above."""
        return round(SCREEN[1] * LOWEST) - self.band

    def starts(self, loop: int) -> float:
        """When a loop's first sign enters, in seconds; loops count from 0."""
        return loop * (self.text + self.gap) / self.speed

    def left(self, loop: int, second: float) -> float:
        """Where a loop's first sign stands at a moment, in pixels from the left edge."""
        return SCREEN[0] - self.speed * (second - self.starts(loop))


def plan_motion(text: str, pace: CrawlPace, fonts: Sequence[Path] = ()) -> Motion:
    """How `text` moves at `pace`. The whole crawl takes exactly the seconds the channel counts.

    So a Chinese text moves one em for each sign; a Latin one a little faster or slower, since real letters are not
    all half as wide as a Chinese sign. Raises CannotPrint for a sign that no font has and for an empty text.
    """
    line = unicodedata.normalize("NFC", crawl_line(text))
    if not line:
        raise CannotPrint.at(_("the crawl"), _("has no text"), _("write the flight's message"))
    faults = check_texts(line, coverage(fonts), where=_("the crawl"))
    if faults:
        raise CannotPrint(*faults)
    em = SCREEN[0] / pace.signs_across
    runs = tuple(_runs(line, faces(tuple(fonts))))
    width = sum(face.sized(em).getlength(words) for words, face in runs)
    gap = pace.gap_s * pace.chars_per_second * em
    seconds = count_crawl(text, pace).seconds
    way = SCREEN[0] + pace.loops * width + (pace.loops - 1) * gap
    return Motion(line, runs, em, width, gap, way / seconds, seconds, pace.loops)


def draw_strip(motion: Motion, scale: float = 1.0) -> Image.Image:
    """One loop's words on a transparent ground, as high as the band. scale: 1 for 1920 x 1080.

    The first sign begins `margin` pixels from the left, which is room for its edge. Raises CannotPrint where the strip
    would be wider than `MOST_WIDE`.
    """
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    refuse_wide(motion)
    edge = margin(motion) // 2
    size = (strip_width(motion), motion.band)
    # Chinese signs stand from 0.12 em below the base line to 0.88 em above it.
    base = motion.band / 2 + motion.em * 0.38
    words, edged = Image.new("L", size), Image.new("L", size)
    for target, stroke in ((words, 0), (edged, edge)):
        pen = ImageDraw.Draw(target)
        left = float(margin(motion))
        for run, face in motion.runs:
            font = face.sized(motion.em)
            pen.text((left, base), run, fill=255, font=font, anchor="ls", stroke_width=stroke)
            left += font.getlength(run)
    shade = ImageChops.offset(edged, edge, edge).filter(ImageFilter.GaussianBlur(edge))
    shade = shade.point(lambda value: value * 6 // 10)
    # White shows where the words are, black elsewhere; the ground shows through where neither edge nor shade is.
    strip = Image.merge("RGBA", (words, words, words, ImageChops.lighter(shade, edged)))
    if scale == 1:
        return strip
    # Made smaller, not drawn smaller: small type is set on whole pixels and would come out wider than it moves.
    return strip.resize((round(strip.width * scale), round(strip.height * scale)), Image.Resampling.LANCZOS)


def margin(motion: Motion) -> int:
    """Pixels of a strip before its first sign and behind its last one, for the black edge and the shade."""
    return 2 * max(1, round(motion.em * _EDGE))


def strip_width(motion: Motion) -> int:
    """Pixels of a strip: the words and a margin at either end."""
    return math.ceil(motion.text) + 2 * margin(motion)


def refuse_wide(motion: Motion) -> None:
    """Raise CannotPrint where a strip would be wider than `MOST_WIDE`."""
    width = strip_width(motion)
    if width > MOST_WIDE:
        raise CannotPrint.at(
            _("the crawl"),
            _("the strip would be {width} pixels wide, more than {most}", width=width, most=MOST_WIDE),
            _("shorten the text, use more signs_across, or make the format 'ass'"),
        )


@lru_cache(maxsize=4)
def faces(fonts: tuple[Path, ...]) -> tuple[Face, ...]:
    """The shipped faces, the bold one first, then those in the folders `fonts`; read once in a process."""
    files = [file for folder in font_folders(fonts) for file in sorted(folder.rglob("*")) if file.suffix in _SUFFIXES]
    found = [_face(file) for file in files]
    return tuple(sorted(found, key=lambda face: not face.bold))


def _face(file: Path) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        names, windows = font["name"], font["OS/2"]
        family = names.getBestFamilyName() or file.stem
        line = (windows.usWinAscent + windows.usWinDescent) / font["head"].unitsPerEm
        axes = [axis.axisTag for axis in font["fvar"].axes] if "fvar" in font else []
        return Face(file, family, frozenset(font.getBestCmap() or ()), line, axes == ["wght"])


def _runs(line: str, known: Sequence[Face]) -> Iterable[tuple[str, Face]]:
    """The line cut where the face changes; a blank stays with what stands before it."""
    chosen: list[tuple[str, Face]] = []
    for sign in line:
        before = chosen[-1][1] if chosen else known[0]
        has = (face for face in (before if sign.isspace() else known[0], *known) if ord(sign) in face.signs)
        chosen.append((sign, next(has, known[0])))
    for face, signs in groupby(chosen, key=lambda one: one[1]):
        yield "".join(sign for sign, _face in signs), face
