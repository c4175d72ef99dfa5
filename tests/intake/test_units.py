"""Units in headings and titles: the usual ones change nothing, others are refused and never ignored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.people import Address, Household, Person
from outreach.intake.accounts import read_accounts
from outreach.intake.contacts import read_milestones
from outreach.intake.ledger import read_ledger
from outreach.intake.roster import read_households

TODAY = dt.date(2006, 4, 4)
OCTOBER = {"first": dt.date(2005, 10, 1), "last": dt.date(2005, 10, 31), "today": TODAY}
HOMES = {"A1": Household("A1", Address("槐荫社区", "棉纺小区", "3"), (Person(1, "王某"),))}


def ledger(write: Any, heading: str, *above: list[str], sheet: str = "台账") -> Any:
    rows = [*above, ["姓名", "到账日期", heading], ["王某", "2005-10-08", "0.12"]]
    return read_ledger(write(rows, "october.xlsx", sheet=sheet), **OCTOBER)


@pytest.mark.parametrize(
    "heading",
    ["缴费金额（万元）", "金额(千元)", "缴费金额/万元", "缴费金额万元", "Amount (thousand yuan)", "金额（分）"],
)
def test_amounts_in_another_unit_than_yuan_are_one_fault_at_the_heading(write: Any, heading: str) -> None:
    found = ledger(write, heading)
    (fault,) = found.faults
    assert (found.items, "yuan are read" in fault.what) == ((), True)
    assert f"row 1, column '{heading}'" in fault.where


@pytest.mark.parametrize("title", ["单位：万元", "（单位:万元）", "金额单位 千元", "2005年10月到账（万元）"])
def test_a_unit_in_the_title_is_not_ignored(write: Any, title: str) -> None:
    (fault,) = ledger(write, "缴费金额", ["2005年10月台账", "", title]).faults
    assert "yuan are read" in fault.what
    assert ledger(write, "缴费金额", sheet="到账（万元）").faults
    assert not ledger(
        write, "缴费金额（元）", ["2005年10月台账", "", title]
    ).faults  # the heading says it of its own column


@pytest.mark.parametrize(
    "heading", ["缴费金额(元)", "缴费金额（单位：元）", "缴费金额元", "金额（元，精确到分）", "Amount (yuan)"]
)
def test_the_usual_unit_changes_nothing(write: Any, heading: str) -> None:
    found = ledger(write, heading, ["填报单位：云梦县养老服务局", "单位：元", ""])
    assert ([row.amount_fen for row in found.items], found.faults) == ([12], ())


def test_milestones_in_thousands_are_refused(write: Any) -> None:
    path = write([["户号", "事项", "日期", "金额（千元）"], ["A1", "缴费", "2005-03-01", "1.2"]])
    found = read_milestones(path, zone=dt.UTC, today=TODAY)  # type: ignore[arg-type]
    assert (found.items, len(found.faults)) == ((), 1)


@pytest.mark.parametrize(
    ("field", "heading"),
    [("缴费金额", "缴费金额(万元)"), ("缴费基数", "缴费基数（年）"), ("账户余额", "账户余额（千元）")],
)
def test_account_statements_in_other_units_are_refused(write: Any, field: str, heading: str) -> None:
    usual = ["户号", "人员序号", "年度", "缴费月数", "缴费基数", "缴费金额", "账户余额"]
    row = ["A1", 1, 1998, 12, 400, 1056, 2000]
    assert len(read_accounts(write([usual, row]), homes=HOMES, today=TODAY).items) == 1
    headings = [heading if each == field else each for each in usual]
    found = read_accounts(write([headings, row]), homes=HOMES, today=TODAY)
    assert (found.items, len(found.faults)) == ((), 1)
    dressed = [
        "户号",
        "人员序号",
        "年度",
        "缴费月数（个月）",
        "缴费基数（元/月）",
        "缴费金额（元/年）",
        "账户余额（元）",
    ]
    assert len(read_accounts(write([dressed, row]), homes=HOMES, today=TODAY).items) == 1


def test_years_without_insurance_are_not_read_as_months(write: Any) -> None:
    def read(heading: str) -> Any:
        return read_households(write([["户号", "姓名", "小区", heading], ["A1", "王某", "棉纺小区", 3]]), today=TODAY)

    found = read("断保（年）")
    assert (found.items, "months are read" in found.faults[0].what) == ((), True)
    assert [home.persons[0].months_lapsed for home in read("断保月数（个月）").items] == [3]
