"""The pension system's ledger: what a line of a month's file says, whose it is, and how sure that is."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from outreach.domain.contact import MilestoneKind
from outreach.domain.ids import derived_id


class LineState(enum.StrEnum):
    """What became of a line. Only MATCHED lines are milestones."""

    MATCHED = "matched"
    REVIEW = "review"
    UNMATCHED = "unmatched"
    REFUSED = "refused"
    OTHER = "other"  # of another insurance
    ERASED = "erased"  # of somebody who was erased: counted, without a name
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


OPEN = (LineState.REVIEW, LineState.UNMATCHED, LineState.REFUSED)
"""Lines that are nobody's of the roster, or not yet."""

STANDING = (*OPEN, LineState.MATCHED, LineState.OTHER, LineState.ERASED)
"""Lines that the month's newest file says; WITHDRAWN and REPLACED ones are what an older one said."""


class Key(enum.StrEnum):
    """By what a line was matched; DECISION is somebody's."""

    ID = "id"
    ACCOUNT = "account"
    MOBILE = "mobile"
    ADDRESS = "address"
    DECISION = "decision"


class Why(enum.StrEnum):
    """Why a line waits for somebody."""

    NAME = "name"  # the key fits, the name does not
    SEVERAL = "several"  # a key fits more than one person
    REPEATED = "repeated"  # the file says the same twice
    ALIKE = "alike"  # no key fits; somebody is alike
    UNDONE = "undone"  # a decision was taken back


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a line may be about. score: log2 of the odds; evidence: (feature, level, bits) each, no values."""

    household: str
    person: int
    score: float
    evidence: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger file.

    row: its rank in the file, from 1; place: where it stands in the user's words. household, person: whose it is,
    where matched. milestone: the fact it became. decided, decided_by: when and by whom.
    """

    id: str
    file: str
    row: int
    place: str
    kind: MilestoneKind
    on: dt.date
    amount_fen: int
    name: str
    id_number: str = ""
    account: str = ""
    mobile: str = ""
    address: str = ""
    insurance: str = ""
    state: LineState = LineState.UNMATCHED
    why: Why | None = None
    key: Key | None = None
    household: str = ""
    person: int = 0
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    milestone: str = ""
    decided: dt.datetime | None = None
    decided_by: str = ""

    @property
    def blank(self) -> bool:
        """Whether an erasure or a campaign's expiry took out whose it is; what was read always has a name."""
        return not self.name

    @property
    def content(self) -> tuple[object, ...]:
        """What the line says, without its place: equal content is the same line in a file issued again."""
        told = (self.name, self.id_number, self.account, self.mobile, self.address, self.insurance)
        return (self.kind, self.on, self.amount_fen, *told)

    @property
    def whom(self) -> tuple[object, ...]:
        """Whose line it says it is, and of which sort: what a corrected line still has in common with the wrong one."""
        known = self.id_number or self.account
        person = (known,) if known else (self.name, self.mobile, self.address)
        return (self.kind, self.amount_fen < 0, *person)

    def as_decided(self, old: Line) -> Line:
        """The line with whatever was found out or decided of `old`, its copy in an earlier file of the month."""
        return replace(
            self,
            state=old.state,
            why=old.why,
            key=old.key,
            household=old.household,
            person=old.person,
            score=old.score,
            candidates=old.candidates,
            milestone=old.milestone,
            decided=old.decided,
            decided_by=old.decided_by,
        )


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A month's file as it was read. number: from 1 within the campaign. rows, total_fen: its own.

    corrects: the number of the file of its month whose place it takes, 0 for one that stands beside the others.
    """

    id: str
    number: int
    campaign: str
    month: str
    file: str
    sha256: str
    read: dt.datetime
    by: str
    rows: int
    total_fen: int
    corrects: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Lines and their yuan, in fen."""

    lines: int = 0
    fen: int = 0


@dataclass(frozen=True, slots=True)
class FileTally:
    """A file and what became of its lines. reversed: of all its lines, those that take a payment back."""

    file: LedgerFile
    states: Mapping[LineState, Tally] = field(default_factory=dict)
    reversed: Tally = Tally()

    @property
    def adds_up(self) -> bool:
        """Whether the lines of all states give the file's own count and sum."""
        found = self.states.values()
        return (sum(one.lines for one in found), sum(one.fen for one in found)) == (self.file.rows, self.file.total_fen)


def file_id(campaign: str, month: str, number: int, sha256: str, corrects: int = 0) -> str:
    """A file's id, which hangs on what it is: of which file it takes the place, too, so that no column must say it."""
    relation = f"/corrects/{corrects}" if corrects else ""
    first = dt.datetime.combine(dt.date.fromisoformat(f"{month}-01"), dt.time(tzinfo=dt.UTC))
    return derived_id(first, f"{campaign}/ledger/{month}/{number}/{sha256}{relation}")


def corrected_by(key: str, campaign: str, month: str, number: int, sha256: str, earlier: Iterable[int]) -> int:
    """Which of the `earlier` files of its month, by number, the file of this id takes the place of; 0 for none."""
    return next((one for one in earlier if file_id(campaign, month, number, sha256, one) == key), 0)


def families(files: Sequence[LedgerFile]) -> dict[int, list[LedgerFile]]:
    """The files of a month by number, each with those that took one another's place, oldest first, itself included."""
    found: dict[int, list[LedgerFile]] = {}
    for file in sorted(files, key=lambda one: one.number):
        family = found.setdefault(file.corrects, []) if file.corrects else []
        family.append(file)
        found[file.number] = family
    return found


def tally(lines: Iterable[Line]) -> Tally:
    """How many lines, and their sum."""
    kept = list(lines)
    return Tally(len(kept), sum(line.amount_fen for line in kept))
