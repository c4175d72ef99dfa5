"""Text tables (.csv) -> rows: the encoding, the separator, and quoted line ends."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from pathlib import Path

from outreach.errors import BadInput
from outreach.intake.workbook import UNPACKED_LIMIT, Row
from outreach.messages import _

_SEPARATORS = (",", "\t", ";")
# Signs that some programs part cells with; in a table of ours they may as well stand in a note.
_ODD_SEPARATORS = ("，", "|", "｜", "；", "、", "^", "~")
_ENOUGH = 2  # known headings make a heading row
_LOOK_AHEAD = 20_000
_END_OF_FILE = "\x1a"  # what MS-DOS programs end a text with
# How many Chinese characters a line must hold in UTF-8 before it cannot be GB18030 by chance.
_SURELY = 3

# GB18030-2022 gives these signs places of their own; older tables, and Python's, decode them to private-use signs.
# (Unicode 5.2 and GB 18030-2022, annex; the last pair of lines is Windows' code page 936, where 䶮 had U+E863.)
_PRIVATE_TO_STANDARD = dict(
    zip(
        range(0xE78D, 0xE797),
        (0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19),
        strict=True,
    )
) | {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7,
    0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
    0xE863: 0x4DAE,
}  # fmt: skip


def standard_signs(text: str) -> str:
    """`text` with the private-use signs of old Chinese encodings replaced by their standard ones."""
    return text.translate(_PRIVATE_TO_STANDARD)


def read_csv(path: Path, score: Callable[[list[list[str]]], int]) -> list[Row]:
    """The rows of a text table that hold something: (row number as a spreadsheet shows it, cells).

    score: how many known headings the first rows hold; the separator with the most wins. Encodings: a byte-order
    mark, then strict UTF-8, UTF-16, strict GB18030. Raises BadInput with one fault.
    """
    if path.stat().st_size > UNPACKED_LIMIT:
        raise BadInput.at(path.name, _("the file is larger than a roster can be"), _("split it"))
    text = decoded(path.read_bytes(), path.name)
    head = text[:_LOOK_AHEAD]
    separator = max(_SEPARATORS, key=lambda sign: score(_head_rows(head, sign)))
    if score(_head_rows(head, separator)) < _ENOUGH:
        _refuse_odd_separator(path.name, head, score)
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 17))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cells):
                rows.append((number, [cell or None for cell in cells]))
    except csv.Error as error:
        raise BadInput.at(
            _("{file}, row {row}", file=path.name, row=number + 1),
            _("a quotation mark is not closed, or a cell is far too long ({error})", error=error),
            _("close the quotation mark, or save the table as .xlsx"),
        ) from error
    return rows


def _refuse_odd_separator(name: str, head: str, score: Callable[[list[list[str]]], int]) -> None:
    """Raise BadInput naming the separator where the headings would be known but for it."""
    for sign in _ODD_SEPARATORS:
        if sign in head and score(_head_rows(head, sign)) >= _ENOUGH:
            what = _("the cells are parted by '{sign}', which is read as text", sign=sign)
            raise BadInput.at(name, what, _("part them by commas, tabs or semicolons, or save the table as .xlsx"))


def _head_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            rows.append(cells)
    except csv.Error:
        pass  # the head is cut anywhere; what was read before the cut is enough to tell
    return rows


def decoded(raw: bytes, name: str) -> str:
    """`raw` as text; raises BadInput where no accepted encoding fits.

    No text in UTF-8 or GB18030 holds a zero byte and every table in UTF-16 does (its separators and line ends),
    so a zero byte decides, and the places where zeros stand give the byte order.
    """
    if raw.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" in raw:
        candidates = ["utf-16-be" if raw[::2].count(0) > raw[1::2].count(0) else "utf-16-le"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _END_OF_FILE in text[-8:]:
            text = text.rstrip(f"{_END_OF_FILE}\r\n")
        if encoding != "gb18030":
            return text
        _refuse_joined(raw, name)
        return standard_signs(text)
    raise BadInput.at(
        name,
        _("the text is in no encoding that is read here (UTF-8, UTF-16, GB18030)"),
        _("save the table as .xlsx, or as CSV UTF-8"),
    )


def _refuse_joined(raw: bytes, name: str) -> None:
    """Raise BadInput where a line of a file in GB18030 is in UTF-8: 王二 would be read as 鐜嬩簩.

    Whether it is can be told surely: the first byte of a common character in GB18030 begins no character in UTF-8 that
    is Chinese.
    """
    for number, line in enumerate(raw.splitlines(), start=1):
        if line.isascii():
            continue
        try:
            foreign = [sign for sign in line.decode("utf-8") if sign > "\x7f"]
        except UnicodeDecodeError:
            continue
        chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in foreign)
        if chinese >= _SURELY and all("\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in foreign):
            raise BadInput.at(
                _("{file}, row {row}", file=name, row=number),
                _("the line is in UTF-8 and others are in GB18030: two files were joined"),
                _("save each of them as .xlsx, and join those"),
            )
