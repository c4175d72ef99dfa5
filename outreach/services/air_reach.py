"""What the campaign's placements on air, in print and on walls are estimated to reach, by the rate card.

Estimated reach is a share of people, counted reach a number of households in the records. They are shown beside each
other and never added: who saw a crawl is not known, who opened the door is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from outreach.domain.campaign import Campaign
from outreach.planning.reach import Reach, pooled, reach_of
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import AIR_CHANNELS, Card, CardLine, card_path, insertions_of, line_for, load_card


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A line of the card, a channel or the whole, with what it costs and reaches. label: '' for the whole.

    cpp_fen: of one rating point, cpm_fen: of a thousand exposures; None where there are none. pooled: reach once where
    a station's dayparts share their viewers as its insertions do; None for single lines.
    """

    label: str
    channel: str
    cost_fen: int
    reach: Reach
    cpp_fen: float | None
    cpm_fen: float | None
    pooled: float | None


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Placements of a flight that no line of the card holds; they are in no figure."""

    flight: str
    placements: int


@dataclass(frozen=True, slots=True)
class Counted:
    """From the records: households reached of all."""

    households: int
    reached: int


@dataclass(frozen=True, slots=True)
class AirReach:
    """Estimates by line, channel and in all; what the card does not price; what the records count, apart.

    people: how many people the shares are of. guessed: lines whose repeat is the planning file's guess.
    """

    campaign: str
    people: int
    lines: tuple[ReachRow, ...]
    channels: tuple[ReachRow, ...]
    total: ReachRow
    unpriced: tuple[Unpriced, ...]
    guessed: tuple[str, ...]
    counted: Counted


def show_air(office: Office, campaign_name: str) -> AirReach:
    """Estimate the reach of the campaign's own flights; raises NotFound where it has no rate card, or BadInput."""
    campaign = load_campaign(office.workspace, campaign_name)
    card = load_card(office.workspace, campaign, load_plan(office.workspace, campaign_name).air)
    bought, unpriced = in_force(campaign, card)
    return estimate(office, campaign, card, bought, unpriced)


def show_air_or_none(office: Office, campaign_name: str) -> AirReach | None:
    """As `show_air`, None for a campaign without a rate card."""
    section = load_plan(office.workspace, campaign_name).air
    if not card_path(office.workspace, campaign_name, section).is_file():
        return None
    return show_air(office, campaign_name)


def in_force(campaign: Campaign, card: Card) -> tuple[dict[int, int], tuple[Unpriced, ...]]:
    """The insertions of each of the card's lines, by its index, that the flights are; and those of no line."""
    index = {id(one): number for number, one in enumerate(card.lines)}
    bought: Counter[int] = Counter()
    unpriced: Counter[str] = Counter()
    for flight in campaign.flights:
        if flight.channel not in AIR_CHANNELS:
            continue
        for placement in flight.placements(campaign.zone):
            found = line_for(card, flight, placement)
            if found is None:
                unpriced[flight.id] += 1
            else:
                bought[index[id(found)]] += insertions_of(found.line, placement)
    return dict(bought), tuple(Unpriced(flight, count) for flight, count in unpriced.items())


def estimate(
    office: Office, campaign: Campaign, card: Card, bought: dict[int, int], unpriced: tuple[Unpriced, ...] = ()
) -> AirReach:
    """What so many insertions of the card's lines come to, beside what the records count."""
    parts = [(card.lines[number], count) for number, count in sorted(bought.items()) if count]
    channels: dict[str, list[tuple[CardLine, int]]] = defaultdict(list)
    for one, count in parts:
        channels[one.line.channel].append((one, count))
    with office.store.read() as unit:
        # As coverage counts them: what is left of erased households as well, for they may be among those reached.
        households = len(unit.rosters.household_ids().keys() | unit.erasures.stones().keys())
        standings = unit.facts.standings(campaign.name, campaign.zone).values()
        reached = sum(standing.first_reached_at is not None for standing in standings)
    return AirReach(
        campaign=campaign.name,
        people=card.people,
        lines=tuple(_row(card, one.line.label, one.line.channel, [(one, count)]) for one, count in parts),
        channels=tuple(_row(card, key, key, channels[key]) for key in AIR_CHANNELS if key in channels),
        total=_row(card, "", "", parts),
        unpriced=unpriced,
        guessed=tuple(one.line.label for one, _count in parts if one.guessed),
        counted=Counted(households, reached),
    )


def _row(card: Card, label: str, channel: str, parts: Iterable[tuple[CardLine, int]]) -> ReachRow:
    kept = list(parts)
    reach = reach_of((one.vehicle, count) for one, count in kept)
    cost = sum(one.line.price_fen * count for one, count in kept)
    thousands = reach.grp / 100 * card.people / 1000
    sellers: dict[tuple[str, str], list[tuple[CardLine, int]]] = defaultdict(list)
    for one, count in kept:
        sellers[one.line.outlet].append((one, count))
    careful = reach_of(pooled([(one.vehicle, count) for one, count in group]) for group in sellers.values())
    return ReachRow(
        label,
        channel,
        cost,
        reach,
        cost / reach.grp if reach.grp else None,
        cost / thousands if thousands else None,
        careful.once if len(kept) > 1 and not math.isclose(careful.once, reach.once) else None,
    )
