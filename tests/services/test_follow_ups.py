"""Follow-ups over the store: opened, moved, closed by a contact, listed by officer, and merged between machines."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from outreach.config import load_workspace
from outreach.domain.contact import Attempt, Disposition
from outreach.domain.follow_up import FollowUpKind, FollowUpState
from outreach.domain.ids import uuid7
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.campaigns import load_campaign
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import record_attempt
from outreach.services.due import PROMISED, list_due
from outreach.services.follow_up_closing import close_faults
from outreach.services.follow_up_lists import FollowUpLine, list_follow_ups, report_overdue, write_calendar
from outreach.services.follow_ups import answer_follow_up, move_follow_up, record_follow_up
from outreach.services.office import Office, open_office
from outreach.services.suppressions import suppress

PROMISE, COMPLAINT = FollowUpKind.PROMISE, FollowUpKind.COMPLAINT


def listed(office: Office, **wanted: Any) -> list[FollowUpLine]:
    return list_follow_ups(office, "town", **wanted)


def promise(office: Office, household: str = "H001", due: dt.date = dt.date(2005, 6, 20)) -> str:
    return record_follow_up(office, "town", PROMISE, household=household, about="送对账单", due=due).id


def visited(
    office: Office, household: str, day: dt.date, outcome: str = "informed", closes: tuple[str, ...] = ()
) -> None:
    """An attempt as it comes from a log, so that it may close something."""
    at = dt.datetime.combine(day, dt.time(18), office.workspace.zone)
    one = Attempt(uuid7(at, office.randomness), household, "visit", "Y01", at, Disposition(outcome), closes=closes)
    with office.store.write() as unit:
        unit.facts.append_attempts("town", [(one, None)], unit.rosters.household_ids(), office.now())


def test_a_promise_is_listed_for_the_officer_who_has_the_household_now(town: Any) -> None:
    key = promise(town.office)
    (line,) = listed(town.office)
    assert (line.id, line.household, line.about, line.state) == (key, "H001", "送对账单", FollowUpState.OPEN)
    assert line.officer
    assert listed(town.office, officer=line.officer) == [line]
    others = {"Y01", "Y02", "Y03", "Y04"} - {line.officer}
    assert listed(town.office, officer=others.pop()) == []


def test_only_an_attempt_closes_it(town: Any) -> None:
    key = promise(town.office)
    visited(town.office, "H001", dt.date(2005, 6, 14), "nobody_home")
    assert [one.id for one in listed(town.office)] == [key]
    visited(town.office, "H001", dt.date(2005, 6, 15), "refused", closes=(key,))
    assert listed(town.office) == []
    (closed,) = listed(town.office, states=[FollowUpState.CLOSED])
    assert closed.id == key
    with pytest.raises(Conflict, match="only a contact closes it"):
        answer_follow_up(town.office, "town", promise(town.office), "办好了")
    with pytest.raises(Conflict, match="was closed on 2005-06-15"):
        move_follow_up(town.office, "town", key, due=dt.date(2005, 7, 1))


def test_a_promise_moved_twice_stands_once_with_its_first_day(town: Any) -> None:
    first = promise(town.office)
    second = move_follow_up(town.office, "town", first, due=dt.date(2005, 6, 25)).id
    move_follow_up(town.office, "town", second, due=dt.date(2005, 6, 30), about="送对账单和卡")
    (line,) = listed(town.office)
    assert (line.due.day, line.first_due.day, line.moved, line.about) == (30, 20, 2, "送对账单和卡")


def test_a_complaint_has_a_deadline_in_working_days_and_needs_no_household(town: Any) -> None:
    # 2005-06-15 is a Wednesday: fifteen working days later is Wednesday 2005-07-06.
    one = record_follow_up(town.office, "town", COMPLAINT, who="过路的赵先生", about="热线打不通")
    assert one.due == dt.date(2005, 7, 6)
    (line,) = listed(town.office)
    assert (line.household, line.who, line.officer) == ("", "过路的赵先生", "")
    answer_follow_up(town.office, "town", one.id, "已回电并换了号码")
    assert listed(town.office) == []


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"kind": PROMISE, "about": "x", "due": dt.date(2005, 6, 20)}, "only a complaint may come from"),
        ({"kind": COMPLAINT, "about": "x"}, "HOUSEHOLD: is missing; name the household, or who complains"),
        ({"kind": PROMISE, "household": "H001", "about": "x"}, "--due: is missing"),
        ({"kind": PROMISE, "household": "H001", "about": " ", "due": dt.date(2005, 6, 20)}, "--about: is empty"),
        ({"kind": PROMISE, "household": "H999", "about": "x", "due": dt.date(2005, 6, 20)}, "no such household"),
        ({"kind": PROMISE, "household": "H001", "about": "x", "due": dt.date(2005, 6, 14)}, "before the day it was"),
        (
            {"kind": PROMISE, "household": "H001", "person": 9, "about": "x", "due": dt.date(2005, 6, 20)},
            "has no person number 9",
        ),
        (
            {"kind": FollowUpKind.RETURN_VISIT, "household": "H001", "about": "x", "due": dt.date(2005, 6, 20)},
            "follows",
        ),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(town: Any, told: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        record_follow_up(town.office, "town", **told)
    assert listed(town.office) == []


def test_an_unknown_officer_or_follow_up_is_refused(town: Any) -> None:
    with pytest.raises(NotFound, match="no such officer or post"):
        record_follow_up(
            town.office, "town", PROMISE, household="H001", about="x", due=dt.date(2005, 6, 20), officer="Y99"
        )
    with pytest.raises(NotFound, match="no such follow-up"):
        move_follow_up(town.office, "town", "nothing", due=dt.date(2005, 6, 30))


def test_every_household_informed_is_owed_a_return_visit_until_somebody_meets_them_again(town: Any) -> None:
    visited(town.office, "H003", dt.date(2005, 4, 1))
    visited(town.office, "H004", dt.date(2005, 4, 1), "nobody_home")
    (line,) = listed(town.office)
    assert (line.kind, line.household, line.due) == (FollowUpKind.RETURN_VISIT, "H003", dt.date(2005, 5, 1))
    assert (line.state, line.days) == (FollowUpState.OVERDUE, 45)
    visited(town.office, "H003", dt.date(2005, 6, 14), "refused")
    assert listed(town.office) == []


def test_who_wishes_no_contact_is_owed_no_return_visit(town: Any) -> None:
    visited(town.office, "H003", dt.date(2005, 4, 1))
    suppress(town.office, "H003", reason="来电要求")
    assert listed(town.office) == []


def test_the_plan_file_says_when_return_visits_are_due(town: Any) -> None:
    visited(town.office, "H003", dt.date(2005, 4, 1))
    plan = town.campaign_file.with_name("plan.toml")
    plan.write_text('[followups]\nreturn_visit_days = 90\nreturn_visit_channels = ["call"]\n', "utf-8")
    (line,) = listed(town.office)
    assert (line.due, line.state) == (dt.date(2005, 6, 30), FollowUpState.OPEN)
    plan.write_text("[followups]\nreturn_visit_days = 0\n", "utf-8")
    assert listed(town.office) == []
    plan.write_text("[followups]\nreturn_visit_days = -1\n", "utf-8")
    with pytest.raises(BadInput, match=r"followups\.return_visit_days"):
        listed(town.office)


def test_only_open_follow_ups_of_the_household_can_be_closed(town: Any) -> None:
    mine, others = promise(town.office, "H001"), promise(town.office, "H002")
    campaign = load_campaign(town.workspace, "town")

    def faults(*keys: str) -> list[str]:
        with town.office.store.read() as unit:
            return [one.what for one in close_faults(town.office, unit, campaign, "H001", keys, town.office.now())]

    assert faults(mine) == []
    assert faults(others, "x") == [f"household H001 has no follow-up {others}", "household H001 has no follow-up x"]
    visited(town.office, "H001", dt.date(2005, 6, 15), closes=(mine,))
    assert faults(mine) == [f"{mine} was closed on 2005-06-15"]


def test_the_overdue_are_counted_by_officer_with_the_oldest_and_the_share(town: Any) -> None:
    for number in (3, 4, 6):
        visited(town.office, f"H00{number}", dt.date(2005, 4, number))
    promise(town.office, "H001")
    report = report_overdue(town.office, "town", "community")
    assert (report.total.open, report.total.overdue, report.total.share) == (4, 3, 0.75)
    assert report.total.oldest == dt.date(2005, 5, 3)
    assert report.total.days == 43
    assert report.total.kinds == {"return_visit": 3}
    (group,) = report.groups
    assert group.key == "城东社区"
    by_officer = report_overdue(town.office, "town", "officer")
    assert sum(one.overdue for one in by_officer.groups) == 3
    assert [one.overdue for one in by_officer.groups] == sorted(
        (one.overdue for one in by_officer.groups), reverse=True
    )


def test_those_something_is_due_to_stand_first_in_the_list_of_the_day_with_the_reason(town: Any) -> None:
    visited(town.office, "H003", dt.date(2005, 4, 1))
    key = promise(town.office, "H009", dt.date(2005, 6, 15))
    found = list_due(town.office, "town", dt.date(2005, 6, 15))
    first, second, third = found.lines[:3]
    assert (first.code, first.turn) == ("H003", PROMISED)
    assert "return visit due on 2005-05-01, 45 days ago" in first.why
    assert (second.code, second.why) == ("H009", "promise due on 2005-06-15: 送对账单")
    assert third.turn > PROMISED
    codes = [line.code for line in found.lines]
    assert len(codes) == len(set(codes))
    assert found.total + sum(one.households for one in found.held) == 30
    visited(town.office, "H009", dt.date(2005, 6, 15), "refused", closes=(key,))
    assert [one.code for one in list_due(town.office, "town").lines if one.turn == PROMISED] == ["H003"]


def test_a_follow_up_is_due_on_no_day_before_its_own(town: Any) -> None:
    promise(town.office, "H009", dt.date(2005, 6, 20))
    assert [one for one in list_due(town.office, "town").lines if one.turn == PROMISED] == []


def test_the_due_days_go_into_a_calendar(town: Any, tmp_path: Path) -> None:
    promise(town.office)
    target = write_calendar(town.office, "town", listed(town.office), tmp_path / "due.ics")
    (event,) = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2005, 6, 20)
    assert "H001" in event["SUMMARY"]
    before = target.read_bytes()
    assert write_calendar(town.office, "town", listed(town.office), target).read_bytes() == before
    with pytest.raises(BadInput, match=r"is no \.ics file"):
        write_calendar(town.office, "town", [], tmp_path / "due.txt")


def _machine(town: Any, name: str) -> Office:
    return open_office(load_workspace(town.beside(name)), clock=town.clock)


def _standing(office: Office) -> list[FollowUpLine]:
    return listed(office, states=list(FollowUpState))


def test_logs_merged_in_any_order_leave_the_same_follow_ups_open(town: Any, tmp_path: Path) -> None:
    first = promise(town.office)
    promise(town.office, "H002")
    export_log(town.office, "town", tmp_path / "first")
    other, third = _machine(town, "other"), _machine(town, "third")
    # One machine moves the promise, the other keeps it and hears a complaint: neither knows of the other.
    move_follow_up(town.office, "town", first, due=dt.date(2005, 6, 30))
    visited(other, "H001", dt.date(2005, 6, 15), "informed", closes=(first,))
    complaint = record_follow_up(other, "town", COMPLAINT, who="赵先生", about="热线打不通")
    export_log(town.office, "town", tmp_path / "a")
    export_log(other, "town", tmp_path / "b")
    for office, logs in ((town.office, "bab"), (other, "aba"), (third, "ba")):
        for name in logs:
            merge_log(office, "town", tmp_path / name)
    assert _standing(town.office) == _standing(other) == _standing(third)
    opened = {one.household or one.who: one for one in listed(town.office)}
    # H001's promise is closed; the visit that closed it informed them, so that a return visit is owed.
    assert opened["H001"].kind is FollowUpKind.RETURN_VISIT
    assert opened["H002"].kind is PROMISE
    assert opened["赵先生"].id == complaint.id
    assert merge_log(town.office, "town", tmp_path / "b").new == 0
    for office in (other, third):
        office.close()


def test_a_log_written_before_there_were_follow_ups_is_still_taken_in(town: Any, tmp_path: Path) -> None:
    other = _machine(town, "other")
    at = dt.datetime(2005, 3, 8, 18, 30)  # noqa: DTZ001 - in the workspace's zone
    record_attempt(other, "town", "H001", channel="visit", disposition="nobody_home", at=at)
    export_log(other, "town", tmp_path / "log")
    assert "follow_up" not in (tmp_path / "log").read_text("utf-8")
    assert merge_log(town.office, "town", tmp_path / "log").new == 1
    other.close()
