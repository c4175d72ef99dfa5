"""Reads one workbook in a process of its own; run by `workbook.py`, never imported by the package.

It stands alone (standard library and python-calamine only) so that it starts quickly, and it takes a memory
and a time limit before it opens anything: a hostile workbook ends this process, not the caller's.

It writes pickles to stdout: ("sheet", name, visible), then lists of (row number, cells) for that sheet, and last
("end",) or ("fault", kind) with kind one of FAULT_KINDS.
"""

from __future__ import annotations

import datetime as dt
import gc
import pickle
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
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
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")

_Errors = dict[int, dict[int, str]]
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
    """Unpack every part without keeping it; returns the error cells (#N/A ...) of each sheet part.

    Both the declared and the actual sizes are held to `limit`, because a bomb lies about the first. The error cells
    are collected here because calamine reads them as blank, which would lose a failed lookup in silence.
    """
    errors: dict[str, _Errors] = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
        names = archive.namelist()
        if "word/document.xml" in names:
            raise _Refused("word")
        if sum(info.file_size for info in archive.infolist()) > limit:
            raise _Refused("too large")
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
                    if b't="e"' in window:
                        _collect_errors(window, errors.setdefault(info.filename, {}))
                    tail = piece[-400:]
    return errors


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
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        errors.setdefault(int(row), {})[column - 1] = text.decode("ascii", "replace")


def _sheet_parts(path: Path) -> dict[str, str]:
    """Sheet name -> its part ('xl/worksheets/sheet1.xml'), from the workbook's own table of contents."""

    def attribute(tag: bytes, name: bytes) -> str:
        found = re.search(rb"(?<![\w:])" + name + rb'="([^"]*)"', tag)
        text = found.group(1).decode("utf-8", "replace") if found else ""
        for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
            text = text.replace(entity, sign)
        return text

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


def _plain(cell: Any) -> Any:
    return cell if type(cell) in _PLAIN or cell is None else str(cell)


def _rows(sheet: Any, errors: _Errors) -> Iterator[tuple[int, _Row]]:
    """The rows that hold something, merged cells filled downwards, error cells as their text."""
    left = sheet.start[1]
    # A household code merged over the family's rows belongs to each of them.
    merged = sorted((top, start, end) for (top, start), (end, _right) in sheet.merged_cell_ranges or () if end > top)
    upcoming = 0
    open_merges: list[tuple[int, int, Any]] = []
    for index, cells in enumerate(sheet.iter_rows()):
        if index + 1 in errors:
            for column, text in errors[index + 1].items():
                if 0 <= column - left < len(cells):
                    cells[column - left] = text
        if open_merges:
            open_merges = [(end, column, cell) for end, column, cell in open_merges if end >= index]
            for _end, column, cell in open_merges:
                if cells[column] == "":
                    cells[column] = cell
        while upcoming < len(merged) and merged[upcoming][0] <= index:
            top, start, end = merged[upcoming]
            upcoming += 1
            if top == index and 0 <= start - left < len(cells) and cells[start - left] != "":
                open_merges.append((end, start - left, cells[start - left]))
        if cells.count("") == len(cells):
            continue
        plain = [None if cell == "" else cell for cell in cells]
        if not set(map(type, plain)) <= _PLAIN:
            plain = [_plain(cell) for cell in plain]
        yield index + 1, plain


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
    errors: dict[str, _Errors] = {}
    parts: dict[str, str] = {}
    if zipfile.is_zipfile(path):
        errors = _count_bytes(path, unpacked_limit)
        parts = _sheet_parts(path) if errors else {}
    book = _open(path)
    cells = 0
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        _send(out, ("sheet", about.name, about.visible == calamine.SheetVisibleEnum.Visible))
        chunk: list[tuple[int, _Row]] = []
        if sheet.start is None:
            continue
        for number, row in _rows(sheet, errors.get(parts.get(about.name, ""), {})):
            chunk.append((number, row))
            cells += len(row)
            if cells > cell_limit:
                raise _Refused("too large")
            if len(chunk) == _CHUNK_ROWS:
                _send(out, chunk)
                chunk = []
        _send(out, chunk)


def _send(out: IO[bytes], message: object) -> None:
    pickle.dump(message, out, protocol=5)


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
