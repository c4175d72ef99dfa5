"""Every row of one store into another, whatever the database, with sums of the content compared on both sides.

A row is read as plain values that mean the same everywhere: whole numbers, floats, texts, bytes, true and false;
days and JSON as the texts they are. Nothing is opened on the way: a sealed column goes over sealed. The sum of a
table is SHA-256 over its rows in the order of the primary key, texts by code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    cast,
    collate,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from outreach.errors import StoreFault
from outreach.messages import _
from outreach.store.postgres import shown
from outreach.store.refused import cause_of, no_room, without_room
from outreach.store.schema import metadata

_BATCH = 2_000

Told = Callable[[int, int], None]
"""Told (rows done, rows in all) as the copy goes on."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and SHA-256 over all of them."""

    table: str
    rows: int
    sha256: str


def row_counts(connection: Connection) -> dict[str, int]:
    """The rows of every table, in the order in which tables refer to each other."""
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }


def table_sums(connection: Connection, told: Told = lambda done, total: None) -> list[TableSum]:
    """The sum of every table."""
    counts = row_counts(connection)
    total, done, sums = sum(counts.values()), 0, []
    for table in metadata.sorted_tables:
        digest, rows = hashlib.sha256(), 0
        for batch in _batches(connection, table):
            _add(digest, batch)
            rows += len(batch)
            told(done + rows, total)
        done += rows
        sums.append(TableSum(table.name, rows, digest.hexdigest()))
    return sums


def copy_rows(source: Connection, target: Connection, told: Told = lambda done, total: None) -> list[TableSum]:
    """Every row of `source` into the empty tables of `target`; the sums of what was read.

    Both are in a transaction; the caller commits once the sums of the target are the same. Raises StoreFault naming
    the table whose rows the target does not take.
    """
    counts = row_counts(source)
    total, done, sums = sum(counts.values()), 0, []
    if target.dialect.name == "sqlite":
        # A household merged into one that comes later waits for it until the end.
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for table in metadata.sorted_tables:
        digest, rows = hashlib.sha256(), 0
        with _refusals_of(target, table), _Taker(target, table) as taker:
            for batch in _batches(source, table):
                taker.take(batch)
                _add(digest, batch)
                rows += len(batch)
                told(done + rows, total)
        done += rows
        sums.append(TableSum(table.name, rows, digest.hexdigest()))
    _go_on_counting(target)
    return sums


def _add(digest: Any, batch: Sequence[tuple[Any, ...]]) -> None:
    for row in batch:
        digest.update(_written(row).encode() + b"\n")


_written = json.JSONEncoder(separators=(",", ":"), default=lambda value: {"hex": value.hex()}).encode
"""A row as it is summed up: a line of JSON, bytes in hexadecimal."""


def _batches(connection: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    on_server = connection.dialect.name == "postgresql"
    keys = [collate(key, "C") if on_server and isinstance(key.type, String) else key for key in table.primary_key]
    query = select(*(_bare(column, on_server) for column in table.columns)).select_from(table).order_by(*keys)
    makers = [_plain(column) for column in table.columns]
    # Streamed, so that a table of millions of rows does not lie in memory.
    found = iter(connection.execute(query.execution_options(stream_results=True, yield_per=_BATCH)))
    while True:
        try:
            batch = [
                tuple(None if value is None else make(value) for make, value in zip(makers, row, strict=True))
                for row in islice(found, _BATCH)
            ]
        except (TypeError, ValueError) as error:
            raise StoreFault.at(
                table.name, _("holds a value that does not belong there ({error})", error=error), _("restore a backup")
            ) from error
        if not batch:
            return
        yield batch


def _bare(column: Column[Any], on_server: bool) -> Any:
    """The column as it lies there: no type of ours opens, parses or converts it."""
    # The dialect knows no type for a literal column and hands on what the driver gives.
    bare: Any = literal_column(f'{column.table.name}."{column.name}"')
    return cast(bare, String).label(column.name) if on_server and isinstance(_stored(column), JSON | Date) else bare


def _stored(column: Column[Any]) -> Any:
    # A type of ours that seals or converts says what it is laid down as.
    return getattr(column.type, "impl_instance", column.type)


def _plain(column: Column[Any]) -> Callable[[Any], Any]:
    stored = _stored(column)
    if isinstance(stored, Boolean):
        return bool
    if isinstance(stored, Float):
        return float
    if isinstance(stored, Integer):
        return int
    if isinstance(stored, LargeBinary):
        return bytes
    return str


class _Taker:
    """Takes rows into one table: by COPY on PostgreSQL, by INSERT of many on SQLite."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(column.name) for column in table.columns)
        marks = ", ".join("?" for _column in table.columns)
        self._insert = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own
        self._copy: Any = None
        if connection.dialect.name == "postgresql":
            driver: Any = connection.connection.dbapi_connection
            self._cursor = driver.cursor()
            self._opened = self._cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN")

    def __enter__(self) -> _Taker:
        if self._connection.dialect.name == "postgresql":
            self._copy = self._opened.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._copy is not None:
            self._opened.__exit__(*error)
            self._cursor.close()

    def take(self, batch: list[tuple[Any, ...]]) -> None:
        """Insert some rows."""
        if self._copy is None:
            self._connection.exec_driver_sql(self._insert, batch)
            return
        for row in batch:
            self._copy.write_row(row)


@contextmanager
def _refusals_of(connection: Connection, table: Table) -> Iterator[None]:
    # COPY speaks through the driver itself, whose errors SQLAlchemy does not see.
    driver: Any = connection.dialect.loaded_dbapi
    kinds: tuple[type[Exception], ...] = (SQLAlchemyError, driver.Error)
    try:
        yield
    except kinds as error:
        if without_room(error):
            raise no_room(shown(connection.engine.url)) from error
        raise StoreFault.at(
            table.name,
            _("the other store does not take its rows ({error})", error=cause_of(error)),
            _("nothing was written there; mend that value here, then copy again"),
        ) from error


def _go_on_counting(connection: Connection) -> None:
    """Let PostgreSQL number the next rows after those that came with their numbers; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            asked = text("SELECT pg_get_serial_sequence(:table, :column)")
            name = connection.execute(asked, {"table": table.name, "column": column.name}).scalar_one()
            if name is not None:
                highest = select(func.max(column)).scalar_subquery()
                connection.execute(select(func.setval(name, func.coalesce(highest, 1), highest.is_not(None))))
