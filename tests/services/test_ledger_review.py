"""Lines that wait: shown with what speaks for each candidate, decided, and decided otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import load_workbook

from outreach.domain.ledger import LineState, Tally
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.ledger import list_ledger
from outreach.services.ledger_files import write_open_lines
from outreach.services.ledger_review import match_line, open_lines, refuse_line, review_lines, undo_line
from tests.services.ledger_town import give_ids, id_of, log, paid, row, take_in


@pytest.fixture
def place(town: Any) -> Any:
    """A month with a line that is like somebody (1-1) and one of nobody here (1-2)."""
    give_ids(town)
    number = id_of(3)
    take_in(town, [row("王安", number[:16] + str((int(number[16]) + 1) % 10) + number[17], 手机="12105550102"),
                   row("轩辕不在", id_of(901), "500")])  # fmt: skip
    return town


def test_what_waits_stands_beside_whom_it_is_like(place: Any) -> None:
    (waiting,) = review_lines(place.office, "")
    assert waiting.reference == "1-1"
    best = waiting.candidates[0]
    assert best.household.code == "H003"
    assert {one.feature: one.level for one in best.evidence}["phone"] == "same"
    stored = place.sql("select candidates from ledger_lines")
    assert "12105550102" not in str(stored)  # what is kept of a candidate has no number in it


def test_a_decision_makes_the_milestone_and_says_who_decided(place: Any) -> None:
    decided = match_line(place.office, "", "1-1", "H003:1")
    assert (decided.state, decided.key) == (LineState.MATCHED, "decision")
    assert decided.decided == place.office.now()
    assert paid(place) == {"H003": 120_000}
    assert review_lines(place.office, "") == []


def test_an_unmatched_line_may_be_given_to_somebody_too(place: Any) -> None:
    match_line(place.office, "", "1-2", "H002")
    assert paid(place) == {"H002": 50_000}


def test_a_decision_is_taken_back_by_a_fact_and_the_line_waits_again(place: Any) -> None:
    match_line(place.office, "", "1-1", "H005")
    undone = undo_line(place.office, "", "1-1")
    assert undone.state is LineState.REVIEW
    assert paid(place) == {}
    assert log(place) == [("H005", "paid", 120_000), ("H005", "withdrawn", 0)]
    assert "H005" in {one.household.code for one in review_lines(place.office, "")[0].candidates}
    match_line(place.office, "", "1-1", "H005:1")  # and given to the same household once more, it counts once more
    assert paid(place) == {"H005": 120_000}


def test_a_match_by_key_may_be_undone_and_refused_for_good(place: Any) -> None:
    lines = [row("张宁", id_of(5))]
    name = next(one["姓名"] for number, one in enumerate(place.household_rows()) if number == 5)
    lines = [row(name, id_of(5))]
    take_in(place, lines, "more.csv")
    assert paid(place) != {}
    undo_line(place.office, "", "2-1")
    refuse_line(place.office, "", "2-1")
    take_in(place, lines, "more.csv")
    take_in(place, [*lines, row("轩辕又来", id_of(903))], "longer.csv")
    assert paid(place) == {}
    assert list_ledger(place.office, "")[-1].states[LineState.REFUSED] == Tally(1, 120_000)


def test_refused_and_unmatched_lines_are_listed_with_their_yuan(place: Any, tmp_path: Any) -> None:
    refuse_line(place.office, "", "1-1")
    found = open_lines(place.office, "")
    assert [(one.reference, one.line.state.value) for one in found] == [("1-1", "refused"), ("1-2", "unmatched")]
    book = load_workbook(write_open_lines(found, tmp_path / "open.xlsx", "en", unmask=False))
    rows = list(book.worksheets[0].values)
    assert [one[3] for one in rows[1:]] == ["王安", "轩辕不在"]
    assert "*" in str(rows[2][4])
    assert id_of(901) not in str(rows)
    assert list(book.worksheets[1].values)[1:] == [("Lines", 2), ("Yuan", 1700)]
    whole = load_workbook(write_open_lines(found, tmp_path / "whole.xlsx", "en", unmask=True))
    assert id_of(901) in str(list(whole.worksheets[0].values))


@pytest.mark.parametrize(
    ("line", "whom", "error", "said"),
    [
        ("1-9", "H001", NotFound, "there is no such line"),
        ("7-1", "H001", NotFound, "there is no such line"),
        ("seven", "H001", BadInput, "names no line"),
        ("1-1", "H999", NotFound, "there is no such household"),
        ("1-1", "H001", BadInput, "the household has 2 persons; name the person too, such as H001:1"),
        ("1-1", "H001:7", NotFound, "has no person number 7"),
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence(
    place: Any, line: str, whom: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        match_line(place.office, "", line, whom)
    assert paid(place) == {}


def test_a_settled_line_is_undone_before_it_is_decided_otherwise(place: Any) -> None:
    match_line(place.office, "", "1-1", "H003")
    with pytest.raises(Conflict, match="take the decision back first"):
        match_line(place.office, "", "1-1", "H005")
    with pytest.raises(Conflict, match="nothing is decided of it"):
        undo_line(place.office, "", "1-2")


def test_a_decision_holds_when_the_month_is_issued_again_with_another_sum(place: Any) -> None:
    match_line(place.office, "", "1-1", "H003")
    number = id_of(3)
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    lines = [row("王安", wrong, "1300", 手机="12105550102"), row("轩辕不在", id_of(901), "500")]
    take_in(place, lines, "corrected.csv", corrects=1)
    assert paid(place) == {"H003": 130_000}
    with pytest.raises(Conflict, match="a newer file of the month"):
        undo_line(place.office, "", "1-1")
