"""Follow-ups (回访): what is still to be done for a household by a day, and when it counts as done.

Nothing here is ever marked as done. A promise, an appointment or a complaint is a fact; it is open while no attempt in
force names it, and overdue when its day is past. It may be moved to another day by a newer fact that corrects it; both
are then one matter, and an attempt that names either closes it, so that logs of several machines agree in any order.
One that was opened by mistake is taken back by a fact as well: its whole chain is no matter from then on, on every
machine.
A return visit is not even a fact: it follows from the attempt that informed the household (四包: one of the bureau's
four guarantees), so it can be neither forgotten nor counted twice.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from outreach.domain.contact import Attempt, Disposition, everybody_gone, in_force
from outreach.domain.ids import derived_id


class FollowUpKind(enum.StrEnum):
    """What is to be done. `STORED` ones are facts; the others follow from the log and from the cases.

    WITHDRAWN is nothing to be done: it takes back the follow-up it corrects.
    """

    RETURN_VISIT = "return_visit"
    PROMISE = "promise"
    APPOINTMENT = "appointment"
    COMPLAINT = "complaint"
    CASE_STEP = "case_step"
    WITHDRAWN = "withdrawn"

    def label(self, language: str) -> str:
        """The kind in words, language 'zh' or 'en'."""
        return _KINDS_ZH[self] if language == "zh" else self.value.replace("_", " ")


_KINDS_ZH = {
    FollowUpKind.RETURN_VISIT: "回访",
    FollowUpKind.PROMISE: "承诺",
    FollowUpKind.APPOINTMENT: "预约",
    FollowUpKind.COMPLAINT: "投诉",
    FollowUpKind.CASE_STEP: "业务环节",
    FollowUpKind.WITHDRAWN: "已撤销",
}

STORED = (FollowUpKind.PROMISE, FollowUpKind.APPOINTMENT, FollowUpKind.COMPLAINT)
"""The kinds somebody opens."""

LISTED = tuple(one for one in FollowUpKind if one is not FollowUpKind.WITHDRAWN)
"""The kinds there is something to be done of."""


class FollowUpState(enum.StrEnum):
    """How a follow-up stands at a moment; always derived."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"

    def label(self, language: str) -> str:
        """The state in words, language 'zh' or 'en'."""
        return (
            {"open": "未办结", "overdue": "已超期", "closed": "已办结"}[self.value] if language == "zh" else self.value
        )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One fact: something is to be done by a day; never changed.

    id: UUIDv7. household: its code, '' for a complainant who belongs to none. person: number within the household, 0
    for all of it. due: the last day on which it is in time. due_at: zoned, where an hour was agreed. opened: zoned.
    who: the name of whoever asked, where that is nobody of the household. officer: by code; '' is whoever has the
    household. source: the id of the attempt it came from, or ''. corrects: the follow-up this one takes the place of.
    answer: how a matter without a household was answered, which closes it; '' for every other. about: of a withdrawal,
    why.
    """

    id: str
    kind: FollowUpKind
    household: str
    due: dt.date
    opened: dt.datetime
    about: str = ""
    person: int = 0
    who: str = ""
    officer: str = ""
    due_at: dt.datetime | None = None
    opened_by: str = ""
    source: str = ""
    corrects: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """What closed a follow-up: the id of the attempt, or of the answer, and when. at: zoned."""

    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """One follow-up as it stands: its newest words, the day first named, how often it was moved, what closed it.

    ids: of all facts that belong to it, the first of them the oldest. first_opened: when that was, zoned.
    """

    follow_up: FollowUp
    ids: tuple[str, ...]
    first_due: dt.date
    first_opened: dt.datetime
    moved: int = 0
    closed: Closing | None = None

    def state(self, now: dt.datetime) -> FollowUpState:
        """How it stands at `now`, zoned: overdue the day after it is due, or when the hour agreed is past."""
        if self.closed:
            return FollowUpState.CLOSED
        one = self.follow_up
        late = now > one.due_at if one.due_at else now.date() > one.due
        return FollowUpState.OVERDUE if late else FollowUpState.OPEN


class Tried(Protocol):
    """What a follow-up depends on of an attempt; `Attempt` is one, and so are shorter lines of the same facts."""

    @property
    def id(self) -> str: ...

    @property
    def at(self) -> dt.datetime: ...

    @property
    def channel(self) -> str: ...

    @property
    def disposition(self) -> Disposition: ...

    @property
    def person(self) -> int: ...

    @property
    def card(self) -> bool: ...

    @property
    def corrects(self) -> str: ...

    @property
    def withdraws(self) -> bool: ...

    @property
    def closes(self) -> tuple[str, ...]: ...


def closings(attempts: Iterable[Tried]) -> dict[str, Closing]:
    """By the id of a follow-up, the earliest attempt in force that names it; attempts in any order, with repeats."""
    found: dict[str, Closing] = {}
    closing = [one for one in in_force(attempts) if one.closes]
    for attempt in sorted(closing, key=lambda one: (one.at, one.id)):
        for named in attempt.closes:
            found.setdefault(named, Closing(attempt.id, attempt.at))
    return found


def taken_back(attempts: Iterable[Tried]) -> frozenset[str]:
    """The ids of attempts that were withdrawn as never made, with those they had corrected; in any order.

    Whatever was recorded in the place of a withdrawal later is another attempt, and brings nothing of them back.
    """
    known = {one.id: one for one in attempts}
    found: set[str] = set()
    for one in known.values():
        key = one.corrects if one.withdraws else ""
        while key and key not in found:
            found.add(key)
            key = known[key].corrects if key in known else ""
    return frozenset(found)


def matters(
    follow_ups: Iterable[FollowUp], closed: Mapping[str, Closing], withdrawn: Collection[str] = ()
) -> list[Matter]:
    """What follow-ups come to, in any order and with repeats; ordered by due day and id.

    withdrawn: ids of attempts that were never made; what came from them is no matter. Facts that correct one another
    are one matter, and none where one of them takes it back. Two that correct the same one, made on two machines before
    they met, are still one: the later opened holds, and of equal ones that with the greater id.
    """
    known = {one.id: one for one in follow_ups if one.source not in withdrawn}
    members: dict[str, list[FollowUp]] = defaultdict(list)
    for one in known.values():
        members[_origin(one, known)].append(one)
    found = [
        _matter(origin, same, closed)
        for origin, same in members.items()
        if all(one.kind is not FollowUpKind.WITHDRAWN for one in same)
    ]
    return sorted(found, key=lambda one: (one.follow_up.due, one.follow_up.id))


def _origin(one: FollowUp, known: Mapping[str, FollowUp]) -> str:
    """The id of the fact a chain of corrections begins with; what is corrected may be still on another machine."""
    seen = {one.id}
    key = one.id
    while (before := known[key].corrects if key in known else "") and before not in seen:
        seen.add(before)
        key = before
    return key if not before else min(seen)


def _matter(origin: str, same: Sequence[FollowUp], closed: Mapping[str, Closing]) -> Matter:
    # What a chain begins with comes first, whatever the clocks of two machines say.
    ordered = sorted(same, key=lambda one: (one.id != origin, one.opened, one.id))
    asked = [one for one in ordered if not one.answer] or ordered
    replaced = {one.corrects for one in asked}
    holding = [one for one in asked if one.id not in replaced] or asked
    ends = [closed[key] for key in {origin, *(one.id for one in same)} if key in closed]
    ends += [Closing(one.id, one.opened) for one in ordered if one.answer]
    return Matter(
        follow_up=holding[-1],
        ids=tuple(dict.fromkeys((origin, *(one.id for one in ordered)))),
        first_due=asked[0].due,
        first_opened=asked[0].opened,
        moved=len(asked) - 1,
        closed=min(ends, key=lambda one: (one.at, one.by), default=None),
    )


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """When a return visit is due. days: after the household was informed, 0 for none. channels: by which it is made."""

    days: int
    channels: frozenset[str]


_REACHED = frozenset(one for one in Disposition if one.reached)


def return_visit(attempts: Iterable[Attempt], rule: ReturnRule, zone: dt.tzinfo, persons: int) -> Matter | None:
    """The return visit one household is owed by its attempts, in any order; None where it is owed none.

    It is owed once the household was informed, or somebody there took a card. It is made by the first meeting on a
    later day by one of the rule's channels, or by any later attempt that names it; whoever has moved away or turns
    out not to be in scope is owed none any more. persons: how many live there, 0 where that is not known.
    """
    tries = sorted(in_force(attempts), key=lambda one: (one.at, one.id))
    return visit_owed(tries[0].household, tries, rule, zone, persons) if tries else None


def visit_owed(
    household: str, tries: Sequence[Tried], rule: ReturnRule, zone: dt.tzinfo, persons: int
) -> Matter | None:
    """As `return_visit`; tries: those in force of one household, in order of time and id."""
    told = _told(tries) if rule.days else None
    if told is None:
        return None
    one = tries[told]
    owed = FollowUp(
        id=return_visit_id(one),
        kind=FollowUpKind.RETURN_VISIT,
        household=household,
        due=_day(one, zone) + dt.timedelta(days=rule.days),
        opened=one.at,
        person=one.person,
        source=one.id,
    )
    made = _made(tries, told, rule, zone, persons)
    return Matter(owed, (owed.id,), owed.due, owed.opened, closed=Closing(made.id, made.at) if made else None)


def visit_due(tries: Sequence[Tried], rule: ReturnRule, zone: dt.tzinfo, persons: int) -> tuple[dt.date, Tried] | None:
    """The day by which the visit of `visit_owed` is due, and the attempt it follows from, while it is open."""
    told = _told(tries) if rule.days else None
    if told is None or _made(tries, told, rule, zone, persons):
        return None
    return _day(tries[told], zone) + dt.timedelta(days=rule.days), tries[told]


def _told(tries: Sequence[Tried]) -> int | None:
    """The place of the attempt that informed the household: it was reached, or somebody there took a card."""
    for number, one in enumerate(tries):
        if one.disposition in _REACHED or (one.card and one.disposition.contact):
            return number
    return None


def _made(tries: Sequence[Tried], told: int, rule: ReturnRule, zone: dt.tzinfo, persons: int) -> Tried | None:
    """The attempt after the one that informed the household which was the return visit."""
    first, day = tries[told], _day(tries[told], zone)
    for number, one in enumerate(tries[told + 1 :], told + 1):
        met = one.channel in rule.channels and one.disposition.contact
        if (met or (one.disposition.gone and _left(tries[: number + 1], first, persons))) and _day(one, zone) > day:
            return one
        if one.closes and return_visit_id(first) in one.closes:
            return one
    return None


def _left(tries: Sequence[Tried], told: Tried, persons: int) -> bool:
    """Whether the last of the attempts, which found somebody gone, means whoever was informed, or the household."""
    last = tries[-1].person
    return not last or last == told.person or everybody_gone(tries, persons)


def _day(attempt: Tried, zone: dt.tzinfo) -> dt.date:
    return attempt.at.astimezone(zone).date()


def return_visit_id(told: Tried) -> str:
    """The identifier of the return visit that follows from an attempt: the same on every machine."""
    return derived_id(told.at, f"return visit/{told.id}")
