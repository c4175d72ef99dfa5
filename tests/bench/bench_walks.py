"""Walks beside their peers: `python tests/bench/bench_walks.py`. Figures, not pass or fail.

Orders of places by fast-tsp (kept), OR-tools routing, nearest neighbour and the natural order of addresses; each with
its length over the best known and its time. Public instances have known optima (TSPLIB); of the others the best of all
rows counts as best. "doors" are one officer's of the shipped town in every household's own place; "buildings" are the
same with a building as one place, as walks are planned; "houses" are 115 single houses without compounds.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

from outreach.domain.people import Address, walk_key
from outreach.planning.tours import SEARCH_SECONDS, metres_between, solve

ROOT = Path(__file__).parents[2]
INSTANCES = json.loads((ROOT / "tests" / "planning" / "instances" / "tsplib.json").read_text("utf-8"))


def euclid(places):
    """TSPLIB's EUC_2D."""
    return [[int(((a - c) ** 2 + (b - d) ** 2) ** 0.5 + 0.5) for c, d in places] for a, b in places]


def metres(places):
    """Whole metres between longitudes and latitudes."""
    return [[round(metres_between(one, two)) for two in places] for one in places]


def length(matrix, tour):
    """The closed tour's."""
    return sum(matrix[one][two] for one, two in zip(tour, [*tour[1:], tour[0]], strict=True))


def fast_tsp_of(seconds):
    """fast-tsp within so many seconds."""
    import fast_tsp

    return lambda matrix: fast_tsp.find_tour(matrix, duration_seconds=seconds, max_threads=1)


def ortools_of(solutions):
    """OR-tools routing: savings, then its local search; guided local search up to so many solutions, 0 for none."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    def tour_of(matrix):
        index = pywrapcp.RoutingIndexManager(len(matrix), 1, 0)
        model = pywrapcp.RoutingModel(index)
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(matrix))
        search = pywrapcp.DefaultRoutingSearchParameters()
        search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
        if solutions:
            search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
            search.solution_limit = solutions
        found = model.SolveWithParameters(search)
        at, tour = model.Start(0), []
        while not model.IsEnd(at):
            tour.append(index.IndexToNode(at))
            at = found.Value(model.NextVar(at))
        return tour

    return tour_of


def nearest(matrix):
    """Always to the nearest place not seen yet."""
    tour, left = [0], set(range(1, len(matrix)))
    while left:
        tour.append(min(left, key=lambda place: (matrix[tour[-1]][place], place)))
        left.remove(tour[-1])
    return tour


def natural(matrix):
    """As listed: instances come in the order of their file, doors in that of their addresses."""
    return list(range(len(matrix)))


WAYS = {
    "as planned (tours.solve)": lambda matrix: solve(matrix)[0],
    f"fast-tsp, {SEARCH_SECONDS} s": fast_tsp_of(SEARCH_SECONDS),
    "fast-tsp, 1 s": fast_tsp_of(1.0),
    "OR-tools, local search": ortools_of(0),
    "OR-tools, guided, 300 solutions": ortools_of(300),
    "nearest neighbour": nearest,
    "natural order": natural,
}


def shipped_posts(posts):
    """For some officers of the shipped town their doors' places in natural order, and their buildings' places."""
    folder = ROOT / "campaigns" / "yingcheng"
    with (folder / "officers.csv").open(encoding="utf-8-sig", newline="") as file:
        bases = [(float(row["经度"]), float(row["纬度"])) for row in csv.DictReader(file)]
    homes = {}
    with (folder / "households.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            address = Address(row["社区"], row["小区"], row["楼栋"], row["门栋"], row["单元"], 0, row["房号"])
            homes.setdefault(row["户号"], (address, (float(row["经度"]), float(row["纬度"]))))
    found = []
    for base in bases[:posts]:
        # The nearest 115 stand in for an assignment: what counts here is the order.
        own = sorted(homes.values(), key=lambda home: metres_between(base, home[1]))[:115]
        own.sort(key=lambda home: walk_key(home[0]))
        buildings = defaultdict(list)
        for address, place in own:
            buildings[address.building_key].append(place)
        found.append(([base, *(place for _address, place in own)], [base, *(own[0] for own in buildings.values())]))
    return found


def rows(name, matrices, best=None):
    """Each way over all matrices: mean gap to the best known in per cent, mean seconds."""
    lengths, seconds = defaultdict(list), defaultdict(list)
    for matrix in matrices:
        for way, tour_of in WAYS.items():
            began = time.perf_counter()
            tour = tour_of(matrix)
            seconds[way].append(time.perf_counter() - began)
            assert sorted(tour) == list(range(len(matrix)))
            lengths[way].append(length(matrix, tour))
    known = [best] * len(matrices) if best else [min(row) for row in zip(*lengths.values(), strict=True)]
    size, least = statistics.mean(map(len, matrices)), statistics.mean(known)
    print(f"\n{name}: {len(matrices)} x {size:.0f} places, best {least:,.0f}")
    for way in WAYS:
        gap = statistics.mean(
            100 * (one / least - 1) if least else 0 for one, least in zip(lengths[way], known, strict=True)
        )
        print(f"  {way:34} gap {gap:7.2f} %   {statistics.mean(seconds[way]) * 1000:8.1f} ms")


def main():
    for name in ("berlin52", "eil51"):
        rows(name, [euclid(INSTANCES[name]["places"])], INSTANCES[name]["optimum"])
    posts = shipped_posts(6)
    rows("doors of an officer", [metres(doors) for doors, _buildings in posts])
    rows("buildings of an officer", [metres(buildings) for _doors, buildings in posts])
    draw = random.Random(115)
    houses = [[(113.55 + draw.random() * 0.04, 30.91 + draw.random() * 0.04) for _ in range(115)] for _ in range(3)]
    rows("houses", [metres(places) for places in houses])


if __name__ == "__main__":
    main()
