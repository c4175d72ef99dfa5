"""Whatever is long: every value of a kind, made too long, is refused or drawn inside the page and clear of the rest."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from outreach.errors import CannotPrint, Fault
from outreach.render.manifest import load_kind
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
KINDS = (
    "board",
    "booklet",
    "card",
    "envelope",
    "label",
    "letter",
    "notice",
    "poster",
    "posting",
    "press",
    "slip",
    "training",
    "walk",
)
MORE = {"zh": "养老保险续保", "en": "Renewal of pensions "}
BEARING = 0.5  # points by which a sign may lean out of its own width, as on a newspaper page without margins
Path_ = tuple[str | int, ...]
Box = tuple[float, float, float, float]


def texts(values: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where texts stand in nested values; of a list the first item. QR codes and a quiz's letters are left out."""
    if isinstance(values, str):
        yield path
    elif isinstance(values, dict):
        for name, value in values.items():
            if "qr" not in name and name != "right":
                yield from texts(value, (*path, name))
    elif isinstance(values, list) and values:
        yield from texts(values[0], (*path, 0))


def with_text(values: dict[str, Any], path: Path_, more: str) -> dict[str, Any]:
    """A copy of the values whose text at `path` has `more` behind it."""
    changed = copy.deepcopy(values)
    inner: Any = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] += more
    return changed


def astray(pdf: bytes, overlaps: Callable[[set[Box]], int]) -> tuple[int, int]:
    """How many signs lie off the trimmed pages, and how many pairs of signs lie on each other."""
    off = over = 0
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        left, low, right, high = page.get_trimbox()
        signs = range(text.count_chars())
        boxes = {text.get_charbox(rank) for rank in signs if text.get_text_range(rank, 1).strip()}
        left, low, right, high = left - BEARING, low - BEARING, right + BEARING, high + BEARING
        off += sum(box[0] < left or box[1] < low or box[2] > right or box[3] > high for box in boxes)
        over += overlaps(boxes)
    return off, over


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_no_value_runs_off_the_page_or_over_another(
    name: str, language: str, overlaps: Callable[[set[Box]], int]
) -> None:
    kind = load_kind(TEMPLATES / name)
    sample = kind.sample_values(language)
    assert astray(make_pages(kind, language, [sample]), overlaps) == (0, 0)
    refusals: list[Fault] = []
    for path in texts(sample):
        for more in (MORE[language] * 8, "W" * 60):
            try:
                pdf = make_pages(kind, language, [with_text(sample, path, more)])
            except CannotPrint as error:
                refusals.append(error.faults[0])
            else:
                assert astray(pdf, overlaps) == (0, 0), (path, more)
    assert len(refusals) > 5  # what is far too long is not quietly made tiny
    assert all("mm" in fault.what and fault.mend.endswith("%") for fault in refusals)
