"""The zip side of a .docx: parts are compressed once, and files are put together from their raw bytes.

A letter differs from the next in one part of a dozen. The others are deflated when the template is loaded
and copied as they are; Python's zipfile would compress them again for every letter. Times in the zip are
fixed, so the same inputs give the same bytes. Source: PKWARE APPNOTE 6.3, ECMA-376 part 2.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from isal import isal_zlib

from outreach.errors import BadInput, CannotPrint
from outreach.messages import _

CONTENT_TYPES = "[Content_Types].xml"
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 2_000

DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)
"""What zipfile raises over a package that was damaged: bad sums, encrypted or unknown packing, an early end, names and
places that cannot be (found by changing bytes of one at random)."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = 0x21  # 1980-01-01, the first day a zip can name
_STORED, _DEFLATED = 0, 8
_MAX_ENTRIES = 0xFFFE  # beyond these two the zip64 extension would be needed
_MAX_BYTES = 0xFFFFFFFE
_QUICK = 1  # isal's second level: as small as zlib's second, in a fifth of its time
_SMALLEST = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as it lies in the zip: raw bytes in pieces, and what the directory says of them."""

    name: str
    method: int
    crc: int
    size: int
    packed: tuple[bytes, ...]

    def heads(self, offset: int) -> tuple[bytes, bytes, int]:
        """The local head, the directory record for a part at `offset`, and the length in all."""
        name = self.name.encode()
        length = sum(map(len, self.packed))
        flags = 0 if self.name.isascii() else 0x800
        facts = (20, flags, self.method, 0, _DATE, self.crc, length, self.size, len(name), 0)
        local = _LOCAL.pack(b"PK\3\4", *facts) + name
        central = _CENTRAL.pack(b"PK\1\2", 20, *facts, 0, 0, 0, 0, offset) + name
        return local, central, len(local) + length


def deflated(name: str, content: bytes) -> Entry:
    """`content` as a part compressed quickly."""
    packed = isal_zlib.compress(content, _QUICK, -zlib.MAX_WBITS)
    return Entry(name, _DEFLATED, isal_zlib.crc32(content), len(content), (packed,))


def stored(name: str, content: bytes) -> Entry:
    """`content` as it is, for what is compressed already (PNG)."""
    return Entry(name, _STORED, isal_zlib.crc32(content), len(content), (content,))


class Stream:
    """A part that is compressed while it is written, so that its text is never held whole."""

    __slots__ = ("_crc", "_name", "_pieces", "_size", "_squeeze")

    def __init__(self, name: str) -> None:
        self._name = name
        self._squeeze = isal_zlib.compressobj(_QUICK, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._pieces: list[bytes] = []
        self._crc = self._size = 0

    def write(self, content: bytes) -> None:
        """Add `content` to the end of the part."""
        self._crc = isal_zlib.crc32(content, self._crc)
        self._size += len(content)
        if piece := self._squeeze.compress(content):
            self._pieces.append(piece)

    def entry(self) -> Entry:
        """The finished part."""
        self._pieces.append(self._squeeze.flush())
        return Entry(self._name, _DEFLATED, self._crc, self._size, tuple(self._pieces))


class Stem:
    """The parts all files of a template share, laid out once: bytes, directory records, count."""

    __slots__ = ("body", "count", "directory")

    def __init__(self, entries: Iterable[Entry]) -> None:
        pieces: list[bytes] = []
        records: list[bytes] = []
        offset = 0
        for entry in entries:
            local, central, length = entry.heads(offset)
            pieces += (local, *entry.packed)
            records.append(central)
            offset += length
        self.body = b"".join(pieces)
        self.directory = b"".join(records)
        self.count = len(records)

    def file(self, entries: Iterable[Entry]) -> bytes:
        """A whole zip: the shared parts followed by `entries`. Raises CannotPrint beyond a zip's limits."""
        pieces = [self.body]
        records = [self.directory]
        offset, count = len(self.body), self.count
        for entry in entries:
            local, central, length = entry.heads(offset)
            pieces += (local, *entry.packed)
            records.append(central)
            offset += length
            count += 1
        directory = b"".join(records)
        if count > _MAX_ENTRIES or offset + len(directory) > _MAX_BYTES:
            raise CannotPrint.at(
                "DOCX",
                _("{count} parts do not fit one file", count=count),
                _("print fewer letters to a file"),
            )
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)
        return b"".join((*pieces, directory, end))


def read_package(content: bytes, path: Path) -> dict[str, bytes]:
    """The parts of the .docx `content` read from `path`, by name, content types first.

    Raises BadInput when it is no .docx, or unpacks to more than a letter can need.
    """
    mend = _("save the layout as .docx in Word or WPS")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = [member for member in package.infolist() if not member.is_dir()]
            if len(members) > MAX_PARTS or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise BadInput.at(
                    str(path),
                    _("unpacks to more than {limit} MB", limit=MAX_UNPACKED >> 20),
                    _("take large pictures out of the layout"),
                )
            parts = {member.filename: package.read(member) for member in members}
    except DAMAGED as error:
        raise BadInput.at(str(path), _("is not a .docx file"), mend) from error
    if CONTENT_TYPES not in parts:
        raise BadInput.at(str(path), _("is not a .docx file"), mend)
    return {CONTENT_TYPES: parts.pop(CONTENT_TYPES)} | parts


def packed_parts(parts: Mapping[str, bytes]) -> dict[str, Entry]:
    """Every part compressed as small as it gets, or stored where that is smaller."""
    return {name: smallest(name, content) for name, content in parts.items()}


def smallest(name: str, content: bytes) -> Entry:
    """`content` as small as it gets, for parts that are compressed once and written many times."""
    squeeze = zlib.compressobj(_SMALLEST, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = squeeze.compress(content) + squeeze.flush()
    if len(packed) >= len(content):
        return stored(name, content)
    return Entry(name, _DEFLATED, zlib.crc32(content), len(content), (packed,))
