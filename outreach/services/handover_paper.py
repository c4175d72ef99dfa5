"""The paper of a handover: lists, letters and new cards as print runs, and the lists as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, Conflict
from outreach.messages import _, current_language
from outreach.render.book import SheetTable, make_workbook
from outreach.services.campaigns import load_campaign
from outreach.services.handover import LETTER_KIND, Handover, Pair, handed_over
from outreach.services.handover_pieces import pair_rows
from outreach.services.materials import make_material
from outreach.services.office import Office, Progress, no_progress, write_whole
from outreach.services.rounds import Between, Choice
from outreach.services.runs import MadeRun

LIST_KIND, CARD_KIND = "handover", "card"


def make_handover(
    office: Office,
    campaign_name: str,
    found: Handover,
    *,
    language: str = "",
    again: bool = False,
    progress: Progress = no_progress,
) -> list[MadeRun]:
    """Make the lists, the letters and the cards for the households that changed hands: three print runs.

    Whoever has changed hands again since is the present officer's, and whoever came back to the old one gets nothing.
    Households with a handover letter newer than their change are left out unless `again`.
    Raises Conflict where nobody is left, and what `make_material` raises; a run that was made stays.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    between = Between(found.between.before, None)
    choice = Choice(households=found.households, between=between)
    rows = [row for pair in handed_over(office, campaign, choice) for row in pair.rows] if found.households else []
    if not rows:
        raise Conflict.at(
            _("handover"), _("no household has changed its officer"), _("choose an earlier day with --since")
        )
    codes = tuple(row.household.code for row in rows if again or not row.told)
    if not codes:
        what = _("the letters of all {count} households are made already", count=len(rows))
        raise Conflict.at(_("handover"), what, _("name --again to make lists, letters and cards once more"))
    choice = Choice(households=codes, between=between)
    orders: list[tuple[str, Choice, Sequence[int]]] = [
        (LIST_KIND, choice, ()),
        (LETTER_KIND, choice, ()),
        (CARD_KIND, Choice(households=codes), _runs_of(office, campaign, CARD_KIND, codes)),
    ]
    made = []
    for rank, (kind, part, replaces) in enumerate(orders, start=1):
        made.append(make_material(office, campaign.name, kind, language=language, choice=part, replaces=replaces))
        progress(rank, len(orders))
    return made


def write_handover(found: Handover, target: Path) -> int:
    """Write one sheet a pair of officers to a .xlsx file; returns the rows.

    Raises BadInput for another kind of file, or where nobody changed hands.
    """
    if target.suffix.lower() != ".xlsx":
        raise BadInput.at(str(target), _("is no .xlsx file"), _("name it with this ending"))
    headings = [
        _("No."), _("Code"), _("Address"), _("Names"), _("Difficulty"), _("Standing"), _("Last attempt"),
        _("Open promise"), _("Card"), _("From"), _("To"), _("Since"),
    ]  # fmt: skip
    sheets = [SheetTable(_sheet_name(pair), headings, list(_rows(pair))) for pair in found.pairs]
    if not sheets:
        raise BadInput.at(
            _("handover"), _("no household has changed its officer"), _("choose an earlier day with --since")
        )
    write_whole(target, make_workbook(sheets))
    return sum(len(pair.rows) for pair in found.pairs)


def _sheet_name(pair: Pair) -> str:
    return f"{pair.before.post} {pair.before.name}-{pair.after.post} {pair.after.name}"[:31]


def _rows(pair: Pair) -> Iterable[list[str | int | float | None]]:
    for row, values in zip(pair.rows, pair_rows(pair, current_language()), strict=True):
        yield [
            int(values["number"]),
            *(str(values[name]) for name in (
                "code", "address", "names", "difficulty", "standing", "last", "promise", "card"
            )),
            f"{row.before.post} {row.before.name}",
            f"{row.after.post} {row.after.name}",
            f"{row.after.starts:%Y-%m-%d}",
        ]  # fmt: skip


def _runs_of(office: Office, campaign: Campaign, kind: str, households: Iterable[str]) -> list[int]:
    """The whole runs of a kind that hold a piece for one of the households."""
    wanted = set(households)
    with office.store.read() as unit:
        runs = [
            run
            for run in unit.runs.all(office.workspace.zone)
            if (run.campaign, run.kind, run.state) == (campaign.name, kind, "whole")
        ]
        return sorted(
            run.number for run in runs if any(piece.household in wanted for piece in unit.runs.pieces(run.id))
        )
