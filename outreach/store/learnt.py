"""What was learnt from a campaign's tries, kept so that nobody has to read all of them again for one list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from outreach.store import schema as t
from outreach.store.instants import to_ms
from outreach.store.upsert import put


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt. rules: a digest of what it hangs on beside the tries; changes: see `Learnt.changes`."""

    rules: str
    changes: int
    content: Mapping[str, Any]


class Learnt:
    """Reads and writes what was learnt, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def changes(self, campaign: str) -> int:
        """How often a fact of the campaign was added, or a household changed; it only grows."""
        c = t.fact_counts.c
        query = select(c.changes).where(c.campaign.in_(("", campaign)))
        return sum(self._connection.execute(query).scalars())

    def find(self, campaign: str) -> Lesson | None:
        """What was learnt last, or None."""
        c = t.learnt.c
        row = self._connection.execute(select(c.rules, c.changes, c.content).where(c.campaign == campaign)).first()
        return None if row is None else Lesson(row.rules, row.changes, row.content)

    def keep(self, campaign: str, lesson: Lesson, at: dt.datetime) -> None:
        """Put this in the place of what was learnt before."""
        row = {
            "campaign": campaign,
            "rules": lesson.rules,
            "changes": lesson.changes,
            "learnt_ms": to_ms(at),
            "content": lesson.content,
        }
        put(self._connection, t.learnt, [row], ("campaign",))
