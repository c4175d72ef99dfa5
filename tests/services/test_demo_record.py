"""The record of the demonstration on a part of its town: whole, repeatable, and as an office would have it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.domain.ledger import LineState
from outreach.domain.pieces import PieceState
from outreach.services import demo_record
from outreach.services.campaigns import campaign_folder
from outreach.services.cases import list_cases
from outreach.services.follow_up_lists import report_overdue
from outreach.services.ledger import list_ledger
from outreach.services.ledger_review import open_lines, review_lines
from outreach.services.materials import make_material
from outreach.services.monthly import explain_cell, report_month
from outreach.services.notices import list_notices
from outreach.services.office import Office, init_workspace, open_office
from outreach.services.reports import report_funnel
from outreach.services.rosters import import_households, import_officers
from outreach.services.territories import assign_households

HOMES = 500


def part_of_the_town(root: Path) -> Office:
    """The campaign with its first households, assigned."""
    office = open_office(init_workspace(root, locale="en", campaign="yingcheng"))
    source = campaign_folder(office.workspace, "yingcheng")
    head, *rows = (source / "households.csv").read_text("utf-8-sig").splitlines()
    codes = list(dict.fromkeys(row.split(",")[0] for row in rows))[:HOMES]
    part = root / "part.csv"
    part.write_text("\n".join([head, *(row for row in rows if row.split(",")[0] in set(codes))]), "utf-8-sig")
    import_officers(office, source / "officers.csv")
    import_households(office, part)
    assign_households(office, "")
    return office


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[str]]]:
    office = part_of_the_town(tmp_path_factory.mktemp("demo"))
    make_material(demo_record.before_notices(office), "", "notice", day=dt.date(2005, 1, 10))
    told = [
        step(office)
        for step in (
            demo_record.put_up_notices,
            demo_record.record_year,
            demo_record.take_in_ledger,
            demo_record.take_in_cases,
            demo_record.report_met_first,
        )
    ]
    yield office, told
    office.close()


def test_a_handful_of_follow_ups_is_left_overdue_of_hundreds(played: tuple[Office, list[str]]) -> None:
    town = report_month(played[0], "", "2005-12").town.figures
    assert town["followed_up/total"] > 300
    assert 0 < town["overdue/end"] + town["complaints_overdue/end"] < 40
    assert report_overdue(played[0], "").total.overdue < 40


def test_the_last_three_months_come_out_of_the_ledger_and_each_file_adds_up(played: tuple[Office, list[str]]) -> None:
    office = played[0]
    files = list_ledger(office, "")
    assert [one.file.month for one in files] == list(demo_record.LEDGER_MONTHS)
    assert all(one.adds_up for one in files)
    for one in files:
        lines = sum(tally.lines for tally in one.states.values())
        assert one.states[LineState.MATCHED].lines > 0.85 * lines
    assert review_lines(office, "")
    assert {one.line.state for one in open_lines(office, "")} == {LineState.UNMATCHED}
    december = explain_cell(office, "", "2005-12/town/all/yuan/month")
    assert december.figure == files[-1].states[LineState.MATCHED].fen
    assert (office.workspace.out / "ledger-unmatched.xlsx").is_file()


def test_payments_before_and_in_the_ledger_months_count_once(played: tuple[Office, list[str]]) -> None:
    office = played[0]
    campaign = demo_record.check_campaign(office.workspace, "")
    year = demo_record.invented_year(office, campaign, campaign.ends)
    waiting = sum(one.line.amount_fen for one in review_lines(office, ""))
    whole = sum(step.amount_fen for step in year.milestones)
    assert whole - waiting <= report_funnel(office, "").fen <= whole


def test_every_notice_hung_and_is_down_again(played: tuple[Office, list[str]]) -> None:
    found = list_notices(played[0], "")
    assert {one.state for one in found} == {PieceState.REMOVED}
    posted = report_month(played[0], "", "2005-12").town.figures["posted/total"]
    assert posted == len(found) + len(found) // 40


def test_cases_are_mostly_done_and_a_few_are_late(played: tuple[Office, list[str]]) -> None:
    found = list_cases(played[0], "")
    assert len(found) == 60
    assert sum(one.next is None for one in found) >= 50
    assert sum(one.next is not None and one.next.state == "overdue" for one in found) >= 1


def test_each_step_says_what_it_did(played: tuple[Office, list[str]]) -> None:
    notices, year, ledger, cases, met = played[1]
    assert "down by 2005-06-30" in notices
    assert "follow-ups left overdue" in year
    assert "matched by keys" in ledger
    assert "60 cases" in cases
    assert "first met in 2005-04" in met


def test_the_same_roster_gives_the_same_files_again(played: tuple[Office, list[str]], tmp_path: Path) -> None:
    office = part_of_the_town(tmp_path / "again")
    demo_record.record_year(office)
    demo_record.take_in_ledger(office)
    demo_record.take_in_cases(office)
    for name in ("cases.csv", *(f"ledger/{month}.csv" for month in demo_record.LEDGER_MONTHS)):
        assert (office.workspace.root / name).read_bytes() == (played[0].workspace.root / name).read_bytes()
    office.close()
