from __future__ import annotations

import datetime as dt
import random
import time
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.people import Address, Difficulty, Officer, Person, Relation, Sex
from outreach.errors import NotFound
from outreach.intake import roster

TODAY = dt.date(2006, 4, 4)
households = partial(roster.read_households, today=TODAY)
officers = partial(roster.read_officers, today=TODAY)
RARE = "王䶮\U0002cc56\U0002cb4e"

PERSONS_ZH = (
    "户号 姓名 与户主关系 性别 出生日期 身份证号 联系电话 社区 小区 楼栋 门栋 单元 房号 经度 纬度 "
    "原工作单位 断保月数 最后缴费年月 难易程度 是否外出务工"
).split()
PERSONS_EN = (
    "Household code|Name|Relation|Sex|Born|ID number|Mobile|Community|Compound|Building|Entrance|Unit|Room|Lon|Lat|"
    "Employer|Months lapsed|Last paid|Difficulty|Migrant"
).split("|")


def family(id_of):
    door = ["槐荫社区", "棉纺小区", "3栋", "东门", "2单元", "501", 113.57, 30.94]
    self = [
        "A-1",
        RARE,
        "户主",
        "男",
        "1962-3-5",
        id_of(1),
        "12105550123",
        *door,
        "棉纺厂",
        36,
        "2003年6月",
        "难",
        "否",
    ]
    wife = [
        "A-1",
        "李四",
        "妻",
        "女",
        "1964/1/2",
        id_of(3, "19640102"),
        None,
        *[None] * 8,
        "棉纺厂",
        12,
        None,
        None,
        "是",
    ]
    return [self, wife]


def sole(reading):
    assert reading.faults == ()
    (household,) = reading.items
    return household


def only_fault(reading):
    (fault,) = reading.faults
    assert fault.mend
    return fault


def test_two_rows_of_one_code_are_one_household_with_every_field(write, id_of):
    reading = households(write([PERSONS_ZH, *family(id_of)]))
    home = sole(reading)
    assert (home.code, reading.rows, reading.ignored) == ("A-1", 2, ())
    assert home.address == Address("槐荫社区", "棉纺小区", "3", "东", "2", 5, "501")
    assert (home.difficulty, home.migrant, home.lon, home.lat) == (Difficulty.HARD, True, 113.57, 30.94)
    assert home.couple
    born = dt.date(1962, 3, 5), dt.date(1964, 1, 2)
    paid = dt.date(2003, 6, 1)
    assert home.persons == (
        Person(1, RARE, Relation.SELF, Sex.MALE, born[0], id_of(1), "12105550123", "棉纺厂", 36, paid),
        Person(2, "李四", Relation.SPOUSE, Sex.FEMALE, born[1], id_of(3, "19640102"), "", "棉纺厂", 12),
    )


def test_every_format_and_encoding_gives_the_same_households(every_format, id_of):
    read = [households(path) for path in every_format([PERSONS_ZH, *family(id_of)])]
    assert {sole(reading) for reading in read} == {sole(read[0])}


def test_columns_may_stand_in_any_order_and_language(write, id_of):
    rows = family(id_of)
    expected = sole(households(write([PERSONS_ZH, *rows])))
    for seed in range(6):
        order = list(range(len(PERSONS_ZH)))
        random.Random(seed).shuffle(order)
        headings = [(PERSONS_EN if (seed + at) % 2 else PERSONS_ZH)[at] for at in order]
        path = write([headings, *[[row[at] for at in order] for row in rows]], f"{seed}.csv")
        assert sole(households(path)) == expected


def test_unknown_columns_and_other_sheets_are_named_as_ignored(write):
    reading = households(write([["序号", "姓名", "地址", None], [1, "张三", "棉纺小区3栋501室", "x"]]))
    assert reading.faults == ()
    assert reading.ignored == ("序号", "column D (no heading)")


def test_two_columns_of_one_meaning_are_a_fault_naming_both(write):
    fault = only_fault(households(write([["姓名", "手机号", "联系电话"], ["张三", "12105550123", "12105550124"]])))
    assert fault.where == "roster.xlsx, sheet '名册', row 1"
    assert "'手机号' and '联系电话'" in fault.what


def test_a_roster_without_names_is_a_fault_with_the_headings_that_would_do(write):
    fault = only_fault(households(write([["户号", "联系电话"], ["1", "12105550123"]])))
    assert "姓名" in fault.what
    assert "户主姓名" in fault.mend


def test_every_bad_cell_of_a_row_is_reported_at_its_place_with_the_users_heading(write, id_of):
    bad_id = id_of(1)[:17] + "?"
    path = write(
        [["城东社区花名册"], ["户号", "姓名*", "手机号", "身份证号码", "断保月数（月）", "难易"],
         ["1", "张\u202e三", "1210555", bad_id, 900, "很难说"], ["2", "李四", "12105550123", None, 3, "易"]]
    )  # fmt: skip
    reading = households(path)
    assert [fault.where.removeprefix("roster.xlsx, sheet '名册', ") for fault in reading.faults] == [
        "row 3, column '姓名*'",
        "row 3, column '手机号'",
        "row 3, column '身份证号码'",
        "row 3, column '断保月数（月）'",
        "row 3, column '难易'",
    ]
    assert [household.code for household in reading.items] == ["2"]
    assert bad_id not in str(reading.faults)
    assert "1210555'" not in str(reading.faults)


def test_a_household_with_one_bad_row_is_left_out_whole(write):
    reading = households(
        write([["户号", "姓名", "手机"], ["1", "张三", "x"], ["1", "李四", None], ["2", "王五", None]])
    )
    assert [household.code for household in reading.items] == ["2"]
    only_fault(reading)


def test_rows_of_a_household_that_disagree_are_a_fault_naming_both(write):
    fault = only_fault(
        households(
            write([["户号", "姓名", "小区", "房号"], ["1", "张三", "甲小区", 501.0], ["1", "李四", "甲小区", 502]])
        )
    )
    assert fault.where.endswith("row 3, column '房号'")
    assert "row 2" in fault.what
    assert "501" in fault.what


def test_a_row_without_the_code_that_the_others_have_is_a_fault(write):
    fault = only_fault(households(write([["户号", "姓名"], ["1", "张三"], [None, "李四"]])))
    assert fault.where.endswith("row 3, column '户号'")


def test_an_id_number_that_stands_twice_is_a_fault_naming_both_rows(write, id_of):
    path = write([["户号", "姓名", "身份证号"], ["1", "张三", id_of(1)], ["2", "张山", id_of(1)]])
    fault = only_fault(households(path))
    assert fault.where.endswith("row 3, column '身份证号'")
    assert "row 2" in fault.what
    assert id_of(1) not in fault.what


def test_a_row_repeated_sign_by_sign_is_one_fault(write, id_of):
    row = ["1", "张三", id_of(1)]
    fault = only_fault(households(write([["户号", "姓名", "身份证号"], row, ["2", "李四", None], row])))
    assert "row 4" in fault.where
    assert "repeats" in fault.what
    assert "row 2" in fault.what


def test_without_codes_the_door_makes_the_household_and_its_code_is_always_the_same(write):
    rows = [["张三", "棉纺小区3栋2单元501室"], ["李四", "棉纺小区三栋二单元５０１"], ["王五", "棉纺小区3栋2单元502室"]]
    first = households(write([["姓名", "家庭住址"], *rows]))
    assert [[person.name for person in home.persons] for home in first.items] == [["张三", "李四"], ["王五"]]
    assert first.items[0].address == Address("", "棉纺小区", "3", "", "2", 5, "501")
    assert [person.relation for person in first.items[0].persons] == [Relation.SELF, Relation.OTHER]
    again = households(write([["姓名", "住址"], *reversed(rows)], "again.csv", encoding="gb18030"))
    assert [home.code for home in again.items] == [home.code for home in reversed(first.items)]
    assert all(home.code[0] == "H" and len(home.code) == 11 for home in first.items)


def test_without_codes_and_without_a_room_strangers_are_not_made_one_household(write):
    reading = households(write([["姓名", "住址", "电话"], ["张三", "棉纺小区", None], ["李四", "棉纺小区", None]]))
    assert len({home.code for home in reading.items}) == 2


def test_a_spouse_alone_joins_the_household_of_the_same_address(write):
    rows = [["张三", "本人", "棉纺小区3栋"], ["李四", "配偶", "棉纺小区3栋"], ["王五", "本人", "棉纺小区3栋"],
            ["赵六", "妻", "棉纺小区3栋"], ["孙七", "配偶", "棉纺小区4栋"]]  # fmt: skip
    reading = households(write([["姓名", "关系", "地址"], *rows]))
    found = [[person.name for person in home.persons] for home in reading.items]
    assert found == [["张三", "李四"], ["王五", "赵六"], ["孙七"]]


def test_the_same_door_on_two_floors_is_two_households(write):
    rows = [["张三", "棉纺小区3栋2单元5楼东户"], ["李四", "棉纺小区3栋2单元6楼东户"]]
    assert len(households(write([["姓名", "地址"], *rows])).items) == 2
    rows = [["张三", "棉纺小区", "3", "5", "东户"], ["李四", "棉纺小区", "3", "6", "东户"]]
    assert len(households(write([["姓名", "小区", "楼栋", "楼层", "房号"], *rows])).items) == 2


def test_a_reading_says_which_fields_the_file_has_and_what_it_tells_of_each_household(write):
    reading = households(write([["户号", "姓名", "电话", "配偶姓名", "配偶电话"],
                                ["1", "张三", None, "李四", "12105550124"]]))  # fmt: skip
    assert reading.fields == {"household_code", "name", "mobile", "spouse_name", "spouse_mobile"}
    told = reading.told["1"]
    assert "row 2" in told.place
    assert told.fields == reading.fields
    assert told.persons[1] == {"relation", "mobile"}
    assert "relation" not in told.persons[0]


def test_two_names_of_spouses_and_a_service_number_are_faults(write):
    rows = [["户号", "姓名", "电话", "配偶姓名"], ["1", "张三", "110", "赵六、孙七"]]
    assert [fault.where.rsplit("column ")[1] for fault in households(write(rows)).faults] == ["'电话'", "'配偶姓名'"]


def test_without_codes_and_addresses_each_person_is_a_household(write, id_of):
    reading = households(write([["姓名", "身份证号"], ["张三", id_of(1)], ["张三", id_of(3)]]))
    assert len({home.code for home in reading.items}) == 2
    assert reading.faults == ()


def test_an_address_that_tells_no_compound_is_a_fault_with_an_example(write):
    fault = only_fault(households(write([["姓名", "地址"], ["张三", "不详"]])))
    assert "不详" in fault.what
    assert "棉纺小区" in fault.mend


def test_a_household_without_an_address_in_a_roster_of_addresses_is_a_fault(write):
    fault = only_fault(
        households(write([["户号", "姓名", "地址"], ["1", "张三", None], ["2", "李四", "棉纺小区3栋501"]]))
    )
    assert fault.where.endswith("row 2, column '地址'")


def test_a_free_address_and_columns_complete_each_other_but_may_not_disagree(write):
    head = ["户号", "姓名", "地址", "社区", "楼栋", "房号"]
    home = sole(households(write([head, ["1", "张三", "槐荫社区棉纺小区3栋", "槐荫", "3号楼", "501"]])))
    assert (home.address.community, home.address.compound, home.address.building) == ("槐荫", "棉纺小区", "3号楼")
    assert (home.address.room, home.address.floor) == ("501", 5)
    fault = only_fault(households(write([head, ["1", "张三", "槐荫社区棉纺小区3栋", None, "4栋", "501"]])))
    assert fault.where.endswith("column '楼栋'")


def test_a_couple_in_one_row_is_two_persons(write, id_of):
    path = write([["户号", "姓名", "身份证号", "配偶姓名", "配偶身份证号", "配偶电话"],
                  ["1", "张三", id_of(1), "李 四", id_of(3), 12105550124.0]])  # fmt: skip
    home = sole(households(path))
    assert home.persons[1] == Person(2, "李四", Relation.SPOUSE, id_number=id_of(3), mobile="12105550124")
    assert home.couple


def test_a_couple_in_two_rows_that_name_each_other_is_still_two_persons(write, id_of):
    path = write([["户号", "姓名", "身份证号", "配偶姓名", "配偶身份证号"],
                  ["1", "张三", id_of(1), "李四", id_of(3)], ["1", "李四", id_of(3), "张三", id_of(1)]])  # fmt: skip
    home = sole(households(path))
    assert [(person.name, person.relation) for person in home.persons] == [
        ("张三", Relation.SELF),
        ("李四", Relation.SPOUSE),
    ]


def test_a_spouse_without_a_name_is_a_fault(write):
    fault = only_fault(
        households(write([["姓名", "配偶姓名", "配偶电话"], ["张三", "", "12105550124"], ["李四", "王五", None]]))
    )
    assert fault.where.endswith("row 2, column '配偶姓名'")


def test_the_householder_comes_first_however_the_rows_stand(write):
    path = write([["户号", "姓名", "关系"], ["1", "小张", "儿子"], ["1", "李四", "妻"], ["1", "张三", "户主"]])
    assert [person.name for person in sole(households(path)).persons] == ["张三", "李四", "小张"]


@pytest.mark.parametrize(
    ("lon", "lat", "words"), [(0, 0, "lies in the sea"), (113.57, None, "in pairs"), (30.94, 113.57, "degrees")]
)
def test_coordinates_that_place_nobody_are_refused(write, lon, lat, words):
    rows = [["户号", "姓名", "经度", "纬度"], ["1", "张三", lon, lat], ["2", "李四", 113.5, 30.9]]
    assert words in only_fault(households(write(rows))).what


def test_an_error_value_in_a_cell_is_a_fault_not_a_blank(write):
    assert "#N/A" in only_fault(households(write([["姓名", "电话"], ["张三", "#N/A"]], "a.csv"))).what


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        households(tmp_path / "none.xlsx")


def test_officers_are_read_with_their_phones_and_posts(every_format):
    head = ["工号", "姓名", "岗位", "职务", "科室", "手机", "宅电", "办公电话", "邮箱"]
    rows = [["07", "张三", "P1", "科员", "一科", "12105550123", "0700-5550101", "0700 5550102", "zhang@example.org"],
            ["08", "李四", None, None, None, None, None, None, None]]  # fmt: skip
    for path in every_format([head, *rows]):
        reading = officers(path)
        assert reading.faults == ()
        assert reading.items == (
            Officer(
                "07", "张三", "P1", "科员", "一科", "12105550123", "07005550101", "07005550102", "zhang@example.org"
            ),
            Officer("08", "李四", "08"),
        )


def test_officers_may_share_neither_a_number_nor_a_post(write):
    rows = [["1", "张三", "P1"], ["1", "李四", "P2"], ["3", "王五", "P1"]]
    reading = officers(write([["工号", "姓名", "岗位"], *rows]))
    assert [fault.where.rsplit(", ", 1)[1] for fault in reading.faults] == ["column '工号'", "column '岗位'"]
    assert all("row 2" in fault.what for fault in reading.faults)


def test_nine_thousand_rows_are_read_in_well_under_a_few_seconds(write, id_of):
    rows = [
        [f"A{at // 2}", f"张{chr(0x4E00 + at)}", "12105550123", "槐荫社区", "棉纺小区", at // 200, 501, at % 90]
        for at in range(9000)
    ]
    path = write([["户号", "姓名", "电话", "社区", "小区", "楼栋", "房号", "断保月数"], *rows], "big.csv")
    started = time.perf_counter()
    reading = households(path)
    assert time.perf_counter() - started < 4  # 0.4 s on a quiet core
    assert (reading.rows, len(reading.items), reading.faults) == (9000, 4500, ())


names = st.text(st.sampled_from("张王李赵䶮\U0002cc56\U0002cb4e·欧阳"), min_size=2, max_size=6).filter(
    lambda name: name.strip("·")
)
homes = st.lists(
    st.tuples(
        names,
        st.sampled_from(["槐荫社区", "城中社区", ""]),
        st.sampled_from(["棉纺小区", "光明里", "阳光100小区"]),
        st.sampled_from(["3", "12", "甲", "综合楼"]),
        st.sampled_from(["101", "502", "1203"]),
        st.one_of(st.none(), st.integers(0, 600)),
        st.one_of(st.none(), st.dates(dt.date(1930, 1, 1), dt.date(1988, 1, 1))),
        st.sampled_from(["难", "一般", "易", None]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda home: home[0],
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(homes=homes, codes=st.booleans())
def test_what_was_written_in_any_format_reads_the_same(every_format, homes, codes):
    head = ["姓名", "社区", "小区", "楼栋", "房号", "断保月数", "出生日期", "难易"]
    # Without codes those behind one door are one household, and one household is not both hard and easy.
    rows = [[*home[:7], home[7] if codes else None] for home in homes]
    if codes:
        head, rows = ["户号", *head], [[f"A{at}", *row] for at, row in enumerate(rows)]
    read = [households(path) for path in every_format([head, *rows])]
    assert all(reading.faults == () for reading in read)
    assert {reading.items for reading in read} == {read[0].items}
    assert sorted(person.name for home in read[0].items for person in home.persons) == sorted(home[0] for home in homes)
    if codes:
        assert [home.address.room for home in read[0].items] == [home[4] for home in homes]
