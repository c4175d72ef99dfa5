"""Households that are one merged, and taken apart again; persons entered twice in one household made one.

Nothing recorded is rewritten: facts stay with the household they were recorded for and are read as the kept one's
while the merge stands (store/effective.py). What a merge does change - fields and persons of the kept household, the
officer of the one that goes - is kept with it, so that `unmerge` puts it back.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.household_merge import Choice, combined, joined, restored, returned
from outreach.domain.people import Household
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.person_records import records_of, same_person
from outreach.services.trail import recorded
from outreach.store.merges import DistinctPair, Merge
from outreach.store.unit import Unit

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SOMEBODY_NEW = 0
"""In place of a number: this person of the household that goes is nobody of the kept one."""

_SHORTEST_ID = 8
_MOMENT = dt.timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class PersonFate:
    """What becomes of a person of the household that goes. into: the number in the kept household; new: comes over."""

    number: int
    name: str
    into: int
    into_name: str
    new: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge will do. result: the household afterwards. facts: rows that name the one that goes, by table."""

    kept: Household
    gone: Household
    result: Household
    persons: tuple[PersonFate, ...]
    choices: tuple[Choice, ...]
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What taking a merge back did. stayed: fields of the kept household changed since, as paths, which stay so.

    without_post: campaigns planned anew since, in which the household that is back has no officer yet.
    """

    merge: Merge
    kept: Household
    back: Household | None
    stayed: tuple[str, ...]
    without_post: tuple[str, ...]


def plan_merge(
    office: Office, keep: str, gone: str, *, persons: Mapping[int, int] | None = None, take: Sequence[str] = ()
) -> MergePlan:
    """What merging `gone` into `keep` would do; the same code twice makes persons of one household one.

    persons: persons of `gone` to their numbers in `keep`, or SOMEBODY_NEW; who is not named is found by ID number,
    name, phone and birth. take: paths of fields whose value of `gone` is to stay. Raises NotFound, BadInput, Conflict.
    """
    with office.store.read() as unit:
        return _planned(unit, keep, gone, persons or {}, take)


def merge_households(
    office: Office,
    keep: str,
    gone: str,
    *,
    reason: str = "",
    persons: Mapping[int, int] | None = None,
    take: Sequence[str] = (),
    expected: MergePlan | None = None,
) -> Merge:
    """Merge `gone` into `keep` in one transaction; see `plan_merge`.

    expected: what was shown before; raises Conflict where it would come out otherwise by now.
    """
    now = office.now()
    with recorded(office, "household merge", {"kept": keep, "gone": gone, "reason": reason}) as unit:
        plan = _planned(unit, keep, gone, persons or {}, take)
        if expected is not None and plan != expected:
            raise Conflict.at(gone, _("has changed since it was shown"), _("look at it again"))
        # The order of merges is that of their times: two of one millisecond would have none.
        earlier = unit.merges.all(office.workspace.zone)
        now = max(now, earlier[-1].at + _MOMENT) if earlier else now
        ids = unit.rosters.household_ids()
        assignments = unit.merges.end_assignments(keep, gone, now) if keep != gone else {"ended": [], "begun": []}
        merge = Merge(
            id=office.new_id(),
            kept=keep,
            gone=gone,
            persons={fate.number: fate.into for fate in plan.persons},
            before={
                "kept": _households().dump_python(plan.kept, mode="json"),
                "after": _households().dump_python(plan.result, mode="json"),
                "assignments": assignments,
            },
            why={"reason": reason, "facts": dict(plan.facts)},
            at=now,
            by=office.actor,
        )
        unit.merges.add(merge)
        if plan.result != plan.kept:
            unit.rosters.change_households([plan.result])
        unit.facts.refold({ids[keep], ids[gone]})
    return merge


def unmerge(office: Office, named: str) -> Unmerged:
    """Take a merge back. named: its id, the beginning of it, or the code of the household that went.

    What was recorded since for the kept household stays with it; fields changed since stay changed. Raises NotFound,
    and Conflict where it is taken back already or a later merge stands on it.
    """
    now = office.now()
    with recorded(office, "household unmerge", {"merge": named}) as unit:
        merges = unit.merges.all(office.workspace.zone)
        merge = _found(merges, named)
        _refuse_stood_on(merge, merges)
        present = unit.rosters.households([merge.kept]).get(merge.kept)
        if present is None:
            raise Conflict.at(merge.kept, _("is no longer in the roster"), _("a merge into it cannot be taken back"))
        before, after = (_households().validate_python(merge.before[name]) for name in ("kept", "after"))
        result, stayed = restored(before, after, present)
        unit.merges.undo(merge, now, office.actor)
        changed = [result] if result != present else []
        back: Household | None = None
        if merge.kept != merge.gone:
            own = {person.number for person in before.persons}
            came = {number: into for number, into in merge.persons.items() if into not in own}
            stored = unit.rosters.households([merge.gone])[merge.gone]
            back = returned(stored, after, present, came)
            changed += [back] if back != stored else []
        if changed:
            unit.rosters.change_households(changed)
        without = unit.merges.restore_assignments(merge.before["assignments"], merge.at, now)
        ids = unit.rosters.household_ids()
        unit.facts.refold({ids[merge.kept], ids[merge.gone]})
    return Unmerged(merge, result, back, stayed, tuple(without))


def list_merges(office: Office, *, undone: bool = False) -> list[Merge]:
    """The merges that stand, oldest first; undone: those taken back as well."""
    with office.store.read() as unit:
        return [one for one in unit.merges.all(office.workspace.zone) if undone or one.undone is None]


def record_distinct(office: Office, first: str, second: str, reason: str) -> DistinctPair:
    """Remember that two households are different, so that they are never asked about again.

    The same code twice: the persons of that household are different. Raises NotFound for a code there is not,
    BadInput for no reason, Conflict where it is known.
    """
    if not reason.strip():
        raise BadInput.at(
            _("the reason"), _("is empty"), _("write how you know, such as --reason 'two brothers, both visited'")
        )
    one, other = sorted((first, second))
    pair = DistinctPair(one, other, reason.strip(), office.now(), office.actor)
    with recorded(office, "household distinct", {"first": one, "second": other}) as unit:
        _homes(unit, one, other)
        if not unit.merges.add_distinct(pair):
            raise Conflict.at(f"{one}, {other}", _("are known to be different already"), _("nothing to do"))
    return pair


def _planned(unit: Unit, keep: str, gone: str, persons: Mapping[int, int], take: Sequence[str]) -> MergePlan:
    homes = _homes(unit, keep, gone)
    kept, other = homes[keep], homes[gone]
    if keep == gone:
        numbers = _within(kept, persons)
        result, choices = joined(kept, numbers, take)
    else:
        numbers = _numbers(kept, other, persons, unit.merges.numbers_given().get(keep, 0))
        result, choices = combined(kept, other, numbers, take)
    _refuse_unknown_fields(take, choices)
    names = {person.number: person.name for person in kept.persons}
    fates = tuple(
        PersonFate(person.number, person.name, into, names.get(into, ""), into not in names)
        for person in other.persons
        if (into := numbers.get(person.number)) is not None
    )
    facts = unit.merges.facts_of(gone) if keep != gone else {}
    return MergePlan(kept, other, result, fates, choices, facts)


def _homes(unit: Unit, *codes: str) -> dict[str, Household]:
    """The households; raises NotFound for one that is not listed, naming what it was merged into."""
    homes = unit.rosters.households(codes)
    gone = unit.merges.kept_codes()
    for code in codes:
        if code in gone:
            raise Conflict.at(
                code,
                _("is merged into {kept}", kept=gone[code]),
                _("name {kept}, or take the merge back with 'outreach household unmerge {code}'",
                  kept=gone[code], code=code),
            )  # fmt: skip
        if code not in homes:
            raise NotFound.at(code, _("there is no such household"), _("see 'outreach household list'"))
    return homes


def _within(home: Household, persons: Mapping[int, int]) -> dict[int, int]:
    """Who is whom within one household; raises BadInput."""
    if not persons:
        raise BadInput.at(
            home.code,
            _("is one household, named twice"),
            _("name two households, or say with --person 2=1 which of its persons are one"),
        )
    known = {person.number for person in home.persons}
    refuse_if_any(
        Fault(
            f"--person {old}={new}",
            _("persons of {code} are {numbers}", code=home.code, numbers=", ".join(map(str, sorted(known)))),
            _("name two of them, each as one other at most"),
        )
        for old, new in persons.items()
        if old not in known or new not in known or old == new or new in persons
    )
    return dict(persons)


def _numbers(kept: Household, gone: Household, persons: Mapping[int, int], given: int) -> dict[int, int]:
    """Each person of `gone` to their number in `kept`; newcomers get numbers nobody had. Raises BadInput."""
    ours, theirs = ({person.number for person in home.persons} for home in (kept, gone))
    faults = [
        Fault(
            f"--person {old}={new}",
            _("persons of {gone} are {theirs}, of {kept} {ours}", gone=gone.code, kept=kept.code,
              theirs=", ".join(map(str, sorted(theirs))), ours=", ".join(map(str, sorted(ours)))),
            _("write the number in {gone}, =, the number in {kept} or 'new'", gone=gone.code, kept=kept.code),
        )
        for old, new in persons.items()
        if old not in theirs or (new != SOMEBODY_NEW and new not in ours)
    ]  # fmt: skip
    told = [new for new in persons.values() if new != SOMEBODY_NEW]
    faults += [
        Fault(f"--person ...={new}", _("is told of two persons"), _("persons of one household are not one another"))
        for new in sorted({new for new in told if told.count(new) > 1})
    ]
    refuse_if_any(faults)
    numbers = {old: new for old, new in persons.items() if new != SOMEBODY_NEW}
    free = [record for record in records_of(kept) if int(record.key) not in numbers.values()]
    for record in records_of(gone):
        if int(record.key) not in persons:
            same = next((one for one in free if same_person(one, record)), None)
            if same is not None:
                numbers[int(record.key)] = int(same.key)
                free.remove(same)
    following = max([given, *ours]) + 1
    for rank, person in enumerate(person for person in gone.persons if person.number not in numbers):
        numbers[person.number] = following + rank
    return numbers


def _refuse_unknown_fields(take: Sequence[str], choices: Sequence[Choice]) -> None:
    known = [choice.path for choice in choices]
    refuse_if_any(
        Fault(
            f"--take {path}",
            _("is no field in which the two differ"),
            _("choose one of {names}", names=", ".join(known) or "-"),
        )
        for path in take
        if path not in known
    )


def _found(merges: Sequence[Merge], named: str) -> Merge:
    standing = [one for one in merges if one.undone is None]
    of_code = [one for one in standing if one.gone == named and one.kept != named]
    prefix = named.lower() if len(named) >= _SHORTEST_ID else None
    found = of_code or [one for one in merges if prefix and one.id.startswith(prefix)]
    if not found:
        raise NotFound.at(named, _("there is no such merge"), _("see 'outreach household merges'"))
    if len(found) > 1:
        raise BadInput.at(named, _("begins more than one merge"), _("write more signs of the id"))
    if found[0].undone is not None:
        raise Conflict.at(named, _("is taken back already"), _("see 'outreach household merges --undone'"))
    return found[0]


def _refuse_stood_on(merge: Merge, merges: Sequence[Merge]) -> None:
    """A later merge may have met persons and values that came with this one: the newest goes first."""
    later = [
        one
        for one in merges[merges.index(merge) + 1 :]
        if one.undone is None and {merge.kept, merge.gone} & {one.kept, one.gone}
    ]
    refuse_if_any(
        (
            Fault(
                merge.gone,
                _("{gone} was merged into {kept} after it", gone=one.gone, kept=one.kept),
                _("take that back first: outreach household unmerge {id}", id=one.id),
            )
            for one in reversed(later)
        ),
        Conflict,
    )


@functools.cache
def _households() -> TypeAdapter[Household]:
    # pydantic takes a tenth of a second to import.
    from pydantic import TypeAdapter

    return TypeAdapter(Household)
