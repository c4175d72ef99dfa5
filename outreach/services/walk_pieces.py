"""Walk lists as they are printed: one piece a list, with code boxes for what happens at each door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt
from outreach.domain.directory import masked_phone, phone_digits, phone_printed
from outreach.domain.greeting import greeting
from outreach.domain.people import Difficulty, Household
from outreach.domain.walk_list import DOOR_CODES, PAPER_CODES, ListState, WalkList
from outreach.errors import CannotPrint, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.planning.holidays import lunar
from outreach.services.office import Office
from outreach.services.pieces import PieceSpec
from outreach.services.rounds import Choice
from outreach.services.values import Values, officer_values, printed_day, printed_span
from outreach.services.walk_due import best_hours
from outreach.services.walks import WalkSheet, WalkSheetLine, find_walks, list_walks

_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_NO_NEED = {
    "zh": {
        "paid": "已缴费，不必再去",
        "reached": "已送达，不必再去",
        "moved": "已迁走，不必再去",
        "not_eligible": "不属对象，不必再去",
        "suppressed": "本户要求免打扰，请勿上门",
        "held": "对照户，暂不上门",
    },
    "en": {
        "paid": "has paid: no need to call",
        "reached": "reached: no need to call",
        "moved": "moved away: no need to call",
        "not_eligible": "not in scope: no need to call",
        "suppressed": "asked not to be visited: do not call",
        "held": "in a hold-out: do not call yet",
    },
}
_PROVISIONAL = {"zh": "节假日安排未公布，日期暂定", "en": "holidays not published yet: provisional"}
_SIGNS = {
    "zh": {Difficulty.HARD: "难", Difficulty.NORMAL: "", Difficulty.EASY: "易"},
    "en": {Difficulty.HARD: "hard", Difficulty.NORMAL: "", Difficulty.EASY: "easy"},
}


def walk_pieces(
    office: Office, campaign: Campaign, choice: Choice, base: Mapping[str, Any], language: str
) -> list[PieceSpec]:
    """The chosen lists, or all that are live, in order of their numbers.

    Raises NotFound for an unknown list or post, CannotPrint where a list's officer no longer holds its post.
    """
    if choice.lists:
        sheets = find_walks(office, campaign.name, choice.lists, language)
    else:
        sheets = list_walks(office, campaign.name, live=True, language=language)
        with office.store.read() as unit:
            posts = unit.rosters.officers()
        for post in choice.posts:
            if post not in posts:
                raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
    # All households of a list may have been erased since.
    sheets = [
        sheet
        for sheet in sheets
        if sheet.lines
        and (not choice.posts or sheet.list.post in choice.posts)
        and (not choice.households or any(line.household.code in choice.households for line in sheet.lines))
    ]
    refuse_if_any([_left(sheet) for sheet in sheets if not sheet.holds], CannotPrint)
    # Of a list whose doors nobody tried before there is nothing to say.
    tried = [sheet for sheet in sheets if sheet.state is ListState.LIVE and any(line.last for line in sheet.lines)]
    asked = {one.list.day: {sheet.list.post for sheet in tried if sheet.list.day == one.list.day} for one in tried}
    hours = best_hours(office, campaign.name, asked)
    return [
        PieceSpec(
            "",
            0,
            sheet.list.officer,
            list_group(sheet.list),
            {**base, **_values(sheet, hours, language, campaign.zone, phones=choice.phones)},
            number=sheet.list.number,
        )
        for sheet in sheets
    ]


def list_group(walk: WalkList) -> str:
    """By what name a list's piece is filed and stands in the register."""
    return f"{walk.number:04d}-{walk.post}"


def _left(sheet: WalkSheet) -> Fault:
    return Fault(
        _("walk list {number}", number=sheet.list.number),
        _("{officer} no longer holds the post {post}", officer=sheet.officer.name, post=sheet.list.post),
        _("take it back with 'outreach walk withdraw {number}' and plan again", number=sheet.list.number),
    )


def refuse_stale(sheets: list[WalkSheet]) -> None:
    """Raise CannotPrint for every list that is expired or withdrawn."""
    faults = [
        Fault(
            _("walk list {number}", number=sheet.list.number),
            _("expired on {day}", day=sheet.list.expires)
            if sheet.state is ListState.EXPIRED
            else _("was withdrawn on {day}", day=(sheet.list.withdrawn or sheet.list.made).date()),
            _("plan again with 'outreach walk plan', or print it all the same with --expired")
            if sheet.state is ListState.EXPIRED
            else _("plan again with 'outreach walk plan'"),
        )
        for sheet in sheets
        if sheet.state is not ListState.LIVE
    ]
    refuse_if_any(faults, CannotPrint)


def _values(
    sheet: WalkSheet, hours: Mapping[tuple[dt.date, str], str], language: str, zone: dt.tzinfo, *, phones: bool
) -> Values:
    walk = sheet.list
    knocks, ends = walk.lines[0].at, walk.lines[-1].at + dt.timedelta(minutes=walk.lines[-1].minutes)
    own: Values = {
        "number": str(walk.number),
        "day": printed_day(walk.day, language),
        "weekday": _WEEKDAYS[language][walk.day.weekday()],
        "lunar": lunar(walk.day).zh if language == "zh" else "",
        "provisional": _PROVISIONAL[language] if walk.provisional else "",
        "leaves": f"{walk.starts:%H:%M}",
        "knocks": f"{knocks:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "back": f"{walk.ends:%H:%M}",
        "doors": str(len(walk.lines)),
        "buildings": str(walk.figures["buildings"]),
        "expires": printed_day(walk.expires, language),
    }
    return {
        "walk": own,
        "officer": officer_values(sheet.officer),
        "post": walk.post,
        "lines": [
            _line(line, hours.get((walk.day, line.household.code), ""), walk.day.year, language, zone, phones=phones)
            for line in sheet.lines
        ],
        "codes": [{"code": code, "meaning": PAPER_CODES[code].label(language)} for code in DOOR_CODES],
        "walk_qr": walk.code,
    }


def _line(line: WalkSheetLine, best: str, year: int, language: str, zone: dt.tzinfo, *, phones: bool) -> Values:
    home = line.household
    return {
        "number": str(line.line.line),
        "time": f"{line.line.at:%H:%M}",
        "address": home.address.line(language),
        "names": greeting(line.named, language),
        "phone": _phones(line.named, language, full=phones),
        "sign": _SIGNS[language][home.difficulty],
        "last": _last(line.last, year, language, zone),
        "best": best,
        # In the same place, in red: what the officer must know before knocking.
        "no_need": _NO_NEED[language].get(line.no_need, line.due),
    }


def _phones(home: Household, language: str, *, full: bool) -> str:
    """Every mobile of the household once, as it may be printed, '' where none is known."""
    mobiles = dict.fromkeys(person.mobile for person in home.persons if person.mobile)
    return ("、" if language == "zh" else ", ").join(
        _phone(mobile) if full else masked_phone(mobile) for mobile in mobiles
    )


def _phone(mobile: str) -> str:
    # Its groups stay together at the end of a line.
    return (phone_printed(mobile) if phone_digits(mobile) else mobile).replace(" ", "\N{NO-BREAK SPACE}")


def _last(attempt: Attempt | None, year: int, language: str, zone: dt.tzinfo) -> str:
    """The newest try; its day says the year where that is not `year`, the list's own."""
    if attempt is None:
        return ""
    outcome = attempt.disposition.label(language)
    day = attempt.at.astimezone(zone).date()
    when = printed_span(day, day, language) if day.year == year else printed_day(day, language)
    return when + (" " if language == "zh" else ", ") + outcome
