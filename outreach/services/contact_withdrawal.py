"""Facts taken back: what was recorded of the wrong household, or never happened. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, newest
from outreach.domain.follow_up import Matter
from outreach.errors import BadInput, Conflict, NotFound, refuse_if_any
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.contact_faults import household_faults, located
from outreach.services.follow_up_closing import came_from
from outreach.services.office import Office
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A fact taken back. id: of the new fact that says so. moved: the id of the same fact at its right household.

    promises: ids of the follow-ups opened there for what was promised with it and is not done yet.
    """

    id: str
    withdraws: str
    household: str
    reason: str
    moved: str
    to: str
    promises: tuple[str, ...] = ()


def withdraw_fact(office: Office, campaign_name: str, fact_id: str, *, reason: str, to: str = "") -> Withdrawal:
    """Take an attempt or a milestone back, for good and in the open: it counts as nothing from now on.

    to: the household it belongs to; the same fact is recorded there in the same transaction, for the household as a
    whole and without what it closed, with what was promised at it and is still open. The withdrawal carries the time
    of what it withdraws, so that a report of any stretch of days holds both or neither. Raises NotFound, BadInput, and
    Conflict for a fact corrected or withdrawn already.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    if not reason.strip():
        raise BadInput.at("--reason", _("is empty"), _("say why the fact is taken back"))
    with office.store.write() as unit:
        code = unit.facts.household_of(campaign.name, fact_id)
        if code is None:
            raise NotFound.at(fact_id, _("there is no such fact"), _("see 'outreach household show'"))
        if to:
            refuse_if_any(located(to, household_faults(to, 0, unit.rosters.households([to]))))
        if to == code:
            raise BadInput.at("--to", _("it is recorded of household {code} already", code=code), _("leave it out"))
        attempts = {one.id: one for one in newest(unit.facts.attempts(campaign.name, code))}
        milestones = {one.id: one for one in newest(unit.facts.milestones(campaign.name, code))}
        promises: tuple[str, ...] = ()
        if fact_id in attempts and not attempts[fact_id].withdraws:
            promised = came_from(unit, campaign, code, fact_id) if to else []
            made, moved = _attempt(office, unit, campaign, attempts[fact_id], reason.strip(), to)
            promises = _promises(office, unit, campaign, promised, attempts[fact_id], moved, to)
        elif fact_id in milestones and not milestones[fact_id].withdraws:
            made, moved = _milestone(office, unit, campaign, milestones[fact_id], reason.strip(), to)
        else:
            raise Conflict.at(
                fact_id,
                _("has been corrected or withdrawn already"),
                _("see 'outreach household show {code}'", code=code),
            )
    return Withdrawal(made, fact_id, code, reason.strip(), moved, to, promises)


def _attempt(office: Office, unit: Unit, campaign: Campaign, wrong: Attempt, reason: str, to: str) -> tuple[str, str]:
    facts = [
        replace(
            wrong,
            id=office.new_id(),
            disposition=Disposition.WITHDRAWN,
            left=(),
            note=reason,
            corrects=wrong.id,
            forms=(),
            musts=(),
            closes=(),
        )
    ]
    if to:
        facts.append(replace(wrong, id=office.new_id(), household=to, person=0, corrects="", closes=()))
    unit.facts.append_attempts(
        campaign.name, [(one, None) for one in facts], unit.rosters.household_ids(), office.now()
    )
    return facts[0].id, facts[1].id if to else ""


def _promises(
    office: Office, unit: Unit, campaign: Campaign, promised: Sequence[Matter], wrong: Attempt, moved: str, to: str
) -> tuple[str, ...]:
    """Open what was promised at a contact, and is not done, for the household the contact belongs to; their ids."""
    opened = [
        replace(
            one.follow_up,
            id=office.new_id(),
            household=to,
            person=0,
            opened=wrong.at,
            opened_by=office.actor,
            source=moved,
            corrects="",
        )
        for one in promised
        if not one.closed
    ]
    if opened:
        ids = unit.rosters.household_ids()
        unit.follow_ups.append(campaign.name, [(one, None) for one in opened], ids, office.now())
    return tuple(one.id for one in opened)


def _milestone(
    office: Office, unit: Unit, campaign: Campaign, wrong: Milestone, reason: str, to: str
) -> tuple[str, str]:
    facts = [
        replace(wrong, id=office.new_id(), kind=MilestoneKind.WITHDRAWN, amount_fen=0, note=reason, corrects=wrong.id)
    ]
    if to:
        facts.append(replace(wrong, id=office.new_id(), household=to, person=0, corrects=""))
    unit.facts.append_milestones(
        campaign.name, [(one, None) for one in facts], unit.rosters.household_ids(), office.now()
    )
    return facts[0].id, facts[1].id if to else ""
