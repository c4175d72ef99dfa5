"""The facts that pieces carry on paper: phones, names of officers, addresses, hours, dates, amounts, booths, answers.

A fact is whose it is and its value as printed, so that the register can tell later which paper has become untrue.
Facts come from the values a kind declares, and from texts of people: a message or paragraph that names a known
phone carries it as well, however it is grouped there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.directory import phone_digits, phone_printed
from outreach.domain.people import Officer
from outreach.render.manifest import MaterialKind
from outreach.services.pieces import PieceSpec
from outreach.services.values import NO_PHONE
from outreach.store.runs import HeldFact, PrintedFact

_PHONES = ("mobile", "home_phone", "office_phone")

_KNOWN = {
    "bureau.hotline": "phone",
    "bureau.complaint_phone": "phone",
    "bureau.address": "address",
    "bureau.hours": "hours",
    "household.address": "address",
    "officer.name": "officer",
    "officer.mobile": "phone",
    "officer.home_phone": "phone",
    "officer.office_phone": "phone",
    "officers": "phone",
    "visits": "hours",
    "date": "date",
    "remove_by": "date",
    "booths": "booth",
    "qa": "answer",
    "payment": "amount",
    "statements": "amount",
}
"""What sort of fact the values every office has are; a manifest's `fact` adds others."""

# No texts of staff: whose phones these hold is known, and other figures in them are a phone by chance only.
_NO_TEXTS = frozenset({"bureau", "officer", "household", "person", "persons", "statements", "payment", "piece", "qr"})
_SHARED = frozenset({"campaign", "messages", "qa", "booths"})  # one object on all pieces of a making

_DIGIT_GROUP = re.compile(r"\d+")
_BETWEEN_GROUPS = re.compile(r"[\s().（）\-‐–—－/]{0,3}")
_MOST_GROUPS = 5
_LONGEST_PHONE = 15  # digits (E.164)


_Read = tuple[set[str], tuple[PrintedFact, ...]]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What to look for in texts: phones by their digits with all whose they are, other words as they are printed."""

    phones: Mapping[str, tuple[PrintedFact, ...]]
    words: Mapping[str, PrintedFact]


def known_facts(campaign: Campaign, officers: Iterable[Officer], language: str) -> KnownFacts:
    """The bureau's phones, address and hours, and every officer's phones."""
    bureau = campaign.bureaus[language]
    whose = [("bureau hotline", bureau.hotline), ("bureau complaint_phone", bureau.complaint_phone)]
    whose += [(f"{one.code} {name}", getattr(one, name)) for one in officers for name in _PHONES]
    phones: dict[str, tuple[PrintedFact, ...]] = {}
    for subject, number in whose:
        if digits := phone_digits(number).partition("x")[0]:
            phones[digits] = (*phones.get(digits, ()), PrintedFact("phone", subject, phone_printed(number)))
    words = {
        bureau.address: PrintedFact("address", "bureau address", bureau.address),
        bureau.hours: PrintedFact("hours", "bureau hours", bureau.hours),
    }
    return KnownFacts(phones, {text: fact for text, fact in words.items() if len(text) > 3})


def held_facts(kind: MaterialKind, pieces: Iterable[tuple[int, PieceSpec]], known: KnownFacts) -> list[HeldFact]:
    """Every fact of the numbered pieces, sorted, with the ranges of numbers that carry it."""
    reader = FactReader(kind, known)
    found: dict[PrintedFact, list[int]] = {}
    for number, piece in pieces:
        for fact in reader.facts(piece):
            found.setdefault(fact, []).append(number)
    return [HeldFact(fact, tuple(ranges(numbers))) for fact, numbers in sorted(found.items())]


class FactReader:
    """Reads the facts of a kind's pieces; what many pieces share is read once."""

    def __init__(self, kind: MaterialKind, known: KnownFacts, *, every_year: bool = False) -> None:
        """every_year: of account statements, the balance of each year and not the last one alone."""
        sorts = {name: variable.fact or _KNOWN.get(name, "") for name, variable in kind.variables.items()}
        self._sorts = {name: sort for name, sort in sorts.items() if sort}
        self._text_names = [name for name in kind.variables if name.partition(".")[0] not in _NO_TEXTS]
        self._known = known
        self._every_year = every_year
        # By identity, with the value itself so that its identity is not given to another.
        self._shared: dict[tuple[str, int], tuple[object, tuple[PrintedFact, ...]]] = {}
        self._texts: dict[tuple[str, int], tuple[object, _Read]] = {}

    def facts(self, piece: PieceSpec) -> list[PrintedFact]:
        """One piece's facts, each once."""
        own = dict.fromkeys(self._declared(piece))
        whose = {fact.subject.partition(" ")[0] for fact in own}
        for name in self._text_names:
            phones, words = self._read(name, piece)
            for digits in sorted(phones):
                candidates = self._known.phones[digits]
                # A phone may be of several officers: then it is of the one the piece names.
                named = [fact for fact in candidates if fact.subject.partition(" ")[0] in whose]
                if not any(fact in own for fact in candidates):
                    own[(named or candidates)[0]] = None
            own |= dict.fromkeys(words)
        return list(own)

    def _declared(self, piece: PieceSpec) -> Iterator[PrintedFact]:
        for name, sort in self._sorts.items():
            top, _dot, leaf = name.partition(".")
            value = piece.values.get(top)
            if leaf and top in ("bureau", "campaign"):
                key = (name, id(value))
                if key not in self._shared:
                    self._shared[key] = (value, tuple(self._facts(name, sort, _leaf(value, leaf), piece)))
                yield from self._shared[key][1]
            else:
                yield from self._facts(name, sort, _leaf(value, leaf) if leaf else value, piece)

    def _facts(self, name: str, sort: str, value: Any, piece: PieceSpec) -> Iterator[PrintedFact]:
        top, _dot, leaf = name.partition(".")
        if value in (None, "", NO_PHONE, [], {}):
            return
        if name == "payment":
            # Months that have changed since make another question of it, not a wrong answer.
            months = "+".join(str(person["months"]) for person in value["persons"])
            yield PrintedFact(sort, f"{piece.household} payment {months}", str(value["total"]))
        elif name == "statements":
            for one in value:
                for row in one["rows"] if self._every_year else one["rows"][-1:]:
                    subject = f"{piece.household} balance {row['year']} {one['name']}"
                    yield PrintedFact(sort, subject, str(row["balance"]))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for item in value:
                if isinstance(item, Mapping):
                    yield from _item_facts(sort, item)
        elif top == "officer":
            yield PrintedFact(sort, f"{piece.officer} {leaf}", str(value))
        elif top == "bureau":
            yield PrintedFact(sort, f"bureau {leaf}", str(value))
        elif top == "household":
            yield PrintedFact(sort, f"{piece.household} {leaf}", str(value))
        else:
            yield PrintedFact(sort, name, str(value))

    def _read(self, name: str, piece: PieceSpec) -> _Read:
        """The digits of known phones, and the other known facts, in a value's texts."""
        top, _dot, leaf = name.partition(".")
        value = piece.values.get(top)
        key = (name, id(value))
        if top in _SHARED and key in self._texts:
            return self._texts[key][1]
        phones: set[str] = set()
        words: dict[PrintedFact, None] = {}
        for text in texts_of(_leaf(value, leaf) if leaf else value):
            phones |= phones_in(text, self._known.phones)
            plain = text.replace("\\,", ",").replace("\\;", ";")  # as a vCard writes them
            words |= {fact: None for word, fact in self._known.words.items() if word in plain}
        if top in _SHARED:
            self._texts[key] = (value, (phones, tuple(words)))
        return phones, tuple(words)


def texts_of(value: object) -> Iterator[str]:
    """Every text in plain nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


def phones_in(text: str, wanted: Iterable[str]) -> set[str]:
    """Which of the `wanted` phones (their digits) a text holds, grouped in whatever way."""
    groups = list(_DIGIT_GROUP.finditer(text))
    if not groups:
        return set()
    wanted = wanted if isinstance(wanted, Mapping | set | frozenset) else set(wanted)
    found = set()
    for start, first in enumerate(groups):
        digits, end = "", first.start()
        for group in groups[start : start + _MOST_GROUPS]:
            if group is not first and not _BETWEEN_GROUPS.fullmatch(text, end, group.start()):
                break
            more = group[0] if group[0].isascii() else "".join(str(int(sign)) for sign in group[0])
            digits, end = digits + more, group.end()
            if len(digits) > _LONGEST_PHONE:
                break
            if digits in wanted:
                found.add(digits)
    return found


def _leaf(value: Any, leaf: str) -> Any:
    return value.get(leaf) if isinstance(value, Mapping) else None


def _item_facts(sort: str, item: Mapping[str, Any]) -> Iterator[PrintedFact]:
    if sort == "booth":
        yield PrintedFact(sort, str(item["place"]), str(item["when"]))
    elif sort == "answer":
        yield PrintedFact(sort, f"qa {item['id']}", str(item["version"]))
    elif "code" in item:
        if item.get("name"):
            yield PrintedFact("officer", f"{item['code']} name", str(item["name"]))
        for name in _PHONES:
            if item.get(name) not in (None, "", NO_PHONE):
                yield PrintedFact(sort, f"{item['code']} {name}", str(item[name]))


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as ranges, both ends included: 1, 2, 3, 7 are (1, 3) and (7, 7)."""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last
