"""Files as people make them: one writer for every format and encoding that is read."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from outreach.domain.ids import resident_id_check_sign

Rows = Sequence[Sequence[Any]]
Write = Callable[..., Path]


def write_xlsx(path: Path, rows: Rows, sheet: str = "名册") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def write_xls(path: Path, rows: Rows, sheet: str = "名册") -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                page.write(at, column, cell, *([day] if isinstance(cell, dt.date) else []))
    book.save(str(path))
    return path


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([["" if cell is None else cell for cell in row] for row in rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(rows, 'roster.xlsx') -> the file; a text table also takes `encoding` and `separator`."""

    def make(rows: Rows, name: str = "roster.xlsx", **how: Any) -> Path:
        writers = {".xlsx": write_xlsx, ".xls": write_xls, ".csv": write_csv}
        return writers[Path(name).suffix](tmp_path / name, rows, **how)

    return make


@pytest.fixture
def every_format(tmp_path: Path) -> Callable[[Rows], list[Path]]:
    """The same rows in every format and encoding."""

    def make(rows: Rows) -> list[Path]:
        texts = [
            write_csv(tmp_path / f"{number}.csv", rows, encoding, separator)
            for number, (encoding, separator) in enumerate(
                [
                    ("utf-8", ","),
                    ("utf-8-sig", ";"),
                    ("utf-16", "\t"),
                    ("utf-16-le", ","),
                    ("utf-16-be", ","),
                    ("gb18030", ","),
                ]
            )
        ]
        return [write_xlsx(tmp_path / "a.xlsx", rows), write_xls(tmp_path / "b.xls", rows), *texts]

    return make


def make_id(order: int, born: str = "19620305") -> str:
    """An invented resident ID with a division nobody has and a valid last sign."""
    first = f"990199{born}{order:03d}"
    return first + resident_id_check_sign(first)


@pytest.fixture
def id_of() -> Callable[..., str]:
    return make_id
