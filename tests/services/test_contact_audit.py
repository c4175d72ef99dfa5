"""The audit of a town's recorded visits: questions with their evidence, in a table and in a workbook."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import openpyxl
import pytest

from outreach.domain.audit import Rule
from outreach.errors import NotFound
from outreach.services.contact_audit import audit_contacts, question, write_questions
from outreach.services.contacts import record_attempt

DAY = dt.datetime(2005, 3, 8, 18, 30)  # noqa: DTZ001 - as typed at the keyboard


@pytest.fixture
def cheated(town: Any) -> Any:
    """The town with fourteen visits of one officer, all over the town, within twenty minutes."""
    zone = town.office.workspace.zone
    for n in range(14):
        at = (DAY + dt.timedelta(minutes=n * 1.5)).replace(tzinfo=zone)
        record_attempt(
            town.office, "", f"H{n * 2 + 1:03d}", channel="visit", disposition="nobody_home", officer="Y01", at=at
        )
    return town


def test_a_run_becomes_a_question_with_its_facts(cheated: Any) -> None:
    found = audit_contacts(cheated.office, "")
    (finding,) = found.audit.findings
    asked = question(finding)
    assert finding.rule is Rule.PACE
    assert asked.startswith("Were these 14 visits of 2005-03-08 at ")
    assert asked.endswith("within 20 minutes, from 18:30 to 18:49, or recorded from one spot?")
    places = [visit.place for visit in finding.groups[0].visits if visit.place]
    apart = max(math.dist(one, other) for one in places for other in places)
    assert f" entrances up to {apart:,.0f} m apart made one after another " in asked
    with cheated.office.store.read() as unit:
        known = {one.id for one in unit.facts.attempts("town")}
    assert {visit.id for visit in finding.groups[0].visits} == known


def test_visits_of_many_homes_in_one_minute_are_asked_about_as_recorded_from_one_spot(town: Any) -> None:
    at = DAY.replace(tzinfo=town.office.workspace.zone)
    for code in ("H001", "H011", "H021", "H030"):
        record_attempt(town.office, "", code, channel="visit", disposition="nobody_home", officer="Y01", at=at)
    (finding,) = audit_contacts(town.office, "").audit.findings
    assert finding.rule is Rule.SAME_MINUTE
    assert question(finding).endswith("all made at 18:30, or is that when they were recorded from one spot?")


@pytest.mark.parametrize("days", [1, 5])
def test_a_copied_note_is_quoted_and_a_day_is_named_once(town: Any, days: int) -> None:
    zone = town.office.workspace.zone
    for n in range(5):
        at = (DAY + dt.timedelta(days=n % days, minutes=25 * n + 3)).replace(tzinfo=zone)
        record_attempt(
            town.office, "", f"H{n + 1:03d}", channel="visit", disposition="nobody_home", officer="Y01", at=at,
            note="已上门，留下服务卡。",
        )  # fmt: skip
    (finding,) = audit_contacts(town.office, "").audit.findings
    when = "of 2005-03-08" if days == 1 else "between 2005-03-08 and 2005-03-12"
    note = "“已上门，留下服务卡。”"
    assert question(finding) == f"Were these 5 visits {when} so alike that the same note, {note}, fits them all?"


def test_corrected_visits_and_other_channels_are_not_asked_about(cheated: Any) -> None:
    with cheated.office.store.read() as unit:
        facts = list(unit.facts.attempts("town"))
    for one in facts:
        record_attempt(
            cheated.office, "", one.household, channel="call", disposition="no_answer", officer="Y01", at=one.at,
            corrects=one.id,
        )  # fmt: skip
    found = audit_contacts(cheated.office, "")
    assert (found.audit.visits, found.audit.findings) == (0, ())


def test_days_and_posts_narrow_the_questions(cheated: Any) -> None:
    day = DAY.date()
    assert audit_contacts(cheated.office, "", since=day, until=day).audit.findings
    assert audit_contacts(cheated.office, "", since=day + dt.timedelta(days=1)).audit.visits == 0
    assert audit_contacts(cheated.office, "", post="G01").audit.findings
    assert audit_contacts(cheated.office, "", post="G02").audit.findings == ()
    with pytest.raises(NotFound, match="no such post or officer"):
        audit_contacts(cheated.office, "", post="G77")


def test_the_workbook_holds_each_question_and_the_visits_under_it(cheated: Any) -> None:
    found = audit_contacts(cheated.office, "")
    book = openpyxl.load_workbook(write_questions(found, cheated.root / "q.xlsx"))
    questions, visits, scope = book.worksheets
    assert questions.cell(2, 5).value == question(found.audit.findings[0])
    assert [cell.value for cell in visits[1]][4:6] == ["Visit at", "Recorded"]
    assert [row[3].value for row in visits.iter_rows(min_row=2)] == [f"H{n * 2 + 1:03d}" for n in range(14)]
    assert "A question is no finding of fault" in str(scope.cell(2, 1).value)


def test_nothing_is_stored(cheated: Any) -> None:
    with cheated.office.store.read() as unit:
        before = unit.facts.count("town")
    audit_contacts(cheated.office, "")
    with cheated.reopen().store.read() as unit:
        assert unit.facts.count("town") == before
