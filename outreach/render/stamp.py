"""Letters, and other pieces whose fields stand in boxes, stamped: the quick way to thousands of pages.

What many pieces share is laid out by Typst once (`stamp_book`); each piece's own lines are shaped by HarfBuzz and
written over it (`stamp_type`), and the pages go straight into the file (`stamp_file`). A piece that cannot be
stamped exactly - a line too long for its place, a sign whose setting is not certain, a shape no sheet has - is laid
out whole by Typst and stands in its own place in the same file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from outreach.render.code import qr_matrix
from outreach.render.manifest import MaterialKind
from outreach.render.options import NO_OPTIONS, Options
from outreach.render.page import PAGES_PER_COMPILE, make_marked, page_values
from outreach.render.stamp_book import MARK, Book, Sheets, Values
from outreach.render.stamp_drawing import Drawing
from outreach.render.stamp_file import PageFile, Write, number
from outreach.render.stamp_fonts import embed
from outreach.render.stamp_forms import FormPage, Stamp
from outreach.render.stamp_spec import Shape, load_spec
from outreach.render.stamp_type import Run, Table, ends_squeezed

WINDOW = 2000
"""Pieces looked at together: what is new in them is laid out at once, and memory holds no more of them."""

_LONG_PAYLOAD = 80  # bytes from which a code is drawn at level L, as the layouts draw it
_DIGITS = bytes.maketrans(b"\0\1", b"01")

Page = tuple[tuple[float, float], bytes, bytes]
"""Size in points, resources, content."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """How many pieces were stamped, and how many Typst laid out whole."""

    stamped: int
    typst: int


def can_stamp(kind: MaterialKind, language: str, options: Options = NO_OPTIONS) -> bool:
    """Whether the kind's PDF layout says how it is stamped; a PDF standard or a bleed is left to Typst."""
    page = kind.page_of(options)
    if options.standard or options.fallback_fonts or kind.cards is not None or page is None or page.bleed_mm:
        return False
    return load_spec(kind.layout("pdf", language)) is not None


def learn_all(book: Book, pieces: Iterable[Values]) -> None:
    """Lay out all that many of `pieces` share, so that files stamped from `book` need not."""
    for window in _windows(pieces):
        book.learn(window)


def make_stamped(book: Book, pieces: Iterable[Values], write: Write, *, title: str = "") -> Stamped:
    """Write `pieces` as one PDF, stamped where they can be; equal books and pieces give equal bytes.

    write: takes the file's bytes as they come. pieces may be as many as they like: memory stays flat. What the book
    has not learnt yet it learns. Raises what `make_pages` raises.
    """
    stamper = _Stamper(book, write, title or book.kind.title.of(book.language))
    for window in _windows(pieces):
        stamper.add(window)
    return stamper.close()


def stamped_pdf(book: Book, pieces: Iterable[Values]) -> tuple[bytes, Stamped]:
    """As `make_stamped`, as the bytes of the file."""
    out = io.BytesIO()
    counts = make_stamped(book, pieces, out.write)
    return out.getvalue(), counts


def _windows(pieces: Iterable[Values]) -> Iterator[list[Values]]:
    ahead = iter(pieces)
    while window := list(islice(ahead, WINDOW)):
        yield window


class _Stamper:
    """One file and the book it is stamped from."""

    def __init__(self, book: Book, write: Write, title: str) -> None:
        self._book = book
        self._file = PageFile(write, language=book.locale, title=title)
        self._font_list, self._colour_list = self._file.reserve(), self._file.reserve()
        self._signs: dict[tuple[int, Table], set[str]] = {}
        self._placed: list[dict[int, int]] = []
        self._names: dict[str, bytes] = {}
        self._stamped = self._typst = 0

    def add(self, window: list[Values]) -> None:
        """Some more pieces."""
        sheets = self._book.learn(window)
        ready = [self._drawn(own) if own is not None else None for own in sheets]
        whole = self._laid_out([values for values, drawn in zip(window, ready, strict=True) if drawn is None])
        for drawn in ready:
            pages = drawn if drawn is not None else next(whole)
            for size, resources, content in pages:
                self._file.add_page(size, resources, content)
            if drawn is None:
                self._typst += 1
            else:
                self._stamped += 1

    def _drawn(self, own: Sheets) -> list[Page] | None:
        """A piece's pages; None where it cannot be stamped."""
        pages = []
        lines: list[tuple[int, Run]] = []
        for form, shape in own:
            for page in form or ():
                drawn = self._page(page, shape, lines)
                if drawn is None:
                    return None
                pages.append(drawn)
            if form is None:
                return None
        for rank, run in lines:
            for table, signs in run.signs:
                self._signs.setdefault((rank, table), set()).update(signs)
        return pages

    def _page(self, page: FormPage, shape: Shape, lines: list[tuple[int, Run]]) -> Page | None:
        """One page of a piece; None where a line of it cannot be stamped."""
        names = [page.name]
        drawn = []
        text: list[bytes] = []
        if not _set_lines(page.stamps, shape.fields, text, lines):
            return None
        for rank, placed in enumerate(page.parts):
            use = shape.parts[placed.rank]
            part = self._book.part(use)
            picture, stamps = page.place(rank, part)
            names.append(part.boxes[placed.variant].name)
            drawn.append(picture)
            if stamps and not _set_lines(stamps, use.fields, text, lines):
                return None
        for code in page.codes:
            drawn.append(_code(shape.fields[code.rank], code.x, page.size[1] - code.y - code.side, code.side))
        resources = b"<</Font %d 0 R/ColorSpace %d 0 R/XObject<<%b>>>>" % (
            self._font_list,
            self._colour_list,
            b"".join([self._named(name) for name in dict.fromkeys(names)]),
        )
        content = b"/%b Do\n%bBT\n%b\nET" % (page.name.encode(), b"".join(drawn), b"".join(text))
        return page.size, resources, content

    def _named(self, name: str) -> bytes:
        """The name of a drawing's page with its number in this file, where it is put when it is first wanted."""
        if name not in self._names:
            drawing, _p, page = name[1:].partition("p")
            found = self._book.drawings[int(drawing)]
            own = found.put_page(self._file, int(page), self._placed_of(int(drawing)))
            self._names[name] = b"/%b %d 0 R" % (name.encode(), own)
        return self._names[name]

    def _placed_of(self, drawing: int) -> dict[int, int]:
        while len(self._placed) <= drawing:
            self._placed.append({})
        return self._placed[drawing]

    def _laid_out(self, pieces: Sequence[Values]) -> Iterator[list[Page]]:
        """The pages of each piece as Typst lays it out whole."""
        book = self._book
        for start in range(0, len(pieces), PAGES_PER_COMPILE):
            group = pieces[start : start + PAGES_PER_COMPILE]
            values = page_values(book.kind, book.language, group, book.options) | {"stage": "whole"}
            pdf, marks = make_marked(book.layout, values, MARK, fonts=book.fonts)
            drawing = Drawing(pdf)
            placed: dict[int, int] = {}
            pages: list[list[Page]] = [[] for _piece in group]
            for mark in marks:
                page = mark["page"] - 1
                own = drawing.put_page(self._file, page, placed)
                pages[mark["item"]].append((drawing.sizes[page], b"<</XObject<</W %d 0 R>>>>" % own, b"/W Do"))
            yield from pages

    def close(self) -> Stamped:
        """The fonts and the end of the file."""
        book, file = self._book, self._file
        fonts = []
        for rank, found in enumerate(book.faces):
            if glyphs := self._glyphs(rank):
                own = file.reserve()
                embed(file, own, found, glyphs)
                fonts.append(b"/F%d %d 0 R" % (rank, own))
        file.put(self._font_list, b"<<%b>>" % b"".join(fonts))
        colours = []
        for rank, look in enumerate(book.looks.values()):
            drawing, colour = look.colour_object
            own = book.drawings[drawing].put(file, colour, self._placed_of(drawing))
            colours.append(b"/C%d %d 0 R" % (rank, own))
        file.put(self._colour_list, b"<<%b>>" % b"".join(colours))
        file.close()
        return Stamped(self._stamped, self._typst)

    def _glyphs(self, rank: int) -> dict[int, str]:
        """The glyphs of a face that the file draws, and the sign each stands for."""
        drawn = ((sign, table) for (own, table), signs in self._signs.items() if own == rank for sign in signs)
        glyphs: dict[int, str] = {}
        for sign, table in sorted(drawn, key=lambda found: (found[0], found[1].script)):
            glyphs.setdefault(table.glyphs[sign], sign)
        return glyphs


def _set_lines(stamps: list[Stamp], fields: list[str], out: list[bytes], lines: list[tuple[int, Run]]) -> bool:
    """Set fields on a page; False where one cannot be stamped."""
    for stamp in stamps:
        words = fields[stamp.rank]
        if stamp.before or stamp.after:
            words = f"{stamp.before}{words}{stamp.after}"
        look = stamp.look
        run = look.style.run(words)
        fitting = next((size for size in stamp.sizes if run.width <= size[0]), None) if run else None
        if run is None or fitting is None:
            return False
        _limit, share, head, tail = fitting
        if not stamp.share:
            out += (head, run.code)
        elif ends_squeezed(words):
            return False
        else:
            out += (head, b"%.3f" % (stamp.x - share * run.width), tail, run.code)
        lines.append((look.rank, run))
    return True


def _code(payload: str, x: float, y: float, side: float) -> bytes:
    """A QR code as a one-bit picture with its lower left corner at `x`, `y`."""
    rows = qr_matrix(payload, level="M" if len(payload.encode()) < _LONG_PAYLOAD else "L")
    count = len(rows)
    padding = -count % 8
    bits = b"".join(b"%0*X" % ((count + padding) // 4, int(row.translate(_DIGITS), 2) << padding) for row in rows)
    scale = number(side)
    return b"q 0 g %b 0 0 %b %.3f %.3f cm\nBI/W %d/H %d/IM true/D[1 0]/F/AHx ID %b>\nEI Q\n" % (
        scale, scale, x, y, count, count, bits,
    )  # fmt: skip
