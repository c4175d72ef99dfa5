"""The embedded store as a file: backed up while others write, looked through, held alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import Conflict, Fault, StoreFault
from outreach.messages import _
from outreach.store.refused import cannot_write

_PAGES = 4_000
_PATIENCE_SECONDS = 2.0

MOVED = "moved-"
"""What stands before the revision of a store that is not the workspace's any more."""


@contextmanager
def known_as(part: Path, file: Path) -> Iterator[None]:
    """Work on `part`, which is to become `file`: what goes wrong with it names the file somebody asked for."""
    try:
        yield
    except StoreFault as error:
        raise StoreFault(
            *(Fault(one.where.replace(str(part), str(file)), one.what, one.mend) for one in error.faults)
        ) from error


def remove_store(path: Path) -> None:
    """Take a store's file away, with what lies beside it; one that is not there is no fault."""
    for ending in ("", "-wal", "-shm", "-journal", ".turn"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def copy_file(source: Path, target: Path, told: Callable[[int, int], None] = lambda done, total: None) -> None:
    """The store as of one moment into the file `target`, which nobody but its owner may read; others go on writing.

    SQLite's own online backup, under one snapshot, so that it need not begin anew when somebody writes.
    Raises StoreFault where the disk or the store refuses; then `target` is to be thrown away.
    """
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with (
            closing(sqlite3.connect(source, isolation_level=None)) as here,
            closing(sqlite3.connect(target, isolation_level=None)) as there,
        ):
            here.execute("BEGIN")
            here.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the snapshot begins with the first look
            here.backup(there, pages=_PAGES, progress=lambda _state, left, total: told(total - left, total))
            here.execute("ROLLBACK")
            # One file that is whole by itself, without a log beside it.
            there.execute("PRAGMA journal_mode = DELETE")
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except (sqlite3.Error, OSError) as error:
        raise cannot_write(str(target), error) from error


def look_through(path: Path) -> list[str]:
    """What SQLite finds wrong in a store's file, a sentence each: its structure, and rows that refer to none."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        return [str(error)]
    wrong = [line for line in found if line != "ok"]
    return wrong + [
        _("{table}: row {row} refers to a row of {other} that is not there", table=table, row=row, other=other)
        for table, row, other, _index in lost
    ]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store's file holds. revision: of its tables, as four digits. rows: of each table, by name."""

    revision: str
    rows: dict[str, int]


def summarize(path: Path) -> Summary:
    """The revision and the rows of a store's file, be it older than this program; raises StoreFault for any other."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            ).fetchall()
            ((revision,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            rows = {
                name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - its own
                for (name,) in names
                if name != "alembic_version"
            }
    except (sqlite3.Error, ValueError) as error:
        raise StoreFault.at(str(path), _("is no store of outreach"), _("name a backup made by outreach")) from error
    return Summary(str(revision).removeprefix(MOVED), rows)


def leave_behind(held: sqlite3.Connection) -> None:
    """Mark a store that is held alone as the workspace's no more: whoever waited for it is told, and writes nothing.

    Raises StoreFault where it is no store.
    """
    try:
        held.execute("UPDATE alembic_version SET version_num = ? || version_num", (MOVED,))
    except sqlite3.Error as error:
        raise StoreFault.at(_("the store"), _("is no store of outreach"), _("restore a backup of it")) from error


def take_up(path: Path) -> None:
    """Take the mark of `leave_behind` off a copy of a store that is used again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = replace(version_num, ?, '')", (MOVED,))


@contextmanager
def held_alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the store's file that nobody else can open until the block ends; the log is written home first.

    Raises Conflict where any other program or thread has it open, StoreFault where it is no store's file.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_SECONDS)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Refused while anybody else is connected, be it only to read.
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            # In this mode the lock stays when the transaction ends.
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise somebody_works(str(path)) from error
        except sqlite3.DatabaseError as error:
            raise StoreFault.at(
                str(path), _("cannot be read ({error})", error=error), _("restore a backup of it")
            ) from error
        if mode != "delete":
            raise somebody_works(str(path))
        yield connection


def somebody_works(where: str) -> Conflict:
    """The refusal to take a store away from under somebody."""
    return Conflict.at(where, _("somebody is working in this store"), _("let every outreach end, then try again"))
