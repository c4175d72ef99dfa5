"""What the office's printer and paper mean for a making: its own sheets, and by how much it prints off."""

from __future__ import annotations

from dataclasses import replace

from outreach.config import Workspace
from outreach.render.manifest import MaterialKind
from outreach.render.options import Options
from outreach.render.sheets import sheet_of


def at_printer(workspace: Workspace | None, kind: MaterialKind, options: Options) -> Options:
    """`options` with the printer's shifts and the measures of an own sheet of the settings.

    An own sheet shadows one of the catalogue that has its name. Raises BadInput where the kind cannot be printed on
    the sheet so.
    """
    if workspace:
        printing = workspace.settings.printing
        name = options.sheet or (kind.cards.sheet if kind.cards else "")
        own = printing.sheets.get(name)
        options = replace(
            options,
            sheet=name if own else options.sheet,
            stock=own.measures if own else (),
            shift_front_mm=printing.front_shift_mm,
            shift_back_mm=printing.back_shift_mm,
        )
    sheet_of(kind, options)
    return options


def most_in_a_file(kind: MaterialKind, options: Options, most: int) -> int:
    """At most `most` pieces, and no sheet of cards left unfilled where a file ends and the next goes on."""
    sheet = sheet_of(kind, options)
    return max(most // sheet.cards, 1) * sheet.cards if sheet else most
