"""Households erased: what of them is taken out of every table, what stays as figures, and the marks that keep them out.

What stays is a stone without a name: that somewhere in a community a household was tried, reached, registered, paid.
Its code becomes 'erased-ID'. Facts keep channel, officer, time and outcome, so that past reports stay true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, insert, or_, select, update

from outreach.domain.people import STONE, Address, Difficulty, Household
from outreach.store import schema as t
from outreach.store.append_only_pause import changes_allowed
from outreach.store.instants import from_ms, to_ms

_BATCH = 500

_GONE = (t.persons, t.account_years, t.address_proposals, t.exclusions, t.suppressions)
"""Rows that say nothing but what is personal."""

_BLANKED: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (t.attempts, ("note",)),
    (t.milestones, ("note",)),
    (t.follow_ups, ("about", "who")),
    (t.cases, ("who", "note")),
)
"""Texts in rows that stay; row keys go too, for they are digests of what a sheet said."""

_NO_LINE: Mapping[str, Any] = {
    "account": "", "name": "", "id_number": "", "mobile": "", "address": "", "candidates": [],
}  # fmt: skip
"""A line of the ledger that names nobody: what, when and how much stay."""

_LOCKED = ("attempts", "milestones", "follow_ups", "case_steps", "survey_answers", "piece_events")


@dataclass(frozen=True, slots=True)
class Mark:
    """One keyed digest that recognises an erased household or person. household: what its code became."""

    digest: str
    sort: str
    household: str
    reason: str
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Naming:
    """A follow-up or a case of no household in which a name or number stands.

    id: a case's is its number. kind: of the follow-up, or 'case'. day: on which it was opened, or received.
    """

    id: str
    campaign: str
    kind: str
    day: dt.date


class Erasures:
    """Erases households and knows which were, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def marks(self, zone: dt.tzinfo) -> list[Mark]:
        """Every mark, oldest first."""
        query = select(t.erasures).order_by(t.erasures.c.at_ms, t.erasures.c.household, t.erasures.c.id)
        return [
            Mark(row.digest, row.sort, row.household, row.reason, from_ms(row.at_ms, zone), row.by)
            for row in self._connection.execute(query)
        ]

    def remember(self, marks: Sequence[tuple[str, Mark]]) -> None:
        """Append marks with their identifiers; a digest that is known stays as it is."""
        known = set(self._connection.execute(select(t.erasures.c.digest)).scalars())
        rows: dict[str, dict[str, Any]] = {}
        for key, mark in marks:
            if mark.digest not in known and mark.digest not in rows:
                rows[mark.digest] = {
                    "id": key,
                    "digest": mark.digest,
                    "sort": mark.sort,
                    "household": mark.household,
                    "reason": mark.reason,
                    "at_ms": to_ms(mark.at),
                    "by": mark.by,
                }
        if rows:
            self._connection.execute(insert(t.erasures), list(rows.values()))

    def with_merged(self, codes: Iterable[str]) -> dict[str, int]:
        """The row ids, by code, of these households and of all that were merged into them."""
        wanted = sorted(codes)
        found: dict[str, int] = {}
        for batch in _batches(wanted):
            ids = select(t.households.c.id).where(t.households.c.code.in_(batch))
            query = select(t.households.c.code, t.households.c.id).where(
                or_(t.households.c.id.in_(ids), t.households.c.merged_into.in_(ids))
            )
            found |= {row.code: row.id for row in self._connection.execute(query)}
        return found

    def blank(self, households: Mapping[str, int], names: Collection[str], at: dt.datetime) -> dict[str, str]:
        """Take everything personal of these households (row ids by code) out of the store; old to new codes.

        names: of their persons.
        """
        if not households:
            return {}
        if self._connection.dialect.name == "sqlite":
            # Otherwise what was deleted stays readable in the file's free space.
            self._connection.exec_driver_sql("PRAGMA secure_delete = ON")
        renamed = {code: f"{STONE}{key}" for code, key in households.items()}
        with changes_allowed(self._connection, _LOCKED):
            for batch in _batches(sorted(households.values())):
                self._blank_rows(batch, to_ms(at))
            self._blank_texts_of(renamed)
        self._blank_register(renamed, names)
        self._blank_stones(households, renamed, to_ms(at))
        return renamed

    def _blank_rows(self, ids: Sequence[int], at_ms: int) -> None:
        run = self._connection.execute
        for table in _GONE:
            run(delete(table).where(table.c.household_id.in_(ids)))
        for table, columns in _BLANKED:
            values: dict[str, Any] = dict.fromkeys(columns, "")
            if "row_key" in table.c:
                values["row_key"] = None
            run(update(table).where(table.c.household_id.in_(ids)).values(**values))
        steps = select(t.cases.c.id).where(t.cases.c.household_id.in_(ids))
        run(update(t.case_steps).where(t.case_steps.c.case_id.in_(steps)).values(note=""))
        run(update(t.ledger_lines).where(t.ledger_lines.c.household_id.in_(ids)).values(**_NO_LINE))
        touched = or_(t.merges.c.kept_id.in_(ids), t.merges.c.gone_id.in_(ids))
        run(update(t.merges).where(touched).values(before={}, why={"reason": "", "facts": {}}))
        present = t.assignments.c.household_id.in_(ids), t.assignments.c.ends_ms.is_(None)
        run(update(t.assignments).where(*present).values(ends_ms=at_ms))
        run(update(t.assignments).where(t.assignments.c.household_id.in_(ids)).values(why={}))

    def _blank_texts_of(self, renamed: Mapping[str, str]) -> None:
        """Notes of surveys and pieces, which name households by code."""
        asked: list[dict[str, Any]] = []
        for row in self._connection.execute(select(t.surveys.c.number, t.surveys.c.lines)).all():
            lines = [[line[0], renamed.get(line[1], line[1]), *line[2:]] for line in row.lines]
            asked += [
                {"of_survey": row.number, "of_line": number}
                for number, line in enumerate(row.lines, start=1)
                if line[1] in renamed
            ]
            if lines != row.lines:
                change = update(t.surveys).where(t.surveys.c.number == row.number)
                self._connection.execute(change.values(lines=lines))
        if asked:
            answers = t.survey_answers.c
            change = update(t.survey_answers).where(
                answers.survey == bindparam("of_survey"), answers.line == bindparam("of_line")
            )
            self._connection.execute(change.values(note=""), asked)
        for batch in _batches(sorted(renamed)):
            pieces = select(t.run_pieces.c.run_id, t.run_pieces.c.number).where(t.run_pieces.c.household.in_(batch))
            found = [{"of_run": run, "of_piece": number} for run, number in self._connection.execute(pieces)]
            if found:
                events = t.piece_events.c
                alone = events.run_id == bindparam("of_run"), events.first == bindparam("of_piece")
                change = update(t.piece_events).where(*alone, events.first == events.last)
                self._connection.execute(change.values(note=""), found)

    def _blank_register(self, renamed: Mapping[str, str], names: Collection[str]) -> None:
        """Whose printed pieces are, and the facts on them; pairs that were looked at."""
        rows = [{"old": old, "new_code": new} for old, new in renamed.items()]
        change = update(t.run_pieces).where(t.run_pieces.c.household == bindparam("old"))
        self._connection.execute(change.values(household=bindparam("new_code")), rows)
        facts = self._connection.execute(select(t.run_facts.c.run_id, t.run_facts.c.number, t.run_facts.c.subject))
        gone = [{"of_run": one.run_id, "of_fact": one.number} for one in facts if _whose(one.subject) in renamed]
        if gone:
            held, fact = t.run_fact_pieces.c, t.run_facts.c
            ranges = delete(t.run_fact_pieces).where(
                held.run_id == bindparam("of_run"), held.fact == bindparam("of_fact")
            )
            self._connection.execute(ranges, gone)
            rows_of = delete(t.run_facts).where(fact.run_id == bindparam("of_run"), fact.number == bindparam("of_fact"))
            self._connection.execute(rows_of, gone)
        for pair in self._connection.execute(select(t.distinct_pairs.c.first, t.distinct_pairs.c.second)).all():
            if {_code_in(pair.first), _code_in(pair.second)} & renamed.keys():
                same = t.distinct_pairs.c.first == pair.first, t.distinct_pairs.c.second == pair.second
                self._connection.execute(delete(t.distinct_pairs).where(*same))
        of_line = t.ledger_lines.c
        for line in self._connection.execute(select(of_line.id, of_line.name, of_line.candidates)).all():
            kept = [one for one in line.candidates if one[0] not in renamed]
            if kept != line.candidates:
                # A line of their very name that waits to be matched with them is about nobody else.
                values: dict[str, Any] = {**_NO_LINE, "state": "erased"} if line.name in names else {"candidates": kept}
                self._connection.execute(update(t.ledger_lines).where(of_line.id == line.id).values(**values))

    def _blank_stones(self, households: Mapping[str, int], renamed: Mapping[str, str], at_ms: int) -> None:
        doors = self._nameless_doors(households.values())
        rows = [
            {"key": key, "new_code": renamed[code], "door": doors[key], "at": at_ms} for code, key in households.items()
        ]
        change = update(t.households).where(t.households.c.id == bindparam("key"))
        nothing = {"unit": "", "floor": 0, "room": "", "lon": None, "lat": None, "language": ""}
        self._connection.execute(
            change.values(
                code=bindparam("new_code"),
                entrance_id=bindparam("door"),
                erased_ms=bindparam("at"),
                works=False,
                **nothing,
            ),
            rows,
        )

    def _nameless_doors(self, ids: Iterable[int]) -> dict[int, int]:
        """For each household the row id of an entrance that tells community and compound alone."""
        run = self._connection.execute
        wanted: dict[int, tuple[str, str]] = {}
        for batch in _batches(sorted(ids)):
            query = select(t.households.c.id, t.entrances.c.community, t.entrances.c.compound).join(t.entrances)
            wanted |= {row.id: (row.community, row.compound) for row in run(query.where(t.households.c.id.in_(batch)))}
        e = t.entrances.c
        plain = select(e.id, e.community, e.compound).where(e.building == "", e.entrance == "")
        known = {(row.community, row.compound): row.id for row in run(plain)}
        last = max(run(select(e.id)).scalars(), default=0)
        missing = sorted(set(wanted.values()) - known.keys())
        if missing:
            fresh = {place: last + number for number, place in enumerate(missing, start=1)}
            run(
                insert(t.entrances),
                [
                    {"id": key, "community": community, "compound": compound, "building": "", "entrance": ""}
                    for (community, compound), key in fresh.items()
                ],
            )
            known |= fresh
        return {key: known[place] for key, place in wanted.items()}

    def stones(self) -> dict[str, Household]:
        """What is left of erased households, by code: community, compound, and whether they were a hard case."""
        query = (
            select(t.households.c.code, t.households.c.difficulty, t.households.c.migrant, t.entrances)
            .join(t.entrances)
            .where(t.households.c.erased_ms.is_not(None), t.households.c.merged_into.is_(None))
        )
        return {
            row.code: Household(
                code=row.code,
                address=Address(row.community, row.compound, ""),
                persons=(),
                difficulty=Difficulty(row.difficulty),
                migrant=row.migrant,
            )
            for row in self._connection.execute(query.order_by(t.households.c.code))
        }

    def erased(self, zone: dt.tzinfo) -> dict[str, dt.datetime]:
        """When each erased household was erased, by the code of its stone."""
        query = select(t.households.c.code, t.households.c.erased_ms).where(t.households.c.erased_ms.is_not(None))
        return {row.code: from_ms(row.erased_ms, zone) for row in self._connection.execute(query)}

    def communities(self) -> dict[str, str]:
        """The community of every entrance, those nobody is listed at any more included, by 'COMMUNITY COMPOUND ...'."""
        e = t.entrances.c
        query = select(e.community, e.compound, e.building, e.entrance)
        return {" ".join(filter(None, row)): row.community for row in self._connection.execute(query)}

    def naming(self, words: Collection[str], zone: dt.tzinfo) -> list[Naming]:
        """The follow-ups and cases without a household that hold one of `words`, by campaign and day.

        A word of one letter, as a name may be, is only looked for as the whole of who it was.
        """
        f, c, s = t.follow_ups.c, t.cases.c, t.case_steps.c
        found: list[Naming] = []
        asked = select(f.id, f.campaign, f.kind, f.opened_ms, f.who, f.about, f.answer)
        for row in self._connection.execute(asked.where(f.household_id.is_(None))):
            if _names_one(words, row.who, row.about, row.answer):
                found.append(Naming(row.id, row.campaign, row.kind, from_ms(row.opened_ms, zone).date()))
        steps: dict[str, list[str]] = {}
        for step in self._connection.execute(
            select(s.case_id, s.note).join(t.cases).where(c.household_id.is_(None)).order_by(s.id)
        ):
            steps.setdefault(step.case_id, []).append(step.note)
        brought = select(c.id, c.number, c.campaign, c.received, c.who, c.note).where(c.household_id.is_(None))
        for case in self._connection.execute(brought):
            if _names_one(words, case.who, case.note, *steps.get(case.id, ())):
                found.append(Naming(case.number, case.campaign, "case", case.received))
        return sorted(found, key=lambda one: (one.campaign, one.day, one.id))

    def last_posts(self, campaign: str) -> dict[str, str]:
        """The post each erased household belonged to last, by code."""
        query = (
            select(t.households.c.code, t.assignments.c.post)
            .join(t.assignments, t.assignments.c.household_id == t.households.c.id)
            .where(t.households.c.erased_ms.is_not(None), t.assignments.c.campaign == campaign)
            .order_by(t.assignments.c.starts_ms, t.assignments.c.id)
        )
        return {row.code: row.post for row in self._connection.execute(query)}

    def count(self, table: str, ids: Iterable[int]) -> int:
        """How many rows of 'attempts' or 'milestones' these households (row ids) have."""
        facts = {"attempts": t.attempts, "milestones": t.milestones}[table]
        query = select(func.count()).select_from(facts).where(facts.c.household_id.in_(list(ids)))
        return int(self._connection.execute(query).scalar_one())

    def _of_ledger(self, campaign: str) -> ColumnElement[bool]:
        files = select(t.ledger_files.c.id).where(t.ledger_files.c.campaign == campaign)
        return and_(t.ledger_lines.c.file_id.in_(files), t.ledger_lines.c.name != "")

    def count_ledger(self, campaign: str) -> int:
        """How many lines of the campaign's ledger files still name somebody."""
        query = select(func.count()).select_from(t.ledger_lines).where(self._of_ledger(campaign))
        return int(self._connection.execute(query).scalar_one())

    def blank_ledger(self, campaign: str) -> None:
        """Take names, numbers and addresses out of the campaign's ledger lines; amounts and days stay."""
        self._connection.execute(update(t.ledger_lines).where(self._of_ledger(campaign)).values(**_NO_LINE))

    def elsewhere(self, campaign: str, others: Iterable[str]) -> set[str]:
        """The codes of households that any of the campaigns `others` has assigned or has facts of."""
        names = [name for name in others if name != campaign]
        found: set[str] = set()
        for table in (t.assignments, t.attempts, t.milestones):
            query = select(t.households.c.code).join(table, table.c.household_id == t.households.c.id).distinct()
            found.update(self._connection.execute(query.where(table.c.campaign.in_(names))).scalars())
        return found


def _names_one(words: Collection[str], who: str, *texts: str) -> bool:
    return any(word == who or (len(word) > 1 and any(word in text for text in (who, *texts))) for word in words)


def _whose(subject: str) -> str:
    return subject.partition(" ")[0]


def _code_in(named: str) -> str:
    """The household's code in 'CODE' or 'CODE:PERSON'."""
    return named.partition(":")[0]


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
