"""Every placement on air, in print and on walls against the logs: aired, short, missed, or no proof yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from outreach.domain.airing import AirState, AsRun, PlacementState
from outreach.domain.contact import in_force
from outreach.errors import NotFound
from outreach.messages import _, current_language
from outreach.services.airings import AirPlacement, air_placements
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import CardLine, insertions_of, line_for, load_card, seconds_of


@dataclass(frozen=True, slots=True)
class Checked:
    """One placement. evidence: in words. fact: the id of what proves it, '' where nothing does.

    lost_points, lost_fen: rating points and money not delivered; None where no rate card prices it.
    """

    placement: str
    flight: str
    channel: str
    vehicle: str
    starts: dt.datetime
    whole_days: bool
    state: PlacementState
    evidence: str
    fact: str
    lost_points: float | None
    lost_fen: int | None


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A line of a log that no placement accounts for."""

    fact: str
    channel: str
    place: str
    at: dt.datetime | None
    seconds: int | None
    source: str


@dataclass(frozen=True, slots=True)
class AirCheck:
    """All placements with their states, and what ran besides."""

    campaign: str
    placements: tuple[Checked, ...]
    unplanned: tuple[Unplanned, ...]

    def count(self, state: PlacementState) -> int:
        """How many placements are in a state."""
        return sum(one.state is state for one in self.placements)

    @property
    def lost_points(self) -> float:
        """Rating points not delivered, of placements a rate card prices."""
        return sum(one.lost_points or 0.0 for one in self.placements)

    @property
    def lost_fen(self) -> int:
        """What those were to cost."""
        return sum(one.lost_fen or 0 for one in self.placements)


@dataclass(frozen=True, slots=True)
class Loss:
    """A placement with its line of the rate card, None where it has none."""

    one: AirPlacement
    checked: Checked
    line: CardLine | None


def check_air(office: Office, campaign_name: str) -> AirCheck:
    """Compare the placements with the facts in force; raises NotFound or BadInput only for the files it reads."""
    campaign = load_campaign(office.workspace, campaign_name)
    losses, facts = check_all(office, campaign_name)
    unplanned = [
        Unplanned(fact.id, fact.channel, fact.place, fact.at, fact.seconds, fact.source)
        for fact in facts
        if fact.state is AirState.UNPLANNED
    ]
    return AirCheck(campaign.name, tuple(loss.checked for loss in losses), tuple(unplanned))


def check_all(office: Office, campaign_name: str) -> tuple[list[Loss], list[AsRun]]:
    """Every placement checked, with its line of the card; and the facts in force."""
    campaign = load_campaign(office.workspace, campaign_name)
    section = load_plan(office.workspace, campaign_name).air
    try:
        card = load_card(office.workspace, campaign, section)
    except NotFound:
        card = None
    with office.store.read() as unit:
        facts = in_force(unit.airings.of(campaign.name, campaign.zone))
    proofs: dict[str, list[AsRun]] = defaultdict(list)
    logs: dict[tuple[str, str], list[AsRun]] = defaultdict(list)
    for fact in facts:
        if fact.state is AirState.COVERS:
            logs[fact.channel, fact.place].append(fact)
        elif fact.placement:
            proofs[fact.placement].append(fact)
    found = []
    for one in air_placements(campaign):
        line = line_for(card, one.flight, one.placement) if card else None
        state, evidence, fact_id, share = _judged(
            one, proofs[one.placement.key], logs[one.seller], section.tolerance_minutes
        )
        count = insertions_of(line.line, one.placement) if line else 0
        found.append(
            Loss(
                one,
                Checked(
                    one.placement.key,
                    one.flight.id,
                    one.flight.channel,
                    one.seller[1],
                    one.placement.starts,
                    one.placement.whole_days,
                    state,
                    evidence,
                    fact_id,
                    share * line.vehicle.audience * 100 * count if line else None,
                    round(share * line.line.price_fen * count) if line else None,
                ),
                line,
            )
        )
    return found, facts


def _judged(
    one: AirPlacement, proofs: Sequence[AsRun], logs: Sequence[AsRun], tolerance: int
) -> tuple[PlacementState, str, str, float]:
    """State, evidence, the fact behind it, and the share that was not delivered."""
    if proofs:
        fact = proofs[-1]
        told = filter(None, (fact.source, when(fact.at), _long(fact.seconds), fact.note))
        said = ("，" if current_language() == "zh" else ", ").join(told)
        if fact.state is AirState.MISSED:
            return PlacementState.MISSED, said, fact.id, 1.0
        if fact.state is AirState.SHORT:
            needed = seconds_of(one.flight)
            lost = max(1 - (fact.seconds or 0) / needed, 0.0) if needed and fact.seconds is not None else 1.0
            return PlacementState.SHORT, said, fact.id, lost
        return PlacementState.AIRED, said, fact.id, 0.0
    last = one.placement.ends - dt.timedelta(seconds=1) if one.placement.whole_days else one.placement.starts
    for log in logs:
        if log.covers(one.placement.starts) and log.covers(last):
            first, end = (_day_of(log, seconds) for seconds in (0, (log.seconds or 0) - 1))
            facts: dict[str, object] = {"file": log.source, "first": first, "last": end}
            if one.placement.whole_days:
                said = _(
                    "{file} tells of {first} to {last} and has no line of it", file=log.source, first=first, last=end
                )
            else:
                facts["minutes"] = tolerance
                said = _("{file} tells of {first} to {last} and has no free line within {minutes} minutes", **facts)
            return PlacementState.MISSED, said, "", 1.0
    return PlacementState.OPEN, "", "", 0.0


def _day_of(log: AsRun, seconds: int) -> dt.date | None:
    return (log.at + dt.timedelta(seconds=seconds)).date() if log.at else None


def when(at: dt.datetime | None) -> str:
    """A moment of a log, in the campaign's time; the day alone where no time was told."""
    if at is None:
        return ""
    return f"{at:%Y-%m-%d}" if at.time() == dt.time() else f"{at:%Y-%m-%d %H:%M:%S}"


def _long(seconds: int | None) -> str:
    return "" if seconds is None else _("{seconds} s", seconds=seconds)
