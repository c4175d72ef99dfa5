"""Rows of households, persons and officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, delete, func, insert, select, update

from outreach.domain.people import Address, Difficulty, Household, Officer, Person, Relation, Sex
from outreach.store import schema as t
from outreach.store.effective import listed
from outreach.store.instants import from_ms_or_none, to_ms
from outreach.store.many_rows import add_columns
from outreach.store.month_counts import MonthCounts
from outreach.store.projection import Projection
from outreach.store.upsert import rows_of

_OFFICER_FIELDS = (
    "code", "name", "title", "section", "mobile", "home_phone", "office_phone", "email", "lon", "lat",
    "share", "most", "skills", "languages", "employer", "community", "compound",
)  # fmt: skip

# In the order of the fields of Household and Person: many commands read a store whole, so rows are taken as they come
# and not value by value.
_HOME_COLUMNS = (
    *(t.households.c[name] for name in ("id", "code", "difficulty", "migrant", "lon", "lat", "works", "language")),
    *(t.entrances.c[name] for name in ("community", "compound", "building", "entrance")),
    *(t.households.c[name] for name in ("unit", "floor", "room")),
)
_PERSON_FIELDS = (
    "household_id", "number", "name", "relation", "sex", "born", "id_number", "mobile", "employer", "months_lapsed",
    "last_paid",
)  # fmt: skip
_PERSON_COLUMNS = tuple(t.persons.c[name] for name in _PERSON_FIELDS)
_HOLDER = select(t.tenures.c.officer).where(t.tenures.c.post == bindparam("post"), t.tenures.c.ends_ms.is_(None))
_RELATIONS = {one.value: one for one in Relation}
_SEXES = {one.value: one for one in Sex}
_DIFFICULTIES = {one.value: one for one in Difficulty}


class Rosters:
    """Reads and writes the people of the store, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def households(self, codes: Iterable[str] | None = None, *, gone: bool = False) -> dict[str, Household]:
        """Households by code: all of them, or those of `codes`; gone: those merged away as well, never erased ones."""
        joined = t.households.join(t.entrances)
        homes = select(*_HOME_COLUMNS).select_from(joined).where(_wanted(gone)).order_by(t.households.c.code)
        people = select(*_PERSON_COLUMNS).order_by(t.persons.c.household_id, t.persons.c.number)
        if codes is not None:
            wanted = list(codes)
            homes = homes.where(t.households.c.code.in_(wanted))
            people = people.join(t.households).where(t.households.c.code.in_(wanted))
        persons: dict[int, list[Person]] = {}
        for household_id, number, name, relation, sex, *others in self._connection.execute(people):
            person = Person(number, name, _RELATIONS[relation], _SEXES[sex], *others)
            persons.setdefault(household_id, []).append(person)
        found: dict[str, Household] = {}
        for key, code, difficulty, migrant, lon, lat, works, language, *place in self._connection.execute(homes):
            lives = tuple(persons.get(key, ()))
            hard = _DIFFICULTIES[difficulty]
            found[code] = Household(code, Address(*place), lives, hard, migrant, lon, lat, works, language)
        return found

    def household_ids(self, *, gone: bool = False, of: Collection[str] | None = None) -> dict[str, int]:
        """The row ids of all households by code; gone: of those merged away as well, whose facts still come in.

        of: only those of these codes.
        """
        query = select(t.households.c.code, t.households.c.id).where(_wanted(gone))
        if of is None:
            return {row.code: row.id for row in self._connection.execute(query)}
        codes = sorted(set(of))
        found: dict[str, int] = {}
        for start in range(0, len(codes), 500):
            rows = self._connection.execute(query.where(t.households.c.code.in_(codes[start : start + 500])))
            found |= {row.code: row.id for row in rows}
        return found

    def add_households(self, households: Iterable[Household], at: dt.datetime | None = None) -> None:
        """Insert households that are not there yet. at: when they came into the roster, where that is to be known."""
        added = list(households)
        self._write_households(added, known={}, at=at)
        if added:
            MonthCounts(self._connection).count_homes()

    def added_after(self, at: dt.datetime) -> frozenset[str]:
        """The codes of households that came into the roster later than `at`."""
        query = select(t.households.c.code).where(t.households.c.added_ms > to_ms(at))
        return frozenset(self._connection.execute(query).scalars())

    def change_households(self, households: Iterable[Household]) -> None:
        """Replace the columns and persons of households that are there."""
        changed = list(households)
        known = self.household_ids(of=[home.code for home in changed])
        for batch in _batches([known[home.code] for home in changed], 500):
            self._connection.execute(delete(t.persons).where(t.persons.c.household_id.in_(batch)))
        self._write_households(changed, known)
        Projection(self._connection).follow_households(known[home.code] for home in changed)

    def _write_households(
        self, households: list[Household], known: Mapping[str, int], at: dt.datetime | None = None
    ) -> None:
        keys = [home.address.entrance_key for home in households]
        doors = self._entrance_ids(keys)
        following = self._connection.execute(select(func.coalesce(func.max(t.households.c.id), 0))).scalar_one() + 1
        ids: list[int] = []
        added: list[int] = []
        for index, (home, door) in enumerate(zip(households, keys, strict=True)):
            key = known.get(home.code)
            if key is None:
                key = following + len(added)
                added.append(index)
            else:
                row = {name: column[0] for name, column in _home_columns([home]).items()}
                change = update(t.households).where(t.households.c.id == key)
                self._connection.execute(change.values(entrance_id=doors[door], **row))
            ids.append(key)
        if added:
            came = None if at is None else to_ms(at)
            columns: dict[str, Sequence[Any]] = {
                "id": [ids[index] for index in added],
                "entrance_id": [doors[keys[index]] for index in added],
                "added_ms": [came] * len(added),
            }
            add_columns(self._connection, t.households, columns | _home_columns([households[i] for i in added]))
        people = [person for home in households for person in home.persons]
        if people:
            owners = [key for key, home in zip(ids, households, strict=True) for _person in home.persons]
            add_columns(self._connection, t.persons, {"household_id": owners} | _person_columns(people))

    def _entrance_ids(self, keys: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str, str, str], int]:
        known = {
            (row.community, row.compound, row.building, row.entrance): row.id
            for row in self._connection.execute(select(t.entrances))
        }
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if not missing:
            return known
        following = max(known.values(), default=0) + 1
        ids = list(range(following, following + len(missing)))
        names = ("community", "compound", "building", "entrance")
        columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*missing, strict=True), strict=True))
        add_columns(self._connection, t.entrances, {"id": ids} | columns)
        return known | dict(zip(missing, ids, strict=True))

    def officers(self) -> dict[str, Officer]:
        """Every officer who holds a post now, by post."""
        query = (
            select(t.officers, t.tenures.c.post)
            .join(t.tenures, t.tenures.c.officer == t.officers.c.code)
            .where(t.tenures.c.ends_ms.is_(None))
            .order_by(t.tenures.c.post)
        )
        return {row["post"]: _officer(row, row["post"]) for row in self._connection.execute(query).mappings()}

    def held(self, posts: Iterable[str]) -> frozenset[str]:
        """Those of some posts that somebody holds now."""
        return frozenset(post for post in posts if rows_of(self._connection, _HOLDER, post=post))

    def officer_codes(self) -> frozenset[str]:
        """The codes of everybody who ever held a post."""
        return frozenset(self._connection.execute(select(t.officers.c.code)).scalars())

    def all_officers(self) -> dict[str, Officer]:
        """Every officer by code; the post of one who holds none is ''."""
        posts = {officer.code: post for post, officer in self.officers().items()}
        rows = self._connection.execute(select(t.officers).order_by(t.officers.c.code)).mappings()
        return {row["code"]: _officer(row, posts.get(row["code"], "")) for row in rows}

    def add_officers(self, officers: Iterable[Officer], at: dt.datetime) -> None:
        """Insert officers, who hold their posts from `at` on; those who left their post before come back to one."""
        known = set(self._connection.execute(select(t.officers.c.code)).scalars())
        for officer in officers:
            if officer.code in known:
                change = update(t.officers).where(t.officers.c.code == officer.code)
                self._connection.execute(change.values(**_officer_row(officer)))
            else:
                self._connection.execute(insert(t.officers).values(**_officer_row(officer)))
            self._take_post(officer, at)

    def change_officers(self, officers: Iterable[Officer], at: dt.datetime) -> None:
        """Replace officers' columns; a change of post ends the old tenure at `at` and begins a new one."""
        held = {officer.code: post for post, officer in self.officers().items()}
        for officer in officers:
            self._connection.execute(
                update(t.officers).where(t.officers.c.code == officer.code).values(**_officer_row(officer))
            )
            if held.get(officer.code) != officer.post:
                self._connection.execute(
                    update(t.tenures)
                    .where(t.tenures.c.officer == officer.code, t.tenures.c.ends_ms.is_(None))
                    .values(ends_ms=to_ms(at))
                )
                self._take_post(officer, at)

    def _take_post(self, officer: Officer, at: dt.datetime) -> None:
        # Whoever held the post leaves it; an officer without a post keeps their history.
        self._connection.execute(
            update(t.tenures)
            .where(t.tenures.c.post == officer.post, t.tenures.c.ends_ms.is_(None))
            .values(ends_ms=to_ms(at))
        )
        self._connection.execute(insert(t.tenures).values(post=officer.post, officer=officer.code, starts_ms=to_ms(at)))

    def record_import(
        self, key: str, kind: str, file: str, sha256: str, at: dt.datetime, counts: Mapping[str, int]
    ) -> None:
        """Remember one import of one file."""
        self._connection.execute(
            insert(t.imports).values(id=key, kind=kind, file=file, sha256=sha256, at_ms=to_ms(at), **counts)
        )

    def last_import(self, kind: str, zone: dt.tzinfo) -> dt.datetime | None:
        """When a roster of that kind ('officers', 'households') was last taken in, or None."""
        query = select(func.max(t.imports.c.at_ms)).where(t.imports.c.kind == kind)
        return from_ms_or_none(self._connection.execute(query).scalar_one(), zone)

    def counts(self) -> dict[str, int]:
        """How many households, persons and officers with a post there are."""
        return {
            "households": self._count(select(t.households.c.id).where(listed())),
            "persons": self._count(select(t.persons.c.number).join(t.households).where(listed())),
            "officers": len(self.officers()),
        }

    def _count(self, rows: Select[Any]) -> int:
        return int(self._connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def _wanted(gone: bool) -> ColumnElement[bool]:
    return t.households.c.erased_ms.is_(None) if gone else listed()


def _home_columns(homes: Sequence[Household]) -> dict[str, Sequence[Any]]:
    """The columns of households, but for their keys."""
    places = [home.address for home in homes]
    return {
        "code": [home.code for home in homes],
        "unit": [place.unit for place in places],
        "floor": [place.floor for place in places],
        "room": [place.room for place in places],
        "difficulty": [str(home.difficulty) for home in homes],
        "migrant": [home.migrant for home in homes],
        "lon": [home.lon for home in homes],
        "lat": [home.lat for home in homes],
        "works": [home.works for home in homes],
        "language": [home.language for home in homes],
    }


def _person_columns(people: Sequence[Person]) -> dict[str, Sequence[Any]]:
    """The columns of persons, but for their household."""
    return {
        "number": [person.number for person in people],
        "name": [person.name for person in people],
        "relation": [str(person.relation) for person in people],
        "sex": [str(person.sex) for person in people],
        "born": [person.born for person in people],
        "id_number": [person.id_number for person in people],
        "mobile": [person.mobile for person in people],
        "employer": [person.employer for person in people],
        "months_lapsed": [person.months_lapsed for person in people],
        "last_paid": [person.last_paid for person in people],
    }


_LISTS = ("skills", "languages")


def _officer(row: RowMapping, post: str) -> Officer:
    facts: dict[str, Any] = {name: tuple(row[name]) if name in _LISTS else row[name] for name in _OFFICER_FIELDS}
    return Officer(post=post, **facts)


def _officer_row(officer: Officer) -> dict[str, Any]:
    return {name: getattr(officer, name) for name in _OFFICER_FIELDS}


def _batches(values: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
