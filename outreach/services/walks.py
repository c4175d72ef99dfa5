"""Walk lists looked at and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from outreach.domain.contact import Attempt, in_force
from outreach.domain.people import Household, Officer
from outreach.domain.walk_list import LineReason, ListState, WalkLine, WalkList
from outreach.errors import Conflict, NotFound
from outreach.messages import _, current_language
from outreach.services.addressees import addressees_of
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.walk_closed import MAY_BE_OWED, left_out_now
from outreach.services.walk_due import CHANNEL, owed_words

_MOST_BY_NAME = 5000
"""Households asked for one by one; more are read with all the others (a statement takes only so many values)."""


@dataclass(frozen=True, slots=True)
class WalkSheetLine:
    """One line with what is known of its household today.

    named: the household with those only who may be called on. last: the newest attempt by any channel; walked: whether
    one by visit came after the list began. no_need: why nobody need go there any more ('paid', 'reached', 'moved',
    'not_eligible', 'suppressed'), or ''. due: what is due to it, in words: for that somebody goes though it paid or was
    reached; '' on lines that were not planned for it.
    """

    line: WalkLine
    household: Household
    named: Household
    last: Attempt | None
    walked: bool
    no_need: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class WalkSheet:
    """A list with its lines. officer: who it was made for; holds: whether they hold the post still."""

    list: WalkList
    state: ListState
    officer: Officer
    holds: bool
    lines: tuple[WalkSheetLine, ...]

    @property
    def walked(self) -> int:
        """How many of its doors were knocked on."""
        return sum(line.walked for line in self.lines)


def list_walks(
    office: Office, campaign_name: str, *, post: str = "", live: bool = False, language: str = ""
) -> list[WalkSheet]:
    """The campaign's lists in order of their numbers; post: only that one's; live: only those still to be walked.

    language: in which to tell what is due, the present one where empty.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().date()
    with office.store.read() as unit:
        if post and post not in unit.rosters.officers():
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
        found = [
            one
            for one in unit.walks.all(campaign.name, campaign.zone)
            if (not post or one.post == post) and (not live or one.state(today) is ListState.LIVE)
        ]
    return _sheets(office, campaign.name, found, language)


def find_walks(office: Office, campaign_name: str, numbers: Iterable[int], language: str = "") -> list[WalkSheet]:
    """The lists of those numbers in their order; raises NotFound for one there is not. language: as `list_walks`."""
    campaign = load_campaign(office.workspace, campaign_name)
    wanted = sorted(set(numbers))
    with office.store.read() as unit:
        found = {one.number: one for one in unit.walks.all(campaign.name, campaign.zone, wanted)}
    for number in wanted:
        if number not in found:
            raise NotFound.at(str(number), _("there is no such walk list"), _("see 'outreach walk list'"))
    return _sheets(office, campaign.name, [found[number] for number in wanted], language)


def show_walk(office: Office, campaign_name: str, number: int) -> WalkSheet:
    """One list; raises NotFound."""
    return find_walks(office, campaign_name, [number])[0]


def withdraw_walk(office: Office, campaign_name: str, number: int) -> WalkList:
    """Take a list back, so that its households can be planned again; its row stays.

    Raises NotFound, and Conflict where that was done already.
    """
    sheet = show_walk(office, campaign_name, number)
    if sheet.state is ListState.WITHDRAWN:
        raise Conflict.at(str(number), _("the walk list is withdrawn already"), _("see 'outreach walk list'"))
    now = office.now()
    with office.store.write() as unit:
        unit.walks.withdraw(sheet.list.id, now)
    return replace(sheet.list, withdrawn=now)


def _sheets(office: Office, campaign: str, lists: Iterable[WalkList], language: str) -> list[WalkSheet]:
    kept = list(lists)
    now = office.now()
    zone = office.workspace.zone
    with office.store.read() as unit:
        officers = unit.rosters.all_officers()
        codes = {line.household for one in kept for line in one.lines}
        homes = unit.rosters.households(codes if len(codes) <= _MOST_BY_NAME else None)
        attempts = in_force(unit.facts.attempts_of(campaign, codes))
        no_need = left_out_now(unit, campaign, homes, now.date(), zone)
        asked = addressees_of(unit, CHANNEL, now.date(), unit.suppressions.all(zone))
    last: dict[str, Attempt] = {}
    visit: dict[str, dt.datetime] = {}
    for one in sorted(attempts, key=lambda attempt: (attempt.at, attempt.id)):
        last[one.household] = one
        if one.channel == CHANNEL:
            visit[one.household] = one.at
    due = _due(office, campaign, kept, language or current_language())

    def line_of(one: WalkList, line: WalkLine) -> WalkSheetLine:
        code = line.household
        owed = due.get((one.day, code), "")
        done = no_need.get(code, "")
        walked = code in visit and visit[code] >= one.starts
        done = "" if owed and done in MAY_BE_OWED else done
        named = replace(asked, day=one.day).of(homes[code])
        return WalkSheetLine(line, homes[code], named, last.get(code), walked, done, "" if done else owed)

    return [
        WalkSheet(
            one,
            one.state(now.date()),
            officers[one.officer],
            officers[one.officer].post == one.post,
            tuple(line_of(one, line) for line in one.lines),
        )
        for one in kept
    ]


def _due(office: Office, campaign: str, lists: Iterable[WalkList], language: str) -> dict[tuple[dt.date, str], str]:
    """What is due still to the households that live lists name because something is, by day of the list and code."""
    today = office.now().date()
    wanted: dict[dt.date, set[str]] = {}
    for one in lists:
        codes = {line.household for line in one.lines if line.reason is LineReason.OWED}
        if codes and one.state(today) is ListState.LIVE:
            wanted.setdefault(one.day, set()).update(codes)
    return owed_words(office, campaign, wanted, language)


def reason_words(reason: LineReason) -> str:
    """Why a household stands on the list of that hour, in words."""
    return {
        LineReason.OWED: _("a promise, an appointment or a return visit is due"),
        LineReason.WORKS: _("works by day: hours after work come first"),
        LineReason.DUE: _("home for the holidays, or asked for another time"),
        LineReason.FITS: _("fits in on the way"),
    }[reason]


def left_out_words(reason: str) -> str:
    """Why a household is on no list, in words."""
    return {
        "paid": _("paid already"),
        "reached": _("reached already"),
        "moved": _("moved away"),
        "not_eligible": _("not in scope"),
        "suppressed": _("asked not to be visited"),
        "held": _("left alone: in a hold-out"),
        "listed": _("on a live list already"),
        "not_due": _("not due to be tried again"),
        "no_time": _("no time left on these days"),
        "vacant": _("nobody holds the post"),
    }[reason]


def state_words(state: ListState) -> str:
    """The state of a list, in words."""
    return {
        ListState.LIVE: _("live"),
        ListState.EXPIRED: _("expired"),
        ListState.WITHDRAWN: _("withdrawn"),
    }[state]
