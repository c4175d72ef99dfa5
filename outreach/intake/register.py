"""The usual roster -> households, quickly: a code in every row, an address in columns, a row for each person.

What is not so simple (addresses in one line, spouses in columns, two sheets, rows that disagree, anything wrong) goes
the way of family.py; a household that goes either way comes out the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from outreach.domain.people import Address, Difficulty, Household, Person, Relation, Sex
from outreach.intake import family
from outreach.intake.address import floor_of
from outreach.intake.rows import Columns, Rows, Told

_ELSEWHERE = ("address", "spouse_name", "spouse_id_number", "spouse_mobile")
_TEXTS = ("community", "compound", "building", "entrance", "unit", "room")
_RANK = {Relation.SELF: 0, Relation.SPOUSE: 1}


def households(rows: Rows) -> list[Household]:
    """The sound households among the rows, in the file's order; faults are noted in `rows`."""
    if len(rows.columns) != 1 or rows.faulty or not _is_usual(rows.columns[0]):
        return family.households(rows)
    return _Register(rows, rows.columns[0]).households()


def _is_usual(columns: Columns) -> bool:
    """Whether every row has a code, none repeats another, and nothing stands in columns of a harder layout."""
    values = columns.values
    codes = values.get("household_code", ())
    if not codes or not all(codes) or any(any(values.get(field, ())) for field in _ELSEWHERE):
        return False
    numbers = list(filter(None, values.get("id_number", ())))
    return len(set(numbers)) == len(numbers) and not _has_repeats(columns)


def _has_repeats(columns: Columns) -> bool:
    """Whether any row repeats another sign by sign: those that share code and name are compared whole."""
    seen: set[tuple[str, str]] = set()
    again: set[tuple[str, str]] = set()
    keys = list(zip(columns.values["household_code"], columns.values["name"], strict=True))
    if len(set(keys)) == len(keys):
        return False
    for key in keys:
        (again if key in seen else seen).add(key)
    whole = [
        tuple(column[index] for column in columns.values.values()) for index, key in enumerate(keys) if key in again
    ]
    return len(set(whole)) < len(whole)


class _Register:
    """One table taken column by column."""

    def __init__(self, rows: Rows, columns: Columns) -> None:
        self._rows, self._columns = rows, columns
        self._count = len(columns.table.rows)
        fields = rows.fields(columns)
        self._fields = {True: fields, False: fields - {"relation"}}

    def households(self) -> list[Household]:
        """Every household; those whose rows are not all alike are made one by one."""
        groups: dict[str, list[int]] = {}
        for index, code in enumerate(self._columns.values["household_code"]):
            groups.setdefault(code, []).append(index)
        told = self._column("relation", None)
        numbers, relations = self._places(groups.values(), told)
        persons = self._persons(numbers, relations)
        homes = self._homes()
        migrant, works = self._column("migrant", None), self._column("works", None)
        table = self._columns.table
        said = self._rows.told
        place_fields = self._fields[True] - {"address"}
        told_of: tuple[frozenset[str], ...]
        people: tuple[Person, ...]
        alone = {relation: (fields,) for relation, fields in self._fields.items()}
        found: list[Household] = []
        for code, group in groups.items():
            first = group[0]
            home = homes[first]
            if not _is_sound(home) or (len(group) > 1 and any(homes[index] != home for index in group)):
                made = family.household_of(self._rows, code, [self._columns.record(index) for index in group])
                if made is not None:
                    found.append(made)
                continue
            if len(group) == 1:
                told_of = alone[bool(told[first])]
                people = (persons[first],)
                away, at_work = migrant[first] is True, works[first] is True
            else:
                group.sort(key=numbers.__getitem__)
                told_of = tuple([self._fields[bool(told[index])] for index in group])
                people = tuple([persons[index] for index in group])
                away, at_work = True in [migrant[index] for index in group], True in [works[index] for index in group]
            said[code] = Told(table, table.rows[first][0], place_fields, told_of)
            community, compound, building, entrance, unit, room, floor, lon, lat, difficulty, language = home
            if floor is None:
                floor = floor_of(room)
            address = Address(community, compound, building, entrance, unit, floor, room)
            difficulty = difficulty or Difficulty.NORMAL
            found.append(Household(code, address, people, difficulty, away, lon, lat, at_work, language))
        return found

    def _column(self, name: str, missing: Any) -> Sequence[Any]:
        """A field's values, `missing` for empty cells and for a column that is not there."""
        column = self._columns.values.get(name)
        if column is None:
            return [missing] * self._count
        if missing is None or (None not in column and "" not in column):
            return column
        return [missing if value is None else value for value in column]

    def _places(self, groups: Collection[list[int]], told: Sequence[Any]) -> tuple[list[int], list[Relation]]:
        """(each row's person's number, their relation): the first is 'self' where no row says so; see family.py."""
        numbers = [1] * self._count
        relations = [relation or Relation.SELF for relation in told]
        for group in groups:
            if len(group) == 1:
                continue
            mine = [told[index] or None for index in group]
            if mine[0] is None and Relation.SELF not in mine:
                mine[0] = Relation.SELF
            for index, relation in zip(group, mine, strict=True):
                relations[index] = relation or Relation.OTHER
            ranked = sorted(group, key=lambda index: _RANK.get(relations[index], 2))  # a stable sort
            for number, index in enumerate(ranked, start=1):
                numbers[index] = number
        return numbers, relations

    def _persons(self, numbers: Sequence[int], relations: Sequence[Relation]) -> list[Person]:
        texts = {name: self._column(name, "") for name in ("id_number", "mobile", "employer")}
        return list(
            map(
                Person,
                numbers,
                self._columns.values["name"],
                relations,
                self._column("sex", Sex.UNKNOWN),
                self._column("born", None),
                texts["id_number"],
                texts["mobile"],
                texts["employer"],
                self._column("months_lapsed", None),
                self._column("last_paid", None),
            )
        )

    def _homes(self) -> list[tuple[Any, ...]]:
        """What each row says of its household: six texts, floor, lon, lat, difficulty, language."""
        texts = [self._column(name, "") for name in _TEXTS]
        others = [self._column(name, None) for name in ("floor", "lon", "lat", "difficulty")]
        return list(zip(*texts, *others, self._column("language", ""), strict=True))


def _is_sound(home: tuple[Any, ...]) -> bool:
    """Whether the household has an address and either a place on the map or none."""
    lon, lat = home[7], home[8]
    return bool(home[1] or home[0]) and (lon is None) == (lat is None) and not (lon == 0 and lat == 0)
