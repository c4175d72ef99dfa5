"""What the rules of trying again say of walks: who may be visited on which day, who comes first, and the best hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from outreach.services.due import USUAL, ranked
from outreach.services.office import Office
from outreach.services.try_records import know

CHANNEL = "visit"


@dataclass(frozen=True, slots=True)
class DueForVisits:
    """Who may be visited on one of the days. first: those home for the holidays and those who asked for another time.

    closed: the days on which a household is not to be visited.
    """

    codes: Collection[str]
    first: Mapping[str, int]
    closed: Mapping[str, Collection[dt.date]]


def due_for_visits(office: Office, campaign_name: str, days: Iterable[dt.date], posts: Collection[str]) -> DueForVisits:
    """Who may be visited on which of `days`, as `contact due` has it; posts: all where empty.

    Raises BadInput for days whose holidays nobody knows.
    """
    wanted = sorted(set(days))
    known = know(office, campaign_name, wanted[0], wanted[-1])
    first: dict[str, int] = {}
    due: dict[str, set[dt.date]] = defaultdict(set)
    for day in wanted:
        for line in ranked(known, day, posts):
            if line.channel == CHANNEL:
                due[line.code].add(day)
                if line.turn < USUAL:
                    first[line.code] = min(line.turn, first.get(line.code, line.turn))
    closed = {code: set(wanted) - own for code, own in due.items() if len(own) < len(wanted)}
    return DueForVisits(frozenset(due), first, closed)


def best_hours(
    office: Office, campaign_name: str, days: Iterable[dt.date], posts: Collection[str]
) -> dict[tuple[dt.date, str], str]:
    """The hours of a day in which a household is likeliest at home, such as '18:00-21:30', by day and household.

    Only for those who were visited before: of the others nothing is known that is theirs.
    """
    wanted = sorted(set(days))
    if not wanted:
        return {}
    known = know(office, campaign_name, wanted[0], wanted[-1])
    return {
        (day, line.code): f"{line.starts:%H:%M}-{line.ends:%H:%M}"
        for day in wanted
        for line in ranked(known, day, posts)
        if line.channel == CHANNEL and line.made and line.starts and line.ends
    }
