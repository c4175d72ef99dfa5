"""A campaign over the calendar: its flights by date, what falls on days off, which holidays it meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from outreach.channels import channels
from outreach.config import Workspace
from outreach.domain.calendar import Sort, WorkCalendar, days_between
from outreach.domain.campaign import Campaign, Flight
from outreach.messages import _, current_language
from outreach.planning.holidays import work_calendar
from outreach.services.campaigns import load_campaign

_OFFICE_WEEK = frozenset(range(5))
_OFFICE_HOURS = (dt.time(7), dt.time(18))


@dataclass(frozen=True, slots=True)
class HolidayMet:
    """A holiday with days in the campaign, cut at its ends. provisional: computed, the notice is not out."""

    zh: str
    en: str
    first: dt.date
    last: dt.date
    provisional: bool


@dataclass(frozen=True, slots=True)
class FlightPlan:
    """One flight as it falls. days: dates with a placement, days_off: those of them that are holidays by notice.

    made_up: weekends worked to make up on which a flight of office hours has nothing; None where it keeps other hours.
    counted: whether its reach is counted household by household, or only estimated.
    """

    id: str
    channel: str
    label: str
    place: str
    starts: dt.date
    ends: dt.date
    times: tuple[str, ...]
    days: int
    placements: int
    counted: bool
    days_off: int
    made_up: int | None


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """The overview: flights by their first day, placements counted and estimated apart, and what to look at again."""

    name: str
    title: str
    starts: dt.date
    ends: dt.date
    working_days: int | None
    holidays: tuple[HolidayMet, ...]
    flights: tuple[FlightPlan, ...]
    counted_placements: int
    estimated_placements: int
    notes: tuple[str, ...]


def plan_overview(workspace: Workspace, name: str) -> CampaignPlan:
    """The flights of a campaign over the calendar; raises NotFound, or BadInput with every fault of its file."""
    campaign = load_campaign(workspace, name)
    language = spoken_in(campaign)
    calendar = work_calendar()
    flights = []
    notes: list[str] = []
    for flight in sorted(campaign.flights, key=lambda one: (one.starts, one.ends, one.id)):
        flights.append(_flight_plan(flight, campaign, calendar, language))
        notes += _office_hours_notes(flight, campaign, calendar)
    known = calendar.knows(campaign.starts) and calendar.knows(campaign.ends)
    if not known:
        facts = {"first": calendar.first_year, "last": calendar.last_year}
        notes.append(_("holidays are known from {first} to {last} only; other years show none", **facts))
    holidays = holidays_met(campaign.starts, campaign.ends)
    if any(one.provisional for one in holidays):
        years = ", ".join(str(year) for year in sorted({one.first.year for one in holidays if one.provisional}))
        notes.append(_("{years}: provisional, the notice is not out; make-up days are not known", years=years))
    return CampaignPlan(
        name=campaign.name,
        title=campaign.texts[language].title,
        starts=campaign.starts,
        ends=campaign.ends,
        working_days=calendar.between(campaign.starts, campaign.ends) if known else None,
        holidays=tuple(holidays),
        flights=tuple(flights),
        counted_placements=sum(one.placements for one in flights if one.counted),
        estimated_placements=sum(one.placements for one in flights if not one.counted),
        notes=tuple(notes),
    )


def spoken_in(campaign: Campaign) -> str:
    """The user's language where the campaign has texts in it, or else the campaign's first."""
    spoken = current_language()
    return spoken if spoken in campaign.languages else campaign.languages[0]


def holidays_met(first: dt.date, last: dt.date) -> list[HolidayMet]:
    """The holidays with days from `first` to `last`, in order, each once; none of years the calendar does not cover."""
    calendar = work_calendar()
    years = range(max(first.year, calendar.first_year), min(last.year, calendar.last_year) + 1)
    found = {one.first: one for year in years for one in calendar.holidays(year)}
    return [
        HolidayMet(
            one.zh, one.en, max(one.first, first), min(one.last, last), calendar.is_provisional(one.first, one.last)
        )
        for start, one in sorted(found.items())
        if one.first <= last and first <= one.last
    ]


def make_up_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """The weekend days worked from `first` to `last`."""
    return sorted(day for day in work_calendar().make_up if first <= day <= last)


def placement_days(flight: Flight, campaign: Campaign) -> list[dt.date]:
    """The dates on which a flight has a placement, each once; a flight of whole days has one every day."""
    if not flight.slots:
        return list(days_between(flight.starts, flight.ends))
    return sorted({placement.starts.date() for placement in flight.placements(campaign.zone)})


def runs_of(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Dates in order as unbroken stretches, both ends included."""
    kept = list(days)
    if not kept:
        return []
    breaks = [0, *(n for n, (one, two) in enumerate(pairwise(kept), 1) if (two - one).days > 1), len(kept)]
    return [(kept[start], kept[end - 1]) for start, end in pairwise(breaks)]


def times_of(flight: Flight) -> tuple[str, ...]:
    """A flight's times of day: '19:35', '08:00–12:00'; none where it runs whole days."""
    return tuple(
        f"{slot.starts:%H:%M}–{slot.ends:%H:%M}" if slot.ends else f"{slot.starts:%H:%M}" for slot in flight.slots
    )


def _flight_plan(flight: Flight, campaign: Campaign, calendar: WorkCalendar, language: str) -> FlightPlan:
    days = placement_days(flight, campaign)
    channel = channels()[flight.channel]
    return FlightPlan(
        id=flight.id,
        channel=flight.channel,
        label=channel.label(language),
        place=flight.place.get(language, ""),
        starts=flight.starts,
        ends=flight.ends,
        times=times_of(flight),
        days=len(days),
        placements=len(flight.placements(campaign.zone)),
        counted=channel.counted,
        days_off=len(_off(days, calendar)),
        made_up=len(_not_made_up(flight, days, calendar)) if _keeps_office_hours(flight) else None,
    )


def _keeps_office_hours(flight: Flight) -> bool:
    """Whether a flight is for the office's own week: Monday to Friday, by day."""
    opens, closes = _OFFICE_HOURS
    return bool(
        flight.slots
        and flight.weekdays == _OFFICE_WEEK
        and all(opens <= slot.starts and (slot.ends or slot.starts) <= closes for slot in flight.slots)
    )


def _off(days: Iterable[dt.date], calendar: WorkCalendar) -> list[dt.date]:
    return [day for day in days if calendar.knows(day) and calendar.sort(day) is Sort.HOLIDAY]


def _not_made_up(flight: Flight, days: Iterable[dt.date], calendar: WorkCalendar) -> list[dt.date]:
    return sorted({day for day in calendar.make_up if flight.starts <= day <= flight.ends} - set(days))


def _office_hours_notes(flight: Flight, campaign: Campaign, calendar: WorkCalendar) -> list[str]:
    if not _keeps_office_hours(flight):
        return []
    days = placement_days(flight, campaign)
    notes = []
    if off := _off(days, calendar):
        facts = {"flight": flight.id, "count": len(off), "day": off[0]}
        notes.append(_("{flight}: {count} of its days are days off, the first {day}", **facts))
    if missed := _not_made_up(flight, days, calendar):
        facts = {"flight": flight.id, "count": len(missed), "day": missed[0]}
        notes.append(_("{flight}: nothing on {count} weekend days worked to make up, the first {day}", **facts))
    return notes
