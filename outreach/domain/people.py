"""Who is to be reached, where they live, and who is responsible for them."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass


class Difficulty(enum.StrEnum):
    """How much work a household is expected to be (难易)."""

    HARD = "hard"
    NORMAL = "normal"
    EASY = "easy"

    # As in domain/contact.py: chances are looked up by it.
    __hash__ = str.__hash__

    def label(self, language: str) -> str:
        """The difficulty in words, language 'zh' or 'en'."""
        return {"hard": "难", "normal": "一般", "easy": "易"}[self.value] if language == "zh" else self.value


class Relation(enum.StrEnum):
    """A person's place in the household."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"

    def label(self, language: str) -> str:
        """The relation in words, language 'zh' or 'en'."""
        return _RELATIONS_ZH[self] if language == "zh" else self.value


_RELATIONS_ZH = {
    Relation.SELF: "本人",
    Relation.SPOUSE: "配偶",
    Relation.CHILD: "子女",
    Relation.PARENT: "父母",
    Relation.OTHER: "其他",
}


class Sex(enum.StrEnum):
    """As the register has it; unknown where the column is empty."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a household lives: community > compound > building > entrance, then unit, floor and room.

    All parts are text as the roster has it except `floor` (a number, 0 where unknown).
    """

    community: str
    compound: str
    building: str
    entrance: str = ""
    unit: str = ""
    floor: int = 0
    room: str = ""

    @property
    def building_key(self) -> tuple[str, str, str]:
        """Names one building in the whole town."""
        return (self.community, self.compound, self.building)

    @property
    def entrance_key(self) -> tuple[str, str, str, str]:
        """Names one entrance in the whole town."""
        return (*self.building_key, self.entrance)

    def line(self, language: str = "zh") -> str:
        """The address on one line: '城东社区槐荫小区3栋东门2单元501' or, in English, room first."""
        if language == "zh":
            return _joined(
                self.community,
                self.compound,
                _suffixed(self.building, "栋"),
                _suffixed(self.entrance, "门"),
                _suffixed(self.unit, "单元"),
                _suffixed(self.room, "室"),
            )
        named = (
            ("Room", self.room),
            ("Unit", self.unit),
            ("Entrance", self.entrance),
            ("Building", self.building),
            ("", self.compound),
            ("", self.community),
        )
        return ", ".join(f"{label} {part}".strip() for label, part in named if part)


def _joined(*parts: str) -> str:
    """The parts one after another, with a blank where two figures or letters would run together: '小区5 2栋'."""
    line = ""
    for part in filter(None, parts):
        meet = line[-1:] + part[0]
        line += f" {part}" if len(meet) == 2 and meet.isascii() and meet.isalnum() else part
    return line


def _suffixed(part: str, suffix: str) -> str:
    """'3' becomes '3栋'; '甲栋' and '综合楼' stay as they are."""
    return part + suffix if part and re.fullmatch(r"[0-9A-Za-z甲乙丙丁东西南北中-]+", part) else part


@dataclass(frozen=True, slots=True)
class Person:
    """One insured person; `number` counts from 1 within the household."""

    number: int
    name: str
    relation: Relation = Relation.SELF
    sex: Sex = Sex.UNKNOWN
    born: dt.date | None = None
    id_number: str = ""
    mobile: str = ""
    employer: str = ""
    months_lapsed: int | None = None
    last_paid: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """One household (户): a door, its persons, and what the assignment must know of it.

    lon, lat: WGS 84 degrees, None where the roster has none. works: somebody works by day, so that evenings and
    weekends come first. language: the dialect or language spoken at home, as the roster has it.
    """

    code: str
    address: Address
    persons: tuple[Person, ...]
    difficulty: Difficulty = Difficulty.NORMAL
    migrant: bool = False
    lon: float | None = None
    lat: float | None = None
    works: bool = False
    language: str = ""

    @property
    def couple(self) -> bool:
        """Whether two spouses live here, so that a greeting names both."""
        return {Relation.SELF, Relation.SPOUSE} <= {person.relation for person in self.persons}


STONE = "erased-"
"""How the code of what is left of an erased household begins."""


def is_stone(code: str) -> bool:
    """Whether a household's code is that of one that was erased."""
    return code.startswith(STONE)


FULL_SHARE = 100
"""The share of an officer with a full post, per cent."""

_SKILLS_ZH = {"policy": "政策", "dialect": "方言", "counter": "前台"}
_SKILL_CODES = {label: code for code, label in _SKILLS_ZH.items()}


def skill_code(word: str) -> str:
    """The code of a skill, so that '政策', 'Policy' and 'policy' are one; a word that is none of ours stays."""
    return _SKILL_CODES.get(word) or (word.casefold() if word.casefold() in _SKILLS_ZH else word)


def skill_label(skill: str, language: str) -> str:
    """A skill in words, language 'zh' or 'en'."""
    return _SKILLS_ZH.get(skill, skill) if language == "zh" else skill


@dataclass(frozen=True, slots=True)
class Officer:
    """One responsible officer (责任人) and the post (岗位) they hold.

    lon, lat: where the officer sets out from, WGS 84 degrees. Phones are text as printed. share: per cent of a full
    post, 0 for one who takes no households. most: households at most, None without a cap. skills: what they can do at
    a booth or on the phone, codes as `skill_code` gives them.
    languages: dialects and languages they speak. employer: where they worked before. community, compound: where
    they live themselves.
    """

    code: str
    name: str
    post: str
    title: str = ""
    section: str = ""
    mobile: str = ""
    home_phone: str = ""
    office_phone: str = ""
    email: str = ""
    lon: float | None = None
    lat: float | None = None
    share: int = FULL_SHARE
    most: int | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    employer: str = ""
    community: str = ""
    compound: str = ""


_NATURAL = re.compile(r"([0-9]+)")
_COUNTING = {sign: str(rank) for rank, sign in enumerate("一二三四五六七八九", start=1)}
_COUNTING |= {sign: str(rank) for rank, sign in enumerate("甲乙丙丁戊己", start=1)}
_COUNTING |= {sign: str(rank) for rank, sign in enumerate("东南西北中", start=1)}


def natural_key(text: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Sort key that puts '2栋' before '10栋' and 甲 before 乙; different texts never share a key.

    Counting signs (一二三, 甲乙丙, 东南西北) standing alone or at the front sort by their rank.
    """
    counted = _COUNTING[text[0]] + text[1:] if text and text[0] in _COUNTING else text
    parts = _NATURAL.split(counted)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part), text


def walk_key(address: Address) -> tuple[object, ...]:
    """The order doors are walked: community, compound, building, entrance, unit, floor, room."""
    return (
        natural_key(address.community),
        natural_key(address.compound),
        natural_key(address.building),
        natural_key(address.entrance),
        natural_key(address.unit),
        address.floor,
        natural_key(address.room),
    )
