"""Two households that are one laid over each other, and taken apart again.

Pure: what stays, what is filled in, who is whom, and what goes back when a merge is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from outreach.domain.ids import resident_id_fault
from outreach.domain.people import Household, Relation, Sex

HOUSEHOLD_FIELDS = ("address", "difficulty", "migrant", "works", "language", "lon", "lat")
PERSON_FIELDS = (
    "name", "relation", "sex", "born", "id_number", "mobile", "employer", "months_lapsed", "last_paid",
)  # fmt: skip
_EMPTY = (None, "", Sex.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Choice:
    """One field in which the two differ.

    path: 'address', 'language', '2.mobile' (person 2 of the kept household). taken: whether the value of the
    household that goes away is the one that stays.
    """

    path: str
    kept: Any
    gone: Any
    taken: bool

    @property
    def stays(self) -> Any:
        """The value the household has after the merge."""
        return self.gone if self.taken else self.kept


def combined(
    kept: Household, gone: Household, numbers: Mapping[int, int], take: Iterable[str] = ()
) -> tuple[Household, tuple[Choice, ...]]:
    """(the household both are, every field in which they differ).

    numbers: each person of `gone` to their number in `kept`, a new one for somebody who comes over. Values of `kept`
    stay, but empty ones are filled in, and a sound ID number takes the place of a wrong one; take: paths for which
    the value of `gone` stays instead.
    """
    wanted = frozenset(take)
    choices = list(_choices("", kept, gone, HOUSEHOLD_FIELDS, wanted))
    found = {choice.path: choice.stays for choice in choices}
    has_head = any(person.relation is Relation.SELF for person in kept.persons)
    people = {person.number: person for person in kept.persons}
    for person in gone.persons:
        number = numbers[person.number]
        if number in people:
            told = list(_choices(f"{number}.", people[number], person, PERSON_FIELDS, wanted))
            choices += told
            values = {choice.path.partition(".")[2]: choice.stays for choice in told}
            people[number] = replace(people[number], **values)
        else:
            relation = Relation.OTHER if person.relation is Relation.SELF and has_head else person.relation
            people[number] = replace(person, number=number, relation=relation)
    persons = tuple(people[number] for number in sorted(people))
    return replace(kept, persons=persons, **found), tuple(choices)


def joined(
    home: Household, numbers: Mapping[int, int], take: Iterable[str] = ()
) -> tuple[Household, tuple[Choice, ...]]:
    """(the household with persons entered twice made one, the fields in which they differ); see `combined`.

    numbers: who is entered a second time to the person they are.
    """
    double = replace(home, persons=tuple(person for person in home.persons if person.number in numbers))
    single = replace(home, persons=tuple(person for person in home.persons if person.number not in numbers))
    return combined(single, double, numbers, take)


def _choices(prefix: str, kept: Any, gone: Any, fields: Iterable[str], take: frozenset[str]) -> Iterator[Choice]:
    for field in fields:
        ours, theirs = getattr(kept, field), getattr(gone, field)
        # A relation is told from the head of its own household: between two it says nothing.
        if ours == theirs or theirs in _EMPTY or field == "relation":
            continue
        path = prefix + field
        better = ours in _EMPTY or (field == "id_number" and _mended(ours, theirs))
        yield Choice(path, ours, theirs, path in take or better)


def _mended(ours: str, theirs: str) -> bool:
    return bool(resident_id_fault(ours)) and not resident_id_fault(theirs)


def restored(before: Household, after: Household, now: Household) -> tuple[Household, tuple[str, ...]]:
    """(the kept household as it is without the merge, the paths that stay as they were changed since).

    before, after: as the merge found and left it. A field that still is as the merge left it goes back to what it
    was; one that was changed since stays changed. Persons who came over go; those who came since stay.
    """
    values, changed = _taken_back("", before, after, now, HOUSEHOLD_FIELDS)
    was = {person.number: person for person in before.persons}
    left = {person.number: person for person in after.persons}
    present = {person.number: person for person in now.persons}
    people = []
    for number in sorted(was.keys() | present.keys()):
        if number in was and number in left and number in present:
            told, paths = _taken_back(f"{number}.", was[number], left[number], present[number], PERSON_FIELDS)
            people.append(replace(present[number], **told))
            changed += paths
        elif number in was and number not in left:
            people.append(was[number])  # entered twice: the merge took the second entry out
        elif number not in left:
            people.append(present[number])
    return replace(now, persons=tuple(people), **values), tuple(changed)


def returned(gone: Household, after: Household, now: Household, numbers: Mapping[int, int]) -> Household:
    """The household that was merged away, with what was changed since of its persons who had come over."""
    left = {person.number: person for person in after.persons}
    present = {person.number: person for person in now.persons}
    people = []
    for person in gone.persons:
        number = numbers.get(person.number, 0)
        if number in left and number in present:
            changes = {
                field: getattr(present[number], field)
                for field in PERSON_FIELDS
                if getattr(present[number], field) != getattr(left[number], field)
            }
            people.append(replace(person, **changes))
        else:
            people.append(person)
    return replace(gone, persons=tuple(people))


def _taken_back(
    prefix: str, before: Any, after: Any, now: Any, fields: Iterable[str]
) -> tuple[dict[str, Any], list[str]]:
    values, changed = {}, []
    for field in fields:
        if getattr(now, field) == getattr(after, field):
            values[field] = getattr(before, field)
        else:
            changed.append(prefix + field)
    return values, changed
