"""What reading a produced file back can come to: what is wrong, with which piece, and what is counted on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MISSING, TWICE, ORDER, PAGES, VALUE, FEWER, MORE, FOREIGN, CODE, STRANGE, STRAY = (
    "missing", "twice", "order", "pages", "value", "fewer", "more", "foreign", "code", "strange", "stray",
)  # fmt: skip
"""What can be wrong with a piece in a file."""

_MOST_KEPT = 25


@dataclass(frozen=True, slots=True)
class Everyone:
    """What tells the run's recipients apart: household and piece codes, and the digits of every phone in the run."""

    households: frozenset[str]
    pieces: frozenset[str]
    phones: frozenset[str]


NOBODY = Everyone(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a piece in a file.

    number: the piece's, 0 where it is of none. sort: one of the names above. name: the value concerned. expected:
    what should stand there; found: what does.
    """

    number: int
    sort: str
    name: str = ""
    expected: str = ""
    found: str = ""


@dataclass(slots=True)
class FileReading:
    """What one file came to.

    seen, asked: by value name, on how many pieces it stands and on how many it could. lost: values that do not stand
    on their piece, strange: numbers and codes that are not the piece's own; the run decides which of both are faults.
    Of a name at most `_MOST_KEPT` are kept; losses, strangers: how often each is lost or stands there.
    times: by name and count, on how many pieces a value stands so often; counted, of a file that is read closely:
    piece, name, value and how often it stands there.
    """

    findings: list[Finding] = field(default_factory=list)
    pieces: int = 0
    codes: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    lost: list[Finding] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)
    strange: list[Finding] = field(default_factory=list)
    strangers: Counter[str] = field(default_factory=Counter)
    times: Counter[tuple[str, int]] = field(default_factory=Counter)
    counted: list[tuple[int, str, str, int]] = field(default_factory=list)

    def lose(self, finding: Finding) -> None:
        """Note a value that does not stand on its piece."""
        self.losses[finding.name] += 1
        if self.losses[finding.name] <= _MOST_KEPT:
            self.lost.append(finding)

    def wonder(self, finding: Finding) -> None:
        """Note something on a piece that is not its own."""
        self.strangers[finding.found] += 1
        if self.strangers[finding.found] <= _MOST_KEPT:
            self.strange.append(finding)
