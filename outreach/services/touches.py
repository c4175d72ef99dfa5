"""Whether another campaign has been at the same doors lately: by a try, or by paper that went out and stayed out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from outreach.domain.pieces import PieceEvent, PieceState, in_force
from outreach.messages import _
from outreach.services.office import Office
from outreach.store.unit import Unit

NAMED = 10
"""How many households a warning names."""

_ARRIVES = frozenset({PieceState.HANDED_OVER, PieceState.POSTED, PieceState.DELIVERED})


@dataclass(frozen=True, slots=True)
class Touch:
    """The newest time another campaign was at a household. by: the channel of a try, the kind of a piece."""

    household: str
    campaign: str
    by: str
    at: dt.datetime


def list_touched(
    office: Office, campaign: str, day: dt.date, households: Collection[str] | None = None
) -> tuple[Touch, ...]:
    """The households another campaign touched in the days before `day`, in order of their codes.

    households: only these, by code. How many days is a setting (`[contacts] touch_days`; 0 asks nothing). A piece
    counts on the days it was handed over, posted and delivered, unless it came back or is missing.
    """
    days = office.workspace.settings.contacts.touch_days
    if not days or (households is not None and not households):
        return ()
    zone = office.workspace.zone
    first, after = (
        dt.datetime.combine(one, dt.time(), zone) for one in (day - dt.timedelta(days=days), day + dt.timedelta(days=1))
    )
    newest: dict[str, Touch] = {}
    with office.store.read() as unit:
        tries = [Touch(*row) for row in unit.facts.touched_by_others(campaign, first, after, zone)]
        for one in (*tries, *_pieces(unit, campaign, first, after, zone)):
            if (households is None or one.household in households) and (
                one.household not in newest or newest[one.household].at < one.at
            ):
                newest[one.household] = one
    return tuple(newest[code] for code in sorted(newest))


def _pieces(unit: Unit, campaign: str, first: dt.datetime, after: dt.datetime, zone: dt.tzinfo) -> Iterator[Touch]:
    """The pieces of other campaigns that went to a household from `first` until before `after`."""
    active = unit.piece_events.runs_between(first, after)
    if not active:
        return
    kept = unit.merges.kept_codes()
    for run in unit.runs.all(zone):
        if run.id not in active or run.campaign == campaign:
            continue
        histories: dict[int, list[PieceEvent]] = defaultdict(list)
        for event in unit.piece_events.of(run.id, zone):
            for number in range(event.first, event.last + 1):
                histories[number].append(event)
        for piece in unit.runs.pieces(run.id):
            events = in_force(histories.get(piece.number, ()))
            if not piece.household or not events or events[-1].state not in _ARRIVES:
                continue
            days = [one.at for one in events if one.state in _ARRIVES and first <= one.at < after]
            if days:
                yield Touch(kept.get(piece.household, piece.household), run.campaign, run.kind, max(days))


def touched_words(touched: Sequence[str], campaign: str) -> str:
    """The warning about households (codes) another campaign touched, naming the first of them; '' where none are."""
    if not touched:
        return ""
    named = ", ".join(touched[:NAMED])
    if len(touched) > NAMED:
        named = _("{names} and {count} other households", names=named, count=len(touched) - NAMED)
    return _(
        "another campaign was at {count} of these households lately: {names}; see "
        "'outreach household touched -c {campaign}'",
        count=len(touched),
        names=named,
        campaign=campaign,
    )
