"""`[air]` of the planning file: what air time and space is bought by, and how a station's log is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from outreach.messages import _
from outreach.services.plan_section import PlanSection

RATES_NAME = "rates.csv"
DEFAULT_REPEAT = 0.35
"""How alike the audiences of two insertions are where the rate card does not say: our own guess, not a measurement.

Somebody who saw the first sees the second with 0.35 of the way from the plain audience to certainty: 44 % at an
audience of 14 %. A survey, or the card's reach of two insertions, replaces it.
"""


class AirLimit(PlanSection):
    """`[[air.limits]]`: what one seller takes at most, and how many days before it must know."""

    vehicle: str = Field(min_length=1)
    channel: str = ""
    most_a_day: int | None = Field(default=None, ge=0)
    most_a_week: int | None = Field(default=None, ge=0)
    most: int | None = Field(default=None, ge=0)
    lead_days: int = Field(default=0, ge=0, le=366)


class AirPresence(PlanSection):
    """`[[air.presence]]`: days on which there must be something, such as the launch. Empty names take any."""

    vehicle: str = ""
    channel: str = ""
    first: dt.date
    last: dt.date
    least: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(_("the last day is before the first; write a later day"))
        return self


class AirSection(PlanSection):
    """See docs/flights.md for every key."""

    rates: str = Field(default=RATES_NAME, min_length=1)
    people: int | None = Field(default=None, ge=1)
    budget_yuan: Decimal | None = Field(default=None, max_digits=12, decimal_places=2)
    aim: Literal["reach", "reach3"] = "reach"
    first: dt.date | None = None
    last: dt.date | None = None
    channels: tuple[str, ...] = ()
    seconds: dict[str, int] = {}
    repeat: float = Field(default=DEFAULT_REPEAT, ge=0, le=1)
    holiday_weight: float = Field(default=1.0, ge=1, le=10)
    blackout: tuple[dt.date, ...] = ()
    effort: float = Field(default=8.0, gt=0, le=600)
    tolerance_minutes: int = Field(default=20, ge=0, le=720)
    short_percent: int = Field(default=90, ge=0, le=100)
    limits: tuple[AirLimit, ...] = ()
    presence: tuple[AirPresence, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError(_("the last day is before the first; write a later day"))
        return self

    def limit_of(self, channel: str, vehicle: str) -> AirLimit:
        """The seller's limit; one without numbers where none is named."""
        for limit in self.limits:
            if limit.vehicle == vehicle and limit.channel in ("", channel):
                return limit
        return AirLimit(vehicle=vehicle)
