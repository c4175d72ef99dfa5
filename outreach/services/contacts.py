"""What happened: attempts and milestones, recorded one by one or taken in from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from outreach.channels import channels
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, in_force
from outreach.domain.ids import derived_id
from outreach.domain.people import Household, Officer
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.intake.contacts import AttemptRow, MilestoneRow, read_attempts, read_milestones
from outreach.messages import _
from outreach.render.manifest import MANIFEST_NAME
from outreach.resources import names_in, template_roots
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, Progress, no_progress, part_of
from outreach.store.territory import Assigned
from outreach.store.unit import Unit

# A clock a little ahead of the server's is no fault; a visit tomorrow is.
_CLOCK_SKEW = dt.timedelta(minutes=5)


_Fact = TypeVar("_Fact", Attempt, Milestone)


@dataclass(frozen=True, slots=True)
class ContactImport:
    """What an import of facts did: rows read, facts new, facts known before."""

    file: str
    rows: int
    new: int
    known: int
    ignored_columns: tuple[str, ...]


def record_attempt(
    office: Office,
    campaign_name: str,
    household: str,
    *,
    channel: str,
    disposition: str,
    officer: str = "",
    at: dt.datetime | None = None,
    person: int = 0,
    left: Sequence[str] = (),
    note: str = "",
    corrects: str = "",
) -> Attempt:
    """Append one attempt; returns it.

    officer: the household's own where empty. at: now where None; a time without a zone is in the workspace's.
    corrects: the id of an attempt of the same household that this one replaces.
    Raises NotFound or BadInput naming each field that is wrong.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    moment = office.now() if at is None else at.replace(tzinfo=at.tzinfo or zone)
    with office.store.write() as unit:
        known = _known(office, unit, campaign, [household])
        officers = unit.rosters.officers()
        assigned = unit.territories.of(campaign.name, household)
        row = AttemptRow(
            household, person, channel, officer, moment, _disposition(disposition), tuple(left), note, row_key=""
        )
        faults = _located(household, _attempt_faults(row, known))
        refuse_if_any(faults + _correction_faults(household, corrects, unit.facts.attempts(campaign.name, household)))
        attempt = _attempt(office, row, officers, assigned, corrects)
        unit.facts.append_attempts(campaign.name, [(attempt, None)], unit.rosters.household_ids(), office.now())
    return attempt


def record_milestone(
    office: Office,
    campaign_name: str,
    household: str,
    *,
    kind: str,
    on: dt.date | None = None,
    person: int = 0,
    amount_fen: int = 0,
    note: str = "",
    corrects: str = "",
) -> Milestone:
    """Append one milestone (registered or paid); returns it.

    corrects: the id of a milestone of the same household that this one replaces. Raises NotFound or BadInput.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    day = on or office.now().date()
    row = MilestoneRow(household, person, _milestone_kind(kind), day, amount_fen, note, row_key="")
    with office.store.write() as unit:
        faults = _located(household, _milestone_faults(row, _known(office, unit, campaign, [household])))
        refuse_if_any(faults + _correction_faults(household, corrects, unit.facts.milestones(campaign.name, household)))
        milestone = replace(_milestone(office, row), corrects=corrects)
        unit.facts.append_milestones(campaign.name, [(milestone, None)], unit.rosters.household_ids(), office.now())
    return milestone


def import_attempts(office: Office, campaign_name: str, path: Path, progress: Progress = no_progress) -> ContactImport:
    """Append the attempts of a file (.xlsx, .xls, .csv), all or nothing; a file read twice adds nothing.

    Raises BadInput with every bad row.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    reading = read_attempts(path, zone=office.workspace.zone, today=office.now().date(), progress=part_of(progress, 50))
    faults = list(reading.faults)
    with office.store.write() as unit:
        known = _known(office, unit, campaign, None)
        officers = unit.rosters.officers()
        assigned = unit.territories.present(campaign.name)
        for row in reading.items:
            faults += _located(row.where, _attempt_faults(row, known))
        refuse_if_any(faults)
        facts = [
            (
                replace(
                    _attempt(office, row, officers, assigned.get(row.household), ""),
                    id=derived_id(row.at, f"{campaign.name}/{row.row_key}"),
                ),
                f"{campaign.name}/{row.row_key}",
            )
            for row in reading.items
        ]
        new = unit.facts.append_attempts(campaign.name, facts, unit.rosters.household_ids(), office.now())
    progress(100, 100)
    return ContactImport(path.name, reading.rows, new, len(facts) - new, reading.ignored)


def import_milestones(
    office: Office, campaign_name: str, path: Path, progress: Progress = no_progress
) -> ContactImport:
    """Append the milestones of a ledger file; see `import_attempts`."""
    campaign = load_campaign(office.workspace, campaign_name)
    reading = read_milestones(
        path, zone=office.workspace.zone, today=office.now().date(), progress=part_of(progress, 50)
    )
    faults = list(reading.faults)
    with office.store.write() as unit:
        known = _known(office, unit, campaign, None)
        for row in reading.items:
            faults += _located(row.where, _milestone_faults(row, known))
        refuse_if_any(faults)
        midnight = dt.time(tzinfo=office.workspace.zone)
        facts = [
            (
                replace(
                    _milestone(office, row),
                    id=derived_id(dt.datetime.combine(row.on, midnight), f"{campaign.name}/{row.row_key}"),
                ),
                f"{campaign.name}/{row.row_key}",
            )
            for row in reading.items
        ]
        new = unit.facts.append_milestones(campaign.name, facts, unit.rosters.household_ids(), office.now())
    progress(100, 100)
    return ContactImport(path.name, reading.rows, new, len(facts) - new, reading.ignored)


def rebuild_standings(office: Office, campaign_name: str) -> int:
    """Fold every household's standing anew from the log; returns how many have facts."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.write() as unit:
        return unit.facts.rebuild(campaign.name)


def _disposition(text: str) -> Disposition:
    try:
        return Disposition(text)
    except ValueError as error:
        raise BadInput.at(
            _("the outcome"),
            _("'{value}' is none", value=text),
            _("choose one of {names}", names=", ".join(Disposition)),
        ) from error


def _milestone_kind(text: str) -> MilestoneKind:
    try:
        return MilestoneKind(text)
    except ValueError as error:
        raise BadInput.at(
            _("the milestone"),
            _("'{value}' is none", value=text),
            _("choose one of {names}", names=", ".join(MilestoneKind)),
        ) from error


def _located(where: str, faults: Sequence[Fault]) -> list[Fault]:
    return [Fault(where, fault.what, fault.mend) for fault in faults]


def _correction_faults(household: str, corrects: str, known: Iterable[_Fact]) -> list[Fault]:
    """Faults of a correction: what it names must be there and in force, or two corrections would both count."""
    earlier = list(known)
    if not corrects or corrects in {fact.id for fact in in_force(earlier)}:
        return []
    if corrects in {fact.id for fact in earlier}:
        what = _("the fact '{id}' has been corrected already", id=corrects)
        return [Fault(household, what, _("correct the newer one; see 'outreach household show'"))]
    return [Fault(household, _("has no fact '{id}'", id=corrects), _("see 'outreach household show'"))]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a fact may name. officers: everybody who ever held a post; left: material kinds; days: first, latest."""

    homes: Mapping[str, Household]
    officers: frozenset[str]
    left: frozenset[str]
    first: dt.date
    latest: dt.datetime


def _known(office: Office, unit: Unit, campaign: Campaign, households: Iterable[str] | None) -> _Known:
    kinds = names_in(template_roots(office.workspace.root), MANIFEST_NAME)
    printed = [kind for channel in channels().values() for kind in channel.materials]
    return _Known(
        homes=unit.rosters.households(households),
        officers=unit.rosters.officer_codes(),
        left=frozenset((*kinds, *printed)),
        first=campaign.starts,
        latest=office.now() + _CLOCK_SKEW,
    )


def _attempt_faults(row: AttemptRow, known: _Known) -> list[Fault]:
    found = _household_faults(row.household, row.person, known.homes)
    counted = [key for key, channel in channels().items() if channel.counted]
    if row.channel not in channels():
        what = _("'{name}' is no channel", name=row.channel)
        found.append(Fault("", what, _("choose one of {names}", names=", ".join(counted))))
    elif row.channel not in counted:
        what = _("the reach of '{name}' is estimated, not counted by household", name=row.channel)
        found.append(Fault("", what, _("choose one of {names}", names=", ".join(counted))))
    for left in row.left:
        if left not in known.left:
            what = _("'{name}' is no material", name=left)
            found.append(Fault("", what, _("choose one of {names}", names=", ".join(sorted(known.left)))))
    if row.officer and row.officer not in known.officers:
        found.append(Fault("", _("there is no officer '{name}'", name=row.officer), _("see 'outreach officer list'")))
    if row.at > known.latest:
        found.append(Fault("", _("{at} is in the future", at=f"{row.at:%Y-%m-%d %H:%M}"), _("write when it happened")))
    return found + _too_early(row.at.date(), known)


def _too_early(day: dt.date, known: _Known) -> list[Fault]:
    if day >= known.first:
        return []
    what = _("{day} is before the campaign begins on {first}", day=day, first=known.first)
    return [Fault("", what, _("correct the day, or the campaign's first day"))]


def _milestone_faults(row: MilestoneRow, known: _Known) -> list[Fault]:
    found = _household_faults(row.household, row.person, known.homes) + _too_early(row.on, known)
    if row.on > known.latest.date():
        found.append(Fault("", _("{at} is in the future", at=row.on), _("write when it happened")))
    if row.kind is MilestoneKind.PAID and row.amount_fen <= 0:
        found.append(Fault("", _("a payment needs an amount above zero"), _("write the yuan paid")))
    if row.kind is MilestoneKind.REGISTERED and row.amount_fen:
        found.append(Fault("", _("a registration has no amount"), _("leave the amount out, or record a payment")))
    return found


def _household_faults(code: str, person: int, homes: Mapping[str, Household]) -> list[Fault]:
    if code not in homes:
        return [Fault("", _("there is no such household"), _("correct the code; see 'outreach household list'"))]
    if person and person not in {one.number for one in homes[code].persons}:
        return [
            Fault(
                "",
                _("has no person number {number}", number=person),
                _("see 'outreach household show {code}'", code=code),
            )
        ]
    return []


def _attempt(
    office: Office, row: AttemptRow, officers: dict[str, Officer], assigned: Assigned | None, corrects: str
) -> Attempt:
    officer = row.officer
    if not officer and assigned is not None and assigned.post in officers:
        officer = officers[assigned.post].code
    return Attempt(
        id=office.new_id(),
        household=row.household,
        channel=row.channel,
        officer=officer,
        at=row.at,
        disposition=row.disposition,
        person=row.person,
        left=row.left,
        note=row.note,
        corrects=corrects,
    )


def _milestone(office: Office, row: MilestoneRow) -> Milestone:
    return Milestone(
        id=office.new_id(),
        household=row.household,
        kind=row.kind,
        on=row.on,
        person=row.person,
        amount_fen=row.amount_fen,
        note=row.note,
    )
