"""Pictures of a campaign over the calendar: all of it as a Gantt, a month as a wall calendar."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable

from outreach.channels import channels
from outreach.config import Workspace
from outreach.domain.calendar import Sort, WorkCalendar, days_between
from outreach.domain.campaign import Campaign, Flight
from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.holidays import festivals, lunar, work_calendar
from outreach.render.gantt import COUNTED, ESTIMATED, Bar, DaysOff, Span, gantt_svg
from outreach.render.month import Entry, Mark, MonthDay, month_svg
from outreach.services.campaigns import load_campaign
from outreach.services.overview import (
    holidays_met,
    make_up_days,
    placement_days,
    plan_overview,
    runs_of,
    spoken_in,
    times_of,
)
from outreach.services.values import printed_day, printed_month

_WEEK = 7
"""Days of the campaign a month must have before 'every day' says more than the days themselves."""


def draw_gantt(workspace: Workspace, name: str, today: dt.date | None = None) -> str:
    """The campaign's flights over its days, by channel in the order they begin; today: a line at that day."""
    campaign = load_campaign(workspace, name)
    language = spoken_in(campaign)
    groups: dict[str, list[Bar]] = {}
    for flight in sorted(campaign.flights, key=lambda one: (one.starts, one.ends, one.id)):
        groups.setdefault(flight.channel, []).append(_bar(flight, campaign, language))
    labels = {key: channels()[key].label(language) for key in groups}
    off = [
        DaysOff(one.zh if language == "zh" else one.en, one.first, one.last, one.provisional)
        for one in holidays_met(campaign.starts, campaign.ends)
    ]
    first, last = campaign.starts, campaign.ends
    plan = plan_overview(workspace, name)
    subtitle = _(
        "{starts} to {ends} · placements of counted reach: {counted}, of estimated reach: {estimated}",
        starts=printed_day(first, language),
        ends=printed_day(last, language),
        counted=f"{plan.counted_placements:,}",
        estimated=f"{plan.estimated_placements:,}",
    )
    span = Span(first, last, _month_names(first, last, language), off, make_up_days(first, last), today)
    return gantt_svg(plan.title, subtitle, [(labels[key], bars) for key, bars in groups.items()], span)


def _bar(flight: Flight, campaign: Campaign, language: str) -> Bar:
    message = campaign.messages[flight.message].words.get(language, "") if flight.message else ""
    return Bar(
        label=flight.place.get(language) or flight.place.get("zh") or flight.id,
        message=message,
        starts=flight.starts,
        ends=flight.ends,
        runs=runs_of(placement_days(flight, campaign)),
        placements=len(flight.placements(campaign.zone)),
        counted=channels()[flight.channel].counted,
    )


def _month_names(first: dt.date, last: dt.date, language: str) -> list[str]:
    """Every month from first to last; the year only where it changes."""
    names: list[str] = []
    day = first.replace(day=1)
    while day <= last:
        whole = printed_month(day, language)
        bare = f"{day.month}月" if language == "zh" else whole.rsplit(" ", 1)[0]
        names.append(whole if not names or day.month == 1 else bare)
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return names


def draw_month(workspace: Workspace, name: str, month: str = "") -> str:
    """One month of the campaign as a wall calendar; month: '2005-02', the campaign's first where empty.

    Raises BadInput for what is no month, and for one the campaign does not touch.
    """
    campaign = load_campaign(workspace, name)
    language = spoken_in(campaign)
    first, last = month_of(month, campaign)
    calendar = work_calendar()
    days = list(days_between(first, last))
    running = {flight.id: set(placement_days(flight, campaign)).intersection(days) for flight in campaign.flights}
    inside = [day for day in days if campaign.starts <= day <= campaign.ends]
    daily, office, shown = [], [], []
    for flight in campaign.flights:
        if len(inside) >= _WEEK and running[flight.id] == set(inside):
            daily.append(flight)
        elif len(inside) >= _WEEK and running[flight.id] == {day for day in inside if day.weekday() < 5}:
            office.append(flight)
        elif running[flight.id]:
            shown.append(flight)
    # A wall calendar is looked at for whom it sends where, and for what is rare; the rest gives way on a full day.
    shown.sort(key=lambda flight: (not flight.heads, len(running[flight.id]), flight.starts, flight.id))
    cells = [
        _month_day(day, [one for one in shown if day in running[one.id]], campaign, calendar, language) for day in days
    ]
    notes = _regular(_("Every day"), daily, language) + _regular(_("Every Monday to Friday"), office, language)
    if not calendar.knows(first):
        notes.append(_("The holidays of {year} are not known.", year=first.year))
    weekdays = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    title = printed_month(first, language) if language == "zh" else printed_day(first, language).split(" ", 1)[1]
    return month_svg(title, campaign.texts[language].title, cells, weekdays, notes)


def month_of(month: str, campaign: Campaign) -> tuple[dt.date, dt.date]:
    """First and last day of '2005-02', or of the campaign's first month; raises BadInput."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month, re.ASCII) if month else None
    if month and (found is None or int(found[1]) == 0):
        raise BadInput.at(month, _("is no month"), _("write it as {example}", example="2005-02"))
    first = dt.date(int(found[1]), int(found[2]), 1) if found else campaign.starts.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if last < campaign.starts or campaign.ends < first:
        what = _("is not in the campaign ({starts} to {ends})", starts=campaign.starts, ends=campaign.ends)
        raise BadInput.at(month, what, _("choose a month of it"))
    return first, last


def _month_day(
    day: dt.date, flights: Iterable[Flight], campaign: Campaign, calendar: WorkCalendar, language: str
) -> MonthDay:
    names = [zh if language == "zh" else en for zh, en in festivals(day)]
    known = calendar.knows(day)
    sort = calendar.sort(day) if known else None
    marks: dict[Sort | None, Mark] = {Sort.HOLIDAY: "off", Sort.MAKE_UP: "work"}
    mark: Mark = marks.get(sort, "")
    moon = lunar(day)
    return MonthDay(
        number=day.day,
        weekday=day.weekday(),
        under=_joined(names, language) or (moon.short_zh if language == "zh" else f"lunar {moon.month}-{moon.day}"),
        festival=bool(names),
        mark=mark,
        weekend=day.weekday() >= 5,
        provisional=known and calendar.is_provisional(day, day),
        outside=not campaign.starts <= day <= campaign.ends,
        entries=_entries(flights, language),
    )


def _entries(flights: Iterable[Flight], language: str) -> list[Entry]:
    """A day's flights in words; those of one channel at the same times share an entry."""
    together: dict[tuple[str, str], list[Flight]] = {}
    for flight in flights:
        together.setdefault((flight.channel, _times(flight, language)), []).append(flight)
    return [
        Entry(
            times,
            _what(channel, members, language),
            channels()[channel].label(language),
            COUNTED if channels()[channel].counted else ESTIMATED,
        )
        for (channel, times), members in together.items()
    ]


def _what(channel: str, flights: Iterable[Flight], language: str) -> str:
    """The channel and where it runs: '车站咨询台：长途汽车站、短途汽车站'."""
    places = _joined(dict.fromkeys(flight.place.get(language, "") for flight in flights), language)
    label = channels()[channel].label(language)
    between = "：" if language == "zh" else ": "
    return f"{label}{between}{places}" if places else label


def _times(flight: Flight, language: str) -> str:
    """'19:35, 21:10'; stretches of whole hours are short: '8–12, 13–17'."""
    if flight.slots and all(slot.ends and slot.starts.minute == slot.ends.minute == 0 for slot in flight.slots):
        hours = _joined((f"{slot.starts.hour}–{slot.ends.hour}" for slot in flight.slots if slot.ends), language)
        return f"{hours}时" if language == "zh" else hours
    return _joined(times_of(flight), language)


def _joined(words: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(filter(None, words))


def _regular(when: str, flights: list[Flight], language: str) -> list[str]:
    if not flights:
        return []
    found = [f"{entry.times} {entry.words}".strip() for entry in _entries(flights, language)]
    return [_("{when}: {what}", when=when, what=("；" if language == "zh" else "; ").join(found))]
