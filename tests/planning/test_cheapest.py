"""A town too large for all pairs at once: a few pairs, and pricing until none that is absent would pay."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.planning.case import make_case
from outreach.planning.cheapest import cheapest
from outreach.planning.territory import Base, Pull, Rules, plan_territory
from tests.planning.towns import home, towns


@settings(max_examples=60)
@given(towns(), st.data())
def test_a_few_pairs_with_pricing_find_the_optimum_over_all_pairs(town, draw):
    homes, bases = town
    keys = [base.key for base in bases]
    homes = [replace(one, holder=draw.draw(st.sampled_from(["", "gone", *keys]))) for one in homes]
    pair = st.tuples(st.sampled_from([one.key for one in homes]), st.sampled_from(keys))
    pulls = {at: Pull(200, "") for at in draw.draw(st.lists(pair, max_size=4))}
    barred = frozenset(draw.draw(st.lists(pair, max_size=3))) if len(bases) > 3 else frozenset()
    case = make_case(homes, bases, Rules(slack=500, pulls=pulls, barred=barred))
    for limits in (case.limits, case.limits.unmixed()):
        for priced in (case.town, case.town.with_price(3001, 20)):
            whole = cheapest(priced, limits)
            grown = cheapest(priced, limits, at_once=0)
            assert (grown.cost, grown.gap) == (whole.cost, 0)
            assert whole.gap == 0


def clustered(households, officers, seed=3):
    draw = random.Random(seed)
    middles = [(draw.gauss(0, 3000), draw.gauss(0, 3000)) for _compound in range(households // 300)]
    homes = []
    for building in range(households // 20):
        x, y = (part + draw.gauss(0, 90) for part in draw.choice(middles))
        homes += [
            home(f"H{building:04}-{door:02}", x, y, hard=draw.random() < 0.3, building=f"{building}", door=door)
            for door in range(20)
        ]
    bases = [Base(f"B{n:03}", *(part + draw.gauss(0, 200) for part in draw.choice(middles))) for n in range(officers)]
    return homes, bases


def test_a_large_town_of_clusters_is_solved_to_the_same_cost_through_its_coarser_picture():
    case = make_case(*clustered(12_000, 150), Rules())
    whole, grown = cheapest(case.town, case.limits), cheapest(case.town, case.limits, at_once=0)
    assert (grown.cost, grown.gap, whole.gap) == (whole.cost, 0, 0)


def test_a_county_solved_by_pricing_keeps_its_plan_and_a_leave_moves_the_fewest():
    homes, bases = clustered(36_000, 700)
    first = plan_territory(homes, bases, compare=False)
    assert first.gap_m == 0
    assert set(first.counts.values()) == {51, 52}
    present = [replace(one, holder=first.base_of[one.key]) for one in homes]
    assert plan_territory(present, bases, compare=False).moves == 0
    left = plan_territory(present, bases[1:], Rules(moves="fewest"), compare=False)
    assert left.gap_m == 0
    assert left.moves == left.moves_least == left.moves_gone  # everybody else only gains
