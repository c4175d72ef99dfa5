"""What a month's report counts beside tries: notices put up, the six musts, and homes that a hold-out leaves alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from outreach.domain.hold_out import Arm, HoldOut, Home
from outreach.domain.pieces import PieceState
from outreach.services.contact_withdrawal import withdraw_fact
from outreach.services.follow_up_lists import report_overdue
from outreach.services.materials import make_material
from outreach.services.monthly import explain_cell, report_month
from outreach.services.monthly_cells import HELD
from outreach.services.monthly_files import write_month
from outreach.services.piece_states import Change, record_state
from outreach.services.suppressions import suppress
from outreach.services.trail import record, trail_head
from tests.services.test_monthly import at, paid, plan, row, tried


@pytest.fixture
def hung(town: Any) -> Any:
    """Notices on all doors since 3 April; the second went missing and was put up again in May by Y02."""
    present, town.clock.present = town.clock.present, at("2005-04-01 08:00")
    make_material(town.office, "", "notice")
    town.clock.present = present
    record_state(town.office, 1, [], Change(PieceState.POSTED, at=at("2005-04-03 10:00")))
    record_state(town.office, 1, [(2, 2)], Change(PieceState.MISSING, at=at("2005-04-20 10:00")))
    record_state(town.office, 1, [(2, 2)], Change(PieceState.POSTED, by="Y02", at=at("2005-05-02 10:00")))
    return town


def figures(town: Any, month: str, kind: str = "town", key: str = "all", **more: Any) -> Any:
    return row(report_month(town.office, "", month, **more), kind, key).figures


def test_every_notice_put_up_counts_once_for_each_time_and_for_whoever_did_it(hung: Any) -> None:
    doors = hung.sql("select count(*) from run_pieces")[0][0]
    april, may = (figures(hung, month) for month in ("2005-04", "2005-05"))
    assert (april["posted/month"], may["posted/month"], may["posted/total"]) == (doors, 1, doors + 1)
    assert figures(hung, "2005-05", "officer", "Y02")["posted/month"] == 1
    communities = report_month(hung.office, "", "2005-04").of("community")
    assert sum(one.figures["posted/month"] for one in communities if one.key != "-") == doors


def test_a_notice_put_up_is_explained_by_its_door_and_its_piece(hung: Any) -> None:
    (line,) = explain_cell(hung.office, "", "2005-05/town/all/posted/month").facts
    assert (line.day, line.officer, line.household) == (dt.date(2005, 5, 2), "Y02", "")
    assert line.what.startswith("notice put up: ")
    assert line.what.endswith("(run 1, piece 2)")


def test_a_posting_that_was_corrected_away_counts_no_longer_but_did_as_of_then(hung: Any) -> None:
    before = hung.clock.present
    hung.clock.present += dt.timedelta(hours=1)
    record_state(hung.office, 1, [(2, 2)], Change(PieceState.PRINTED, correct=True))
    assert figures(hung, "2005-05")["posted/month"] == 0
    assert figures(hung, "2005-05", as_of=before)["posted/month"] == 1


def test_talks_are_counted_with_the_musts_that_were_ticked(town: Any) -> None:
    tried(town, "H001", "2005-04-05 19:00", musts=("all",), officer="Y01")
    tried(town, "H002", "2005-04-05 19:20", musts=("greet", "polite", "papers", "explain", "goodbye"), officer="Y01")
    tried(town, "H003", "2005-04-05 19:40", officer="Y01")
    tried(town, "H004", "2005-04-05 19:50", disposition="nobody_home", officer="Y01")
    found = figures(town, "2005-04", "officer", "Y01")
    assert (found["talks/month"], found["ticked/month"], found["all_six/month"]) == (3, 2, 1)
    assert (found["greet/month"], found["finish/month"]) == (2, 1)
    (line,) = explain_cell(town.office, "", "2005-04/town/all/finish/month").facts
    assert line.household == "H001"
    assert "see the work through" in line.what


def test_a_document_says_how_many_talks_kept_all_six_and_which_was_missing_most(town: Any, tmp_path: Path) -> None:
    tried(town, "H001", "2005-04-05 19:00", musts=("all",))
    tried(town, "H002", "2005-04-05 19:20", musts=("greet", "polite", "papers", "explain", "goodbye"))
    report = report_month(town.office, "", "2005-04")
    text = "\n".join(
        one.text for one in docx.Document(write_month(town.office, "", report, tmp_path / "a.docx")).paragraphs
    )
    assert "Of 2 talks 2 had the six musts ticked, 1 of them all six (50.0%)." in text
    assert "Most often missing: see the work through, 1 times." in text


def hold(town: Any, held: set[str], starts: dt.date, ends: dt.date, made: str = "2005-03-01 08:00") -> None:
    one = HoldOut("h", "town", "spring", "spring", starts, ends, at(made), "household", 10)
    with town.office.store.write() as unit:
        ids = unit.rosters.household_ids()
        arms = {code: Arm.HELD if code in held else Arm.OPEN for code in sorted(ids)}
        unit.hold_outs.add(one, [Home(code, code, "", arm) for code, arm in arms.items()], ids)


def test_homes_left_alone_are_in_no_denominator_bear_no_target_and_are_listed(town: Any) -> None:
    plan(town, "[targets]\npaid = 9\n")
    hold(town, {"H001", "H002", "H003"}, dt.date(2005, 4, 1), dt.date(2005, 5, 15))
    paid(town, "H001", "2005-04-20", 100_000)
    paid(town, "H010", "2005-04-20", 100_000)
    report = report_month(town.office, "", "2005-04")
    town_row = report.town.figures
    assert [town_row[f"{name}/end"] for name in ("homes", "held", "held_paid", "in_scope", "paid")] == [30, 3, 1, 27, 1]
    assert town_row["paid/month"] == 2  # the results have them all
    assert [(one.household, one.reason, one.hold_out) for one in report.left_out] == [
        (code, HELD, "spring") for code in ("H001", "H002", "H003")
    ]
    bearers = explain_cell(town.office, "", "2005-04/town/all/paid/target").facts
    assert not {one.household for one in bearers} & {"H001", "H002", "H003"}
    assert {one.what for one in explain_cell(town.office, "", "2005-04/town/all/held/end").facts} == {
        "left alone: hold-out spring"
    }


def test_when_the_hold_out_is_over_its_homes_count_again(town: Any) -> None:
    hold(town, {"H001", "H002", "H003"}, dt.date(2005, 4, 1), dt.date(2005, 5, 15))
    found = figures(town, "2005-05")
    assert (found["held/end"], found["in_scope/end"]) == (0, 30)


def test_a_report_as_of_before_the_draw_knows_of_no_hold_out(town: Any) -> None:
    hold(town, {"H001"}, dt.date(2005, 5, 1), dt.date(2005, 6, 30), made="2005-05-10 08:00")
    assert figures(town, "2005-05", as_of=at("2005-05-05 08:00"))["held/end"] == 0
    assert figures(town, "2005-05")["held/end"] == 1


def test_files_say_at_their_foot_where_the_audit_trail_stood(town: Any, tmp_path: Path) -> None:
    report = report_month(town.office, "", "2005-04")
    quiet = write_month(town.office, "", report, tmp_path / "quiet.html").read_text("utf-8")
    assert "Audit trail" not in quiet  # nothing was recorded in it yet
    record(town.office, "backup", {"file": "a"})
    head = trail_head(town.office)
    noted = f"{head.length}:{head.digest[:16]}"
    assert noted in write_month(town.office, "", report, tmp_path / "a.html").read_text("utf-8")
    document = docx.Document(write_month(town.office, "", report, tmp_path / "a.docx"))
    assert any(noted in one.text for one in document.paragraphs)
    sheet = openpyxl.load_workbook(write_month(town.office, "", report, tmp_path / "a.xlsx")).worksheets[0]
    assert noted in str([cell for line in sheet.iter_rows(values_only=True) for cell in line])


def test_who_wishes_no_contact_is_owed_no_return_visit_in_the_report_either(town: Any) -> None:
    for code in ("H001", "H002"):
        tried(town, code, "2005-04-05 19:00")
    before = town.clock.present
    town.clock.present += dt.timedelta(hours=1)
    suppress(town.office, "H001", reason="asked", starts=dt.date(2005, 5, 1))
    assert figures(town, "2005-05")["overdue/end"] == 1
    assert figures(town, "2005-05", as_of=before)["overdue/end"] == 2
    assert report_overdue(town.office, "").total.overdue == 1


def test_what_was_promised_in_a_talk_that_never_was_is_not_overdue(town: Any) -> None:
    made = tried(
        town, "H001", "2005-04-05 19:00", disposition="refused", promise=dt.date(2005, 4, 20), promise_about="x"
    )
    assert figures(town, "2005-04")["overdue/end"] == 1
    withdraw_fact(town.office, "", made.id, reason="the house next door")
    assert figures(town, "2005-04")["overdue/end"] == 0
