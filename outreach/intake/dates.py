"""Cells that hold a day, a month or a moment, in the forms people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from outreach.intake.cells import CellFault, clean_text, half_width
from outreach.intake.workbook import Cell
from outreach.messages import _

EARLIEST = dt.date(1900, 1, 1)

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAY_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_MONTH_PACKED = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_CLOCK = re.compile(
    r"(上午|下午|晚上|中午)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*[:：分]?\s*(\d{1,2})?(?:\.0+)?\s*秒?\s*(am|pm)?"
)
_HALF = re.compile("(?<=[时点])半$")
# Day 0 of the spreadsheets' count, for days after their imaginary 1900-02-29.
_SERIAL_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(2101, 73051)  # below stand years alone (1962); above is the year 2100


def day(cell: Cell, *, today: dt.date, months: bool = False) -> dt.date | None:
    """The day in a cell, from 1900 to `today`; None for an empty cell.

    Accepts date cells, spreadsheets' day counts, '1962-3-5', '1962/3/5', '1962.3.5', '1962年3月5日', '19620305'.
    months: take '1962-03', '1962年3月' or '196203' too, as the first of the month.
    """
    if isinstance(cell, dt.date):
        found = cell.date() if isinstance(cell, dt.datetime) else cell
    elif text := half_width(clean_text(cell)).lstrip("'"):
        found = _day_in(text, months)
    else:
        return None
    if not EARLIEST <= found <= today:
        what = _("{value} is not between 1900 and {today}", value=found.isoformat(), today=today.isoformat())
        raise CellFault(what, _("check the year") if found < EARLIEST else _("correct it: the day has not come yet"))
    return found


def _day_in(text: str, months: bool) -> dt.date:
    # '1962-03-05 00:00:00' is how programs write a day.
    bare = re.sub(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$", "", text)
    if match := _DAY.fullmatch(bare) or _DAY_PACKED.fullmatch(bare):
        return _date(text, int(match[1]), int(match[2]), int(match[3]))
    if re.fullmatch(r"\d{4,5}", bare) and int(bare) in _SERIALS:
        return _SERIAL_ZERO + dt.timedelta(days=int(bare))
    if re.fullmatch(r"\d{4}\.1", bare):
        what = _("'{value}' may mean January or October", value=text)
        raise CellFault(what, _("write {january} or {october}", january=f"{bare[:4]}-01", october=f"{bare[:4]}-10"))
    if match := _MONTH.fullmatch(bare) or _MONTH_PACKED.fullmatch(bare):
        if months:
            return _date(text, int(match[1]), int(match[2]), 1)
        raise CellFault(_("'{value}' names no day", value=text), _("write the whole date, such as 1962-03-05"))
    raise _no_date(text)


def _date(text: str, year: int, month: int, day_of_month: int) -> dt.date:
    try:
        return dt.date(year, month, day_of_month)
    except ValueError:
        raise _no_date(text) from None


def _no_date(text: str) -> CellFault:
    return CellFault(_("'{value}' is no date", value=text), _("write it as 1962-03-05"))


def moment(cell: Cell, *, zone: ZoneInfo, today: dt.date) -> dt.datetime | None:
    """The moment in a cell, in `zone`, from 1900 to the end of `today`; None for an empty cell.

    Accepts what `day` does with a time of day behind it ('2005-3-1 19:30', '2005年3月1日 下午7时30分'). A day without
    a time is taken as its first minute, so that everyone sees that the time is not known.
    """
    clock = dt.time()
    on: Cell = cell
    if isinstance(cell, dt.datetime):
        clock = cell.time()
        on = cell.date()
    elif isinstance(cell, float) and int(cell) in _SERIALS and not cell.is_integer():
        seconds = round((cell % 1) * 86400)
        on = int(cell) + seconds // 86400
        clock = dt.time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    elif isinstance(cell, str):
        text = half_width(clean_text(cell))
        if match := re.match(r"(.*?\d日?)(?:\s*[ T]\s*|(?<=日))(.*[:：时点].*)$", text):
            on, clock = match[1], _time(match[2].lower(), text)
    found = day(on, today=today)
    return dt.datetime.combine(found, clock, zone) if found is not None else None


def _time(text: str, whole_text: str) -> dt.time:
    match = _CLOCK.fullmatch(_HALF.sub("30分", text.strip()))
    if match:
        hour = int(match[2])
        later = match[1] in ("下午", "晚上") or match[5] == "pm" or (match[1] == "中午" and hour < 11)
        if later and hour < 12:
            hour += 12
        elif match[5] == "am" and hour == 12:
            hour = 0
        try:
            return dt.time(hour, int(match[3] or 0), int(match[4] or 0))
        except ValueError:
            pass
    raise CellFault(
        _("'{value}' names no time of day", value=whole_text), _("write it as {example}", example="2005-03-01 19:30")
    )
