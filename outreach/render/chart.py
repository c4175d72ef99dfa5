"""Small charts as SVG text: bars, lines by month, funnels.

Each chart stands alone on a white ground: no script, no style sheet, no font file, nothing fetched. Widths
are estimated from the signs (a Chinese sign is one em), so that words never run into each other. Colours
are Okabe and Ito's palette for all kinds of colour vision; lines also differ by marker.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from outreach.render.svg import INK, MUTED, RULE, Canvas, grouped, lines_of, share, text_width

_BLUE, _ORANGE, _GREEN, _VERMILION, _PURPLE, _SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
_COLOURS = (_BLUE, _VERMILION, _GREEN, _PURPLE, _ORANGE, _SKY)
_WHOLE = "#D3DEE8"
_BAR, _GAP = 18.0, 14.0


def bar_chart(
    title: str,
    bars: Sequence[tuple[str, float] | tuple[str, float, float]],
    *,
    series: Sequence[str] = (),
    width: float = 760,
) -> str:
    """Horizontal bars: (label, value), or (label, whole, part) with the part drawn upon the whole and its share.

    series: what whole and part are called, for the key. Values are zero or more.
    """
    if any(value < 0 or not math.isfinite(value) for bar in bars for value in bar[1:]):
        raise ValueError("bars show values of zero or more")
    words = [_bar_words(bar) for bar in bars]
    canvas = Canvas(title, "; ".join(f"{bar[0]} {said}" for bar, said in zip(bars, words, strict=True)), width)
    top = _head(canvas, title, [(name, colour) for name, colour in zip(series, _keys(bars), strict=False)])
    labels = [lines_of(bar[0], 14, width * 0.3) for bar in bars]
    left = max((text_width(line, 14) for lines in labels for line in lines), default=0) + 14
    right = max((text_width(said, 13) for said in words), default=0) + 12
    longest = max((max(bar[1:]) for bar in bars), default=0) or 1
    scale = max(width - left - right, 60) / longest
    y = top
    for bar, lines, said in zip(bars, labels, words, strict=True):
        height = max(_BAR, len(lines) * 14 * 1.3)
        middle = y + height / 2
        canvas.block(left - 14, middle, lines, anchor="end")
        whole, part = bar[1], bar[2] if len(bar) == 3 else None
        for value, colour in ((whole, _BLUE if part is None else _WHOLE), (part or 0, _BLUE)):
            if value:
                canvas.box(left, middle - _BAR / 2, max(value * scale, 1), _BAR, colour, tip=said)
        canvas.text(left + max(bar[1:]) * scale + 8, middle + 4.7, said, size=13, colour=MUTED)
        y += height + _GAP
    canvas.line([(left, top - 6), (left, max(y - _GAP + 6, top))], MUTED)
    return canvas.svg(y + 2)


def _bar_words(bar: tuple[str, float] | tuple[str, float, float]) -> str:
    if len(bar) == 3:
        return f"{grouped(bar[2])} / {grouped(bar[1])} ({share(bar[2], bar[1])})"
    return grouped(bar[1])


def _keys(bars: Sequence[tuple[str, float] | tuple[str, float, float]]) -> tuple[str, ...]:
    return (_WHOLE, _BLUE) if any(len(bar) == 3 for bar in bars) else (_BLUE,)


def _head(canvas: Canvas, title: str, keys: Sequence[tuple[str, str]]) -> float:
    """Draw title and key; returns where the chart may begin."""
    y = 24.0
    for line in lines_of(title, 17, canvas.width):
        canvas.text(0, y, line, size=17, bold=True)
        y += 23
    x = 0.0
    for name, colour in keys:
        taken = 20 + text_width(name, 13) + 18
        if x and x + taken > canvas.width:
            x, y = 0.0, y + 20
        canvas.box(x, y - 7, 13, 13, colour)
        canvas.text(x + 20, y + 4, name, size=13, colour=MUTED)
        x += taken
    return y + (24 if keys else 2)


def line_chart(
    title: str,
    months: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    width: float = 760,
    height: float = 320,
) -> str:
    """Lines over months, each named with its latest value at its end; None leaves a gap.

    series: (name, one value a month), at most six. Every value shows when a pointer rests on its point.
    """
    if len(series) > len(_COLOURS):
        raise ValueError("more than six lines cannot be told apart")
    if any(len(values) != len(months) for _name, values in series):
        raise ValueError("every line has one value a month")
    known = [value for _name, values in series for value in values if value is not None]
    ticks = _ticks(min([0.0, *known]), max([0.0, *known]))
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{month} {'—' if value is None else grouped(value)}" for month, value in zip(months, values, strict=True)
        )
        for name, values in series
    )
    canvas = Canvas(title, said, width)
    top = _head(canvas, title, ()) + 10
    left = max(text_width(grouped(tick), 12) for tick in ticks) + 10
    ends = [(name, _latest(values)) for name, values in series]
    names = [lines_of(f"{name} {grouped(end[1]) if end else '—'}", 13, width * 0.24) for name, end in ends]
    right = max((text_width(line, 13) for lines in names for line in lines), default=0) + 26
    bottom = top + height
    across = max(width - left - right, 80)

    def place(number: int, value: float) -> tuple[float, float]:
        x = left + across * (number + 0.5) / max(len(months), 1)
        return x, bottom - height * (value - ticks[0]) / (ticks[-1] - ticks[0])

    for tick in ticks:
        y = place(0, tick)[1]
        canvas.line([(left, y), (left + across, y)], MUTED if tick == 0 else RULE)
        canvas.text(left - 8, y + 4, grouped(tick), size=12, anchor="end", colour=MUTED)
    room = max((text_width(month, 12) for month in months), default=0) + 8
    every = max(math.ceil(room * len(months) / across), 1)
    for number in range(len(months) - 1, -1, -every):
        canvas.text(place(number, 0)[0], bottom + 20, months[number], size=12, anchor="middle", colour=MUTED)
    for (name, values), colour, marker in zip(series, _COLOURS, range(len(_COLOURS)), strict=False):
        points = [None if value is None else place(number, value) for number, value in enumerate(values)]
        for first, second in pairwise(points):
            if first and second:
                canvas.line([first, second], colour, thick=2.5)
        for month, value, point in zip(months, values, points, strict=True):
            if value is not None and point:
                _mark(canvas, marker, point, colour, f"{name}, {month}: {grouped(value)}")
    _name_lines(canvas, names, [place(*end)[1] if end else bottom for _name, end in ends], left + across + 8)
    return canvas.svg(bottom + 30)


def _latest(values: Sequence[float | None]) -> tuple[int, float] | None:
    """Number and value of the last month that has one."""
    return next(((n, values[n] or 0.0) for n in range(len(values) - 1, -1, -1) if values[n] is not None), None)


def _mark(canvas: Canvas, kind: int, at: tuple[float, float], colour: str, tip: str = "") -> None:
    x, y = at
    if kind % 3 == 0:
        canvas.circle(x, y, 4.5, colour, tip=tip)
    elif kind % 3 == 1:
        canvas.box(x - 4, y - 4, 8, 8, colour, tip=tip)
    else:
        canvas.polygon([(x, y - 5.5), (x + 5.5, y + 4.5), (x - 5.5, y + 4.5)], colour, tip=tip)


def _name_lines(canvas: Canvas, names: Sequence[list[str]], ys: Sequence[float], x: float) -> None:
    """Write each line's name beside its end; names that would touch stand together around their mean."""
    heights = [len(lines) * 17 + 5.0 for lines in names]
    groups: list[tuple[list[int], float]] = []
    for n in sorted(range(len(names)), key=lambda n: ys[n]):
        members, middle = [n], ys[n]
        while groups:
            above, their_middle = groups[-1]
            if their_middle + _tall(above, heights) / 2 <= middle - _tall(members, heights) / 2:
                break
            groups.pop()
            members = above + members
            middle = sum(ys[m] for m in members) / len(members)
        groups.append((members, middle))
    for members, middle in groups:
        y = middle - _tall(members, heights) / 2
        for n in members:
            y += heights[n] / 2
            _mark(canvas, n, (x + 6, y), _COLOURS[n])
            canvas.block(x + 17, y, names[n], size=13)
            y += heights[n] / 2


def _tall(members: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[n] for n in members)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, four to seven of them."""
    if high <= low:
        high = low + 1
    raw = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= raw - 1e-12)
    if step < 1 and float(high).is_integer() and float(low).is_integer():
        step = 1.0
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * number, 10) for number in range(first, last + 1)]


def funnel_chart(
    title: str,
    steps: Sequence[tuple[str, float]],
    *,
    of_all: str = "{share} of all",
    of_before: str = "{share} of the step before",
    width: float = 760,
) -> str:
    """Steps from many to few: each with its number, its share of the first step and of the step before.

    of_all, of_before: what the two shares are called, {share} standing for the percentage.
    """
    if any(value < 0 or not math.isfinite(value) for _label, value in steps):
        raise ValueError("a funnel shows values of zero or more")
    first = steps[0][1] if steps else 0
    shares = [of_all.replace("{share}", share(value, first)) for _label, value in steps]
    said = [f"{label} {grouped(value)} ({part})" for (label, value), part in zip(steps, shares, strict=True)]
    canvas = Canvas(title, "; ".join(said), width)
    top = _head(canvas, title, ())
    labels = [lines_of(label, 15, width * 0.26) for label, _value in steps]
    left = max((text_width(line, 15) for lines in labels for line in lines), default=0) + 16
    wide = [text_width(grouped(value), 19) for _label, value in steps] + [text_width(part, 12) for part in shares]
    right = max(wide, default=0)
    across = max(width - left - right - 20, 60)
    centre, most = left + across / 2, max((value for _label, value in steps), default=0) or 1
    deep, gap, y = 44.0, 30.0, top
    before: float | None = None
    for (label, value), lines, of_first in zip(steps, labels, shares, strict=True):
        half = across / 2 * value / most
        if before is not None:
            old = across / 2 * before / most
            edges = [(centre - old, y - gap), (centre + old, y - gap), (centre + half, y), (centre - half, y)]
            canvas.polygon(edges, "#EAF1F6")
            # Steps need not hold each other (a card can be handed over without a talk); then no share is claimed.
            words = "↓ " + of_before.replace("{share}", share(value, before)) if value <= before else ""
            canvas.text(centre, y - gap / 2 + 4.5, words, size=12, anchor="middle", colour=MUTED)
        canvas.box(
            centre - max(half, 1), y, max(half * 2, 2), deep, _BLUE if value else RULE, tip=f"{label} {grouped(value)}"
        )
        canvas.block(left - 16, y + deep / 2, lines, size=15, anchor="end")
        canvas.text(width - right, y + 19, grouped(value), size=18, bold=True, colour=INK)
        canvas.text(width - right, y + 38, of_first, size=12, colour=MUTED)
        before, y = value, y + deep + gap
    return canvas.svg(max(y - gap + 8, top))
