"""What one month's report counts: three records (三有) of every officer, section and community.

content    what was done (内容): every try counts, for the officer who made it; every notice put up on an entrance, for
           whoever put it up.
conduct    how it was done: of the talks, those of which the six musts (六要) were ticked, and which.
results    what came of it (处理结果): a household's first contact, reach, card and refusal count for the officer whose
           try it was; registrations and payments for the officer who had the household at the end of their month.
progress   where the households stand that an officer has at the end of the month, whoever brought them there, against
           the target; households out of scope, and those a hold-out leaves alone, are in no denominator.

Content and results are flows: every entry counts once, in one month, for one officer, so that months add up to the
total and officers to the town. Progress is a standing and does not add up over months. An entry names the fact it
comes from, and a figure is the sum of its entries' amounts: there is no figure without facts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from outreach.domain.conduct import MEETINGS, Must
from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, paid_by
from outreach.domain.follow_up import Closing, FollowUp, FollowUpKind, Matter
from outreach.domain.outcome_rates import Final, final_outcome, outcome_of

_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
_BY_CHANNEL = {
    "visit": "visits", "call": "calls", "letter": "letters", "sms": "sms", "booth": "booths", "hall": "hall",
}  # fmt: skip

CONTENT = (
    "tries", "visits", "calls", "letters", "sms", "booths", "hall", "elsewhere", "cards", "notices", "posted",
    "materials", "forms",
)  # fmt: skip
CONDUCT = ("talks", "ticked", "all_six", *(must.value for must in Must))
RESULTS = (
    "attempted", "contacted", "reached", "carded", "refused", "returned", "registered", "paid", "yuan", "followed_up",
    "complaints_closed",
)  # fmt: skip
PROGRESS = (
    "homes", "out_of_scope", "held", "held_paid", "in_scope", "carded", "reached", "registered", "paid", "yuan",
    "overdue", "complaints_overdue",
)  # fmt: skip
AIMS = ("carded", "reached", "registered", "paid", "yuan")
"""What a target can be set for."""

MONTH, TOTAL, END, TARGET, DUE = "month", "total", "end", "target", "due"
SPANS: Mapping[str, Sequence[str]] = {
    MONTH: (*CONTENT, *CONDUCT, *RESULTS),
    TOTAL: (*CONTENT, *CONDUCT, *RESULTS),
    END: PROGRESS,
    TARGET: AIMS,
    DUE: AIMS,
}


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """'2005-10'; raises ValueError for anything else."""
        if not _MONTH.fullmatch(text):
            raise ValueError(f"'{text}' is no month")
        return cls(int(text[:4]), int(text[5:]))

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return (self.first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)

    def end(self, zone: dt.tzinfo) -> dt.datetime:
        """The last moment, to the millisecond the store keeps."""
        after = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), zone)
        return after - dt.timedelta(milliseconds=1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Hung:
    """A notice that was put up on an entrance. id: of the fact that says so. at: zoned. officer: '' for nobody."""

    id: str
    at: dt.datetime
    officer: str
    run: int
    piece: int
    entrance: str
    community: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact's part in one figure.

    fact: the id of an attempt, milestone, follow-up or notice put up, '' where the household itself is what counts.
    officer: for whom it counts, '' for nobody. amount: 1, or the number of forms or materials, or fen. hung: the
    notice, which has an entrance and no household.
    """

    measure: str
    fact: str
    household: str
    day: dt.date
    officer: str
    amount: int = 1
    hung: Hung | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A household out of scope, and the attempt that says so."""

    household: str
    why: Attempt


@dataclass(frozen=True, slots=True)
class Record:
    """The facts in force up to a month's last day, by household in order of time; times are in the campaign's zone.

    matters: follow-ups with what closed them by then. holder: the officer who had a household at the end of a month.
    hung: the notices put up. held: households that a hold-out leaves alone on the last day, with its name. persons: how
    many live in a household, as far as that is known.
    """

    attempts: Mapping[str, Sequence[Attempt]]
    milestones: Mapping[str, Sequence[Milestone]]
    matters: Sequence[Matter]
    holder: Callable[[str, Month], str]
    hung: Sequence[Hung] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)


def make_record(
    attempts: Iterable[Attempt],
    milestones: Iterable[Milestone],
    matters: Iterable[Matter],
    holder: Callable[[str, Month], str],
    last: dt.date,
    hung: Iterable[Hung] = (),
    held: Mapping[str, str] | None = None,
    persons: Mapping[str, int] | None = None,
) -> Record:
    """The facts by household in order of time, those after `last` left out. The facts must be in force."""
    tries: dict[str, list[Attempt]] = defaultdict(list)
    steps: dict[str, list[Milestone]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda one: (one.at, one.id)):
        if attempt.at.date() <= last:
            tries[attempt.household].append(attempt)
    for step in sorted(milestones, key=lambda one: (one.on, one.id)):
        if step.on <= last:
            steps[step.household].append(step)
    up = tuple(one for one in hung if one.at.date() <= last)
    return Record(tries, steps, tuple(matters), holder, up, held or {}, persons or {})


def flows(record: Record) -> Iterator[Entry]:
    """Content and results: every entry of every month up to the report's."""
    for tries in record.attempts.values():
        for attempt in tries:
            yield from _content(attempt)
            yield from _conduct(attempt)
        yield from _firsts(tries)
    for one in record.hung:
        yield Entry("posted", one.id, "", one.at.date(), one.officer, hung=one)
    for household, steps in record.milestones.items():
        for measure, first in _taken(steps):
            yield _step(record, measure, first)
        for step in steps:
            if step.kind is MilestoneKind.PAID:
                holder = record.holder(household, Month.of(step.on))
                yield Entry("yuan", step.id, household, step.on, holder, step.amount_fen)
    tries_by_id = {one.id: one for tries in record.attempts.values() for one in tries}
    for matter in record.matters:
        if matter.closed:
            yield _closed(record, matter, matter.closed, tries_by_id.get(matter.closed.by))


def _entry(measure: str, attempt: Attempt, amount: int = 1) -> Entry:
    return Entry(measure, attempt.id, attempt.household, attempt.at.date(), attempt.officer, amount)


def _step(record: Record, measure: str, step: Milestone) -> Entry:
    return Entry(measure, step.id, step.household, step.on, record.holder(step.household, Month.of(step.on)))


def _taken(steps: Sequence[Milestone]) -> Iterator[tuple[str, Milestone]]:
    """What a household is counted as registered and paid by; the same words as `domain.contact.standing`."""
    if first := next((one for one in steps if one.kind is MilestoneKind.REGISTERED), None):
        yield "registered", first
    if paid := paid_by(steps):
        yield "paid", paid


def _content(attempt: Attempt) -> Iterator[Entry]:
    back = attempt.disposition is Disposition.RETURNED
    if back:
        # A letter that came back is what came of one, not another try.
        yield _entry("returned", attempt)
    else:
        yield _entry("tries", attempt)
        yield _entry(_BY_CHANNEL.get(attempt.channel, "elsewhere"), attempt)
    if attempt.card:
        yield _entry("cards", attempt)
    notices = sum(kind in ("notice", "posting") for kind in attempt.left)
    for measure, amount in (("notices", notices), ("materials", len(attempt.left)), ("forms", len(attempt.forms))):
        if amount:
            yield _entry(measure, attempt, amount)


def _conduct(attempt: Attempt) -> Iterator[Entry]:
    """A talk with somebody of the household, and which of the six musts were ticked of it."""
    if attempt.channel not in MEETINGS or not attempt.disposition.contact:
        return
    yield _entry("talks", attempt)
    if attempt.musts:
        yield _entry("ticked", attempt)
        if len(attempt.musts) == len(Must):
            yield _entry("all_six", attempt)
        for must in attempt.musts:
            yield _entry(must, attempt)


def _firsts(tries: Sequence[Attempt]) -> Iterator[Entry]:
    """The first of each kind; the same words as `domain.contact.standing`."""
    found: tuple[tuple[str, Callable[[Attempt], bool]], ...] = (
        ("attempted", lambda one: True),
        ("contacted", lambda one: one.disposition.contact),
        ("reached", lambda one: one.disposition.reached),
        ("carded", lambda one: one.card),
        ("refused", lambda one: one.disposition is Disposition.REFUSED),
    )
    for measure, holds in found:
        if first := next((one for one in tries if holds(one)), None):
            yield _entry(measure, first)


def _closed(record: Record, matter: Matter, closing: Closing, attempt: Attempt | None) -> Entry:
    """Closed by an attempt, it counts for whoever made it; by an answer, for whoever it was given to."""
    one = matter.follow_up
    day = closing.at.date()
    officer = attempt.officer if attempt else _whose(record, one, Month.of(day))
    measure = "complaints_closed" if one.kind is FollowUpKind.COMPLAINT else "followed_up"
    return Entry(measure, closing.by, one.household, day, officer)


def _whose(record: Record, one: FollowUp, month: Month) -> str:
    return one.officer or (record.holder(one.household, month) if one.household else "")


def outside(record: Record) -> list[Outside]:
    """Households out of scope, in order of code: the last word is that all of them moved or are not meant, none was
    reached, and the ledger knows nothing of them.
    """
    found = []
    for household in sorted(record.attempts):
        tries = record.attempts[household]
        if record.milestones.get(household):
            continue
        if final_outcome(tries, record.persons.get(household, 0)) is Final.NOT_ELIGIBLE:
            why = next(one for one in reversed(tries) if outcome_of(one) is Final.NOT_ELIGIBLE)
            found.append(Outside(household, why))
    return found


def standings(record: Record, households: Iterable[str], month: Month) -> Iterator[Entry]:
    """Progress: where each household stands on the month's last day, for the officer who has it then."""
    left_out = {one.household: one.why for one in outside(record)}
    for household in households:
        holder = record.holder(household, month)
        yield Entry("homes", "", household, month.last, holder)
        if why := left_out.get(household):
            yield Entry("out_of_scope", why.id, household, why.at.date(), holder)
            continue
        if household in record.held:
            # Nobody may work for them, so they count for nobody; whoever of them paid is told apart.
            yield Entry("held", "", household, month.last, holder)
            if paid := paid_by(record.milestones.get(household, ())):
                yield Entry("held_paid", paid.id, household, paid.on, holder)
            continue
        yield Entry("in_scope", "", household, month.last, holder)
        tries = record.attempts.get(household, ())
        for entry in _firsts(tries):
            if entry.measure in ("carded", "reached"):
                yield Entry(entry.measure, entry.fact, household, entry.day, holder)
        steps = record.milestones.get(household, ())
        for measure, first in _taken(steps):
            yield Entry(measure, first.id, household, first.on, holder)
        for step in steps:
            if step.kind is MilestoneKind.PAID:
                yield Entry("yuan", step.id, household, step.on, holder, step.amount_fen)
    for matter in record.matters:
        one = matter.follow_up
        if one.due <= month.last and not matter.closed:
            measure = "complaints_overdue" if one.kind is FollowUpKind.COMPLAINT else "overdue"
            yield Entry(measure, one.id, one.household, one.due, _whose(record, one, month))
