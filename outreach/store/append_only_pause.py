"""The one exception to append-only tables: personal words in facts are taken out when a household is erased.

The triggers are taken off for the length of a transaction and put back as they were, so that nothing else can slip
in between: other connections see them all the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def changes_allowed(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Let rows of `tables` be changed inside the block; to be used within one transaction."""
    if connection.dialect.name == "sqlite":
        wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name")
        found = [row for table in tables for row in connection.execute(wanted, {"table": table})]
        for name, _sql in found:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in found:
            connection.exec_driver_sql(sql)
        return
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
