import random

import numpy as np
import pytest
from hypothesis import given, settings

from outreach.planning import flow
from outreach.planning.case import make_case
from outreach.planning.territory import Base, Rules
from outreach.planning.town import town_network
from tests.planning.towns import all_plans, hamlets, home


def network_of(homes, bases):
    case = make_case(homes, bases, Rules())
    group, base = case.town.every_pair()
    return town_network(case.town, case.limits, group, base)


def flow_of(choice, homes, bases):
    """A plan as a flow over the network, every home its own building and the homes in order of their keys."""
    columns = range(len(bases))
    sent = [int(chosen == column) for chosen in choice for column in columns]
    gates = [sum(homes[n].hard and choice[n] == column for n in range(len(homes))) for column in columns]
    return np.array([*sent, *gates, *(choice.count(column) for column in columns)])


@settings(max_examples=40)
@given(hamlets())
def test_the_proof_accepts_the_cheapest_plans_only_and_never_understates_the_loss(hamlet):
    homes, bases = hamlet
    network = network_of(homes, bases)
    plans = list(all_plans(homes, bases))
    best = min(cost for _choice, cost in plans)
    for choice, cost_of_choice in random.Random(1).sample(plans, min(20, len(plans))):
        sent = flow_of(choice, homes, bases)
        assert flow.total_cost(network, sent) == cost_of_choice
        gap = flow.proven_gap(network, sent)
        assert gap >= cost_of_choice - best
        assert (gap == 0) == (cost_of_choice == best)


def two_buildings_two_bases():
    """Ten homes at each of two bases that stand 100 m apart: everybody can stay at home."""
    homes = [home(f"{x}-{n}", x, 0, hard=n < 4, building=f"{x}") for x in (0, 100) for n in range(10)]
    return network_of(homes, [Base("B0", 0, 0), Base("B1", 100, 0)])


def test_the_proof_notices_a_plan_made_worse_by_exchanging_two_households():
    network = two_buildings_two_bases()
    best = flow.solve(network)
    assert flow.total_cost(network, best) == 0
    assert flow.proven_gap(network, best) == 0
    worse = best + np.array([-1, 1, 0, 0, 1, -1, *[0] * 6])  # one household each way
    assert flow.proven_gap(network, worse) >= 2000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([-1, 1, *[0] * 10], "balance"),  # a household leaves one base and its count stays
        ([-7, 7, *[0] * 10], "bounds"),  # more households than the building has
    ],
)
def test_the_proof_refuses_what_is_no_plan(change, said):
    network = two_buildings_two_bases()
    with pytest.raises(ValueError, match=said):
        flow.proven_gap(network, flow.solve(network) + np.array(change))


def test_sums_of_products_beyond_64_bits_are_exact():
    costs, counts = np.array([3 * 2**41 + 7, -(2**41) - 5]), np.array([2**22 + 1, 2**22 - 1])
    assert flow.exact_dot(costs, counts) == sum(a * b for a, b in zip(costs.tolist(), counts.tolist(), strict=True))
