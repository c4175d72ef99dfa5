"""Hold-outs: the draw, what it can show, and the comparison of its arms."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.interval import difference
from outreach.planning.hold_out import Cluster, compare, detectable, draw_held


def clusters(strata: int, each: int, size: int = 1) -> list[Cluster]:
    return [Cluster(f"{s}/{n}", str(s), size) for s in range(strata) for n in range(each)]


@given(st.integers(1, 8), st.integers(1, 60), st.floats(0.01, 0.6), st.text(max_size=5))
def test_every_stratum_gives_its_share_rounded_and_the_whole_does_too(
    strata: int, each: int, share: float, seed: str
) -> None:
    town = clusters(strata, each)
    held = draw_held(town, share, seed)
    assert held == draw_held(list(reversed(town)), share, seed)
    assert abs(len(held) - share * len(town)) < 1 + 1e-9
    for stratum, count in Counter(name.split("/")[0] for name in held).items():
        assert abs(count - share * each) < 1 + 1e-9, stratum


def test_every_unit_is_as_likely_as_any_other() -> None:
    town = [*clusters(1, 7), *(Cluster(f"b{n}", "b", 1) for n in range(3))]
    drawn = Counter(name for turn in range(4000) for name in draw_held(town, 0.25, f"seed {turn}"))
    assert len(drawn) == 10
    assert all(abs(drawn[one.name] / 4000 - 0.25) < 0.035 for one in town)


def test_the_smallest_difference_is_the_textbooks() -> None:
    # 2.8 standard errors: 2.80 * sqrt(0.3 * 0.7 * (1/700 + 1/6300)) = 0.0512
    assert detectable([1] * 700, [1] * 6300, expect=0.3, alike=0) == pytest.approx(0.0512, abs=0.0002)
    assert detectable([10] * 70, [10] * 630, expect=0.3, alike=0.05) == pytest.approx(
        0.0512 * math.sqrt(1 + 9 * 0.05), abs=0.0003
    )
    assert detectable([], [1] * 10, expect=0.3, alike=0) == math.inf


def test_a_smaller_difference_is_found_in_about_80_of_100_draws() -> None:
    chance = random.Random(5)
    gap = detectable([1] * 400, [1] * 1600, expect=0.3, alike=0)
    found = 0
    for _turn in range(300):
        held = sum(chance.random() < 0.3 for _ in range(400))
        worked = sum(chance.random() < 0.3 + gap for _ in range(1600))
        interval = difference(worked, 1600, held, 400)
        assert interval is not None
        found += interval.low > 0
    assert 0.72 < found / 300 < 0.88


def arms(gap: float, size: int, alike: float, seed: int) -> tuple[list[Cluster], frozenset[str]]:
    """60 held and 240 other clusters whose share is 0.4, `gap` more where worked with, neighbours alike."""
    chance = random.Random(seed)
    town = []
    for n in range(300):
        held = n < 60
        base = 0.4 + (0 if held else gap) + (chance.uniform(-1, 1) * math.sqrt(3 * 0.24 * alike))
        hits = sum(chance.random() < base for _ in range(size))
        town.append(Cluster(f"c{n}", str(n % 5), size, hits))
    return town, frozenset(f"c{n}" for n in range(60))


def test_neighbours_who_are_alike_make_the_interval_wider_and_it_still_holds() -> None:
    covered = 0
    for seed in range(100):
        town, held = arms(0.1, 8, 0.2, seed)
        found = compare(town, held, "s")
        assert found is not None
        assert found.difference is not None
        plain = difference(found.open.hits, found.open.homes, found.held.hits, found.held.homes)
        assert plain is not None
        assert found.difference.high - found.difference.low > plain.high - plain.low
        covered += found.difference.low <= 0.1 <= found.difference.high
    assert covered >= 90


def test_without_an_effect_chance_alone_is_seldom_called_one() -> None:
    alarms = 0
    for seed in range(120):
        town, held = arms(0, 8, 0.2, seed)
        found = compare(town, held, "s")
        assert found is not None
        alarms += found.by_chance < 0.05
    assert alarms <= 13


def test_an_effect_is_told_from_chance_and_the_answer_repeats() -> None:
    town, held = arms(0.2, 8, 0.05, 1)
    found = compare(town, held, "s")
    assert found is not None
    assert found.by_chance < 0.001
    assert found == compare(list(reversed(town)), held, "s")


def test_one_cluster_in_an_arm_says_nothing_of_how_sure_it_is() -> None:
    found = compare([Cluster("a", "", 50, 20), Cluster("b", "", 50, 30), Cluster("c", "", 40, 20)], frozenset("a"), "s")
    assert found is not None
    assert found.difference is None
    assert found.by_chance > 0.3


def test_nobody_and_everybody_have_intervals_too_and_an_empty_arm_none() -> None:
    town = [Cluster(f"c{n}", "", 5, 0 if n < 4 else 5) for n in range(12)]
    held = frozenset(f"c{n}" for n in range(4))
    found = compare(town, held, "s")
    assert found is not None
    assert found.difference is not None
    assert found.difference.low > 0
    assert compare(town, frozenset(), "s") is None
