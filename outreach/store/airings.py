"""Rows of what was aired; they are appended, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, insert, select

from outreach.domain.airing import AirState, AsRun
from outreach.store import schema as t
from outreach.store.instants import from_ms_or_none, to_ms

_BATCH = 500


class Airings:
    """Reads and appends what ran, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, campaign: str, facts: Sequence[tuple[AsRun, str | None]], recorded: dt.datetime) -> None:
        """Append facts with their row keys."""
        rows = [
            {
                "id": fact.id,
                "campaign": campaign,
                "placement": fact.placement,
                "channel": fact.channel,
                "place": fact.place,
                "state": fact.state.value,
                "at_ms": None if fact.at is None else to_ms(fact.at),
                "seconds": fact.seconds,
                "source": fact.source,
                "note": fact.note,
                "corrects": fact.corrects,
                "row_key": row_key,
                "recorded_ms": to_ms(recorded),
            }
            for fact, row_key in facts
        ]
        if rows:
            self._connection.execute(insert(t.as_run), rows)

    def known_keys(self, row_keys: Sequence[str]) -> set[str]:
        """Those of these row keys that are stored."""
        found: set[str] = set()
        for start in range(0, len(row_keys), _BATCH):
            query = select(t.as_run.c.row_key).where(t.as_run.c.row_key.in_(row_keys[start : start + _BATCH]))
            found.update(key for key in self._connection.execute(query).scalars() if key)
        return found

    def of(self, campaign: str, zone: dt.tzinfo) -> list[AsRun]:
        """Every fact of a campaign in the order they were recorded, those corrected included."""
        query = select(t.as_run).where(t.as_run.c.campaign == campaign).order_by(t.as_run.c.recorded_ms, t.as_run.c.id)
        return [_fact(row, zone) for row in self._connection.execute(query).mappings()]


def _fact(row: RowMapping, zone: dt.tzinfo) -> AsRun:
    return AsRun(
        id=row["id"],
        placement=row["placement"],
        channel=row["channel"],
        place=row["place"],
        state=AirState(row["state"]),
        at=from_ms_or_none(row["at_ms"], zone),
        seconds=row["seconds"],
        source=row["source"],
        note=row["note"],
        corrects=row["corrects"],
    )
