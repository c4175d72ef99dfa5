"""The command line on a disk that is really full, at every stage of what it does (tests/faults/small_disk.py).

Everywhere: one sentence that says so and exit code 7; the store in order; nothing half written; with room it is done.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.town_files import csv_bytes, household_rows

MENDS = "free some space"
STORE_FAULT = 7
Position = dict[str, Any]


@pytest.fixture(scope="module")
def namespace() -> list[str]:
    """The words that give a program a mount namespace of its own; skipped where the system gives none to anybody."""
    words = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespaces here; test_full_disk.py limits files instead")
    return words


@pytest.fixture
def on_a_full_disk(town: Any, tmp_path: Path, namespace: list[str]) -> Callable[..., list[Position]]:
    """on_a_full_disk(commands, positions, ready=...) -> what happened at each position."""

    def run(
        commands: list[list[str]], positions: Iterable[int], ready: Iterable[list[str]] = (), files: str = ""
    ) -> list[Position]:
        town.close()
        disk = tmp_path / "disk"
        disk.mkdir()
        if files:
            (town.root / "many.csv").write_text(files, "utf-8")
        job = {"commands": commands, "positions": list(positions), "ready": list(ready)}
        words = [*namespace, sys.executable, "-m", "tests.faults.small_disk"]
        done = subprocess.run(
            [*words, str(town.root), str(disk), json.dumps(job)],
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["pages"] for one in found] == job["positions"]
        for one in found:
            last = one["full"][-1]
            assert last["code"] in (0, STORE_FAULT), (one["pages"], last)
            if last["code"]:
                sentences = last["err"].splitlines()
                assert len(sentences) == 1, (one["pages"], last["err"])
                assert "the disk is full" in sentences[0], (one["pages"], sentences)
                assert MENDS in sentences[0], (one["pages"], sentences)
                assert str(disk) in sentences[0], (one["pages"], sentences)
            assert one["check"]["code"] == one["checked"]["code"] == 0, (one["pages"], one["check"])
            assert not [name for name in one["after"] if name.endswith(".part") or ".part-" in name], one["pages"]
        return found

    return run


def refused(found: list[Position]) -> list[Position]:
    return [one for one in found if one["full"][-1]["code"]]


def new_files(one: Position) -> set[str]:
    """Files that were not there before, but for the store's own log, the key and the trail's head."""
    own = ("outreach.db-wal", "outreach.db-shm", "outreach.db.turn", "outreach.key", "outreach.key.trail")
    return {name for name in one["after"].keys() - one["before"].keys() if not name.endswith(own)}


@pytest.mark.slow
def test_facts_recorded_until_the_disk_is_full_are_all_there_at_forty_stages(on_a_full_disk: Any) -> None:
    commands = [
        ["contact", "record", f"H{number:03d}", "nobody_home", "--json", "--note", "门" * 3000]
        for number in range(1, 7)
    ]
    found = on_a_full_disk(commands, range(40))
    assert len(refused(found)) >= 30
    for one in found:
        acknowledged = {json.loads(said["out"])["id"] for said in one["full"] if said["code"] == 0}
        assert set(one["facts"]) == acknowledged, one["pages"]
        assert new_files(one) == set()
        assert all(said["code"] == 0 for said in one["again"])
    assert len({len(one["facts"]) for one in found}) >= 3, "the disk must have been full early and late"


@pytest.mark.slow
def test_a_roster_is_taken_in_whole_or_not_at_all(on_a_full_disk: Any) -> None:
    rows = [row | {"户号": f"N{n:02d}{row['户号']}"} for n in range(10) for row in household_rows()]
    command = ["household", "import", "{disk}/town/many.csv", "--json"]
    found = on_a_full_disk([command], range(0, 60, 5), files=csv_bytes(rows).decode("utf-8-sig"))
    assert len(refused(found)) >= 5
    for one in refused(found):
        assert new_files(one) == set()
        assert json.loads(one["again"][0]["out"])["added"] == 300, one["pages"]


@pytest.mark.parametrize(
    ("command", "made", "positions"),
    [
        (["store", "backup", "{disk}/b.db"], {"b.db", "b.db.json"}, range(0, 200, 7)),
        (["store", "copy", "sqlite:///{disk}/c.db"], {"c.db"}, range(0, 420, 25)),
        (["contact", "export", "{disk}/log.jsonl"], {"log.jsonl"}, range(0, 20, 1)),
        (["household", "export", "{disk}/all.xlsx", "--unmask"], {"all.xlsx"}, range(0, 24, 2)),
    ],
)
def test_a_file_that_is_made_of_the_store_is_there_whole_or_not_at_all(
    on_a_full_disk: Any, command: list[str], made: set[str], positions: Iterable[int]
) -> None:
    found = on_a_full_disk([command], positions)
    assert len(refused(found)) >= 5
    for one in found:
        done = one["full"][-1]["code"] == 0
        assert new_files(one) == (made if done else set()), one["pages"]
        assert done or one["again"][0]["code"] == 0, (one["pages"], one["again"])


def test_a_backup_that_finds_no_room_leaves_the_store_that_is_there(on_a_full_disk: Any) -> None:
    ready = [["store", "backup", "{disk}/b.db"]]
    found = on_a_full_disk([["store", "restore", "{disk}/b.db"]], range(0, 280, 13), ready=ready)
    assert len(refused(found)) >= 5
    for one in refused(found):
        assert new_files(one) == set(), one["pages"]
        assert one["again"][0]["code"] == 0, (one["pages"], one["again"])


@pytest.mark.slow
def test_letters_that_find_no_room_leave_at_most_a_run_to_resume(on_a_full_disk: Any) -> None:
    command = ["material", "make", "letter", "--format", "docx"]
    found = on_a_full_disk([command], range(0, 120, 9))
    assert len(refused(found)) >= 5
    for one in refused(found):
        # What was begun lies in a hidden folder; a folder with a name holds a whole run.
        assert not [name for name in new_files(one) if name.startswith("town/out/0")], one["pages"]
        assert one["again"][0]["code"] == 0, (one["pages"], one["again"])


def test_an_erasure_that_finds_no_room_has_erased_nothing(on_a_full_disk: Any) -> None:
    command = ["household", "erase", "H001", "--reason", "asked", "--yes"]
    found = on_a_full_disk([command], range(0, 60, 4))
    assert len(refused(found)) >= 5
    assert all(one["again"][0]["code"] == 0 for one in refused(found))


def test_sealing_that_finds_no_room_is_done_by_the_same_command_later(on_a_full_disk: Any) -> None:
    found = on_a_full_disk([["store", "seal"]], range(0, 420, 20))
    assert len(refused(found)) >= 5
    for one in refused(found):
        assert one["again"][0]["code"] == 0, (one["pages"], one["again"])
