"""The ledger of a month goes on after somebody who had paid in it was erased."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.domain.ledger import LineState
from outreach.errors import BadInput, Conflict
from outreach.services.erasure import erase_household
from outreach.services.ledger import list_ledger
from outreach.services.ledger_review import match_line, undo_line
from outreach.services.reports import report_funnel
from tests.services.ledger_town import give_ids, id_of, paid, row, take_in


def lines(town: Any, *amounts: str) -> list[dict[str, str]]:
    """A line each of the persons in rows 2, 3 and 4 of the roster."""
    people = town.household_rows()
    return [row(people[n]["姓名"], id_of(n), amount) for n, amount in zip((2, 3, 4), amounts, strict=True)]


@pytest.fixture
def place(town: Any) -> Any:
    """A month of three payments, of whose payers the one of the third line was erased."""
    give_ids(town)
    take_in(town, lines(town, "100", "200", "400"))
    erase_household(town.office, town.household_rows()[4]["户号"], reason="asked at the counter")
    return town


def test_the_same_file_is_read_again_after_an_erasure(place: Any) -> None:
    before = paid(place)
    report = take_in(place, lines(place, "100", "200", "400"))
    assert (report.known, report.missing) == (True, ())
    assert paid(place) == before


def test_a_corrected_file_keeps_the_payment_of_the_erased_household(place: Any) -> None:
    before = report_funnel(place.office, "").fen
    report = take_in(place, lines(place, "150", "200", "400"), "again.csv", corrects=1, withdraw_missing=True)
    assert [(old.amount_fen, new.amount_fen) for old, new in report.changes] == [(10_000, 15_000)]
    assert (report.unchanged, report.missing, report.withdrawn) == (2, (), 0)
    assert report_funnel(place.office, "").fen == before + 5_000
    assert all(one.adds_up for one in list_ledger(place.office, ""))


def test_the_erased_households_line_is_never_missing_and_never_withdrawn(place: Any) -> None:
    before = report_funnel(place.office, "").fen
    report = take_in(place, lines(place, "100", "200", "400")[:1], "shorter.csv", corrects=1, withdraw_missing=True)
    assert [line.amount_fen for line in report.missing] == [20_000]
    assert report_funnel(place.office, "").fen == before - 20_000


def test_another_sum_of_the_erased_household_changes_nobodys_payment(place: Any) -> None:
    before = report_funnel(place.office, "").fen
    report = take_in(place, lines(place, "100", "200", "450"), "again.csv", withdraw_missing=True)
    assert (report.changes, report.missing) == ((), ())
    assert report.states[LineState.ERASED].fen == 45_000
    assert report_funnel(place.office, "").fen == before


def test_an_erased_line_is_not_undone(place: Any) -> None:
    before = report_funnel(place.office, "").fen
    with pytest.raises(Conflict, match="whose it was has been erased"):
        undo_line(place.office, "", "1-3")
    assert report_funnel(place.office, "").fen == before


def test_lines_of_others_are_decided_and_undone_after_an_erasure(place: Any) -> None:
    undo_line(place.office, "", "1-1")
    home = place.household_rows()[2]["户号"]
    match_line(place.office, "", "1-1", f"{home}:1")
    assert paid(place)[home] == 10_000


def test_a_file_of_headings_alone_is_refused(town: Any) -> None:
    path = town.root / "empty.csv"
    path.write_text("姓名,到账日期,缴费金额\n", "utf-8")
    from outreach.services.ledger import import_ledger

    with pytest.raises(BadInput, match="no rows"):
        import_ledger(town.office, "", path, "2005-05")
    assert list_ledger(town.office, "") == []
