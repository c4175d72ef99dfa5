"""Pages of a PDF that Typst made, taken apart into objects that other PDFs can hold: each page a form XObject.

Typst writes its files plainly: a classic table of objects, each dictionary on its own before its stream, pages in
one list with their resources by reference. Only that form is read, ten times as fast as a PDF library would; a file
of another form is a ValueError.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

from outreach.render.stamp_file import PageFile, number

_BEYOND = 60.0  # points that a box's drawing may reach over its edges: Chinese signs do
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_LIST = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_PAGE = re.compile(rb"/Resources (\d+) 0 R/MediaBox\[([^\]]+)\].*/Contents (\d+) 0 R", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_BASE_FONT = re.compile(rb"/BaseFont/(?:\w+\+)?([^/>\s]+)")
_TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")


class Drawing:
    """The pages of one PDF. sizes: width and height of each, in points."""

    def __init__(self, pdf: bytes) -> None:
        self._objects = objects_of(pdf)
        self._forms: list[tuple[int, int]] = []
        self.sizes: list[tuple[float, float]] = []
        root = re.search(rb"/Root (\d+) 0 R", pdf[pdf.rindex(b"trailer") :])
        if root is None:
            raise ValueError(root)
        tree = self._named(int(root[1]), b"Pages")
        for found in re.findall(rb"(\d+) 0 R", self._objects[tree].partition(b"/Kids[")[2].partition(b"]")[0]):
            page = _PAGE.search(self._objects[int(found)])
            if page is None:
                raise ValueError(self._objects[int(found)][:200])
            left, bottom, right, top = map(float, page[2].split())
            self.sizes.append((right - left, top - bottom))
            self._forms.append((int(page[3]), int(page[1])))

    def _named(self, own: int, key: bytes) -> int:
        found = re.search(rb"/%b (\d+) 0 R" % key, self._objects[own])
        if found is None:
            raise ValueError(key)
        return int(found[1])

    def content(self, page: int) -> bytes:
        """The operators of a page, counted from 0."""
        head, stream = _parted(self._objects[self._forms[page][0]])
        return _unpacked(head, stream)

    def resource(self, page: int, category: bytes, name: bytes) -> int:
        """The object that a page's operators call `name`."""
        listed = self._objects[self._forms[page][1]].partition(b"/%b<<" % category)[2].partition(b">>")[0]
        return {key: int(own) for key, own in _FONT.findall(listed)}[name]

    def font_name(self, own: int) -> str:
        """The PostScript name of a font object, without the mark of a subset."""
        found = _BASE_FONT.search(self._objects[own])
        return found[1].decode() if found else ""

    def draws(self, sign: str) -> bool:
        """Whether any font of the file is there to draw `sign`."""
        code = b"<%b>" % sign.encode("utf-16-be").hex().encode()
        for body in self._objects.values():
            if found := _TO_UNICODE.search(body):
                head, stream = _parted(self._objects[int(found[1])])
                if code in _unpacked(head, stream).lower():
                    return True
        return False

    def put_page(self, file: PageFile, page: int, placed: dict[int, int]) -> int:
        """Put a page into `file` as a form XObject, with all it names, each once; its number.

        placed: the numbers of this drawing's objects that are in the file already.
        """
        content, resources = self._forms[page]
        key = -1 - page
        if key not in placed:
            placed[key] = file.reserve()
            width, height = self.sizes[page]
            box = b" ".join(map(number, (-_BEYOND, -_BEYOND, width + _BEYOND, height + _BEYOND)))
            head, stream = _parted(self._objects[content])
            packed = b"/Filter/FlateDecode" if b"/FlateDecode" in head else b""
            names = self.put(file, resources, placed)
            entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R%b" % (box, names, packed)
            file.put_stream(placed[key], entries, stream or b"", packed=True)
        return placed[key]

    def put(self, file: PageFile, own: int, placed: dict[int, int]) -> int:
        """Put an object into `file` with all it names, each once; its number."""
        if own not in placed:
            placed[own] = file.reserve()
            head, stream = _parted(self._objects[own])
            head = _REFERENCE.sub(lambda found: b"%d 0 R" % self.put(file, int(found[1]), placed), head)
            file.put(placed[own], head if stream is None else b"%b\nstream\n%b\nendstream" % (head, stream))
        return placed[own]


def objects_of(pdf: bytes) -> dict[int, bytes]:
    """Every object of a file that Typst wrote, by its number, without its frame; ValueError for other files."""
    end = _LIST.search(pdf, max(0, len(pdf) - 100))
    start = int(end[1]) if end else -1
    if start < 0 or pdf[start : start + 7] != b"xref\n0 ":
        raise ValueError(pdf[start : start + 20])
    lines = pdf[start:].split(b"\n", 2)
    count, table = int(lines[1].split()[1]), lines[2]
    offsets = {
        rank: int(table[20 * rank : 20 * rank + 10]) for rank in range(count) if table[20 * rank + 17] == ord("n")
    }
    ends = sorted([*offsets.values(), start])
    after = dict(pairwise(ends))
    objects = {}
    for own, offset in offsets.items():
        body = pdf[offset : after[offset]]
        head = b"%d 0 obj\n" % own
        if not body.startswith(head):
            raise ValueError(body[:40])
        objects[own] = body[len(head) : body.rindex(b"\nendobj")]
    return objects


def _parted(body: bytes) -> tuple[bytes, bytes | None]:
    """An object's dictionary or other value, and its stream where it has one."""
    if not body.startswith(b"<<"):
        return body, None
    head, mark, rest = body.partition(b">>\nstream\n")
    return (head + b">>", rest[: rest.rindex(b"\nendstream")]) if mark else (body, None)


def _unpacked(head: bytes, stream: bytes | None) -> bytes:
    return zlib.decompress(stream or b"") if b"/FlateDecode" in head else stream or b""
