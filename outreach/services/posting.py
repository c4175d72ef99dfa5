"""The entrances as notices go up on them: numbered in walking order, and each post's list of its own."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from outreach.domain.campaign import Campaign, Flight
from outreach.domain.people import Household
from outreach.planning.walk import walk_order
from outreach.services.pieces import PieceSpec
from outreach.services.rounds import Choice, Everybody, refuse_vacant
from outreach.services.values import Values, door_line, officer_values, printed_day


@dataclass(frozen=True, slots=True)
class Door:
    """One entrance: its number among all, its homes, and its posts by how many homes each has there."""

    number: int
    name: str
    homes: tuple[Household, ...]
    posts: tuple[str, ...]


def notice_flight(campaign: Campaign) -> Flight | None:
    """The campaign's flight of door notices, None where it has none."""
    return next((flight for flight in campaign.flights if flight.channel == "notice"), None)


def doors(everybody: Everybody) -> list[Door]:
    """Every entrance in walking order."""
    entrances: dict[tuple[str, ...], list[Household]] = {}
    for home in walk_order(everybody.homes.values()):
        entrances.setdefault(home.address.entrance_key, []).append(home)
    found = []
    for number, (key, homes) in enumerate(entrances.items(), start=1):
        shares = Counter(everybody.posts[home.code] for home in homes)
        posts = tuple(sorted(shares, key=lambda post: (-shares[post], post)))
        found.append(Door(number, " ".join(filter(None, key)), tuple(homes), posts))
    return found


def posting_lists(
    campaign: Campaign,
    everybody: Everybody,
    choice: Choice,
    base: Mapping[str, Any],
    language: str,
    held: Collection[str] = (),
) -> list[PieceSpec]:
    """One list for each post of the entrances where it has most homes: nobody's door, nobody's twice.

    held: codes of households that a hold-out leaves alone. They are not counted, and a door behind which everybody is
    held gets no notice; the others keep their numbers.
    """
    flight = notice_flight(campaign)
    groups: dict[str, list[Door]] = {}
    left_out: Counter[str] = Counter()
    for door in doors(everybody):
        if any(everybody.wanted(home, choice) for home in door.homes):
            homes = tuple(home for home in door.homes if home.code not in held)
            if homes:
                groups.setdefault(door.posts[0], []).append(replace(door, homes=homes))
            else:
                left_out[door.posts[0]] += 1
    refuse_vacant(post for post in groups if post not in everybody.officers)
    return [
        PieceSpec(
            "",
            0,
            everybody.officers[post].code,
            post,
            _list_values(base, everybody, post, found, flight, language),
            held=left_out[post],
        )
        for post, found in sorted(groups.items())
    ]


def _list_values(
    base: Mapping[str, Any],
    everybody: Everybody,
    post: str,
    found: list[Door],
    flight: Flight | None,
    language: str,
) -> Values:
    copies = int(str(flight.fields["copies"])) if flight else 1
    spare = int(str(flight.fields["spare_percent"])) if flight else 0
    needed = copies * len(found)
    more = math.ceil(needed * spare / 100)
    communities = Counter(door.homes[0].address.community for door in found)
    values: Values = {
        **base,
        "officer": officer_values(everybody.officers[post]),
        "post": post,
        "doors": [
            {
                "number": str(door.number),
                "address": door_line(door.homes, language),
                "households": str(len(door.homes)),
                "copies": str(copies),
            }
            for door in found
        ],
        "communities": [
            {"name": name, "doors": str(count), "copies": str(count * copies)} for name, count in communities.items()
        ],
        "totals": {
            "doors": str(len(found)),
            "households": str(sum(len(door.homes) for door in found)),
            "copies": str(needed),
            "spare": str(more),
            "print": str(needed + more),
        },
    }
    remove_by = flight.fields.get("remove_by") if flight else None
    if isinstance(remove_by, dt.date):
        values["remove_by"] = printed_day(remove_by, language)
    if flight:
        values["post_from"] = printed_day(flight.starts, language)
        values["post_until"] = printed_day(flight.ends, language)
    return values
