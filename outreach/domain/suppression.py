"""Suppressions (免打扰): who is not to be contacted, by which channel, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suppression:
    """One wish not to be contacted.

    person: a number within the household, 0 for everybody in it. channel: '' for every channel. starts, until: days,
    both included; until None is for good. lifted: when somebody took it back, None while it stands.
    """

    id: str
    household: str
    person: int
    channel: str
    starts: dt.date
    until: dt.date | None
    reason: str
    recorded: dt.datetime
    lifted: dt.datetime | None = None

    def covers(self, household: str, person: int, channel: str, day: dt.date) -> bool:
        """Whether it forbids `channel` to reach this person on `day`.

        person 0 asks for the household as a whole, which only a suppression of the whole household forbids.
        """
        return (
            self.lifted is None
            and self.household == household
            and self.person in (0, person)
            and self.channel in ("", channel)
            and self.starts <= day
            and (self.until is None or day <= self.until)
        )


def suppressed(
    suppressions: Iterable[Suppression], household: str, person: int, channel: str, day: dt.date
) -> Suppression | None:
    """The first suppression that forbids a material of `channel` for a person, or for a household (person 0)."""
    return next((one for one in suppressions if one.covers(household, person, channel, day)), None)
