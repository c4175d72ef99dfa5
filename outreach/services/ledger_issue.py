"""A month's file beside what earlier files of the month said: which lines are the same, other, new, gone."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
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
    """lines: the file's, as they are found. same, changed, missing: earlier lines that are the same here, that are
    otherwise here, that are here no longer. found: lines that waited and are matched now.
    """

    lines: list[Line] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    missing: list[Line] = field(default_factory=list)
    found: int = 0

    @property
    def added(self) -> int:
        """How many lines no earlier file had."""
        return len(self.lines) - len(self.same) - len(self.changed)

    @classmethod
    def looked_again(cls, file: str, old: Sequence[Line], finder: Finder) -> Issue:
        """A file that is known, by its id: its lines that wait are looked at again; what was missing still is."""
        issue = cls()
        own = [line for line in old if line.file == file]
        kinds = {line.kind for line in own}
        issue.lines = [issue._again(line, finder) for line in own]
        issue.missing = [line for line in old if line.file != file and line.kind in kinds]
        return issue

    @classmethod
    def compared(cls, lines: Sequence[Line], old: Sequence[Line], finder: Finder) -> Issue:
        """A file that is new. old: lines of the month that stand; those of kinds the file does not tell of are left."""
        issue = cls()
        kinds = {line.kind for line in lines}
        kept: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for line in old:
            if line.kind in kinds:
                kept[line.content].append(line)
        copies: dict[str, Line] = {}
        for line in lines:
            if before := kept[line.content]:
                copies[line.id] = before.pop(0)
        left: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for group in kept.values():
            for line in group:
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
                issue.changed.append(before.pop(0))
                now = _inherited(now, issue.changed[-1])
            if said[line.content] > 1 and now.state is LineState.MATCHED:
                now = finder.again(now)
            issue.lines.append(now)
        issue.missing = [line for group in left.values() for line in group]
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


def lines_of(file: str, at: dt.datetime, rows: Sequence[LedgerRow], marks: Marks) -> list[Line]:
    """The rows of a file as lines; of somebody who was erased nothing is kept but the kind, the day and the sum.

    file: its id. at: the time the lines' ids tell. marks: who was erased.
    """
    lines = []
    for rank, row in enumerate(rows, start=1):
        line = Line(
            id=derived_id(at, f"{file}/{rank}"),
            file=file,
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
