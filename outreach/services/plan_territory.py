"""The section `[territory]` of the planning file: by what rules households are given to officers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outreach.domain.people import Difficulty, Household
from outreach.services.plan_section import PlanSection

Minutes = Annotated[int, Field(ge=0, le=10_000)]
Metres = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class VisitMinutes(PlanSection):
    """What all visits to one household take, minutes: by how hard it is, and more for those away or at work by day."""

    hard: Minutes = 120
    normal: Minutes = 60
    easy: Minutes = 30
    migrant: Minutes = 30
    works: Minutes = 0

    def of(self, home: Household) -> int:
        """The minutes of one household, 1 at least."""
        by_difficulty = {Difficulty.HARD: self.hard, Difficulty.NORMAL: self.normal, Difficulty.EASY: self.easy}
        more = (self.migrant if home.migrant else 0) + (self.works if home.works else 0)
        return max(1, by_difficulty[home.difficulty] + more)


class Convenience(PlanSection):
    """By how much an officer counts as nearer, in metres (or the unit of the travel table); 0 leaves it out."""

    compound: Metres = 0
    neighbourhood: Metres = 0
    employer: Metres = 0
    language: Metres = 0


class TerritorySection(PlanSection):
    """The rules of the assignment; docs/planning.md explains each."""

    balance: Literal["households", "minutes"] = "households"
    mix: bool = True
    slack: float = Field(default=0, ge=0, le=100, allow_inf_nan=False)
    moves: Literal["fewest", "free"] | Metres = "fewest"
    long_leave_days: int = Field(default=30, ge=0, le=3650)
    travel: str = ""
    travel_unit: Literal["metres", "minutes"] = "metres"
    minutes: VisitMinutes = VisitMinutes()
    convenience: Convenience = Convenience()
