"""A household's whole record: what was done for it over all channels and campaigns, from every table that knows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from outreach.domain.contact import Attempt, Milestone, Standing, in_force, standing
from outreach.domain.follow_up import FollowUpState, Matter
from outreach.domain.people import Household
from outreach.domain.pieces import PieceEvent, PieceState
from outreach.domain.pieces import in_force as pieces_in_force
from outreach.domain.suppression import Suppression
from outreach.services.campaigns import list_campaigns, load_campaign
from outreach.services.cases import CaseLine, case_lines
from outreach.services.follow_ups import every_matter
from outreach.services.history import Held, held_lines
from outreach.services.household_codes import not_listed
from outreach.services.office import Office
from outreach.store.household_records import PrintedFor
from outreach.store.unit import Unit

_Fact = TypeVar("_Fact", Attempt, Milestone)


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """What one campaign knows of the household.

    attempts, milestones: in order of time, corrected and withdrawn ones included; `counting` are the identifiers of
    those that count. months: by milestone, the month of the ledger's file it came from. matters: follow-ups, with
    how each stands now. cases: its transfer cases with their steps.
    """

    campaign: str
    held: tuple[Held, ...]
    attempts: tuple[Attempt, ...]
    milestones: tuple[Milestone, ...]
    counting: frozenset[str]
    months: dict[str, str]
    matters: tuple[tuple[Matter, FollowUpState], ...]
    standing: Standing
    cases: tuple[CaseLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PieceRecord:
    """One piece printed for it, where it is, and the last that was recorded of it."""

    printed: PrintedFor
    state: PieceState
    event: PieceEvent | None


@dataclass(frozen=True, slots=True)
class HouseholdRecord:
    """The whole of it. merged: codes of households found to be the same. at: as of when this was read."""

    household: Household
    merged: tuple[str, ...]
    campaigns: tuple[CampaignRecord, ...]
    pieces: tuple[PieceRecord, ...]
    suppressions: tuple[Suppression, ...]
    at: dt.datetime


def household_record(office: Office, code: str) -> HouseholdRecord:
    """Everything known of one household; raises NotFound, and BadInput where a campaign's file is faulty."""
    zone = office.workspace.zone
    with office.store.read() as unit:
        homes = unit.rosters.households([code])
        if code not in homes:
            raise not_listed(unit, code)
        own = unit.household_records
        return HouseholdRecord(
            homes[code],
            tuple(own.also_recorded_as(code)),
            tuple(_of_campaign(office, unit, name, code) for name in own.campaigns(code)),
            tuple(_piece(unit, one, zone) for one in own.pieces(code, zone)),
            tuple(one for one in unit.suppressions.all(zone, lifted=True) if one.household == code),
            office.now(),
        )


def _of_campaign(office: Office, unit: Unit, name: str, code: str) -> CampaignRecord:
    attempts = sorted(unit.facts.attempts(name, code), key=lambda one: (one.at, one.id))
    milestones = sorted(unit.facts.milestones(name, code), key=lambda one: (one.on, one.id))
    matters: Iterable[Matter] = ()
    cases: Iterable[CaseLine] = ()
    if name in list_campaigns(office.workspace):  # the file of an old campaign may be gone; its facts are not
        campaign = load_campaign(office.workspace, name)
        matters = every_matter(office, unit, campaign, [code])
        today = office.now().astimezone(campaign.zone).date()
        cases = (one for one in case_lines(unit, campaign, today) if one.case.household == code)
    return CampaignRecord(
        name,
        tuple(held_lines(office, unit, name, code)),
        tuple(attempts),
        tuple(milestones),
        frozenset(_ids(in_force(attempts)) | _ids(in_force(milestones))),
        {one.milestone: one.month for one in unit.household_records.ledger(code) if one.campaign == name},
        tuple((one, one.state(office.now())) for one in matters),
        standing(attempts, milestones),
        tuple(cases),
    )


def _ids(facts: Iterable[_Fact]) -> set[str]:
    return {fact.id for fact in facts}


def _piece(unit: Unit, printed: PrintedFor, zone: dt.tzinfo) -> PieceRecord:
    events = pieces_in_force(unit.piece_events.of_piece(printed.run_id, printed.number, zone))
    last = events[-1] if events else None
    return PieceRecord(printed, last.state if last else PieceState.PRINTED, last)
