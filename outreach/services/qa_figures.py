"""The figures of a Q&A file: parameters that answers are computed from, and figures typed where they are computed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from outreach.domain.overlay import Parameter
from outreach.errors import Fault
from outreach.messages import _

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_MOST_BEFORE, _MOST_BEHIND, _MOST_SIGNS = 15, 9, 3000

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ZH_DIGITS, _ZH_UNITS = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "十百千万亿拾佰仟"
_EN_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
).replace(" ", "|")
# Digits of any width; of numbers in words only sums of money, for "fifteen years" may be a law's own words. "Some tens
# of yuan" (几十元) and "ten thousands of yuan" (上万元) are no figures: a number begins with a digit or with ten.
_FIGURE = re.compile(
    r"\d+(?:[.,．，]\d+)*"
    rf"|(?<![几数{_ZH_DIGITS}{_ZH_UNITS}])[{_ZH_DIGITS}十拾][零〇{_ZH_DIGITS}{_ZH_UNITS}]*(?:元|圆|块钱)"
    rf"|\b(?:(?:{_EN_NUMBERS})(?:\s+and)?[\s-]+)+yuan\b",
    re.IGNORECASE,
)


def typed_figures(text: str) -> tuple[str, ...]:
    """The figures in a template's own words, in their order; what stands in its tags is computed or meant as it is."""
    return tuple(found[0] for found in _FIGURE.finditer(_TAG.sub("\n", text)))


def example_fault(text: str, place: str) -> Iterator[Fault]:
    """The fault of a worked example with typed figures, if it has any. place: file, question, language and key."""
    if figures := typed_figures(text):
        yield Fault(
            place,
            _("{figures} is typed, but an example is computed", figures=", ".join(dict.fromkeys(figures))),
            _(
                "put each figure into [parameters] and write {tag}, or {quoted} where it is part of a name or a date",
                tag="{{ set.name }}",
                quoted='{{ "2005" }}',
            ),
        )


def checked_parameters(raw: Mapping[str, Any], place: str) -> tuple[dict[str, Parameter], list[Fault]]:
    """Those parameters of a table that are right, texts without blanks around them, and the faults of the others.

    raw: numbers with a point as Decimals. place: the file and the table, as faults name them.
    """
    right: dict[str, Parameter] = {}
    faults: list[Fault] = []
    for name, written in raw.items():
        value = written.strip() if isinstance(written, str) else written
        wrong = _wrong(name, value)
        if wrong is None:
            right[name] = value
        else:
            faults.append(Fault(f"{place}.{name}", *wrong))
    return right, faults


def _wrong(name: str, value: Any) -> tuple[str, str] | None:
    """What is wrong with a parameter and how to mend it; None where nothing is."""
    if not _NAME.fullmatch(name):
        return _("is no name for a parameter"), _("use small letters, digits and _, such as {name}", name="days_open")
    finite = not isinstance(value, Decimal) or value.is_finite()
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)) or not finite or value == "":
        what = _("{value} is not accepted", value=_shown(value))
        return what, _("write a number such as {number}, or a text in quotation marks", number="137.60")
    if isinstance(value, str):
        if len(value) > _MOST_SIGNS:
            return _("this text is too long"), _("write at most {count}", count=_MOST_SIGNS)
    elif abs(value) >= 10**_MOST_BEFORE or value != round(Decimal(value), _MOST_BEHIND):
        return _("this number is too long"), _(
            "write at most {before} digits before the point and {behind} behind it",
            before=_MOST_BEFORE,
            behind=_MOST_BEHIND,
        )
    return None


def _shown(value: Any) -> str:
    """A value as it stands in the file."""
    if isinstance(value, (bool, Decimal)):
        return str(value).lower().replace("infinity", "inf")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return '""' if value == "" else _("a list or a table")
