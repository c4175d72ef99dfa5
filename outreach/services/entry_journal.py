"""What is typed of a walk list, kept line by line until it is written: nothing is lost when the terminal dies.

The journal lies in `journals/` of the workspace, one a list. Each line is on the disk before the next is typed; a line
cut short by a power loss had not been answered yet and is left out. Whoever types holds the journal; two cannot.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from outreach.domain.walk_list import WalkList
from outreach.errors import Conflict
from outreach.messages import _
from outreach.services.office import Office, disk_fault

_HEAD = "outreach entry 1"


@dataclass(slots=True)
class Journal:
    """An open journal. lines: what it held when it was opened, in order. day: when the list was walked, as it says."""

    path: Path
    lines: tuple[str, ...]
    day: dt.date
    _file: FileIO
    ended: bool = False

    def add(self, line: str) -> None:
        """Keep one more line, on the disk when this returns; raises StoreFault where the disk refuses."""
        content = (" ".join(line.split()) + "\n").encode("utf-8", "replace")
        before = self._file.seek(0, os.SEEK_END)
        try:
            while content:
                content = content[self._file.write(content) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            # Half a line would run into the next one.
            with suppress(OSError):
                self._file.truncate(before)
            raise disk_fault(self.path, error) from error

    def end(self) -> None:
        """Let the journal go when it is let go of: what it held is written."""
        self._file.truncate(0)
        self.ended = True


@contextmanager
def hold_journal(office: Office, walk: WalkList, day: dt.date, *, fresh: bool = False) -> Iterator[Journal]:
    """The journal of a list, held while it is typed in; begun where there is none, or where `fresh`.

    Raises Conflict where somebody else holds it or where it is of another day, and StoreFault.
    """
    path = journal_folder(office) / f"{walk.campaign}-walk-{walk.number}.txt"
    with hold_file(path) as file:
        head = journal_head(walk, day)
        file.seek(0)
        whole, _cut, rest = file.read().rpartition(b"\n")
        kept = whole.decode("utf-8", "replace").split("\n") if whole else []
        if fresh or not kept or not kept[0].startswith(f"{_HEAD} {walk.id} "):
            file.truncate(0)
            kept = []
        elif rest:
            file.truncate(len(whole) + 1)
        journal = Journal(path, tuple(kept[1:]), day, file)
        if not kept:
            journal.add(head)
            _sync_folder(path.parent)
        elif kept[0] != head:
            raise Conflict.at(
                path.name,
                _("what is typed of this list so far is of {day}", day=kept[0].rpartition(" ")[2]),
                _("name that day with --on, or begin anew with --fresh"),
            )
        yield journal
    if journal.ended:
        path.unlink(missing_ok=True)


def journal_folder(office: Office) -> Path:
    """Where the journals lie."""
    return office.workspace.root / "journals"


def journal_head(walk: WalkList, day: dt.date) -> str:
    """The first line of a list's journal."""
    return f"{_HEAD} {walk.id} {day}"


@contextmanager
def hold_file(path: Path) -> Iterator[FileIO]:
    """The journal at `path` open and held, made where it is not there; raises Conflict where somebody else holds it."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+b", buffering=0)
        except OSError as error:
            raise disk_fault(path, error) from error
        with file:
            _hold(file.fileno(), path.name)
            # Between opening and holding it another may have taken its place: an erasure writes journals anew.
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield file
                return


def _hold(descriptor: int, name: str) -> None:
    """Hold the file against every other process; the system lets go when this one dies."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Conflict.at(name, _("somebody is typing this list in now"), _("wait until they have ended")) from error


def _sync_folder(folder: Path) -> None:
    """Put the journal's name on the disk too; where folders cannot be opened (Windows) the file's own sync must do."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
