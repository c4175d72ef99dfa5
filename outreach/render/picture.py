"""Pictures as values of a Word layout: `{{ qr }}` becomes an inline drawing with its own part.

Which relationship and which drawing number a picture gets depends on the file being made, so the picture
itself only knows its pixels; while a part is rendered, the `Drawings` of that part are the open ones.
Source: ECMA-376 part 1, 20.4.2.8 (inline) and 20.2.2.5 (picture).
"""

from __future__ import annotations

import struct
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from functools import lru_cache

from markupsafe import escape

from outreach.messages import _
from outreach.render.docx_package import Entry, stored
from outreach.render.filters import Unprintable

DRAWING = "outreach_drawing"
"""The name under which the sources ask for the `Drawings` of their part."""

MEDIA_TYPE = b'<Default Extension="png" ContentType="image/png"/>'
RELATIONS_START = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
RELATIONS_END = b"</Relationships>"

_EMU_PER_MM = 36_000
_WIDEST_MM = 558  # the widest page Word knows
_PNG = b"\x89PNG\r\n\x1a\n"
_URI = "http://schemas.openxmlformats.org"
_IMAGE = f"{_URI}/officeDocument/2006/relationships/image"
# The text run around the tag is closed before the drawing and opened again after it: w:drawing is content
# of a run like w:t, so the run's properties hold on both sides.
_START = "</w:t><w:drawing>"
_INLINE = (
    _START + '<wp:inline distT="0" distB="0" distL="0" distR="0"'
    f' xmlns:wp="{_URI}/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="%d" name="Picture" descr="%s"/>'
    "<wp:cNvGraphicFramePr>"
    f'<a:graphicFrameLocks xmlns:a="{_URI}/drawingml/2006/main" noChangeAspect="1"/>'
    "</wp:cNvGraphicFramePr>"
    f'<a:graphic xmlns:a="{_URI}/drawingml/2006/main"><a:graphicData uri="{_URI}/drawingml/2006/picture">'
    f'<pic:pic xmlns:pic="{_URI}/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="%d" name="Picture" descr="%s"/><pic:cNvPicPr/></pic:nvPicPr>'
    f'<pic:blipFill><a:blip r:embed="\0" xmlns:r="{_URI}/officeDocument/2006/relationships"/>'
    "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    '</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing><w:t xml:space="preserve">'
)


@lru_cache(maxsize=256)
def _inline(width_mm: float, pixels: bytes) -> tuple[str, str]:
    """The drawing cut where its relationship goes in; before it, number and words go in twice."""
    across, down = struct.unpack(">II", pixels)
    width = round(width_mm * _EMU_PER_MM)
    height = round(width * down / across)
    start, end = _INLINE.replace("{cx}", str(width)).replace("{cy}", str(height)).split("\0")
    return start, end


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG to print in a Word layout, `width_mm` wide; `alt` is what a screen reader says.

    The height follows from the pixels. Rendered only while a Word layout is.
    """

    png: bytes = field(repr=False)
    width_mm: float
    alt: str

    def __html__(self) -> str:
        drawings = _open.get()
        if drawings is None:
            raise TypeError("a Picture prints in Word layouts only")
        return drawings.draw(self)


class Media:
    """The picture parts of one file; equal pixels are stored once."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[bytes, str] = {}

    def __bool__(self) -> bool:
        return bool(self._names)

    def name(self, png: bytes) -> str:
        """The part name of `png`, relative to the folder of the document."""
        found = self._names.get(png)
        if found is None:
            found = self._names[png] = f"media/letter{len(self._names) + 1}.png"
        return found

    def entries(self, folder: str) -> list[Entry]:
        """The parts, `folder` being where the document lies ('word/')."""
        return [stored(folder + name, png) for png, name in self._names.items()]


class Drawings:
    """The pictures of one part (document, header or footer): their numbers and relationships.

    As a value of the layout it prints the next free drawing number, which is how drawings the layout
    itself holds are numbered in the same order. Within `with drawings:` pictures become part of it.
    """

    __slots__ = ("_first", "_media", "_relations", "_token", "next")

    def __init__(self, media: Media, first_relation: int, first_drawing: int = 1001) -> None:
        self._media = media
        self._first = first_relation
        self._relations: dict[str, str] = {}
        self._token: Token[Drawings | None] | None = None
        self.next = first_drawing

    def __enter__(self) -> None:
        self._token = _open.set(self)

    def __exit__(self, *_error: object) -> None:
        assert self._token is not None
        _open.reset(self._token)

    def __html__(self) -> str:
        number = self.next
        self.next += 1
        return str(number)

    def draw(self, picture: Picture) -> str:
        """The drawing of `picture`; raises Unprintable when it is not a PNG of a printable size."""
        head = picture.png[:24]
        if len(head) < 24 or not head.startswith(_PNG) or b"\0\0\0\0" in (head[16:20], head[20:]):
            raise Unprintable(_("the picture '{alt}': it is no PNG", alt=picture.alt))
        if not 0 < picture.width_mm <= _WIDEST_MM:
            raise Unprintable(
                _("the picture '{alt}': its width is {width} mm", alt=picture.alt, width=picture.width_mm)
            )
        number = self.next
        self.next += 1
        target = self._media.name(picture.png)
        relation = self._relations.get(target)
        if relation is None:
            relation = self._relations[target] = f"rId{self._first + len(self._relations)}"
        start, end = _inline(picture.width_mm, head[16:])
        alt = escape(picture.alt)
        return f"{start % (number, alt, number, alt)}{relation}{end}"

    def relations(self) -> bytes:
        """The relationships to add to those of the part."""
        return "".join(
            f'<Relationship Id="{relation}" Type="{_IMAGE}" Target="{target}"/>'
            for target, relation in self._relations.items()
        ).encode()


_open: ContextVar[Drawings | None] = ContextVar("open_drawings", default=None)


def draws(piece: str) -> bool:
    """Whether `piece`, printed by a layout, is the drawing of a Picture."""
    return piece.startswith(_START)
