"""The filters templates may use: the field's own, and bounded twins of the stock ones that can run away.

Every filter here is a plain function over plain data. A value a filter cannot print raises `Unprintable`
with a sentence for people; `render.text` adds where it happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any

from jinja2.exceptions import SecurityError
from markupsafe import escape

from outreach.domain.directory import phone_digits, phone_printed
from outreach.messages import _

MAX_SIZE = 100_000
"""Most characters or elements a value made inside a template may have."""

_ZH_DIGITS = "零一二三四五六七八九"
_ZH_SPOKEN = "零幺二三四五六七八九"
_EN_SPOKEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_MONTHS = "January February March April May June July August September October November December".split()


class Unprintable(Exception):
    """A value cannot be printed the way the template asks; the message says why."""


def text_of(value: object) -> str:
    """`value` as printed; refuses None and collections, which would print as program text."""
    if isinstance(value, str):
        return value
    if value is None:
        raise Unprintable(_("has no value"))
    if isinstance(value, (list, tuple, dict, set, frozenset)) or hasattr(value, "__next__"):
        raise Unprintable(_("is a list; name one of its fields, loop over it, or join it"))
    if isinstance(value, (Decimal, float)) and not isfinite(value):
        raise Unprintable(_("is no number that can be printed"))
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def money(fen: Any) -> str:
    """Fen as yuan: 123450 -> '1,234.50'."""
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise Unprintable(_("'{value}' is no whole number of fen", value=fen))
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def phone(text: Any) -> str:
    """The number grouped for reading, by `domain.directory.phone_printed`."""
    try:
        return phone_printed(text_of(text))
    except ValueError:
        raise Unprintable(_("'{value}' is no phone number", value=text)) from None


def phone_spoken_zh(text: Any) -> str:
    """The number as a presenter reads it: '零七零零，五五五零幺零零' (1 is read yao)."""
    return _spoken(text, lambda run: "".join(_ZH_SPOKEN[int(sign)] for sign in run), "，")


def phone_spoken_en(text: Any) -> str:
    """The number as a presenter reads it, digit by digit: 'zero seven zero zero, five five five ...'."""
    return _spoken(text, lambda run: " ".join(_EN_SPOKEN[int(sign)] for sign in run), ", ")


def _spoken(text: Any, read: Callable[[str], str], pause: str) -> str:
    """Each group of digits of the printed number read out, with a pause between groups."""
    groups: list[str] = [""]
    for sign in phone(text):
        if sign in "0123456789":
            groups[-1] += sign
        elif groups[-1]:
            groups.append("")
    return pause.join(read(group) for group in groups if group)


def zh_number(value: Any) -> str:
    """A whole number below 10**16 in Chinese numerals: 10 -> '十', 7020 -> '七千零二十'."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**16:
        raise Unprintable(_("'{value}' is no whole number that can be spelled out", value=value))
    if value < 0:
        return "负" + zh_number(-value)
    words = _zh_words(value)
    return words.removeprefix("一") if words.startswith("一十") else words


def _zh_words(value: int) -> str:
    """Zero or more in Chinese numerals, tens always with their digit."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if value >= unit:
            high, low = divmod(value, unit)
            words = _zh_words(high) + name
            return words + ("零" if low < unit // 10 else "") + _zh_words(low) if low else words
    return _zh_thousands(value) or "零"


def _zh_thousands(part: int) -> str:
    """1 to 9999 in Chinese numerals, 0 as nothing: 10 -> '一十'."""
    words, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, part = divmod(part, power)
        if digit:
            words += ("零" if gap and words else "") + _ZH_DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return words


def join_zh(items: Iterable[Any]) -> str:
    """The items with the Chinese enumeration comma between them: '身份证、户口簿'."""
    return join(items, "、")


def join_en(items: Iterable[Any]) -> str:
    """The items as an English list: 'a, b and c'."""
    words = [text_of(item) for item in items]
    return _checked(" and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words))


def date_zh(day: Any) -> str:
    """A date in Chinese: '2026年2月14日'."""
    checked = _date(day)
    return f"{checked.year}年{checked.month}月{checked.day}日"


def date_en(day: Any) -> str:
    """A date in English: '14 February 2026'."""
    checked = _date(day)
    return f"{checked.day} {_EN_MONTHS[checked.month - 1]} {checked.year}"


def _date(day: Any) -> dt.date:
    if isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(text_of(day))
    except ValueError:
        raise Unprintable(_("'{value}' is no date", value=day)) from None


def one_line(text: Any) -> str:
    """The text with every run of white space, line ends included, as one space."""
    return " ".join(text_of(text).split())


def unended(text: Any) -> str:
    """The text without the stop at its end, so that a separator or another clause may follow."""
    return text_of(text).rstrip().rstrip("。．.；;，,、")


def ended(text: Any, stop: Any) -> str:
    """The text with `stop` at its end where it ends no sentence yet; nothing stays nothing."""
    sentence = text_of(text).rstrip()
    return sentence + text_of(stop) if sentence and sentence[-1] not in "。．.！!？?…；;”’）)" else sentence


def join(items: Iterable[Any], separator: Any = "", attribute: Any = None) -> str:
    """The items as one text. Unlike the stock filter it refuses to grow without end."""
    if attribute is not None:
        raise SecurityError(_("join takes no attribute; write map(attribute=...) before it"))
    between, words, size = text_of(separator), [], 0
    for item in items:
        words.append(text_of(item))
        size += len(words[-1]) + len(between)
        if size > MAX_SIZE:
            raise SecurityError(_("a text grows over {limit} characters", limit=MAX_SIZE))
    if any(hasattr(word, "__html__") for word in (between, *words)):
        return escape(between).join(words)
    return between.join(words)


def replace(text: Any, old: Any, new: Any) -> str:
    """`text` with every `old` as `new`; refuses to grow without end."""
    source, was, becomes = text_of(text), text_of(old), text_of(new)
    if len(source) + source.count(was) * (len(becomes) - len(was)) > MAX_SIZE:
        raise SecurityError(_("a text grows over {limit} characters", limit=MAX_SIZE))
    return source.replace(was, becomes)


def total(items: Iterable[Any]) -> Any:
    """The sum of numbers; of nothing it is 0."""
    numbers = list(items)
    for number in numbers:
        if isinstance(number, (str, list, tuple, dict)):
            raise Unprintable(_("'{value}' is no number", value=number))
    return sum(numbers)


def rounded(value: Any, digits: int = 0) -> float | Decimal:
    """`value` rounded to 0-9 digits after the point; an exact number keeps them all, and its half goes up: 27.50."""
    if not 0 <= digits <= 9:
        raise SecurityError(_("round takes 0 to 9 digits"))
    if isinstance(value, Decimal) and value.is_finite():
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return round(float(value), digits)


def _checked(text: str) -> str:
    if len(text) > MAX_SIZE:
        raise SecurityError(_("a text grows over {limit} characters", limit=MAX_SIZE))
    return text


FIELD_FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "phone": phone,
    "phone_spoken_zh": phone_spoken_zh,
    "phone_spoken_en": phone_spoken_en,
    "zh_number": zh_number,
    "join_zh": join_zh,
    "join_en": join_en,
    "date_zh": date_zh,
    "date_en": date_en,
    "one_line": one_line,
    "unended": unended,
    "ended": ended,
    "join": join,
    "replace": replace,
    "sum": total,
    "round": rounded,
    "string": text_of,
    "phone_digits": lambda text: phone_digits(text_of(text)),
}

STOCK_FILTERS = tuple(
    """
    abs capitalize count d default dictsort e escape filesizeformat first float forceescape groupby int items last
    length list lower map max min reject rejectattr reverse select selectattr sort title trim truncate unique upper
    urlencode wordcount
    """.split()
)
"""Stock filters whose result is no longer than what goes in. Left out: those that pad, repeat or wrap to a
width (center, format, indent, wordwrap, xmlattr, batch, slice, tojson), that unmark or reach into objects
(safe, attr), and that differ from run to run (random)."""
