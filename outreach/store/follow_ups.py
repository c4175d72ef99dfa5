"""Rows of follow-ups: appended, never changed; and the attempts that close them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Select, bindparam, func, insert, or_, select

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.follow_up import FollowUp, FollowUpKind
from outreach.store import schema as t
from outreach.store.effective import Numbers, read_as, recorded, recorded_for
from outreach.store.instants import from_ms, from_ms_or_none, to_ms
from outreach.store.upsert import rows_among

_BATCH = 500
_PLAIN = ("id", "person", "kind", "about", "who", "officer", "due_ms", "opened_ms", "opened_by", "source", "corrects",
          "answer", "row_key", "recorded_ms")  # fmt: skip
"""The columns a log carries as they are; household and due day go as a code and an ISO text."""
_OF_HOMES = select(t.follow_ups).where(t.follow_ups.c.campaign == bindparam("campaign"))
_COLUMNS = tuple(t.follow_ups.c.keys())


class FollowUps:
    """Reads and appends follow-ups, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(
        self,
        campaign: str,
        follow_ups: Sequence[tuple[FollowUp, str | None]],
        household_ids: Mapping[str, int],
        recorded: dt.datetime,
    ) -> int:
        """Append follow-ups with their row keys; returns how many were new. Known ids and row keys are left alone."""
        return self._append(
            [
                {
                    "id": one.id,
                    "campaign": campaign,
                    "household_id": household_ids[one.household] if one.household else None,
                    "person": one.person,
                    "kind": one.kind.value,
                    "about": one.about,
                    "who": one.who,
                    "officer": one.officer,
                    "due": one.due,
                    "due_ms": None if one.due_at is None else to_ms(one.due_at),
                    "opened_ms": to_ms(one.opened),
                    "opened_by": one.opened_by,
                    "source": one.source,
                    "corrects": one.corrects,
                    "answer": one.answer,
                    "row_key": row_key,
                    "recorded_ms": to_ms(recorded),
                }
                for one, row_key in follow_ups
            ]
        )

    def _append(self, rows: Sequence[dict[str, Any]]) -> int:
        known = self._known("id", [row["id"] for row in rows])
        keys = self._known("row_key", [row["row_key"] for row in rows if row["row_key"]])
        new = []
        for row in rows:
            if row["id"] not in known and row["row_key"] not in keys:
                new.append(row)
                known.add(row["id"])
                keys |= {row["row_key"]} - {None}
        if new:
            self._connection.execute(insert(t.follow_ups), new)
        return len(new)

    def _known(self, column: str, values: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for batch in _batches(values):
            query = select(t.follow_ups.c[column]).where(t.follow_ups.c[column].in_(batch))
            found.update(self._connection.execute(query).scalars())
        return found

    def of(
        self,
        campaign: str,
        zone: dt.tzinfo,
        households: Collection[str] | None = None,
        *,
        recorded_until: dt.datetime | None = None,
    ) -> list[FollowUp]:
        """Every follow-up of a campaign, or those of some households by code, answers and corrected ones included.

        recorded_until: as the log stood then.
        """
        found: list[FollowUp] = []
        numbers = Numbers(self._connection)
        wanted = _joined().where(t.follow_ups.c.campaign == campaign)
        if recorded_until is not None:
            wanted = wanted.where(t.follow_ups.c.recorded_ms <= to_ms(recorded_until))
        for query in _of_households(wanted, t.follow_ups, households):
            found += [
                _follow_up(row, row["code"] or "", zone, numbers) for row in self._connection.execute(query).mappings()
            ]
        return sorted(found, key=lambda one: one.id)

    def of_homes(self, campaign: str, zone: dt.tzinfo, codes: Mapping[int, str]) -> list[FollowUp]:
        """As `of`, in no order; codes: by row id the code of the household it is read as."""
        numbers = Numbers(self._connection)
        key = t.follow_ups.c.household_id
        found = rows_among(self._connection, _OF_HOMES, key, sorted(codes), campaign=campaign)
        rows = (dict(zip(_COLUMNS, row, strict=True)) for row in found)
        return [_follow_up(row, codes[row["household_id"]], zone, numbers) for row in rows]

    def closers(self, campaign: str, households: Collection[str] | None = None) -> list[Attempt]:
        """Attempts that close something or correct another, those corrected included."""
        query = _attempts(campaign).where(or_(t.attempts.c.closes != "", t.attempts.c.corrects != ""))
        return [one for part in _of_households(query, t.attempts, households) for one in self._short(part)]

    def _short(self, query: Select[Any]) -> Iterator[Attempt]:
        """Attempts with what a follow-up depends on; notes, forms and musts are not read."""
        numbers = Numbers(self._connection)
        for row in self._connection.execute(query).mappings():
            yield Attempt(
                id=row["id"],
                household=row["code"],
                channel=row["channel"],
                officer=row["officer"],
                at=from_ms(row["at_ms"], dt.UTC),
                disposition=Disposition(row["disposition"]),
                person=numbers.of(row["household_id"], row["person"]),
                left=tuple(filter(None, row["left"].split(","))),
                corrects=row["corrects"],
                closes=tuple(filter(None, row["closes"].split(","))),
            )

    def log(self, campaign: str) -> Iterator[dict[str, Any]]:
        """Every follow-up as plain values, by id: instants are milliseconds, days ISO texts, households codes or ''."""
        query = (
            select(t.follow_ups, t.households.c.code)
            .outerjoin(t.households)
            .where(t.follow_ups.c.campaign == campaign)
            .order_by(t.follow_ups.c.id)
        )
        for row in self._connection.execute(query).mappings():
            values = {name: row[name] for name in _PLAIN}
            yield {"fact": "follow_up", "household": row["code"] or "", "due": row["due"].isoformat(), **values}

    def append_log(self, campaign: str, facts: Iterable[Mapping[str, Any]], household_ids: Mapping[str, int]) -> int:
        """Append follow-ups as `log` gives them, as they were recorded elsewhere; returns how many were new."""
        return self._append(
            [
                {name: fact[name] for name in _PLAIN}
                | {
                    "campaign": campaign,
                    "household_id": household_ids[fact["household"]] if fact["household"] else None,
                    "due": dt.date.fromisoformat(fact["due"]),
                }
                for fact in facts
            ]
        )


def _joined() -> Select[Any]:
    """Follow-ups with the household each is read as, if any."""
    kept = func.coalesce(recorded.c.merged_into, recorded.c.id)
    own = t.follow_ups.outerjoin(recorded, recorded.c.id == t.follow_ups.c.household_id)
    return select(t.follow_ups, t.households.c.code).select_from(own.outerjoin(t.households, t.households.c.id == kept))


def _attempts(campaign: str) -> Select[Any]:
    a = t.attempts.c
    columns = (
        a.id, a.household_id, a.channel, a.officer, a.at_ms, a.disposition, a.person, a.left, a.corrects, a.closes,
    )  # fmt: skip
    return select(*columns, t.households.c.code).select_from(read_as(t.attempts)).where(a.campaign == campaign)


def _of_households(query: Select[Any], facts: FromClause, households: Collection[str] | None) -> Iterator[Select[Any]]:
    """The query as it is, or once for each batch of households."""
    if households is None:
        yield query
        return
    for batch in _batches(sorted(set(households))):
        yield query.where(recorded_for(facts, batch))


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


def _follow_up(row: Mapping[Any, Any], code: str, zone: dt.tzinfo, numbers: Numbers) -> FollowUp:
    return FollowUp(
        id=row["id"],
        kind=FollowUpKind(row["kind"]),
        household=code,
        due=row["due"],
        opened=from_ms(row["opened_ms"], zone),
        about=row["about"],
        person=row["person"] if row["household_id"] is None else numbers.of(row["household_id"], row["person"]),
        who=row["who"],
        officer=row["officer"],
        due_at=from_ms_or_none(row["due_ms"], zone),
        opened_by=row["opened_by"],
        source=row["source"],
        corrects=row["corrects"],
        answer=row["answer"],
    )
