"""Results on standard output, messages and progress on standard error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def test_a_making_shows_its_result_on_out_and_nothing_on_a_piped_err(call: Any, town: Any) -> None:
    answer = call("material", "make", "letter", "--post", "G01", at=town.root)
    assert answer.code == 0
    assert "0001-letter-docx" in answer.out
    assert answer.err == ""


def test_a_person_at_a_terminal_sees_the_progress_on_err(town: Any) -> None:
    pty = pytest.importorskip("pty")
    screen, terminal = pty.openpty()
    found = subprocess.run(
        [sys.executable, "-m", "outreach", "-w", str(town.root), "material", "make", "letter"],
        stdout=subprocess.PIPE, stderr=terminal, text=True, check=True,
    )  # fmt: skip
    os.close(terminal)
    seen = os.read(screen, 10_000).decode("utf-8")
    os.close(screen)
    assert "30/30" in seen
    assert "30/30" not in found.stdout


def test_json_stands_alone_on_out(call: Any, town: Any) -> None:
    answer = call("material", "make", "letter", "--json", at=town.root)
    assert answer.out.startswith("{")
    assert answer.json["run"]["pieces"] == 30
    assert sum(file["pieces"] for file in answer.json["files"]) == 30


def test_an_export_says_on_err_what_it_wrote(call: Any, town: Any, tmp_path: Path) -> None:
    answer = call("household", "export", tmp_path / "all.csv", at=town.root)
    assert (answer.code, answer.out) == (0, "")
    assert "40 persons" in answer.err


def test_report_files_are_named_on_err(call: Any, town: Any, tmp_path: Path) -> None:
    answer = call(
        "report", "funnel", "--xlsx", tmp_path / "r.xlsx", "--html", tmp_path / "r.html", "--json", at=town.root
    )
    assert answer.json["steps"][0] == {"key": "households", "households": 30}
    assert answer.err.count("written: ") == 2
    assert (tmp_path / "r.xlsx").is_file()
    assert "<svg" in (tmp_path / "r.html").read_text("utf-8")


def test_init_prints_the_folder(call: Any, tmp_path: Path) -> None:
    answer = call("init", tmp_path / "new")
    assert answer.out == f"{tmp_path / 'new'}\n"
    assert call("household", "list", "--json", "-c", "yingcheng", at=tmp_path / "new").json == []


def test_a_workspace_is_found_from_any_folder_in_it(call: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town.root / "campaigns" / "town")
    assert call("campaign", "check").out.startswith("town: 6 flights, ")


def test_a_new_campaign_begins_as_a_copy_that_checks(call: Any, town: Any) -> None:
    assert call("campaign", "new", "autumn", "--like", "town", at=town.root).code == 0
    assert call("campaign", "check", "autumn", "--json", at=town.root).json["faults"] == 0
    assert "autumn" in call("campaign", "list", "--json", at=town.root).json


def test_a_new_campaign_says_that_the_invented_rate_card_was_left_behind(call: Any, town: Any) -> None:
    made = call("campaign", "new", "county", "--like", "yingcheng", at=town.root)
    assert f"price list in {town.root / 'campaigns' / 'county'} as rates.csv" in made.err
    assert not (town.root / "campaigns" / "county" / "rates.csv").exists()
    assert "rates.csv" not in call("campaign", "new", "autumn", "--like", "town", at=town.root).err


def test_a_kind_is_previewed_outside_of_any_workspace(call: Any, tmp_path: Path) -> None:
    target = tmp_path / "preview.docx"
    answer = call("material", "preview", "letter", "-o", target)
    assert answer.code == 0, answer.err
    assert answer.out == f"{target}\n"
    assert target.read_bytes()[:2] == b"PK"


def test_a_copied_kind_shadows_the_shipped_one(call: Any, town: Any) -> None:
    folder = call("material", "copy", "sms", at=town.root).out.strip()
    assert folder == str(town.root / "templates" / "sms")
    kinds = {kind["kind"]: kind["folder"] for kind in call("material", "list", "--json", at=town.root).json}
    assert kinds["sms"] == folder


def test_what_is_recorded_shows_in_the_reports(call: Any, town: Any) -> None:
    call("contact", "record", "H001", "card_handed", "--left", "card", "--at", "2005-03-08 18:30", at=town.root)
    call("contact", "record", "H001", "registered", "--at", "2005-03-09", at=town.root)
    call("contact", "record", "H001", "paid", "--amount", "1234.50", "--at", "2005-03-10", at=town.root)
    funnel = call("report", "funnel", "--json", at=town.root).json
    steps = {step["key"]: step["households"] for step in funnel["steps"]}
    assert steps == {"households": 30, "carded": 1, "contacted": 1, "registered": 1, "paid": 1}
    assert funnel["fen"] == 123450
    by_month = call("report", "coverage", "--by", "month", "--json", at=town.root).json
    assert [(row["label"], row["reached"], row["paid"]) for row in by_month["rows"]] == [("2005-03", 1, 1)]
    assert call("check", "--json", at=town.root).json["attempts"] == 1


def test_an_amount_with_a_third_decimal_is_no_amount(call: Any, town: Any) -> None:
    answer = call("contact", "record", "H001", "paid", "--amount", "12.345", at=town.root)
    assert answer.code == 3
    assert "--amount: '12.345' is no amount" in answer.err


@pytest.mark.parametrize("amount", ["inf", "nan", "-5", "1e400"])
def test_an_odd_amount_is_refused(call: Any, town: Any, amount: str) -> None:
    assert call("contact", "record", "H001", "paid", f"--amount={amount}", at=town.root).code == 3
