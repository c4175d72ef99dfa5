"""The notices that hang on entrances, as the month's report counts them: each time one was put up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from outreach.domain.campaign import Campaign
from outreach.domain.monthly import Hung
from outreach.domain.pieces import PieceEvent, PieceState, in_force
from outreach.services.piece_states import ON_PAPER
from outreach.store.unit import Unit


def hung_notices(unit: Unit, campaign: Campaign, moment: dt.datetime) -> list[Hung]:
    """Every time a notice of the campaign was put up on a door, as it was recorded by `moment`, in order of time.

    A notice that went missing and was put up again counts twice; what was corrected does not count. It counts for
    whoever is named as having done it, else for whoever had the notice.
    """
    communities = unit.erasures.communities()
    found = []
    for run in unit.runs.all(campaign.zone):
        if run.campaign != campaign.name or run.format not in ON_PAPER:
            continue
        events = unit.piece_events.of(run.id, campaign.zone, recorded_until=moment)
        if not any(event.state is PieceState.POSTED for event in events):
            continue
        for piece in unit.runs.pieces(run.id):
            if piece.entrance:
                for event in _posted(piece.number, events):
                    officer, community = event.by or piece.officer, communities.get(piece.entrance, "")
                    found.append(Hung(event.id, event.at, officer, run.number, piece.number, piece.entrance, community))
    return sorted(found, key=lambda one: (one.at, one.run, one.piece, one.id))


def _posted(number: int, events: Iterable[PieceEvent]) -> Iterator[PieceEvent]:
    own = in_force(event for event in events if event.first <= number <= event.last)
    return (event for event in own if event.state is PieceState.POSTED)
