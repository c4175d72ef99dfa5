import itertools
import math
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.planning.territory import Base, Rules, plan_territory
from tests.planning.towns import decimetres, hamlets, home, spread

MINUTES = Rules(balance="minutes")


def fair(homes, bases, choice):
    """Minutes stray from the share by less than the longest visit, hard cases by less than one."""
    columns = range(len(bases))
    load = [sum(one.minutes for one, column in zip(homes, choice, strict=True) if column == b) for b in columns]
    hard = [sum(one.hard for one, column in zip(homes, choice, strict=True) if column == b) for b in columns]
    share, longest = sum(load) / len(bases), max(one.minutes for one in homes)
    return all(abs(part - share) < longest for part in load) and spread(hard) <= 1


@settings(max_examples=60)
@given(hamlets(), st.data())
def test_a_small_town_in_minutes_is_as_short_as_the_best_of_all_plans(hamlet, draw):
    homes, bases = hamlet
    homes = [replace(one, minutes=draw.draw(st.sampled_from([10, 20, 45]))) for one in homes]
    plans = [
        sum(decimetres(one, bases[column]) for one, column in zip(homes, choice, strict=True))
        for choice in itertools.product(range(len(bases)), repeat=len(homes))
        if fair(homes, bases, choice)
    ]
    if not plans:
        with pytest.raises(BadInput, match="that equal"):
            plan_territory(homes, bases, MINUTES, compare=False)
        return
    plan = plan_territory(homes, bases, MINUTES, compare=False)
    assert round(plan.mean_m * len(homes) * 10) == min(plans)
    assert plan.gap_m == 0


def town(households, officers, seed=1):
    draw = random.Random(seed)
    corners = [(draw.gauss(0, 800), draw.gauss(0, 800)) for _building in range(households // 12)]
    homes = []
    for number in range(households):
        corner = draw.randrange(len(corners))
        hard = draw.random() < 0.3
        one = home(f"H{number:04}", *corners[corner], hard=hard, building=f"{corner}", entrance=f"{number % 3}")
        homes.append(replace(one, minutes=draw.choice((35, 50)) if hard else draw.choice((15, 20, 25))))
    return homes, [Base(f"B{n:02}", *draw.choice(corners), share=0.5 if n == 0 else 1.0) for n in range(officers)]


def test_in_a_town_minutes_hard_cases_and_caps_hold_and_the_gap_is_small():
    homes, bases = town(1200, 12)
    bases[1] = replace(bases[1], most=80)
    plan = plan_territory(homes, bases, MINUTES, compare=False)
    longest = max(one.minutes for one in homes)
    for base in bases:
        assert abs(plan.minutes[base.key] - plan.asked[base.key]) < longest
    assert plan.asked["B00"] == pytest.approx(plan.asked["B02"] / 2)
    assert plan.counts["B01"] <= 80
    hard = sum(one.hard for one in homes) / sum(plan.asked.values())
    assert all(abs(plan.hard_counts[key] - asked * hard) < 1 for key, asked in plan.asked.items())
    assert 0 <= plan.gap_m <= 0.01 * plan.mean_m * len(homes)
    assert plan.minutes == {
        base.key: sum(one.minutes for one in homes if plan.base_of[one.key] == base.key) for base in bases
    }


def test_in_minutes_too_nothing_moves_when_nothing_changed_and_a_leave_moves_few():
    homes, bases = town(600, 8)
    first = plan_territory(homes, bases, MINUTES, compare=False)
    present = [replace(one, holder=first.base_of[one.key]) for one in homes]
    for price in ("free", 200, "fewest"):
        assert plan_territory(present, bases, replace(MINUTES, moves=price), compare=False).moves == 0
    free, dear, fewest = (
        plan_territory(present, bases[:-1], replace(MINUTES, moves=price), compare=False)
        for price in ("free", 300, "fewest")
    )
    assert free.moves > dear.moves >= fewest.moves >= fewest.moves_least >= fewest.moves_gone > 0
    assert fewest.moves - fewest.moves_least <= 0.01 * len(homes)
    assert free.mean_m < fewest.mean_m


def test_the_same_town_in_minutes_gives_the_same_plan_in_any_order():
    homes, bases = town(400, 6)
    plan = plan_territory(homes, bases, MINUTES, compare=False)
    assert plan_territory(homes[::-1], bases[::-1], MINUTES, compare=False) == plan


@settings(max_examples=30)
@given(hamlets())
def test_where_all_visits_take_alike_minutes_balance_like_households(hamlet):
    homes, bases = hamlet
    homes = [replace(one, minutes=20) for one in homes]
    assume(len(homes) >= len(bases))
    plan = plan_territory(homes, bases, MINUTES, compare=False)
    assert math.isclose(plan.mean_m, plan_territory(homes, bases, compare=False).mean_m)
    assert spread(plan.counts.values()) <= 1
