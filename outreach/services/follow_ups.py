"""Follow-ups: opened, moved, answered, taken back; and what is open of whom.

Only an attempt closes one that has a household.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from outreach.domain.campaign import Campaign
from outreach.domain.follow_up import (
    STORED,
    FollowUp,
    FollowUpKind,
    Matter,
    ReturnRule,
    closings,
    matters,
    taken_back,
    visit_owed,
)
from outreach.domain.ids import derived_id
from outreach.domain.suppression import Suppression
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _, current_language
from outreach.services.campaigns import load_campaign
from outreach.services.days import covering, ends_beyond
from outreach.services.household_codes import unlisted
from outreach.services.office import Office
from outreach.services.plan_file import load_plan
from outreach.store.tries import in_force
from outreach.store.unit import Unit


def open_follow_up(
    office: Office,
    unit: Unit,
    campaign: Campaign,
    kind: FollowUpKind,
    household: str,
    *,
    due: dt.date,
    about: str = "",
    due_at: dt.datetime | None = None,
    person: int = 0,
    who: str = "",
    officer: str = "",
    source: str = "",
    corrects: str = "",
    opened: dt.datetime | None = None,
    row_key: str | None = None,
) -> FollowUp:
    """Append a follow-up within a unit of work that writes; returns it.

    household: '' for a complainant who belongs to none. due_at: zoned. opened: now where None. source: the attempt it
    came from. corrects: the follow-up it takes the place of. row_key: what makes an import repeatable; the same row
    gives the same follow-up. Raises BadInput.
    """
    now = office.now()
    opened = opened or now
    local = opened.astimezone(campaign.zone)
    if due < local.date():
        raise BadInput.at(
            household or who,
            _("{due} is before the day it was opened, {opened}", due=due, opened=local.date()),
            _("name a later day"),
        )
    one = FollowUp(
        id=derived_id(opened, row_key) if row_key else office.new_id(),
        kind=kind,
        household=household,
        due=due,
        opened=opened,
        about=about.strip(),
        person=person,
        who=who.strip(),
        officer=officer,
        due_at=due_at,
        opened_by=office.actor,
        source=source,
        corrects=corrects,
    )
    unit.follow_ups.append(campaign.name, [(one, row_key)], unit.rosters.household_ids(), now)
    return one


def record_follow_up(
    office: Office,
    campaign_name: str,
    kind: FollowUpKind,
    *,
    household: str = "",
    who: str = "",
    about: str,
    due: dt.date | None = None,
    due_at: dt.datetime | None = None,
    person: int = 0,
    officer: str = "",
    received: dt.date | None = None,
) -> FollowUp:
    """Open a promise, an appointment or a complaint; returns it.

    due: the day of `due_at` where None; of a complaint, where both are, the working days the plan file gives, from the
    day it was received. A time without a zone is in the campaign's. officer: a code or post. received: the day it came
    or was said, today where None. Raises NotFound or BadInput with every fault.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().astimezone(campaign.zone).date()
    if received is not None and not campaign.starts <= received <= today:
        raise BadInput.at(
            "--received",
            _("{day} is no day between the campaign's beginning and today", day=received),
            _("name a day from {first} to {last}", first=campaign.starts, last=today),
        )
    if due_at is not None:
        due_at = due_at.replace(tzinfo=due_at.tzinfo or campaign.zone)
        due = due or due_at.astimezone(campaign.zone).date()
    if due is None and kind is FollowUpKind.COMPLAINT:
        due = _complaint_due(office, campaign, received or today)
    faults = _wording_faults(kind, household, who, about, due)
    with office.store.write() as unit:
        faults += _home_faults(unit, household, person)
        officer = officer_code(unit, officer)
        refuse_if_any(faults)
        assert due is not None
        return open_follow_up(
            office, unit, campaign, kind, household,
            due=due, about=about, due_at=due_at, person=person, who=who, officer=officer,
            opened=None if received in (None, today) else dt.datetime.combine(received, dt.time(), campaign.zone),
        )  # fmt: skip


def _complaint_due(office: Office, campaign: Campaign, received: dt.date) -> dt.date:
    calendar = covering(received)
    try:
        return calendar.after(received, load_plan(office.workspace, campaign.name).followups.complaint_working_days)
    except ValueError as error:
        raise ends_beyond(str(received), calendar) from error


def open_before(office: Office, campaign_name: str, one: FollowUp) -> list[FollowUp]:
    """What was open already, when `one` was opened, of the same kind for the same household, or from the same caller.

    They may be one matter told twice.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        found = every_matter(office, unit, campaign, [one.household] if one.household else None)
    same = (one.kind, one.household, "" if one.household else one.who)
    return [
        other
        for other in (matter.follow_up for matter in found if not matter.closed)
        if other.id != one.id and (other.kind, other.household, "" if other.household else other.who) == same
    ]


def _wording_faults(kind: FollowUpKind, household: str, who: str, about: str, due: dt.date | None) -> list[Fault]:
    faults = []
    if kind not in STORED:
        what = _("a {kind} is not opened: it follows from the record", kind=kind.label(current_language()))
        faults.append(Fault("KIND", what, _("choose one of {names}", names=", ".join(STORED))))
    if not household and kind is not FollowUpKind.COMPLAINT:
        what = _("only a complaint may come from somebody outside the roster")
        faults.append(Fault("HOUSEHOLD", what, _("name the household; see 'outreach household list'")))
    elif not household and not who.strip():
        faults.append(Fault("HOUSEHOLD", _("is missing"), _("name the household, or who complains with --who")))
    if not about.strip():
        faults.append(Fault("--about", _("is empty"), _("say what is to be done")))
    if due is None:
        faults.append(Fault("--due", _("is missing"), _("name the day by which it is to be done")))
    return faults


def _home_faults(unit: Unit, household: str, person: int) -> list[Fault]:
    if not household:
        if person:
            return [Fault("--person", _("only a household has persons"), _("name the household, or leave it out"))]
        return []
    homes = unit.rosters.households([household])
    if household not in homes:
        return [unlisted(unit, household)]
    if person and person not in {one.number for one in homes[household].persons}:
        what = _("has no person number {number}", number=person)
        return [Fault(household, what, _("see 'outreach household show {code}'", code=household))]
    return []


def officer_code(unit: Unit, officer: str) -> str:
    """The code of an officer named by code or post, '' staying ''; raises NotFound."""
    if not officer or officer in unit.rosters.officer_codes():
        return officer
    holder = unit.rosters.officers().get(officer)
    if holder is None:
        raise NotFound.at(officer, _("there is no such officer or post"), _("see 'outreach officer list'"))
    return holder.code


def move_follow_up(
    office: Office,
    campaign_name: str,
    follow_up_id: str,
    *,
    due: dt.date | None = None,
    due_at: dt.datetime | None = None,
    about: str = "",
    officer: str = "",
) -> FollowUp:
    """Give an open follow-up another day, other words or another officer: a newer fact that takes its place.

    What is not named stays. Raises NotFound, BadInput, and Conflict for one that is closed.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.write() as unit:
        one = _stored(unit, campaign, follow_up_id).follow_up
        if due is None and due_at is None and not about.strip() and not officer:
            raise BadInput.at("--due", _("is missing"), _("name the new day, or what else is to change"))
        if due_at is not None:
            due_at = due_at.replace(tzinfo=due_at.tzinfo or campaign.zone)
            due = due or due_at.astimezone(campaign.zone).date()
        return open_follow_up(
            office, unit, campaign, one.kind, one.household,
            due=due or one.due,
            due_at=due_at if due_at or due else one.due_at,
            about=about or one.about,
            person=one.person,
            who=one.who,
            officer=officer_code(unit, officer) or one.officer,
            source=one.source,
            corrects=one.id,
        )  # fmt: skip


def answer_follow_up(office: Office, campaign_name: str, follow_up_id: str, result: str) -> FollowUp:
    """Close a matter that has no household, where no attempt can; returns the answer as it was recorded.

    Raises NotFound, BadInput without a result, and Conflict for one that has a household or is closed.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    if not result.strip():
        raise BadInput.at("--result", _("is empty"), _("say what came of it"))
    with office.store.write() as unit:
        one = _stored(unit, campaign, follow_up_id).follow_up
        if one.household:
            raise Conflict.at(
                follow_up_id,
                _("belongs to household {code}, so that only a contact closes it", code=one.household),
                _("record the contact with --close {id}", id=one.id),
            )
        now = office.now()
        answer = replace(
            one, id=office.new_id(), opened=now, opened_by=office.actor, corrects=one.id, answer=result.strip()
        )
        unit.follow_ups.append(campaign.name, [(answer, None)], {}, now)
    return answer


def withdraw_follow_up(office: Office, campaign_name: str, follow_up_id: str, *, reason: str) -> FollowUp:
    """Take back an open follow-up that was opened by mistake, for good and in the open; returns the fact that says so.

    It carries the time at which the follow-up was opened, so that a report of any stretch of days holds both or
    neither. Raises NotFound, BadInput without a reason, and Conflict for one that is closed or withdrawn.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    if not reason.strip():
        raise BadInput.at("--reason", _("is empty"), _("say why the follow-up is taken back"))
    with office.store.write() as unit:
        matter = _stored(unit, campaign, follow_up_id)
        one = matter.follow_up
        fact = replace(
            one,
            id=office.new_id(),
            kind=FollowUpKind.WITHDRAWN,
            opened=matter.first_opened,
            opened_by=office.actor,
            about=reason.strip(),
            who="",
            source="",
            corrects=one.id,
        )
        unit.follow_ups.append(campaign.name, [(fact, None)], unit.rosters.household_ids(), office.now())
    return fact


def _stored(unit: Unit, campaign: Campaign, follow_up_id: str) -> Matter:
    """The open matter one of whose facts has that id."""
    closers = unit.follow_ups.closers(campaign.name)
    facts = unit.follow_ups.of(campaign.name, campaign.zone)
    for one in matters(facts, closings(closers), taken_back(closers)):
        if follow_up_id in one.ids:
            if one.closed:
                raise Conflict.at(
                    follow_up_id,
                    _("was closed on {day}", day=one.closed.at.astimezone(campaign.zone).date()),
                    _("open a new one if something is still to be done"),
                )
            return one
    if any(one.id == follow_up_id for one in facts):
        raise Conflict.at(
            follow_up_id,
            _("was withdrawn, or the contact it came from was"),
            _("open a new one if something is still to be done"),
        )
    raise NotFound.at(
        follow_up_id, _("there is no such follow-up that somebody opened"), _("see 'outreach followup list'")
    )


def every_matter(
    office: Office, unit: Unit, campaign: Campaign, households: Collection[str] | None = None
) -> list[Matter]:
    """Follow-ups that were opened and return visits that are owed, open and closed, by due day and id.

    households: only theirs, by code; those without a household then too are left out. A household that wishes no
    contact by any of the rule's channels is owed no visit.
    """
    rule = load_plan(office.workspace, campaign.name).followups.rule
    zone = campaign.zone
    known = unit.rosters.household_ids(of=households)
    opened = [
        one
        for one in unit.follow_ups.of(campaign.name, zone, households)
        if not one.household or one.household in known
    ]
    if households is None:
        lines = unit.tries.lines_that_matter(campaign.name)
    else:
        lines = unit.tries.lines_of(campaign.name, unit.tries.read_as(known.values()))
    closers = [one for own in lines.values() for one in own if one.closes or one.corrects]
    found = matters(opened, closings(closers), taken_back(closers))
    if rule.days:
        wishes = by_household(unit.suppressions.all(zone, of=households))
        present = office.now().astimezone(zone).date()
        codes = {key: code for code, key in known.items()}
        persons = unit.tries.persons(
            key for key, own in lines.items() if any(one.person and one.disposition.gone for one in own)
        )
        for key, own in lines.items():
            code = codes.get(key, "")
            owed = visit_owed(code, in_force(own), rule, zone, persons.get(key, 0)) if code else None
            if owed and (owed.closed or not unwanted(code, wishes.get(code, ()), rule, present)):
                found.append(owed)
    return sorted(found, key=lambda one: (one.follow_up.due, one.follow_up.id))


def unwanted(household: str, wishes: Collection[Suppression], rule: ReturnRule, day: dt.date) -> bool:
    """Whether the household wishes no contact on `day` by any channel a return visit is made by."""
    return bool(wishes) and all(any(one.covers(household, 0, name, day) for one in wishes) for name in rule.channels)


def by_household(suppressions: Iterable[Suppression]) -> dict[str, list[Suppression]]:
    """Suppressions by the household's code."""
    found: dict[str, list[Suppression]] = defaultdict(list)
    for one in suppressions:
        found[one.household].append(one)
    return found
