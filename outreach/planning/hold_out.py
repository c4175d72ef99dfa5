"""Drawing a hold-out by lot, what it will be able to show, and comparing its two arms honestly.

Whole clusters (entrances, communities, or single households) are drawn within strata. A cluster's households are
alike, so they tell less than as many households drawn one by one: the arms' shares get the variance of a ratio of
cluster totals (W. G. Cochran, Sampling Techniques, 3rd ed., section 9A.1), which is turned into an effective size for
Wilson's and Newcombe's intervals (domain/interval.py). Beside it stands a test that assumes nothing but the draw
itself: the clusters are dealt out anew many times, as they were, and the differences that chance alone gives are
counted (R. A. Fisher, The Design of Experiments, 1935; for clusters: Gail and others, Stat. Med. 15 (1996) 1069-1092).
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

from outreach.domain.interval import Interval, wilson_share

_TURNS = 4_999
_POWER, _RISK = 0.8, 0.05


class Cluster(NamedTuple):
    """What is drawn whole: its stratum, how many households it has, and how many of them took the step."""

    name: str
    stratum: str
    size: int
    hits: int = 0


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One arm. design_effect: how many times more households this arm needs than one drawn household by household.

    share: None where the arm has too few clusters to say how sure it is.
    """

    clusters: int
    homes: int
    hits: int
    share: Interval | None
    design_effect: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The open arm's share less the held arm's. by_chance: how often the draw alone gives at least as much, 0 to 1."""

    held: ArmResult
    open: ArmResult
    difference: Interval | None
    by_chance: float


def draw_held(clusters: Sequence[Cluster], share: float, seed: str) -> frozenset[str]:
    """The names of the clusters to hold, `share` (0 to 1) of those of every stratum, each as likely as any other.

    Where that is no whole number the strata share the rounding by a walk from a start that hangs on the seed, so that
    the whole is `share` of all clusters, rounded up or down. The same clusters and seed give the same draw.
    """
    strata: dict[str, list[str]] = defaultdict(list)
    for one in clusters:
        strata[one.stratum].append(one.name)
    passed = int(_mark(seed, "start")[:12], 16) / 16**12
    held: set[str] = set()
    for stratum in sorted(strata):
        before, passed = math.floor(passed), passed + share * len(strata[stratum])
        order = sorted(strata[stratum], key=lambda name: _mark(seed, name))
        held.update(order[: math.floor(passed) - before])
    return frozenset(held)


def detectable(held: Iterable[int], worked: Iterable[int], *, expect: float, alike: float) -> float:
    """The smallest difference of shares, 0 to 1, that will be found in 80 of 100 such draws, at 5 in 100 false alarms.

    held, worked: sizes of the clusters of both arms. expect: the share that will take the step anyway. alike: the
    correlation within a cluster, 0 where neighbours are as different as strangers. Infinite where an arm is empty.
    """
    variance = 0.0
    for sizes in (list(held), list(worked)):
        homes = sum(sizes)
        if not homes:
            return math.inf
        effect = 1 + (sum(size * size for size in sizes) / homes - 1) * alike
        variance += expect * (1 - expect) * effect / homes
    normal = NormalDist()
    return (normal.inv_cdf(1 - _RISK / 2) + normal.inv_cdf(_POWER)) * math.sqrt(variance)


def compare(clusters: Sequence[Cluster], held: frozenset[str], seed: str) -> Comparison | None:
    """Both arms beside each other, None where one is empty. seed: of the dealings out."""
    ours = sorted(one for one in clusters if one.name in held and one.size)
    theirs = sorted(one for one in clusters if one.name not in held and one.size)
    if not ours or not theirs:
        return None
    left, right = _arm(ours), _arm(theirs)
    difference = None
    if left.share is not None and right.share is not None:
        one, other = right.share, left.share
        value = one.value - other.value
        low = value - math.hypot(one.value - one.low, other.high - other.value)
        difference = Interval(value, low, value + math.hypot(one.high - one.value, other.value - other.low))
    return Comparison(left, right, difference, _by_chance([*ours, *theirs], held, seed))


def _arm(clusters: Sequence[Cluster]) -> ArmResult:
    homes, hits, count = sum(one.size for one in clusters), sum(one.hits for one in clusters), len(clusters)
    share = hits / homes
    if count < 2:
        return ArmResult(count, homes, hits, None, math.nan)
    spread = sum((one.hits - share * one.size) ** 2 for one in clusters)
    variance = count / (count - 1) * spread / homes**2
    plain = share * (1 - share) / homes
    # Nobody or everybody: the clusters show no spread to judge by, so each tells as much as one household.
    effect = max(variance / plain, 1.0) if plain else homes / count
    return ArmResult(count, homes, hits, wilson_share(share, homes / effect), effect)


def _by_chance(clusters: Sequence[Cluster], held: frozenset[str], seed: str) -> float:
    import numpy as np

    random = np.random.default_rng(int(_mark(seed, "deal")[:16], 16))
    strata: Mapping[str, list[Cluster]] = defaultdict(list)
    for one in sorted(clusters):
        strata[one.stratum].append(one)
    homes, hits = sum(one.size for one in clusters), sum(one.hits for one in clusters)
    dealt = np.zeros((2, _TURNS))
    real = np.zeros(2)
    for group in strata.values():
        figures = np.array([(one.size, one.hits) for one in group], dtype=float).T
        mine = np.array([one.name in held for one in group])
        real += figures[:, mine].sum(axis=1)
        order = random.random((_TURNS, len(group))).argsort(axis=1)[:, : mine.sum()]
        dealt += figures[:, order].sum(axis=2)
    apart = np.abs((hits - dealt[1]) / (homes - dealt[0]) - dealt[1] / dealt[0])
    found = abs((hits - real[1]) / (homes - real[0]) - real[1] / real[0])
    return float((1 + (apart >= found - 1e-12).sum()) / (1 + _TURNS))


def _mark(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\x1f{key}".encode()).hexdigest()
