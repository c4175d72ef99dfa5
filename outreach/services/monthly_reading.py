"""What the month's report is made from, read in one go: the facts as the log stood at a moment, and who had whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Milestone, in_force
from outreach.domain.follow_up import (
    FollowUp,
    FollowUpKind,
    Matter,
    ReturnRule,
    closings,
    matters,
    return_visit,
    taken_back,
)
from outreach.domain.hold_out import HoldOut
from outreach.domain.holdings import Hold, Holdings
from outreach.domain.monthly import Month, Record, make_record
from outreach.domain.people import Household, Officer
from outreach.domain.suppression import Suppression
from outreach.errors import BadInput
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.follow_ups import by_household, unwanted
from outreach.services.monthly_notices import hung_notices
from outreach.services.office import Office
from outreach.services.plan_file import load_plan
from outreach.services.plan_targets import TargetsSection
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything a month's report counts, as the log stood at `as_of`.

    ends: the last day counted. record: facts in force up to it. attempts, milestones, matters: those by id, to tell
    what a figure comes from. count: facts in force. homes: households in the roster by then, and what is left of those
    erased since. officers: by code. seated: those who held a post at the end of the last day counted. hold_out: the
    one that runs on the last day counted.
    """

    campaign: Campaign
    month: Month
    ends: dt.date
    as_of: dt.datetime
    record: Record
    attempts: Mapping[str, Attempt]
    milestones: Mapping[str, Milestone]
    matters: Mapping[str, Matter]
    count: int
    homes: Mapping[str, Household]
    officers: Mapping[str, Officer]
    seated: frozenset[str]
    targets: TargetsSection
    hold_out: HoldOut | None = None


def read_month(office: Office, campaign_name: str, month: Month, as_of: dt.datetime | None) -> MonthFacts:
    """Read a month's facts; as_of: a moment without a zone is the workspace's, None is now. Raises BadInput."""
    campaign = load_campaign(office.workspace, campaign_name)
    plan = load_plan(office.workspace, campaign_name)
    zone = campaign.zone
    moment = (as_of or office.now()).replace(tzinfo=(as_of or office.now()).tzinfo or office.workspace.zone)
    moment = moment.astimezone(zone)
    if moment > office.now():
        what = _("{at} is in the future", at=f"{moment:%Y-%m-%d %H:%M}")
        raise BadInput.at("--as-of", what, _("name a moment gone by, or leave it out"))
    _refuse_month(campaign, month, moment)
    last = min(month.end(zone), moment)
    with office.store.read() as unit:
        recorded = list(unit.facts.attempts(campaign.name, recorded_until=moment))
        attempts = [replace(one, at=one.at.astimezone(zone)) for one in in_force(recorded)]
        milestones = in_force(unit.facts.milestones(campaign.name, recorded_until=moment))
        opened = unit.follow_ups.of(campaign.name, zone, recorded_until=moment)
        held = _holdings(unit, campaign, moment)
        later = unit.rosters.added_after(moment)
        everyone = unit.rosters.households() | unit.erasures.stones()
        homes = {code: home for code, home in everyone.items() if code not in later}
        erased = unit.erasures.erased(zone)
        officers = unit.rosters.all_officers()
        wishes = by_household(_known_by(unit.suppressions.all(zone, lifted=True), moment))
        hung = hung_notices(unit, campaign, moment)
        runs = (
            one for one in unit.hold_outs.all(campaign.name, zone) if one.runs_on(last.date()) and one.made <= moment
        )
        hold_out = next(runs, None)
        left_alone = unit.hold_outs.held_on(campaign.name, last.date()) if hold_out else frozenset()
    attempts = [one for one in attempts if one.at.date() <= last.date()]
    rule = plan.followups.rule
    persons = {code: len(home.persons) for code, home in homes.items()}
    owed = [
        one
        for one in _matters(attempts, opened, rule, zone, last, taken_back(recorded), persons)
        if one.closed or not (_unwanted(one, wishes, rule, last.date()) or _too_late(one, erased, month))
    ]

    def holder(household: str, then: Month) -> str:
        return held.officer(household, min(then.end(zone), moment))

    held_homes = dict.fromkeys(left_alone, hold_out.name if hold_out else "")
    record = make_record(attempts, milestones, owed, holder, last.date(), hung, held_homes, persons)
    return MonthFacts(
        campaign=campaign,
        month=month,
        ends=last.date(),
        as_of=moment,
        record=record,
        attempts={one.id: one for one in attempts},
        milestones={one.id: one for one in milestones},
        matters={key: matter for matter in owed for key in (matter.follow_up.id, *matter.ids)},
        count=sum(map(len, (*record.attempts.values(), *record.milestones.values()))),
        homes=homes,
        officers=officers,
        seated=held.seated(last),
        targets=plan.targets,
        hold_out=hold_out,
    )


def _refuse_month(campaign: Campaign, month: Month, moment: dt.datetime) -> None:
    if month.first > moment.date():
        raise BadInput.at(
            str(month),
            _("has not begun on {day}", day=moment.date()),
            _("choose a month up to {month}", month=Month.of(moment.date())),
        )
    if month.last < campaign.starts:
        raise BadInput.at(
            str(month),
            _("lies before the campaign, which begins on {first}", first=campaign.starts),
            _("choose {month} or later", month=Month.of(campaign.starts)),
        )


def _holdings(unit: Unit, campaign: Campaign, moment: dt.datetime) -> Holdings:
    """Who had whom, as it was known at `moment`: what began later is not known, what ended later had not ended.

    An erased household stays with the post that had it when it was erased: nobody gave it up, and it counts on.
    """
    erased = unit.erasures.erased(campaign.zone)
    posts: dict[str, list[Hold]] = defaultdict(list)
    officers: dict[str, list[Hold]] = defaultdict(list)
    for stretch in unit.territories.stretches(campaign.name, campaign.zone):
        ends = None if stretch.ends == erased.get(stretch.household) else stretch.ends
        _add(posts[stretch.household], Hold(stretch.post, stretch.starts, ends), moment)
    for tenure in unit.territories.tenures(campaign.zone):
        _add(officers[tenure.post], Hold(tenure.officer, tenure.starts, tenure.ends), moment)
    return Holdings(posts, officers)


def _add(holds: list[Hold], hold: Hold, moment: dt.datetime) -> None:
    if hold.starts <= moment:
        holds.append(hold if hold.ends is None or hold.ends <= moment else replace(hold, ends=None))


def _known_by(suppressions: Iterable[Suppression], moment: dt.datetime) -> Iterator[Suppression]:
    """The wishes as they stood at `moment`: what was recorded later is not known, what was lifted later stood."""
    for one in suppressions:
        if one.recorded <= moment:
            yield one if one.lifted is None or one.lifted <= moment else replace(one, lifted=None)


def _unwanted(one: Matter, wishes: Mapping[str, Sequence[Suppression]], rule: ReturnRule, day: dt.date) -> bool:
    """Whether it is a return visit to somebody who wishes none: the same rule as the lists of follow-ups."""
    code = one.follow_up.household
    return one.follow_up.kind is FollowUpKind.RETURN_VISIT and unwanted(code, wishes.get(code, ()), rule, day)


def _too_late(one: Matter, erased: Mapping[str, dt.datetime], month: Month) -> bool:
    """Whether its household was erased before the month: nobody can see to it any more."""
    at = erased.get(one.follow_up.household)
    return at is not None and Month.of(at.date()) < month


def _matters(
    attempts: Iterable[Attempt],
    opened: Iterable[FollowUp],
    rule: ReturnRule,
    zone: ZoneInfo,
    last: dt.datetime,
    withdrawn: Collection[str],
    persons: Mapping[str, int],
) -> list[Matter]:
    """Follow-ups opened by `last` with what closed them by then, and the return visits that follow from the log.

    withdrawn: ids of attempts that were never made; what came from them is no matter.
    """
    tries: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        tries[attempt.household].append(attempt)
    found = matters((one for one in opened if one.opened <= last), closings(attempts), withdrawn)
    for household in sorted(tries):
        if owed := return_visit(tries[household], rule, zone, persons.get(household, 0)):
            found.append(owed)
    return found
