"""Which elements are open along the layout's own texts, followed without parsing the letter.

Values are escaped, so whether a filled part is sound hangs on which texts of the layout come in which order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Open = tuple[str, ...]
"""The elements that are open at some place, outermost first; '<' stands before one whose tag is cut."""

_TAGS = re.compile(r"<(/?)([\w:.-]+)[^<>]*?(/?)>|<([\w:.-]+)[^<>]*$")


class Shape:
    """One order of the layout's texts; `ways`: where it leads from the elements that are open before it."""

    __slots__ = ("texts", "ways")

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.texts = texts
        self.ways: dict[Open, Open] = {}


class Unsound(ValueError):
    """The tags leave a paragraph or table open."""


class Balance:
    """Follows which elements are open along the layout's own texts; what it has once followed, it knows."""

    def __init__(self) -> None:
        self._texts: dict[tuple[Open, str], Open] = {}

    def holds(self, shapes: Iterable[Shape]) -> bool:
        """Whether all of this is way it has been before; raises Unsound where something is left open."""
        known = len(self._texts)
        state: Open = ()
        for shape in shapes:
            ways = shape.ways
            after = ways.get(state)
            if after is None:
                after = state
                for text in shape.texts:
                    after = self._after(after, text)
                ways[state] = after
            state = after
        if state:
            raise Unsound
        return known == len(self._texts)

    def _after(self, state: Open, text: str) -> Open:
        after = self._texts.get((state, text))
        if after is None:
            after = self._texts[state, text] = _opened(state, text)
        return after


def neutral(text: str) -> bool:
    """Whether `text` leaves as many elements open as it found, of the same names."""
    closed: list[str] = []
    opened: list[str] = []
    for closing, name, empty, cut in _TAGS.findall(text):
        if cut:
            return False
        if closing and opened:
            if opened.pop() != name:
                return False
        elif closing:
            closed.append(name)
        elif not empty:
            opened.append(name)
    return closed == opened[::-1]


def _opened(state: Open, text: str) -> Open:
    """The elements open after `text`, if `state` were before it; '<' stands before one whose tag is cut."""
    opened = list(state)
    if opened and opened[-1].startswith("<"):
        name = opened.pop()[1:]
        end = text.find(">")
        if end < 0:
            return state
        if text[max(end - 1, 0)] != "/":
            opened.append(name)
        text = text[end + 1 :]
    for closing, name, empty, cut in _TAGS.findall(text):
        if closing:
            if not opened or opened.pop() != name:
                raise Unsound
        elif cut:
            opened.append("<" + cut)
        elif not empty:
            opened.append(name)
    return tuple(opened)
