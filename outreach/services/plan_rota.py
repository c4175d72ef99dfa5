"""Sections `[booths]` and `[duty]` of the planning file: who may stand where and answer the phone, by which rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from outreach.channels.base import Weekday
from outreach.domain.campaign import WEEKDAYS, Slot
from outreach.messages import _
from outreach.services.plan_section import PlanSection

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _slot(value: Any) -> Slot:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(_("'{value}' is no stretch of hours; write HH:MM-HH:MM", value=value))
    starts, ends = dt.time(int(found[1]), int(found[2])), dt.time(int(found[3]), int(found[4]))
    if ends <= starts:
        raise ValueError(_("'{value}' ends before it starts; write the earlier time first", value=value))
    return Slot(starts, ends)


Hours = Annotated[Slot, BeforeValidator(_slot)]
"""A stretch of one day, such as '08:00-12:00'; its end is set."""

Pair = tuple[str, str]


class Unavailable(PlanSection):
    """Hours at which an officer cannot be planned, on those weekdays from the first to the last day where given."""

    officer: str = Field(min_length=1)
    hours: Hours | None = None
    weekdays: tuple[Weekday, ...] = WEEKDAYS  # type: ignore[assignment]
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max

    @model_validator(mode="after")
    def _in_order(self) -> Unavailable:
        if self.last < self.first:
            raise ValueError(_("{ends} is before the start {starts}", ends=self.last, starts=self.first))
        return self

    def covers(self, starts: dt.datetime, ends: dt.datetime) -> bool:
        """Whether a shift of those hours touches these; without hours they are the whole day."""
        day = starts.date()
        if not self.first <= day <= self.last or WEEKDAYS[day.weekday()] not in self.weekdays:
            return False
        if self.hours is None or self.hours.ends is None:
            return True
        return starts.time() < self.hours.ends and (ends.time() > self.hours.starts or ends.date() > day)


class RotaSection(PlanSection):
    """What both rotas know. Officers are named by staff number or post; candidates: everybody where empty.

    skills: how many of a shift's heads must have each. rest_hours: between shifts of different days. apart, together:
    pairs never or always on one shift. seconds: of search for each aim.
    """

    candidates: tuple[str, ...] = ()
    skills: dict[str, Annotated[int, Field(ge=1, le=50)]] = Field(default_factory=dict)
    most: int | None = Field(default=None, ge=1)
    most_a_week: int | None = Field(default=None, ge=1, le=21)
    most_a_month: int | None = Field(default=None, ge=1, le=93)
    most_a_day: int = Field(default=1, ge=1, le=3)
    rest_hours: float = Field(default=11, ge=0, le=72)
    apart: tuple[Pair, ...] = ()
    together: tuple[Pair, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()
    seconds: float = Field(default=10, gt=0, le=3600)

    @field_validator("apart", "together")
    @classmethod
    def _two_officers(cls, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        for one, two in pairs:
            if one == two:
                raise ValueError(_("'{name}' is paired with itself; name two officers", name=one))
        return pairs

    @model_validator(mode="after")
    def _no_pair_twice(self) -> RotaSection:
        both = {frozenset(pair) for pair in self.apart} & {frozenset(pair) for pair in self.together}
        if both:
            names = ", ".join(sorted(min(both, key=sorted)))
            raise ValueError(_("{names} are to be apart and together; strike one of the two", names=names))
        return self


class BoothSection(RotaSection):
    """`[booths]`: the booths of the campaign's flights. Heads and times are the flights'.

    way_minutes: the way from one station to another and from a station to the phone, for both rotas.
    """

    way_minutes: int = Field(default=60, ge=0, le=600)


class DutySection(RotaSection):
    """`[duty]`: the phone. phone: the bureau's hotline where empty. hours: must be covered by the shifts every day."""

    phone: str = ""
    hours: Hours = Slot(dt.time(8), dt.time(22))
    shifts: tuple[Hours, ...] = (
        Slot(dt.time(8), dt.time(12)),
        Slot(dt.time(12), dt.time(18)),
        Slot(dt.time(18), dt.time(22)),
    )
    heads: int = Field(default=1, ge=1, le=50)

    @model_validator(mode="after")
    def _no_gap(self) -> DutySection:
        gap = next(_gaps(self.hours, self.shifts), None)
        if gap is not None:
            raise ValueError(
                _(
                    "nobody answers the phone from {starts} to {ends}; lengthen a shift or shorten 'hours'",
                    starts=f"{gap.starts:%H:%M}",
                    ends=f"{gap.ends:%H:%M}",
                )
            )
        return self


def _gaps(hours: Slot, shifts: Iterable[Slot]) -> Iterator[Slot]:
    """The stretches of `hours` that no shift covers."""
    covered = hours.starts
    end = hours.ends or dt.time.max
    for shift in sorted(shifts, key=lambda one: one.starts):
        if shift.starts > covered and covered < end:
            yield Slot(covered, min(shift.starts, end))
        covered = max(covered, shift.ends or dt.time.max)
    if covered < end:
        yield Slot(covered, end)
