"""Who was erased is nowhere in the store, stays out whatever comes in, and still counts in reports."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.follow_up import FollowUpKind
from outreach.domain.people import is_stone
from outreach.domain.pieces import PieceState
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.accounts import import_accounts
from outreach.services.cases import import_cases
from outreach.services.checkup import check_workspace
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import import_attempts, record_attempt, record_milestone
from outreach.services.erasure import erase_household, expire_campaign, list_erasures
from outreach.services.erasure_marks import old_digits
from outreach.services.exclusions import exclude
from outreach.services.follow_ups import record_follow_up
from outreach.services.household_merges import list_merges, merge_households, unmerge
from outreach.services.materials import make_material
from outreach.services.monthly import explain_cell, report_month
from outreach.services.outcomes import report_outcomes
from outreach.services.piece_states import Change, record_state
from outreach.services.recall import Wanted, recall
from outreach.services.reports import report_coverage, report_funnel
from outreach.services.rosters import import_households, list_households
from outreach.services.suppressions import suppress
from outreach.services.surveys import draw_survey
from outreach.services.verify import verify_run
from tests.services.ledger_town import row, take_in

NAME, MOBILE, ROOM, ID_NUMBER = "钱孤帆", "12105559901", "990977", "990199196702029013"
NOTE = "她说女儿在外地教书"
WORDS = (NAME, MOBILE, ROOM, ID_NUMBER, NOTE, "旧址在棉纺二厂")


def rows_with_one_to_erase(town: Any) -> list[dict[str, str]]:
    own = {"姓名": NAME, "手机": MOBILE, "房号": ROOM, "身份证号": ID_NUMBER}
    return [{"身份证号": ""} | row | (own if row["户号"] == "H002" else {}) for row in town.household_rows()]


@pytest.fixture
def known(town: Any) -> Any:
    """The town with a household H002 that everything the store can hold of a household is known of."""
    office = town.office
    import_households(office, town.table(rows_with_one_to_erase(town), "named.csv"))
    at = dt.datetime(2005, 3, 8, 18, 30, tzinfo=town.workspace.zone)
    record_attempt(office, "", "H002", channel="visit", disposition="card_handed", at=at, note=NOTE)
    record_attempt(office, "", "H001", channel="visit", disposition="informed", at=at)
    record_milestone(office, "", "H002", kind="paid", on=dt.date(2005, 4, 2), amount_fen=61200, note=NOTE)
    suppress(office, "H002", reason=NOTE, channel="sms")
    exclude(office, "H002", "Y02", reason=NOTE)
    account = {"户号": "H002", "人员序号": "1", "年度": "2003", "缴费月数": "12", "缴费基数": "500", "缴费金额": "1200"}
    import_accounts(office, town.table([account | {"账户余额": "1200"}], "accounts.csv"))
    make_material(office, "", "letter", file_format="docx")
    draw_survey(office, "", every=True)
    record_follow_up(office, "", FollowUpKind.PROMISE, household="H002", about=NOTE, due=dt.date(2005, 7, 1))
    take_in(town, [row(NAME, ID_NUMBER, "1200", 手机=MOBILE), row(NAME, "", "300"), row("钱孤凡", "", "400")])
    return town


def stored_bytes(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(root.glob("outreach.db*")))


@pytest.mark.sqlite_only
def test_not_one_byte_of_the_store_tells_of_them_afterwards(known: Any) -> None:
    before = stored_bytes(known.root)
    assert all(word.encode() in before for word in WORDS[:5])
    erase_household(known.office, "H002", reason="asked at the counter")
    left = stored_bytes(known.root)
    assert [word for word in WORDS if word.encode() in left] == []
    assert b"H002" not in left


def everything_stored(town: Any) -> str:
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    if town.workspace.store_url.startswith("sqlite"):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    names = [row[0] for row in town.sql(query)]
    return "\n".join(repr(row) for name in names for row in town.sql(f'SELECT * FROM "{name}"'))


def test_no_table_tells_of_them_afterwards(known: Any) -> None:
    assert all(word in everything_stored(known) for word in WORDS[:5])
    erase_household(known.office, "H002", reason="asked at the counter")
    left = everything_stored(known)
    assert [word for word in WORDS if word in left] == []
    assert "'H002'" not in left


def test_facts_are_as_closed_to_changes_as_before(known: Any) -> None:
    from sqlalchemy.exc import DBAPIError

    erase_household(known.office, "H002", reason="asked")
    for table in ("attempts", "milestones", "follow_ups", "piece_events", "survey_answers", "case_steps", "erasures"):
        if known.sql(f"SELECT count(*) FROM {table}")[0][0]:
            with pytest.raises(DBAPIError, match="never changed"):
                known.sql(f"DELETE FROM {table}")


@pytest.mark.parametrize("by", ["community", "officer", "month", "channel"])
def test_every_figure_of_the_reports_stays(known: Any, by: str) -> None:
    before = report_coverage(known.office, "", by)
    funnel, outcomes = report_funnel(known.office, ""), report_outcomes(known.office, "", "officer").total
    erase_household(known.office, "H002", reason="asked")
    assert report_coverage(known.office, "", by) == before
    assert report_funnel(known.office, "") == funnel
    assert report_outcomes(known.office, "", "officer").total == outcomes
    check_workspace(known.office, "")


def of_month(town: Any, month: str, **more: Any) -> tuple[Any, ...]:
    report = report_month(town.office, "", month, **more)
    return [(one.kind, one.key, dict(one.figures)) for one in report.groups], report.facts, report.fingerprint


def a_lone_door(town: Any) -> None:
    """H002 reached, carded, paid, its promise overdue; a notice hangs on its entrance, which has no other door."""
    office, zone = town.office, town.workspace.zone
    rows = [one | ({"楼栋": "99号楼"} if one["户号"] == "H002" else {}) for one in town.household_rows()]
    import_households(office, town.table(rows, "lone.csv"))
    present, town.clock.present = town.clock.present, dt.datetime(2005, 3, 2, 8, tzinfo=zone)
    make_material(office, "", "notice")
    record_follow_up(office, "", FollowUpKind.PROMISE, household="H002", about="x", due=dt.date(2005, 4, 20))
    town.clock.present = present
    record_state(office, 1, [], Change(PieceState.POSTED, at=dt.datetime(2005, 3, 3, 10, tzinfo=zone)))
    for code, outcome in (("H002", "card_handed"), ("H003", "informed"), ("H004", "moved")):
        at = dt.datetime(2005, 3, 8, 18, 30, tzinfo=zone)
        record_attempt(office, "", code, channel="visit", disposition=outcome, at=at, officer="Y01")
    record_milestone(office, "", "H002", kind="paid", on=dt.date(2005, 4, 2), amount_fen=61200)
    plan = town.root / "campaigns" / "town" / "plan.toml"
    plan.write_text("format = 1\n[targets]\npaid_share = 0.7\nreached = 20\n", "utf-8")


@pytest.mark.parametrize("code", ["H002", "H003", "H004"])
def test_every_cell_of_the_months_report_stays(town: Any, code: str) -> None:
    a_lone_door(town)
    months = ("2005-03", "2005-04", f"{town.clock.present:%Y-%m}")
    before, then = [of_month(town, month) for month in months], town.clock.present
    assert sum(one[2].get("overdue/end", 0) for one in before[-1][0] if one[0] == "town") > 0
    erase_household(town.office, code, reason="asked")
    assert [of_month(town, month) for month in months] == before
    town.clock.present += dt.timedelta(hours=1)
    assert [of_month(town, month) for month in months] == before
    lines = explain_cell(town.office, "", "2005-04/town/all/homes/end").facts
    assert [is_stone(one.household) for one in lines].count(True) == 1
    assert [of_month(town, month, as_of=then) for month in months] == before


def test_what_is_open_of_them_is_overdue_no_more_after_the_month_they_were_erased_in(town: Any) -> None:
    a_lone_door(town)
    erase_household(town.office, "H002", reason="asked")
    erased_in = report_month(town.office, "", f"{town.clock.present:%Y-%m}").town.figures
    town.clock.present += dt.timedelta(days=31)
    later = report_month(town.office, "", f"{town.clock.present:%Y-%m}").town.figures
    assert later["overdue/end"] < erased_in["overdue/end"]
    assert [later[f"{name}/end"] for name in ("homes", "paid", "carded")] == [30, 1, 1]


def test_a_household_merged_away_is_not_counted_before_nor_after(town: Any) -> None:
    rows = [town.household_rows()[1] | {"户号": "H777", "姓名": "钱孤航", "房号": "880877"}]
    import_households(town.office, town.table(rows, "double.csv"))
    at = dt.datetime(2005, 3, 8, 18, 30, tzinfo=town.workspace.zone)
    record_attempt(town.office, "", "H777", channel="visit", disposition="informed", at=at)
    merge_households(town.office, "H002", "H777", reason="the same door")
    before = of_month(town, "2005-04")
    assert before[0][0][2]["homes/end"] == 30
    erase_household(town.office, "H002", reason="asked")
    assert of_month(town, "2005-04") == before


def test_complaints_of_no_household_that_name_them_are_told_before_and_when_it_is_done(known: Any) -> None:
    def complaint(who: str, about: str) -> str:
        return record_follow_up(known.office, "", FollowUpKind.COMPLAINT, who=who, about=about).id

    named = [complaint(NAME, "热线打不通"), complaint("过路人", f"请回电{MOBILE}"), complaint("邻居", f"替{NAME}问")]
    complaint("钱孤", "热线打不通")
    today = known.office.now().astimezone(known.workspace.zone).date()
    wanted = [(key, "town", "complaint", today) for key in sorted(named)]
    for dry_run in (True, False):
        told = erase_household(known.office, "H002", reason="asked", dry_run=dry_run)
        assert [(one.id, one.campaign, one.kind, one.day) for one in told.naming] == wanted
    assert NAME in {one.who for one in follow_ups_of(known)}  # a namesake may have said it


def test_a_case_of_no_household_that_names_them_is_told_by_its_number(known: Any) -> None:
    case = {"申请日期": "2005-06-13", "审核日期": "", "户号": "", "工号": "Y02"}
    rows = [case | {"业务号": "A1", "姓名": NAME}, case | {"业务号": "A2", "姓名": "赵先生"}]
    import_cases(known.office, "", known.table(rows, "cases.csv"))
    told = erase_household(known.office, "H002", reason="asked")
    assert [(one.id, one.kind, one.day) for one in told.naming] == [("A1", "case", dt.date(2005, 6, 13))]


def follow_ups_of(town: Any) -> list[Any]:
    with town.office.store.read() as unit:
        return list(unit.follow_ups.of("town", town.workspace.zone))


def test_they_stand_in_no_list_and_get_no_letter(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    assert "H002" not in {home.code for home in list_households(known.office)}
    assert len(list_households(known.office)) == 29
    run = make_material(known.office, "", "letter", file_format="docx")
    assert run.run.pieces == 29
    assert recall(known.office, "", Wanted()).stale == ()


def test_a_roster_does_not_bring_them_back_under_any_code_or_number(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    again = rows_with_one_to_erase(known)
    mine = next(row for row in again if row["户号"] == "H002")
    again += [
        mine | {"户号": "H902", "身份证号": "", "手机": ""},  # the name at the door
        mine | {"户号": "H903", "身份证号": "", "房号": "7777"},  # the name with the mobile
        mine | {"户号": "H904", "身份证号": "", "手机": "", "房号": "101"},  # another of that name
    ]
    report = import_households(known.office, known.table(again, "again.csv"))
    assert {one.code for one in report.erased} == {"H002", "H902", "H903"}
    assert report.added == ("H904",)
    other_name = [mine | {"户号": "H900", "姓名": "钱弧帆", "手机": "", "房号": "101"}]
    report = import_households(known.office, known.table(other_name, "other.csv"))
    assert [(one.code, one.whole) for one in report.erased] == [("H900", True)]


def test_the_old_and_the_new_number_of_a_person_are_one_mark() -> None:
    assert old_digits(ID_NUMBER) == old_digits("990199670202901") == "990199670202901"


def test_of_a_couple_only_the_erased_one_is_kept_out(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    home = known.household_rows()[1] | {"户号": "H905", "房号": "301", "身份证号": ""}
    rows = [home | {"姓名": "赵同舟"}, home | {"姓名": NAME, "身份证号": ID_NUMBER, "关系": "配偶"}]
    report = import_households(known.office, known.table(rows, "couple.csv"))
    assert [(one.code, one.whole, one.persons) for one in report.erased] == [("H905", False, 1)]
    (home,) = (one for one in list_households(known.office) if one.code == "H905")
    assert [person.name for person in home.persons] == ["赵同舟"]
    assert import_households(known.office, known.table(rows, "couple.csv")).unchanged == 1


def test_a_log_of_another_machine_does_not_bring_them_back(known: Any, tmp_path: Path) -> None:
    log = tmp_path / "other.log"
    exported = export_log(known.office, "", log)
    erase_household(known.office, "H002", reason="asked")
    merged = merge_log(known.office, "", log)
    assert (merged.new, merged.erased, merged.known) == (0, 4, exported.facts - 4)
    ours = tmp_path / "ours.log"
    assert export_log(known.office, "", ours).facts == exported.facts - 4
    assert NOTE not in ours.read_text("utf-8")


def test_a_sheet_that_names_them_is_refused_and_nothing_of_it_taken_in(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    sheet = [{"户号": code, "渠道": "上门", "时间": "2005-03-09 18:30", "结果": "已讲清"} for code in ("H003", "H002")]
    with pytest.raises(BadInput, match="row 3, column '户号': there is no such household"):
        import_attempts(known.office, "", known.table(sheet, "contacts.csv"))


def test_printed_runs_are_still_proved_but_nothing_is_asked_of_their_piece(known: Any) -> None:
    told = erase_household(known.office, "H002", reason="asked", dry_run=True)
    assert [(one.run, len(one.pieces)) for one in told.paper] == [(1, 1)]
    before = verify_run(known.office, 1)
    erase_household(known.office, "H002", reason="asked")
    assert verify_run(known.office, 1).flaws == before.flaws == ()


def test_telling_first_changes_nothing(known: Any) -> None:
    before = everything_stored(known)
    told = erase_household(known.office, "H002", reason="asked", dry_run=True)
    assert (told.persons, told.attempts, told.milestones, told.stone) == (2, 1, 2, "")
    assert everything_stored(known) == before
    assert not known.workspace.key_path.exists()


def test_the_marks_tell_nothing_without_the_key(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    assert known.workspace.key_path.stat().st_mode & 0o077 == 0
    (erased,) = list_erasures(known.office)
    assert (erased.reason, erased.marks) == ("asked", 6)
    known.workspace.key_path.unlink()
    with pytest.raises(NotFound, match="key"):
        import_households(known.office, known.table(known.household_rows()))


def test_without_a_reason_or_a_household_nothing_is_erased(known: Any) -> None:
    with pytest.raises(BadInput, match="reason"):
        erase_household(known.office, "H002", reason=" ")
    with pytest.raises(NotFound, match="H999"):
        erase_household(known.office, "H999", reason="asked")


def test_what_was_merged_into_it_is_erased_with_it_and_cannot_come_back(known: Any) -> None:
    rows = [known.household_rows()[1] | {"户号": "H777", "姓名": "钱孤航", "手机": "12105559902", "房号": "880877"}]
    import_households(known.office, known.table(rows, "double.csv"))
    record_attempt(known.office, "", "H777", channel="visit", disposition="informed", note="钱孤航说好的")
    merge = merge_households(known.office, "H002", "H777", reason="the same door")
    reached = report_coverage(known.office, "", "community").total
    told = erase_household(known.office, "H002", reason="asked")
    assert told.merged == ("H777",)
    left = everything_stored(known)
    assert [word for word in ("钱孤航", "12105559902", "880877") if word in left] == []
    assert report_coverage(known.office, "", "community").total == reached
    assert list_merges(known.office)[0].id == merge.id
    with pytest.raises(Conflict):
        unmerge(known.office, merge.id)
    again = import_households(known.office, known.table(rows, "double.csv"))
    assert [(one.code, one.whole) for one in again.erased] == [("H777", True)]


def keep_days(town: Any, days: int) -> Any:
    settings = town.root / "outreach.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[privacy]\n", f"[privacy]\nkeep_days = {days}\n"), "utf-8")
    return town.reopen()


def test_a_campaign_expires_only_when_its_time_is_over(known: Any) -> None:
    with pytest.raises(BadInput, match="keep_days"):
        expire_campaign(known.office, "")
    office = keep_days(known, 90)
    known.clock.present = known.clock.present.replace(month=9, day=28)
    with pytest.raises(Conflict, match="2005-09-28"):
        expire_campaign(office, "")
    known.clock.present = known.clock.present.replace(day=29)
    told = expire_campaign(office, "")
    assert (told.households, told.kept, told.done) == (30, 0, False)
    assert len(list_households(office)) == 30


def test_an_expired_campaign_keeps_its_figures_and_no_names(known: Any) -> None:
    office = keep_days(known, 90)
    known.clock.present = known.clock.present.replace(year=2006)
    before = [report_coverage(office, "", by) for by in ("community", "officer", "month")]
    assert expire_campaign(office, "", dry_run=False).households == 30
    assert [report_coverage(office, "", by) for by in ("community", "officer", "month")] == before
    assert list_households(office) == []
    left = everything_stored(known)
    names = {one["姓名"] for one in rows_with_one_to_erase(known)}
    assert sorted(name for name in names if name in left and name != "安") == []
    assert expire_campaign(office, "", dry_run=False).households == 0


def test_who_comes_in_a_new_roster_after_expiry_comes_in(known: Any) -> None:
    office = keep_days(known, 90)
    known.clock.present = known.clock.present.replace(year=2006)
    expire_campaign(office, "", dry_run=False)
    assert len(import_households(office, known.table(known.household_rows())).added) == 30


def test_households_of_a_campaign_that_still_runs_are_kept(known: Any) -> None:
    office = keep_days(known, 90)
    other = known.root / "campaigns" / "next"
    other.mkdir()
    text = known.campaign_file.read_text("utf-8").replace('name = "town"', 'name = "next"', 1)
    text = text.replace("starts = 2005-03-01\nends = 2005-06-30", "starts = 2005-03-01\nends = 2006-06-30", 1)
    (other / "campaign.toml").write_text(text, "utf-8")
    known.clock.present = known.clock.present.replace(year=2006)
    record_attempt(office, "next", "H002", channel="visit", disposition="nobody_home")
    told = expire_campaign(office, "town", dry_run=False)
    assert (told.households, told.kept) == (29, 1)
    assert [home.code for home in list_households(office)] == ["H002"]


def test_the_json_of_an_erasure_names_nobody(known: Any) -> None:
    erase_household(known.office, "H002", reason="asked")
    shown = json.dumps([repr(one) for one in list_erasures(known.office)], ensure_ascii=False)
    assert NAME not in shown
    assert "H002" not in shown
