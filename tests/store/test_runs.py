"""The print-run register: begun, finished, abandoned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from outreach.errors import StoreFault
from outreach.store.runs import HeldFact, Piece, PrintedFact, Run, RunFile
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
FILES = [RunFile("b.docx", 0, 2), RunFile("a.docx", 1, 1)]
PIECES = [Piece(2, "b.docx", "H2", 0, "Y01"), Piece(1, "b.docx", "H1", 0, "Y01"), Piece(3, "a.docx", "H3", 1, "Y02")]
FACTS = [
    HeldFact(PrintedFact("phone", "Y01 mobile", "121 0555 0001"), ((1, 2),)),
    HeldFact(PrintedFact("address", "bureau address", "云鹤路"), ((1, 1), (3, 3))),
]


def run(number: int) -> Run:
    return Run(
        f"run-{number}", number, "c", "letter", "docx", "zh", "open", "t", "c", AT, None, f"{number:04d}-letter", 3
    )


def test_a_run_that_has_begun_is_open_and_its_files_are_not_whole(store: Store) -> None:
    with store.write() as unit:
        assert unit.runs.next_number() == 1
        unit.runs.begin(run(1), FILES, PIECES, FACTS)
        assert unit.runs.next_number() == 2
    with store.read() as unit:
        assert unit.runs.all(dt.UTC) == [run(1)]
        assert unit.runs.files("run-1") == FILES
        assert [piece.number for piece in unit.runs.pieces("run-1")] == [1, 2, 3]
        assert unit.runs.facts("run-1") == FACTS[::-1]


def test_a_finished_run_is_whole_with_the_digest_of_each_file(store: Store) -> None:
    made = [RunFile("b.docx", 0, 2, "00ff", 10), RunFile("a.docx", 1, 1, "ff00", 20)]
    with store.write() as unit:
        unit.runs.begin(run(1), FILES, PIECES, FACTS)
        unit.runs.finish("run-1", AT + dt.timedelta(seconds=5), made, {"stamped": 3})
    with store.read() as unit:
        (found,) = unit.runs.all(dt.UTC)
        assert (found.state, found.finished) == ("whole", AT + dt.timedelta(seconds=5))
        assert unit.runs.files("run-1") == made
        assert found.said == {"stamped": 3}


def test_an_abandoned_run_leaves_no_row_and_others_stay(store: Store) -> None:
    with store.write() as unit:
        unit.runs.begin(run(1), FILES, PIECES, FACTS)
        unit.runs.begin(run(2), FILES, PIECES, FACTS)
        unit.runs.abandon("run-1")
    with store.read() as unit:
        assert unit.runs.all(dt.UTC) == [run(2)]
        assert (unit.runs.files("run-1"), unit.runs.pieces("run-1"), unit.runs.facts("run-1")) == ([], [], [])
        assert len(unit.runs.pieces("run-2")) == 3


def test_a_whole_run_cannot_be_abandoned(store: Store) -> None:
    with store.write() as unit:
        unit.runs.begin(run(1), FILES, PIECES, FACTS)
        unit.runs.finish("run-1", AT, [], {})
    with store.write() as unit:
        unit.runs.abandon("run-1")
    with store.read() as unit:
        (found,) = unit.runs.all(dt.UTC)
        assert found.state == "whole"
        assert len(unit.runs.pieces("run-1")) == 3


def test_two_runs_never_share_a_number(store: Store) -> None:
    with store.write() as unit:
        unit.runs.begin(run(1), FILES, PIECES, FACTS)
    with pytest.raises(StoreFault, match=r"(?i)unique"), store.write() as unit:
        unit.runs.begin(replace(run(1), id="run-x"), FILES, PIECES, FACTS)
