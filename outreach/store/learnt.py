"""What was learnt from a campaign's tries, kept so that nobody has to read all of them again for one list."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, or_, select

from outreach.store import schema as t
from outreach.store.instants import to_ms
from outreach.store.upsert import put, rows_of


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt, as JSON. rules: a digest of what it hangs on beside the tries; changes: see `Learnt.changes`."""

    rules: str
    changes: int
    content: str


_CAMPAIGN: Any = bindparam("campaign")
_c, _l = t.fact_counts.c, t.learnt.c
_CHANGES = select(_c.changes).where(or_(_c.campaign == "", _c.campaign == _CAMPAIGN))
_LEARNT = select(_l.rules, _l.changes, cast(_l.content, Text)).where(_l.campaign == _CAMPAIGN)


class Learnt:
    """Reads and writes what was learnt, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def changes(self, campaign: str) -> int:
        """How often a fact of the campaign was added, or a household changed; it only grows."""
        return sum(changes for (changes,) in rows_of(self._connection, _CHANGES, campaign=campaign))

    def find(self, campaign: str) -> Lesson | None:
        """What was learnt last, or None."""
        rows = rows_of(self._connection, _LEARNT, campaign=campaign)
        return Lesson(*rows[0]) if rows else None

    def keep(self, campaign: str, lesson: Lesson, at: dt.datetime) -> None:
        """Put this in the place of what was learnt before."""
        row = {
            "campaign": campaign,
            "rules": lesson.rules,
            "changes": lesson.changes,
            "learnt_ms": to_ms(at),
            "content": json.loads(lesson.content),
        }
        put(self._connection, t.learnt, [row], ("campaign",))
