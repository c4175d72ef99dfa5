"""Suppressions (免打扰): who is not to be contacted, by which channel, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
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


def barred_persons(
    suppressions: Iterable[Suppression], household: str, persons: Iterable[int], channel: str, day: dt.date
) -> frozenset[int]:
    """Those of a household's `persons` (numbers) whom `channel` is not to reach on `day`."""
    kept = list(suppressions)
    return frozenset(one for one in persons if suppressed(kept, household, one, channel, day))


def nobody_left(
    suppressions: Iterable[Suppression], household: str, persons: Collection[int], channel: str, day: dt.date
) -> bool:
    """Whether nobody of a household may be reached: the household's own wish, or that of each of its `persons`.

    This is what *the household is barred* means everywhere.
    """
    kept = list(suppressions)
    if suppressed(kept, household, 0, channel, day):
        return True
    return bool(persons) and len(barred_persons(kept, household, persons, channel, day)) == len(set(persons))
