"""Many cards on one sheet: where each lies, so that its back lies behind it after cutting.

Pure geometry in millimetres from the sheet's top left corner; nothing is drawn here.

The sheet is turned over its long edge (the setting 'long-edge binding' of a duplex printer). On a portrait sheet
left and right change sides, so the backs' columns run from the right; on a landscape sheet the long edge is
the upper one, so the backs' rows run from the bottom. Cards touch each other: one cut parts two of them,
and the background reaches into the bleed only at the outer edges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from outreach.errors import BadInput
from outreach.messages import _

BLEED_MM = 3.0
MARK_MM = 5.0  # length of a crop mark
GAP_MM = 1.0  # from the end of the bleed to the mark, so that no mark is left on a card cut 1 mm off
_MARGIN_MM = BLEED_MM + GAP_MM  # the least that must stay around the cards, with a stub of a mark


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one card lies: the corner nearest the sheet's top left, and the card's number from 0."""

    card: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A crop mark from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of equal cards centred on a sheet; all in millimetres."""

    card_width: float
    card_height: float
    width: float
    height: float
    columns: int
    rows: int

    @classmethod
    def plan(cls, card_width: float, card_height: float, width: float, height: float) -> Sheet:
        """The grid that holds most cards of the given size, upright, with room for bleed around them.

        Raises BadInput when not even one card fits.
        """
        columns = math.floor((width - 2 * _MARGIN_MM) / card_width)
        rows = math.floor((height - 2 * _MARGIN_MM) / card_height)
        if columns < 1 or rows < 1:
            raise BadInput.at(
                "cards",
                _(
                    "a card of {card} mm does not fit on a sheet of {sheet} mm",
                    card=f"{card_width:g} x {card_height:g}",
                    sheet=f"{width:g} x {height:g}",
                ),
                _("leave {margin} mm on each side for the bleed", margin=f"{_MARGIN_MM:g}"),
            )
        return cls(card_width, card_height, width, height, columns, rows)

    @property
    def cards(self) -> int:
        """How many cards one sheet holds."""
        return self.columns * self.rows

    @property
    def left(self) -> float:
        """The sheet's edge to the first column; the same on the right."""
        return (self.width - self.columns * self.card_width) / 2

    @property
    def top(self) -> float:
        """The sheet's edge to the first row; the same at the bottom."""
        return (self.height - self.rows * self.card_height) / 2

    def fronts(self, count: int) -> list[list[Spot]]:
        """The spots of `count` fronts, a list for each sheet: row by row from the top left."""
        return self._spots(count, flipped=False)

    def backs(self, count: int) -> list[list[Spot]]:
        """The spots of `count` backs, sheet by sheet, each behind its front after a flip over the long edge."""
        return self._spots(count, flipped=True)

    def _spots(self, count: int, *, flipped: bool) -> list[list[Spot]]:
        grid = []
        for place in range(self.cards):
            row, column = divmod(place, self.columns)
            if flipped and self.width <= self.height:
                column = self.columns - 1 - column
            elif flipped:
                row = self.rows - 1 - row
            grid.append((self.left + column * self.card_width, self.top + row * self.card_height))
        return [
            [Spot(card, *grid[card - start]) for card in range(start, min(start + self.cards, count))]
            for start in range(0, count, self.cards)
        ]

    def background(self) -> tuple[float, float, float, float]:
        """x, y, width and height of the cards together with the bleed at their outer edges."""
        return (
            self.left - BLEED_MM,
            self.top - BLEED_MM,
            self.columns * self.card_width + 2 * BLEED_MM,
            self.rows * self.card_height + 2 * BLEED_MM,
        )

    def marks(self) -> list[Segment]:
        """The crop marks: one at each end of every cut, in the margins outside the bleed only."""
        found = []
        right, bottom = self.width - self.left, self.height - self.top
        across = (self.left - _MARGIN_MM, max(0.0, self.left - _MARGIN_MM - MARK_MM))
        down = (self.top - _MARGIN_MM, max(0.0, self.top - _MARGIN_MM - MARK_MM))
        for column in range(self.columns + 1):
            x = self.left + column * self.card_width
            found += [Segment(x, down[1], x, down[0]), Segment(x, bottom + _MARGIN_MM, x, self.height - down[1])]
        for row in range(self.rows + 1):
            y = self.top + row * self.card_height
            found += [Segment(across[1], y, across[0], y), Segment(right + _MARGIN_MM, y, self.width - across[1], y)]
        return found
