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

_NUMBER = r"\u2212?\d+(?:\.\d+)?"
_REFUSED = re.compile(
    rf"panicked with: refused(?:\[(?P<along>[wh])(?P<needs>{_NUMBER}) (?P<width>{_NUMBER})x(?P<height>(?:{_NUMBER})?) "
    rf"(?P<least>{_NUMBER})(?P<unit>pt|%)\]|\[[^\]|]*\])?\|(?P<field>[^|]*)\|(?P<text>.*)",
    re.DOTALL,
)
_MINUS = "\N{MINUS SIGN}"
_MOST_QUOTED = 80  # signs of the text that the sentence repeats


def misfit(page: str, message: str) -> CannotPrint | None:
    """The error for a layout's `message` on `page` ('' where there is one only); None where it says something else."""
    found = _REFUSED.match(message)
    if found is None:
        return None
    where = ", ".join(filter(None, (page, found["field"])))
    text = found["text"] if len(found["text"]) <= _MOST_QUOTED else found["text"][: _MOST_QUOTED - 1] + "…"
    if found["along"] is None or (found["along"] == "h" and not found["height"]):
        return CannotPrint.at(
            where, _("'{text}' does not fit its place even in the smallest type", text=text), _("shorten it")
        )
    needs, room = _number(found["needs"]), _number(found["height"] if found["along"] == "h" else found["width"])
    if room <= 0:
        # What stands around the box leaves it nothing, so that no shorter text would fit.
        missing = f"{-room:.1f}"
        if found["along"] == "h":
            what = _("the page is too low by {missing} mm: no height is left for '{text}'", missing=missing, text=text)
            mend = _("make the page higher by more than {missing} mm", missing=missing)
        else:
            what = _(
                "the page is too narrow by {missing} mm: no width is left for '{text}'", missing=missing, text=text
            )
            mend = _("make the page wider by more than {missing} mm", missing=missing)
        return CannotPrint.at(where, what, mend)
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
    return CannotPrint.at(where, what, _("shorten it by about {share} %", share=_share(needs, room)))


def _number(written: str) -> float:
    """A number as Typst writes it, with U+2212 for minus."""
    return float(written.replace(_MINUS, "-"))


def _share(needs: float, room: float) -> int:
    """By how many hundredths a text must shrink to take `room` instead of `needs`, at least 1."""
    return max(1, math.ceil((needs - room) / needs * 100)) if needs else 100
