"""Transfer cases in the store: taken in, stepped on, and what of the three 15 days is due or overdue."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from outreach.domain.calendar import Step
from outreach.domain.follow_up import FollowUpKind
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.cases import import_cases, list_cases, record_step, write_case_calendar
from outreach.services.follow_up_lists import list_follow_ups, report_overdue

ROWS = [
    {"业务号": "A1", "申请日期": "2005-04-04", "审核日期": "2005-04-18", "户号": "H001", "姓名": "王晨", "工号": ""},
    {"业务号": "A2", "申请日期": "2005-06-13", "审核日期": "", "户号": "", "姓名": "赵先生", "工号": "Y02"},
]


def taken_in(town: Any, *rows: dict[str, str]) -> Any:
    return import_cases(town.office, "town", town.table(list(rows) or ROWS, "cases.csv"))


def test_a_file_of_cases_read_twice_changes_nothing_the_second_time(town: Any) -> None:
    first, second = taken_in(town), taken_in(town)
    assert (first.rows, first.added, first.changed, first.steps) == (2, 2, 0, 1)
    assert (second.rows, second.added, second.changed, second.unchanged, second.steps) == (2, 0, 0, 2, 0)


def test_the_next_deadline_counts_fifteen_working_days_from_the_step_before(town: Any) -> None:
    taken_in(town)
    late, fresh = list_cases(town.office, "town")
    # Reviewed on 2005-04-18: fifteen working days over the May holiday, with 30 April and 8 May worked for it.
    assert (late.case.number, late.next.step, late.next.state) == ("A1", Step.LETTER, "overdue")
    assert late.next.due == dt.date(2005, 5, 12)
    assert (fresh.case.number, fresh.next.step, fresh.next.due) == ("A2", Step.ACCEPT, dt.date(2005, 7, 4))


def test_who_works_on_a_case_is_its_officer_or_the_households(town: Any) -> None:
    taken_in(town)
    of = {one.case.number: one.officer for one in list_cases(town.office, "town")}
    assert of["A2"] == "Y02"
    assert of["A1"] in {"Y01", "Y02", "Y03", "Y04"}
    assert [one.case.number for one in list_cases(town.office, "town", officer="Y02") if one.case.officer] == ["A2"]


def test_a_step_moves_the_case_on_and_is_recorded_once(town: Any) -> None:
    taken_in(town)
    done = record_step(town.office, "town", "A2", Step.ACCEPT, on=dt.date(2005, 6, 14), by="Y02")
    assert (done.next.step, done.steps[0].state) == (Step.LETTER, "done")
    assert record_step(town.office, "town", "A2", Step.ACCEPT, on=dt.date(2005, 6, 14)) == done
    with pytest.raises(Conflict, match="step 1 was done on 2005-06-14 by the record; say --correct"):
        record_step(town.office, "town", "A2", Step.ACCEPT, on=dt.date(2005, 6, 15))
    moved = record_step(town.office, "town", "A2", Step.ACCEPT, on=dt.date(2005, 6, 15), correct=True)
    assert moved.steps[0].done == dt.date(2005, 6, 15)


def test_a_case_with_all_three_steps_is_due_no_more(town: Any) -> None:
    taken_in(town)
    record_step(town.office, "town", "A1", Step.LETTER, on=dt.date(2005, 5, 10))
    done = record_step(town.office, "town", "A1", Step.FUNDS, on=dt.date(2005, 5, 30))
    assert done.next is None
    assert [one.case.number for one in list_cases(town.office, "town")] == ["A2", "A1"]


@pytest.mark.parametrize(
    ("number", "step", "day", "says"),
    [
        ("A2", Step.LETTER, dt.date(2005, 6, 14), "A2: step 1 is not done yet; record the earlier step first"),
        ("A2", Step.ACCEPT, dt.date(2005, 6, 16), "2005-06-16 is still to come"),
        ("A2", Step.ACCEPT, dt.date(2005, 6, 10), "2005-06-10 is before 2005-06-13, when it could begin"),
        ("A1", Step.LETTER, dt.date(2005, 4, 15), "2005-04-15 is before 2005-04-18"),
    ],
)
def test_a_step_that_cannot_be_right_is_refused(town: Any, number: str, step: Step, day: dt.date, says: str) -> None:
    taken_in(town)
    with pytest.raises(BadInput, match=says):
        record_step(town.office, "town", number, step, on=day)


def test_an_unknown_case_or_officer_is_named(town: Any) -> None:
    taken_in(town)
    with pytest.raises(NotFound, match="A9: there is no such case"):
        record_step(town.office, "town", "A9", Step.ACCEPT)
    with pytest.raises(NotFound, match="Y99: there is no such officer"):
        record_step(town.office, "town", "A2", Step.ACCEPT, by="Y99")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"业务号": "A3", "申请日期": "2005-06-01", "户号": "H999"}, "row 3: there is no household 'H999' here"),
        ({"业务号": "A3", "申请日期": "2005-06-01", "工号": "Y99"}, "row 3: there is no officer 'Y99'"),
        ({"业务号": "A1", "申请日期": "2005-06-01"}, "row 3: case A1 was applied for on 2005-04-04 by the record"),
        ({"业务号": "A3", "申请日期": "2005-07-01"}, "the day has not come yet"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(town: Any, row: dict[str, str], says: str) -> None:
    taken_in(town)
    empty = dict.fromkeys(ROWS[0], "")
    with pytest.raises(BadInput, match=says):
        taken_in(town, empty | {"业务号": "A8", "申请日期": "2005-06-01"}, empty | row)
    assert [one.case.number for one in list_cases(town.office, "town")] == ["A1", "A2"]


def test_a_later_file_adds_steps_corrects_days_and_keeps_what_it_does_not_say(town: Any) -> None:
    taken_in(town)
    done = taken_in(
        town,
        {
            "业务号": "A1",
            "申请日期": "2005-04-04",
            "审核日期": "2005-04-19",
            "转移手续日期": "2005-05-09",
            "备注": "补件",
        },
    )
    assert (done.changed, done.steps) == (1, 2)
    case = next(one for one in list_cases(town.office, "town") if one.case.number == "A1")
    assert (case.case.household, case.case.who, case.case.note) == ("H001", "王晨", "补件")
    assert [one.done for one in case.steps] == [dt.date(2005, 4, 19), dt.date(2005, 5, 9), None]


def test_steps_overdue_are_counted_with_the_other_follow_ups_of_the_officer(town: Any) -> None:
    taken_in(town)
    step = next(one for one in list_follow_ups(town.office, "town") if one.household == "H001")
    assert (step.kind, step.about) == (FollowUpKind.CASE_STEP, "case A1: transfer papers sent")
    report = report_overdue(town.office, "town")
    assert report.total.kinds == {"case_step": 1}
    assert {one.key: one.open for one in report.groups}["Y02"] >= 1


def test_the_due_days_of_cases_go_into_a_calendar(town: Any, tmp_path: Path) -> None:
    taken_in(town)
    found = list_cases(town.office, "town")
    target = write_case_calendar(found, tmp_path / "cases.ics", dt.date(2005, 6, 15), town.workspace.zone)
    events = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert len(events) == 5
    assert dt.date(2005, 5, 12) in [event["DTSTART"].dt for event in events]
