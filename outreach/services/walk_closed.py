"""Whom nobody need or may visit: settled by what was recorded, or asked not to be called on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from outreach.domain.calendar import days_between
from outreach.domain.contact import Disposition, Standing
from outreach.domain.people import Household
from outreach.domain.suppression import Suppression, suppressed
from outreach.services.walk_due import CHANNEL
from outreach.store.unit import Unit


def left_out_now(
    unit: Unit, campaign: str, homes: Mapping[str, Household], day: dt.date, zone: dt.tzinfo
) -> dict[str, str]:
    """Which of `homes` nobody need or may visit on `day`, and why: settled, asked not to be visited, held."""
    standing = unit.facts.standings(campaign, zone)
    wishes = unit.suppressions.all(zone)
    held = unit.hold_outs.held_on(campaign, day)
    asked_not_to = {one.household for one in wishes}
    found = {}
    for code, home in homes.items():
        reason = settled(standing.get(code))
        if not reason and code in asked_not_to and barred(home, wishes, (day, day)):
            reason = "suppressed"
        if not reason and code in held:
            reason = "held"
        if reason:
            found[code] = reason
    return found


def settled(found: Standing | None) -> str:
    """Why nobody need go there any more, '' where somebody should."""
    if found is None:
        return ""
    if found.paid_on is not None:
        return "paid"
    if found.first_reached_at is not None:
        return "reached"
    last = Disposition(found.last_disposition) if found.last_disposition else None
    if last is None or not last.gone:
        return ""
    return "not_eligible" if last in (Disposition.NOT_ELIGIBLE, Disposition.NOT_A_DWELLING) else "moved"


def barred(home: Household, wishes: Iterable[Suppression], span: tuple[dt.date, dt.date]) -> frozenset[dt.date]:
    """The days on which nobody may call there: the household's wish, or that of everybody in it."""
    own = [one for one in wishes if one.household == home.code]
    return frozenset(
        day
        for day in days_between(*span)
        if suppressed(own, home.code, 0, CHANNEL, day)
        or all(suppressed(own, home.code, person.number, CHANNEL, day) for person in home.persons)
    )
