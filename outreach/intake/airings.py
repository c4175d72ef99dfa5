"""A station's, a paper's or a gateway's log of what it ran (播出证明) -> lines to compare with the placements."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.intake import cells
from outreach.intake.cells import CellFault, clean_text
from outreach.intake.dates import moment
from outreach.intake.headings import Kind
from outreach.intake.rate_card import channel_word
from outreach.intake.rows import Convert, Reading, Record, Rows, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _

MOST_SECONDS = 14_400


@dataclass(frozen=True, slots=True)
class Airing:
    """One line. time: None where only the day is told. seconds: None where no length is. channel, place, flight: ''
    where the line does not say.

    row_key: the same in every import of the same line. where: the row's place, for messages about it.
    """

    day: dt.date
    time: dt.time | None
    channel: str
    place: str
    flight: str
    seconds: int | None
    note: str
    row_key: str
    where: str = dataclasses.field(default="", compare=False)


def read_airings(path: Path, *, zone: ZoneInfo, today: dt.date) -> Reading[Airing]:
    """The lines of a log (.xlsx, .xls, .csv), in its order; faulty rows never raise.

    zone: where the times were written. today: the last day anything can have run. Raises NotFound or BadInput where the
    file as a whole cannot be read.
    """
    converters: Mapping[str, Convert] = {
        "date": partial(moment, zone=zone, today=today),
        "time": partial(_time, zone=zone, today=today),
        "channel": channel_word,
        "place": clean_text,
        "flight": cells.code,
        "seconds": cells.whole(0, MOST_SECONDS, "秒|″|s|seconds?"),
        "note": lambda cell: clean_text(cell, cells.NOTE_LIMIT),
    }
    rows = read_rows(path, Kind.AIRINGS, converters)
    seen: Counter[str] = Counter()
    found = [_airing(rows, record, seen) for record in rows.records if not record.bad]
    return rows.reading(line for line in found if line is not None)


def _time(cell: Cell, *, zone: ZoneInfo, today: dt.date) -> dt.datetime | dt.time | None:
    """A time of day, or a whole moment where the cell holds one."""
    if isinstance(cell, dt.datetime):
        return cell.time() if cell.year < 1905 else cell.replace(tzinfo=zone)
    if isinstance(cell, float) and 0 <= cell < 1:
        seconds = round(cell * 86_400)
        return dt.time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    text = clean_text(cell) if isinstance(cell, str) else ""
    if not text:
        if isinstance(cell, int | float | dt.date):
            raise CellFault(_("'{value}' names no time of day", value=cell), _("write it as 19:35"))
        return None
    try:
        found = moment(f"2000-01-01 {text}", zone=zone, today=dt.date(2000, 1, 1))
    except CellFault:
        found = None
    if found is not None and any(sign in text for sign in ":：时点"):
        return found.time()
    try:
        return moment(cell, zone=zone, today=today)
    except CellFault as fault:
        raise CellFault(_("'{value}' names no time of day", value=text), _("write it as 19:35")) from fault


def _airing(rows: Rows, record: Record, seen: Counter[str]) -> Airing | None:
    on: dt.datetime = record.get("date")
    at = record.get("time", None)
    if isinstance(at, dt.datetime):
        if at.date() != on.date():
            what = _("the time is of {other}, the date is {day}", other=at.date(), day=on.date())
            rows.blame(record, "time", what, _("correct one of them"))
            return None
        at = at.time()
    if at is None and on.time() != dt.time():
        at = on.time()
    line = Airing(
        day=on.date(),
        time=at.replace(tzinfo=None) if at is not None else None,
        channel=record.get("channel"),
        place=record.get("place"),
        flight=record.get("flight"),
        seconds=record.get("seconds", None),
        note=record.get("note"),
        row_key="",
        where=record.place(),
    )
    if not line.channel and not line.place and not line.flight:
        what = _("the line says neither station nor flight")
        rows.blame(record, "", what, _("add a column 媒体 (station) or 投放编号 (flight)"))
        return None
    text = "\x1f".join(map(str, ("airing", line.day, line.time, line.channel, line.place, line.flight, line.seconds)))
    seen[text] += 1
    key = hashlib.sha256(f"{text}\x1f{seen[text]}".encode()).hexdigest()[:32]
    return dataclasses.replace(line, row_key=key)
