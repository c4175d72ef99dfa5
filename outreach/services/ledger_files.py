"""Ledger lines that are nobody's of the roster, as a workbook for whoever knows the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from outreach.domain.directory import masked_id, masked_phone
from outreach.messages import _
from outreach.render.book import Cell, SheetTable, make_workbook
from outreach.services.endings import refuse_other_endings
from outreach.services.ledger_review import Waiting
from outreach.services.ledger_words import state_words, yuan
from outreach.services.office import write_whole


def write_open_lines(found: Sequence[Waiting], target: Path, language: str, *, unmask: bool) -> Path:
    """The lines as .xlsx with a row for their sum; phones and ID numbers masked unless `unmask`. Returns `target`.

    Raises BadInput for another ending.
    """
    refuse_other_endings(target, ".xlsx")
    hidden = (lambda text: text) if unmask else masked_id
    hidden_phone = (lambda text: text) if unmask else masked_phone
    headings = [
        _("Line of the ledger"), _("Month"), _("Place in the file"), _("Name"), _("ID number"), _("Personal number"),
        _("Mobile"), _("Address"), _("Kind"), _("Day"), _("Yuan"), _("What became of it"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.reference, one.file.month, one.line.place, one.line.name,
            hidden(one.line.id_number) if one.line.id_number else "", one.line.account,
            hidden_phone(one.line.mobile) if one.line.mobile else "", one.line.address, one.line.kind.label(language),
            one.line.on, yuan(one.line.amount_fen), state_words(one.line.state),
        ]
        for one in found
    ]  # fmt: skip
    total = sum(one.line.amount_fen for one in found)
    sums: list[list[Cell]] = [[_("Lines"), len(found)], [_("Yuan"), yuan(total)]]
    sheets = [
        SheetTable(_("Unmatched"), headings, rows),
        SheetTable(_("Sum"), [_("What"), _("Figure")], sums),
    ]
    write_whole(target, make_workbook(sheets))
    return target
