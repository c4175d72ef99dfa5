"""Tries as planning needs them: few columns of many rows, read quickly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select

from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.people import Difficulty
from outreach.store import schema as t
from outreach.store.effective import listed, members, read_as


@dataclass(frozen=True, slots=True)
class HomeLine:
    """What decides when a household is tried.

    post: '' where it has none. persons: how many live there. phone: whether any of them has a mobile.
    """

    key: int
    code: str
    post: str
    community: str
    difficulty: Difficulty
    migrant: bool
    works: bool
    persons: int
    phone: bool
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class TryLine:
    """One attempt, in force or corrected. household: its row id. at_ms: milliseconds UTC."""

    id: str
    household: int
    channel: str
    at_ms: int
    disposition: Disposition
    corrects: str


_OUTCOMES = {one.value: one for one in Disposition}
_BATCH = 500

_h = t.households.c
_OF_HOMES = (
    _h.id, _h.code, t.entrances.c.community, _h.difficulty, _h.migrant, _h.works, _h.lon, _h.lat,
)  # fmt: skip
_PEOPLE = select(
    t.persons.c.household_id,
    func.count().label("persons"),
    func.max(case((t.persons.c.mobile != "", 1), else_=0)).label("phone"),
).group_by(t.persons.c.household_id)
_OF_POSTS = (
    select(*_OF_HOMES, t.assignments.c.post)
    .select_from(t.assignments.join(t.households, _h.id == t.assignments.c.household_id).join(t.entrances))
    .where(
        t.assignments.c.campaign == bindparam("campaign"),
        t.assignments.c.ends_ms.is_(None),
        t.assignments.c.post.in_(bindparam("posts", expanding=True)),
        listed(),
    )
    .order_by(_h.code)
)
_a = t.attempts.c
_LINES_OF = select(_a.id, _a.household_id, _a.channel, _a.at_ms, _a.disposition, _a.corrects).where(
    _a.campaign == bindparam("campaign"),
    _a.household_id.in_(bindparam("ids", expanding=True)),
    _a.at_ms < bindparam("before"),
)


def _home(row: Any, people: Mapping[int, Any]) -> HomeLine:
    own = people.get(row.id)
    return HomeLine(
        key=row.id,
        code=row.code,
        post=row.post or "",
        community=row.community,
        difficulty=Difficulty(row.difficulty),
        migrant=row.migrant,
        works=row.works,
        persons=own.persons if own else 0,
        phone=bool(own and own.phone),
        lon=row.lon,
        lat=row.lat,
    )


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


class Tries:
    """Reads attempts and households in short form, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def homes(self, campaign: str) -> list[HomeLine]:
        """Every household that stands in lists, in order of its code, with the post that has it now."""
        h, post = t.households.c, t.assignments.c.post
        present = (t.assignments.c.household_id == h.id) & (t.assignments.c.campaign == campaign)
        query = (
            select(*_OF_HOMES, post)
            .select_from(
                t.households.join(t.entrances).outerjoin(t.assignments, present & t.assignments.c.ends_ms.is_(None))
            )
            .where(listed())
            .order_by(h.code)
        )
        rows = self._connection.execute(query).all()
        people = {row.household_id: row for row in self._connection.execute(_PEOPLE)}
        return [_home(row, people) for row in rows]

    def homes_of(self, campaign: str, posts: Collection[str]) -> list[HomeLine]:
        """The households that stand in lists and that some posts have now, in order of code."""
        rows = self._connection.execute(_OF_POSTS, {"campaign": campaign, "posts": sorted(posts)}).all()
        people: dict[int, Any] = {}
        for batch in _batches([row.id for row in rows]):
            of_these = _PEOPLE.where(t.persons.c.household_id.in_(batch))
            people |= {row.household_id: row for row in self._connection.execute(of_these)}
        return [_home(row, people) for row in rows]

    def lines(self, campaign: str, before_ms: int) -> Iterator[TryLine]:
        """The attempts made before an instant, those corrected included, by household and time."""
        a = t.attempts.c
        query = (
            select(a.id, t.households.c.id, a.channel, a.at_ms, a.disposition, a.corrects)
            .select_from(read_as(t.attempts))
            .where(a.campaign == campaign, a.at_ms < before_ms, listed())
            .order_by(t.households.c.id, a.at_ms, a.id)
        )
        for key, household, channel, at_ms, disposition, corrects in self._connection.execute(query):
            yield TryLine(key, household, channel, at_ms, _OUTCOMES[disposition], corrects)

    def lines_of(self, campaign: str, before_ms: int, households: Sequence[int]) -> Iterator[TryLine]:
        """As `lines`, of some households by their row ids, in their order; what is read as theirs included."""
        for batch in _batches(households):
            kept = {one: key for key, together in members(self._connection, batch).items() for one in together}
            values = {"campaign": campaign, "before": before_ms, "ids": list(kept)}
            found = sorted(self._connection.execute(_LINES_OF, values), key=lambda row: (kept[row[1]], row[3], row[0]))
            for key, household, channel, at_ms, disposition, corrects in found:
                yield TryLine(key, kept[household], channel, at_ms, _OUTCOMES[disposition], corrects)

    def settled_of(self, campaign: str, before: dt.date, households: Sequence[int]) -> frozenset[int]:
        """As `settled`, of some households by their row ids."""
        m = t.milestones.c
        found: set[int] = set()
        for batch in _batches(households):
            kept = {one: key for key, together in members(self._connection, batch).items() for one in together}
            query = select(m.id, m.household_id, m.on, m.kind, m.corrects)
            rows = self._connection.execute(query.where(m.campaign == campaign, m.household_id.in_(list(kept)))).all()
            corrected = {row.corrects for row in rows}
            withdrawn = MilestoneKind.WITHDRAWN.value
            found |= {
                kept[row.household_id]
                for row in rows
                if row.on < before and row.kind != withdrawn and row.id not in corrected
            }
        return frozenset(found)

    def settled(self, campaign: str, before: dt.date) -> frozenset[int]:
        """The row ids of households the ledger shows a registration or payment of, before a day."""
        m = t.milestones.c
        corrected = select(m.corrects).where(m.campaign == campaign, m.corrects != "")
        counts = (
            m.campaign == campaign,
            m.on < before,
            m.kind != MilestoneKind.WITHDRAWN.value,
            m.id.not_in(corrected),
        )
        query = select(t.households.c.id).select_from(read_as(t.milestones)).where(*counts).distinct()
        return frozenset(self._connection.execute(query).scalars())
