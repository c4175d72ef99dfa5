import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.planning.territory import Base, Rules, plan_territory, plan_tradeoff
from tests.planning.towns import all_plans, balanced, hamlets, home, positions, towns

prices = st.sampled_from(["free", 0.0, 40.0, 300.0, "fewest"])


def held(homes, plan):
    return [replace(one, holder=plan.base_of[one.key]) for one in homes]


@settings(max_examples=60)
@given(towns(), prices)
def test_planning_again_with_nothing_changed_moves_nobody(town, price):
    homes, bases = town
    first = plan_territory(homes, bases)
    again = plan_territory(held(homes, first), bases, Rules(moves=price))
    assert again.base_of == first.base_of
    assert (again.moves, again.moves_least, again.gap_m) == (0, 0, 0)


@settings(max_examples=40)
@given(hamlets(), st.data())
def test_when_an_officer_leaves_the_fewest_households_move_and_no_plan_moves_fewer(hamlet, draw):
    homes, bases = hamlet
    bases = [*bases, Base("left", *draw.draw(positions))]
    homes = held(homes, plan_territory(homes, bases))
    plan = plan_territory(homes, bases[:-1], Rules(moves="fewest"))
    keys = [base.key for base in bases[:-1]]
    counted = [
        (sum(one.holder != keys[column] for one, column in zip(homes, choice, strict=True)), cost)
        for choice, cost in all_plans(homes, bases[:-1])
    ]
    fewest, cost = min(counted)
    assert plan.moves == plan.moves_least == fewest
    assert plan.moves_gone == sum(one.holder == "left" for one in homes)
    assert round(plan.mean_m * len(homes) * 10) == cost  # and of those with the fewest moves, the shortest
    assert plan.gap_m == 0


@settings(max_examples=40)
@given(towns())
def test_a_higher_price_of_a_move_never_gives_more_moves_nor_a_shorter_way(town):
    homes, bases = town
    moved = [replace(one, holder=bases[number % len(bases)].key) for number, one in enumerate(homes)]
    rows = plan_tradeoff(moved, bases, Rules(), ["free", 10, 50, 200, 1000, "fewest"])
    for cheap, dear in itertools.pairwise(rows):
        assert dear.moves <= cheap.moves
        assert dear.mean_m >= cheap.mean_m - 1e-9
    assert all(row.gap_m == 0 for row in rows)
    assert rows[0].mean_m == pytest.approx(plan_territory(homes, bases).mean_m)
    for row in rows:
        assert row.moves == plan_territory(moved, bases, Rules(moves=row.price), compare=False).moves


def test_new_households_move_nobody_where_the_slack_has_room_for_them():
    homes = [home(f"H{n}", 10 * n, 0, building=f"{n}") for n in range(20)]
    bases = [Base("B1", 0, 0), Base("B2", 200, 0)]
    first = held(homes, plan_territory(homes, bases))
    grown = [*first, *(home(f"N{n}", 1, 0, building="new") for n in range(3))]
    assert plan_territory(grown, bases, Rules(moves="fewest")).moves == 0  # 10 and 13 would not be equal
    near = plan_territory(grown, bases, Rules(moves="fewest", slack=15))
    assert near.moves == 0
    assert {near.base_of[f"N{n}"] for n in range(3)} == {"B1"}


def test_a_move_is_made_only_where_it_saves_its_price():
    homes = [
        home(
            "H1",
            0,
            0,
            building="1",
        ),
        home("H2", 100, 0, building="2"),
    ]
    crossed = [replace(homes[0], holder="B2"), replace(homes[1], holder="B1")]
    bases = [Base("B1", 0, 0), Base("B2", 100, 0)]
    assert plan_territory(crossed, bases, Rules(moves=99)).moves == 2  # each saves 100 m
    kept = plan_territory(crossed, bases, Rules(moves=101))
    assert kept.moves == 0
    assert kept.why["H1"].kept_m == 100
    assert kept.mean_m - kept.free_mean_m == 100


def test_whoever_moves_is_told_from_whom_and_whether_the_holder_is_gone():
    homes = [home(f"H{n}", n, 0, building=f"{n}") for n in range(4)]
    homes = [replace(one, holder=holder) for one, holder in zip(homes, ["B1", "B1", "gone", "B1"], strict=True)]
    plan = plan_territory(homes, [Base("B1", 0, 0), Base("B2", 3, 0)], Rules(moves="fewest"))
    assert (plan.moves, plan.moves_gone, plan.moves_least) == (2, 1, 2)
    assert plan.why["H2"].moved
    assert plan.why["H2"].gone
    assert [key for key, why in plan.why.items() if why.moved and not why.gone] == ["H3"]
    assert not plan.why["H0"].moved


def test_a_leave_in_a_town_moves_the_officers_households_and_what_equal_shares_force():
    homes = [home(f"H{n:03}", 7 * n, n % 9, hard=n % 4 == 0, building=f"{n // 6}") for n in range(240)]
    bases = [Base(f"B{n}", 280 * n, 0) for n in range(6)]
    present = held(homes, plan_territory(homes, bases))
    away = [replace(base, share=0.0) if base.key == "B2" else base for base in bases]
    plan = plan_territory(present, away, Rules(moves="fewest"))
    assert plan.counts["B2"] == 0
    assert plan.moves == plan.moves_least == plan.moves_gone == 40  # the others only gain: 40 each become 48
    assert plan.mean_m >= plan.free_mean_m
    for one in present:
        assert one.holder in {"B2", plan.base_of[one.key]}


@settings(max_examples=30)
@given(hamlets())
def test_the_present_plan_stays_where_another_is_only_as_short(hamlet):
    homes, bases = hamlet
    best = min(cost for _choice, cost in all_plans(homes, bases))
    keys = [base.key for base in bases]
    for choice, cost in list(all_plans(homes, bases))[:30]:
        if cost == best and balanced(homes, bases, choice):
            present = [replace(one, holder=keys[column]) for one, column in zip(homes, choice, strict=True)]
            assert plan_territory(present, bases).moves == 0


def test_a_newcomer_is_told_how_many_nearer_ones_are_full_and_how_many_of_them_keep_whom_they_had():
    spots = [("A", 0)] * 4 + [("B", 100)] * 4 + [("C", 1000)] + [("", 10)] * 3
    homes = [replace(home(f"H{n:02d}", x, 0, building=f"{x}"), holder=base) for n, (base, x) in enumerate(spots)]
    bases = [Base("A", 0, 0), Base("B", 100, 0), Base("C", 1000, 0)]
    plan = plan_territory(homes, bases, Rules(moves="fewest"))
    assert plan.moves == 0
    assert {(plan.why[f"H{n:02d}"].nearer_full, plan.why[f"H{n:02d}"].nearer_kept) for n in (9, 10, 11)} == {(2, 2)}
    assert (plan.why["H00"].nearer_full, plan.why["H08"].rank) == (0, 1)
    first = plan_territory([replace(one, holder="") for one in homes], bases, Rules(moves="fewest"))
    assert {why.nearer_kept for why in first.why.values()} == {0}
    assert any(why.nearer_full for why in first.why.values())
