"""Cards on sheets: every back behind its front, and marks where no card is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.render.impose import BLEED_MM, Sheet

A4 = Sheet.plan(90, 54, 210, 297)

sheets = st.builds(
    Sheet.plan,
    st.floats(30, 120),
    st.floats(30, 120),
    st.floats(130, 500),
    st.floats(130, 500),
)


def test_ten_business_cards_lie_centred_on_a4() -> None:
    assert (A4.columns, A4.rows, A4.cards) == (2, 5, 10)
    assert (A4.left, A4.top) == (15, 13.5)


def test_a_card_larger_than_the_sheet_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        Sheet.plan(210, 297, 210, 297)
    assert "210 x 297" in caught.value.faults[0].what


def test_the_first_back_lies_at_the_right_on_portrait_paper() -> None:
    assert (A4.fronts(10)[0][0].x, A4.backs(10)[0][0].x) == (15, 105)
    assert A4.fronts(10)[0][0].y == A4.backs(10)[0][0].y == 13.5


@given(sheets, st.integers(0, 60))
def test_after_the_flip_every_back_is_behind_its_front(sheet: Sheet, count: int) -> None:
    fronts = [spot for spots in sheet.fronts(count) for spot in spots]
    backs = [spot for spots in sheet.backs(count) for spot in spots]
    assert [spot.card for spot in fronts] == [spot.card for spot in backs] == list(range(count))
    for front, back in zip(fronts, backs, strict=True):
        if sheet.width <= sheet.height:  # turned like a book page: left and right change sides
            behind = (sheet.width - back.x - sheet.card_width, back.y)
        else:  # turned over the upper edge
            behind = (back.x, sheet.height - back.y - sheet.card_height)
        assert behind == pytest.approx((front.x, front.y))


@given(sheets, st.integers(1, 60))
def test_no_card_leaves_the_sheet_or_covers_another(sheet: Sheet, count: int) -> None:
    for spots in sheet.fronts(count) + sheet.backs(count):
        corners = {(round(spot.x, 6), round(spot.y, 6)) for spot in spots}
        assert len(corners) == len(spots) <= sheet.cards
        for spot in spots:
            assert spot.x >= BLEED_MM
            assert spot.x + sheet.card_width <= sheet.width - BLEED_MM
            assert spot.y >= BLEED_MM
            assert spot.y + sheet.card_height <= sheet.height - BLEED_MM


@given(sheets)
def test_crop_marks_stand_at_every_cut_and_outside_the_bleed(sheet: Sheet) -> None:
    x, y, width, height = sheet.background()
    marks = sheet.marks()
    assert len(marks) == 2 * (sheet.columns + 1) + 2 * (sheet.rows + 1)
    for mark in marks:
        upright = mark.x1 == mark.x2
        start, end = sorted((mark.y1, mark.y2) if upright else (mark.x1, mark.x2))
        low, high, paper = (y, y + height, sheet.height) if upright else (x, x + width, sheet.width)
        assert 0 <= start < end <= paper + 1e-9
        assert end < low or start > high


def test_the_background_reaches_three_millimetres_past_the_outer_cards() -> None:
    assert A4.background() == (12, 10.5, 186, 276)


def test_cards_fill_sheet_after_sheet() -> None:
    assert [len(spots) for spots in A4.fronts(23)] == [10, 10, 3]
    assert A4.fronts(0) == []
