"""Follow-ups typed wrong, told late or told twice; closed before they were opened; given to an officer who left."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.domain.follow_up import FollowUpKind, FollowUpState
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.cases import import_cases, list_cases
from outreach.services.contact_entry import open_sheet, write_sheet
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contact_withdrawal import withdraw_fact
from outreach.services.contacts import import_attempts, record_attempt
from outreach.services.entry_lines import Doors, read_line
from outreach.services.follow_up_closing import left_standing
from outreach.services.follow_up_lists import list_follow_ups
from outreach.services.follow_ups import move_follow_up, open_before, record_follow_up, withdraw_follow_up
from outreach.services.office import open_office
from outreach.services.rosters import import_officers
from outreach.services.walk_planning import plan_walks

PROMISE, COMPLAINT = FollowUpKind.PROMISE, FollowUpKind.COMPLAINT
DUE = dt.date(2005, 6, 20)


def visit(town: Any, code: str = "H001", outcome: str = "nobody_home", **more: Any) -> Any:
    return record_attempt(town.office, "town", code, channel="visit", disposition=outcome, **more)


def at(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2005, month, day, hour)  # noqa: DTZ001 - the workspace's zone is meant


def promised(office: Any) -> list[dt.date]:
    return [one.due for one in list_follow_ups(office, "town", kinds=[PROMISE])]


def given(town: Any, **more: Any) -> tuple[Any, str]:
    """A visit at which something was promised, and the promise's id."""
    made = visit(town, promise=DUE, promise_about="送对账单", at=at(4, 7), **more)
    (one,) = list_follow_ups(town.office, "town", kinds=[PROMISE])
    return made, one.id


def test_nothing_is_closed_by_a_contact_made_before_it_was_opened(town: Any) -> None:
    _made, key = given(town)
    with pytest.raises(BadInput, match="was opened on 2005-04-07, after this contact"):
        visit(town, at=at(4, 1), closes=[key])
    with pytest.raises(BadInput, match="after this contact"):
        visit(town, at=at(4, 7, 9), closes=[key])
    assert promised(town.office) == [DUE]
    visit(town, at=at(4, 7, 11), closes=[key])
    assert promised(town.office) == []


def test_a_return_visit_is_not_made_before_the_visit_it_follows(town: Any) -> None:
    visit(town, outcome="informed", at=at(4, 7))
    (owed,) = list_follow_ups(town.office, "town")
    with pytest.raises(BadInput, match="after this contact"):
        visit(town, at=at(4, 1), closes=[owed.id])


def test_of_what_was_typed_by_itself_the_hour_of_typing_decides_nothing(town: Any) -> None:
    # It is ten o'clock: what was promised at nine is kept at half past nine, and typed afterwards.
    key = record_follow_up(town.office, "town", PROMISE, household="H001", about="x", due=DUE).id
    moved = move_follow_up(town.office, "town", key, due=dt.date(2005, 6, 22)).id
    with pytest.raises(BadInput, match="after this contact"):
        visit(town, at=at(6, 14, 23), closes=[moved])
    visit(town, at=at(6, 15, 9), closes=[moved])
    assert promised(town.office) == []


def test_a_file_that_closes_something_too_early_is_refused_with_its_row(town: Any) -> None:
    _made, key = given(town)
    row = {"户号": "H001", "渠道": "visit", "时间": "2005-04-01 10:00", "结果": "nobody_home", "办结事项": key}
    with pytest.raises(BadInput, match="after this contact"):
        import_attempts(town.office, "town", town.table([row], "early.csv"))


def test_the_contact_that_closed_something_may_be_corrected_and_close_it_still(town: Any) -> None:
    _made, key = given(town)
    wrong = visit(town, at=at(4, 9), closes=[key])
    visit(town, at=at(4, 10), closes=[key], corrects=wrong.id)
    assert promised(town.office) == []


def test_a_promise_typed_by_mistake_is_taken_back_and_counts_nowhere(town: Any) -> None:
    _made, key = given(town)
    moved = move_follow_up(town.office, "town", key, due=dt.date(2005, 6, 25)).id
    fact = withdraw_follow_up(town.office, "town", moved, reason="认错门牌")
    assert (fact.kind, fact.corrects, fact.about, fact.household) == (FollowUpKind.WITHDRAWN, moved, "认错门牌", "H001")
    assert list_follow_ups(town.office, "town", states=list(FollowUpState), kinds=[PROMISE]) == []
    with pytest.raises(Conflict, match="was withdrawn"):
        withdraw_follow_up(town.office, "town", key, reason="again")
    with pytest.raises(BadInput, match="has no follow-up"):
        visit(town, closes=[key])
    with pytest.raises(BadInput, match="--reason: is empty"):
        withdraw_follow_up(town.office, "town", key, reason=" ")
    with pytest.raises(NotFound):
        withdraw_follow_up(town.office, "town", "none", reason="x")


def test_a_promise_taken_back_on_one_machine_is_so_on_every_other(town: Any, tmp_path: Path) -> None:
    _made, key = given(town)
    there = open_office(load_workspace(town.beside("there")), clock=town.clock)
    move_follow_up(there, "town", key, due=dt.date(2005, 6, 25))
    withdraw_follow_up(town.office, "town", key, reason="手误")
    log = tmp_path / "here.jsonl"
    export_log(town.office, "town", log)
    assert merge_log(there, "town", log).new == 1
    assert promised(there) == []
    back = tmp_path / "there.jsonl"
    export_log(there, "town", back)
    merge_log(town.office, "town", back)
    assert promised(town.office) == []
    there.close()


def test_a_correction_without_the_promise_leaves_it_and_says_so(town: Any) -> None:
    made, key = given(town)
    right = visit(town, at=at(4, 7), corrects=made.id)
    assert promised(town.office) == [DUE]
    assert [one.id for one in left_standing(town.office, "town", right)] == [key]
    withdraw_follow_up(town.office, "town", key, reason="手误")
    assert left_standing(town.office, "town", right) == []
    # Whoever then corrects it with a promise opens a new one; the day of one that stands is moved.
    again = visit(town, at=at(4, 7), corrects=right.id, promise=dt.date(2005, 6, 21))
    visit(town, at=at(4, 7), corrects=visit(town, at=at(4, 7), corrects=again.id).id, promise=dt.date(2005, 6, 23))
    assert promised(town.office) == [dt.date(2005, 6, 23)]


def test_a_line_withdrawn_and_typed_again_brings_no_old_promise_back(town: Any) -> None:
    plan_walks(town.office, "town", everybody=True)

    def typed(line: str) -> str:
        sheet = open_sheet(town.office, "town", 1, on=dt.date(2005, 6, 15))
        said = read_line(line, sheet.day, "visit")
        assert isinstance(said, Doors)
        sheet.type(said)
        write_sheet(town.office, sheet)
        stored = open_sheet(town.office, "town", 1).doors[1].stored
        assert stored is not None
        return stored.id

    first = typed("1 31 0930 @0630 #送表")
    assert promised(town.office) == [dt.date(2005, 6, 30)]
    withdraw_fact(town.office, "town", first, reason="另一户")
    assert promised(town.office) == []
    typed("1 31 0930 #送表")
    assert promised(town.office) == []
    withdraw_fact(town.office, "town", typed("1 31 0930 @0630 #送表"), reason="另一户")
    typed("1 31 0930 @0630 #送表")
    assert promised(town.office) == [dt.date(2005, 6, 30)]


def test_a_complaint_is_answered_within_its_days_from_the_day_it_came(town: Any) -> None:
    one = record_follow_up(
        town.office, "town", COMPLAINT, household="H001", about="没人接电话", received=dt.date(2005, 6, 1)
    )
    assert (one.opened.date(), one.due) == (dt.date(2005, 6, 1), dt.date(2005, 6, 22))
    for day in (dt.date(2005, 6, 16), dt.date(2005, 2, 28)):
        with pytest.raises(BadInput, match="--received"):
            record_follow_up(town.office, "town", COMPLAINT, household="H001", about="x", received=day)


def test_what_was_told_before_is_remarked(town: Any) -> None:
    def opened(**told: Any) -> Any:
        return record_follow_up(town.office, "town", COMPLAINT, about="没人接电话", **told)

    first = opened(household="H001")
    assert open_before(town.office, "town", first) == []
    assert [one.id for one in open_before(town.office, "town", opened(household="H001"))] == [first.id]
    assert open_before(town.office, "town", opened(household="H002")) == []
    caller = opened(who="赵先生")
    assert open_before(town.office, "town", caller) == []
    assert [one.id for one in open_before(town.office, "town", opened(who="赵先生"))] == [caller.id]


def test_what_was_given_to_an_officer_who_left_is_the_households_officers(town: Any) -> None:
    with town.office.store.read() as unit:
        post = unit.territories.of("town", "H001").post
        before = unit.rosters.officers()[post]
    record_follow_up(town.office, "town", PROMISE, household="H001", about="送对账单", due=DUE, officer=before.code)
    cases = [{"业务号": "A1", "申请日期": "2005-06-10", "户号": "H001", "工号": before.code}]
    import_cases(town.office, "town", town.table(cases, "cases.csv"))
    rows = [row | ({"工号": "Y09", "姓名": "新来的"} if row["岗位"] == post else {}) for row in town.officer_rows()]
    import_officers(town.office, town.table(rows, "officers.csv"))
    mine = list_follow_ups(town.office, "town", officer="Y09")
    assert [(one.officer, one.given_to) for one in mine] == [("Y09", before.code)] * 2
    assert list_follow_ups(town.office, "town", officer=before.code) == []
    assert [one.officer for one in list_cases(town.office, "town")] == ["Y09"]


def test_what_was_given_to_another_officer_who_is_still_there_stays_theirs(town: Any) -> None:
    with town.office.store.read() as unit:
        own = unit.territories.of("town", "H001").post
        other = next(one for post, one in unit.rosters.officers().items() if post != own)
    record_follow_up(town.office, "town", PROMISE, household="H001", about="x", due=DUE, officer=other.code)
    (line,) = list_follow_ups(town.office, "town")
    assert (line.officer, line.given_to) == (other.code, "")
