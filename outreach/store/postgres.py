"""What the store asks of PostgreSQL, so that all that is right on the embedded store is right there.

- Whoever writes takes one lock of the database first: one writer at a time, as BEGIN IMMEDIATE gives it. Under READ
  COMMITTED every statement after it sees all that was committed, so what a unit reads before it writes holds
  until it commits. (REPEATABLE READ would take its snapshot before the lock is granted, and read stale rows.)
- Whoever reads has one snapshot (REPEATABLE READ) and cannot write.
- Texts sort by code, as in SQLite, whatever language the database was made for.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import URL, Connection, text

from outreach.errors import StoreFault
from outreach.messages import _

DRIVER = "postgresql+psycopg"
"""How addresses name the driver; people write postgresql:// or postgres://."""

_WRITING = 0x6F75747265616368
"""The key of the lock of whoever writes: 'outreach' as eight bytes."""


def with_driver(url: URL) -> URL:
    """The address with the driver named, as SQLAlchemy wants it; any other database's as it is."""
    return url.set(drivername=DRIVER) if url.drivername in ("postgresql", "postgres") else url


def shown(url: URL) -> str:
    """The address as people write it, without its password."""
    plain = url.set(drivername="postgresql") if url.drivername == DRIVER else url
    return plain.render_as_string(hide_password=True)


def begin(connection: Connection, *, reading: bool, wait_seconds: float) -> None:
    """The first words of a transaction: a snapshot to read, or the turn to write.

    Raises the driver's LockNotAvailable when another has been writing for `wait_seconds`.
    """
    if reading:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait_seconds * 1000)}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")


def sort_texts_by_code(connection: Connection, tables: Collection[str]) -> None:
    """Give every text column of `tables` the collation "C"; those that have it are left alone."""
    rows = connection.execute(
        text(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')"
            " AND collation_name IS DISTINCT FROM 'C' ORDER BY table_name, ordinal_position"
        )
    )
    changes: dict[str, list[str]] = {}
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind in rows:
        if table in tables:
            changes.setdefault(table, []).append(f'ALTER COLUMN {quote(column)} TYPE {kind} COLLATE "C"')
    for table, wanted in changes.items():
        connection.exec_driver_sql(f"ALTER TABLE {quote(table)} {', '.join(wanted)}")


def check_encoding(connection: Connection) -> None:
    """Raise StoreFault where the database does not hold every sign: names need UTF-8."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreFault.at(
            shown(connection.engine.url),
            _("the database writes texts in {encoding}", encoding=encoding),
            _("make another with 'createdb --encoding=UTF8 --template=template0' and name it in store.url"),
        )
