"""The log of attempts and milestones, and the projection of where each household stands.

Facts are only ever appended. After each append the standings of the households concerned are folded anew
from their facts by the domain's one definition, so the projection cannot drift from the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, Standing, standing
from outreach.store import schema as t
from outreach.store.instants import from_ms, from_ms_or_none, to_ms

_UTC = dt.UTC
_BATCH = 500


class Facts:
    """Reads and appends facts, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append_attempts(
        self,
        campaign: str,
        attempts: Sequence[tuple[Attempt, str | None]],
        household_ids: Mapping[str, int],
        recorded: dt.datetime,
    ) -> int:
        """Append attempts with their row keys; returns how many were new.

        Known ids and row keys are left alone, and so are repeats, so that logs merge by union.
        """
        rows = [
            {
                "id": attempt.id,
                "campaign": campaign,
                "household_id": household_ids[attempt.household],
                "person": attempt.person,
                "channel": attempt.channel,
                "officer": attempt.officer,
                "at_ms": to_ms(attempt.at),
                "disposition": attempt.disposition.value,
                "left": ",".join(attempt.left),
                "note": attempt.note,
                "corrects": attempt.corrects,
                "forms": ",".join(attempt.forms),
                "musts": ",".join(attempt.musts),
                "closes": ",".join(attempt.closes),
                "row_key": row_key,
                "recorded_ms": to_ms(recorded),
            }
            for attempt, row_key in attempts
        ]
        return self._append(t.attempts, campaign, rows)

    def append_milestones(
        self,
        campaign: str,
        milestones: Sequence[tuple[Milestone, str | None]],
        household_ids: Mapping[str, int],
        recorded: dt.datetime,
    ) -> int:
        """Append milestones with their row keys; returns how many were new."""
        rows = [
            {
                "id": milestone.id,
                "campaign": campaign,
                "household_id": household_ids[milestone.household],
                "person": milestone.person,
                "kind": milestone.kind.value,
                "on": milestone.on,
                "amount_fen": milestone.amount_fen,
                "note": milestone.note,
                "corrects": milestone.corrects,
                "row_key": row_key,
                "recorded_ms": to_ms(recorded),
            }
            for milestone, row_key in milestones
        ]
        return self._append(t.milestones, campaign, rows)

    def _append(self, table: Table, campaign: str, rows: list[dict[str, Any]]) -> int:
        known_ids = self._known(table, "id", [row["id"] for row in rows])
        known_keys = self._known(table, "row_key", [row["row_key"] for row in rows if row["row_key"]])
        new: list[dict[str, Any]] = []
        for row in rows:
            if row["id"] not in known_ids and row["row_key"] not in known_keys:
                new.append(row)
                known_ids.add(row["id"])
                if row["row_key"]:
                    known_keys.add(row["row_key"])
        if new:
            self._connection.execute(insert(table), new)
            self._project(campaign, sorted({row["household_id"] for row in new}))
        return len(new)

    def _known(self, table: Table, column: str, values: list[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(values), _BATCH):
            query = select(table.c[column]).where(table.c[column].in_(values[start : start + _BATCH]))
            found.update(self._connection.execute(query).scalars())
        return found

    def attempts(self, campaign: str, household: str | None = None) -> Iterator[Attempt]:
        """Attempts in order of household, those corrected included."""
        query = (
            select(t.attempts, t.households.c.code)
            .join(t.households)
            .where(t.attempts.c.campaign == campaign)
            .order_by(t.attempts.c.household_id, t.attempts.c.at_ms, t.attempts.c.id)
        )
        if household is not None:
            query = query.where(t.households.c.code == household)
        return (_attempt(row) for row in self._connection.execute(query).mappings())

    def attempts_of(self, campaign: str, households: Iterable[str]) -> Iterator[Attempt]:
        """Attempts of some households, by their codes, those corrected included, in order of household and time."""
        codes = sorted(set(households))
        for start in range(0, len(codes), _BATCH):
            query = (
                select(t.attempts, t.households.c.code)
                .join(t.households)
                .where(t.attempts.c.campaign == campaign, t.households.c.code.in_(codes[start : start + _BATCH]))
                .order_by(t.households.c.code, t.attempts.c.at_ms, t.attempts.c.id)
            )
            yield from (_attempt(row) for row in self._connection.execute(query).mappings())

    def milestones(self, campaign: str, household: str | None = None) -> Iterator[Milestone]:
        """Milestones in order of household, those corrected included."""
        query = (
            select(t.milestones, t.households.c.code)
            .join(t.households)
            .where(t.milestones.c.campaign == campaign)
            .order_by(t.milestones.c.household_id, t.milestones.c.on, t.milestones.c.id)
        )
        if household is not None:
            query = query.where(t.households.c.code == household)
        return (_milestone(row) for row in self._connection.execute(query).mappings())

    def standings(self, campaign: str, zone: dt.tzinfo) -> dict[str, Standing]:
        """The projection: where each household that has facts stands, by code."""
        query = (
            select(t.standings, t.households.c.code)
            .join(t.households)
            .where(t.standings.c.campaign == campaign)
            .order_by(t.households.c.code)
        )
        return {row["code"]: _standing(row, zone) for row in self._connection.execute(query).mappings()}

    def rebuild(self, campaign: str) -> int:
        """Throw the projection of `campaign` away and fold it anew from the log; returns its rows."""
        self._connection.execute(delete(t.standings).where(t.standings.c.campaign == campaign))
        tried = select(t.attempts.c.household_id).where(t.attempts.c.campaign == campaign)
        stepped = select(t.milestones.c.household_id).where(t.milestones.c.campaign == campaign)
        keys = sorted(self._connection.execute(tried.union(stepped)).scalars())
        self._project(campaign, keys)
        return len(keys)

    def _project(self, campaign: str, household_ids: Sequence[int]) -> None:
        for start in range(0, len(household_ids), _BATCH):
            batch = household_ids[start : start + _BATCH]
            tries = self._facts_of(t.attempts, campaign, batch)
            steps = self._facts_of(t.milestones, campaign, batch)
            self._connection.execute(
                delete(t.standings).where(t.standings.c.campaign == campaign, t.standings.c.household_id.in_(batch))
            )
            self._connection.execute(
                insert(t.standings),
                [
                    {"campaign": campaign, "household_id": key}
                    | _standing_row(standing(map(_attempt, tries.get(key, ())), map(_milestone, steps.get(key, ()))))
                    for key in batch
                ],
            )

    def _facts_of(self, table: Table, campaign: str, household_ids: Sequence[int]) -> dict[int, list[RowMapping]]:
        query = (
            select(table, t.households.c.code)
            .join(t.households)
            .where(table.c.campaign == campaign, table.c.household_id.in_(household_ids))
            .order_by(table.c.household_id)
        )
        rows: Iterable[RowMapping] = self._connection.execute(query).mappings()
        return {key: list(group) for key, group in groupby(rows, key=lambda row: row["household_id"])}

    def log(self, campaign: str) -> Iterator[dict[str, Any]]:
        """Every fact of a campaign as plain values with its row key and the time it was recorded, by id.

        `fact` is 'attempt' or 'milestone'; instants are milliseconds, days ISO texts, households are codes.
        """
        for fact, table in (("attempt", t.attempts), ("milestone", t.milestones)):
            query = select(table, t.households.c.code).join(t.households).where(table.c.campaign == campaign)
            for row in self._connection.execute(query.order_by(table.c.id)).mappings():
                values = {
                    name: row[name]
                    for name in (column.name for column in table.c)
                    if name not in ("campaign", "household_id")
                }
                if fact == "milestone":
                    values["on"] = row["on"].isoformat()
                yield {"fact": fact, "household": row["code"], **values}

    def append_log(self, campaign: str, facts: Sequence[Mapping[str, Any]], household_ids: Mapping[str, int]) -> int:
        """Append facts as `log` gives them, as they were recorded elsewhere; returns how many were new."""
        new = 0
        for name, table in (("attempt", t.attempts), ("milestone", t.milestones)):
            rows = []
            for one in facts:
                if one["fact"] != name:
                    continue
                row = {
                    key: one[key]
                    for key in (column.name for column in table.c)
                    if key not in ("campaign", "household_id")
                }
                if name == "milestone":
                    row["on"] = dt.date.fromisoformat(one["on"])
                rows.append(row | {"campaign": campaign, "household_id": household_ids[one["household"]]})
            new += self._append(table, campaign, rows)
        return new

    def touched_by_others(self, campaign: str, first: dt.datetime, after: dt.datetime) -> set[str]:
        """The codes of households that any other campaign tried to contact from `first` until before `after`."""
        query = (
            select(t.households.c.code)
            .join(t.attempts, t.attempts.c.household_id == t.households.c.id)
            .where(
                t.attempts.c.campaign != campaign,
                t.attempts.c.at_ms >= to_ms(first),
                t.attempts.c.at_ms < to_ms(after),
            )
        )
        return set(self._connection.execute(query).scalars())

    def count(self, campaign: str) -> dict[str, int]:
        """How many facts of each sort there are."""
        return {
            table.name: int(
                self._connection.execute(
                    select(func.count()).select_from(table).where(table.c.campaign == campaign)
                ).scalar_one()
            )
            for table in (t.attempts, t.milestones)
        }


def _attempt(row: RowMapping) -> Attempt:
    return Attempt(
        id=row["id"],
        household=row["code"],
        channel=row["channel"],
        officer=row["officer"],
        at=from_ms(row["at_ms"], _UTC),
        disposition=Disposition(row["disposition"]),
        person=row["person"],
        left=_parts(row["left"]),
        note=row["note"],
        corrects=row["corrects"],
        forms=_parts(row["forms"]),
        musts=_parts(row["musts"]),
        closes=_parts(row["closes"]),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _milestone(row: RowMapping) -> Milestone:
    return Milestone(
        id=row["id"],
        household=row["code"],
        kind=MilestoneKind(row["kind"]),
        on=row["on"],
        person=row["person"],
        amount_fen=row["amount_fen"],
        note=row["note"],
        corrects=row["corrects"],
    )


def _standing_row(found: Standing) -> dict[str, Any]:
    def ms(at: dt.datetime | None) -> int | None:
        return None if at is None else to_ms(at)

    return {
        "attempts": found.attempts,
        "first_attempt_ms": ms(found.first_attempt_at),
        "first_contact_ms": ms(found.first_contact_at),
        "first_reached_ms": ms(found.first_reached_at),
        "reached_channel": found.reached_channel,
        "reached_by": found.reached_by,
        "card_ms": ms(found.card_at),
        "last_disposition": found.last_disposition,
        "registered_on": found.registered_on,
        "paid_on": found.paid_on,
        "paid_fen": found.paid_fen,
    }


def _standing(row: RowMapping, zone: dt.tzinfo) -> Standing:
    return Standing(
        attempts=row["attempts"],
        first_attempt_at=from_ms_or_none(row["first_attempt_ms"], zone),
        first_contact_at=from_ms_or_none(row["first_contact_ms"], zone),
        first_reached_at=from_ms_or_none(row["first_reached_ms"], zone),
        reached_channel=row["reached_channel"],
        reached_by=row["reached_by"],
        card_at=from_ms_or_none(row["card_ms"], zone),
        last_disposition=row["last_disposition"],
        registered_on=row["registered_on"],
        paid_on=row["paid_on"],
        paid_fen=row["paid_fen"],
    )
