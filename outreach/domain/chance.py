"""How likely an officer's count is, had it been dealt out among all by chance.

Of all visits of a kind so many are marked (nobody home, a round time); an officer made some of these visits. If marks
fell on visits without regard to who made them, the officer's share of them would follow the hypergeometric
distribution. Where visits of several kinds are compared, each with its own kind, the officer's marks are the sum over
the kinds (the exact conditional test of one common odds: C. R. Mehta, N. R. Patel, R. Gray, JASA 80 (1985) 969-973).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 1e-20
"""A chance smaller than this is given as this: below it, rounding says more than the visits do."""

_NOTHING = 1e-30


@dataclass(frozen=True, slots=True)
class Stratum:
    """Marked visits of all visits of one kind: the officer's, and the others'."""

    hits: int
    tries: int
    other_hits: int
    other_tries: int


@dataclass(frozen=True, slots=True)
class Excess:
    """hits of tries, against `expected` with the others' shares. chance: of so many hits or more, LEAST to 1.

    Only what can be compared is in it: kinds of visits that others made too.
    """

    hits: int
    tries: int
    expected: float
    chance: float


def excess(strata: Iterable[Stratum]) -> Excess:
    """The officer's marks over all strata against what chance deals out; exact. Raises ValueError for bad counts."""
    hits = tries = 0
    expected = 0.0
    spread = [1.0]  # the chance of start + i marks
    start = 0
    for one in strata:
        if not (0 <= one.hits <= one.tries and 0 <= one.other_hits <= one.other_tries):
            raise ValueError(f"{one}")
        if not one.tries or not one.other_tries:
            continue
        hits += one.hits
        tries += one.tries
        expected += one.tries * one.other_hits / one.other_tries
        first, masses = _hypergeometric(one.tries, one.hits + one.other_hits, one.tries + one.other_tries)
        start += first
        spread = _sum_of(spread, masses)
    chance = math.fsum(mass for count, mass in enumerate(spread, start) if count >= hits)
    return Excess(hits, tries, expected, min(1.0, max(chance, LEAST)))


def _hypergeometric(drawn: int, marked: int, total: int) -> tuple[int, list[float]]:
    """The chances of k marks among `drawn` of `total` that hold `marked`: the first k and the chances from there on."""
    first, last = max(0, drawn + marked - total), min(drawn, marked)
    whole = _ways(total, drawn)
    return first, [
        math.exp(_ways(marked, k) + _ways(total - marked, drawn - k) - whole) for k in range(first, last + 1)
    ]


def _ways(total: int, chosen: int) -> float:
    """The logarithm of the number of ways to choose."""
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)


def _sum_of(one: list[float], other: list[float]) -> list[float]:
    """The distribution of a sum; masses of nothing are passed over, so that many visits stay quick."""
    summed = [0.0] * (len(one) + len(other) - 1)
    kept = [(place, mass) for place, mass in enumerate(other) if mass > _NOTHING]
    for place, mass in enumerate(one):
        if mass > _NOTHING:
            for further, share in kept:
                summed[place + further] += mass * share
    return summed
