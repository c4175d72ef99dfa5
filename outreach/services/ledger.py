"""The pension system's monthly files: taken in whole, matched, issued again, and added up.

Only a line whose key fits one person alone becomes a milestone by itself; every other line waits for somebody
(services/ledger_review.py) or is nobody's of the roster, and all of them are counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.collection import collection_paused
from outreach.domain.ledger import STANDING, FileTally, Key, LedgerFile, Line, LineState, Tally, file_id, tally
from outreach.errors import BadInput, Conflict, refuse_if_any
from outreach.intake.ledger import read_ledger
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.erasure_marks import Marks
from outreach.services.ledger_facts import Booking
from outreach.services.ledger_issue import Issue, lines_of, named
from outreach.services.ledger_matching import Finder
from outreach.services.ledger_place import MonthFiles, Named, refuse_changes
from outreach.services.office import Office, Progress, no_progress, part_of
from outreach.store.unit import Unit

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class LedgerImport:
    """What a file did.

    known: this very file was taken in, and no other has taken its place. states, keys: the file's lines by what
    became of them, those matched by key. unchanged, changes, added: against the month's earlier files, of changes the
    earlier line and the new one. missing: lines of theirs, as they were, of the kinds this file tells of, that it has
    no longer; withdrawn: how many of those were withdrawn. found: lines that waited, were looked at again and are
    matched now. remarks: what looks odd in the file.
    """

    file: LedgerFile
    known: bool
    states: Mapping[LineState, Tally]
    keys: Mapping[Key, int]
    unchanged: int
    changes: tuple[tuple[Line, Line], ...]
    added: int
    missing: tuple[Line, ...]
    withdrawn: int
    found: int
    ignored_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@collection_paused()
def import_ledger(
    office: Office,
    campaign_name: str,
    path: Path,
    month: str,
    *,
    corrects: int = 0,
    beside: bool = False,
    withdraw_missing: bool = False,
    progress: Progress = no_progress,
) -> LedgerImport:
    """Take in a month's file (.xlsx, .xls, .csv), all or nothing; the same file again adds nothing.

    What was decided of lines that are the same is kept; lines that waited without a decision are looked at again.
    corrects: the number of the file whose place it takes: lines that came with that one, and are otherwise here, are
    withdrawn and booked anew. beside: it stands beside the others, and changes none of their lines.
    withdraw_missing: also withdraw lines it has no longer. Raises BadInput with every bad row, NotFound for a file to
    correct that is not there, and Conflict where it would change lines and neither is named, where it is not plain
    whose missing lines are to be withdrawn, and where somebody else took in a file meanwhile.
    """
    said = Named(corrects, beside, withdraw_missing)
    said.check()
    campaign = load_campaign(office.workspace, campaign_name)
    first, last = _days(month)
    if last < campaign.starts:
        what = _("{month} is before the campaign begins on {first}", month=month, first=campaign.starts)
        raise BadInput.at("--month", what, _("correct the month, or the campaign's first day"))
    today = office.now().date()
    reading = read_ledger(path, first=first, last=last, today=today, progress=part_of(progress, 40))
    refuse_if_any(reading.faults)
    if not reading.items:
        what = _("the table has no rows")
        raise BadInput.at(path.name, what, _("a month without lines is not imported; see whether it is the right file"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    zone = office.workspace.zone
    with office.store.read() as unit:
        number = unit.ledger.next_number(campaign.name)
        earlier = [file for file in unit.ledger.files(campaign.name, zone) if file.month == month]
        old = unit.ledger.lines(campaign.name, zone, states=STANDING, month=month)
        former = unit.ledger.lines(campaign.name, zone, states=[LineState.REPLACED], month=month) if corrects else []
        finder = finder_of(unit, campaign.name, zone)
        marks = Marks(office, unit)
    shelf = MonthFiles(month, earlier, old)
    shelf.check(said)
    known = shelf.known(digest, corrects)
    if known:
        file = known
        own = shelf.ids_with(file.number)
        issue = Issue.looked_again(file.id, [line for line in old if line.file in own], finder)
    else:
        at = dt.datetime.combine(first, dt.time(tzinfo=campaign.zone))
        read = lines_of(reading.items, marks)
        instead_of = shelf.place(said, read)
        file = LedgerFile(
            id=file_id(campaign.name, month, number, digest, instead_of),
            number=number,
            campaign=campaign.name,
            month=month,
            file=path.name,
            sha256=digest,
            read=office.now(),
            by=office.actor,
            rows=len(reading.items),
            total_fen=sum(row.amount_fen for row in reading.items),
            corrects=instead_of,
        )
        own = shelf.ids_with(corrects) if corrects else frozenset()
        issue = Issue.compared(
            named(read, file.id, at),
            old,
            finder,
            own=own if corrects or beside else None,
            came={line.content for line in former if line.file in own},
        )
        if not corrects:
            refuse_changes(path.name, earlier, issue.changes)
    progress(80, 100)
    with office.store.write() as unit:
        ids = unit.ledger.household_ids()
        if unit.ledger.next_number(campaign.name) != number:
            what = _("another file was taken in meanwhile")
            raise Conflict.at(path.name, what, _("nothing was written; import it again"))
        booking = booking_of(office, unit, campaign_name)
        changed = [booking.withdraw(line) for line, _new in issue.changes]
        gone = []
        if withdraw_missing:
            gone = [replace(booking.withdraw(line), state=LineState.WITHDRAWN) for line in issue.missing]
        lines = [
            booking.book(line, file) if line.state is LineState.MATCHED and not line.milestone else line
            for line in issue.lines
        ]
        replaced = [replace(line, state=LineState.REPLACED) for line in (*issue.same, *changed)]
        if known:
            unit.ledger.change(lines, ids)
        else:
            unit.ledger.add_file(file, lines, ids)
            counts = {"unchanged": len(issue.same), "changed": len(changed), "added": issue.added}
            unit.rosters.record_import(office.new_id(), "ledger", file.file, digest, office.now(), counts)
        unit.ledger.change([*replaced, *gone], ids)
        booking.append(ids)
    progress(100, 100)
    return LedgerImport(
        file=file,
        known=known is not None,
        states={state: tally(group) for state, group in _by_state(lines).items()},
        keys=Counter(line.key for line in lines if line.key is not None),
        unchanged=len(lines) if known else len(issue.same),
        changes=tuple(issue.changes),
        added=0 if known else issue.added,
        missing=tuple(issue.missing),
        withdrawn=len(gone),
        found=issue.found,
        ignored_columns=reading.ignored,
        remarks=reading.remarks,
    )


def list_ledger(office: Office, campaign_name: str, month: str = "") -> list[FileTally]:
    """Every file, or a month's, with its lines and yuan by what became of them; see `FileTally.adds_up`."""
    campaign = load_campaign(office.workspace, campaign_name)
    if month:
        _days(month)
    with office.store.read() as unit:
        files = unit.ledger.files(campaign.name, office.workspace.zone)
        sums = unit.ledger.sums(campaign.name)
    states: dict[str, dict[LineState, Tally]] = defaultdict(dict)
    back: dict[str, Tally] = {}
    for file, state, taken_back, lines, fen in sums:
        before = states[file].get(state, Tally())
        states[file][state] = Tally(before.lines + lines, before.fen + fen)
        if taken_back:
            before = back.get(file, Tally())
            back[file] = Tally(before.lines + lines, before.fen + fen)
    return [
        FileTally(file, states[file.id], back.get(file.id, Tally()))
        for file in files
        if not month or file.month == month
    ]


def finder_of(unit: Unit, campaign: str, zone: dt.tzinfo) -> Finder:
    """The roster ready to be asked, with the personal account numbers that matched lines have told."""
    accounts: dict[str, tuple[str, int]] = {}
    for line in unit.ledger.lines(campaign, zone, states=[LineState.MATCHED]):
        if line.account and line.person:
            accounts[line.account] = (line.household, line.person)
    return Finder(unit.rosters.households(), accounts)


def booking_of(office: Office, unit: Unit, campaign_name: str) -> Booking:
    """The milestones of a unit of work, knowing which ones lines are already."""
    campaign = load_campaign(office.workspace, campaign_name)
    matched = unit.ledger.lines(campaign.name, office.workspace.zone, states=[LineState.MATCHED])
    return Booking(unit, campaign, office.now(), (line.milestone for line in matched))


def _by_state(lines: Sequence[Line]) -> dict[LineState, list[Line]]:
    return {state: found for state in LineState if (found := [line for line in lines if line.state is state])}


def _days(month: str) -> tuple[dt.date, dt.date]:
    match = _MONTH.fullmatch(month)
    if match is None or not int(match[1]):
        raise BadInput.at("--month", _("'{value}' is no month", value=month), _("write it as 2005-10"))
    year, number = int(match[1]), int(match[2])
    return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])
