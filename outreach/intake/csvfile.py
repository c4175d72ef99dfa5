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
_LOOK_AHEAD = 20_000

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
        return standard_signs(text) if encoding == "gb18030" else text
    raise BadInput.at(
        name,
        _("the text is in no encoding that is read here (UTF-8, UTF-16, GB18030)"),
        _("save the table as .xlsx, or as CSV UTF-8"),
    )
