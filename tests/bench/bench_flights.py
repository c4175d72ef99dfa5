"""Air time under a budget beside simpler rules: `python tests/bench/bench_flights.py`. Figures, not pass or fail.

Invented rate cards of 10 to 200 lines and 12,000 yuan. Each line of the output is one way to spend the same money: the
exact plan, greedy, the lines by price a point, the same sum for every line, at random.
"""

from __future__ import annotations

import random
import resource
import time

from outreach.planning.flights import Aim, Offer, greedy_mix, plan_mix, value_of
from outreach.planning.reach import Vehicle

BUDGET_FEN = 1_200_000
EFFORT = 20.0


def card(lines, seed=1):
    draw = random.Random(seed)
    found = []
    for _line in range(lines):
        audience = round(draw.uniform(0.01, 0.15), 3)
        price = max(round(audience * draw.uniform(3_000, 7_500)) * 100 + draw.choice((0, 1_000, 5_000)), 1_000)
        repeat = round(draw.uniform(0.15, 0.5), 2)
        found.append(Offer(price, Vehicle(audience, repeat), (draw.choice((20, 30, 60)),)))
    return found


def equal_split(offers, budget):
    """The same money for every line; what is left buys one more where it can, in the card's order."""
    totals = [min(budget // len(offers) // offer.price_fen, offer.room[0]) for offer in offers]
    return topped_up(offers, budget, totals, range(len(offers)))


def by_price_a_point(offers, budget):
    """The line with the cheapest rating point to its last slot, then the next: how many offices buy."""
    order = sorted(range(len(offers)), key=lambda n: offers[n].price_fen / offers[n].vehicle.audience)
    totals, left = [0] * len(offers), budget
    for number in order:
        totals[number] = min(left // offers[number].price_fen, offers[number].room[0])
        left -= totals[number] * offers[number].price_fen
    return totals


def at_random(offers, budget, seed=1):
    draw = random.Random(seed)
    return topped_up(offers, budget, [0] * len(offers), None, draw)


def topped_up(offers, budget, totals, order, draw=None):
    left = budget - sum(offer.price_fen * n for offer, n in zip(offers, totals, strict=True))
    while True:
        fit = [n for n, offer in enumerate(offers) if offer.price_fen <= left and totals[n] < offer.room[0]]
        if not fit:
            return totals
        chosen = draw.choice(fit) if draw else next(n for n in order if n in fit)
        totals[chosen] += 1
        left -= offers[chosen].price_fen


def show(name, value, seconds, bound=None):
    proof = "" if bound is None else f"{bound:>10.5f}{bound - value:>10.5f}"
    print(f"    {name:<28}{value:>10.5f}{seconds:>9.2f}{proof}", flush=True)


def timed(work):
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def main():
    plan_mix(card(2), BUDGET_FEN)  # the solver is loaded once
    for lines in (10, 20, 50, 100, 200):
        offers = card(lines)
        for aim in Aim:
            print(f"{lines} lines, {aim}\n    {'':<28}{'share':>10}{'s':>9}{'bound':>10}{'gap':>10}")
            exact, seconds = timed(lambda o=offers, a=aim: plan_mix(o, BUDGET_FEN, a, effort=EFFORT))
            show("exact" if exact.proven else "search, cut", exact.value, seconds, exact.bound)
            quick, seconds = timed(lambda o=offers, a=aim: greedy_mix(o, BUDGET_FEN, a))
            show("greedy", quick.value, seconds, quick.bound if aim is Aim.REACH else None)
            for name, rule in (
                ("cheapest points first", by_price_a_point), ("equal split", equal_split), ("random", at_random),
            ):  # fmt: skip
                totals, seconds = timed(lambda r=rule, o=offers: r(o, BUDGET_FEN))
                show(name, value_of(offers, totals, aim), seconds)
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
