"""Months in which steps are counted: kept for one zone a campaign, that of its own file.

A report asks for months of the campaign's zone, the store knows instants. So a campaign's counts are kept in one zone,
whose name stands in `fact_counts`; whoever asks for another has them counted anew from the standings.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

STEPS: Mapping[str, str] = {
    "attempted": "first_attempt_ms",
    "contacted": "first_contact_ms",
    "reached": "first_reached_ms",
    "carded": "card_ms",
    "registered": "registered_on",
    "paid": "paid_on",
}
"""The steps that are counted, each with the column of `standings` that says when it was taken first."""

_QUARTER_MS = 15 * 60 * 1000
_DAY_MS = 24 * 60 * 60 * 1000


def month_of(when: int | dt.date, zone: dt.tzinfo) -> str:
    """The month of `zone`, as '2005-10', of an instant in milliseconds, or of a day."""
    if isinstance(when, dt.date):
        return f"{when:%Y-%m}"
    # Offsets are multiples of a quarter of an hour and less than a day: most days lie in one month everywhere.
    return _month_everywhere(when // _DAY_MS) or _month(when // _QUARTER_MS, zone)


@lru_cache(maxsize=20_000)
def _month_everywhere(day: int) -> str:
    """The month in which a day of UTC, the day before it and the day after it lie; '' where they do not share one."""
    at = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    months = {f"{at + dt.timedelta(days=beside):%Y-%m}" for beside in (-1, 0, 1)}
    return months.pop() if len(months) == 1 else ""


@lru_cache(maxsize=100_000)
def _month(quarter: int, zone: dt.tzinfo) -> str:
    return f"{dt.datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, zone):%Y-%m}"


class StepCounts:
    """What is to be added to the counts of communities and months of a zone; kept up with the standings."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self._zone = zone
        self._found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(STEPS))

    def add(self, standing: Mapping[Any, Any], times: int = 1) -> None:
        """Count a row of `standings`; times -1 takes it back. Where its community is None it is in no list."""
        community = standing["community"]
        if community is not None:
            for at, column in enumerate(STEPS.values()):
                when = standing[column]
                if when is not None:
                    self._found[community, month_of(when, self._zone)][at] += times

    def move(self, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> None:
        """Take one row of `standings` back and count the one that follows it."""
        same = before["community"] == after["community"]
        for at, column in enumerate(STEPS.values()):
            old, new = before[column], after[column]
            if same and old == new:
                continue
            if old is not None and before["community"] is not None:
                self._found[before["community"], month_of(old, self._zone)][at] -= 1
            if new is not None and after["community"] is not None:
                self._found[after["community"], month_of(new, self._zone)][at] += 1

    def rows(self, campaign: str) -> list[dict[str, Any]]:
        """The counts that are not nought, as rows of `community_steps`."""
        return [
            {"campaign": campaign, "community": community, "month": month, **dict(zip(STEPS, counts, strict=True))}
            for (community, month), counts in sorted(self._found.items())
            if any(counts)
        ]


def counted(standings: Iterable[Mapping[Any, Any]], campaign: str, zone: dt.tzinfo) -> list[dict[str, Any]]:
    """The rows of `community_steps` that a campaign's standings come to."""
    counts = StepCounts(zone)
    for standing in standings:
        counts.add(standing)
    return counts.rows(campaign)


def by_month(rows: Iterable[Mapping[Any, Any]]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Rows of `community_steps` by community and month, in that order; nothing where nothing was done."""
    found = {(row["community"], row["month"]): tuple(row[step] for step in STEPS) for row in rows}
    return {key: found[key] for key in sorted(found) if any(found[key])}
