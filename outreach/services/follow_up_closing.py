"""Which follow-ups a contact may close, and which of them a correction leaves as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt
from outreach.domain.follow_up import FollowUp, Matter, closings, matters, taken_back
from outreach.errors import Fault
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.follow_ups import every_matter
from outreach.services.office import Office
from outreach.store.unit import Unit


def close_faults(
    office: Office,
    unit: Unit,
    campaign: Campaign,
    household: str,
    follow_up_ids: Collection[str],
    at: dt.datetime,
    corrects: str = "",
) -> list[Fault]:
    """What is wrong with closing follow-ups by an attempt at `household`.

    Each must be that household's, open but for what the attempt `corrects` closed, and opened before the attempt was
    made, at `at`, zoned.
    """
    if not follow_up_ids:
        return []
    own = {key: one for one in every_matter(office, unit, campaign, [household]) for key in one.ids}
    faults = []
    for key in dict.fromkeys(follow_up_ids):
        if key not in own:
            what = _("household {code} has no follow-up {id}", code=household, id=key)
            faults.append(Fault("--close", what, _("see 'outreach followup list'")))
        elif (closed := own[key].closed) and closed.by != corrects:
            what = _("{id} was closed on {day}", id=key, day=closed.at.astimezone(campaign.zone).date())
            faults.append(Fault("--close", what, _("leave it out")))
        elif at < (since := _since(own[key], campaign)):
            what = _("{id} was opened on {day}, after this contact", id=key, day=since.date())
            faults.append(Fault("--close", what, _("correct the contact's time, or leave it out")))
    return faults


def _since(matter: Matter, campaign: Campaign) -> dt.datetime:
    """From when on a contact can close a matter: of one typed by itself the hour of typing says nothing."""
    opened = matter.first_opened.astimezone(campaign.zone)
    return opened if matter.follow_up.source else opened.replace(hour=0, minute=0, second=0, microsecond=0)


def came_from(unit: Unit, campaign: Campaign, household: str, attempt: str) -> list[Matter]:
    """The follow-ups that were opened with an attempt, by its id, or with one that it took the place of."""
    tries = {one.id: one for one in unit.facts.attempts_of(campaign.name, [household])}
    chain: set[str] = set()
    while attempt and attempt not in chain:
        chain.add(attempt)
        attempt = tries[attempt].corrects if attempt in tries else ""
    opened = unit.follow_ups.of(campaign.name, campaign.zone, [household])
    found = matters(opened, closings(tries.values()), taken_back(tries.values()))
    return [one for one in found if one.follow_up.source in chain]


def left_standing(office: Office, campaign_name: str, correction: Attempt) -> list[FollowUp]:
    """The follow-ups still open that were opened with what an attempt takes the place of."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        found = came_from(unit, campaign, correction.household, correction.corrects)
    return [one.follow_up for one in found if not one.closed]
