"""Rosters taken in: all or nothing, twice is once, and every change is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from outreach.domain.ids import resident_id_check_sign
from outreach.domain.people import Household, Relation
from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.services.exports import export_households
from outreach.services.rosters import (
    Change,
    Displaced,
    MissingPerson,
    import_households,
    import_officers,
    list_households,
    list_officers,
)


def test_a_roster_is_taken_in_whole(bare_town: Any) -> None:
    report = import_households(bare_town.office, bare_town.table(bare_town.household_rows(), "roster.csv"))
    assert (report.kind, report.file, report.rows) == ("households", "roster.csv", 40)
    assert len(report.added) == 30
    assert (report.changes, report.unchanged, report.absent) == ((), 0, 0)
    homes = list_households(bare_town.office)
    assert [home.code for home in homes] == [f"H{n:03d}" for n in range(1, 31)]
    assert sum(home.couple for home in homes) == 10
    assert sum(len(home.persons) for home in homes) == 40


def test_a_roster_read_twice_changes_nothing(town: Any) -> None:
    before = list_households(town.office), list_officers(town.office)
    for read, rows in ((import_households, town.household_rows()), (import_officers, town.officer_rows())):
        report = read(town.office, town.table(rows))
        assert (report.added, report.changes) == ((), ())
        assert report.unchanged in (30, 4)
    assert (list_households(town.office), list_officers(town.office)) == before


def test_a_changed_row_is_shown_with_old_and_new(town: Any) -> None:
    rows = town.household_rows()
    rows[0] |= {"断保月数": "48", "手机": "12105559999"}
    rows[3] |= {"房号": "909", "难易": "难"}
    report = import_households(town.office, town.table(rows))
    assert set(report.changes) == {
        Change("H001", "persons[1].months_lapsed", "10", "48"),
        Change("H001", "persons[1].mobile", "12105550100", "12105559999"),
        Change("H003", "address.room", "303", "909"),
        Change("H003", "difficulty", "normal", "hard"),
    }
    assert report.changed == ("H001", "H003")
    assert report.unchanged == 28
    assert {change.field for change in report.changes if change.personal} == {"persons[1].mobile"}
    first = next(home for home in list_households(town.office) if home.code == "H001")
    assert (first.persons[0].months_lapsed, first.persons[0].mobile) == (48, "12105559999")


def home_of(town: Any, code: str) -> Household:
    return next(home for home in list_households(town.office) if home.code == code)


def test_a_person_the_file_does_not_name_stays_and_is_listed(town: Any) -> None:
    rows = [row for row in town.household_rows() if not (row["户号"] == "H001" and row["关系"] == "配偶")]
    before = home_of(town, "H001")
    report = import_households(town.office, town.table(rows))
    assert report.changes == ()
    assert report.missing_persons == (MissingPerson("H001", 2, "林晨"),)
    assert home_of(town, "H001") == before


def test_a_file_without_columns_leaves_their_fields_and_the_rest_of_the_family_alone(town: Any) -> None:
    before = home_of(town, "H001")
    name = before.persons[0].name
    table = town.table([{"户号": "H001", "姓名": name, "联系电话": "12105559999"}])
    report = import_households(town.office, table)
    assert report.changes == (Change("H001", "persons[1].mobile", "12105550100", "12105559999"),)
    head, spouse = before.persons
    assert home_of(town, "H001") == replace(before, persons=(replace(head, mobile="12105559999"), spouse))


def test_an_empty_cell_under_a_heading_empties_the_field_even_where_the_whole_column_is_empty(town: Any) -> None:
    name = home_of(town, "H001").persons[0].name
    row = {"户号": "H001", "姓名": name, "手机": "", "原单位": "", "断保月数": "", "性别": ""}
    report = import_households(town.office, town.table([row]))
    assert set(report.changes) == {
        Change("H001", "persons[1].mobile", "12105550100", ""),
        Change("H001", "persons[1].employer", "棉纺厂", ""),
        Change("H001", "persons[1].months_lapsed", "10", ""),
        Change("H001", "persons[1].sex", "male", "unknown"),
    }


def test_one_part_of_an_address_changes_alone_and_the_floor_follows_the_room(town: Any) -> None:
    before = home_of(town, "H002")
    name = before.persons[0].name
    import_households(town.office, town.table([{"户号": "H002", "姓名": name, "房号": "909"}]))
    assert home_of(town, "H002").address == replace(before.address, room="909", floor=9)
    import_households(town.office, town.table([{"户号": "H002", "姓名": name, "楼层": "8", "难易": "难"}]))
    assert home_of(town, "H002").address == replace(before.address, room="909", floor=8)


def test_a_line_without_a_community_leaves_the_compound_in_its_own(town: Any) -> None:
    before = home_of(town, "H002")
    name = before.persons[0].name
    import_households(town.office, town.table([{"户号": "H002", "姓名": name, "地址": "槐荫小区4栋1单元501室"}]))
    assert home_of(town, "H002").address == replace(before.address, building="4", floor=5, room="501")


def test_a_new_household_without_an_address_is_refused_with_its_row(town: Any) -> None:
    rows = [{"户号": "H001", "姓名": home_of(town, "H001").persons[0].name}, {"户号": "H999", "姓名": "张三"}]
    with pytest.raises(BadInput) as caught:
        import_households(town.office, town.table(rows))
    (fault,) = caught.value.faults
    assert "row 3" in fault.where
    assert "H999" in fault.what
    assert len(list_households(town.office)) == 30


def test_persons_keep_their_numbers_and_new_ones_get_the_next(town: Any) -> None:
    head, spouse = home_of(town, "H001").persons
    child = {"户号": "H001", "姓名": "王小", "关系": "户主"}
    rows = [child, {"户号": "H001", "姓名": spouse.name, "关系": ""}, {"户号": "H001", "姓名": head.name, "关系": "父"}]
    import_households(town.office, town.table(rows))
    persons = home_of(town, "H001").persons
    assert [(person.number, person.name) for person in persons] == [(1, head.name), (2, spouse.name), (3, "王小")]
    assert persons[2].relation is Relation.SELF
    assert persons[1].relation is Relation.SPOUSE


def test_the_id_number_tells_a_person_before_the_name_does(town: Any) -> None:
    one, other = (f"99019919620305{n:03d}" for n in (1, 2))
    one, other = (first + resident_id_check_sign(first) for first in (one, other))
    head, spouse = home_of(town, "H001").persons
    rows = [
        {"户号": "H001", "姓名": head.name, "身份证号": one},
        {"户号": "H001", "姓名": spouse.name, "身份证号": other},
    ]
    import_households(town.office, town.table(rows))
    rows[0]["姓名"], rows[1]["姓名"] = spouse.name, "林改"
    report = import_households(town.office, town.table(rows))
    assert set(report.changes) == {
        Change("H001", "persons[1].name", head.name, spouse.name),
        Change("H001", "persons[2].name", spouse.name, "林改"),
    }


def test_a_newcomer_without_a_relation_is_no_second_householder(town: Any) -> None:
    import_households(town.office, town.table([{"户号": "H002", "姓名": "新人"}]))
    assert [person.relation for person in home_of(town, "H002").persons] == [Relation.SELF, Relation.OTHER]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_unmasked_export_imported_again_changes_nothing(town: Any, language: str, ending: str) -> None:
    rows = town.household_rows()
    rows[0] |= {"出生日期": "1962-03-05", "最后缴费": "2003-06", "身份证号": "990199196702029013"}
    rows[2] |= {"原单位": "=1+1", "楼栋": "3号楼", "房号": "东户", "楼层": "", "门栋": "东门", "社区": "红旗路社区"}
    rows[3] |= {"经度": "", "纬度": "", "房号": "5楼东户"}
    table = town.table([{"出生日期": "", "最后缴费": "", "身份证号": ""} | row for row in rows])
    import_households(town.office, table)
    before = list_households(town.office)
    use_language(language)
    target = town.root / f"out{ending}"
    export_households(town.office, "", target, unmask=True)
    report = import_households(town.office, target)
    assert (report.added, report.changes, report.missing_persons, report.absent) == ((), (), (), 0)
    assert list_households(town.office) == before


def test_a_masked_export_is_refused(town: Any) -> None:
    before = list_households(town.office)
    export_households(town.office, "", town.root / "masked.csv", unmask=False)
    with pytest.raises(BadInput, match=r"is masked.*--unmask"):
        import_households(town.office, town.root / "masked.csv")
    assert list_households(town.office) == before


def test_an_officers_file_without_columns_leaves_their_fields_alone(town: Any) -> None:
    before = list_officers(town.office)
    report = import_officers(town.office, town.table([{"工号": "Y01", "姓名": "梁若舟", "手机": "12105559999"}]))
    assert report.changes == (Change("Y01", "mobile", "12105550001", "12105559999"),)
    assert list_officers(town.office) == [replace(before[0], mobile="12105559999"), *before[1:]]


def test_households_a_file_does_not_name_stay(town: Any) -> None:
    report = import_households(town.office, town.table(town.household_rows()[:2]))
    assert (report.unchanged, report.absent) == (1, 29)
    assert len(list_households(town.office)) == 30


def test_one_bad_row_keeps_the_whole_file_out(bare_town: Any) -> None:
    rows = bare_town.household_rows()
    rows[3] |= {"断保月数": "many"}
    rows[8] |= {"手机": "ask her son"}
    with pytest.raises(BadInput) as caught:
        import_households(bare_town.office, bare_town.table(rows, "roster.csv"))
    sentences = [fault.sentence() for fault in caught.value.faults]
    assert len(sentences) == 2
    assert all("roster.csv" in text for text in sentences)
    assert "row 5" in sentences[0]
    assert "many" in sentences[0]
    assert list_households(bare_town.office) == []
    assert bare_town.sql("SELECT count(*) FROM imports") == [(0,)]
    assert bare_town.sql("SELECT count(*) FROM entrances") == [(0,)]


def test_an_import_is_remembered_with_its_digest_and_counts(town: Any) -> None:
    rows = town.sql("SELECT kind, file, length(sha256), added, changed, unchanged FROM imports")
    assert sorted(rows) == [("households", "table.csv", 64, 30, 0, 0), ("officers", "table.csv", 64, 4, 0, 0)]


def test_officers_who_swap_posts_are_two_changes(town: Any) -> None:
    rows = town.officer_rows()
    rows[0]["岗位"], rows[1]["岗位"] = "G02", "G01"
    town.clock.present += dt.timedelta(days=1)
    report = import_officers(town.office, town.table(rows))
    assert set(report.changes) == {Change("Y01", "post", "G01", "G02"), Change("Y02", "post", "G02", "G01")}
    assert {one.post: one.code for one in list_officers(town.office)} == {
        "G01": "Y02", "G02": "Y01", "G03": "Y03", "G04": "Y04",
    }  # fmt: skip


def test_a_new_officer_takes_over_a_post_and_the_old_one_may_return_to_another(town: Any) -> None:
    old = town.officer_rows()[0]
    new = old | {"工号": "Y09", "姓名": "沈新"}
    report = import_officers(town.office, town.table([new]))
    assert (report.added, report.absent) == (("Y09",), 4)
    assert (report.displaced, report.vacant) == ((Displaced("G01", "Y01", "Y09"),), ())
    assert {one.post: one.code for one in list_officers(town.office)}["G01"] == "Y09"
    report = import_officers(town.office, town.table([old | {"岗位": "G05"}]))
    assert (report.added, report.displaced) == ((), ())
    assert report.changes == (Change("Y01", "post", "", "G05"),)
    assert {one.post: one.code for one in list_officers(town.office)} == {
        "G01": "Y09", "G02": "Y02", "G03": "Y03", "G04": "Y04", "G05": "Y01",
    }  # fmt: skip


def test_a_post_left_by_a_move_is_told_as_vacant(town: Any) -> None:
    report = import_officers(town.office, town.table([town.officer_rows()[0] | {"岗位": "G02"}]))
    assert (report.displaced, report.vacant) == ((Displaced("G02", "Y02", "Y01"),), ("G01",))


def test_a_household_may_lose_its_community_but_not_its_whole_address(town: Any) -> None:
    before = home_of(town, "H002")
    rows = [
        {"户号": "H002", "姓名": before.persons[0].name, "社区": ""},
        {"户号": "H003", "姓名": "新人", "社区": "东"},
    ]
    import_households(town.office, town.table(rows))
    assert home_of(town, "H002").address == replace(before.address, community="")
    assert home_of(town, "H003").address.community == "东"


def test_each_sheet_speaks_for_its_own_columns(town: Any) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("电话")
    one, two = home_of(town, "H002"), home_of(town, "H004")
    for row in (["户号", "姓名", "小区"], ["H002", one.persons[0].name, "棉纺宿舍"]):
        first.append(row)
    for row in (["户号", "姓名", "手机"], ["H004", two.persons[0].name, "12105559999"]):
        second.append(row)
    book.save(town.root / "two.xlsx")
    report = import_households(town.office, town.root / "two.xlsx")
    assert [(change.who, change.field) for change in report.changes] == [
        ("H002", "address.compound"),
        ("H004", "persons[1].mobile"),
    ]
