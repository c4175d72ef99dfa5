"""The store looked through: its file, rows that refer to none, and where households stand against their facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.errors import Fault, StoreFault
from outreach.messages import _
from outreach.services.backups import load_backup
from outreach.services.checkup import check_standings
from outreach.services.office import Office
from outreach.store.embedded import look_through
from outreach.store.engine import NEWEST_REVISION
from outreach.store.moving import database_and_rows, file_of, shown_address


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What was found in order. database: its program and version. rows: of each table. campaigns: whose facts agree."""

    store: str
    database: str
    revision: str
    rows: dict[str, int]
    campaigns: list[str]


def check_store(office: Office) -> StoreHealth:
    """Look the workspace's store through; raises StoreFault with what is wrong.

    The structure of a database on PostgreSQL is its server's care; references between rows cannot break there.
    """
    file = file_of(office.workspace.store_url)
    if file is not None:
        _refuse(str(file), look_through(file))
    with office.store.read() as unit:
        names = unit.facts.campaigns()
        for name in names:
            check_standings(unit, name, office.workspace.zone)
    database, rows = database_and_rows(office.workspace.store_url)
    where = str(file) if file is not None else shown_address(office.workspace.store_url)
    return StoreHealth(where, database, NEWEST_REVISION, rows, names)


def check_backup(file: Path) -> StoreHealth:
    """Look a backup through and hold it against its manifest; raises NotFound, BadInput or StoreFault."""
    backup = load_backup(file)
    _refuse(str(file), look_through(file))
    return StoreHealth(str(file), "SQLite", backup.revision, backup.rows, [])


def _refuse(where: str, wrong: list[str]) -> None:
    if wrong:
        mend = _("restore the newest backup that is whole")
        raise StoreFault(*(Fault(where, sentence, mend) for sentence in wrong))
