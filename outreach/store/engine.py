"""Opening the store: SQLite in WAL with synchronous FULL and BEGIN IMMEDIATE, migrated to the newest tables.

WAL with FULL lost no acknowledged row in simulated power losses where NORMAL lost thousands; a plain BEGIN
fails under several writers where BEGIN IMMEDIATE waits its turn (figures in the founders' PEERS page).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from outreach.errors import Conflict, NotFound, StoreFault
from outreach.messages import _

NEWEST_REVISION = "0005"

_BUSY_SECONDS = 30


def open_engine(url: str, *, create: bool = False) -> Engine:
    """The engine for `url`, its tables brought up to date.

    create: make the store where there is none; otherwise a missing SQLite file raises NotFound.
    Raises StoreFault when the file is no store or newer than this program.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise StoreFault.at(
            "outreach.toml, store.url", _("is no store address"), _("write sqlite:///outreach.db")
        ) from error
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and not create and not Path(str(parsed.database)).is_file():
        raise NotFound.at(
            str(parsed.database), _("the store does not exist"), _("make it with 'outreach init' or mend store.url")
        )
    if sqlite and not create and not Path(str(parsed.database)).stat().st_size:
        raise StoreFault.at(
            str(parsed.database), _("the store is empty, as a full disk leaves it"), _("put back a backup of it")
        )
    try:
        engine = create_engine(parsed)
        if sqlite:
            event.listen(engine, "connect", _set_pragmas)
            event.listen(engine, "begin", _begin_immediate)
        _upgrade(engine)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreFault.at(
            parsed.render_as_string(hide_password=True),
            _("the store cannot be opened ({error})", error=_cause(error)),
            _("check the address and the file; restore a backup if it is damaged"),
        ) from error
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin late and not immediately.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # Readers see a snapshot in WAL and need no turn; they mark themselves read-only.
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _upgrade(engine: Engine) -> None:
    present = _revision(engine)
    if present == NEWEST_REVISION:
        return
    if present > NEWEST_REVISION:
        raise StoreFault.at(
            engine.url.render_as_string(hide_password=True),
            _("the store is of a newer version ({revision})", revision=present),
            _("use the newer outreach that wrote it"),
        )
    # Alembic takes a fifth of a second to import; most openings have nothing to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str:
    with engine.connect().execution_options(read_only=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _cause(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).splitlines()[0]


def translate(error: SQLAlchemyError) -> Conflict | StoreFault:
    """The error a user can act on for a database error met in the middle of work."""
    cause = _cause(error)
    if "locked" in cause:
        return Conflict.at(
            _("the store"),
            _("another program has been writing for {seconds} s", seconds=_BUSY_SECONDS),
            _("wait for it to end and try again"),
        )
    if isinstance(error, IntegrityError):
        return StoreFault.at(_("the store"), cause, _("nothing was written; this is a fault of outreach, report it"))
    return StoreFault.at(_("the store"), cause, _("nothing was written; check the disk and try again"))
