"""A table of transfer cases -> when each was applied for, and when its steps were done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from outreach.domain.calendar import STEPS, Step
from outreach.errors import refuse_if_any
from outreach.intake import cells
from outreach.intake.dates import day
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, read_rows
from outreach.messages import _


@dataclass(frozen=True, slots=True)
class Case:
    """One case. done: the steps finished, in their order. where: its row, for messages.

    household, person, who, officer, note: '' or 0 where the file does not say.
    """

    name: str
    applied: dt.date
    done: Mapping[Step, dt.date]
    where: str
    household: str = ""
    person: int = 0
    who: str = ""
    officer: str = ""
    note: str = ""


def read_cases(path: Path, today: dt.date) -> list[Case]:
    """The cases in a file (.xlsx, .xls, .csv), in its order; raises BadInput listing every wrong row.

    today: the last day on which anything can have been done.
    """
    dated: Convert = partial(day, today=today)
    converters: dict[str, Convert] = {
        "case": cells.code, "applied": dated,
        "household": cells.code, "person": cells.whole(1, 99), "who": cells.name, "officer": cells.code,
        "note": cells.clean_text,
    }  # fmt: skip
    converters |= dict.fromkeys((step.value for step in STEPS), dated)
    rows = read_rows(path, Kind.CASES, converters)
    found = []
    places: dict[str, str] = {}
    for record in rows.records:
        if record.bad:
            continue
        name, applied = record.get("case"), record.get("applied")
        if name in places:
            rows.blame(record, "case", _("'{name}' stands here a second time", name=name), _("give each case one row"))
        places[name] = record.place()
        done: dict[Step, dt.date] = {}
        last = applied
        for step in STEPS:
            finished = record.get(step.value, None)
            if finished is None:
                last = None
                continue
            if last is None:
                what = _("this step is done, but not the one before it")
                rows.blame(record, step.value, what, _("write the day of the earlier step"))
            elif finished < last:
                what = _("{day} is before the step before it", day=finished)
                rows.blame(record, step.value, what, _("correct one of the two days"))
            done[step] = last = finished
        told = {field: record.get(field) for field in ("household", "who", "officer", "note")}
        found.append(Case(name, applied, done, record.place(), person=record.get("person", 0), **told))
    refuse_if_any(rows.faults())
    return found
