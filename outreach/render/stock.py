"""Sheets by name: paper that is cut after printing, and stock that comes cut or perforated.

All measures in millimetres. Those of pre-cut stock are plain geometry: page, columns and rows, size of one piece,
margins at the left and top, and the pitch from one piece to the next. Trade numbers say which products have
these measures; they belong to their makers.
"""

from __future__ import annotations

from dataclasses import dataclass

from outreach.errors import BadInput
from outreach.messages import _


@dataclass(frozen=True, slots=True)
class Stock:
    """One sheet to print on.

    width, height: the paper as it is laid out, upright or across. columns, rows: 0 is as many as fit.
    piece_width, piece_height: of a pre-cut piece; 0 on paper that is cut after printing, where the kind says them.
    left, top: from the paper's edge to the first pre-cut piece. pitch_x, pitch_y: from one to the next.
    like: trade numbers of products with these measures.
    """

    name: str
    width: float
    height: float
    columns: int = 0
    rows: int = 0
    piece_width: float = 0.0
    piece_height: float = 0.0
    left: float = 0.0
    top: float = 0.0
    pitch_x: float = 0.0
    pitch_y: float = 0.0
    like: str = ""

    @property
    def pre_cut(self) -> bool:
        """Whether the pieces are cut or perforated already."""
        return self.piece_width > 0


def _a4(
    columns: int,
    rows: int,
    piece: tuple[float, float],
    first: tuple[float, float],
    pitch: tuple[float, float],
    like: str,
) -> Stock:
    """Pre-cut A4 stock, named by how many pieces of what size it holds."""
    name = f"a4-{columns * rows}-{piece[0]:g}x{piece[1]:g}"
    return Stock(name, 210, 297, columns, rows, *piece, *first, *pitch, like)


CATALOGUE: dict[str, Stock] = {
    stock.name: stock
    for stock in (
        Stock("a4-10", 210, 297, 2, 5),
        Stock("a4-8", 210, 297, 2, 4),
        Stock("a4", 210, 297),
        Stock("a4-landscape", 297, 210),
        Stock("a3", 297, 420),
        Stock("a3-landscape", 420, 297),
        Stock("sra3", 320, 450),
        Stock("sra3-landscape", 450, 320),
        # Business cards, perforated or cut through.
        _a4(2, 5, (85, 54), (15, 13.5), (95, 54), "32010, C32011"),
        _a4(2, 4, (85, 54), (17, 31.5), (91, 60), "32015"),
        _a4(2, 5, (90, 52), (15, 18.5), (90, 52), "L7414"),
        # Address labels.
        _a4(3, 8, (70, 37), (0, 0.5), (70, 37), "3474"),
        _a4(3, 8, (70, 36), (0, 4.5), (70, 36), "3475, 3490"),
        _a4(3, 7, (63.5, 38.1), (7.2, 15.15), (66.05, 38.1), "L7160, J8160"),
        _a4(3, 6, (63.5, 46.6), (7.2, 8.7), (66.05, 46.6), "L7161, J8161"),
        _a4(2, 8, (99.1, 33.9), (4.65, 12.9), (101.6, 33.9), "L7162, J8162"),
        _a4(2, 7, (99.1, 38.1), (4.65, 15.15), (101.6, 38.1), "L7163, J8163"),
        _a4(2, 4, (99.1, 67.7), (4.65, 13.1), (101.6, 67.7), "L7165, J8165"),
    )
}
"""The sheets every office has by name, usual ones first; an office adds its own in its settings."""


def find_stock(name: str) -> Stock:
    """The sheet of that name; raises BadInput naming those there are."""
    if name not in CATALOGUE:
        raise BadInput.at(
            "--sheet",
            _("there is no sheet named '{name}'", name=name),
            _(
                "choose one of {names}, or describe your own under [printing.sheets] in outreach.toml",
                names=", ".join(CATALOGUE),
            ),
        )
    return CATALOGUE[name]
