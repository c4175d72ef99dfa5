"""What a sceptical tester found wrong once, each mended and held."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import docx
import pytest

from outreach.cli.main import run
from outreach.errors import BadInput, StoreFault
from outreach.services.campaigns import load_campaign
from outreach.services.contacts import record_attempt
from outreach.services.explanations import explain_assignment
from outreach.services.gathering import gather
from outreach.services.materials import copy_kind, find_kind, make_material
from outreach.services.rosters import import_households, import_officers
from outreach.services.rounds import EVERYTHING, Choice
from outreach.services.territories import assign_households, show_household
from outreach.store.engine import open_engine

DAY = dt.date(2005, 3, 7)


def pieces(town: Any, kind: str, choice: Choice) -> list[Any]:
    campaign = load_campaign(town.workspace, "town")
    return gather(town.office, campaign, find_kind(town.workspace, kind), "pdf", "zh", DAY, choice)


def test_a_card_made_again_for_one_post_keeps_its_number(town: Any) -> None:
    everyone = {(p.household, p.person): p.values["number"] for p in pieces(town, "card", EVERYTHING)}
    some = pieces(town, "card", Choice(posts=("G03",)))
    assert some
    assert all(everyone[p.household, p.person] == p.values["number"] for p in some)


def test_a_notice_made_for_one_post_names_every_officer_of_the_entrance(town: Any) -> None:
    whole = {p.values["entrance"]["address"]: p.values["officers"] for p in pieces(town, "notice", EVERYTHING)}
    some = pieces(town, "notice", Choice(posts=("G01",)))
    assert 0 < len(some) < len(whole)
    assert all(p.values["officers"] == whole[p.values["entrance"]["address"]] for p in some)
    assert any(len(p.values["officers"]) > 1 for p in some)


@pytest.mark.parametrize("channel", ["crawl", "radio", "press", "board", "notice"])
def test_a_channel_whose_reach_is_estimated_takes_no_attempt(town: Any, channel: str) -> None:
    with pytest.raises(BadInput, match="estimated"):
        record_attempt(town.office, "", "H001", channel=channel, disposition="informed")


def test_a_material_nobody_makes_cannot_have_been_left(town: Any) -> None:
    with pytest.raises(BadInput, match="'crad' is no material"):
        record_attempt(town.office, "", "H001", channel="visit", disposition="informed", left=["crad"])


def test_an_attempt_before_the_campaign_is_refused(town: Any) -> None:
    at = dt.datetime(1990, 1, 1, 10, 0)  # noqa: DTZ001 - the workspace's zone is meant
    with pytest.raises(BadInput, match="before the campaign begins"):
        record_attempt(town.office, "", "H001", channel="visit", disposition="informed", at=at)


def test_an_officer_who_lost_the_post_may_still_be_named_for_past_visits(town: Any) -> None:
    rows = [row for row in town.officer_rows() if row["岗位"] == "G01"]
    import_officers(town.office, town.table([rows[0] | {"工号": "Y99", "姓名": "继任"}]))
    attempt = record_attempt(town.office, "", "H001", channel="visit", disposition="informed", officer="Y01")
    assert attempt.officer == "Y01"


def test_two_booths_at_one_place_clash_even_if_one_names_it_in_chinese_only(town: Any) -> None:
    town.campaign_file.write_text(
        town.campaign_file.read_text("utf-8")
        + """
[[flights]]
id = "booth-again"
channel = "booth"
starts = 2005-05-02
ends = 2005-05-02
times = ["09:00-10:00"]
place_zh = "长途汽车站"
heads = 1
staff = ["G09"]
""",
        "utf-8",
    )
    with pytest.raises(BadInput, match="both stand at 长途汽车站"):
        load_campaign(town.workspace, "town")


def test_an_empty_store_file_is_no_new_store(tmp_path: Path) -> None:
    (tmp_path / "outreach.db").touch()
    with pytest.raises(StoreFault, match="empty"):
        open_engine(f"sqlite:///{tmp_path}/outreach.db")


def test_an_own_kind_that_lost_its_manifest_is_not_replaced_by_the_shipped_one(town: Any) -> None:
    (copy_kind(town.workspace, "letter") / "material.toml").unlink()
    with pytest.raises(BadInput, match="shipped kind would be printed"):
        make_material(town.office, "", "letter")


def test_a_place_that_cannot_be_written_is_one_sentence(town: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (town.root / "file").write_text("in the way")
    code = run(["-w", str(town.root), "--lang", "en", "report", "funnel", "--xlsx", str(town.root / "file" / "x.xlsx")])
    said = capsys.readouterr().err
    assert code == 7
    assert said.count("\n") == 1
    assert "cannot be written" in said


def test_an_attempt_takes_no_amount(town: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["-w", str(town.root), "--lang", "en", "contact", "record", "H001", "informed", "--amount", "5"])
    assert (code, "an attempt has no amount" in capsys.readouterr().err) == (3, True)


def test_an_officer_without_a_place_is_not_said_to_be_near(bare_town: Any) -> None:
    rows = [row | {"经度": "", "纬度": ""} for row in bare_town.officer_rows()]
    import_officers(bare_town.office, bare_town.table(rows))
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    assign_households(bare_town.office, "")
    said = explain_assignment(show_household(bare_town.office, "", "H001"))
    assert "patch" in said
    assert " m " not in said


def test_a_separate_letter_is_named_after_its_household_even_alone(town: Any) -> None:
    made = make_material(town.office, "", "letter", separate=True, choice=Choice(households=("H004",)))
    (file,) = made.files
    assert "H004" in file.name
    assert docx.Document(str(made.folder / file.name)).paragraphs


@pytest.mark.sqlite_only
def test_a_store_put_back_from_a_backup_does_not_print_over_later_runs(town: Any) -> None:
    backup = (town.root / "outreach.db").read_bytes()
    first = make_material(town.office, "", "crawl")
    kept = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    town.close()
    for leftover in town.root.glob("outreach.db*"):
        leftover.unlink()
    (town.root / "outreach.db").write_bytes(backup)
    town.office = town.reopen()
    second = make_material(town.office, "", "crawl")
    assert second.run.number == first.run.number + 1
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == kept
