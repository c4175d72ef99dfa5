"""Many cards on one sheet: where each lies, so that its back lies behind it after cutting.

Pure geometry in millimetres from the sheet's top left corner; nothing is drawn here.

**Turning over.** A printer binds on the long or the short edge. A sheet turned about an upright edge (portrait on
the long, landscape on the short edge) has left and right changed, so the backs' columns run from the right. One
turned about its upper edge (portrait on the short, landscape on the long edge) has top and bottom changed, so the
backs' rows run from the bottom, and each back is drawn upside down: cut out, every card then turns like the page of
a book and reads upright on both sides.

**Cutting.** Butt: cards touch, one cut parts two of them, and the background reaches into the bleed at the outer
edges only. Gutter: 6 mm between cards, so that each has its own bleed of 3 mm on all sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.stock import Stock

BLEED_MM = 3.0
GUTTER_MM = 2 * BLEED_MM
MARK_MM = 5.0  # length of a crop mark
GAP_MM = 1.0  # from the end of the bleed to the mark, so that no mark is left on a card cut 1 mm off
_MARGIN_MM = BLEED_MM + GAP_MM  # the least that must stay around the cards, with a stub of a mark
_NEARLY_MM = 6.0  # how much narrower or wider than its design a card may be on pre-cut stock

Size = tuple[float, float]


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
    """A grid of equal cards on a sheet; all in millimetres.

    left, top: from the sheet's edge to the first card of the front. gap_x, gap_y: between cards.
    marked: whether crop marks are drawn. flip: the edge the printer binds on, 'long' or 'short'.
    """

    card_width: float
    card_height: float
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    gap_x: float = 0.0
    gap_y: float = 0.0
    marked: bool = True
    flip: str = "long"

    @classmethod
    def plan(cls, stock: Stock, card: Size | None = None, *, cut: str = "", flip: str = "") -> Sheet:
        """The grid of `card`s (width, height) on `stock`.

        card: may be None on pre-cut stock, whose pieces then are the cards. cut: 'butt', 'gutter', or '' for butt;
        pre-cut stock has none. flip: 'long', 'short', or '' for long.
        Raises BadInput where the stock does not hold such cards, saying how many would fit.
        """
        if stock.pre_cut:
            return cls._pre_cut(stock, card, cut, flip or "long")
        if card is None:
            raise BadInput.at(
                f"--sheet {stock.name}",
                _("is paper without pieces, and this kind takes the size of its pieces from the sheet"),
                _("choose a sheet of labels"),
            )
        gap = GUTTER_MM if cut == "gutter" else 0.0
        most = _most(stock, card, gap)
        grid = (stock.columns or most[0], stock.rows or most[1])
        if min(grid) < 1 or grid[0] > most[0] or grid[1] > most[1]:
            raise BadInput.at(
                f"--sheet {stock.name}", _too_many(stock, card, cut, grid, most), _other_cut(stock, card, cut)
            )
        left, top = (
            (paper - count * side - (count - 1) * gap) / 2
            for paper, count, side in zip((stock.width, stock.height), grid, card, strict=True)
        )
        return cls(*card, stock.width, stock.height, *grid, left, top, gap, gap, True, flip or "long")

    @classmethod
    def _pre_cut(cls, stock: Stock, card: Size | None, cut: str, flip: str) -> Sheet:
        piece = (stock.piece_width, stock.piece_height)
        if cut:
            raise BadInput.at(
                f"--cut {cut}", _("the sheet '{name}' is cut already", name=stock.name), _("leave it out")
            )
        if card and max(abs(card[0] - piece[0]), abs(card[1] - piece[1])) > _NEARLY_MM:
            raise BadInput.at(
                f"--sheet {stock.name}",
                _("its pieces are {piece} mm, and the card is {card} mm", piece=_mm(piece), card=_mm(card)),
                _("choose a sheet whose pieces differ by at most {limit} mm", limit=f"{_NEARLY_MM:g}"),
            )
        return cls(
            *piece,
            stock.width,
            stock.height,
            stock.columns,
            stock.rows,
            stock.left,
            stock.top,
            stock.pitch_x - piece[0],
            stock.pitch_y - piece[1],
            False,
            flip,
        )

    @property
    def cards(self) -> int:
        """How many cards one sheet holds."""
        return self.columns * self.rows

    @property
    def turned(self) -> bool:
        """Whether backs are drawn upside down, because the sheet is turned about its upper edge."""
        return (self.flip == "long") == (self.width > self.height)

    def fronts(self, count: int, skipped: int = 0) -> list[list[Spot]]:
        """The spots of `count` fronts, a list for each sheet: row by row from the top left.

        skipped: how many places of the first sheet are used up already.
        """
        return self._spots(count, skipped, behind=False)

    def backs(self, count: int, skipped: int = 0) -> list[list[Spot]]:
        """The spots of `count` backs, sheet by sheet, each behind its front once the sheet is turned over."""
        return self._spots(count, skipped, behind=True)

    def _spots(self, count: int, skipped: int, *, behind: bool) -> list[list[Spot]]:
        if not 0 <= skipped < self.cards:
            raise ValueError(skipped)
        grid = []
        for place in range(self.cards):
            row, column = divmod(place, self.columns)
            x = self.left + column * (self.card_width + self.gap_x)
            y = self.top + row * (self.card_height + self.gap_y)
            if behind and self.turned:
                y = self.height - y - self.card_height
            elif behind:
                x = self.width - x - self.card_width
            grid.append((x, y))
        places = range(skipped, skipped + count)
        return [
            [Spot(place - skipped, *grid[place % self.cards]) for place in places[start : start + room]]
            for start, room in self._starts(count, skipped)
        ]

    def _starts(self, count: int, skipped: int) -> list[tuple[int, int]]:
        """For each sheet its first card and how many it has room for."""
        if not count:
            return []
        first = self.cards - skipped
        return [(0, first), *((start, self.cards) for start in range(first, count, self.cards))]

    @property
    def inner_bleed(self) -> float:
        """How far the background of a card may reach towards its neighbour at the left or right."""
        return min(BLEED_MM, self.gap_x / 2)

    def marks(self) -> list[Segment]:
        """The crop marks: at each end of every cut, in the margins outside the bleed only; none on pre-cut stock."""
        if not self.marked:
            return []
        found = []
        for x in _edges(self.left, self.card_width, self.gap_x, self.columns):
            found += [Segment(x, start, x, end) for start, end in self._ends(self.height, self.top)]
        for y in _edges(self.top, self.card_height, self.gap_y, self.rows):
            found += [Segment(start, y, end, y) for start, end in self._ends(self.width, self.left)]
        return found

    @staticmethod
    def _ends(paper: float, margin: float) -> list[tuple[float, float]]:
        """Where marks begin and end at both ends of a cut across cards that stand `margin` inside the paper."""
        inner = margin - _MARGIN_MM
        outer = max(0.0, inner - MARK_MM)
        return [(outer, inner), (paper - inner, paper - outer)]


def _edges(first: float, side: float, gap: float, count: int) -> list[float]:
    """The edges of `count` cards in a row; where they touch, two share one."""
    edges = (first + rank * (side + gap) + shift for rank in range(count) for shift in (0.0, side))
    return sorted({round(edge, 6) for edge in edges})


def _most(stock: Stock, card: Size, gap: float) -> tuple[int, int]:
    """How many columns and rows fit, upright, with room for bleed and a stub of a mark around them."""
    columns, rows = (
        math.floor((paper - 2 * _MARGIN_MM + gap) / (side + gap) + 1e-9)
        for paper, side in zip((stock.width, stock.height), card, strict=True)
    )
    return max(columns, 0), max(rows, 0)


def _too_many(stock: Stock, card: Size, cut: str, grid: tuple[int, int], most: tuple[int, int]) -> str:
    sheet = _mm((stock.width, stock.height))
    if 0 in most:
        return _("a card of {card} mm does not fit on a sheet of {sheet} mm", card=_mm(card), sheet=sheet)
    fit = min(grid[0], most[0]) * min(grid[1], most[1])
    if cut == "gutter":
        return _(
            "{count} cards of {card} mm with gutters do not fit on a sheet of {sheet} mm, {fit} would",
            count=grid[0] * grid[1],
            card=_mm(card),
            sheet=sheet,
            fit=fit,
        )
    return _(
        "{count} cards of {card} mm do not fit on a sheet of {sheet} mm, {fit} would",
        count=grid[0] * grid[1],
        card=_mm(card),
        sheet=sheet,
        fit=fit,
    )


def _other_cut(stock: Stock, card: Size, cut: str) -> str:
    touching = _most(stock, card, 0.0)
    if cut == "gutter" and touching[0] >= stock.columns and touching[1] >= stock.rows and 0 not in touching:
        return _("choose --cut butt or another sheet")
    return _("choose another sheet; {margin} mm on each side are for the bleed", margin=f"{_MARGIN_MM:g}")


def _mm(size: Size) -> str:
    return f"{size[0]:g} x {size[1]:g}"
