"""Where a new file stands among those of its month: in the place of one of them, or beside them.

Two halls may send a file each for one month, and a hall may send its file again. Nothing in the files tells the one
from the other: somebody who paid in both halls looks as one whose payment was corrected. So a file that would change
lines is taken in only if its place is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from outreach.domain.ledger import LedgerFile, Line, families
from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import _
from outreach.services.ledger_words import change_words

_SHOWN = 3
"""How many changes a refusal names."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was said of the file's place. corrects: a file's number, 0 for none; beside: beside all the others.

    withdraw: lines it has no longer are to count no more.
    """

    corrects: int = 0
    beside: bool = False
    withdraw: bool = False

    def check(self) -> None:
        """Refuse what cannot be said at once."""
        if self.beside and (self.corrects or self.withdraw):
            what = _("a file beside the others takes no other's place, and no line of theirs is missing in it")
            raise BadInput.at("--beside", what, _("leave out --beside, or leave out --corrects and --withdraw-missing"))


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """The files of a month by number, and the lines of theirs that stand."""

    month: str
    files: Sequence[LedgerFile]
    lines: Sequence[Line]

    def known(self, sha256: str, corrects: int) -> LedgerFile | None:
        """The file of these bytes, where no other has taken its place; of those that correct one file, if named."""
        own = families(self.files)
        newest = [own[corrects][-1]] if corrects else [file for file in self.files if own[file.number][-1] is file]
        return next((file for file in reversed(newest) if file.sha256 == sha256), None)

    def check(self, named: Named) -> None:
        """Refuse a file to correct that is none of the month, and a withdrawal of nobody knows whose lines."""
        if named.corrects and named.corrects not in {file.number for file in self.files}:
            what = _("{month} has no file of this number", month=self.month)
            raise NotFound.at(f"--corrects {named.corrects}", what, _("see 'outreach ledger list'"))
        if named.withdraw and not named.corrects and len(standing := self._standing()) > 1:
            what = _("{month} has several files that stand side by side", month=self.month)
            numbers = ", ".join(f"{file.number}" for file in standing)
            mend = _("say with --corrects whose place this one takes: {numbers}", numbers=numbers)
            raise Conflict.at("--withdraw-missing", what, mend)

    def place(self, named: Named, lines: Sequence[Line]) -> int:
        """Which file the new one of these lines takes the place of, by number; 0 for none.

        Where that is not named: of the only one, if its missing lines are to go; else of the newest whose lines it
        has all over again.
        """
        if named.corrects or named.beside:
            return named.corrects
        standing = self._standing()
        if named.withdraw:
            return standing[-1].number if standing else 0
        told = Counter(line.content for line in lines)
        kinds = {line.kind for line in lines}
        for newest in reversed(standing):
            ids = self.ids_with(newest.number)
            own = Counter(
                line.content for line in self.lines if line.file in ids and line.kind in kinds and not line.blank
            )
            if own and own <= told:
                return newest.number
        return 0

    def ids_with(self, number: int) -> frozenset[str]:
        """The ids of the file of this number, of those that took its place, and of those whose place it took."""
        return frozenset(file.id for file in families(self.files)[number])

    def _standing(self) -> list[LedgerFile]:
        """The newest of the files that took one another's place, of each of which lines stand."""
        own = families(self.files)
        having = {line.file for line in self.lines}
        newest = {own[file.number][-1].number: own[file.number][-1] for file in self.files if file.id in having}
        return [newest[number] for number in sorted(newest)]


def refuse_changes(name: str, files: Collection[LedgerFile], changes: Sequence[tuple[Line, Line]]) -> None:
    """Refuse a file that would change lines although nobody said whose place it takes. name: the new file's."""
    if not changes:
        return
    numbers = {file.id: file.number for file in files}
    held = Counter(numbers[old.file] for old, _new in changes)
    number = max(held, key=lambda one: (held[one], one))
    shown = "; ".join(change_words(old, new) for old, new in changes[:_SHOWN])
    if len(changes) > _SHOWN:
        shown = _("{first}; and {count} more", first=shown, count=len(changes) - _SHOWN)
    what = _("{count} lines of the month would be changed: {lines}", count=len(changes), lines=shown)
    mend = _(
        "nothing was written; import it with --corrects {number} if it takes the place of file {number},"
        " or with --beside if it stands beside the others, as another hall's does",
        number=number,
    )
    raise Conflict.at(name, what, mend)
