"""The exact chance of an officer's share."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from outreach.domain.chance import LEAST, Stratum, excess


def by_hand(hits: int, tries: int, marked: int, total: int) -> Fraction:
    """The upper hypergeometric tail in whole numbers."""
    ways = sum(math.comb(marked, k) * math.comb(total - marked, tries - k) for k in range(hits, min(marked, tries) + 1))
    return Fraction(ways, math.comb(total, tries))


@pytest.mark.parametrize(
    ("hits", "tries", "other_hits", "other_tries"), [(0, 5, 3, 9), (4, 5, 3, 9), (30, 40, 99, 400)]
)
def test_the_chance_of_one_kind_is_the_hypergeometric_tail(
    hits: int, tries: int, other_hits: int, other_tries: int
) -> None:
    found = excess([Stratum(hits, tries, other_hits, other_tries)])
    exact = float(by_hand(hits, tries, hits + other_hits, tries + other_tries))
    assert found.chance == pytest.approx(max(exact, LEAST), rel=1e-6)
    assert found.expected == pytest.approx(tries * other_hits / other_tries)


def test_kinds_are_compared_each_with_its_own_and_then_summed() -> None:
    # Two kinds of three visits, of which one each is the officer's: both marked has the chance 1/3 x 2/3.
    found = excess([Stratum(1, 1, 0, 2), Stratum(1, 1, 1, 2)])
    assert (found.hits, found.tries, found.expected) == (2, 2, 0.5)
    assert found.chance == pytest.approx(2 / 9)


def test_an_officer_with_the_harder_households_is_not_blamed_for_them() -> None:
    hard, easy = Stratum(80, 100, 80, 100), Stratum(1, 10, 100, 1000)
    assert excess([hard, easy]).chance > 0.3
    assert excess([Stratum(81, 110, 180, 1100)]).chance < 1e-6


def test_what_nobody_else_does_says_nothing() -> None:
    assert excess([Stratum(5, 5, 0, 0)]).chance == 1.0
    assert excess([]).tries == 0
    with pytest.raises(ValueError, match="Stratum"):
        excess([Stratum(6, 5, 0, 0)])


def test_chances_beyond_all_measure_are_given_as_the_least() -> None:
    assert excess([Stratum(900, 1000, 100, 50_000)]).chance == LEAST
