"""An officer's doors as day routes: who is visited when, and by which way.

Buildings are put in order by the shortest way past them (planning.tours); inside one the doors follow in their
natural order and cost no way. The whole round is laid out first and then cut into evenings ("route first, cluster
second": Beasley 1983), so that each evening stays in one part of town; each evening's own way is then solved anew.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from outreach.domain.people import Household, natural_key, walk_key
from outreach.domain.walk_list import LineReason
from outreach.planning.tours import Place, metres_between, plan_tour
from outreach.planning.walk_hours import Window

_STREET = re.compile(r"(?:路|街|巷|胡同|大道)$|\b(?:street|st|road|rd|lane|avenue|ave|alley)\.?$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")

_STARTS = 12
"""At how many buildings an evening is tried to begin."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an officer goes. metres_a_minute: of the straight line. between: minutes where no places are known."""

    metres_a_minute: float
    between: int

    def minutes(self, metres: float) -> int:
        """Whole minutes for a way, rounded up."""
        return math.ceil(round(metres / self.metres_a_minute, 6))


@dataclass(frozen=True, slots=True)
class Stop:
    """One door of a route. at: zoned, when to knock."""

    household: str
    at: dt.datetime
    minutes: int
    reason: LineReason


@dataclass(frozen=True, slots=True)
class DayRoute:
    """One walk. leaves, returns: at the base; the first knock and the end of the last visit where there is none.

    metres: of the straight lines between the places known, base included; proven: no order of its buildings is
    shorter. buildings: how many.
    """

    window: Window
    leaves: dt.datetime
    returns: dt.datetime
    stops: tuple[Stop, ...]
    metres: int
    buildings: int
    proven: bool


Key = tuple[str, ...]


def building_of(home: Household) -> Key:
    """What costs no way inside: a building, or a numbered house of a street."""
    address = home.address
    house = _house_number(home) if is_street(address.compound) and not address.building else None
    return (*address.building_key, "" if house is None else str(house))


def is_street(compound: str) -> bool:
    """Whether a compound's name is that of a street, whose houses stand on two sides."""
    return bool(_STREET.search(compound.strip()))


def _house_number(home: Household) -> int | None:
    found = _NUMBER.search(home.address.building or home.address.room)
    return int(found[0]) if found else None


def door_order(homes: Iterable[Household]) -> list[Household]:
    """The doors in natural order; a street's odd numbers going up, then its even numbers coming back down.

    Entrance, unit, floor and room follow within a building. It needs no coordinates.
    """

    def key(home: Household) -> tuple[object, ...]:
        address = home.address
        side: tuple[int, int] = (0, 0)
        number = _house_number(home) if is_street(address.compound) else None
        if number is not None:
            side = (0, number) if number % 2 else (1, -number)
        where = (natural_key(address.community), natural_key(address.compound))
        return (*where, side, walk_key(address), home.code)

    return sorted(homes, key=key)


class _Ground:
    """Where doors are and how long the way between two is."""

    def __init__(self, homes: Sequence[Household], base: Place | None, pace: Pace) -> None:
        self.base, self.pace = base, pace
        self._buildings = {home.code: building_of(home) for home in homes}
        self._ways: dict[tuple[Key, Key], int] = {}
        known: dict[Key, list[Place]] = {}
        for home in homes:
            if home.lon is not None and home.lat is not None:
                for key in (self._buildings[home.code], home.address.building_key[:2], home.address.building_key[:1]):
                    known.setdefault(key, []).append((home.lon, home.lat))
        middles = {key: _middle(places) for key, places in known.items()}
        self._places = {
            key: next((middles[one] for one in (key, key[:2], key[:1]) if one in middles), None)
            for key in self._buildings.values()
        }

    def building(self, home: Household) -> Key:
        return self._buildings[home.code]

    def place(self, home: Household) -> Place | None:
        """Its building's place; where that is not known the middle of its compound or community, or None."""
        return self._places[self._buildings[home.code]]

    def metres(self, one: Household | None, two: Household | None) -> float:
        """The straight line between two doors, None being the base; 0 where a place is not known."""
        if one is not None and two is not None and self.building(one) == self.building(two):
            return 0.0
        from_, to = (self.base if home is None else self.place(home) for home in (one, two))
        return metres_between(from_, to) if from_ and to else 0.0

    def minutes(self, one: Household | None, two: Household | None) -> int:
        """The way between two doors, None being the base, to which an unknown way is not counted."""
        if one is not None and two is not None:
            key = self.building(one), self.building(two)
            if key not in self._ways:
                known = self.place(one) is not None and self.place(two) is not None
                way = self.pace.minutes(self.metres(one, two)) if known else self.pace.between
                self._ways[key] = 0 if key[0] == key[1] else way
            return self._ways[key]
        return self.pace.minutes(self.metres(one, two))

    def inner(self, homes: Sequence[Household]) -> int:
        """Minutes of way from the first door to the last."""
        return sum(self.minutes(one, two) for one, two in pairwise(homes))

    def ring(self, homes: Sequence[Household]) -> float:
        """Metres from the base past all doors and back."""
        legs: list[Household | None] = [None, *homes, None] if self.base else [*homes]
        return sum(self.metres(one, two) for one, two in pairwise(legs))


def walking_order(homes: Iterable[Household], base: Place | None, pace: Pace) -> list[Household]:
    """All doors in the order of the shortest way past their buildings; those without any place come after."""
    doors = door_order(homes)
    return _ordered(doors, _Ground(doors, base, pace))[0]


def _ordered(doors: Sequence[Household], ground: _Ground) -> tuple[list[Household], bool]:
    """The doors, given in natural order, by the shortest way past their sites, and whether that is proven.

    A site is a building; a street is one as a whole, so that one side is walked up and the other down.
    """
    sites: dict[Key, list[Household]] = {}
    for home in doors:
        address = home.address
        key = (address.community, address.compound) if is_street(address.compound) else ground.building(home)
        sites.setdefault(key, []).append(home)
    placed: list[tuple[Place, list[Household]]] = []
    unplaced: list[list[Household]] = []
    for own in sites.values():
        known = [place for home in own if (place := ground.place(home))]
        if known:
            placed.append((_middle(known), own))
        else:
            unplaced.append(own)
    tour = plan_tour([place for place, _own in placed], ground.base)
    groups = [placed[rank][1] for rank in tour.order] + unplaced
    streets = any(is_street(own[0].address.compound) and len(own) > 1 for own in groups)
    return [home for own in groups for home in own], tour.proven and not unplaced and not streets


def plan_days(
    homes: Iterable[Household],
    windows: Sequence[Window],
    base: Place | None,
    pace: Pace,
    minutes: Mapping[str, int],
    *,
    most: int,
    most_a_week: int,
    lists_in_week: Mapping[tuple[int, int], int] | None = None,
    first: Mapping[str, int] | None = None,
    closed: Mapping[str, Collection[dt.date]] | None = None,
) -> tuple[list[DayRoute], list[Household]]:
    """The walks of one officer in the windows, and the households for which there was no time.

    minutes: at each household's door, by code. most: doors of a walk. most_a_week: walks in a week (ISO), of which
    `lists_in_week` counts those there are already. first: ranks by household, lower ones before all higher ones, those
    not named last; without it all are alike. closed: days on which a household is not visited. Within a rank, hours
    after work go first to households who work; working hours go only to those who do not.
    """
    ground = _Ground(doors := door_order(homes), base, pace)
    waiting = _ordered(doors, ground)[0]
    weeks = dict(lists_in_week or {})
    routes: list[DayRoute] = []
    for window in sorted(windows, key=lambda one: one.starts):
        week = window.starts.isocalendar()[:2]
        day = window.starts.date()
        if weeks.get(week, 0) >= most_a_week:
            continue
        open_ = [
            home
            for home in waiting
            if (window.off_hours or not home.works) and day not in (closed or {}).get(home.code, ())
        ]
        left = _time_left(window, routes[-1].returns, open_, ground) if routes else window
        chosen = _stretch(open_, left, ground, minutes, most, first)
        if not chosen:
            continue
        route = _timed(chosen, left, ground, minutes, first)
        routes.append(route)
        weeks[week] = weeks.get(week, 0) + 1
        gone = {stop.household for stop in route.stops}
        waiting = [home for home in waiting if home.code not in gone]
    return routes, waiting


Tier = tuple[float, bool]
"""The rank a household was given, and whether it is one that could as well be met in working hours."""


def _tier(home: Household, window: Window, first: Mapping[str, int] | None) -> Tier:
    told = first.get(home.code, math.inf) if first is not None else 0
    return told, window.off_hours and not home.works


def _stretch(
    open_: Sequence[Household],
    window: Window,
    ground: _Ground,
    minutes: Mapping[str, int],
    most: int,
    first: Mapping[str, int] | None,
) -> list[Household]:
    """The part of the round that takes in most doors of the lowest tier, then of the next; then the shortest.

    `open_` is in walking order; a part may begin at any building of the lowest tier, of which the first few are tried.
    """
    if not open_:
        return []
    tiers = [_tier(home, window, first) for home in open_]
    lowest = min(tiers)
    starts: dict[Key, int] = {}
    for rank, home in enumerate(open_):
        if tiers[rank] == lowest:
            starts.setdefault(ground.building(home), rank)
    found: list[tuple[list[int], float, list[Household]]] = []
    for start in list(starts.values())[:_STARTS]:
        turned = [*open_[start:], *open_[:start]]
        chosen = _chosen(turned, window, ground, minutes, most, first)
        taken = Counter(_tier(home, window, first) for home in chosen)
        found.append(([-taken[tier] for tier in sorted(set(tiers))], ground.ring(chosen), chosen))
    return min(found, key=lambda one: one[:2])[2]


def _chosen(
    open_: Sequence[Household],
    window: Window,
    ground: _Ground,
    minutes: Mapping[str, int],
    most: int,
    first: Mapping[str, int] | None,
) -> list[Household]:
    """As many doors as fit, the lowest tier first; `open_` is in walking order, and so is the answer."""
    tiers: dict[Tier, list[int]] = {}
    for rank, home in enumerate(open_):
        tiers.setdefault(_tier(home, window, first), []).append(rank)
    taken: list[int] = []
    for tier in sorted(tiers):
        for rank in _from(tiers[tier], taken, open_, ground):
            if len(taken) >= most:
                break
            trial = sorted([*taken, rank])
            doors = [open_[one] for one in trial]
            if sum(minutes[home.code] for home in doors) + ground.inner(doors) <= window.minutes:
                taken = trial
    return [open_[rank] for rank in taken]


def _from(ranks: Sequence[int], taken: Sequence[int], open_: Sequence[Household], ground: _Ground) -> list[int]:
    """The ranks in the order to try them: those in buildings already on the way, then onwards from its end."""
    if not taken:
        return list(ranks)
    visited = {ground.building(open_[rank]) for rank in taken}
    last = taken[-1]
    return sorted(ranks, key=lambda rank: (ground.building(open_[rank]) not in visited, rank < last, rank))


def _time_left(window: Window, back: dt.datetime, open_: Sequence[Household], ground: _Ground) -> Window:
    """What is left of a window for an officer who is back at the base then, whichever door comes first."""
    ready = back + _span(max((ground.minutes(None, home) for home in open_), default=0))
    return window if ready <= window.starts else replace(window, starts=ready)


def _timed(
    chosen: Sequence[Household],
    window: Window,
    ground: _Ground,
    minutes: Mapping[str, int],
    first: Mapping[str, int] | None,
) -> DayRoute:
    """The chosen doors by their own shortest way, with times."""
    doors, proven = _ordered(door_order(chosen), ground)
    visits = sum(minutes[home.code] for home in chosen)
    # The tour counts whole metres, so that a shorter way than its own must be shorter by more than it rounded.
    shorter = ground.ring(chosen) < ground.ring(doors) - len(doors)
    if shorter or visits + ground.inner(doors) > window.minutes:
        doors, proven = list(chosen), False
    stops: list[Stop] = []
    at = window.starts
    for before, home in zip([None, *doors], doors, strict=False):
        if before is not None:
            at += _span(minutes[before.code] + ground.minutes(before, home))
        stops.append(Stop(home.code, at, minutes[home.code], _reason(home, window, first)))
    end = at + _span(minutes[doors[-1].code])
    return DayRoute(
        window,
        window.starts - _span(ground.minutes(None, doors[0])),
        end + _span(ground.minutes(doors[-1], None)),
        tuple(stops),
        round(ground.ring(doors)),
        len({ground.building(home) for home in doors}),
        proven,
    )


def _reason(home: Household, window: Window, first: Mapping[str, int] | None) -> LineReason:
    if first and home.code in first:
        return LineReason.DUE
    return LineReason.WORKS if window.off_hours and home.works else LineReason.FITS


def _span(minutes: int) -> dt.timedelta:
    return dt.timedelta(minutes=minutes)


def _middle(places: Sequence[Place]) -> Place:
    return (sum(lon for lon, _lat in places) / len(places), sum(lat for _lon, lat in places) / len(places))
