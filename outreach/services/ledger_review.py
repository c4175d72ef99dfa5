"""Lines of the ledger that wait for somebody: shown with whom they are like, decided, and decided otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from outreach.domain.ledger import OPEN, Key, LedgerFile, Line, LineState, Why
from outreach.domain.people import Household, Person
from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import _
from outreach.planning.matching import Evidence
from outreach.services.campaigns import load_campaign
from outreach.services.household_codes import not_listed
from outreach.services.ledger import booking_of, finder_of
from outreach.services.office import Office
from outreach.store.unit import Unit

_REFERENCE = re.compile(r"(\d{1,6})-(\d{1,7})")
_WHO = re.compile(r"([^:]+)(?::(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody a line may be about, with what speaks for and against it. score: log2 of the odds."""

    household: Household
    person: Person
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line beside its candidates. reference: how commands name it, file and line: '3-17'."""

    reference: str
    file: LedgerFile
    line: Line
    candidates: tuple[Beside, ...]


def review_lines(office: Office, campaign_name: str, month: str = "") -> list[Waiting]:
    """Every line in review, by file and line, with its candidates that are still on the roster, best first."""
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    with office.store.read() as unit:
        files = {file.id: file for file in unit.ledger.files(campaign.name, zone)}
        lines = unit.ledger.lines(campaign.name, zone, states=[LineState.REVIEW], month=month)
        finder = finder_of(unit, campaign.name, zone)
        homes = unit.rosters.households()
    waiting = []
    for line in lines:
        beside = []
        for match in sorted(finder.compared(line), key=lambda match: (-match.score, match.theirs.key)):
            code, _colon, number = match.theirs.key.rpartition(":")
            person = next(one for one in homes[code].persons if one.number == int(number))
            beside.append(Beside(homes[code], person, match.score, match.evidence))
        waiting.append(Waiting(reference_of(files[line.file], line), files[line.file], line, tuple(beside)))
    return waiting


def open_lines(office: Office, campaign_name: str, month: str = "") -> list[Waiting]:
    """Lines that are nobody's of the roster: unmatched, or refused by somebody; without candidates."""
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    with office.store.read() as unit:
        files = {file.id: file for file in unit.ledger.files(campaign.name, zone)}
        states = [LineState.UNMATCHED, LineState.REFUSED]
        lines = unit.ledger.lines(campaign.name, zone, states=states, month=month)
    return [Waiting(reference_of(files[line.file], line), files[line.file], line, ()) for line in lines]


def reference_of(file: LedgerFile, line: Line) -> str:
    """How commands name a line: the file's number and the line's."""
    return f"{file.number}-{line.row}"


def match_line(office: Office, campaign_name: str, reference: str, whom: str) -> Line:
    """Decide that a line is `whom`'s, 'HOUSEHOLD' or 'HOUSEHOLD:PERSON': it becomes a milestone.

    Raises NotFound for an unknown line, household or person, BadInput where the household has several persons and
    none is named, Conflict where the line is decided already.
    """
    with office.store.write() as unit:
        file, line = _found(office, unit, campaign_name, reference)
        if line.state not in OPEN:
            raise _settled(reference)
        code, person = _who(unit, whom)
        decided = replace(
            line, state=LineState.MATCHED, key=Key.DECISION, household=code, person=person,
            decided=office.now(), decided_by=office.actor,
        )  # fmt: skip
        booking = booking_of(office, unit, campaign_name)
        decided = booking.book(decided, file)
        ids = unit.ledger.household_ids()
        unit.ledger.change([decided], ids)
        booking.append(ids)
    return decided


def person_of(office: Office, line: Line) -> str:
    """The name the roster has for whom a line was decided to be."""
    with office.store.read() as unit:
        home = unit.rosters.households([line.household])[line.household]
    return next(person.name for person in home.persons if person.number == line.person)


def refuse_line(office: Office, campaign_name: str, reference: str) -> Line:
    """Decide that a line is nobody's of the roster; raises NotFound, and Conflict where it is decided already."""
    with office.store.write() as unit:
        _file, line = _found(office, unit, campaign_name, reference)
        if line.state not in (LineState.REVIEW, LineState.UNMATCHED):
            raise _settled(reference)
        decided = replace(line, state=LineState.REFUSED, decided=office.now(), decided_by=office.actor)
        unit.ledger.change([decided], unit.ledger.household_ids())
    return decided


def undo_line(office: Office, campaign_name: str, reference: str) -> Line:
    """Take back what was decided of a line, by a key or by somebody: it waits again, its milestone is withdrawn.

    Whom it was matched with stays a candidate. Raises NotFound, and Conflict where nothing is decided.
    """
    with office.store.write() as unit:
        _file, line = _found(office, unit, campaign_name, reference)
        if line.state not in (LineState.MATCHED, LineState.REFUSED):
            what = _("nothing is decided of it")
            raise Conflict.at(reference, what, _("see 'outreach ledger list' and 'outreach ledger review'"))
        if line.blank:
            what = _("whose it was has been erased; only its kind, day and sum are left")
            raise Conflict.at(reference, what, _("leave it as it is; it goes on counting without a name"))
        booking = booking_of(office, unit, campaign_name)
        undone = booking.withdraw(line)
        finder = finder_of(unit, load_campaign(office.workspace, campaign_name).name, office.workspace.zone)
        fitting = [(line.household, line.person)] if line.household and line.person else []
        undone = finder.asked(replace(undone, household="", person=0, key=None), Why.UNDONE, fitting)
        undone = replace(undone, decided=office.now(), decided_by=office.actor)
        ids = unit.ledger.household_ids()
        unit.ledger.change([undone], ids)
        booking.append(ids)
    return undone


def _found(office: Office, unit: Unit, campaign_name: str, reference: str) -> tuple[LedgerFile, Line]:
    """The file and the line a reference names; one that a newer file has replaced or that was withdrawn is none."""
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        what = _("'{value}' names no line", value=reference)
        raise BadInput.at("LINE", what, _("write file and line, such as 3-17; see 'outreach ledger review'"))
    files = {file.number: file for file in unit.ledger.files(campaign.name, zone)}
    file = files.get(int(match[1]))
    lines = unit.ledger.lines(campaign.name, zone, file=file.id, row=int(match[2])) if file else []
    if file is None or not lines:
        raise NotFound.at(reference, _("there is no such line"), _("see 'outreach ledger list'"))
    if lines[0].state in (LineState.REPLACED, LineState.WITHDRAWN):
        what = _("a newer file of the month has taken its place")
        raise Conflict.at(reference, what, _("find the line in the newer file; see 'outreach ledger list'"))
    return file, lines[0]


def _who(unit: Unit, whom: str) -> tuple[str, int]:
    match = _WHO.fullmatch(whom.strip())
    code = match[1] if match else whom
    home = unit.rosters.households([code]).get(code)
    if home is None or match is None:
        raise not_listed(unit, code)
    numbers = [person.number for person in home.persons]
    if not match[2] and len(numbers) == 1:
        return code, numbers[0]
    if not match[2]:
        what = _("the household has {count} persons", count=len(numbers))
        raise BadInput.at(whom, what, _("name the person too, such as {code}:1", code=code))
    if int(match[2]) not in numbers:
        what = _("has no person number {number}", number=int(match[2]))
        raise NotFound.at(code, what, _("see 'outreach household show {code}'", code=code))
    return code, int(match[2])


def _settled(reference: str) -> Conflict:
    what = _("is decided already, or is of another insurance")
    return Conflict.at(reference, what, _("take the decision back first with 'outreach ledger undo'"))
