"""A rate card: what a station, a paper or a wall sells, for how much, and how many people an insertion reaches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.calendar import Sort, WorkCalendar
from outreach.domain.campaign import Slot


class DaySort(StrEnum):
    """Which sort of day a line is sold on, beside its weekdays."""

    ANY = "any"
    WORKDAYS = "workdays"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line: one insertion of one length in one daypart of one vehicle.

    times: the slots of a day, empty where the time is not the buyer's. weekdays: 0 is Monday. seconds: 0 where no
    length is sold. days: how long one insertion stands. price_fen: of one insertion. audience: the share one insertion
    reaches, persons: the number where the card tells no share. twice: the share two insertions reach, None where
    nobody knows. where: its row, for messages.
    """

    vehicle: str
    channel: str
    daypart: str
    times: tuple[Slot, ...]
    weekdays: frozenset[int]
    sort: DaySort
    seconds: int
    days: int
    price_fen: int
    audience: float | None
    persons: int | None
    twice: float | None
    where: str

    @property
    def outlet(self) -> tuple[str, str]:
        """Who sells it: channel and vehicle."""
        return self.channel, self.vehicle

    @property
    def label(self) -> str:
        """Vehicle, daypart and length, for people."""
        length = f"{self.seconds}″" if self.seconds else ""
        return " ".join(part for part in (self.vehicle, self.daypart, length) if part)

    def sold_on(self, day: dt.date, calendar: WorkCalendar) -> bool:
        """Whether an insertion can begin on the day; by weekday alone where the calendar does not know the year."""
        if day.weekday() not in self.weekdays:
            return False
        if self.sort is DaySort.ANY:
            return True
        if not calendar.knows(day):
            return self.sort is DaySort.WORKDAYS and day.weekday() < 5
        if self.sort is DaySort.WORKDAYS:
            return calendar.worked(day)
        return calendar.sort(day) is Sort.HOLIDAY

    def holds(self, starts: dt.time) -> bool:
        """Whether an insertion at this time of day is one of the line's."""
        if not self.times:
            return True
        return any(starts == slot.starts or (slot.ends and slot.starts <= starts < slot.ends) for slot in self.times)
