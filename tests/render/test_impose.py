"""Cards on sheets: every back behind its front, marks where no card is, and no sheet that cannot be."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.render.impose import BLEED_MM, Sheet
from outreach.render.stock import CATALOGUE, Stock, find_stock

CARD = (90.0, 54.0)
A4 = Sheet.plan(CATALOGUE["a4-10"], CARD)


def planned(width: float, height: float, card: tuple[float, float], cut: str, flip: str) -> Sheet:
    return Sheet.plan(Stock("own", width, height), card, cut=cut, flip=flip)


papers = st.floats(130, 500)
sides = st.floats(30, 120)
sheets = st.builds(
    planned,
    papers,
    papers,
    st.tuples(sides, sides),
    st.sampled_from(["", "butt", "gutter"]),
    st.sampled_from(["long", "short"]),
)


def test_ten_business_cards_lie_centred_on_a4() -> None:
    assert (A4.columns, A4.rows, A4.cards) == (2, 5, 10)
    assert (A4.left, A4.top) == (15, 13.5)


@pytest.mark.parametrize(
    ("name", "cut", "cards"),
    [
        ("a4", "butt", 10),
        ("a4", "gutter", 8),
        ("a4-8", "gutter", 8),
        ("a4-landscape", "gutter", 9),
        ("a3", "butt", 21),
        ("sra3", "butt", 24),
        ("sra3", "gutter", 21),
        ("sra3-landscape", "gutter", 20),
    ],
)
def test_a_sheet_takes_as_many_cards_as_fit(name: str, cut: str, cards: int) -> None:
    assert Sheet.plan(CATALOGUE[name], CARD, cut=cut).cards == cards


def test_ten_cards_with_gutters_are_refused_on_a4_with_how_many_would_fit() -> None:
    with pytest.raises(BadInput) as caught:
        Sheet.plan(CATALOGUE["a4-10"], CARD, cut="gutter")
    (fault,) = caught.value.faults
    assert "10" in fault.what
    assert "8 would" in fault.what
    assert "--cut butt" in fault.mend


def test_a_card_larger_than_the_sheet_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        Sheet.plan(CATALOGUE["a4"], (210, 297))
    assert "210 x 297" in caught.value.faults[0].what


def test_stock_that_is_cut_already_takes_no_cut() -> None:
    with pytest.raises(BadInput) as caught:
        Sheet.plan(CATALOGUE["a4-10-85x54"], CARD, cut="butt")
    assert "cut already" in caught.value.faults[0].what


def test_a_card_is_not_printed_on_labels_of_another_size() -> None:
    with pytest.raises(BadInput) as caught:
        Sheet.plan(CATALOGUE["a4-24-70x37"], CARD)
    assert "70 x 37" in caught.value.faults[0].what
    assert "90 x 54" in caught.value.faults[0].what


def test_labels_are_not_printed_on_paper_without_labels() -> None:
    with pytest.raises(BadInput):
        Sheet.plan(CATALOGUE["a4"])


def test_an_unknown_sheet_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        find_stock("a4-11")
    assert "a4-10-85x54" in caught.value.faults[0].mend


@pytest.mark.parametrize(
    "stock", [stock for stock in CATALOGUE.values() if stock.pre_cut], ids=lambda stock: stock.name
)
def test_the_pieces_of_every_stock_lie_on_its_paper_in_the_middle(stock: Stock) -> None:
    assert stock.pitch_x >= stock.piece_width
    assert stock.pitch_y >= stock.piece_height
    across = (stock.columns - 1) * stock.pitch_x + stock.piece_width
    down = (stock.rows - 1) * stock.pitch_y + stock.piece_height
    assert stock.left == pytest.approx((stock.width - across) / 2, abs=0.25)
    assert stock.top == pytest.approx((stock.height - down) / 2, abs=0.25)
    assert stock.name == f"a4-{stock.columns * stock.rows}-{stock.piece_width:g}x{stock.piece_height:g}"


def test_the_first_back_lies_at_the_right_on_portrait_paper() -> None:
    assert (A4.fronts(10)[0][0].x, A4.backs(10)[0][0].x) == (15, 105)
    assert A4.fronts(10)[0][0].y == A4.backs(10)[0][0].y == 13.5


@pytest.mark.parametrize(
    ("name", "flip", "turned"),
    [
        ("a4-10", "long", False),
        ("a4-10", "short", True),
        ("a4-landscape", "long", True),
        ("a4-landscape", "short", False),
    ],
)
def test_backs_are_upside_down_where_the_sheet_is_turned_about_its_upper_edge(
    name: str, flip: str, turned: bool
) -> None:
    assert Sheet.plan(CATALOGUE[name], CARD, flip=flip).turned is turned


def behind(sheet: Sheet, x: float, y: float) -> tuple[float, float]:
    """Where the corner of what is printed on the back at x, y shows from the front."""
    upright_edge = (sheet.flip == "long") == (sheet.width <= sheet.height)
    if upright_edge:  # turned like a book page: left and right change sides
        return sheet.width - x - sheet.card_width, y
    return x, sheet.height - y - sheet.card_height


@given(sheets, st.integers(0, 60))
def test_after_the_flip_every_back_is_behind_its_front(sheet: Sheet, count: int) -> None:
    fronts = [spot for spots in sheet.fronts(count) for spot in spots]
    backs = [spot for spots in sheet.backs(count) for spot in spots]
    assert [spot.card for spot in fronts] == [spot.card for spot in backs] == list(range(count))
    for front, back in zip(fronts, backs, strict=True):
        assert behind(sheet, back.x, back.y) == pytest.approx((front.x, front.y))


@pytest.mark.parametrize("flip", ["long", "short"])
def test_backs_lie_behind_fronts_on_stock_that_is_not_centred(flip: str) -> None:
    sheet = Sheet.plan(Stock("own", 210, 297, 2, 4, 85, 54, 10, 20, 92, 60), CARD, flip=flip)
    for front, back in zip(sheet.fronts(8)[0], sheet.backs(8)[0], strict=True):
        assert behind(sheet, back.x, back.y) == pytest.approx((front.x, front.y))


@given(sheets, st.integers(1, 60))
def test_no_card_leaves_the_sheet_or_covers_another(sheet: Sheet, count: int) -> None:
    room = BLEED_MM * 2 if sheet.gap_x else 0
    for spots in sheet.fronts(count) + sheet.backs(count):
        assert len(spots) <= sheet.cards
        for rank, spot in enumerate(spots):
            assert spot.x >= BLEED_MM
            assert spot.x + sheet.card_width <= sheet.width - BLEED_MM
            assert spot.y >= BLEED_MM
            assert spot.y + sheet.card_height <= sheet.height - BLEED_MM
            for other in spots[:rank]:
                apart_x = abs(spot.x - other.x) - sheet.card_width
                apart_y = abs(spot.y - other.y) - sheet.card_height
                assert max(apart_x, apart_y) >= room - 1e-6


def _places(measures: Iterable[float]) -> list[float]:
    """Each place once, in order; places less than a thousandth of a millimetre apart are one."""
    found: list[float] = []
    for place in sorted(measures):
        if not found or place - found[-1] > 1e-3:
            found.append(place)
    return found


@given(sheets)
def test_crop_marks_stand_at_every_cut_and_outside_the_bleed(sheet: Sheet) -> None:
    corners = sheet.fronts(sheet.cards)[0]
    cuts_x = _places(edge for spot in corners for edge in (spot.x, spot.x + sheet.card_width))
    cuts_y = _places(edge for spot in corners for edge in (spot.y, spot.y + sheet.card_height))
    marks = sheet.marks()
    assert _places(mark.x1 for mark in marks if mark.x1 == mark.x2) == pytest.approx(cuts_x)
    assert _places(mark.y1 for mark in marks if mark.y1 == mark.y2) == pytest.approx(cuts_y)
    assert len(marks) == 2 * (len(cuts_x) + len(cuts_y))
    for mark in marks:
        upright = mark.x1 == mark.x2
        start, end = sorted((mark.y1, mark.y2) if upright else (mark.x1, mark.x2))
        paper, cuts = (sheet.height, cuts_y) if upright else (sheet.width, cuts_x)
        assert -1e-9 <= start < end <= paper + 1e-9
        assert end < min(cuts) - BLEED_MM or start > max(cuts) + BLEED_MM


def test_stock_that_is_cut_already_bears_no_marks() -> None:
    assert Sheet.plan(CATALOGUE["a4-10-85x54"], CARD).marks() == []


def test_cards_fill_sheet_after_sheet() -> None:
    assert [len(spots) for spots in A4.fronts(23)] == [10, 10, 3]
    assert A4.fronts(0) == []


def test_a_sheet_begun_before_is_filled_from_its_first_free_place() -> None:
    labels = Sheet.plan(CATALOGUE["a4-24-70x37"])
    first, second = labels.fronts(20, skipped=7)
    assert (first[0].card, first[0].x, first[0].y) == (0, 70, 0.5 + 2 * 37)
    assert [len(first), len(second)] == [17, 3]
    assert (second[0].card, second[0].x, second[0].y) == (17, 0, 0.5)
