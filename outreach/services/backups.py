"""Backups of the store while people work in it, each with a manifest, and putting one back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import shutil
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.errors import BadInput, Conflict, NotFound, StoreFault
from outreach.messages import _
from outreach.services.erasure import erase_again
from outreach.services.office import Office, Progress, disk_fault, no_progress, write_whole
from outreach.services.trail import append_restored, note_head
from outreach.store.embedded import (
    Summary,
    copy_file,
    held_alone,
    known_as,
    leave_behind,
    look_through,
    remove_store,
    summarize,
)
from outreach.store.engine import NEWEST_REVISION
from outreach.store.erasure import Mark
from outreach.store.moving import bring_up, close_log, copy_store, file_of, shown_address
from outreach.store.trail import Entry
from outreach.store.unit import Store

_FORMAT = 1
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and what its manifest says.

    made: when, zoned. revision: of its tables. size: bytes of the file. rows: of each table.
    """

    file: Path
    made: dt.datetime
    revision: str
    size: int
    sha256: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back. replaced: the store that was there before, kept; None where there was none.

    recorded: whether the trail says so; it cannot where the workspace's key is not there. erased: households of the
    backup that had been erased since it was made, and were erased again. unsure: whether there are any could not be
    seen, for the store that was there is gone, damaged or on a server, or the key is not there.
    """

    backup: Backup
    store: str
    replaced: Path | None
    recorded: bool
    erased: tuple[str, ...] = ()
    unsure: bool = False


def manifest_path(file: Path) -> Path:
    """Where the manifest of a backup lies: beside it."""
    return file.with_name(f"{file.name}.json")


def make_backup(workspace: Workspace, file: Path, now: dt.datetime, progress: Progress = no_progress) -> Backup:
    """The store as of one moment in `file`, an embedded store, with its manifest; others go on working.

    It is looked through before it gets its name, and appears whole or not at all. A store on PostgreSQL is copied
    row by row, with the sums of both sides compared. Raises Conflict where `file` is there, StoreFault where the
    disk refuses or something is wrong in the store.
    """
    for taken in (file, manifest_path(file)):
        if taken.exists():
            raise Conflict.at(str(taken), _("is there already"), _("name another file; no backup is overwritten"))
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    source = file_of(workspace.store_url)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with known_as(part, file):
            if source is None:
                copy_store(workspace.store_url, f"sqlite:///{part.absolute()}", progress)
                part.chmod(0o600)
            else:
                copy_file(source, part, progress)
            made = _described(file, part, now)
        part.rename(file)
        _write_manifest_or_nothing(made)
    except OSError as error:
        raise disk_fault(file, error) from error
    finally:
        remove_store(part)
    return made


def _described(file: Path, lies_in: Path, now: dt.datetime) -> Backup:
    """What the manifest of `file` is to say, whose content lies in `lies_in` as yet."""
    found = _sound(lies_in)
    return Backup(file, now, found.revision, lies_in.stat().st_size, _sha256(lies_in), found.rows)


def _sound(file: Path) -> Summary:
    if wrong := look_through(file):
        raise StoreFault.at(
            str(file),
            _("the store is damaged ({first}; {count} faults)", first=wrong[0], count=len(wrong)),
            _("restore the newest backup that is whole; 'outreach store check FILE' tells"),
        )
    return summarize(file)


def _write_manifest_or_nothing(backup: Backup) -> None:
    try:
        _write_manifest(backup)
    except BaseException:
        # A backup that nothing vouches for cannot be put back, and would keep its name from the next one.
        with suppress(OSError):
            backup.file.unlink()
        raise


def _write_manifest(backup: Backup) -> None:
    facts = {"format": _FORMAT} | asdict(backup) | {"file": backup.file.name, "made": backup.made.isoformat()}
    write_whole(manifest_path(backup.file), (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode())


def load_backup(file: Path) -> Backup:
    """What the manifest of a backup says, once the file is what it says. Raises NotFound, BadInput or StoreFault."""
    manifest = manifest_path(file)
    for wanted in (file, manifest):
        if not wanted.is_file():
            raise NotFound.at(
                str(wanted), _("there is no such file"), _("bring the backup with its manifest beside it")
            )
    try:
        said = json.loads(manifest.read_text("utf-8"))
        made = dt.datetime.fromisoformat(said["made"])
        backup = Backup(file, made, str(said["revision"]), int(said["size"]), str(said["sha256"]), _rows(said["rows"]))
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise BadInput.at(str(manifest), _("is no manifest of a backup"), _("bring the one made with it")) from error
    if file.stat().st_size != backup.size or _sha256(file) != backup.sha256:
        raise StoreFault.at(
            str(file), _("is not the file its manifest describes"), _("fetch it again, or take another backup")
        )
    return backup


def _rows(said: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in said.items()}


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def restore_backup(
    workspace: Workspace, file: Path, now: dt.datetime, progress: Progress = no_progress, *, actor: str = ""
) -> Restored:
    """Put a backup in the place of the workspace's store, brought to the newest tables; what was there is kept beside.

    That it was put back by `actor` is on its trail before it takes the store's place; whoever was erased since is
    erased in it by then, too. On PostgreSQL it is copied into
    the database of store.url, which must be empty. Raises what `load_backup` does, Conflict where somebody works in
    the store, or the backup is of a newer outreach, and NotFound or StoreFault where it is sealed and the key is not
    there or another workspace's.
    """
    backup = load_backup(file)
    if backup.revision > NEWEST_REVISION:
        raise Conflict.at(
            str(file),
            _("the backup is of a newer version ({revision})", revision=backup.revision),
            _("use the newer outreach that wrote it"),
        )
    target = file_of(workspace.store_url)
    beside = workspace.root / "store" if target is None else target
    part = beside.with_name(f".{beside.name}.{os.getpid()}.part")
    marks = _marks_of(workspace, target)
    try:
        with known_as(part, beside):
            shutil.copyfile(file, part)
            bring_up(part)
            store = Store.open(f"sqlite:///{part}", key_file=workspace.key_path)
            office = Office(workspace, store, lambda: now, random.SystemRandom(), actor)
            try:
                # A key made now would recognise none of the marks.
                lost = bool(marks) and not workspace.key_path.is_file()
                entry = None if lost else _said_on_its_trail(office, file.name)
                erased, last = _erased_again(office, marks)
            finally:
                office.close()
            close_log(part)
        if target is None:
            copy_store(f"sqlite:///{part}", workspace.store_url, progress)
        replaced = None if target is None else _exchange(target, part, now)
    except OSError as error:
        raise disk_fault(beside, error) from error
    finally:
        remove_store(part)
    if entry is not None:
        note_head(office, last or entry, anew=True)
    return Restored(
        backup=backup,
        store=str(target or shown_address(workspace.store_url)),
        replaced=replaced,
        recorded=entry is not None,
        erased=erased or (),
        unsure=erased is None,
    )


def _marks_of(workspace: Workspace, target: Path | None) -> list[Mark] | None:
    """The marks of the erased in the store that is to be replaced; None where it is gone or cannot be read."""
    if target is None:
        return None
    try:
        store = Store.open(workspace.store_url, key_file=workspace.key_path)
    except (Conflict, NotFound, StoreFault):  # a Conflict: it was moved away
        return None
    try:
        with store.read() as unit:
            return unit.erasures.marks(workspace.zone)
    except (Conflict, StoreFault):
        return None
    finally:
        store.close()


def _erased_again(office: Office, marks: list[Mark] | None) -> tuple[tuple[str, ...] | None, Entry | None]:
    """As `erase_again`; no codes at all where nobody can tell whom the marks mean."""
    if marks is None:
        return None, None
    try:
        return erase_again(office, marks)
    except NotFound:
        # As with the trail: without the key the facts are still wanted.
        return None, None


def _said_on_its_trail(office: Office, name: str) -> Entry | None:
    try:
        return append_restored(office, name)
    except NotFound:
        # Who lost the machine may have lost the key with it, and must still come to their facts.
        return None


def _take_owner(part: Path, old: Path) -> None:
    # Who could open the store before can open it now; where ownership cannot be given away, its mode still can.
    before = old.stat()
    part.chmod(stat.S_IMODE(before.st_mode))
    with suppress(PermissionError):
        os.chown(part, before.st_uid, before.st_gid)


def _exchange(target: Path, part: Path, now: dt.datetime) -> Path | None:
    """Put `part` in the place of the store at `target`; returns where that store is kept now, None if there was none.

    The old one is kept with a manifest where it was whole, so that it can be put back in the same way.
    """
    if not target.is_file():
        part.replace(target)
        return None
    kept = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%S}")
    if kept.exists():
        raise Conflict.at(str(kept), _("is there already"), _("wait a second and try again"))
    _take_owner(part, target)
    try:
        with held_alone(target) as held:
            leave_behind(held)
            target.rename(kept)
            part.replace(target)
    except StoreFault:
        # A file that is no store any more cannot be held; it is kept as it is, with what lies beside it.
        for ending in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                target.with_name(target.name + ending).rename(kept.with_name(kept.name + ending))
        part.replace(target)
        return kept
    with suppress(StoreFault):  # what is damaged is kept all the same, but is no backup
        _write_manifest(_described(kept, kept, now))
    return kept
