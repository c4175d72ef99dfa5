"""Likely duplicates side by side in a workbook, to be looked at and decided with a pencil."""

from __future__ import annotations

from pathlib import Path

from outreach.domain.directory import masked_id, masked_phone
from outreach.domain.people import Household
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.book import Cell, Paper, SheetTable, make_workbook
from outreach.services.duplicates import Duplicates, Pair, sort_words, sure_words
from outreach.services.evidence_words import evidence_words
from outreach.services.office import write_whole

_WIDTHS = (7, 14, 14, 8, 12, 27, 12, 14, 22, 66, 14)


def write_duplicates(found: Duplicates, target: Path, language: str, *, unmask: bool = False) -> None:
    """Write every pair as two rows, one an entry, to `target`, laid out to be printed; phones and IDs masked unless
    `unmask`. Each person has a line of their own in the cells of names, phones and ID numbers.

    Raises BadInput for another kind of file than .xlsx.
    """
    if target.suffix.lower() != ".xlsx":
        raise BadInput.at(target.name, _("is no .xlsx file"), _("end the name with .xlsx"))
    headings = [
        _("No."), _("What"), _("How sure"), _("Score"), _("Code"), _("Address"), _("Names"), _("Mobile"),
        _("ID number"), _("What speaks for and against it"), _("Decision"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for number, pair in enumerate(found.pairs, start=1):
        homes = [pair.first] if pair.first.code == pair.second.code else [pair.first, pair.second]
        evidence = _evidence(pair, language, unmask)
        for rank, home in enumerate(homes):
            told = (sort_words(pair.sort), sure_words(pair.certain, pair.score), round(pair.score, 1))
            rows.append([number, *told, *_of(home, language, unmask), "" if rank else evidence, ""])
    table = SheetTable(_("duplicates"), headings, rows, {3: "0.0"}, frozen=1, paper=Paper(_WIDTHS, group=0))
    write_whole(target, make_workbook([table]))


def _evidence(pair: Pair, language: str, unmask: bool) -> str:
    stop = "；" if language == "zh" else "; "
    return "\n".join(
        f"{match.ours.name} = {match.theirs.name}: {stop.join(evidence_words(match.evidence, unmask=unmask))}"
        for match in pair.persons
    )


def _of(home: Household, language: str, unmask: bool) -> list[Cell]:
    def lines(values: list[str]) -> str:
        return "\n".join(value or "–" for value in values) if any(values) else ""

    mobiles = [person.mobile for person in home.persons]
    numbers = [person.id_number for person in home.persons]
    if not unmask:
        mobiles = [masked_phone(one) if one else "" for one in mobiles]
        numbers = [masked_id(one) if one else "" for one in numbers]
    names = [person.name for person in home.persons]
    return [home.code, home.address.line(language), lines(names), lines(mobiles), lines(numbers)]
