"""A town's target dealt out to officers and areas in proportion to the households they have in scope.

The same number for everybody is unfair: whoever has more households, or easier ones, would look better than they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def apportion(total: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """`total` in whole parts in proportion to `weights`; the parts add up to it.

    By largest remainders (Hamilton's method); of equal ones the first by name. Where all weights are 0, all parts are.
    """
    whole = sum(weights.values(), Fraction())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts
