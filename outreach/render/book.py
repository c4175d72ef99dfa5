"""Spreadsheets out: .xlsx workbooks and .csv files in which no value can become a formula.

A name such as `=cmd()` in a roster must arrive as that text in whatever opens the file. In a workbook every
text is a string cell; risky ones also carry Excel's quote prefix, so that editing the cell keeps them text.
In CSV, which has no types, they get an apostrophe in front (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

Cell = str | int | float | Decimal | bool | dt.date | dt.datetime | None

_RISKY = tuple("=+-@＝＋－＠\t\r\n|%")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MOST_CELL = 32_767
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, so that equal tables give equal bytes
_EPOCH_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "integer": "#,##0", "decimal": "#,##0.00"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet that is printed and written on: texts wrapped, columns as wide as told.

    widths: of the columns, in Latin signs. group: the column whose value keeps rows together; a line parts the groups.
    """

    widths: Sequence[float]
    group: int


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet: its name, its headings and its rows.

    formats: by column number from 0, an Excel number format such as '0.0%' where the usual one
    (#,##0 for whole numbers, yyyy-mm-dd for dates) does not fit. heat: the first and last column whose numbers are
    filled by their size, from nothing at 0 to red at the most. frozen: how many columns stay when it is scrolled.
    paper: how it is printed, where somebody prints it.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    formats: dict[int, str] | None = None
    heat: tuple[int, int] | None = None
    frozen: int = 0
    paper: Paper | None = None


def make_workbook(sheets: Sequence[SheetTable]) -> bytes:
    """An .xlsx with a sheet per table: bold frozen headings, a filter, columns as wide as their words.

    The same tables give the same bytes. Times of day keep their own clock (a workbook knows no zones).
    Raises ValueError for a row longer than its headings and where there is no sheet.
    """
    import xlsxwriter

    if not sheets:
        raise ValueError("a workbook has at least one sheet")
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": MADE})
    heading = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"})
    formats: dict[tuple[str, bool, str], Any] = {}

    def style(number_format: str = "", *, quoted: bool = False, paper: str = "") -> Any:
        key = (number_format, quoted, paper)
        if not any(key):
            return None
        if key not in formats:
            made: dict[str, Any] = {"num_format": number_format} if number_format else {}
            made |= {"quote_prefix": True} if quoted else {}
            made |= {"align": "center"} if number_format and paper else {}  # or it touches the words beside it
            formats[key] = book.add_format(made | _ON_PAPER[paper])
        return formats[key]

    taken: set[str] = set()
    for table in sheets:
        sheet = book.add_worksheet(sheet_name(table.name, taken))
        for column, words in enumerate(table.headings):
            sheet.write_string(0, column, clean(words), heading)
        for number, row in enumerate(table.rows, start=1):
            if len(row) > len(table.headings):
                raise ValueError(f"row {number} of '{table.name}' has more cells than there are headings")
            styled = partial(style, paper=_line_above(table, number - 1))
            for column, value in enumerate(row):
                _write(sheet, number, column, value, (table.formats or {}).get(column, ""), styled)
            if table.paper is not None:
                sheet.set_row(number, _LINE_POINTS * _lines(row, table.paper.widths))
        _print_lying(sheet, len(table.headings), table.frozen)
        for column, width in enumerate(table.paper.widths if table.paper else _widths(table)):
            sheet.set_column(column, column, width)
        if table.heat and table.rows:
            scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0}
            colours = {"min_color": "#FFFFFF", "max_color": "#E5533D"}
            sheet.conditional_format(1, table.heat[0], len(table.rows), table.heat[1], scale | colours)
        sheet.freeze_panes(1, table.frozen)
        if table.headings:
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headings) - 1)
    book.close()
    return target.getvalue()


_LINE_POINTS = 17  # Chinese signs stand taller than the 15 of an empty row
_ON_PAPER: dict[str, dict[str, Any]] = {
    "": {},
    "within": {"text_wrap": True, "valign": "top", "left": 7, "right": 7},
    "first": {"text_wrap": True, "valign": "top", "left": 7, "right": 7, "top": 1},
}


def _line_above(table: SheetTable, row: int) -> str:
    """Which of `_ON_PAPER` a row's cells are."""
    if table.paper is None:
        return ""
    group = table.paper.group
    return "within" if row and table.rows[row - 1][group] == table.rows[row][group] else "first"


def _lines(row: Sequence[Cell], widths: Sequence[float]) -> int:
    """How many lines the fullest cell of a row takes, wrapped; programs do not all work it out when they open it."""
    return max(
        sum(max(-(-columns(line) // int(width - 1)), 1) for line in str(value).splitlines())
        for value, width in zip(("-", *(value or "-" for value in row)), (9, *widths), strict=True)
    )


_ONE_PAGE_WIDE = 18
"""So many columns are still read when they are printed beside each other on a lying A4."""


def _print_lying(sheet: Any, columns_wide: int, frozen: int) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    if columns_wide <= _ONE_PAGE_WIDE:
        sheet.fit_to_pages(1, 0)
    elif frozen:
        sheet.repeat_columns(0, frozen - 1)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")


def _write(sheet: Any, row: int, column: int, value: Cell, number_format: str, style: Any) -> None:
    if value is None or value == "":
        if (lined := style()) is not None:
            sheet.write_blank(row, column, None, lined)
    elif isinstance(value, str):
        text = clean(value)
        sheet.write_string(row, column, text, style(quoted=text.startswith(_RISKY)))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style())
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(
            row, column, value.replace(tzinfo=None), style(number_format or _EPOCH_FORMATS["datetime"])
        )
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, style(number_format or _EPOCH_FORMATS["date"]))
    elif isinstance(value, int) and abs(value) >= 10**15:
        # Excel keeps 15 digits: a longer number (an ID, an account) is only whole as text.
        sheet.write_string(row, column, str(value), style())
    else:
        usual = _EPOCH_FORMATS["integer"] if isinstance(value, int) else _EPOCH_FORMATS["decimal"]
        sheet.write_number(row, column, value, style(number_format or usual))


def clean(text: str) -> str:
    """The text without signs XML cannot hold, and no longer than a cell."""
    return _CONTROLS.sub("", text)[:_MOST_CELL]


def sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel takes: 1-31 signs, no brackets, colons, stars or slashes, no apostrophe at the ends, none twice."""
    base = _SHEET_SIGNS.sub("_", name).strip("' ")[:31].strip("' ") or "Sheet"
    made, number = base, 2
    while made.lower() in taken or made.lower() == "history":
        suffix = f" ({number})"
        made, number = base[: 31 - len(suffix)] + suffix, number + 1
    taken.add(made.lower())
    return made


def place(row: int, column: int) -> str:
    """'F12' for row 11 and column 5, both from 0."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def _widths(table: SheetTable) -> list[float]:
    """Column widths in Latin signs, a Chinese sign counting two; at most 60."""
    shown: list[list[Cell]] = [[heading] for heading in table.headings]
    for row in table.rows:
        for column, value in enumerate(row):
            shown[column].append(value)
    # Two signs beyond the words: one for the cell's margin, and in the heading room for the filter's arrow.
    return [min(max(columns(cells[0]) * 1.1 + 3, max(map(columns, cells[1:]), default=0) + 2), 60) for cells in shown]


def columns(value: Cell) -> int:
    """How wide a value stands, in Latin signs; a Chinese sign counts two, and of lines the longest."""
    if value is None:
        return 0
    if isinstance(value, dt.datetime):
        return 16
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        text = str(value)
    else:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in lines)


def make_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A .csv in UTF-8 with a byte order mark (without it Excel reads Chinese wrongly) and CRLF line ends.

    A text that a spreadsheet could take for a formula gets an apostrophe in front; plain numbers stay.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([_plain(heading) for heading in headings])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return ("\ufeff" + target.getvalue()).encode("utf-8")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.replace("\x00", "")
        bare = text.lstrip(" \u3000\u00a0\ufeff\u200b")
        return "'" + text if bare.startswith(_RISKY) and not _NUMBER.fullmatch(text) else text
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)
