"""Section `[walks]` of the planning file: when officers walk, how long a door takes, how long a list is good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from outreach.channels.base import Weekday
from outreach.domain.campaign import Slot
from outreach.domain.people import Difficulty
from outreach.messages import _
from outreach.services.plan_rota import Hours
from outreach.services.plan_section import PlanSection

Minutes = Annotated[int, Field(ge=1, le=240)]


class WalkSection(PlanSection):
    """Hours are when doors are knocked on; the ways from and to the base come before and after.

    evenings: on which weekdays, where they are working days, the evening hours hold. day_hours: on every working day,
    for households of whom nobody works by day. free_days, free_holidays: nobody walks then. most_a_week: lists of one
    officer with a full post. minutes_...: at a door. walk_kmh, detour: pace, and how much longer streets are than the
    straight line. between_minutes: from building to building where no coordinates are known. start: the officer's own
    place or the office. office_lon, office_lat: WGS 84 degrees. valid_days: how long after its day a list is good.
    """

    evenings: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu")
    evening_hours: tuple[Hours, ...] = (Slot(dt.time(18, 30), dt.time(20, 30)),)
    weekend_hours: tuple[Hours, ...] = ()
    holiday_hours: tuple[Hours, ...] = ()
    day_hours: tuple[Hours, ...] = ()
    free_days: tuple[dt.date, ...] = ()
    free_holidays: tuple[str, ...] = ()
    most_a_week: int = Field(default=4, ge=1, le=21)
    most_doors: int = Field(default=44, ge=1, le=200)
    minutes_easy: Minutes = 8
    minutes_normal: Minutes = 12
    minutes_hard: Minutes = 20
    walk_kmh: float = Field(default=4.5, gt=0, le=60)
    detour: float = Field(default=1.3, ge=1, le=5)
    between_minutes: int = Field(default=3, ge=0, le=120)
    start: Literal["home", "office"] = "home"
    office_lon: float | None = Field(default=None, ge=-180, le=180)
    office_lat: float | None = Field(default=None, ge=-90, le=90)
    valid_days: int = Field(default=7, ge=0, le=90)

    @field_validator("evening_hours", "weekend_hours", "holiday_hours", "day_hours")
    @classmethod
    def _apart(cls, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
        return _in_order(slots)

    @model_validator(mode="after")
    def _whole(self) -> WalkSection:
        if (self.office_lon is None) != (self.office_lat is None):
            raise ValueError(_("office_lon and office_lat go together; write both or neither"))
        if self.start == "office" and self.office_lon is None:
            raise ValueError(
                _("walks are to start at the office, but nobody says where it is; add office_lon and office_lat")
            )
        if self.evening_hours and self.day_hours:
            _in_order((*self.evening_hours, *self.day_hours))
        return self

    def minutes(self, difficulty: Difficulty) -> int:
        """Minutes at the door of a household."""
        return {
            Difficulty.EASY: self.minutes_easy,
            Difficulty.NORMAL: self.minutes_normal,
            Difficulty.HARD: self.minutes_hard,
        }[difficulty]

    @property
    def office(self) -> tuple[float, float] | None:
        """The office's longitude and latitude, None where not told."""
        return None if self.office_lon is None or self.office_lat is None else (self.office_lon, self.office_lat)


def _in_order(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """The stretches by the clock; raises ValueError where two overlap."""
    ordered = tuple(sorted(slots, key=lambda slot: slot.starts))
    for one, two in pairwise(ordered):
        if one.ends is None or one.ends > two.starts:
            raise ValueError(_("two stretches of hours overlap; let one end before the other begins"))
    return ordered
