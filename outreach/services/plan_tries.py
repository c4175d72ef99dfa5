"""Sections `[tries]` and `[staffing]` of the planning file: when and how often to try again, and the time it takes."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from outreach.domain.campaign import Slot
from outreach.messages import _
from outreach.planning.ladder import Ladder, Step
from outreach.planning.tries import Band, Prior
from outreach.services.plan_rota import Hours
from outreach.services.plan_section import PlanSection

Tries = Annotated[int, Field(ge=0, le=50)]
Days = Annotated[int, Field(ge=0, le=366)]
Minutes = Annotated[float, Field(ge=0, le=240, allow_inf_nan=False)]


def _slot(first: int, last: int, minute: int = 0) -> Slot:
    return Slot(dt.time(first), dt.time(last, minute))


class LadderStep(PlanSection):
    """So many tries by one channel; 0 leaves the channel out."""

    channel: Literal["visit", "call", "letter"]
    most: Tries


class TriesSection(PlanSection):
    """When to try again; docs/tries.md explains the model and each key."""

    bands: tuple[Hours, ...] = Field(
        default=(_slot(8, 12), _slot(12, 14), _slot(14, 18), _slot(18, 21, 30)), min_length=1, max_length=12
    )
    steps: tuple[LadderStep, ...] = (
        LadderStep(channel="visit", most=3),
        LadderStep(channel="call", most=3),
        LadderStep(channel="letter", most=1),
    )
    total_most: Tries = 6
    cooling_days: Days = 3
    cooling_after_contact_days: Days = 7
    cooling_after_refusal_days: Days = 60
    refusals_most: int = Field(default=2, ge=1, le=50)
    horizon_days: int = Field(default=14, ge=1, le=60)
    returns: tuple[Literal["spring", "may", "national"], ...] = ("spring", "may", "national")
    prior_tries: float = Field(default=2.0, gt=0, le=1000, allow_inf_nan=False)
    prior_rate: float = Field(default=0.5, gt=0, lt=1)

    @field_validator("bands")
    @classmethod
    def _apart(cls, bands: tuple[Slot, ...]) -> tuple[Slot, ...]:
        ordered = tuple(sorted(bands, key=lambda band: band.starts))
        if any(one.ends is None or one.ends > two.starts for one, two in pairwise(ordered)):
            raise ValueError(_("two stretches of hours overlap; let one end before the other begins"))
        return ordered

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        channels = [step.channel for step in self.steps]
        if len(set(channels)) < len(channels):
            raise ValueError(_("a channel stands twice in 'steps'; write each once"))
        if not sum(step.most for step in self.steps):
            raise ValueError(_("'steps' allows no try at all; give one of them a 'most' above 0"))
        return self

    @cached_property
    def hours(self) -> tuple[Band, ...]:
        """The bands in minutes after midnight."""
        return tuple(Band(_minutes(one.starts), _minutes(one.ends or one.starts)) for one in self.bands)

    @cached_property
    def ladder(self) -> Ladder:
        """The caps, the rest between tries and the order of channels."""
        return Ladder(
            steps=tuple(Step(step.channel, step.most) for step in self.steps),
            total=self.total_most,
            cooling=self.cooling_days,
            cooling_met=self.cooling_after_contact_days,
            cooling_refused=self.cooling_after_refusal_days,
            refusals=self.refusals_most,
        )

    @property
    def prior(self) -> Prior:
        """What is believed of the whole before any try."""
        return Prior(self.prior_tries, self.prior_rate)


class StaffingSection(PlanSection):
    """What a try costs beside the minutes at the door, which are those of `[walks]`.

    walking_minutes: from one door to the next, for every visit. missed_minutes: at a door nobody opens.
    call_minutes, missed_call_minutes: on the phone. letter_minutes: to write and post one.
    """

    walking_minutes: Minutes = 4
    missed_minutes: Minutes = 2
    call_minutes: Minutes = 6
    missed_call_minutes: Minutes = 1
    letter_minutes: Minutes = 3


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
