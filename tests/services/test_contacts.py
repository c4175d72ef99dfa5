"""What happened is appended: one by one, from files, and corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.contact import Disposition, MilestoneKind
from outreach.errors import BadInput
from outreach.services.contacts import (
    import_attempts,
    import_milestones,
    rebuild_standings,
    record_attempt,
    record_milestone,
)
from outreach.services.territories import present_posts, show_household


def visit(town: Any, code: str = "H001", **more: Any) -> Any:
    given = {"channel": "visit", "disposition": "informed"} | more
    return record_attempt(town.office, "", code, **given)


def fault(caught: Any) -> str:
    (only,) = caught.value.faults
    return str(only.sentence())


def test_an_attempt_is_the_households_own_officers_and_now_where_nothing_else_is_said(town: Any) -> None:
    made = visit(town)
    assert made.officer == "Y" + present_posts(town.office, "")["H001"][1:]
    assert made.at == town.clock.present
    view = show_household(town.office, "", "H001")
    assert view.attempts == (made,)
    assert view.standing.first_reached_at == town.clock.present
    assert (view.standing.reached_by, view.standing.reached_channel) == (made.officer, "visit")


def test_an_attempt_keeps_all_that_is_said_of_it(town: Any) -> None:
    at = dt.datetime(2005, 6, 1, 19, 30)  # noqa: DTZ001 - a clock time of the workspace's zone
    made = visit(town, officer="Y03", at=at, person=2, left=("card", "letter"), note="下次带材料", channel="call")
    (found,) = show_household(town.office, "", "H001").attempts
    assert found == made
    assert found.at == dt.datetime(2005, 6, 1, 11, 30, tzinfo=dt.UTC)
    assert (found.person, found.left, found.note, found.channel) == (2, ("card", "letter"), "下次带材料", "call")


def test_the_future_is_refused_but_a_clock_a_little_ahead_is_not(town: Any) -> None:
    with pytest.raises(BadInput) as caught:
        visit(town, at=town.clock.present + dt.timedelta(minutes=6))
    assert "is in the future" in fault(caught)
    visit(town, at=town.clock.present + dt.timedelta(minutes=4))


@pytest.mark.parametrize(
    ("code", "wrong", "said"),
    [
        ("H999", {}, "there is no such household"),
        ("H002", {"person": 2}, "has no person number 2"),
        ("H001", {"channel": "pigeon"}, "'pigeon' is no channel"),
        ("H001", {"officer": "Y77"}, "there is no officer 'Y77'"),
        ("H001", {"disposition": "glad"}, "'glad' is none"),
        ("H001", {"corrects": "nothing"}, "has no fact 'nothing'"),
    ],
)
def test_a_wrong_word_is_named_and_nothing_is_written(town: Any, code: str, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        visit(town, code, **wrong)
    assert said in fault(caught)
    assert show_household(town.office, "", "H001").attempts == ()


def test_all_that_is_wrong_with_an_attempt_is_said_at_once(town: Any) -> None:
    with pytest.raises(BadInput) as caught:
        visit(town, person=9, channel="pigeon", officer="Y77", at=town.clock.present + dt.timedelta(days=1))
    assert len(caught.value.faults) == 4
    assert all(one.where == "H001" for one in caught.value.faults)


def test_a_correction_takes_the_place_of_what_it_corrects(town: Any) -> None:
    wrong = visit(town)
    right = visit(town, disposition="nobody_home", corrects=wrong.id)
    view = show_household(town.office, "", "H001")
    assert len(view.attempts) == 2
    assert (view.standing.attempts, view.standing.first_contact_at) == (1, None)
    # The newest may be corrected in turn; a second correction of the first would count twice.
    with pytest.raises(BadInput, match="corrected already"):
        visit(town, disposition="refused", corrects=wrong.id)
    visit(town, disposition="refused", corrects=right.id)
    assert show_household(town.office, "", "H001").standing.attempts == 1


def test_another_households_attempt_cannot_be_corrected(town: Any) -> None:
    other = visit(town, "H002")
    with pytest.raises(BadInput, match="has no fact"):
        visit(town, "H001", corrects=other.id)


def test_a_registration_and_a_payment_are_milestones(town: Any) -> None:
    record_milestone(town.office, "", "H001", kind="registered", person=1)
    made = record_milestone(town.office, "", "H001", kind="paid", amount_fen=120_050, on=dt.date(2005, 6, 1))
    assert made.kind is MilestoneKind.PAID
    standing = show_household(town.office, "", "H001").standing
    assert (standing.registered_on, standing.paid_on, standing.paid_fen) == (
        dt.date(2005, 6, 15), dt.date(2005, 6, 1), 120_050,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "paid"}, "amount above zero"),
        ({"kind": "paid", "amount_fen": -5}, "amount above zero"),
        ({"kind": "registered", "on": dt.date(2005, 6, 16)}, "in the future"),
        ({"kind": "registered", "person": 3}, "no person number 3"),
        ({"kind": "married"}, "'married' is none"),
    ],
)
def test_a_wrong_milestone_is_refused(town: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        record_milestone(town.office, "", "H001", **wrong)
    assert said in fault(caught)
    assert show_household(town.office, "", "H001").milestones == ()


ATTEMPTS = [
    {
        "户号": "H001",
        "渠道": "上门走访",
        "工号": "",
        "时间": "2005-06-01 19:30",
        "结果": "已当面讲清",
        "留下材料": "服务卡",
    },
    {"户号": "H002", "渠道": "电话", "工号": "Y04", "时间": "2005-06-02 20:00", "结果": "无人接听", "留下材料": ""},
    {"户号": "H002", "渠道": "电话", "工号": "Y04", "时间": "2005-06-02 20:00", "结果": "无人接听", "留下材料": ""},
]
LEDGER = [
    {"户号": "H001", "事项": "登记", "日期": "2005-06-03", "金额": ""},
    {"户号": "H001", "事项": "缴费", "日期": "2005-06-04", "金额": "1200.50"},
]


def test_a_file_of_attempts_read_twice_is_read_once(town: Any) -> None:
    path = town.table(ATTEMPTS, "week.csv")
    first, again = (import_attempts(town.office, "", path) for _ in range(2))
    assert (first.rows, first.new, first.known) == (3, 3, 0)
    assert (again.rows, again.new, again.known) == (3, 0, 3)
    # A longer file of the same week adds what is new in it.
    more = town.table([*ATTEMPTS, ATTEMPTS[0] | {"时间": "2005-06-05 10:00"}], "longer.csv")
    third = import_attempts(town.office, "", more)
    assert (third.new, third.known) == (1, 3)
    view = show_household(town.office, "", "H002")
    assert view.standing.attempts == 2
    assert {a.disposition for a in view.attempts} == {Disposition.NO_ANSWER}
    assert {a.officer for a in view.attempts} == {"Y04"}
    assert show_household(town.office, "", "H001").standing.card_at is not None


def test_a_ledger_read_twice_is_read_once(town: Any) -> None:
    path = town.table(LEDGER, "ledger.csv")
    assert [import_milestones(town.office, "", path).new for _ in range(2)] == [2, 0]
    assert show_household(town.office, "", "H001").standing.paid_fen == 120_050


def test_a_file_with_bad_rows_is_refused_whole_and_names_them(town: Any) -> None:
    rows = [
        *ATTEMPTS,
        ATTEMPTS[0] | {"户号": "H999"},
        ATTEMPTS[0] | {"工号": "Y77"},
        ATTEMPTS[0] | {"结果": "很好"},
        ATTEMPTS[0] | {"时间": "2005-06-15 23:59"},
    ]
    with pytest.raises(BadInput) as caught:
        import_attempts(town.office, "", town.table(rows, "week.csv"))
    sentences = [one.sentence() for one in caught.value.faults]
    assert len(sentences) == 4
    assert all("week.csv" in text for text in sentences)
    for row, text in ((5, "no such household"), (6, "Y77"), (7, "很好"), (8, "in the future")):
        assert any(f"row {row}" in sentence and text in sentence for sentence in sentences), (row, sentences)
    assert show_household(town.office, "", "H001").attempts == ()


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"户号": "H999"}, "户号", "H999"),
        ({"工号": "Y77"}, "工号", "Y77"),
        ({"结果": "占线"}, "结果", "busy"),
        ({"时间": "2005-02-01 10:00"}, "时间", "2005-02-01"),
        ({"留下材料": "calendar"}, "留下材料", "calendar"),
        ({"人员序号": "9"}, "人员序号", "9"),
        ({"承诺日期": "2005-05-01"}, "承诺日期", "2005-05-01"),
        ({"结果": "无人在家", "六要": "全部"}, "六要", "nobody_home"),
    ],
)
def test_what_a_row_says_that_cannot_be_names_its_column_and_value(
    town: Any, change: dict[str, str], column: str, value: str
) -> None:
    more = {"人员序号": "", "承诺日期": "", "六要": ""}
    with pytest.raises(BadInput) as caught:
        import_attempts(town.office, "", town.table([ATTEMPTS[0] | more | change], "week.csv"))
    (told,) = caught.value.faults
    assert told.where == f"week.csv, row 2, column '{column}'"
    assert value in told.what


def test_an_officers_name_where_the_staff_number_is_read_says_which_number_to_write(town: Any) -> None:
    with town.office.store.read() as unit:
        one = next(iter(unit.rosters.officers().values()))
    rows = [{("责任人" if key == "工号" else key): text for key, text in ATTEMPTS[0].items()} | {"责任人": one.name}]
    with pytest.raises(BadInput) as caught:
        import_attempts(town.office, "", town.table(rows, "week.csv"))
    (told,) = caught.value.faults
    assert told.where.endswith("row 2, column '责任人'")
    assert one.name in told.what
    assert one.code in told.mend


@pytest.mark.parametrize("amount", ["-300", "－300.00", "(300)", "¥-300"])
def test_a_refund_in_a_table_of_payments_says_how_to_record_it(town: Any, amount: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_milestones(town.office, "", town.table([LEDGER[1] | {"金额": amount}], "ledger.csv"))
    (told,) = caught.value.faults
    assert "below zero" in told.what
    assert "ledger import" in told.mend


def test_a_wrong_household_or_amount_of_a_ledger_names_its_column(town: Any) -> None:
    rows = [LEDGER[1] | {"户号": "H999"}, LEDGER[1] | {"日期": "2005-02-01"}]
    with pytest.raises(BadInput) as caught:
        import_milestones(town.office, "", town.table(rows, "ledger.csv"))
    assert [one.where for one in caught.value.faults] == [
        "ledger.csv, row 2, column '户号'",
        "ledger.csv, row 3, column '日期'",
    ]
    assert "H999" in caught.value.faults[0].what


def test_facts_of_two_campaigns_do_not_mix(town: Any) -> None:
    visit(town)
    assert rebuild_standings(town.office, "") == 1
    assert rebuild_standings(town.office, "yingcheng") == 0
    assert show_household(town.office, "yingcheng", "H001").attempts == ()
