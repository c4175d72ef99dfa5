"""What the rules of trying again say of walks: who may be visited on which day, who comes first, and the best hours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextvars import copy_context
from dataclasses import dataclass

from outreach.messages import use_language
from outreach.services.due import PROMISED, USUAL, ranked, visits
from outreach.services.due_promises import promised
from outreach.services.office import Office
from outreach.services.try_records import know

CHANNEL = "visit"


@dataclass(frozen=True, slots=True)
class DueForVisits:
    """Who may be visited on one of the days. first: by turn, those something is due to, then those home for the
    holidays and those who asked for another time.

    closed: the days on which a household is not to be visited. owed: those on which something is due to it.
    """

    codes: Collection[str]
    first: Mapping[str, int]
    closed: Mapping[str, Collection[dt.date]]
    owed: Mapping[str, Collection[dt.date]]


def due_for_visits(
    office: Office,
    campaign_name: str,
    days: Iterable[dt.date],
    posts: Collection[str],
    among: Collection[str] | None = None,
    settled: Collection[str] = (),
    *,
    everybody: bool = False,
) -> DueForVisits:
    """Who may be visited on which of `days`, as `contact due` has it; posts: all where empty.

    among: the codes of those who are still to be reached, None: anybody. settled: of those who are not, and are
    visited only where something is due to them. everybody: all of `among`, whether or not their turn has come. Raises
    BadInput for days whose holidays nobody knows.
    """
    wanted = sorted(set(days))
    known = know(office, campaign_name, wanted[0], wanted[-1])
    first: dict[str, int] = {}
    due: dict[str, set[dt.date]] = defaultdict(set)
    owed: dict[str, set[dt.date]] = defaultdict(set)
    every = None if among is None else {*among, *settled}
    for day in wanted:
        turns = dict.fromkeys(among or (), USUAL) if everybody else visits(known, day, posts, among)
        for one in promised(office, known, day, posts, every):
            if one.channel == CHANNEL:
                turns[one.home.code] = PROMISED
                owed[one.home.code].add(day)
        for code, turn in turns.items():
            due[code].add(day)
            if turn < USUAL:
                first[code] = min(turn, first.get(code, turn))
    closed = {code: set(wanted) - own for code, own in due.items() if len(own) < len(wanted)}
    return DueForVisits(frozenset(due), first, closed, owed)


def owed_words(
    office: Office, campaign_name: str, wanted: Mapping[dt.date, Collection[str]], language: str
) -> dict[tuple[dt.date, str], str]:
    """What is due to households by a day, in words, by day and code; nothing where that was done or taken back since.

    wanted: the codes asked for, by day; of a day gone by, what is due today is told.
    """
    if not wanted:
        return {}
    today = office.now().date()
    known = know(office, campaign_name, today, max(today, *wanted))

    def told() -> dict[tuple[dt.date, str], str]:
        return {
            (day, one.home.code): one.why
            for day, codes in sorted(wanted.items())
            for one in promised(office, known, max(day, today), (), codes)
        }

    # Paper speaks its own language, whatever the screen does.
    context = copy_context()
    context.run(use_language, language)
    return context.run(told)


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
