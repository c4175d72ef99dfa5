"""Cases travel between machines with the contacts: every order of logs ends in the same cases and steps."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.calendar import Step
from outreach.errors import BadInput
from outreach.services.cases import import_cases, list_cases, record_step
from outreach.services.contact_logs import LogMerge, export_log, merge_log
from outreach.services.erasure import erase_household
from outreach.services.household_merges import merge_households
from outreach.services.office import Office
from tests.services.test_contact_logs import cases, machine, rewrite

ROW = {"业务号": "A1", "申请日期": "2005-04-04", "审核日期": "2005-04-18", "户号": "H001", "姓名": "王晨", "工号": ""}


@pytest.fixture
def other(town: Any) -> Any:
    office = machine(town, "other")
    yield office
    office.close()


def taken_in(town: Any, office: Office, **cells: str) -> None:
    import_cases(office, "town", town.table([ROW | cells], "cases.csv"))


def handed(giver: Office, taker: Office, tmp_path: Path) -> LogMerge:
    export_log(giver, "town", tmp_path / "log")
    return merge_log(taker, "town", tmp_path / "log")


def test_a_case_and_its_steps_arrive_and_arrive_once(town: Any, other: Office, tmp_path: Path) -> None:
    taken_in(town, town.office)
    record_step(town.office, "town", "A1", Step.LETTER, on=dt.date(2005, 5, 8), by="Y02", note="by post")
    first = handed(town.office, other, tmp_path)
    assert (first.facts, first.new, first.known) == (1, 1, 0)
    assert handed(town.office, other, tmp_path).new == 0
    (case,) = list_cases(other, "town")
    assert [one.done for one in case.steps] == [dt.date(2005, 4, 18), dt.date(2005, 5, 8), None]
    assert cases(other) == cases(town.office)


def test_the_same_file_read_on_two_machines_is_one_set_of_steps(town: Any, other: Office, tmp_path: Path) -> None:
    taken_in(town, town.office)
    taken_in(town, other)
    assert handed(other, town.office, tmp_path).new == 0
    with town.office.store.read() as unit:
        assert [len(steps) for steps in unit.cases.steps("town").values()] == [1]


def test_a_step_corrected_on_one_machine_stays_corrected_where_the_file_was_read_too(
    town: Any, other: Office, tmp_path: Path
) -> None:
    taken_in(town, town.office)
    taken_in(town, other)
    record_step(town.office, "town", "A1", Step.ACCEPT, on=dt.date(2005, 4, 11), correct=True)
    handed(other, town.office, tmp_path)
    handed(town.office, other, tmp_path)
    for office in (town.office, other):
        assert list_cases(office, "town")[0].steps[0].done == dt.date(2005, 4, 11)


def test_what_each_machine_alone_knows_of_a_case_is_put_together(town: Any, other: Office, tmp_path: Path) -> None:
    taken_in(town, town.office, 户号="", 工号="Y02")
    taken_in(town, other, 审核日期="")
    handed(other, town.office, tmp_path)
    handed(town.office, other, tmp_path)
    (one,) = list_cases(town.office, "town")
    assert (one.case.household, one.case.officer, one.steps[0].done) == ("H001", "Y02", dt.date(2005, 4, 18))
    assert cases(other) == cases(town.office)


def test_of_two_officers_named_the_later_named_stands_in_any_order_of_logs(
    town: Any, other: Office, tmp_path: Path
) -> None:
    taken_in(town, town.office, 工号="Y01")
    town.clock.present += dt.timedelta(hours=1)
    taken_in(town, other, 工号="Y02")
    export_log(town.office, "town", tmp_path / "early")
    export_log(other, "town", tmp_path / "late")
    for office, logs in ((town.office, ("late", "early")), (other, ("early", "late"))):
        for name in (*logs, *logs):
            merge_log(office, "town", tmp_path / name)
    assert [list_cases(office, "town")[0].officer for office in (town.office, other)] == ["Y02", "Y02"]


def test_a_case_of_an_erased_household_does_not_come_back(town: Any, other: Office, tmp_path: Path) -> None:
    taken_in(town, other)
    erase_household(town.office, "H001", reason="asked for it")
    done = handed(other, town.office, tmp_path)
    assert (done.erased, done.new, list_cases(town.office, "town")) == (1, 0, [])


def test_a_case_of_a_household_that_was_merged_is_read_as_the_kept_ones(
    town: Any, other: Office, tmp_path: Path
) -> None:
    taken_in(town, other, 户号="H002")
    merge_households(town.office, "H001", "H002")
    handed(other, town.office, tmp_path)
    assert list_cases(town.office, "town")[0].case.household == "H001"


def test_a_line_of_a_case_that_is_none_is_refused_with_its_place(town: Any, other: Office, tmp_path: Path) -> None:
    taken_in(town, other)
    export_log(other, "town", tmp_path / "log")
    line = json.loads((tmp_path / "log").read_text("utf-8").splitlines()[1])
    for wrong in ({"received": "yesterday"}, {"steps": [line["steps"][0] | {"step": 4}]}, {"told_ms": {"colour": 1}}):
        rewrite(tmp_path / "bad", "town", [json.dumps(line | wrong)])
        with pytest.raises(BadInput, match="bad, line 2"):
            merge_log(town.office, "town", tmp_path / "bad")
    assert list_cases(town.office, "town") == []
