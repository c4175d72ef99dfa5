from __future__ import annotations

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from outreach.channels import channels
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.walk_list import CODE_OF, PAPER_CODES
from outreach.intake import contacts
from outreach.intake.contacts import AttemptRow, MilestoneRow

ZONE = ZoneInfo("Asia/Shanghai")
attempts = partial(contacts.read_attempts, zone=ZONE, today=dt.date(2006, 4, 4))
milestones = partial(contacts.read_milestones, zone=ZONE, today=dt.date(2006, 4, 4))
HEAD = ["户号", "人员序号", "渠道", "工号", "时间", "结果", "留下材料", "备注"]
ROW = ["A-1", 2, "上门走访", "07", "2005-03-01 19:30", "已当面讲清", "服务卡、信函", "约在周末"]


def test_an_attempt_is_read_the_same_from_every_format(every_format):
    at = dt.datetime(2005, 3, 1, 19, 30, tzinfo=ZONE)
    keys = set()
    for path in every_format([HEAD, ROW]):
        reading = attempts(path)
        assert reading.faults == ()
        (row,) = reading.items
        keys.add(row.row_key)
        left = ("card", "letter")
        assert row == AttemptRow("A-1", 2, "visit", "07", at, Disposition.INFORMED, left, "约在周末", row.row_key)
    assert len(keys) == 1


def test_the_same_row_has_the_same_key_in_any_order_and_equal_rows_have_keys_of_their_own(write):
    other = ["A-2", *ROW[1:]]
    first = attempts(write([HEAD, ROW, other, ROW]))
    again = attempts(write([HEAD, other, ROW, ROW], "again.xls"))
    assert {row.row_key for row in first.items} == {row.row_key for row in again.items}
    assert len({row.row_key for row in first.items}) == 3


@pytest.mark.parametrize("outcome", PAPER_CODES.values())
def test_outcomes_are_taken_by_code_and_by_either_label(write, outcome):
    words = (outcome.value, outcome.label("zh"), outcome.label("en"), CODE_OF[outcome])
    rows = [["A-1", "visit", "2005-03-01", text] for text in words]
    reading = attempts(write([["户号", "渠道", "日期", "结果"], *rows], "a.csv"))
    assert {row.disposition for row in reading.items} == {outcome}


def test_channels_are_taken_by_key_and_by_either_label(write):
    for channel in channels().values():
        rows = [["A-1", text, "2005-03-01", "sent"] for text in (channel.key, channel.zh, channel.en)]
        reading = attempts(write([["户号", "渠道", "日期", "结果"], *rows], "a.csv"))
        assert {row.channel for row in reading.items} == {channel.key}


def test_what_is_missing_or_unknown_is_a_fault_at_its_place(write):
    path = write(
        [
            ["户号", "渠道", "时间", "结果", "人员序号"],
            ["A-1", "飞鸽", "2007-01-01", None, 0],
            [None, "电话", "x", "送达", 1],
        ]
    )
    assert [fault.where.split("', ")[1] for fault in attempts(path).faults] == [
        "row 2, column '渠道'",
        "row 2, column '时间'",
        "row 2, column '结果'",
        "row 2, column '人员序号'",
        "row 3, column '户号'",
        "row 3, column '时间'",
        "row 3, column '结果'",
    ]


def test_a_record_of_contacts_without_its_columns_says_which_are_missing(write):
    reading = attempts(write([["户号", "渠道"], ["A-1", "电话"]]))
    assert [fault.what for fault in reading.faults] == [
        "there is no filled column '时间'",
        "there is no filled column '结果'",
    ]


def test_milestones_are_exact_to_the_fen(every_format):
    rows = [
        ["户号", "人员序号", "事项", "日期", "金额（元）", "备注"],
        ["A-1", 1, "缴费", dt.date(2005, 12, 31), 5160.7, "全年"],
        ["A-1", None, "登记", "2005-07-01", None, None],
    ]
    for path in every_format(rows):
        reading = milestones(path)
        assert reading.faults == ()
        paid, registered = reading.items
        assert paid == MilestoneRow("A-1", 1, MilestoneKind.PAID, dt.date(2005, 12, 31), 516070, "全年", paid.row_key)
        assert (registered.kind, registered.amount_fen, registered.person) == (MilestoneKind.REGISTERED, 0, 0)


def test_a_payment_needs_an_amount_and_a_registration_has_none(write):
    rows = [
        ["A-1", "paid", "2005-12-31", None],
        ["A-2", "registered", "2005-12-31", 5],
        ["A-3", "paid", "2005-12-31", 0.001],
    ]
    reading = milestones(write([["户号", "事项", "日期", "金额"], *rows]))
    assert [fault.where.rsplit(", ", 2)[1] for fault in reading.faults] == ["row 2", "row 3", "row 4"]
    assert reading.items == ()
