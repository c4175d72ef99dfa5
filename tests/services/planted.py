"""The shipped town's roster with households entered a second time, as clerks do it, and the truth beside."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Sequence
from dataclasses import replace

from outreach.domain.people import Household, Person
from outreach.intake.roster import read_households
from outreach.planning.likeness import Record
from tests.planning.slips import TOWN, Clerk, town

SLIPS = ("sound", "near", "sign", "swap", "digit", "id", "no_id", "no_phone", "short_id", "room", "no_unit", "alone")
"""What a second entry has wrong; 'alone': only one of its persons, at another address, where relatives live."""


@functools.cache
def roster() -> dict[str, Household]:
    """The shipped town's households by code."""
    reading = read_households(TOWN, today=dt.date(2006, 4, 4))
    assert not reading.faults
    return {home.code: home for home in reading.items}


def plant(
    homes: dict[str, Household], count: int, seed: str, *, without_ids: bool = False
) -> tuple[dict[str, Household], set[tuple[str, str]]]:
    """(the homes with `count` more that stand there already, with two slips each; the pairs that are one).

    without_ids: the second entries have neither ID numbers nor days of birth.
    """
    chance = random.Random(seed)
    clerk = Clerk(town(), seed)
    codes = chance.sample(sorted(homes), count)
    found, truth = dict(homes), set()
    for rank, code in enumerate(codes):
        twin = f"ZZ{rank:06d}"
        slips = ["no_id", *chance.sample(SLIPS, 2)] if without_ids else chance.sample(SLIPS, 2)
        found[twin] = _again(homes, homes[code], twin, slips, clerk, chance)
        truth.add((code, twin))
    return found, truth


def _again(
    homes: dict[str, Household], home: Household, code: str, slips: Sequence[str], clerk: Clerk, chance: random.Random
) -> Household:
    address, persons = home.address, list(home.persons)
    if "alone" in slips:
        address = homes[chance.choice(sorted(homes))].address
        persons = [chance.choice(persons)]
    if "room" in slips:
        address = replace(address, room=f"0{address.room}", building=f"{address.building}号楼")
    if "no_unit" in slips:
        address = replace(address, unit="", entrance="")
    if "no_id" in slips:
        persons = [replace(person, id_number="", born=None) for person in persons]
    who = chance.randrange(len(persons))
    persons[who] = _slipped(persons[who], slips, clerk)
    return replace(home, code=code, address=address, persons=tuple(persons))


def _slipped(person: Person, slips: Sequence[str], clerk: Clerk) -> Person:
    mobiles = (person.mobile,) if person.mobile else ()
    record = Record("", person.name, "", person.id_number, mobiles, (), None, person.born)
    told = clerk.copy(record, *(slip for slip in slips if slip in SLIPS[:8]))
    number = told.id_number
    if "short_id" in slips and number[6:8] == "19":
        number = number[:6] + number[8:17]
    return replace(person, name=told.name, id_number=number, mobile="".join(told.phones), born=told.born)
