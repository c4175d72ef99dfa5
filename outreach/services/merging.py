"""What a file says laid over what is stored: fields without a column keep their values, persons their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outreach.domain.people import Address, Household, Officer, Person, Relation
from outreach.intake.address import floor_of
from outreach.intake.roster import Told

_PARTS = ("community", "compound", "building", "entrance", "unit", "room")
_PERSON_FIELDS = ("relation", "sex", "born", "id_number", "mobile", "employer", "months_lapsed", "last_paid")
_HOUSEHOLD_FIELDS = ("difficulty", "migrant", "lon", "lat", "works", "language")
_OFFICER_FIELDS = (
    "post",
    "title", "section", "mobile", "home_phone", "office_phone", "email", "lon", "lat",
    "share", "most", "skills", "languages", "employer", "community", "compound",
)  # fmt: skip


def merged_household(
    stored: Household, read: Household, told: Told, given: int = 0
) -> tuple[Household, tuple[Person, ...]]:
    """(the household with what the file says, its persons whom the file does not name, who stay).

    given: the highest number a person of it ever had, where that is not one of `stored`: nobody gets it again.
    """
    found: dict[str, Any] = {name: getattr(read, name) for name in _HOUSEHOLD_FIELDS if name in told.fields}
    left: tuple[Person, ...] = ()
    persons = _as_they_stood(stored, read, told)
    if persons is None:
        persons, left = _persons(stored, read, told, given)
    found |= {"address": _address(stored.address, read.address, told.fields), "persons": persons}
    # Of a roster imported again nearly nothing changes; making every household anew would take longer than reading it.
    changed = {name: value for name, value in found.items() if getattr(stored, name) != value}
    return (replace(stored, **changed) if changed else stored), left


def merged_officer(stored: Officer, read: Officer, told: Told) -> Officer:
    """The officer with what the file says; one who holds no post takes the one the file gives them."""
    found = {name: getattr(read, name) for name in _OFFICER_FIELDS if name in told.fields}
    if not stored.post:
        found["post"] = read.post
    return replace(stored, name=read.name, **found)


def _address(stored: Address, read: Address, fields: frozenset[str]) -> Address:
    """A free line tells the whole address; a line without a community leaves the compound in the one it has."""
    if read == stored:
        return stored
    line = "address" in fields
    parts = {name: getattr(read if line or name in fields else stored, name) for name in _PARTS}
    if line and "community" not in fields and not read.community and read.compound == stored.compound:
        parts["community"] = stored.community
    tells_room = line or "room" in fields
    if "floor" in fields:
        floor = read.floor if tells_room or read.floor else floor_of(parts["room"])
    elif not tells_room or all(getattr(stored, name) == value for name, value in parts.items()):
        floor = stored.floor
    else:
        floor = read.floor
    return Address(**parts, floor=floor)


def _as_they_stood(stored: Household, read: Household, told: Told) -> tuple[Person, ...] | None:
    """The persons where the file names those who are stored, all of them in their order; None where it does not."""
    names = {person.name for person in read.persons}
    if not len(names) == len(read.persons) == len(stored.persons):
        return None
    found = []
    for old, new, fields in zip(stored.persons, read.persons, told.persons, strict=True):
        if old.name != new.name or (new.id_number and new.id_number != old.id_number):
            return None
        values = {name: getattr(new, name) for name in _PERSON_FIELDS if name in fields}
        changed = {name: value for name, value in values.items() if getattr(old, name) != value}
        found.append(replace(old, **changed) if changed else old)
    return tuple(found)


def _persons(
    stored: Household, read: Household, told: Told, given: int
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """(all persons by number, those the file does not name). The same ID number, else the same name, is one person."""
    left = list(stored.persons)
    same: dict[int, Person] = {}
    for field in ("id_number", "name"):
        for index, person in enumerate(read.persons):
            value = getattr(person, field)
            found = next((other for other in left if value and getattr(other, field) == value), None)
            if index not in same and found is not None:
                same[index] = found
                left.remove(found)
    merged = list(left)
    following = max([given, *(person.number for person in stored.persons)]) + 1
    new: list[int] = []
    for index, (person, fields) in enumerate(zip(read.persons, told.persons, strict=True)):
        if index in same:
            values = {name: getattr(person, name) for name in _PERSON_FIELDS if name in fields}
            merged.append(replace(same[index], name=person.name, **values))
        else:
            new.append(index)
    has_head = any(person.relation is Relation.SELF for person in merged)
    for number, index in enumerate(new, start=following):
        person = read.persons[index]
        guessed = person.relation is Relation.SELF and "relation" not in told.persons[index]
        relation = Relation.OTHER if guessed and has_head else person.relation
        merged.append(replace(person, number=number, relation=relation))
    return tuple(sorted(merged, key=lambda person: person.number)), tuple(left)
