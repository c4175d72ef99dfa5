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


def read_leave(path: Path, *, officers: Collection[str], today: dt.date) -> list[Leave]:
    """The leave in a file (.xlsx, .xls, .csv), in its order; raises BadInput listing every wrong row.

    officers: the staff codes there are. today: leave may lie up to `YEARS_AHEAD` years after it. Wrong are an unknown
    officer, a last day before the first, and days of one officer that stand on two rows.
    """
    latest = dt.date(today.year + YEARS_AHEAD, 12, 31)
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
        else:
            found.append(one)
            places[one] = record.place()
    refuse_if_any(rows.faults())
    return found


def _overlap(one: Leave, other: Leave) -> bool:
    return one.officer == other.officer and one.first <= other.last and other.first <= one.last
