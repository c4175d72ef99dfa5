"""A rota as people see it: who is where when, how much each officer has, how good it is proven to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach.domain.people import Officer
from outreach.errors import Conflict
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.rota_away import AwayShift, away_shifts, reasons_away
from outreach.services.rota_shifts import EVENING, is_history
from outreach.services.rota_state import RotaChange, RotaKind, Standing, changes, latest, published
from outreach.services.rotas import AimReached
from outreach.store.rotas import StoredRota


@dataclass(frozen=True, slots=True)
class OnShift:
    """An officer on a shift; post is empty for one who holds none any more. locked: planning leaves it so.

    away: why the officer cannot come after all, '' for whoever can and on shifts that are history.
    """

    code: str
    post: str
    name: str
    locked: bool
    away: str


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One shift. place, holiday: by language. barred: staff codes that are locked out of it. draft: not told yet."""

    key: str
    place: Mapping[str, str]
    starts: dt.datetime
    ends: dt.datetime
    heads: int
    holiday: Mapping[str, str]
    officers: tuple[OnShift, ...]
    barred: tuple[str, ...]
    draft: bool


@dataclass(frozen=True, slots=True)
class LoadView:
    """What one officer has in the shifts shown. holidays, evenings, weekends: shifts on such days or hours."""

    code: str
    post: str
    name: str
    shifts: int
    hours: float
    holidays: int
    evenings: int
    weekends: int


@dataclass(frozen=True, slots=True)
class RotaView:
    """A rota as it stands. state: 'draft' where any shift shown is, else 'published'. aims: of the newest plan shown,
    empty after a change by hand. changes: of the drafts against what was published. published: when last. away: the
    published shifts of any day, shown or not, whose officer cannot come.
    """

    kind: RotaKind
    campaign: str
    state: str
    published: dt.datetime | None
    provisional: bool
    shifts: tuple[ShiftView, ...]
    officers: tuple[LoadView, ...]
    aims: tuple[AimReached, ...]
    changes: tuple[RotaChange, ...]
    away: tuple[AwayShift, ...]


def show_rota(
    office: Office,
    campaign_name: str,
    kind: RotaKind,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    told: bool = False,
) -> RotaView:
    """The rota from `first` to `last`, drafts laid over what was published; told: what was published only.

    Raises Conflict where there is none.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        stored = unit.rotas.all(campaign.name, kind, campaign.zone)
        officers = unit.rosters.all_officers()
        was = published(stored)
        standing = was if told else latest(stored)
        first, last = first or dt.date.min, last or dt.date.max
        shown = [shift for shift in standing.in_order() if first <= shift.starts.date() <= last]
        reasons = reasons_away(unit, standing, [shift for shift in shown if not is_history(was, shift, office.now())])
        away = away_shifts(unit, campaign.name, kind, was, office.now())
    if not shown:
        mend = _("plan one with 'outreach {kind} plan'", kind=kind.value)
        if told and latest(stored).shifts:
            mend = _("publish the draft with 'outreach {kind} publish'", kind=kind.value)
        raise Conflict.at(campaign.name, _("there is no rota for these days"), mend)
    rotas = {standing.rota[shift.key].id: standing.rota[shift.key] for shift in shown}
    newest = max(rotas.values(), key=lambda rota: (rota.made, rota.id))
    told_at = [rota.published for rota in rotas.values() if rota.published]
    names = {code: officer.name for code, officer in officers.items()}
    draft = any(rota.published is None for rota in rotas.values())
    return RotaView(
        kind=kind,
        campaign=campaign.name,
        state="draft" if draft else "published",
        published=max(told_at, default=None),
        provisional=any(rota.figures.get("provisional", False) for rota in rotas.values()),
        shifts=tuple(_shift(standing, shift.key, officers, reasons) for shift in shown),
        officers=tuple(_loads(standing, [shift.key for shift in shown], officers)),
        aims=_aims(newest),
        changes=tuple(changes(was, standing, names)) if draft and was.shifts else (),
        away=away,
    )


def _shift(
    standing: Standing, key: str, officers: Mapping[str, Officer], reasons: Mapping[tuple[str, str], str]
) -> ShiftView:
    shift = standing.shifts[key]
    on = standing.on[key]
    return ShiftView(
        key,
        shift.place,
        shift.starts,
        shift.ends,
        shift.heads,
        shift.holiday,
        tuple(_on_shift(code, officers, (code, key) in standing.locked, reasons.get((code, key), "")) for code in on),
        tuple(sorted(code for (code, one), there in standing.locked.items() if one == key and not there)),
        standing.rota[key].published is None,
    )


def _on_shift(code: str, officers: Mapping[str, Officer], locked: bool = False, away: str = "") -> OnShift:
    officer = officers.get(code)
    return OnShift(code, officer.post if officer else "", officer.name if officer else code, locked, away)


def _loads(standing: Standing, keys: Iterable[str], officers: Mapping[str, Officer]) -> Iterable[LoadView]:
    mine: dict[str, list[str]] = {}
    for key in keys:
        for code in standing.on[key]:
            mine.setdefault(code, []).append(key)
    people = {code: _on_shift(code, officers) for code in mine}
    for code in sorted(mine, key=lambda one: (people[one].post or "~", one)):
        shifts = [standing.shifts[key] for key in mine[code]]
        yield LoadView(
            code,
            people[code].post,
            people[code].name,
            len(shifts),
            sum((shift.ends - shift.starts).total_seconds() for shift in shifts) / 3600,
            sum(bool(shift.holiday) for shift in shifts),
            sum(shift.starts.time() >= EVENING for shift in shifts),
            sum(shift.starts.weekday() >= 5 for shift in shifts),
        )


def _aims(rota: StoredRota) -> tuple[AimReached, ...]:
    return tuple(
        AimReached(aim["name"], aim["value"], aim["bound"], aim["value"] == aim["bound"])
        for aim in rota.figures.get("aims", ())
    )
