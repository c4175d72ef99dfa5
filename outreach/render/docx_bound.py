"""Values docxtpl makes for one document: inline pictures, sub-documents, links. docxtpl itself prints them.

They add parts, styles and relationships to the document they were made for, so only that document can be
printed with them, at docxtpl's own pace. Everything else about the letter stays ours: the sandbox, escaping,
values that are missing, bytes that are the same each time.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate, InlineImage

from outreach.render.docx_package import Entry, deflated, stored

if TYPE_CHECKING:
    from jinja2 import Environment


class Bound(Exception):
    """The letter prints values that belong to `document`; None where that is not known."""

    def __init__(self, document: DocxTemplate | None) -> None:
        super().__init__()
        self.document = document


def document_of(value: Any) -> DocxTemplate | None:
    """The document for which something in `value` was made, or None."""
    if isinstance(value, Mapping):
        return next(filter(None, map(document_of, value.values())), None)
    if isinstance(value, (list, tuple)):
        return next(filter(None, map(document_of, value)), None)
    if isinstance(value, InlineImage) or type(value).__module__ == "docxtpl.subdoc":
        found: DocxTemplate = value.tpl
        return found
    return None


def content_of(document: DocxTemplate) -> bytes:
    """The layout `document` was made from."""
    file = document.template_file
    if hasattr(file, "read"):
        file.seek(0)
        content = bytes(file.read())
        file.seek(0)
        return content
    with open(file, "rb") as opened:  # noqa: PTH123 - a path, or text as docxtpl takes it
        return opened.read()


def printed_by_docxtpl(document: DocxTemplate, values: Mapping[str, Any], environment: Environment) -> bytes:
    """The letter docxtpl makes of `document`; raises what templates raise."""
    document.render(dict(values), jinja_env=environment)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def entries_of(parts: Mapping[str, bytes]) -> list[Entry]:
    """The parts of a letter as they are written: docxtpl's own zip would carry the time of day."""
    media = (".png", ".jpg", ".jpeg", ".gif", ".tiff", ".emf", ".wmf")
    return [
        stored(name, content) if name.lower().endswith(media) else deflated(name, content)
        for name, content in parts.items()
    ]
