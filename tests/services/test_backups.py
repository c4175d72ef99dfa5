"""Backups made while people work, put back whole, and never put over anything."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.errors import BadInput, Conflict, NotFound, OutreachError, StoreFault
from outreach.services.backups import load_backup, make_backup, manifest_path, restore_backup
from outreach.services.checkup import check_workspace
from outreach.services.contacts import record_attempt
from outreach.services.office import open_office
from outreach.services.rosters import list_households
from outreach.services.sealing import seal_workspace, unseal_workspace
from outreach.services.store_checkup import check_backup, check_store
from outreach.services.trail import list_entries, record, verify_trail

NOW = dt.datetime(2005, 6, 15, 10, 30, tzinfo=dt.UTC)


def informed(town: Any, code: str) -> str:
    return str(record_attempt(town.office, "", code, channel="visit", disposition="informed").id)


def attempts(office: Any) -> set[str]:
    with office.store.read() as unit:
        return {attempt.id for attempt in unit.facts.attempts("town")}


def fresh_database(town: Any) -> None:
    """Where the store is on a server, the office makes an empty database before it restores."""
    if town.server is not None:
        url = town.server.url(town.server.new_database())
        settings = town.root / "outreach.toml"
        settings.write_text(settings.read_text("utf-8").replace(town.workspace.store_url, url), "utf-8")


def test_a_backup_says_what_it_is_and_puts_the_store_back_as_it_was(town: Any, tmp_path: Path) -> None:
    kept = informed(town, "H001")
    file = tmp_path / "backups" / "june.db"
    made = make_backup(town.workspace, file, NOW)
    lost = informed(town, "H002")
    assert made == load_backup(file)
    assert (made.made, made.rows["attempts"], made.rows["households"]) == (NOW, 1, 30)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made.sha256
    town.close()
    fresh_database(town)
    done = restore_backup(load_workspace(town.root), file, NOW)
    assert done.backup == made
    office = town.reopen()
    assert attempts(office) == {kept}
    assert lost not in attempts(office)
    assert check_workspace(office, "").households == 30


def test_a_backup_can_be_read_by_its_owner_alone(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("taken", ["b.db", "b.db.json"])
def test_no_backup_is_written_over(town: Any, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("somebody's")
    with pytest.raises(Conflict, match="no backup is overwritten"):
        make_backup(town.workspace, tmp_path / "b.db", NOW)
    assert (tmp_path / taken).read_text() == "somebody's"


def test_a_backup_that_cannot_be_finished_leaves_nothing(
    town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_anything: Any) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "backups"
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(StoreFault, match="the disk is full") as caught:
            make_backup(town.workspace, folder / "b.db", NOW)
    assert len(caught.value.faults) == 1
    assert list(folder.iterdir()) == []
    make_backup(town.workspace, folder / "b.db", NOW)
    assert check_backup(town.workspace, folder / "b.db").rows["households"] == 30


def test_a_backup_whose_standings_lie_is_told_apart(town: Any, tmp_path: Path) -> None:
    informed(town, "H001")
    make_backup(town.workspace, tmp_path / "good.db", NOW)
    assert check_backup(town.workspace, tmp_path / "good.db").campaigns == ["town"]
    town.sql("UPDATE standings SET attempts = 7")
    make_backup(town.workspace, tmp_path / "bad.db", NOW)
    before = (tmp_path / "bad.db").read_bytes()
    with pytest.raises(StoreFault, match=r"bad\.db: 1 households stand otherwise .*H001"):
        check_backup(town.workspace, tmp_path / "bad.db")
    assert (tmp_path / "bad.db").read_bytes() == before


def test_a_backup_whose_manifest_finds_no_room_is_no_backup(
    town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_anything: Any) -> None:
        raise StoreFault.at("b.db.json", "the disk is full", "free some space")

    with monkeypatch.context() as patched:
        patched.setattr("outreach.services.backups.write_whole", refuse)
        with pytest.raises(StoreFault, match="the disk is full"):
            make_backup(town.workspace, tmp_path / "b" / "b.db", NOW)
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.sqlite_only
def test_that_a_backup_was_put_back_is_on_its_trail_before_it_takes_the_stores_place(
    town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(town.office, "export", {})
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()

    def refuse(*_anything: Any) -> None:
        raise StoreFault.at("outreach.key.trail", "the disk is full", "free some space")

    with monkeypatch.context() as patched:
        patched.setattr("outreach.services.trail._keep_room", refuse)
        before = town.sql("SELECT count(*) FROM households")
        with pytest.raises(StoreFault, match="the disk is full"):
            restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW, actor="chief")
        assert town.sql("SELECT count(*) FROM households") == before
        assert not list(town.root.glob("*replaced*"))
    assert restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW, actor="chief").recorded
    again = town.reopen()
    assert [(one.by, one.action) for one in list_entries(again)] == [("", "export"), ("chief", "store restore")]
    assert verify_trail(again).findings == ()


def test_who_lost_the_key_can_put_a_plain_backup_back_and_is_told_that_it_is_not_on_the_trail(
    town: Any, tmp_path: Path
) -> None:
    record(town.office, "export", {})
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()
    fresh_database(town)
    town.workspace.key_path.unlink()
    assert not restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW).recorded
    assert len(list_households(town.reopen())) == 30


def test_a_sealed_backup_without_its_key_is_refused_and_the_store_stays(town: Any, tmp_path: Path) -> None:
    seal_workspace(town.office)
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    unseal_workspace(town.office)
    town.close()
    fresh_database(town)
    key = town.workspace.key_path.read_bytes()
    town.workspace.key_path.unlink()
    with pytest.raises(NotFound, match="key is not there"):
        restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW)
    town.workspace.key_path.write_bytes(key)
    assert restore_backup(load_workspace(town.root), tmp_path / "b.db", NOW).recorded


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_backup_taken_while_eight_people_record_holds_what_each_had_recorded_until_then(
    town: Any, tmp_path: Path
) -> None:
    """Of each writer's facts, in the order in which they were acknowledged, the backup holds the first so many."""
    town.close()
    acknowledged: dict[int, list[str]] = {number: [] for number in range(8)}
    errors: list[BaseException] = []
    stop, begun = threading.Event(), threading.Barrier(9, timeout=60)

    def record(number: int) -> None:
        office = open_office(town.workspace, clock=town.clock)
        try:
            begun.wait()
            while not stop.is_set():
                at = town.clock() - dt.timedelta(minutes=len(acknowledged[number]) + 1)
                code = f"H{number + 1:03d}"
                fact = record_attempt(office, "", code, channel="visit", disposition="nobody_home", at=at)
                acknowledged[number].append(fact.id)
        except BaseException as error:
            errors.append(error)
        finally:
            office.close()

    writers = [threading.Thread(target=record, args=(number,)) for number in acknowledged]
    for one in writers:
        one.start()
    begun.wait()
    backups = []
    for turn in range(3):
        while sum(len(facts) for facts in acknowledged.values()) < 40 * (turn + 1) and not errors:
            stop.wait(0.01)
        before = {number: len(facts) for number, facts in acknowledged.items()}
        make_backup(town.workspace, tmp_path / f"{turn}.db", NOW)
        after = {number: len(facts) for number, facts in acknowledged.items()}
        backups.append((tmp_path / f"{turn}.db", before, after))
    stop.set()
    for one in writers:
        one.join(60)
    assert errors == []
    for file, before, after in backups:
        restore_backup(town.workspace, file, town.clock() + dt.timedelta(seconds=before[0]))
        office = open_office(town.workspace, clock=town.clock)
        check_workspace(office, "")
        check_store(office)
        held = attempts(office)
        for number, facts in acknowledged.items():
            there = sum(fact in held for fact in facts)
            assert set(facts[:there]) <= held, "the first so many, without a gap"
            assert before[number] <= there <= after[number] + 1
        assert held <= {fact for facts in acknowledged.values() for fact in facts}
        office.close()


@pytest.mark.sqlite_only
def test_the_store_that_is_replaced_is_kept_and_can_be_put_back(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    later = informed(town, "H002")
    town.close()
    kept = restore_backup(town.workspace, tmp_path / "b.db", NOW).replaced
    assert kept is not None
    assert kept.parent == town.root
    assert attempts(town.reopen()) == set()
    town.close()
    restore_backup(town.workspace, kept, NOW + dt.timedelta(seconds=1))
    assert attempts(town.reopen()) == {later}


@pytest.mark.sqlite_only
def test_a_store_somebody_works_in_is_not_replaced(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    kept = informed(town, "H002")
    with pytest.raises(Conflict, match="somebody is working in this store"):
        restore_backup(town.workspace, tmp_path / "b.db", NOW)
    assert attempts(town.office) == {kept}
    assert [path for path in town.root.iterdir() if "part" in path.name or "replaced" in path.name] == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("left", [b"no database " * 1000, b"", None])
def test_a_store_that_is_broken_or_gone_is_replaced(town: Any, tmp_path: Path, left: bytes | None) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()
    for path in town.root.glob("outreach.db*"):
        path.unlink()
    if left is not None:
        (town.root / "outreach.db").write_bytes(left)
    kept = restore_backup(town.workspace, tmp_path / "b.db", NOW).replaced
    assert (kept is not None) == (left is not None), "whatever was there is kept"
    if kept is not None and left:
        assert kept.read_bytes() == left
    assert len(list_households(town.reopen())) == 30


def test_a_backup_that_was_changed_by_one_bit_is_refused(town: Any, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    make_backup(town.workspace, file, NOW)
    content = bytearray(file.read_bytes())
    content[random.Random(5).randrange(len(content))] ^= 1
    file.write_bytes(content)
    town.close()
    with pytest.raises(StoreFault, match="is not the file its manifest describes"):
        restore_backup(town.workspace, file, NOW)
    assert len(list_households(town.reopen())) == 30


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: path.unlink(), NotFound),
        (lambda path: path.write_text("{"), BadInput),
        (lambda path: path.write_text("[]"), BadInput),
        (lambda path: path.write_text('{"made": "yesterday"}'), BadInput),
        (lambda path: path.write_bytes(b"\xff\xfe"), BadInput),
    ],
)
def test_a_backup_without_its_manifest_is_refused_in_one_sentence(
    town: Any, tmp_path: Path, spoil: Any, error: type[OutreachError]
) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    spoil(manifest_path(tmp_path / "b.db"))
    with pytest.raises(error) as caught:
        restore_backup(town.workspace, tmp_path / "b.db", NOW)
    (fault,) = caught.value.faults
    assert "b.db.json" in fault.sentence()
    assert "\n" not in fault.sentence()


def with_revision(file: Path, revision: str) -> None:
    """The backup as another version of outreach would have made it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    said = json.loads(manifest_path(file).read_text("utf-8"))
    said |= {"revision": revision, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    manifest_path(file).write_text(json.dumps(said), "utf-8")


def test_a_backup_of_a_newer_version_is_refused(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    with_revision(tmp_path / "b.db", "9999")
    town.close()
    with pytest.raises(Conflict, match="use the newer outreach that wrote it"):
        restore_backup(town.workspace, tmp_path / "b.db", NOW)
    assert len(list_households(town.reopen())) == 30


@pytest.mark.sqlite_only
def test_a_damaged_store_makes_no_backup(town: Any, tmp_path: Path) -> None:
    with closing(sqlite3.connect(town.root / "outreach.db", isolation_level=None)) as connection:
        connection.execute("UPDATE persons SET household_id = 999 WHERE household_id = 1")
    with pytest.raises(StoreFault, match="is damaged"):
        make_backup(town.workspace, tmp_path / "b.db", NOW)
    assert list(tmp_path.glob("*b.db*")) == []
    with pytest.raises(StoreFault, match=r"persons: row .* refers to a row of households that is not there"):
        check_store(town.office)


def test_checking_the_store_counts_its_rows_and_finds_a_standing_that_is_wrong(town: Any) -> None:
    informed(town, "H001")
    health = check_store(town.office)
    assert (health.rows["households"], health.rows["attempts"], health.campaigns) == (30, 1, ["town"])
    assert health.database.startswith("PostgreSQL 1" if town.server else "SQLite 3")
    town.sql("UPDATE standings SET attempts = 7")
    with pytest.raises(StoreFault, match="H001"):
        check_store(town.office)


@pytest.mark.sqlite_only
def test_a_restored_store_keeps_who_may_open_it(town: Any, tmp_path: Path) -> None:
    make_backup(town.workspace, tmp_path / "b.db", NOW)
    town.close()
    (town.root / "outreach.db").chmod(0o664)
    restore_backup(town.workspace, tmp_path / "b.db", NOW)
    assert (town.root / "outreach.db").stat().st_mode & 0o777 == 0o664
