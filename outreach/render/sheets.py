"""The sheet that a kind's cards or labels are printed on, and the measures its layout draws them by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.impose import BLEED_MM, Segment, Sheet, Spot
from outreach.render.manifest import Cards, MaterialKind, Size
from outreach.render.options import NO_OPTIONS, Options, Shift
from outreach.render.stock import Stock, find_stock


def sheet_of(kind: MaterialKind, options: Options = NO_OPTIONS) -> Sheet | None:
    """The sheet the options choose for `kind`, or None where its pieces are pages of their own.

    Raises BadInput where a sheet, cut or flip is chosen that the kind or the sheet has not, or where the used places
    leave none on the first sheet.
    """
    cards = kind.cards
    if cards is None:
        _refuse(kind, _unused_on_pages(kind, options), _("this kind is not printed many on a sheet"))
        return None
    if cards.sides == 1:
        unused = {"--cut": options.cut, "--flip": options.flip}
        _refuse(kind, unused, _("this kind is printed on one side and not cut"))
    card = (cards.width_mm, cards.height_mm) if cards.width_mm and cards.height_mm else None
    sheet = Sheet.plan(_stock(cards, options), card, cut=options.cut, flip=options.flip)
    if not 1 <= options.first <= sheet.cards:
        raise BadInput.at(
            f"--first {options.first}",
            _("the sheet has {count} places", count=sheet.cards),
            _("choose one from 1 to {count}", count=sheet.cards),
        )
    return sheet


def _unused_on_pages(kind: MaterialKind, options: Options) -> dict[str, str | bool]:
    page = kind.page_of(options)
    flip = "" if isinstance(page, Size) and page.saddle else options.flip
    return {"--sheet": options.sheet, "--cut": options.cut, "--flip": flip, "--first": options.first > 1}


def _refuse(kind: MaterialKind, options: Mapping[str, str | bool], what: str) -> None:
    """Raise BadInput where one of the options, by its name on the command line, is given."""
    if given := [name for name, value in options.items() if value]:
        raise BadInput.at(f"{kind.kind}, {' '.join(given)}", what, _("leave it out"))


def _stock(cards: Cards, options: Options) -> Stock:
    if options.stock:
        width, height, columns, rows, *piece = options.stock
        across, down, left, top, pitch_x, pitch_y = piece
        return Stock(options.sheet, width, height, int(columns), int(rows), across, down, left, top, pitch_x, pitch_y)
    if name := options.sheet or cards.sheet:
        return find_stock(name)
    return Stock("", cards.sheet_width_mm, cards.sheet_height_mm)


def sheet_geometry(sheet: Sheet, count: int, options: Options) -> dict[str, Any]:
    """What a layout draws `count` cards on sheets by, in millimetres, moved by what the printer is off.

    `width`, `height` of the sheet; `card` [width, height]; `bleed`, and `inner`, the bleed towards a neighbour at the
    side; `fronts` and `backs`, for every sheet [card, x, y]; `turned`, whether backs are drawn upside down; `marks` and
    `back_marks`, crop marks as [x1, y1, x2, y2].
    """
    front, back = options.shift_front_mm, options.shift_back_mm
    used = options.first - 1
    return {
        "width": sheet.width,
        "height": sheet.height,
        "card": [sheet.card_width, sheet.card_height],
        "bleed": BLEED_MM,
        "inner": sheet.inner_bleed,
        "turned": sheet.turned,
        "fronts": [_moved_spots(spots, front) for spots in sheet.fronts(count, used)],
        "backs": [_moved_spots(spots, back) for spots in sheet.backs(count, used)],
        "marks": _moved_marks(sheet.marks(), front),
        "back_marks": _moved_marks(sheet.marks(), back),
    }


def _moved_spots(spots: Iterable[Spot], by: Shift) -> list[list[float]]:
    return [[spot.card, round(spot.x + by[0], 4), round(spot.y + by[1], 4)] for spot in spots]


def _moved_marks(marks: Iterable[Segment], by: Shift) -> list[list[float]]:
    return [[mark.x1 + by[0], mark.y1 + by[1], mark.x2 + by[0], mark.y2 + by[1]] for mark in marks]
