"""What is said of one person of a household decides nothing for the others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.follow_up import FollowUpKind
from outreach.domain.monthly import Month, outside
from outreach.domain.outcome_rates import Final
from outreach.services.contacts import record_attempt
from outreach.services.due import list_due
from outreach.services.follow_up_lists import list_follow_ups
from outreach.services.monthly_reading import read_month
from outreach.services.outcomes import report_outcomes
from outreach.services.rosters import import_households
from outreach.services.walk_closed import left_out_now


@pytest.fixture
def couple(town: Any) -> str:
    """The code of a household of two, each of whom has a mobile."""
    rows = [
        row | ({"手机": "12105550199"} if (row["户号"], row["关系"]) == ("H007", "配偶") else {})
        for row in town.household_rows()
    ]
    import_households(town.office, town.table(rows, "again.csv"))
    return "H007"


def said(town: Any, code: str, outcome: str, person: int, day: int, channel: str = "visit") -> None:
    at = dt.datetime(2005, 4, day, 18, tzinfo=town.workspace.zone)
    record_attempt(town.office, "town", code, channel=channel, disposition=outcome, person=person, at=at)


def listed(town: Any, code: str) -> Any:
    """The household's line in the list of the day, None where it is left out."""
    return next((line for line in list_due(town.office, "town").lines if line.code == code), None)


def test_one_of_two_who_is_not_in_scope_leaves_the_other_in_every_list_and_denominator(town: Any, couple: str) -> None:
    said(town, couple, "not_eligible", 2, 8)
    report = report_outcomes(town.office, "town", "community")
    assert report.out_of_scope == ()
    assert report.total.eligible == 30
    assert outside(read_month(town.office, "town", Month(2005, 6), None).record) == []
    assert listed(town, couple).channel == "visit"
    with town.office.store.read() as unit:
        homes = unit.rosters.households([couple])
        assert left_out_now(unit, "town", homes, town.clock.present.date(), town.workspace.zone) == {}


def test_both_of_two_who_are_not_in_scope_leave_every_list_and_denominator(town: Any, couple: str) -> None:
    said(town, couple, "not_eligible", 2, 8)
    said(town, couple, "moved", 1, 9)
    report = report_outcomes(town.office, "town", "community")
    assert report.out_of_scope == (couple,)
    assert report.total.counts[Final.NOT_ELIGIBLE] == 1
    assert [one.household for one in outside(read_month(town.office, "town", Month(2005, 6), None).record)] == [couple]
    assert listed(town, couple) is None
    with town.office.store.read() as unit:
        homes = unit.rosters.households([couple])
        assert set(left_out_now(unit, "town", homes, town.clock.present.date(), town.workspace.zone)) == {couple}


def test_one_of_two_who_moved_leaves_the_others_return_visit_open(town: Any, couple: str) -> None:
    said(town, couple, "informed", 1, 8)
    said(town, couple, "not_eligible", 2, 20)
    (owed,) = list_follow_ups(town.office, "town")
    assert (owed.kind, owed.household, owed.person) == (FollowUpKind.RETURN_VISIT, couple, 1)
    assert "return visit" in listed(town, couple).why
    said(town, couple, "moved", 1, 21)
    assert list_follow_ups(town.office, "town") == []
    assert listed(town, couple) is None


def test_a_dead_number_of_one_of_two_ends_no_calls_to_the_other(town: Any, couple: str) -> None:
    for day in (1, 5, 9):
        said(town, couple, "nobody_home", 0, day)
    said(town, couple, "out_of_service", 1, 12, "call")
    assert listed(town, couple).channel == "call"
    said(town, couple, "out_of_service", 2, 18, "call")
    assert listed(town, couple).channel == "letter"


def test_who_died_is_named_and_the_others_are_still_looked_for(town: Any, couple: str) -> None:
    said(town, couple, "died", 1, 8)
    assert "person 1: has died, the family said, ask for the others" in listed(town, couple).why
    said(town, "H002", "died", 0, 8)
    assert listed(town, "H002") is None
