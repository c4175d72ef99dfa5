"""What every use case works with: the workspace, its store, the clock and the source of identifiers."""

from __future__ import annotations

import datetime as dt
import errno
import os
import random
import re
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from outreach.config import SETTINGS_NAME, SETTINGS_TEMPLATE, Workspace, load_workspace
from outreach.domain.ids import uuid7
from outreach.errors import BadInput, Conflict, StoreFault
from outreach.messages import _
from outreach.store.unit import Store


@dataclass(frozen=True, slots=True)
class Office:
    """A workspace at work. `clock` gives the zoned present; tests hand in their own. actor: the login at work.

    whole_store: the store as nobody limits it, for the audit trail alone; None where `store` is that. told: codes of
    the households whose personal data were shown or written out, for the trail.
    """

    workspace: Workspace
    store: Store
    clock: Callable[[], dt.datetime]
    randomness: random.Random
    actor: str = ""
    whole_store: Store | None = None
    told: set[str] = field(default_factory=set)

    @property
    def trail_store(self) -> Store:
        """Where the audit trail is kept."""
        return self.whole_store or self.store

    def now(self) -> dt.datetime:
        """The present in the workspace's zone, to the millisecond the store keeps."""
        now = self.clock().astimezone(self.workspace.zone)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return uuid7(self.clock(), self.randomness)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
        if self.whole_store is not None:
            self.whole_store.close()


Progress = Callable[[int, int], None]
"""Told (done, total) as a long job goes on."""


def no_progress(done: int, total: int) -> None:
    """The progress nobody watches."""


def part_of(progress: Progress, share: int) -> Progress:
    """Progress of a job's first part, which is `share` per cent of it."""
    return lambda done, total: progress(share * done // max(total, 1), 100)


def system_clock() -> dt.datetime:
    """The present in UTC."""
    return dt.datetime.now(dt.UTC)


def open_office(
    workspace: Workspace, *, create: bool = False, clock: Callable[[], dt.datetime] = system_clock
) -> Office:
    """Open the workspace's store; raises NotFound or StoreFault where that fails."""
    store = Store.open(workspace.store_url, create=create, key_file=workspace.key_path)
    return Office(workspace, store, clock, random.SystemRandom())


def init_workspace(root: Path, *, locale: str, campaign: str = "") -> Workspace:
    """Make a workspace in `root`: settings, an empty store, and folders for campaigns, templates and output.

    Raises Conflict where there is a workspace already.
    """
    settings = root / SETTINGS_NAME
    if settings.exists():
        raise Conflict.at(str(settings), _("there is a workspace already"), _("use it, or choose another folder"))
    for name in ("campaigns", "templates", "out"):
        (root / name).mkdir(parents=True, exist_ok=True)
    write_whole(settings, SETTINGS_TEMPLATE.format(locale=locale, campaign=campaign).encode())
    workspace = load_workspace(root)
    open_office(workspace, create=True).close()
    return workspace


def safe_name(text: str, taken: set[str]) -> str:
    """A file name made of `text` that every file system takes; none of `taken`, to which it is added.

    Posts and places come from rosters: they may hold slashes, and two may differ in signs no file name has, or
    only in capitals.
    """
    plain = re.sub(r"[^\w.-]+", "_", text).strip("._")[:80] or "_"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain}~{count}"
    taken.add(name.casefold())
    return name


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all: a temporary file, fsync, rename.

    A link stays one: what it points to is written. A pipe or a terminal (/dev/stdout) is written straight into, since
    a file must not take its place. Raises BadInput where the path is a folder or a disk, StoreFault where the disk
    refuses.
    """
    if _takes_a_stream(path):
        _write_straight(path, content)
        return
    if path.is_symlink():
        path = path.resolve()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        _remove(temporary)
        raise disk_fault(path, error) from error
    except BaseException:
        _remove(temporary)
        raise


def _takes_a_stream(path: Path) -> bool:
    """Whether there is a pipe or a character device; raises BadInput for a folder, a disk or a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # not there yet, or out of reach: writing will tell
    if stat.S_ISDIR(mode):
        raise BadInput.at(str(path), _("is a folder"), _("name a file in it"))
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise BadInput.at(str(path), _("is no file"), _("choose another place"))
    return not stat.S_ISREG(mode)


def _write_straight(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as stream:
            stream.write(content)
    except OSError as error:
        raise disk_fault(path, error) from error


def _remove(path: Path) -> None:
    # Where the disk refuses to write it may refuse this too, and the first refusal is the one to tell.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def disk_fault(place: Path, error: OSError, then: str = "") -> StoreFault:
    """What the disk refused, with what to do about it; then: what to do afterwards."""
    if isinstance(error, shutil.Error):
        error = _first_of(error)
    what = _("a file cannot be written ({error})", error=error.strerror or error)
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        what, mend = _("the disk is full"), _("free some space")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        mend = _("make the folder writable")
    else:
        mend = _("choose another place")
    return StoreFault.at(str(place), what, f"{mend}, {then}" if then else mend)


def _first_of(error: shutil.Error) -> OSError:
    """The first of what went wrong while a folder was copied, which the library tells as text alone."""
    said = str(error.args[0][0][-1]) if error.args and error.args[0] else str(error)
    number = re.match(r"\[Errno (\d+)\]", said)
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(said)
