"""The beta distribution and how well a prior fits counts: what rates learnt from few tries need.

Sources: the continued fraction is DLMF 8.17.22 (https://dlmf.nist.gov/8.17), summed from its tail; the likelihood of
counts under a common beta prior is the beta-binomial's (Skellam 1948), without the factor that holds no parameter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

_TERMS = 60
_STEPS = 60
_CLOSE = 1e-10


def _share_below(value: float, alpha: float, beta: float) -> float:
    """The regularised incomplete beta function for value < (alpha + 1) / (alpha + beta + 2), where it converges."""
    tail = 0.0
    # More terms where the distribution is narrow: convergence takes about the square root of alpha + beta.
    for term in range(_TERMS + int(math.sqrt(alpha + beta)) * 2, 0, -1):
        half, odd = divmod(term, 2)
        place = alpha + 2 * half
        if odd:
            weight = -(alpha + half) * (alpha + beta + half) * value / (place * (place + 1))
        else:
            weight = half * (beta - half) * value / ((place - 1) * place)
        tail = weight / (1 + tail)
    front = alpha * math.log(value) + beta * math.log1p(-value) - log_beta(alpha, beta)
    return math.exp(front) / (alpha * (1 + tail))


def share_below(value: float, alpha: float, beta: float) -> float:
    """The share of Beta(alpha, beta) that lies below `value`, 0 to 1; alpha and beta are above 0."""
    if value <= 0 or value >= 1:
        return float(value >= 1)
    if value < (alpha + 1) / (alpha + beta + 2):
        return _share_below(value, alpha, beta)
    return 1 - _share_below(1 - value, beta, alpha)


def quantile(share: float, alpha: float, beta: float) -> float:
    """The value below which `share` (above 0, below 1) of Beta(alpha, beta) lies, to 1e-10.

    Newton's steps, held within a bracket that every step narrows.
    """
    low, high = 0.0, 1.0
    value = alpha / (alpha + beta)
    constant = log_beta(alpha, beta)
    for _step in range(_STEPS):
        off = share_below(value, alpha, beta) - share
        low, high = (low, value) if off > 0 else (value, high)
        steep = math.exp((alpha - 1) * math.log(value) + (beta - 1) * math.log1p(-value) - constant)
        following = value - off / steep if steep > 0 else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - value) < _CLOSE:
            return following
        value = following
    return value


def log_beta(alpha: float, beta: float) -> float:
    """The logarithm of the beta function."""
    return math.lgamma(alpha) + math.lgamma(beta) - math.lgamma(alpha + beta)


def fit(groups: Iterable[tuple[int, int, float, float, int]]) -> float:
    """How well beta priors fit counts: the log of their beta-binomial likelihood.

    groups: (tries, contacts, the prior's mean, its strength in tries, how many groups are like it).
    """
    total = 0.0
    for tries, contacts, mean, strength, alike in groups:
        alpha, beta = strength * mean, strength * (1 - mean)
        total += alike * (log_beta(alpha + contacts, beta + tries - contacts) - log_beta(alpha, beta))
    return total
