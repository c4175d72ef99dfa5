"""Rosters taken in: all or nothing, twice is once, and every change is shown."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.services.rosters import Change, import_households, import_officers, list_households, list_officers


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


def test_a_person_who_left_the_household_is_a_change(town: Any) -> None:
    rows = [row for row in town.household_rows() if not (row["户号"] == "H001" and row["关系"] == "配偶")]
    report = import_households(town.office, town.table(rows))
    assert report.changed == ("H001",)
    assert Change("H001", "persons[2].name", "林晨", "") in report.changes


def test_households_a_file_does_not_name_stay(town: Any) -> None:
    report = import_households(town.office, town.table(town.household_rows()[:2]))
    assert (report.unchanged, report.absent) == (1, 29)
    assert len(list_households(town.office)) == 30


def test_one_bad_row_keeps_the_whole_file_out(bare_town: Any) -> None:
    rows = bare_town.household_rows()
    rows[3] |= {"断保月数": "many"}
    rows[8] |= {"手机": "none"}
    with pytest.raises(BadInput) as caught:
        import_households(bare_town.office, bare_town.table(rows, "roster.csv"))
    sentences = [fault.sentence() for fault in caught.value.faults]
    assert len(sentences) == 2
    assert all("roster.csv" in text for text in sentences)
    assert "row 5" in sentences[0]
    assert "many" in sentences[0]
    assert list_households(bare_town.office) == []
    connection = sqlite3.connect(bare_town.root / "outreach.db")
    assert connection.execute("SELECT count(*) FROM imports").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM entrances").fetchone() == (0,)
    connection.close()


def test_an_import_is_remembered_with_its_digest_and_counts(town: Any) -> None:
    connection = sqlite3.connect(town.root / "outreach.db")
    rows = connection.execute("SELECT kind, file, length(sha256), added, changed, unchanged FROM imports").fetchall()
    connection.close()
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
    assert {one.post: one.code for one in list_officers(town.office)}["G01"] == "Y09"
    report = import_officers(town.office, town.table([old | {"岗位": "G05"}]))
    assert report.added == ("Y01",)
    assert {one.post: one.code for one in list_officers(town.office)} == {
        "G01": "Y09", "G02": "Y02", "G03": "Y03", "G04": "Y04", "G05": "Y01",
    }  # fmt: skip
