"""Rows of suppressions: kept for good, lifted rather than deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from outreach.domain.suppression import Suppression
from outreach.store import schema as t
from outreach.store.effective import Numbers, read_as, recorded_for
from outreach.store.instants import from_ms, from_ms_or_none, to_ms
from outreach.store.upsert import rows_among

_STANDING = select(t.suppressions).where(t.suppressions.c.lifted_ms.is_(None))
_COLUMNS = tuple(t.suppressions.c.keys())


class Suppressions:
    """Reads and writes suppressions, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Suppression, household_id: int) -> None:
        """Record a suppression of the household with that row id."""
        self._connection.execute(
            insert(t.suppressions).values(
                id=one.id,
                household_id=household_id,
                person=one.person,
                channel=one.channel,
                starts=one.starts,
                until=one.until,
                reason=one.reason,
                lifted_ms=None if one.lifted is None else to_ms(one.lifted),
                recorded_ms=to_ms(one.recorded),
            )
        )

    def lift(self, suppression_id: str, at: dt.datetime) -> bool:
        """Take a standing suppression back; False where there is none of that id, or it is lifted already."""
        done = self._connection.execute(
            update(t.suppressions)
            .where(t.suppressions.c.id == suppression_id, t.suppressions.c.lifted_ms.is_(None))
            .values(lifted_ms=to_ms(at))
        )
        return done.rowcount > 0

    def all(self, zone: dt.tzinfo, *, lifted: bool = False, of: Collection[str] | None = None) -> list[Suppression]:
        """Every suppression that stands, in the order they were recorded; lifted: those taken back as well.

        of: only those of these households, by their codes.
        """
        query = select(t.suppressions, t.households.c.code).select_from(read_as(t.suppressions))
        if of is not None:
            query = query.where(recorded_for(t.suppressions, of))
        if not lifted:
            query = query.where(t.suppressions.c.lifted_ms.is_(None))
        query = query.order_by(t.suppressions.c.recorded_ms, t.suppressions.c.id)
        numbers = Numbers(self._connection)
        return [_suppression(row, row["code"], numbers, zone) for row in self._connection.execute(query).mappings()]

    def standing_of(self, zone: dt.tzinfo, codes: Mapping[int, str]) -> list[Suppression]:
        """Those that stand of some households, in no order; codes: by row id the code of the one it is read as."""
        numbers = Numbers(self._connection)
        found = rows_among(self._connection, _STANDING, t.suppressions.c.household_id, sorted(codes))
        rows = (dict(zip(_COLUMNS, row, strict=True)) for row in found)
        return [_suppression(row, codes[row["household_id"]], numbers, zone) for row in rows]


def _suppression(row: Mapping[Any, Any], code: str, numbers: Numbers, zone: dt.tzinfo) -> Suppression:
    return Suppression(
        id=row["id"],
        household=code,
        person=numbers.of(row["household_id"], row["person"]),
        channel=row["channel"],
        starts=row["starts"],
        until=row["until"],
        reason=row["reason"],
        recorded=from_ms(row["recorded_ms"], zone),
        lifted=from_ms_or_none(row["lifted_ms"], zone),
    )
