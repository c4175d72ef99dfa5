"""Tries as planning needs them: few columns of many rows, read quickly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from outreach.domain.contact import Disposition
from outreach.domain.people import Difficulty
from outreach.store import schema as t


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


class Tries:
    """Reads attempts and households in short form, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def homes(self, campaign: str) -> list[HomeLine]:
        """Every household in order of its code, with the post that has it now."""
        present = (
            select(t.assignments.c.household_id, t.assignments.c.post)
            .where(t.assignments.c.campaign == campaign, t.assignments.c.ends_ms.is_(None))
            .subquery()
        )
        people = (
            select(
                t.persons.c.household_id,
                func.count().label("persons"),
                func.max(t.persons.c.mobile != "").label("phone"),
            )
            .group_by(t.persons.c.household_id)
            .subquery()
        )
        h = t.households.c
        query = (
            select(
                h.id, h.code, present.c.post, t.entrances.c.community, h.difficulty, h.migrant, h.works,
                people.c.persons, people.c.phone, h.lon, h.lat,
            )
            .join(t.entrances)
            .outerjoin(present, present.c.household_id == h.id)
            .outerjoin(people, people.c.household_id == h.id)
            .order_by(h.code)
        )  # fmt: skip
        return [
            HomeLine(
                key, code, post or "", community, Difficulty(difficulty), migrant, works, persons or 0, bool(phone),
                lon, lat,
            )
            for key, code, post, community, difficulty, migrant, works, persons, phone, lon, lat
            in self._connection.execute(query)
        ]  # fmt: skip

    def lines(self, campaign: str, before_ms: int) -> Iterator[TryLine]:
        """The attempts made before an instant, those corrected included, by household and time."""
        a = t.attempts.c
        query = (
            select(a.id, a.household_id, a.channel, a.at_ms, a.disposition, a.corrects)
            .where(a.campaign == campaign, a.at_ms < before_ms)
            .order_by(a.household_id, a.at_ms, a.id)
        )
        outcomes = {one.value: one for one in Disposition}
        for key, household, channel, at_ms, disposition, corrects in self._connection.execute(query):
            yield TryLine(key, household, channel, at_ms, outcomes[disposition], corrects)

    def settled(self, campaign: str, before: dt.date) -> frozenset[int]:
        """The row ids of households the ledger shows a registration or payment of, before a day."""
        m = t.milestones.c
        corrected = select(m.corrects).where(m.campaign == campaign, m.corrects != "")
        query = select(m.household_id).where(m.campaign == campaign, m.on < before, m.id.not_in(corrected)).distinct()
        return frozenset(self._connection.execute(query).scalars())
