"""What is each officer's share: part-time posts, caps, rounding, slack.

The rule: open bases (share above 0) get the whole in proportion to their shares; where that passes a cap, the
base gets its cap and the others divide the rest in proportion. Each base's count is its exact share
rounded down or up, widened by the slack; hard cases are shared out in the same proportion, rounded alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from outreach.planning.flow import Ints
from outreach.planning.terms import Base
from outreach.planning.town import Limits
from outreach.planning.ways import Floats

HAIR = 1e-9
"""Shares this near to a whole number are whole; decimals such as 0.1 are not exact in binary."""


def exact_shares(total: float, bases: Sequence[Base], cap_unit: float = 1.0) -> list[float]:
    """How much of `total` each open base is asked to take; cap_unit: what one household counts against a cap.

    The caps hold the total at least; see `rules_faults`.
    """
    shares = [0.0] * len(bases)
    waiting = list(range(len(bases)))
    left = total
    while waiting:
        per_share = left / math.fsum(bases[number].share for number in waiting)
        full = [
            number
            for number in waiting
            if (most := bases[number].most) is not None and most * cap_unit < bases[number].share * per_share
        ]
        for number in full or waiting:
            most = bases[number].most
            shares[number] = most * cap_unit if full and most is not None else bases[number].share * per_share
        if not full:
            break
        left = total - math.fsum(shares)
        waiting = [number for number in waiting if number not in set(full)]
    return shares


def household_limits(shares: Sequence[float], hard: int, bases: Sequence[Base], slack: float) -> Limits:
    """The counts each base may get. shares: exact, in households; hard: hard cases in all; slack: per cent."""
    total = math.fsum(shares)
    low, high = _rounded(np.asarray(shares), slack)
    most = _most(bases, round(total))
    return Limits(low, np.minimum(high, most), most, *_rounded(np.asarray(shares) * (hard / total), slack))


def minute_limits(
    shares: Sequence[float], households: int, hard: int, bases: Sequence[Base], slack: float, stray: int
) -> Limits:
    """The minutes each base may get, less than `stray` beside its share and the slack.

    shares: exact, in minutes; households, hard: in all.
    """
    part = np.asarray(shares) / math.fsum(shares)
    low, high = _rounded(np.asarray(shares), slack)
    return Limits(
        np.maximum(low - stray + 1, 0), high + stray - 1, _most(bases, households), *_rounded(part * hard, slack)
    )


def _most(bases: Sequence[Base], everybody: int) -> Ints:
    return np.array([everybody if base.most is None else min(base.most, everybody) for base in bases], dtype=np.int64)


def _rounded(shares: Floats, slack: float) -> tuple[Ints, Ints]:
    low = np.floor(shares * max(0.0, 1 - slack / 100) + HAIR).astype(np.int64)
    high = np.ceil(shares * (1 + slack / 100) - HAIR).astype(np.int64)
    return low, high
