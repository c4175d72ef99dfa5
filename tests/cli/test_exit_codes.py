"""How calls end: one sentence a fault on standard error, nothing on standard output, the code of its class."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def refused(answer: Any, code: int, *parts: str) -> None:
    """The call ended with `code`, printed nothing, and said one sentence with all `parts`."""
    assert answer.code == code, answer.err
    assert answer.out == ""
    assert len(answer.sentences) == 1, answer.err
    where, _, rest = answer.sentences[0].partition(": ")
    assert where
    assert "; " in rest, "where: what; mend"
    for part in parts:
        assert part in answer.sentences[0]


def test_outside_a_workspace_is_4(call: Any, tmp_path: Path) -> None:
    refused(call("household", "list"), 4, str(tmp_path / "outside"), "'outreach init'")
    refused(call("household", "list", at=tmp_path / "nowhere"), 4, "nowhere", "no such file")


def test_a_bad_setting_is_3(call: Any, town: Any) -> None:
    settings = town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("Asia/Shanghai", "Asia/Yingcheng"), "utf-8")
    refused(call("household", "list", at=town.root), 3, "outreach.toml, timezone", "no time zone")


def test_a_bad_campaign_is_3_with_a_sentence_for_every_fault(call: Any, town: Any) -> None:
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "ring us"'), ("ends = 2005-06-30\ntimezone", "timezone"))
    answer = call("campaign", "check", at=town.root)
    assert (answer.code, answer.out) == (3, "")
    *faults, sum_up = answer.sentences
    assert len(faults) == 2
    assert sum_up == "2 faults; nothing was written"
    assert any("bureau.hotline" in fault and "no phone number" in fault for fault in faults)
    assert any("ends: is missing; add it" in fault for fault in faults)


def test_a_bad_row_is_3_and_nothing_is_taken_in(call: Any, town: Any) -> None:
    rows = [row | {"断保月数": "多"} if row["户号"] == "H002" else row for row in town.household_rows()]
    path = town.table(rows, "again.csv")
    refused(call("household", "import", path, at=town.root), 3, "again.csv", "断保月数", "多")


def test_an_unknown_household_is_4(call: Any, town: Any) -> None:
    refused(call("household", "show", "H999", at=town.root), 4, "H999", "no such household")


@pytest.mark.parametrize(
    "command",
    ["campaign show nix", "household walk G99", "material make nix", "run show 99", "household import nix.csv"],
)
def test_what_is_not_there_is_4(call: Any, town: Any, command: str) -> None:
    answer = call(*command.split(), at=town.root)
    assert answer.code in (3, 4)
    refused(answer, answer.code)


def test_a_letter_without_its_value_is_5_and_leaves_nothing(call: Any, town: Any) -> None:
    town.edit_household("H002", 断保月数="")
    refused(call("material", "make", "letter", at=town.root), 5, "H002", "household.months_lapsed")
    assert list((town.root / "out").iterdir()) == []
    assert call("run", "list", "--json", at=town.root).json == []


def test_letters_before_the_assignment_are_6(call: Any, bare_town: Any) -> None:
    refused(
        call("material", "make", "letter", at=bare_town.root), 6, "no households", "'outreach household import FILE'"
    )
    call("household", "import", bare_town.table(bare_town.household_rows()), at=bare_town.root)
    refused(call("material", "make", "letter", at=bare_town.root), 6, "30 households", "'outreach household assign'")


def test_a_second_workspace_in_one_place_is_6(call: Any, town: Any) -> None:
    refused(call("init", town.root), 6, "workspace already")


def test_a_damaged_store_is_7(call: Any, town: Any) -> None:
    town.close()
    for path in town.root.glob("outreach.db*"):
        path.unlink()
    (town.root / "outreach.db").write_bytes(b"no database " * 1000)
    refused(call("household", "list", at=town.root), 7, "outreach.db")


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("household list --nix", "no such option '--nix'"),
        ("hosehold", "no such command 'hosehold'"),
        ("household lst", "no such command 'lst'"),
        ("household show", "missing argument 'CODE'"),
        ("household show A B", "unexpected extra argument"),
        ("run show first", "'first' is not a valid integer"),
        ("report coverage --by planet", "'planet' is not one of"),
        ("--lang fr household list", "'fr' is not one of"),
        ("contact record H001 danced", "'danced' is not one of"),
    ],
)
def test_wrong_use_is_2(call: Any, command: str, part: str) -> None:
    refused(call(*command.split(), lang=""), 2, part, "--help'")


def test_a_bare_call_shows_the_help_and_is_2(call: Any) -> None:
    answer = call(lang="")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Usage: outreach")


def _breaks(*_arguments: object) -> None:
    raise RuntimeError("a shelf fell down")


def test_what_nobody_foresaw_is_70_without_a_traceback(call: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.services.campaigns.list_campaigns", _breaks)
    refused(call("campaign", "list", at=town.root), 70, "RuntimeError", "a shelf fell down", "OUTREACH_DEBUG=1")


def test_debugging_shows_where(call: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.services.campaigns.list_campaigns", _breaks)
    monkeypatch.setenv("OUTREACH_DEBUG", "1")
    answer = call("campaign", "list", at=town.root)
    assert (answer.code, answer.out) == (70, "")
    assert "Traceback" in answer.err


def test_an_interrupt_is_130(call: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("outreach.services.campaigns.list_campaigns", stop)
    answer = call("campaign", "list", at=town.root)
    assert (answer.code, answer.out) == (130, "")
    assert "run resume" in answer.err


def _outreach(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OUTREACH_LANG": "en", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "outreach", *arguments],
        capture_output=True, text=True, encoding="utf-8", env=environment, check=False, **more,
    )  # fmt: skip


def test_a_real_process_ends_with_the_same_codes_and_streams(town: Any, tmp_path: Path) -> None:
    found = _outreach("--workspace", str(town.root), "household", "show", "H999")
    assert (found.returncode, found.stdout) == (4, "")
    assert found.stderr == "H999: there is no such household; see 'outreach household list'\n"
    found = _outreach("--workspace", str(town.root), "campaign", "list")
    assert (found.returncode, found.stderr) == (0, "")
    assert "town" in found.stdout.split()


def test_a_reader_who_leaves_early_is_no_error(town: Any) -> None:
    script = f"'{sys.executable}' -m outreach --workspace '{town.root}' household list --json | head -c 10"
    found = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], capture_output=True, text=True, check=False)
    assert found.stderr == ""
    assert found.returncode == 0
