"""Shares that were counted on few say how little is known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.interval import Interval, difference, wilson, wilson_share

COUNTS = st.integers(0, 2000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries)))


def test_the_interval_is_wilsons() -> None:
    # Newcombe 1998 (Two-sided confidence intervals for the single proportion), table I, method 3.
    for hits, tries, low, high in [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    ]:  # fmt: skip
        found = wilson(hits, tries)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_difference_is_newcombes() -> None:
    # Newcombe 1998 (Interval estimation for the difference), table II, method 10.
    for counts, low, high in [
        ((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 10), 0.6075, 1.0),
    ]:  # fmt: skip
        found = difference(*counts)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_tried_is_nothing_known() -> None:
    assert wilson(0, 0) is None
    assert difference(1, 2, 0, 0) is None


@pytest.mark.parametrize(("hits", "tries"), [(3, 2), (-1, 2), (0, -1)])
def test_counts_that_cannot_be_are_refused(hits: int, tries: int) -> None:
    with pytest.raises(ValueError, match="of"):
        wilson(hits, tries)


@given(COUNTS)
def test_the_share_lies_in_its_interval_and_that_between_none_and_all(counts: tuple[int, int]) -> None:
    found = wilson(*counts)
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


@given(COUNTS, COUNTS)
def test_turning_the_two_round_turns_the_interval_round(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = difference(*one, *other), difference(*other, *one)
    if there is None or back is None:
        assert there is back
        return
    assert there.value == -back.value
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_a_share_that_tells_as_much_as_so_many_tries_has_their_interval() -> None:
    assert wilson_share(81 / 263, 263) == wilson(81, 263)
    assert wilson_share(0.4, math.inf) == Interval(0.4, 0.4, 0.4)
    with pytest.raises(ValueError, match="of 0"):
        wilson_share(0.5, 0)
