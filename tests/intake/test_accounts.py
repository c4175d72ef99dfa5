"""Account statements as the pension system gives them: whose each row is, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from outreach.domain.account import AccountYear
from outreach.domain.people import Address, Household, Person
from outreach.intake.accounts import AccountRow, read_accounts
from outreach.intake.rows import Reading

HEAD = ["户号", "人员序号", "姓名", "身份证号", "年度", "缴费月数", "缴费基数（元）", "缴费金额", "账户余额"]
YEAR = AccountYear(1998, 12, 48000, 138240, 412035)
CELLS = [1998, 12, 480, "1,382.40", "￥4,120.35元"]


@pytest.fixture
def homes(id_of):
    place = Address("社区", "小区", "1")
    persons = (Person(1, "张三", id_number=id_of(1)), Person(2, "李四", id_number=id_of(2)))
    twins = (Person(1, "王五"), Person(2, "王五"))
    return {
        "A-1": Household("A-1", place, persons),
        "A-2": Household("A-2", place, twins),
        "A-3": Household("A-3", place, (Person(1, "双号", id_number=id_of(9)),)),
        "A-4": Household("A-4", place, (Person(1, "双号", id_number=id_of(9)),)),
    }


@pytest.fixture
def read(homes):
    def made(path: Path) -> Reading[AccountRow]:
        return read_accounts(path, homes=homes, today=dt.date(2005, 1, 10))

    return made


def test_a_statement_is_read_the_same_from_every_format(every_format, read):
    for path in every_format([HEAD, ["A-1", 2, "李四", None, *CELLS]]):
        reading = read(path)
        assert reading.faults == ()
        assert reading.items == (AccountRow("A-1", 2, YEAR),)


def test_english_headings_and_years_in_words_are_known(write, read):
    head = ["Household code", "Person", "Year", "Months paid", "Contribution base", "Amount paid", "Balance"]
    (row,) = read(write([head, ["A-1", "1", "1998年度", "12个月", "480.00", 1382.4, 4120.35]])).items
    assert row == AccountRow("A-1", 1, YEAR)


@pytest.mark.parametrize(
    ("code", "number", "name", "order", "whose"),
    [
        ("A-1", 1, None, None, ("A-1", 1)),
        ("A-1", None, "李四", None, ("A-1", 2)),
        (None, None, None, 2, ("A-1", 2)),
        ("A-1", 2, "李四", 2, ("A-1", 2)),
        ("A-2", 2, "王五", None, ("A-2", 2)),
        # The roster has no ID numbers of household A-2, and two persons with one number.
        ("A-2", 1, None, 5, ("A-2", 1)),
        ("A-4", None, None, 9, ("A-4", 1)),
    ],
)
def test_a_row_names_its_person_by_code_and_number_or_name_or_by_the_id_number(
    write, read, id_of, code, number, name, order, whose
):
    id_number = id_of(order) if order else None
    reading = read(write([HEAD, [code, number, name, id_number, *CELLS]]))
    assert [fault.sentence() for fault in reading.faults] == []
    assert reading.items == (AccountRow(*whose, YEAR),)


@pytest.mark.parametrize(
    ("code", "number", "name", "order", "column", "said"),
    [
        ("A-9", 1, None, None, "户号", "there is no household 'A-9'"),
        ("A-1", 3, None, None, "人员序号", "has no person number 3"),
        ("A-1", None, "赵六", None, "姓名", "has 0 persons named 赵六"),
        ("A-2", None, "王五", None, "姓名", "has 2 persons named 王五"),
        ("A-1", None, None, None, "", "does not say whose account it is"),
        (None, None, "张三", None, "", "names no household"),
        (None, None, None, 7, "身份证号", "nobody on the roster has the ID number 990*"),
        (None, None, None, 9, "身份证号", "2 persons of the roster have this ID number"),
        ("A-2", None, None, 1, "身份证号", "belongs to household A-1, not to A-2"),
        ("A-1", 1, "李四", None, "姓名", "is 张三, not 李四"),
        ("A-1", 1, None, 2, "人员序号", "李四 is person 2 of household A-1, not 1"),
        ("A-1", 1, None, 7, "身份证号", "has another ID number"),
    ],
)
def test_a_row_that_does_not_lead_to_one_person_is_refused_at_its_column(
    write, read, id_of, code, number, name, order, column, said
):
    id_number = id_of(order) if order else None
    good = ["A-1", 1, None, None, 1997, *CELLS[1:]]
    reading = read(write([HEAD, [code, number, name, id_number, *CELLS], good]))
    (fault,) = reading.faults
    assert "row 2" in fault.where
    assert fault.where.endswith(f"column '{column}'") or not column
    assert said in fault.what
    assert fault.mend
    assert len(reading.items) == 1


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        (4, 2006, "'2006' is no whole number from 1951 to 2005"),
        (4, 1950, "'1950' is no whole number from 1951 to 2005"),
        (5, 13, "'13' is no whole number from 0 to 12"),
        (5, -1, "'-1' is no whole number from 0 to 12"),
        (6, -480, "-480 is no amount in yuan and fen"),
        (7, "138.405", "138.405 is no amount in yuan and fen"),
        (8, "约四千", "'约四千' is no number"),
        (8, None, "the cell is empty"),
    ],
)
def test_an_implausible_figure_is_refused_at_its_cell(write, read, field, cell, said):
    row = ["A-1", 1, None, None, *CELLS]
    row[field] = cell
    reading = read(write([HEAD, row, ["A-1", 2, None, None, *CELLS]]))
    (fault,) = reading.faults
    assert fault.where.endswith(f"row 2, column '{HEAD[field]}'")
    assert fault.what == said
    assert [item.person for item in reading.items] == [2]


def test_a_second_row_for_one_person_and_year_is_refused_naming_the_first(write, read, id_of):
    rows = [["A-1", 1, None, None, *CELLS], [None, None, None, id_of(1), *CELLS]]
    (fault,) = read(write([HEAD, *rows])).faults
    assert "row 3" in fault.where
    assert "张三 has the year 1998 in" in fault.what
    assert "row 2" in fault.what


def test_every_bad_row_of_a_file_is_told(write, read):
    rows = [
        ["A-9", 1, None, None, *CELLS],
        ["A-1", 1, None, None, 1998, 13, *CELLS[2:]],
        ["A-1", 1, None, None, *CELLS],
    ]
    reading = read(write([HEAD, *rows]))
    assert [fault.where.split("row ")[1][0] for fault in reading.faults] == ["2", "3"]
    assert len(reading.items) == 1


def test_a_roster_is_not_taken_for_statements(write, read):
    from outreach.errors import BadInput

    with pytest.raises(BadInput, match="a household roster"):
        read(write([["户号", "姓名", "与户主关系", "手机"], ["A-1", "张三", "本人", "12105550123"]]))
