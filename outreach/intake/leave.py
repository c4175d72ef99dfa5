"""A table of leave -> who is away from which day to which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from outreach.errors import refuse_if_any
from outreach.intake import cells
from outreach.intake.dates import day
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, read_rows
from outreach.messages import _

YEARS_AHEAD = 5
"""Leave further off than this is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Leave:
    """One stretch of days away, both included. officer: the staff code."""

    officer: str
    first: dt.date
    last: dt.date
    reason: str


def latest_day(today: dt.date) -> dt.date:
    """The last day leave may be recorded for: the end of the year `YEARS_AHEAD` years on."""
    return dt.date(today.year + YEARS_AHEAD, 12, 31)


def away_already(known: Leave, leave_id: str) -> tuple[str, str]:
    """What is wrong with leave that overlaps what is stored, and how to mend it."""
    facts = {"code": known.officer, "first": known.first, "last": known.last}
    return (
        _("{code} is recorded as away from {first} to {last} already", **facts),
        _("write the other days only, or call that leave off with 'outreach leave lift {id}'", id=leave_id),
    )


def read_leave(path: Path, *, officers: Collection[str], today: dt.date, stored: Mapping[Leave, str]) -> list[Leave]:
    """The leave in a file (.xlsx, .xls, .csv), in its order; raises BadInput listing every wrong row.

    officers: the staff codes there are. today: decides `latest_day`. stored: leave in force with its IDs; a row with
    the same days as one of these is no fault. Wrong are an unknown officer, a last day before the first, days too far
    off, days of one officer that stand on two rows, and days that overlap other stored leave.
    """
    latest = latest_day(today)
    converters: Mapping[str, Convert] = {
        "officer": cells.code,
        "first": partial(day, today=latest),
        "last": partial(day, today=latest),
        "reason": cells.clean_text,
    }
    rows = read_rows(path, Kind.LEAVE, converters)
    found: list[Leave] = []
    places: dict[Leave, str] = {}
    for record in rows.records:
        if record.bad:
            continue
        one = Leave(record.get("officer"), record.get("first"), record.get("last"), record.get("reason"))
        if one.officer not in officers:
            what = _("there is no officer '{code}'", code=one.officer)
            rows.blame(record, "officer", what, _("correct the staff number; see 'outreach officer list'"))
        elif one.last < one.first:
            what = _("{ends} is before the start {starts}", ends=one.last, starts=one.first)
            rows.blame(record, "last", what, _("write a later day"))
        elif other := next((known for known in found if _overlap(known, one)), None):
            what = _("{code} is away on some of these days by {place} too", code=one.officer, place=places[other])
            rows.blame(record, "first", what, _("write the days once"))
        elif clash := _stored_clash(one, stored):
            rows.blame(record, "first", *away_already(*clash))
        else:
            found.append(one)
            places[one] = record.place()
    refuse_if_any(rows.faults())
    return found


def _stored_clash(one: Leave, stored: Mapping[Leave, str]) -> tuple[Leave, str] | None:
    """Stored leave on some of the same days, with its ID; None where there is none or it is the same leave."""
    near = [(known, key) for known, key in stored.items() if _overlap(known, one)]
    if any((known.first, known.last) == (one.first, one.last) for known, _key in near):
        return None
    return next(iter(near), None)


def _overlap(one: Leave, other: Leave) -> bool:
    return one.officer == other.officer and one.first <= other.last and other.first <= one.last
