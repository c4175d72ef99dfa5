"""Word letters in bulk: a .docx layout opened and compiled once, then filled thousands of times.

The tags are docxtpl's (`{{ x }}`, `{%p for %}`, `{%tr for %}`, `{{r x }}`), and one letter of ours is the
same XML as docxtpl's with autoescape. Values are data: a tag inside a value prints as it stands. A missing
value stops the print with the household and the field named.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outreach.errors import BadInput, CannotPrint, Fault, OutreachError
from outreach.messages import _
from outreach.render.docx_package import CONTENT_TYPES, Entry, Stem, Stream, deflated, packed_parts, read_package
from outreach.render.picture import DRAWING, RELATIONS_END, Drawings, Media, Picture, drawing_into
from outreach.render.sandbox import budgeted
from outreach.render.text import environment, explain

if TYPE_CHECKING:
    from jinja2 import Template, nodes
    from jinja2.sandbox import SandboxedEnvironment

__all__ = ["Picture", "WordTemplate"]

_CORE = "docProps/core.xml"
_LEVEL = 2  # beyond it deflating takes most of the time, and makes a letter 200 bytes smaller
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARAGRAPH = re.compile(rb"<w:p(?=[ />])[^<>]*>")
_PROPERTIES = re.compile(rb"<w:pPr(/?)>")
_BEFORE_BREAK = re.compile(rb"(?:<w:(?:pStyle|keepNext|keepLines)\b[^<>]*/>)*")  # the order the schema asks for
_BREAK = re.compile(rb"<w:pageBreakBefore\b[^<>]*/>")
_MARGIN_DRAWINGS = 500_001  # drawings of headers and footers are numbered apart from those of the letters


class WordTemplate:
    """One .docx layout, compiled. Make it with `load`; it belongs to one thread."""

    def __init__(self, path: Path, content: bytes) -> None:
        from lxml import etree

        from outreach.render.docx_source import read_source, relations_of, with_pictures

        self.path = path
        self.digest = hashlib.sha256(content).hexdigest()
        parts = read_package(content, path)
        try:
            self._source = read_source(content, parts)
        except (ValueError, KeyError, AttributeError, etree.XMLSyntaxError) as error:
            raise BadInput.at(
                str(path), _("is not a .docx file"), _("save the layout as .docx in Word or WPS")
            ) from error
        source = self._source
        self._letter = self._compiled(source.letter, (source.head, source.tail))
        self._margins = {name: self._compiled(margin) for name, margin in source.margins.items()}
        self._relations = {name: relations_of(parts, name) for name in (source.document, *source.margins)}
        self._folder = source.document.rpartition("/")[0] + "/"
        parts[CONTENT_TYPES] = with_pictures(parts[CONTENT_TYPES])
        filled = {source.document, *source.margins, *(name for name, *_rest in self._relations.values())}
        self._core = parts.get(_CORE)
        self._fixed = packed_parts({name: part for name, part in parts.items() if name not in filled})
        self._bare_relations = {
            part: deflated(name, start + RELATIONS_END) for part, (name, start, _first) in self._relations.items()
        }
        self._stems: dict[tuple[dt.datetime | None, str | None], Stem] = {}

    @classmethod
    def load(cls, path: Path) -> WordTemplate:
        """Open and compile the layout at `path`; raises BadInput naming the file and the faulty tag."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadInput.at(str(path), _("cannot be read"), error.strerror or str(error)) from error
        return cls(path, content)

    def fields(self) -> set[str]:
        """The top-level names the layout asks for, headers and footers included."""
        from jinja2 import meta

        names: set[str] = set()
        for source in (self._source.letter, *self._source.margins.values()):
            names |= meta.find_undeclared_variables(_environment().parse(source))
        return names - {DRAWING} - set(_environment().globals)

    def single(self, values: Mapping[str, Any], timestamp: dt.datetime | None = None) -> bytes:
        """One letter as a .docx file. timestamp: written as its date of making, else the layout's stays.

        Raises CannotPrint naming household and field where a value is missing or cannot be printed.
        """
        source = self._source
        where = _addressee(values, 0)
        media = Media()
        drawings = self._drawings(source.document, media)
        letter = self._filled(self._letter, values, drawings, where)
        whole = b"".join((source.head, letter, source.tail))
        entries = [deflated(source.document, whole, _LEVEL), self._relations_entry(source.document, drawings)]
        for name, (margin, related) in self._filled_margins(values, media, where).items():
            entries += (deflated(name, margin), self._relations_entry(name, related))
        entries += media.entries(self._folder)
        return self._stem(timestamp, None).file(entries)

    def merged(self, letters: Iterable[Mapping[str, Any]], timestamp: dt.datetime) -> bytes:
        """All `letters` in one .docx file, each starting on a new page.

        Lists start again in each letter; drawings and bookmarks have numbers of their own. Only the
        compressed file is held. Raises CannotPrint with a fault per letter that lacks a value, or where
        the layout's letters cannot share a file (header or footer that differ, several sections).
        """
        from outreach.render.docx_numbers import Bookmarks

        source = self._source
        if source.obstacle:
            raise self._apart(source.obstacle)
        stream = Stream(source.document, _LEVEL)
        stream.write(source.head)
        media = Media()
        drawings = self._drawings(source.document, media)
        bookmarks = Bookmarks()
        margins: dict[str, tuple[bytes, Drawings]] = {}
        faults: list[Fault] = []
        count = 0
        for values in letters:
            where = _addressee(values, count)
            try:
                letter = self._filled(self._together, {**values, **source.lists.values(count)}, drawings, where)
                own_margins = self._filled_margins(values, media, where)
                if source.has_bookmarks:
                    letter = bookmarks.renumbered(letter.decode(), count).encode()
                stream.write(_on_new_page(letter) if count else letter)
            except CannotPrint as error:
                faults += error.faults
            else:
                if margins and _texts(margins) != _texts(own_margins):
                    raise self._apart(_("its header or footer differs from letter to letter"))
                margins = own_margins
            count += 1
        if not count:
            raise CannotPrint.at(str(self.path), _("there is no letter to print"), _("choose households"))
        if faults:
            raise CannotPrint(*faults)
        stream.write(source.section + source.tail)
        entries = [stream.entry(), self._relations_entry(source.document, drawings)]
        for name, (margin, related) in margins.items():
            entries += (deflated(name, margin), self._relations_entry(name, related))
        numbering = source.lists.part(count)
        if numbering is not None:
            entries.append(deflated(source.numbering, numbering))
        entries += media.entries(self._folder)
        return self._stem(timestamp, source.numbering if numbering else None).file(entries)

    @functools.cached_property
    def _together(self) -> _Layout:
        return self._compiled(self._source.merged, (self._source.head, self._source.tail))

    def _compiled(self, source: str, around: tuple[bytes, bytes] = (b"", b"")) -> _Layout:
        from jinja2 import TemplateError, TemplateSyntaxError, nodes

        try:
            tree = _environment().parse(source)
            texts = {node.data for node in tree.find_all(nodes.TemplateData)}
            return _Layout(
                _environment().from_string(source),
                {text: text.encode() for text in texts},
                around=around,
                sound=set(),
                plain=not self._source.shapes_tables and not any("\n" in text or "\t" in text for text in texts),
                budgeted=_can_run_on(tree),
            )
        except TemplateSyntaxError as error:
            raise BadInput.at(
                str(self.path),
                _("{why}, near '{text}'", why=error.message, text=_near(source)),
                _("mend the tag in the layout"),
            ) from error
        except (TemplateError, SyntaxError, RecursionError, ValueError, AssertionError, MemoryError) as error:
            raise BadInput.at(str(self.path), _("its tags cannot be compiled"), str(error)) from error

    def _drawings(self, part: str, media: Media, first: int = 1001) -> Drawings:
        return Drawings(media, first_relation=self._relations[part][2], first_drawing=first)

    def _filled(self, layout: _Layout, values: Mapping[str, Any], drawings: Drawings, where: str) -> bytes:
        """`layout` filled with `values`; raises CannotPrint for `where` naming the field at fault."""
        try:
            with budgeted() if layout.budgeted else _unbounded, drawing_into(drawings):
                # Not template.render(): the pieces tell the layout's own texts from values.
                pieces = list(
                    layout.template.root_render_func(layout.template.new_context({**values, DRAWING: drawings}))
                )
        except Exception as error:
            raise self._explained(error, values, where) from error
        fixed = layout.fixed
        words = "".join(itertools.filterfalse(fixed.__contains__, pieces))
        if not words.isprintable() and _FORBIDDEN.search(words):
            raise _forbidden(values, where)
        content = b"".join([fixed.get(piece) or piece.encode() for piece in pieces])
        # Values are escaped, so whether the XML is sound hangs on the layout's own texts and their order alone.
        shape = tuple(filter(fixed.__contains__, pieces))
        if shape not in layout.sound:
            self._check_sound(layout, content, where)
            layout.sound.add(shape)
        if layout.plain and "\n" not in words and "\t" not in words:
            return content
        # Line ends and tabs of values become Word's own; rows whose cells the layout counts get even columns.
        xml = self._source.docx.resolve_listing(content.decode().replace("\r\n", "\n"))
        return self._source.with_even_tables(xml).encode()

    def _check_sound(self, layout: _Layout, content: bytes, where: str) -> None:
        """Raise BadInput where tags leave parts of the document open: Word would refuse the whole file."""
        from lxml import etree

        before, after = layout.around
        try:
            etree.fromstring(before + content + after)
        except etree.XMLSyntaxError as error:
            raise BadInput.at(
                str(self.path),
                _("the tags leave a paragraph or table open or closed twice ({where})", where=where),
                _("begin and end each loop and condition in the same cell or the same text"),
            ) from error

    def _filled_margins(self, values: Mapping[str, Any], media: Media, where: str) -> dict[str, tuple[bytes, Drawings]]:
        """Headers, footers and footnotes that hold tags, filled, each with its pictures."""
        filled = {}
        for name, layout in self._margins.items():
            drawings = self._drawings(name, media, _MARGIN_DRAWINGS)
            filled[name] = self._filled(layout, values, drawings, where), drawings
        return filled

    def _explained(self, error: Exception, values: Mapping[str, Any], where: str) -> OutreachError:
        """The fault in words for people; a line number means nothing in a Word file."""
        name = self.path.name
        explained = explain(error, values=values, name=name, where=where)
        line = re.compile(re.escape(name) + r":\d+")
        faults = (
            Fault(line.sub(name, fault.where), line.sub(name, fault.what), fault.mend) for fault in explained.faults
        )
        return type(explained)(*faults)

    def _apart(self, why: str) -> CannotPrint:
        return CannotPrint(
            Fault(
                str(self.path),
                _("letters of this layout cannot share a file: {why}", why=why),
                _("print one file a letter with --separate"),
            )
        )

    def _relations_entry(self, part: str, drawings: Drawings) -> Entry:
        more = drawings.relations()
        if not more:
            return self._bare_relations[part]
        name, start, _first = self._relations[part]
        return deflated(name, start + more + RELATIONS_END, _LEVEL)

    def _stem(self, timestamp: dt.datetime | None, without: str | None) -> Stem:
        """The parts that are the same in every file made at `timestamp`, `without` one of them."""
        key = (timestamp, without)
        if key not in self._stems:
            entries = {name: entry for name, entry in self._fixed.items() if name != without}
            if timestamp is not None and self._core is not None:
                entries[_CORE] = deflated(_CORE, _dated(self._core, timestamp))
            self._stems.clear()  # one run has one timestamp; older ones will not be asked for again
            self._stems[key] = Stem(entries.values())
        return self._stems[key]


@dataclass(frozen=True, slots=True)
class _Layout:
    """One part compiled. `fixed` are its texts between the tags, encoded: only values are encoded each time."""

    template: Template
    fixed: dict[str, bytes]
    around: tuple[bytes, bytes]  # what makes a letter a whole part
    sound: set[tuple[str, ...]]  # orders of its texts known to be well-formed
    plain: bool  # only values can ask for line ends, and no tag counts cells
    budgeted: bool  # it could run on and on


_unbounded: contextlib.AbstractContextManager[None] = contextlib.nullcontext()


def _can_run_on(tree: nodes.Template) -> bool:
    """Whether a template could do much more work than its values are long: loops in loops, calls, macros."""
    from jinja2 import nodes

    loops = list(tree.find_all(nodes.For))
    nested = any(inner is not loop for loop in loops for inner in loop.find_all(nodes.For))
    return nested or any(tree.find(kind) for kind in (nodes.Call, nodes.Macro, nodes.CallBlock))


@functools.cache
def _environment() -> SandboxedEnvironment:
    return environment(autoescape=True)


def _texts(margins: Mapping[str, tuple[bytes, Drawings]]) -> list[tuple[bytes, bytes]]:
    return [(text, drawings.relations()) for text, drawings in margins.values()]


def _addressee(values: Mapping[str, Any], index: int) -> str:
    household = values.get("household")
    if isinstance(household, Mapping) and (code := household.get("code")):
        return _("household {code}", code=code)
    return _("letter {number}", number=index + 1)


def _near(source: str) -> str:
    """The text of the paragraph in which compiling `source` fails."""
    from jinja2 import TemplateSyntaxError

    lines = source.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
    try:
        _environment().from_string(lines)
    except TemplateSyntaxError as error:
        return re.sub(r"<[^>]*>", "", lines.split("\n")[error.lineno - 1]).strip()[:80]
    return ""


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


def _forbidden(values: Mapping[str, Any], where: str) -> CannotPrint:
    """The fault of a value that holds what XML cannot, naming the field."""
    field, sign = next(_forbidden_in(values), ("", "\0"))
    return CannotPrint(
        Fault(
            where,
            _("'{field}' holds the control character {code}", field=field, code=f"U+{ord(sign):04X}"),
            _("take it out of the value"),
        )
    )


def _forbidden_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and character of everything in `value` that XML cannot hold."""
    if isinstance(value, str):
        yield from ((path, sign) for sign in _FORBIDDEN.findall(value))
    elif isinstance(value, Picture):
        yield from _forbidden_in(value.alt, f"{path}.alt")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _forbidden_in(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _forbidden_in(inner, f"{path}[{number}]")


def _dated(core: bytes, timestamp: dt.datetime) -> bytes:
    """The core properties made and changed at `timestamp`."""
    from lxml import etree

    root = etree.fromstring(core)
    moment = timestamp.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for element in root.iter("{http://purl.org/dc/terms/}created", "{http://purl.org/dc/terms/}modified"):
        element.text = moment
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))
