"""Who had whom, from when to when, and why: a household's officers, a post's households."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from outreach.domain.people import Officer
from outreach.errors import NotFound
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.household_codes import not_listed
from outreach.services.office import Office
from outreach.store.territory import AdoptedPlan, Stretch, Tenure
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Held:
    """A household with one officer, from `starts` until before `ends` (None: still).

    officer, name: '' while nobody held the post. plan: the number of the plan by which it began, 0 where the
    officer came to the post later. reason: the planner's words for that plan.
    """

    household: str
    post: str
    officer: str
    name: str
    starts: dt.datetime
    ends: dt.datetime | None
    plan: int
    reason: str


@dataclass(frozen=True, slots=True)
class PostEvent:
    """What happened to a post. what: 'took', 'left' or 'plan'; households: how many it has then."""

    at: dt.datetime
    what: str
    officer: str
    name: str
    gained: int
    lost: int
    households: int
    plan: int
    reason: str


def list_plans(office: Office, campaign_name: str) -> list[AdoptedPlan]:
    """Every assignment put in force, oldest first."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        return unit.territories.plans(campaign.name, office.workspace.zone)


def household_history(office: Office, campaign_name: str, code: str) -> list[Held]:
    """The officers of one household, oldest first; an officer who left the post is told as well. Raises NotFound."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        if code not in unit.rosters.household_ids():
            raise not_listed(unit, code)
        return list(held_lines(office, unit, campaign.name, code))


def held_lines(office: Office, unit: Unit, campaign: str, household: str | None = None) -> Iterator[Held]:
    """Who had each household (or one), in order of household and time."""
    zone = office.workspace.zone
    plans = {plan.id: plan for plan in unit.territories.plans(campaign, zone)}
    by_post: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in unit.territories.tenures(zone):
        by_post[tenure.post].append(tenure)
    officers = unit.rosters.all_officers()
    for stretch in unit.territories.stretches(campaign, zone, household):
        yield from _lines(stretch, by_post[stretch.post], officers, plans[stretch.plan])


def _lines(
    stretch: Stretch, tenures: Iterable[Tenure], officers: Mapping[str, Officer], plan: AdoptedPlan
) -> Iterator[Held]:
    """A household's time with one post, cut where the post passed from hand to hand."""

    def line(officer: str, starts: dt.datetime, ends: dt.datetime | None) -> Held:
        began = starts == stretch.starts
        name = officers[officer].name if officer else ""
        number, reason = (plan.number, plan.reason) if began else (0, "")
        return Held(stretch.household, stretch.post, officer, name, starts, ends, number, reason)

    at = stretch.starts
    for tenure in tenures:
        # A tenure that began after the household left the post ends, cut to that day, before it starts.
        starts, ends = max(tenure.starts, at), _earlier(tenure.ends, stretch.ends)
        if ends is not None and ends <= starts:
            continue
        if starts > at:
            yield line("", at, starts)
        yield line(tenure.officer, starts, ends)
        if ends is None or ends == stretch.ends:
            return
        at = ends
    yield line("", at, stretch.ends)


def _earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def post_history(office: Office, campaign_name: str, post: str) -> list[PostEvent]:
    """Who took and left a post, and what each plan gave it and took from it, oldest first; raises NotFound."""
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    with office.store.read() as unit:
        tenures = [one for one in unit.territories.tenures(zone) if one.post == post]
        stretches = [one for one in unit.territories.stretches(campaign.name, zone) if one.post == post]
        if not tenures and not stretches:
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
        officers = unit.rosters.all_officers()
        plans = unit.territories.plans(campaign.name, zone)
    found = []
    for tenure in tenures:
        name = officers[tenure.officer].name
        found.append(_event(tenure.starts, "took", tenure.officer, name, stretches))
        if tenure.ends is not None:
            found.append(_event(tenure.ends, "left", tenure.officer, name, stretches))
    for plan in plans:
        gained = sum(one.plan == plan.id for one in stretches)
        lost = sum(one.ends == plan.made for one in stretches)
        if gained or lost:
            holder = next((one.officer for one in tenures if _holds(one, plan.made)), "")
            name = officers[holder].name if holder else ""
            found.append(_event(plan.made, "plan", holder, name, stretches, gained, lost, plan))
    rank = {"left": 0, "took": 1, "plan": 2}
    return sorted(found, key=lambda event: (event.at, rank[event.what]))


def _event(
    at: dt.datetime,
    what: str,
    officer: str,
    name: str,
    stretches: Iterable[Stretch],
    gained: int = 0,
    lost: int = 0,
    plan: AdoptedPlan | None = None,
) -> PostEvent:
    count = sum(one.starts <= at and (one.ends is None or at < one.ends) for one in stretches)
    number, reason = (plan.number, plan.reason) if plan else (0, "")
    return PostEvent(at, what, officer, name, gained, lost, count, number, reason)


def _holds(tenure: Tenure, at: dt.datetime) -> bool:
    return tenure.starts <= at and (tenure.ends is None or at < tenure.ends)
