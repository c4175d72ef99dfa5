"""Rows written whether they are there or not, in the words SQLite and PostgreSQL share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]) -> None:
    """Insert rows, or replace the other columns of those whose `key` is there; all rows have the same columns."""
    statement = _statement(table, connection.dialect.name, key, tuple(rows[0]), add=False)
    connection.execute(statement, [dict(row) for row in rows])


def raise_by(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]) -> None:
    """Insert rows of counts, or add them to those whose `key` is there."""
    statement = _statement(table, connection.dialect.name, key, tuple(rows[0]), add=True)
    connection.execute(statement, [dict(row) for row in rows])


@cache
def _statement(table: Table, dialect: str, key: tuple[str, ...], columns: tuple[str, ...], *, add: bool) -> Executable:
    words = postgresql if dialect == "postgresql" else sqlite
    made = words.insert(table)
    changes = {
        name: (table.c[name] + made.excluded[name]) if add else made.excluded[name]
        for name in columns
        if name not in key
    }
    statement: Executable = made.on_conflict_do_update(index_elements=list(key), set_=changes)
    return statement
