"""`[targets]` of the planning file: what a campaign is to come to, and how it is dealt out."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from outreach.domain.monthly import AIMS, Month
from outreach.domain.people import Difficulty
from outreach.messages import _
from outreach.services.plan_section import PlanSection

Homes = Annotated[int | None, Field(ge=0, le=10_000_000)]
Share = Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3)]


class Aims(PlanSection):
    """Households that are to hold a card, be reached, registered, have paid, as a number or a share; and yuan."""

    cards: Homes = None
    cards_share: Share = None
    reached: Homes = None
    reached_share: Share = None
    registered: Homes = None
    registered_share: Share = None
    paid: Homes = None
    paid_share: Share = None
    yuan: Annotated[int | None, Field(ge=0, le=10**12)] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        for name in ("cards", "reached", "registered", "paid"):
            if getattr(self, name) is not None and getattr(self, f"{name}_share") is not None:
                raise ValueError(_("'{name}' stands as a number and as a share; write one of them", name=name))
        return self

    def amount(self, measure: str, in_scope: int) -> int | None:
        """The town's target for 'carded', 'reached', 'registered', 'paid' (households) or 'yuan' (fen), or None."""
        if measure == "yuan":
            return None if self.yuan is None else self.yuan * 100
        name = "cards" if measure == "carded" else measure
        share = getattr(self, f"{name}_share")
        if share is not None:
            # A share is met by the next whole household; the text of a float is what was written.
            return math.ceil(Decimal(str(share)) * in_scope)
        amount: int | None = getattr(self, name)
        return amount


class Step(Aims):
    """`[[targets.steps]]`: what is to be there by the end of a month."""

    month: str

    @model_validator(mode="after")
    def _a_month(self) -> Self:
        try:
            Month.parse(self.month)
        except ValueError as error:
            raise ValueError(_("'{month}' is no month; write it as 2005-06", month=self.month)) from error
        return self


class DifficultyWeights(PlanSection):
    """`[targets.weights]`: how much of a target a household of each difficulty bears."""

    hard: Weight = Decimal(1)
    normal: Weight = Decimal(1)
    easy: Weight = Decimal(1)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.hard + self.normal + self.easy:
            raise ValueError(_("the weights are all 0; give one of them more"))
        return self

    def of(self, difficulty: Difficulty) -> Decimal:
        """The weight of a household."""
        weight: Decimal = getattr(self, difficulty.value)
        return weight


class TargetsSection(Aims):
    """See docs/monthly.md for every key; a target without a step is for the campaign's end."""

    weights: DifficultyWeights = DifficultyWeights()
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(one.month >= two.month for one, two in pairwise(self.steps)):
            raise ValueError(_("'steps' are not in order of month, or one stands twice; put the earlier first"))
        for step in self.steps:
            for measure in AIMS:
                if step.amount(measure, 1) is not None and self.amount(measure, 1) is None:
                    raise ValueError(
                        _(
                            "the step of {month} has a target ('{measure}') the whole has not; write it under "
                            "[targets]",
                            month=step.month,
                            measure=measure,
                        )
                    )
        return self

    def due(self, month: Month) -> Aims | None:
        """The newest step of that month or before, None where there is none yet."""
        return next((one for one in reversed(self.steps) if Month.parse(one.month) <= month), None)
