"""What becomes of a printed piece: the states it can be in, and which may follow which.

A piece for people is printed, handed over to its officer (or taken to the post), and delivered; it may come back. A
piece for a door is printed, handed over, posted on the door, and later removed or found missing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass


class PieceState(enum.StrEnum):
    """Where a piece is. Only `PRINTED` needs no event: a whole run is printed."""

    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    POSTED = "posted"
    RETURNED = "returned"
    REMOVED = "removed"
    MISSING = "missing"

    def label(self, language: str) -> str:
        """The state in words, language 'zh' or 'en'."""
        return _STATES_ZH[self] if language == "zh" else self.value.replace("_", " ")


_STATES_ZH = {
    PieceState.PRINTED: "已印",
    PieceState.HANDED_OVER: "已领走",
    PieceState.DELIVERED: "已送到",
    PieceState.POSTED: "已张贴或寄出",
    PieceState.RETURNED: "已退回",
    PieceState.REMOVED: "已撤下",
    PieceState.MISSING: "已丢失",
}


class ReturnReason(enum.StrEnum):
    """Why a piece came back."""

    MOVED = "moved"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    VACANT = "vacant"
    DAMAGED = "damaged"
    OTHER = "other"

    def label(self, language: str) -> str:
        """The reason in words, language 'zh' or 'en'."""
        return _REASONS_ZH[self] if language == "zh" else self.value


_REASONS_ZH = {
    ReturnReason.MOVED: "已搬走",
    ReturnReason.UNKNOWN: "查无此人",
    ReturnReason.REFUSED: "拒收",
    ReturnReason.VACANT: "空户",
    ReturnReason.DAMAGED: "破损",
    ReturnReason.OTHER: "其他",
}

_S = PieceState

_FOR_PEOPLE: dict[PieceState, frozenset[PieceState]] = {
    _S.PRINTED: frozenset({_S.HANDED_OVER, _S.POSTED, _S.DELIVERED, _S.MISSING}),
    _S.HANDED_OVER: frozenset({_S.POSTED, _S.DELIVERED, _S.RETURNED, _S.MISSING}),
    _S.POSTED: frozenset({_S.DELIVERED, _S.RETURNED, _S.MISSING}),
    _S.DELIVERED: frozenset({_S.RETURNED}),
    _S.RETURNED: frozenset({_S.HANDED_OVER, _S.POSTED, _S.DELIVERED, _S.MISSING}),
    _S.MISSING: frozenset({_S.HANDED_OVER, _S.RETURNED}),
    _S.REMOVED: frozenset(),
}

_FOR_DOORS: dict[PieceState, frozenset[PieceState]] = {
    _S.PRINTED: frozenset({_S.HANDED_OVER, _S.POSTED, _S.MISSING}),
    _S.HANDED_OVER: frozenset({_S.POSTED, _S.RETURNED, _S.MISSING}),
    _S.POSTED: frozenset({_S.REMOVED, _S.MISSING}),
    _S.RETURNED: frozenset({_S.HANDED_OVER, _S.POSTED, _S.MISSING}),
    _S.MISSING: frozenset({_S.POSTED, _S.REMOVED}),
    _S.REMOVED: frozenset(),
    _S.DELIVERED: frozenset(),
}

OFF_THE_STREET = frozenset({PieceState.RETURNED, PieceState.REMOVED, PieceState.MISSING})
"""States in which nobody reads the piece any more."""


def next_states(state: PieceState, *, for_door: bool) -> list[PieceState]:
    """What a piece in `state` may become, in the order of `PieceState`."""
    legal = (_FOR_DOORS if for_door else _FOR_PEOPLE)[state]
    return [one for one in PieceState if one in legal]


@dataclass(frozen=True, slots=True)
class PieceEvent:
    """One fact about the pieces `first` to `last` of a run, both ends included.

    reason: why they were returned, else ''. by: the officer concerned, '' where none is named. correction: it takes
    the place of what was recorded last for these pieces; with the state before that, or `printed`, it only takes that
    away.
    """

    id: str
    first: int
    last: int
    state: PieceState
    at: dt.datetime
    reason: str = ""
    by: str = ""
    note: str = ""
    correction: bool = False


def in_force(events: Iterable[PieceEvent]) -> list[PieceEvent]:
    """One piece's events in the order they were recorded, without those that were corrected.

    A correction that leads back to the state before only takes away what was wrong: what hung all the time was put up
    once.
    """
    kept: list[PieceEvent] = []
    for event in events:
        if event.correction and kept:
            kept.pop()
            if kept and kept[-1].state is event.state:
                continue
        if event.state is not PieceState.PRINTED:
            kept.append(event)
    return kept


def state_of(events: Iterable[PieceEvent]) -> PieceState:
    """What one piece's events, in the order they were recorded, come to."""
    kept = in_force(events)
    return kept[-1].state if kept else PieceState.PRINTED
