"""Handover: which households passed from one officer to another, and what stands open with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Disposition, Standing, in_force
from outreach.domain.people import Household
from outreach.errors import Conflict, NotFound
from outreach.messages import _
from outreach.planning.walk import walk_order
from outreach.services.campaigns import load_campaign
from outreach.services.history import Held, held_lines
from outreach.services.office import Office
from outreach.services.rounds import Between, Choice
from outreach.store.unit import Unit

LETTER_KIND = "handover_letter"

_ASKED_BY_NAME = 500
_MOMENT = dt.timedelta(milliseconds=1)  # what the store can tell apart


@dataclass(frozen=True, slots=True)
class Handed:
    """One household that passed from one officer to another.

    before, after: with whom, and since when. last: the newest attempt that counts. promise: an attempt at which another
    time was asked for and nobody of the household was met since; None where nothing is open. told: a handover letter
    newer than the change has been made.
    """

    household: Household
    before: Held
    after: Held
    standing: Standing
    last: Attempt | None
    promise: Attempt | None
    told: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """What one officer hands to another, in walking order."""

    before: Held
    after: Held
    rows: tuple[Handed, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """All that changed hands between two instants. added: households that had no officer before.

    waiting: households not among them that have another officer than their newest handover letter says, or where there
    was none, than their first.
    """

    between: Between
    pairs: tuple[Pair, ...]
    added: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def households(self) -> tuple[str, ...]:
        """The codes of all households that changed hands."""
        return tuple(row.household.code for pair in self.pairs for row in pair.rows)


def find_handover(
    office: Office, campaign_name: str, *, since: dt.date | None = None, plan: int | None = None, post: str = ""
) -> Handover:
    """Who has another officer than before, by pairs of officers.

    Compared are the state before the newest plan (right after it, if it is the first) and the present; with `plan` the
    states before and right after that plan; with `since` the state at the beginning of that day and the present. post:
    only what this post gave or got.
    Raises NotFound for an unknown plan or post, Conflict before the first assignment.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        between = _between(office, unit, campaign, since, plan)
        known = {one.post for one in unit.territories.tenures(office.workspace.zone)}
        if post and post not in known:
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
        return _found(office, unit, campaign, between, (post,) if post else ())


def handed_over(office: Office, campaign: Campaign, choice: Choice) -> list[Pair]:
    """The pairs that a making is for: of `choice.between`, or each household's last change where that is None."""
    with office.store.read() as unit:
        pairs = _found(office, unit, campaign, choice.between, choice.posts).pairs
    wanted = set(choice.households)
    chosen = [
        Pair(pair.before, pair.after, tuple(row for row in pair.rows if not wanted or row.household.code in wanted))
        for pair in pairs
    ]
    return [pair for pair in chosen if pair.rows]


def _between(office: Office, unit: Unit, campaign: Campaign, since: dt.date | None, number: int | None) -> Between:
    plans = unit.territories.plans(campaign.name, office.workspace.zone)
    if not plans:
        raise Conflict.at(campaign.name, _("nothing is assigned yet"), _("run 'outreach household assign'"))
    if since is not None:
        return Between(dt.datetime.combine(since, dt.time(), office.workspace.zone) - _MOMENT, None)
    if number is None:
        # Before the first plan nobody had anybody: then it is what changed since.
        return Between(plans[-1].made - (_MOMENT if len(plans) > 1 else dt.timedelta()), None)
    if not 1 <= number <= len(plans):
        raise NotFound.at(str(number), _("there is no such plan"), _("see 'outreach household plans'"))
    made = plans[number - 1].made
    return Between(made - _MOMENT, made)


def _found(office: Office, unit: Unit, campaign: Campaign, between: Between | None, posts: Sequence[str]) -> Handover:
    lines: dict[str, list[Held]] = defaultdict(list)
    for line in held_lines(office, unit, campaign.name):
        # While nobody holds the post, the household is still known as the last officer's.
        if line.officer:
            lines[line.household].append(line)
    changed: dict[str, tuple[Held, Held]] = {}
    added = []
    for code, held in lines.items():
        pair = _last_change(held) if between is None else _change(held, between)
        if pair is not None and pair[0] is None:
            added.append(code)
        elif pair is not None and pair[0] is not None and (not posts or {pair[0].post, pair[1].post} & set(posts)):
            changed[code] = (pair[0], pair[1])
    # A short list is asked for by name, a long one read with all others.
    homes = unit.rosters.households(changed if len(changed) < _ASKED_BY_NAME else None)
    homes = {code: home for code, home in homes.items() if code in changed}
    standings = unit.facts.standings(campaign.name, office.workspace.zone)
    letters = unit.runs.newest(campaign.name, LETTER_KIND, office.workspace.zone)
    rows = [
        _handed(unit, campaign, home, *changed[home.code], standings, letters) for home in walk_order(homes.values())
    ]
    rows.sort(key=_pair_key)
    pairs = tuple(
        Pair(group[0].before, group[0].after, tuple(group))
        for group in (list(rows) for _key, rows in groupby(rows, _pair_key))
    )
    waiting = tuple(
        code for code, held in lines.items() if code not in changed and _waits(held, letters.get(code), posts)
    )
    return Handover(between or Between(office.now(), None), pairs, tuple(added), waiting)


def _waits(held: Sequence[Held], letter: dt.datetime | None, posts: Sequence[str]) -> bool:
    """Whether the household has another officer than it was told of, and one of `posts` (all where none) is theirs."""
    known, present = _at(held, letter) if letter else held[0], held[-1]
    if known is None or present.ends is not None or known.officer == present.officer:
        return False
    return not posts or bool({known.post, present.post} & set(posts))


def _told(letters: Mapping[str, dt.datetime], code: str, after: Held) -> bool:
    return code in letters and letters[code] >= after.starts


def _pair_key(row: Handed) -> tuple[str, str, str, str]:
    return (row.after.post, row.after.officer, row.before.post, row.before.officer)


def _last_change(held: Sequence[Held]) -> tuple[Held | None, Held] | None:
    """The newest change of officer; None where there was none."""
    present = held[-1]
    if present.ends is not None:
        return None
    for line in reversed(held):
        if line.officer != present.officer:
            return line, present
    return None


def _change(held: Sequence[Held], between: Between) -> tuple[Held | None, Held] | None:
    """(with whom it was, with whom it is) where the officer is another; None where it is the same or nobody."""
    before, after = _at(held, between.before), _at(held, between.after)
    if after is None or (before is not None and before.officer == after.officer):
        return None
    return before, after


def _at(held: Sequence[Held], at: dt.datetime | None) -> Held | None:
    """The last line begun by then; None before the first, and now where the household has left the plan."""
    begun = [line for line in held if at is None or line.starts <= at]
    return begun[-1] if begun and (at is not None or begun[-1].ends is None) else None


def _handed(
    unit: Unit,
    campaign: Campaign,
    home: Household,
    before: Held,
    after: Held,
    standings: Mapping[str, Standing],
    letters: Mapping[str, dt.datetime],
) -> Handed:
    found = in_force(unit.facts.attempts(campaign.name, home.code))
    tries = [replace(one, at=one.at.astimezone(campaign.zone)) for one in sorted(found, key=lambda a: (a.at, a.id))]
    last = tries[-1] if tries else None
    standing, told = standings.get(home.code, Standing()), _told(letters, home.code, after)
    return Handed(home, before, after, standing, last, open_promise(tries), told)


def open_promise(tries: Iterable[Attempt]) -> Attempt | None:
    """The newest attempt, in order of time, at which another time was asked for, unless somebody was met since."""
    promise = None
    for attempt in tries:
        if attempt.disposition.contact:
            promise = attempt if attempt.disposition is Disposition.APPOINTMENT else None
    return promise
