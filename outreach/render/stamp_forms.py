"""Sheets and parts as they lie ready: their pictures, and where a piece's own lines and codes are stamped on them.

Measures are points; `y` counts from the page's top, as a layout does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from outreach.render.stamp_file import number
from outreach.render.stamp_spec import PartUse
from outreach.render.stamp_type import Style

_STEP = 0.5  # points by which a line shrinks, as the layouts do it


@dataclass(slots=True)
class Look:
    """A style as Typst draws it.

    rank: of its face in the book; ascent: from a line's top to its base, in ems; colour: the operators that choose
    it, and the colour space they name as drawing and object.
    """

    style: Style
    rank: int
    ascent: float
    colour: bytes
    colour_object: tuple[int, int]


@dataclass(slots=True)
class Spot:
    """Where one field is stamped.

    rank: of the field; size, least: the type sizes between which a line shrinks by half points; room: the widest
    line; share: how much of a line's width lies before `x`; y: of the line's top.
    """

    rank: int
    look: Look
    size: float
    least: float
    room: float
    share: float
    before: str
    after: str
    x: float
    y: float

    def moved(self, x: float, y: float) -> Spot:
        """The spot on a part that stands at `x` and `y`."""
        return replace(self, x=self.x + x, y=self.y + y)


class Stamp:
    """A spot on a page of a known height, with its operators ready for each type size, the largest first."""

    __slots__ = ("after", "before", "look", "rank", "share", "sizes", "x")

    def __init__(self, spot: Spot, height: float) -> None:
        self.rank, self.look, self.share, self.x = spot.rank, spot.look, spot.share, spot.x
        self.before, self.after = spot.before, spot.after
        self.sizes: list[tuple[float, float, bytes, bytes]] = []
        """Of each size: the widest line in thousandths of an em, the part of it before `x` in points, and what
        stands before and after a line's own x."""
        size = spot.size
        while size >= spot.least:
            look = spot.look
            head = b"/F%d %b Tf %b1 0 0 1 " % (look.rank, number(size), look.colour)
            tail = b" %b Tm" % number(height - spot.y - look.ascent * size)
            # A line set from the left stands where its spot is; others are placed by their width.
            whole = head if spot.share else head + number(spot.x) + tail
            self.sizes.append((spot.room * 1000 / size, spot.share * size / 1000, whole, tail))
            size -= _STEP


@dataclass(slots=True)
class CodeSpot:
    """Where one QR code is stamped: top left corner and side."""

    rank: int
    x: float
    y: float
    side: float


@dataclass(slots=True)
class Box:
    """A part drawn in one variant: the name of its picture, and the spots on it."""

    name: str
    spots: list[Spot]


@dataclass(slots=True)
class Part:
    """A part: how high each variant is, a number for these heights, and the variants that are drawn."""

    use: PartUse
    heights: list[float]
    height_rank: int
    boxes: dict[int, Box] = field(default_factory=dict)


@dataclass(slots=True)
class Placed:
    """Which part of a piece stands on a page, in which variant, and where its top left corner is."""

    rank: int
    variant: int
    x: float
    y: float


@dataclass(slots=True)
class FormPage:
    """One page of a sheet: its picture, and what is stamped on it. joined: parts as they were placed before."""

    name: str
    size: tuple[float, float]
    stamps: list[Stamp] = field(default_factory=list)
    codes: list[CodeSpot] = field(default_factory=list)
    parts: list[Placed] = field(default_factory=list)
    joined: dict[tuple[int, int], tuple[bytes, list[Stamp]]] = field(default_factory=dict)

    def place(self, rank: int, part: Part) -> tuple[bytes, list[Stamp]]:
        """The operators that draw `part` at the place `rank`, and the stamps on it."""
        key = (rank, id(part))
        if key not in self.joined:
            placed, height = self.parts[rank], self.size[1]
            box = part.boxes[placed.variant]
            down = height - placed.y - part.heights[placed.variant]
            drawn = b"q 1 0 0 1 %b %b cm/%b Do Q\n" % (number(placed.x), number(down), box.name.encode())
            stamps = [Stamp(spot.moved(placed.x, placed.y), height) for spot in box.spots]
            self.joined[key] = (drawn, stamps)
        return self.joined[key]


Form = list[FormPage]
