"""One sitting at the keyboard with a walk list: what each typed line came to, kept in the journal as it is typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from outreach.errors import BadInput
from outreach.services.contact_entry import EntrySheet, Reply
from outreach.services.entry_journal import Journal
from outreach.services.entry_lines import Doors, Totals, Verb, read_line
from outreach.services.walk_due import CHANNEL


@dataclass(frozen=True, slots=True)
class Heard:
    """What one typed line came to: doors entered, lines undone (none: nothing was left to undo), a verb, or refused."""

    replies: tuple[Reply, ...] = ()
    undone: tuple[int, ...] | None = None
    totals: bool = False
    verb: Verb | None = None
    refused: BadInput | None = None


@dataclass(slots=True)
class EntrySession:
    """A sheet and its journal."""

    sheet: EntrySheet
    journal: Journal
    refused: list[BadInput] = field(default_factory=list)

    def resume(self) -> int:
        """Type again what the journal holds; returns how many lines. What is refused now stands in `refused`."""
        for line in self.journal.lines:
            self._hear(line)
        return len(self.journal.lines)

    def hear(self, text: str) -> Heard:
        """Take one typed line; whatever is typed, it is answered and never raises, but for a disk that is full."""
        heard = self._hear(text)
        if heard.replies or heard.totals or heard.undone:
            self.journal.add(text)
        return heard

    def _hear(self, text: str) -> Heard:
        try:
            said = read_line(text, self.sheet.day, CHANNEL)
            if isinstance(said, Doors):
                return Heard(replies=tuple(self.sheet.type(said)))
        except BadInput as error:
            self.refused.append(error)
            return Heard(refused=error)
        if isinstance(said, Totals):
            self.sheet.paper |= said.totals
            return Heard(totals=True, verb=Verb.TOTALS)
        if said is Verb.UNDO:
            return Heard(undone=self.sheet.undo())
        return Heard(verb=said)
