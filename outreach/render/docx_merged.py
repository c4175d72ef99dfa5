"""One Word file of many letters, written while they come: each begins a page, some begin a section.

A section's properties stand in its last paragraph, so the latest letter is held back until the next one shows
whether a section ends between them. Only that letter and the compressed file are held.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from docx.opc.constants import CONTENT_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION

from outreach.render.docx_layout import MARK
from outreach.render.docx_numbers import Bookmarks
from outreach.render.docx_package import Entry, Stream, deflated
from outreach.render.docx_sections import LETTER, SECTION, Shared, reference_mark
from outreach.render.docx_source import Source
from outreach.render.picture import RELATIONS_END, RELATIONS_START

_PARAGRAPH = re.compile(rb"<w:p(?=[ />])[^<>]*>")
_PROPERTIES = re.compile(rb"<w:pPr(/?)>")
_BEFORE_BREAK = re.compile(rb"(?:<w:(?:pStyle|keepNext|keepLines)\b[^<>]*/>)*")  # the order the schema asks for
_BREAK = re.compile(rb"<w:pageBreakBefore\b[^<>]*/>")
_MARK, _SECTION = MARK.encode(), SECTION.encode()
_BEGUN = 64
_TYPES = {RELATION.HEADER: CONTENT_TYPE.WML_HEADER, RELATION.FOOTER: CONTENT_TYPE.WML_FOOTER}

Filled = tuple[bytes, bytes]
"""A header or footer of one letter: its content, and the relationships it has besides the layout's."""


class MergedFile:
    """The parts of one file of letters. base: of each header and footer, the relationships the layout has there."""

    def __init__(self, source: Source, shared: Shared, base: Mapping[str, tuple[str, bytes]]) -> None:
        self._shared = shared
        self._tail = source.tail
        self._base = base
        self._letters = Stream(source.document)
        self._letters.write(source.head)
        self._notes: Stream | None = None
        if shared.notes:
            self._notes = Stream(shared.notes.part)
            self._notes.write(shared.notes.head)
        self._bookmarks = Bookmarks()
        self._section = shared.section.encode()
        self._place = SECTION in shared.letter
        self._held = b""
        self._begun: dict[bytes, bytes] = {}
        self._references: dict[str, bytes] = {}  # of the held letter: relationship of the layout, and its own
        self._variants: dict[str, dict[Filled, bytes]] = {name: {} for name in shared.margins}
        self._margins: list[Entry] = []
        self.count = 0
        self._folder = posixpath.dirname(source.document)
        self.relations: list[bytes] = []
        """What the document's relationships need besides the layout's."""
        self.types: list[bytes] = []
        """What the content types need besides the layout's."""

    def add(self, letter: list[bytes], margins: Mapping[str, Filled], notes: bytes = b"") -> None:
        """The next letter in pieces, with its headers and footers by part name, and its footnotes."""
        index, shared = self.count, self._shared
        references = {
            relation: self._relation(relation, name, margins[name])
            for relation, (name, _kind) in shared.references.items()
        }
        letter = [self._numbered(piece, references) if _MARK in piece else piece for piece in letter]
        if shared.notes and self._notes:
            self._notes.write(self._numbered(notes, references))
        if shared.has_bookmarks:
            letter = [self._bookmarks.renumbered(b"".join(letter).decode(), index).encode()]
        begins = index > 0 and (bool(shared.apart) or references != self._references)
        if index:
            self._write_held(ends=begins)
            if not begins:
                letter = self._on_new_page(letter)
        self._held = b"".join(letter)
        self._references = references
        self.count += 1

    def _numbered(self, piece: bytes, references: Mapping[str, bytes]) -> bytes:
        """A piece of the letter that comes next with everything in it numbered that is marked."""
        index, shared = self.count, self._shared
        piece = shared.lists.numbered(piece, index)
        if shared.has_shapes:
            piece = piece.replace(LETTER.encode(), b"%d" % index)
        if shared.notes:
            for place, mark in enumerate(shared.notes.marks):
                number = shared.notes.first + index * len(shared.notes.marks) + place
                piece = piece.replace(mark, b"%d" % number)
        return _referring(piece, references)

    def _on_new_page(self, letter: list[bytes]) -> list[bytes]:
        """`letter` with its first paragraph starting a page; what its first piece becomes is remembered."""
        first = letter[0]
        found = self._begun.get(first)
        if found is None:
            if not _PARAGRAPH.search(first) or b"<w:t" not in first:  # the paragraph may begin in a later piece
                return [_on_new_page(b"".join(letter))]
            if len(self._begun) > _BEGUN:
                self._begun.clear()
            found = self._begun[first] = _on_new_page(first)
        return [found, *letter[1:]]

    def entries(self) -> list[Entry]:
        """The finished parts: letters, footnotes, headers and footers."""
        self._write_held(ends=False)
        self._letters.write(_referring(self._section, self._references) + self._tail)
        made = [self._letters.entry(), *self._margins]
        if self._notes and self._shared.notes:
            self._notes.write(self._shared.notes.tail)
            made.append(self._notes.entry())
        return made

    def seen(self, name: str, filled: Filled) -> bool:
        """Whether an earlier letter had this header or footer."""
        return filled in self._variants[name]

    def _write_held(self, *, ends: bool) -> None:
        properties = _referring(self._section, self._references) if ends else b""
        self._letters.write(self._held.replace(_SECTION, properties) if self._place else self._held)

    def _relation(self, relation: str, name: str, filled: Filled) -> bytes:
        """The relationship under which the file has this header or footer, made where it is new."""
        variants = self._variants[name]
        found = variants.get(filled)
        if found is None:
            content, more = filled
            number = len(variants) + 1
            part = name if number == 1 else f"{name.removesuffix('.xml')}-{number}.xml"
            found = relation.encode() if number == 1 else f"{relation}-{number}".encode()
            if number > 1:
                kind = self._shared.references[relation][1]
                target = posixpath.relpath(part, self._folder)
                self.relations.append(
                    b'<Relationship Id="%b" Type="%b" Target="%b"/>' % (found, kind.encode(), target.encode())
                )
                self.types.append(
                    b'<Override PartName="/%b" ContentType="%b"/>' % (part.encode(), _TYPES[kind].encode())
                )
            self._margins.append(deflated(part, content))
            _own, start = self._base[name]
            if more or start != RELATIONS_START:
                folder, base = posixpath.split(part)
                self._margins.append(deflated(f"{folder}/_rels/{base}.rels", start + more + RELATIONS_END))
            variants[filled] = found
        return found


def _referring(xml: bytes, references: Mapping[str, bytes]) -> bytes:
    for relation, own in references.items():
        xml = xml.replace(reference_mark(relation), own)
    return xml


def _on_new_page(letter: bytes) -> bytes:
    """`letter` with its first paragraph starting a page. An extra paragraph for the break could spill."""
    mark = b"<w:pageBreakBefore/>"
    paragraph = _PARAGRAPH.search(letter)
    if paragraph is None:
        return b"<w:p><w:pPr>%b</w:pPr></w:p>%b" % (mark, letter)
    end = paragraph.end()
    if paragraph[0].endswith(b"/>"):
        return b"%b><w:pPr>%b</w:pPr></w:p>%b" % (letter[: end - 2], mark, letter[end:])
    properties = _PROPERTIES.match(letter, end)
    if properties is None or properties[1]:
        rest = letter[properties.end() :] if properties else letter[end:]
        return b"%b<w:pPr>%b</w:pPr>%b" % (letter[:end], mark, rest)
    before = _BEFORE_BREAK.match(letter, properties.end())
    place = before.end() if before else properties.end()
    present = _BREAK.match(letter, place)
    return b"%b%b%b" % (letter[:place], mark, letter[present.end() if present else place :])
