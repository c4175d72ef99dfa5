"""Hold-outs: households left alone by lot until a day, so that what the campaign changes can be told from the rest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, in_force
from outreach.domain.hold_out import UNITS, Arm, HoldOut, Home
from outreach.domain.people import Household
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.planning.hold_out import Cluster, Comparison, compare, detectable, draw_held
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office

USUAL_SHARE, USUAL_EXPECT, USUAL_ALIKE = 10.0, 50.0, 0.05


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw. held, open: households of both arms; clusters_held, clusters: what was drawn whole; left_out: households
    that had paid before and are in neither arm. detectable: the smallest difference of shares it will show, 0 to 1.
    """

    hold_out: HoldOut
    held: int
    open: int
    clusters_held: int
    clusters: int
    left_out: int
    detectable: float


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of the ledger, 'paid' or 'registered', in both arms; comparison: None where an arm is empty.

    earlier: households that took the step before the hold-out began and count in neither arm.
    """

    step: str
    earlier: int
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class HoldOutResult:
    """What a hold-out shows through a day. gone: households merged or erased since.

    held_tried, held_met: held households that were tried, and met, nevertheless; they stay in their arm.
    open_untried: households of the other arm that nobody tried.
    """

    hold_out: HoldOut
    through: dt.date
    steps: tuple[StepResult, ...]
    held_tried: int
    held_met: int
    open_untried: int
    gone: int


def draw_hold_out(
    office: Office,
    campaign_name: str,
    name: str,
    *,
    share: float = USUAL_SHARE,
    unit: str = "entrance",
    seed: str = "",
    starts: dt.date | None = None,
    ends: dt.date | None = None,
    expect: float = USUAL_EXPECT,
    alike: float = USUAL_ALIKE,
    dry_run: bool = False,
) -> Drawn:
    """Draw `share` per cent of the units, balanced over communities; nothing is kept where `dry_run`.

    unit: 'household', 'entrance' or 'community', drawn whole. seed: the name where empty. starts: today where None,
    never earlier; ends: the campaign's last day. expect: per cent who will pay anyway, alike: the correlation within
    a unit, both for what the draw will show. Raises BadInput for values that make no sense, Conflict for a name that
    is taken, while another hold-out runs, or where not one unit would be held.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().date()
    starts, ends = starts or today, ends or campaign.ends
    refuse_if_any(_faults(name, share, unit, starts, ends, today, expect, alike), BadInput)
    zone = office.workspace.zone
    with office.store.write() as work:
        others = work.hold_outs.all(campaign.name, zone)
        if name in {other.name for other in others}:
            raise Conflict.at(name, _("there is such a hold-out already"), _("choose another name"))
        for other in others:
            if other.starts <= ends and starts <= other.ends:
                what = _("the hold-out '{name}' runs until {day}", name=other.name, day=other.ends)
                raise Conflict.at(name, what, _("begin after it, or end it first with 'outreach holdout end'"))
        homes = work.rosters.households()
        stands = work.facts.standings(campaign.name, campaign.zone)
        paid = {code for code, one in stands.items() if one.paid_on is not None}
        places = {code: _place(home, unit) for code, home in homes.items() if code not in paid}
        sizes = Counter(places.values())
        clusters = [Cluster(cluster, stratum, size) for (cluster, stratum), size in sorted(sizes.items())]
        held = draw_held(clusters, share / 100, seed or name)
        if share / 100 * len(clusters) < 1 or len(held) == len(clusters):
            what = _("of {count} units not one, or all, would be held", count=len(clusters))
            raise Conflict.at(name, what, _("choose another share, or a smaller unit"))
        one = HoldOut(
            office.new_id(), campaign.name, name, seed or name, starts, ends, office.now(), unit, share
        )  # fmt: skip
        drawn = [
            Home(code, cluster, stratum, Arm.HELD if cluster in held else Arm.OPEN)
            for code, (cluster, stratum) in places.items()
        ]
        if not dry_run:
            work.hold_outs.add(one, drawn, work.rosters.household_ids())
    arms = Counter(home.arm for home in drawn)
    return Drawn(
        hold_out=one,
        held=arms[Arm.HELD],
        open=arms[Arm.OPEN],
        clusters_held=len(held),
        clusters=len(clusters),
        left_out=len(homes) - len(drawn),
        detectable=detectable(
            [item.size for item in clusters if item.name in held],
            [item.size for item in clusters if item.name not in held],
            expect=expect / 100,
            alike=alike,
        ),
    )


def _faults(
    name: str, share: float, unit: str, starts: dt.date, ends: dt.date, today: dt.date, expect: float, alike: float
) -> list[Fault]:
    found = []
    if not name.strip():
        found.append(Fault("NAME", _("is empty"), _("give the hold-out a name")))
    if not 0 < share < 100:
        found.append(Fault("--share", _("{value} is no share", value=share), _("write per cent between 0 and 100")))
    if unit not in UNITS:
        mend = _("choose one of {names}", names=", ".join(UNITS))
        found.append(Fault("--unit", _("'{value}' is none", value=unit), mend))
    if starts < today:
        mend = _("name today or a later day: who was worked with cannot be held any more")
        found.append(Fault("--starts", _("{day} is past", day=starts), mend))
    if ends < starts:
        what = _("{ends} is before the start {starts}", ends=ends, starts=starts)
        found.append(Fault("--ends", what, _("write a later day")))
    if not 0 < expect < 100:
        found.append(Fault("--expect", _("{value} is no share", value=expect), _("write per cent between 0 and 100")))
    if not 0 <= alike < 1:
        what = _("{value} is no correlation", value=alike)
        found.append(Fault("--alike", what, _("write 0 or more, less than 1")))
    return found


def _place(home: Household, unit: str) -> tuple[str, str]:
    """(what the household is drawn with, what the draw is balanced over)."""
    if unit == "community":
        return home.address.community, ""
    if unit == "entrance":
        return " ".join(filter(None, home.address.entrance_key)), home.address.community
    return home.code, f"{home.address.community} {home.difficulty}"


def list_hold_outs(office: Office, campaign_name: str) -> list[tuple[HoldOut, Mapping[Arm, int]]]:
    """The campaign's hold-outs with the households of each arm, in the order they were made."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        return [
            (one, Counter(home.arm for home in unit.hold_outs.homes(one.id)))
            for one in unit.hold_outs.all(campaign.name, office.workspace.zone)
        ]


def end_hold_out(office: Office, campaign_name: str, name: str, on: dt.date | None = None) -> HoldOut:
    """End a hold-out early: `on` (today) is its last day. Raises NotFound, and BadInput for a day outside of it."""
    campaign = load_campaign(office.workspace, campaign_name)
    on = on or office.now().date()
    with office.store.write() as unit:
        one = _named(unit.hold_outs.all(campaign.name, office.workspace.zone), name)
        if not one.starts <= on <= one.ends or on < office.now().date():
            what = _("the hold-out runs from {starts} to {ends}", starts=one.starts, ends=one.ends)
            raise BadInput.at("--on", what, _("name a day of these that is not past"))
        unit.hold_outs.end(one.id, on)
    return next(found for found, _arms in list_hold_outs(office, campaign_name) if found.id == one.id)


def _named(known: Sequence[HoldOut], name: str) -> HoldOut:
    for one in known:
        if one.name == name:
            return one
    raise NotFound.at(name, _("there is no such hold-out"), _("see 'outreach holdout list'"))


def report_hold_out(office: Office, campaign_name: str, name: str) -> HoldOutResult:
    """Both arms as they were drawn, whatever was done with them, through today or the hold-out's last day.

    Raises NotFound for an unknown name and Conflict before it has begun.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().date()
    with office.store.read() as unit:
        one = _named(unit.hold_outs.all(campaign.name, office.workspace.zone), name)
        if today < one.starts:
            raise Conflict.at(name, _("begins on {day}", day=one.starts), _("ask again after that day"))
        drawn = unit.hold_outs.homes(one.id)
        homes = unit.rosters.households()
        stands = unit.facts.standings(campaign.name, campaign.zone)
        attempts = in_force(unit.facts.attempts(campaign.name))
    through = min(today, one.ends)
    kept = [home for home in drawn if home.household in homes]
    tried, met = _worked_with(attempts, one.starts, through, campaign)
    held = {home.household for home in kept if home.arm is Arm.HELD}
    steps = []
    for step in ("paid", "registered"):
        days = {code: found.paid_on if step == "paid" else found.registered_on for code, found in stands.items()}
        steps.append(_step(step, kept, days, one, through))
    return HoldOutResult(
        hold_out=one,
        through=through,
        steps=tuple(steps),
        held_tried=len(held & tried),
        held_met=len(held & met),
        open_untried=sum(home.arm is Arm.OPEN and home.household not in tried for home in kept),
        gone=len(drawn) - len(kept),
    )


def _worked_with(
    attempts: Sequence[Attempt], first: dt.date, last: dt.date, campaign: Campaign
) -> tuple[set[str], set[str]]:
    """(households somebody tried to contact, those somebody met) within the days, by codes."""
    within = [one for one in attempts if first <= one.at.astimezone(campaign.zone).date() <= last]
    return {one.household for one in within}, {one.household for one in within if one.disposition.contact}


def _step(
    step: str, kept: Sequence[Home], days: Mapping[str, dt.date | None], one: HoldOut, through: dt.date
) -> StepResult:
    sizes: Counter[tuple[str, str]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    held = set()
    earlier = 0
    for home in kept:
        day = days.get(home.household)
        if day is not None and day < one.starts:
            earlier += 1
            continue
        key = (home.cluster, home.stratum)
        sizes[key] += 1
        hits[key] += day is not None and day <= through
        if home.arm is Arm.HELD:
            held.add(home.cluster)
    clusters = [Cluster(*key, size, hits[key]) for key, size in sorted(sizes.items())]
    return StepResult(step, earlier, compare(clusters, frozenset(held), f"{one.seed}/{step}"))
