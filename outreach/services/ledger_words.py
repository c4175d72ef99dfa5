"""The ledger in words: what became of a line, what a correction changes, and a milestone's note."""

from __future__ import annotations

from decimal import Decimal

from outreach.domain.ledger import Line, LineState
from outreach.messages import _
from outreach.services.ledger_facts import month_of


def yuan(fen: int) -> Decimal:
    """An amount in yuan, exactly."""
    return Decimal(fen) / 100


def state_words(state: LineState) -> str:
    """What became of a line, in the user's language."""
    return {
        LineState.MATCHED: _("matched"),
        LineState.REVIEW: _("to review"),
        LineState.UNMATCHED: _("unmatched"),
        LineState.REFUSED: _("refused: nobody of the roster"),
        LineState.OTHER: _("of another insurance"),
        LineState.ERASED: _("of an erased person"),
        LineState.WITHDRAWN: _("withdrawn"),
        LineState.REPLACED: _("replaced by a newer file"),
    }[state]


def change_words(old: Line, new: Line) -> str:
    """A line and what it becomes: where it stands, whose it is, the day and the yuan before and after."""
    facts = {"place": new.place, "name": new.name, "was": _day_and_yuan(old), "now": _day_and_yuan(new)}
    if facts["was"] == facts["now"]:
        return _("{place}: {name}, {was}, written otherwise", **facts)
    return _("{place}: {name}, {was}, now {now}", **facts)


def _day_and_yuan(line: Line) -> str:
    if not line.amount_fen:
        return f"{line.on}"
    return _("{day} {amount} yuan", day=line.on, amount=f"{yuan(line.amount_fen):,}")


def note_words(note: str) -> str:
    """A milestone's note in the reader's language, where the ledger wrote it; any other as it stands."""
    month = month_of(note)
    return _("ledger {month}", month=month) if month else note
