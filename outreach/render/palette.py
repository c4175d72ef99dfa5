"""Sixty colours that keep apart, dealt out so that neighbours differ most.

Colours are chosen in OKLCH (B. Ottosson, "A perceptual color space for image processing", 2020): twenty hues at three
lightnesses, so that those who do not tell hues apart still see three shades. Every use writes a code beside the colour.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from functools import cache

_HUES, _LEVELS = 20, ((0.46, 0.13), (0.64, 0.15), (0.82, 0.11))
_NEIGHBOURS = 6
_STRIDE, _SWEEPS, _MOST_SWAPPED = 23, 3, 120
"""Names in order take every 23rd colour; then pairs are swapped where that helps, unless there are too many."""

Lab = tuple[float, float, float]


@cache
def _palette() -> tuple[tuple[str, Lab], ...]:
    found = []
    for step in range(_HUES):
        for level, (light, chroma) in enumerate(_LEVELS):
            # Each lightness starts a third of a step on, so that no hue comes three times.
            angle = 2 * math.pi * (step + level / len(_LEVELS)) / _HUES
            lab = (light, chroma * math.cos(angle), chroma * math.sin(angle))
            found.append((_hex(lab), lab))
    return tuple(found)


def _hex(lab: Lab) -> str:
    """OKLab to '#RRGGBB'; what lies outside sRGB is cut off."""
    light, a, b = lab
    long, middle, short = (
        (light + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (light - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (light - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(max(part, 0.0), 1.0))):02X}" for part in linear)


def _gamma(linear: float) -> float:
    """IEC 61966-2-1: linear light to the sRGB value."""
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def deal_colours(places: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """A colour for each name, unlike its nearest neighbours'; places: points of a plane.

    Beyond sixty names colours come again. The same places give the same colours.
    """
    names = sorted(places)
    near = {name: _nearest(name, names, places) for name in names}
    # Both sides of a pair feel it, so that swapping two colours is judged by all whom it touches.
    touched: dict[str, set[str]] = {name: set(others) for name, others in near.items()}
    for name, others in near.items():
        for other in others:
            touched[other].add(name)
    used = {name: number * _STRIDE % len(_palette()) for number, name in enumerate(names)}
    for _turn in range(_SWEEPS if len(names) <= _MOST_SWAPPED else 0):
        for number, one in enumerate(names):
            for two in names[number + 1 :]:
                before = _alike(one, used, touched) + _alike(two, used, touched)
                used[one], used[two] = used[two], used[one]
                if _alike(one, used, touched) + _alike(two, used, touched) >= before - 1e-9:
                    used[one], used[two] = used[two], used[one]
    return {name: _palette()[number][0] for name, number in used.items()}


def _nearest(name: str, names: Sequence[str], places: Mapping[str, tuple[float, float]]) -> list[str]:
    others = (other for other in names if other != name)
    return heapq.nsmallest(_NEIGHBOURS, others, key=lambda other: (math.dist(places[name], places[other]), other))


def _alike(name: str, used: Mapping[str, int], touched: Mapping[str, set[str]]) -> float:
    """How much a name's colour resembles its neighbours', the nearest likeness by far counting most."""
    row = _likeness()[used[name]]
    return sum(row[used[other]] for other in sorted(touched[name]))


@cache
def _likeness() -> list[list[float]]:
    labs = [lab for _colour, lab in _palette()]
    return [[1 / (math.dist(one, two) + 0.02) ** 3 for two in labs] for one in labs]


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (relative luminance of WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#FFFFFF"
