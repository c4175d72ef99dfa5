"""Coverage and funnel: counted reach only, derived from standings by the domain's one definition.

Channels whose reach can only be estimated (crawl, radio, press, boards, notices) never enter these figures.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from outreach.channels import channels
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Milestone, MilestoneKind, Standing, in_force
from outreach.domain.people import Household, Officer, natural_key
from outreach.errors import BadInput
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office

DIMENSIONS = ("community", "compound", "officer", "channel", "month")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One line of a coverage table: households at each step, and fen paid.

    By month: households that took the step for the first time in that month, and fen paid in it.
    By channel: households tried, contacted and reached over that channel; a channel claims no payment, so
    `registered`, `paid` and `fen` are None there. attempts: tries in force.
    """

    label: str
    households: int
    attempts: int = 0
    attempted: int = 0
    contacted: int = 0
    reached: int = 0
    carded: int = 0
    registered: int | None = 0
    paid: int | None = 0
    fen: int | None = 0

    @property
    def share_reached(self) -> float:
        """Reached households of all, 0 where there are none."""
        return self.reached / self.households if self.households else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A coverage table by one dimension; rows in their natural order, the whole town in `total`."""

    campaign: str
    by: str
    rows: tuple[CoverageRow, ...]
    total: CoverageRow


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step from roster to payment, and how many households took it."""

    key: str
    households: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """All households > card > contact > registered > paid, and fen paid. It claims no cause.

    paid_after, paid_before, paid_never_met: of those who paid, whose first payment came on or after the day somebody of
    them was first met, before it, or without that anybody ever was. An order of days is no cause either.
    """

    campaign: str
    steps: tuple[FunnelStep, ...]
    fen: int
    paid_after: int
    paid_before: int
    paid_never_met: int


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """Everything the reports count, read at one moment; attempts and milestones are those in force.

    homes: what is left of erased households as well, so that a report of the past stays true.
    """

    campaign: Campaign
    homes: Mapping[str, Household]
    officers: Mapping[str, Officer]
    posts: Mapping[str, str]
    standings: Mapping[str, Standing]
    attempts: tuple[Attempt, ...]
    milestones: tuple[Milestone, ...]


def report_coverage(office: Office, campaign_name: str, by: str) -> Coverage:
    """Coverage by 'community', 'compound', 'officer', 'channel' or 'month'; raises BadInput for another word."""
    if by not in DIMENSIONS:
        raise BadInput.at(by, _("is no way to group by"), _("choose one of {names}", names=", ".join(DIMENSIONS)))
    return _coverage(read_facts(office, campaign_name), by)


def report_coverages(office: Office, campaign_name: str) -> list[Coverage]:
    """Coverage by every dimension, from one reading of the store."""
    facts = read_facts(office, campaign_name)
    return [_coverage(facts, by) for by in DIMENSIONS]


def report_funnel(office: Office, campaign_name: str) -> Funnel:
    """The funnel of households from roster to payment."""
    facts = read_facts(office, campaign_name)
    found = facts.standings.values()
    steps = (
        FunnelStep("households", len(facts.homes)),
        FunnelStep("carded", sum(s.card_at is not None for s in found)),
        FunnelStep("contacted", sum(s.first_contact_at is not None for s in found)),
        FunnelStep("registered", sum(s.registered_on is not None for s in found)),
        FunnelStep("paid", sum(s.paid_on is not None for s in found)),
    )
    zone = facts.campaign.zone
    met = [
        None if s.first_contact_at is None else s.first_contact_at.astimezone(zone).date() <= s.paid_on
        for s in found
        if s.paid_on is not None
    ]
    return Funnel(
        facts.campaign.name,
        steps,
        sum(s.paid_fen for s in found),
        paid_after=met.count(True),
        paid_before=met.count(False),
        paid_never_met=met.count(None),
    )


def read_facts(office: Office, campaign_name: str) -> CampaignFacts:
    """What is known of a campaign now."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        present = {code: row.post for code, row in unit.territories.present(campaign.name).items()}
        return CampaignFacts(
            campaign=campaign,
            homes=unit.rosters.households() | unit.erasures.stones(),
            officers=unit.rosters.officers(),
            posts=unit.erasures.last_posts(campaign.name) | present,
            standings=unit.facts.standings(campaign.name, campaign.zone),
            attempts=tuple(in_force(unit.facts.attempts(campaign.name))),
            milestones=tuple(in_force(unit.facts.milestones(campaign.name))),
        )


def _coverage(facts: CampaignFacts, by: str) -> Coverage:
    everyone = replace(_row(_("all"), facts.homes, facts.standings), attempts=len(facts.attempts))
    if by == "channel":
        rows = _by_channel(facts)
    elif by == "month":
        rows = _by_month(facts)
    else:
        rows = _by_place(facts, by)
    return Coverage(facts.campaign.name, by, tuple(rows), everyone)


def _by_place(facts: CampaignFacts, by: str) -> Iterable[CoverageRow]:
    groups: dict[str, list[str]] = defaultdict(list)
    group_of: dict[str, str] = {}
    for home in facts.homes.values():
        group_of[home.code] = place_of(facts, home, by)
        groups[group_of[home.code]].append(home.code)
    tries: dict[str, int] = defaultdict(int)
    for attempt in facts.attempts:
        tries[group_of[attempt.household]] += 1
    for label in sorted(groups, key=natural_key):
        yield replace(_row(label, groups[label], facts.standings), attempts=tries[label])


def place_of(facts: CampaignFacts, home: Household, by: str) -> str:
    """The label of the community, compound or officer a household counts for; raises KeyError for another `by`."""
    labels: dict[str, Callable[[Household], str]] = {
        "community": lambda home: home.address.community,
        "compound": lambda home: f"{home.address.community} {home.address.compound}",
        "officer": lambda home: _officer_label(facts, home.code),
    }
    return labels[by](home)


def _officer_label(facts: CampaignFacts, code: str) -> str:
    post = facts.posts.get(code)
    if post is None:
        return _("no officer yet")
    officer = facts.officers.get(post)
    return f"{post} {officer.name}" if officer else post


def _row(label: str, codes: Iterable[str], standings: Mapping[str, Standing]) -> CoverageRow:
    known = list(codes)
    found = [standings[code] for code in known if code in standings]
    return CoverageRow(
        label=label,
        households=len(known),
        attempted=sum(s.first_attempt_at is not None for s in found),
        contacted=sum(s.first_contact_at is not None for s in found),
        reached=sum(s.first_reached_at is not None for s in found),
        carded=sum(s.card_at is not None for s in found),
        registered=sum(s.registered_on is not None for s in found),
        paid=sum(s.paid_on is not None for s in found),
        fen=sum(s.paid_fen for s in found),
    )


def _by_channel(facts: CampaignFacts) -> Iterable[CoverageRow]:
    tried: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in facts.attempts:
        tried[attempt.channel].append(attempt)
    registry = channels()
    for key in sorted(tried, key=lambda key: list(registry).index(key) if key in registry else len(registry)):
        tries = tried[key]
        yield CoverageRow(
            label=key,
            households=len(facts.homes),
            attempts=len(tries),
            attempted=len({a.household for a in tries}),
            contacted=len({a.household for a in tries if a.disposition.contact}),
            reached=len({a.household for a in tries if a.disposition.reached}),
            carded=len({a.household for a in tries if a.card}),
            registered=None,
            paid=None,
            fen=None,
        )


def _by_month(facts: CampaignFacts) -> Iterable[CoverageRow]:
    zone = facts.campaign.zone
    firsts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def count(step: str, day: dt.date | dt.datetime | None) -> None:
        if day is not None:
            firsts[f"{day:%Y-%m}"][step] += 1

    for found in facts.standings.values():
        count("attempted", found.first_attempt_at)
        count("contacted", found.first_contact_at)
        count("reached", found.first_reached_at)
        count("carded", found.card_at)
        count("registered", found.registered_on)
        count("paid", found.paid_on)
    for attempt in facts.attempts:
        count("attempts", attempt.at.astimezone(zone))
    for milestone in facts.milestones:
        if milestone.kind is MilestoneKind.PAID:
            firsts[f"{milestone.on:%Y-%m}"]["fen"] += milestone.amount_fen
    for month in sorted(firsts):
        yield CoverageRow(label=month, households=len(facts.homes), **firsts[month])
