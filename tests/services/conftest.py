"""Edits such as somebody makes to finished files: in the XML of a .docx, in the objects of a PDF.

Each edit leaves a file that opens in any program.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def edit_docx(path: Path, change: Callable[[bytes], bytes], part: str = "word/document.xml") -> None:
    """One part of a .docx changed, packed again with right checksums."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, change(content) if entry.filename == part else content)
    path.write_bytes(out.getvalue())


def replace_in_docx(path: Path, old: str, new: str) -> None:
    """A text that stands there, the first time, replaced."""

    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    edit_docx(path, change)


def rearrange_letters(path: Path, arrange: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
    """The letters of a merged .docx in another order, or not all of them, or one again."""

    def change(content: bytes) -> bytes:
        root = etree.fromstring(content)
        (body,) = root
        letters: list[list[Any]] = [[]]
        for child in list(body):
            if child.tag == W + "sectPr":
                continue
            body.remove(child)
            first = next(child.iter(W + "p"), None)
            if letters[-1] and first is not None and first.find(f"{W}pPr/{W}pageBreakBefore") is not None:
                letters.append([])
            letters[-1].append(child)
            if child.find(f"{W}pPr/{W}sectPr") is not None:
                letters.append([])
        place = 0
        for rank, letter in enumerate(arrange([letter for letter in letters if letter])):
            for child in letter:
                body.insert(place, copy.deepcopy(child))
                if rank and child is letter[0]:
                    _begin_page(body[place])
                place += 1
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    edit_docx(path, change)


def _begin_page(child: Any) -> None:
    paragraph = next(child.iter(W + "p"))
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    if properties.find(W + "pageBreakBefore") is None:
        etree.SubElement(properties, W + "pageBreakBefore")


def edit_pdf(path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    """A PDF changed and saved again."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path)


def glyphs_of(font: Any) -> dict[str, bytes]:
    """The two-byte code of each sign that a font draws."""
    found = {}
    for code, sign in re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>", font.ToUnicode.read_bytes()):
        found[chr(int(sign, 16))] = bytes.fromhex(code.decode())
    return found


def redraw(pdf: pikepdf.Pdf, page: Any, old: str, new: str) -> int:
    """A text of a page drawn with other signs of the same font; returns how often."""
    glyphs = {name: glyphs_of(font) for name, font in page.obj.Resources.Font.items()}
    done, font = 0, ""
    steps: list[Any] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        if str(operator) in ("Tj", "TJ") and set(old + new) <= glyphs[font].keys():
            shown = operands[0] if str(operator) == "TJ" else operands
            text = b"".join(bytes(one) for one in shown if isinstance(one, pikepdf.String))
            before, after = (b"".join(glyphs[font][sign] for sign in words) for words in (old, new))
            if before in text:
                done += 1
                steps.append(([pikepdf.String(text.replace(before, after))], pikepdf.Operator("Tj")))
                continue
        steps.append((operands, operator))
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(steps))
    return done


@pytest.fixture
def doctor() -> SimpleNamespace:
    """The edits by name."""
    return SimpleNamespace(
        edit_docx=edit_docx,
        replace_in_docx=replace_in_docx,
        rearrange_letters=rearrange_letters,
        edit_pdf=edit_pdf,
        redraw=redraw,
    )
