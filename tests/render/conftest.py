"""What tests of printed pages share: whether signs lie on each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Box = tuple[float, float, float, float]


@pytest.fixture(scope="session")
def overlaps() -> Callable[[set[Box]], int]:
    """overlaps(boxes) -> how many pairs share more than a third of the smaller one."""
    return _overlaps


def _overlaps(boxes: set[Box]) -> int:
    found = 0
    ordered = sorted(boxes)
    for rank, one in enumerate(ordered):
        for other in ordered[rank + 1 :]:
            if other[0] >= one[2]:
                break
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
            found += across > 0 and down > 0 and across * down > smaller / 3
    return found
