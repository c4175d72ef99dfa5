"""A month's file beside what earlier files of the month said: which lines are the same, other, new, gone."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from outreach.domain.ids import derived_id
from outreach.domain.ledger import Key, Line, LineState, Why
from outreach.domain.people import Address, Person
from outreach.intake.ledger import LedgerRow
from outreach.planning.likeness import long_id
from outreach.services.erasure_marks import Marks
from outreach.services.ledger_matching import Finder, address_of

_NOWHERE = Address("", "", "")


@dataclass(slots=True)
class Issue:
    """lines: the file's, as they are found. same, missing: earlier lines that are the same here, that are here no
    longer. changes: earlier lines that are otherwise here, each with what the file says. found: lines that waited and
    are matched now.
    """

    lines: list[Line] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    changes: list[tuple[Line, Line]] = field(default_factory=list)
    missing: list[Line] = field(default_factory=list)
    found: int = 0

    @property
    def added(self) -> int:
        """How many lines no earlier file had."""
        return len(self.lines) - len(self.same) - len(self.changes)

    @classmethod
    def looked_again(cls, file: str, old: Sequence[Line], finder: Finder) -> Issue:
        """A file that is known, by its id: its lines that wait are looked at again; what was missing still is.

        old: lines of the month that stand, its own and those of the files it takes the place of.
        """
        issue = cls()
        own = [line for line in old if line.file == file]
        kinds = {line.kind for line in own}
        issue.lines = [issue._again(line, finder) for line in own]
        issue.missing = [line for line in old if line.file != file and line.kind in kinds and not line.blank]
        return issue

    @classmethod
    def compared(
        cls,
        lines: Sequence[Line],
        old: Sequence[Line],
        finder: Finder,
        *,
        own: Collection[str] | None = None,
        came: Collection[tuple[object, ...]] = (),
    ) -> Issue:
        """A file that is new. old: lines of the month that stand; those of kinds the file does not tell of are left.

        own: the files, by id, of whose lines some may be otherwise or missing here; None for all. A line of another
        file is known where it is wholly the same, and may be otherwise here where it came with those files too, which
        its content tells (`came`). Nothing is said of lines without a name: nobody knows whose they were.
        """
        issue = cls()
        kinds = {line.kind for line in lines}
        ours = {line.id for line in old if own is None or line.file in own}
        kept: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for line in sorted(old, key=lambda line: line.id not in ours):
            if line.kind in kinds:
                kept[line.content].append(line)
        copies: dict[str, Line] = {}
        for line in lines:
            if before := kept[line.content]:
                copies[line.id] = before.pop(0)
        left: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for content, group in kept.items():
            for line in group:
                if not line.blank and (line.id in ours or content in came):
                    left[line.whom].append(line)
        said: Counter[tuple[object, ...]] = Counter()
        for line in lines:
            said[line.content] += 1
            if line.id in copies:
                issue.same.append(copies[line.id])
                issue.lines.append(issue._again(line.as_decided(copies[line.id]), finder))
                continue
            now = line if line.state is LineState.ERASED else finder.found(line)
            if before := left[line.whom]:
                issue.changes.append((before.pop(0), line))
                now = _inherited(now, issue.changes[-1][0])
            if said[line.content] > 1 and now.state is LineState.MATCHED:
                now = finder.again(now)
            issue.lines.append(now)
        issue.missing = [line for group in left.values() for line in group if line.id in ours]
        return issue

    def _again(self, line: Line, finder: Finder) -> Line:
        """A line that waits without anybody's decision, looked at once more: the roster may have grown."""
        if line.state not in (LineState.UNMATCHED, LineState.REVIEW) or line.why in (Why.REPEATED, Why.UNDONE):
            return line
        now = finder.found(line)
        self.found += now.state is LineState.MATCHED
        return now


def _inherited(line: Line, old: Line) -> Line:
    """A corrected line with what somebody decided of the wrong one: both say they are of the same person."""
    if line.state is LineState.MATCHED:
        return line
    if old.key is Key.DECISION or old.state is LineState.REFUSED:
        return replace(line.as_decided(old), milestone="")  # the old one is withdrawn; this one is booked anew
    return line


def lines_of(rows: Sequence[LedgerRow], marks: Marks) -> list[Line]:
    """The rows of a file as lines; of somebody who was erased nothing is kept but the kind, the day and the sum.

    They have no ids yet (`named`). marks: who was erased.
    """
    lines = []
    for rank, row in enumerate(rows, start=1):
        line = Line(
            id="",
            file="",
            row=rank,
            place=row.place,
            kind=row.kind,
            on=row.on,
            amount_fen=row.amount_fen,
            name=row.name,
            id_number=row.id_number,
            account=row.account,
            mobile=row.mobile,
            address=row.address,
            insurance=row.insurance,
        )
        person = Person(1, row.name, id_number=long_id(row.id_number), mobile=row.mobile)
        if marks and marks.has_person(address_of(line) or _NOWHERE, person):
            line = replace(line, name="", id_number="", account="", mobile="", address="", state=LineState.ERASED)
        lines.append(line)
    return lines


def named(lines: Sequence[Line], file: str, at: dt.datetime) -> list[Line]:
    """The lines with their ids. file: its id. at: the time the ids tell."""
    return [replace(line, id=derived_id(at, f"{file}/{line.row}"), file=file) for line in lines]
