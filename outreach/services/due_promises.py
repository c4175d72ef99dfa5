"""Households that come before all others on a day: something was promised them, or a return visit is owed.

What was promised is kept whether or not the rules of trying again would let the household rest; only a wish not to be
contacted stands above it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from outreach.domain.follow_up import FollowUpKind, Matter
from outreach.messages import _, current_language
from outreach.planning.ladder import PERSONAL
from outreach.services.follow_ups import pressing
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
    gone_by = day < office.now().astimezone(known.campaign.zone).date()
    wanted = homes if posts or among is not None else None
    owed = pressing(office, known.campaign, day, wanted, known.as_of if gone_by else None)
    found = []
    for code, matters in owed.items():
        home = homes.get(code)
        channel = _channel(known, home, matters, day) if home else ""
        if home and channel:
            made = sum(one.channel == channel for one in known.history(home).tries)
            found.append((matters[0].follow_up.due, code, Promised(home, channel, made, _why(matters, day))))
    return [one for _due, _code, one in sorted(found, key=lambda each: each[:2])]


def _channel(known: Known, home: HomeLine, matters: Iterable[Matter], day: dt.date) -> str:
    """A visit where that is wished, else a call; '' where neither is. A return visit goes by the rule's channels."""
    barred = known.record(home, day).suppressed
    returns = all(one.follow_up.kind is FollowUpKind.RETURN_VISIT for one in matters)
    allowed = known.plan.followups.rule.channels if returns else frozenset(PERSONAL)
    possible = [one for one in PERSONAL if one not in barred and one in allowed and (one != "call" or home.phone)]
    return "" if "" in barred or not possible else possible[0]


def _why(matters: Sequence[Matter], day: dt.date) -> str:
    language = current_language()
    first = matters[0].follow_up
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
    if len(matters) > 1:
        told = _("{first}; and {count} more", first=told, count=len(matters) - 1)
    return told
