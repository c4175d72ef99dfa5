"""The shortest way past places: against known optima, and against every order there is."""

from __future__ import annotations

import json
import random
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import pytest

from outreach.planning.tours import metres_between, plan_tour, solve

INSTANCES = json.loads((Path(__file__).parent / "instances" / "tsplib.json").read_text("utf-8"))
BASE = (113.57, 30.93)


def euclid(places: list[list[int]]) -> list[list[int]]:
    """TSPLIB's EUC_2D."""
    return [[int(((a - c) ** 2 + (b - d) ** 2) ** 0.5 + 0.5) for c, d in places] for a, b in places]


def town(count: int, seed: int) -> list[tuple[float, float]]:
    rnd = random.Random(seed)
    return [(113.5 + rnd.random() * 0.03, 30.9 + rnd.random() * 0.03) for _ in range(count)]


def way(points: list[Any]) -> float:
    return sum(metres_between(one, two) for one, two in pairwise(points))


@pytest.mark.parametrize("name", ["berlin52", "eil51"])
def test_a_public_instance_is_solved_within_one_per_cent_of_its_optimum(name: str) -> None:
    matrix = euclid(INSTANCES[name]["places"])
    tour, proven = solve(matrix)
    assert sorted(tour) == list(range(len(matrix)))
    length = sum(matrix[one][two] for one, two in pairwise([*tour, tour[0]]))
    assert INSTANCES[name]["optimum"] <= length <= INSTANCES[name]["optimum"] * 1.01
    assert not proven  # more than twenty places: the clock ended the search


@pytest.mark.parametrize("seed", range(5))
def test_no_other_order_of_seven_buildings_is_shorter_from_home_and_back(seed: int) -> None:
    places = town(7, seed)
    tour = plan_tour(places, BASE)
    best = min(way([BASE, *order, BASE]) for order in permutations(places))
    assert way([BASE, *(places[rank] for rank in tour.order), BASE]) == pytest.approx(best, abs=10)
    assert tour.proven
    assert tour.metres == pytest.approx(best, abs=10)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_base_no_other_way_from_end_to_end_is_shorter(seed: int) -> None:
    places = town(7, seed)
    tour = plan_tour(places, None)
    best = min(way(list(order)) for order in permutations(places))
    assert way([places[rank] for rank in tour.order]) == pytest.approx(best, abs=10)
    assert tour.metres == pytest.approx(best, abs=10)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_places_need_no_solver(count: int) -> None:
    for base in (BASE, None):
        tour = plan_tour(town(count, 1), base)
        assert sorted(tour.order) == list(range(count))
        assert tour.proven


def test_the_same_places_give_the_same_order() -> None:
    places = town(18, 3)
    assert plan_tour(places, BASE) == plan_tour(places, BASE)


def test_places_in_different_countries_do_not_overflow_the_solver() -> None:
    places = [(113.5, 30.9), (116.4, 39.9), (121.5, 31.2), (87.6, 43.8)]
    tour = plan_tour(places, BASE)
    assert sorted(tour.order) == [0, 1, 2, 3]
    assert not tour.proven  # distances were rounded to fit


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert metres_between((113.0, 30.0), (113.0, 31.0)) == pytest.approx(111_195, abs=1)
