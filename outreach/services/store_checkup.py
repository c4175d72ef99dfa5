"""The store looked through: its file, rows that refer to none, and where households stand against their facts."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from outreach.config import Workspace
from outreach.errors import Fault, NotFound, StoreFault
from outreach.messages import _
from outreach.services.backups import load_backup
from outreach.services.checkup import check_standings
from outreach.services.office import Office, disk_fault
from outreach.store.embedded import look_through
from outreach.store.engine import NEWEST_REVISION
from outreach.store.moving import bring_up, database_and_rows, file_of, shown_address
from outreach.store.unit import Store


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What was found in order. database: its program and version. rows: of each table.

    campaigns: whose facts agree; None for a sealed backup whose key is not here, of which they cannot be read.
    """

    store: str
    database: str
    revision: str
    rows: dict[str, int]
    campaigns: list[str] | None


def check_store(office: Office) -> StoreHealth:
    """Look the workspace's store through; raises StoreFault with what is wrong.

    The structure of a database on PostgreSQL is its server's care; references between rows cannot break there.
    """
    file = file_of(office.workspace.store_url)
    if file is not None:
        _refuse(str(file), look_through(file))
    names = _campaigns(office.store, office.workspace.zone)
    database, rows = database_and_rows(office.workspace.store_url)
    where = str(file) if file is not None else shown_address(office.workspace.store_url)
    return StoreHealth(where, database, NEWEST_REVISION, rows, names)


def check_backup(workspace: Workspace, file: Path) -> StoreHealth:
    """Look a backup through, hold it against its manifest and its standings against their facts.

    It is a backup of this workspace's store. Raises NotFound, BadInput or StoreFault.
    """
    backup = load_backup(file)
    _refuse(str(file), look_through(file))
    return StoreHealth(str(file), "SQLite", backup.revision, backup.rows, _campaigns_of_copy(workspace, file))


def _campaigns_of_copy(workspace: Workspace, file: Path) -> list[str] | None:
    """The campaigns of a backup whose facts agree, read in a copy: opening a store brings it to the newest tables."""
    with tempfile.TemporaryDirectory(prefix="outreach-check-") as folder:
        copy = Path(folder) / file.name
        try:
            shutil.copyfile(file, copy)
        except OSError as error:
            raise disk_fault(copy, error) from error
        bring_up(copy)
        try:
            store = Store.open(f"sqlite:///{copy}", key_file=workspace.key_path)
        except NotFound:
            return None
        with closing(store):
            try:
                return _campaigns(store, workspace.zone)
            except StoreFault as wrong:
                mend = _("make another backup, or restore it and run 'outreach check --rebuild'")
                raise StoreFault(*(Fault(str(file), one.what, mend) for one in wrong.faults)) from wrong


def _campaigns(store: Store, zone: dt.tzinfo) -> list[str]:
    """The campaigns in a store; raises StoreFault where a household stands otherwise than its facts say."""
    with store.read() as unit:
        names = unit.facts.campaigns()
        for name in names:
            check_standings(unit, name, zone)
    return names


def _refuse(where: str, wrong: list[str]) -> None:
    if wrong:
        mend = _("restore the newest backup that is whole")
        raise StoreFault(*(Fault(where, sentence, mend) for sentence in wrong))
