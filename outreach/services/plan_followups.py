"""Section `[followups]` of the planning file: when a return visit is due, and until when a complaint is answered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from outreach.domain.follow_up import ReturnRule
from outreach.services.plan_section import PlanSection


class FollowUpSection(PlanSection):
    """What is due when; docs/followups.md explains each key.

    return_visit_days: after the household was informed, 0 for no return visits. return_visit_channels: by which one
    is made. complaint_working_days: until a complaint is answered, counted from the day after it came.
    """

    return_visit_days: int = Field(default=30, ge=0, le=366)
    return_visit_channels: tuple[Literal["visit", "call", "hall"], ...] = Field(default=("visit", "call"), min_length=1)
    complaint_working_days: int = Field(default=15, ge=1, le=250)

    @property
    def rule(self) -> ReturnRule:
        """When a return visit is owed, and what makes it."""
        return ReturnRule(self.return_visit_days, frozenset(self.return_visit_channels))
