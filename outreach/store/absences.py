"""Officers' leave: the days on which somebody cannot be planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from outreach.store import schema as t
from outreach.store.instants import to_ms


@dataclass(frozen=True, slots=True)
class Absence:
    """One stretch of days away, both ends included. officer: the staff code, not the post."""

    id: str
    officer: str
    first: dt.date
    last: dt.date
    reason: str

    def days(self) -> Iterator[dt.date]:
        """Every day of it."""
        return (self.first + dt.timedelta(days=offset) for offset in range((self.last - self.first).days + 1))


class Absences:
    """Reads and writes leave, over one connection. Leave that was called off is lifted, never deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> list[Absence]:
        """The leave that touches the days from `first` to `last`, in order of days."""
        query = (
            select(t.absences.c.id, t.absences.c.officer, t.absences.c.first, t.absences.c.last, t.absences.c.reason)
            .where(t.absences.c.lifted_ms.is_(None), t.absences.c.first <= last, t.absences.c.last >= first)
            .order_by(t.absences.c.first, t.absences.c.officer, t.absences.c.id)
        )
        return [Absence(*row) for row in self._connection.execute(query)]

    def days_away(self, first: dt.date, last: dt.date) -> dict[str, frozenset[dt.date]]:
        """The days from `first` to `last` on which each officer (staff code) is away; those never away are left out."""
        found: dict[str, set[dt.date]] = {}
        for absence in self.in_force(first, last):
            found.setdefault(absence.officer, set()).update(day for day in absence.days() if first <= day <= last)
        return {officer: frozenset(days) for officer, days in found.items()}

    def add(self, absences: Iterable[Absence], recorded: dt.datetime) -> None:
        """Write leave that is not there yet."""
        rows = [
            {"id": one.id, "officer": one.officer, "first": one.first, "last": one.last, "reason": one.reason}
            | {"recorded_ms": to_ms(recorded)}
            for one in absences
        ]
        if rows:
            self._connection.execute(insert(t.absences), rows)

    def lift(self, ids: Iterable[str], at: dt.datetime) -> None:
        """Call leave off."""
        wanted = list(ids)
        self._connection.execute(update(t.absences).where(t.absences.c.id.in_(wanted)).values(lifted_ms=to_ms(at)))
