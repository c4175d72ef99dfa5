"""Cohorts: households by the month they were first met, and how many months later the ledger shows a step of theirs.

A table of what came after what. It says nothing of why: who is met early differs from who is met late, and time passes
for everybody. A hold-out (services/holdouts.py) is what can tell.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from outreach.domain.contact import Standing
from outreach.errors import BadInput
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.reports import CampaignFacts, read_facts

STARTS = ("contact", "card")
STEPS = ("paid", "registered")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Households first met in one month; `month` is '' for those who were not met at all.

    before: those whose step the ledger dates before the day they were met; for those not met, all who took it.
    later: by whole calendar months after the month of meeting, 0 for the same month; only months the ledger covers.
    not_yet: those whose step the ledger does not show.
    """

    month: str
    households: int
    before: int
    later: tuple[int, ...]
    not_yet: int


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The triangle. since: 'contact' or 'card'; until: 'paid' or 'registered'; through: the last month covered."""

    campaign: str
    since: str
    until: str
    through: str
    cohorts: tuple[Cohort, ...]


def report_cohorts(office: Office, campaign_name: str, *, since: str = "contact", until: str = "paid") -> Cohorts:
    """The cohorts of a campaign by ledger date; raises BadInput for a word that is none of STARTS or STEPS.

    The ledger covers months through its newest imported file; without one, through the newest milestone. Cells of
    later months are left out, not counted as nothing.
    """
    for word, known in ((since, STARTS), (until, STEPS)):
        if word not in known:
            raise BadInput.at(word, _("is none"), _("choose one of {names}", names=", ".join(known)))
    facts = read_facts(office, campaign_name)
    with office.store.read() as unit:
        files = unit.ledger.files(facts.campaign.name, office.workspace.zone)
    months = [file.month for file in files] or [f"{one.on:%Y-%m}" for one in facts.milestones]
    through = max(months, default="")
    return Cohorts(facts.campaign.name, since, until, through, tuple(_cohorts(facts, since, until, through)))


def _cohorts(facts: CampaignFacts, since: str, until: str, through: str) -> list[Cohort]:
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
            later=tuple(later[month][gap] for gap in range(_covered(month, through, later[month]))) if month else (),
            not_yet=none[month],
        )
        for month in sorted(sizes, key=lambda month: (not month, month))
    ]


def _covered(month: str, through: str, later: Counter[int]) -> int:
    """How many cells a cohort's row has: through the last month covered, or the last step seen."""
    return max([months_between(month, through) + 1 if through else 0, 0, *(gap + 1 for gap in later)])


def months_between(first: str, second: str) -> int:
    """Whole calendar months from '2005-03' to '2005-10'."""
    one, other = (dt.date.fromisoformat(f"{month}-01") for month in (first, second))
    return (other.year - one.year) * 12 + other.month - one.month
