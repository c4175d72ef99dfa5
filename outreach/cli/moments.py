"""Days and moments on the command line, refused in words instead of in a program's notation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from outreach.messages import _


class _Moments(click.DateTime):
    """A day, or a moment where `clock`; the value is a datetime without a zone, as click's own."""

    def __init__(self, *, clock: bool) -> None:
        super().__init__(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"] if clock else ["%Y-%m-%d"])
        self._clock = clock

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return '"DAY HH:MM"' if self._clock else "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        try:
            moment: dt.datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            example = "2005-01-31 18:30" if self._clock else "2005-01-31"
            self.fail(
                _("there is no such day as '{value}'; write it as {example}", value=value, example=example), param, ctx
            )
        return moment


DAY = _Moments(clock=False)
MOMENT = _Moments(clock=True)
