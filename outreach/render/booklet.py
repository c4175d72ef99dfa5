"""Saddle-stitched booklets: single pages laid on double sheets, so that folded and stapled they read in order.

Sheets are counted from the outermost. The front of each is its outer side when the booklet lies closed; its back
is inside. The pure part (`saddle`, `creep_mm`, `padded`) knows page numbers and millimetres only.

Creep: sheets that lie inside push out past the outer ones by the paper's thickness each, and lose that much at the
fore edge when the booklet is trimmed. Their pages are moved towards the fold by as much, so that all outer margins
come out alike.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from outreach.errors import CannotPrint
from outreach.messages import _

PAPER_MM = 0.1
"""Thickness of ordinary 80 g copying paper."""

MOST_SHEETS = 20
"""A stapler takes about this many sheets through their fold, and more would not close."""

_POINTS_PER_MM = 72 / 25.4
_FOLD_MARK_MM = 4.0
_STAPLE_MARK_MM = 12.0
_STAPLES = (0.25, 0.75)  # where they go, as parts of the height


@dataclass(frozen=True, slots=True)
class Face:
    """One side of a sheet: which page lies left of the fold and which right, counted from 0. sheet: 0 is outermost."""

    sheet: int
    left: int
    right: int
    is_front: bool


def padded(count: int) -> int:
    """The number of pages a booklet of `count` pages has: the next multiple of four."""
    return -(-count // 4) * 4


def saddle(count: int) -> list[Face]:
    """The faces of a booklet in the order they are printed, front and back of each sheet, outermost first.

    count: pages, a multiple of four; raises ValueError otherwise.
    """
    if count <= 0 or count % 4:
        raise ValueError(count)
    faces = []
    for sheet in range(count // 4):
        first, last = 2 * sheet, count - 1 - 2 * sheet
        faces += [Face(sheet, last, first, True), Face(sheet, first + 1, last - 1, False)]
    return faces


def creep_mm(sheet: int, paper_mm: float = PAPER_MM) -> float:
    """How far the pages of a sheet are moved towards the fold, in millimetres; 0 for the outermost."""
    return sheet * paper_mm


def with_blanks(count: int) -> list[int | None]:
    """The order of `count` pages filled up to a multiple of four: blank ones (None) come before the last page.

    So the back cover stays outside.
    """
    pages: list[int | None] = list(range(count))
    return [*pages[:-1], *([None] * (padded(count) - count)), *pages[-1:]]


def make_booklet(pdf: bytes, *, paper_mm: float = PAPER_MM, flip: str = "short") -> bytes:
    """The single pages of `pdf` on landscape sheets of twice the size, to be printed on both sides and folded.

    paper_mm: thickness of the paper. flip: the edge the printer turns sheets over, 'short' or 'long'; for 'long' the
    backs stand upside down. A sheet of two A5 pages is an A4: the odd millimetre of A4 lies at its outer edges.
    Raises CannotPrint where pages differ in size or are more than can be stapled. Equal inputs give equal bytes.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

    source = PdfReader(io.BytesIO(pdf))
    _refuse(source)
    width, height = _size(source.pages[0])
    sheet_width = _standard(2 * width)
    order = with_blanks(len(source.pages))

    writer = PdfWriter()
    writer.pdf_header = pdf[:8].decode("ascii")
    if source.metadata:
        writer.add_metadata({name: str(value) for name, value in source.metadata.items()})
    # Every page becomes one form, placed where it belongs; fonts and pictures are shared as they were.
    forms: list[Any] = []
    for page in source.pages:
        content = page.get_contents()
        resources: Any = page.get("/Resources", DictionaryObject()).get_object()
        form = DecodedStreamObject()
        form.set_data(content.get_data() if content is not None else b"")
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): ArrayObject([FloatObject(side) for side in page.mediabox]),
                NameObject("/Resources"): resources.clone(writer),
            }
        )
        forms.append(writer._add_object(form.flate_encode()))
    for face in saddle(len(order)):
        sheet = writer.add_blank_page(sheet_width, height)
        shift = creep_mm(face.sheet, paper_mm) * _POINTS_PER_MM
        placed = []
        used = DictionaryObject()
        for name, number, x in (
            ("/L", order[face.left], sheet_width / 2 - width + shift),
            ("/R", order[face.right], sheet_width / 2 - shift),
        ):
            if number is not None:
                used[NameObject(name)] = forms[number]
                placed.append(f"q 1 0 0 1 {x:.4f} 0 cm {name} Do Q")
        words = "\n".join([*placed, *_marks(face, sheet_width, height)])
        if flip == "long" and not face.is_front:
            words = f"q -1 0 0 -1 {sheet_width:.4f} {height:.4f} cm\n{words}\nQ"
        stream = DecodedStreamObject()
        stream.set_data(words.encode("ascii"))
        sheet[NameObject("/Contents")] = writer._add_object(stream)
        sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): used})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _refuse(source: Any) -> None:
    sizes = {tuple(round(side) for side in _size(page)) for page in source.pages}
    if len(sizes) > 1:
        raise CannotPrint.at(
            _("the booklet"),
            _("its pages differ in size, and a folded sheet needs them alike"),
            _("give every page of the layout the same size"),
        )
    most = MOST_SHEETS * 4
    if len(source.pages) > most:
        raise CannotPrint.at(
            _("the booklet"),
            _(
                "{count} pages make {sheets} sheets, and a fold can be stapled through {most}",
                count=len(source.pages),
                sheets=padded(len(source.pages)) // 4,
                most=MOST_SHEETS,
            ),
            _("take out some questions, or make single pages and have them glued"),
        )


def _size(page: Any) -> tuple[float, float]:
    return float(page.mediabox.width), float(page.mediabox.height)


def _standard(width: float) -> float:
    """The sheet's width: twice the page's, or an ISO sheet's, which may be a millimetre wider than two halves."""
    for millimetres in (210.0, 297.0, 420.0):
        if 0 <= millimetres - width / _POINTS_PER_MM <= 1.01:
            return millimetres * _POINTS_PER_MM
    return width


def _marks(face: Face, width: float, height: float) -> list[str]:
    """Where to fold and to staple, drawn on the outside of the outermost sheet only."""
    if face.sheet or not face.is_front:
        return []
    middle, fold, staple = width / 2, _FOLD_MARK_MM * _POINTS_PER_MM, _STAPLE_MARK_MM * _POINTS_PER_MM
    lines = [(0.0, fold), (height - fold, height)]
    folds = [f"{middle:.4f} {low:.4f} m {middle:.4f} {high:.4f} l S" for low, high in lines]
    staples = [
        f"{middle:.4f} {height * part - staple / 2:.4f} m {middle:.4f} {height * part + staple / 2:.4f} l S"
        for part in _STAPLES
    ]
    return ["q 0.5 G 0.5 w [3 2] 0 d", *folds, "[] 0 d 0.8 w", *staples, "Q"]
