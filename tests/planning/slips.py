"""The invented town's persons as another system would have them: with the slips clerks make, and the truth beside.

Every record is made of one person of the shipped roster; what was done to it is told, so that a test can count.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from outreach.domain.people import Address
from outreach.planning.likeness import Record
from outreach.planning.sounds import hubei, readings

TOWN = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "households.csv"

SLIPS = ("sound", "near", "sign", "swap", "digit", "id", "no_id", "no_phone", "moved", "no_address")


def town() -> list[Record]:
    """The shipped roster's persons; keys are 'household:number'."""
    homes: dict[str, list[dict[str, str]]] = defaultdict(list)
    with TOWN.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            homes[row["户号"]].append(row)
    return [
        Record(
            key=f"{code}:{number}",
            name=row["姓名"],
            home=code,
            id_number=row["身份证号"],
            phones=(row["手机"],) if row["手机"] else (),
            home_phones=tuple(other["手机"] for other in people if other is not row and other["手机"]),
            address=Address(row["社区"], row["小区"], row["楼栋"], row["门栋"], row["单元"], 0, row["房号"]),
            born=dt.date.fromisoformat(row["出生日期"]) if row["出生日期"] else None,
        )
        for code, people in homes.items()
        for number, row in enumerate(people, start=1)
    ]


class Clerk:
    """Copies records with slips, by a seed."""

    def __init__(self, people: Iterable[Record], seed: str) -> None:
        self._people = list(people)
        self._chance = random.Random(seed)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for sign in sorted({sign for person in self._people for sign in person.name}):
            for reading in sorted(readings(sign)[0]):
                self._alike[reading].append(sign)
                self._alike[f"hubei {hubei(reading)}"].append(sign)

    def copy(self, person: Record, *slips: str) -> Record:
        """The record as typed with the named SLIPS."""
        for slip in slips:
            person = self._slipped(person, slip)
        return replace(person, key=f"line {person.key}", home="")

    def _slipped(self, person: Record, slip: str) -> Record:
        match slip:
            case "sound" | "near" | "sign":
                return replace(person, name=self._misheard(person.name, slip))
            case "swap" | "digit" if person.phones:
                return replace(person, phones=(self._mistyped(person.phones[0], swap=slip == "swap"),))
            case "id" if person.id_number:
                return replace(
                    person, id_number=self._mistyped(person.id_number[:17], swap=False) + person.id_number[17]
                )
            case "no_id":
                return replace(person, id_number="", born=None)
            case "no_phone":
                return replace(person, phones=(), home_phones=())
            case "moved":
                return replace(person, address=self._chance.choice(self._people).address)
            case "no_address":
                return replace(person, address=None)
            case _:
                return person

    def _misheard(self, name: str, slip: str) -> str:
        at = self._chance.randrange(min(1, len(name) - 1), len(name))
        reading = min(readings(name[at])[0])
        pool = {
            "sound": self._alike[reading],
            "near": self._alike[f"hubei {hubei(reading)}"],
            "sign": sorted({sign for other in self._people[:200] for sign in other.name[1:]}),
        }[slip]
        others = [sign for sign in pool if sign != name[at]] or [name[at]]
        return name[:at] + self._chance.choice(others) + name[at + 1 :]

    def _mistyped(self, digits: str, *, swap: bool) -> str:
        at = self._chance.randrange(3, len(digits) - 1)
        if swap:
            return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        return digits[:at] + str((int(digits[at]) + self._chance.randint(1, 9)) % 10) + digits[at + 1 :]
