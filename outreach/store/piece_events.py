"""Rows of what became of printed pieces; they are appended, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, insert, select

from outreach.domain.pieces import PieceEvent, PieceState
from outreach.store import schema as t
from outreach.store.instants import from_ms, to_ms


class PieceEvents:
    """Reads and appends events of pieces, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, run_id: str, events: Sequence[PieceEvent], recorded: dt.datetime) -> None:
        """Append events of a run's pieces."""
        if events:
            highest = select(func.max(t.piece_events.c.position)).where(t.piece_events.c.run_id == run_id)
            # Counted, since identifiers made within one millisecond are in no order.
            first = (self._connection.execute(highest).scalar() or 0) + 1
            rows = [
                {name: getattr(event, name) for name in PieceEvent.__slots__ if name != "at"}
                | {
                    "run_id": run_id,
                    "position": position,
                    "state": event.state.value,
                    "at_ms": to_ms(event.at),
                    "recorded_ms": to_ms(recorded),
                }
                for position, event in enumerate(events, start=first)
            ]
            self._connection.execute(insert(t.piece_events), rows)

    def of(self, run_id: str, zone: dt.tzinfo, *, recorded_until: dt.datetime | None = None) -> list[PieceEvent]:
        """Every event of a run in the order they were recorded; recorded_until: as they stood then."""
        query = select(t.piece_events).where(t.piece_events.c.run_id == run_id)
        if recorded_until is not None:
            query = query.where(t.piece_events.c.recorded_ms <= to_ms(recorded_until))
        return [
            _event(row, zone) for row in self._connection.execute(query.order_by(t.piece_events.c.position)).mappings()
        ]

    def of_piece(self, run_id: str, number: int, zone: dt.tzinfo) -> list[PieceEvent]:
        """The events of one piece in the order they were recorded."""
        query = select(t.piece_events).where(
            t.piece_events.c.run_id == run_id,
            t.piece_events.c.first <= number,
            t.piece_events.c.last >= number,
        )
        return [
            _event(row, zone) for row in self._connection.execute(query.order_by(t.piece_events.c.position)).mappings()
        ]

    def runs_between(self, first: dt.datetime, after: dt.datetime) -> set[str]:
        """The ids of runs of whose pieces anything is said to have happened from `first` until before `after`."""
        query = select(t.piece_events.c.run_id).where(
            t.piece_events.c.at_ms >= to_ms(first), t.piece_events.c.at_ms < to_ms(after)
        )
        return set(self._connection.execute(query.distinct()).scalars())


def _event(row: RowMapping, zone: dt.tzinfo) -> PieceEvent:
    return PieceEvent(
        id=row["id"],
        first=row["first"],
        last=row["last"],
        state=PieceState(row["state"]),
        at=from_ms(row["at_ms"], zone),
        reason=row["reason"],
        by=row["by"],
        note=row["note"],
        correction=row["correction"],
    )
