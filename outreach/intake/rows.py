"""Tables -> checked values, column by column; everything wrong is collected with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from outreach.errors import Fault
from outreach.intake.cells import CellFault
from outreach.intake.columns import ByColumn
from outreach.intake.headings import REQUIRED, Kind, accepted, field_of
from outreach.intake.tables import Table, read_tables
from outreach.intake.units import other_unit
from outreach.intake.workbook import Cell
from outreach.messages import _

Item = TypeVar("Item")
Convert = Callable[[Cell], Any]
Progress = Callable[[int, int], None]
_CODES = frozenset(["household_code", "code", "officer", "household", "post"])


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of one item, and where: the fields it has columns for, empty cells included.

    table, number: its (first) row. fields: of the household or officer; 'address' stands for a free line that is
    filled. persons: the same for each person of a household, in its order; 'relation' is there only where the file
    says it of this person.
    """

    table: Table
    number: int
    fields: frozenset[str]
    persons: tuple[frozenset[str], ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, in the user's words."""
        return self.table.where(self.number)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Item]):
    """What a file held.

    items: what was read whole; anything with a fault is left out. faults: all of them, in the file's order.
    ignored: headings of columns, and sheets, that were not used. rows: how many rows stand under the headings.
    fields: what the file has columns for. told: by the item's code, what the file says of it; the other fields of an
    item hold only what an empty cell would give. remarks: what looks odd and hinders nothing.
    """

    items: tuple[Item, ...]
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()
    rows: int = 0
    fields: frozenset[str] = frozenset()
    told: Mapping[str, Told] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """One row: its place, the converted value of every field that has a column, and whether a cell was wrong."""

    table: Table
    number: int
    values: dict[str, Any]
    bad: bool = False

    def get(self, name: str, missing: Any = "") -> Any:
        """The value of a field; `missing` for an empty cell or a column that is not there."""
        value = self.values.get(name)
        return missing if value is None or value == "" else value

    def place(self) -> str:
        """The row's place, in the user's words."""
        return self.table.where(self.number)


@dataclass(frozen=True, slots=True)
class Columns:
    """One table's converted values by field, None for empty cells. bad: the indexes of rows with a wrong cell."""

    table: Table
    values: Mapping[str, Sequence[Any]]
    bad: Set[int]

    def record(self, index: int) -> Record:
        """One row as a record of its own."""
        values = {name: column[index] for name, column in self.values.items()}
        return Record(self.table, self.table.rows[index][0], values, index in self.bad)

    def records(self) -> Iterator[Record]:
        """Every row as a record."""
        names = tuple(self.values)
        for index, values in enumerate(zip(*self.values.values(), strict=True)):
            number = self.table.rows[index][0]
            yield Record(self.table, number, dict(zip(names, values, strict=True)), index in self.bad)


@dataclass(slots=True)
class Rows:
    """The rows of a file, table by table, with what was wrong and what was not used."""

    file: str
    kind: Kind
    columns: list[Columns] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    count: int = 0
    told: dict[str, Told] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    _faults: list[tuple[int, int, int, Fault]] = field(default_factory=list)
    _headings: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)
    _fields: dict[int, frozenset[str]] = field(default_factory=dict)
    _tables: dict[int, int] = field(default_factory=dict)
    _records: list[Record] | None = None

    @property
    def records(self) -> list[Record]:
        """Every row of every table, one after another; made when it is first asked for."""
        if self._records is None:
            self._records = [record for columns in self.columns for record in columns.records()]
        return self._records

    def fields(self, of: Record | Columns) -> frozenset[str]:
        """The fields the table of a record has columns for."""
        return self._fields[id(of.table)]

    @property
    def faulty(self) -> bool:
        """Whether anything was wrong so far."""
        return bool(self._faults)

    def cells(self, name: str) -> Iterator[tuple[Record, Cell]]:
        """Every record with what stood in one of its fields, unconverted; None where its table has no such column."""
        known: dict[int, dict[int, Cell]] = {}
        for record in self.records:
            key = id(record.table)
            if key not in known:
                at, _heading = self._headings[key].get(name, (-1, ""))
                known[key] = {number: row[at] for number, row in record.table.rows} if at >= 0 else {}
            yield record, known[key].get(record.number)

    def totals(self, table: Table, name: str) -> list[tuple[str, Cell]]:
        """(place, cell) of one field in the rows of a table that say they are the sum of all."""
        at, heading = self._headings[id(table)].get(name, (-1, ""))
        return [(table.where(number, heading), cells[at]) for number, cells in table.totals if at >= 0]

    def blame(self, record: Record, name: str, what: str, mend: str) -> None:
        """Note a fault at one field of a record ('' for the whole row) and mark the record bad."""
        column, _heading = self._headings[id(record.table)].get(name, (-1, ""))
        self._note(record.table, record.number, column, Fault(self.place(record, name), what, mend))
        record.bad = True

    def place(self, record: Record, name: str) -> str:
        """Where one field of a record stands, in the user's words; its row where the table has no such column."""
        _column, heading = self._headings[id(record.table)].get(name, (-1, ""))
        return record.table.where(record.number, heading)

    def _note(self, table: Table, number: int, column: int, fault: Fault) -> None:
        self._faults.append((self._tables.setdefault(id(table), len(self._tables)), number, column, fault))

    def faults(self) -> tuple[Fault, ...]:
        """Every fault by sheet, row and column."""
        return tuple(fault for *_place, fault in sorted(self._faults, key=lambda noted: noted[:3]))

    def reading(self, items: Iterable[Item]) -> Reading[Item]:
        """The items with everything noted here."""
        fields: frozenset[str] = frozenset().union(*self._fields.values())
        ignored, remarks = tuple(self.ignored), tuple(self.remarks)
        return Reading(tuple(items), self.faults(), ignored, self.count, fields, self.told, remarks)


def read_rows(path: Path, kind: Kind, converters: Mapping[str, Convert], progress: Progress | None = None) -> Rows:
    """The rows of a file as records; every cell is converted by its field's converter, every failure is noted.

    progress is told (columns converted, columns in all) of each table.
    Raises NotFound or BadInput only where the file as a whole cannot be read.
    """
    rows = Rows(path.name, kind)
    for table in read_tables(path, kind):
        rows.count += len(table.rows) + len(table.faults)
        for fault in table.faults:
            rows._note(table, 0, 0, fault)
        columns = _columns(table, kind, rows)
        if columns is not None:
            rows._headings[id(table)] = {name: (at, table.headings[at]) for name, at in columns.items()}
            rows._fields[id(table)] = frozenset(columns)
            rows.columns.append(_converted_table(table, columns, converters, rows, progress))
        rows.ignored += [_("sheet '{sheet}'", sheet=sheet) for sheet in table.skipped]
    return rows


def _columns(table: Table, kind: Kind, rows: Rows) -> dict[str, int] | None:
    """Field -> column, or None with faults noted where the headings do not do."""
    columns: dict[str, int] = {}
    sound = True
    for at, heading in enumerate(table.headings):
        name = field_of(kind, heading)
        if not name:
            rows.ignored.append(heading or _("column {letter} (no heading)", letter=_letter(at)))
        elif name in columns:
            what = _(
                "the columns '{first}' and '{second}' mean the same",
                first=table.headings[columns[name]],
                second=heading,
            )
            mend = _("keep one of them, or give one a heading of its own")
            rows._note(table, table.heading_row, at, Fault(table.where(table.heading_row), what, mend))
            sound = False
        else:
            columns[name] = at
            if unit := other_unit(name, heading, table.above):
                rows._note(table, table.heading_row, at, Fault(table.where(table.heading_row, heading), *unit))
                sound = False
    for name in REQUIRED[kind]:
        if name not in columns:
            what = _("there is no filled column '{heading}'", heading=accepted(kind, name)[0])
            mend = _("add the column; other headings for it are {others}", others=", ".join(accepted(kind, name)[1:6]))
            rows._note(table, table.heading_row, 0, Fault(table.where(table.heading_row), what, mend))
            sound = False
    return columns if sound else None


def _letter(column: int) -> str:
    """The spreadsheet's letters for a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _converted_table(
    table: Table,
    columns: Mapping[str, int],
    converters: Mapping[str, Convert],
    rows: Rows,
    progress: Progress | None,
) -> Columns:
    """The table's values, converted a column at a time: equal texts are converted once."""
    bad: set[int] = set()
    cells: list[Sequence[Cell]] = list(zip(*(cells for _number, cells in table.rows), strict=True))
    converted: dict[str, Sequence[Any]] = {}
    for name, at in columns.items():
        column = cells[at] if cells else ()
        converted[name] = _converted(table, name, at, column, converters[name], bad, rows)
        if name in _CODES:
            _refuse_lost_zeros(table, at, column, bad, rows)
        if progress is not None:
            progress(len(converted), len(columns))
    return Columns(table, converted, bad)


def _refuse_lost_zeros(table: Table, at: int, column: Sequence[Cell], bad: set[int], rows: Rows) -> None:
    """Blame codes that are numbers where others of their column are texts with leading noughts: '0001', but 2."""
    if set(map(type, column)) <= {str, type(None)}:
        return
    padded = next((cell for cell in column if isinstance(cell, str) and cell[:1] == "0" and cell.isdigit()), "")
    for index, cell in enumerate(column if padded else ()):
        if isinstance(cell, int | float) and len(f"{cell:.0f}") < len(padded):
            number = table.rows[index][0]
            facts = {"value": f"{cell:.0f}", "other": padded}
            what = _("{value} is a number, and other codes are texts such as '{other}'", **facts)
            mend = _("write it with its leading 0, in a column formatted as text")
            rows._note(table, number, at, Fault(table.where(number, table.headings[at]), what, mend))
            bad.add(index)


def _converted(
    table: Table, name: str, at: int, column: Sequence[Cell], convert: Convert, bad: set[int], rows: Rows
) -> Sequence[Any]:
    """One column's values; the indexes of rows with a wrong cell are added to `bad`."""
    must = name in REQUIRED[rows.kind]
    if isinstance(convert, ByColumn) and not (must and None in column):
        usual = convert.usual(column)
        if usual is not None:
            return usual
    # True, 1 and 1.0 are one key to a dict, but not one thing to a reader.
    keys: Sequence[Any] = [(type(cell), cell) for cell in column] if bool in set(map(type, column)) else column
    wrong: dict[Any, CellFault] = {}
    known: dict[Any, Any] = {}
    for key, cell in dict(zip(keys, column, strict=True)).items():
        try:
            known[key] = None if cell is None or (isinstance(cell, str) and cell.isspace()) else convert(cell)
        except CellFault as fault:
            wrong[key], known[key] = fault, None
    values = list(map(known.__getitem__, keys))
    if must and any(value is None or value == "" for value in known.values()):
        empty = CellFault(_("the cell is empty"), _("fill it in"))
        for key, value in known.items():
            if value is None or value == "":
                wrong.setdefault(key, empty)
    if wrong:
        for index, key in enumerate(keys):
            if (blame := wrong.get(key)) is not None:
                number = table.rows[index][0]
                rows._note(table, number, at, Fault(table.where(number, table.headings[at]), blame.what, blame.mend))
                bad.add(index)
    return values
