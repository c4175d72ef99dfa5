"""Rosters: reading them in, all or nothing a file, and showing who is there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from outreach.domain.people import Household, Officer
from outreach.errors import BadInput
from outreach.intake.roster import Reading, read_households, read_officers
from outreach.services.office import Office, Progress, no_progress, part_of

_PERSONAL = ("mobile", "home_phone", "office_phone", "id_number")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row that the file changes. who: household or officer code; field: its path."""

    who: str
    field: str
    old: str
    new: str

    @property
    def personal(self) -> bool:
        """Whether the values are phones or ID numbers, which listings mask."""
        return self.field.rpartition(".")[2] in _PERSONAL


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did. absent: rows of the store that the file does not name; they stay as they are."""

    kind: str
    file: str
    rows: int
    added: tuple[str, ...]
    changes: tuple[Change, ...]
    unchanged: int
    absent: int
    ignored_columns: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The codes of the rows that changed, each once."""
        return tuple(dict.fromkeys(change.who for change in self.changes))


def import_households(office: Office, path: Path, progress: Progress = no_progress) -> ImportReport:
    """Take in a household roster (.xlsx, .xls, .csv).

    Raises BadInput with every bad row and writes nothing then. A file read twice changes nothing the second
    time. Households the file does not name are left alone and counted.
    """
    reading = _read(read_households, path, office, progress)
    items = {home.code: home for home in reading.items}
    with office.store.write() as unit:
        report = _compare("households", path, reading, unit.rosters.households(), items, _household_fields)
        changed = set(report.changed)
        unit.rosters.add_households(items[code] for code in report.added)
        unit.rosters.change_households(home for code, home in items.items() if code in changed)
        _remember(office, unit.rosters.record_import, report, path)
    progress(100, 100)
    return report


def import_officers(office: Office, path: Path, progress: Progress = no_progress) -> ImportReport:
    """Take in an officer roster; see `import_households`. A changed post ends one tenure and begins another."""
    reading = _read(read_officers, path, office, progress)
    items = {officer.code: officer for officer in reading.items}
    at = office.now()
    with office.store.write() as unit:
        known = {officer.code: officer for officer in unit.rosters.officers().values()}
        report = _compare("officers", path, reading, known, items, _officer_fields)
        changed = set(report.changed)
        unit.rosters.add_officers((items[code] for code in report.added), at)
        unit.rosters.change_officers((officer for code, officer in items.items() if code in changed), at)
        _remember(office, unit.rosters.record_import, report, path)
    progress(100, 100)
    return report


def list_households(office: Office) -> list[Household]:
    """Every household in order of code."""
    with office.store.read() as unit:
        return list(unit.rosters.households().values())


def list_officers(office: Office) -> list[Officer]:
    """Every officer who holds a post, in order of post."""
    with office.store.read() as unit:
        return list(unit.rosters.officers().values())


_Item = TypeVar("_Item", Household, Officer)


def _read(reader: Callable[..., Reading[_Item]], path: Path, office: Office, progress: Progress) -> Reading[_Item]:
    reading = reader(path, today=office.now().date(), progress=part_of(progress, 70))
    if reading.faults:
        raise BadInput(*reading.faults)
    return reading


def _compare(
    kind: str,
    path: Path,
    reading: Reading[Any],
    known: Mapping[str, _Item],
    items: Mapping[str, _Item],
    fields: Callable[[_Item], dict[str, str]],
) -> ImportReport:
    changes: list[Change] = []
    for code, item in items.items():
        if code in known and known[code] != item:
            changes += _changes(code, fields(known[code]), fields(item))
    added = tuple(code for code in items if code not in known)
    return ImportReport(
        kind=kind,
        file=path.name,
        rows=reading.rows,
        added=added,
        changes=tuple(changes),
        unchanged=len(items) - len(added) - len({change.who for change in changes}),
        absent=len(known.keys() - items.keys()),
        ignored_columns=reading.ignored,
    )


def _changes(code: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[Change]:
    for field in dict.fromkeys([*old, *new]):
        if old.get(field, "") != new.get(field, ""):
            yield Change(code, field, old.get(field, ""), new.get(field, ""))


def _remember(office: Office, record: Callable[..., None], report: ImportReport, path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    counts = {"added": len(report.added), "changed": len(report.changed), "unchanged": report.unchanged}
    record(office.new_id(), report.kind, report.file, digest, office.now(), counts)


def _household_fields(home: Household) -> dict[str, str]:
    """A household as flat texts by field path, for telling what changed."""
    found = {f"address.{name}": value for name, value in _texts(home.address).items()}
    found |= {
        "difficulty": home.difficulty.value,
        "migrant": _text(home.migrant),
        "lon": _text(home.lon),
        "lat": _text(home.lat),
    }
    for person in home.persons:
        found |= {f"persons[{person.number}].{name}": value for name, value in _texts(person).items()}
    return found


def _officer_fields(officer: Officer) -> dict[str, str]:
    return _texts(officer)


def _texts(item: Any) -> dict[str, str]:
    return {field.name: _text(getattr(item, field.name)) for field in dataclasses.fields(item)}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
