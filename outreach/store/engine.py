"""Opening the store and migrating it to the newest tables; one writer at a time on every database.

SQLite: WAL with synchronous FULL and BEGIN IMMEDIATE. WAL with FULL lost no acknowledged row in simulated power
losses where NORMAL lost thousands; a plain BEGIN fails under several writers where BEGIN IMMEDIATE waits its turn
(figures in the founders' PEERS page). PostgreSQL: see store/postgres.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from outreach.errors import Conflict, NotFound, StoreFault
from outreach.messages import _
from outreach.store import postgres, refused
from outreach.store.driver import tell
from outreach.store.embedded import MOVED
from outreach.store.schema import metadata
from outreach.store.sealed import seal_of, use_seal

NEWEST_REVISION = "0005"

_SECONDS_TO_ANSWER = 10

BEGINS_ITSELF = "begins_itself"
"""The execution option of a connection whose owner begins and ends what the file sees (store/writer.py)."""


def parse_address(url: str) -> URL:
    """The address in its parts, the driver named; raises StoreFault when it is none."""
    mend = _("write sqlite:///outreach.db, or postgresql://user@server/database")
    try:
        parsed = postgres.with_driver(make_url(url))
        backend = parsed.get_backend_name()
    except SQLAlchemyError as error:
        raise StoreFault.at("outreach.toml, store.url", _("is no store address"), mend) from error
    if backend not in ("sqlite", "postgresql"):
        what = _("{name} is no database outreach works with", name=backend)
        raise StoreFault.at("outreach.toml, store.url", what, mend)
    return parsed


def open_engine(url: str, *, create: bool = False) -> Engine:
    """The engine for `url`, its tables brought up to date.

    create: make the store where there is none; otherwise a missing SQLite file, or a PostgreSQL database without
    the store's tables, raises NotFound. Raises StoreFault when the file is no store or newer than this program.
    """
    parsed = parse_address(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and not create:
        _check_file(Path(str(parsed.database)))
    try:
        engine = _connected(parsed)
        _upgrade(engine, create=create)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise refused.cannot_open(parsed, error) from error
    return engine


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise NotFound.at(str(path), _("the store does not exist"), _("make it with 'outreach init' or mend store.url"))
    if not path.stat().st_size:
        raise StoreFault.at(str(path), _("the store is empty, as a full disk leaves it"), _("put back a backup of it"))


def _connected(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    # A connection the server ended while it lay idle is replaced before anything is said over it.
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _SECONDS_TO_ANSWER})
    event.listen(engine, "begin", _begin_in_turn)
    return engine


def second_engine(engine: Engine) -> Engine:
    """Another engine for the store of `engine`, sealing as it does, with connections of its own."""
    made = _connected(engine.url)
    use_seal(made, seal_of(engine.dialect))
    return made


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin late and not immediately.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(refused.BUSY_SECONDS * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # A city's indexes do not fit into the 2 MB that are usual.
    cursor.execute("PRAGMA cache_size = -20000")
    # An officer's thousand facts lie on a thousand pages; looked at where they are, they need not be copied.
    cursor.execute(f"PRAGMA mmap_size = {2**32}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get(BEGINS_ITSELF, False):
        return
    # Readers see a snapshot in WAL and need no turn; they mark themselves read-only.
    begin = "BEGIN" if _reads(connection) else "BEGIN IMMEDIATE"
    tell(connection, begin, lambda cursor: cursor.execute(begin))


def _begin_in_turn(connection: Connection) -> None:
    postgres.begin(connection, reading=_reads(connection), wait_seconds=refused.BUSY_SECONDS)


def _reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("read_only", False))


def _upgrade(engine: Engine, *, create: bool) -> None:
    present = _revision(engine)
    if present == NEWEST_REVISION:
        return
    if present.startswith(MOVED):
        raise Conflict.at(
            postgres.shown(engine.url),
            _("this store was moved, and work goes on elsewhere"),
            _("run the command again; if it says so again, mend store.url"),
        )
    if present > NEWEST_REVISION:
        raise StoreFault.at(
            postgres.shown(engine.url),
            _("the store is of a newer version ({revision})", revision=present),
            _("use the newer outreach that wrote it"),
        )
    on_server = engine.dialect.name == "postgresql"
    if on_server and not present and not create:
        raise NotFound.at(
            postgres.shown(engine.url),
            _("the database holds no store"),
            _("move a workspace's store there with 'outreach store copy', or mend store.url"),
        )
    # Alembic takes a fifth of a second to import; most openings have nothing to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if on_server:
            postgres.check_encoding(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if on_server:
            postgres.sort_texts_by_code(connection, metadata.tables)


def _revision(engine: Engine) -> str:
    with engine.connect().execution_options(read_only=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
