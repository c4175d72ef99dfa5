"""Which line of a station's log is which placement: the most pairs within a tolerance, and of those the nearest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


def matched(
    planned: Sequence[dt.datetime], ran: Sequence[dt.datetime], tolerance: dt.timedelta
) -> list[tuple[int, int]]:
    """Pairs (index of planned, index of ran), each index once, no pair further apart than the tolerance.

    As many pairs as can be, and of those choices the one with the least minutes between them in all. Both in order of
    time, the best pairs never cross, so a table over prefixes finds them; moments further apart than the tolerance from
    all others cut it into small ones.
    """
    found: list[tuple[int, int]] = []
    for group in _clusters(planned, ran, tolerance):
        plans = [index for index, is_plan in group if is_plan]
        runs = [index for index, is_plan in group if not is_plan]
        found += _best(plans, runs, planned, ran, tolerance)
    return sorted(found)


def _clusters(
    planned: Sequence[dt.datetime], ran: Sequence[dt.datetime], tolerance: dt.timedelta
) -> list[list[tuple[int, bool]]]:
    moments = sorted(
        [(moment, index, True) for index, moment in enumerate(planned)]
        + [(moment, index, False) for index, moment in enumerate(ran)]
    )
    groups: list[list[tuple[int, bool]]] = []
    last: dt.datetime | None = None
    for moment, index, is_plan in moments:
        if last is None or moment - last > tolerance:
            groups.append([])
        groups[-1].append((index, is_plan))
        last = moment
    return groups


def _best(
    plans: Sequence[int],
    runs: Sequence[int],
    planned: Sequence[dt.datetime],
    ran: Sequence[dt.datetime],
    tolerance: dt.timedelta,
) -> list[tuple[int, int]]:
    # score[i][j]: (pairs, less seconds apart) of the first i plans and j runs; the greatest is the best.
    score = [[(0, 0.0)] * (len(runs) + 1) for _row in range(len(plans) + 1)]
    for i, plan in enumerate(plans, start=1):
        for j, run in enumerate(runs, start=1):
            best = max(score[i - 1][j], score[i][j - 1])
            apart = abs(planned[plan] - ran[run])
            if apart <= tolerance:
                pairs, less = score[i - 1][j - 1]
                best = max(best, (pairs + 1, less - apart.total_seconds()))
            score[i][j] = best
    found = []
    i, j = len(plans), len(runs)
    while i and j:
        if score[i][j] == score[i - 1][j]:
            i -= 1
        elif score[i][j] == score[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((plans[i], runs[j]))
    return found
