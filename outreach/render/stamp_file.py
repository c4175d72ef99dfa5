"""A PDF of thousands of pages, written as it grows: objects as they come, the list of them at the end.

Nothing of a page is kept once it is written but where it stands, so that memory stays flat; equal calls give
equal bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence

Write = Callable[[bytes], object]

_PAGES_A_NODE = 256
_LEVEL = 4  # of compression: beyond it pages grow hardly smaller, and slower
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PageFile:
    """One PDF file on its way to `write`. language: of the document, as 'zh-CN'."""

    def __init__(self, write: Write, *, language: str, title: str) -> None:
        self._write = write
        self._offsets = array("Q", [0])
        self._at = 0
        self._sum = hashlib.sha256()
        self._nodes: list[tuple[int, int]] = []
        self._kids: list[int] = []
        self._language, self._title = language, title
        self._out(_HEADER)
        self._catalog, self._root = self.reserve(), self.reserve()
        self._node = 0
        self.pages = 0

    def _out(self, content: bytes) -> None:
        self._write(content)
        self._sum.update(content)
        self._at += len(content)

    def reserve(self) -> int:
        """A number for an object that will be put later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: bytes) -> None:
        """The object of that number."""
        self._offsets[number] = self._at
        self._out(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def put_stream(self, number: int, entries: bytes, content: bytes, *, packed: bool = False) -> None:
        """A stream object; `content` is compressed unless it is `packed` already and `entries` say how."""
        if not packed:
            content = zlib.compress(content, _LEVEL)
            entries += b"/Filter/FlateDecode"
        self.put(number, b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content))

    def add_page(self, size: tuple[float, float], resources: bytes, content: bytes) -> None:
        """One page, `size` in points, drawn by `content` with the names in `resources`."""
        if not self._kids:
            self._node = self.reserve()
        # On every page: some readers do not look for it in the tree.
        box = b"/MediaBox[0 0 %b %b]" % (number(size[0]), number(size[1]))
        stream, page = self.reserve(), self.reserve()
        self.put_stream(stream, b"", content)
        self.put(
            page,
            b"<</Type/Page/Parent %d 0 R%b/Resources%b/Contents %d 0 R>>" % (self._node, box, resources, stream),
        )
        self._kids.append(page)
        self.pages += 1
        if len(self._kids) == _PAGES_A_NODE:
            self._close_node()

    def _close_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self.put(
            self._node,
            b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (self._root, len(self._kids), kids),
        )
        self._nodes.append((self._node, len(self._kids)))
        self._kids = []

    def close(self) -> None:
        """The page tree, the catalogue and the list of objects. Every reserved object must have been put."""
        if self._kids:
            self._close_node()
        kids = b" ".join(b"%d 0 R" % node for node, _count in self._nodes)
        self.put(self._root, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.pages, kids))
        self.put(
            self._catalog,
            b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (self._root, self._language.encode()),
        )
        about = self.reserve()
        self.put(about, b"<</Title%b/Producer(outreach)>>" % text_string(self._title))
        start, total = self._at, len(self._offsets)
        name = self._sum.hexdigest()[:32].encode()
        self._out(b"xref\n0 %d\n0000000000 65535 f \n" % total)
        for first in range(1, total, 1000):
            self._out(b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[first : first + 1000]))
        self._out(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (total, self._catalog, about, name, name, start)
        )


def number(value: float) -> bytes:
    """A number as PDF writes it, to a ten-thousandth of a point."""
    return f"{value:.4f}".rstrip("0").rstrip(".").encode()


def text_string(text: str) -> bytes:
    """A text as PDF writes it, in UTF-16 with its mark."""
    return b"<%b>" % text.encode("utf-16-be").hex().encode().join((b"feff", b""))


def unicode_map(signs: Iterable[tuple[int, str]]) -> bytes:
    """The CMap by which readers find the text of two-byte codes."""
    entries = [f"<{code:04X}><{sign.encode('utf-16-be').hex().upper()}>" for code, sign in signs]
    blocks = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in _chunks(entries, 100)]
    return (
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        + "".join(blocks)
        + "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
    ).encode()


def _chunks(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
