"""Territories beside their peers: `python tests/bench/bench_territory.py [SIZE]`. Figures, not pass or fail.

SIZE: town (7,000 x 60, the default), or scale (7,000 x 60, 100,000 x 800, 1,000,000 x 5,000 beside OR-tools' flow over
all pairs and POT's network simplex), or minutes.

Mean metres are from building to officer for every row, so k-means, which moves its centres, is measured at the
officers' real bases: it starts there, and its clusters are matched to the bases at least cost. The register
cut is given the same favour.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import queue
import random
import resource
import sys
import time
from collections import defaultdict
from dataclasses import replace

import numpy as np

from outreach.planning.case import make_case
from outreach.planning.flow import solve, total_cost
from outreach.planning.territory import Base, Home, Rules, plan_territory
from outreach.planning.town import town_network
from outreach.planning.ways import UNITS_PER_METRE, Ways

K_MEANS_LIMIT_S = 120
SCALE_LIMIT_S = 300
MOST_PAIRS = 20_000_000
SCALES = ((7_000, 60), (100_000, 800), (1_000_000, 5_000))


def town(households, officers, seed, compound_size=450):
    """Compounds of buildings of four entrances around a centre; hard cases cluster by compound."""
    draw = random.Random(seed)
    spread_m = 900 * (households / 7_000) ** 0.5
    homes, middles = [], []
    while len(homes) < households:
        compound = len(middles)
        middle = draw.gauss(0, spread_m), draw.gauss(0, spread_m)
        middles.append(middle)
        hard_share = draw.choice((0.1, 0.2, 0.3, 0.7))
        for building in range(draw.randint(compound_size // 60, compound_size // 22)):
            x, y = (draw.gauss(part, 90) for part in middle)
            place = ("城", f"C{compound:03}", f"{building:02}")
            for door in range(draw.randint(16, 56)):
                key, entrance = f"H{len(homes):06}", (*place, str(door % 4))
                homes.append(Home(key, place, entrance, x, y, draw.random() < hard_share, door))
    bases = []
    for number in range(officers):
        x, y = draw.choice(middles)
        bases.append(Base(f"B{number:03}", draw.gauss(x, 200), draw.gauss(y, 200)))
    return homes[:households], bases


def distances(homes, bases):
    """Metres from the middle of each home's building to each base."""
    groups = defaultdict(list)
    for home in homes:
        groups[home.building].append((home.x, home.y))
    middle = {building: np.mean(points, axis=0) for building, points in groups.items()}
    points = np.array([middle[home.building] for home in homes])
    ways = Ways(points, np.array([(base.x, base.y) for base in bases]))
    return ways.block(np.arange(len(homes))) / UNITS_PER_METRE


def matched(metres, groups):
    """Give each group of homes the officer that makes the whole least (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((metres.shape[1],) * 2)
    np.add.at(table, groups, metres)
    return linear_sum_assignment(table)[1][groups]


def row(name, seconds, homes, chosen, metres, *, gap=""):
    chosen, officers = np.asarray(chosen), metres.shape[1]
    hard = np.array([home.hard for home in homes])
    counts, hard_counts = (np.bincount(part, minlength=officers) for part in (chosen, chosen[hard]))
    places = [defaultdict(set), defaultdict(set)]
    for home, base in zip(homes, chosen, strict=True):
        places[0][home.building].add(base)
        places[1][home.entrance].add(base)
    split = [sum(len(bases) > 1 for bases in at.values()) for at in places]
    mean = metres[np.arange(len(homes)), chosen].mean()
    print(
        f"{name:<34}{seconds:>8.2f}{mean:>9.1f}{f'{counts.min()}-{counts.max()}':>10}"
        f"{f'{hard_counts.min()}-{hard_counts.max()}':>10}{split[0]:>10}{split[1]:>10}{gap:>7}",
        flush=True,
    )


def k_means(homes, bases, rounds, answer):
    from k_means_constrained import KMeansConstrained

    points, starts = np.array([(h.x, h.y) for h in homes]), np.array([(b.x, b.y) for b in bases])
    least, most = len(homes) // len(bases), -(-len(homes) // len(bases))
    started = time.perf_counter()
    model = KMeansConstrained(
        len(bases), size_min=least, size_max=most, init=starts, n_init=1, max_iter=rounds, random_state=0
    )
    labels = model.fit_predict(points)
    answer.put((np.asarray(labels), time.perf_counter() - started, peak_mb()))


def k_means_within_limit(homes, bases, rounds):
    """Labels, seconds and peak MB in a process of its own, or None where the limit is reached."""
    context = mp.get_context("spawn")
    answer = context.Queue()
    child = context.Process(target=k_means, args=(homes, bases, rounds, answer))
    child.start()
    try:
        return answer.get(timeout=K_MEANS_LIMIT_S)
    except queue.Empty:
        return None
    finally:
        child.terminate()
        child.join()


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(homes, bases, metres):
    started = time.perf_counter()
    plan = plan_territory(homes, bases)
    seconds = time.perf_counter() - started
    column = {base.key: number for number, base in enumerate(bases)}
    chosen = [column[plan.base_of[home.key]] for home in homes]
    row("outreach", seconds, homes, chosen, metres, gap=f"{plan.gap_m:.1f}")
    price = plan.mean_m - plan.unmixed_mean_m
    nearest = sum(why.rank == 1 for why in plan.why.values()) / len(homes)
    print(
        f"    solve and proof {plan.solve_s:.2f} s; without the hard/easy rule {plan.unmixed_mean_m:.1f} m, so it "
        f"costs {price:.1f} m a household; {nearest:.0%} have the nearest officer; peak {peak_mb():.0f} MB"
    )


def heading(title, homes):
    hard, buildings = sum(home.hard for home in homes), len({home.building for home in homes})
    entrances = len({home.entrance for home in homes})
    print(f"\n{title}: {hard} hard cases, {buildings} buildings, {entrances} entrances")
    print(f"{'':<34}{'s':>8}{'mean m':>9}{'counts':>10}{'hard':>10}{'b. split':>10}{'e. split':>10}{'gap m':>7}")


def scale_row(households, officers, method, answer):
    """One method on one town in a process of its own: (name, seconds, mean metres, gap or note, peak MB)."""
    homes, bases = town(households, officers, seed=2006)
    case = None if method == "outreach" else make_case(homes, bases, Rules())
    before, cpu, started = peak_mb(), time.process_time(), time.perf_counter()
    if method == "outreach":
        plan = plan_territory(homes, bases, compare=False)
        mean, note = plan.mean_m, f"gap {plan.gap_m / plan.mean_m / households:.4%}, plan for every household"
    elif method == "OR-tools flow, all pairs":
        group, base = case.town.every_pair()
        network = town_network(case.town, case.limits, group, base)
        mean, note = total_cost(network, solve(network)) / UNITS_PER_METRE / households, "counts by building only"
    elif method == "POT network simplex":
        import ot

        rows = np.arange(len(case.town.ways.points))
        supply = np.bincount(case.town.row, case.town.size)
        table = case.town.ways.block(rows) / UNITS_PER_METRE
        equal = np.full(officers, households / officers)
        plan = ot.emd(supply, equal, table, numItermax=100_000_000)
        mean, note = float((plan * table).sum()) / households, "hard cases not mixed, households divisible"
    else:
        labels = []
        try:
            k_means(homes, bases, 1, QueueLike(labels))
        except MemoryError as error:
            return answer.put(str(error))
        apart = np.array([(h.x, h.y) for h in homes]) - np.array([(b.x, b.y) for b in bases])[labels[0][0]]
        mean, note = float(np.hypot(*apart.T).mean()), "1 round, own centres' bases, hard cases not mixed"
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return answer.put((seconds, cpu, mean, note, peak_mb(), before))


class QueueLike:
    """A list that takes what `k_means` puts."""

    def __init__(self, into):
        self.put = into.append


def scale():
    print(f"{'':<52}{'s':>8}{'cpu s':>8}{'mean m':>9}{'peak MB':>9}{'town MB':>9}")
    for households, officers in SCALES:
        for method in ("outreach", "OR-tools flow, all pairs", "POT network simplex", "k-means-constrained"):
            name = f"{households:,} x {officers:,}  {method}"
            limit = K_MEANS_LIMIT_S if method.startswith("k-means") else SCALE_LIMIT_S
            pairs = households // 36 * 2 * officers
            if method.startswith("OR-tools") and pairs > MOST_PAIRS:
                print(f"{name:<52}   {pairs:,} pairs would not fit the memory")
                continue
            context = mp.get_context("spawn")
            answer = context.Queue()
            child = context.Process(target=scale_row, args=(households, officers, method, answer))
            child.start()
            try:
                found = answer.get(timeout=limit)
                if isinstance(found, str):
                    print(f"{name:<52}   {found}", flush=True)
                    continue
                seconds, cpu, mean, note, peak, before = found
                print(f"{name:<52}{seconds:>8.1f}{cpu:>8.1f}{mean:>9.1f}{peak:>9.0f}{before:>9.0f}  {note}", flush=True)
            except queue.Empty:
                print(f"{name:<52}   not within {limit} s", flush=True)
            finally:
                child.terminate()
                child.join()
    print("load", " ".join(f"{load:.2f}" for load in os.getloadavg()))


def minutes():
    """Shares in minutes, two ways of weighing the visits, and a leave at three prices of a move."""
    draw = random.Random(7)
    homes, bases = town(7_000, 60, seed=2006)
    for name, weigh in (
        ("20 minutes, hard cases 40", lambda home: 40 if home.hard else 20),
        ("10 to 60 minutes each", lambda _home: draw.randint(10, 60)),
    ):
        weighed = [replace(home, minutes=weigh(home)) for home in homes]
        plan = plan_territory(weighed, bases, Rules(balance="minutes"), compare=False)
        held = [replace(home, holder=plan.base_of[home.key]) for home in weighed]
        print(f"\n{name}: minutes {min(plan.minutes.values())}-{max(plan.minutes.values())}")
        print(f"{'':<34}{'s':>8}{'mean m':>9}{'moves':>8}{'least':>8}{'gap':>9}")
        for label, found in [("first plan", plan)] + [
            (
                f"one officer gone, moves {price}",
                plan_territory(held, bases[1:], Rules(balance="minutes", moves=price), compare=False),
            )
            for price in ("free", 300, "fewest")
        ]:
            gap = found.gap_m / found.mean_m / len(homes)
            print(
                f"{label:<34}{found.solve_s:>8.1f}{found.mean_m:>9.1f}{found.moves:>8}{found.moves_least:>8}{gap:>9.3%}"
            )


def compare_town():
    print("load", " ".join(f"{load:.2f}" for load in os.getloadavg()), "on", os.cpu_count(), "cores")
    import ortools.graph.python.min_cost_flow  # noqa: F401  loaded before the clock starts

    homes, bases = town(7_000, 60, seed=2006)
    metres = distances(homes, bases)
    heading("7,000 households x 60 officers", homes)
    started = time.perf_counter()
    nearest = metres.argmin(axis=1)
    row("nearest officer", time.perf_counter() - started, homes, nearest, metres)
    started = time.perf_counter()
    runs = np.arange(len(homes)) * len(bases) // len(homes)
    row("register in equal runs, matched", time.perf_counter() - started, homes, matched(metres, runs), metres)
    ours(homes, bases, metres)
    for rounds in (1, 20):
        found = k_means_within_limit(homes, bases, rounds)
        name = f"k-means-constrained, {rounds} round{'s'[: rounds > 1]}"
        if found is None:
            print(f"{name:<34}   not within {K_MEANS_LIMIT_S} s")
            continue
        labels, seconds, megabytes = found
        row(name, seconds, homes, matched(metres, labels), metres)
        print(f"    peak {megabytes:.0f} MB")

    homes, bases = town(20_000, 150, seed=2006)
    heading("20,000 households x 150 officers", homes)
    ours(homes, bases, distances(homes, bases))

    homes, bases = town(7_000, 60, seed=2006)
    draw = random.Random(7)
    homes = [Home(h.key, (h.key,), (h.key,), h.x + draw.gauss(0, 15), h.y, h.hard) for h in homes]
    heading("7,000 x 60, every household a building of its own", homes)
    ours(homes, bases, distances(homes, bases))
    print("\nload", " ".join(f"{load:.2f}" for load in os.getloadavg()))


if __name__ == "__main__":
    {"town": compare_town, "scale": scale, "minutes": minutes}[sys.argv[1] if len(sys.argv) > 1 else "town"]()
