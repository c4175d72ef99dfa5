"""A fact of the wrong household is taken back in the open: it counts nowhere, and nothing is deleted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.domain.contact import Standing
from outreach.domain.follow_up import FollowUpKind
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.checkup import check_workspace
from outreach.services.contact_audit import audit_contacts
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contact_withdrawal import withdraw_fact
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.follow_up_lists import list_follow_ups
from outreach.services.follow_ups import move_follow_up
from outreach.services.office import open_office
from outreach.services.outcomes import report_outcomes
from outreach.services.reports import report_coverage
from outreach.services.territories import show_household
from outreach.services.try_records import know


def visit(town: Any, code: str = "H001", **more: Any) -> Any:
    given = {"channel": "visit", "disposition": "card_handed", "left": ("card",)} | more
    return record_attempt(town.office, "", code, **given)


def standing(town: Any, code: str) -> Standing:
    found: Standing = show_household(town.office, "", code).standing
    return found


def everywhere(town: Any) -> tuple[object, ...]:
    """What every report makes of the facts."""
    known = know(town.office, "", town.clock.present.date())
    return (
        report_outcomes(town.office, "", "community"),
        report_coverage(town.office, "", by="community"),
        audit_contacts(town.office, "").audit,
        {home.code: known.history(home).tries for home in known.homes},
        known.left_out,
        known.registered,
    )


def test_a_withdrawn_attempt_counts_nowhere(town: Any) -> None:
    before = everywhere(town)
    wrong = visit(town, at=town.clock.present - dt.timedelta(days=1))
    assert everywhere(town) != before
    done = withdraw_fact(town.office, "", wrong.id, reason="that was the house next door")
    assert everywhere(town) == before
    assert standing(town, "H001") == Standing()
    view = show_household(town.office, "", "H001")
    assert [(one.disposition.value, one.corrects) for one in view.attempts if one.id == done.id] == [
        ("withdrawn", wrong.id)
    ]
    assert {one.note for one in view.attempts} == {"", "that was the house next door"}
    assert view.attempts[0].at == view.attempts[1].at  # a report of any stretch of days holds both or neither
    assert check_workspace(town.office, "").attempts == 2  # and the projection agrees with the log


def test_a_withdrawn_payment_counts_nowhere(town: Any) -> None:
    before = everywhere(town)
    wrong = record_milestone(town.office, "", "H001", kind="paid", amount_fen=5_000, on=dt.date(2005, 6, 1))
    withdraw_fact(town.office, "", wrong.id, reason="another person of that name")
    assert everywhere(town) == before
    assert standing(town, "H001") == Standing()


def test_the_same_fact_is_recorded_of_the_household_it_belongs_to(town: Any) -> None:
    wrong = visit(town, person=2, note="谈了很久")
    done = withdraw_fact(town.office, "", wrong.id, reason="wrong line", to="H002")
    assert standing(town, "H001") == Standing()
    (moved,) = show_household(town.office, "", "H002").attempts
    assert moved.id == done.moved
    assert (moved.at, moved.disposition, moved.left, moved.note) == (wrong.at, wrong.disposition, ("card",), "谈了很久")
    assert (moved.person, moved.officer, moved.corrects) == (0, wrong.officer, "")


def test_what_was_promised_at_the_contact_is_owed_to_the_household_it_belongs_to(town: Any) -> None:
    wrong = visit(town, person=2, promise=dt.date(2005, 6, 20), promise_about="the papers")
    (promise,) = list_follow_ups(town.office, "", kinds=[FollowUpKind.PROMISE])
    move_follow_up(town.office, "", promise.id, due=dt.date(2005, 6, 27))
    done = withdraw_fact(town.office, "", wrong.id, reason="wrong line", to="H002")
    (owed,) = list_follow_ups(town.office, "", kinds=[FollowUpKind.PROMISE])
    assert (owed.id,) == done.promises
    assert (owed.household, owed.person, owed.about, owed.due) == ("H002", 0, "the papers", dt.date(2005, 6, 27))
    withdraw_fact(town.office, "", done.moved, reason="nobody was there")
    assert list_follow_ups(town.office, "", kinds=[FollowUpKind.PROMISE]) == []


def test_a_promise_kept_by_another_contact_is_not_made_again(town: Any) -> None:
    wrong = visit(town, at=town.clock.present - dt.timedelta(days=2), promise=dt.date(2005, 6, 20), promise_about="x")
    (promise,) = list_follow_ups(town.office, "", kinds=[FollowUpKind.PROMISE])
    visit(town, closes=[promise.id])
    assert withdraw_fact(town.office, "", wrong.id, reason="wrong line", to="H002").promises == ()


def test_a_withdrawal_may_be_corrected_but_not_what_it_withdrew(town: Any) -> None:
    wrong = visit(town)
    done = withdraw_fact(town.office, "", wrong.id, reason="mistake")
    with pytest.raises(BadInput, match="has been corrected already"):
        visit(town, corrects=wrong.id)
    visit(town, corrects=done.id)
    assert standing(town, "H001").attempts == 1


def test_what_cannot_be_withdrawn_is_said(town: Any) -> None:
    made = visit(town)
    with pytest.raises(BadInput, match="say why"):
        withdraw_fact(town.office, "", made.id, reason=" ")
    with pytest.raises(NotFound, match="there is no such fact"):
        withdraw_fact(town.office, "", "nothing", reason="x")
    with pytest.raises(BadInput, match="there is no such household"):
        withdraw_fact(town.office, "", made.id, reason="x", to="H999")
    with pytest.raises(BadInput, match="recorded of household H001 already"):
        withdraw_fact(town.office, "", made.id, reason="x", to="H001")
    assert standing(town, "H001").attempts == 1
    withdraw_fact(town.office, "", made.id, reason="x")
    with pytest.raises(Conflict, match="corrected or withdrawn already"):
        withdraw_fact(town.office, "", made.id, reason="x")


def test_a_withdrawal_travels_with_the_log(town: Any, tmp_path: Path) -> None:
    other = open_office(load_workspace(town.beside("other")), clock=town.clock)
    wrong = visit(town)
    export_log(town.office, "", tmp_path / "a.log")
    assert merge_log(other, "", tmp_path / "a.log").new == 1
    withdraw_fact(town.office, "", wrong.id, reason="mistake")
    export_log(town.office, "", tmp_path / "b.log")
    assert merge_log(other, "", tmp_path / "b.log").new == 1
    assert show_household(other, "", "H001").standing == Standing()
    other.close()
