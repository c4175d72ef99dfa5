"""A table of distances or travel times: one row a compound or building, one column an officer or post."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.intake import cells
from outreach.intake.address import part
from outreach.intake.cells import CellFault, clean_text, close_up, half_width
from outreach.intake.headings import Kind, field_of
from outreach.intake.tables import Table, read_tables
from outreach.intake.workbook import Cell
from outreach.messages import _

LONGEST = {"metres": 10_000_000, "minutes": 100_000}
"""The longest way a cell may hold, by the file's unit: a quarter of the globe, or ten weeks."""

_NO_WAY = frozenset({"-", "—", "–", "×", "x", "无", "不通", "none", "no way"})


@dataclass(frozen=True, slots=True)
class TravelRow:
    """How far it is from one compound, or one building of it, to each officer.

    community: '' where the file has no such column. building: '' for the whole compound. costs: by the heading of the
    column (a post or a staff number), in the file's unit; math.inf where there is no way.
    """

    place: str
    community: str
    compound: str
    building: str
    costs: Mapping[str, float]


def read_travel(path: Path, unit: str = "metres") -> tuple[TravelRow, ...]:
    """The rows of a table (.xlsx, .xls, .csv), in the file's order. Raises NotFound, or BadInput with every fault.

    unit: what the cells are in, "metres" or "minutes"; it says how much is too much.
    """
    faults: list[Fault] = []
    rows: list[TravelRow] = []
    for table in read_tables(path, Kind.TRAVEL):
        faults += table.faults
        rows += _rows(table, LONGEST[unit], faults)
    refuse_if_any(faults, BadInput)
    return tuple(rows)


def _rows(table: Table, most: int, faults: list[Fault]) -> Iterator[TravelRow]:
    places = {field: at for at, heading in enumerate(table.headings) if (field := field_of(Kind.TRAVEL, heading))}
    officers = {
        cells.code(heading): at for at, heading in enumerate(table.headings) if heading and at not in places.values()
    }
    if not officers or "compound" not in places:
        what = _("there is no column for an officer") if "compound" in places else _("there is no column 小区")
        mend = _("give each officer a column headed by the post or the staff number, and each row its 小区")
        faults.append(Fault(table.where(table.heading_row), what, mend))
        return
    for number, row in table.rows:
        before = len(faults)
        names = {field: _name(row[at], field, table, number, faults) for field, at in places.items()}
        costs = {code: _cost(row[at], table, number, at, most, faults) for code, at in officers.items()}
        if not names["compound"]:
            faults.append(
                Fault(table.where(number), _("the row names no compound"), _("fill in 小区, or delete the row"))
            )
        if len(faults) == before:
            place = table.where(number)
            yield TravelRow(place, names.get("community", ""), names["compound"], names.get("building", ""), costs)


def _name(cell: Cell, field: str, table: Table, number: int, faults: list[Fault]) -> str:
    try:
        return part(clean_text(cell, 40), field) if field == "building" else close_up(half_width(clean_text(cell)))
    except CellFault as fault:
        faults.append(Fault(table.where(number), fault.what, fault.mend))
        return ""


def _cost(cell: Cell, table: Table, number: int, at: int, most: int, faults: list[Fault]) -> float:
    where = table.where(number, table.headings[at])
    try:
        if isinstance(cell, str) and half_width(clean_text(cell)).casefold() in _NO_WAY:
            return math.inf
        value = cells.number(cell)
    except CellFault as fault:
        faults.append(Fault(where, fault.what, fault.mend))
        return math.inf
    if value is None:
        faults.append(Fault(where, _("the cell is empty"), _("fill in the distance, or a dash where there is no way")))
    elif value < 0:
        faults.append(Fault(where, _("{value} is less than nothing", value=value), _("write 0 or more")))
    elif value > most:
        what = _("{value} is more than {most}, the longest way there is", value=value, most=most)
        faults.append(Fault(where, what, _("mend the figure, or write a dash where there is no way")))
    else:
        return float(value)
    return math.inf
