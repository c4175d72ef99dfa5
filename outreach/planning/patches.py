"""Where officers start from when nobody has said: the middles of equal patches of the town.

A bureau whose officers all set out from one office gives the assignment no distances to go by. The town is
then cut into as many patches as there are officers, by halving it again and again across its longer side,
each half getting households in proportion to its officers; an officer's base is the middle of a patch.
"""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def patch_centres(points: Sequence[Point], patches: int) -> list[Point]:
    """The middles of `patches` patches of equal count, in metres as `points` are; fewer points repeat a middle.

    Deterministic, whatever the order of the points.
    """
    return _cut(sorted(points), patches)


def _cut(points: list[Point], patches: int) -> list[Point]:
    if patches == 1 or len(points) < 2:
        return [_middle(points)] * patches
    left = patches // 2
    wide = _span(points, 0) >= _span(points, 1)
    ordered = sorted(points, key=lambda point: point if wide else (point[1], point[0]))
    border = max(1, min(len(points) - 1, round(len(points) * left / patches)))
    return _cut(ordered[:border], left) + _cut(ordered[border:], patches - left)


def _span(points: Sequence[Point], axis: int) -> float:
    values = [point[axis] for point in points]
    return max(values) - min(values)


def _middle(points: Sequence[Point]) -> Point:
    if not points:
        return (0.0, 0.0)
    return (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))
