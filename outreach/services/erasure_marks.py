"""The marks of erased households: keyed digests that recognise them, and nobody else, when a file brings them back.

A mark is HMAC-SHA-256 under a key derived from the workspace's key, of one of: the household's code, a person's ID
number, a person's name at a door, a person's name with a mobile. Of the ID number its 15 old digits are taken, so that
the old and the new number of one person are one mark. Names and doors are taken as duplicates are compared, so that
'十二号楼' and '12栋' are one mark; marks made before that, of doors as they were written, are recognised as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from outreach.domain.people import Address, Household, Person
from outreach.keys import derived_key, keyed_digest, load_key, make_key
from outreach.planning.likeness import door_of
from outreach.planning.sounds import plain_name
from outreach.services.office import Office
from outreach.store.unit import Unit

_NEW_ID = 18  # digits of an ID number since 1999; before that the year had two and there was no check digit


def erasure_key(office: Office, *, create: bool = False) -> bytes:
    """The key of the marks. create: make the workspace's key where there is none; else NotFound."""
    path = office.workspace.key_path
    return derived_key(make_key(path) if create else load_key(path), "erasure")


def signs_of(home: Household) -> Iterator[tuple[str, str]]:
    """(sort, text) of everything a household is recognised by."""
    yield "code", home.code
    for person in home.persons:
        yield from _signs_of_person(home.address, person)


def _signs_of_person(address: Address, person: Person) -> Iterator[tuple[str, str]]:
    """What is kept of a person. Stores keep digests of these texts: another form of one recognises nobody."""
    name = plain_name(person.name)
    if person.id_number:
        yield "id_number", old_digits(person.id_number)
    if name and address.room:
        door = door_of(address)
        # A compound's name is enough, but every village has a third group.
        named = door.compound and not door.compound[0].isdigit()
        community = "" if named else plain_name(address.community)
        yield "door", "|".join((community, *door, name))
    if name and person.mobile:
        yield "mobile", f"{_digits(person.mobile)}|{name}"


def _earlier_signs_of_person(address: Address, person: Person) -> Iterator[tuple[str, str]]:
    """The door and the name as they are written, of which marks were made before."""
    if person.name and address.room:
        yield "door", "|".join((*address.entrance_key, address.unit, address.room, person.name))
    if person.name and person.mobile:
        yield "mobile", f"{_digits(person.mobile)}|{person.name}"


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]", "", phone)


def old_digits(id_number: str) -> str:
    """The 15 digits of an ID number before 1999: without the century and the check digit."""
    plain = id_number.strip().upper()
    return plain[:6] + plain[8:17] if len(plain) == _NEW_ID else plain


def mark_of(key: bytes, sort: str, text: str) -> str:
    """The digest of one sign."""
    return keyed_digest(key, f"{sort}:{text}")


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """A row of a file about somebody who was erased. whole: the household; else only some of its persons."""

    code: str
    whole: bool
    persons: int


class Marks:
    """The marks of a store; without any, nobody is recognised and no key is wanted."""

    def __init__(self, office: Office, unit: Unit) -> None:
        """Raises NotFound or StoreFault where there are marks and the key is not at hand."""
        self._digests = frozenset(mark.digest for mark in unit.erasures.marks(office.workspace.zone))
        self._key = erasure_key(office) if self._digests else b""

    def __bool__(self) -> bool:
        return bool(self._digests)

    def has_code(self, code: str) -> bool:
        """Whether this is the code of an erased household."""
        return bool(self._digests) and mark_of(self._key, "code", code) in self._digests

    def has_person(self, address: Address, person: Person) -> bool:
        """Whether this person was erased, here or at another door."""
        if not self._digests:
            return False
        signs = dict.fromkeys((*_signs_of_person(address, person), *_earlier_signs_of_person(address, person)))
        return any(mark_of(self._key, sort, text) in self._digests for sort, text in signs)

    def without_erased(self, homes: Iterable[Household]) -> tuple[list[Household], list[ErasedAgain]]:
        """(households as they may come in, what was left out); a household all of whom were erased is left out."""
        if not self._digests:
            return list(homes), []
        kept: list[Household] = []
        found: list[ErasedAgain] = []
        for home in homes:
            left = tuple(person for person in home.persons if not self.has_person(home.address, person))
            gone = len(home.persons) - len(left)
            if self.has_code(home.code) or (gone and not left):
                found.append(ErasedAgain(home.code, whole=True, persons=len(home.persons)))
            elif gone:
                found.append(ErasedAgain(home.code, whole=False, persons=gone))
                kept.append(replace(home, persons=left))
            else:
                kept.append(home)
        return kept, found
