"""A text that does not fit its box, as a layout reports it and as people read it.

A layout stops with `refused[w48.2 34x 4.5pt]|officer.name|TEXT`: the direction ("w" across, "h" down) and millimetres
the text needs, the box's width and height (none for a single line), the least type or the least scale of a
group, the field and the text. `refused|FIELD|TEXT` is the same without measures, for layouts that refuse by hand.
"""

from __future__ import annotations

import math
import re

from outreach.errors import CannotPrint
from outreach.messages import _

_REFUSED = re.compile(
    r"panicked with: refused(?:\[(?P<along>[wh])(?P<needs>[\d.]+) (?P<width>[\d.]+)x(?P<height>[\d.]*) "
    r"(?P<least>[\d.]+)(?P<unit>pt|%)\])?\|(?P<field>[^|]*)\|(?P<text>.*)",
    re.DOTALL,
)
_MOST_QUOTED = 80  # signs of the text that the sentence repeats


def misfit(page: str, message: str) -> CannotPrint | None:
    """The error for a layout's `message` on `page` ('' where there is one only); None where it says something else."""
    found = _REFUSED.match(message)
    if found is None:
        return None
    where = ", ".join(filter(None, (page, found["field"])))
    text = found["text"] if len(found["text"]) <= _MOST_QUOTED else found["text"][: _MOST_QUOTED - 1] + "…"
    if found["along"] is None:
        return CannotPrint.at(
            where, _("'{text}' does not fit its place even in the smallest type", text=text), _("shorten it")
        )
    facts = {"text": text, "needs": found["needs"], "width": found["width"], "height": found["height"]}
    facts["least"] = (
        f"{found['least']} pt" if found["unit"] == "pt" else _("{share} per cent of its size", share=found["least"])
    )
    if found["along"] == "h":
        what = _("'{text}' is {needs} mm high where its box of {width} x {height} mm ends, even at {least}", **facts)
    elif found["height"]:
        what = _("'{text}' has a word of {needs} mm in a box of {width} x {height} mm, even at {least}", **facts)
    else:
        what = _("'{text}' needs {needs} mm where its line has {width} mm, even at {least}", **facts)
    room = float(found["height"] if found["along"] == "h" else found["width"])
    return CannotPrint.at(where, what, _("shorten it by about {share} %", share=_share(float(found["needs"]), room)))


def _share(needs: float, room: float) -> int:
    """By how many hundredths a text must shrink to take `room` instead of `needs`, at least 1."""
    return max(1, math.ceil((needs - room) / needs * 100)) if needs else 100
