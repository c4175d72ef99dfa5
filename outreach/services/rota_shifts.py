"""The shifts of a rota: those of the campaign's booths, those of the phone, and what planning makes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from outreach.domain.campaign import Campaign
from outreach.domain.people import skill_code
from outreach.errors import NotFound
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.rota_terms import Shift
from outreach.services.plan_file import PlanFile
from outreach.services.plan_rota import RotaSection
from outreach.services.rota_state import Standing
from outreach.store.rotas import RotaShift

EVENING = dt.time(18)
"""A shift that begins at this time or later is an evening's, and evenings are spread evenly."""

MOST_SHIFTS = 2000
"""More shifts than this are planned in parts: five years of an office's phone would only be planned in vain."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days to plan, both included, and the one flight, '' for all."""

    first: dt.date
    last: dt.date
    flight: str = ""


def booth_shifts(campaign: Campaign, span: Span) -> list[RotaShift]:
    """The shifts of the booths; raises NotFound for a flight that is no booth of the campaign."""
    booths = {flight.id: flight for flight in campaign.flights if flight.channel == "booth"}
    if span.flight and span.flight not in booths:
        names = ", ".join(booths) or "-"
        raise NotFound.at(span.flight, _("there is no such booth"), _("choose one of {names}", names=names))
    return [
        RotaShift(one.key, dict(one.place), one.starts, one.ends, booths[one.flight].heads, holiday(one.starts.date()))
        for one in campaign.placements()
        if one.flight in booths and span.flight in ("", one.flight) and span.first <= one.starts.date() <= span.last
    ]


def duty_shifts(campaign: Campaign, plan: PlanFile, span: Span) -> list[RotaShift]:
    """The shifts of the phone on every day of the span, holidays like any other."""
    section = plan.duty
    phone = section.phone or next(iter(campaign.bureaus.values())).hotline
    place = {"zh": f"咨询电话 {phone}", "en": f"advice line {phone}"}
    found = []
    for offset in range((span.last - span.first).days + 1):
        day = span.first + dt.timedelta(days=offset)
        for turn, slot in enumerate(section.shifts, start=1):
            assert slot.ends is not None  # plan_rota reads no shift without its end
            starts, ends = (dt.datetime.combine(day, time, campaign.zone) for time in (slot.starts, slot.ends))
            found.append(RotaShift(f"duty-{day:%Y%m%d}-{turn}", place, starts, ends, section.heads, holiday(day)))
    return found


def holiday(day: dt.date) -> dict[str, str]:
    """The holiday a day off belongs to, by language; nothing on working days and plain weekends."""
    names = work_calendar().off.get(day)
    return {"zh": names[0], "en": names[1]} if names else {}


def is_history(told: Standing, shift: RotaShift, now: dt.datetime) -> bool:
    """Whether a shift was published before it began, and has begun: it stays as it was told."""
    rota = told.rota.get(shift.key)
    if rota is None or rota.published is None:
        return False
    return rota.published < told.shifts[shift.key].starts <= now


def planned_shift(shift: RotaShift, section: RotaSection) -> Shift:
    """A shift as planning knows it, with the skills the planning file asks for."""
    return Shift(
        shift.key,
        place_key(shift),
        shift.starts,
        shift.ends,
        shift.heads,
        {skill_code(skill): count for skill, count in section.skills.items()},
        holiday=bool(shift.holiday),
        evening=shift.starts.time() >= EVENING,
        weekend=shift.starts.weekday() >= 5,
    )


def place_key(shift: RotaShift) -> str:
    """What tells a shift's place from others, whatever the messages speak."""
    return shift.place.get("zh") or shift.place.get("en") or shift.key


def hours_of(shift: RotaShift) -> str:
    """A shift's day and hours, short: '05-01 08:00-12:00'."""
    return f"{shift.starts:%m-%d %H:%M}-{shift.ends:%H:%M}"
