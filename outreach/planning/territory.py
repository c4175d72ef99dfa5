"""Households to officers: near, convenient, hard and easy mixed, equal counts (就近、方便、难易结合、人数基本相同).

The plan is the exact optimum of that rule, says what the rule costs, and explains every household's base.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.errors import Fault, refuse_if_any
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.planning.flow import Ints

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 = (2a + b) / 3 of the WGS 84 ellipsoid (NIMA TR8350.2): a = 6378137 m, b = 6356752.3142 m."""

FARTHEST_M = 1e8
"""Coordinates beyond this are no metres on Earth; Gauss-Krueger eastings with their zone reach 4.6e7."""


@dataclass(frozen=True, slots=True)
class Home:
    """One household as the assignment sees it: where it is and whether it is a hard case.

    building, entrance: keys as `Address.building_key` and `Address.entrance_key` give them. x, y: metres in a plane.
    door: place on the walk through the entrance; where an entrance must be divided it is cut in
    this order, then by key.
    """

    key: str
    building: tuple[str, ...]
    entrance: tuple[str, ...]
    x: float
    y: float
    hard: bool
    door: int = 0


@dataclass(frozen=True, slots=True)
class Base:
    """Where one officer sets out from; x, y in the plane of the homes, metres."""

    key: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a household has its base, in facts. Distances are metres from the middle of its building.

    rank: 1 for the nearest base. nearest, nearest_m, nearest_count, nearest_hard: the nearest base, how far it is,
    how many homes and hard cases it got. nearest_full: it has no place left for such a household.
    base_needed: the household's own base would fall below its share without it. Where rank > 1,
    at least one of the two holds, or the plan would not be the cheapest.
    """

    distance_m: float
    rank: int
    nearest: str
    nearest_m: float
    nearest_count: int
    nearest_hard: int
    nearest_full: bool
    base_needed: bool


@dataclass(frozen=True, slots=True)
class Territory:
    """Who goes to whom, why, and what it costs. Means are metres from building to base, per household.

    nearest_mean_m: everybody to the nearest base, counts be what they may; no plan is shorter.
    unmixed_mean_m: the optimum with equal counts but without the hard/easy rule; the difference to mean_m is its price.
    gap_m: proven upper limit of what the whole plan could still save, total metres; 0 is optimal.
    solve_s: seconds spent on deciding and proving.
    """

    base_of: dict[str, str]
    why: dict[str, Why]
    counts: dict[str, int]
    hard_counts: dict[str, int]
    mean_m: float
    nearest_mean_m: float
    unmixed_mean_m: float
    buildings_split: int
    entrances_split: int
    gap_m: float
    solve_s: float = field(compare=False)


def project(lonlat: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Longitude and latitude (WGS 84 degrees) to metres in a plane about their mean.

    Local equirectangular: x = R cos(lat0) (lon - lon0), y = R (lat - lat0), angles in radians, R = EARTH_RADIUS_M,
    (lon0, lat0) the mean of all pairs (Snyder, Map Projections, USGS PP 1395, section 12). Project homes and bases
    together: each call has an origin of its own. Raises BadInput naming every pair that is no place.
    """
    refuse_if_any(_lonlat_faults(lonlat))
    if not lonlat:
        return []
    lon0 = math.fsum(lon for lon, _lat in lonlat) / len(lonlat)
    lat0 = math.fsum(lat for _lon, lat in lonlat) / len(lonlat)
    metres_per_degree = math.radians(EARTH_RADIUS_M)
    shrink = math.cos(math.radians(lat0))
    return [((lon - lon0) * shrink * metres_per_degree, (lat - lat0) * metres_per_degree) for lon, lat in lonlat]


def plan_territory(homes: Iterable[Home], bases: Iterable[Base]) -> Territory:
    """Every home to exactly one base, at the least total distance at which all shares are equal.

    Equal: the homes per base differ by at most one, and so do the hard cases per base. Distance: straight line from the
    mean point of the building's homes to the base, rounded to whole decimetres, so that against unrounded distances the
    plan is within 0.1 m a home of the optimum. Entrances stay together where the shares allow. The
    same homes and bases in any order give the same plan. Raises BadInput where either is missing, a key comes
    twice, or a coordinate is not a number of metres.
    """
    homes = sorted(homes, key=lambda home: (home.key, home.building, home.entrance))
    bases = sorted(bases, key=lambda base: base.key)
    refuse_if_any(_faults(homes, bases))
    started = time.perf_counter()
    buildings = _grouped(homes, lambda home: home.building)
    plan = _solve(list(buildings.values()), bases)

    base_of: dict[str, str] = {}
    for residents, hard_row, other_row in zip(buildings.values(), plan.hard, plan.other, strict=True):
        base_of |= {key: bases[column].key for key, column in _deal(residents, hard_row, other_row).items()}
    base_of = dict(sorted(base_of.items()))
    counts = _tally(base_of.values(), bases)
    hard_counts = _tally((base_of[home.key] for home in homes if home.hard), bases)
    per_home_m = 1 / plan.units_per_metre / len(homes)
    return Territory(
        base_of=base_of,
        why=_explain(buildings, base_of, plan, counts, hard_counts),
        counts=counts,
        hard_counts=hard_counts,
        mean_m=plan.cost * per_home_m,
        nearest_mean_m=plan.nearest_cost * per_home_m,
        unmixed_mean_m=plan.unmixed_cost * per_home_m,
        buildings_split=_split(homes, base_of, lambda home: home.building),
        entrances_split=_split(homes, base_of, lambda home: (home.building, home.entrance)),
        gap_m=plan.gap / plan.units_per_metre,
        solve_s=time.perf_counter() - started,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """The flow in plain lists, a row a building and a column a base; costs in whole units."""

    distance: list[list[int]]
    hard: list[list[int]]
    other: list[list[int]]
    cost: int
    nearest_cost: int
    unmixed_cost: int
    gap: int
    units_per_metre: int


def _solve(buildings: Sequence[Sequence[Home]], bases: Sequence[Base]) -> _Plan:
    import numpy as np

    from outreach.planning import flow

    middles = [_middle(residents) for residents in buildings]
    cost = flow.cost_table(middles, [(base.x, base.y) for base in bases])
    hard: Ints = np.array([sum(home.hard for home in residents) for residents in buildings], dtype=np.int64)
    everyone: Ints = np.array([len(residents) for residents in buildings], dtype=np.int64)
    mixed = flow.town_network(cost, hard, everyone - hard)
    found = flow.solve(mixed)
    unmixed = flow.town_network(cost, np.zeros_like(hard), everyone)
    hard_share, other_share = flow.shares(found, len(bases), hard, everyone - hard)
    return _Plan(
        distance=cost.tolist(),
        hard=hard_share.tolist(),
        other=other_share.tolist(),
        cost=flow.total_cost(mixed, found),
        nearest_cost=int(cost.min(axis=1) @ everyone),
        unmixed_cost=flow.total_cost(unmixed, flow.solve(unmixed)) if hard.any() else flow.total_cost(mixed, found),
        gap=flow.proven_gap(mixed, found),
        units_per_metre=flow.UNITS_PER_METRE,
    )


def _middle(residents: Sequence[Home]) -> tuple[float, float]:
    # fsum rounds once, so the order of the homes cannot move the point.
    return (
        math.fsum(home.x for home in residents) / len(residents),
        math.fsum(home.y for home in residents) / len(residents),
    )


def _deal(residents: Sequence[Home], hard_row: Sequence[int], other_row: Sequence[int]) -> dict[str, int]:
    """One building's homes to its bases (columns), filling the shares and keeping entrances whole where possible.

    Whole entrances first, the largest first, each into the tightest share that holds it; what is left is divided in as
    large pieces as the shares allow. This is best-fit decreasing: quick and good, not proven least.
    """
    room = {
        column: [hard, other]
        for column, (hard, other) in enumerate(zip(hard_row, other_row, strict=True))
        if hard or other
    }
    dealt: dict[str, int] = {}
    divided = []
    entrances = _grouped(residents, lambda home: home.entrance)
    for _entrance, homes in sorted(entrances.items(), key=lambda item: (-len(item[1]), item[0])):
        queues = _queues(homes)
        holding = [column for column in room if _overlap(queues, room[column]) == len(homes)]
        if holding:
            _take(queues, min(holding, key=lambda column: (sum(room[column]), column)), room, dealt)
        else:
            divided.append(queues)
    for queues in divided:
        while any(queues):
            _take(queues, max(room, key=lambda column: (_overlap(queues, room[column]), -column)), room, dealt)
    return dealt


def _queues(homes: Iterable[Home]) -> tuple[list[str], list[str]]:
    """Keys of the hard and of the other homes, in walking order."""
    walked = sorted(homes, key=lambda home: (home.door, home.key))
    return [home.key for home in walked if home.hard], [home.key for home in walked if not home.hard]


def _overlap(queues: tuple[list[str], list[str]], room: Sequence[int]) -> int:
    """How many of the waiting homes this share can take."""
    return sum(min(len(queue), places) for queue, places in zip(queues, room, strict=True))


def _take(queues: tuple[list[str], list[str]], column: int, room: dict[int, list[int]], dealt: dict[str, int]) -> None:
    """Move as many homes as fit from the front of `queues` into the share of `column`."""
    for kind, queue in enumerate(queues):
        taken = min(len(queue), room[column][kind])
        dealt |= dict.fromkeys(queue[:taken], column)
        del queue[:taken]
        room[column][kind] -= taken


def _explain(
    buildings: dict[tuple[str, ...], list[Home]],
    base_of: dict[str, str],
    plan: _Plan,
    counts: dict[str, int],
    hard_counts: dict[str, int],
) -> dict[str, Why]:
    """One Why a home, shared by homes of one building, base and kind."""
    bases = list(counts)  # in the order of the columns
    column_of = {base: column for column, base in enumerate(bases)}
    most, hard_most = max(counts.values()), max(hard_counts.values())
    least, hard_least = min(counts.values()), min(hard_counts.values())

    def why(row: Sequence[int], own: str, hard: bool) -> Why:
        distance = row[column_of[own]]
        rank = 1 + sum(other < distance for other in row)
        # Of several bases equally near, the home's own counts as the nearest.
        nearest = own if rank == 1 else bases[row.index(min(row))]
        return Why(
            distance_m=distance / plan.units_per_metre,
            rank=rank,
            nearest=nearest,
            nearest_m=min(row) / plan.units_per_metre,
            nearest_count=counts[nearest],
            nearest_hard=hard_counts[nearest],
            nearest_full=counts[nearest] >= most or (hard and hard_counts[nearest] >= hard_most),
            base_needed=counts[own] <= least or (hard and hard_counts[own] <= hard_least),
        )

    found: dict[str, Why] = {}
    for residents, row in zip(buildings.values(), plan.distance, strict=True):
        shared: dict[tuple[str, bool], Why] = {}
        for home in residents:
            kind = (base_of[home.key], home.hard)
            if kind not in shared:
                shared[kind] = why(row, *kind)
            found[home.key] = shared[kind]
    return dict(sorted(found.items()))


def _grouped(homes: Iterable[Home], place: Callable[[Home], tuple[str, ...]]) -> dict[tuple[str, ...], list[Home]]:
    """The homes of each place, places in order of their keys."""
    groups: defaultdict[tuple[str, ...], list[Home]] = defaultdict(list)
    for home in homes:
        groups[place(home)].append(home)
    return dict(sorted(groups.items()))


def _tally(chosen: Iterable[str], bases: Sequence[Base]) -> dict[str, int]:
    """How often each base was chosen, 0 included."""
    tally = Counter(chosen)
    return {base.key: tally[base.key] for base in bases}


def _split(homes: Iterable[Home], base_of: dict[str, str], place: Callable[[Home], Hashable]) -> int:
    """How many places have homes of more than one base."""
    bases_at: defaultdict[Hashable, set[str]] = defaultdict(set)
    for home in homes:
        bases_at[place(home)].add(base_of[home.key])
    return sum(len(bases) > 1 for bases in bases_at.values())


def _faults(homes: Sequence[Home], bases: Sequence[Base]) -> Iterable[Fault]:
    if not homes:
        yield Fault(_("homes"), _("there is no household to assign"), _("import a roster first"))
    if not bases:
        yield Fault(_("bases"), _("there is no officer to assign to"), _("import the officers first"))
    for places in (homes, bases):
        label = _("household {key}") if places is homes else _("officer {key}")
        for key, times in Counter(place.key for place in places).items():
            if times > 1:
                yield Fault(label.format(key=key), _("is given {times} times", times=times), _("give it once"))
        for place in places:
            if not (abs(place.x) <= FARTHEST_M and abs(place.y) <= FARTHEST_M):  # false for NaN too
                yield Fault(
                    label.format(key=place.key),
                    _("has no usable position ({x}, {y})", x=place.x, y=place.y),
                    _("give coordinates in metres within {limit} km", limit=round(FARTHEST_M / 1000)),
                )


def _lonlat_faults(lonlat: Sequence[tuple[float, float]]) -> Iterable[Fault]:
    for number, (lon, lat) in enumerate(lonlat, start=1):
        if not (abs(lon) <= 180 and abs(lat) <= 90):  # false for NaN too
            yield Fault(
                _("position {number}", number=number),
                _("({lon}, {lat}) is no place on Earth", lon=lon, lat=lat),
                _("give longitude (-180 to 180) first, then latitude (-90 to 90), in degrees"),
            )
