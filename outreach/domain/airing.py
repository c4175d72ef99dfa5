"""What really ran: a station's log against the placements it was paid for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from outreach.messages import _


class AirState(StrEnum):
    """What a fact says of a placement, or of the log it stands in.

    AIRED, SHORT, MISSED: of a placement; MISSED is only ever said by hand. UNPLANNED: a line no placement accounts for.
    COVERS: a log tells everything a seller ran from `at` on, for so many seconds.
    """

    AIRED = "aired"
    SHORT = "short"
    MISSED = "missed"
    UNPLANNED = "unplanned"
    COVERS = "covers"


class PlacementState(StrEnum):
    """How a placement stands. OPEN: not yet, or in no log that was read."""

    AIRED = "aired"
    SHORT = "short"
    MISSED = "missed"
    OPEN = "open"

    @property
    def label(self) -> str:
        """The state in the user's language."""
        words = {
            PlacementState.AIRED: _("aired"),
            PlacementState.SHORT: _("short"),
            PlacementState.MISSED: _("missed"),
            PlacementState.OPEN: _("no proof yet"),
        }
        return words[self]


@dataclass(frozen=True, slots=True)
class AsRun:
    """One fact, appended and never changed.

    placement: its key, '' where none. at: zoned, None where only a hand says so. seconds: None where nobody told.
    source: the log, or who said so. corrects: the id of the fact this one replaces, ''.
    """

    id: str
    placement: str
    channel: str
    place: str
    state: AirState
    at: dt.datetime | None
    seconds: int | None
    source: str
    note: str = ""
    corrects: str = ""

    def covers(self, moment: dt.datetime) -> bool:
        """Whether this fact is a log that would hold a line of that moment."""
        if self.state is not AirState.COVERS or self.at is None:
            return False
        return self.at <= moment < self.at + dt.timedelta(seconds=self.seconds or 0)
