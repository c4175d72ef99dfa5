"""A month as a wall calendar: A4 across, lunar days, festivals, days off, and what the campaign does each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from outreach.messages import _
from outreach.render.gantt import COUNTED, ESTIMATED
from outreach.render.svg import INK, MUTED, RULE, Canvas, lines_of, text_width

WIDTH, HEIGHT = 1123.0, 794.0
"""A4 across at 96 pixels an inch."""

_MARGIN, _TOP = 34.0, 96.0
_SIZE, _STEP = 10.5, 14.0
_OFF, _OFF_GROUND, _WORK = "#C0392B", "#FDF1EC", "#34536E"

Mark = Literal["", "off", "work"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes on on a day: its times, in words, in fewer words where the day is full; the colour of its reach."""

    times: str
    words: str
    short: str
    colour: str


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day of the month. under: its lunar day or the festival on it; mark: off by notice, or worked to make up.

    festival: whether `under` names a festival; weekend: a plain Saturday or Sunday; provisional: of a year whose notice
    is not out; outside: before or after the campaign.
    """

    number: int
    weekday: int
    under: str
    festival: bool
    mark: Mark
    weekend: bool
    provisional: bool
    outside: bool
    entries: Sequence[Entry]


def month_svg(
    title: str, subtitle: str, days: Sequence[MonthDay], weekdays: Sequence[str], notes: Sequence[str]
) -> str:
    """The page. weekdays: names from Monday on; notes: what goes on every day, below the grid.

    A day with more than fits says how many more there are; the notes always stand whole, the grid gives way.
    """
    canvas = Canvas(title, subtitle, WIDTH)
    canvas.text(_MARGIN, 50, title, size=26, bold=True)
    canvas.text(WIDTH - _MARGIN, 50, subtitle, size=14, anchor="end", colour=MUTED)
    below = [line for note in notes for line in lines_of(note, 12, WIDTH - 2 * _MARGIN)]
    bottom = HEIGHT - _MARGIN - 17 * len(below) - 20
    across = (WIDTH - 2 * _MARGIN) / 7
    weeks = (days[0].weekday + len(days) + 6) // 7
    tall = (bottom - _TOP) / weeks
    for column, name in enumerate(weekdays):
        colour = _OFF if column >= 5 else MUTED
        canvas.text(_MARGIN + (column + 0.5) * across, _TOP - 10, name, size=13, anchor="middle", colour=colour)
    for day in days:
        week, column = divmod(days[0].weekday + day.number - 1, 7)
        _cell(canvas, day, (_MARGIN + column * across, _TOP + week * tall, across, tall))
    for line in range(weeks + 1):
        canvas.line([(_MARGIN, _TOP + line * tall), (WIDTH - _MARGIN, _TOP + line * tall)], RULE)
    for line in range(8):
        canvas.line([(_MARGIN + line * across, _TOP), (_MARGIN + line * across, bottom)], RULE)
    y = bottom + 18
    _legend(canvas, days, y)
    y += 20
    for line_words in below:
        canvas.text(_MARGIN, y, line_words, size=12, colour=MUTED)
        y += 17
    return canvas.svg(HEIGHT)


def _legend(canvas: Canvas, days: Sequence[MonthDay], y: float) -> None:
    """The marks and colours the month holds, each with its meaning."""
    marks: list[tuple[Mark, bool, str]] = []
    if any(day.mark == "off" and not day.provisional for day in days):
        marks.append(("off", False, _("day off")))
    if any(day.mark == "work" for day in days):
        marks.append(("work", False, _("weekend worked to make up")))
    if any(day.provisional for day in days):
        marks.append(("off", True, _("provisional: the notice is not out, make-up days are not known")))
    x = _MARGIN
    for mark, provisional, words in marks:
        x += _badge(canvas, x, y - 11, mark, provisional=provisional) + 7
        canvas.text(x, y, words, size=12, colour=MUTED)
        x += text_width(words, 12) + 24
    used = {entry.colour for day in days for entry in day.entries}
    for colour, words in ((COUNTED, _("reach counted household by household")), (ESTIMATED, _("reach only estimated"))):
        if colour in used:
            canvas.box(x, y - 11, 4, 14, colour)
            canvas.text(x + 10, y, words, size=12, colour=MUTED)
            x += text_width(words, 12) + 34


def _badge(canvas: Canvas, x: float, y: float, mark: Mark, *, provisional: bool) -> float:
    """A small box with 休 or 班 in the page's language; returns how wide it is."""
    words = {"off": _("off"), "work": _("work")}.get(mark, "")
    if provisional:
        words = _("{mark}?", mark=words)
    wide = text_width(words, 10) + 7
    canvas.box(x, y, wide, 14, _WORK if mark == "work" else _OFF)
    canvas.text(x + wide / 2, y + 10.8, words, size=10, anchor="middle", colour="#FFFFFF", bold=True)
    return wide


def _cell(canvas: Canvas, day: MonthDay, place: tuple[float, float, float, float]) -> None:
    x, y, across, tall = place
    if day.mark == "off" or (day.weekend and day.mark != "work"):
        canvas.box(x, y, across, tall, _OFF_GROUND if day.mark == "off" else "#F6F8FA")
    if day.provisional and day.mark == "off":
        canvas.hatch(x, y, across, tall, "#F2D8CC", step=9)
    red = day.mark == "off" or (day.weekend and day.mark != "work")
    number = str(day.number)
    canvas.text(x + 7, y + 23, number, size=19, bold=True, colour=MUTED if day.outside else _OFF if red else INK)
    if day.mark:
        _badge(canvas, x + 12 + text_width(number, 19), y + 9, day.mark, provisional=day.provisional)
    under = lines_of(day.under, _SIZE, across - 70)
    for turn, words in enumerate(under[:2]):
        canvas.text(
            x + across - 6, y + 19 + turn * 12, words, size=_SIZE, anchor="end",
            colour=_OFF if day.festival else MUTED, bold=day.festival,
        )  # fmt: skip
    _entries(canvas, day.entries, x + 7, y + (43 if len(under) > 1 else 38), across - 12, y + tall - 4)


def _entries(canvas: Canvas, entries: Sequence[Entry], x: float, y: float, width: float, bottom: float) -> None:
    """Every entry, in fewer words where there is no room for all; where that does not help, how many more there are."""
    room = int((bottom - y) / _STEP + 1)
    wrapped = [_entry_lines(entry.times, entry.words, width - 8) for entry in entries]
    for number in reversed(range(len(entries))):
        if sum(map(len, wrapped)) > room:
            wrapped[number] = _entry_lines(entries[number].times, entries[number].short, width - 8)
    shown = len(entries)
    while shown and sum(map(len, wrapped[:shown])) + (shown < len(entries)) > room:
        shown -= 1
    for entry, lines in zip(entries[:shown], wrapped, strict=False):
        canvas.box(x, y - 9, 3, len(lines) * _STEP - 3.5, entry.colour)
        for words in lines:
            canvas.text(x + 8, y, words, size=_SIZE)
            y += _STEP
    if shown < len(entries):
        canvas.text(x + 8, y, _("+{count} more", count=len(entries) - shown), size=_SIZE, colour=MUTED)


def _entry_lines(times: str, words: str, width: float) -> list[str]:
    """Times and words on one line where they fit, or else each on lines of their own."""
    joined = f"{times} {words}".strip()
    if text_width(joined, _SIZE) <= width or not times:
        return lines_of(joined, _SIZE, width)
    return [*lines_of(times, _SIZE, width), *lines_of(words, _SIZE, width)]
