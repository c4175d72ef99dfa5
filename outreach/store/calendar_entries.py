"""What was sent to calendars: the number, the state and the content of every entry, calendar by calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from outreach.store import schema as t
from outreach.store.instants import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class SentEntry:
    """An entry as it was last sent. status: of RFC 5545. content: plain JSON. changed: when it became so."""

    uid: str
    sequence: int
    status: str
    content: Mapping[str, Any]
    changed: dt.datetime


class CalendarEntries:
    """Reads and writes what was sent, over one connection. An entry is never forgotten: its number only grows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sent(self, calendar: str, zone: dt.tzinfo) -> dict[str, SentEntry]:
        """The entries of one calendar by uid."""
        table = t.calendar_entries
        query = select(table).where(table.c.calendar == calendar).order_by(table.c.uid)
        return {
            row["uid"]: SentEntry(
                row["uid"], row["sequence"], row["status"], row["content"], from_ms(row["changed_ms"], zone)
            )
            for row in self._connection.execute(query).mappings()
        }

    def calendars(self, beginning: str) -> list[str]:
        """The names of the calendars that begin so, in order."""
        table = t.calendar_entries
        query = select(table.c.calendar).where(table.c.calendar.startswith(beginning, autoescape=True)).distinct()
        return sorted(self._connection.execute(query).scalars())

    def remember(self, calendar: str, entries: Iterable[SentEntry]) -> None:
        """Put entries in the place of what was sent under their uids."""
        rows = [
            {
                "calendar": calendar,
                "uid": entry.uid,
                "sequence": entry.sequence,
                "status": entry.status,
                "content": dict(entry.content),
                "changed_ms": to_ms(entry.changed),
            }
            for entry in entries
        ]
        table = t.calendar_entries
        for row in rows:
            self._connection.execute(delete(table).where(table.c.calendar == calendar, table.c.uid == row["uid"]))
        if rows:
            self._connection.execute(insert(table), rows)
