"""Rows of cases and of their steps; steps are appended, never changed, and what is said of a case knows when it was."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from outreach.domain.calendar import STEPS
from outreach.domain.case import Case, StepDone
from outreach.store import schema as t
from outreach.store.effective import Numbers, recorded
from outreach.store.instants import to_ms

_FIELDS = ("received", "household", "who", "officer", "note")
"""What is said of a case, each with the moment it was said; a person's number goes with the household."""


class Cases:
    """Reads and writes cases, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, campaign: str) -> list[Case]:
        """The cases of a campaign, by day of the application and number."""
        c = t.cases.c
        kept = func.coalesce(recorded.c.merged_into, recorded.c.id)
        own = t.cases.outerjoin(recorded, recorded.c.id == c.household_id)
        query = (
            select(c.id, c.number, c.received, c.household_id, c.person, c.who, c.officer, c.note, t.households.c.code)
            .select_from(own.outerjoin(t.households, t.households.c.id == kept))
            .where(c.campaign == campaign)
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
        found: dict[str, list[StepDone]] = defaultdict(list)
        for row in self._connection.execute(_steps(campaign)).mappings():
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
        rows = []
        for one in cases:
            said = _said(one)
            told = {field: to_ms(at) for field in _FIELDS if said[field] not in ("", _NOBODY)}
            rows.append(_row(campaign, one.id, one.number, said, told, household_ids, to_ms(at)))
        if rows:
            self._connection.execute(insert(t.cases), rows)

    def change(self, pairs: Sequence[tuple[Case, Case]], household_ids: Mapping[str, int], at: dt.datetime) -> None:
        """Replace what is said of cases that are there, each as (before, after); their ids and numbers stay."""
        for before, after in pairs:
            was, said = _said(before), _said(after)
            fields = [field for field in _FIELDS if said[field] != was[field]]
            key = t.cases.c.id == after.id
            told = dict(self._connection.execute(select(t.cases.c.told_ms).where(key)).scalar_one())
            # Later than what it takes the place of, whatever the clock of the machine that said that.
            told |= {field: max(to_ms(at), told.get(field, 0) + 1) for field in fields}
            self._update(after.id, {field: said[field] for field in fields}, told, household_ids)

    def _update(
        self, case_id: str, said: Mapping[str, Any], told: Mapping[str, int], household_ids: Mapping[str, int]
    ) -> None:
        values = _columns(said, household_ids) | {"told_ms": dict(told)}
        self._connection.execute(update(t.cases).where(t.cases.c.id == case_id).values(**values))

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

    # --- logs of several machines ---

    def log(self, campaign: str) -> Iterator[dict[str, Any]]:
        """Every case as plain values with its steps, by number: days are ISO texts, the household its code or ''."""
        steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._connection.execute(_steps(campaign)).mappings():
            own = {name: row[name] for name in _STEP_FIELDS} | {"on": row["on"].isoformat()}
            steps[row["case_id"]].append(own)
        c = t.cases.c
        for row in self._connection.execute(self._rows(campaign).order_by(c.number, c.id)).mappings():
            yield {
                "fact": "case",
                "id": row["id"],
                "number": row["number"],
                "received": row["received"].isoformat(),
                "household": row["code"] or "",
                "person": row["person"],
                "who": row["who"],
                "officer": row["officer"],
                "note": row["note"],
                "told_ms": {field: row["told_ms"][field] for field in _FIELDS if field in row["told_ms"]},
                "recorded_ms": row["recorded_ms"],
                "steps": steps[row["id"]],
            }

    def append_log(self, campaign: str, facts: Sequence[Mapping[str, Any]], household_ids: Mapping[str, int]) -> int:
        """Take in cases as `log` gives them; returns how many brought anything new.

        Steps are a union. Of what two machines say of one case, the later said stands, field by field; of what was
        said at one moment the greater, so that every order of logs ends alike. A case is known by its number.
        """
        mine = {row["number"]: dict(row) for row in self._connection.execute(self._rows(campaign)).mappings()}
        known = set(self._connection.execute(select(t.case_steps.c.id)).scalars())
        new = 0
        for fact in facts:
            theirs = _said_in(fact)
            own = mine.get(fact["number"])
            if own is None:
                row = _row(campaign, fact["id"], fact["number"], theirs, fact["told_ms"], household_ids,
                           fact["recorded_ms"])  # fmt: skip
                self._connection.execute(insert(t.cases).values(**row))
                mine[fact["number"]] = own = row | {"code": fact["household"]}
                news = True
            else:
                news = self._join(own, theirs, fact["told_ms"], household_ids)
            steps = [
                {**step, "on": dt.date.fromisoformat(step["on"]), "case_id": own["id"]}
                for step in fact["steps"]
                if step["id"] not in known
            ]
            known |= {step["id"] for step in steps}
            if steps:
                self._connection.execute(insert(t.case_steps), steps)
            new += bool(news or steps)
        return new

    def _join(
        self, own: dict[str, Any], theirs: Mapping[str, Any], told: Mapping[str, int], household_ids: Mapping[str, int]
    ) -> bool:
        """Let what they said later stand in our row; returns whether anything did."""
        ours = {name: own[name] for name in ("received", "who", "officer", "note")}
        ours["household"] = (own["code"] or "", own["person"])
        later = [
            field
            for field in _FIELDS
            if (told.get(field, 0), theirs[field]) > (own["told_ms"].get(field, 0), ours[field])
        ]
        if not later:
            return False
        said = {field: theirs[field] for field in later}
        own["told_ms"] = own["told_ms"] | {field: told.get(field, 0) for field in later}
        own |= _columns(said, household_ids) | ({"code": said["household"][0]} if "household" in said else {})
        self._update(own["id"], said, own["told_ms"], household_ids)
        return True

    def _rows(self, campaign: str) -> Select[Any]:
        """Every case with the code of the household it was recorded for."""
        return select(t.cases, t.households.c.code).outerjoin(t.households).where(t.cases.c.campaign == campaign)


_STEP_FIELDS = ("id", "step", "by", "note", "corrects", "recorded_ms")
_NOBODY = ("", 0)


def _steps(campaign: str) -> Select[Any]:
    return select(t.case_steps).join(t.cases).where(t.cases.c.campaign == campaign).order_by(t.case_steps.c.id)


def _said(one: Case) -> dict[str, Any]:
    return {
        "received": one.received,
        "household": (one.household, one.person),
        "who": one.who,
        "officer": one.officer,
        "note": one.note,
    }


def _said_in(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "received": dt.date.fromisoformat(fact["received"]),
        "household": (fact["household"], fact["person"]),
        "who": fact["who"],
        "officer": fact["officer"],
        "note": fact["note"],
    }


def _row(
    campaign: str,
    case_id: str,
    number: str,
    said: Mapping[str, Any],
    told: Mapping[str, int],
    household_ids: Mapping[str, int],
    recorded_ms: int,
) -> dict[str, Any]:
    own = {"id": case_id, "campaign": campaign, "number": number, "told_ms": dict(told), "recorded_ms": recorded_ms}
    return own | _columns(said, household_ids)


def _columns(said: Mapping[str, Any], household_ids: Mapping[str, int]) -> dict[str, Any]:
    values = {name: value for name, value in said.items() if name != "household"}
    if "household" in said:
        code, person = said["household"]
        values |= {"household_id": household_ids[code] if code else None, "person": person}
    return values
