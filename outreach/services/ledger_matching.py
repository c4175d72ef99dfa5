"""Whose a ledger line is: by keys that fit one person alone, else whom it is like, for somebody to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from outreach.domain.ids import resident_id_fault
from outreach.domain.ledger import Candidate, Key, Line, LineState, Why
from outreach.domain.people import Address, Household, Person
from outreach.intake.address import parse
from outreach.planning.likeness import Record, door_of, features, long_id, name_likeness
from outreach.planning.matching import Match, Register
from outreach.planning.sounds import plain_name
from outreach.services.person_records import all_records

_Who = tuple[str, int]
_ONE_NAME = frozenset(("same", "pinyin", "sound", "near", "sign"))
"""How a name may differ where the ID number is the same: a slip of the pen, not another person."""

_PENSION = ("养老", "pension", "old age", "old-age")
_CANDIDATES = 5


class Finder:
    """The roster, ready to be asked whose a line is.

    homes: the roster. accounts: personal account numbers that earlier lines gave, with whom they were matched.
    """

    def __init__(self, homes: Mapping[str, Household], accounts: Mapping[str, _Who]) -> None:
        self._homes = homes
        self._accounts = accounts
        self._persons: dict[_Who, tuple[Household, Person]] = {
            (home.code, person.number): (home, person) for home in homes.values() for person in home.persons
        }
        self._keys: dict[tuple[Key, object], list[_Who]] = defaultdict(list)
        for who, (home, person) in self._persons.items():
            name = plain_name(person.name)
            if person.id_number:
                self._keys[Key.ID, long_id(person.id_number)].append(who)
            if person.mobile:
                self._keys[Key.MOBILE, (name, person.mobile)].append(who)
            door = door_of(home.address)
            if door.room:
                self._keys[Key.ADDRESS, (name, *door)].append(who)

    def found(self, line: Line) -> Line:
        """The line as it is found: MATCHED by a key, REVIEW with candidates, UNMATCHED, or of an OTHER insurance."""
        bare = replace(line, why=None, key=None, household="", person=0, score=0.0, candidates=())
        if line.insurance and not any(word in line.insurance.casefold() for word in _PENSION):
            return replace(bare, state=LineState.OTHER)
        for key, fitting in self._by_keys(line):
            if len(fitting) > 1:
                return self.asked(bare, Why.SEVERAL, fitting)
            if not self._one_name(line, fitting[0]):
                return self.asked(bare, Why.NAME, fitting)
            household, person = fitting[0]
            return replace(bare, state=LineState.MATCHED, key=key, household=household, person=person)
        return self.asked(bare, Why.ALIKE, ())

    def again(self, line: Line) -> Line:
        """The line as a repeat: whoever it was matched with is asked about, since one payment may be told twice."""
        return self.asked(line, Why.REPEATED, [(line.household, line.person)])

    def compared(self, line: Line) -> tuple[Match, ...]:
        """The line beside each of its candidates that are still on the roster, with values; for showing."""
        keys = [f"{one.household}:{one.person}" for one in line.candidates]
        return self._register.beside(_record(line), keys)

    def _by_keys(self, line: Line) -> Iterable[tuple[Key, list[_Who]]]:
        """The keys that fit somebody, strongest first, with whom; whoever has another ID number does not fit."""
        number, name = long_id(line.id_number), plain_name(line.name)
        sound = bool(number) and not resident_id_fault(number)
        wanted: list[tuple[Key, list[_Who]]] = []
        if sound:
            wanted.append((Key.ID, self._keys.get((Key.ID, number), [])))
        if line.account in self._accounts:
            wanted.append((Key.ACCOUNT, [self._accounts[line.account]]))
        if line.mobile:
            wanted.append((Key.MOBILE, self._keys.get((Key.MOBILE, (name, line.mobile)), [])))
        if line.address:
            door = door_of(address_of(line))
            wanted.append((Key.ADDRESS, self._keys.get((Key.ADDRESS, (name, *door)), [])))
        for key, fitting in wanted:
            kept = [who for who in fitting if who in self._persons and not (sound and self._other_id(who, number))]
            if kept:
                yield key, kept

    def _other_id(self, who: _Who, number: str) -> bool:
        known = self._persons[who][1].id_number
        return bool(known) and long_id(known) != number

    def _one_name(self, line: Line, who: _Who) -> bool:
        person = self._persons[who][1]
        found = name_likeness(features(Record("", line.name)), features(Record("", person.name)))
        return found is not None and found.level in _ONE_NAME

    def asked(self, line: Line, why: Why, fitting: Iterable[_Who]) -> Line:
        """The line for review with whom it fits and whom it is like, or UNMATCHED where there is nobody."""
        matches = self._register.matches(_record(line), most=_CANDIDATES)
        found = {_who(match): _candidate(match) for match in matches}
        for who in fitting:
            found.setdefault(who, Candidate(*who, 0.0))
        if not found:
            return replace(line, state=LineState.UNMATCHED)
        best = max(one.score for one in found.values())
        return replace(
            line, state=LineState.REVIEW, why=why, key=None, household="", person=0, score=best,
            candidates=tuple(found.values()),
        )  # fmt: skip

    @cached_property
    def _register(self) -> Register:
        return Register(all_records(self._homes.values()))


def address_of(line: Line) -> Address | None:
    """The line's address in parts, None where it has none that can be told apart."""
    parts = parse(line.address) if line.address else None
    if parts is None or not parts.compound:
        return None
    floor = int(parts.floor) if parts.floor.isdecimal() else 0
    return Address(parts.community, parts.compound, parts.building, parts.entrance, parts.unit, floor, parts.room)


def _record(line: Line) -> Record:
    return Record(
        key=line.id,
        name=line.name,
        id_number=line.id_number,
        phones=(line.mobile,) if line.mobile else (),
        address=address_of(line),
    )


def _candidate(match: Match) -> Candidate:
    evidence = tuple((one.feature, one.level, round(one.weight, 2)) for one in match.evidence)
    return Candidate(*_who(match), round(match.score, 2), evidence)


def _who(match: Match) -> _Who:
    household, _colon, number = match.theirs.key.rpartition(":")
    return household, int(number)
