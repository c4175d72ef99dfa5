"""Households and persons that stand in the roster twice, likeliest first, with what makes them look so.

How alike two records are is planning/matching.py's: names by signs and by sound, ID numbers old and new, phones,
addresses however they are written. Nothing is merged here; pairs found to be different are not asked about again.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from outreach.domain.people import Household, Person
from outreach.messages import _
from outreach.planning.likeness import long_id
from outreach.planning.matching import LIKELY, POSSIBLE, ROSTER_LEVELS, HomeMatch, Match, Register, home_matches
from outreach.services.office import Office
from outreach.services.person_records import all_records, records_of, same_person

_THOUSAND_TO_ONE = 10.0


class Sort(enum.StrEnum):
    """What seems to be there twice."""

    HOUSEHOLD = "household"
    PERSON = "person"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one. certain: an ID number stands in both; score: log2 of the odds (see docs).

    For persons of one household (Sort.WITHIN) `second` is `first`. persons: the pairs of persons, strongest first;
    their keys are 'CODE:NUMBER'.
    """

    sort: Sort
    first: Household
    second: Household
    score: float
    certain: bool
    persons: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found. pairs: best first, as many as asked for; found: how many there are; distinct: known others."""

    households: int
    persons: int
    found: int
    certain: int
    distinct: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A new household that resembles one that is there. certain: an ID number stands in both."""

    code: str
    like: str
    score: float
    certain: bool
    persons: tuple[Match, ...]


def find_duplicates(office: Office, *, above: float = POSSIBLE, limit: int | None = None) -> Duplicates:
    """Every pair that scores at least `above`, certain ones first; limit: how many are given (None: all)."""
    with office.store.read() as unit:
        homes = unit.rosters.households()
        distinct = {(pair.first, pair.second) for pair in unit.merges.distinct(office.workspace.zone)}
    pairs = resembling(homes, above)
    found = [pair for pair in pairs if tuple(sorted((pair.first.code, pair.second.code))) not in distinct]
    return Duplicates(
        households=len(homes),
        persons=sum(len(home.persons) for home in homes.values()),
        found=len(found),
        certain=sum(pair.certain for pair in found),
        distinct=len(pairs) - len(found),
        pairs=tuple(found[:limit]),
    )


def resembling(homes: Mapping[str, Household], above: float = POSSIBLE) -> list[Pair]:
    """Every pair among `homes`, by their codes, that scores at least `above`: certain ones first, then by score.

    An ID number that stands in two households is given whatever its pair scores.
    """
    register = Register(all_records(homes.values()), levels=ROSTER_LEVELS)
    lowest = min(above, POSSIBLE)
    pairs = [_pair(homes, match) for match in home_matches(register.pairs(lowest), least=lowest)]
    pairs = [pair for pair in pairs if pair.certain or pair.score >= above]
    return sorted([*pairs, *_within(homes.values(), register)], key=lambda pair: (not pair.certain, -pair.score))


def near_homes(
    new: Iterable[Household], known: Mapping[str, Household], *, least: float = POSSIBLE
) -> tuple[Near, ...]:
    """For each of the `new` households the stored one it resembles most, from the score `least` on, likeliest first.

    An ID number that stands in a stored household is always told, whatever else speaks against it.
    """
    added = list(new)
    if not added or not known:
        return ()
    register = Register(all_records(known.values()), levels=ROSTER_LEVELS)
    holders = {_number(person): home.code for home in known.values() for person in home.persons if person.id_number}
    found: list[Near] = []
    records = [(home, record) for home in added for record in all_records([home])]
    asked = register.matches_of([record for _home, record in records], min(least, POSSIBLE))
    of_home: dict[str, list[Match]] = defaultdict(list)
    for (home, _record), matches in zip(records, asked, strict=True):
        of_home[home.code] += matches
    for home in added:
        pairs = home_matches(of_home[home.code], least=least)
        held = [holders[number] for person in home.persons if (number := _number(person)) in holders]
        best = next((pair for pair in pairs if not held or pair.theirs == held[0]), None)
        if best is not None:
            found.append(Near(home.code, best.theirs, best.score, bool(held), best.persons))
        elif held:
            found.append(Near(home.code, held[0], least, True, ()))
    return tuple(sorted(found, key=lambda one: (not one.certain, -one.score, one.code)))


def _number(person: Person) -> str:
    return long_id(person.id_number)


def _pair(homes: Mapping[str, Household], match: HomeMatch) -> Pair:
    first, second = homes[match.ours], homes[match.theirs]
    fewer = min(len(first.persons), len(second.persons))
    door = any((one.feature, one.level) == ("address", "door") for one in match.persons[0].evidence)
    sort = Sort.HOUSEHOLD if door or len(match.persons) == fewer > 1 else Sort.PERSON
    return Pair(sort, first, second, match.score, _certain(match.persons), match.persons)


def _certain(persons: Sequence[Match]) -> bool:
    return any((one.feature, one.level) == ("id", "same") for match in persons for one in match.evidence)


def _within(homes: Iterable[Household], register: Register) -> Iterator[Pair]:
    """Persons entered twice in one household."""
    for home in homes:
        for one, other in combinations(records_of(home), 2) if len(home.persons) > 1 else ():
            if same_person(one, other):
                keys = (f"{home.code}:{one.key}", f"{home.code}:{other.key}")
                match = register.match(replace(one, key=keys[0]), replace(other, key=keys[1]))
                yield Pair(Sort.WITHIN, home, home, match.score, _certain((match,)), (match,))


def sort_words(sort: Sort) -> str:
    """What seems to be there twice, in words."""
    return {
        Sort.HOUSEHOLD: _("one household twice"),
        Sort.PERSON: _("one person in two households"),
        Sort.WITHIN: _("one person twice in a household"),
    }[sort]


def sure_words(certain: bool, score: float) -> str:
    """How sure it is, in words."""
    if certain:
        return _("certain by the ID number")
    if score >= _THOUSAND_TO_ONE:
        return _("almost certain")
    return _("likely") if score >= LIKELY else _("possible")
