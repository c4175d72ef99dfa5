"""What can go wrong, as facts: where, what, and how to mend it.

Every error a user can cause is an `OutreachError` that carries one or more `Fault`s. The command line
turns the class into an exit code and each fault into one sentence; nothing else in the package prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from outreach.messages import _


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    where: file, sheet, row, column or field path, already in the user's words.
    what: what is wrong there, naming the value.
    mend: what to do about it.
    """

    where: str
    what: str
    mend: str

    def sentence(self) -> str:
        """The fault as one sentence for people."""
        return _("{where}: {what}; {mend}", where=self.where, what=self.what, mend=self.mend)


class OutreachError(Exception):
    """Base of every error a user can meet; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *faults: Fault) -> None:
        if not faults:
            raise ValueError("an OutreachError states at least one fault")
        self.faults: tuple[Fault, ...] = faults
        super().__init__("\n".join(fault.sentence() for fault in faults))

    @classmethod
    def at(cls, where: str, what: str, mend: str) -> Self:
        """The error with a single fault."""
        return cls(Fault(where, what, mend))

    def __reduce__(self) -> tuple[type[OutreachError], tuple[Fault, ...]]:
        # Worker processes send errors home pickled; the default would lose the faults.
        return (type(self), self.faults)


class BadInput(OutreachError):
    """A file or value somebody wrote is wrong (campaign, roster, settings, argument)."""

    exit_code = 3


class NotFound(OutreachError):
    """Something named does not exist (workspace, campaign, household, run, template)."""

    exit_code = 4


class CannotPrint(OutreachError):
    """A material cannot be made right: a value is missing, a glyph has no font, a text does not fit."""

    exit_code = 5


class Conflict(OutreachError):
    """The step does not fit the present state: nothing assigned yet, the store is busy, a run is unfinished."""

    exit_code = 6


class StoreFault(OutreachError):
    """The store cannot be read or written, or its projection disagrees with its log."""

    exit_code = 7


class NotAllowed(OutreachError):
    """Whoever is at the keyboard may not do this: no user of the workspace, the wrong role, another's household."""

    exit_code = 9


def refuse_if_any(faults: Iterable[Fault], error: type[OutreachError] = BadInput) -> None:
    """Raise `error` with all `faults`, or return when there are none."""
    found = tuple(faults)
    if found:
        raise error(*found)
