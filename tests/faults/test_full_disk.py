"""A full disk ends in a sentence: what was acknowledged stays, nothing is written by half; with room all goes on."""

from __future__ import annotations

import datetime as dt
import errno
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from outreach.domain.role import Role
from outreach.errors import StoreFault
from outreach.keys import load_key, make_key
from outreach.services.checkup import check_standings
from outreach.services.contact_entry import open_sheet
from outreach.services.contact_logs import export_log
from outreach.services.contacts import record_attempt
from outreach.services.entry_journal import hold_journal
from outreach.services.entry_session import EntrySession
from outreach.services.office import Office, disk_fault, write_whole
from outreach.services.rosters import import_households
from outreach.services.trail import head_path, list_entries, verify_trail
from outreach.services.users import add_user, list_users
from outreach.services.walk_planning import plan_walks
from outreach.store.refused import translate

STOPS = 40


def rows_of(office: Office) -> dict[str, int]:
    """How many rows every table has."""
    path = office.workspace.root / "outreach.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@contextmanager
def room_for(office: Office, pages: int) -> Iterator[None]:
    """The store's disk has room for so many pages more: SQLite refuses as it does where the disk refuses."""
    opened: list[Any] = []

    def limit(connection: Any, _record: object) -> None:
        (present,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {present + pages}")
        opened.append(connection)

    engine = office.store._engine
    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this program grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_facts_are_recorded_until_the_disk_is_full_and_again_when_there_is_room(town: Any) -> None:
    recorded = 0

    def record() -> None:
        record_attempt(
            town.office, "", f"H{recorded % 30 + 1:03d}", channel="visit", disposition="nobody_home", note="门" * 900
        )

    def record_until_refused() -> None:
        nonlocal recorded
        while recorded < 1000:
            record()
            recorded += 1

    with room_for(town.office, 12), pytest.raises(StoreFault) as caught:
        record_until_refused()
    (fault,) = caught.value.faults
    assert "outreach.db: the disk is full" in fault.sentence()
    assert "this was not written; free some space" in fault.sentence()
    assert recorded > 3
    assert rows_of(town.office)["attempts"] == recorded
    record()
    assert rows_of(town.office)["attempts"] == recorded + 1
    with town.office.store.read() as unit:
        check_standings(unit, "town", town.workspace.zone)


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 8, 13])
def test_a_roster_that_finds_no_room_leaves_nothing_of_itself(town: Any, pages: int) -> None:
    rows = [row | {"户号": f"N{n:03d}{row['户号']}"} for n in range(30) for row in town.household_rows()]
    table = town.table(rows, "many.csv")
    before = rows_of(town.office)
    with room_for(town.office, pages), pytest.raises(StoreFault, match="full"):
        import_households(town.office, table)
    assert rows_of(town.office) == before
    assert len(import_households(town.office, table).added) == 30 * 30


# The disk's refusal comes wherever the next write happens to be: in the log, at a sync, in the checkpoint.
_CHILD = """
import resource, signal, sys
from pathlib import Path
from outreach.config import load_workspace
from outreach.errors import OutreachError
from outreach.services.contacts import record_attempt
from outreach.services.office import open_office
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
office = open_office(load_workspace(Path(sys.argv[1])))
for number, limit in enumerate(map(int, sys.argv[2:])):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        for _try in range(30):
            attempt = record_attempt(office, "", f"H{number % 30 + 1:03d}", channel="call", disposition="no_answer",
                                     note="x" * 3000)
            print(attempt.id, flush=True)
    except OutreachError as error:
        (fault,) = error.faults
        print("refused:", fault.sentence().replace(chr(10), " "), flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the system limits no files")
def test_a_file_system_that_takes_no_more_loses_no_acknowledged_fact(town: Any) -> None:
    source = random.Random(3)
    store = town.root / "outreach.db"
    town.office.store.close()
    limits = [str(source.randrange(4096, store.stat().st_size + 400_000)) for _n in range(STOPS)]
    command = [sys.executable, "-c", _CHILD, str(town.root), *limits]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = done.stdout.splitlines()
    acknowledged = {line for line in lines if not line.startswith("refused:")}
    assert sum(line.startswith("refused:") for line in lines) >= 5
    with sqlite3.connect(store) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = {key for (key,) in raw.execute("SELECT id FROM attempts")}
    assert stored == acknowledged
    again = town.reopen()
    with again.store.read() as unit:
        check_standings(unit, "town", again.workspace.zone)
    record_attempt(again, "", "H001", channel="visit", disposition="informed")


def test_a_file_that_finds_no_room_is_not_there_by_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "log.jsonl"
    write_whole(target, b"as it was")

    def refuse(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(StoreFault, match="free some space"):
            write_whole(target, b"as it was to be")
    assert target.read_bytes() == b"as it was"
    assert list(tmp_path.iterdir()) == [target]
    write_whole(target, b"as it was to be")
    assert target.read_bytes() == b"as it was to be"


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the system limits no files")
def test_an_export_over_the_limit_of_a_file_leaves_the_old_one(town: Any) -> None:
    target = town.root / "log.jsonl"
    for n in range(20):
        record_attempt(town.office, "", f"H{n + 1:03d}", channel="visit", disposition="informed", note="门" * 300)
    target.write_text("as it was", "utf-8")
    with files_up_to(4096), pytest.raises(StoreFault, match="a file cannot be written"):
        export_log(town.office, "", target)
    assert target.read_text("utf-8") == "as it was"
    assert not list(town.root.glob(".*.part"))
    assert export_log(town.office, "", target).facts == 20


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the system limits no files")
@pytest.mark.parametrize("size", [0, 10, 60, 75, 80, 85, 90, 100, 110, 120])
def test_a_list_typed_in_until_the_disk_is_full_keeps_every_line_that_was_answered(town: Any, size: int) -> None:
    plan_walks(town.office, "", days=14)
    town.clock.present += dt.timedelta(days=1)
    answered: list[int] = []

    def type_in() -> None:
        sheet = open_sheet(town.office, "", 1)
        with hold_journal(town.office, sheet.walk, sheet.day) as journal:
            typing = EntrySession(sheet, journal)
            for line in range(1, 7):
                assert typing.hear(f"{line} 11 #门上有信").replies
                answered.append(line)

    with files_up_to(size), pytest.raises(StoreFault, match="a file cannot be written"):
        type_in()
    sheet = open_sheet(town.office, "", 1)
    with hold_journal(town.office, sheet.walk, sheet.day) as journal:
        typing = EntrySession(sheet, journal)
        assert typing.resume() == len(answered)
        assert (typing.refused, sorted(sheet.entered)) == ([], answered)
        assert typing.hear("6 11").replies


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the system limits no files")
@pytest.mark.parametrize("size", [0, 1, 20, 59])
def test_a_key_is_there_whole_or_not_at_all(tmp_path: Path, size: int) -> None:
    path = tmp_path / "outreach.key"
    with files_up_to(size), pytest.raises(StoreFault, match="the key cannot be written"):
        make_key(path)
    assert list(tmp_path.iterdir()) == []
    assert make_key(path) == load_key(path) == make_key(path)
    assert [one.name for one in tmp_path.iterdir()] == ["outreach.key"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
def test_what_cannot_be_noted_beside_the_key_is_not_done(town: Any) -> None:
    head = head_path(town.workspace)
    head.symlink_to("/dev/full")
    with pytest.raises(StoreFault, match=r"outreach\.key\.trail: the disk is full"):
        add_user(town.office, "wang", Role.MANAGER, passphrase="a long secret")
    head.unlink()
    assert (list_entries(town.office), list_users(town.office)) == ([], [])
    add_user(town.office, "wang", Role.MANAGER, passphrase="a long secret")
    assert verify_trail(town.office).findings == ()


def test_a_folder_that_could_not_be_copied_is_a_sentence_and_no_list() -> None:
    full = f"[Errno {errno.ENOSPC}] No space left on device: 'a' -> 'b'"
    fault = disk_fault(Path("out"), shutil.Error([("a", "b", full), ("c", "d", full)]))
    assert str(fault) == "out: the disk is full; free some space"
    assert "cannot be written (odd)" in str(disk_fault(Path("out"), shutil.Error([("a", "b", "odd")])))


def test_a_database_server_whose_disk_is_full_is_told_like_our_own() -> None:
    class DiskFull(Exception):
        """As the driver raises it."""

        sqlstate = "53100"

    told = translate(
        OperationalError("INSERT", {}, DiskFull("could not extend file")), make_url("postgresql://s/outreach")
    )
    assert isinstance(told, StoreFault)
    assert "the disk is full; this was not written; free some space" in str(told)
