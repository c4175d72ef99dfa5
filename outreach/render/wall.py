"""A rota to pin to the wall: what it says, and the workbook that says it.

One sheet a month with the days downwards and the shifts across, and a sheet of totals. Holidays and weekends are told
by colour and by word, for whoever prints in black and white.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from outreach.render.book import MADE, clean, columns, sheet_name

Paper = Literal["A4", "A3"]
DaySort = Literal["workday", "weekend", "holiday", "make-up"]

_USABLE: Mapping[str, float] = {"A4": 515, "A3": 760}
"""Points of height between the margins."""

_SMALLEST = 0.65
"""A table is not shrunk further: its words of 11 points are 7 then."""

_PAPERS: Mapping[str, int] = {"A4": 9, "A3": 8}  # numbers of ECMA-376 18.3.1.63, pageSetup
SHADES: Mapping[str, str] = {"holiday": "#F8D7D0", "weekend": "#E4E4E4", "make-up": "#FFF3CC"}
"""Fills that stay apart in grey: 88, 77 and 96 per cent of white."""

_INK = "#1F3A5F"
_HOLIDAY_INK = "#B3261E"
_LINE = "#8A8A8A"


@dataclass(frozen=True, slots=True)
class WallColumn:
    """One shift of the day: where, and from when to when."""

    place: str
    hours: str


@dataclass(frozen=True, slots=True)
class WallDay:
    """One line: the day, its weekday, what is special about it, and for each column who is there ('' for no shift)."""

    day: dt.date
    weekday: str
    note: str
    sort: DaySort
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WallMonth:
    """One sheet: its tab, the title above the table, and the lines."""

    tab: str
    title: str
    columns: tuple[WallColumn, ...]
    days: tuple[WallDay, ...]


@dataclass(frozen=True, slots=True)
class WallWords:
    """What the sheets say beside the rota. day, weekday, note: headings. legend: the sorts of day in words.

    foot: under every table, such as the state of the rota and who made it. page: with {page} and {pages}.
    """

    day: str
    weekday: str
    note: str
    legend: Mapping[str, str]
    foot: str
    page: str


@dataclass(frozen=True, slots=True)
class Wall:
    """A whole rota as it is pinned up. totals: one row an officer, under `totals_headings`."""

    title: str
    months: tuple[WallMonth, ...]
    totals_tab: str
    totals_headings: tuple[str, ...]
    totals: tuple[tuple[str | int | float, ...], ...]
    words: WallWords


def make_wall_workbook(wall: Wall, *, paper: Paper = "A4") -> bytes:
    """An .xlsx with a sheet a month and one of totals, set up to print lying, as wide as one sheet of `paper`.

    The same wall gives the same bytes. Raises ValueError for a day with other columns than its month.
    """
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE, "title": clean(wall.title)})
    looks = _Looks(book)
    taken: set[str] = set()
    for month in wall.months:
        _write_month(book.add_worksheet(sheet_name(month.tab, taken)), month, wall, looks, paper)
    _write_totals(book.add_worksheet(sheet_name(wall.totals_tab, taken)), wall, looks, paper)
    book.close()
    return target.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **look: object) -> Any:
        whole = {"valign": "vcenter", "font_size": 11} | look
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def cell(self, **look: object) -> Any:
        """A cell of a table: lined, its words broken to fit, never taken for a formula."""
        return self.get(**({"border": 1, "border_color": _LINE, "text_wrap": True, "align": "center"} | look))

    def heading(self) -> Any:
        return self.cell(bold=True, font_color="#FFFFFF", bg_color=_INK)

    def title(self) -> Any:
        return self.get(bold=True, font_size=18, font_color=_INK)


def _write_month(sheet: Any, month: WallMonth, wall: Wall, looks: _Looks, paper: Paper) -> None:
    last = 2 + len(month.columns)
    sheet.merge_range(0, 0, 0, max(last, 1), clean(month.title), looks.title())
    sheet.set_row(0, 30)
    words = wall.words
    for column, text in enumerate((words.day, words.weekday)):
        sheet.merge_range(1, column, 2, column, clean(text), looks.heading())
    at = 2
    for place, group in groupby(month.columns, key=lambda column: column.place):
        shifts = list(group)
        if len(shifts) > 1:
            sheet.merge_range(1, at, 1, at + len(shifts) - 1, clean(place), looks.heading())
        else:
            sheet.write_string(1, at, clean(place), looks.heading())
        for shift in shifts:
            sheet.write_string(2, at, clean(shift.hours), looks.heading())
            at += 1
    sheet.merge_range(1, last, 2, last, clean(words.note), looks.heading())
    for row, day in enumerate(month.days, start=3):
        if len(day.cells) != len(month.columns):
            raise ValueError(f"{day.day} has {len(day.cells)} cells under {len(month.columns)} headings")
        _write_day(sheet, row, day, looks)
    under = 3 + len(month.days)
    _write_legend(sheet, under + 1, month, wall, looks, last)
    weekdays = max(columns(day.weekday) for day in month.days) * 1.2 + 3
    widths = [9.0, weekdays, *_widths(month), max(columns(day.note) for day in month.days) + 3.0]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, 9.0), 46.0))
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(0, 2)
    heights = 100 + sum(_height(day) for day in month.days)
    # On one sheet where its words stay legible, else on as many as it takes, under repeated headings.
    _set_up(sheet, wall, paper, tall=int(heights * _SMALLEST <= _USABLE[paper]))


def _height(day: WallDay) -> int:
    """Points."""
    return 4 + 15 * max((names.count("\n") + 1 for names in day.cells), default=1)


def _write_day(sheet: Any, row: int, day: WallDay, looks: _Looks) -> None:
    fill = {"bg_color": SHADES[day.sort]} if day.sort in SHADES else {}
    ink = {"font_color": _HOLIDAY_INK, "bold": True} if day.sort == "holiday" else {}
    sheet.write_datetime(row, 0, day.day, looks.cell(num_format="mm-dd", **fill, **ink))
    sheet.write_string(row, 1, clean(day.weekday), looks.cell(**fill, **ink))
    for column, names in enumerate(day.cells, start=2):
        sheet.write_string(row, column, clean(names), looks.cell(**fill, quote_prefix=True))
    sheet.write_string(row, 2 + len(day.cells), clean(day.note), looks.cell(**fill, **ink))
    sheet.set_row(row, _height(day))


def _write_legend(sheet: Any, row: int, month: WallMonth, wall: Wall, looks: _Looks, last: int) -> None:
    there = {day.sort for day in month.days}
    at = 0
    for sort, text in wall.words.legend.items():
        if sort in there:
            sheet.write_string(row, at, "", looks.cell(bg_color=SHADES.get(sort, "#FFFFFF")))
            sheet.write_string(row, at + 1, clean(text), looks.get(font_size=10))
            at += 2
    sheet.merge_range(row + 1, 0, row + 1, max(last, 1), clean(wall.words.foot), looks.get(font_size=10, italic=True))


def _widths(month: WallMonth) -> list[float]:
    found = []
    for index, column in enumerate(month.columns):
        shares = sum(1 for other in month.columns if other.place == column.place)
        texts = [column.hours, *(day.cells[index] for day in month.days)]
        found.append(max(*(columns(text) * 1.15 + 3 for text in texts), columns(column.place) * 1.2 / shares + 2))
    return found


def _write_totals(sheet: Any, wall: Wall, looks: _Looks, paper: Paper) -> None:
    last = len(wall.totals_headings) - 1
    sheet.merge_range(0, 0, 0, last, clean(f"{wall.title} · {wall.totals_tab}"), looks.title())
    sheet.set_row(0, 30)
    for column, text in enumerate(wall.totals_headings):
        sheet.write_string(1, column, clean(text), looks.heading())
    for row, cells in enumerate(wall.totals, start=2):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(row, column, clean(value), looks.cell(quote_prefix=True))
            else:
                sheet.write_number(row, column, value, looks.cell(num_format="#,##0.##;-#,##0.##;0"))
    for column, heading in enumerate(wall.totals_headings):
        texts = [heading, *(str(row[column]) for row in wall.totals)]
        sheet.set_column(column, column, min(max(map(columns, texts)) * 1.15 + 4, 40))
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(0, 1)
    _set_up(sheet, wall, paper)


def _set_up(sheet: Any, wall: Wall, paper: Paper, *, tall: int = 0) -> None:
    sheet.set_paper(_PAPERS[paper])
    sheet.set_landscape()
    sheet.fit_to_pages(1, tall)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page = clean(wall.words.page).replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
    sheet.set_footer(f"&L&9&A&R&9{page}")
