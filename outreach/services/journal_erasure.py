"""What was typed of a household and not yet written, taken out of the journals of `journals/`.

A journal says lines of a walk list, not households, and a line may be without a number: the next one. So what is
typed is gone through once more as the sheet would; what is about the household goes, what is about others keeps its
meaning with the numbers written out.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.contact_entry import EntrySheet, open_sheet
from outreach.services.entry_journal import hold_file, journal_folder, journal_head
from outreach.services.entry_lines import Doors, Totals, Verb, as_typed, read_line
from outreach.services.office import Office, disk_fault
from outreach.services.walk_due import CHANNEL


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A journal and what it is to hold; None: nothing is left of it."""

    path: Path
    content: str | None


def journals_of(office: Office, codes: Collection[str], words: Collection[str]) -> list[str]:
    """The names of the journals that hold something of these households (codes) or one of `words`."""
    return [path.name for path in _all(office) if _rewriting(office, path, codes, words) is not None]


@contextmanager
def journals_without(office: Office, codes: Collection[str], words: Collection[str]) -> Iterator[None]:
    """Do the block, then let every journal go on without these households; where it fails they stay as they are.

    Their new content is on the disk before the block begins, so that a full disk refuses then, and nobody types in
    them meanwhile. words: phones, ID numbers and names; a note with one of them goes, whosever it is. Raises
    Conflict where somebody is typing in one of them now, StoreFault where the disk refuses.
    """
    ready: list[tuple[Path, Path | None]] = []
    with ExitStack() as held:
        for path in _all(office):
            if _rewriting(office, path, codes, words) is None:
                continue
            held.enter_context(hold_file(path))
            # Somebody may have typed until now.
            if (found := _rewriting(office, path, codes, words)) is not None:
                ready.append((path, _laid_beside(found)))
        try:
            yield
        except BaseException:
            for _path, part in ready:
                if part is not None:
                    part.unlink(missing_ok=True)
            raise
        for path, part in ready:
            if part is None:
                path.unlink(missing_ok=True)
            else:
                part.replace(path)


def _all(office: Office) -> list[Path]:
    return sorted(journal_folder(office).glob("*-walk-*.txt"))


def _laid_beside(one: _Rewriting) -> Path | None:
    if one.content is None:
        return None
    part = one.path.with_name(f".{one.path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(one.content.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_fault(one.path, error) from error
    return part


def _rewriting(office: Office, path: Path, codes: Collection[str], words: Collection[str]) -> _Rewriting | None:
    """What a journal is to hold; None where it stays as it is."""
    content = path.read_bytes().decode("utf-8", "replace")
    head, _newline, typed = content.partition("\n")
    lines = typed.split("\n")[:-1]
    named = any(word in content for word in words)
    campaign, _walk, number = path.stem.rpartition("-walk-")
    try:
        day = dt.date.fromisoformat(head.rpartition(" ")[2])
        sheet = open_sheet(office, campaign, int(number), on=day)
    except (ValueError, NotFound, BadInput, Conflict):
        # Of no list that is there: nobody can type in it any more.
        return _Rewriting(path, None) if named else None
    if head != journal_head(sheet.walk, day):
        return _Rewriting(path, None) if named else None
    gone = {line.line for line in sheet.walk.lines if line.household in codes}
    if not gone and not named:
        return None
    kept = _without(sheet, lines, gone, words)
    return None if kept == lines else _Rewriting(path, "\n".join([head, *kept, ""]) if kept else None)


def _without(sheet: EntrySheet, lines: Sequence[str], gone: Collection[int], words: Collection[str]) -> list[str]:
    """The typed lines without what is about the lines `gone` of the list, and without notes that hold a word."""
    kept: list[str] = []
    stays: list[bool] = []  # of what can be undone, in its order
    for text in lines:
        try:
            said = read_line(text, sheet.day, CHANNEL)
            numbers = _typed(sheet, said) if isinstance(said, Doors) else ()
        except BadInput:
            said, numbers = None, ()
        if isinstance(said, Doors):
            left = tuple(number for number in numbers if number not in gone)
            stays.append(bool(left))
            if left:
                clean = "" if any(word in said.note for word in words) else said.note
                kept.append(as_typed(replace(said, lines=left, note=clean)))
        elif said is Verb.UNDO:
            sheet.undo()
            if not stays or stays.pop():
                kept.append(text)
        elif isinstance(said, Totals) or not any(word in text for word in words):
            kept.append(text)
    return kept


def _typed(sheet: EntrySheet, said: Doors) -> tuple[int, ...]:
    return tuple(reply.door.line.line for reply in sheet.type(said))
