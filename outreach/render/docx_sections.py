"""How letters share a Word file: the source in which what must be each letter's own is marked.

Numbered lists, shapes, footnotes and the headers and footers of sections are marked; docx_merged puts each
letter's own in. Letters follow one another in one section as long as their headers and footers are the same.
Where these differ a new section begins; where a header counts pages, the layout has sections or footnotes of
its own, each letter is a section of its own. Source: ECMA-376 part 1, 17.6 (sections), 17.10 (headers).
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from outreach.messages import _
from outreach.render.docx_layout import MARK
from outreach.render.docx_numbers import Lists, drop_last_place
from outreach.render.docx_source import MARGINS, has_tags, inner, related, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION, LETTER = f"{MARK}section{MARK}", f"{MARK}letter{MARK}"

_NAMESPACES = re.compile(r'\s+xmlns:\w+="[^"]*"')
# What Word notes for itself: revision marks, paragraph ids that must not repeat, spelling, old page ends.
_NOTES = re.compile(
    r'\s(?:w:rsid\w*|w14:paraId|w14:textId|wp14:anchorId|wp14:editId|o:spid)="[^"]*"'
    r"|<w:(?:proofErr|lastRenderedPageBreak|commentRange(?:Start|End)|commentReference)\b[^>]*/>"
)
_SHAPE = re.compile(r'(<v:(?!shapetype)\w+\b[^<>]*?\sid=")([^"]*)(?=")')
_REFERENCE = re.compile(r'(<w:(?:header|footer)Reference\b[^<>]*?\sr:id=")([^"]*)(?=")')
_NOTE_REFERENCE = re.compile(r'(<w:footnoteReference\b[^<>]*?\sw:id=")(\d+)(?=")')
_NOTE_NUMBER = re.compile(r'(?<= w:id=")([^"]*)')
_PLACE_MARKS = re.compile(r"<w:bookmark(?:Start|End)\b[^<>]*/>")
_PAGE = re.compile(r'(?:<w:instrText\b[^<>]*>|w:instr=")[^<>"]*\b(?:PAGE|NUMPAGES|SECTIONPAGES)\b')
_ALL_PAGES = re.compile(r'((?:<w:instrText\b[^<>]*>|w:instr=")[^<>"]*)\bNUMPAGES\b')
_PARAGRAPH_TAG = re.compile(r"\{[%{#]-?\s*p\s|\{%-|-%\}")
_AFTER_TYPE = """pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection
    bidi rtlGutter docGrid printerSettings sectPrChange""".split()
_AFTER_NUMBERS = _AFTER_TYPE[_AFTER_TYPE.index("cols") :]
_PLACE = '<w:outreachSection xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
_TINY = (
    '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:pPr>'
    '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
)


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes: `source` is one letter's, each with its number marked; `head` and `tail` go around all."""

    part: str
    head: bytes
    source: str
    tail: bytes
    marks: tuple[bytes, ...]
    first: int  # the first number no footnote of the layout has


@dataclass(frozen=True, slots=True)
class Shared:
    """One layout as letters that share a file have it."""

    letter: str
    section: str
    margins: dict[str, str]  # headers and footers that can differ, by part name
    references: dict[str, tuple[str, str]]  # relationship under which sections ask for them: part name, its kind
    lists: Lists
    notes: Notes | None
    numbering: str
    has_bookmarks: bool
    has_shapes: bool
    apart: str | None  # why each letter is a section of its own
    obstacle: str | None  # why letters of this layout cannot share a file


def read_shared(docx: Any, parts: Mapping[str, bytes]) -> Shared:
    """The layout docxtpl has opened as `docx`, made ready for letters that share a file."""
    part = docx.docx.part
    lists = Lists(_root_of(part, RELATION.NUMBERING), _root_of(part, RELATION.STYLES), part.element.body)
    body = copy.deepcopy(part.element.body)
    sections = body.findall(f".//{qn('w:sectPr')}")
    margins, references, counts = _margins(docx, parts)
    notes = _notes(docx, parts, body)
    apart = None
    if len(sections) > 1:
        apart = _("it has several sections")
    elif counts:
        apart = _("{part} counts pages", part=counts[0])
    elif notes:
        apart = _("it has footnotes")
    if sections:
        _begin_page(sections[0], afresh=bool(apart), notes=notes is not None)
    section = ""
    if len(body) and body[-1].tag == qn("w:sectPr"):
        section = _marked(_NAMESPACES.sub("", _text(body[-1])), references)
        body.remove(body[-1])
    if section and (apart or margins):
        _add_place(body)
    for element in body.findall(f".//{qn('w:sdtPr')}/{qn('w:id')}"):
        element.getparent().remove(element)
    drop_last_place(body)
    lists.write_out(body)
    letter = inner(_NOTES.sub("", tagged(docx, _text(body))))
    letter = _marked(re.sub(r"<w:outreachSection\b[^<>]*/>", SECTION, letter), references)
    letter = _NOTE_REFERENCE.sub(lambda found: found[1] + _note_mark(found[2]), letter)
    letter, shapes = _SHAPE.subn(rf"\1\2_{LETTER}", letter)
    return Shared(
        letter=lists.numbered_by_letter(letter),
        section=section,
        margins=margins,
        references=references,
        lists=lists,
        notes=notes,
        numbering=next((found.partname.lstrip("/") for _key, found in related(part, (RELATION.NUMBERING,))), ""),
        has_bookmarks="<w:bookmark" in letter,
        has_shapes=bool(shapes),
        apart=apart,
        obstacle=_obstacle(body, counts, sections),
    )


def reference_mark(relation: str) -> bytes:
    """What stands in the source for the header or footer the layout has under `relation`."""
    return f"{MARK}{relation}{MARK}".encode()


def _obstacle(body: Any, counts: list[str], sections: list[Any]) -> str | None:
    if body.findall(f".//{qn('w:endnoteReference')}"):
        return _("it has endnotes")
    if len(sections) > 1 and any("NUMPAGES" in xml for xml in counts[1:]):
        return _("it counts the pages of several sections")
    return None


def _margins(docx: Any, parts: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, tuple[str, str]], list[str]]:
    """Sources of headers and footers that can differ; by which relationship they are asked for; where pages are
    counted: the name of the first such part, and the text of all.
    """
    sources: dict[str, str] = {}
    references: dict[str, tuple[str, str]] = {}
    counts: list[str] = []
    for key, part in related(docx.docx.part, MARGINS):
        name = part.partname.lstrip("/")
        xml = _text(parse_xml(parts[name]))
        if _PAGE.search(xml):
            counts += [xml] if counts else [name.rpartition("/")[2], xml]
        if has_tags(xml) or _ALL_PAGES.search(xml):
            # Pages of the letter, not of all letters in the file; bookmarks would repeat from section to section.
            sources[name] = tagged(docx, _NOTES.sub("", _ALL_PAGES.sub(r"\1SECTIONPAGES", _PLACE_MARKS.sub("", xml))))
            references[key] = name, docx.docx.part.rels[key].reltype
    return sources, references, counts


def _notes(docx: Any, parts: Mapping[str, bytes], body: Any) -> Notes | None:
    if not body.findall(f".//{qn('w:footnoteReference')}"):
        return None
    _key, part = next(related(docx.docx.part, (RELATION.FOOTNOTES,)))
    name = part.partname.lstrip("/")
    root = etree.fromstring(parts[name])
    numbers = [int(note.get(qn("w:id"), "0")) for note in root]
    printed = [note for note in root if note.get(qn("w:type")) is None]
    for note in printed:
        root.remove(note)
    root.append(etree.Comment("letters"))
    head, tail = etree.tostring(root, encoding="UTF-8", standalone=True).split(b"<!--letters-->")
    sources, marks = [], []
    for note in printed:
        mark = _note_mark(note.get(qn("w:id"), ""))
        note.tail = None
        xml = _NOTES.sub("", tagged(docx, _NAMESPACES.sub("", _text(note)), drawings=False))
        start, _number, rest = _NOTE_NUMBER.split(xml, maxsplit=1)
        sources.append(start + mark + rest)
        marks.append(mark.encode())
    return Notes(name, bytes(head), "".join(sources), bytes(tail), tuple(marks), max(numbers, default=0) + 1)


def _note_mark(number: str) -> str:
    return f"{MARK}note{number}{MARK}"


def _begin_page(section: Any, *, afresh: bool, notes: bool) -> None:
    """Let the first section of a letter begin a page, and count pages and footnotes `afresh`."""
    kind = section.find(qn("w:type"))
    if kind is not None and kind.get(qn("w:val")) in ("continuous", "nextColumn"):
        section.remove(kind)
    if afresh:
        numbers = section.find(qn("w:pgNumType"))
        if numbers is None:
            numbers = _inserted(section, "pgNumType", _AFTER_NUMBERS)
        if numbers.get(qn("w:start")) is None:
            numbers.set(qn("w:start"), "1")
    if notes and section.find(qn("w:footnotePr")) is None:
        settings = _inserted(section, "footnotePr", ["endnotePr", "type", *_AFTER_TYPE])
        etree.SubElement(settings, qn("w:numRestart")).set(qn("w:val"), "eachSect")


def _inserted(section: Any, tag: str, successors: list[str]) -> Any:
    element = etree.Element(qn(f"w:{tag}"))
    names = {qn(f"w:{name}") for name in successors}
    following = next((child for child in section if child.tag in names), None)
    if following is None:
        section.append(element)
    else:
        following.addprevious(element)
    return element


def _add_place(body: Any) -> None:
    """Mark in the last paragraph where a section's properties go; a tag's paragraph would take it away."""
    last = body[-1] if len(body) else None
    if last is None or last.tag != qn("w:p") or _PARAGRAPH_TAG.search("".join(last.itertext(qn("w:t")))):
        last = parse_xml(_TINY)
        body.append(last)
    properties = last.find(qn("w:pPr"))
    if properties is None:
        properties = etree.Element(qn("w:pPr"))
        last.insert(0, properties)
    change = properties.find(qn("w:pPrChange"))
    place = etree.fromstring(_PLACE)
    if change is None:
        properties.append(place)
    else:
        change.addprevious(place)


def _marked(xml: str, references: Mapping[str, tuple[str, str]]) -> str:
    """`xml` with the headers and footers that can differ marked."""
    return _REFERENCE.sub(
        lambda found: found[1] + (f"{MARK}{found[2]}{MARK}" if found[2] in references else found[2]), xml
    )


def _root_of(part: Any, kind: str) -> Any:
    """The root element of the part of `kind` the document refers to, or None."""
    for _key, found in related(part, (kind,)):
        return etree.fromstring(found.blob)
    return None


def _text(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode"))
