"""Coverage by community and month: how many households took each step for the first time then, out of how many.

Read from counts that are kept up with every fact (store/month_counts.py), so that a city of a million households
takes little longer than a town. They are kept from the first report on. `outreach check` compares them with the log.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from outreach.errors import OutreachError
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office


@dataclass(frozen=True, slots=True)
class AreaMonth:
    """Households of a community that took each step for the first time in a month; `households` live there now."""

    community: str
    month: str
    households: int
    attempted: int = 0
    contacted: int = 0
    reached: int = 0
    carded: int = 0
    registered: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class AreaMonths:
    """Every community and month in which anything was done, in that order; total: all of them together."""

    campaign: str
    by: str
    rows: tuple[AreaMonth, ...]
    total: AreaMonth


def report_area_months(office: Office, campaign_name: str) -> AreaMonths:
    """Coverage by community and month of the campaign's zone; who sees a part of the households has those counted."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        kept = unit.scoped or unit.facts.months_zone(campaign.name) == campaign.zone
    if not kept:
        # Whoever may only read has them counted every time.
        with suppress(OutreachError), office.store.write() as unit:
            unit.facts.keep_months(campaign.name, campaign.zone)
    with office.store.read() as unit:
        homes = unit.facts.homes(from_rosters=unit.scoped)
        found = unit.facts.community_steps(campaign.name, campaign.zone, from_standings=unit.scoped)
    rows = tuple(
        AreaMonth(community, month, homes.get(community, 0), *counts) for (community, month), counts in found.items()
    )
    sums = (sum(column) for column in zip(*found.values(), strict=True)) if found else ()
    return AreaMonths(campaign.name, "community-month", rows, AreaMonth(_("all"), "", sum(homes.values()), *sums))
