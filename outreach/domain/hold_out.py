"""A hold-out: households left alone by lot for a time, so that what the campaign changes can be told from the rest."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

UNITS = ("household", "entrance", "community")
"""What is drawn whole: neighbours talk, so whole entrances or communities spill less."""


class Arm(enum.StrEnum):
    """HELD households are left alone until it ends; OPEN ones are worked with as ever."""

    HELD = "held"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class HoldOut:
    """One draw. starts, ends: the first and last day. share: per cent of the households meant to be held."""

    id: str
    campaign: str
    name: str
    seed: str
    starts: dt.date
    ends: dt.date
    made: dt.datetime
    unit: str
    share: float

    def runs_on(self, day: dt.date) -> bool:
        """Whether its households are left alone on that day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Home:
    """A household in the draw. cluster: what it was drawn with; stratum: what the draw was balanced over."""

    household: str
    cluster: str
    stratum: str
    arm: Arm
