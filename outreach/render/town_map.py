"""The assignment on a map without tiles: buildings as dots in their officers' colours, officers as squares."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.messages import _
from outreach.render.palette import deal_colours, ink_on
from outreach.render.svg import INK, MUTED, RULE, Canvas, grouped, lines_of, text_width

_NOBODY = "#9AA5B1"
_MAP, _LEGEND, _TOP = 1080.0, 330.0, 76.0
_PAD = 30.0
_BELOW = 46.0
_LARGEST = 15.0
"""Pixels of radius of the largest building."""
_MOST_LABELS = 1500
_MOST_CODED = 160
"""Officers beyond which squares are small and carry no code."""
_MOST_BESIDE = 72
"""Officers whose key stands right of the map; more stand below it."""
_MOST_SPOKES = 1500
"""More lines from officers to buildings than this are a grey cloud."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Building:
    """One building: its place in metres east and north, and how many of its households each post has ('' nobody)."""

    name: str
    at: Point
    posts: Mapping[str, int]

    @property
    def households(self) -> int:
        """All its households."""
        return sum(self.posts.values())


@dataclass(frozen=True, slots=True)
class Base:
    """Where an officer sets out from, metres east and north; and how many households the post has in all."""

    post: str
    name: str
    at: Point
    households: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """Metres to pixels: one scale for both ways, north up."""

    west: float
    south: float
    scale: float
    height: float

    def at(self, point: Point) -> Point:
        x, y = point
        return _PAD + (x - self.west) * self.scale, _TOP + self.height - _PAD - (y - self.south) * self.scale

    def holds(self, point: Point) -> bool:
        x, y = self.at(point)
        return 0 <= x <= _MAP and _TOP <= y <= _TOP + self.height


def map_svg(
    title: str, subtitle: str, buildings: Sequence[Building], bases: Sequence[Base], notes: Sequence[str]
) -> str:
    """The picture. Buildings that several officers share are pies; each piece and square carries its post's code.

    A few buildings far outside the town (a slipped coordinate) are left out and counted in a note, so that they do not
    shrink the rest to a point. notes: what else is to be said below the legend.
    """
    frame = _frame([building.at for building in buildings], [base.at for base in bases])
    inside = [building for building in buildings if frame.holds(building.at)]
    shown = [base for base in bases if frame.holds(base.at)]
    colours = deal_colours({base.post: base.at for base in bases}) | {"": _NOBODY}
    codes = _short_codes([base.post for base in bases])
    canvas = Canvas(title, subtitle, _MAP + _LEGEND)
    canvas.text(0, 28, title, size=21, bold=True)
    canvas.text(0, 52, subtitle, size=13, colour=MUTED)
    canvas.outline(0, _TOP, _MAP, frame.height)
    size = _dot_scale(inside)
    _spokes(canvas, inside, {base.post: base for base in shown}, colours, frame)
    dots = sorted(inside, key=lambda one: -one.households)
    for building in dots:
        _dot(canvas, building, frame.at(building.at), size, colours)
    if len(dots) <= _MOST_LABELS:
        _labels(canvas, [(one, frame.at(one.at)) for one in dots], size, colours, codes)
    _squares(canvas, shown, frame, colours, codes)
    _scale_bar(canvas, frame)
    _north(canvas, frame)
    said = list(notes)
    if (post := min((base.post for base in bases), default="")) and codes[post] != post:
        said.insert(0, _("codes are short: {code} is post {post}", code=codes[post], post=post))
    if lost := sum(building.households for building in buildings) - sum(one.households for one in inside):
        said.insert(0, _("{count} households lie far outside the town and are not drawn", count=lost))
    below = _TOP + frame.height + _BELOW
    bottom = _key(canvas, bases, colours, codes, inside, size, said, below)
    return canvas.svg(max(below, bottom))


def _frame(homes: Sequence[Point], bases: Sequence[Point]) -> _Frame:
    """The frame of all points, but for strays: those more than a town's width beyond the middle 99 in 100."""
    points = [*homes, *bases]
    if not points:
        return _Frame(0.0, 0.0, 1.0, _MAP * 0.6)
    sides = []
    for axis in (0, 1):
        values = sorted(point[axis] for point in points)
        cut = len(values) // 200
        low, high = values[cut], values[-1 - cut]
        far = max(high - low, 100.0)
        kept = [value for value in values if low - far <= value <= high + far]
        sides.append((kept[0], kept[-1]))
    (west, east), (south, north) = sides
    wide, tall = max(east - west, 50.0), max(north - south, 50.0)
    height = min(max(_MAP * tall / wide, _MAP * 0.55), _MAP * 1.1)
    scale = min((_MAP - 2 * _PAD) / wide, (height - 2 * _PAD) / tall)
    # The narrower side stands in the middle.
    return _Frame(
        west - ((_MAP - 2 * _PAD) / scale - wide) / 2, south - ((height - 2 * _PAD) / scale - tall) / 2, scale, height
    )


def _short_codes(posts: Sequence[str]) -> dict[str, str]:
    """Posts without what all of them begin with: 'G01' is '01' where every post is a G."""
    shared = re.split(r"\d", min(posts, default=""), maxsplit=1)[0] if len(posts) > 1 else ""
    if not all(post.startswith(shared) for post in posts):
        shared = ""
    return {post: post[len(shared) :] or post for post in posts} | {"": "?"}


def _dot_scale(buildings: Sequence[Building]) -> float:
    """Pixels of radius for the square root of one household, so that the dots cover a twelfth of the map at most."""
    households = sum(building.households for building in buildings) or 1
    most = max((building.households for building in buildings), default=1)
    return min(math.sqrt(_MAP * _MAP / 12 / math.pi / households), _LARGEST / math.sqrt(most))


def _spokes(
    canvas: Canvas, buildings: Sequence[Building], bases: Mapping[str, Base], colours: Mapping[str, str], frame: _Frame
) -> None:
    """A thin line from each officer to each building, which tells whose it is without any colour."""
    lines = [(post, building.at) for building in buildings for post in sorted(building.posts) if post in bases]
    if len(lines) > _MOST_SPOKES:
        return
    for post, place in lines:
        canvas.line([frame.at(bases[post].at), frame.at(place)], colours[post], thick=0.7)


def _radius(building: Building, size: float) -> float:
    return max(size * math.sqrt(building.households), 2.5)


def _dot(canvas: Canvas, building: Building, place: Point, size: float, colours: Mapping[str, str]) -> None:
    shares = _shares(building)
    tip = f"{building.name}: " + ", ".join(f"{post or '?'} {count}" for post, count, *_turns in shares)
    for post, _count, start, end in shares:
        canvas.sector(*place, _radius(building, size), start, end, colours[post], tip=tip)


def _shares(building: Building) -> list[tuple[str, int, float, float]]:
    """Post, households, and the piece of the pie they take as parts of a turn; the largest first."""
    found, start = [], 0.0
    for post, count in sorted(building.posts.items(), key=lambda item: (-item[1], item[0])):
        end = start + count / building.households
        found.append((post, count, start, end if len(building.posts) > 1 else 1.0))
        start = end
    return found


def _labels(
    canvas: Canvas, dots: Sequence[tuple[Building, Point]], size: float, colours: Mapping[str, str],
    codes: Mapping[str, str],
) -> None:  # fmt: skip
    """Each piece's code where it is large enough and no later dot lies over it."""
    for number, (building, (x, y)) in enumerate(dots):
        radius = _radius(building, size)
        shares = _shares(building)
        for post, _count, start, end in shares:
            room = radius * (1.75 if len(shares) == 1 else 0.95)
            letter = min(room / text_width(codes[post], 1), radius * 0.85, 11.0)
            if letter < 5.5 or end - start < 0.22:
                continue
            turn, away = math.pi * (start + end), 0.0 if len(shares) == 1 else radius * 0.58
            at = (x + away * math.sin(turn), y - away * math.cos(turn))
            over = dots[number + 1 :]
            if any(math.dist(at, place) < _radius(one, size) + letter * 0.6 for one, place in over):
                continue
            canvas.text(
                at[0], at[1] + letter * 0.36, codes[post], size=round(letter, 1), anchor="middle",
                colour=ink_on(colours[post]),
            )  # fmt: skip


def _squares(
    canvas: Canvas, bases: Sequence[Base], frame: _Frame, colours: Mapping[str, str], codes: Mapping[str, str]
) -> None:
    """The officers; a square that would lie on another moves aside and is tied to its place by a line."""
    if len(bases) > _MOST_CODED:
        for base in bases:
            x, y = frame.at(base.at)
            canvas.box(x - 4, y - 4, 8, 8, colours[base.post], tip=f"{base.post} {base.name}: {base.households}")
            canvas.outline(x - 4, y - 4, 8, 8, INK)
        return
    taken: list[Point] = []
    wide = max([22.0, *(text_width(codes[base.post], 12) + 8 for base in bases)])
    for base in bases:
        x, y = home = frame.at(base.at)
        steps = sorted(((h * (wide + 6), v * 24.0) for h in range(-3, 4) for v in range(-3, 4)), key=_length)
        free = (
            (x + right, y + down)
            for right, down in steps
            if all(abs(x + right - a) > wide + 4 or abs(y + down - b) > 22 for a, b in taken)
        )
        place = next(free, home)
        taken.append(place)
        if place != home:
            canvas.line([home, place], INK, thick=1.2)
            canvas.circle(*home, 3.5, INK)
        _square(canvas, base, place, wide, colours[base.post], codes[base.post])


def _length(step: Point) -> tuple[float, float, float]:
    return math.hypot(*step), *step


def _square(canvas: Canvas, base: Base, place: Point, wide: float, colour: str, code: str) -> None:
    x, y = place
    canvas.box(x - wide / 2 - 2, y - 11, wide + 4, 22, "#FFFFFF")
    canvas.box(x - wide / 2, y - 9, wide, 18, colour, tip=f"{base.post} {base.name}: {base.households}")
    canvas.outline(x - wide / 2, y - 9, wide, 18, INK, thick=1.5)
    canvas.text(x, y + 4.4, code, size=12, anchor="middle", colour=ink_on(colour), bold=True)


def _scale_bar(canvas: Canvas, frame: _Frame) -> None:
    wanted = 180 / frame.scale
    power = 10.0 ** math.floor(math.log10(wanted))
    metres = max(power * nice for nice in (1, 2, 5) if power * nice <= wanted)
    x, y, long = 2.0, _TOP + frame.height + 34, metres * frame.scale
    words = _("{metres} m", metres=grouped(metres)) if metres < 1000 else _("{km} km", km=grouped(metres / 1000))
    canvas.line([(x, y - 5), (x, y), (x + long, y), (x + long, y - 5)], INK, thick=1.6)
    canvas.text(x + long / 2, y - 8, words, size=12, anchor="middle")


def _north(canvas: Canvas, frame: _Frame) -> None:
    x, y = _MAP - 12, _TOP + frame.height + 14
    canvas.polygon([(x, y - 6), (x + 8, y + 20), (x, y + 14), (x - 8, y + 20)], INK)
    canvas.text(x - 22, y + 14, _("N"), size=14, anchor="middle", bold=True)


def _key(
    canvas: Canvas, bases: Sequence[Base], colours: Mapping[str, str], codes: Mapping[str, str],
    buildings: Sequence[Building], size: float, notes: Sequence[str], below: float,
) -> float:  # fmt: skip
    """Officers with code and households, sizes of dots, notes; returns the lower edge.

    Right of the map, or below it, from `below` on, where there are too many officers for that.
    """
    beside = len(bases) <= _MOST_BESIDE
    left, y = (_MAP + 24, _TOP + 12) if beside else (0.0, below + 20)
    wide = _LEGEND - 24 if beside else canvas.width
    columns = (2 if len(bases) > _MOST_BESIDE // 3 else 1) if beside else 6
    canvas.text(left, y, _("Officers and their households"), size=13, bold=True)
    rows = -(-len(bases) // columns)
    bottom = y + 24
    for column in range(columns):
        line = y + 24
        for base in bases[column * rows : (column + 1) * rows]:
            x = left + column * wide / columns
            line += _key_line(canvas, base, colours[base.post], codes[base.post], (x, line, wide / columns - 12))
        bottom = max(bottom, line)
    y = bottom + 14
    if any("" in building.posts for building in buildings):
        canvas.box(left, y - 12, 22, 16, _NOBODY)
        canvas.text(left + 28, y, _("no officer yet"), size=12)
        y += 21
    y = _sizes(canvas, buildings, size, left, y)
    for note in notes:
        for words in lines_of(note, 12, wide - 6):
            canvas.text(left, y, words, size=12, colour=MUTED)
            y += 17
        y += 5
    return y


def _key_line(canvas: Canvas, base: Base, colour: str, code: str, place: tuple[float, float, float]) -> float:
    """One officer: code, name, households; returns the height, for a long name takes more lines."""
    x, y, room = place
    wide = max(text_width(code, 11) + 6, 22)
    canvas.box(x, y - 12, wide, 16, colour)
    canvas.text(x + wide / 2, y, code, size=11, anchor="middle", colour=ink_on(colour))
    count = grouped(base.households)
    lines = lines_of(base.name, 12, room - wide - 14 - text_width(count, 12))
    for turn, words in enumerate(lines):
        canvas.text(x + wide + 6, y + turn * 15, words, size=12)
    canvas.text(x + room, y, count, size=12, anchor="end", colour=MUTED)
    return 21 + 15.0 * (len(lines) - 1)


def _sizes(canvas: Canvas, buildings: Sequence[Building], size: float, left: float, y: float) -> float:
    most = max((building.households for building in buildings), default=0)
    if not most:
        return y
    canvas.text(left, y + 4, _("A dot is a building; its area is its households:"), size=12, colour=MUTED)
    examples = sorted({count for count in (1, most // 4, most) if count})
    x = left
    deep = max(size * math.sqrt(most), 2.5)
    for count in examples:
        radius = max(size * math.sqrt(count), 2.5)
        canvas.circle(x + radius, y + 22 + deep, radius, RULE)
        canvas.text(x + 2 * radius + 6, y + 26 + deep, grouped(count), size=12)
        x += 2 * radius + 16 + text_width(grouped(count), 12) + 10
    return y + 44 + 2 * deep
