import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.planning.territory import EARTH_RADIUS_M, Base, Home, plan_territory, project
from tests.planning.towns import all_plans, hamlets, home, spread, towns

# The rule


@given(towns())
def test_every_household_gets_exactly_one_base(town):
    homes, bases = town
    plan = plan_territory(homes, bases)
    assert sorted(plan.base_of) == sorted(one.key for one in homes) == sorted(plan.why)
    assert set(plan.base_of.values()) <= {base.key for base in bases}
    assert sum(plan.counts.values()) == len(homes)


@given(towns())
def test_counts_and_hard_cases_differ_by_at_most_one_between_bases(town):
    homes, bases = town
    plan = plan_territory(homes, bases)
    for base in bases:
        assert plan.counts[base.key] == sum(chosen == base.key for chosen in plan.base_of.values())
        assert plan.hard_counts[base.key] == sum(one.hard and plan.base_of[one.key] == base.key for one in homes)
    assert spread(plan.counts.values()) <= 1
    assert spread(plan.hard_counts.values()) <= 1


@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(town, shuffler):
    homes, bases = town
    shuffled = shuffler.sample(homes, len(homes)), shuffler.sample(bases, len(bases))
    assert plan_territory(*shuffled) == plan_territory(homes, bases)


def test_fewer_households_than_bases_leaves_some_bases_with_none():
    plan = plan_territory([home("H1", 0, 0, hard=True)], [Base("B1", 9, 0), Base("B2", 3, 4), Base("B3", 5, 5)])
    assert plan.counts == {"B1": 0, "B2": 1, "B3": 0} == plan.hard_counts
    assert plan.mean_m == 5.0


# The optimum


@settings(max_examples=60)
@given(hamlets())
def test_the_plan_is_as_short_as_the_best_of_all_plans(hamlet):
    homes, bases = hamlet
    plan = plan_territory(homes, bases)
    best = min(cost for _choice, cost in all_plans(homes, bases))
    assert round(plan.mean_m * len(homes) * 10) == best
    assert plan.gap_m == 0


@settings(max_examples=40)
@given(hamlets())
def test_the_unmixed_mean_is_the_best_of_all_plans_that_only_count_heads(hamlet):
    homes, bases = hamlet
    easy = [home(one.key, one.x, one.y, building=one.building[-1]) for one in homes]
    best = min(cost for _choice, cost in all_plans(easy, bases))
    assert round(plan_territory(homes, bases).unmixed_mean_m * len(homes) * 10) == best


@given(towns())
def test_every_rule_more_can_only_lengthen_the_way(town):
    plan = plan_territory(*town)
    assert plan.nearest_mean_m <= plan.unmixed_mean_m <= plan.mean_m
    assert plan.gap_m == 0
    assert plan.mean_m == pytest.approx(sum(why.distance_m for why in plan.why.values()) / len(plan.why))


# Buildings and entrances


def test_an_entrance_stays_together_where_the_shares_allow():
    homes = [
        home(f"{gate}{n}", 0, 0, entrance=gate) for gate, size in (("东", 4), ("南", 6), ("西", 2)) for n in range(size)
    ]
    plan = plan_territory(homes, [Base("B1", 10, 0), Base("B2", -10, 0)])
    assert plan.buildings_split == 1
    assert plan.entrances_split == 0


def test_hard_and_other_households_of_an_entrance_stay_together():
    homes = [home(f"{gate}{n}", 0, 0, entrance=gate, hard=n < 2) for gate in "东西" for n in range(5)]
    assert plan_territory(homes, [Base("B1", 10, 0), Base("B2", -10, 0)]).entrances_split == 0


def test_a_divided_entrance_is_cut_once_along_the_walk():
    homes = [home(f"H{99 - floor}", 0, 0, door=floor) for floor in range(9)]
    plan = plan_territory(homes, [Base("B1", 10, 0), Base("B2", -10, 0)])
    walked = [plan.base_of[one.key] for one in sorted(homes, key=lambda one: one.door)]
    assert len(list(itertools.groupby(walked))) == 2
    assert plan.entrances_split == plan.buildings_split == 1


def test_same_names_of_entrances_in_two_buildings_are_two_entrances():
    homes = [Home("H1", ("1",), ("东",), 0, 0, False), Home("H2", ("2",), ("东",), 9, 0, False)]
    plan = plan_territory(homes, [Base("B1", 0, 0), Base("B2", 9, 0)])
    assert plan.base_of == {"H1": "B1", "H2": "B2"}
    assert plan.entrances_split == 0


# The reasons


@given(towns())
def test_whoever_is_not_at_the_nearest_base_is_told_the_reason(town):
    homes, bases = town
    for why in plan_territory(homes, bases).why.values():
        assert (why.rank == 1) == (why.distance_m == why.nearest_m)
        assert why.rank == 1 or why.nearest_full or why.base_needed


def test_the_reason_names_the_nearest_base_and_how_full_it_is():
    homes = [home(f"H{n}", 10 * n, 0, building=f"{n}") for n in range(4)]
    why = plan_territory(homes, [Base("near", 0, 0), Base("far", 1000, 0)]).why["H2"]
    assert (why.rank, why.distance_m) == (2, 980.0)
    assert (why.nearest, why.nearest_m, why.nearest_count, why.nearest_hard) == ("near", 20.0, 2, 0)
    assert why.nearest_full


def test_of_bases_equally_near_the_own_one_counts_as_the_nearest():
    homes = [home(f"H{n}", 0, 0) for n in range(4)]
    plan = plan_territory(homes, [Base("B1", 5, 0), Base("B2", 5, 0)])
    assert {why.rank for why in plan.why.values()} == {1}
    assert all(plan.why[key].nearest == base for key, base in plan.base_of.items())


# What is refused


@pytest.mark.parametrize(
    ("homes", "bases", "named"),
    [
        ([], [Base("B1", 0, 0)], "household"),
        ([home("H1", 0, 0)], [], "officer"),
        ([home("H1", 0, 0), home("H1", 1, 0)], [Base("B1", 0, 0)], "H1"),
        ([home("H1", 0, 0)], [Base("B1", 0, 0), Base("B1", 1, 0)], "B1"),
        ([home("H1", math.nan, 0)], [Base("B1", 0, 0)], "H1"),
        ([home("H1", 0, 0)], [Base("B1", 0, math.inf)], "B1"),
        ([home("H1", 0, 1e9)], [Base("B1", 0, 0)], "H1"),
    ],
)
def test_input_that_cannot_be_planned_is_refused_by_name(homes, bases, named):
    with pytest.raises(BadInput) as refused:
        plan_territory(homes, bases)
    assert named in str(refused.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(BadInput) as refused:
        plan_territory([home("H1", math.nan, 0), home("H2", 0, math.inf)], [Base("B1", math.nan, 0)])
    assert len(refused.value.faults) == 3


# Degrees to metres


def test_a_degree_of_latitude_is_a_degree_of_the_mean_circle():
    (_x, south), (_x, north) = project([(113.5, 30.5), (113.5, 31.5)])
    assert north - south == pytest.approx(2 * math.pi * EARTH_RADIUS_M / 360)


def test_projected_distances_in_a_town_agree_with_the_great_circle():
    pairs = [(113.57, 30.94), (113.61, 30.97), (113.50, 30.90)]
    points = project(pairs)
    for one, other in itertools.combinations(range(3), 2):
        assert math.dist(points[one], points[other]) == pytest.approx(great_circle(pairs[one], pairs[other]), rel=1e-3)


def great_circle(one, other):
    (lon1, lat1), (lon2, lat2) = (map(math.radians, pair) for pair in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def test_latitude_and_longitude_exchanged_are_refused():
    with pytest.raises(BadInput, match="position 2"):
        project([(113.5, 30.9), (30.9, 113.5)])


def test_no_positions_project_to_none():
    assert project([]) == []
