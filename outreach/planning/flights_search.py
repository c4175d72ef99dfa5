"""Reach often: branch and bound over boxes of U and T, each bounded by a linear programme and settled by CP-SAT."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from itertools import count

from outreach.planning.flights_bound import Relaxation
from outreach.planning.flights_model import CLOSE, Box, Choice, Found, Infeasible, Line

_NARROW = 0.003
"""Boxes in which the linear model is so near the truth are handed to CP-SAT."""

_TURN = 0.004
"""What solving one linear programme counts as, in deterministic seconds."""


def least_seldom(
    choice: Choice,
    relaxation: Relaxation,
    lines: Sequence[Line],
    budget_fen: int,
    start: tuple[list[list[int]], float] | None,
    effort: float,
) -> Found:
    """The plan with the lowest log P(seen fewer than three times).

    In a box the square of U lies above its tangent and below its chord, and log(1 + T) above its chord, so that a
    linear model bounds the box from below; every plan found is measured truly. The box whose bound is lowest is opened
    first and halved where its error is larger. start: a plan that is known, with its logarithm. Raises Infeasible.
    """
    best_counts, best = start or ([], math.inf)
    most_once, most_rest = (_most_of(lines, column, budget_fen) for column in ("once", "rest"))
    whole = Box(0.0, most_once, 0.0, most_once + most_rest + most_once**2 / 2)
    number = count()
    boxes = [(relaxation.bound(whole), next(number), whole)]
    settled, spent, each = math.inf, 0.0, min(effort / 8, 1.0)
    while boxes and boxes[0][0] < best - CLOSE and spent < effort:
        lowest, _number, box = heapq.heappop(boxes)
        if box.error < _NARROW:
            counts, bound, used = choice.in_box(box, best, each)
            spent += used
            if counts and (measured := choice.log_seldom(counts)) < best:
                best_counts, best = counts, measured
            lowest = max(lowest, bound)
            if box.error < CLOSE / 2 or lowest >= best - CLOSE:
                settled = min(settled, lowest)
                continue
        for half in box.halves():
            spent += _TURN
            bound = max(lowest, relaxation.bound(half))
            if bound < math.inf:
                heapq.heappush(boxes, (bound, next(number), half))
    open_bound = boxes[0][0] if boxes else math.inf
    if not best_counts and math.isinf(open_bound) and math.isinf(settled):
        raise Infeasible
    return Found(best_counts, min(best, settled, open_bound))


def _most_of(lines: Sequence[Line], column: str, budget_fen: int) -> float:
    """No purchase brings more of a column: each line at its best price a unit, the last one bought in part."""
    offers = []
    for line in lines:
        values = getattr(line.table, column)
        most = max(values)
        if most > 0:
            rate = max(value / max(line.price_fen * n, 1) for n, value in enumerate(values) if n)
            offers.append((rate, most))
    left, total = float(budget_fen), 0.0
    for rate, most in sorted(offers, reverse=True):
        cost = min(most / rate, left)
        total += cost * rate
        left -= cost
    return total
