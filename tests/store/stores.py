"""A store with rows in every table, some of them awkward, whatever the tables are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Date, Float, Integer, LargeBinary, Table, insert

from outreach.store.schema import metadata

TEXTS = ("", "𬱖䶮", "a\tb\\N\r\n\"'", "null", "\\.", "é", "H,1;2|3", "\U0001f600" * 40)
NUMBERS = (0, -1, 2**31 - 1, 7)
BIG_NUMBERS = (2**62, -(2**62), 0, 1)
FLOATS = (0.1, -1e-300, 113.123456789012345, 1e300)
DAYS = (dt.date(1, 1, 1), dt.date(2005, 2, 28), dt.date(9999, 12, 31), dt.date(2004, 2, 29))
JSONS: tuple[Any, ...] = ({"b": [1, 2.5, None], "a": '户 "x"\n'}, [], "text", {"": {"deep": [True]}})
BYTES = (b"", b"\x00\xff\\x41", bytes(range(256)), b"\\.")


def fill(connection: Connection, rows: int = 4) -> None:
    """So many rows into every table, which refer to each other by position."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        made[table.name] = [_row(table, number, made) for number in range(rows)]
        connection.execute(insert(table), made[table.name])


def _row(table: Table, number: int, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {column.name: _value(table, column, number, made) for column in table.columns}


def _value(table: Table, column: Column[Any], number: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    for key in column.foreign_keys:
        if key.column.table is table:
            return None if number % 2 else number + 2  # refers to a row that comes later
        return made[key.column.table.name][number][key.column.name]
    unique = column.primary_key or column.unique or any(column.name in one.columns for one in table.constraints)
    if column.nullable and number == 1:
        return None
    kind: Any = getattr(column.type, "impl_instance", column.type)
    if unique:
        return _unique(kind, number)
    for type_, values in _KINDS:
        if isinstance(kind, type_):
            return values[number % len(values)]
    return TEXTS[number % len(TEXTS)]


def _unique(kind: Any, number: int) -> Any:
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, Date):
        return DAYS[number]
    return ("Z", "a", "张", "_")[number % 4] + str(number)


_KINDS: tuple[tuple[type, tuple[Any, ...]], ...] = (
    (JSON, JSONS),
    (LargeBinary, BYTES),
    (Boolean, (True, False)),
    (Date, DAYS),
    (Float, FLOATS),
    (BigInteger, BIG_NUMBERS),
    (Integer, NUMBERS),
)
