"""How many people insertions reach, and how often: estimates from audiences, with bounds on what is not known.

One vehicle (a station's daypart, a paper, a wall): the beta-binomial distribution of exposures that R. A. Metheringham
brought to media planning ("Measuring the Net Cumulative Coverage of a Print Campaign", Journal of Advertising Research
4, 1964). Each person sees an insertion with a probability of their own, and those probabilities follow a beta
distribution with the mean `audience` and the intraclass correlation `repeat` = 1 / (alpha + beta + 1): whoever saw one
insertion sees another with the probability audience + repeat x (1 - audience).

Several vehicles: J. Sainsbury's rule that they reach people independently of each other, which gives one figure, and
M. Frechet's bounds ("Sur les tableaux de correlation", 1951), which hold however much their audiences overlap.

Audiences, reaches and bounds are shares of the people meant, 0 to 1. A gross rating point (GRP) is one per cent of
them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OFTEN = 3
"""Exposures from which on a message is held to have been noticed: H. E. Krugman's three exposures (1972)."""

_EVEN = 1e-12


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What one insertion reaches. audience: 0 to 1. repeat: 0 everybody by chance anew, 1 always the same people."""

    audience: float
    repeat: float

    def __post_init__(self) -> None:
        if not 0 <= self.audience <= 1 or not 0 <= self.repeat <= 1:
            raise ValueError("audience and repeat are shares from 0 to 1")

    @property
    def twice(self) -> float:
        """The share reached at least once by two insertions."""
        return self.audience * (2 - self.audience) - self.repeat * self.audience * (1 - self.audience)


def repeat_from_twice(audience: float, twice: float) -> float:
    """The intraclass correlation of a vehicle of which two insertions reach the share `twice`.

    1 - twice = (1 - a)(1 - a + r a), solved for r. Raises ValueError unless a <= twice <= 1 - (1 - a)^2: two insertions
    reach no fewer than one, and no more than two that know nothing of each other.
    """
    most = audience * (2 - audience)
    if not audience - _EVEN <= twice <= most + _EVEN:
        raise ValueError(twice)
    spread = audience * (1 - audience)
    return min(max((most - twice) / spread, 0.0), 1.0) if spread > 0 else 0.0


def exposures(vehicle: Vehicle, insertions: int) -> list[float]:
    """P(seen x times) for x = 0 .. insertions: the beta-binomial distribution in Polya's form.

    P(x) = C(n, x) prod_{i<x}(a(1-r) + ir) prod_{j<n-x}((1-a)(1-r) + jr) / prod_{k<n}(1-r + kr). Summed in logarithms,
    so that hundreds of insertions neither overflow nor vanish; r = 0 is the binomial, r = 1 all or nothing.
    """
    a, r, n = vehicle.audience, vehicle.repeat, insertions
    if n == 0 or a == 0:
        return [1.0] + [0.0] * n
    if a == 1:
        return [0.0] * n + [1.0]
    if r == 1:
        return [1 - a] + [0.0] * (n - 1) + [a]
    seen, unseen, both = (_rising(start * (1 - r), r, n) for start in (a, 1 - a, 1.0))
    return [math.exp(_log_choose(n, x) + seen[x] + unseen[n - x] - both[n]) for x in range(n + 1)]


def _rising(start: float, step: float, count: int) -> list[float]:
    """Logarithms: prod_{i<x}(start + i step) for x = 0 .. count."""
    found = [0.0]
    for i in range(count):
        found.append(found[-1] + math.log(start + i * step))
    return found


def _log_choose(n: int, x: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(n - x + 1)


def reach_curve(vehicle: Vehicle, most: int, often: int = 1) -> list[float]:
    """The share that sees at least `often` of n insertions, for n = 0 .. most."""
    return [at_least(exposures(vehicle, n), often) for n in range(most + 1)]


def at_least(distribution: Sequence[float], often: int) -> float:
    """P(seen `often` times or more)."""
    return min(max(1.0 - math.fsum(distribution[:often]), 0.0), 1.0)


def few_curve(vehicle: Vehicle, most: int) -> list[tuple[float, float, float]]:
    """P(seen 0, 1, 2 times) of n = 0 .. most insertions: all that decides who sees none, and who sees three or more.

    The same formula as `exposures`, each number from the one before.
    """
    a, r = vehicle.audience, vehicle.repeat
    found = [(1.0, 0.0, 0.0)]
    if a in (0.0, 1.0) or r == 1:
        return [((*exposures(vehicle, n), 0.0, 0.0))[:OFTEN] for n in range(most + 1)]  # type: ignore[misc]
    start, rest = a * (1 - r), (1 - a) * (1 - r)
    none = 1.0
    for n in range(1, most + 1):
        none *= (rest + (n - 1) * r) / (1 - r + (n - 1) * r)
        once = none * n * start / (rest + (n - 1) * r)
        twice = once * (n - 1) / 2 * (start + r) / (rest + (n - 2) * r) if n > 1 else 0.0
        found.append((none, once, twice))
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a share can be, however audiences overlap."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What insertions come to. grp: gross rating points. once, often: shares that see one, `OFTEN` or more.

    once, often take the vehicles as independent of each other. frequency: exposures of each person reached, None where
    nobody is. exposures: P(seen x times), x from 0.
    """

    insertions: int
    grp: float
    once: float
    once_bounds: Bounds
    often: float
    often_bounds: Bounds
    frequency: float | None
    exposures: tuple[float, ...]


def reach_of(mix: Iterable[tuple[Vehicle, int]]) -> Reach:
    """The reach of so many insertions in each vehicle.

    Once or more: Sainsbury, 1 - prod(1 - R_v). Often: the vehicles' distributions convolved. Bounds of once: the
    largest R_v, and the sum of all, at most 1 (Frechet). Bounds of often: the largest of the vehicles' own, and the
    lesser of once's upper bound and all exposures shared out in threes (Markov's inequality).
    """
    parts = [(vehicle, n) for vehicle, n in mix if n > 0]
    together = [1.0]
    once_each, often_each, gross = [], [], 0.0
    for vehicle, n in parts:
        seen = exposures(vehicle, n)
        once_each.append(at_least(seen, 1))
        often_each.append(at_least(seen, OFTEN))
        gross += n * vehicle.audience
        together = convolved(together, seen)
    once = at_least(together, 1)
    once_high = min(1.0, math.fsum(once_each))
    return Reach(
        insertions=sum(n for _vehicle, n in parts),
        grp=100 * gross,
        once=once,
        once_bounds=Bounds(max(once_each, default=0.0), once_high),
        often=at_least(together, OFTEN),
        often_bounds=Bounds(max(often_each, default=0.0), min(once_high, gross / OFTEN)),
        frequency=gross / once if once > 0 else None,
        exposures=tuple(together),
    )


_NEGLIGIBLE = 1e-15


def convolved(one: Sequence[float], two: Sequence[float]) -> list[float]:
    """The distribution of the sum of two independent counts; a tail too thin to count is cut off."""
    import numpy as np

    found = np.convolve(np.asarray(one), np.asarray(two))
    kept = len(found)
    while kept > OFTEN and found[kept - 1] < _NEGLIGIBLE:
        kept -= 1
    return [float(value) for value in found[:kept]]


def pooled(parts: Sequence[tuple[Vehicle, int]]) -> tuple[Vehicle, int]:
    """Several dayparts of one station as one vehicle, Metheringham's way: mean audience, mean repeat, all insertions.

    Careful where Sainsbury flatters: whoever watches a station in the evening is likelier to watch it at noon.
    """
    count = sum(n for _vehicle, n in parts)
    if not count:
        return Vehicle(0.0, 0.0), 0
    audience = math.fsum(n * vehicle.audience for vehicle, n in parts) / count
    repeat = math.fsum(n * vehicle.repeat for vehicle, n in parts) / count
    return Vehicle(min(audience, 1.0), min(repeat, 1.0)), count
