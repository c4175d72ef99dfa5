"""What the rules of trying again say of walks: who may be visited on which day, who comes first, and the best hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from outreach.services.due import PROMISED, USUAL, ranked, visits
from outreach.services.due_promises import promised
from outreach.services.office import Office
from outreach.services.try_records import know

CHANNEL = "visit"


@dataclass(frozen=True, slots=True)
class DueForVisits:
    """Who may be visited on one of the days. first: by turn, those something is due to, then those home for the
    holidays and those who asked for another time.

    closed: the days on which a household is not to be visited.
    """

    codes: Collection[str]
    first: Mapping[str, int]
    closed: Mapping[str, Collection[dt.date]]


def due_for_visits(
    office: Office,
    campaign_name: str,
    days: Iterable[dt.date],
    posts: Collection[str],
    among: Collection[str] | None = None,
) -> DueForVisits:
    """Who may be visited on which of `days`, as `contact due` has it; posts: all where empty; among: only these.

    Raises BadInput for days whose holidays nobody knows.
    """
    wanted = sorted(set(days))
    known = know(office, campaign_name, wanted[0], wanted[-1])
    first: dict[str, int] = {}
    due: dict[str, set[dt.date]] = defaultdict(set)
    for day in wanted:
        owed = {one.home.code: PROMISED for one in promised(office, known, day, posts, among) if one.channel == CHANNEL}
        for code, turn in (visits(known, day, posts, among) | owed).items():
            due[code].add(day)
            if turn < USUAL:
                first[code] = min(turn, first.get(code, turn))
    closed = {code: set(wanted) - own for code, own in due.items() if len(own) < len(wanted)}
    return DueForVisits(frozenset(due), first, closed)


def best_hours(
    office: Office, campaign_name: str, posts: Mapping[dt.date, Collection[str]]
) -> dict[tuple[dt.date, str], str]:
    """The hours of a day in which a household is likeliest at home, such as '18:00-21:30', by day and household.

    posts: whose households, day by day. Only those who were visited before: of the others nothing is known that is
    theirs.
    """
    if not posts:
        return {}
    known = know(office, campaign_name, min(posts), max(posts))
    return {
        (day, line.code): f"{line.starts:%H:%M}-{line.ends:%H:%M}"
        for day, own in sorted(posts.items())
        for line in ranked(known, day, own)
        if line.channel == CHANNEL and line.made and line.starts and line.ends
    }
