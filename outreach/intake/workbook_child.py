"""Reads one workbook in a process of its own; run by `workbook.py`, never imported by the package.

It stands alone (standard library and python-calamine only) so that it starts quickly, and it takes a memory
and a time limit before it opens anything: a hostile workbook ends this process, not the caller's.

It writes pickles to stdout: ("sheet", name, visible), then ("rows", row numbers, columns) of that sheet, piece by
piece, and last ("end",) or ("fault", kind) with kind one of FAULT_KINDS.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import pickle
import re
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, compress, islice
from pathlib import Path
from typing import IO, Any

FAULT_KINDS = ("password", "too large", "word", "web page", "text", "not a workbook", "broken")

_CHUNK_ROWS = 2000
_CHUNK_BYTES = 1 << 18
_PLAIN = {str, int, float, bool, dt.date, dt.datetime}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ERROR_CELL = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>(?:<f[^<]*(?:/>|</f>))?\s*<v>([^<]{1,12})'
)
# A formula without a value behind it. Excel and LibreOffice keep an empty text as t="str" with <v></v>.
_UNSAVED_CELL = re.compile(
    rb"<c\b(?P<about>[^>]*)>\s*<f\b(?:[^<>]*/>|[^<]*</f>)\s*(?P<empty><v\s*/>|<v>\s*</v>)?\s*</c>"
)
_UNSAVED_FORMULA = "#UNSAVED-FORMULA"  # as in cells.py
_WHOLE_CELL = (
    rb'<c\b(?P<about>[^>]*?\bs="(?P<style>%s)"[^>]*)>(?:<f\b(?:[^<>]*/>|[^<]*</f>))?\s*<v>(?P<digits>\d{1,15})</v>'
)
_CELL_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_CELL_TYPE = re.compile(rb'\bt="(\w+)"')
_STYLES_LIMIT = 16 << 20
_MOST_ROWS = 1 << 20
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")

_Errors = dict[int, dict[int, str]]
"""Row number -> column -> the text that stands there instead of what calamine reads."""
_Row = list[Any]


class _Refused(Exception):
    """The workbook is not to be read, for the reason named by args[0]."""


def _limit(memory_bytes: int, seconds: int) -> None:
    if sys.platform == "win32":  # no such limits there; the byte counts below still hold
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse_other_kinds(path: Path) -> None:
    """Raise _Refused where the first bytes show another kind of file under a workbook's name."""
    raw = path.read_bytes()
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _Refused("password")
        if "WordDocument".encode("utf-16-le") in raw:
            raise _Refused("word")
    elif not raw.startswith(b"PK"):
        start = raw[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
            raise _Refused("web page")
        if b"\0" not in raw[:2000] and (b"," in start or b"\t" in start):
            raise _Refused("text")
        if not raw.startswith(b"\x09\x08"):  # an Excel 2-4 file has no wrapper around it
            raise _Refused("not a workbook")


def _count_bytes(path: Path, limit: int) -> dict[str, _Errors]:
    """Unpack every part without keeping it; returns the cells of each sheet part that calamine does not read as shown.

    Both the declared and the actual sizes are held to `limit`, because a bomb lies about the first. Error cells (#N/A)
    and formulas without a value are blank to calamine, which would lose them in silence; of a 1 shown as 0001 by its
    number format it does not know the noughts.
    """
    errors: dict[str, _Errors] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
        names = archive.namelist()
        if "word/document.xml" in names:
            raise _Refused("word")
        if sum(info.file_size for info in archive.infolist()) > limit:
            raise _Refused("too large")
        shown = _padded_styles(archive)
        padded = re.compile(_WHOLE_CELL % b"|".join(shown)) if shown else None
        unpacked = 0
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise _Refused("password")
            is_sheet = info.filename.startswith("xl/worksheets/")
            tail = b""
            for piece in _pieces(raw, info):
                unpacked += len(piece)
                if unpacked > limit:
                    raise _Refused("too large")
                if is_sheet:
                    window = tail + piece
                    found = errors.setdefault(info.filename, {})
                    if b't="e"' in window:
                        _collect_errors(window, found)
                    if b"<f" in window:
                        _collect_unsaved(window, found)
                    if padded is not None:
                        _collect_padded(window, padded, shown, found)
                    end = window.rfind(b"</c>")
                    tail = window[max(end, 0) :][-_CHUNK_BYTES:]
    return errors


def _counting(path: Path, limit: int, out: IO[bytes]) -> Callable[[], dict[str, _Errors]]:
    """Begin `_count_bytes` beside what follows; the function returned waits for it. A refusal ends the process."""
    found: list[dict[str, _Errors] | BaseException] = []

    def count() -> None:
        try:
            found.append(_count_bytes(path, limit))
        except _Refused as refused:  # at once: calamine may be unpacking a bomb meanwhile
            _send(out, ("fault", refused.args[0]))
            out.flush()
            os._exit(0)
        except BaseException as error:
            found.append(error)

    def counted() -> dict[str, _Errors]:
        thread.join()
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]

    thread = threading.Thread(target=count)
    thread.start()
    return counted


def _pieces(raw: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of one part, whatever size its header declares."""
    raw.seek(info.header_offset)
    header = raw.read(30)
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = info.compress_size
    inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := raw.read(min(left, 1 << 16))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _CHUNK_BYTES)
            packed = inflate.unconsumed_tail


def _collect_errors(window: bytes, errors: _Errors) -> None:
    for letters, row, text in _ERROR_CELL.findall(window):
        errors.setdefault(int(row), {})[_column(letters)] = text.decode("ascii", "replace")


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _collect_unsaved(window: bytes, errors: _Errors) -> None:
    for match in _UNSAVED_CELL.finditer(window):
        kind, place = _CELL_TYPE.search(match["about"]), _CELL_PLACE.search(match["about"])
        if place is not None and (kind is None or kind[1] == b"n" or match["empty"] is None):
            errors.setdefault(int(place[2]), {})[_column(place[1])] = _UNSAVED_FORMULA


def _padded_styles(archive: zipfile.ZipFile) -> dict[bytes, tuple[str, ...]]:
    """Cell style -> the pieces of its number format, where that fills whole numbers up with noughts: '0000', '"-"'."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    with archive.open("xl/styles.xml") as stream:
        styles = stream.read(_STYLES_LIMIT)
    codes = {}
    for tag in re.findall(rb"<numFmt\b[^>]*>", styles):
        number, code = re.search(rb'\bnumFmtId="(\d+)"', tag), re.search(rb'\bformatCode="([^"]*)"', tag)
        form = re.match(r'(?:0+|"[^"]*"|\\.|[-() ])+(?=(?:_.)?(?:;|$))', _unescaped(code[1])) if code else None
        pieces = tuple(re.findall(r'0+|"[^"]*"|\\?.', form[0])) if form else ()
        if number and sum(len(piece) for piece in pieces if piece[0] == "0") > 1:
            codes[number[1]] = pieces
    cells = re.search(rb"<cellXfs\b.*?</cellXfs>", styles, re.DOTALL)
    if not codes or cells is None:
        return {}
    numbers = re.findall(rb'<xf\b[^>]*?\bnumFmtId="(\d+)"', cells[0])
    return {b"%d" % style: codes[number] for style, number in enumerate(numbers) if number in codes}


def _collect_padded(
    window: bytes, padded: re.Pattern[bytes], shown: dict[bytes, tuple[str, ...]], errors: _Errors
) -> None:
    for match in padded.finditer(window):
        kind, place = _CELL_TYPE.search(match["about"]), _CELL_PLACE.search(match["about"])
        if place is not None and (kind is None or kind[1] == b"n"):
            text = _filled_up(match["digits"].decode(), shown[match["style"]])
            errors.setdefault(int(place[2]), {})[_column(place[1])] = text


def _filled_up(digits: str, pieces: tuple[str, ...]) -> str:
    """'7005550101' in '0000"-"0000000' -> '0700-5550101'; digits too many stand in front."""
    width = sum(len(piece) for piece in pieces if piece[0] == "0")
    digits = digits.zfill(width)
    at = len(digits) - width  # how many are too many
    text, start = "", 0
    for piece in pieces:
        if piece[0] == "0":
            end = at + len(piece)
            text, start, at = text + digits[start:end], end, end
        else:
            text += piece.strip('"').removeprefix("\\")
    return text


def _unescaped(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def _sheet_parts(path: Path) -> dict[str, str]:
    """Sheet name -> its part ('xl/worksheets/sheet1.xml'), from the workbook's own table of contents."""

    def attribute(tag: bytes, name: bytes) -> str:
        found = re.search(rb"(?<![\w:])" + name + rb'="([^"]*)"', tag)
        return _unescaped(found.group(1)) if found else ""

    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    targets = {
        attribute(tag, b"Id"): attribute(tag, b"Target").removeprefix("/xl/")
        for tag in _RELATION_TAG.findall(relations)
    }
    return {
        attribute(tag, b"name"): "xl/" + targets.get(attribute(tag, rb"r:id"), "") for tag in _SHEET_TAG.findall(book)
    }


def _chunks(sheet: Any, errors: _Errors) -> Iterator[tuple[list[int], list[list[Any]]]]:
    """(row numbers, columns) of the rows that hold something, merged cells filled downwards, error cells as their text.

    Columns, because whole columns are looked through and pickled several times as quickly as cells one by one.
    """
    left = sheet.start[1]
    # Rows of nothing but formulas without a value end the sheet too early for calamine.
    below = min(max(errors, default=0), _MOST_ROWS) - sheet.end[0] - 1
    blank = [""] * (sheet.end[1] - left + 1)
    rows = chain(sheet.iter_rows(), (list(blank) for _row in range(below)))
    # A household code merged over the family's rows belongs to each of them.
    merges = sorted((top, start, end) for (top, start), (end, _right) in sheet.merged_cell_ranges or () if end > top)
    filled = _Merges([(top, start - left, end) for top, start, end in merges])
    first = 0
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        if errors or merges:
            for index, cells in enumerate(chunk, start=first):
                for column, text in errors.get(index + 1, {}).items():
                    if 0 <= column - left < len(cells):
                        cells[column - left] = text
                filled.fill(index, cells)
        numbers = list(range(first + 1, first + 1 + len(chunk)))
        columns = [_plain(column) for column in zip(*chunk, strict=True)]
        if all(None in column for column in columns):
            some = [any(cell is not None for cell in cells) for cells in zip(*columns, strict=True)]
            numbers, columns = list(compress(numbers, some)), [list(compress(column, some)) for column in columns]
        yield numbers, columns
        first += len(chunk)


class _Merges:
    """Cells merged downwards: (top row, column, last row) of each, in order; rows are given from the top."""

    def __init__(self, merges: list[tuple[int, int, int]]) -> None:
        self._coming = merges[::-1]
        self._open: list[tuple[int, int, Any]] = []

    def fill(self, index: int, cells: _Row) -> None:
        """Fill the row's cells below the tops of merges that reach it."""
        if self._open:
            self._open = [(end, column, cell) for end, column, cell in self._open if end >= index]
            for _end, column, cell in self._open:
                if cells[column] == "":
                    cells[column] = cell
        while self._coming and self._coming[-1][0] <= index:
            top, column, end = self._coming.pop()
            if top == index and 0 <= column < len(cells) and cells[column] != "":
                self._open.append((end, column, cells[column]))


def _plain(column: tuple[Any, ...]) -> list[Any]:
    """A column with None for what is empty and only cells the receiver takes."""
    types = set(map(type, column))
    if not types <= _PLAIN:
        return [None if cell == "" else cell if type(cell) in _PLAIN else str(cell) for cell in column]
    if str in types and "" in column:
        return [None if cell == "" else cell for cell in column]
    return list(column)


def _open(path: Path) -> Any:
    import python_calamine as calamine

    try:
        try:
            with path.open("rb") as stream:
                return calamine.CalamineWorkbook.from_filelike(stream)  # by content, whatever the name says
        except calamine.CalamineError:
            return calamine.CalamineWorkbook.from_path(path)  # by name: only this tells of an old file's password
    except calamine.PasswordError:
        raise _Refused("password") from None


def _send_sheets(path: Path, unpacked_limit: int, cell_limit: int, out: IO[bytes]) -> None:
    import python_calamine as calamine

    _refuse_other_kinds(path)
    packed = zipfile.is_zipfile(path)
    counted = _counting(path, unpacked_limit, out) if packed else dict
    try:
        book = _open(path)
        sheets = [about for about in book.sheets_metadata if about.typ == calamine.SheetTypeEnum.WorkSheet]
        first = book.get_sheet_by_name(sheets[0].name) if sheets else None
    finally:
        errors = counted()  # what counting found wrong goes before what calamine did
    parts = _sheet_parts(path) if any(errors.values()) else {}
    cells = 0
    for rank, about in enumerate(sheets):
        sheet: Any = book.get_sheet_by_name(about.name) if rank else first
        _send(out, ("sheet", about.name, about.visible == calamine.SheetVisibleEnum.Visible))
        if sheet.start is None:
            continue
        for numbers, columns in _chunks(sheet, errors.get(parts.get(about.name, ""), {})):
            cells += len(numbers) * len(columns)
            if cells > cell_limit:
                raise _Refused("too large")
            _send(out, ("rows", numbers, columns))


def _send(out: IO[bytes], message: object) -> None:
    pickler = pickle.Pickler(out, protocol=5)
    pickler.fast = True  # no list of what was sent before: cells are no objects that stand twice
    pickler.dump(message)


def main(arguments: list[str]) -> int:
    """Arguments: workbook, memory limit (bytes), time limit (s), unpacked limit (bytes), cell limit."""
    path = Path(arguments[0])
    memory, seconds, unpacked, cells = map(int, arguments[1:])
    _limit(memory, seconds)
    gc.disable()  # rows hold no circles, and this process is short
    out = sys.stdout.buffer
    try:
        _send_sheets(path, unpacked, cells, out)
        _send(out, ("end",))
    except _Refused as refused:
        _send(out, ("fault", refused.args[0]))
    except MemoryError:
        _send(out, ("fault", "too large"))
    except BaseException:  # calamine's panics are BaseExceptions; the caller hears one word
        _send(out, ("fault", "broken"))
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
