"""Numbers for calendar entries: what was sent before is compared with what is to be sent, entry by entry.

RFC 5546 (iTIP): a reader takes an entry in the place of one of the same UID where its SEQUENCE is higher, and takes
it away where its STATUS is CANCELLED. So an entry that changed gets the next number, one that disappeared is sent once
more as cancelled, and one that did not change keeps its number, its time stamp and so its bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.render.ics import Event, Status
from outreach.store.calendar_entries import SentEntry
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Numbered:
    """A calendar to write. events: all of it, cancelled entries included. updates: those that are new, changed or
    cancelled since the calendar was last numbered.
    """

    events: tuple[Event, ...]
    updates: tuple[Event, ...]


def numbered(unit: Unit, calendar: str, events: Iterable[Event], at: dt.datetime) -> Numbered:
    """The events with their SEQUENCE, STATUS and stamp, and what must be cancelled; `unit` remembers them as sent.

    calendar: names the file among all that are ever sent, such as 'town/zh/booth/officer/G01'; each has numbers of its
    own, so the UIDs of an entry in two files must differ where one file may lose it and the other keep it. at: zoned,
    as of when the content holds; an entry that changed is stamped later than before in any case.
    """
    zone = at.tzinfo or dt.UTC
    before = unit.calendar_entries.sent(calendar, zone)
    at = at.replace(microsecond=0)
    after: dict[str, SentEntry] = {}
    for event in events:
        content, old = _content(event), before.get(event.uid)
        if old and old.status == event.status and dict(old.content) == content:
            after[event.uid] = old
        else:
            after[event.uid] = _next(old, event.uid, event.status, content, at)
    for uid, old in before.items():
        if uid not in after:
            gone = old.status == "CANCELLED"
            after[uid] = old if gone else _next(old, uid, "CANCELLED", old.content, at)
    changed = [entry for uid, entry in after.items() if entry is not before.get(uid)]
    unit.calendar_entries.remember(calendar, changed)
    uids = {entry.uid for entry in changed}
    made = tuple(_event(entry) for entry in after.values())
    return Numbered(made, tuple(event for event in made if event.uid in uids))


def _next(old: SentEntry | None, uid: str, status: str, content: Mapping[str, Any], at: dt.datetime) -> SentEntry:
    if old is None:
        return SentEntry(uid, 0, status, content, at)
    return SentEntry(uid, old.sequence + 1, status, content, max(at, old.changed + dt.timedelta(seconds=1)))


def _content(event: Event) -> dict[str, Any]:
    return {
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat(),
        "summary": event.summary,
        "location": event.location,
        "description": event.description,
        "categories": list(event.categories),
        "whole_days": event.whole_days,
    }


def _event(entry: SentEntry) -> Event:
    content = entry.content
    return Event(
        uid=entry.uid,
        starts=dt.datetime.fromisoformat(content["starts"]),
        ends=dt.datetime.fromisoformat(content["ends"]),
        summary=content["summary"],
        location=content["location"],
        description=content["description"],
        sequence=entry.sequence,
        status=_STATUS[entry.status],
        categories=tuple(content["categories"]),
        whole_days=content["whole_days"],
        stamp=entry.changed,
    )


_STATUS: Mapping[str, Status] = {"TENTATIVE": "TENTATIVE", "CONFIRMED": "CONFIRMED", "CANCELLED": "CANCELLED"}
