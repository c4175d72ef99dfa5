from __future__ import annotations

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.ids import resident_id_check_sign
from outreach.domain.people import Address, Sex
from outreach.intake import cells, words
from outreach.intake.address import floor_of, numeral, parse, part
from outreach.intake.cells import CellFault
from outreach.intake.dates import day, moment
from outreach.intake.headings import Kind, accepted, field_of, fields_of

TODAY = dt.date(2006, 4, 4)
ZONE = ZoneInfo("Asia/Shanghai")
ID = "99019919620305001" + resident_id_check_sign("99019919620305001")


def wrong(convert, cell) -> str:
    with pytest.raises(CellFault) as caught:
        convert(cell)
    assert caught.value.mend
    return caught.value.what


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 棉纺厂\u3000", "棉纺厂"),
        (12.0, "12"),
        (12.5, "12.5"),
        (7, "7"),
        (None, ""),
        ("e\u0301", "é"),
        ("\ufeff棉\u200b纺\u00ad厂", "棉纺厂"),
        ("一\u00a0二", "一 二"),
        ("上\n下", "上 下"),
        ('="0012"', "0012"),
        ("王\ue863", "王䶮"),
        ("\U00031350", "\U00031350"),
        ("１２ＡＢ", "１２ＡＢ"),
    ],
)
def test_text_is_cleaned_but_keeps_its_width_and_its_rare_characters(cell, text):
    assert cells.clean_text(cell) == text


@pytest.mark.parametrize("sign", ["\x07", "\u202e", "\u200f", "\ue000", "\ud800", "\x7f"])
def test_control_direction_and_private_signs_are_named_by_their_number(sign):
    assert f"U+{ord(sign):04X}" in wrong(cells.clean_text, f"张{sign}三")


def test_an_error_value_a_date_made_of_text_and_a_long_text_are_refused():
    assert "#REF!" in wrong(cells.clean_text, "#REF!")
    assert "2006-03-02" in wrong(cells.clean_text, dt.date(2006, 3, 2))
    assert "101" in wrong(cells.clean_text, "长" * 101)
    assert "61" in wrong(cells.name, "长" * 61)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张\u3000三", "张三"),
        (" 张 三 ", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("Mary   Ann  Smith", "Mary Ann Smith"),
        ("𬱖 䶮", "𬱖䶮"),
    ],
)
def test_blanks_inside_chinese_names_go_and_stay_single_in_others(cell, name):
    assert cells.name(cell) == name


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        (12105550123.0, "12105550123"),
        (12105550123, "12105550123"),
        ("121 0555 0123", "12105550123"),
        ("１２１０５５５０１２３", "12105550123"),
        ("0700-5550101", "07005550101"),
        ("'12105550123", "12105550123"),
        (" ", ""),
    ],
)
def test_a_phone_comes_out_as_its_digits(cell, digits):
    assert cells.phone(cell) == digits


@pytest.mark.parametrize("cell", ["1.21E+10", "1.21056e10"])
def test_a_phone_in_scientific_writing_has_lost_digits(cell):
    assert "only the first digits" in wrong(cells.phone, cell)


@pytest.mark.parametrize("cell", ["13012345678/13912345678", "13012345678、0700-5550101", "13012345678 13912345678"])
def test_two_numbers_in_one_cell_are_told_as_that(cell):
    assert wrong(cells.phone, cell) == "there are two numbers in one cell"


@pytest.mark.parametrize("cell", ["110", "12345", 96123])
def test_a_service_number_is_nobodys_own(cell):
    assert cells.phone(cell)
    assert "too short" in wrong(cells.mobile, cell)
    assert cells.mobile("0700-5550101") == "07005550101"


@pytest.mark.parametrize("convert", [cells.phone, cells.mobile, cells.resident_id])
def test_a_masked_number_is_told_as_that(convert):
    for cell in ("121****0123", "990*************13", "****", "121＊＊＊＊0123"):
        assert "is masked" in wrong(convert, cell)


@pytest.mark.parametrize(
    "convert",
    [
        cells.months,
        cells.degrees(90),
        cells.fen,
        cells.one_of(words.SEXES, "男 女"),
        cells.one_name,
        partial(day, today=TODAY),
        partial(moment, zone=ZONE, today=TODAY),
    ],
)
@pytest.mark.parametrize("number", ["13012345678", "130 1234 5678", "130-1234-5678", "130.1234.5678", ID, 13012345678])
def test_no_fault_shows_a_whole_number_whatever_the_column(convert, number):
    cell = f"{number}、x" if convert is cells.one_name else f"{number} x"
    what = wrong(convert, cell).replace(" ", "").replace("-", "").replace(".", "")
    assert "1301234" not in what
    assert "19620305" not in what
    assert "2345678" not in what
    if isinstance(number, int) and convert in (cells.months,):
        assert "130****5678" in wrong(convert, number)


@pytest.mark.parametrize("cell", ["赵六、孙七", "赵六,孙七", "赵六/孙七", "赵六；孙七"])
def test_two_names_in_one_cell_are_refused(cell):
    assert "more than one name" in wrong(cells.one_name, cell)
    assert cells.one_name("Smith, Mary") == "Smith, Mary"


def test_an_apostrophe_that_kept_a_text_from_being_a_formula_goes():
    assert [cells.clean_text(cell) for cell in ("'=1+1", "'-2+3", "'tis")] == ["=1+1", "-2+3", "'tis"]


def test_a_wrong_phone_is_masked_in_the_message():
    assert wrong(cells.phone, "1210555012345") == "'121****2345' is no phone number"
    assert wrong(cells.phone, "问儿子") == "'问儿子' is no phone number"


@pytest.mark.parametrize("cell", [ID, f" {ID[:6]} {ID[6:]} ", ID.lower(), f"'{ID}", f'="{ID}"'])
def test_a_valid_id_number_is_taken_with_blanks_and_apostrophes(cell):
    assert cells.resident_id(cell) == ID


def test_an_id_number_kept_as_a_number_has_lost_its_last_digits():
    for cell in (9.90199196203051e17, 990199196203051000, "9.90199E+17", "990199196203051000"):
        what = wrong(cells.resident_id, cell)
        assert "only the first digits" in what
        assert "19620305" not in what
        assert "96203051" not in what


def test_a_wrong_id_number_says_what_is_wrong_with_it_and_is_masked():
    bad_sign = ID[:17] + ("1" if ID[17] != "1" else "2")
    assert "last sign" in wrong(cells.resident_id, bad_sign)
    assert "not the 18" in wrong(cells.resident_id, "990199620305001")
    assert "date of birth" in wrong(cells.resident_id, "990199196213050011")
    assert "holds signs" in wrong(cells.resident_id, "99019919620305O011")
    assert "19620305" not in wrong(cells.resident_id, bad_sign)


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(1962, 3, 5),
        dt.datetime.fromisoformat("1962-03-05 00:00"),
        22710,
        22710.0,
        "22710",
        "1962-3-5",
        "1962/03/05",
        "1962.3.5",
        "1962年3月5日",
        " 1962 年 3 月 5 日",
        "１９６２－３－５",
        "19620305",
        19620305.0,
        "1962-03-05 00:00:00",
    ],
)
def test_a_day_is_read_in_every_usual_form(cell):
    assert day(cell, today=TODAY) == dt.date(1962, 3, 5)


@pytest.mark.parametrize("cell", ["2003-06", "2003年6月", "2003.6", "200306", 200306.0, "2003/06", 2003.06])
def test_a_month_is_its_first_day_where_months_are_taken(cell):
    assert day(cell, today=TODAY, months=True) == dt.date(2003, 6, 1)
    assert "names no day" in wrong(partial(day, today=TODAY), cell)


@pytest.mark.parametrize("cell", ["1962", 1962.0, "1962-13-05", "1962-02-30", "去年", 12.0, "3/5/62"])
def test_what_is_no_day_is_refused(cell):
    assert "is no date" in wrong(partial(day, today=TODAY), cell)


def test_a_month_whose_zero_was_lost_is_not_guessed():
    assert "January or October" in wrong(partial(day, today=TODAY, months=True), 1962.1)


def test_days_before_1900_and_after_today_are_refused():
    for cell in ("1899-12-31", "2006-04-05", "2026-01-01"):
        assert "is not between 1900" in wrong(partial(day, today=TODAY), cell)


@pytest.mark.parametrize(
    "cell",
    [
        dt.datetime.fromisoformat("2005-03-01 19:30"),
        38412 + 19.5 / 24,
        "2005-03-01 19:30",
        "2005-03-01T19:30:00",
        "2005/3/1 7:30 PM",
        "2005年3月1日 19时30分",
        "2005年3月1日下午7时30分",
        "2005年3月1日 下午7点半",
        "２００５－３－１　１９：３０",
    ],
)
def test_a_moment_is_read_in_every_usual_form_and_in_the_zone(cell):
    assert moment(cell, zone=ZONE, today=TODAY) == dt.datetime(2005, 3, 1, 19, 30, tzinfo=ZONE)


def test_a_day_without_a_time_is_its_first_minute_and_a_wrong_time_is_refused():
    assert moment("2005-3-1", zone=ZONE, today=TODAY) == dt.datetime(2005, 3, 1, tzinfo=ZONE)
    assert moment(dt.date(2005, 3, 1), zone=ZONE, today=TODAY) == dt.datetime(2005, 3, 1, tzinfo=ZONE)
    assert "no time of day" in wrong(partial(moment, zone=ZONE, today=TODAY), "2005-3-1 25:30")


def test_numbers_are_whole_within_their_bounds_and_may_carry_their_unit():
    assert [cells.months(cell) for cell in (36.0, "36", "３６", "36个月", "36 months", 0, None)] == [36] * 5 + [0, None]
    for cell in (601, -1, 12.5, "三年", True, "NaN", "1e999999"):
        assert wrong(cells.months, cell)


def test_degrees_stay_within_the_globe():
    assert cells.degrees(180)("113.57") == 113.57
    with pytest.raises(CellFault) as caught:
        cells.degrees(90)(113.57)
    assert "exchanged" in caught.value.mend


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (5160.5, 516050),
        ("5,160.50元", 516050),
        ("￥ 0.01", 1),
        (0.1 + 0.2, 30),
        ("１２３", 12300),
        (1234.560000000001, 123456),
    ],
)
def test_amounts_are_exact_to_the_fen(cell, fen):
    assert cells.fen(cell) == fen


@pytest.mark.parametrize("cell", ["12.345", -1, "1.2万", "Infinity"])
def test_amounts_that_are_none_are_refused(cell):
    assert wrong(cells.fen, cell)


def test_words_are_taken_in_both_languages_without_regard_to_case_and_width():
    sex = cells.one_of(words.SEXES, "男 女")
    assert [sex(cell) for cell in ("男", " Ｍale", "F", 2.0)] == [Sex.MALE, Sex.MALE, Sex.FEMALE, Sex.FEMALE]
    assert wrong(sex, "?") == "'?' is not known here"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("城东街道槐荫社区棉纺小区3栋2单元501室", ("槐荫社区", "棉纺小区", "3", "", "2", "", "501")),
        (
            "湖北省孝感市应城市城东街道槐荫社区棉纺小区３栋２单元５０１室",
            ("槐荫社区", "棉纺小区", "3", "", "2", "", "501"),
        ),
        ("槐荫社区棉纺小区三栋二单元五〇一室", ("槐荫社区", "棉纺小区", "3", "", "2", "", "501")),
        ("棉纺小区 3号楼 东门 2单元 501", ("", "棉纺小区", "3号楼", "东", "2", "", "501")),
        ("东方小区十二栋三单元一百零二室", ("", "东方小区", "12", "", "3", "", "102")),
        ("阳光100小区3-2-501", ("", "阳光100小区", "3", "", "2", "", "501")),
        ("棉纺小区综合楼501室（后门）", ("", "棉纺小区", "综合楼", "", "", "", "501")),
        ("棉纺小区3栋2单元5楼501", ("", "棉纺小区", "3", "", "2", "5", "501")),
        ("城关镇李家村3组12号", ("李家村", "3组", "", "", "", "", "12号")),
        ("胜利路12号", ("", "胜利路12号", "", "", "", "", "")),
        ("Room 501, Unit 2, Building 3, Mill Compound, East", ("East", "Mill Compound", "3", "", "2", "", "501")),
        ("不详", ("",) * 7),
        ("3栋501", ("",) * 7),
        ("棉纺小区3栋2单元5楼东户", ("", "棉纺小区", "3", "", "2", "5", "5楼东户")),
        ("棉纺小区3栋2单元5号", ("", "棉纺小区", "3", "", "2", "", "5")),
        ("棉纺小区3-2-5-501", ("", "棉纺小区", "3", "", "2", "5", "501")),
        ("棉纺小区3#2-501", ("", "棉纺小区", "3", "", "2", "", "501")),
        ("棉纺小区3#-2-501", ("", "棉纺小区", "3", "", "2", "", "501")),
        ("棉纺小区3栋2-501", ("", "棉纺小区", "3", "", "2", "", "501")),
        ("棉纺小区A3-2-501", ("", "棉纺小区", "A3", "", "2", "", "501")),
        ("西大街124-13号", ("", "西大街", "", "", "", "", "124-13号")),
        ("街道口小区3栋501", ("", "街道口小区", "3", "", "", "", "501")),
        ("城关镇王村3组12号", ("王村", "3组", "", "", "", "", "12号")),
    ],
)
def test_a_free_address_is_told_apart(line, parts):
    assert tuple(parse(line)) == parts


@pytest.mark.parametrize(
    "community", "红旗路社区 菜市口社区 老县城社区 城市花园社区 新市街社区 农贸市场社区 街道口社区 小区东社区".split()
)
@pytest.mark.parametrize(
    "above", ["", "应城市", "东马坊镇", "湖北省孝感市应城市", "湖北省应城市城东街道", "城北街道办事处"]
)
def test_only_whole_levels_are_taken_off_a_community(above, community):
    assert parse(f"{above}{community}棉纺小区3栋501").community == community


def test_what_the_domain_prints_is_told_apart_again():
    home = Address("槐荫社区", "棉纺小区", "3", "东", "2", 5, "501")
    for language in ("zh", "en"):
        parts = parse(home.line(language))
        assert Address(*parts[:5], floor=floor_of(parts.room), room=parts.room) == home


def test_a_part_is_kept_in_one_way_however_it_is_written():
    assert {part(text, "building") for text in ("3", "3栋", "３栋", "三栋", "三")} == {"3"}
    assert part("3号楼", "building") == "3号楼"
    assert part("综合楼", "building") == "综合楼"
    assert part("Building 3", "building") == "3"
    assert [numeral(text) for text in ("十", "二十一", "五〇一", "一百零二", "东")] == ["10", "21", "501", "102", "东"]
    assert [floor_of(room) for room in ("501", "1203", "12", "", "501A")] == [5, 12, 0, 0, 5]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓名*", "name"), ("姓 名", "name"), ("户主姓名", "name"), ("姓\n名", "name"), ("Family name?", "name"),
        ("身份证号码", "id_number"), ("公民身份号码", "id_number"), ("身份证号（18位）", "id_number"),
        ("联系电话", "mobile"), ("手机号", "mobile"), ("Mobile", "mobile"), ("断保月数（月）", "months_lapsed"),
        ("Months lapsed", "months_lapsed"), ("months_lapsed", "months_lapsed"), ("所属社区", "community"),
        ("小区名称", "compound"), ("楼栋", "building"), ("楼号", "building"), ("单元", "unit"), ("房号", "room"),
        ("门牌号", "room"), ("原工作单位", "employer"), ("是否外出务工", "migrant"),
        ("Household code", "household_code"),
        ("Spouse's name", "spouse_name"), ("ＮＡＭＥ：", "name"), ("序号", ""), ("", ""),
    ],
)  # fmt: skip
def test_headings_are_known_however_they_are_dressed(heading, field):
    assert field_of(Kind.HOUSEHOLDS, heading) == field


@pytest.mark.parametrize("kind", Kind)
def test_no_heading_means_two_fields_of_one_kind(kind):
    for field in fields_of(kind):
        for heading in accepted(kind, field):
            assert field_of(kind, heading) == field
