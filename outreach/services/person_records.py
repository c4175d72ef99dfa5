"""The roster's persons as records that can be compared with one another (planning/likeness.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from outreach.domain.directory import phone_digits
from outreach.domain.people import Household
from outreach.planning.likeness import Record, features, likenesses

_NAMES = ("same", "pinyin", "sound", "near", "sign")


def records_of(home: Household) -> tuple[Record, ...]:
    """A household's persons; each record's key is the person's number in it."""
    phones = {person.number: phone_digits(person.mobile) for person in home.persons if person.mobile}
    return tuple(
        Record(
            key=str(person.number),
            name=person.name,
            home=home.code,
            id_number=person.id_number,
            phones=(phones[person.number],) if person.number in phones else (),
            home_phones=tuple(phone for number, phone in phones.items() if number != person.number),
            address=home.address,
            born=person.born,
            sex=person.sex,
        )
        for person in home.persons
    )


def all_records(homes: Iterable[Household]) -> list[Record]:
    """The persons of many households; keys are 'CODE:NUMBER'."""
    return [replace(record, key=f"{home.code}:{record.key}") for home in homes for record in records_of(home)]


def same_person(one: Record, other: Record) -> bool:
    """Whether two records of two households that are one are surely one person: nothing of weight speaks against it."""
    found = {item.feature: item.level for item in likenesses(features(one), features(other))}
    if found.get("id") == "same":
        return True
    if found.get("name") not in _NAMES or found.get("id") in ("birth", "other") or "other" in (
        found.get("born"), found.get("sex"),
    ):  # fmt: skip
        return False
    told = found.get("phone") == "same" or found.get("id") == "digit" or found.get("born") in ("same", "misprint")
    return found.get("name") == "same" or told
