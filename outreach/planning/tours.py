"""The shortest way round some places, by fast-tsp: exact up to twenty places, a local search beyond.

Chosen by tests/bench/bench_walks.py. fast-tsp takes whole, symmetric distances below 65,536.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Matrix = Sequence[Sequence[int]]
Place = tuple[float, float]
"""Longitude and latitude, WGS 84 degrees."""

EXACT_PLACES = 20
"""Up to how many places, the base included, the library finds the optimum itself."""

SEARCH_SECONDS = 0.2
"""For more places. The clock ends the search, so such a tour is not proven the shortest."""

_EARTH_METRES = 6_371_008.8  # mean radius (IUGG)
_LARGEST = 65_535


@dataclass(frozen=True, slots=True)
class Tour:
    """An order of places. metres: of the way, the base's legs included. proven: nothing shorter exists."""

    order: tuple[int, ...]
    metres: int
    proven: bool


def metres_between(one: Place, two: Place) -> float:
    """Metres on the sphere between two places, by the haversine formula."""
    (lon1, lat1), (lon2, lat2) = ((math.radians(lon), math.radians(lat)) for lon, lat in (one, two))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def plan_tour(places: Sequence[Place], base: Place | None) -> Tour:
    """The shortest way from `base` past all `places` and back; without a base, from any of them to any other.

    The order is of ranks in `places`. Of the two directions the one that begins with the lower rank is given.
    """
    if base is not None:
        matrix = _matrix([base, *places])
    else:
        inner = _matrix(places)
        # A place equally far from all others costs every order the same: the tour through it is an open way.
        far = max((max(row) for row in inner), default=0)
        matrix = [[0, *([far] * len(places))], *([far, *row] for row in inner)]
    order, proven = solve(matrix)
    order = _from_base(order)
    ring = [0, *order, 0] if base is not None else order
    metres = sum(matrix[one][two] for one, two in pairwise(ring))
    return Tour(tuple(rank - 1 for rank in order), metres, proven)


def solve(matrix: Matrix) -> tuple[list[int], bool]:
    """A closed tour over a symmetric matrix of whole metres, and whether it is proven the shortest."""
    if len(matrix) <= 3:
        return list(range(len(matrix))), True
    import fast_tsp

    largest = max(max(row) for row in matrix)
    if largest > _LARGEST:
        matrix = [[distance * _LARGEST // largest for distance in row] for row in matrix]
    proven = len(matrix) <= EXACT_PLACES and largest <= _LARGEST
    tour = fast_tsp.find_tour([list(row) for row in matrix], duration_seconds=SEARCH_SECONDS, max_threads=1)
    return list(tour), proven


def _matrix(places: Sequence[Place]) -> list[list[int]]:
    return [[round(metres_between(one, two)) for two in places] for one in places]


def _from_base(tour: Sequence[int]) -> list[int]:
    """The tour after its place 0, in the direction that begins with the lower rank."""
    turned = list(tour)
    start = turned.index(0)
    ways = turned[start + 1 :] + turned[:start]
    return ways if not ways or ways[0] <= ways[-1] else ways[::-1]
