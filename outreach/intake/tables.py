"""A file somebody made -> tables: where the headings stand, and the rows below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path

from outreach.errors import BadInput, Fault, NotFound
from outreach.intake.csvfile import read_csv
from outreach.intake.headings import REQUIRED, Kind, accepted, field_of, heading_row, known_headings
from outreach.intake.workbook import Cell, Row, Sheet, read_workbook
from outreach.messages import _

ENDINGS = (".xlsx", ".xls", ".csv")
_TEXTS = (".txt", ".tsv", ".tab", ".prn", ".dat")

_HEADINGS_WITHIN = 50
_TOTAL = re.compile(r"(?:合计|总计|共计|小计|累计)|(?:grand|sub)?total[:：]?$", re.IGNORECASE)
_SUBTOTAL = re.compile(r"(?:合计|总计|共计|小计|累计)(?:[:：(（\d户人共]|$)")
_IN_ALL = re.compile(r"合\s*计|总\s*计|共\s*计|\btotal\b", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:制表|填表|填报|审核|复核|统计|经办|负责|报送|主管|联系)(?:人|单位|日期|时间)?[:：]|(?:备注|说明|注)[:：]"
)
_BLANKS = re.compile(r"\s+")
_PLACES = {"address", "community", "compound"}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet's heading row and the rows below it.

    file: the file's name. sheet: '' for a text table. heading_row and the rows' numbers count as the spreadsheet
    shows them. headings: as the user wrote them, '' for a column without one; every row has as many cells.
    faults: rows that do not fit under the headings. skipped: the file's sheets that are not tables of this kind
    (on the first table only). above: the sheet's name and the texts over the headings, a line each.
    totals: the rows that say they are the sum of all, which are not among the rows.
    """

    file: str
    sheet: str
    heading_row: int
    headings: list[str]
    rows: list[Row]
    faults: tuple[Fault, ...] = ()
    skipped: tuple[str, ...] = field(default=())
    above: str = ""
    totals: tuple[Row, ...] = ()

    def where(self, row: int, heading: str = "") -> str:
        """The place of a row, or of one cell in it, in the user's words."""
        facts = {"file": self.file, "sheet": self.sheet, "row": row, "column": heading}
        if self.sheet and heading:
            return _("{file}, sheet '{sheet}', row {row}, column '{column}'", **facts)
        if self.sheet:
            return _("{file}, sheet '{sheet}', row {row}", **facts)
        if heading:
            return _("{file}, row {row}, column '{column}'", **facts)
        return _("{file}, row {row}", **facts)


def read_tables(path: Path, kind: Kind | None = None) -> list[Table]:
    """The tables of a .xlsx, .xls or .csv file, one for each visible sheet that holds one.

    kind: what the rows are; a sheet that fits another kind better is passed over. None takes any kind. Raises
    NotFound where there is no such file and BadInput, with one fault, where it cannot be read or holds no table.
    """
    _refuse_what_is_no_file(path)
    kinds = tuple(Kind) if kind is None else (kind,)
    if path.suffix.lower() == ".csv":

        def score(rows: Sequence[Sequence[object]]) -> int:
            return heading_row(kinds, rows[:_HEADINGS_WITHIN])[1]

        sheets = [Sheet("", True, read_csv(path, score))]
    else:
        sheets = read_workbook(path)
    if not any(sheet.rows for sheet in sheets):
        raise BadInput.at(path.name, _("the file is empty"), _("choose the file that holds the table"))
    tables, skipped, hidden, others = [], [], [], []
    for sheet in sheets:
        table = _table(path.name, sheet, kinds)
        if table is None:
            skipped += [sheet.name] if sheet.rows else []
            if kind is not None and (other := _table(path.name, sheet, tuple(Kind))) is not None:
                others.append(_better_kind(other, kind))
        elif kind is not None and (better := _better_kind(table, kind)) is not kind:
            skipped.append(sheet.name)
            others.append(better)
        elif not sheet.visible:
            hidden.append(sheet.name)
        else:
            tables.append(table)
    if not tables:
        raise _no_table(path, kind, hidden, others)
    first = tables[0]
    tables[0] = replace(first, skipped=(*skipped, *hidden))
    return tables


def _refuse_what_is_no_file(path: Path) -> None:
    if not path.exists():
        raise NotFound.at(str(path), _("there is no such file"), _("check the name and the folder"))
    if path.is_dir():
        raise BadInput.at(str(path), _("this is a folder"), _("name the file in it"))
    if path.suffix.lower() not in ENDINGS:
        raise BadInput.at(
            path.name,
            _("files ending in '{ending}' are not read", ending=path.suffix),
            _("rename it to .csv, or save the table as .xlsx")
            if path.suffix.lower() in _TEXTS
            else _("save the table as one of {endings}", endings=", ".join(ENDINGS)),
        )
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise BadInput.at(path.name, _("the file cannot be opened"), str(error.strerror)) from error
    if empty:
        raise BadInput.at(path.name, _("the file is empty"), _("choose the file that holds the table"))


def _better_kind(table: Table, kind: Kind) -> Kind:
    """The kind whose words name the most columns; `kind` itself where it does as well as any."""
    best: Kind = max((kind, *Kind), key=lambda each: known_headings(each, table.headings))
    return best


def _no_table(path: Path, kind: Kind | None, hidden: list[str], others: list[Kind]) -> BadInput:
    if hidden:
        what = _("the table stands on a hidden sheet ({sheets})", sheets=", ".join(hidden))
        return BadInput(Fault(path.name, what, _("show the sheet, check it, and save the file")))
    if others:
        words = {
            Kind.HOUSEHOLDS: _("a household roster"),
            Kind.OFFICERS: _("a list of officers"),
            Kind.ATTEMPTS: _("a record of contacts"),
            Kind.MILESTONES: _("a list of registrations and payments"),
            Kind.ACCOUNTS: _("account statements"),
            Kind.CASES: _("a list of transfer cases"),
            Kind.LEAVE: _("a list of leave"),
            Kind.AIRINGS: _("a station's log of what was aired"),
            Kind.RATES: _("a rate card"),
            Kind.TRAVEL: _("a table of distances"),
            Kind.AGENCIES: _("a directory of agencies"),
            Kind.CHECKS: _("results of check calls"),
            Kind.ANSWERS: _("answers to a survey"),
            Kind.LEDGER: _("a month's file of the pension system"),
        }
        what = _("the headings are those of {found}", found=words[others[0]])
        mend = _("choose the file that holds {wanted}", wanted=words[kind or Kind.HOUSEHOLDS])
        return BadInput(Fault(path.name, what, mend))
    examples = accepted(kind or Kind.HOUSEHOLDS, REQUIRED[kind or Kind.HOUSEHOLDS][0])[:2]
    return BadInput(
        Fault(
            path.name,
            _("no row holds two headings that are known here"),
            _("give the columns headings such as {examples}; docs/roster.md lists them", examples=", ".join(examples)),
        )
    )


def _table(file: str, sheet: Sheet, kinds: Sequence[Kind]) -> Table | None:
    """The sheet as a table, or None where no row holds two known headings."""
    at, _score = heading_row(kinds, [cells for _number, cells in sheet.rows[:_HEADINGS_WITHIN]])
    if at < 0:
        return None
    heading_number, heading_cells = sheet.rows[at]
    above = sheet.rows[at - 1][1] if at and sheet.rows[at - 1][0] == heading_number - 1 else []
    headings = [_heading(cell) for cell in heading_cells]
    if known_headings_any(kinds, above) >= 2:  # headings in two rows: the upper word holds where the lower is blank
        headings = [lower or _heading(upper) for lower, upper in zip(headings, above, strict=False)]
    rows, faults = _fitted(file, sheet, heading_number, headings, sheet.rows[at + 1 :])
    named = [at for at, heading in enumerate(headings) if any(field_of(kind, heading) == "name" for kind in kinds)]
    fitted = rows
    rows = _without_subtotals(fitted, named)
    left_out = [] if rows is fitted else [row for row in fitted if _is_subtotal(row[1], named)]
    while rows and _is_footer(rows[-1][1]):
        left_out.append(rows.pop())
    totals = [row for row in left_out if any(isinstance(cell, str) and _IN_ALL.search(cell) for cell in row[1])]
    used = [any(cells[column] is not None for _number, cells in rows) for column in range(len(headings))]
    kept = [bool(heading) or full for heading, full in zip(headings, used, strict=True)]
    if rows:
        means = _said_to_be_empty(kinds, headings, used)
        kept = [keep and (full or at in means) for at, (keep, full) in enumerate(zip(kept, used, strict=True))]
    if not all(kept):
        headings = list(compress(headings, kept))
        rows = [(number, list(compress(cells, kept))) for number, cells in rows]
        totals = [(number, list(compress(cells, kept))) for number, cells in totals]
    texts = [cell for _number, cells in sheet.rows[:at] for cell in cells if isinstance(cell, str)]
    above_all = "\n".join([sheet.name, *texts])
    return Table(
        file, sheet.name, heading_number, headings, rows, tuple(faults), above=above_all, totals=tuple(totals)
    )  # fmt: skip


def _said_to_be_empty(kinds: Sequence[Kind], headings: list[str], used: list[bool]) -> set[int]:
    """The columns without a filled cell that say something: a known field, and it is empty everywhere.

    Not one that must be filled, nor one beside a filled column of the same meaning. Address columns that are all
    empty say nothing: nobody lives nowhere.
    """
    if len(kinds) > 1:
        return set()
    fields = [field_of(kinds[0], heading) for heading in headings]
    filled = {name for name, full in zip(fields, used, strict=True) if full}
    silent = {"", "household_code", "address", *REQUIRED[kinds[0]], *filled}
    if filled.isdisjoint(_PLACES):
        silent |= _PLACES
    return {fields.index(name) for name in set(fields) - silent}


def known_headings_any(kinds: Sequence[Kind], cells: Sequence[object]) -> int:
    """How many fields of one of `kinds` a row names at most."""
    return max(known_headings(kind, cells) for kind in kinds)


def _heading(cell: Cell) -> str:
    return _BLANKS.sub(" ", str(cell)).strip() if cell is not None else ""


def _fitted(
    file: str, sheet: Sheet, heading_number: int, headings: list[str], below: list[Row]
) -> tuple[list[Row], list[Fault]]:
    """The rows below the headings, each with as many cells; blank rows and repeated headings are left out."""
    width = len(headings)
    rows: list[Row] = []
    faults = []
    table = Table(file, sheet.name, heading_number, headings, [])
    first = next((column for column, heading in enumerate(headings) if heading), 0)
    for number, cells in below:
        fitted = cells
        if len(cells) != width:
            if any(cell is not None for cell in cells[width:]):
                what = _("the row has {count} cells under {width} headings", count=len(cells), width=width)
                mend = _("put a text that holds the separator in quotation marks, or save the table as .xlsx")
                faults.append(Fault(table.where(number), what, mend))
                continue
            fitted = (cells + [None] * width)[:width]
        if _is_blank(fitted[0]) and all(map(_is_blank, fitted)):
            continue
        if fitted[first] == headings[first] and [_heading(cell) for cell in fitted] == headings:
            continue
        rows.append((number, fitted))
    return rows, faults


def _is_blank(cell: Cell) -> bool:
    return cell is None or (type(cell) is str and not cell.strip())


def _without_subtotals(rows: list[Row], named: list[int]) -> list[Row]:
    """The rows that are records. Every word for a sum has the sign 计: where no cell that counts has it, all are."""
    first = [cells[0] for _number, cells in rows]
    if all(type(cell) is str and not cell.isspace() for cell in first):  # then they are the first filled cells
        counting = (cells[at] for at in {0, *named} for _number, cells in rows)
        if "计" not in "".join([cell for cell in counting if type(cell) is str]):
            return rows
    return [row for row in rows if not _is_subtotal(row[1], named)]


def _is_subtotal(cells: list[Cell], named: list[int]) -> bool:
    """Whether a row anywhere is a sum of those above: it says so in its first filled cell or in the name's."""
    first = next((at for at, cell in enumerate(cells) if not _is_blank(cell)), 0)
    for at in (first, *named):
        cell = cells[at]
        if isinstance(cell, str) and "计" in cell and _SUBTOTAL.search(_BLANKS.sub("", cell)):
            return True
    return False


def _is_footer(cells: list[Cell]) -> bool:
    """Whether a row at the end is a total or the maker's line, not a record."""
    start = next((_BLANKS.sub("", str(cell)) for cell in cells if cell is not None and str(cell).strip()), "")
    return bool(_TOTAL.match(start) or _FOOTER.match(start))
