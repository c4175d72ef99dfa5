"""What happened: attempts and milestones, recorded one by one or taken in from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.collection import collection_paused
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Milestone
from outreach.domain.follow_up import FollowUp, FollowUpKind
from outreach.domain.ids import derived_id
from outreach.domain.people import Officer
from outreach.errors import Fault, refuse_if_any
from outreach.intake import words
from outreach.intake.contacts import AttemptRow, MilestoneRow, read_attempts, read_milestones
from outreach.services.campaigns import load_campaign
from outreach.services.contact_faults import (
    attempt_faults,
    correction_faults,
    every_must,
    in_columns,
    known_for,
    located,
    milestone_faults,
    read_left,
    read_milestone,
    read_outcome,
    read_words,
)
from outreach.services.follow_up_closing import came_from, close_faults
from outreach.services.office import Office, Progress, no_progress, part_of
from outreach.store.territory import Assigned
from outreach.store.unit import Unit


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
    forms: Sequence[str] = (),
    musts: Sequence[str] = (),
    closes: Sequence[str] = (),
    promise: dt.date | None = None,
    promise_about: str = "",
) -> Attempt:
    """Append one attempt; returns it.

    disposition, left, forms, musts: by name or by a word of a table, the outcome by its paper code as well; 'all'
    stands for the six musts. officer: the household's own where empty. at: now where None; a time without a zone is in
    the workspace's. corrects: the id of an attempt of the same household that this one replaces. closes: ids of open
    follow-ups of the household.
    promise: the day by which something promised is to be done; it opens a follow-up in the same transaction, or gives
    the one that the corrected attempt opened another day. Raises NotFound or BadInput naming each field that is wrong.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    moment = office.now() if at is None else at.replace(tzinfo=at.tzinfo or zone)
    row = AttemptRow(
        household, person, channel, officer, moment,
        read_outcome(disposition, channel), read_left(left), note, row_key="",
        forms=read_words(forms, words.FORMS), musts=every_must(read_words(musts, words.MUSTS)), closes=tuple(closes),
        promise=promise, promise_about=promise_about,
    )  # fmt: skip
    with office.store.write() as unit:
        known = known_for(office, unit, campaign, [household])
        officers = unit.rosters.officers()
        assigned = unit.territories.of(campaign.name, household)
        faults = located(household, attempt_faults(row, known))
        faults += correction_faults(household, corrects, unit.facts.attempts(campaign.name, household))
        faults += close_faults(office, unit, campaign, household, row.closes, moment, corrects)
        refuse_if_any(faults)
        attempt = _attempt(office.new_id(), row, officers, assigned, corrects)
        ids = unit.rosters.household_ids(gone=True)
        unit.facts.append_attempts(campaign.name, [(attempt, None)], ids, office.now())
        earlier = came_from(unit, campaign, household, corrects) if promise and corrects else []
        moves = {attempt.id: earlier[0].follow_up.id} if earlier else {}
        open_promises(office, unit, campaign, [(attempt, row, None)], ids, moves)
    return attempt


def open_promises(
    office: Office,
    unit: Unit,
    campaign: Campaign,
    given: Iterable[tuple[Attempt, AttemptRow, str | None]],
    household_ids: Mapping[str, int],
    moves: Mapping[str, str] | None = None,
) -> None:
    """Open a follow-up for each promise given with an attempt; rows without one are passed over.

    given: with row keys, which make repeats harmless. moves: by attempt, the follow-up that its promise only moves.
    """
    found = [
        (
            FollowUp(
                id=derived_id(attempt.at, f"{key}/promise") if key else office.new_id(),
                kind=FollowUpKind.PROMISE,
                household=attempt.household,
                due=row.promise,
                opened=attempt.at,
                about=row.promise_about or row.note,
                person=attempt.person,
                opened_by=office.actor,
                source=attempt.id,
                corrects=(moves or {}).get(attempt.id, ""),
            ),
            f"{key}/promise" if key else None,
        )
        for attempt, row, key in given
        if row.promise is not None
    ]
    if found:
        unit.follow_ups.append(campaign.name, found, household_ids, office.now())


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
    row = MilestoneRow(household, person, read_milestone(kind), day, amount_fen, note, row_key="")
    with office.store.write() as unit:
        faults = located(household, milestone_faults(row, known_for(office, unit, campaign, [household])))
        refuse_if_any(faults + correction_faults(household, corrects, unit.facts.milestones(campaign.name, household)))
        milestone = replace(_milestone(office, row), corrects=corrects)
        ids = unit.rosters.household_ids(gone=True)
        unit.facts.append_milestones(campaign.name, [(milestone, None)], ids, office.now())
    return milestone


@collection_paused()
def import_attempts(office: Office, campaign_name: str, path: Path, progress: Progress = no_progress) -> ContactImport:
    """Append the attempts of a file (.xlsx, .xls, .csv), all or nothing; a file read twice adds nothing.

    Raises BadInput with every bad row.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    reading = read_attempts(path, zone=office.workspace.zone, today=office.now().date(), progress=part_of(progress, 50))
    faults = list(reading.faults)
    with office.store.write() as unit:
        known = known_for(office, unit, campaign, None)
        officers = unit.rosters.officers()
        assigned, kept = unit.territories.present(campaign.name), unit.merges.kept_codes()
        facts = []
        for row in reading.items:
            faults += in_columns(row, attempt_faults(row, known))
            key = f"{campaign.name}/{row.row_key}"
            theirs = assigned.get(kept.get(row.household, row.household))
            facts.append((_attempt(derived_id(row.at, key), row, officers, theirs, ""), key))
        faults += _close_faults(office, unit, campaign, zip((one for one, _key in facts), reading.items, strict=True))
        refuse_if_any(faults)
        ids = unit.rosters.household_ids(gone=True)
        new = unit.facts.append_attempts(campaign.name, facts, ids, office.now())
        given = ((one, row, key) for (one, key), row in zip(facts, reading.items, strict=True))
        open_promises(office, unit, campaign, given, ids)
    progress(100, 100)
    return ContactImport(path.name, reading.rows, new, len(facts) - new, reading.ignored)


def _close_faults(
    office: Office, unit: Unit, campaign: Campaign, rows: Iterable[tuple[Attempt, AttemptRow]]
) -> list[Fault]:
    """Faults of what rows close; a row that is stored already closed its follow-up when it came in."""
    closing = [(attempt, row) for attempt, row in rows if row.closes]
    codes = {attempt.household for attempt, _row in closing}
    stored = {one.id for one in unit.facts.attempts_of(campaign.name, codes)} if codes else set()
    faults: list[Fault] = []
    for attempt, row in closing:
        if attempt.id not in stored:
            wrong = close_faults(office, unit, campaign, attempt.household, attempt.closes, attempt.at)
            faults += located(row.place_of("closes"), wrong)
    return faults


@collection_paused()
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
        known = known_for(office, unit, campaign, None)
        for row in reading.items:
            faults += in_columns(row, milestone_faults(row, known))
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
        new = unit.facts.append_milestones(campaign.name, facts, unit.rosters.household_ids(gone=True), office.now())
    progress(100, 100)
    return ContactImport(path.name, reading.rows, new, len(facts) - new, reading.ignored)


def rebuild_standings(office: Office, campaign_name: str) -> int:
    """Fold every household's standing anew from the log; returns how many have facts."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.write() as unit:
        return unit.facts.rebuild(campaign.name)


def _attempt(
    fact_id: str, row: AttemptRow, officers: Mapping[str, Officer], assigned: Assigned | None, corrects: str
) -> Attempt:
    officer = row.officer
    if not officer and assigned is not None and assigned.post in officers:
        officer = officers[assigned.post].code
    return Attempt(
        id=fact_id,
        household=row.household,
        channel=row.channel,
        officer=officer,
        at=row.at,
        disposition=row.disposition,
        person=row.person,
        left=row.left,
        note=row.note,
        corrects=corrects,
        forms=row.forms,
        musts=row.musts,
        closes=row.closes,
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
