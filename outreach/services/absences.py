"""Officers' leave: taken in from a table or by hand, listed, called off. Whoever plans asks for what is in force."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from outreach.errors import BadInput, Conflict, NotFound
from outreach.intake.leave import Leave, away_already, latest_day, read_leave
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.rota_away import AwayShift, shifts_in_leave
from outreach.store.absences import Absence
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class LeaveImport:
    """What an import of leave did. known: rows that were stored already. shifts: published shifts it falls on."""

    file: str
    rows: int
    added: int
    known: int
    shifts: tuple[AwayShift, ...]


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Leave in force with the officer's name."""

    id: str
    officer: str
    name: str
    post: str
    first: dt.date
    last: dt.date
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeaveAdded(LeaveRow):
    """Leave just recorded. shifts: the published shifts it falls on."""

    shifts: tuple[AwayShift, ...]


def import_leave(office: Office, path: Path) -> LeaveImport:
    """Take in a table of leave (.xlsx, .xls, .csv), all or nothing; a file read twice changes nothing.

    Raises BadInput with every wrong row, and for leave that overlaps, without being the same as, what is stored.
    """
    now = office.now()
    with office.store.write() as unit:
        stored = unit.absences.in_force()
        known = {Leave(one.officer, one.first, one.last, one.reason): one.id for one in stored}
        found = read_leave(path, officers=unit.rosters.officer_codes(), today=now.date(), stored=known)
        same = {(one.officer, one.first, one.last) for one in stored}
        fresh = [one for one in found if (one.officer, one.first, one.last) not in same]
        added = [Absence(office.new_id(), one.officer, one.first, one.last, one.reason) for one in fresh]
        unit.absences.add(added, now)
        shifts = shifts_in_leave(office, unit, added)
        report = LeaveImport(path.name, len(found), len(fresh), len(found) - len(fresh), shifts)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        counts = {"added": report.added, "changed": 0, "unchanged": report.known}
        unit.rosters.record_import(office.new_id(), "leave", report.file, digest, now, counts)
    return report


def add_leave(office: Office, officer: str, first: dt.date, last: dt.date, reason: str) -> LeaveAdded:
    """Record that an officer (staff code or post) is away from `first` to `last`, both included.

    Raises NotFound for an unknown officer, BadInput for days in the wrong order or too far off and for no reason,
    Conflict for days that are recorded already.
    """
    with office.store.write() as unit:
        code = officer_code(unit, officer)
        if last < first:
            raise BadInput.at(
                "--to", _("{ends} is before the start {starts}", ends=last, starts=first), _("write a later day")
            )
        if not reason.strip():
            raise BadInput.at("--reason", _("is empty"), _("say why the officer is away"))
        _refuse_far_off(last, office.now().date())
        _refuse_overlap(unit.absences.in_force(first, last), code, first, last)
        absence = Absence(office.new_id(), code, first, last, reason.strip())
        unit.absences.add([absence], office.now())
        row = _rows(unit, [absence])[0]
        return LeaveAdded(**asdict(row), shifts=shifts_in_leave(office, unit, [absence]))


def list_leave(office: Office, first: dt.date | None = None, last: dt.date | None = None) -> list[LeaveRow]:
    """The leave in force that touches the days from `first` to `last`; all of it where None."""
    with office.store.read() as unit:
        return _rows(unit, unit.absences.in_force(first or dt.date.min, last or dt.date.max))


def lift_leave(office: Office, leave_id: str) -> LeaveRow:
    """Call leave off; its record stays. Raises NotFound where no leave in force has that ID."""
    with office.store.write() as unit:
        found = [one for one in unit.absences.in_force() if one.id == leave_id]
        if not found:
            raise NotFound.at(leave_id, _("there is no such leave in force"), _("see 'outreach leave list'"))
        unit.absences.lift([leave_id], office.now())
        return _rows(unit, found)[0]


def officer_code(unit: Unit, name: str) -> str:
    """The staff code of an officer named by it or by the post held; raises NotFound."""
    officers = unit.rosters.officers()
    if name in officers:
        return officers[name].code
    if name in unit.rosters.officer_codes():
        return name
    raise NotFound.at(name, _("there is no such officer"), _("see 'outreach officer list'"))


def _rows(unit: Unit, absences: list[Absence]) -> list[LeaveRow]:
    officers = unit.rosters.all_officers()
    return [
        LeaveRow(
            one.id,
            one.officer,
            officers[one.officer].name,
            officers[one.officer].post,
            one.first,
            one.last,
            (one.last - one.first).days + 1,
            one.reason,
        )
        for one in absences
    ]


def _refuse_far_off(last: dt.date, today: dt.date) -> None:
    latest = latest_day(today)
    if last > latest:
        what = _("{day} is after {latest}, the last day leave is recorded for", day=last, latest=latest)
        raise BadInput.at("--to", what, _("check the year"))


def _refuse_overlap(stored: list[Absence], officer: str, first: dt.date, last: dt.date) -> None:
    for one in stored:
        if one.officer == officer and one.first <= last and first <= one.last:
            raise Conflict.at("--from", *away_already(Leave(officer, one.first, one.last, one.reason), one.id))
