"""A drawing as a page: SVG text -> PDF of the same size with its fonts inside, or PNG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from outreach.render.image import page_png
from outreach.render.page import make_pdf

_LAYOUT = Path(__file__).parent / "pages" / "drawing" / "drawing.typ"
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_TEXT = re.compile(r'<text (?P<rest>[^>]*?(?P<bold> font-weight="600")?)>')
_POINTS_A_PIXEL = 0.75  # 96 pixels and 72 points an inch


def drawing_pdf(svg: str, *, margin: float = 0, fonts: Sequence[Path] = ()) -> bytes:
    """The drawing on a page of its size, `margin` pixels of white around; equal drawings give equal bytes."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("the drawing does not say how large it is")
    width, height = (float(side) * _POINTS_A_PIXEL for side in found.groups())
    white = margin * _POINTS_A_PIXEL
    values = {
        "svg": _TEXT.sub(_weighed, svg),
        "width": width + 2 * white,
        "height": height + 2 * white,
        "margin": white,
    }
    return make_pdf(_LAYOUT, values, fonts=fonts)


def _weighed(match: re.Match[str]) -> str:
    # Typst takes the variable font's thinnest face for the usual weight unless told in the font's own words.
    weight = 600 if match["bold"] else 400
    return f"<text {match['rest']} font-variation-settings=\"'wght' {weight}\">"


def drawing_png(svg: str, *, margin: float = 0, fonts: Sequence[Path] = ()) -> bytes:
    """The drawing as a PNG of twice its pixels."""
    found = _SIZE.search(svg)
    width = float(found[1]) + 2 * margin if found else 1000.0
    return page_png(drawing_pdf(svg, margin=margin, fonts=fonts), width_px=round(2 * width))
