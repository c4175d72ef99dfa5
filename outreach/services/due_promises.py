"""Households that come before all others on a day: something was promised them, or a return visit is owed.

What was promised is kept whether or not the rules of trying again would let the household rest; only a wish not to be
contacted stands above it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outreach.domain.follow_up import (
    FollowUpKind,
    Matter,
    Tried,
    closings,
    matters,
    return_visit_id,
    taken_back,
    visit_due,
)
from outreach.messages import _, current_language
from outreach.planning.ladder import PERSONAL
from outreach.services.follow_ups import unwanted
from outreach.services.office import Office
from outreach.services.try_records import Known
from outreach.store.tries import HomeLine


@dataclass(frozen=True, slots=True)
class Promised:
    """A household with something due. made: earlier tries by the channel; why: what is due, in words."""

    home: HomeLine
    channel: str
    made: int
    why: str


def promised(
    office: Office, known: Known, day: dt.date, posts: Collection[str] = (), among: Collection[str] | None = None
) -> list[Promised]:
    """Those with something due on `day` or before that may be contacted, the longest due first.

    posts: all that are held where empty. among: only these households.
    """
    homes = {
        one.code: one
        for one in known.homes
        if one.post and (not posts or one.post in posts) and (among is None or one.code in among)
    }
    every = not posts and among is None
    found = []
    for code, pressing in _pressing(office, known, homes, day, every=every).items():
        home = homes[code]
        channel = _channel(known, home, pressing, day)
        if channel:
            made = sum(one.channel == channel for one in known.history(home).tries)
            found.append((pressing[0].due, code, Promised(home, channel, made, _why(pressing, day))))
    return [one for _due, _code, one in sorted(found, key=lambda each: each[:2])]


class _Pressing(NamedTuple):
    """What is to be done for a household. told: the attempt a return visit follows from, None for other kinds."""

    due: dt.date
    kind: FollowUpKind
    due_at: dt.datetime | None
    about: str
    id: str
    told: Tried | None

    def rank(self) -> tuple[dt.date, str]:
        """The longest due first; the identifier of a return visit takes long to make, and is asked for here only."""
        return self.due, return_visit_id(self.told) if self.told else self.id


def _pressing(
    office: Office, known: Known, homes: Mapping[str, HomeLine], day: dt.date, *, every: bool
) -> dict[str, list[_Pressing]]:
    """What is open and due on `day` or before, by household, the most pressing first: of a day gone by as it was then.

    every: `homes` are all that are known.
    """
    zone, rule = known.campaign.zone, known.plan.followups.rule
    now = office.now().astimezone(zone)
    gone_by = day < now.date()
    found: dict[str, list[_Pressing]] = defaultdict(list)
    for matter in _opened(office, known, homes, gone_by=gone_by, every=every):
        one = matter.follow_up
        if one.household in homes and not matter.closed and one.due <= day:
            found[one.household].append(_Pressing(one.due, one.kind, one.due_at, one.about, one.id, None))
    present = (known.as_of if gone_by else now).date()
    for code, home in homes.items():
        owed = visit_due(known.in_force(home, later=not gone_by), rule, zone, home.persons)
        if owed and owed[0] <= day and not unwanted(code, known.wishes.get(code, ()), rule, present):
            found[code].append(_Pressing(owed[0], FollowUpKind.RETURN_VISIT, None, "", "", owed[1]))
    for own in found.values():
        if len(own) > 1:
            own.sort(key=_Pressing.rank)
    return found


def _opened(office: Office, known: Known, homes: Mapping[str, HomeLine], *, gone_by: bool, every: bool) -> list[Matter]:
    """What follow-ups that were opened come to."""
    campaign = known.campaign
    with office.store.read() as unit:
        if known.codes is not None:
            opened = unit.follow_ups.of_homes(campaign.name, campaign.zone, known.codes)
        else:
            opened = unit.follow_ups.of(campaign.name, campaign.zone, None if every else homes)
    opened = [one for one in opened if one.opened < known.as_of or not gone_by]
    if not opened:
        return []
    tries = [
        line
        for home in homes.values()
        for line in known.lines.get(home.key, ())
        if (line.closes or line.corrects) and (line.at_ms < known.before_ms or not gone_by)
    ]
    return matters(opened, closings(tries), taken_back(tries))


def _channel(known: Known, home: HomeLine, pressing: Iterable[_Pressing], day: dt.date) -> str:
    """A visit where that is wished, else a call; '' where neither is. A return visit goes by the rule's channels."""
    barred = known.barred(home, day)
    returns = all(one.kind is FollowUpKind.RETURN_VISIT for one in pressing)
    allowed = known.plan.followups.rule.channels if returns else frozenset(PERSONAL)
    possible = [one for one in PERSONAL if one not in barred and one in allowed and (one != "call" or home.phones)]
    return "" if "" in barred or not possible else possible[0]


def _why(pressing: Sequence[_Pressing], day: dt.date) -> str:
    language = current_language()
    first = pressing[0]
    kind = first.kind.label(language)
    over = (day - first.due).days
    when = f"{first.due_at:%Y-%m-%d %H:%M}" if first.due_at else f"{first.due}"
    told = (
        _("{kind} due on {when}, {days} days ago", kind=kind, when=when, days=over)
        if over
        else _("{kind} due on {when}", kind=kind, when=when)
    )
    if first.about:
        told = _("{first}: {about}", first=told, about=first.about)
    if len(pressing) > 1:
        told = _("{first}; and {count} more", first=told, count=len(pressing) - 1)
    return told
