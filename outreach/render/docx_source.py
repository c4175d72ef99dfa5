"""A Word layout taken apart: the Jinja sources of its parts, and what keeps merged letters independent.

docxtpl turns the XML Word saved into a Jinja source (its `patch_xml` owns the tag syntax: `{%p %}`,
`{%tr %}`, `{{r }}`). It does so again for every letter; here it is asked once. For merged letters a second
source is made in which numbered lists, drawings and bookmarks get numbers of their own in each letter.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from outreach.messages import _
from outreach.render.docx_numbers import Lists, drop_last_place
from outreach.render.picture import DRAWING, MEDIA_TYPE, RELATIONS_END, RELATIONS_START

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r"\{[{%#]|\{_[{%]")
_BODY = re.compile(r"<w:body\b[^>]*>")
_NAMESPACES = re.compile(r'\s+xmlns:\w+="[^"]*"')
_DRAWING_NUMBER = re.compile(r'(<wp:docPr\b[^>]*?\sid=")[^"]*"')
# What Word notes for itself: revision marks, paragraph ids that must not repeat, spelling, old page ends.
_NOTES = re.compile(
    r'\s(?:w:rsid\w*|w14:paraId|w14:textId|wp14:anchorId|wp14:editId)="[^"]*"'
    r"|<w:(?:proofErr|lastRenderedPageBreak|commentRange(?:Start|End)|commentReference)\b[^>]*/>"
)
_SHAPES_TABLES = re.compile(r"\{%\s*(?:tc\s|colspan\b|hm\b)")
_LITERAL = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}


@dataclass(frozen=True, slots=True)
class Source:
    """One layout as sources. `head` + letter + `tail` is a whole document part."""

    docx: Any  # docxtpl's own object, asked where a letter needs its mends
    document: str
    head: bytes
    tail: bytes
    letter: str
    merged: str
    section: bytes
    margins: dict[str, str]  # headers, footers and footnotes that hold tags, by part name
    lists: Lists
    has_bookmarks: bool
    shapes_tables: bool
    numbering: str
    obstacle: str | None  # why letters of this layout cannot share a file

    def with_even_tables(self, letter: str) -> str:
        """`letter` with the columns of tables counted again, where tags of the layout add or join cells."""
        if not self.shapes_tables:
            return letter
        tree = self.docx.fix_tables(self.head.decode().partition("?>")[2] + letter + self.tail.decode())
        xml = _text(tree)
        return xml[xml.index("<w:body>") + len("<w:body>") : xml.rindex("</w:body>")]


def read_source(content: bytes, parts: Mapping[str, bytes]) -> Source:
    """The layout in the file `content`, whose parts are `parts`; raises what python-docx and lxml raise."""
    docx = DocxTemplate(io.BytesIO(content))
    docx.init_docx()
    part = docx.docx.part
    root = part.element
    body = root.body
    head, tail = _around(root, body)
    letter = _tagged(docx, _text(body))
    lists = Lists(_related(part, RELATION.NUMBERING), _related(part, RELATION.STYLES), body)

    merged_body = copy.deepcopy(body)
    sections = merged_body.findall(f".//{qn('w:sectPr')}")
    section = _NAMESPACES.sub("", _text(sections[-1])).encode() if sections else b""
    for element in sections[-1:]:
        element.getparent().remove(element)
    for element in merged_body.findall(f".//{qn('w:sdtPr')}/{qn('w:id')}"):
        element.getparent().remove(element)
    drop_last_place(merged_body)
    lists.write_out(merged_body)
    merged = _NOTES.sub("", _tagged(docx, _text(merged_body)))
    merged = _BODY.sub("", merged, count=1).removesuffix("</w:body>")
    merged = lists.numbered_by_letter(merged)

    obstacle = None
    if len(sections) > 1:
        obstacle = _("it has several sections")
    elif body.findall(f".//{qn('w:footnoteReference')}") or body.findall(f".//{qn('w:endnoteReference')}"):
        obstacle = _("it has footnotes")
    return Source(
        docx=docx,
        document=part.partname.lstrip("/"),
        head=head,
        tail=tail,
        letter=_BODY.sub("", letter, count=1).removesuffix("</w:body>"),
        numbering=_name_of(part, RELATION.NUMBERING),
        merged=merged,
        section=section,
        margins=_margins(docx, parts),
        lists=lists,
        has_bookmarks="<w:bookmark" in merged,
        shapes_tables=bool(_SHAPES_TABLES.search(_text(body))),
        obstacle=obstacle,
    )


def _text(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode"))


def _around(root: Any, body: Any) -> tuple[bytes, bytes]:
    """The document before and after what its body holds."""
    shell = copy.deepcopy(root)
    marker = etree.Comment("letters")
    hollow = shell.find(body.tag)
    hollow.clear()
    hollow.append(marker)
    head, tail = etree.tostring(shell, encoding="UTF-8", standalone=True).split(b"<!--letters-->")
    return bytes(head), bytes(tail)


def _tagged(docx: Any, xml: str) -> str:
    """The Jinja source docxtpl sees in `xml`, its escapes as printed strings, its drawings numbered by us."""
    source = docx.patch_xml(xml)
    for escape, printed in _LITERAL.items():
        source = source.replace(escape, printed)
    return _DRAWING_NUMBER.sub(rf'\1{{{{ {DRAWING} }}}}"', source)


def _related(part: Any, kind: str) -> Any:
    """The root element of the part of `kind` the document refers to, or None."""
    for relation in part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            return etree.fromstring(relation.target_part.blob)
    return None


def _name_of(part: Any, kind: str) -> str:
    """The name of the part of `kind` the document refers to, or nothing."""
    names = (relation.target_part.partname for relation in part.rels.values() if relation.reltype == kind)
    return str(next(names, "")).lstrip("/")


def _margins(docx: Any, parts: Mapping[str, bytes]) -> dict[str, str]:
    kinds = (RELATION.HEADER, RELATION.FOOTER, RELATION.FOOTNOTES)
    found = {}
    for relation in docx.docx.part.rels.values():
        if relation.reltype not in kinds or relation.is_external:
            continue
        name = relation.target_part.partname.lstrip("/")
        xml = _text(etree.fromstring(parts[name]))
        if _TAG.search(_tags_joined(xml)):
            found[name] = docx.patch_xml(xml)
    return found


def _tags_joined(xml: str) -> str:
    """The text without markup: Word may cut a tag over several runs."""
    return re.sub(r"<[^>]*>", "", xml)


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
