"""Cohorts: households by the month they were first met, and how many months later the ledger shows a step of theirs.

A table of what came after what. It says nothing of why: who is met early differs from who is met late, and time passes
for everybody. A hold-out (services/holdouts.py) is what can tell.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass

from outreach.domain.contact import MilestoneKind, Standing
from outreach.errors import BadInput
from outreach.messages import _
from outreach.services.ledger_facts import month_of
from outreach.services.office import Office
from outreach.services.reports import CampaignFacts, read_facts

STARTS = ("contact", "card")
STEPS = ("paid", "registered")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Households first met in one month; `month` is '' for those who were not met at all.

    before: those whose step the ledger dates before the day they were met; for those not met, all who took it.
    later: by whole calendar months after the month of meeting, 0 for the same month; None for a month the ledger does
    not cover and in which nobody of them is known to have taken the step.
    not_yet: those whose step the ledger does not show.
    """

    month: str
    households: int
    before: int
    later: tuple[int | None, ...]
    not_yet: int


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The triangle. since: 'contact' or 'card'; until: 'paid' or 'registered'; through: the last month covered.

    gaps: months before it that are not covered, of those in which anybody was met or later.
    """

    campaign: str
    since: str
    until: str
    through: str
    gaps: tuple[str, ...]
    cohorts: tuple[Cohort, ...]


def report_cohorts(office: Office, campaign_name: str, *, since: str = "contact", until: str = "paid") -> Cohorts:
    """The cohorts of a campaign by ledger date; raises BadInput for a word that is none of STARTS or STEPS.

    A month is covered where a file, or a fact that came out of one on another machine, tells of this step in it; what
    somebody typed covers the months before the first such file through the newest of its own. Other months are not
    counted as nothing.
    """
    for word, known in ((since, STARTS), (until, STEPS)):
        if word not in known:
            raise BadInput.at(word, _("is none"), _("choose one of {names}", names=", ".join(known)))
    facts = read_facts(office, campaign_name)
    with office.store.read() as unit:
        told = unit.ledger.told(facts.campaign.name)
    kind = MilestoneKind(until)
    covered = _covered(facts, kind, {month for month, of_kind in told if of_kind is kind})
    through = max(covered, default="")
    cohorts = tuple(_cohorts(facts, since, until, covered))
    begun = min((one.month for one in cohorts if one.month), default=through)
    gaps = tuple(month for month in _months(begun, through) if month not in covered) if through else ()
    return Cohorts(facts.campaign.name, since, until, through, gaps, cohorts)


def _covered(facts: CampaignFacts, kind: MilestoneKind, files: Set[str]) -> set[str]:
    """The months of which it is known who took a step. files: those of which a file tells of it."""
    told = set(files)
    typed = set()
    for one in facts.milestones:
        if one.kind is kind:
            month = month_of(one.note)
            told |= {month} if month else set()
            typed |= set() if month else {f"{one.on:%Y-%m}"}
    before = {month for month in typed if not told or month < min(told)}
    return told | set(_months(f"{facts.campaign.starts:%Y-%m}", max(before)) if before else ())


def _months(first: str, last: str) -> list[str]:
    """The months from one to another, both included; none where the last is before the first."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [
        f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, start + months_between(first, last) + 1)
    ]


def _cohorts(facts: CampaignFacts, since: str, until: str, covered: Set[str]) -> list[Cohort]:
    sizes: Counter[str] = Counter()
    before: Counter[str] = Counter()
    none: Counter[str] = Counter()
    later: dict[str, Counter[int]] = defaultdict(Counter)
    for code in facts.homes:
        found = facts.standings.get(code, Standing())
        at = found.first_contact_at if since == "contact" else found.card_at
        step = found.paid_on if until == "paid" else found.registered_on
        met = at.astimezone(facts.campaign.zone).date() if at else None
        month = f"{met:%Y-%m}" if met else ""
        sizes[month] += 1
        if step is None:
            none[month] += 1
        elif met is None or step < met:
            before[month] += 1
        else:
            later[month][months_between(month, f"{step:%Y-%m}")] += 1
    return [
        Cohort(
            month=month,
            households=sizes[month],
            before=before[month],
            later=_later(month, later[month], covered) if month else (),
            not_yet=none[month],
        )
        for month in sorted(sizes, key=lambda month: (not month, month))
    ]


def _later(month: str, steps: Counter[int], covered: Set[str]) -> tuple[int | None, ...]:
    """A cohort's row, through the last month covered, or the last step seen. steps: by months after the first."""
    width = max([months_between(month, max(covered)) + 1 if covered else 0, 0, *(gap + 1 for gap in steps)])
    last = max([month, *covered])
    known = [one in covered for one in _months(month, last)]
    return tuple(steps[gap] or (0 if gap < len(known) and known[gap] else None) for gap in range(width))


def months_between(first: str, second: str) -> int:
    """Whole calendar months from '2005-03' to '2005-10'."""
    one, other = (dt.date.fromisoformat(f"{month}-01") for month in (first, second))
    return (other.year - one.year) * 12 + other.month - one.month
