"""Tables for machines: one row a piece, its columns as a small layout says.

A columns file is TOML: `encoding`, and under [columns] one heading a line with the text that fills it, in the same
language of tags as every text layout. It is read as data; the tags run in the same sandbox.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.config import model_faults
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.book import make_csv
from outreach.render.text import Text, compile_text

Encoding = Literal["utf-8-bom", "utf-8", "gb18030"]

_BOM = b"\xef\xbb\xbf"


class _ColumnsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: Encoding = "utf-8-bom"
    columns: dict[str, str] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a table in order, each with the text that fills its cells, and the encoding."""

    encoding: Encoding
    cells: tuple[tuple[str, Text], ...]


def load_columns(path: Path) -> Columns:
    """Read a columns file; raises BadInput with every fault, and where a text is no template."""
    try:
        found = _ColumnsFile(**tomllib.loads(path.read_text("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput.at(str(path), _("is not valid TOML: {error}", error=error), _("mend that line")) from error
    except ValidationError as error:
        raise BadInput(*model_faults(str(path), error)) from error
    cells = tuple(
        (heading, compile_text(words, name=f"{path.name}, columns.{heading}"))
        for heading, words in found.columns.items()
    )
    return Columns(found.encoding, cells)


def table_file(columns: Columns, pieces: Sequence[Mapping[str, Any]]) -> bytes:
    """The table as .csv with CRLF line ends; a text that a spreadsheet could take for a formula is made harmless.

    Raises CannotPrint where a piece lacks a value that a column prints.
    """
    rows = [
        [text.render(piece, where=_("row {number}", number=number)) for _heading, text in columns.cells]
        for number, piece in enumerate(pieces, start=1)
    ]
    made = make_csv([heading for heading, _text in columns.cells], rows)
    if columns.encoding == "utf-8-bom":
        return made
    plain = made.removeprefix(_BOM)
    return plain if columns.encoding == "utf-8" else plain.decode("utf-8").encode("gb18030")
