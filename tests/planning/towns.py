"""Small invented towns for the tests of the territory plan, and every plan that one can have."""

from __future__ import annotations

import itertools
import math

from hypothesis import strategies as st

from outreach.planning.territory import Base, Home

metres = st.integers(-800, 800).map(float)
positions = st.tuples(metres, metres)


@st.composite
def towns(draw):
    """A small town: up to 8 buildings of up to 3 entrances, hard cases anywhere, up to 5 bases."""
    corners = draw(st.lists(positions, min_size=1, max_size=8))
    doors = draw(
        st.lists(st.tuples(st.integers(0, len(corners) - 1), st.integers(1, 3), st.booleans()), min_size=1, max_size=40)
    )
    homes = [
        home(f"H{number:02}", *corners[building], hard=hard, building=f"{building}", entrance=f"{entrance}")
        for number, (building, entrance, hard) in enumerate(doors)
    ]
    stands = draw(st.lists(positions, min_size=1, max_size=5))
    return homes, [Base(f"B{number}", *stand) for number, stand in enumerate(stands)]


@st.composite
def hamlets(draw):
    """Few enough homes, each its own building, to try every plan."""
    spots = draw(st.lists(st.tuples(positions, st.booleans()), min_size=1, max_size=6))
    homes = [home(f"H{number}", *spot, hard=hard, building=f"{number}") for number, (spot, hard) in enumerate(spots)]
    stands = draw(st.lists(positions, min_size=1, max_size=3))
    return homes, [Base(f"B{number}", *stand) for number, stand in enumerate(stands)]


def home(key, x, y, *, hard=False, building="1", entrance="", door=0):
    return Home(key, ("城东", "槐荫", building), ("城东", "槐荫", building, entrance), float(x), float(y), hard, door)


def spread(counts):
    return max(counts) - min(counts)


def decimetres(one, base):
    return round(math.hypot(one.x - base.x, one.y - base.y) * 10)


def balanced(homes, bases, choice):
    every = [choice.count(column) for column in range(len(bases))]
    hard = [sum(one.hard for one, column in zip(homes, choice, strict=True) if column == b) for b in range(len(bases))]
    return spread(every) <= 1 and spread(hard) <= 1


def all_plans(homes, bases):
    """Every plan that keeps the rule, with its cost in decimetres."""
    for choice in itertools.product(range(len(bases)), repeat=len(homes)):
        if balanced(homes, bases, choice):
            yield choice, sum(decimetres(one, bases[column]) for one, column in zip(homes, choice, strict=True))
