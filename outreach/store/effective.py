"""Which household a fact is read as: the one it was recorded for, or the one that was merged with.

Facts are appended and never changed, so a merge changes none of them: each keeps the household and the person it was
recorded for, and is read as the kept household's while the merge stands. `households.merged_into` always names the
household at the end of a chain of merges, so one step leads there; persons' numbers are followed merge by merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, func, or_, select

from outreach.store import schema as t

recorded = t.households.alias("recorded")
"""In a query over `read_as`: the household a row was recorded for; `t.households` is the one it is read as."""


def read_as(facts: FromClause) -> FromClause:
    """`facts` (with a column household_id) joined with `recorded` and with the household each row is read as."""
    kept = func.coalesce(recorded.c.merged_into, recorded.c.id)
    own = facts.join(recorded, recorded.c.id == facts.c.household_id)
    return own.join(t.households, t.households.c.id == kept)


def recorded_for(facts: FromClause, codes: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a row of `facts` was recorded for one of these households or for one merged into it."""
    named, kept = t.households.alias("named"), t.households.alias("kept")
    wanted = list(codes)
    inside = named.c.merged_into.in_(select(kept.c.id).where(kept.c.code.in_(wanted)))
    return facts.c.household_id.in_(select(named.c.id).where(or_(named.c.code.in_(wanted), inside)))


def listed() -> ColumnElement[bool]:
    """The condition that a household stands in lists: neither merged into another nor erased."""
    return and_(t.households.c.merged_into.is_(None), t.households.c.erased_ms.is_(None))


def members(connection: Connection, household_ids: Iterable[int]) -> dict[int, list[int]]:
    """The households these are read as, by row id, each with all whose facts are read as its own, itself first."""
    wanted = sorted(set(household_ids))
    h = t.households.c
    kept = func.coalesce(h.merged_into, h.id)
    found: dict[int, list[int]] = {}
    for start in range(0, len(wanted), _BATCH):
        named = select(kept).where(h.id.in_(wanted[start : start + _BATCH]))
        ids = sorted(set(connection.execute(named).scalars()))
        found |= {key: [key] for key in ids}
        for gone, into in connection.execute(select(h.id, h.merged_into).where(h.merged_into.in_(ids)).order_by(h.id)):
            found[into].append(gone)
    return found


_BATCH = 500
_MOST_PERSONS = 99


class Numbers:
    """Persons' numbers in the household a fact is read as; read once for many rows, when the first is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _merges(self) -> tuple[dict[int, tuple[int, dict[int, int]]], dict[int, list[dict[int, int]]]]:
        """Into which household each was merged, with the numbers there; and the merges of persons within one."""
        m = t.merges.c
        query = select(m.gone_id, m.kept_id, m.persons).where(m.undone_ms.is_(None)).order_by(m.at_ms, m.id)
        steps: dict[int, tuple[int, dict[int, int]]] = {}
        within: dict[int, list[dict[int, int]]] = {}
        for gone, kept, persons in self._connection.execute(query):
            numbers = {int(old): new for old, new in persons.items()}
            if gone == kept:
                within.setdefault(kept, []).append(numbers)
            else:
                steps[gone] = (kept, numbers)
        return steps, within

    def read(self) -> Numbers:
        """Itself, read now: for whoever asks when the connection is closed."""
        _read = self._merges
        return self

    @property
    def _steps(self) -> dict[int, tuple[int, dict[int, int]]]:
        return self._merges[0]

    @property
    def _within(self) -> dict[int, list[dict[int, int]]]:
        return self._merges[1]

    def of(self, household_id: int, person: int) -> int:
        """The number now of whom a fact calls `person` of the household it was recorded for; 0 stays: all of them."""
        if not person:
            return 0
        person = self._now(household_id, person)
        while household_id in self._steps:
            household_id, numbers = self._steps[household_id]
            person = self._now(household_id, numbers.get(person, 0))
        return person

    def end(self, household_id: int) -> int:
        """The row id of the household it is read as."""
        while household_id in self._steps:
            household_id = self._steps[household_id][0]
        return household_id

    def back(self, household_id: int, person: int) -> int:
        """Who of the household recorded is `person` of the one it is read as; 0 where nobody is."""
        own = self._steps.get(household_id, (0, {}))[1] or range(1, _MOST_PERSONS + 1)
        return next((number for number in sorted(own) if self.of(household_id, number) == person), 0)

    def _now(self, household_id: int, person: int) -> int:
        """Persons entered twice are one: merged within the household."""
        for numbers in self._within.get(household_id, ()):
            person = numbers.get(person, person)
        return person


class Kept:
    """The households that were merged away by code, for what is kept under codes; read once for many rows."""

    def __init__(self, connection: Connection) -> None:
        named = t.households.alias("named")
        pairs = named.join(t.households, t.households.c.id == named.c.merged_into)
        query = select(named.c.code, named.c.id, t.households.c.code.label("kept")).select_from(pairs)
        self.codes: dict[str, str] = {}
        self._ids: dict[str, int] = {}
        for code, key, kept in connection.execute(query.order_by(named.c.code)):
            self.codes[code], self._ids[code] = kept, key
        self._numbers = Numbers(connection).read()

    def home(self, code: str) -> str:
        """The code a household is read as."""
        return self.codes.get(code, code)

    def of(self, code: str, person: int) -> tuple[str, int]:
        """The code and the person's number that somebody is read as."""
        if code not in self.codes:
            return code, person
        return self.codes[code], self._numbers.of(self._ids[code], person)


def beside_what_they_correct(connection: Connection, facts: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Let new rows that correct a fact stand with the household that fact was recorded for, by its persons' numbers.

    Else the two would part when a merge is taken back, and what was corrected would count again.
    """
    correcting = {row["corrects"] for row in rows if row["corrects"]}
    if not correcting:
        return
    wanted = sorted(correcting)
    homes: dict[str, int] = {}
    for start in range(0, len(wanted), _BATCH):
        query = select(facts.c.id, facts.c.household_id).where(facts.c.id.in_(wanted[start : start + _BATCH]))
        homes.update(connection.execute(query).all())
    numbers = Numbers(connection)
    for row in rows:
        own, other = row["household_id"], homes.get(row["corrects"], row["household_id"])
        if own != other and numbers.end(own) == numbers.end(other):
            row["person"] = numbers.back(other, numbers.of(own, row["person"])) if row["person"] else 0
            row["household_id"] = other
