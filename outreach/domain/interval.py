"""How sure a share is that was counted on few: intervals for one share and for the difference of two.

Sources: E. B. Wilson, JASA 22 (1927) 209-212, for the score interval; R. G. Newcombe, Statistics in Medicine 17 (1998)
873-890, method 10, for the difference of two shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A share, or a difference of shares, with what it may be: low <= value <= high."""

    value: float
    low: float
    high: float


def wilson(hits: int, tries: int, confidence: float = CONFIDENCE) -> Interval | None:
    """The share `hits` of `tries` with Wilson's score interval, None where nothing was tried.

    Unlike the textbook interval it stays within 0 and 1 and says something even where nobody or everybody hit.
    Raises ValueError for counts that cannot be, and for a confidence outside 0 and 1.
    """
    if not 0 <= hits <= tries:
        raise ValueError(f"{hits} of {tries}")
    if not tries:
        _z(confidence)
        return None
    return wilson_share(hits / tries, tries, confidence)


def wilson_share(share: float, size: float, confidence: float = CONFIDENCE) -> Interval:
    """As `wilson`, of a share that tells as much as `size` tries of a plain draw, which need not be whole.

    size: infinite where everybody was asked. Raises ValueError for a share outside 0 and 1 and a size not above 0.
    """
    z = _z(confidence)
    if not 0 <= share <= 1 or not size > 0:
        raise ValueError(f"{share} of {size}")
    spread = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    middle = share + z * z / (2 * size)
    shrink = 1 + z * z / size
    # At the ends the bound is the share itself; computed, it misses by a rounding.
    low = 0.0 if share == 0 else (middle - spread) / shrink
    high = 1.0 if share == 1 else (middle + spread) / shrink
    return Interval(share, low, high)


def difference(
    hits: int, tries: int, other_hits: int, other_tries: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """The first share less the second with Newcombe's interval, None where one of the two was never tried."""
    one, other = wilson(hits, tries, confidence), wilson(other_hits, other_tries, confidence)
    if one is None or other is None:
        return None
    value = one.value - other.value
    return Interval(
        value,
        value - math.hypot(one.value - one.low, other.high - other.value),
        value + math.hypot(one.high - one.value, other.value - other.low),
    )


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
