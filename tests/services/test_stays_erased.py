"""Who was erased stays erased: through rosters that write the door another way, backups put back, logs of machines
that had merged them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.domain.people import Address, Household, Person, is_stone
from outreach.errors import NotFound
from outreach.services.backups import make_backup, restore_backup
from outreach.services.checkup import check_workspace
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import record_attempt
from outreach.services.erasure import erase_household, list_erasures
from outreach.services.erasure_marks import erasure_key, mark_of, signs_of
from outreach.services.household_merges import merge_households
from outreach.services.office import open_office
from outreach.services.rosters import import_households, list_households
from outreach.services.territories import show_household
from outreach.services.trail import list_entries, verify_trail
from outreach.store.erasure import Mark
from tests.services.doubles import TWICE, double_rows, enter_twice

DAY = dt.datetime(2005, 4, 4, 18, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2005, 6, 15, 10, 30, tzinfo=dt.UTC)
REASON = "asked at the counter"


def codes(office: Any) -> set[str]:
    return {home.code for home in list_households(office)}


@pytest.mark.parametrize(
    ("entered", "brought"),
    [
        (("十二号楼", "2单元", "501"), ("12栋", "2单元", "501室")),
        (("三号楼", "", "602"), ("3栋", "", "六0二")),
        (("3栋", "二单元", "东户"), ("03号楼", "2", "东户")),
    ],
)
def test_a_door_written_another_way_is_the_same_door(
    town: Any, entered: tuple[str, str, str], brought: tuple[str, str, str]
) -> None:
    home = town.household_rows()[1] | {"手机": ""}
    fields = ("楼栋", "单元", "房号")
    import_households(town.office, town.table([home | dict(zip(fields, entered, strict=True)) | {"户号": "E1"}]))
    erase_household(town.office, "E1", reason=REASON)
    again = [home | dict(zip(fields, brought, strict=True)) | {"户号": code} for code in ("E2", "E3")]
    again[1] |= {"房号": "777"}
    report = import_households(town.office, town.table(again))
    assert [one.code for one in report.erased] == ["E2"]
    assert report.added == ("E3",), "another door is another's"


def test_the_texts_that_marks_are_made_of_stay_as_they_are() -> None:
    """Stores keep digests of them: whoever changes the form of doors or names keeps the earlier one beside it."""
    person = Person(1, "钱 孤帆", mobile="121-0555-9901", id_number="990199196702029013")
    home = Household("H1", Address("城东社区", "棉纺小区", "十二号楼", "东门", "2单元", 5, "501室"), (person,))
    assert list(signs_of(home)) == [
        ("code", "H1"),
        ("id_number", "990199670202901"),
        ("door", "|棉纺小区|12|东门|2|501|钱孤帆"),
        ("mobile", "12105559901|钱孤帆"),
    ]
    village = Household("H2", Address("李村", "三组", "", "", "", 0, "12号"), (Person(1, "王伟"),))
    assert ("door", "李村|3组||||12|王伟") in list(signs_of(village)), "every village has a third group"


def test_a_mark_made_of_a_door_as_it_was_written_still_keeps_them_out(town: Any) -> None:
    key = erasure_key(town.office, create=True)
    before = mark_of(key, "door", "城东社区|槐荫小区|12号楼||2|501|钱孤帆")
    with town.office.store.write() as unit:
        unit.erasures.remember(
            [(town.office.new_id(), Mark(before, "door", "erased-9", REASON, town.office.now(), ""))]
        )
    door = {"楼栋": "十二号楼", "单元": "2", "房号": "501", "姓名": "钱孤帆", "户号": "E2", "手机": ""}
    report = import_households(town.office, town.table([town.household_rows()[1] | door]))
    assert [one.code for one in report.erased] == ["E2"]


def test_a_code_that_was_merged_away_is_answered_with_the_code_to_use(town: Any) -> None:
    enter_twice(town)
    merge_households(town.office, "H001", TWICE)
    for dry_run in (True, False):
        with pytest.raises(NotFound) as raised:
            erase_household(town.office, TWICE, reason=REASON, dry_run=dry_run)
        assert [fault.sentence() for fault in raised.value.faults] == [f"{TWICE}: is merged into H001; use H001"]


@pytest.mark.sqlite_only
def test_a_backup_put_back_brings_nobody_back(town: Any, tmp_path: Path) -> None:
    record_attempt(town.office, "", "H008", channel="visit", disposition="informed", note="她说女儿在外地")
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    (name,) = (home.persons[0].name for home in list_households(town.office) if home.code == "H008")
    erase_household(town.office, "H008", reason=REASON)
    before = list_erasures(town.office)
    town.close()
    done = restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW, actor="chief")
    assert (done.erased, done.unsure) == (("H008",), False)
    office = town.reopen()
    assert "H008" not in codes(office)
    assert name.encode() not in b"".join(path.read_bytes() for path in town.root.glob("outreach.db*"))
    assert list_erasures(office) == before
    assert import_households(office, town.table(town.household_rows())).erased[0].code == "H008"
    assert [(one.by, one.action) for one in list_entries(office)][-2:] == [
        ("chief", "store restore"),
        ("chief", "household erase"),
    ]
    assert verify_trail(office).findings == ()
    check_workspace(office, "")
    town.close()
    assert restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW + dt.timedelta(1)).erased == ("H008",)


@pytest.mark.sqlite_only
def test_what_was_merged_when_it_was_erased_is_erased_again_where_it_stands_alone(town: Any, tmp_path: Path) -> None:
    enter_twice(town)
    make_backup(town.workspace, tmp_path / "apart.db", NOW)
    merged = merge_households(town.office, "H001", TWICE)
    make_backup(town.workspace, tmp_path / "merged.db", NOW)
    erase_household(town.office, "H001", reason=REASON)
    for number, file in enumerate(("apart.db", "merged.db")):
        town.close()
        done = restore_backup(load_workspace(town.root), tmp_path / file, NOW + dt.timedelta(seconds=number))
        assert done.erased == ("H001", TWICE)
        assert not {"H001", TWICE} & codes(town.reopen())
    assert merged.gone == TWICE


@pytest.mark.sqlite_only
def test_a_backup_from_after_the_erasure_is_put_back_as_it_is(town: Any, tmp_path: Path) -> None:
    erase_household(town.office, "H008", reason=REASON)
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()
    done = restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW)
    assert (done.erased, done.unsure) == ((), False)
    assert len(codes(town.reopen())) == 29


@pytest.mark.sqlite_only
def test_a_backup_takes_the_place_of_a_store_that_was_moved_away(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()
    town.sql("UPDATE alembic_version SET version_num = 'moved-' || version_num")
    done = restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW)
    assert (done.erased, done.unsure) == ((), True)
    assert len(codes(town.reopen())) == 30


@pytest.mark.sqlite_only
@pytest.mark.parametrize("lost", ["outreach.db", "the key"])
def test_where_nobody_can_tell_who_was_erased_since_it_is_said(town: Any, tmp_path: Path, lost: str) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    erase_household(town.office, "H008", reason=REASON)
    key = town.workspace.key_path
    town.close()
    kept = key.read_bytes()
    (key if lost == "the key" else town.root / lost).unlink()
    done = restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW)
    assert (done.erased, done.unsure) == ((), True)
    assert done.recorded == key.is_file() == (lost != "the key"), "no key is made that would recognise nobody"
    key.write_bytes(kept)
    again = import_households(town.reopen(), town.table(town.household_rows()))
    assert len(again.erased) == (1 if lost == "the key" else 0), "the marks are carried over all the same"


@pytest.fixture
def two(town: Any) -> Any:
    """(the town with a household entered twice, another machine that never had the second entry)."""
    other = open_office(load_workspace(town.beside("other")), clock=town.clock)
    enter_twice(town)
    record_attempt(town.office, "town", TWICE, channel="visit", disposition="informed", at=DAY, person=2)
    record_attempt(town.office, "town", "H003", channel="visit", disposition="informed", at=DAY)
    yield town, other
    other.close()


def enter_twice_at(town: Any, office: Any) -> None:
    import_households(office, town.table(double_rows(), "double.csv"))


def test_a_log_of_a_household_merged_into_one_erased_here_is_taken_in_without_it(two: Any, tmp_path: Path) -> None:
    town, other = two
    merge_households(town.office, "H001", TWICE)
    export_log(town.office, "town", tmp_path / "mg.log")
    erase_household(other, "H001", reason=REASON)
    done = merge_log(other, "town", tmp_path / "mg.log")
    assert (done.facts, done.new, done.erased) == (2, 1, 1)
    assert len(show_household(other, "town", "H003").attempts) == 1
    assert merge_log(other, "town", tmp_path / "mg.log").new == 0


def test_a_log_written_before_the_merge_is_left_out_by_the_code_of_either(two: Any, tmp_path: Path) -> None:
    town, other = two
    enter_twice_at(town, other)
    export_log(town.office, "town", tmp_path / "plain.log")
    merge_households(other, "H001", TWICE)
    erase_household(other, "H001", reason=REASON)
    done = merge_log(other, "town", tmp_path / "plain.log")
    assert (done.new, done.erased) == (1, 1)


def test_where_only_the_second_entry_was_erased_the_first_ones_facts_come_in(two: Any, tmp_path: Path) -> None:
    town, other = two
    enter_twice_at(town, other)
    erase_household(other, TWICE, reason=REASON)
    merge_households(town.office, "H001", TWICE)
    record_attempt(town.office, "town", "H001", channel="call", disposition="no_answer", at=DAY)
    export_log(town.office, "town", tmp_path / "mg.log")
    done = merge_log(other, "town", tmp_path / "mg.log")
    assert (done.facts, done.new, done.erased) == (3, 2, 1)
    assert [one.channel for one in show_household(other, "town", "H001").attempts] == ["call"]


def test_an_erasure_before_the_log_was_written_leaves_a_log_anybody_takes(two: Any, tmp_path: Path) -> None:
    town, other = two
    merge_households(town.office, "H001", TWICE)
    erase_household(town.office, "H001", reason=REASON)
    export_log(town.office, "town", tmp_path / "mg.log")
    done = merge_log(other, "town", tmp_path / "mg.log")
    assert (done.facts, done.new, done.erased) == (1, 1, 0)
    record_attempt(other, "town", "H001", channel="call", disposition="no_answer", at=DAY)
    export_log(other, "town", tmp_path / "back.log")
    assert merge_log(town.office, "town", tmp_path / "back.log").erased == 1
    assert all(
        is_stone(one) or one == "H003"
        for (one,) in town.sql("SELECT h.code FROM attempts a JOIN households h ON h.id = a.household_id")
    )
