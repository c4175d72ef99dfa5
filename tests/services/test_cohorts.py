"""Cohorts by ledger date: what came after what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.services.cohorts import Cohort, months_between, report_cohorts
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import record_attempt, record_milestone
from tests.conftest import Town
from tests.services.ledger_town import give_ids, id_of, row, take_in


def met(town: Any, code: str, month: int, day: int) -> None:
    at = dt.datetime(2005, month, day, 19, tzinfo=town.workspace.zone)
    record_attempt(town.office, "", code, channel="visit", disposition="card_handed", at=at)


def pays(town: Any, code: str, month: int, day: int) -> None:
    record_milestone(town.office, "", code, kind="paid", on=dt.date(2005, month, day), amount_fen=100)


@pytest.fixture
def place(town: Any) -> Any:
    """March: one pays at once, one in May, one had paid, one not. May: one the same day. Not met: one pays."""
    for code, day in (("H001", 2), ("H002", 3), ("H003", 20), ("H004", 21)):
        met(town, code, 3, day)
    met(town, "H005", 5, 9)
    for code, month, day in (("H001", 3, 30), ("H002", 5, 1), ("H003", 3, 19), ("H005", 5, 9), ("H006", 5, 2)):
        pays(town, code, month, day)
    return town


def test_households_fall_into_the_month_they_were_met_and_the_months_after(place: Any) -> None:
    found = report_cohorts(place.office, "")
    assert found.through == "2005-05"
    assert found.cohorts == (
        Cohort("2005-03", 4, 1, (1, 0, 1), 1),
        Cohort("2005-05", 1, 0, (1,), 0),
        Cohort("", 25, 1, (), 24),
    )


def test_every_household_is_in_one_cell(place: Any) -> None:
    found = report_cohorts(place.office, "").cohorts
    assert sum(one.households for one in found) == 30
    assert all(one.households == one.before + sum(one.later) + one.not_yet for one in found)


def test_months_the_ledger_does_not_cover_have_no_cell(place: Any) -> None:
    give_ids(place)
    met(place, "H007", 6, 1)
    take_in(place, [row("轩辕不在", id_of(901))])  # the ledger is known through May
    june = next(one for one in report_cohorts(place.office, "").cohorts if one.month == "2005-06")
    assert june.later == ()
    assert june.not_yet == 1


def cells(town: Any, month: str, until: str) -> tuple[int | None, ...]:
    return next(one.later for one in report_cohorts(town.office, "", until=until).cohorts if one.month == month)


def test_a_file_of_registrations_does_not_make_a_month_without_payments(town: Any) -> None:
    give_ids(town)
    met(town, "H007", 3, 1)
    name = next(one["姓名"] for one in town.household_rows() if one["户号"] == "H007")
    take_in(town, [row("轩辕不在", id_of(901), day="2005-03-08")], month="2005-03")
    take_in(town, [row(name, "", "", 业务类型="登记")], "registered.csv")
    assert cells(town, "2005-03", "paid") == (0,)
    assert cells(town, "2005-03", "registered") == (None, None, 0)
    assert report_cohorts(town.office, "", until="registered").through == "2005-05"


def test_a_month_between_two_files_is_empty_and_told(town: Any) -> None:
    give_ids(town)
    met(town, "H007", 3, 1)
    for month in ("2005-03", "2005-05"):
        take_in(town, [row("轩辕不在", id_of(901), day=f"{month}-08")], f"{month}.csv", month=month)
    assert cells(town, "2005-03", "paid") == (0, None, 0)
    assert report_cohorts(town.office, "").gaps == ("2005-04",)


def test_a_step_in_a_month_without_a_file_is_shown_and_makes_no_nought_of_the_others(town: Any) -> None:
    give_ids(town)
    met(town, "H007", 3, 1)
    met(town, "H008", 4, 1)
    take_in(town, [row("轩辕不在", id_of(901), day="2005-03-08")], month="2005-03")
    pays(town, "H007", 4, 9)
    assert cells(town, "2005-03", "paid") == (0, 1)
    assert cells(town, "2005-04", "paid") == ()


def test_a_month_taken_in_on_another_machine_is_covered_by_the_facts_it_sent(town: Any, tmp_path: Path) -> None:
    give_ids(town)
    met(town, "H007", 3, 1)
    other = Town(town.beside("second"))
    people = town.household_rows()
    number = next(n for n, one in enumerate(people) if one["户号"] == "H009")
    take_in(other, [row(people[number]["姓名"], id_of(number))])
    export_log(other.office, "", tmp_path / "log")
    other.close()
    merge_log(town.office, "", tmp_path / "log")
    found = report_cohorts(town.office, "")
    assert (found.through, found.gaps) == ("2005-05", ("2005-03", "2005-04"))
    assert cells(town, "2005-03", "paid") == (None, None, 0)


def test_a_word_that_is_no_start_is_refused(place: Any) -> None:
    with pytest.raises(BadInput, match="choose one of contact, card"):
        report_cohorts(place.office, "", since="letter")


@pytest.mark.parametrize(("first", "second", "gap"), [("2005-03", "2005-10", 7), ("2005-12", "2006-01", 1)])
def test_months_are_counted_by_the_calendar(first: str, second: str, gap: int) -> None:
    assert months_between(first, second) == gap
