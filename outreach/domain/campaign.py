"""The plan: a campaign, its texts, its flights over channels, and the placements they unfold into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from zoneinfo import ZoneInfo

from outreach.domain.payment import PaymentRules

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of day at which a flight runs; `ends` is None where only the start is fixed."""

    starts: dt.time
    ends: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The campaign's words in one language."""

    title: str
    slogan: str
    lead: str
    visits: str
    aims: tuple[str, ...]
    promise: tuple[str, ...]
    policy: tuple[str, ...]
    papers: tuple[str, ...]
    letter: tuple[str, ...]
    slip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bureau:
    """Who the campaign speaks for, in one language, with its phones."""

    name: str
    address: str
    hours: str
    hotline: str
    complaint_phone: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing the campaign says, in each language."""

    id: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flight:
    """A stretch of days (both ends included) in which one channel runs.

    weekdays: 0 is Monday. duration: how long one placement lasts where its slot names no end.
    staff: posts taken in turn, `heads` a placement. fields: what only this channel knows.
    """

    id: str
    channel: str
    starts: dt.date
    ends: dt.date
    weekdays: frozenset[int] = frozenset(range(7))
    slots: tuple[Slot, ...] = ()
    duration: dt.timedelta = dt.timedelta(minutes=15)
    message: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    heads: int = 0
    staff: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)

    def placements(self, zone: ZoneInfo) -> tuple[Placement, ...]:
        """Every placement in order of time. A flight without slots is one placement of whole days."""
        if not self.slots:
            midnight = dt.time(tzinfo=zone)
            first = dt.datetime.combine(self.starts, midnight)
            after = dt.datetime.combine(self.ends + dt.timedelta(days=1), midnight)
            return (Placement(self.id, self.channel, first, after, True, self.place, (), 0),)
        found: list[Placement] = []
        for day in _days(self.starts, self.ends):
            if day.weekday() not in self.weekdays:
                continue
            for turn, slot in enumerate(self.slots, start=1):
                begin = dt.datetime.combine(day, slot.starts, zone)
                end = dt.datetime.combine(day, slot.ends, zone) if slot.ends else begin + self.duration
                staff = self._on_turn(len(found))
                found.append(Placement(self.id, self.channel, begin, end, False, self.place, staff, turn))
        return tuple(found)

    def _on_turn(self, index: int) -> tuple[str, ...]:
        """The posts whose turn the index-th placement is: the staff list is taken round and round."""
        if not self.staff:
            return ()
        first = index * self.heads
        return tuple(self.staff[(first + head) % len(self.staff)] for head in range(self.heads))


@dataclass(frozen=True, slots=True)
class Placement:
    """One channel at one time and place; times are zoned. `staff` are posts.

    turn: which of the day's slots it is, from 1; 0 for whole days.
    """

    flight: str
    channel: str
    starts: dt.datetime
    ends: dt.datetime
    whole_days: bool
    place: Mapping[str, str]
    staff: tuple[str, ...]
    turn: int

    @property
    def key(self) -> str:
        """Names the placement for good, whatever its hours become: flight, day and turn."""
        return f"{self.flight}-{self.starts:%Y%m%d}-{self.turn}" if self.turn else self.flight

    def overlaps(self, other: Placement) -> bool:
        """Whether both run at some common moment."""
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Campaign:
    """A whole campaign as it was checked and loaded. payment: None where it says nothing of what is to pay."""

    name: str
    starts: dt.date
    ends: dt.date
    zone: ZoneInfo
    languages: tuple[str, ...]
    bureaus: Mapping[str, Bureau]
    texts: Mapping[str, Texts]
    audience: Mapping[str, str]
    households: int
    messages: Mapping[str, Message]
    flights: tuple[Flight, ...]
    payment: PaymentRules | None = None

    def placements(self) -> list[Placement]:
        """All placements of all flights in order of time."""
        found = [placement for flight in self.flights for placement in flight.placements(self.zone)]
        return sorted(found, key=lambda placement: (placement.starts, placement.flight))


@dataclass(frozen=True, slots=True)
class Clash:
    """Two placements that cannot both happen: `what` is 'place' or 'staff', `who` the place or post."""

    what: str
    who: str
    first: Placement
    second: Placement


def clashes(flights: Iterable[Flight], zone: ZoneInfo) -> list[Clash]:
    """Overlapping booths: one place used twice at a time, or one post in two places at once.

    One clash is given for each pair of flights and cause, the earliest, so that a wrong date is one line.
    """
    staffed = [flight for flight in flights if flight.heads]
    found: list[Clash] = []
    for flight in staffed:
        mine = flight.placements(zone)
        found += _first_of_each(_pair_clashes(mine, mine, same_flight=True))
    for one, two in combinations(staffed, 2):
        if one.starts <= two.ends and two.starts <= one.ends:
            found += _first_of_each(_pair_clashes(one.placements(zone), two.placements(zone), same_flight=False))
    return found


def _pair_clashes(ones: tuple[Placement, ...], twos: tuple[Placement, ...], *, same_flight: bool) -> Iterable[Clash]:
    for index, one in enumerate(ones):
        for two in twos[index + 1 :] if same_flight else twos:
            if not one.overlaps(two):
                continue
            place = one.place.get("zh") or one.place.get("en") or ""
            if place and _same_place(one.place, two.place):
                yield Clash("place", place, one, two)
            for post in sorted(set(one.staff) & set(two.staff)):
                yield Clash("staff", post, one, two)


def _same_place(one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    # One flight may name its place in one language only.
    return any(one[language] and one[language] == two.get(language) for language in one)


def _first_of_each(found: Iterable[Clash]) -> list[Clash]:
    first: dict[str, Clash] = {}
    for clash in found:
        first.setdefault(clash.what, clash)
    return list(first.values())


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)
