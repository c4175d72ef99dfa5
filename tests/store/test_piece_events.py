"""What became of pieces, and what they must say: kept by run, in order, and not lost with another run."""

from __future__ import annotations

import datetime as dt

from outreach.domain.pieces import PieceEvent, PieceState
from outreach.store.runs import Run
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)


def run(number: int) -> Run:
    return Run(
        f"run-{number}", number, "c", "letter", "docx", "zh", "open", "t", "c", AT, None, f"{number:04d}-letter", 3
    )


def event(name: str, first: int, last: int, state: PieceState, **more: object) -> PieceEvent:
    return PieceEvent(name, first, last, state, AT, **more)  # type: ignore[arg-type]


def test_events_come_back_in_the_order_they_were_recorded_within_one_millisecond(store: Store) -> None:
    events = [
        event("z", 1, 3, PieceState.HANDED_OVER, by="Y01"),
        event("a", 2, 2, PieceState.RETURNED, reason="moved", note="said"),
        event("m", 2, 2, PieceState.DELIVERED, correction=True),
    ]
    with store.write() as unit:
        unit.runs.begin(run(1), [], [], [])
        unit.runs.begin(run(2), [], [], [])
    for one in events:
        with store.write() as unit:
            unit.piece_events.append("run-1", [one], AT)
    with store.read() as unit:
        assert unit.piece_events.of("run-1", dt.UTC) == events
        assert unit.piece_events.of_piece("run-1", 2, dt.UTC) == events
        assert unit.piece_events.of_piece("run-1", 3, dt.UTC) == events[:1]
        assert unit.piece_events.of("run-2", dt.UTC) == []


def test_what_pieces_must_say_is_kept_in_blocks_and_goes_with_a_run_that_is_abandoned(store: Store) -> None:
    with store.write() as unit:
        unit.runs.begin(run(1), [], [], [])
        unit.runs.keep_truths("run-1", [b"old", b"older", b"oldest"])
        unit.runs.keep_truths("run-1", [b"head", b"one"])
    with store.read() as unit:
        assert unit.runs.truths("run-1") == [b"head", b"one"]
        assert unit.runs.truths("run-1", 1, 1) == [b"one"]
    with store.write() as unit:
        unit.runs.abandon("run-1")
    with store.read() as unit:
        assert unit.runs.truths("run-1") == []


def test_the_day_and_the_runs_it_replaces_are_kept_with_a_run(store: Store) -> None:
    from dataclasses import replace

    with store.write() as unit:
        unit.runs.begin(replace(run(1), day=dt.date(2005, 3, 1), replaces=(4, 7)), [], [], [])
    with store.read() as unit:
        (found,) = unit.runs.all(dt.UTC)
    assert (found.day, found.replaces) == (dt.date(2005, 3, 1), (4, 7))
