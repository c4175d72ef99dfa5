"""A walk list's paper typed in: line by line, with undo, checked against the totals at its foot, written at once.

Nothing is counted twice: each line of a list has one fact with an identifier of its own, on every machine, and whatever
is typed of it later corrects that fact.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, newest
from outreach.domain.follow_up import FollowUp, taken_back
from outreach.domain.ids import derived_id
from outreach.domain.people import Household
from outreach.domain.walk_list import CODE_OF, ListState, WalkLine, WalkList
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.intake.contacts import AttemptRow
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.contact_faults import ALL_MUSTS, Known, attempt_faults, every_must, known_for
from outreach.services.contacts import open_promises
from outreach.services.entry_lines import Doors
from outreach.services.office import Office
from outreach.services.walk_due import CHANNEL
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed of one line. timed: whether the hour was typed; else it is the one planned."""

    row: AttemptRow
    timed: bool


@dataclass(frozen=True, slots=True)
class Door:
    """One line of the list. stored: what is recorded of it already; other: a visit recorded elsewhere since.

    promise: the follow-up that what is recorded opened.
    """

    line: WalkLine
    home: Household
    stored: Attempt | None
    other: Attempt | None
    promise: FollowUp | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a typed line came to at one door. before: the code it had, '' where it had none; same: nothing changes."""

    door: Door
    code: str
    before: str
    same: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A code whose total on the paper is not what was typed."""

    code: str
    paper: int
    typed: int


@dataclass(frozen=True, slots=True)
class Entered:
    """What was written: facts new and corrected, lines as they were before, lines nobody has entered, totals by code.

    untimed: lines whose hour is the planned one. written: whether any of it was, or somebody left before.
    """

    list: int
    written: bool
    new: int
    corrected: int
    same: int
    untimed: int
    missing: tuple[int, ...]
    totals: Mapping[str, int]
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class EntrySheet:
    """One list being typed in. day: when it was walked. paper: the totals at its foot, as far as they were told."""

    campaign: Campaign
    walk: WalkList
    state: ListState
    day: dt.date
    officer: str
    doors: Mapping[int, Door]
    known: Known
    entered: dict[int, Entry] = field(default_factory=dict)
    paper: dict[str, int] = field(default_factory=dict)
    _undo: list[tuple[int, dict[int, Entry | None]]] = field(default_factory=list)
    _last: int = 0

    def type(self, said: Doors) -> list[Reply]:
        """Take one typed line in; raises BadInput, and changes nothing, where it cannot be so."""
        lines = said.lines or (self.next_line(),)
        unknown = [line for line in lines if line not in self.doors]
        if unknown:
            raise BadInput.at(
                _("line {line}", line=unknown[0]),
                _("the list has no such line"),
                _("it has lines {first} to {last}", first=min(self.doors), last=max(self.doors)),
            )
        entries = {line: self._entry(line, said) for line in lines}
        faults = [
            Fault(_("line {line}", line=line), fault.what, fault.mend)
            for line, entry in entries.items()
            for fault in attempt_faults(entry.row, self.known)
        ]
        refuse_if_any(faults)
        replies = [self._reply(line, entry) for line, entry in entries.items()]
        self._undo.append((self._last, {line: self.entered.get(line) for line in lines}))
        self.entered |= entries
        self._last = lines[-1]
        return replies

    def undo(self) -> tuple[int, ...]:
        """Take the last typed line back; returns the lines it was about, none where nothing is left to undo."""
        if not self._undo:
            return ()
        self._last, before = self._undo.pop()
        for line, entry in before.items():
            if entry is None:
                del self.entered[line]
            else:
                self.entered[line] = entry
        return tuple(before)

    def next_line(self) -> int:
        """The first line after the last typed one that nothing is known of; raises BadInput where none is left."""
        for line in sorted(self.doors):
            if line > self._last and not self.code(line):
                return line
        raise BadInput.at(
            _("the next line"), _("every line from {line} on is entered", line=self._last + 1), _("write its number")
        )

    def code(self, line: int) -> str:
        """The code a line has, typed now or recorded before; '' where it has none."""
        if line in self.entered:
            return CODE_OF[self.entered[line].row.disposition]
        stored = self.doors[line].stored
        return CODE_OF.get(stored.disposition, "") if stored else ""

    @property
    def totals(self) -> dict[str, int]:
        """How many lines have each code, in order of the codes."""
        counted = Counter(code for line in self.doors if (code := self.code(line)))
        return dict(sorted(counted.items()))

    @property
    def missing(self) -> tuple[int, ...]:
        """The lines without a code."""
        return tuple(line for line in sorted(self.doors) if not self.code(line))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The codes whose totals on the paper differ from what was typed."""
        typed = self.totals
        return tuple(
            Difference(code, paper, typed.get(code, 0))
            for code, paper in sorted(self.paper.items())
            if typed.get(code, 0) != paper
        )

    def _entry(self, line: int, said: Doors) -> Entry:
        door = self.doors[line]
        zone = self.campaign.zone
        planned = door.line.at.astimezone(zone)
        row = AttemptRow(
            household=door.home.code,
            person=said.person,
            channel=CHANNEL,
            officer=self.officer,
            at=dt.datetime.combine(self.day, said.at or planned.time(), zone),
            disposition=said.outcome,
            left=said.left,
            note=said.note,
            row_key=f"walk/{self.walk.id}/{line}",
            forms=said.forms,
            musts=every_must((ALL_MUSTS,)) if said.musts else (),
            promise=said.promise,
        )
        return Entry(row, timed=said.at is not None)

    def _reply(self, line: int, entry: Entry) -> Reply:
        now, door = self.entered.get(line), self.doors[line]
        same = now == entry if now else _says_the_same(entry, door)
        return Reply(door, CODE_OF[entry.row.disposition], self.code(line), same)


def _says_the_same(entry: Entry, door: Door) -> bool:
    """Whether what is recorded says what was typed; an hour or a promise nobody typed says nothing."""
    row, stored = entry.row, door.stored
    if stored is None or (row.promise is not None and not _promised(row, door)):
        return False
    told = (row.disposition, row.person, row.left, row.note, row.forms, row.musts)
    kept = (stored.disposition, stored.person, stored.left, stored.note, stored.forms, stored.musts)
    return told == kept and (not entry.timed or row.at == stored.at)


def _promised(row: AttemptRow, door: Door) -> bool:
    """Whether the promise typed is the one that is recorded."""
    return door.promise is not None and (door.promise.due, door.promise.about) == (row.promise, row.note)


def open_sheet(
    office: Office, campaign_name: str, number: int, *, on: dt.date | None = None, officer: str = ""
) -> EntrySheet:
    """The list made ready to be typed in.

    on: the day it was walked; its own where None. officer: who walked it; who it was made for where empty. An expired
    or withdrawn list is taken all the same: what happened, happened. Raises NotFound and BadInput.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        found = unit.walks.all(campaign.name, campaign.zone, [number])
        if not found:
            raise NotFound.at(str(number), _("there is no such walk list"), _("see 'outreach walk list'"))
        if officer and officer not in unit.rosters.officer_codes():
            raise NotFound.at(
                officer, _("there is no officer '{name}'", name=officer), _("see 'outreach officer list'")
            )
        (walk,) = found
        codes = {line.household for line in walk.lines}
        known = known_for(office, unit, campaign, codes)
        stored, promises = _stored(unit, campaign, walk)
        visits = _visits_since(unit, campaign, walk, stored)
    day = on or walk.day
    doors = {
        line.line: Door(
            line,
            known.homes[line.household],
            stored.get(line.line),
            visits.get(line.household),
            promises.get(line.line),
        )
        for line in walk.lines
        if line.household in known.homes
    }
    if not doors:
        raise Conflict.at(
            str(number),
            _("none of its households is in the roster any more"),
            _("see 'outreach walk show {number}'", number=number),
        )
    return EntrySheet(campaign, walk, walk.state(office.now().date()), day, officer or walk.officer, doors, known)


def first_fact(campaign: str, walk: WalkList, line: int) -> str:
    """The identifier of the first fact typed of a line: the same on every machine the paper is typed in on."""
    return derived_id(walk.starts, _row_key(campaign, walk, line))


def _row_key(campaign: str, walk: WalkList, line: int) -> str:
    return f"{campaign}/walk/{walk.id}/{line}"


def _stored(unit: Unit, campaign: Campaign, walk: WalkList) -> tuple[dict[int, Attempt], dict[int, FollowUp]]:
    """By line, the newest of the facts that began with what was typed of it, and the promise any of them opened.

    A withdrawal is such a fact too.
    """
    codes = {line.household for line in walk.lines}
    facts = {one.id: one for one in unit.facts.attempts_of(campaign.name, codes)}
    ends = newest(facts.values())
    first = {first_fact(campaign.name, walk, line.line): line.line for line in walk.lines}
    never = taken_back(facts.values())
    given = newest(unit.follow_ups.of(campaign.name, campaign.zone, codes))
    opened = {one.source: one for one in given if one.source and one.source not in never}
    found: dict[int, Attempt] = {}
    promises: dict[int, FollowUp] = {}
    for one in ends:
        chain = [one]
        while chain[-1].id not in first and chain[-1].corrects in facts:
            chain.append(facts[chain[-1].corrects])
        if (line := first.get(chain[-1].id)) is not None:
            found[line] = one
            if promised := [opened[fact.id] for fact in chain if fact.id in opened]:
                promises[line] = promised[0]
    return found, promises


def _visits_since(unit: Unit, campaign: Campaign, walk: WalkList, stored: Mapping[int, Attempt]) -> dict[str, Attempt]:
    """Visits recorded otherwise since the list began, by household: the paper may say the same a second time."""
    own = {one.id for one in stored.values()}
    codes = {line.household for line in walk.lines}
    return {
        one.household: one
        for one in newest(unit.facts.attempts_of(campaign.name, codes))
        if one.channel == CHANNEL and not one.withdraws and one.id not in own and one.at >= walk.starts
    }


def write_sheet(office: Office, sheet: EntrySheet) -> Entered:
    """Write everything that was typed, in one transaction; returns what was done.

    Raises Conflict where somebody has recorded something of these lines since the list was opened.
    """
    new = corrected = same = 0
    facts: list[tuple[Attempt, str | None]] = []
    given: list[tuple[Attempt, AttemptRow, str | None]] = []
    with office.store.write() as unit:
        stored, _promises = _stored(unit, sheet.campaign, sheet.walk)
        moves: dict[str, str] = {}
        for line, entry in sorted(sheet.entered.items()):
            door = sheet.doors[line]
            before = door.stored
            if stored.get(line) != before:
                raise Conflict.at(
                    _("line {line}", line=line),
                    _("somebody else has entered it meanwhile"),
                    _("type 'outreach contact enter {list}' again; what you typed is kept", list=sheet.walk.number),
                )
            if _says_the_same(entry, door):
                same += 1
                continue
            key = None if before else _row_key(sheet.campaign.name, sheet.walk, line)
            attempt = _attempt(office, sheet, line, entry)
            facts.append((attempt, key))
            if not _promised(entry.row, door):
                given.append((attempt, entry.row, key))
            if door.promise is not None:
                moves[attempt.id] = door.promise.id
            new += before is None or before.withdraws
            corrected += before is not None and not before.withdraws
        ids = unit.rosters.household_ids()
        unit.facts.append_attempts(sheet.campaign.name, facts, ids, office.now())
        open_promises(office, unit, sheet.campaign, given, ids, moves)
    return replace(sheet_result(sheet), written=True, new=new, corrected=corrected, same=same)


def sheet_result(sheet: EntrySheet) -> Entered:
    """What a sheet that is left without writing comes to."""
    return Entered(
        list=sheet.walk.number,
        written=False,
        new=0,
        corrected=0,
        same=0,
        untimed=sum(not entry.timed for entry in sheet.entered.values()),
        missing=sheet.missing,
        totals=sheet.totals,
        differences=sheet.differences,
    )


def _attempt(office: Office, sheet: EntrySheet, line: int, entry: Entry) -> Attempt:
    before, row = sheet.doors[line].stored, entry.row
    return Attempt(
        id=office.new_id() if before else first_fact(sheet.campaign.name, sheet.walk, line),
        household=row.household,
        channel=row.channel,
        officer=row.officer,
        at=before.at if before and not entry.timed else row.at,
        disposition=row.disposition,
        person=row.person,
        left=row.left,
        note=row.note,
        corrects=before.id if before else "",
        forms=row.forms,
        musts=row.musts,
    )
