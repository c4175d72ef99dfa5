"""Fields of rosters in words: each that an import can change has a heading, and no other makes telling it fail."""

from __future__ import annotations

import dataclasses

import pytest

from outreach.domain.people import Address, Household, Officer, Person
from outreach.intake.headings import Kind, accepted
from outreach.services.field_words import field_words, heading_of

CHANGED = [
    *(("households", f"address.{field.name}") for field in dataclasses.fields(Address)),
    *(
        ("households", field.name)
        for field in dataclasses.fields(Household)
        if field.name not in ("code", "address", "persons")
    ),
    *(("households", f"persons[2].{field.name}") for field in dataclasses.fields(Person) if field.name != "number"),
    *(("officers", field.name) for field in dataclasses.fields(Officer)),
]


@pytest.mark.parametrize(("roster", "path"), CHANGED)
def test_every_field_an_import_can_change_has_a_heading(roster: str, path: str) -> None:
    field = path.rpartition(".")[2]
    assert heading_of(Kind(roster), field, "zh") in accepted(Kind(roster), field)
    assert not field_words(roster, path, "zh").isascii()


def test_a_field_without_a_heading_is_told_by_its_own_name() -> None:
    assert field_words("households", "persons[2].shoe_size", "en") == "person 2: shoe_size"
    assert field_words("officers", "shoe_size", "zh") == "shoe_size"
