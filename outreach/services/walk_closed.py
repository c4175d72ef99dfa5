"""Whom nobody need or may visit: settled by what was recorded, or asked not to be called on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from outreach.domain.calendar import days_between
from outreach.domain.contact import Attempt, Disposition, Standing, everybody_gone, in_force
from outreach.domain.people import Household
from outreach.domain.suppression import Suppression, nobody_left
from outreach.services.walk_due import CHANNEL
from outreach.store.unit import Unit

MAY_BE_OWED = ("paid", "reached")
"""Reasons for which nobody need go there but for what is due: a promise, an appointment, a return visit."""


def left_out_now(
    unit: Unit, campaign: str, homes: Mapping[str, Household], day: dt.date, zone: dt.tzinfo
) -> dict[str, str]:
    """Which of `homes` nobody need or may visit on `day`, and why: settled, asked not to be visited, held."""
    standing = unit.facts.standings(campaign, zone)
    wishes = unit.suppressions.all(zone)
    held = unit.hold_outs.held_on(campaign, day)
    partly = gone_in_part(unit, campaign, homes, standing)
    asked_not_to = {one.household for one in wishes}
    found = {}
    for code, home in homes.items():
        reason = settled(standing.get(code), partly=code in partly)
        if not reason and code in asked_not_to and barred(home, wishes, (day, day)):
            reason = "suppressed"
        if not reason and code in held:
            reason = "held"
        if reason:
            found[code] = reason
    return found


def gone_in_part(
    unit: Unit, campaign: str, homes: Mapping[str, Household], standing: Mapping[str, Standing]
) -> frozenset[str]:
    """Those of `homes` whose newest attempt found one person gone, while others live there still."""
    asked = [code for code, home in homes.items() if len(home.persons) > 1 and _last_gone(standing.get(code))]
    if not asked:
        return frozenset()
    tries: dict[str, list[Attempt]] = defaultdict(list)
    for one in in_force(unit.facts.attempts_of(campaign, asked)):
        tries[one.household].append(one)
    return frozenset(code for code in asked if not everybody_gone(tries[code], len(homes[code].persons)))


def _last_gone(found: Standing | None) -> bool:
    return found is not None and found.last_disposition != "" and Disposition(found.last_disposition).gone


def settled(found: Standing | None, *, partly: bool) -> str:
    """Why nobody need go there any more, '' where somebody should. partly: the newest attempt found one person gone."""
    if found is None:
        return ""
    if found.paid_on is not None:
        return "paid"
    if found.first_reached_at is not None:
        return "reached"
    if partly or not _last_gone(found):
        return ""
    last = Disposition(found.last_disposition)
    return "not_eligible" if last in (Disposition.NOT_ELIGIBLE, Disposition.NOT_A_DWELLING) else "moved"


def barred(home: Household, wishes: Iterable[Suppression], span: tuple[dt.date, dt.date]) -> frozenset[dt.date]:
    """The days on which nobody may call there: the household's wish, or that of everybody in it."""
    own = [one for one in wishes if one.household == home.code]
    persons = [person.number for person in home.persons]
    return frozenset(day for day in days_between(*span) if nobody_left(own, home.code, persons, CHANNEL, day))
