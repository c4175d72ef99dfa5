"""Rosters: reading them in, all or nothing a file, and showing who is there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from outreach.collection import collection_paused
from outreach.domain.directory import phone_digits
from outreach.domain.hotline import PhoneKind
from outreach.domain.people import Household, Officer
from outreach.errors import BadInput, Conflict, Fault, refuse_if_any
from outreach.intake.roster import Reading, Told, read_households, read_officers
from outreach.messages import _
from outreach.planning.matching import LIKELY, POSSIBLE, ROSTER_LEVELS, Register, home_matches
from outreach.services.duplicates import Near, near_homes
from outreach.services.erasure_marks import ErasedAgain, Marks
from outreach.services.merging import merged_household, merged_officer
from outreach.services.office import Office, Progress, no_progress, part_of
from outreach.services.person_records import all_records
from outreach.store.directory import PhoneChange

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
class MissingPerson:
    """A person of a stored household whom the file does not name. who: the household's code."""

    who: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Displaced:
    """A post that passed from one officer to another. old, new: officer codes."""

    post: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did. absent: rows of the store that the file does not name; they stay as they are.

    missing_persons: persons of households the file names whom it does not name; they stay too. displaced: officers
    who have no post any more, because another took it. vacant: posts that nobody holds any more. erased: rows of
    people who were erased, who were left out. merged: rows of households that were merged into others, left alone:
    (their code, the code they are read as). near: new households that are more likely than not ones that are there,
    as `household duplicates` shows them.
    remarks: what looks odd in the file.
    """

    kind: str
    file: str
    rows: int
    added: tuple[str, ...]
    changes: tuple[Change, ...]
    unchanged: int
    absent: int
    ignored_columns: tuple[str, ...]
    missing_persons: tuple[MissingPerson, ...] = ()
    displaced: tuple[Displaced, ...] = ()
    vacant: tuple[str, ...] = ()
    erased: tuple[ErasedAgain, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    near: tuple[Near, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """The codes of the rows that changed, each once."""
        return tuple(dict.fromkeys(change.who for change in self.changes))


@collection_paused()
def import_households(
    office: Office, path: Path, progress: Progress = no_progress, *, refuse_near: bool = False
) -> ImportReport:
    """Take in a household roster (.xlsx, .xls, .csv).

    refuse_near: raise Conflict where a new household is more likely than not one that is there, instead of only
    telling.
    Raises BadInput with every bad row and writes nothing then. A file read twice changes nothing the second
    time. What the file does not name is left alone: households (counted), persons of a household (listed), and every
    field it has no column for. Persons keep their numbers.
    """
    reading = _read(read_households, path, office, progress)
    with office.store.write() as unit:
        known = unit.rosters.households()
        items: dict[str, Household] = {}
        missing: list[MissingPerson] = []
        gone, given = unit.merges.kept_codes(), unit.merges.numbers_given()
        homes, erased = Marks(office, unit).without_erased(reading.items)
        cut = {one.code for one in erased}
        for home in homes:
            if home.code in gone:
                continue
            stored = known.get(home.code)
            items[home.code] = home
            if stored is not None:
                items[home.code], left = merged_household(
                    stored, home, _told_of(reading, home, cut), given.get(home.code, 0)
                )
                missing += [MissingPerson(home.code, person.number, person.name) for person in left]
        _refuse_homeless((home for code, home in items.items() if known.get(code) != home), reading)
        report = _compare("households", path, reading, known, items, _household_fields)
        report = dataclasses.replace(
            report,
            missing_persons=tuple(missing),
            erased=tuple(erased),
            merged=tuple((home.code, gone[home.code]) for home in homes if home.code in gone),
            near=_as_listed(near_homes((items[code] for code in report.added), known), known | items),
        )
        refuse_if_any(_resembling(report.near, reading) if refuse_near else (), Conflict)
        changed = set(report.changed)
        unit.rosters.add_households((items[code] for code in report.added), office.now())
        unit.rosters.change_households(home for code, home in items.items() if code in changed)
        _remember(office, unit.rosters.record_import, report, path)
    progress(100, 100)
    return report


def import_officers(office: Office, path: Path, progress: Progress = no_progress) -> ImportReport:
    """Take in an officer roster; see `import_households`. A changed post ends one tenure and begins another."""
    reading = _read(read_officers, path, office, progress)
    at = office.now()
    with office.store.write() as unit:
        known = unit.rosters.all_officers()
        before = unit.rosters.officers()
        items = {
            read.code: merged_officer(known[read.code], read, reading.told[read.code]) if read.code in known else read
            for read in reading.items
        }
        report = _compare("officers", path, reading, known, items, _officer_fields)
        changed = set(report.changed)
        unit.rosters.add_officers((items[code] for code in report.added), at)
        unit.rosters.change_officers((officer for code, officer in items.items() if code in changed), at)
        report = _with_posts(report, before, unit.rosters.officers(), items)
        unit.directory.add_changes(_phone_changes(office, report, path))
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


def _told_of(reading: Reading[Household], home: Household, cut: set[str]) -> Told:
    """What the file tells of a household, of the persons that may come in; cut: households that lost persons."""
    told = reading.told[home.code]
    if home.code not in cut:
        return told
    (read,) = (one for one in reading.items if one.code == home.code)
    fields = zip(read.persons, told.persons, strict=True)
    return dataclasses.replace(told, persons=tuple(of for person, of in fields if person in home.persons))


def _resembling(near: Iterable[Near], reading: Reading[Household]) -> Iterable[Fault]:
    for one in near:
        yield Fault(
            reading.told[one.code].place,
            _("new household {code} resembles {like}", code=one.code, like=one.like),
            _("use the code {like}, or import without --refuse-near and look at both", like=one.like),
        )


def _as_listed(near: Sequence[Near], homes: Mapping[str, Household]) -> tuple[Near, ...]:
    """Those that `household duplicates` shows once `homes` are stored, with the scores it gives them, likeliest first.

    `near_homes` finds them among those that were there; what a name says, and what is drawn blindly, hangs on all.
    """
    if not near:
        return ()
    register = Register(all_records(homes.values()), levels=ROSTER_LEVELS)
    found: list[Near] = []
    for one in near:
        first, second = (all_records([homes[code]]) for code in sorted((one.code, one.like)))
        matches = (register.match(mine, yours) for mine in first for yours in second)
        pairs = home_matches((match for match in matches if match.score >= POSSIBLE), least=POSSIBLE)
        if pairs and (pairs[0].score >= LIKELY or one.certain):
            found.append(dataclasses.replace(one, score=pairs[0].score, persons=pairs[0].persons))
        elif one.certain:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (not one.certain, -one.score, one.code)))


_PHONE_KINDS = {"mobile": PhoneKind.MOBILE, "home_phone": PhoneKind.HOME, "office_phone": PhoneKind.OFFICE}


def _phone_changes(office: Office, report: ImportReport, path: Path) -> Iterable[PhoneChange]:
    """The numbers of officers that the file changes, for the directory's list of changes."""
    for change in report.changes:
        old, new = phone_digits(change.old), phone_digits(change.new)
        if change.field in _PHONE_KINDS and old != new:
            kind = _PHONE_KINDS[change.field]
            yield PhoneChange(office.new_id(), change.who, kind, old, new, office.now(), office.actor, path.name)


def _refuse_homeless(written: Iterable[Household], reading: Reading[Household]) -> None:
    refuse_if_any(
        Fault(
            reading.told[home.code].place,
            _("neither the file nor the store has an address of household {code}", code=home.code),
            _("add the columns of the address, and fill in at least the compound"),
        )
        for home in written
        if not home.address.compound and not home.address.community
    )


def _with_posts(
    report: ImportReport, before: Mapping[str, Officer], after: Mapping[str, Officer], items: Mapping[str, Officer]
) -> ImportReport:
    """The report with who lost their post, what is vacant, and whom of those with a post the file does not name."""
    holders = {officer.code for officer in after.values()}
    displaced = tuple(
        Displaced(post, old.code, after[post].code)
        for post, old in before.items()
        if post in after and old.code not in holders
    )
    absent = sum(officer.code not in items for officer in before.values())
    vacant = tuple(post for post in before if post not in after)
    return dataclasses.replace(report, absent=absent, displaced=displaced, vacant=vacant)


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
        if code in known and known[code] is not item and known[code] != item:
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
        remarks=reading.remarks,
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
        "works": _text(home.works),
        "language": home.language,
    }
    for person in home.persons:
        told = {name: value for name, value in _texts(person).items() if name != "number"}
        found |= {f"persons[{person.number}].{name}": value for name, value in told.items()}
    return found


def _officer_fields(officer: Officer) -> dict[str, str]:
    return _texts(officer)


def _texts(item: Any) -> dict[str, str]:
    return {field.name: _text(getattr(item, field.name)) for field in dataclasses.fields(item)}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
