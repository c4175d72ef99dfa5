"""Make-goods (补播): for placements that were missed or cut short, free slots of the same seller worth as much."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from outreach.domain.airing import PlacementState
from outreach.domain.calendar import days_between
from outreach.domain.campaign import Campaign, Flight
from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.flights_layout import OpenSlot
from outreach.services.air_check import Checked, Loss, check_all
from outreach.services.air_flights import Taken
from outreach.services.airings import air_placements
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_air import AirSection
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import Card, CardLine, load_card, seconds_of, sold_by, vehicle_of

_EVEN = 1e-9


@dataclass(frozen=True, slots=True)
class Offered:
    """One free slot. points: the rating points it is worth. time: None where the time is not the buyer's."""

    label: str
    day: dt.date
    time: dt.time | None
    points: float


@dataclass(frozen=True, slots=True)
class MakeGood:
    """What was lost and what is to stand in for it.

    spots: none where the seller has nothing left that is worth it while the message is true; back_fen is the money to
    ask for then, else 0.
    """

    lost: Checked
    label: str
    points: float
    spots: tuple[Offered, ...]
    back_fen: int


@dataclass(frozen=True, slots=True)
class MakeGoods:
    """Make-goods for all losses that a rate card prices. unpriced: losses it does not.

    slots: each line of the card with the slots it takes and whose message they carry, as flights are written from.
    """

    campaign: str
    first: dt.date
    last: dt.date
    goods: tuple[MakeGood, ...]
    unpriced: tuple[Checked, ...]
    slots: tuple[Taken, ...]


def plan_makegoods(office: Office, campaign_name: str, *, first: dt.date | None = None) -> MakeGoods:
    """Propose make-goods from `first` (tomorrow if not named) to the campaign's end; nothing is stored.

    The same daypart comes first, its earliest free slot; then another daypart of the seller that is worth as much, the
    one with least to spare; then several smaller ones. All lie in days on which the lost message is still said: those
    of its flight, or of another with the same message. Raises NotFound without a rate card, BadInput for a day outside.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    section = load_plan(office.workspace, campaign_name).air
    card = load_card(office.workspace, campaign, section)
    begin = max(first or office.now().date() + dt.timedelta(days=1), campaign.starts)
    if begin > campaign.ends:
        what = _("{day} is after the campaign's end {ends}", day=begin, ends=campaign.ends)
        raise BadInput.at(
            _("the first day for make-goods"), what, _("name an earlier day with --from, or ask for money")
        )
    losses = [
        loss
        for loss in check_all(office, campaign_name)[0]
        if loss.checked.state in (PlacementState.MISSED, PlacementState.SHORT)
    ]
    shelf = _Shelf(campaign, card, section, begin)
    goods: list[MakeGood] = []
    taken: dict[tuple[int, str], tuple[CardLine, list[OpenSlot]]] = {}
    for loss in losses:
        if loss.line is None:
            continue
        points = loss.checked.lost_points or 0.0
        chosen = shelf.replace(loss, loss.line, points)
        for one, slot in chosen:
            taken.setdefault((id(one), loss.one.flight.id), (one, []))[1].append(slot)
        spots = tuple(Offered(one.line.label, slot.day, slot.time, one.vehicle.audience * 100) for one, slot in chosen)
        back = 0 if spots else loss.checked.lost_fen or 0
        goods.append(MakeGood(loss.checked, loss.line.line.label, points, spots, back))
    return MakeGoods(
        campaign.name,
        begin,
        campaign.ends,
        tuple(goods),
        tuple(loss.checked for loss in losses if loss.line is None),
        tuple(
            Taken(one, tuple(sorted(slots, key=lambda slot: slot.day)), flight)
            for (_line, flight), (one, slots) in taken.items()
        ),
    )


def _true_days(campaign: Campaign, flight: Flight) -> frozenset[dt.date]:
    """The days on which a flight's message may be said: its own, and those of every flight with the same message."""
    alike = [one for one in campaign.flights if one is flight or (one.message and one.message == flight.message)]
    return frozenset(day for one in alike for day in days_between(one.starts, one.ends))


class _Shelf:
    """What a seller still has: slots that no placement and no other make-good takes, under the seller's limits."""

    def __init__(self, campaign: Campaign, card: Card, section: AirSection, begin: dt.date) -> None:
        self._campaign, self._card, self._section, self._begin = campaign, card, section, begin
        self._taken: set[tuple[str, str, dt.date, dt.time | None]] = set()
        self._a_day: Counter[tuple[str, str, dt.date]] = Counter()
        self._a_week: Counter[tuple[str, str, int]] = Counter()
        for one in air_placements(campaign):
            channel, vehicle = one.flight.channel, sold_by(card, one.flight.channel, vehicle_of(one.flight))
            placement = one.placement
            if placement.whole_days:
                last = (placement.ends - dt.timedelta(seconds=1)).date()
                for day in days_between(placement.starts.date(), last):
                    self._taken.add((channel, vehicle, day, None))
            else:
                self._count(channel, vehicle, placement.starts.date(), placement.starts.time())

    def _count(self, channel: str, vehicle: str, day: dt.date, time: dt.time | None) -> None:
        self._taken.add((channel, vehicle, day, time))
        self._a_day[channel, vehicle, day] += 1
        self._a_week[channel, vehicle, day.toordinal() - day.weekday()] += 1

    def replace(self, loss: Loss, wanted: CardLine, points: float) -> list[tuple[CardLine, OpenSlot]]:
        """Slots worth at least so many points; none where there are not enough. They are taken from then on."""
        flight = loss.one.flight
        days, needed = _true_days(self._campaign, flight), seconds_of(flight)
        same = next(self._free(wanted, days), None)
        if same is not None and wanted.vehicle.audience * 100 >= points - _EVEN:
            return self._take([(wanted, same)])
        others = [
            one
            for one in self._card.lines
            if one.line.outlet == wanted.line.outlet
            and one is not wanted
            and (not one.line.seconds or one.line.seconds >= needed)
        ]
        others.sort(key=lambda one: one.vehicle.audience)
        for one in others:
            slot = next(self._free(one, days), None)
            if slot is not None and one.vehicle.audience * 100 >= points - _EVEN:
                return self._take([(one, slot)])
        return self._several([wanted, *reversed(others)], points, days)

    def _several(
        self, lines: Sequence[CardLine], points: float, days: Collection[dt.date]
    ) -> list[tuple[CardLine, OpenSlot]]:
        chosen: list[tuple[CardLine, OpenSlot]] = []
        left = points
        for one in lines:
            while left > _EVEN and (slot := next(self._free(one, days), None)) is not None:
                chosen += self._take([(one, slot)])
                left -= one.vehicle.audience * 100
        if left <= _EVEN:
            return chosen
        for one, slot in chosen:
            self._give_back(one, slot)
        return []

    def _take(self, chosen: list[tuple[CardLine, OpenSlot]]) -> list[tuple[CardLine, OpenSlot]]:
        for one, slot in chosen:
            for day in days_between(slot.day, slot.day + dt.timedelta(days=one.line.days - 1)):
                self._taken.add((*one.line.outlet, day, slot.time))
            self._count(*one.line.outlet, slot.day, slot.time)
        return chosen

    def _give_back(self, one: CardLine, slot: OpenSlot) -> None:
        for day in days_between(slot.day, slot.day + dt.timedelta(days=one.line.days - 1)):
            self._taken.discard((*one.line.outlet, day, slot.time))
        self._a_day[*one.line.outlet, slot.day] -= 1
        self._a_week[*one.line.outlet, slot.day.toordinal() - slot.day.weekday()] -= 1

    def _free(self, one: CardLine, days: Collection[dt.date]) -> Iterator[OpenSlot]:
        line = one.line
        limit = self._section.limit_of(*line.outlet)
        start = self._begin + dt.timedelta(days=limit.lead_days)
        end = self._campaign.ends - dt.timedelta(days=line.days - 1)
        for day in days_between(start, end):
            if day in self._section.blackout or one not in self._card.open_lines(*line.outlet, day):
                continue
            if limit.most_a_day is not None and self._a_day[*line.outlet, day] >= limit.most_a_day:
                continue
            week = day.toordinal() - day.weekday()
            if limit.most_a_week is not None and self._a_week[*line.outlet, week] >= limit.most_a_week:
                continue
            times: list[dt.time | None] = [slot.starts for slot in line.times if line.days == 1]
            for time in times or [None]:
                block = days_between(day, day + dt.timedelta(days=line.days - 1))
                if all(each in days and (*line.outlet, each, time) not in self._taken for each in block):
                    yield OpenSlot(day, time, 0)
