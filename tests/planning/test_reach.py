"""Reach is estimated as the books say: against hand-made sums, another library, a simulation, and the laws it obeys."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from outreach.planning.reach import (
    Vehicle,
    exposures,
    few_curve,
    pooled,
    reach_curve,
    reach_of,
    repeat_from_twice,
)

shares = st.floats(0.001, 0.95)
vehicles = st.builds(Vehicle, shares, st.floats(0, 0.99))
mixes = st.lists(st.tuples(vehicles, st.integers(0, 40)), max_size=5)


def test_two_insertions_of_a_fifth_that_share_nothing_reach_36_in_a_hundred():
    assert Vehicle(0.2, 0.0).twice == pytest.approx(0.36)
    assert reach_curve(Vehicle(0.2, 0.0), 3) == pytest.approx([0, 0.2, 0.36, 0.488])


def test_the_same_people_every_time_are_never_more():
    assert reach_curve(Vehicle(0.2, 1.0), 4) == pytest.approx([0, 0.2, 0.2, 0.2, 0.2])
    assert reach_curve(Vehicle(0.2, 1.0), 4, often=3) == pytest.approx([0, 0, 0, 0.2, 0.2])


def test_alpha_one_and_beta_four_by_hand():
    # Mean 1/5, repeat 1/6: P(none of 3) = 4/5 * 5/6 * 6/7 = 4/7; P(all 3) = 1/5 * 2/6 * 3/7 = 1/35.
    found = exposures(Vehicle(0.2, 1 / 6), 3)
    assert found[0] == pytest.approx(4 / 7)
    assert found[3] == pytest.approx(1 / 35)


@pytest.mark.parametrize("insertions", [1, 2, 7, 60, 400])
@pytest.mark.parametrize(("audience", "repeat"), [(0.02, 0.1), (0.2, 0.35), (0.6, 0.9)])
def test_the_distribution_is_scipys_beta_binomial(audience, repeat, insertions):
    size = 1 / repeat - 1
    theirs = betabinom.pmf(range(insertions + 1), insertions, audience * size, (1 - audience) * size)
    assert exposures(Vehicle(audience, repeat), insertions) == pytest.approx(list(theirs), abs=1e-10)


def test_without_repeat_it_is_the_binomial():
    assert exposures(Vehicle(0.3, 0.0), 9) == pytest.approx(list(binom.pmf(range(10), 9, 0.3)))


def test_a_simulated_town_sees_what_the_formula_says():
    draw = np.random.default_rng(5)
    people, n = 200_000, 12
    size = 1 / 0.4 - 1
    habit = draw.beta(0.15 * size, 0.85 * size, people)
    seen = draw.binomial(n, habit) + draw.binomial(5, draw.beta(0.3 * 4, 0.7 * 4, people))
    found = reach_of([(Vehicle(0.15, 0.4), n), (Vehicle(0.3, 0.2), 5)])
    assert found.once == pytest.approx((seen >= 1).mean(), abs=0.005)
    assert found.often == pytest.approx((seen >= 3).mean(), abs=0.005)
    assert found.frequency == pytest.approx(seen[seen > 0].mean(), abs=0.03)


@given(vehicles, st.integers(0, 60))
def test_the_few_are_the_beginning_of_the_distribution(vehicle, most):
    for n, few in enumerate(few_curve(vehicle, most)):
        assert few == pytest.approx((*exposures(vehicle, n), 0.0, 0.0)[:3], abs=1e-9)


@given(shares, st.floats(0, 1))
def test_what_two_insertions_reach_gives_the_repeat_back(audience, repeat):
    assert repeat_from_twice(audience, Vehicle(audience, repeat).twice) == pytest.approx(repeat, abs=1e-6)


@pytest.mark.parametrize("twice", [0.19, 0.361])
def test_two_insertions_that_reach_fewer_than_one_or_more_than_strangers_are_refused(twice):
    with pytest.raises(ValueError, match=str(twice)):
        repeat_from_twice(0.2, twice)


@given(vehicles, st.integers(2, 80))
def test_every_insertion_adds_and_each_adds_less(vehicle, most):
    curve = reach_curve(vehicle, most)
    gains = [after - before for before, after in pairwise(curve)]
    assert all(gain >= -1e-12 for gain in gains)
    assert all(later <= sooner + 1e-9 for sooner, later in pairwise(gains))


@given(mixes)
def test_whatever_the_mix_the_estimates_lie_within_their_bounds(mix):
    found = reach_of(mix)
    assert found.once_bounds.low - 1e-9 <= found.once <= found.once_bounds.high + 1e-9
    assert found.often_bounds.low - 1e-9 <= found.often <= found.often_bounds.high + 1e-9
    assert found.often <= found.once + 1e-9
    assert found.grp == pytest.approx(100 * math.fsum(vehicle.audience * n for vehicle, n in mix))
    assert math.fsum(found.exposures) == pytest.approx(1, abs=1e-9)
    if found.frequency is not None:
        assert found.frequency * found.once == pytest.approx(found.grp / 100)


@given(mixes)
def test_reach_once_is_sainsburys_product(mix):
    missed = math.prod(1 - reach_curve(vehicle, n)[n] for vehicle, n in mix)
    assert reach_of(mix).once == pytest.approx(1 - missed, abs=1e-9)


def test_the_bounds_are_reached_by_audiences_that_are_the_same_and_by_such_as_never_meet():
    # Two papers of 30 and 40 readers in 100: all of the first also read the second, or none do.
    found = reach_of([(Vehicle(0.3, 1.0), 1), (Vehicle(0.4, 1.0), 1)])
    assert (found.once_bounds.low, found.once_bounds.high) == pytest.approx((0.4, 0.7))
    assert found.once == pytest.approx(0.58)


def test_dayparts_pooled_are_one_vehicle_with_all_their_rating_points():
    evening, noon = Vehicle(0.2, 0.5), Vehicle(0.05, 0.3)
    vehicle, n = pooled([(evening, 10), (noon, 30)])
    assert n == 40
    assert vehicle.audience * n == pytest.approx(0.2 * 10 + 0.05 * 30)
    assert reach_of([(vehicle, n)]).once < reach_of([(evening, 10), (noon, 30)]).once


def test_nothing_bought_reaches_nobody_and_divides_by_nothing():
    found = reach_of([])
    assert (found.once, found.often, found.grp, found.frequency) == (0, 0, 0, None)
