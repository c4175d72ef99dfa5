"""Two records of a person laid side by side: how alike each feature is, as a level with both values.

A level is a code; services make words of it and mask the values. Nothing here weighs anything: see matching.py.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from outreach.domain.ids import resident_id_check_sign, resident_id_fault
from outreach.domain.numerals import NUMERALS, numeral
from outreach.domain.people import Address, Sex
from outreach.planning.latin_names import in_latin
from outreach.planning.sounds import hubei, plain_name, same_sound, same_surname, standard

_LONG_ID, _SHORT_ID = 18, 15
_CENTURY = "19"  # numbers of 15 digits were given out to people born before 2000
_COMPOUND_LIKE = 80.0
_NUMERAL = re.compile(rf"[{NUMERALS}]+")
_LABEL = re.compile(r"0*([0-9]+)(?:号楼|号门|号|栋|幢|座|#|单元|室|房|门)?")


@dataclass(frozen=True, slots=True)
class Record:
    """What a register, a ledger or a new roster says of one person. Empty features say nothing for or against.

    key: names the record to the caller. home: records of one household share it ('' where unknown); they are never
    paired with each other. id_number: 15 or 18 signs, perhaps mistyped. phones: the person's own, dialled digits.
    home_phones: of others in the household. address: parts as `intake.address` gives them. born: day of birth.
    """

    key: str
    name: str
    home: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()
    home_phones: tuple[str, ...] = ()
    address: Address | None = None
    born: dt.date | None = None
    sex: Sex = Sex.UNKNOWN


class Door(NamedTuple):
    """An address with every label written one way; '' where not told."""

    compound: str
    building: str
    entrance: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class Features:
    """A record made ready to be compared; made once for each record."""

    record: Record
    name: str
    id_number: str
    id_sound: bool
    born: dt.date | None
    sex: Sex
    door: Door


class Likeness(NamedTuple):
    """One feature of two records. level: a code of LEVELS; ours, theirs: the values compared, unmasked."""

    feature: str
    level: str
    ours: str
    theirs: str


def features(record: Record) -> Features:
    """The record's features. A resident ID also tells the day of birth and the sex where the record does not."""
    number = long_id(record.id_number)
    sound = not resident_id_fault(number)
    born, sex = record.born, record.sex
    if sound:
        born = born or dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        if sex is Sex.UNKNOWN:
            sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Features(record, plain_name(record.name), number, sound, born, sex, door_of(record.address))


def long_id(number: str) -> str:
    """A resident ID in its 18 signs: 15 digits get the century and the check sign (GB 11643-1999); others stay."""
    if not number.isdigit():
        number = number.upper()
    if len(number) == _SHORT_ID and number.isascii() and number.isdigit():
        first17 = number[:6] + _CENTURY + number[6:]
        return first17 + resident_id_check_sign(first17)
    return number


def door_of(address: Address | None) -> Door:
    """The address with numerals as digits and without the words behind them: '三号楼', '3栋' and '03' are '3'."""
    if address is None:
        return Door("", "", "", "", "")
    return Door(
        _compound(address.compound), *map(_label, (address.building, address.entrance, address.unit, address.room))
    )


@functools.lru_cache(maxsize=65536)
def _compound(text: str) -> str:
    return _NUMERAL.sub(lambda match: numeral(match[0]), plain_name(text))


@functools.lru_cache(maxsize=65536)
def _label(text: str) -> str:
    text = _NUMERAL.sub(lambda match: numeral(match[0]), plain_name(text.replace("#", "栋")))
    match = _LABEL.fullmatch(text)
    return match[1] if match else text


def likenesses(one: Features, other: Features) -> tuple[Likeness, ...]:
    """Every feature both records tell, with its level. Birth and sex only where not both have an ID that tells them."""
    found = [name_likeness(one, other), _id_likeness(one, other), _phone_likeness(one, other)]
    found.append(_address_likeness(one, other))
    if not (one.id_sound and other.id_sound):
        found += [_born_likeness(one, other), _sex_likeness(one, other)]
    return tuple(likeness for likeness in found if likeness is not None)


def name_likeness(one: Features, other: Features) -> Likeness | None:
    """Names: same (but for traditional signs), pinyin (read alike, one in Latin letters), sound (read alike), near
    (read alike in Hubei), sign (one sign wrong), surname, other.
    """
    if not one.name or not other.name:
        return None
    return Likeness("name", name_level(one.name, other.name), one.record.name, other.record.name)


def name_level(mine: str, yours: str) -> str:
    """How alike two plain names are; see `name_likeness`."""
    if mine == yours:
        return "same"
    if same_sound(mine, yours, standard):
        return "pinyin" if in_latin(mine) or in_latin(yours) else "sound"
    if same_sound(mine, yours, hubei):
        return "near"
    if max(len(mine), len(yours)) > 2 and is_misprint(mine, yours):
        return "sign"
    return "surname" if same_surname(mine, yours) else "other"


def is_misprint(one: str, other: str) -> bool:
    """Whether one sign more, less, other, or two neighbours changed round, makes the one the other."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) <= 1


def _id_likeness(one: Features, other: Features) -> Likeness | None:
    """IDs: same; digit (one wrong, and a check sign that says so); birth (same day of birth); doubtful; other.

    A check sign finds every single wrong digit, so two sound numbers that differ in one are two people.
    """
    mine, yours = one.id_number, other.id_number
    if not mine or not yours:
        return None
    both_sound = one.id_sound and other.id_sound
    if mine == yours:
        level = "same"
    elif not both_sound and is_misprint(mine, yours):
        level = "digit"
    elif not both_sound:
        level = "doubtful"
    else:
        level = "birth" if mine[6:14] == yours[6:14] else "other"
    return Likeness("id", level, one.record.id_number, other.record.id_number)


def _phone_likeness(one: Features, other: Features) -> Likeness | None:
    """Phones: same; home (another's of the household); digit (one wrong or two changed round); other."""
    mine, yours = one.record, other.record
    ours, theirs = (*mine.phones, *mine.home_phones), (*yours.phones, *yours.home_phones)
    if not ours or not theirs:
        return None
    for phone in mine.phones:
        if phone in yours.phones:
            return Likeness("phone", "same", phone, phone)
    for phone in ours:
        if phone in theirs:
            return Likeness("phone", "home", phone, phone)
    for phone in mine.phones:
        for other_phone in yours.phones:
            if is_misprint(phone, other_phone):
                return Likeness("phone", "digit", phone, other_phone)
    return Likeness("phone", "other", ours[0], theirs[0])


def _address_likeness(one: Features, other: Features) -> Likeness | None:
    """Addresses: door, building, compound (or one much alike), other. A part that one does not tell is no difference,
    but a door must have its room told in both.
    """
    mine, yours = one.door, other.door
    if not mine.compound or not yours.compound or one.record.address is None or other.record.address is None:
        return None
    if not compounds_alike(mine.compound, yours.compound):
        level = "other"
    elif not mine.building or mine.building != yours.building:
        level = "compound"
    elif (
        mine.room
        and mine.room == yours.room
        and all(not a or not b or a == b for a, b in ((mine.unit, yours.unit), (mine.entrance, yours.entrance)))
    ):
        level = "door"
    else:
        level = "building"
    return Likeness("address", level, one.record.address.line(), other.record.address.line())


@functools.lru_cache(maxsize=65536)
def compounds_alike(one: str, other: str) -> bool:
    """Whether two names of compounds may be one: equal, read alike, one within the other, or few signs other."""
    from rapidfuzz import fuzz

    return (
        one == other
        or (min(len(one), len(other)) > 1 and (one in other or other in one))
        or same_sound(one, other, hubei)
        or fuzz.ratio(one, other) >= _COMPOUND_LIKE
    )


def _born_likeness(one: Features, other: Features) -> Likeness | None:
    """Days of birth: same; misprint (one digit other or two changed round); year; other."""
    mine, yours = one.born, other.born
    if mine is None or yours is None:
        return None
    if mine == yours:
        level = "same"
    elif is_misprint(f"{mine:%Y%m%d}", f"{yours:%Y%m%d}"):
        level = "misprint"
    else:
        level = "year" if mine.year == yours.year else "other"
    return Likeness("born", level, mine.isoformat(), yours.isoformat())


def _sex_likeness(one: Features, other: Features) -> Likeness | None:
    if Sex.UNKNOWN in (one.sex, other.sex):
        return None
    return Likeness("sex", "same" if one.sex is other.sex else "other", one.sex.value, other.sex.value)
