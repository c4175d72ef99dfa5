"""What of a household stands in tables that are otherwise read campaign by campaign or run by run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select, union

from outreach.store import schema as t
from outreach.store.effective import Kept, read_as, recorded_for
from outreach.store.instants import from_ms


@dataclass(frozen=True, slots=True)
class PrintedFor:
    """One piece printed for a household: its run and kind, its number in it, as of when, for which placement."""

    run_id: str
    run: int
    campaign: str
    kind: str
    format: str
    made: dt.datetime
    number: int
    person: int
    code: str
    placement: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One matched line of the ledger: the month of its file, its row there, and the milestone it became."""

    campaign: str
    month: str
    file: str
    row: int
    milestone: str


class HouseholdRecords:
    """Reads one household's rows over all campaigns, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def campaigns(self, household: str) -> list[str]:
        """Every campaign that knows anything of the household but paper, in order."""
        found = union(
            *(
                select(table.c.campaign).where(recorded_for(table, [household]))
                for table in (t.attempts, t.milestones, t.assignments, t.follow_ups)
            )
        )
        return sorted(self._connection.execute(found).scalars())

    def also_recorded_as(self, household: str) -> list[str]:
        """The codes of the households that were merged into it, in order."""
        return sorted(code for code, kept in Kept(self._connection).codes.items() if kept == household)

    def pieces(self, household: str, zone: dt.tzinfo) -> list[PrintedFor]:
        """What was printed for it, or for one merged into it, oldest run first."""
        codes = [household, *self.also_recorded_as(household)]
        p, r = t.run_pieces.c, t.runs.c
        query = (
            select(
                p.run_id,
                r.number.label("run"),
                r.campaign,
                r.kind,
                r.format,
                r.as_of_ms,
                p.number,
                p.person,
                p.code,
                p.placement,
            )
            .join_from(t.run_pieces, t.runs)
            .where(p.household.in_(codes))
            .order_by(r.number, p.number)
        )
        return [
            PrintedFor(
                row["run_id"], row["run"], row["campaign"], row["kind"], row["format"], from_ms(row["as_of_ms"], zone),
                row["number"], row["person"], row["code"], row["placement"],
            )
            for row in self._connection.execute(query).mappings()
        ]  # fmt: skip

    def ledger(self, household: str) -> list[LedgerLine]:
        """The lines of the ledger that were matched with it, by month, file and row."""
        lines, files = t.ledger_lines.c, t.ledger_files.c
        query = (
            select(files.campaign, files.month, files.file, lines.row, lines.milestone_id)
            .select_from(read_as(t.ledger_lines).join(t.ledger_files, t.ledger_files.c.id == lines.file_id))
            .where(recorded_for(t.ledger_lines, [household]), lines.milestone_id != "")
            .order_by(files.month, files.file, lines.row)
        )
        return [LedgerLine(*row) for row in self._connection.execute(query)]
