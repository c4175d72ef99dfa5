"""Rows of the directory: agencies and their phones, what changed, draws, and check calls, which are appended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from outreach.domain.hotline import Agency, CheckResult, PhoneCheck, PhoneKind
from outreach.store import schema as t
from outreach.store.instants import from_ms, to_ms

Numbers = tuple[tuple[PhoneKind, str], ...]
"""An agency's numbers with their kinds, in the order they are listed."""


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """One number that took another's place; old: '' for a new one, new: '' for one given up."""

    id: str
    owner: str
    kind: PhoneKind
    old: str
    new: str
    at: dt.datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class PhoneDraw:
    """A random draw of numbers to call. lines: owner, kind, number of each line of the call sheet, from 1."""

    number: int
    seed: str
    made: dt.datetime
    lines: tuple[tuple[str, str, str], ...]


class Directory:
    """Reads and writes the directory, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def agencies(self) -> dict[str, tuple[Agency, Numbers]]:
        """Every agency with its numbers, by code."""
        numbers: dict[str, list[tuple[PhoneKind, str]]] = {}
        for row in self._connection.execute(select(t.phones).order_by(t.phones.c.agency, t.phones.c.position)):
            numbers.setdefault(row.agency, []).append((PhoneKind(row.kind), row.number))
        found = {}
        for fields in self._connection.execute(select(t.agencies).order_by(t.agencies.c.code)).mappings():
            found[fields["code"]] = (Agency(**fields), tuple(numbers.get(fields["code"], ())))
        return found

    def put(self, agency: Agency, numbers: Numbers) -> None:
        """Write an agency and its numbers in place of what is there of it."""
        row = {name: getattr(agency, name) for name in Agency.__slots__}
        known = self._connection.execute(select(t.agencies.c.code).where(t.agencies.c.code == agency.code)).first()
        if known:
            self._connection.execute(update(t.agencies).where(t.agencies.c.code == agency.code).values(**row))
            self._connection.execute(delete(t.phones).where(t.phones.c.agency == agency.code))
        else:
            self._connection.execute(insert(t.agencies).values(**row))
        rows = [
            {"agency": agency.code, "kind": kind.value, "number": number, "position": position}
            for position, (kind, number) in enumerate(numbers, start=1)
        ]
        if rows:
            self._connection.execute(insert(t.phones), rows)

    def add_changes(self, changes: Iterable[PhoneChange]) -> None:
        """Append changes of numbers."""
        rows = [
            {"id": one.id, "owner": one.owner, "kind": one.kind.value, "old": one.old, "new": one.new}
            | {"at_ms": to_ms(one.at), "by": one.by, "note": one.note}
            for one in changes
        ]
        if rows:
            self._connection.execute(insert(t.phone_changes), rows)

    def changes(self, zone: dt.tzinfo) -> list[PhoneChange]:
        """Every change of a number in order of time."""
        query = select(t.phone_changes).order_by(t.phone_changes.c.at_ms, t.phone_changes.c.id)
        return [
            PhoneChange(
                row.id, row.owner, PhoneKind(row.kind), row.old, row.new, from_ms(row.at_ms, zone), row.by, row.note
            )
            for row in self._connection.execute(query)
        ]

    def add_draw(self, seed: str, made: dt.datetime, lines: Sequence[tuple[str, str, str]]) -> PhoneDraw:
        """Keep a draw under the next number."""
        highest = self._connection.execute(select(func.max(t.phone_draws.c.number))).scalar() or 0
        kept = [list(line) for line in lines]
        self._connection.execute(
            insert(t.phone_draws).values(number=highest + 1, seed=seed, made_ms=to_ms(made), lines=kept)
        )
        return PhoneDraw(highest + 1, seed, made, tuple(lines))

    def draws(self, zone: dt.tzinfo) -> dict[int, PhoneDraw]:
        """Every draw by number."""
        return {
            row.number: PhoneDraw(row.number, row.seed, from_ms(row.made_ms, zone), tuple(map(tuple, row.lines)))
            for row in self._connection.execute(select(t.phone_draws).order_by(t.phone_draws.c.number))
        }

    def add_checks(self, checks: Mapping[str, PhoneCheck], recorded: dt.datetime) -> int:
        """Append check calls by the key that makes each importable again; returns how many were new."""
        known = set(self._connection.execute(select(t.phone_checks.c.row_key)).scalars())
        rows: list[dict[str, Any]] = [
            {name: getattr(one, name) for name in PhoneCheck.__slots__ if name != "at"}
            | {"kind": one.kind.value, "result": one.result.value, "at_ms": to_ms(one.at)}
            | {"row_key": key, "recorded_ms": to_ms(recorded)}
            for key, one in checks.items()
            if key not in known
        ]
        if rows:
            self._connection.execute(insert(t.phone_checks), rows)
        return len(rows)

    def checks(self, zone: dt.tzinfo) -> list[PhoneCheck]:
        """Every check call in order of time."""
        query = select(t.phone_checks).order_by(t.phone_checks.c.at_ms, t.phone_checks.c.id)
        return [
            PhoneCheck(
                id=row["id"],
                owner=row["owner"],
                kind=PhoneKind(row["kind"]),
                number=row["number"],
                at=from_ms(row["at_ms"], zone),
                by=row["by"],
                result=CheckResult(row["result"]),
                draw=row["draw"],
                line=row["line"],
                note=row["note"],
                corrects=row["corrects"],
            )
            for row in self._connection.execute(query).mappings()
        ]
