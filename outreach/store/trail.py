"""Rows of the audit trail: appended one after another, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, text

from outreach.store import schema as t


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the store. position: from 1; at_ms: milliseconds since 1970 in UTC.

    what: plain JSON. previous, digest: hexadecimal; see services/trail.py for how they are made.
    """

    position: int
    at_ms: int
    by: str
    action: str
    what: dict[str, Any]
    previous: str
    digest: str


class Trail:
    """Reads and appends entries, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """Let nobody else append until this transaction ends.

        A writer of the store has its turn alone already; on a server, where other programs may write, the table too.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE audit_entries IN SHARE ROW EXCLUSIVE MODE"))

    def last(self) -> Entry | None:
        """The newest entry."""
        row = self._connection.execute(select(t.audit_entries).order_by(t.audit_entries.c.position.desc()).limit(1))
        found = row.mappings().first()
        return Entry(**found) if found else None

    def add(self, entry: Entry) -> None:
        """Append an entry."""
        self._connection.execute(
            insert(t.audit_entries).values({name: getattr(entry, name) for name in Entry.__slots__})
        )

    def entries(self, *, since_ms: int = 0) -> Iterator[Entry]:
        """Entries from `since_ms` on, in their order."""
        query = select(t.audit_entries).where(t.audit_entries.c.at_ms >= since_ms).order_by(t.audit_entries.c.position)
        return (Entry(**row) for row in self._connection.execute(query).mappings())
