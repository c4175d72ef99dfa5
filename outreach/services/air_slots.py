"""What can be bought of a rate card in a stretch of days: slots by outlet, with the rules the planning file sets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from outreach.domain.calendar import Sort, days_between
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.messages import _
from outreach.planning.flights import Offer, Rule
from outreach.planning.flights_layout import MOST_LINES, OpenSlot, Outlet, crowding, rooms
from outreach.services.plan_air import AirPresence, AirSection
from outreach.services.rate_cards import AIR_CHANNELS, Card, CardLine, refuse_unknown, seconds_of


@dataclass(frozen=True, slots=True)
class Market:
    """What is for sale. lines: those that can be bought; outlets: who sells them; offers: the same for the solver."""

    lines: tuple[CardLine, ...]
    outlets: tuple[Outlet, ...]
    offers: tuple[Offer, ...]
    rules: tuple[Rule, ...]


def open_market(campaign: Campaign, card: Card, section: AirSection, first: dt.date, last: dt.date) -> Market:
    """All that can be bought from `first` to `last`; raises BadInput where the rules name what is not for sale."""
    refuse_unknown(section.channels, _("plan.toml, air.channels"))
    named = [one.channel for one in section.limits] + [one.channel for one in section.presence]
    refuse_unknown(filter(None, named), _("plan.toml, air"))
    _refuse_strangers(card, section)
    lines = _usable(campaign, card, section)
    if not lines:
        raise BadInput.at(section.rates, _("no line can be bought"), _("see air.channels and air.seconds in plan.toml"))
    starts = _periods(section, first, last)
    slots = _slots(card, section, lines, first, last, starts)
    by_seller: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(lines):
        by_seller[one.line.outlet].append(number)
    outlets, rules = [], []
    room: dict[int, tuple[int, ...]] = {}
    for (channel, vehicle), numbers in by_seller.items():
        if len(numbers) > MOST_LINES:
            what = _("'{vehicle}' has {count} lines to choose from; {most} can be weighed against each other",
                     vehicle=vehicle, count=len(numbers), most=MOST_LINES)  # fmt: skip
            raise BadInput.at(
                section.rates, what, _("take lines out, or name air.channels or air.seconds in plan.toml")
            )
        limit = section.limit_of(channel, vehicle)
        outlet = Outlet(tuple(numbers), tuple(slots[n] for n in numbers), limit.most_a_day, limit.most_a_week)
        outlets.append(outlet)
        room |= dict(zip(numbers, rooms(outlet, len(starts)), strict=True))
        rules += [Rule(*each) for each in crowding(outlet, len(starts))]
        if limit.most is not None:
            rules.append(Rule(tuple((n, period) for n in numbers for period in range(len(starts))), 0, limit.most))
    rules += [_presence(one, lines, room, starts, section) for one in section.presence]
    offers = tuple(Offer(one.line.price_fen, one.vehicle, room[n]) for n, one in enumerate(lines))
    return Market(tuple(lines), tuple(outlets), offers, tuple(rules))


def _refuse_strangers(card: Card, section: AirSection) -> None:
    known = {one.line.vehicle for one in card.lines}
    named = [("limits", one.vehicle) for one in section.limits] + [
        ("presence", one.vehicle) for one in section.presence
    ]
    refuse_if_any(
        Fault(
            f"plan.toml, air.{key}",
            _("the rate card has no '{vehicle}'", vehicle=vehicle),
            _("choose one of {names}", names=", ".join(sorted(known))),
        )
        for key, vehicle in named
        if vehicle and vehicle not in known
    )


def _usable(campaign: Campaign, card: Card, section: AirSection) -> list[CardLine]:
    """The lines of the wanted channels that are long enough; of those alike but in price or length the cheapest."""
    wanted = section.channels or AIR_CHANNELS
    best: dict[tuple[object, ...], CardLine] = {}
    for one in card.lines:
        line = one.line
        own = [seconds_of(flight) for flight in campaign.flights if flight.channel == line.channel]
        needed = section.seconds.get(line.channel, max(own, default=0))
        if line.channel not in wanted or (line.seconds and line.seconds < needed):
            continue
        key = (*line.outlet, line.daypart, line.times, line.weekdays, line.sort, line.days, one.vehicle)
        if key not in best or line.price_fen < best[key].line.price_fen:
            best[key] = one
    return list(best.values())


def _periods(section: AirSection, first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of each period: the plan's own, and wherever a presence begins or has ended."""
    cuts = {first}
    for number, one in enumerate(section.presence):
        if one.last < first or one.first > last:
            what = _("{first} to {last} lies outside the plan", first=one.first, last=one.last)
            raise BadInput.at(f"plan.toml, air.presence[{number}]", what, _("move it, or plan other days"))
        cuts |= {one.first, one.last + dt.timedelta(days=1)}
    return sorted(day for day in cuts if first <= day <= last)


def _slots(
    card: Card, section: AirSection, lines: Sequence[CardLine], first: dt.date, last: dt.date, starts: Sequence[dt.date]
) -> list[frozenset[OpenSlot]]:
    index = {id(one): number for number, one in enumerate(lines)}
    found: list[set[OpenSlot]] = [set() for _one in lines]
    free_from = dict.fromkeys(range(len(lines)), first)
    blackout = set(section.blackout)
    sellers = {one.line.outlet for one in lines}
    for day in days_between(first, last):
        if day in blackout:
            continue
        period = sum(start <= day for start in starts) - 1
        festive = card.calendar.knows(day) and card.calendar.sort(day) is Sort.HOLIDAY
        weight = section.holiday_weight if festive else 1.0
        for channel, vehicle in sellers:
            ready = first + dt.timedelta(days=section.limit_of(channel, vehicle).lead_days)
            for one in card.open_lines(channel, vehicle, day):
                number = index.get(id(one))
                if number is None or day < max(ready, free_from[number]):
                    continue
                length = one.line.days
                if length > 1:
                    if day + dt.timedelta(days=length - 1) > last:
                        continue
                    free_from[number] = day + dt.timedelta(days=length)
                times: list[dt.time | None] = [slot.starts for slot in one.line.times if length == 1]
                found[number] |= {OpenSlot(day, time, period, weight) for time in times or [None]}
    return [frozenset(slots) for slots in found]


def _presence(
    one: AirPresence,
    lines: Sequence[CardLine],
    room: dict[int, tuple[int, ...]],
    starts: Sequence[dt.date],
    section: AirSection,
) -> Rule:
    members = tuple(
        (number, period)
        for number, each in enumerate(lines)
        for period, start in enumerate(starts)
        if one.first <= start <= one.last
        and one.channel in ("", each.line.channel)
        and one.vehicle in ("", each.line.vehicle)
    )
    most = sum(room[number][period] for number, period in members)
    if most < one.least:
        what = _("from {first} to {last} {most} insertions can be had, not {least}", first=one.first, last=one.last,
                 most=most, least=one.least)  # fmt: skip
        place = f"plan.toml, air.presence[{section.presence.index(one)}]"
        raise BadInput.at(place, what, _("ask for fewer, or open more days and lines"))
    return Rule(members, one.least, most)
