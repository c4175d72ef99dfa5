"""A rate card (刊例价) as stations and papers send it -> lines that can be bought; all or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from outreach.channels import channels
from outreach.domain.campaign import WEEKDAYS, Slot
from outreach.domain.rate_card import DaySort, RateLine
from outreach.errors import BadInput, refuse_if_any
from outreach.intake import cells
from outreach.intake.cells import CellFault, clean_text, half_width
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, Record, Rows, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _, current_language

MOST_SECONDS = 14_400
MOST_DAYS = 366

_BETWEEN = re.compile(r"[、，,;；/\s]+")
_RANGE = re.compile(r"\s*(?:-|~|～|—|–|至|到)+\s*")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]00)?")
_EVERY = frozenset(range(7))
_CHINESE_DAYS = dict(zip("一二三四五六日天1234567", [0, 1, 2, 3, 4, 5, 6, 6, 0, 1, 2, 3, 4, 5, 6], strict=True))
_DAY_WORDS: Mapping[str, tuple[frozenset[int], DaySort]] = {
    **dict.fromkeys(("每天", "每日", "天天", "全周", "周一至周日", "daily", "everyday", "all"), (_EVERY, DaySort.ANY)),
    **dict.fromkeys(("工作日", "上班日", "workdays", "workingdays"), (_EVERY, DaySort.WORKDAYS)),
    **dict.fromkeys(("节假日", "法定节假日", "假日", "holidays", "holiday"), (_EVERY, DaySort.HOLIDAYS)),
    **dict.fromkeys(("周末", "双休日", "weekend", "weekends"), (frozenset({5, 6}), DaySort.ANY)),
    **dict.fromkeys(("weekday", "weekdays"), (frozenset(range(5)), DaySort.ANY)),
}


def read_rate_card(path: Path) -> list[RateLine]:
    """The lines of a file (.xlsx, .xls, .csv), in its order; raises NotFound, or BadInput listing every wrong row."""
    converters: Mapping[str, Convert] = {
        "vehicle": cells.clean_text,
        "channel": channel_word,
        "daypart": cells.clean_text,
        "times": _times,
        "weekdays": _weekdays,
        "seconds": cells.whole(1, MOST_SECONDS, "秒|″|s|seconds?"),
        "days": cells.whole(1, MOST_DAYS, "天|日|days?"),
        "price": cells.fen,
        "audience": _share,
        "persons": cells.whole(1, 1_000_000_000, "人|persons?"),
        "twice": _share,
        "note": lambda cell: clean_text(cell, cells.NOTE_LIMIT),
    }
    rows = read_rows(path, Kind.RATES, converters)
    lines: dict[tuple[object, ...], RateLine] = {}
    for record in rows.records:
        if record.bad:
            continue
        line = _line(record)
        _check(rows, record, line)
        key = (line.channel, line.vehicle, line.daypart, line.times, line.weekdays, line.sort, line.seconds)
        if key in lines:
            what = _("the same daypart, days and length stand in {other} too", other=lines[key].where)
            rows.blame(record, "", what, _("keep one of the two"))
        lines.setdefault(key, line)
    refuse_if_any(rows.faults())
    if not lines:
        raise BadInput.at(
            path.name, _("the rate card has no lines"), _("write one for each daypart that can be bought")
        )
    return list(lines.values())


def _line(record: Record) -> RateLine:
    weekdays, sort = record.get("weekdays", (_EVERY, DaySort.ANY))
    return RateLine(
        vehicle=record.get("vehicle"),
        channel=record.get("channel"),
        daypart=record.get("daypart"),
        times=record.get("times", ()),
        weekdays=weekdays,
        sort=sort,
        seconds=record.get("seconds", 0),
        days=record.get("days", 1),
        price_fen=record.get("price", 0),
        audience=record.get("audience", None),
        persons=record.get("persons", None),
        twice=record.get("twice", None),
        where=record.place(),
    )


def _check(rows: Rows, record: Record, line: RateLine) -> None:
    if line.price_fen == 0:
        rows.blame(record, "price", _("the price is nothing"), _("write the price of one insertion in yuan"))
    if line.audience is None and line.persons is None:
        what = _("neither the share nor the number of people an insertion reaches is known")
        rows.blame(record, "audience", what, _("write one of them"))
    if line.audience is not None and line.persons is not None:
        what = _("there is a share and a number of people")
        rows.blame(record, "persons", what, _("write only one of them"))
    if line.audience is None or line.twice is None:
        return
    most = line.audience * (2 - line.audience)
    if not line.audience - 1e-9 <= line.twice <= most + 1e-9:
        facts = {"twice": f"{line.twice:.4g}", "least": f"{line.audience:.4g}", "most": f"{most:.4g}"}
        what = _("two insertions cannot reach {twice}: it is between {least} and {most}", **facts)
        rows.blame(record, "twice", what, _("correct it, or leave it empty"))


@cache
def _channel_words() -> Mapping[str, str]:
    said = {
        "crawl": "字幕 滚动字幕 电视字幕 电视 飞字 tv crawler",
        "radio": "广播 电台 电台广告",
        "press": "报纸 报刊 newspaper paper",
        "board": "展板 宣传栏 橱窗 户外 户外广告 灯箱 board boards outdoor",
        "sms": "短信 短信群发 text",
    }
    found = {word: key for key, words in said.items() for word in words.split()}
    for channel in channels().values():
        found |= {word.replace(" ", "").casefold(): channel.key for word in (channel.key, channel.zh, channel.en)}
    return found


def channel_word(cell: Cell) -> str:
    """The channel a cell names, '' for an empty cell."""
    if not clean_text(cell):
        return ""
    chinese = current_language() == "zh"
    names = (f"{one.zh} {key}" if chinese else key for key, one in channels().items())
    return cells.one_of(_channel_words(), ("、" if chinese else ", ").join(names))(cell)


def _share(cell: Cell) -> float | None:
    """A share above 0 and at most 1, as '0.12' or '12%'; None for an empty cell."""
    text = half_width(clean_text(cell)).replace(" ", "") if isinstance(cell, str) else ""
    if text.endswith("%"):
        value = cells.number(text[:-1])
        found = None if value is None else float(value / 100)
    else:
        value = cells.number(cell)
        found = None if value is None else float(value)
    if found is not None and not 0 < found <= 1:
        what = _("'{value}' is no share above 0 and up to 1", value=text or value)
        raise CellFault(what, _("write it as 0.12 or 12%"))
    return found


def _times(cell: Cell) -> tuple[Slot, ...]:
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 1440)
        return (Slot(dt.time(minutes // 60 % 24, minutes % 60)),)
    text = half_width(clean_text(cell))
    found: list[Slot] = []
    for piece in _BETWEEN.split(_RANGE.sub("-", text)):
        if not piece:
            continue
        ends = [_CLOCK.fullmatch(part) for part in piece.split("-")]
        times = [dt.time(int(match[1]), int(match[2])) for match in ends if match]
        if len(times) != len(ends) or len(times) > 2 or (len(times) == 2 and times[1] <= times[0]):
            what = _("'{value}' names no times of day", value=piece)
            raise CellFault(what, _("write them as 19:35, 21:10 or 19:00-21:00"))
        found.append(Slot(times[0], times[1] if len(times) == 2 else None))
    return tuple(dict.fromkeys(found))


def _weekdays(cell: Cell) -> tuple[frozenset[int], DaySort] | None:
    text = half_width(clean_text(cell)).casefold()
    bare = text.replace(" ", "")
    if not bare:
        return None
    if bare in _DAY_WORDS:
        return _DAY_WORDS[bare]
    found: set[int] = set()
    for piece in _BETWEEN.split(_RANGE.sub("-", text)):
        ends = [_weekday(part) for part in piece.split("-")]
        known = [end for end in ends if end is not None]
        if len(known) == len(ends) == 1:
            found.add(known[0])
        elif len(known) == len(ends) == 2:
            span = (known[1] - known[0]) % 7
            found |= {(known[0] + step) % 7 for step in range(span + 1)}
        elif (several := re.fullmatch(r"(?:周|星期|礼拜)?([一二三四五六日天]{2,7})", piece)) is not None:
            found |= {_CHINESE_DAYS[sign] for sign in several[1]}
        else:
            what = _("'{value}' names no days of the week", value=text)
            raise CellFault(what, _("write 每天, 工作日, 周末, 节假日, 周一至周五 or mon, wed, fri"))
    return frozenset(found), DaySort.ANY


def _weekday(text: str) -> int | None:
    bare = re.sub(r"^(?:周|星期|礼拜)", "", text)
    if bare in _CHINESE_DAYS:
        return _CHINESE_DAYS[bare]
    short = bare[:3]
    return WEEKDAYS.index(short) if bare.isascii() and bare.isalpha() and short in WEEKDAYS else None
