"""Handover as pieces: one list for each pair of officers, one letter for each household that changed hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from outreach.channels import channels
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Standing
from outreach.domain.people import Difficulty
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.manifest import MaterialKind, Per
from outreach.services.handover import Handed, Pair, handed_over
from outreach.services.office import Office
from outreach.services.pieces import PieceSpec
from outreach.services.rounds import Choice, Everybody, refuse_vacant
from outreach.services.values import Values, letter_values, officer_values, printed_day

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {"new": "未联系", "tried": "已联系未见面", "met": "已见面", "reached": "已送达", "registered": "已登记",
           "paid": "已缴费", "card": "有", "none": "无", "last": "{day} {channel}：{outcome}（第{count}次）"},
    "en": {"new": "not tried yet", "tried": "tried, not met", "met": "met", "reached": "reached",
           "registered": "registered", "paid": "paid", "card": "yes", "none": "no",
           "last": "{day} {channel}: {outcome} (try {count})"},
}  # fmt: skip


def is_about_handover(kind: MaterialKind) -> bool:
    """Whether a kind asks who had the households before."""
    return any(name.partition(".")[0] == "handover" for name in kind.variables)


def handover_pieces(
    office: Office,
    campaign: Campaign,
    kind: MaterialKind,
    per: Per,
    everybody: Everybody,
    choice: Choice,
    base: Mapping[str, Any],
    language: str,
) -> list[PieceSpec]:
    """A list for each pair of officers, or a letter for each household, in order of the new posts and of the walk.

    Raises BadInput for a kind that is made for anything else, Conflict where a new post is vacant.
    """
    if per not in (Per.POST, Per.HOUSEHOLD):
        raise BadInput.at(
            kind.kind, _("asks for handover values, but is made for each {per}", per=per.value),
            _("make it per household or per post"),
        )  # fmt: skip
    pairs = handed_over(office, campaign, choice)
    refuse_vacant(pair.after.post for pair in pairs if pair.after.post not in everybody.officers)
    if per is Per.HOUSEHOLD:
        return [_letter(row, everybody, base, language) for pair in pairs for row in pair.rows]
    return [_list(pair, everybody, base, language) for pair in pairs]


def _letter(row: Handed, everybody: Everybody, base: Mapping[str, Any], language: str) -> PieceSpec:
    officer = everybody.officers[row.after.post]
    # A card given since the change names the present officer and is not void.
    card_at = row.standing.card_at
    old_card = card_at if card_at and card_at < row.after.starts else None
    values = letter_values(base, [], everybody.homes[row.household.code], officer, language)
    values["handover"] = {
        "before": row.before.name,
        "since": printed_day(row.after.starts.date(), language),
        # What the officer noted is not for the household's eyes.
        "promise": printed_day(row.promise.at.date(), language) if row.promise else "",
        "card": printed_day(old_card.date(), language) if old_card else "",
    }
    return PieceSpec(row.household.code, 0, officer.code, officer.post, values)


def _list(pair: Pair, everybody: Everybody, base: Mapping[str, Any], language: str) -> PieceSpec:
    officer = everybody.officers[pair.after.post]
    rows = pair_rows(pair, language)
    values: Values = {
        **base,
        "post": officer.post,
        "officer": officer_values(officer),
        "handover": {
            "before": pair.before.name,
            "before_post": pair.before.post,
            "after": officer.name,
            "after_post": officer.post,
            "since": printed_day(max(row.after.starts for row in pair.rows).date(), language),
            # Not as `date`, which would be a fact: a list between officers is nobody's stale paper.
            "printed": base["date"],
        },
        "rows": rows,
        "totals": {
            "households": str(len(rows)),
            "hard": str(sum(row.household.difficulty is Difficulty.HARD for row in pair.rows)),
            "promises": str(sum(row.promise is not None for row in pair.rows)),
            "cards": str(sum(row.standing.card_at is not None for row in pair.rows)),
        },
    }
    group = f"{pair.before.officer}-{officer.code}"
    return PieceSpec("", 0, officer.code, group, values)


def pair_rows(pair: Pair, language: str) -> list[Values]:
    """A pair's households as its list prints them, numbered in walking order."""
    return [_row(number, row, language) for number, row in enumerate(pair.rows, start=1)]


def _row(number: int, row: Handed, language: str) -> Values:
    words, home = _WORDS[language], row.household
    joined = "、" if language == "zh" else ", "
    return {
        "number": str(number),
        "code": home.code,
        "address": home.address.line(language),
        "names": joined.join(person.name for person in home.persons),
        "difficulty": home.difficulty.label(language),
        "standing": words[standing_step(row.standing)],
        "last": last_words(row.last, row.standing.attempts, language),
        "promise": promise_words(row.promise, language),
        "card": words["card" if row.standing.card_at else "none"],
    }


def standing_step(standing: Standing) -> str:
    """How far a household has come: 'new', 'tried', 'met', 'reached', 'registered' or 'paid'."""
    steps = (
        ("paid", standing.paid_on),
        ("registered", standing.registered_on),
        ("reached", standing.first_reached_at),
        ("met", standing.first_contact_at),
        ("tried", standing.attempts),
    )
    return next((name for name, fact in steps if fact), "new")


def last_words(last: Attempt | None, attempts: int, language: str) -> str:
    """The newest attempt in a line: day, channel, outcome, which try it was; '' where there was none."""
    if last is None:
        return ""
    registry = channels()
    channel = registry[last.channel].label(language) if last.channel in registry else last.channel
    outcome = last.disposition.label(language)
    return _WORDS[language]["last"].format(day=_day(last.at), channel=channel, outcome=outcome, count=attempts)


def promise_words(promise: Attempt | None, language: str) -> str:
    """An open promise: the day it was given, and the note that says what was agreed."""
    if promise is None:
        return ""
    return " ".join(filter(None, (_day(promise.at), promise.note or promise.disposition.label(language))))


def _day(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d}"
