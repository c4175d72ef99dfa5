"""Rows of the ledger: files as they were read, and their lines with what was found out and decided of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, insert, select, update

from outreach.domain.contact import MilestoneKind
from outreach.domain.ledger import Candidate, Key, LedgerFile, Line, LineState, Why, corrected_by
from outreach.store import schema as t
from outreach.store.effective import Numbers
from outreach.store.instants import from_ms, from_ms_or_none, to_ms

_SAID = ("id", "row", "place", "on", "amount_fen", "name", "id_number", "account", "mobile", "address", "insurance")


class Ledger:
    """Reads and writes ledger files and lines, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, campaign: str) -> int:
        """The number the campaign's next file gets."""
        query = select(func.max(t.ledger_files.c.number)).where(t.ledger_files.c.campaign == campaign)
        return (self._connection.execute(query).scalar() or 0) + 1

    def add_file(self, file: LedgerFile, lines: Sequence[Line], household_ids: Mapping[str, int]) -> None:
        """Keep a file with its lines."""
        self._connection.execute(
            insert(t.ledger_files).values(
                id=file.id,
                number=file.number,
                campaign=file.campaign,
                month=file.month,
                file=file.file,
                sha256=file.sha256,
                read_ms=to_ms(file.read),
                by=file.by,
                rows=file.rows,
                total_fen=file.total_fen,
            )
        )
        if lines:
            self._connection.execute(
                insert(t.ledger_lines), [_said(line) | _found(line, household_ids) for line in lines]
            )

    def change(self, lines: Sequence[Line], household_ids: Mapping[str, int]) -> None:
        """Keep what was found out or decided of lines that are there; what they say stays."""
        if lines:
            rows = [_found(line, household_ids) for line in lines]
            statement = update(t.ledger_lines).where(t.ledger_lines.c.id == bindparam("line"))
            self._connection.execute(
                statement.values({name: bindparam(f"new_{name}") for name in rows[0]}),
                [
                    {"line": line.id, **{f"new_{name}": value for name, value in row.items()}}
                    for line, row in zip(lines, rows, strict=True)
                ],
            )

    def files(self, campaign: str, zone: dt.tzinfo) -> list[LedgerFile]:
        """The campaign's files by number."""
        f = t.ledger_files.c
        query = select(t.ledger_files).where(f.campaign == campaign).order_by(f.number)
        of_month: dict[str, list[int]] = {}
        found = []
        for row in self._connection.execute(query).mappings():
            numbers = of_month.setdefault(row["month"], [])
            file = LedgerFile(
                id=row["id"],
                number=row["number"],
                campaign=row["campaign"],
                month=row["month"],
                file=row["file"],
                sha256=row["sha256"],
                read=from_ms(row["read_ms"], zone),
                by=row["by"],
                rows=row["rows"],
                total_fen=row["total_fen"],
                corrects=corrected_by(row["id"], campaign, row["month"], row["number"], row["sha256"], numbers),
            )
            numbers.append(file.number)
            found.append(file)
        return found

    def household_ids(self) -> dict[str, int]:
        """The row ids of all households by code, those merged away and erased included: lines stay theirs."""
        query = select(t.households.c.code, t.households.c.id)
        return {row.code: row.id for row in self._connection.execute(query)}

    def told(self, campaign: str) -> set[tuple[str, MilestoneKind]]:
        """(month, kind) of which any file of the campaign has a line."""
        query = (
            select(t.ledger_files.c.month, t.ledger_lines.c.kind)
            .join(t.ledger_files)
            .where(t.ledger_files.c.campaign == campaign)
            .distinct()
        )
        return {(row.month, MilestoneKind(row.kind)) for row in self._connection.execute(query)}

    def lines(
        self,
        campaign: str,
        zone: dt.tzinfo,
        *,
        states: Iterable[LineState] | None = None,
        month: str = "",
        file: str = "",
        row: int = 0,
    ) -> list[Line]:
        """Lines by file and row; states, month, file (its id), row: only these."""
        query = _query().where(t.ledger_files.c.campaign == campaign)
        if states is not None:
            query = query.where(t.ledger_lines.c.state.in_([state.value for state in states]))
        if month:
            query = query.where(t.ledger_files.c.month == month)
        if file:
            query = query.where(t.ledger_lines.c.file_id == file)
        if row:
            query = query.where(t.ledger_lines.c.row == row)
        numbers = Numbers(self._connection)
        return [_line(found, numbers, zone) for found in self._connection.execute(query).mappings()]

    def sums(self, campaign: str) -> list[tuple[str, LineState, bool, int, int]]:
        """(file id, state, whether payments are taken back, lines, fen) over all lines of the campaign."""
        c = t.ledger_lines.c
        back = (c.amount_fen < 0).label("back")
        query = (
            select(c.file_id, c.state, back, func.count().label("lines"), func.sum(c.amount_fen).label("fen"))
            .join(t.ledger_files)
            .where(t.ledger_files.c.campaign == campaign)
            .group_by(c.file_id, c.state, back)
        )
        return [
            (row.file_id, LineState(row.state), bool(row.back), int(row.lines), int(row.fen))
            for row in self._connection.execute(query)
        ]


def _query() -> Select[Any]:
    # A line without a household has none to be read as; the others follow merges as facts do.
    recorded = t.households.alias("recorded")
    kept = func.coalesce(recorded.c.merged_into, recorded.c.id)
    return (
        select(t.ledger_lines, t.households.c.code)
        .select_from(
            t.ledger_lines.join(t.ledger_files)
            .outerjoin(recorded, recorded.c.id == t.ledger_lines.c.household_id)
            .outerjoin(t.households, t.households.c.id == kept)
        )
        .order_by(t.ledger_files.c.number, t.ledger_lines.c.row)
    )


def _said(line: Line) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in _SAID}
    return said | {"file_id": line.file, "row_key": f"{line.file}/{line.row}", "kind": line.kind.value}


def _found(line: Line, household_ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "state": line.state.value,
        "why": line.why.value if line.why else "",
        "key": line.key.value if line.key else "",
        "household_id": household_ids[line.household] if line.household else None,
        "person": line.person,
        "score": line.score,
        "candidates": [[one.household, one.person, one.score, [*map(list, one.evidence)]] for one in line.candidates],
        "milestone_id": line.milestone,
        "decided_ms": None if line.decided is None else to_ms(line.decided),
        "decided_by": line.decided_by,
    }


def _line(row: RowMapping, numbers: Numbers, zone: dt.tzinfo) -> Line:
    household_id = row["household_id"]
    return Line(
        **{name: row[name] for name in _SAID},
        file=row["file_id"],
        kind=MilestoneKind(row["kind"]),
        state=LineState(row["state"]),
        why=Why(row["why"]) if row["why"] else None,
        key=Key(row["key"]) if row["key"] else None,
        household=row["code"] or "",
        person=numbers.of(household_id, row["person"]) if household_id is not None else 0,
        score=row["score"],
        candidates=tuple(
            Candidate(household, person, score, tuple((feature, level, bits) for feature, level, bits in evidence))
            for household, person, score, evidence in row["candidates"]
        ),
        milestone=row["milestone_id"],
        decided=from_ms_or_none(row["decided_ms"], zone),
        decided_by=row["decided_by"],
    )
