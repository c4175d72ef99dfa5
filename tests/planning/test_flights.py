"""The plan for a budget is the best there is: against every plan there is, and under its rules."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.planning.flights import Aim, NoMix, Offer, Rule, greedy_mix, plan_mix, value_of
from outreach.planning.reach import Vehicle


def best_of_all(offers, budget, aim, rules=()):
    """The highest value among all plans of one period, one after another."""
    best = -1.0
    for totals in itertools.product(*(range(offer.room[0] + 1) for offer in offers)):
        if sum(offer.price_fen * n for offer, n in zip(offers, totals, strict=True)) > budget:
            continue
        if all(rule.least <= sum(totals[one] for one, _period in rule.members) <= rule.most for rule in rules):
            best = max(best, value_of(offers, totals, aim))
    return best


@st.composite
def small_markets(draw):
    offers = [
        Offer(draw(st.integers(1, 9)) * 1000, Vehicle(draw(st.floats(0.01, 0.4)), draw(st.floats(0, 0.8))), (room,))
        for room in draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    ]
    return offers, draw(st.integers(1, 30)) * 1000


@pytest.mark.parametrize("aim", list(Aim))
@settings(max_examples=25)
@given(small_markets())
def test_no_plan_of_a_small_market_is_better(aim, market):
    offers, budget = market
    found = plan_mix(offers, budget, aim)
    best = best_of_all(offers, budget, aim)
    assert found.value == pytest.approx(best, abs=1.1e-4)
    assert found.bound >= best - 1e-9
    assert found.proven
    assert found.cost_fen <= budget


@settings(max_examples=25)
@given(small_markets(), st.integers(0, 2), st.integers(1, 5))
def test_rules_are_kept_and_the_best_within_them_is_found(market, least, most):
    offers, budget = market
    rule = Rule(((0, 0),), least, max(least, most))
    best = best_of_all(offers, budget, Aim.REACH, [rule])
    if best < 0:
        with pytest.raises(NoMix):
            plan_mix(offers, budget, Aim.REACH, [rule])
        return
    found = plan_mix(offers, budget, Aim.REACH, [rule])
    assert rule.least <= found.totals[0] <= rule.most
    assert found.value == pytest.approx(best, abs=1e-4)


def test_a_greedy_choice_is_trapped_where_three_exposures_count_and_the_plan_is_not():
    # One dear insertion reaches half the town, but only three of them count; the cheap ones pay at once.
    offers = [Offer(9_000, Vehicle(0.5, 0.9), (3,)), Offer(2_500, Vehicle(0.12, 0.9), (9,))]
    best = best_of_all(offers, 27_000, Aim.REACH3)
    one_by_one = value_of(offers, (0, 9), Aim.REACH3)
    assert plan_mix(offers, 27_000, Aim.REACH3).value == pytest.approx(best, abs=1e-4)
    assert best > one_by_one + 0.1


def test_a_plan_in_two_periods_keeps_the_room_of_each_and_what_must_be_in_one():
    offers = [Offer(1000, Vehicle(0.2, 0.3), (2, 5)), Offer(1000, Vehicle(0.1, 0.3), (3, 3))]
    rules = [Rule(((0, 0), (1, 0)), 4, 5)]
    found = plan_mix(offers, 6000, Aim.REACH, rules)
    assert sum(counts[0] for counts in found.counts) >= 4
    assert all(n <= room for offer, counts in zip(offers, found.counts, strict=True) for n, room in zip(
        counts, offer.room, strict=True))  # fmt: skip
    assert found.cost_fen <= 6000


def test_a_presence_that_costs_more_than_the_budget_is_no_plan():
    with pytest.raises(NoMix):
        plan_mix([Offer(1000, Vehicle(0.2, 0.3), (5,))], 2000, Aim.REACH, [Rule(((0, 0),), 3, 5)])


def town(lines, seed):
    draw = random.Random(seed)
    return [
        Offer(draw.randint(20, 900) * 100, Vehicle(draw.uniform(0.01, 0.15), draw.uniform(0.2, 0.6)), (20,))
        for _line in range(lines)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_quick_choice_lies_between_its_bound_and_the_proven_plan(seed):
    offers = town(30, seed)
    quick, best = greedy_mix(offers, 800_000), plan_mix(offers, 800_000)
    assert quick is not None
    assert quick.value <= best.value + 1e-9
    assert best.value <= quick.bound + 1e-6
    assert quick.bound - quick.value < 0.01
    assert best.proven


def test_ten_lines_are_proven_for_three_exposures():
    found = plan_mix(town(10, 9), 800_000, Aim.REACH3)
    assert found.proven
    assert found.value >= greedy_mix(town(10, 9), 800_000, Aim.REACH3).value


def test_the_same_offers_give_the_same_plan():
    assert plan_mix(town(12, 4), 300_000, Aim.REACH3) == plan_mix(town(12, 4), 300_000, Aim.REACH3)


def test_a_search_that_is_cut_says_so_and_its_bound_still_holds():
    offers = town(40, 2)
    cut, whole = (plan_mix(offers, 900_000, Aim.REACH3, effort=effort) for effort in (0.01, 4))
    assert cut.value <= whole.bound + 1e-9
    assert whole.value <= cut.bound + 1e-9
    assert cut.gap >= 0
