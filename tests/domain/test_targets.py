"""A target dealt out in proportion: nothing lost, nobody more than one away from their exact part."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.targets import apportion

WEIGHTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.fractions(0, 100), min_size=1, max_size=12)


@given(st.integers(0, 10**12), WEIGHTS)
def test_the_parts_add_up_and_none_is_more_than_one_from_its_share(total: int, weights: dict[str, Fraction]) -> None:
    parts = apportion(total, weights)
    assert parts.keys() == weights.keys()
    whole = sum(weights.values())
    if not whole:
        assert set(parts.values()) == {0}
        return
    assert sum(parts.values()) == total
    assert all(abs(parts[name] - total * weights[name] / whole) < 1 for name in weights)


def test_who_has_twice_the_households_bears_twice_the_target() -> None:
    assert apportion(300, {"Y01": Fraction(50), "Y02": Fraction(100)}) == {"Y01": 100, "Y02": 200}


def test_a_remainder_goes_to_the_largest_fraction_and_then_by_name() -> None:
    assert apportion(10, {"b": Fraction(1), "a": Fraction(1), "c": Fraction(1)}) == {"a": 4, "b": 3, "c": 3}
    assert apportion(2, {"a": Fraction(1, 10), "b": Fraction(19, 10)}) == {"a": 0, "b": 2}


def test_nobody_in_scope_bears_nothing() -> None:
    assert apportion(100, {"Y01": Fraction(0), "Y02": Fraction(5)}) == {"Y01": 0, "Y02": 100}
    assert apportion(100, {}) == {}
