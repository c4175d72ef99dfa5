"""Where households and officers are, in one plane: what is known, and what stands in for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from outreach.domain.people import FULL_SHARE, Household, Officer
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.messages import _
from outreach.planning.patches import Point, patch_centres
from outreach.planning.territory import Base, project


def household_places(homes: Sequence[Household]) -> tuple[list[Point], int]:
    """Each household's longitude and latitude; those without get the middle of the nearest thing that has one.

    Returns also how many had none. Raises BadInput naming each household at 0, 0.
    """
    refuse_if_any(
        (_nowhere(_("household {code}", code=home.code)) for home in homes if home.lon == home.lat == 0), BadInput
    )
    known: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    for home in homes:
        if home.lon is not None and home.lat is not None:
            for depth in range(4):
                known[home.address.building_key[:depth]].append((home.lon, home.lat))
    middles = {key: _middle(points) for key, points in known.items()}
    found: list[Point] = []
    unplaced = 0
    # A roster without any coordinates still has an order: neighbours in it stand next to each other on a line.
    order = {key: rank for rank, key in enumerate(dict.fromkeys(home.address.building_key for home in homes))}
    for home in homes:
        if home.lon is not None and home.lat is not None:
            found.append((home.lon, home.lat))
            continue
        unplaced += 1
        key = home.address.building_key
        nearest = next((middles[key[:depth]] for depth in (3, 2, 1, 0) if key[:depth] in middles), None)
        found.append(nearest or (order[key] * 0.001, 0.0))
    return found, unplaced


def bases_of(
    officers: Mapping[str, Officer], places: Sequence[Point], away: frozenset[str]
) -> tuple[list[Base], bool, list[Point]]:
    """(the officers' bases by post, whether they are middles of patches, the households' places in the plane), metres.

    Officers who have no coordinates, or all the same, say nothing about who is near whom: the town is then cut into
    equal patches. away: posts that get no household. Raises BadInput naming each officer without coordinates where
    others have some, and each at 0, 0.
    """
    own = {post: (o.lon, o.lat) for post, o in officers.items() if o.lon is not None and o.lat is not None}
    faults = [_nowhere(_("officer {code}", code=officers[post].code)) for post, place in own.items() if place == (0, 0)]
    if own and len(own) < len(officers):
        faults += [
            Fault(
                _("officer {code}", code=officer.code),
                _("has no coordinates, though other officers have"),
                _("fill in 经度 and 纬度, or leave them empty for all officers"),
            )
            for post, officer in officers.items()
            if post not in own
        ]
    refuse_if_any(faults, BadInput)
    if own and (len(set(own.values())) > 1 or len(own) == 1):
        plane = project([*places, *((lon, lat) for lon, lat in own.values() if lon is not None and lat is not None)])
        points, patched = plane[len(places) :], False
        posts = list(own)
    else:
        plane = project(places)
        posts, points, patched = sorted(officers), patch_centres(plane, len(officers)), True
    bases = [
        Base(
            post,
            *point,
            share=0 if post in away else officers[post].share / FULL_SHARE,
            most=officers[post].most,
        )
        for post, point in zip(posts, points, strict=True)
    ]
    return bases, patched, plane[: len(places)]


def _nowhere(who: str) -> Fault:
    return Fault(
        who,
        _("stands at 0, 0, which lies in the sea"),
        _("correct the coordinates in the table, or empty both, and import it again"),
    )


def _middle(points: Sequence[Point]) -> Point:
    return (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))
