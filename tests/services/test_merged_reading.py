"""What comes in, is planned and is printed after a merge: under the old code or the new, it is one household's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.config import load_workspace
from outreach.domain.ids import resident_id_check_sign
from outreach.errors import BadInput, Conflict
from outreach.render.options import Options
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import import_attempts, record_attempt
from outreach.services.due import ranked
from outreach.services.household_merges import merge_households, unmerge
from outreach.services.materials import make_material
from outreach.services.office import Office, open_office
from outreach.services.rosters import import_households, list_households
from outreach.services.rounds import Choice
from outreach.services.sms import show_sending
from outreach.services.territories import assign_households, present_posts, show_household
from outreach.services.touches import list_touched
from outreach.services.try_records import know
from outreach.services.walk_planning import plan_walks
from outreach.services.walks import list_walks
from tests.conftest import SHANGHAI, Town
from tests.services.doubles import LATER, TWICE, double_rows, enter_twice, standings

DAY = dt.datetime(2005, 4, 4, 18, 30, tzinfo=SHANGHAI)


@pytest.fixture
def twice(town: Town) -> Town:
    enter_twice(town)
    assign_households(town.office, "")
    return town


@pytest.fixture
def other(twice: Town) -> Iterator[Office]:
    """Another machine, which has merged nothing."""
    office = open_office(load_workspace(twice.beside("other")), clock=twice.clock)
    yield office
    office.close()


def test_a_roster_that_still_has_the_row_brings_nobody_back(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    report = enter_twice(twice)
    assert report.merged == ((TWICE, "H001"),)
    assert (report.added, report.changed, report.missing_persons) == ((), (), ())
    assert len(list_households(twice.office)) == 30
    unmerge(twice.office, TWICE)
    assert enter_twice(twice).merged == ()


def test_paper_with_the_old_code_counts_for_the_kept_household(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    made = record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=DAY, person=3)
    assert made.officer == f"Y{present_posts(twice.office, 'town')['H001'][1:]}"
    rows = [{"户号": TWICE, "渠道": "上门", "时间": "2005-04-05 18:30", "结果": "无人在家"}]
    assert import_attempts(twice.office, "town", twice.table(rows, "sheet.csv")).new == 1
    assert import_attempts(twice.office, "town", twice.table(rows, "sheet.csv")).known == 1
    assert standings(twice)["H001"].attempts == 2
    assert TWICE not in standings(twice)
    with pytest.raises(BadInput, match="has no person number 4"):
        record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=DAY, person=4)


def test_a_log_of_a_machine_that_knows_no_merge_lands_at_the_kept_household(
    twice: Town, other: Office, tmp_path: Path
) -> None:
    merge_households(twice.office, "H001", TWICE)
    record_attempt(other, "town", TWICE, channel="visit", disposition="informed", at=DAY, person=3)
    export_log(other, "town", tmp_path / "log")
    assert merge_log(twice.office, "town", tmp_path / "log").new == 1
    assert standings(twice).keys() == {"H001"}
    # And back: there the household is still itself, under its own code and numbers.
    export_log(twice.office, "town", tmp_path / "back")
    done = merge_log(other, "town", tmp_path / "back")
    assert (done.new, done.differing) == (0, ())
    assert [one.person for one in show_household(other, "town", TWICE).attempts] == [3]


def test_a_machine_that_never_had_the_household_takes_its_facts_as_the_kept_ones(town: Town, tmp_path: Path) -> None:
    young = open_office(load_workspace(town.beside("young")), clock=town.clock)
    enter_twice(town)
    record_attempt(town.office, "town", TWICE, channel="visit", disposition="informed", at=DAY, person=2)
    merge_households(town.office, "H001", TWICE)
    export_log(town.office, "town", tmp_path / "log")
    assert merge_log(young, "town", tmp_path / "log").new == 1
    assert [(one.household, one.person) for one in show_household(young, "town", "H001").attempts] == [("H001", 2)]
    export_log(young, "town", tmp_path / "back")
    done = merge_log(town.office, "town", tmp_path / "back")
    assert (done.new, done.differing) == (0, ())
    young.close()


def test_a_log_whose_merges_are_garbled_is_no_log(twice: Town, tmp_path: Path) -> None:
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=DAY)
    merge_households(twice.office, "H001", TWICE)
    export_log(twice.office, "town", tmp_path / "log")
    head, *lines = (tmp_path / "log").read_text("utf-8").splitlines(keepends=True)
    told = json.loads(head)
    assert told["merged"] == {TWICE: {"into": "H001", "persons": {"0": 0}}}
    (tmp_path / "bad").write_text(json.dumps(told | {"merged": {TWICE: "H001"}}) + "\n" + "".join(lines), "utf-8")
    with pytest.raises(BadInput, match="is no contact log"):
        merge_log(twice.office, "town", tmp_path / "bad")


def test_a_household_reached_under_the_old_code_is_not_due_under_the_new(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    assert "H001" in _due(twice)
    assert TWICE not in _due(twice)
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=DAY)
    assert "H001" not in _due(twice)


def _due(town: Town) -> set[str]:
    day = dt.date(2005, 6, 15)
    return {line.code for line in ranked(know(town.office, "town", day), day)}


def test_another_campaigns_visit_to_the_one_that_went_is_told_of_the_kept_one(twice: Town) -> None:
    shutil.copytree(twice.root / "campaigns" / "town", twice.root / "campaigns" / "autumn")
    file = twice.root / "campaigns" / "autumn" / "campaign.toml"
    file.write_text(file.read_text("utf-8").replace('name = "town"', 'name = "autumn"'), "utf-8")
    record_attempt(twice.office, "autumn", TWICE, channel="visit", disposition="informed", at=DAY)
    merge_households(twice.office, "H001", TWICE)
    assert len(list_touched(twice.office, "town", DAY.date() + dt.timedelta(days=2), ["H001", "H002"])) == 1


def test_a_walk_list_made_before_the_merge_leads_to_the_kept_households_door(twice: Town) -> None:
    plan_walks(twice.office, "town", days=14, everybody=True)
    merge_households(twice.office, "H001", TWICE)
    lines = [line for sheet in list_walks(twice.office, "town") for line in sheet.lines]
    assert [line.household.code for line in lines].count("H001") == 2
    assert all(line.line.household == line.household.code for line in lines)
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=twice.clock.present)
    sheets = list_walks(twice.office, "town")
    assert {line.no_need for sheet in sheets for line in sheet.lines if line.household.code == "H001"} == {"reached"}


def test_a_person_who_had_the_message_under_the_old_code_gets_no_second(town: Town) -> None:
    enter_twice(town)
    assign_households(town.office, "")
    key = "sms-march-20050310-1"
    made = make_material(town.office, "", "sms", file_format="csv", choice=Choice(placement=key), options=Options())
    (file,) = made.files
    text = (made.folder / file.name).read_bytes().decode("utf-8-sig")
    sent = {(row["household"], row["person"]) for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert (TWICE, "2") in sent
    merge_households(town.office, "H001", TWICE)
    again = show_sending(town.office, "", key)
    assert {one.reason for one in again.persons if (one.household, one.person) == ("H001", 2)} == {"sent"}


def test_new_households_that_resemble_ones_that_are_there_are_told_or_refused(town: Town) -> None:
    rows = [*town.household_rows(), *double_rows(), *double_rows(LATER, "赵知秋")]
    rows[-3] |= {"手机": "12105550999"}
    strangers = town.household_rows()[0] | {
        "户号": "H099", "姓名": "慕容远山", "手机": "12105550998", "小区": "新庄", "楼栋": "7", "房号": "702",
    }  # fmt: skip
    file = town.table([*rows, strangers], "with-new.csv")
    with pytest.raises(Conflict, match="new household H031 resembles H001") as caught:
        import_households(town.office, file, refuse_near=True)
    assert all("H099" not in one.what for one in caught.value.faults)
    assert len(list_households(town.office)) == 30
    report = import_households(town.office, file)
    assert {(one.code, one.like) for one in report.near} >= {(TWICE, "H001")}
    assert "H099" not in {one.code for one in report.near}
    assert import_households(town.office, file, refuse_near=True).near == ()


def test_an_id_number_that_another_household_has_is_always_told(town: Town) -> None:
    number = "99019919600101001"
    number += resident_id_check_sign(number)
    known = next(row for row in town.household_rows() if row["户号"] == "H002") | {"身份证号": number}
    import_households(town.office, town.table([known], "known.csv"))
    mover = town.household_rows()[0] | {
        "户号": "H098", "姓名": "诸葛听雨", "手机": "12105550997", "小区": "新庄", "楼栋": "7", "房号": "702",
        "身份证号": number,
    }  # fmt: skip
    report = import_households(town.office, town.table([mover], "mover.csv"))
    assert [(one.code, one.like, one.certain) for one in report.near] == [("H098", "H002", True)]
