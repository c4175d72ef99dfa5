"""Workbooks (.xlsx, .xls) -> rows, read in a child process so that a hostile file costs one sentence."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from outreach.errors import BadInput, Fault
from outreach.messages import _

Cell = str | int | float | bool | dt.date | dt.datetime | None
Row = tuple[int, list[Cell]]

MEMORY_LIMIT = 2 << 30
SECONDS_LIMIT = 120
UNPACKED_LIMIT = 400_000_000
CELL_LIMIT = 20_000_000

_CHILD = Path(__file__).with_name("workbook_child.py")
_CLASSES = {("datetime", "date"): dt.date, ("datetime", "datetime"): dt.datetime}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands: `rows` are (row number as the spreadsheet shows it, cells), blank rows left out."""

    name: str
    visible: bool
    rows: list[Row]


class _Plain(pickle.Unpickler):
    """Accepts dates and the built-in values, nothing else: the child has touched a stranger's file."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _CLASSES:
            return _CLASSES[module, name]
        raise pickle.UnpicklingError(f"{module}.{name}")


def read_workbook(
    path: Path,
    *,
    memory_limit: int = MEMORY_LIMIT,
    unpacked_limit: int = UNPACKED_LIMIT,
    cell_limit: int = CELL_LIMIT,
) -> list[Sheet]:
    """Every sheet of a workbook; merged cells are filled downwards, error cells hold their text ('#N/A').

    memory_limit, unpacked_limit: bytes. Raises BadInput with one fault for a workbook that is protected, broken,
    of another kind, or larger than a roster can be.
    """
    # -P keeps the current folder off the child's import path: a shared folder may hold anything.
    limits = [str(limit) for limit in (memory_limit, SECONDS_LIMIT, unpacked_limit, cell_limit)]
    command = [sys.executable, "-P", str(_CHILD), str(path.resolve()), *limits]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet) as child:  # noqa: S603 - our own
        assert child.stdout is not None
        try:
            sheets, kind = _receive(child.stdout)
        finally:
            child.kill()
    if kind:
        raise _refusal(path, kind)
    return sheets


def _receive(stream: IO[bytes]) -> tuple[list[Sheet], str]:
    """The sheets the child sent, and '' or the kind of fault that ended it."""
    sheets: list[Sheet] = []
    while True:
        try:
            message = _Plain(stream).load()
        except (EOFError, pickle.UnpicklingError, OSError):
            return sheets, "too large"  # it ended without a word: the memory or time limit struck
        if message[0] == "rows":
            _rows, numbers, columns = message
            sheets[-1].rows.extend(zip(numbers, map(list, zip(*columns, strict=True)), strict=True))
        elif message[0] == "sheet":
            sheets.append(Sheet(message[1], message[2], []))
        elif message[0] == "fault":
            return sheets, message[1]
        else:
            return sheets, ""


def _refusal(path: Path, kind: str) -> BadInput:
    save_anew = _("open it in a spreadsheet program and save it as .xlsx")
    what, mend = {
        "password": (_("the workbook is protected by a password"), _("save a copy without the password")),
        "too large": (
            _("the workbook needs more memory or time than a roster can"),
            _("copy the roster's cells, without empty rows and columns, into a new workbook"),
        ),
        "word": (_("this is a Word document, not a workbook"), _("copy its table into a spreadsheet, save as .xlsx")),
        "web page": (_("this is a web page under a workbook's name"), save_anew),
        "text": (_("this is a text file under a workbook's name"), _("rename it to .csv, or save it as .xlsx")),
        "not a workbook": (_("this is not a workbook, whatever its name says"), save_anew),
        "broken": (_("the workbook is damaged and cannot be read"), _("fetch the file again, or save it anew")),
    }[kind]
    return BadInput(Fault(path.name, what, mend))
