"""A report as one HTML file that can be forwarded, opened anywhere and printed: no script, nothing fetched."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import Template
from markupsafe import Markup

from outreach.render.sandbox import environment
from outreach.render.svg import grouped


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure with what leads to its facts, shown when a pointer rests on it."""

    value: str | int | float | None
    trace: str


Cell = str | int | float | Traced | None

_LAYOUT = Path(__file__).parent / "pages" / "report.html.j2"
_NUMERIC = re.compile(r"[-+−]?[\d,]+(?:\.\d+)?\s?[%‰]?|[—–]?")
_DRAWN = frozenset("svg title desc rect text polygon polyline circle g line path".split())


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number that stands large: 已送达 5,012 户, with a note below it."""

    label: str
    value: Cell
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. Columns of numbers align right; totals: the last row is their sum or average."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    totals: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report, shown in the order figures, words, charts, table. charts: SVG of `render.chart`."""

    heading: str
    paragraphs: Sequence[str] = ()
    figures: Sequence[KeyFigure] = ()
    charts: Sequence[str] = ()
    table: Table | None = None


def make_report_page(
    title: str, subtitle: str, sections: Sequence[Section], *, language: str = "zh", footer: str = ""
) -> bytes:
    """The report as UTF-8 HTML; all words are escaped. The same inputs give the same bytes.

    Raises ValueError for a chart that is not a drawing of `render.chart`, or a row of another length than
    its headings.
    """
    page = _layout().render(
        title=title,
        subtitle=subtitle,
        footer=footer,
        language="zh-CN" if language == "zh" else language,
        sections=[_plain(section) for section in sections],
    )
    return page.encode("utf-8")


@functools.cache
def _layout() -> Template:
    return environment(autoescape=True).from_string(_LAYOUT.read_text("utf-8"))


def _plain(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": list(section.paragraphs),
        "figures": [
            {"label": f.label, "value": _shown(f.value), "trace": _trace(f.value), "note": f.note}
            for f in section.figures
        ],
        "charts": [_drawing(chart) for chart in section.charts],
        "table": _table(section.table) if section.table else {},
    }


def _table(table: Table) -> dict[str, Any]:
    for number, row in enumerate(table.rows, start=1):
        if len(row) != len(table.headings):
            raise ValueError(f"row {number} of '{table.caption}' does not match its headings")
    shown = [[_shown(value) for value in row] for row in table.rows]
    sides = [
        "number" if shown and all(_NUMERIC.fullmatch(row[column]) for row in shown) else "words"
        for column in range(len(table.headings))
    ]
    rows = [
        [
            {"words": words, "side": side, "trace": _trace(value)}
            for value, words, side in zip(row, line, sides, strict=True)
        ]
        for row, line in zip(table.rows, shown, strict=True)
    ]
    return {
        "caption": table.caption,
        "headings": [{"words": words, "side": side} for words, side in zip(table.headings, sides, strict=True)],
        "rows": rows[:-1] if table.totals else rows,
        "totals": rows[-1] if table.totals and rows else [],
    }


def _trace(value: Cell) -> str:
    return value.trace if isinstance(value, Traced) else ""


def _shown(value: Cell) -> str:
    if isinstance(value, Traced):
        return _shown(value.value)
    if value is None:
        return "—"
    return value if isinstance(value, str) else grouped(value)


def _drawing(chart: str) -> Markup:
    """The chart, trusted after a look: only shapes and words, nothing that runs or fetches."""
    if "<!" in chart or "<?" in chart:
        raise ValueError("a chart declares a document type or an instruction")
    try:
        root = ElementTree.fromstring(chart)  # noqa: S314 - a DOCTYPE, the only way to a bomb, is refused first
    except ElementTree.ParseError as error:
        raise ValueError("a chart is not well-formed SVG") from error
    for element in root.iter():
        tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        if tag not in _DRAWN or any(key.lower().startswith("on") or "href" in key for key in element.attrib):
            raise ValueError(f"a chart holds <{tag}> with what is no drawing")
    return Markup(chart)  # noqa: S704 - checked above
