"""The audit trail: who saw, took out or changed what, each entry chained to the one before it.

An entry's digest is an HMAC over the digest before it and its own content, with a key from outside the store: whoever
can write the store alone can neither change an entry nor make the chain anew. A cut tail leaves a chain that is right
in itself; so the number of entries and the last digest are kept outside as well, beside the key, after every commit.
A crash between commit and that file leaves it behind by the last entries, never ahead of them.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.domain.trail import Finding, Head, check_head, check_noted
from outreach.keys import derived_key, keyed_digest, load_key, make_key
from outreach.services.office import Office, disk_fault
from outreach.store.trail import Entry
from outreach.store.unit import Unit

_HEAD = "outreach trail 1"
_HEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as people read it. households: of how many personal data left the store; None where not counted."""

    number: int
    at: dt.datetime
    by: str
    action: str
    what: Mapping[str, Any]
    households: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of the chain found. head: of the store's entries. lag: entries the noted head does not know."""

    head: Head
    lag: int
    findings: tuple[Finding, ...]


def head_path(workspace: Workspace) -> Path:
    """The file beside the key that says how long the trail is and how it ends."""
    key = workspace.key_path
    return key.with_name(f"{key.name}.trail")


def append(office: Office, unit: Unit, action: str, what: Mapping[str, Any]) -> Entry:
    """Append an entry in a write unit of the whole store; `note_head` it after the commit.

    Raises NotFound where entries are there and the key is not, StoreFault where the head could not be noted.
    """
    unit.trail.hold()
    last = unit.trail.last()
    path = office.workspace.key_path
    key = derived_key(load_key(path) if last else make_key(path), "trail")
    _keep_room(head_path(office.workspace))
    draft = Entry(
        position=last.position + 1 if last else 1,
        at_ms=round(office.now().timestamp() * 1000),
        by=office.actor,
        action=action,
        what=dict(what),
        previous=last.digest if last else "",
        digest="",
    )
    entry = _signed(key, draft)
    unit.trail.add(entry)
    return entry


def record(office: Office, action: str, what: Mapping[str, Any]) -> Entry:
    """Append an entry by itself and note the head; raises StoreFault where it cannot be written."""
    with office.trail_store.write() as unit:
        entry = append(office, unit, action, what)
    note_head(office, entry)
    return entry


@contextmanager
def recorded(office: Office, action: str, what: Mapping[str, Any]) -> Iterator[Unit]:
    """A write unit that commits together with its entry, or not at all."""
    with office.store.write() as unit:
        yield unit
        entry = append(office, unit, action, what)
    note_head(office, entry)


def append_restored(office: Office, backup: str) -> Entry:
    """Append to a backup that is about to take the store's place that it did, with how the trail ended before.

    The entries that the backup does not have are gone; the one that says so keeps how many there were. `note_head` it
    anew when the backup is in its place. Raises NotFound where it has entries and the key is not there.
    """
    noted = noted_head(office.workspace)
    what = {"file": backup} | ({"ended": f"{noted.length}:{noted.digest}"} if noted else {})
    with office.trail_store.write() as unit:
        return append(office, unit, "store restore", what)


def _signed(key: bytes, entry: Entry) -> Entry:
    content = {"position": entry.position, "at_ms": entry.at_ms, "by": entry.by, "action": entry.action}
    text = json.dumps(content | {"what": entry.what}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = keyed_digest(key, f"{entry.previous}\n{text}")
    return Entry(entry.position, entry.at_ms, entry.by, entry.action, entry.what, entry.previous, digest)


def _keep_room(path: Path) -> None:
    """Let the head's file be there in its full length, so that a full disk refuses before the commit, not after it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            if file.seek(0, os.SEEK_END) < _HEAD_BYTES:
                _alone(file.fileno())
                at = file.seek(0, os.SEEK_END)
                file.write(b" " * (_HEAD_BYTES - at))
    except OSError as error:
        raise disk_fault(path, error) from error


def note_head(office: Office, entry: Entry, *, anew: bool = False) -> None:
    """Write length and last digest beside the key, unless a later entry is noted already; anew: whatever is noted."""
    path = head_path(office.workspace)
    line = f"{_HEAD} {entry.position} {entry.digest}".ljust(_HEAD_BYTES - 1) + "\n"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            _alone(file.fileno())
            noted = _read_head(file.read(_HEAD_BYTES))
            if anew or noted is None or noted.length < entry.position:
                # One block written over itself: it holds the old line or the new one.
                file.seek(0)
                file.write(line.encode())
    except OSError as error:
        raise disk_fault(path, error) from error


def _alone(descriptor: int) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _read_head(content: bytes) -> Head | None:
    words = content.decode("ascii", "replace").split()
    if len(words) != 5 or " ".join(words[:3]) != _HEAD or not words[3].isdigit():
        return None
    return Head(int(words[3]), words[4])


def noted_head(workspace: Workspace) -> Head | None:
    """What the file beside the key says; None where it is not there or says nothing."""
    try:
        return _read_head(head_path(workspace).read_bytes())
    except OSError:
        return None


def trail_head(office: Office) -> Head:
    """How long the trail is and how it ends, to be noted on paper; (0, '') where nothing was recorded."""
    with office.trail_store.read() as unit:
        last = unit.trail.last()
    return Head(last.position, last.digest) if last else Head(0, "")


def list_entries(office: Office, *, since: dt.datetime | None = None, by: str = "", action: str = "") -> list[Told]:
    """Entries in their order. by: a login. action: an action, or the words it begins with."""
    zone = office.workspace.zone
    with office.store.read() as unit:
        entries = list(unit.trail.entries(since_ms=round(since.timestamp() * 1000) if since else 0))
    counted = {one.what["of"]: one.what["households"] for one in entries if one.action == SHOWN}
    return [
        Told(
            one.position,
            dt.datetime.fromtimestamp(one.at_ms / 1000, zone),
            one.by,
            one.action,
            one.what,
            counted.get(one.position),
        )
        for one in entries
        if one.action != SHOWN and by in ("", one.by) and one.action.startswith(action)
    ]


SHOWN = "shown"
"""The action of an entry that says how many households an earlier one (`of`) came to."""

_MOST_NAMED = 20


def record_shown(office: Office, entry: Entry, codes: set[str]) -> None:
    """Append how many households the disclosure of `entry` came to; a few are named."""
    what: dict[str, Any] = {"of": entry.position, "households": len(codes)}
    if len(codes) <= _MOST_NAMED:
        what["codes"] = sorted(codes)
    record(office, SHOWN, what)


def verify_trail(office: Office, noted: Head | None = None) -> Verdict:
    """Check every entry against the chain, the chain against the head beside the key, and against a noted one.

    noted: length and the beginning of the digest as somebody wrote them on paper. Raises NotFound where the key is
    not there.
    """
    key = b""
    findings: list[Finding] = []
    digests: list[str] = []
    last: Entry | None = None
    with office.store.read() as unit:
        for entry in unit.trail.entries():
            key = key or derived_key(load_key(office.workspace.key_path), "trail")
            before = last.position if last else 0
            if entry.position != before + 1:
                findings.append(Finding("missing", before + 1, entry.position - 1))
            elif entry.previous != (last.digest if last else ""):
                findings.append(Finding("unlinked", entry.position, entry.position))
            if not hmac.compare_digest(_signed(key, entry).digest, entry.digest):
                findings.append(Finding("changed", entry.position, entry.position))
            digests += [""] * (entry.position - before - 1) + [entry.digest]
            last = entry
    head = noted_head(office.workspace)
    findings += check_head(digests, head)
    if noted is not None:
        findings += check_noted(digests, noted)
    lag = len(digests) - head.length if head and head.length < len(digests) else 0
    return Verdict(Head(len(digests), digests[-1] if digests else ""), lag, tuple(findings))
