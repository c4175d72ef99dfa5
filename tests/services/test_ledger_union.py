"""A line given to two people on two machines is one person's everywhere once their logs have met."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.domain.ledger import LineState
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.ledger import list_ledger
from outreach.services.ledger_review import match_line, undo_line
from tests.conftest import Town
from tests.services.ledger_town import give_ids, id_of, log, paid, row, take_in

FILE = [row("轩辕不在", id_of(901), "500"), row("司空未见", id_of(902), "700")]


@pytest.fixture
def towns(town: Any) -> Any:
    """Three machines with one roster and one file of May, of which nobody here is sure."""
    give_ids(town)
    others = [Town(town.beside(name)) for name in ("second", "third")]
    for one in (town, *others):
        take_in(one, FILE)
    yield [town, *others]
    for one in others:
        one.close()


def meet(giver: Any, taker: Any, tmp_path: Path) -> int:
    export_log(giver.office, "", tmp_path / "log")
    return merge_log(taker.office, "", tmp_path / "log").settled


def everybody_meets(towns: list[Any], tmp_path: Path, order: list[int]) -> None:
    for _round in range(3):
        for giver in order:
            for taker in order:
                if giver != taker:
                    meet(towns[giver], towns[taker], tmp_path)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
def test_whatever_the_order_in_which_logs_meet_one_of_three_decisions_stands_and_counts_once(
    towns: Any, tmp_path: Path, order: list[int]
) -> None:
    for one, whom in zip(towns, ("H002", "H004:1", "H006"), strict=True):
        match_line(one.office, "", "1-1", whom)
    assert {code for one in towns for code in paid(one)} == {"H002", "H004", "H006"}
    everybody_meets(towns, tmp_path, order)
    (stands,) = paid(towns[0]).items()
    assert stands == ("H006", 50_000)  # the smallest id of the three, which hang on what they say
    assert [paid(one) for one in towns] == [paid(towns[0])] * 3
    assert [log(one) for one in towns] == [log(towns[0])] * 3
    for one in towns:
        (month,) = list_ledger(one.office, "")
        assert month.adds_up
        assert one.sql("select household_id, milestone_id from ledger_lines where row = 1") == towns[0].sql(
            "select household_id, milestone_id from ledger_lines where row = 1"
        )


def test_the_merge_says_how_many_lines_it_settled_and_a_second_time_none(towns: Any, tmp_path: Path) -> None:
    first, second, _third = towns
    match_line(first.office, "", "1-1", "H002")
    match_line(second.office, "", "1-1", "H004:1")
    assert meet(first, second, tmp_path) == 1
    assert meet(first, second, tmp_path) == 0


def test_two_lines_of_one_person_and_one_line_given_to_one_person_twice_are_no_quarrel(
    towns: Any, tmp_path: Path
) -> None:
    first, second, _third = towns
    for reference in ("1-1", "1-2"):
        match_line(first.office, "", reference, "H002")
    match_line(second.office, "", "1-1", "H002")
    assert meet(first, second, tmp_path) == meet(second, first, tmp_path) == 0
    assert paid(first) == paid(second) == {"H002": 120_000}


def test_a_decision_that_was_taken_back_leaves_the_line_to_the_other_machines(towns: Any, tmp_path: Path) -> None:
    first, second, _third = towns
    match_line(first.office, "", "1-1", "H002")
    undo_line(first.office, "", "1-1")
    match_line(second.office, "", "1-1", "H004:1")
    meet(first, second, tmp_path)
    meet(second, first, tmp_path)
    assert paid(first) == paid(second) == {"H004": 50_000}


def test_a_machine_that_settled_can_take_the_decision_back_as_any_other(towns: Any, tmp_path: Path) -> None:
    first, second, _third = towns
    match_line(first.office, "", "1-1", "H002")
    match_line(second.office, "", "1-1", "H004:1")
    for giver, taker in ((first, second), (second, first)):
        meet(giver, taker, tmp_path)
    undo_line(second.office, "", "1-1")
    match_line(second.office, "", "1-1", "H004:1")
    meet(second, first, tmp_path)
    assert paid(first) == paid(second) == {"H004": 50_000}
    assert list_ledger(second.office, "")[0].states[LineState.MATCHED].lines == 1
