"""Rows of cases and of their steps; steps are appended, never changed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, insert, select, update

from outreach.domain.calendar import STEPS
from outreach.domain.case import Case, StepDone
from outreach.store import schema as t
from outreach.store.effective import Numbers, recorded
from outreach.store.instants import to_ms


class Cases:
    """Reads and writes cases, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, campaign: str) -> list[Case]:
        """The cases of a campaign, by day of the application and number."""
        kept = func.coalesce(recorded.c.merged_into, recorded.c.id)
        own = t.cases.outerjoin(recorded, recorded.c.id == t.cases.c.household_id)
        query = (
            select(t.cases, t.households.c.code)
            .select_from(own.outerjoin(t.households, t.households.c.id == kept))
            .where(t.cases.c.campaign == campaign)
        )
        numbers = Numbers(self._connection)
        found = [
            Case(
                id=row["id"],
                number=row["number"],
                received=row["received"],
                household=row["code"] or "",
                person=row["person"] if row["household_id"] is None else numbers.of(row["household_id"], row["person"]),
                who=row["who"],
                officer=row["officer"],
                note=row["note"],
            )
            for row in self._connection.execute(query).mappings()
        ]
        return sorted(found, key=lambda one: (one.received, one.number))

    def steps(self, campaign: str) -> dict[str, list[StepDone]]:
        """Every fact about steps, those corrected included, by the case's id."""
        query = select(t.case_steps).join(t.cases).where(t.cases.c.campaign == campaign).order_by(t.case_steps.c.id)
        found: dict[str, list[StepDone]] = defaultdict(list)
        for row in self._connection.execute(query).mappings():
            found[row["case_id"]].append(
                StepDone(
                    id=row["id"],
                    case=row["case_id"],
                    step=STEPS[row["step"] - 1],
                    on=row["on"],
                    by=row["by"],
                    note=row["note"],
                    corrects=row["corrects"],
                )
            )
        return found

    def add(self, campaign: str, cases: Sequence[Case], household_ids: Mapping[str, int], at: dt.datetime) -> None:
        """Insert cases that are not there yet."""
        rows = [
            {"id": one.id, "campaign": campaign, "recorded_ms": to_ms(at), **_columns(one, household_ids)}
            for one in cases
        ]
        if rows:
            self._connection.execute(insert(t.cases), rows)

    def change(self, cases: Sequence[Case], household_ids: Mapping[str, int]) -> None:
        """Replace what is said of cases that are there; their ids stay."""
        for one in cases:
            self._connection.execute(
                update(t.cases).where(t.cases.c.id == one.id).values(**_columns(one, household_ids))
            )

    def append_steps(self, steps: Sequence[StepDone], recorded: dt.datetime) -> None:
        """Append facts about steps."""
        rows = [
            {
                "id": one.id,
                "case_id": one.case,
                "step": STEPS.index(one.step) + 1,
                "on": one.on,
                "by": one.by,
                "note": one.note,
                "corrects": one.corrects,
                "recorded_ms": to_ms(recorded),
            }
            for one in steps
        ]
        if rows:
            self._connection.execute(insert(t.case_steps), rows)


def _columns(one: Case, household_ids: Mapping[str, int]) -> dict[str, str | int | dt.date | None]:
    return {
        "number": one.number,
        "household_id": household_ids[one.household] if one.household else None,
        "person": one.person,
        "who": one.who,
        "officer": one.officer,
        "received": one.received,
        "note": one.note,
    }
