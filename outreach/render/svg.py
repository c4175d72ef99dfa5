"""The paper charts are drawn on: escaped text of known width, and shapes, gathered into one SVG."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

INK, MUTED, RULE = "#1B2733", "#5A6876", "#D9E0E7"
FONTS = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'Helvetica Neue', Arial, sans-serif"
)
_NARROW = frozenset("ijlItfr.,:;|!'()[] ")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


def text_width(text: str, size: float) -> float:
    """About how wide `text` is at `size` pixels, on the safe side of the usual sans-serif faces."""
    ems = 0.0
    for sign in text:
        if unicodedata.combining(sign):
            continue
        if unicodedata.east_asian_width(sign) in "WF":
            ems += 1.0
        elif sign in _NARROW:
            ems += 0.36
        elif sign.isupper() or sign in "mwMW%@&—":
            ems += 0.86
        else:
            ems += 0.6
    return ems * size


def lines_of(text: str, size: float, width: float) -> list[str]:
    """`text` in as few lines no wider than `width` as it takes, about equally long.

    Lines break between words, and anywhere beside a Chinese sign.
    """
    lines = _broken(text, size, width)
    if len(lines) == 1:
        return lines
    narrow, wide = width / len(lines), width
    while wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        if len(_broken(text, size, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return _broken(text, size, wide)


def _broken(text: str, size: float, width: float) -> list[str]:
    pieces = re.findall(r"[^\W\u2e80-\uffef]+\S?\s*|\s+|.", _CONTROLS.sub(" ", text)) or [""]
    lines = [""]
    for piece in pieces:
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        rest = piece.lstrip() if not lines[-1] else piece
        while text_width(rest.rstrip(), size) > width and len(rest) > 1:
            cut = max(n for n in range(1, len(rest)) if n == 1 or text_width(rest[:n], size) <= width)
            lines[-1] = rest[:cut]
            lines.append("")
            rest = rest[cut:]
        lines[-1] += rest
    return [line.strip() for line in lines if line.strip()] or [""]


def grouped(value: float) -> str:
    """A number with its thousands grouped: 7000 -> '7,000', 12.5 -> '12.5'."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def share(part: float, whole: float) -> str:
    """A percentage with one decimal, or a dash of nothing."""
    return f"{part / whole:.1%}" if whole else "—"


class Canvas:
    """Shapes and words in pixels from the top left; `svg` closes it."""

    def __init__(self, title: str, description: str, width: float) -> None:
        self.title = _CONTROLS.sub(" ", title)
        self.description = _CONTROLS.sub(" ", description)
        self.width = width
        self._parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 14,
        anchor: str = "start",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Words with their base line at `y`; anchor: start, middle or end."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{weight}>'
            f"{escape(_CONTROLS.sub(' ', words))}</text>"
        )

    def block(self, x: float, middle: float, lines: Sequence[str], *, size: float = 14, anchor: str = "start") -> None:
        """Several lines, the whole centred on `middle`."""
        step = size * 1.3
        top = middle - step * (len(lines) - 1) / 2 + size * 0.36
        for number, line in enumerate(lines):
            self.text(x, top + number * step, line, size=size, anchor=anchor)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, tip: str = "") -> None:
        """A filled box; tip: what a pointer resting on it shows."""
        self._shape(
            f'rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" rx="2" fill="{colour}"',
            tip,
        )

    def polygon(self, points: Sequence[tuple[float, float]], colour: str, *, tip: str = "") -> None:
        """A filled polygon."""
        self._shape(f'polygon points="{_path(points)}" fill="{colour}"', tip)

    def line(
        self, points: Sequence[tuple[float, float]], colour: str = RULE, *, thick: float = 1, dashed: bool = False
    ) -> None:
        """A polyline."""
        dashes = ' stroke-dasharray="6 4"' if dashed else ""
        self._shape(
            f'polyline points="{_path(points)}" fill="none" stroke="{colour}" stroke-width="{thick:g}"'
            f' stroke-linejoin="round" stroke-linecap="round"{dashes}'
        )

    def outline(self, x: float, y: float, width: float, height: float, colour: str = RULE, *, thick: float = 1) -> None:
        """The four sides of a box."""
        self._shape(
            f'rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="none" stroke="{colour}"'
            f' stroke-width="{thick:g}"'
        )

    def hatch(self, x: float, y: float, width: float, height: float, colour: str, *, step: float = 7) -> None:
        """Slanting lines over a box, `step` pixels apart: the mark of what is not certain yet."""
        strokes = []
        for turn in range(1, math.ceil((width + height) / step)):
            along = turn * step
            left, right = max(along - height, 0.0), min(along, width)
            strokes.append(f"M{x + left:.1f} {y + along - left:.1f}L{x + right:.1f} {y + along - right:.1f}")
        if strokes:
            self._shape(f'path d="{"".join(strokes)}" fill="none" stroke="{colour}" stroke-width="0.8"')

    def sector(
        self, x: float, y: float, radius: float, start: float, end: float, colour: str, *, tip: str = ""
    ) -> None:
        """A piece of a pie about (x, y); start, end: parts of a whole turn, clockwise from the top."""
        if end - start >= 1:
            self.circle(x, y, radius, colour, tip=tip)
            return
        (x1, y1), (x2, y2) = (
            (x + radius * math.sin(2 * math.pi * turn), y - radius * math.cos(2 * math.pi * turn))
            for turn in (start, end)
        )
        self._shape(
            f'path d="M{x:.1f} {y:.1f}L{x1:.1f} {y1:.1f}A{radius:.1f} {radius:.1f} 0 {int(end - start > 0.5)} 1'
            f' {x2:.1f} {y2:.1f}Z" fill="{colour}" stroke="#FFFFFF" stroke-width="1"',
            tip,
        )

    def circle(self, x: float, y: float, radius: float, colour: str, *, tip: str = "") -> None:
        """A dot with a white rim."""
        self._shape(
            f'circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}" stroke="#FFFFFF" stroke-width="1.5"', tip
        )

    def svg(self, height: float) -> str:
        """The whole chart, `height` pixels tall."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(self.title)}'
            f' viewBox="0 0 {self.width:.0f} {height:.0f}" width="{self.width:.0f}" height="{height:.0f}"'
            f' font-family="{FONTS}">'
            f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
            f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(self._parts)}</svg>'
        )

    def _shape(self, start: str, tip: str = "") -> None:
        if tip:
            tag = start.split(" ", 1)[0]
            self._parts.append(f"<{start}><title>{escape(_CONTROLS.sub(' ', tip))}</title></{tag}>")
        else:
            self._parts.append(f"<{start}/>")


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
