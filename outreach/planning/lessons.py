"""What tries teach about hours: in which slot each was made, and whether its hour decided anything.

A try teaches nothing where somebody was found before (later tries are agreed ones or return visits: another matter),
where a migrant was visited while migrants are away, where the outcome was none the hour decided, or outside all bands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from outreach.domain.calendar import WorkCalendar
from outreach.domain.contact import Disposition
from outreach.planning.ladder import PERSONAL, Past
from outreach.planning.returns import Window
from outreach.planning.tries import Band, Column, Kind, Slot, Tallies, Try, band_of, column_of

LEFT_OUT = ("found", "away", "timeless", "hours")
"""Why a visit or call teaches nothing: somebody was found before; a visit while migrants are away; an outcome the hour
did not decide; outside all bands of hours. The first that holds."""

MIDNIGHT = 24 * 60


class Made(Protocol):
    """A try in force. at_ms: milliseconds UTC."""

    @property
    def at_ms(self) -> int: ...

    @property
    def channel(self) -> str: ...

    @property
    def disposition(self) -> Disposition: ...

    @property
    def person(self) -> int: ...


class Lesson(NamedTuple):
    """What one visit or call teaches. slot: None outside all bands. reason: of `LEFT_OUT`, '' where it counts."""

    channel: str
    slot: Slot | None
    reason: str
    contact: bool


class Moments:
    """Where instants fall: their days, columns and bands. bands: of every minute of a day, None outside all."""

    def __init__(
        self, zone: dt.tzinfo, calendar: WorkCalendar, windows: Sequence[Window], bands: Sequence[Band]
    ) -> None:
        self._zone = zone
        self._calendar = calendar
        self._windows = windows
        self._days: dict[dt.date, tuple[Column, bool]] = {}
        self.bands = tuple(band_of(minute, bands) for minute in range(MIDNIGHT))

    def local(self, at_ms: int) -> dt.datetime:
        """The instant as clocks show it there."""
        return dt.datetime.fromtimestamp(at_ms / 1000, self._zone)

    def day(self, day: dt.date) -> tuple[Column, bool]:
        """The day's column, and whether migrants are at home."""
        found = self._days.get(day)
        if found is None:
            home = any(one.first <= day <= one.last for one in self._windows)
            found = self._days[day] = (column_of(day, self._calendar), home)
        return found

    def past(self, tries: Iterable[Made]) -> list[Past]:
        """Tries by their days."""
        local = self.local
        return [Past(one.channel, local(one.at_ms).date(), one.disposition, one.person) for one in tries]

    def lessons(self, tries: Iterable[Made], kind: Kind) -> Iterator[Lesson]:
        """What each visit and call at one household teaches; tries: those in force, in order of time."""
        found = False
        for one in tries:
            contact = one.disposition.contact
            if one.channel in PERSONAL:
                at = self.local(one.at_ms)
                column, home = self.day(at.date())
                band = self.bands[at.hour * 60 + at.minute]
                reason = "found" if found else _lost(one, kind, home=home)
                slot = None if band is None else (column, band)
                yield Lesson(one.channel, slot, reason or ("" if slot else "hours"), contact)
            found = found or contact


def _lost(one: Made, kind: Kind, *, home: bool) -> str:
    """Why a try before which nobody was found teaches nothing, '' where it does."""
    if one.channel == "visit" and kind.migrant and not home:
        return "away"
    return "timeless" if one.disposition.timeless else ""


class Lessons:
    """All tries of a campaign counted, by channel. left_out: those not learnt from, by channel and reason."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments
        self.tallies = {channel: Tallies() for channel in PERSONAL}
        self.left_out = {channel: dict.fromkeys(LEFT_OUT, 0) for channel in PERSONAL}

    def add(self, household: str, kind: Kind, tries: Iterable[Made]) -> None:
        """Count the tries of one household: those in force, in order of time."""
        for one in self._moments.lessons(tries, kind):
            if one.reason or one.slot is None:
                self.left_out[one.channel][one.reason] += 1
            else:
                self.tallies[one.channel].add(Try(household, kind, one.slot, one.contact))
