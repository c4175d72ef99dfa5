"""Produced files read back: what stands on each page, letter, card or line, and what its QR codes say.

Read by other ways than those the files were made by, as far as there are: pdfium for PDF, lxml for the XML of DOCX,
the csv module for tables; QR codes with the library phones use.
"""

from __future__ import annotations

import csv
import io
import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from outreach.render.docx_package import DAMAGED

Box = tuple[float, float, float, float]
"""left, top, right, bottom in millimetres from the upper left corner."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_POINTS_PER_MM = 72 / 25.4
_DRAWN_SCALE = 200 / 72  # of a page whose codes are drawn, not pictures: half a millimetre stays 4 pixels
_MOST_BYTES = 3_000_000_000  # that a .docx may unpack to
_CODE_SCALE = 4
_CODE_REACH = 16.0  # mm from its middle
_MOST_PLACES = 12


class Unreadable(Exception):
    """The file is no longer what its name says."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page, a letter, a card or a line: its text, and what its QR codes say."""

    text: str
    codes: tuple[str, ...] = ()


def read_docx(content: bytes) -> list[Part]:
    """The parts of a .docx from one page break before a paragraph, or end of a section, to the next.

    Each with the headers and footers of its section. Raises Unreadable.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise Unreadable("too large")
            package = _Package(archive)
            return list(package.parts())
    except (*DAMAGED, KeyError, IndexError, etree.XMLSyntaxError) as error:
        raise Unreadable(str(error)) from error


@dataclass
class _Package:
    """An opened .docx."""

    archive: zipfile.ZipFile
    _read: dict[str, Part] = field(default_factory=dict)
    _payloads: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        main = "word/document.xml"
        body = self._tree(main)[0]
        targets = self._targets(main)
        notes = "\n".join(self._whole(name).text for name in _NOTES if name in self.archive.namelist())
        margins: dict[tuple[str, str], str] = {}  # a section without its own takes over those before it
        section: list[Part] = []
        nodes: list[Any] = []
        for child in body:
            if child.tag == _W + "sectPr":
                end = child
            else:
                if nodes and _begins_page(child):
                    section.append(self._part(nodes, targets))
                    nodes = []
                nodes.append(child)
                end = child.find(f"{_W}pPr/{_W}sectPr") if child.tag == _W + "p" else None
            if end is None:
                continue
            if nodes:
                section.append(self._part(nodes, targets))
                nodes = []
            for one in (*end.iterfind(_W + "headerReference"), *end.iterfind(_W + "footerReference")):
                margins[one.tag, one.get(_W + "type", "default")] = targets[one.get(_R + "id")]
            around = [self._whole(name) for name in dict.fromkeys(margins.values())]
            for part in section:
                text = "\n".join([part.text, *(one.text for one in around), notes])
                yield Part(text, (*part.codes, *(code for one in around for code in one.codes)))
            section = []
        if nodes:
            section.append(self._part(nodes, targets))
        yield from section

    def _tree(self, name: str) -> Any:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(self.archive.read(name), parser)

    def _targets(self, name: str) -> dict[str, str]:
        """The parts that `name` relates to, by relationship id."""
        folder, _slash, leaf = name.rpartition("/")
        relations = f"{folder}/_rels/{leaf}.rels"
        if relations not in self.archive.namelist():
            return {}
        return {
            one.get("Id"): posixpath.normpath(posixpath.join("/" + folder, one.get("Target", ""))).lstrip("/")
            for one in self._tree(relations)
        }

    def _whole(self, name: str) -> Part:
        """A header, a footer or the notes, each read once."""
        if name not in self._read:
            self._read[name] = self._part([self._tree(name)], self._targets(name))
        return self._read[name]

    def _part(self, nodes: Sequence[Any], targets: Mapping[str, str]) -> Part:
        words: list[str] = []
        codes: list[str] = []
        for node in nodes:
            for one in node.iter(_W + "t", _W + "tab", _W + "br", _W + "p", _BLIP):
                if one.tag == _W + "t":
                    words.append(one.text or "")
                elif one.tag == _BLIP:
                    codes += self._codes(targets.get(one.get(_R + "embed", ""), ""))
                else:
                    words.append("\n")
        return Part("".join(words), tuple(codes))

    def _codes(self, picture: str) -> tuple[str, ...]:
        if picture not in self._payloads:
            known = picture in self.archive.namelist()
            self._payloads[picture] = _codes_of_picture(self.archive.read(picture)) if known else ()
        return self._payloads[picture]


def _begins_page(child: Any) -> bool:
    """Whether the first paragraph in `child` starts a page."""
    paragraph = child if child.tag == _W + "p" else next(child.iter(_W + "p"), None)
    mark = None if paragraph is None else paragraph.find(f"{_W}pPr/{_W}pageBreakBefore")
    return mark is not None and mark.get(_W + "val", "1") not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Code:
    """What a QR code on a page says, and its middle in millimetres from the upper left corner."""

    text: str
    x: float
    y: float


class Pdf:
    """A PDF to read pages from; raises Unreadable where it is none. Use it in a `with`."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(str(error)) from error
        # Where codes were found on drawn pages: on the next page they lie there again.
        self._places: dict[tuple[int, int], Box] = {}

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_error: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        """How many pages."""
        return len(self._document)

    def page(self, number: int, boxes: Sequence[Box] = ()) -> tuple[list[str], list[Code]]:
        """The page's text, or with `boxes` the text in each; and the codes that are small square pictures."""
        page = self._document[number]
        text = page.get_textpage()
        height = page.get_height()
        words = [
            text.get_text_bounded(
                left=left * _POINTS_PER_MM,
                top=height - top * _POINTS_PER_MM,
                right=right * _POINTS_PER_MM,
                bottom=height - bottom * _POINTS_PER_MM,
            )
            for left, top, right, bottom in boxes
        ]
        found = words or [text.get_text_range()], list(_codes_of_page(page, height))
        text.close()
        page.close()
        return found

    def search(self, number: int, wanted: Collection[str]) -> list[Code]:
        """The codes seen on a page as it is drawn: where codes lay before, and anywhere unless all wanted are found."""
        page = self._document[number]
        width, height = page.get_size()
        found: dict[str, Code] = {}
        for left, top, right, bottom in self._places.values():
            crop = (left, height - bottom, width - right, top)
            for one in _codes_drawn(page, crop, left, top):
                found[one.text] = one
        if not set(wanted) <= found.keys():
            for one in _codes_drawn(page, (0, 0, 0, 0), 0, 0):
                found.setdefault(one.text, one)
                if one.text in wanted and len(self._places) < _MOST_PLACES:
                    self._places.setdefault((round(one.x / 5), round(one.y / 5)), _around(one, width, height))
        page.close()
        return list(found.values())


def _around(code: Code, width: float, height: float) -> Box:
    """A box in points around a code, large enough for any that is read well from paper."""
    x, y, reach = code.x * _POINTS_PER_MM, code.y * _POINTS_PER_MM, _CODE_REACH * _POINTS_PER_MM
    return max(x - reach, 0), max(y - reach, 0), min(x + reach, width), min(y + reach, height)


def _codes_of_page(page: Any, height: float) -> Iterator[Code]:
    """The codes that are small square pictures, read as they are."""
    import pypdfium2.raw as pdfium

    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        width, tall = thing.get_px_size()
        if width != tall or not 21 <= width <= 1000:
            continue
        left, bottom, right, top = thing.get_bounds()
        x, y = (left + right) / 2 / _POINTS_PER_MM, (height - (top + bottom) / 2) / _POINTS_PER_MM
        bitmap = thing.get_bitmap(render=False)
        for code in _codes_of_pixels(bitmap.to_pil().convert("L").tobytes(), width):
            yield Code(code, x, y)


def _codes_drawn(page: Any, crop: Box, left: float, top: float) -> Iterator[Code]:
    """The codes on a page, or without what `crop` takes off (left, bottom, right, top); all in points."""
    import zxingcpp

    picture = page.render(scale=_DRAWN_SCALE, grayscale=True, crop=crop).to_pil()
    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    for one in zxingcpp.read_barcodes(picture, formats=wanted):
        corners = one.position
        x = (corners.top_left.x + corners.bottom_right.x) / 2 / _DRAWN_SCALE + left
        y = (corners.top_left.y + corners.bottom_right.y) / 2 / _DRAWN_SCALE + top
        yield Code(one.text, x / _POINTS_PER_MM, y / _POINTS_PER_MM)


@lru_cache(maxsize=4096)
def _codes_of_pixels(pixels: bytes, side: int) -> tuple[str, ...]:
    """What the square picture of grey values says; officers' codes come again and again."""
    from PIL import Image

    picture = Image.frombytes("L", (side, side), pixels)
    if side < 200:  # one pixel a module: readers want more, and a light border
        picture = picture.resize((side * _CODE_SCALE, side * _CODE_SCALE), Image.Resampling.NEAREST)
    border = 4 * _CODE_SCALE
    framed = Image.new("L", (picture.width + 2 * border, picture.height + 2 * border), 255)
    framed.paste(picture, (border, border))
    return _read_codes(framed)


def _codes_of_picture(content: bytes) -> tuple[str, ...]:
    """What the codes in a PNG or JPEG say; nothing where it is another picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            return _read_codes(picture.convert("L"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ()


def _read_codes(picture: Any) -> tuple[str, ...]:
    import zxingcpp

    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    return tuple(one.text for one in zxingcpp.read_barcodes(picture, formats=wanted))


def read_picture(content: bytes) -> Part:
    """A picture, of which only the codes can be read; raises Unreadable."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            return Part("", _read_codes(picture.convert("L")))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(str(error)) from error


def read_text(content: bytes) -> Part:
    """A text file; raises Unreadable."""
    return Part(_decoded(content))


def read_table(content: bytes) -> list[Part]:
    """The lines of a .csv, each with its cells; raises Unreadable."""
    try:
        return [Part("\n".join(row)) for row in csv.reader(io.StringIO(_decoded(content), newline="")) if row]
    except csv.Error as error:
        raise Unreadable(str(error)) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")
