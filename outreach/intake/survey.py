"""Sheets of a coverage survey that came back -> answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.domain.survey import Answer
from outreach.errors import BadInput, refuse_if_any
from outreach.intake import cells, words
from outreach.intake.cells import clean_text
from outreach.intake.dates import moment
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of a sheet that came back. draw: the survey. household: '' where the sheet names none."""

    draw: int
    line: int
    household: str
    at: dt.datetime
    by: str
    answer: Answer
    note: str
    where: str


def read_answers(path: Path, *, zone: ZoneInfo, today: dt.date) -> list[AnswerRow]:
    """The answers of a sheet, in the file's order; raises BadInput listing every wrong row.

    Lines without an answer were not asked yet and are passed over.
    """
    converters: Mapping[str, Convert] = {
        "draw": cells.whole(1, 10**6),
        "line": cells.whole(1, 10**6),
        "household_code": cells.code,
        "at": partial(moment, zone=zone, today=today),
        "by": clean_text,
        "answer": _answer,
        "note": partial(clean_text, limit=cells.NOTE_LIMIT),
    }
    rows = read_rows(path, Kind.ANSWERS, converters)
    found = []
    for record in rows.records:
        if record.bad or record.get("answer", None) is None:
            continue
        if record.get("at", None) is None:
            rows.blame(record, "at", _("the line has an answer and does not say when"), _("fill it in"))
        else:
            facts = {name: record.get(name) for name in ("draw", "line", "at", "by", "answer", "note")}
            found.append(AnswerRow(household=record.get("household_code"), where=record.place(), **facts))
    refuse_if_any(rows.faults())
    if not found:
        raise BadInput.at(path.name, _("no line has an answer"), _("fill in the column of answers"))
    return found


_known_answer = cells.one_of(words.ANSWERS, "属实 不属实 未联系上 不愿答")


def _answer(cell: Cell) -> Answer | None:
    return _known_answer(cell) if clean_text(cell) else None
