"""Many rows written at once, whether they are there or not, in the words SQLite and PostgreSQL share.

SQLAlchemy weighs every value of every row anew; with a thousand facts a commit that takes as long as writing them. Here
a statement is put into words once for each database, and only columns that need it (days, sealed texts) are converted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, slots=True)
class _Words:
    """A statement as the driver takes it. names: of the values, in its order; positional: whether they come as tuples.

    converters: by the place of each column that is converted.
    """

    text: str
    names: tuple[str, ...]
    positional: bool
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]


_words: WeakKeyDictionary[Dialect, dict[object, _Words]] = WeakKeyDictionary()


def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all have the same columns."""
    _write(connection, table, rows, (), "add")


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]) -> None:
    """Insert rows, or replace the other columns of those whose `key` is there; all rows have the same columns."""
    _write(connection, table, rows, key, "put")


def raise_by(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]) -> None:
    """Insert rows of counts, or add them to those whose `key` is there."""
    _write(connection, table, rows, key, "raise")


def _write(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...], verb: str
) -> None:
    known = _words.setdefault(connection.dialect, {})
    names = tuple(rows[0])
    words = known.get((table, key, names, verb))
    if words is None:
        words = known[table, key, names, verb] = _put_into_words(connection.dialect, table, key, names, verb)
    values: list[Any] = [[row[name] for name in words.names] for row in rows]
    for at, convert in words.converters:
        for row in values:
            if row[at] is not None:
                row[at] = convert(row[at])
    if words.positional:
        values = list(map(tuple, values))
    else:
        values = [dict(zip(words.names, row, strict=True)) for row in values]
    connection.exec_driver_sql(words.text, values)


def _put_into_words(dialect: Dialect, table: Table, key: tuple[str, ...], names: tuple[str, ...], verb: str) -> _Words:
    made = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    changes = {
        name: (table.c[name] + made.excluded[name]) if verb == "raise" else made.excluded[name]
        for name in names
        if name not in key
    }
    statement = made if verb == "add" else made.on_conflict_do_update(index_elements=list(key), set_=changes)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or names)
    converters = ((at, _converter(dialect, table, name)) for at, name in enumerate(order))
    return _Words(
        text=str(compiled),
        names=order,
        positional=bool(compiled.positional),
        converters=tuple((at, convert) for at, convert in converters if convert is not None),
    )


def _converter(dialect: Dialect, table: Table, name: str) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    convert: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert
