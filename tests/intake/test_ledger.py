"""A month's file as pension systems export it: read whole, or refused with every bad row named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from outreach.domain.contact import MilestoneKind
from outreach.intake.ledger import LedgerRow, read_ledger
from outreach.intake.rows import Reading

PAID, REGISTERED = MilestoneKind.PAID, MilestoneKind.REGISTERED


def read(path: Path) -> Reading[LedgerRow]:
    return read_ledger(path, first=dt.date(2005, 10, 1), last=dt.date(2005, 10, 31), today=dt.date(2005, 11, 20))


def csv_file(folder: Path, text: str, encoding: str = "gb18030") -> Path:
    path = folder / "十月.csv"
    path.write_bytes(text.encode(encoding))
    return path


def faults(path: Path) -> list[str]:
    reading = read(path)
    return [fault.sentence() for fault in reading.faults]


def test_a_file_in_gb18030_with_totals_commas_and_yuan_signs_is_read(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "应城养老保险2005年10月到账明细,,,,,,\n"
        "序号,姓名,公民身份号码,个人编号,到账日期,缴费金额(元),险种\n"
        '1,张　晨,990199196401223146,0700123,2005.10.08,"￥1,200.00",企业养老\n'
        '2,李燚,990199640122314,0700124,2005年10月9日,"3,004.5元",企业养老\n'
        '合计,,,,,"4,204.50",\n'
        "制表人：王某,,,,,,\n",
    )
    rows = read(path).items
    assert [(row.name, row.on.day, row.amount_fen, row.id_number, row.account) for row in rows] == [
        ("张晨", 8, 120_000, "990199196401223146", "0700123"),
        ("李燚", 9, 300_450, "990199640122314", "0700124"),
    ]
    assert not read(path).faults
    assert [row.insurance for row in rows] == ["企业养老", "企业养老"]


@pytest.mark.parametrize("written", ["200510", "2005-10", "2005年10月", "2005/10"])
def test_a_month_alone_is_its_first_day(tmp_path: Path, written: str) -> None:
    path = csv_file(tmp_path, f"姓名,缴费月份,金额\n张晨,{written},100\n")
    assert read(path).items[0].on == dt.date(2005, 10, 1)


def test_the_day_of_arrival_goes_before_the_month_paid_for(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "姓名,缴费月份,到账日期,金额\n张晨,200501,2005-10-20,100\n")
    assert read(path).items[0].on == dt.date(2005, 10, 20)


@pytest.mark.parametrize(
    ("kind", "amount", "fen"),
    [
        ("缴费", "-1200", -120_000),
        ("冲销", "1200", -120_000),
        ("退费", "-1200", -120_000),
        ("缴费", "(1,200.00)", -120_000),
        ("缴费", "￥－1200元", -120_000),
        ("补缴", "0.01", 1),
    ],
)
def test_what_is_taken_back_has_an_amount_below_zero(tmp_path: Path, kind: str, amount: str, fen: int) -> None:
    path = csv_file(tmp_path, f'姓名,日期,业务类型,金额\n张晨,2005-10-08,{kind},"{amount}"\n')
    (row,) = read(path).items
    assert (row.kind, row.amount_fen) == (PAID, fen)


@pytest.mark.parametrize(
    "kind",
    ["未缴费", "缴费失败", "欠缴", "停缴", "中断缴费", "应缴未缴", "暂停参保", "参保终止", "注销登记", "退保", "其他"],
)
def test_a_word_that_only_resembles_a_kind_is_asked_about(tmp_path: Path, kind: str) -> None:
    path = csv_file(tmp_path, f"姓名,日期,业务类型,金额\n张晨,2005-10-08,{kind},100\n")
    reading = read(path)
    assert reading.items == ()
    assert [kind in fault.sentence() for fault in reading.faults] == [True]


@pytest.mark.parametrize(
    ("kind", "fen"),
    [("退休一次性补缴", 10_000), ("退役军人补缴", 10_000), ("个人缴费", 10_000), ("职工养老保险退费", -10_000)],
)
def test_what_the_payment_is_for_does_not_change_its_kind(tmp_path: Path, kind: str, fen: int) -> None:
    path = csv_file(tmp_path, f"姓名,日期,业务类型,金额\n张晨,2005-10-08,{kind},100\n")
    assert [(row.kind, row.amount_fen) for row in read(path).items] == [(PAID, fen)]


def test_registrations_are_told_by_the_kind_or_by_a_file_without_amounts(tmp_path: Path) -> None:
    told = csv_file(tmp_path, "姓名,日期,类型,金额\n张晨,2005-10-08,参保登记,\n李悦,2005-10-08,参保缴费,500\n")
    assert [row.kind for row in read(told).items] == [REGISTERED, PAID]
    bare = csv_file(tmp_path, "姓名,登记日期,身份证号\n张晨,2005-10-08,\n")
    assert [(row.kind, row.amount_fen) for row in read(bare).items] == [(REGISTERED, 0)]


def test_a_number_that_does_not_agree_with_its_check_sign_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "姓名,日期,金额,身份证号\n张晨,2005-10-08,100,990199196401223149\n")
    assert read(path).items[0].id_number == "990199196401223149"


def test_a_workbook_with_a_merged_title_and_dates_as_dates_is_read(tmp_path: Path) -> None:
    path = tmp_path / "十月.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("到账")
    sheet.merge_range(0, 0, 0, 3, "到账明细表")
    sheet.write_row(1, 0, ["姓名", "到账日期", "缴费金额", "个人编号"])
    sheet.write_row(2, 0, ["张晨", "", 1200.5, "A1"])
    sheet.write_datetime(2, 1, dt.date(2005, 10, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_row(3, 0, ["合计", "", 1200.5])
    book.close()
    (row,) = read(path).items
    assert (row.on, row.amount_fen, row.account) == (dt.date(2005, 10, 31), 120_050, "A1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",2005-10-08,100,", "column '姓名': the cell is empty; fill it in"),
        ("张晨,,100,", "the row has no day"),
        ("张晨,2005-09-30,100,", "2005-09-30 is not in the month 2005-10"),
        ("张晨,2005-10-08,,", "a payment has no amount; write the yuan paid"),
        ("张晨,2005-10-08,1.005,", "1.005 is no amount in yuan and fen"),
        ("张晨,2005-10-08,一百,", "'一百' is no number"),
        ("张晨,2005-10-08,100,9901991964****3146", "the number is masked"),
        ("张晨,2005-10-08,100,9.90199E+17", "has kept only the first digits"),
        ("张晨,2005-10-08,100,12345", "not the 18 of a resident ID"),
    ],
)
def test_a_row_nobody_could_count_is_a_sentence_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    path = csv_file(tmp_path, f"姓名,到账日期,金额,身份证号\n李悦,2005-10-01,1,\n{line}\n")
    (sentence,) = faults(path)
    assert "十月.csv, row 3" in sentence
    assert said in sentence


def test_a_registration_with_an_amount_and_an_unknown_kind_are_faults(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "姓名,日期,类型,金额\n张晨,2005-10-08,登记,5\n李悦,2005-10-08,迁移,5\n")
    first, second = faults(path)
    assert "a registration has an amount" in first
    assert "'迁移' is not known here; write one of: 登记 缴费 冲销" in second


PARTS = ["姓名", "到账日期", "个人缴费", "单位缴费"]


def test_the_whole_amount_is_taken_where_parts_stand_beside_it(write: Any) -> None:
    for whole in ("缴费合计", "合计", "缴费金额"):
        found = read(write([[*PARTS, whole], ["王某", "2005-10-10", 80, "—", 280]]))
        assert ([row.amount_fen for row in found.items], found.faults) == ([28_000], ()), whole


def test_a_part_of_what_was_paid_is_not_booked_as_the_whole(write: Any) -> None:
    found = read(write([PARTS, ["王某", "2005-10-10", 80, 200], ["李某", "2005-10-10", 80, 200]]))
    (fault,) = found.faults
    assert "no column for the whole amount" in fault.what
    assert "缴费合计" in fault.mend
    assert [row.amount_fen for row in read(write([PARTS[:3], ["王某", "2005-10-10", 80]])).items] == [8_000]


@pytest.mark.parametrize(("printed", "remarks"), [(999, 1), (250, 0), ("250.00", 0), ("", 0)])
def test_a_printed_total_that_is_not_the_sum_is_remarked_on(write: Any, printed: object, remarks: int) -> None:
    head = ["姓名", "到账日期", "缴费金额"]
    found = read(write([head, ["王某", "2005-10-10", 100], ["李某", "2005-10-10", 150], ["合计", "", printed]]))
    assert (len(found.items), found.faults, len(found.remarks)) == (2, (), remarks)
    if remarks:
        assert "row 4" in found.remarks[0]
        assert "999 yuan" in found.remarks[0]
        assert "250" in found.remarks[0]


def test_a_total_may_leave_what_was_taken_back_out_or_in(write: Any) -> None:
    head = ["姓名", "到账日期", "业务类型", "缴费金额"]
    lines = [["王某", "2005-10-10", "缴费", 100], ["李某", "2005-10-10", "退费", 30]]
    for printed, remarks in ((130, 0), (70, 0), (100, 1)):
        assert len(read(write([head, *lines, ["合计", "", "", printed]])).remarks) == remarks


def test_a_character_the_system_lost_and_an_address_that_says_nothing_do_not_stop_the_file(write: Any) -> None:
    head = ["姓名", "到账日期", "缴费金额", "地址", "手机", "身份证号"]
    found = read(write([head, ["王\ufffd", "2005-10-10", 100, "同上", "无", "/"]]))
    assert found.faults == ()
    assert [(row.name, row.address, row.mobile, row.id_number) for row in found.items] == [("王?", "同上", "", "")]
