"""Calendars (RFC 5545) that phones and desktop calendars subscribe to or import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from outreach.errors import BadInput
from outreach.messages import _

if TYPE_CHECKING:
    from icalendar import Event as Component
    from icalendar import Timezone

PRODUCT = "-//outreach//campaign calendar//EN"

Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. starts, ends: zoned. uid: stable over re-makings; sequence grows when the entry changes.

    whole_days: the entry stands above the days it touches, without hours, and does not block the time. stamp: zoned,
    when it became as it is; the calendar's stamp where None.
    """

    uid: str
    starts: dt.datetime
    ends: dt.datetime
    summary: str
    location: str = ""
    description: str = ""
    sequence: int = 0
    status: Status = "CONFIRMED"
    categories: tuple[str, ...] = ()
    whole_days: bool = False
    stamp: dt.datetime | None = None


def make_calendar(name: str, events: Iterable[Event], *, zone: str, stamp: dt.datetime) -> bytes:
    """A calendar of `events`, in order of start and uid, whose times are told in `zone` (an IANA name).

    stamp: zoned; the DTSTAMP of every entry without one of its own, so that the same inputs give the same bytes.
    Control characters are taken out of texts. Raises BadInput for an unknown zone; ValueError for times without a
    zone, an end not after its start, and a uid given twice.
    """
    from icalendar import Calendar, vText

    try:
        told_in = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput.at(
            zone, _("there is no such time zone"), _("give an IANA name such as Asia/Shanghai")
        ) from error
    if stamp.tzinfo is None:
        raise ValueError("a calendar's stamp is zoned")
    entries = sorted(events, key=lambda event: (event.starts, event.uid))
    _check(entries)

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # Given as vText, or icalendar writes commas of a name unescaped.
    calendar.add("name", vText(_clean(name)))
    calendar.add("x-wr-calname", vText(_clean(name)))
    calendar.add("x-wr-timezone", zone)
    years = [moment.astimezone(told_in).year for event in entries for moment in (event.starts, event.ends)]
    years = years or [stamp.astimezone(told_in).year]
    calendar.add_component(_timezone(told_in, zone, min(years), max(years)))
    for event in entries:
        calendar.add_component(_component(event, told_in, stamp))
    content: bytes = calendar.to_ical(sorted=False)
    return content


def _check(entries: list[Event]) -> None:
    uids: set[str] = set()
    for event in entries:
        if event.starts.tzinfo is None or event.ends.tzinfo is None:
            raise ValueError(f"{event.uid}: times are zoned")
        if event.ends <= event.starts:
            raise ValueError(f"{event.uid}: ends before it starts")
        if not event.uid or event.uid in uids:
            raise ValueError(f"'{event.uid}': every entry has a uid of its own")
        uids.add(event.uid)


def _timezone(told_in: ZoneInfo, zone: str, first_year: int, last_year: int) -> Timezone:
    """The zone's offset at the start of `first_year` and every change until the end of `last_year`.

    Written here because icalendar 7.3 dates the change to summer time by the clock after the change, where
    RFC 5545 3.6.5 asks for the clock before it.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    table = Timezone()
    table.add("tzid", zone)
    start = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC) - dt.timedelta(days=1)
    before = start.astimezone(told_in).utcoffset() or dt.timedelta(0)
    for onset in (start, *_changes(told_in, start, dt.datetime(last_year + 1, 1, 2, tzinfo=dt.UTC))):
        local = onset.astimezone(told_in)
        after = local.utcoffset() or dt.timedelta(0)
        part = TimezoneDaylight() if local.dst() else TimezoneStandard()
        part.add("dtstart", (onset + before).replace(tzinfo=None))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", local.tzname() or zone)
        table.add_component(part)
        before = after
    return table


def _changes(told_in: ZoneInfo, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """The moments (UTC, to the second) between which the offset of the zone differs."""
    day, second = dt.timedelta(days=1), dt.timedelta(seconds=1)
    while start < end:
        low, high = start, start + day
        if low.astimezone(told_in).utcoffset() != high.astimezone(told_in).utcoffset():
            known = low.astimezone(told_in).utcoffset()
            while high - low > second:
                middle = low + dt.timedelta(seconds=(high - low).total_seconds() // 2)
                if middle.astimezone(told_in).utcoffset() == known:
                    low = middle
                else:
                    high = middle
            yield high
        start += day


def _component(event: Event, told_in: ZoneInfo, stamp: dt.datetime) -> Component:
    from icalendar import Event as Component

    entry = Component()
    entry.add("uid", _clean(event.uid))
    entry.add("dtstamp", (event.stamp or stamp).astimezone(dt.UTC).replace(microsecond=0))
    starts, ends = (moment.astimezone(told_in).replace(microsecond=0) for moment in (event.starts, event.ends))
    if event.whole_days:
        entry.add("dtstart", starts.date())
        # RFC 5545 3.6.1: the end is the first day that no longer belongs to the entry.
        entry.add("dtend", ends.date() + dt.timedelta(days=ends.time() > dt.time.min))
        entry.add("transp", "TRANSPARENT")
    else:
        entry.add("dtstart", starts)
        entry.add("dtend", ends)
    entry.add("sequence", event.sequence)
    entry.add("status", event.status)
    entry.add("summary", _clean(event.summary))
    for key, text in (("location", event.location), ("description", event.description)):
        if text:
            entry.add(key, _clean(text))
    if event.categories:
        entry.add("categories", [_clean(category) for category in event.categories])
    return entry


def _clean(text: str) -> str:
    """The text without control characters, its line ends as LF: the rest RFC 5545 allows no way to write."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in unified if sign in "\n\t" or (sign >= " " and sign != "\x7f"))
