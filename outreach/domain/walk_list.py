"""A walk list (走访单): a frozen, numbered order of doors for one officer on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from outreach.domain.contact import Disposition


class ListState(StrEnum):
    """Whether a list may still be walked."""

    LIVE = "live"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class LineReason(StrEnum):
    """Why a household stands on the list of that hour."""

    OWED = "owed"
    WORKS = "works"
    DUE = "due"
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class WalkLine:
    """One door. line: from 1, never given to another household. at: zoned, when the officer should knock."""

    line: int
    household: str
    at: dt.datetime
    minutes: int
    reason: LineReason


@dataclass(frozen=True, slots=True)
class WalkList:
    """One list as it was made; it never changes, it only expires or is withdrawn.

    number: from 1 in the campaign. officer: the staff code of who held the post then. starts, ends: when the officer
    sets out and is back. expires: the last day it may be walked. figures: what planning measured, plain JSON.
    """

    id: str
    campaign: str
    number: int
    post: str
    officer: str
    day: dt.date
    starts: dt.datetime
    ends: dt.datetime
    expires: dt.date
    made: dt.datetime
    withdrawn: dt.datetime | None
    figures: Mapping[str, Any]
    lines: tuple[WalkLine, ...]

    def state(self, today: dt.date) -> ListState:
        """Whether it may be walked on `today`."""
        if self.withdrawn is not None:
            return ListState.WITHDRAWN
        return ListState.EXPIRED if today > self.expires else ListState.LIVE

    @property
    def provisional(self) -> bool:
        """Whether its day's holidays were computed when it was made: the year's notice was not out."""
        return bool(self.figures.get("provisional"))

    @property
    def code(self) -> str:
        """What the QR code on its paper carries: which list of which campaign, and nobody's name."""
        return f"walk/{self.campaign}/{self.number}"


PAPER_CODES: Mapping[str, Disposition] = {
    "11": Disposition.INFORMED,
    "12": Disposition.CARD_HANDED,
    "13": Disposition.SIGNED_FOR,
    "14": Disposition.ASKED_BACK,
    "21": Disposition.APPOINTMENT,
    "22": Disposition.REFUSED,
    "23": Disposition.RELATIVE_TOLD,
    "24": Disposition.BROKEN_OFF,
    "25": Disposition.LANGUAGE,
    "26": Disposition.UNABLE,
    "27": Disposition.DIED,
    "28": Disposition.CALL_BACK,
    "29": Disposition.HUNG_UP,
    "31": Disposition.NOBODY_HOME,
    "32": Disposition.AWAY,
    "33": Disposition.NO_ENTRY,
    "34": Disposition.LEFT_AT_DOOR,
    "35": Disposition.NO_ANSWER,
    "36": Disposition.WRONG_NUMBER,
    "37": Disposition.NEIGHBOUR_TOLD,
    "38": Disposition.UNSAFE,
    "39": Disposition.ADDRESS_NOT_FOUND,
    "41": Disposition.MOVED,
    "42": Disposition.NOT_ELIGIBLE,
    "43": Disposition.VACANT,
    "44": Disposition.NOT_A_DWELLING,
    "45": Disposition.DEMOLISHED,
    "51": Disposition.SENT,
    "52": Disposition.RETURNED,
    "61": Disposition.BUSY,
    "62": Disposition.MESSAGE_LEFT,
    "63": Disposition.VOICEMAIL,
    "64": Disposition.SWITCHED_OFF,
    "65": Disposition.BARRED,
    "66": Disposition.OUT_OF_SERVICE,
    "67": Disposition.SUSPENDED,
    "68": Disposition.FAX,
    "69": Disposition.OTHER_LINE,
}
"""The two digits written on paper for each outcome; the first says how far it came: 1 the message arrived, 2 somebody
answered, 3 nobody did, 4 nobody to reach lives there, 5 it went by post, 6 a telephone answered instead of a person. A
code never changes its meaning: paper is kept."""

CODE_OF: Mapping[Disposition, str] = {outcome: code for code, outcome in PAPER_CODES.items()}
"""The two digits of each outcome; a withdrawal is never written on paper and has none."""

DOOR_CODES = ("11", "12", "21", "22", "23", "31", "32", "33", "34", "41", "42")
"""The commonest of those that can happen at a door: as many as the foot of a walk list holds in readable type."""
