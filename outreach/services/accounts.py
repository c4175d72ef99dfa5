"""Account statements: taken in from the pension system's file, all or nothing, and shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.account import AccountYear, balance_falls
from outreach.domain.people import Household
from outreach.errors import BadInput
from outreach.intake.accounts import AccountRow, read_accounts
from outreach.services.household_codes import not_listed
from outreach.services.office import Office, Progress, no_progress, part_of
from outreach.store.accounts import AccountKey

_FIELDS = ("months", "base_fen", "paid_fen", "balance_fen")


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One figure the file changes. field: months, base_fen, paid_fen or balance_fen."""

    household: str
    person: int
    year: int
    field: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class BalanceFall:
    """A balance that is lower than the year before; nothing is refused for it."""

    household: str
    person: int
    year: int
    before_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class AccountImport:
    """What an import of statements did; its rows are years of persons.

    absent: stored rows of other years and persons, which stay. falls: among what the store holds now of the persons
    the file names.
    """

    file: str
    rows: int
    added: int
    changed: int
    unchanged: int
    absent: int
    ignored_columns: tuple[str, ...]
    changes: tuple[AccountChange, ...]
    falls: tuple[BalanceFall, ...]


@dataclass(frozen=True, slots=True)
class HouseholdAccounts:
    """A household with the statements that are known, by the person's number."""

    household: Household
    statements: dict[int, tuple[AccountYear, ...]]


def import_accounts(office: Office, path: Path, progress: Progress = no_progress) -> AccountImport:
    """Take in account statements (.xlsx, .xls, .csv): a year that is stored already takes the file's figures.

    Raises BadInput with every bad row and writes nothing then. A file read twice changes nothing the second time; what
    the file does not name is left alone.
    """
    with office.store.read() as unit:
        homes = unit.rosters.households()
    reading = read_accounts(path, homes=homes, today=office.now().date(), progress=part_of(progress, 60))
    if reading.faults:
        raise BadInput(*reading.faults)
    with office.store.write() as unit:
        stored = {
            (code, person): {row.year: row for row in years}
            for (code, person), years in unit.accounts.statements().items()
        }
        added: dict[AccountKey, list[AccountYear]] = {}
        changed: dict[AccountKey, list[AccountYear]] = {}
        changes: list[AccountChange] = []
        for item in reading.items:
            key = (item.household, item.person)
            old = stored.setdefault(key, {}).get(item.year.year)
            if old is None:
                added.setdefault(key, []).append(item.year)
            elif old != item.year:
                changed.setdefault(key, []).append(item.year)
                changes += _changes(item, old)
            stored[key][item.year.year] = item.year
        ids = unit.rosters.household_ids()
        unit.accounts.add(added, ids)
        unit.accounts.change(changed, ids)
        report = AccountImport(
            file=path.name,
            rows=reading.rows,
            added=_count(added.values()),
            changed=_count(changed.values()),
            unchanged=len(reading.items) - _count(added.values()) - _count(changed.values()),
            absent=_count(stored.values()) - len(reading.items),
            ignored_columns=reading.ignored,
            changes=tuple(changes),
            falls=tuple(
                BalanceFall(*key, fall.year.year, fall.before.balance_fen, fall.year.balance_fen)
                for key in dict.fromkeys((item.household, item.person) for item in reading.items)
                for fall in balance_falls(list(stored[key].values()))
            ),
        )
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
        unit.rosters.record_import(office.new_id(), "accounts", report.file, digest, office.now(), counts)
    progress(100, 100)
    return report


def show_accounts(office: Office, code: str) -> HouseholdAccounts:
    """The statements of one household; raises NotFound for an unknown code."""
    with office.store.read() as unit:
        home = unit.rosters.households([code]).get(code)
        if home is None:
            raise not_listed(unit, code)
        statements = unit.accounts.statements(code)
    return HouseholdAccounts(home, {person: years for (_code, person), years in statements.items()})


def _changes(item: AccountRow, old: AccountYear) -> Iterable[AccountChange]:
    for field in _FIELDS:
        before, now = getattr(old, field), getattr(item.year, field)
        if before != now:
            yield AccountChange(item.household, item.person, item.year.year, field, before, now)


def _count(groups: Iterable[Sized]) -> int:
    return sum(len(group) for group in groups)
