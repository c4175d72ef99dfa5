"""Rows of print runs: what was made, from what, for whom, and which facts it carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, true, update

from outreach.store import schema as t
from outreach.store.effective import Kept
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Run:
    """One print run. state: 'open' until every file is whole, then 'whole'.

    options: what was chosen for it. said: what the program chose itself, and for how many pieces. day: the date
    printed. replaces: the numbers of the runs whose stale pieces it was made to replace.
    """

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
    options: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, int] = field(default_factory=dict)
    day: dt.date | None = None
    replaces: Sequence[int] = ()


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
    """One numbered piece of a run and for whom it is; person 0 is the household or entrance as a whole.

    entrance: the door it hangs on, '' where it is for a household. placement: of which placement it is a part.
    code: what a scanner reads on it.
    """

    number: int
    file: str
    household: str
    person: int
    officer: str
    entrance: str = ""
    placement: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, order=True)
class PrintedFact:
    """One fact a run carries on paper: kind (as `Variable.fact`), whose, and its value."""

    kind: str
    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A printed fact and the pieces that carry it, as ranges of their numbers, both ends included."""

    fact: PrintedFact
    ranges: tuple[tuple[int, int], ...]


class Runs:
    """Reads and writes the print-run register, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The number the next run gets; runs are numbered from 1."""
        return int(self._connection.execute(select(func.coalesce(func.max(t.runs.c.number), 0))).scalar_one()) + 1

    def begin(self, run: Run, files: Sequence[RunFile], pieces: Sequence[Piece], facts: Sequence[HeldFact]) -> None:
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
                options=dict(run.options),
                said=dict(run.said),
                day=run.day,
                replaces=list(run.replaces),
            )
        )
        rows: list[dict[str, Any]]
        for table, entries in ((t.run_files, files), (t.run_pieces, pieces)):
            rows = [{name: getattr(entry, name) for name in entry.__slots__} for entry in entries]
            self._insert(table, run.id, rows)
        self._insert(
            t.run_facts,
            run.id,
            [
                {"number": number, "kind": held.fact.kind, "subject": held.fact.subject, "value": held.fact.value}
                for number, held in enumerate(facts, start=1)
            ],
        )
        self._insert(
            t.run_fact_pieces,
            run.id,
            [
                {"fact": number, "first": first, "last": last}
                for number, held in enumerate(facts, start=1)
                for first, last in held.ranges
            ],
        )

    def _insert(self, table: Table, run_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), [{"run_id": run_id, **row} for row in rows])

    def finish(self, run_id: str, at: dt.datetime, files: Sequence[RunFile], said: Mapping[str, int]) -> None:
        """Mark a run whole, with the digest and size of each file and what the program chose."""
        for file in files:
            self._connection.execute(
                update(t.run_files)
                .where(t.run_files.c.run_id == run_id, t.run_files.c.name == file.name)
                .values(sha256=file.sha256, bytes=file.bytes)
            )
        self._connection.execute(
            update(t.runs).where(t.runs.c.id == run_id).values(state="whole", finished_ms=to_ms(at), said=dict(said))
        )

    def abandon(self, run_id: str) -> None:
        """Forget a run that was refused before it was whole; a whole one stays."""
        open_run = select(t.runs.c.id).where(t.runs.c.id == run_id, t.runs.c.state == "open")
        if self._connection.execute(open_run).first() is None:
            return
        for table in (t.run_files, t.run_pieces, t.run_fact_pieces, t.run_facts, t.run_truths):
            self._connection.execute(delete(table).where(table.c.run_id == run_id))
        self._connection.execute(delete(t.runs).where(t.runs.c.id == run_id))

    def all(self, zone: dt.tzinfo) -> list[Run]:
        """Every run, oldest first."""
        rows = self._connection.execute(select(t.runs).order_by(t.runs.c.number)).mappings()
        return [
            Run(
                **{name: row[name] for name in Run.__slots__ if name not in ("as_of", "finished", "replaces")},
                replaces=tuple(row["replaces"]),
                as_of=from_ms(row["as_of_ms"], zone),
                finished=from_ms_or_none(row["finished_ms"], zone),
            )
            for row in rows
        ]

    def sent(self, campaign: str, kind: str, placement: str) -> dict[tuple[str, int], int]:
        """Who has a piece of a kind for a placement, by household and person: the number of the run, open or whole."""
        query = (
            select(t.run_pieces.c.household, t.run_pieces.c.person, t.runs.c.number)
            .join(t.runs)
            .where(t.run_pieces.c.placement == placement, t.runs.c.campaign == campaign, t.runs.c.kind == kind)
            .order_by(t.runs.c.number)
        )
        kept = Kept(self._connection)
        return {kept.of(household, person): number for household, person, number in self._connection.execute(query)}

    def newest(self, campaign: str, kind: str, zone: dt.tzinfo) -> dict[str, dt.datetime]:
        """As of when the newest whole run of a kind was made that holds a piece for a household, by household."""
        query = (
            select(t.run_pieces.c.household, func.max(t.runs.c.as_of_ms))
            .join(t.runs)
            .where(t.runs.c.campaign == campaign, t.runs.c.kind == kind, t.runs.c.state == "whole")
            .group_by(t.run_pieces.c.household)
        )
        kept = Kept(self._connection)
        found: dict[str, dt.datetime] = {}
        for household, made in self._connection.execute(query):
            code, at = kept.home(household), from_ms(made, zone)
            if code and at >= found.get(code, at):
                found[code] = at
        return found

    def files(self, run_id: str) -> list[RunFile]:
        """The files of a run in their order."""
        query = select(t.run_files).where(t.run_files.c.run_id == run_id).order_by(t.run_files.c.position)
        return [
            RunFile(**{name: row[name] for name in RunFile.__slots__})
            for row in self._connection.execute(query).mappings()
        ]

    def pieces(self, run_id: str) -> list[Piece]:
        """The pieces of a run in the order of their numbers."""
        return self._pieces(run_id, true())

    def pieces_of(self, run_id: str, household: str) -> list[Piece]:
        """A household's pieces in a run."""
        return self._pieces(run_id, t.run_pieces.c.household == household)

    def piece(self, run_id: str, number: int) -> Piece | None:
        """One piece of a run, None where there is none of that number."""
        found = self._pieces(run_id, t.run_pieces.c.number == number)
        return found[0] if found else None

    def _pieces(self, run_id: str, condition: ColumnElement[bool]) -> list[Piece]:
        query = select(t.run_pieces).where(t.run_pieces.c.run_id == run_id, condition).order_by(t.run_pieces.c.number)
        return [
            Piece(**{name: row[name] for name in Piece.__slots__}) for row in self._connection.execute(query).mappings()
        ]

    def keep_truths(self, run_id: str, contents: Iterable[bytes]) -> None:
        """Keep what the pieces of a run must say, in blocks that are counted from 0; earlier ones give way."""
        self._connection.execute(delete(t.run_truths).where(t.run_truths.c.run_id == run_id))
        for position, content in enumerate(contents):
            self._insert(t.run_truths, run_id, [{"position": position, "content": content}])

    def truths(self, run_id: str, first: int = 0, last: int | None = None) -> list[bytes]:
        """The blocks of `keep_truths` from `first` to `last`, to the end where None."""
        query = select(t.run_truths.c.content).where(t.run_truths.c.run_id == run_id, t.run_truths.c.position >= first)
        if last is not None:
            query = query.where(t.run_truths.c.position <= last)
        return list(self._connection.execute(query.order_by(t.run_truths.c.position)).scalars())

    def facts(self, run_id: str) -> list[HeldFact]:
        """The facts a run carries, sorted, each with the pieces that hold it."""
        ranges: dict[int, list[tuple[int, int]]] = {}
        held = select(t.run_fact_pieces).where(t.run_fact_pieces.c.run_id == run_id)
        for row in self._connection.execute(held.order_by(t.run_fact_pieces.c.first)).mappings():
            ranges.setdefault(row["fact"], []).append((row["first"], row["last"]))
        query = select(t.run_facts).where(t.run_facts.c.run_id == run_id)
        found = [
            HeldFact(PrintedFact(row["kind"], row["subject"], row["value"]), tuple(ranges.get(row["number"], ())))
            for row in self._connection.execute(query).mappings()
        ]
        return sorted(found, key=lambda one: one.fact)
