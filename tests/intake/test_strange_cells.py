"""Cells as offices leave them: formulas without value, lost noughts, marks for what stands above, words for nothing."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outreach.domain.people import Address
from outreach.intake.address import parse
from outreach.intake.roster import read_households, read_officers

TODAY = dt.date(2006, 4, 4)


def roster(write: Any, **columns: object) -> Any:
    """The reading of one household; columns by heading, those not given are usual."""
    usual = {"户号": "A1", "姓名": "王某", "手机": "12105550101", "社区": "槐荫社区", "小区": "棉纺小区", "楼栋": "3"}
    row = usual | columns
    return read_households(write([list(row), list(row.values())]), today=TODAY)


def officer(write: Any, **columns: object) -> Any:
    row = {"工号": "Y1", "姓名": "王某"} | columns
    return read_officers(write([list(row), list(row.values())]), today=TODAY)


def fault(reading: Any) -> Any:
    (only,) = reading.faults
    assert reading.items == ()
    return only


# Formulas


@pytest.mark.parametrize("heading", ["手机", "断保月数", "身份证号", "楼栋", "户号", "姓名", "性别", "出生日期"])
def test_a_formula_without_a_value_is_a_fault_and_no_empty_cell(write: Any, heading: str) -> None:
    told = fault(roster(write, **{heading: '="12"&"1"'}))
    assert "the formula has no value yet" in told.what
    assert "save it" in told.mend
    assert told.where.endswith(f"row 2, column '{heading}'")


def test_formulas_without_a_value_in_the_last_rows_are_not_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["户号", "姓名", "小区"], ["A1", "王某", "棉纺小区"], ['="A"&"2"', '="张"&"某"', '="棉纺"&"小区"']):
        book.active.append(row)
    book.save(tmp_path / "r.xlsx")
    assert len(read_households(tmp_path / "r.xlsx", today=TODAY).faults) == 3


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["户号", "姓名", "小区", "手机"], ["A1", "王某", "棉纺小区", '=""']):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for item in old.infolist():  # as Excel and LibreOffice save the value of =""
            raw = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                raw = raw.replace(b'<c r="D2"', b'<c r="D2" t="str"')
                assert b't="str"' in raw
            new.writestr(item, raw)
    found = read_households(tmp_path / "b.xlsx", today=TODAY)
    assert ([home.persons[0].mobile for home in found.items], found.faults) == ([""], ())


# Noughts


@pytest.mark.parametrize(
    ("form", "number", "shown"), [("0000", 1, "0001"), ('"YC"000000', 17, "YC000017"), ("000-000", 1001, "001-001")]
)
def test_a_code_is_read_as_its_number_format_shows_it(tmp_path: Path, form: str, number: int, shown: str) -> None:
    book = openpyxl.Workbook()
    for row in (["户号", "姓名", "小区"], [number, "王某", "棉纺小区"]):
        book.active.append(row)
    book.active["A2"].number_format = form
    book.save(tmp_path / "r.xlsx")
    assert [home.code for home in read_households(tmp_path / "r.xlsx", today=TODAY).items] == [shown]


@pytest.mark.parametrize("number", [7005550121, 7125550121, "7005550121", 2155501234.0, 71255501234])
def test_a_landline_that_lost_its_nought_is_refused(write: Any, number: object) -> None:
    told = fault(officer(write, 办公电话=number))
    assert "has lost its leading 0" in told.what
    assert "text" in told.mend
    assert str(number)[3:9] not in told.what


@pytest.mark.parametrize("number", [12105550101, "4005550101", 4005550101, "0700-5550101", "95588", "5550101"])
def test_numbers_that_never_had_a_nought_are_taken(write: Any, number: object) -> None:
    assert officer(write, 办公电话=number).faults == ()


def test_a_number_format_brings_the_nought_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["工号", "姓名", "办公电话"], ["Y1", "王某", 7005550121]):
        book.active.append(row)
    book.active["C2"].number_format = '0000"-"0000000'
    book.save(tmp_path / "o.xlsx")
    assert [one.office_phone for one in read_officers(tmp_path / "o.xlsx", today=TODAY).items] == ["07005550121"]


# Words that are no values


@pytest.mark.parametrize("mark", ["〃", '"', "同上", "同左", '-"-', "ditto"])
@pytest.mark.parametrize("heading", ["户号", "姓名", "小区", "楼栋", "社区"])
def test_marks_for_what_stands_above_are_refused(write: Any, heading: str, mark: str) -> None:
    told = fault(roster(write, **{heading: mark}))
    assert "stands for the cell above" in told.what
    assert told.mend == "write it out in every row"


@pytest.mark.parametrize("line", ["同上", "〃", "同上 502室", "棉纺小区〃3栋", "同左3栋"])
def test_an_address_that_leans_on_the_row_above_is_refused(write: Any, line: str) -> None:
    told = fault(read_households(write([["户号", "姓名", "地址"], ["A1", "王某", line]]), today=TODAY))
    assert "stands for the cell above" in told.what


@pytest.mark.parametrize("word", ["地址不详", "不详", "无", "/", "住址不明"])
def test_an_address_that_nobody_knows_is_missing_and_no_compound(write: Any, word: str) -> None:
    rows = [["户号", "姓名", "地址"], ["A1", "王某", word]]
    assert "no compound can be told" in fault(read_households(write(rows), today=TODAY)).what
    assert fault(roster(write, 小区=word, 社区=word)).what == "the household has no address"


@pytest.mark.parametrize("word", ["无", "/", "—", "-", "暂无", "没有", "空", "N/A", "无 "])
def test_words_for_nothing_are_empty_cells_in_numbers_and_parts(write: Any, word: str) -> None:
    (home,) = roster(write, 手机=word, 身份证号=word, 门栋=word, 单元=word, 配偶姓名=word).items
    (person,) = home.persons
    assert (person.mobile, person.id_number, home.address.line()) == ("", "", "槐荫社区棉纺小区3栋")


@pytest.mark.parametrize(
    "name",
    ["王\ufffd", "王?", "王？", "王□", "王*", "12105550107", "待定", "张三/李四", "张三 李四",
     "张三　李四", "李 四 （已故）", "张三（户主）", "张三2", "丧偶"],
)  # fmt: skip
def test_what_is_no_one_persons_name_is_refused(write: Any, name: str) -> None:
    assert fault(roster(write, 姓名=name)).where.endswith("column '姓名'")
    assert fault(officer(write, 姓名=name)).where.endswith("column '姓名'")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("张　三", "张三"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("Mary Ann Smith", "Mary Ann Smith"),
    ],
)
def test_names_of_every_usual_kind_are_taken(write: Any, name: str, kept: str) -> None:
    assert [home.persons[0].name for home in roster(write, 姓名=name).items] == [kept]


def test_skills_are_parted_by_blanks_and_a_word_set_wide_is_one(write: Any) -> None:
    (one,) = officer(write, 技能="政策 方言", 方言="普 通 话").items
    assert (one.skills, one.languages) == (("policy", "dialect"), ("普通话",))


# Addresses


@pytest.mark.parametrize(
    ("line", "compound", "door"),
    [
        ("城关小区5 2栋1单元402室", "城关小区5", ("2", "1", "402")),
        ("城关小区 3 2 501", "城关小区", ("3", "2", "501")),
        ("水岸新村1 12-2-301", "水岸新村1", ("12", "2", "301")),
        ("建设路 12 3栋2单元501", "建设路12", ("3", "2", "501")),
        ("棉纺小区3，2，503", "棉纺小区", ("3", "2", "503")),
        ("机关大院 12、501", "机关大院", ("12", "", "501")),
        ("城关小区 3栋 2单元 501", "城关小区", ("3", "2", "501")),
        ("棉纺小区3 -2 -502", "棉纺小区", ("3", "2", "502")),
        ("Sunshine 3栋", "Sunshine", ("3", "", "")),
    ],
)
def test_blanks_and_commas_keep_figures_apart(line: str, compound: str, door: tuple[str, str, str]) -> None:
    found = parse(line)
    assert (found.compound, (found.building, found.unit, found.room)) == (compound, door)


@pytest.mark.parametrize(
    "line", ["城关小区5 3 2 501", "水岸新村12 2-301", "城关小区3栋2单元5 01室", "阳光城A 3栋", "城关小区 5 2"]
)
def test_where_figures_apart_may_mean_two_things_the_line_is_refused(write: Any, line: str) -> None:
    told = fault(read_households(write([["户号", "姓名", "地址"], ["A1", "王某", line]]), today=TODAY))
    assert "not sure which is the building" in told.what
    assert not any(parse(line))


def test_a_printed_address_keeps_figures_apart_and_is_read_back() -> None:
    address = Address("城东社区", "城关小区5", "2", unit="1", room="402", floor=4)
    assert address.line() == "城东社区城关小区5 2栋1单元402室"
    found = parse(address.line())
    assert (found.compound, found.building, found.unit, found.room) == ("城关小区5", "2", "1", "402")
    assert Address("", "阳光城A", "3").line() == "阳光城A 3栋"
    assert Address("槐荫社区", "棉纺小区", "3").line() == "槐荫社区棉纺小区3栋"


def test_codes_that_are_numbers_among_texts_with_noughts_have_lost_theirs(write: Any) -> None:
    head = ["户号", "姓名", "小区"]
    told = read_households(
        write([head, ["0001", "王某", "棉纺小区"], [2, "李某", "棉纺小区"], [3.0, "赵某", "棉纺小区"]]), today=TODAY
    ).faults
    assert [one.where.rpartition("sheet ")[2] for one in told] == [
        "'名册', row 3, column '户号'",
        "'名册', row 4, column '户号'",
    ]
    assert "2 is a number, and other codes are texts such as '0001'" in told[0].what
    alone = read_households(write([head, [1, "王某", "棉纺小区"], [12345, "李某", "棉纺小区"]]), today=TODAY)
    assert ([home.code for home in alone.items], alone.faults) == (["1", "12345"], ())


def test_places_that_are_probably_one_are_remarked_on_and_kept_apart(write: Any) -> None:
    places = [
        ("城东", "棉纺小区"),
        ("城东社区", "三组"),
        ("城东社区居委会", "棉纺小区"),
        ("城东社区", "3组"),
        ("城西社区", "三组"),
    ]
    rows = [["户号", "姓名", "社区", "小区"], *([f"A{at}", "王某", *place] for at, place in enumerate(places))]
    found = read_households(write(rows), today=TODAY)
    assert [home.address.community for home in found.items] == [community for community, _compound in places]
    assert [remark.partition(": ")[2] for remark in found.remarks] == [
        "城东, 城东社区, 城东社区居委会",
        "城东社区三组, 城东社区3组",
    ]
    assert roster(write).remarks == ()


@pytest.mark.parametrize("heading", ["原工作单位", "小区", "姓名"])
def test_a_sign_for_a_lost_character_is_refused_in_every_column(write: Any, heading: str) -> None:
    assert "has lost a character" in fault(roster(write, **{heading: "棉\ufffd厂"})).what
