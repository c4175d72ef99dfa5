"""A Word layout taken apart: the Jinja sources of its parts, as one letter has them.

docxtpl turns the XML Word saved into a Jinja source (its `patch_xml` owns the tag syntax: `{%p %}`,
`{%tr %}`, `{{r }}`). It does so again for every letter; here it is asked once. What letters that share a file
need besides is in docx_together.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import escape

from outreach.render.docx_core import CORE
from outreach.render.picture import DRAWING, MEDIA_TYPE, RELATIONS_END, RELATIONS_START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARGINS = (RELATION.HEADER, RELATION.FOOTER)

_TAG = re.compile(r"\{[{%#]|\{_[{%]")
_BODY = re.compile(r"<w:body\b[^>]*>")
_DRAWING_NUMBER = re.compile(r'(<wp:docPr\b[^>]*?\sid=")[^"]*"')
_COUNTS_CELLS = re.compile(r'\{%\s*(?:tc\s|colspan\b|hm\b)|<w:gridSpan w:val="\{\{')
_ROW_TAG = re.compile(r"\{%-?\s*tr\s+(end)?")
_LITERAL = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_UNDATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - python-docx writes it as UTC


@dataclass(frozen=True, slots=True)
class Source:
    """One layout as sources. `head` + letter + `tail` is a whole document part."""

    docx: Any  # docxtpl's own object, asked where a letter needs its mends
    document: str
    head: bytes
    tail: bytes
    letter: str
    margins: dict[str, str]  # headers, footers, footnotes and properties that hold tags, by part name
    evens_tables: bool  # its tags can make rows of unlike length, and docxtpl evens them

    def evened(self, document: str) -> str:
        """The body of `document` with the columns of its tables counted again, in a document again."""
        return _text(self.docx.fix_tables(document))


def normalised(content: bytes) -> bytes:
    """The layout in the file `content` as docxtpl would save it; raises what python-docx and lxml raise.

    What docxtpl leaves out (parts nothing refers to) and puts in (empty properties) is the same then.
    """
    docx = DocxTemplate(io.BytesIO(content))
    docx.init_docx()
    package = docx.docx.part.package
    dated = any(relation.reltype == RELATION.CORE_PROPERTIES for relation in package.rels.values())
    properties = docx.docx.core_properties
    for name in _PROPERTIES:
        setattr(properties, name, getattr(properties, name))
    if not dated:
        properties.created = properties.modified = _UNDATED
    saved = io.BytesIO()
    docx.docx.save(saved)
    return saved.getvalue()


def read_source(content: bytes, parts: Mapping[str, bytes]) -> Source:
    """The layout in the file `content`, whose parts are `parts`; raises what python-docx and lxml raise."""
    docx = DocxTemplate(io.BytesIO(content))
    docx.init_docx()
    part = docx.docx.part
    head, tail = around(part.element)
    return Source(
        docx=docx,
        document=part.partname.lstrip("/"),
        head=head,
        tail=tail,
        letter=inner(tagged(docx, _text(part.element.body))),
        margins=dict(_margins(docx, parts)),
        evens_tables=_evens_tables(part.element.body),
    )


def tagged(docx: Any, xml: str, *, drawings: bool = True) -> str:
    """The Jinja source docxtpl sees in `xml`, its escapes as printed strings, its drawings numbered by us."""
    source = str(docx.patch_xml(xml))
    for written, printed in _LITERAL.items():
        source = source.replace(written, printed)
    return _DRAWING_NUMBER.sub(rf'\1{{{{ {DRAWING} }}}}"', source) if drawings else source


def inner(body: str) -> str:
    """What the body element in `body` holds."""
    return _BODY.sub("", body, count=1).removesuffix("</w:body>")


def around(root: Any) -> tuple[bytes, bytes]:
    """The document before and after what its body holds."""
    shell = copy.deepcopy(root)
    marker = etree.Comment("letters")
    hollow = shell.find(qn("w:body"))
    hollow.clear()
    hollow.append(marker)
    head, tail = etree.tostring(shell, encoding="UTF-8", standalone=True).split(b"<!--letters-->")
    return bytes(head), bytes(tail)


def has_tags(xml: str) -> bool:
    """Whether `xml` holds a tag; Word may have cut it over several runs."""
    return bool(_TAG.search(re.sub(r"<[^>]*>", "", xml)))


def _text(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode"))


def related(part: Any, kinds: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Relationship and part of everything of `kinds` that `part` refers to."""
    for key, relation in part.rels.items():
        if relation.reltype in kinds and not relation.is_external:
            yield key, relation.target_part


def _margins(docx: Any, parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for _key, part in related(docx.docx.part, MARGINS):
        name = part.partname.lstrip("/")
        xml = _text(parse_xml(parts[name]))
        if has_tags(xml):
            yield name, tagged(docx, xml, drawings=False)
    for _key, part in related(docx.docx.part, (RELATION.FOOTNOTES,)):
        name = part.partname.lstrip("/")
        if has_tags(xml := parts[name].decode("utf-8")):
            yield name, tagged(docx, xml, drawings=False)
    if CORE in parts and has_tags(parts[CORE].decode("utf-8")):
        yield CORE, _properties(docx, parts[CORE])


def _properties(docx: Any, core: bytes) -> str:
    """The source of the properties: their texts are templates as they stand, without Word's mark-up."""
    properties = docx.docx.core_properties
    texts = {f"property-{name}": getattr(properties, name) for name in _PROPERTIES}
    root = etree.fromstring(core)
    for element in root:
        for place, text in texts.items():
            if text and element.text == text:
                element.text = place
    source = str(etree.tostring(root, encoding="unicode"))
    for place, text in texts.items():
        source = source.replace(f">{place}<", f">{escape(text)}<")
    return "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n" + str(docx.patch_xml(source))


def _evens_tables(body: Any) -> bool:
    """Whether a letter could have a table whose rows are not all as long as its grid says.

    Where every row of the layout fits its grid, so does any choice of them, as long as one is always there.
    """
    if _COUNTS_CELLS.search(re.sub(r"(?<=\{%)(?:<[^>]*>)*", "", _text(body))):
        return True
    for table in body.iter(qn("w:tbl")):
        columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
        depth = always = 0
        for row in table.iter(qn("w:tr")):
            text = "".join(row.itertext(qn("w:t")))
            tags = _ROW_TAG.findall(text)
            depth += sum(-1 if end else not text.count("else") for end in tags)
            if tags:
                continue
            cells = row.findall(qn("w:tc"))
            spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in cells]
            length = sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans)
            if length != columns or len(cells) > columns:
                return True
            always += row.getparent() is table and not depth
        if not always:
            return True
    return False


def with_pictures(types: bytes) -> bytes:
    """The content types of a package, PNG among them."""
    if re.search(rb'Extension="png"', types, re.IGNORECASE):
        return types
    return re.sub(rb"(<Types\b[^>]*>)", rb"\1" + MEDIA_TYPE, types, count=1)


def relations_of(parts: Mapping[str, bytes], part: str) -> tuple[str, bytes, int]:
    """For `part`: the name of its relationship part, that part without its end, the first free rId number."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in parts:
        return name, RELATIONS_START, 1
    text = etree.tostring(etree.fromstring(parts[name]), encoding="UTF-8", standalone=True)
    numbers = [int(number) for number in re.findall(rb'\bId="rId(\d+)"', text)]
    open_text = re.sub(rb"(?:(<Relationships\b[^>]*)/>|</Relationships>)\s*$", rb"\1", text)
    if b"</Relationships>" not in text:
        open_text += b">"
    assert (open_text + RELATIONS_END).count(b"<Relationships") == 1
    return name, open_text, max(numbers, default=0) + 1
