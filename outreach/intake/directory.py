"""Tables of the directory -> agencies with their phones, and the results of check calls."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.domain.directory import phone_digits
from outreach.domain.hotline import Agency, CheckResult, PhoneKind
from outreach.errors import BadInput, refuse_if_any
from outreach.intake import cells, words
from outreach.intake.cells import CellFault, clean_text
from outreach.intake.dates import day, moment
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, Record, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _

_KINDS = tuple(kind for kind in PhoneKind if kind is not PhoneKind.HOME)  # agencies live nowhere
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_BETWEEN = re.compile(r"[、,;；，/|\n]+")


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency with its numbers in the order of the columns."""

    agency: Agency
    numbers: tuple[tuple[PhoneKind, str], ...]


def read_agencies(path: Path, today: dt.date) -> list[AgencyRow]:
    """The agencies in a file (.xlsx, .xls, .csv), in its order; raises BadInput listing every wrong row.

    A cell may hold several numbers, apart by 、 or ; or a line end. today: the last day of publication a row may name.
    """
    converters: Mapping[str, Convert] = {
        "code": cells.code,
        "name": clean_text,
        "area": clean_text,
        "address": partial(clean_text, limit=200),
        "hours": _hours,
        "published": partial(day, today=today),
        **{kind.value: _numbers for kind in _KINDS},
    }
    rows = read_rows(path, Kind.AGENCIES, converters)
    places: dict[str, str] = {}
    found = []
    for record in rows.records:
        code = record.get("code")
        if first := places.get(code):
            what = _("the agency '{code}' stands in {place} too", code=code, place=first)
            rows.blame(record, "code", what, _("keep one row for each agency"))
        places.setdefault(code, record.place())
        numbers = tuple((kind, number) for kind in _KINDS for number in record.get(kind.value, ()))
        if not record.bad and not numbers:
            what = _("the agency '{code}' has no phone", code=code)
            rows.blame(record, "", what, _("fill in one of its numbers; a directory is for calling"))
        if not record.bad:
            texts = {name: record.get(name) for name in ("code", "name", "area", "address", "hours")}
            found.append(AgencyRow(Agency(**texts, published=record.get("published", None)), numbers))
    refuse_if_any(rows.faults())
    return found


def _numbers(cell: Cell) -> tuple[str, ...]:
    if isinstance(cell, str):
        parts = [part for part in _BETWEEN.split(cell) if part.strip()]
        return tuple(dict.fromkeys(number for part in parts for number in _apart(part) if number))
    number = cells.phone(cell)
    return (number,) if number else ()


def _apart(text: str) -> list[str]:
    """The numbers in a text: one, '0700 5550112', or several with blanks between, '0700-5550112 0700-5550113'."""
    pieces = text.split()
    several = not phone_digits(text) and len(pieces) > 1 and all(map(phone_digits, pieces))
    return [cells.phone(piece) for piece in (pieces if several else [text])]


def _hours(cell: Cell) -> str:
    text = (
        re.sub(r"[\s]", "", cells.half_width(clean_text(cell))).replace("—", "-").replace("~", "-").replace("至", "-")
    )
    text = re.sub(r"\b(\d):", r"0\1:", text)
    found = _HOURS.fullmatch(text)
    if text and (found is None or text[:5] >= text[6:] or text[6:] > "24:00"):
        raise CellFault(_("'{value}' are no hours", value=text), _("write them as 08:00-22:00"))
    return text


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of a call sheet that came back. where: its row, for messages."""

    draw: int
    line: int
    at: dt.datetime
    by: str
    result: CheckResult
    note: str
    where: str


def read_checks(path: Path, *, zone: ZoneInfo, today: dt.date) -> list[CheckRow]:
    """The results of a call sheet, in the file's order; raises BadInput listing every wrong row.

    Lines without a result were not called yet and are passed over.
    """
    converters: Mapping[str, Convert] = {
        "draw": cells.whole(1, 10**6),
        "line": cells.whole(1, 10**6),
        "at": partial(moment, zone=zone, today=today),
        "by": clean_text,
        "result": _result,
        "note": partial(clean_text, limit=cells.NOTE_LIMIT),
    }
    rows = read_rows(path, Kind.CHECKS, converters)
    found = []
    for record in rows.records:
        if record.bad or record.get("result", None) is None:
            continue
        if record.get("at", None) is None:
            rows.blame(record, "at", _("the line has a result and no time of the call"), _("fill it in"))
        else:
            found.append(_check(record))
    refuse_if_any(rows.faults())
    if not found:
        raise BadInput.at(path.name, _("no line has a result"), _("fill in the column of results"))
    return found


def _check(record: Record) -> CheckRow:
    facts = {name: record.get(name) for name in ("draw", "line", "at", "by", "result", "note")}
    return CheckRow(**facts, where=record.place())


_known_result = cells.one_of(words.CHECK_RESULTS, "接听且答对 无人接听 号码错误 态度不耐烦 政策答错 未能核实")


def _result(cell: Cell) -> CheckResult | None:
    return _known_result(cell) if clean_text(cell) else None
