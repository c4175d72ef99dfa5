"""Two hundred power losses, simulated: what was acknowledged is there afterwards, under the product's own settings.

A file system in memory keeps apart what was written and what was synced. When the power goes, only what was synced is
sure; of the rest each write is there, half there, or lost, as chance has it. SQLite works on it through a VFS of apsw.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

from outreach.domain.people import Address, Household, Person
from outreach.store import engine as engine_module
from outreach.store.unit import Store

LOSSES = 200
HOMES = 30
SECTOR = 512
_INSERT = (
    'INSERT INTO attempts (id, campaign, household_id, person, channel, officer, at_ms, disposition, "left", note,'
    " corrects, forms, musts, closes, recorded_ms)"
    " VALUES (?, 'c', ?, 0, 'visit', '', ?, 'informed', '', ?, '', '', '', '', 0)"
)


class PowerLossError(Exception):
    """The machine is off."""


@dataclass
class Disk:
    """What is there for sure, and what was written since, in order: (place, content), or (size, None) for a cut."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def view(self) -> bytearray:
        content = bytearray(self.synced)
        for at, written in self.pending:
            _apply(content, at, written)
        return content

    def after_power_loss(self, source: random.Random) -> bytes:
        """What a new start finds: of each write that was not synced all, a part in whole sectors, or nothing."""
        content = bytearray(self.synced)
        for at, written in self.pending:
            fate = source.random()
            if fate < 0.4:
                _apply(content, at, written)
            elif fate < 0.7 and written is not None:
                _apply(content, at, written[: source.randrange(len(written) // SECTOR + 1) * SECTOR])
        return bytes(content)


def _apply(content: bytearray, at: int, written: bytes | None) -> None:
    if written is None:
        del content[at:]
    elif written:
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(written)] = written


class Machine(apsw.VFS):
    """A computer's disk; it goes off at the write or sync of a given number."""

    def __init__(self, name: str, files: dict[str, bytes], dies_at: int) -> None:
        self.disks = {key: Disk(bytearray(content)) for key, content in files.items()}
        self.views = {key: disk.view() for key, disk in self.disks.items()}
        self.left = dies_at
        self.name = name
        super().__init__(name, "")

    def work(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerLossError

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        self.disks.setdefault(path, Disk())
        self.views.setdefault(path, bytearray())
        return OpenFile(self, path)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.disks.pop(Path(filename).name, None)
        self.views.pop(Path(filename).name, None)

    def xAccess(self, pathname: str, flags: int) -> bool:
        return Path(pathname).name in self.disks

    def xFullPathname(self, name: str) -> str:
        return f"/{Path(name).name}"


class OpenFile:
    """One file of a machine, as SQLite asks for it."""

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine, self.name = machine, name

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self.machine.views[self.name][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self.machine.work()
        self.machine.disks[self.name].pending.append((offset, bytes(data)))
        _apply(self.machine.views[self.name], offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        self.machine.work()
        self.machine.disks[self.name].pending.append((newsize, None))
        _apply(self.machine.views[self.name], newsize, None)

    def xSync(self, flags: int) -> None:
        self.machine.work()
        disk = self.machine.disks[self.name]
        for at, written in disk.pending:
            _apply(disk.synced, at, written)
        disk.pending.clear()

    def xFileSize(self) -> int:
        return len(self.machine.views[self.name])

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None:
        """One program alone."""

    def xUnlock(self, level: int) -> None:
        """One program alone."""

    def xClose(self) -> None:
        """The machine keeps the content."""


class _Driver:
    """An apsw connection with the face of the standard library's, so that the product itself sets it up."""

    isolation_level: str | None = ""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def cursor(self) -> Any:
        return self._connection.cursor()


@pytest.fixture(scope="module")
def store_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store as the product makes it, with households in it."""
    path = tmp_path_factory.mktemp("power") / "store.db"
    store = Store.open(f"sqlite:///{path}", create=True)
    with store.write() as unit:
        unit.rosters.add_households(
            Household(f"H{n}", Address("社区", "小区", str(n)), (Person(1, f"人{n}"),)) for n in range(HOMES)
        )
    store.forget_deleted()
    store.close()
    return path.read_bytes()


def work_until_the_power_goes(machine: Machine, source: random.Random, weaker: str) -> Iterator[str]:
    """Record facts, one or some a commit; gives each id once its commit has come back."""
    connection = apsw.Connection("store.db", vfs=machine.name)
    # Without shared memory a log needs this; what is synced, and when, is the same.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    engine_module._set_pragmas(_Driver(connection), None)
    if weaker:
        connection.execute(f"PRAGMA synchronous = {weaker}")
    connection.execute("PRAGMA wal_autocheckpoint = 20")
    number = 0
    try:
        while True:
            keys = [f"{number + n:08d}" for n in range(source.choice((1, 1, 3)))]
            number += len(keys)
            connection.execute("BEGIN IMMEDIATE")
            for key in keys:
                connection.execute(_INSERT, (key, source.randrange(HOMES) + 1, number, "备注" * source.randrange(200)))
            connection.execute("COMMIT")
            yield from keys
    finally:
        machine.left = -1
        with suppress(apsw.Error, PowerLossError):
            connection.close(force=True)


def lose_power(store_file: bytes, folder: Path, seed: int, weaker: str = "") -> tuple[set[str], set[str]]:
    """One life of a machine: what it acknowledged, and what its store holds when the product opens it again."""
    source = random.Random(seed)
    machine = Machine(f"machine{seed}{weaker}", {"store.db": store_file}, source.randrange(12, 400))
    acknowledged: set[str] = set()
    with suppress(PowerLossError, apsw.Error):
        acknowledged.update(work_until_the_power_goes(machine, source, weaker))
    machine.unregister()
    for old in folder.iterdir():
        old.unlink()
    for name, disk in machine.disks.items():
        (folder / name).write_bytes(disk.after_power_loss(source))
    with sqlite3.connect(folder / "store.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    with store.write() as unit:
        unit.facts.rebuild("c")
    with store.read() as unit:
        found = {fact.id for fact in unit.facts.attempts("c")}
        assert len(unit.rosters.households()) == HOMES
        assert sum(one.attempts for one in unit.facts.standings("c", dt.UTC).values()) == len(found)
    store.close()
    return acknowledged, found


def test_two_hundred_power_losses_lose_no_acknowledged_fact(store_file: bytes, tmp_path: Path) -> None:
    total = 0
    for seed in range(LOSSES):
        acknowledged, found = lose_power(store_file, tmp_path, seed)
        assert acknowledged <= found, f"seed {seed} lost {sorted(acknowledged - found)[:5]}"
        total += len(acknowledged)
    assert total > 10 * LOSSES, "the machines must have recorded something before they went off"


def test_weaker_settings_do_lose_facts_so_that_the_test_above_can_fail(store_file: bytes, tmp_path: Path) -> None:
    lost = 0
    for seed in range(20):
        acknowledged, found = lose_power(store_file, tmp_path, seed, weaker="NORMAL")
        lost += len(acknowledged - found)
    assert lost > 0
