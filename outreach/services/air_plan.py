"""A plan for air time and space: what to buy for a budget, on which days, and how far it is from the best there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from outreach.domain.campaign import Campaign
from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.flights import Aim, Mix, NoMix, Offer, plan_mix, value_of
from outreach.planning.flights_layout import OpenSlot, lay_out
from outreach.services.air_flights import Taken, flight_tables, flights_text
from outreach.services.air_reach import AirReach, estimate, in_force
from outreach.services.air_slots import Market, open_market
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_air import AirSection
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import CardLine, load_card


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of the plan. last: what its last insertion adds to the aim; following: what one more would add.

    most: insertions that could be bought. Shares of the people, 0 to 1.
    """

    label: str
    channel: str
    price_fen: int
    insertions: int
    most: int
    cost_fen: int
    last: float
    following: float


@dataclass(frozen=True, slots=True)
class PlannedSpot:
    """One insertion. time: None where the time is not the buyer's."""

    label: str
    channel: str
    vehicle: str
    day: dt.date
    time: dt.time | None


@dataclass(frozen=True, slots=True)
class AirPlan:
    """What to buy. value: the share reached, as the aim asks; bound: no plan under these rules has more; gap: between.

    proven: whether the search went to its end. estimate: the plan's figures. present: those of the campaign's own
    flights over the same lines, for comparison. text: the `[[flights]]` tables, '' where they could not be written.
    """

    campaign: str
    aim: str
    first: dt.date
    last: dt.date
    budget_fen: int
    cost_fen: int
    value: float
    bound: float
    gap: float
    proven: bool
    lines: tuple[PlannedLine, ...]
    spots: tuple[PlannedSpot, ...]
    estimate: AirReach
    present: AirReach
    text: str


def plan_air(
    office: Office,
    campaign_name: str,
    *,
    budget_fen: int | None = None,
    aim: str = "",
    first: dt.date | None = None,
    last: dt.date | None = None,
    write: bool = False,
) -> AirPlan:
    """Plan placements for a budget; what is not named is the planning file's, and its days the campaign's.

    write: make the text of the flights too. Nothing is stored. Raises NotFound without a rate card, BadInput for a
    budget that buys nothing, days outside the campaign, rules that cannot be kept.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    section = load_plan(office.workspace, campaign_name).air
    card = load_card(office.workspace, campaign, section)
    goal = Aim(aim or section.aim)
    begin, end = _window(campaign, first or section.first, last or section.last)
    budget = _budget(budget_fen, section)
    market = open_market(campaign, card, section, begin, end)
    _refuse_small(budget, market)
    try:
        mix = plan_mix(market.offers, budget, goal, market.rules, effort=section.effort)
    except NoMix as error:
        what = _("the budget of {yuan} yuan and the limits leave no room for air.presence", yuan=_yuan(budget))
        raise BadInput.at("plan.toml, air", what, _("raise the budget, or ask for fewer insertions there")) from error
    slots = _laid_out(market, mix)
    chosen = [(one, slots[number]) for number, one in enumerate(market.lines) if slots[number]]
    index = {id(one): number for number, one in enumerate(card.lines)}
    bought = {index[id(one)]: len(taken) for one, taken in chosen}
    planned = estimate(office, campaign, card, bought)
    present, unpriced = in_force(campaign, card)
    plan = AirPlan(
        campaign.name,
        goal.value,
        begin,
        end,
        budget,
        mix.cost_fen,
        mix.value,
        mix.bound,
        mix.gap,
        mix.proven,
        tuple(_lines(market, mix, goal)),
        tuple(_spots(chosen)),
        planned,
        estimate(office, campaign, card, present, unpriced),
        "",
    )
    return replace(plan, text=_text(office, campaign, plan, chosen)) if write else plan


def _window(campaign: Campaign, first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    begin, end = first or campaign.starts, last or campaign.ends
    if end < begin:
        what = _("{ends} is before the start {starts}", ends=end, starts=begin)
        raise BadInput.at(_("the days of the plan"), what, _("write a later day"))
    for day in (begin, end):
        if not campaign.starts <= day <= campaign.ends:
            what = _("{day} is outside the campaign ({starts} to {ends})", day=day, starts=campaign.starts,
                     ends=campaign.ends)  # fmt: skip
            raise BadInput.at(_("the days of the plan"), what, _("choose days of the campaign"))
    return begin, end


def _budget(budget_fen: int | None, section: AirSection) -> int:
    if budget_fen is not None:
        return budget_fen
    if section.budget_yuan is None:
        raise BadInput.at(_("the budget"), _("is missing"), _("name it with --budget, or air.budget_yuan in plan.toml"))
    return int(section.budget_yuan * 100)


def _refuse_small(budget: int, market: Market) -> None:
    if budget <= 0:
        what = _("{yuan} yuan buy nothing", yuan=_yuan(budget))
        raise BadInput.at(_("the budget"), what, _("name a budget above nothing"))
    cheapest = min(market.lines, key=lambda one: one.line.price_fen).line
    if budget < cheapest.price_fen:
        what = _("{yuan} yuan buy nothing: the cheapest insertion, {label}, costs {price}", yuan=_yuan(budget),
                 label=cheapest.label, price=_yuan(cheapest.price_fen))  # fmt: skip
        raise BadInput.at(_("the budget"), what, _("raise it"))
    if not any(map(sum, (offer.room for offer in market.offers))):
        raise BadInput.at(_("the days of the plan"), _("no slot is for sale"), _("choose more days, or lift limits"))


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:,f}"


def _laid_out(market: Market, mix: Mix) -> dict[int, list[OpenSlot]]:
    """The slots of each line."""
    found: dict[int, list[OpenSlot]] = {}
    for outlet in market.outlets:
        taken = lay_out(outlet, [mix.counts[number] for number in outlet.lines])
        found |= dict(zip(outlet.lines, taken, strict=True))
    return found


def _lines(market: Market, mix: Mix, aim: Aim) -> list[PlannedLine]:
    totals = list(mix.totals)
    found = []
    for number, (one, offer) in enumerate(zip(market.lines, market.offers, strict=True)):
        n, most = totals[number], sum(offer.room)
        less, more = (_with(market.offers, totals, number, n + step, aim) for step in (-1, 1))
        found.append(
            PlannedLine(
                one.line.label,
                one.line.channel,
                offer.price_fen,
                n,
                most,
                n * offer.price_fen,
                mix.value - less if n else 0.0,
                more - mix.value if n < most else 0.0,
            )
        )
    return found


def _with(offers: Sequence[Offer], totals: Sequence[int], number: int, count: int, aim: Aim) -> float:
    changed = [max(count, 0) if at == number else n for at, n in enumerate(totals)]
    return value_of(offers, changed, aim)


def _spots(chosen: Sequence[tuple[CardLine, Sequence[OpenSlot]]]) -> list[PlannedSpot]:
    found = [
        PlannedSpot(one.line.label, one.line.channel, one.line.vehicle, slot.day, slot.time)
        for one, slots in chosen
        for slot in slots
    ]
    return sorted(found, key=lambda spot: (spot.day, spot.time or dt.time(), spot.label))


def _text(
    office: Office, campaign: Campaign, plan: AirPlan, chosen: Sequence[tuple[CardLine, Sequence[OpenSlot]]]
) -> str:
    reach = plan.estimate.total.reach
    said = [
        _("a plan of {cost} yuan for '{campaign}', {first} to {last}", cost=_yuan(plan.cost_fen),
          campaign=campaign.name, first=plan.first, last=plan.last),
        _("estimated reach {once:.1%}, three times and more {often:.1%}; estimates by the rate card, not counts",
          once=reach.once, often=reach.often),
        _("paste into campaign.toml in place of its flights on these channels, then run 'outreach campaign check'"),
        _("each message is that of the flight next to these days: see that it still fits"),
    ]  # fmt: skip
    return flights_text(flight_tables(office, campaign, [Taken(*each) for each in chosen], "plan"), said)
