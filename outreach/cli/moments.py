"""Days and moments on the command line, refused in words instead of in a program's notation."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import click

from outreach.messages import _

_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?=$|[ T])"
    r"|(\d{4})(\d{2})(\d{2})(?=$|[ T])"
)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})(\d{2})")


class _Moments(click.DateTime):
    """A day, or a moment where `clock`; the value is a datetime without a zone, as click's own."""

    def __init__(self, *, clock: bool) -> None:
        super().__init__(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"] if clock else ["%Y-%m-%d"])
        self._clock = clock

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return '"DAY HH:MM"' if self._clock else "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        text = _usual_day(value) if isinstance(value, str) else value
        try:
            moment: dt.datetime = super().convert(text, param, ctx)
        except click.BadParameter:
            example = "2005-01-31 18:30" if self._clock else "2005-01-31"
            if self._clock and _has_wrong_hour(text):
                self.fail(
                    _("there is no such hour as in '{value}'; write it as {example}", value=value, example=example),
                    param,
                    ctx,
                )
            self.fail(
                _("there is no such day as '{value}'; write it as {example}", value=value, example=example), param, ctx
            )
        return moment


class _Month(click.ParamType[str]):
    """A month as '2005-10', in whatever usual form it is typed; what is none is left for the service to refuse."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = unicodedata.normalize("NFKC", str(value)).strip()
        if (match := _MONTH.fullmatch(text)) is None:
            return str(value)
        year, month = match[1] or match[3], match[2] or match[4]
        return f"{year}-{int(month):02d}"


def _has_wrong_hour(text: str) -> bool:
    """Whether the day is right and what stands behind it is no hour of a day: 24:00, 18:75."""
    day, _sign, clock = text.replace("T", " ").partition(" ")
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        return False
    return re.fullmatch(r"\d{1,2}:\d{1,2}(:\d{1,2})?", clock.strip()) is not None


def _usual_day(text: str) -> str:
    """A day typed as 2005.6.20, 2005/6/20, 2005年6月20日 or 20050620, as 2005-06-20; other text as it is."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if (match := _DAY.match(folded)) is None:
        return text
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return f"{year}-{int(month):02d}-{int(day):02d}{folded[match.end() :]}"


DAY = _Moments(clock=False)
MOMENT = _Moments(clock=True)
MONTH = _Month()
