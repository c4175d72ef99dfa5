"""Tries as planning needs them: few columns of many rows, read quickly.

What is asked for one list is said once here, with names for what changes: putting a query together takes longer than
answering it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, func, or_, select

from outreach.collection import collection_paused
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.people import Difficulty
from outreach.store import schema as t
from outreach.store.effective import Numbers, listed, read_as
from outreach.store.upsert import rows_among, rows_of


class HomeLine(NamedTuple):
    """What decides when a household is tried; a tuple, for a city has a million of them.

    post: '' where it has none. persons: how many live there. phones: how many of them have a mobile.
    """

    key: int
    code: str
    post: str
    community: str
    difficulty: Difficulty
    migrant: bool
    works: bool
    persons: int
    phones: int
    lon: float | None
    lat: float | None


class TryLine(NamedTuple):
    """One attempt, in force or corrected; of one household they sort by time. A tuple, for a city has millions.

    at_ms: milliseconds UTC. household: the row id of the one it is read as. person: as of there. card: whether a
    service card came to the household. closes: ids of the follow-ups it closes.
    """

    at_ms: int
    id: str
    household: int
    channel: str
    disposition: Disposition
    corrects: str
    person: int
    card: bool
    closes: tuple[str, ...]

    @property
    def at(self) -> dt.datetime:
        """When it was made, zoned."""
        return dt.datetime.fromtimestamp(self.at_ms / 1000, dt.UTC)

    @property
    def withdraws(self) -> bool:
        """Whether it only takes back the attempt it corrects."""
        return self.disposition is Disposition.WITHDRAWN


def in_force(lines: Sequence[TryLine]) -> Sequence[TryLine]:
    """The lines no other corrects, and no withdrawal, of one household; as `domain.contact.in_force`."""
    corrected = {line.corrects for line in lines if line.corrects}
    if not corrected:
        return lines  # a withdrawal corrects something too
    return [line for line in lines if line.id not in corrected and not line.withdraws]


_CARD_HANDED = Disposition.CARD_HANDED
_OUTCOMES = {one.value: one for one in Disposition}
_DIFFICULTIES = {one.value: one for one in Difficulty}
_MANY = 500
_CODE = attrgetter("code")

_h, _p, _s, _a, _m = t.households.c, t.persons.c, t.assignments.c, t.attempts.c, t.milestones.c
_CAMPAIGN: Any = bindparam("campaign")
_COUNTS = (func.count().label("persons"), func.sum(case((_p.mobile != "", 1), else_=0)).label("phones"))
_PEOPLE = select(_p.household_id, *_COUNTS).group_by(_p.household_id).subquery()
_OF_ONE = [select(one).where(_p.household_id == _h.id).scalar_subquery() for one in _COUNTS]
_HOME = (_h.id, _h.code, _s.post, t.entrances.c.community, _h.difficulty, _h.migrant, _h.works, _h.lon, _h.lat)
_PRESENT = (_s.household_id == _h.id) & (_s.campaign == _CAMPAIGN) & _s.ends_ms.is_(None)
_HOMES = (
    select(*_HOME, _PEOPLE.c.persons, _PEOPLE.c.phones)
    .select_from(
        t.households.join(t.entrances)
        .outerjoin(t.assignments, _PRESENT)
        .outerjoin(_PEOPLE, _PEOPLE.c.household_id == _h.id)
    )
    .where(listed())
    .order_by(_h.code)
)
_HOMES_OF_POST = (
    select(*_HOME, *_OF_ONE)
    .select_from(t.assignments.join(t.households, _h.id == _s.household_id).join(t.entrances))
    .where(_PRESENT, _s.post == bindparam("post"), listed())
)
_PERSONS_OF = select(_p.household_id, func.count()).group_by(_p.household_id)
_MERGED = select(_h.id, _h.merged_into)
_LINE = (_a.at_ms, _a.id, _a.channel, _a.disposition, _a.corrects, _a.person, _a.left, _a.closes)
_LINES_OF = select(*_LINE, _a.household_id).where(_a.campaign == _CAMPAIGN)
_KINDS = select(_h.id, _h.merged_into, _h.erased_ms.is_not(None), _h.difficulty, _h.migrant, _h.works)
# Nearly all rows are wanted: to walk the key by its campaign takes half as long again as to scan, so it is hidden.
_WHOLE = func.coalesce(_a.campaign, "") == _CAMPAIGN
_COLUMNS = select(_a.household_id, _a.at_ms, _a.channel, _a.disposition, _a.corrects).where(
    _WHOLE, _a.at_ms < bindparam("before")
)
_LINES = select(*_LINE, _a.household_id).where(_WHOLE)
_TOLD = select(t.standings.c.household_id).where(
    t.standings.c.campaign == _CAMPAIGN,
    or_(t.standings.c.first_reached_ms.is_not(None), t.standings.c.card_ms.is_not(None)),
)
_TOLD_OR_MERGED = _TOLD.union_all(select(_h.id).where(_h.merged_into.in_(_TOLD)))
_LINES_THAT_MATTER = _LINES.where(or_(_a.household_id.in_(_TOLD_OR_MERGED), _a.closes != "", _a.corrects != ""))
_EVERY_MERGED = select(_h.id, _h.merged_into).where(_h.merged_into.is_not(None))
_STEPS_OF = select(_m.id, _m.household_id, _m.on, _m.kind, _m.corrects).where(_m.campaign == _CAMPAIGN)


def _home(row: Sequence[Any]) -> HomeLine:
    key, code, post, community, difficulty, migrant, works, lon, lat, persons, phones = row
    known = _DIFFICULTIES[difficulty]
    return HomeLine(key, code, post or "", community, known, migrant, works, persons or 0, phones or 0, lon, lat)


def _lines(rows: Iterable[Sequence[Any]], read_as: Mapping[int, int], numbers: Numbers) -> Iterator[TryLine]:
    """Rows of attempts in short form; read_as: by row id the household one is read as that was merged away."""
    for at_ms, key, channel, outcome, corrects, person, left, closes, recorded in rows:
        disposition = _OUTCOMES[outcome]
        yield TryLine(
            at_ms,
            key,
            read_as.get(recorded, recorded),
            channel,
            disposition,
            corrects,
            numbers.of(recorded, person) if person else 0,
            disposition is _CARD_HANDED or (left != "" and "card" in left.split(",")),
            tuple(closes.split(",")) if closes else (),
        )


def _by_household(lines: Iterable[TryLine]) -> dict[int, list[TryLine]]:
    found: dict[int, list[TryLine]] = {}
    for line in lines:
        if line.household in found:
            found[line.household].append(line)
        else:
            found[line.household] = [line]
    for own in found.values():
        own.sort()
    return found


class Tries:
    """Reads attempts and households in short form, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def homes(self, campaign: str) -> list[HomeLine]:
        """Every household that stands in lists, in order of its code, with the post that has it now."""
        return [_home(row) for row in self._connection.execute(_HOMES, {"campaign": campaign})]

    def homes_of(self, campaign: str, posts: Collection[str]) -> list[HomeLine]:
        """The households that stand in lists and that some posts have now, in order of code."""
        rows = [
            row
            for post in set(posts)
            for row in rows_of(self._connection, _HOMES_OF_POST, campaign=campaign, post=post)
        ]
        return sorted(map(_home, rows), key=_CODE)

    def read_as(self, households: Iterable[int]) -> dict[int, int]:
        """By row id: these households and all that were merged into them, each with the one it is read as."""
        found = {key: key for key in households}
        return found | dict(rows_among(self._connection, _MERGED, _h.merged_into, list(found)))

    def persons(self, households: Iterable[int]) -> dict[int, int]:
        """How many live in some households, by row id; those nobody is listed in are left out."""
        return dict(rows_among(self._connection, _PERSONS_OF, _p.household_id, sorted(households)))

    def lines(self, campaign: str) -> dict[int, list[TryLine]]:
        """Every attempt, those corrected included, by the row id of its household and in order of time."""
        return self._many_lines(_LINES, campaign)

    def lines_that_matter(self, campaign: str) -> dict[int, list[TryLine]]:
        """As `lines`, of households that were reached or have a card; of others those that close or correct a fact."""
        return self._many_lines(_LINES_THAT_MATTER, campaign)

    def _many_lines(self, query: Select[Any], campaign: str) -> dict[int, list[TryLine]]:
        merged = dict(self._connection.execute(_EVERY_MERGED).all())
        found = self._connection.execute(query, {"campaign": campaign}, execution_options={"yield_per": _MANY})
        rows = chain.from_iterable(found.partitions())
        with collection_paused():
            return _by_household(_lines(rows, merged, Numbers(self._connection)))

    def lines_of(self, campaign: str, read_as: Mapping[int, int]) -> dict[int, list[TryLine]]:
        """As `lines`, of some households as `read_as` gives them."""
        rows = rows_among(self._connection, _LINES_OF, _a.household_id, sorted(read_as), campaign=campaign)
        return _by_household(_lines(rows, read_as, Numbers(self._connection)))

    def kinds(self) -> Iterator[Any]:
        """Every household: its row id, that of the one it was merged into, if it was erased, and what is its kind."""
        return iter(self._connection.execute(_KINDS))

    def columns(self, campaign: str, before_ms: int) -> Iterator[list[tuple[Any, ...]]]:
        """Every attempt made before an instant, in no order: many at a time, column by column.

        The columns: row ids of households as recorded, milliseconds, channels, outcomes, ids of what they correct.
        """
        found = self._connection.execute(
            _COLUMNS, {"campaign": campaign, "before": before_ms}, execution_options={"yield_per": _MANY}
        )
        for rows in found.partitions():
            yield list(zip(*rows, strict=True))

    def settled_of(self, campaign: str, before: dt.date, read_as: Mapping[int, int]) -> frozenset[int]:
        """As `settled`, of some households as `read_as` gives them."""
        rows = rows_among(self._connection, _STEPS_OF, _m.household_id, sorted(read_as), campaign=campaign)
        corrected = {corrects for *_rest, corrects in rows}
        withdrawn = MilestoneKind.WITHDRAWN.value
        return frozenset(
            read_as[household]
            for key, household, on, kind, _corrects in rows
            if on < before and kind != withdrawn and key not in corrected
        )

    def settled(self, campaign: str, before: dt.date) -> frozenset[int]:
        """The row ids of households the ledger shows a registration or payment of, before a day."""
        corrected = select(_m.corrects).where(_m.campaign == campaign, _m.corrects != "")
        counts = (
            _m.campaign == campaign,
            _m.on < before,
            _m.kind != MilestoneKind.WITHDRAWN.value,
            _m.id.not_in(corrected),
        )
        query = select(_h.id).select_from(read_as(t.milestones)).where(*counts).distinct()
        return frozenset(self._connection.execute(query).scalars())
