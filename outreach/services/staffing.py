"""Who stands at a campaign's booths: the published rota, and the flights' own lists where none was published."""

from __future__ import annotations

from dataclasses import replace

from outreach.domain.campaign import Campaign, Placement
from outreach.services.rota_state import RotaKind, published
from outreach.store.unit import Unit


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
