"""Who stands at a campaign's booths and answers its phone: the published rotas, else the flights' own lists."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from outreach.domain.campaign import Campaign, Placement
from outreach.domain.people import Officer
from outreach.services.rota_state import RotaKind, published
from outreach.store.unit import Unit

Stretch = tuple[dt.datetime, dt.datetime]
"""From when to when, zoned."""


def staffed(unit: Unit, campaign: Campaign) -> list[Placement]:
    """All placements in order of time; a booth's `staff` are the posts of the officers its published rota names.

    An officer who holds no post any more stands there by staff code, so that whoever prints it sees that nobody comes.
    A booth that was never published has the posts whose turn its flight's list says it is.
    """
    told = published(unit.rotas.all(campaign.name, RotaKind.BOOTH, campaign.zone))
    posts = {code: officer.post or code for code, officer in unit.rosters.all_officers().items()}
    return [
        replace(one, staff=tuple(sorted(posts.get(code, code) for code in told.on[one.key])))
        if one.channel == "booth" and one.key in told.on
        else one
        for one in campaign.placements()
    ]


def busy_on_duty(unit: Unit, campaign: Campaign, officers: Mapping[str, Officer]) -> defaultdict[str, list[Stretch]]:
    """When each officer (staff code) stands at a booth or answers the phone: by the rota, or by the campaign file."""
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    told = {kind: published(unit.rotas.all(campaign.name, kind, campaign.zone)) for kind in RotaKind}
    for standing in told.values():
        for key, codes in standing.on.items():
            for code in codes:
                found[code].append((standing.shifts[key].starts, standing.shifts[key].ends))
    for placement in campaign.placements():
        # The campaign file's own turns hold until a rota for the booths is published.
        if placement.key not in told[RotaKind.BOOTH].shifts:
            for post in placement.staff:
                if post in officers:
                    found[officers[post].code].append((placement.starts, placement.ends))
    return found
