"""The whole campaign on one sheet: a row a flight, days across, holidays shaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from outreach.messages import _
from outreach.render.svg import MUTED, RULE, Canvas, grouped, lines_of, text_width

COUNTED, ESTIMATED = "#0072B2", "#E69F00"
HOLIDAY, MAKE_UP, TODAY = "#FBE2D8", "#1B2733", "#C0392B"
_TINTS = {COUNTED: "#BFDCEC", ESTIMATED: "#F9E3B8"}
_CHANNEL, _LABEL, _COUNT = 140.0, 300.0, 90.0
_BAR = 14.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One flight. label: where; message: what it says; runs: unbroken stretches of days with a placement.

    placements: how many it has; counted: whether its reach is counted household by household.
    """

    label: str
    message: str
    starts: dt.date
    ends: dt.date
    runs: Sequence[tuple[dt.date, dt.date]]
    placements: int
    counted: bool

    @property
    def colour(self) -> str:
        """Counted and estimated reach never look alike."""
        return COUNTED if self.counted else ESTIMATED


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A holiday to shade; provisional: of a year whose notice is not out, so hatched."""

    name: str
    first: dt.date
    last: dt.date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What a Gantt lies over: its days, what its months are called, holidays and make-up days, perhaps today."""

    first: dt.date
    last: dt.date
    months: Sequence[str]
    holidays: Sequence[DaysOff] = ()
    make_up: Sequence[dt.date] = ()
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.date
    left: float
    a_day: float

    def at(self, day: dt.date) -> float:
        """The left edge of a day."""
        return self.left + (day - self.first).days * self.a_day


def gantt_svg(
    title: str, subtitle: str, groups: Sequence[tuple[str, Sequence[Bar]]], span: Span, *, width: float = 1500
) -> str:
    """The picture; groups: a channel's name and its flights, in the order drawn. All words are shown whole."""
    bars = [bar for _name, members in groups for bar in members]
    canvas = Canvas(title, "; ".join(f"{bar.label} {bar.starts} – {bar.ends}" for bar in bars), width)
    left = _CHANNEL + _LABEL
    scale = _Scale(span.first, left, (width - left - _COUNT) / ((span.last - span.first).days + 1))
    canvas.text(0, 26, title, size=21, bold=True)
    canvas.text(0, 48, subtitle, size=13, colour=MUTED)
    _legend(canvas, span)
    names = _holiday_names(span, scale)
    head = 112.0 + 15 * max((level for *_name, level in names), default=0)
    grid = head + 46
    lines = [_row_lines(bar) for bar in bars]
    bottom = grid + sum(map(_tall, lines))
    _shade(canvas, span, scale, head, bottom)
    for words, middle, level in names:
        canvas.text(middle, head - 6 - 15 * level, words, size=11, anchor="middle", colour=MUTED)
    _days(canvas, span, scale, head, grid, bottom)
    canvas.text(width, grid - 8, _("Placements"), size=12, anchor="end", colour=MUTED)
    _rows(canvas, groups, scale, grid)
    if span.today and span.first <= span.today <= span.last:
        x = scale.at(span.today) + scale.a_day / 2
        canvas.line([(x, head), (x, bottom)], TODAY, thick=2)
        canvas.text(x, bottom + 17, f"{span.today}", size=12, anchor="middle", colour=TODAY, bold=True)
    return canvas.svg(bottom + 26)


def _legend(canvas: Canvas, span: Span) -> None:
    keys = [(_("reach counted household by household"), COUNTED), (_("reach only estimated"), ESTIMATED)]
    if any(not one.provisional for one in span.holidays):
        keys.append((_("holiday"), HOLIDAY))
    if any(one.provisional for one in span.holidays):
        keys.append((_("holiday, provisional: the notice is not out"), ""))
    x, y = 0.0, 74.0
    for words, colour in keys:
        canvas.box(x, y - 11, 22, 12, colour or HOLIDAY)
        if not colour:
            canvas.hatch(x, y - 11, 22, 12, MUTED, step=5)
        canvas.text(x + 29, y, words, size=12, colour=MUTED)
        x += 29 + text_width(words, 12) + 24
    if span.make_up:
        _made_up(canvas, x + 5, y - 1)
        canvas.text(x + 17, y, _("weekend worked to make up"), size=12, colour=MUTED)


def _made_up(canvas: Canvas, x: float, y: float) -> None:
    canvas.polygon([(x - 4, y - 9), (x + 4, y - 9), (x, y - 1)], MAKE_UP)


def _holiday_names(span: Span, scale: _Scale) -> list[tuple[str, float, int]]:
    """Each holiday's name, the middle of its days, and the line above the head on which it touches no other."""
    found: list[tuple[str, float, int]] = []
    ends: list[float] = []
    for one in span.holidays:
        middle = (scale.at(one.first) + scale.at(one.last) + scale.a_day) / 2
        half = text_width(one.name, 11) / 2 + 4
        level = next((n for n, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[level : level + 1] = [middle + half]
        found.append((one.name, middle, level))
    return found


def _shade(canvas: Canvas, span: Span, scale: _Scale, head: float, bottom: float) -> None:
    for one in span.holidays:
        box = (scale.at(one.first), head, ((one.last - one.first).days + 1) * scale.a_day, bottom - head)
        canvas.box(*box, HOLIDAY, tip=f"{one.name} {one.first} – {one.last}")
        if one.provisional:
            canvas.hatch(*box, MUTED)


def _days(canvas: Canvas, span: Span, scale: _Scale, head: float, grid: float, bottom: float) -> None:
    """Months, a line a week with the Monday's number where there is room, and the make-up days."""
    starts = [span.first]
    while (following := (starts[-1].replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= span.last:
        starts.append(following)
    free = 0.0
    for name, start, end in zip(span.months, starts, [*starts[1:], span.last + dt.timedelta(days=1)], strict=True):
        x, room = scale.at(start), scale.at(end) - scale.at(start)
        long = text_width(name, 13)
        canvas.line([(x, head), (x, bottom)], MUTED if long <= room else RULE)
        if long <= room:
            canvas.text(x + room / 2, head + 16, name, size=13, anchor="middle", bold=True)
        elif x >= free and x + long <= canvas.width:
            # In a campaign of years one month has no room for its name; every so many are named.
            canvas.text(x + 3, head + 16, name, size=13, bold=True)
            free = x + long + 12
    number_fits = scale.a_day * 7 >= 18
    monday = span.first + dt.timedelta(days=-span.first.weekday() % 7)
    while monday <= span.last:
        x = scale.at(monday)
        canvas.line([(x, head + 24), (x, bottom)], RULE)
        if number_fits and scale.at(span.last) + scale.a_day - x > 14:
            canvas.text(x + 3, head + 36, str(monday.day), size=10, colour=MUTED)
        monday += dt.timedelta(days=7)
    for day in span.make_up:
        _made_up(canvas, scale.at(day) + scale.a_day / 2, grid)
    x = scale.at(span.last) + scale.a_day
    canvas.line([(x, head), (x, bottom)], MUTED)


def _rows(canvas: Canvas, groups: Sequence[tuple[str, Sequence[Bar]]], scale: _Scale, y: float) -> None:
    for name, members in groups:
        canvas.line([(0, y), (canvas.width, y)], MUTED)
        heading = lines_of(name, 14, _CHANNEL - 14)
        for number, line in enumerate(heading):
            canvas.text(0, y + 21 + number * 18, line, size=14, bold=True)
        for number, bar in enumerate(members):
            if number:
                canvas.line([(_CHANNEL, y), (canvas.width, y)])
            lines = _row_lines(bar)
            _bar(canvas, bar, lines, scale, y)
            y += _tall(lines)
    canvas.line([(0, y), (canvas.width, y)], MUTED)


def _row_lines(bar: Bar) -> tuple[list[str], list[str]]:
    """The label's and the message's lines."""
    label = lines_of(bar.label, 13, _LABEL - 16)
    return label, lines_of(bar.message, 11, _LABEL - 16) if bar.message else []


def _tall(lines: tuple[list[str], list[str]]) -> float:
    return max(14 + len(lines[0]) * 17 + len(lines[1]) * 14, 34)


def _bar(canvas: Canvas, bar: Bar, lines: tuple[list[str], list[str]], scale: _Scale, y: float) -> None:
    tall, line_at = _tall(lines), y + 20
    for words in lines[0]:
        canvas.text(_CHANNEL, line_at, words, size=13)
        line_at += 17
    for words in lines[1]:
        canvas.text(_CHANNEL, line_at - 2, words, size=11, colour=MUTED)
        line_at += 14
    top = y + (tall - _BAR) / 2
    days = f"{bar.starts} – {bar.ends}"
    whole = ((bar.ends - bar.starts).days + 1) * scale.a_day
    canvas.box(scale.at(bar.starts), top, max(whole, 3), _BAR, _TINTS[bar.colour], tip=days)
    for first, last in bar.runs:
        long = ((last - first).days + 1) * scale.a_day
        canvas.box(scale.at(first), top, max(long - 0.4, 1.5), _BAR, bar.colour, tip=f"{first} – {last}")
    canvas.text(canvas.width, y + tall / 2 + 5, grouped(bar.placements), size=13, anchor="end")
