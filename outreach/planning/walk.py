"""The order in which an officer walks the doors."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.domain.people import Household, walk_key


def walk_order(households: Iterable[Household]) -> list[Household]:
    """The households door by door: community, compound, building, entrance, unit, floor, room, then code.

    Numbers sort as numbers ('2栋' before '10栋'). Any order of the input gives the same walk. Between compounds this is
    the order of their names; it knows no distances.
    """
    return sorted(households, key=lambda household: (walk_key(household.address), household.code))
