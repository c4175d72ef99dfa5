"""Published shifts whose officer cannot come: on leave by now, or gone from the post.

Looked at are the shifts that can still be planned anew. One that was published before it began and has begun is
history; one that was published afterwards, as in a campaign planned in retrospect, never was and counts whatever day
it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from outreach.errors import OutreachError
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.rota_shifts import is_history
from outreach.services.rota_state import RotaKind, Standing, published
from outreach.store.absences import Absence
from outreach.store.rotas import RotaShift
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class AwayShift:
    """One published shift and one of its officers who cannot come. officer: the staff code; post: '' for none.

    place: by language. why: in the language of the messages. plan: the command that plans the shift's day anew.
    """

    kind: RotaKind
    campaign: str
    shift: str
    place: Mapping[str, str]
    starts: dt.datetime
    ends: dt.datetime
    officer: str
    post: str
    name: str
    why: str
    plan: str


def away_shifts(unit: Unit, campaign: str, kind: RotaKind, told: Standing, now: dt.datetime) -> tuple[AwayShift, ...]:
    """The published shifts of one rota whose officers cannot come, by time. told: what was published."""
    still = [shift for shift in told.in_order() if not is_history(told, shift, now)]
    reasons = reasons_away(unit, told, still)
    officers = unit.rosters.all_officers()
    return tuple(
        AwayShift(
            kind=kind,
            campaign=campaign,
            shift=shift.key,
            place=shift.place,
            starts=shift.starts,
            ends=shift.ends,
            officer=code,
            post=officers[code].post if code in officers else "",
            name=officers[code].name if code in officers else code,
            why=reasons[code, shift.key],
            plan=f"outreach {kind.value} plan --campaign {campaign}",
        )
        for shift in still
        for code in told.on[shift.key]
        if (code, shift.key) in reasons
    )


def reasons_away(unit: Unit, standing: Standing, shifts: Iterable[RotaShift]) -> dict[tuple[str, str], str]:
    """Why those on the shifts cannot come: (staff code, shift's key) -> words; whoever can come is left out."""
    looked_at = list(shifts)
    if not looked_at:
        return {}
    first, last = min(one.starts for one in looked_at).date(), max(one.ends for one in looked_at).date()
    leave: dict[str, list[Absence]] = {}
    for one in unit.absences.in_force(first, last):
        leave.setdefault(one.officer, []).append(one)
    there = {officer.code for officer in unit.rosters.officers().values() if officer.share}
    return {
        (code, shift.key): why
        for shift in looked_at
        for code in standing.on[shift.key]
        if (why := _why(shift, leave.get(code, ()), code in there))
    }


def shifts_in_leave(office: Office, unit: Unit, absences: Iterable[Absence]) -> tuple[AwayShift, ...]:
    """The published shifts, of whatever campaign, on which these absences keep their officers away, by time."""
    given = list(absences)
    found = [
        one
        for campaign, kind, told in _every_rota(office, unit)
        for one in away_shifts(unit, campaign, kind, told, office.now())
        if any(absence.officer == one.officer and _touches(absence, one) for absence in given)
    ]
    return tuple(sorted(found, key=lambda one: (one.starts, one.shift, one.officer)))


def _every_rota(office: Office, unit: Unit) -> Iterator[tuple[str, RotaKind, Standing]]:
    for name in unit.rotas.campaigns():
        try:
            zone = load_campaign(office.workspace, name).zone
        except OutreachError:
            # Leave is recorded whatever has become of a campaign's file.
            zone = office.workspace.zone
        for kind in RotaKind:
            yield name, kind, published(unit.rotas.all(name, kind, zone))


def _why(shift: RotaShift, leave: Iterable[Absence], there: bool) -> str:
    if not there:
        return _("takes no shifts any more")
    for one in leave:
        if _touches(one, shift):
            return _("on leave ({reason})", reason=one.reason) if one.reason else _("on leave")
    return ""


def _touches(absence: Absence, shift: RotaShift | AwayShift) -> bool:
    last = (shift.ends - dt.timedelta(microseconds=1)).date()
    return absence.first <= last and shift.starts.date() <= absence.last
