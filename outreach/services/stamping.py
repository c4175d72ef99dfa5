"""What the pages of a run share, laid out once before its jobs begin, and read by each of its processes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outreach.render.manifest import MaterialKind
from outreach.render.options import Options

if TYPE_CHECKING:
    from outreach.render.stamp_book import Book

STAMPS_NAME = "stamps.json"


def learn_stamps(
    kind: MaterialKind, language: str, fonts: Sequence[str], options: Options, pieces: Iterable[Any]
) -> bytes:
    """What `pieces` share, as the run keeps it; b'' where the kind's pages are laid out one by one."""
    from outreach.render.stamp import can_stamp, learn_all
    from outreach.render.stamp_book import Book

    if not can_stamp(kind, language, options):
        return b""
    book = Book(kind, language, [Path(folder) for folder in fonts], options)
    learn_all(book, pieces)
    steps = book.as_json()
    return json.dumps(steps, ensure_ascii=False).encode() if steps else b""


@lru_cache(maxsize=1)
def read_stamps(stamps: Path, kind_folder: Path, language: str, fonts: tuple[str, ...], options: Options) -> Book:
    """The book of a run, as it was kept; read once in a process."""
    from outreach.render.manifest import load_kind
    from outreach.render.stamp_book import Book

    book = Book(load_kind(kind_folder), language, [Path(folder) for folder in fonts], options)
    book.remember(json.loads(stamps.read_text("utf-8")))
    return book
