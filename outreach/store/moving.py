"""A whole store copied into another database, checked, and if wanted left behind so that nobody writes to it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from outreach.errors import Conflict, StoreFault
from outreach.messages import _
from outreach.store.copying import TableSum, Told, copy_rows, row_counts, table_sums
from outreach.store.embedded import MOVED, held_alone, known_as, remove_store, somebody_works, take_up
from outreach.store.engine import NEWEST_REVISION, open_engine, parse_address
from outreach.store.postgres import shown
from outreach.store.refused import cannot_write, no_room, translate, without_room


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made. sums: of every table, the same on both sides. address: the target's, without password."""

    address: str
    sums: tuple[TableSum, ...]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(one.rows for one in self.sums)


def shown_address(url: str) -> str:
    """The address without its password."""
    return shown(parse_address(url))


def file_of(url: str) -> Path | None:
    """The file of an embedded store, None for a server's."""
    parsed = parse_address(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def database_and_rows(url: str) -> tuple[str, dict[str, int]]:
    """What database holds the store at `url`, with its version, and how many rows each table has."""
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            version = ".".join(str(part) for part in engine.dialect.server_version_info or ())
            name = "PostgreSQL" if engine.dialect.name == "postgresql" else "SQLite"
            return f"{name} {version}", row_counts(connection)
    except SQLAlchemyError as error:
        raise translate(error) from error
    finally:
        engine.dispose()


def bring_up(file: Path) -> None:
    """Bring the copy of a backup to the newest tables; raises StoreFault where the disk refuses."""
    try:
        take_up(file)
    except sqlite3.Error as error:
        raise cannot_write(str(file), error) from error
    open_engine(f"sqlite:///{file}").dispose()


def close_log(file: Path) -> None:
    """Make a store that nobody has open one file that is whole by itself; raises StoreFault where the disk refuses."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as whole:
            whole.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise cannot_write(str(file), error) from error


def copy_store(source: str, target: str, told: Told = lambda done, total: None) -> Copied:
    """The store at `source` as of one moment into an empty one at `target`; others may go on working in `source`.

    told: hears of the rows copied, then of those read again. Raises Conflict where the target holds something,
    StoreFault where the two differ in the end; then the target is empty as before.
    """
    engine = open_engine(source)
    try:
        with engine.connect().execution_options(read_only=True) as here:
            return _into(here, target, told)
    except SQLAlchemyError as error:
        raise translate(error) from error
    finally:
        engine.dispose()


def move_store(source: str, target: str, taken: Callable[[Copied], None], told: Told) -> Copied:
    """As `copy_store`, while nobody else is connected; then `taken` makes the target the one that is used.

    After that the store at `source` is marked as moved and opens no more: whoever waited for it is told, and no
    fact is written where nobody looks. Raises Conflict where somebody works in it.
    """
    open_engine(source).dispose()  # the newest tables
    try:
        with _alone(source) as here:
            copied = _into(here, target, told)
            taken(copied)
            here.execute(text("UPDATE alembic_version SET version_num = :mark"), {"mark": MOVED + NEWEST_REVISION})
        return copied
    except SQLAlchemyError as error:
        raise translate(error) from error


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    file = file_of(url)
    if file is None:
        with _alone_on_server(url) as connection:
            yield connection
        return
    with held_alone(file) as held:
        engine = create_engine("sqlite://", creator=lambda: held, poolclass=StaticPool)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        with engine.begin() as connection:
            yield connection


@contextmanager
def _alone_on_server(url: str) -> Iterator[Connection]:
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            # Whoever comes from now on waits here for the revision, and reads the mark when the wait is over.
            connection.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
            others = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if connection.execute(others).scalar_one():
                raise somebody_works(shown_address(url))
            yield connection
    finally:
        engine.dispose()


def _into(here: Connection, target: str, told: Told) -> Copied:
    file = file_of(target)
    if file is None:
        return Copied(shown_address(target), _checked(here, open_engine(target, create=True), target, told))
    if file.exists():
        raise _holds_something(str(file))
    part = file.with_name(f".{file.name}.part")
    remove_store(part)
    try:
        with known_as(part, file):
            file.parent.mkdir(parents=True, exist_ok=True)
            sums = _checked(here, open_engine(f"sqlite:///{part}", create=True), str(file), told)
            close_log(part)
            part.rename(file)
    except OSError as error:
        raise cannot_write(str(file), error) from error
    except SQLAlchemyError as error:
        if without_room(error):
            raise no_room(str(file)) from error
        raise
    finally:
        remove_store(part)
    return Copied(str(file), sums)


def _checked(here: Connection, engine: Engine, where: str, told: Told) -> tuple[TableSum, ...]:
    """Copy in one transaction of the target; committed only if both sides come to the same sums."""
    try:
        with engine.begin() as there:
            if any(row_counts(there).values()):
                raise _holds_something(where)
            sums = copy_rows(here, there, lambda done, total: told(done, 2 * total))
            found = table_sums(there, lambda done, total: told(total + done, 2 * total))
            differing = [one.table for one, other in zip(sums, found, strict=True) if one != other]
            if differing:
                raise StoreFault.at(
                    where,
                    _("the copy of {tables} is not what was read", tables=", ".join(differing)),
                    _("nothing was written there; report it"),
                )
        return tuple(sums)
    finally:
        engine.dispose()


def _holds_something(where: str) -> Conflict:
    return Conflict.at(
        where,
        _("there is something in it already"),
        _("name an empty database, or a file that does not exist"),
    )
