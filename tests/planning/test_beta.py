"""The beta distribution against scipy's, and the likelihood against factors written out."""

import math
import random

import pytest

from outreach.planning.beta import fit, quantile, share_below

stats = pytest.importorskip("scipy.stats")


def draws(count):
    chance = random.Random("beta")
    return [(10 ** chance.uniform(-1, 4), 10 ** chance.uniform(-1, 4), chance.random()) for _turn in range(count)]


def test_shares_and_quantiles_are_those_of_scipy() -> None:
    for alpha, beta, share in draws(400):
        assert share_below(share, alpha, beta) == pytest.approx(stats.beta.cdf(share, alpha, beta), abs=1e-9)
        assert quantile(share, alpha, beta) == pytest.approx(stats.beta.ppf(share, alpha, beta), abs=1e-8)


def test_half_of_an_even_distribution_lies_below_one_half() -> None:
    assert share_below(0.5, 7, 7) == pytest.approx(0.5)
    assert quantile(0.25, 1, 1) == pytest.approx(0.25)
    assert (share_below(-1, 2, 3), share_below(0, 2, 3), share_below(1, 2, 3)) == (0, 0, 1)


def test_the_fit_of_two_contacts_in_three_tries_is_the_product_of_its_factors() -> None:
    # A prior of strength 4 with mean 1/4 is Beta(1, 3): 1/4 * 2/5 * 3/6 for two contacts and a miss.
    assert fit([(3, 2, 0.25, 4.0, 1)]) == pytest.approx(math.log(1 / 4 * 2 / 5 * 3 / 6))
    assert fit([(3, 2, 0.25, 4.0, 5)]) == pytest.approx(5 * math.log(1 / 4 * 2 / 5 * 3 / 6))
