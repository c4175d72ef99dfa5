"""Rows of proposed addresses: decided once, never deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, insert, select, update

from outreach.domain.correction import AddressProposal
from outreach.domain.people import Address
from outreach.store import schema as t
from outreach.store.effective import read_as
from outreach.store.instants import from_ms, from_ms_or_none, to_ms

_LINE = "line"


class Corrections:
    """Reads and writes proposed addresses, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: AddressProposal, household_id: int) -> None:
        """Record a proposal about the household with that row id."""
        self._connection.execute(
            insert(t.address_proposals).values(
                id=one.id,
                household_id=household_id,
                old=asdict(one.old),
                new={_LINE: one.line, **(asdict(one.new) if one.new else {})},
                source=one.source,
                note=one.note,
                proposed_ms=to_ms(one.proposed),
                proposed_by=one.proposed_by,
                decision=one.decision,
                decided_by=one.decided_by,
            )
        )

    def decide(self, proposal_id: str, decision: str, note: str, at: dt.datetime, by: str) -> None:
        """Note what was decided, and why; the proposal stays."""
        self._connection.execute(
            update(t.address_proposals)
            .where(t.address_proposals.c.id == proposal_id)
            .values(decision=decision, note=note, decided_ms=to_ms(at), decided_by=by)
        )

    def all(
        self, zone: dt.tzinfo, *, decided: bool = False, households: Collection[str] | None = None
    ) -> list[AddressProposal]:
        """Open proposals in the order they were made; decided: the others as well. households: only theirs, by code."""
        query = select(t.address_proposals, t.households.c.code).select_from(read_as(t.address_proposals))
        if not decided:
            query = query.where(t.address_proposals.c.decision == "")
        query = query.order_by(t.address_proposals.c.proposed_ms, t.address_proposals.c.id)
        found = [_proposal(row, zone) for row in self._connection.execute(query).mappings()]
        return [one for one in found if households is None or one.household in households]


def _proposal(row: RowMapping, zone: dt.tzinfo) -> AddressProposal:
    new = dict(row["new"])
    line = new.pop(_LINE, "")
    return AddressProposal(
        id=row["id"],
        household=row["code"],
        old=Address(**row["old"]),
        line=line,
        new=Address(**new) if new else None,
        source=row["source"],
        note=row["note"],
        proposed=from_ms(row["proposed_ms"], zone),
        proposed_by=row["proposed_by"],
        decision=row["decision"],
        decided=from_ms_or_none(row["decided_ms"], zone),
        decided_by=row["decided_by"],
    )
