"""Draws for spot checks: who is asked again, and what the answers allow to be said, with both risks stated.

Lot quality assurance sampling: of a lot (an officer's, a community's households) a few are asked whether what the
record claims is so. At `confirmed >= pass_from` the lot passes. The two ways to be wrong are bounded: to fail a lot
that is as good as `good`, and to pass one that is no better than `poor`.

Sources: S. K. Lwanga and S. Lemeshow, Sample size determination in health studies, WHO 1991, chapter on LQAS; the exact
hypergeometric risks are used, since lots are small. Systematic draws in proportion to size: W. G. Cochran, Sampling
Techniques, 3rd ed., section 9A.5.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Design:
    """How many of a lot to ask and what passes it.

    lot, size: households in the lot and asked. pass_from: confirmed answers at which the lot passes.
    fail_good: the risk of failing a lot in which the share `good` holds. pass_poor: of passing one in which only
    `poor` does.
    """

    lot: int
    size: int
    pass_from: int
    good: float
    poor: float
    fail_good: float
    pass_poor: float


def design(lot: int, *, good: float, poor: float, fail_good: float, pass_poor: float) -> Design:
    """The smallest sample that keeps both risks; the whole lot where none smaller does.

    good, poor: shares, 0 <= poor < good <= 1. fail_good, pass_poor: the most each risk may be, between 0 and 1. Of
    decisions that keep both risks with one size, the one whose greater risk, each against its limit, is the least.
    Asking the whole lot leaves no risk: then it passes from the first count above the poor share on.
    Raises ValueError for an empty lot and shares or risks that cannot be.
    """
    if lot < 1 or not 0 <= poor < good <= 1 or not (0 < fail_good < 1 and 0 < pass_poor < 1):
        raise ValueError(f"no design for {lot} at {poor}-{good} with {fail_good} and {pass_poor}")
    many, few = math.ceil(good * lot - 1e-9), math.floor(poor * lot + 1e-9)
    for size in range(1, lot):
        failing, passing = _tails(lot, many, size), _tails(lot, few, size)
        fits = [
            (max((1 - failing[start]) / fail_good, passing[start] / pass_poor), start)
            for start in range(1, size + 1)
            if 1 - failing[start] <= fail_good and passing[start] <= pass_poor
        ]
        if fits:
            start = min(fits)[1]
            return Design(lot, size, start, good, poor, float(1 - failing[start]), float(passing[start]))
    return Design(lot, lot, few + 1, good, poor, 0.0 if few < many else 1.0, 0.0)


def _tails(lot: int, hits: int, size: int) -> list[Fraction]:
    """The chance of at least k hits among `size` drawn out of a lot with `hits`, for k = 0 to size + 1; exact."""
    ways = [math.comb(hits, k) * math.comb(lot - hits, size - k) for k in range(size + 1)]
    every = math.comb(lot, size)
    tails = [Fraction(0)] * (size + 2)
    above = 0
    for k in range(size, -1, -1):
        above += ways[k]
        tails[k] = Fraction(above, every)
    return tails


def draw(keys: Iterable[str], size: int, seed: str) -> list[str]:
    """`size` of `keys`, each set of that size as likely as any other; the same keys and seed give the same draw.

    The order of hashes stands for chance: it does not hang on the order of `keys`, and asking for more later adds to
    those drawn before. The draw comes in the order drawn. Fewer keys than `size` are all drawn.
    """
    return sorted(set(keys), key=lambda key: _mark(seed, key))[:size]


def draw_in_strata(strata: Mapping[str, Sequence[str]], size: int, seed: str) -> dict[str, list[str]]:
    """`size` keys over strata in proportion to their sizes, every stratum that has any giving at least one.

    Each further one goes to the stratum that is furthest behind its proportion. Where there are more strata than
    `size`, each still gives one: an area that is never called is never found out.
    """
    sizes = {name: len(set(keys)) for name, keys in strata.items() if keys}
    total = sum(sizes.values())
    wanted = min(max(size, len(sizes)), total)
    given = dict.fromkeys(sizes, 1)
    quota = {name: Fraction(wanted * count, total) for name, count in sizes.items()}
    for _turn in range(wanted - len(given)):
        unasked = [name for name in sizes if given[name] < sizes[name]]
        given[min(unasked, key=lambda name: (given[name] - quota[name], _mark(seed, name)))] += 1
    return {name: draw(strata[name], given.get(name, 0), f"{seed}/{name}") for name in sorted(strata)}


def draw_clusters(sizes: Mapping[str, int], clusters: int, seed: str) -> list[str]:
    """`clusters` draws of areas in proportion to their sizes, by a systematic walk from a start that hangs on the seed.

    An area larger than the step comes more than once. Raises ValueError where there is nobody to draw.
    """
    total = sum(sizes.values())
    if total <= 0 or clusters < 1:
        raise ValueError("there is nothing to draw from")
    step = Fraction(total, clusters)
    start = step * Fraction(int(_mark(seed, "start"), 16), 16**64)
    drawn: list[str] = []
    passed = Fraction(0)
    for name in sorted(sizes, key=lambda name: _mark(seed, name)):
        passed += sizes[name]
        while len(drawn) < clusters and start + step * len(drawn) < passed:
            drawn.append(name)
    return drawn


def _mark(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\x1f{key}".encode()).hexdigest()
