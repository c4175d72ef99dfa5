"""Who is owed a promise or a return visit stands on a walk list though they were reached or paid, and why is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pypdfium2
import pytest

from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.follow_up import FollowUpKind
from outreach.domain.walk_list import LineReason
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.follow_ups import record_follow_up
from outreach.services.suppressions import suppress
from outreach.services.walk_files import WalkWish, export_walks
from outreach.services.walk_planning import WalkPlan, plan_walks
from outreach.services.walks import list_walks

TODAY = dt.date(2005, 6, 15)


def reached(town: Any, household: str, day: dt.date, *, person: int = 0) -> None:
    at = dt.datetime.combine(day, dt.time(19), town.clock.present.tzinfo)
    record_attempt(town.office, "", household, channel="visit", disposition="informed", at=at, person=person)


def reasons(plan: WalkPlan) -> dict[str, LineReason]:
    return {line.household: line.reason for one in plan.lists for line in one.lines}


def line_of(town: Any, code: str) -> Any:
    return next(line for sheet in list_walks(town.office, "") for line in sheet.lines if line.household.code == code)


@pytest.mark.parametrize("everybody", [False, True])
def test_a_return_visit_that_is_due_stands_on_a_list_with_its_reason(town: Any, everybody: bool) -> None:
    reached(town, "H003", dt.date(2005, 5, 1))  # due on 31 May
    reached(town, "H011", dt.date(2005, 6, 10))  # due on 10 July
    plan = plan_walks(town.office, "", days=10, everybody=everybody)
    assert reasons(plan)["H003"] is LineReason.OWED
    assert "H011" not in reasons(plan)
    assert plan.left_out["reached"] == 1
    assert (line_of(town, "H003").due, line_of(town, "H003").no_need) == (
        "return visit due on 2005-05-31, 15 days ago", "",
    )  # fmt: skip


def test_who_is_owed_something_is_listed_from_its_day_on_only(town: Any) -> None:
    reached(town, "H003", dt.date(2005, 5, 22))  # due on Tuesday, 21 June
    plan = plan_walks(town.office, "", days=10)
    (day,) = (one.day for one in plan.lists for line in one.lines if line.household == "H003")
    assert day >= dt.date(2005, 6, 21)


def test_a_promise_to_a_household_that_paid_is_kept(town: Any) -> None:
    record_milestone(town.office, "", "H002", kind=MilestoneKind.PAID.value, on=TODAY, amount_fen=100)
    record_milestone(town.office, "", "H005", kind=MilestoneKind.PAID.value, on=TODAY, amount_fen=100)
    kind = FollowUpKind.PROMISE
    record_follow_up(town.office, "", kind, household="H002", due=TODAY, about="bring the statement")
    plan = plan_walks(town.office, "", days=2)
    assert reasons(plan)["H002"] is LineReason.OWED
    assert "H005" not in reasons(plan)
    assert line_of(town, "H002").due == "promise due on 2005-06-15: bring the statement"


def test_a_wish_not_to_be_visited_stands_above_what_is_due(town: Any) -> None:
    reached(town, "H002", dt.date(2005, 5, 1))
    suppress(town.office, "H002", reason="asked", channel="visit")
    plan = plan_walks(town.office, "", days=10, everybody=True)
    assert "H002" not in reasons(plan)
    assert plan.left_out["reached"] == 1


def test_once_the_visit_was_made_the_line_says_that_nobody_need_go(town: Any) -> None:
    reached(town, "H002", dt.date(2005, 5, 1))
    plan_walks(town.office, "", days=1)
    assert line_of(town, "H002").due
    record_attempt(town.office, "", "H002", channel="visit", disposition=Disposition.INFORMED.value)
    assert (line_of(town, "H002").due, line_of(town, "H002").no_need) == ("", "reached")


@pytest.mark.parametrize(("language", "words"), [("en", "returnvisitdueon2005-05-31"), ("zh", "回访")])
def test_the_paper_says_in_its_own_language_what_is_due(town: Any, language: str, words: str) -> None:
    reached(town, "H002", dt.date(2005, 5, 1))
    plan_walks(town.office, "", days=1)
    done = export_walks(town.office, "", "pdf", town.root / "taken", WalkWish(language=language))
    pages = [page for path in done.files for page in pypdfium2.PdfDocument(path)]
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    assert words in text
    assert ("noneedtocall" if language == "en" else "不必再去") not in text


def test_a_line_names_neither_the_dead_nor_whom_nobody_may_call_on(town: Any) -> None:
    record_attempt(town.office, "", "H001", channel="visit", disposition="died", person=2)
    suppress(town.office, "H004", person=1, channel="visit", reason="asked")
    plan_walks(town.office, "", days=14, everybody=True)
    for code, left in (("H001", [1]), ("H004", [2]), ("H007", [1, 2])):
        assert [one.number for one in line_of(town, code).named.persons] == left
