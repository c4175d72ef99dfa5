"""Households that are alike to the plan, taken together: the nodes of the flow."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from outreach.planning.terms import Base, Home, Rules
from outreach.planning.ways import UNITS_PER_METRE


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Households of one building among whom the plan need not tell one from the other.

    row: number of the building. hard: hard cases shared out apart from the others. minutes: of one household's visits,
    1 where shares are counted in households. holder: column of the base that has them and may keep them, or -1.
    pulls: (column, tenths) pairs. barred: columns. homes: the households, in order of their keys.
    """

    building: tuple[str, ...]
    row: int
    hard: bool
    minutes: int
    holder: int
    pulls: tuple[tuple[int, int], ...]
    barred: tuple[int, ...]
    homes: list[Home] = field(default_factory=list)


_Likeness = tuple[tuple[str, ...], bool, int, int, tuple[tuple[int, int], ...], tuple[int, ...]]


def group_homes(homes: Iterable[Home], bases: Sequence[Base], rules: Rules) -> list[Group]:
    """All homes in groups, in order of building and of what sets the groups of a building apart.

    bases: the columns. A holder that is no column, or that a home is barred from, cannot keep it.
    """
    column = {base.key: number for number, base in enumerate(bases)}
    pulls = _by_home(
        ((home, column[base]), round(pull.metres * UNITS_PER_METRE))
        for (home, base), pull in rules.pulls.items()
        if base in column
    )
    barred = _by_home(((home, column[base]), 0) for home, base in rules.barred if base in column)
    no_way = _no_way(rules.travel, column)
    weighted = rules.balance == "minutes"
    alike: defaultdict[_Likeness, list[Home]] = defaultdict(list)
    for home in homes:
        shut = tuple(at for at, _none in barred.get(home.key, ()))
        if home.building in no_way:
            shut = tuple(sorted({*shut, *no_way[home.building]}))
        holder = column.get(home.holder, -1) if home.holder else -1
        alike[
            home.building,
            home.hard and rules.mix,
            home.minutes if weighted else 1,
            -1 if holder in shut else holder,
            pulls.get(home.key, ()),
            shut,
        ].append(home)
    groups: list[Group] = []
    rows: dict[tuple[str, ...], int] = {}
    for likeness in sorted(alike):
        building = likeness[0]
        groups.append(Group(building, rows.setdefault(building, len(rows)), *likeness[1:], homes=alike[likeness]))
    return groups


def _by_home(pairs: Iterable[tuple[tuple[str, int], int]]) -> dict[str, tuple[tuple[int, int], ...]]:
    """{home: ((column, tenths), ...)} with the columns in order."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for (home, column), tenths in pairs:
        found[home].append((column, tenths))
    return {home: tuple(sorted(parts)) for home, parts in found.items()}


def _no_way(
    travel: Mapping[tuple[str, ...], Mapping[str, float]] | None, column: Mapping[str, int]
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """The columns each building has no way to, buildings with a way to all left out."""
    found = {}
    for building, row in (travel or {}).items():
        shut = tuple(number for base, number in column.items() if math.isinf(row.get(base, 0.0)))
        if shut:
            found[building] = shut
    return found
