"""Officers who are not to have a household: kept for good, lifted rather than deleted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from outreach.store import schema as t
from outreach.store.effective import read_as
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One household that one officer is not to have. officer: the staff code, not the post; lifted: None in force."""

    id: str
    household: str
    officer: str
    reason: str
    recorded: dt.datetime
    lifted: dt.datetime | None = None


class Exclusions:
    """Reads and writes exclusions, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Exclusion, household_id: int) -> None:
        """Record an exclusion of the household with that row id."""
        self._connection.execute(
            insert(t.exclusions).values(
                id=one.id,
                household_id=household_id,
                officer=one.officer,
                reason=one.reason,
                lifted_ms=None,
                recorded_ms=to_ms(one.recorded),
            )
        )

    def lift(self, exclusion_id: str, at: dt.datetime) -> None:
        """Take an exclusion back."""
        self._connection.execute(
            update(t.exclusions).where(t.exclusions.c.id == exclusion_id).values(lifted_ms=to_ms(at))
        )

    def all(self, zone: dt.tzinfo, *, lifted: bool = False) -> list[Exclusion]:
        """Every exclusion in force, in the order they were recorded; lifted: those taken back as well."""
        query = select(t.exclusions, t.households.c.code).select_from(read_as(t.exclusions))
        if not lifted:
            query = query.where(t.exclusions.c.lifted_ms.is_(None))
        query = query.order_by(t.exclusions.c.recorded_ms, t.exclusions.c.id)
        return [
            Exclusion(
                id=row["id"],
                household=row["code"],
                officer=row["officer"],
                reason=row["reason"],
                recorded=from_ms(row["recorded_ms"], zone),
                lifted=from_ms_or_none(row["lifted_ms"], zone),
            )
            for row in self._connection.execute(query).mappings()
        ]
