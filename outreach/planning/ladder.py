"""Whether a household is to be tried again, by which channel, and if not, why and until when: plain rules.

A ladder has steps: so many visits, then so many calls, then a letter. A step that cannot be taken (no telephone,
nobody at home until the holidays, a wish not to be called) is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from outreach.domain.contact import Disposition, holds_of_all

PERSONAL = ("visit", "call")
"""Channels where somebody tries to find somebody: their hour matters, and they count against the total."""

_AT_THE_DOOR = ("visit", "letter")
_DAY_AFTER = 1


class Why(StrEnum):
    """Why a household is not to be tried on a day."""

    REACHED = "reached"
    REGISTERED = "registered"
    GONE = "gone"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    CAP = "cap"
    COOLING = "cooling"
    AWAY = "away"


_REACHED = frozenset(one for one in Disposition if one.reached)

OPEN = frozenset({Why.COOLING, Why.AWAY})
"""Reasons that pass by themselves: the household is still looked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many tries by one channel before the next step's turn."""

    channel: str
    most: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rules. total: visits and calls at most; refusals: so many end it.

    cooling, cooling_met, cooling_refused: days from one try to the next, after a contact that settled nothing, and
    after a refusal.
    """

    steps: tuple[Step, ...]
    total: int
    cooling: int
    cooling_met: int
    cooling_refused: int
    refusals: int


class Past(NamedTuple):
    """One earlier try in force; a tuple, for a town has millions. person: 0 for all of it."""

    channel: str
    day: dt.date
    disposition: Disposition
    person: int = 0


class Record(NamedTuple):
    """What decides about one household. tries: in order of time. suppressed: channels it wishes off, '' for all.

    home_from: the first day from today on on which somebody is at home; None where no such day is known.
    persons: how many live there; phones: how many of them have one.
    """

    tries: Sequence[Past]
    registered: bool
    phones: int
    suppressed: frozenset[str]
    home_from: dt.date | None
    persons: int


class Next(NamedTuple):
    """The next try: its channel, how often that was tried, and the channel whose tries are used up, or ''."""

    channel: str
    made: int
    after: str


class Held(NamedTuple):
    """Not to be tried. until: the first day on which that may be otherwise, None where no day is known."""

    why: Why
    until: dt.date | None = None


def counted(tries: Sequence[Past], channel: str) -> int:
    """How many tries of `channel` count on the ladder: post counts once somebody was looked for in person."""
    first = next((number for number, one in enumerate(tries) if one.channel in PERSONAL), len(tries))
    return sum(one.channel == channel for one in tries[first:])


def next_try(ladder: Ladder, record: Record, day: dt.date) -> Next | Held:
    """What to do about a household on `day`."""
    settled = _settled(ladder, record)
    if settled is not None:
        return settled
    personal = [one for one in record.tries if one.channel in PERSONAL]
    if len(personal) >= ladder.total:
        return Held(Why.CAP)
    if personal:
        until = personal[-1].day + dt.timedelta(days=_rest(ladder, personal[-1].disposition))
        if day < until:
            return Held(Why.COOLING, until)
    return _step(ladder, record, day)


def _settled(ladder: Ladder, record: Record) -> Held | None:
    if record.registered:
        return Held(Why.REGISTERED)
    # What was only sent is nobody's word: a text message to all does not bring back who has moved away.
    outcomes = [one.disposition for one in record.tries if one.disposition is not Disposition.SENT]
    if not _REACHED.isdisjoint(outcomes):
        return Held(Why.REACHED)
    if outcomes and (outcomes[-1].gone or outcomes[-1] is Disposition.DIED) and _nobody_left(record):
        return Held(Why.GONE)
    if "" in record.suppressed:
        return Held(Why.SUPPRESSED)
    return Held(Why.REFUSED) if sum(outcome.refusal for outcome in outcomes) >= ladder.refusals else None


def _nobody_left(record: Record) -> bool:
    """Whether everybody there is gone or has died. Who died is one person: where nobody says which, others live on."""
    said = (
        (one.person, one.disposition.gone or one.disposition is Disposition.DIED)
        for one in record.tries
        if one.disposition is not Disposition.SENT
        and (one.person or one.disposition is not Disposition.DIED or record.persons <= 1)
    )
    return holds_of_all(said, record.persons)


def _no_phone_left(record: Record) -> bool:
    """Whether nobody has a phone, or the last calls found a dead number for all who have one."""
    called = [one for one in record.tries if one.channel == "call"]
    if not record.phones or not called or not called[-1].disposition.dead_line:
        return not record.phones
    return holds_of_all(((one.person, one.disposition.dead_line) for one in called), record.phones)


def _rest(ladder: Ladder, outcome: Disposition) -> int:
    if outcome.refusal:
        return ladder.cooling_refused
    if outcome is Disposition.APPOINTMENT:
        return _DAY_AFTER
    return ladder.cooling_met if outcome.contact else ladder.cooling


def _step(ladder: Ladder, record: Record, day: dt.date) -> Next | Held:
    away = record.home_from is None or record.home_from > day
    held, after = Held(Why.CAP), ""
    for step in ladder.steps:
        made = counted(record.tries, step.channel)
        if made >= step.most:
            after = step.channel
        elif step.channel in record.suppressed:
            held = Held(Why.SUPPRESSED) if held.why is Why.CAP else held
        elif step.channel in _AT_THE_DOOR and away:
            held = Held(Why.AWAY, record.home_from)
        elif step.channel != "call" or not _no_phone_left(record):
            return Next(step.channel, made, after)
    return held
