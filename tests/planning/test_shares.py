import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.planning.balance import exact_shares
from outreach.planning.territory import Base, Pull, Rules, plan_territory
from tests.planning.towns import home, towns

parts = st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0, 1.5])


@settings(max_examples=80)
@given(towns(), st.data())
def test_part_time_posts_get_their_part_to_less_than_one_household_and_hard_cases_alike(town, draw):
    homes, bases = town
    bases = [replace(base, share=draw.draw(parts)) for base in bases]
    if not any(base.share for base in bases):
        bases[0] = replace(bases[0], share=1.0)
    plan = plan_territory(homes, bases)
    hard = sum(one.hard for one in homes)
    whole = math.fsum(base.share for base in bases)
    for base in bases:
        assert plan.asked[base.key] == pytest.approx(len(homes) * base.share / whole)
        assert abs(plan.counts[base.key] - plan.asked[base.key]) < 1
        assert abs(plan.hard_counts[base.key] - hard * base.share / whole) < 1
    assert plan.gap_m == 0


@settings(max_examples=60)
@given(towns(), st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_nobody_gets_more_than_the_cap_and_the_others_divide_the_rest(town, caps):
    homes, bases = town
    bases = [replace(base, most=most) for base, most in zip(bases, caps, strict=False)]
    if sum(base.most for base in bases) < len(homes):
        bases[0] = replace(bases[0], most=None)
    plan = plan_territory(homes, bases)
    free = [base.key for base in bases if base.most is None or plan.asked[base.key] < base.most]
    for base in bases:
        assert base.most is None or plan.counts[base.key] <= base.most
        assert abs(plan.counts[base.key] - plan.asked[base.key]) < 1
    assert len({round(plan.asked[key], 6) for key in free}) <= 1


def test_exact_shares_fill_caps_first():
    bases = [Base("a", 0, 0, most=10), Base("b", 0, 0), Base("c", 0, 0, share=0.5)]
    assert exact_shares(100, bases) == pytest.approx([10, 60, 30])


def test_slack_lets_shares_stray_by_so_many_per_cent_and_no_more():
    homes = [home(f"H{n}", 0, 0, building="1") for n in range(100)]
    bases = [Base("near", 1, 0), Base("far", 1000, 0)]
    assert plan_territory(homes, bases, Rules(slack=10)).counts == {"near": 55, "far": 45}


def test_without_the_mixing_rule_hard_cases_go_where_they_are_nearest():
    homes = [home(f"H{n}", 500 * (n >= 5), 0, hard=n < 5, building=f"{n >= 5}") for n in range(10)]
    bases = [Base("B1", 0, 0), Base("B2", 500, 0)]
    assert plan_territory(homes, bases, Rules(mix=False)).hard_counts == {"B1": 5, "B2": 0}
    assert plan_territory(homes, bases).hard_counts == {"B1": 3, "B2": 2} or plan_territory(
        homes, bases
    ).hard_counts == {"B1": 2, "B2": 3}


# Convenience, exclusions, travel


def test_a_pull_counts_as_metres_and_is_told():
    homes = [home(f"H{n}", 0, 0, building=f"{n}") for n in range(2)]
    bases = [Base("B1", 100, 0), Base("B2", 0, 130)]
    pulls = {("H1", "B2"): Pull(31, "same former employer"), ("nobody", "B1"): Pull(9, "x")}
    plan = plan_territory(homes, bases, Rules(slack=100, pulls=pulls))
    assert plan.base_of == {"H0": "B1", "H1": "B2"}
    assert (plan.why["H1"].rank, plan.why["H1"].pull_m, plan.why["H1"].pull_why) == (2, 31, "same former employer")
    assert plan.mean_m == 115  # true metres, not the pulled ones


def test_an_excluded_pair_never_meets_and_the_nearer_one_is_named():
    homes = [home(f"H{n}", 0, 0, building="1") for n in range(4)]
    bases = [Base("B1", 10, 0), Base("B2", 50, 0), Base("B3", 190, 0)]
    plan = plan_territory(homes, bases, Rules(slack=300, barred=frozenset({("H2", "B1"), ("H9", "B1")})))
    assert plan.base_of == {"H0": "B1", "H1": "B1", "H2": "B2", "H3": "B1"}
    why = plan.why["H2"]
    assert (why.rank, why.nearest, why.barred, why.barred_m, why.next, why.next_m) == (1, "B2", "B1", 10, "B3", 190)


def test_the_next_nearest_is_told_with_its_distance():
    homes = [home(f"H{n}", 0, 0, building=f"{n}") for n in range(2)]
    plan = plan_territory(homes, [Base("B1", 100, 0), Base("B2", 240, 0)])
    full = next(why for why in plan.why.values() if why.rank == 2)
    assert full.nearest_full
    assert (full.next, full.next_m - full.nearest_m) == ("B2", 140)


def test_a_travel_table_takes_the_place_of_straight_lines_and_inf_is_no_way():
    homes = [home("H1", 0, 0, building="1"), home("H2", 0, 0, building="2")]
    bases = [Base("B1", 0, 0), Base("B2", 9000, 0)]
    travel = {homes[0].building: {"B1": 12, "B2": 3}, homes[1].building: {"B1": math.inf, "B2": 7}}
    plan = plan_territory(homes, bases, Rules(travel=travel, slack=100))
    assert plan.base_of == {"H1": "B2", "H2": "B2"}
    assert plan.mean_m == 5
    assert plan_territory(homes, bases, Rules(travel=travel)).base_of == {"H1": "B1", "H2": "B2"}


# What cannot be


def two(count=4):
    return [home(f"H{n}", n, 0, building=f"{n}") for n in range(count)]


PAIR = [Base("B1", 0, 0), Base("B2", 9, 0)]
everybody_but_one = frozenset((f"H{n}", "B1") for n in range(3))


@pytest.mark.parametrize(
    ("bases", "rules", "said"),
    [
        ([Base("B1", 0, 0, share=0), Base("B2", 0, 0, share=0)], Rules(), "share above 0"),
        ([Base("B1", 0, 0, share=-1), Base("B2", 0, 0)], Rules(), "B1: -1 is no share"),
        ([Base("B1", 0, 0, share=math.nan), Base("B2", 0, 0)], Rules(), "B1"),
        ([Base("B1", 0, 0, most=1), Base("B2", 0, 0, most=2)], Rules(), "3 households at most, and there are 4"),
        ([Base("B1", 0, 0, most=-1), Base("B2", 0, 0)], Rules(), "less than none"),
        (PAIR, Rules(slack=-1), "slack"),
        (PAIR, Rules(moves=-5), "price of a move"),
        (PAIR, Rules(moves=math.nan), "price of a move"),
        (PAIR, Rules(moves="often"), "often"),
        (PAIR, Rules(balance="metres"), "metres"),
        (PAIR, Rules(balance="minutes"), "household H0"),
        (PAIR, Rules(pulls={("H0", "B1"): Pull(-3, "x")}), "household H0"),
        (PAIR, Rules(barred=frozenset({("H3", "B1"), ("H3", "B2")})), "household H3"),
        (PAIR, Rules(barred=everybody_but_one), "1 households without an officer"),
        (PAIR, Rules(barred=everybody_but_one), "slack of 1 per cent"),
        ([Base("B1", 0, 0, most=2), Base("B2", 0, 0, most=2)], Rules(barred=everybody_but_one), "officers' limits"),
        (PAIR, Rules(travel={}), "B1 is missing (2 missing in all)"),
    ],
)
def test_what_leaves_no_plan_is_told_with_what_to_change(bases, rules, said):
    with pytest.raises(BadInput) as refused:
        plan_territory(two(), bases, rules)
    assert said in str(refused.value)


def test_a_building_nobody_can_reach_is_one_sentence_and_not_one_a_household():
    homes = [home(f"H{n}", 0, 0, building="1") for n in range(5)] + [home("H9", 0, 0, building="2")]
    travel = {homes[0].building: {"B1": math.inf, "B2": math.inf}, homes[-1].building: {"B1": 3, "B2": math.inf}}
    rules = Rules(travel=travel, barred=frozenset({("H0", "B1"), ("H9", "B1")}))
    with pytest.raises(BadInput) as refused:
        plan_territory(homes, PAIR, rules)
    cut_off, excluded = refused.value.faults
    assert (cut_off.where, cut_off.mend) == ("travel table, 城东 槐荫 1", "give the way to at least one of them")
    assert (excluded.where, "or give a way" in excluded.mend) == ("household H9", True)


def test_the_slack_that_is_proposed_is_enough_and_one_per_cent_less_is_not():
    homes, bases = two(40), PAIR
    barred = frozenset((f"H{n}", "B1") for n in range(25))  # B1 can have 15 of its 20
    with pytest.raises(BadInput, match="slack of 21 per cent"):
        plan_territory(homes, bases, Rules(barred=barred, slack=20))
    assert plan_territory(homes, bases, Rules(barred=barred, slack=21)).counts == {"B1": 15, "B2": 25}
