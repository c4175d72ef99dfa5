"""The workspace's health: settings, fonts, campaign, and the store's projection against its log."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from outreach.domain.contact import Attempt, Milestone, Standing, standing
from outreach.errors import Fault, StoreFault
from outreach.messages import _
from outreach.render.fonts import coverage
from outreach.services.campaign_check import check_campaign
from outreach.services.contacts import rebuild_standings
from outreach.services.office import Office
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found in order."""

    campaign: str
    signs: int
    households: int
    persons: int
    officers: int
    attempts: int
    milestones: int
    standings: int


def check_workspace(office: Office, campaign_name: str, *, rebuild: bool = False) -> Health:
    """Check everything; raises the errors of what is wrong.

    rebuild: fold the projection anew from the log first. Raises StoreFault naming the first households whose
    projected standing differs from their facts.
    """
    campaign = check_campaign(office.workspace, campaign_name)
    signs = len(coverage(office.workspace.font_folders, office.workspace.settings.fonts.fallback).signs)
    if rebuild:
        rebuild_standings(office, campaign.name)
    with office.store.read() as unit:
        counts = unit.rosters.counts()
        facts = unit.facts.count(campaign.name)
        standings = check_standings(unit, campaign.name, campaign.zone)
    return Health(
        campaign=campaign.name,
        signs=signs,
        standings=standings,
        **counts,
        **facts,
    )


def check_standings(unit: Unit, campaign: str, zone: dt.tzinfo) -> int:
    """How many households of a campaign have a standing; raises StoreFault where one is not what its facts say.

    The counts by community and month are compared with the standings too.
    """
    projected = unit.facts.standings(campaign, zone)
    folded = _folded(unit.facts.attempts(campaign), unit.facts.milestones(campaign))
    wrong = sorted(code for code in projected.keys() | folded.keys() if projected.get(code) != folded.get(code))
    if wrong:
        raise StoreFault(
            Fault(
                _("the store"),
                _(
                    "{count} households stand otherwise than their facts say, first {codes}",
                    count=len(wrong),
                    codes=", ".join(wrong[:5]),
                ),
                _("run 'outreach check --rebuild'"),
            )
        )
    if not unit.scoped:
        _check_counts(unit, campaign)
    return len(projected)


def _check_counts(unit: Unit, campaign: str) -> None:
    months = unit.facts.months_zone(campaign)
    counted = months is not None and unit.facts.community_steps(campaign, months, from_standings=True)
    if months is not None and counted != unit.facts.community_steps(campaign, months):
        raise StoreFault.at(
            _("the store"),
            _("the counts of communities by month are not those of the standings"),
            _("run 'outreach check --rebuild'"),
        )
    if unit.facts.homes() != unit.facts.homes(from_rosters=True):
        raise StoreFault.at(
            _("the store"),
            _("the counts of households by community are not those of the roster"),
            _("run 'outreach check --rebuild'"),
        )


def _folded(attempts: Iterable[Attempt], milestones: Iterable[Milestone]) -> dict[str, Standing]:
    """Every household's standing straight from the log."""
    tries: dict[str, list[Attempt]] = defaultdict(list)
    steps: dict[str, list[Milestone]] = defaultdict(list)
    for attempt in attempts:
        tries[attempt.household].append(attempt)
    for milestone in milestones:
        steps[milestone.household].append(milestone)
    return {code: standing(tries.get(code, ()), steps.get(code, ())) for code in tries.keys() | steps.keys()}
