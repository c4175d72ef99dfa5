"""Rows of print runs: what was made, from what, for whom, and which facts it carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from outreach.store import schema as t
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Run:
    """One print run. state: 'open' until every file is whole, then 'whole'."""

    id: str
    number: int
    campaign: str
    kind: str
    format: str
    language: str
    state: str
    template_sha256: str
    campaign_sha256: str
    as_of: dt.datetime
    finished: dt.datetime | None
    folder: str
    pieces: int


@dataclass(frozen=True, slots=True)
class RunFile:
    """One file of a run; sha256 and bytes are None until it is whole."""

    name: str
    position: int
    pieces: int
    sha256: str | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One numbered piece of a run and for whom it is; person 0 is the household or entrance as a whole."""

    number: int
    file: str
    household: str
    person: int
    officer: str


@dataclass(frozen=True, slots=True, order=True)
class PrintedFact:
    """One fact a run carries on paper: kind ('phone', 'address', 'date', 'text'), whose, and its value."""

    kind: str
    subject: str
    value: str


class Runs:
    """Reads and writes the print-run register, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The number the next run gets; runs are numbered from 1."""
        return int(self._connection.execute(select(func.coalesce(func.max(t.runs.c.number), 0))).scalar_one()) + 1

    def begin(self, run: Run, files: Sequence[RunFile], pieces: Sequence[Piece], facts: Sequence[PrintedFact]) -> None:
        """Register a run before its first file is made, so that a kill leaves something to resume."""
        self._connection.execute(
            insert(t.runs).values(
                id=run.id,
                number=run.number,
                campaign=run.campaign,
                kind=run.kind,
                format=run.format,
                language=run.language,
                state=run.state,
                template_sha256=run.template_sha256,
                campaign_sha256=run.campaign_sha256,
                as_of_ms=to_ms(run.as_of),
                finished_ms=None,
                folder=run.folder,
                pieces=run.pieces,
            )
        )
        for table, rows in (
            (t.run_files, files),
            (t.run_pieces, pieces),
            (t.run_facts, facts),
        ):
            if rows:
                self._connection.execute(
                    insert(table),
                    [{"run_id": run.id} | {name: getattr(row, name) for name in row.__slots__} for row in rows],
                )

    def finish(self, run_id: str, at: dt.datetime, files: Sequence[RunFile]) -> None:
        """Mark a run whole, with the digest and size of each file."""
        for file in files:
            self._connection.execute(
                update(t.run_files)
                .where(t.run_files.c.run_id == run_id, t.run_files.c.name == file.name)
                .values(sha256=file.sha256, bytes=file.bytes)
            )
        self._connection.execute(
            update(t.runs).where(t.runs.c.id == run_id).values(state="whole", finished_ms=to_ms(at))
        )

    def abandon(self, run_id: str) -> None:
        """Forget a run that was refused before it was whole; a whole one stays."""
        open_run = select(t.runs.c.id).where(t.runs.c.id == run_id, t.runs.c.state == "open")
        if self._connection.execute(open_run).first() is None:
            return
        for table in (t.run_files, t.run_pieces, t.run_facts):
            self._connection.execute(delete(table).where(table.c.run_id == run_id))
        self._connection.execute(delete(t.runs).where(t.runs.c.id == run_id))

    def all(self, zone: dt.tzinfo) -> list[Run]:
        """Every run, oldest first."""
        rows = self._connection.execute(select(t.runs).order_by(t.runs.c.number)).mappings()
        return [
            Run(
                **{name: row[name] for name in Run.__slots__ if name not in ("as_of", "finished")},
                as_of=from_ms(row["as_of_ms"], zone),
                finished=from_ms_or_none(row["finished_ms"], zone),
            )
            for row in rows
        ]

    def files(self, run_id: str) -> list[RunFile]:
        """The files of a run in their order."""
        query = select(t.run_files).where(t.run_files.c.run_id == run_id).order_by(t.run_files.c.position)
        return [
            RunFile(**{name: row[name] for name in RunFile.__slots__})
            for row in self._connection.execute(query).mappings()
        ]

    def pieces(self, run_id: str) -> list[Piece]:
        """The pieces of a run in the order of their numbers."""
        query = select(t.run_pieces).where(t.run_pieces.c.run_id == run_id).order_by(t.run_pieces.c.number)
        return [
            Piece(**{name: row[name] for name in Piece.__slots__}) for row in self._connection.execute(query).mappings()
        ]

    def facts(self, run_id: str) -> list[PrintedFact]:
        """The facts a run carries, sorted."""
        query = select(t.run_facts).where(t.run_facts.c.run_id == run_id)
        return sorted(
            PrintedFact(row["kind"], row["subject"], row["value"]) for row in self._connection.execute(query).mappings()
        )
