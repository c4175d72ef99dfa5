"""Spot checks are drawn by chance that can be repeated, and say both ways in which they may be wrong."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.planning.sample import design, draw, draw_clusters, draw_in_strata


def test_both_risks_of_a_design_are_what_counting_every_sample_gives() -> None:
    found = design(12, good=0.9, poor=0.5, fail_good=0.2, pass_poor=0.2)
    for share, risk in ((0.9, "fail_good"), (0.5, "pass_poor")):
        hits = math.ceil(12 * share) if risk == "fail_good" else math.floor(12 * share)
        passed = [
            sum(one < hits for one in sample) >= found.pass_from for sample in combinations(range(12), found.size)
        ]
        chance = sum(passed) / len(passed)
        assert getattr(found, risk) == pytest.approx(1 - chance if risk == "fail_good" else chance)


def test_no_smaller_sample_keeps_both_risks() -> None:
    found = design(116, good=0.95, poor=0.8, fail_good=0.1, pass_poor=0.1)
    many, few = math.ceil(116 * 0.95), math.floor(116 * 0.8)

    def at_least(hits: int, size: int, start: int) -> float:
        ways = sum(math.comb(hits, k) * math.comb(116 - hits, size - k) for k in range(start, size + 1))
        return ways / math.comb(116, size)

    smaller = found.size - 1
    assert not any(
        1 - at_least(many, smaller, start) <= 0.1 and at_least(few, smaller, start) <= 0.1
        for start in range(smaller + 2)
    )
    assert max(found.fail_good, found.pass_poor) <= 0.1
    assert found.size < 116


def test_a_lot_too_small_to_sample_is_asked_whole_and_without_risk() -> None:
    found = design(2, good=1.0, poor=0.5, fail_good=0.05, pass_poor=0.05)
    assert (found.size, found.pass_from, found.fail_good, found.pass_poor) == (2, 2, 0.0, 0.0)


@settings(max_examples=40)
@given(st.integers(5, 80), st.floats(0.55, 1), st.floats(0, 0.5))
def test_a_design_that_is_not_the_whole_lot_keeps_its_promises(lot: int, good: float, poor: float) -> None:
    found = design(lot, good=good, poor=poor, fail_good=0.1, pass_poor=0.1)
    assert 1 <= found.pass_from <= found.size <= lot
    assert max(found.fail_good, found.pass_poor) <= 0.1


@pytest.mark.parametrize(
    ("lot", "good", "poor", "risk"), [(0, 0.9, 0.5, 0.1), (10, 0.5, 0.5, 0.1), (10, 1.2, 0.5, 0.1), (10, 0.9, 0.5, 0.0)]
)
def test_a_design_that_cannot_be_is_refused(lot: int, good: float, poor: float, risk: float) -> None:
    with pytest.raises(ValueError, match="no design"):
        design(lot, good=good, poor=poor, fail_good=risk, pass_poor=0.1)


def test_a_draw_repeats_whatever_the_order_and_grows_without_changing() -> None:
    keys = [f"H{number:03}" for number in range(200)]
    assert draw(keys, 20, "2005-10") == draw(reversed(keys), 20, "2005-10")
    assert draw(keys, 30, "2005-10")[:20] == draw(keys, 20, "2005-10")
    assert set(draw(keys, 20, "2005-10")) != set(draw(keys, 20, "2005-11"))


def test_every_key_is_drawn_about_as_often_as_any_other() -> None:
    keys = [str(number) for number in range(10)]
    often = Counter(key for seed in range(2000) for key in draw(keys, 3, str(seed)))
    # 600 each; six standard deviations of a binomial with p = 0.3 are 123.
    assert all(abs(count - 600) < 123 for count in often.values())


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 40), min_size=1), st.integers(1, 60))
def test_strata_give_in_proportion_and_none_is_passed_over(sizes: dict[str, int], size: int) -> None:
    strata = {name: [f"{name}{one}" for one in range(count)] for name, count in sizes.items()}
    drawn = draw_in_strata(strata, size, "seed")
    total = sum(sizes.values())
    filled = sum(count > 0 for count in sizes.values())
    assert sum(map(len, drawn.values())) == min(max(size, filled), total)
    for name, count in sizes.items():
        assert set(drawn[name]) <= set(strata[name])
        assert (len(drawn[name]) >= 1) == (count > 0)
        if count and total > size >= filled:
            # One more than in proportion is the most that rounding gives; the one each is owed may take from the rest.
            assert len(drawn[name]) <= math.ceil(size * count / total) + 1


def test_clusters_come_in_proportion_to_their_sizes() -> None:
    sizes = {"east": 600, "west": 300, "north": 100}
    often = Counter(name for seed in range(1000) for name in draw_clusters(sizes, 5, str(seed)))
    assert [round(often[name] / 5000, 1) for name in sizes] == [0.6, 0.3, 0.1]
    assert len(draw_clusters(sizes, 30, "seed")) == 30
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_clusters({"east": 0}, 3, "seed")
