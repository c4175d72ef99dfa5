"""Word letters in bulk: a .docx layout opened and compiled once, then filled thousands of times.

The tags are docxtpl's (`{{ x }}`, `{%p for %}`, `{%tr for %}`, `{{r x }}`), and one letter of ours is the
same document as docxtpl's with autoescape. Values are data: a tag inside a value prints as it stands. A missing
value stops the print with the household and the field named.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outreach.errors import BadInput, CannotPrint, Fault, OutreachError
from outreach.messages import _
from outreach.render.docx_core import CORE, agreed, dated
from outreach.render.docx_environment import environment_with
from outreach.render.docx_package import CONTENT_TYPES, Entry, Stem, deflated, packed_parts, read_package, smallest
from outreach.render.picture import RELATIONS_END, Drawings, Media, Picture
from outreach.render.text import explain

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2 import Environment

    from outreach.render.docx_layout import Layout
    from outreach.render.docx_merged import MergedFile
    from outreach.render.docx_sections import Shared

__all__ = ["Picture", "WordTemplate"]

_MARGIN_DRAWINGS = 500_001  # drawings of headers and footers are numbered apart from those of the letters


class WordTemplate:
    """One .docx layout, compiled. Make it with `load` or `of`; it belongs to one thread."""

    def __init__(
        self,
        path: Path,
        content: bytes,
        *,
        document: DocxTemplate | None = None,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        jinja_env: Environment | None = None,
    ) -> None:
        from lxml import etree

        from outreach.render.docx_source import normalised, read_source, relations_of

        self.path = path
        self._content = content
        self._document = document
        self._environment = jinja_env or environment_with(filters or {})
        self._trusted = jinja_env is not None
        self.digest = hashlib.sha256(content).hexdigest()
        read_package(content, path)
        try:
            saved = normalised(content)
            parts = read_package(saved, path)
            self._source = source = read_source(saved, parts)
        except (ValueError, KeyError, AttributeError, etree.XMLSyntaxError) as error:
            raise BadInput.at(
                str(path), _("is not a .docx file"), _("save the layout as .docx in Word or WPS")
            ) from error
        self._parts = parts
        if self._trusted:
            return
        self._letter = self._compiled(source.letter, body=True)
        self._margins = {name: self._compiled(margin) for name, margin in source.margins.items()}
        self._relations = {name: relations_of(parts, name) for name in (source.document, *source.margins)}
        self._folder = source.document.rpartition("/")[0] + "/"
        filled = {source.document, *source.margins, *(name for name, *_rest in self._relations.values())}
        self._fixed = packed_parts({name: part for name, part in parts.items() if name not in filled})
        self._bare_relations = {
            part: smallest(name, start + RELATIONS_END)
            for part, (name, start, _first) in self._relations.items()
            if part == source.document or name in parts
        }
        self._stems: dict[tuple[dt.datetime | None, frozenset[str], bool], Stem] = {}

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        jinja_env: Environment | None = None,
    ) -> WordTemplate:
        """Open and compile the layout at `path`; raises BadInput naming the file and the faulty tag.

        filters: more filters for the sandbox; each has to give the same for the same. jinja_env: an environment
        of the caller's in place of the sandbox, trusted with whatever it lets templates do; docxtpl then prints
        (`DocxTemplate(path).render(values, jinja_env)`), one letter a file.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadInput.at(str(path), _("cannot be read"), error.strerror or str(error)) from error
        return cls(path, content, filters=filters, jinja_env=jinja_env)

    @classmethod
    def of(cls, document: DocxTemplate, *, jinja_env: Environment | None = None) -> WordTemplate:
        """The layout docxtpl's `document` was made from, printing values that were made for that document.

        These are `document.new_subdoc()`, `InlineImage(document, ...)`, `document.build_url_id(...)` and what
        `document.replace_pic(...)` and its like put in; `single` prints all of them.
        """
        from outreach.render.docx_bound import content_of

        file = document.template_file
        path = Path(getattr(file, "name", "docx") if hasattr(file, "read") else file)
        return cls(path, content_of(document), document=document, jinja_env=jinja_env)

    def fields(self) -> set[str]:
        """The top-level names the layout asks for, headers and footers included."""
        if self._trusted:
            return set(self._opened().get_undeclared_template_variables(self._environment))
        from outreach.render.picture import DRAWING

        names = self._letter.names().union(*(layout.names() for layout in self._margins.values()))
        return names - {DRAWING} - set(self._environment.globals)

    @property
    def alone(self) -> bool:
        """Whether letters of this layout cannot share a file; `merged_as` says why."""
        return bool(self._shared.obstacle)

    @property
    def in_sections(self) -> bool:
        """Whether letters that share a file stand in sections; `merged_as` says which and why."""
        return bool(self._shared.apart or self._shared.margins)

    @property
    def merged_as(self) -> str:
        """In one sentence, how letters share a file where that needs sections or is refused; else nothing."""
        shared = self._shared
        if shared.obstacle:
            return _("one file a letter, because {why}", why=shared.obstacle)
        if shared.apart:
            return _("each letter is a section of its own, because {why}", why=shared.apart)
        if shared.margins:
            parts = ", ".join(sorted(name.rpartition("/")[2] for name in shared.margins))
            return _(
                "a new section begins where the words of {parts} change, because there are fields in them",
                parts=parts,
            )
        return ""

    def single(self, values: Mapping[str, Any], timestamp: dt.datetime | None = None) -> bytes:
        """One letter as a .docx file. timestamp: written as its date of making, else the layout's stays.

        Raises CannotPrint naming household and field where a value is missing or cannot be printed.
        """
        where = _addressee(values, 0)
        if self._document is not None or self._trusted:
            return self._bound(self._document or self._opened(), values, timestamp, where)
        from outreach.render.docx_bound import Bound

        try:
            return self._single(values, timestamp, where)
        except Bound as bound:
            if bound.document is None:
                raise CannotPrint.at(
                    where,
                    _("a value links to a part that {layout} does not have", layout=self.path.name),
                    _("make the layout with WordTemplate.of(document), where document made the link"),
                ) from None
            return self._bound(bound.document, values, timestamp, where)

    def _single(self, values: Mapping[str, Any], timestamp: dt.datetime | None, where: str) -> bytes:
        source = self._source
        media = Media()
        drawings = self._drawings(source.document, media)
        letter = self._filled(self._letter, values, drawings, where)
        entries = [
            deflated(source.document, b"".join((source.head, *letter, source.tail))),
            self._relations_entry(source.document, drawings.relations()),
        ]
        for name, layout in self._margins.items():
            related = self._drawings(name, media, _MARGIN_DRAWINGS)
            margin = b"".join(self._filled(layout, values, related, where))
            if name == CORE and timestamp is not None:
                margin = dated(margin, timestamp)
            entries.append(deflated(name, margin))
            if name in self._bare_relations or related.relations():
                entries.append(self._relations_entry(name, related.relations()))
        entries += media.entries(self._folder)
        return self._stem(timestamp, frozenset(), pictures=bool(media)).file(entries)

    def _bound(
        self, document: DocxTemplate, values: Mapping[str, Any], timestamp: dt.datetime | None, where: str
    ) -> bytes:
        """The letter printed by docxtpl's `document`."""
        from outreach.render.docx_bound import entries_of, printed_by_docxtpl

        try:
            parts = read_package(printed_by_docxtpl(document, values, self._environment), self.path)
        except Exception as error:
            raise self._explained(error, values, where) from error
        if timestamp is not None and CORE in parts:
            parts[CORE] = dated(parts[CORE], timestamp)
        return Stem(()).file(entries_of(parts))

    def _opened(self) -> DocxTemplate:
        from docxtpl import DocxTemplate

        return DocxTemplate(io.BytesIO(self._content))

    def merged(self, letters: Iterable[Mapping[str, Any]], timestamp: dt.datetime) -> bytes:
        """All `letters` in one .docx file, each starting on a new page; `merged_as` says where in sections.

        Lists start again in each letter; drawings and bookmarks have numbers of their own. Only the
        compressed file is held. Raises CannotPrint with a fault per letter that lacks a value, or where
        the layout's letters cannot share a file.
        """
        from outreach.render.docx_bound import Bound
        from outreach.render.docx_merged import MergedFile

        source, shared = self._source, self._shared
        obstacle = _("its Jinja environment is the caller's own") if self._trusted else shared.obstacle
        if obstacle:
            raise self._apart(obstacle)
        base = {name: self._relations[name][:2] for name in shared.margins}
        file = MergedFile(source, shared, base)
        media = Media()
        drawings = self._drawings(source.document, media)
        core: list[bytes] = []
        faults: list[Fault] = []
        for index, values in enumerate(letters):
            where = _addressee(values, index)
            try:
                letter = self._filled(self._together, values, drawings, where)
                margins = {name: self._margin(name, values, media, file, where) for name in shared.margins}
                notes = b"".join(self._filled(self._notes, values, drawings, where)) if self._notes else b""
                if CORE in self._margins:
                    core.append(b"".join(self._filled(self._margins[CORE], values, drawings, where)))
            except CannotPrint as error:
                faults += error.faults
            except Bound:
                raise self._apart(_("values were made by docxtpl for one document")) from None
            else:
                if not faults:
                    file.add(letter, margins, notes)
        if faults:
            raise CannotPrint(*faults)
        if not file.count:
            raise CannotPrint.at(str(self.path), _("there is no letter to print"), _("choose households"))
        entries = file.entries()
        more = b"".join(file.relations) + drawings.relations()
        entries.append(self._relations_entry(source.document, more))
        replaced = set(shared.margins) | {self._relations[name][0] for name in shared.margins}
        if core:
            entries.append(deflated(CORE, dated(agreed(core), timestamp)))
        if shared.notes:
            replaced.add(shared.notes.part)
        numbering = shared.lists.part(file.count)
        if numbering is not None:
            entries.append(deflated(shared.numbering, numbering))
            replaced.add(shared.numbering)
        if file.types:
            entries.append(deflated(CONTENT_TYPES, self._types(bool(media), b"".join(file.types))))
            replaced.add(CONTENT_TYPES)
        entries += media.entries(self._folder)
        return self._stem(timestamp, frozenset(replaced), pictures=bool(media)).file(entries)

    @functools.cached_property
    def _shared(self) -> Shared:
        from outreach.render.docx_sections import read_shared
        from outreach.render.docx_source import relations_of

        shared = read_shared(self._source.docx, self._parts)
        for name in shared.margins:
            self._relations.setdefault(name, relations_of(self._parts, name))
        return shared

    @functools.cached_property
    def _together(self) -> Layout:
        return self._compiled(self._shared.letter, body=True)

    @functools.cached_property
    def _notes(self) -> Layout | None:
        notes = self._shared.notes
        return self._compiled(notes.source, around=(notes.head, notes.tail)) if notes else None

    @functools.cached_property
    def _shared_margins(self) -> dict[str, Layout]:
        return {name: self._compiled(margin) for name, margin in self._shared.margins.items()}

    def _margin(
        self, name: str, values: Mapping[str, Any], media: Media, file: MergedFile, where: str
    ) -> tuple[bytes, bytes]:
        """A header or footer of one letter of `file`: its content and its own relationships."""
        drawings = self._drawings(name, media, _MARGIN_DRAWINGS)
        layout = self._shared_margins[name]
        filled = b"".join(self._filled(layout, values, drawings, where)), drawings.relations()
        if drawings.next > _MARGIN_DRAWINGS and file.count and not file.seen(name, filled):
            # Its drawings need numbers no other header or footer of the file has.
            step = drawings.next - _MARGIN_DRAWINGS
            drawings = self._drawings(name, media, _MARGIN_DRAWINGS + file.count * step)
            filled = b"".join(self._filled(layout, values, drawings, where)), drawings.relations()
        return filled

    def _compiled(self, source: str, *, body: bool = False, around: tuple[bytes, bytes] = (b"", b"")) -> Layout:
        from jinja2 import TemplateError, TemplateSyntaxError

        from outreach.render.docx_layout import Layout

        own = self._source
        try:
            return Layout(
                self._environment,
                source,
                (own.head, own.tail) if body else around,
                resolve=own.docx.resolve_listing,
                mend=own.evened if body and own.evens_tables else None,
            )
        except TemplateSyntaxError as error:
            raise BadInput.at(
                str(self.path),
                _("{why}, near '{text}'", why=error.message, text=_near(self._environment, source)),
                _("mend the tag in the layout"),
            ) from error
        except (TemplateError, SyntaxError, RecursionError, ValueError, AssertionError, MemoryError) as error:
            raise BadInput.at(str(self.path), _("its tags cannot be compiled"), str(error)) from error

    def _drawings(self, part: str, media: Media, first: int = 1001) -> Drawings:
        return Drawings(media, first_relation=self._relations[part][2], first_drawing=first)

    def _filled(self, layout: Layout, values: Mapping[str, Any], drawings: Drawings, where: str) -> list[bytes]:
        """`layout` filled with `values`, in pieces; raises CannotPrint for `where` naming the field at fault."""
        from outreach.render.docx_balance import Unsound
        from outreach.render.docx_bare import BareText
        from outreach.render.docx_bound import Bound, document_of
        from outreach.render.docx_layout import ForbiddenSign

        try:
            return layout.filled(values, drawings)
        except ForbiddenSign:
            raise _forbidden(values, where) from None
        except Unsound as error:
            raise BadInput.at(
                str(self.path),
                _("the tags leave a paragraph or table open or closed twice ({where})", where=where),
                _("begin and end each loop and condition in the same cell or the same text"),
            ) from error
        except Bound:
            raise
        except Exception as error:
            if (document := document_of(values)) is not None:
                raise Bound(document) from None
            if isinstance(error, BareText):
                raise BadInput.at(
                    str(self.path),
                    _("the tag of '{field}' would print a bare text, which Word does not show", field=error.args[0]),
                    _("write {tag} in the text, without r or p, or give a RichText", tag=f"{{{{ {error.args[0]} }}}}"),
                ) from None
            raise self._explained(error, values, where) from error

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

    def _relations_entry(self, part: str, more: bytes) -> Entry:
        if not more:
            return self._bare_relations[part]
        name, start, _first = self._relations[part]
        return deflated(name, start + more + RELATIONS_END)

    def _types(self, pictures: bool, more: bytes = b"") -> bytes:
        """The content types of a file, with `more` and with `pictures`."""
        from outreach.render.docx_source import with_pictures

        types = self._parts[CONTENT_TYPES]
        if pictures:
            types = with_pictures(types)
        return types.replace(b"</Types>", more + b"</Types>")

    def _stem(self, timestamp: dt.datetime | None, without: frozenset[str], *, pictures: bool) -> Stem:
        """The parts that are the same in every file made at `timestamp`, `without` those that are not."""
        key = (timestamp, without, pictures)
        if key not in self._stems:
            entries = {name: entry for name, entry in self._fixed.items() if name not in without}
            if CONTENT_TYPES in entries:
                entries[CONTENT_TYPES] = smallest(CONTENT_TYPES, self._types(pictures))
            if timestamp is not None and CORE in entries:
                entries[CORE] = smallest(CORE, dated(self._parts[CORE], timestamp))
            if len(self._stems) > 8:  # a run has one timestamp; older ones will not be asked for again
                self._stems.clear()
            self._stems[key] = Stem(entries.values())
        return self._stems[key]


def _addressee(values: Mapping[str, Any], index: int) -> str:
    household = values.get("household")
    if isinstance(household, Mapping) and (code := household.get("code")):
        return _("household {code}", code=code)
    return _("letter {number}", number=index + 1)


def _near(environment: Environment, source: str) -> str:
    """The text of the paragraph in which compiling `source` fails."""
    from jinja2 import TemplateSyntaxError

    lines = source.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
    try:
        environment.from_string(lines)
    except TemplateSyntaxError as error:
        return re.sub(r"<[^>]*>", "", lines.split("\n")[error.lineno - 1]).strip()[:80]
    return ""


def _forbidden(values: Mapping[str, Any], where: str) -> CannotPrint:
    """The fault of a value that holds what XML cannot, naming the field."""
    from outreach.render.docx_layout import forbidden_in

    field, sign = next(forbidden_in(values), ("", "\0"))
    return CannotPrint(
        Fault(
            where,
            _("'{field}' holds the control character {code}", field=field, code=f"U+{ord(sign):04X}"),
            _("take it out of the value"),
        )
    )
