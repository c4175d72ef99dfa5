"""Periods in which steps are counted: months that are the same month in every zone, and quarter-hours at their edges.

A report asks for months of its own zone, the store knows instants. Most instants lie so far inside a month of UTC that
they belong to it everywhere ('2005-10'). Those within half a day of its edge are counted by the quarter-hour
('2005-10-31T16:15', UTC), which every zone puts whole into one month: offsets are multiples of 15 minutes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from outreach.store import schema as t

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
# Offsets from UTC reach from -12 to +14 hours.
_WEST, _EAST = dt.timedelta(hours=12), dt.timedelta(hours=14)


def period_of(when: int | dt.date) -> str:
    """The period of an instant in milliseconds, or of a day: a day belongs to its month."""
    return f"{when:%Y-%m}" if isinstance(when, dt.date) else _period(when // _QUARTER_MS)


@lru_cache(maxsize=100_000)
def _period(quarter: int) -> str:
    at = dt.datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, dt.UTC)
    begins = at.replace(day=1, hour=0, minute=0)
    ends = (begins + dt.timedelta(days=32)).replace(day=1)
    edge = at - begins < _WEST or ends - at <= _EAST
    return f"{at:%Y-%m-%dT%H:%M}" if edge else f"{at:%Y-%m}"


def month_of(period: str, zone: dt.tzinfo) -> str:
    """The month of `zone`, as '2005-10', that a period lies in."""
    if "T" not in period:
        return period
    return f"{dt.datetime.fromisoformat(period).replace(tzinfo=dt.UTC).astimezone(zone):%Y-%m}"


def months_between(first: str, last: str, zone: dt.tzinfo) -> list[tuple[str, str]]:
    """The months of `zone` that hold the periods from `first` to `last`, each with the quarter-hour it ends before."""
    year, month = map(int, month_of(first, zone).split("-"))
    end = month_of(last, zone)
    found: list[tuple[str, str]] = []
    while not found or found[-1][0] < end:
        name = f"{year:04d}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        ends = dt.datetime(year, month, 1, tzinfo=zone).astimezone(dt.UTC)
        found.append((name, f"{ends:%Y-%m-%dT%H:%M}"))
    return found


class StepCounts:
    """What is to be added to the counts of communities and periods; kept up with the standings, row by row."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(STEPS))

    def add(self, standing: Mapping[Any, Any], times: int = 1) -> None:
        """Count a row of `standings`; times -1 takes it back. Where its community is None it is in no list."""
        community = standing["community"]
        if community is not None:
            for at, column in enumerate(STEPS.values()):
                when = standing[column]
                if when is not None:
                    self._found[community, period_of(when)][at] += times

    def move(self, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> None:
        """Take one row of `standings` back and count the one that follows it."""
        same = before["community"] == after["community"]
        for at, column in enumerate(STEPS.values()):
            old, new = before[column], after[column]
            if same and old == new:
                continue
            if old is not None and before["community"] is not None:
                self._found[before["community"], period_of(old)][at] -= 1
            if new is not None and after["community"] is not None:
                self._found[after["community"], period_of(new)][at] += 1

    def rows(self, campaign: str) -> list[dict[str, Any]]:
        """The counts that are not nought, as rows of `community_steps`."""
        return [
            {"campaign": campaign, "community": community, "period": period, **dict(zip(STEPS, counts, strict=True))}
            for (community, period), counts in sorted(self._found.items())
            if any(counts)
        ]


def counted(standings: Iterable[Mapping[Any, Any]], campaign: str) -> list[dict[str, Any]]:
    """The rows of `community_steps` that a campaign's standings come to."""
    counts = StepCounts()
    for standing in standings:
        counts.add(standing)
    return counts.rows(campaign)


def by_month(rows: Iterable[Mapping[str, Any]], zone: dt.tzinfo) -> dict[tuple[str, str], tuple[int, ...]]:
    """Rows of `community_steps` by community and month of a zone; nothing where nothing was done."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(STEPS))
    for row in rows:
        mine = found[row["community"], month_of(row["period"], zone)]
        for at, step in enumerate(STEPS):
            mine[at] += row[step]
    return {key: tuple(found[key]) for key in sorted(found) if any(found[key])}


def count_communities(connection: Connection, campaign: str | None = None) -> None:
    """Count `community_steps` anew from the standings; of every campaign where None."""
    s, steps = t.standings.c, t.community_steps
    campaigns = [campaign] if campaign is not None else connection.execute(select(s.campaign).distinct()).scalars()
    for name in sorted(campaigns):
        connection.execute(delete(steps).where(steps.c.campaign == name))
        columns = (s.community, *(s[column] for column in STEPS.values()))
        rows = counted(connection.execute(select(*columns).where(s.campaign == name)).mappings(), name)
        if rows:
            connection.execute(insert(steps), rows)
