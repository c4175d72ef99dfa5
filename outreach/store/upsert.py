"""Many rows written or looked up at once, said straight to the database's driver.

SQLAlchemy weighs every value of every row anew, and every statement on its way to the driver; where facts are recorded
that takes longer than writing them. Here a statement is put into words once for each database, only columns that need
it (days, sealed texts) are converted, and the driver is told at once. Errors come as SQLAlchemy's all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Connection, Dialect, Float, Select, Table, text
from sqlalchemy.dialects import postgresql, sqlite

from outreach.store.driver import tell

Row = Mapping[str, Any]
_R = TypeVar("_R", bound=Row)
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Words:
    """A statement as the driver takes it. names: of the values, in its order; positional: whether they come as tuples.

    converters: by the place of each column that is converted, on its way in or out. fixed: values that stand in it.
    """

    text: str
    names: tuple[str, ...]
    positional: bool
    converters: tuple[tuple[int, _Convert], ...]
    fixed: Row = field(default_factory=dict)

    def values(self, rows: Sequence[Row]) -> list[Any]:
        """The rows' values as the driver takes them."""
        found: list[Any] = [[row[name] for name in self.names] for row in rows]
        for at, convert in self.converters:
            for row in found:
                if row[at] is not None:
                    row[at] = convert(row[at])
        return found if self.positional else [dict(zip(self.names, row, strict=True)) for row in found]


_words: WeakKeyDictionary[Dialect, dict[object, _Words]] = WeakKeyDictionary()
_chosen: dict[tuple[Select[Any], str], Select[Any]] = {}


def add(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, which all have the same columns."""
    _write(connection, table, rows, (), "add")


def put(connection: Connection, table: Table, rows: Sequence[Row], key: tuple[str, ...]) -> None:
    """Insert rows, or replace the other columns of those whose `key` is there; all rows have the same columns."""
    _write(connection, table, rows, key, "put")


def raise_by(connection: Connection, table: Table, rows: Sequence[Row], key: tuple[str, ...]) -> None:
    """Insert rows of counts, or add them to those whose `key` is there."""
    _write(connection, table, rows, key, "raise")


def add_unknown(connection: Connection, table: Table, rows: Sequence[_R]) -> list[_R]:
    """Insert the rows none of whose unique columns is there yet, one after another; returns those."""
    words = _statement(connection.dialect, table, (), tuple(rows[0]), "unknown")
    values = words.values(rows)
    added = _added_one_by_one if connection.dialect.name == "sqlite" else _added_together
    known = tell(connection, words.text, lambda cursor: added(cursor, words.text, values))
    return [row for row, new in zip(rows, known, strict=True) if new]


def _added_one_by_one(cursor: Any, words: str, values: Sequence[Any]) -> list[int]:
    return [cursor.execute(words, one).rowcount for one in values]


def _added_together(cursor: Any, words: str, values: Sequence[Any]) -> list[int]:
    """The same in one pipeline, of which psycopg tells row by row what came of it."""
    cursor.executemany(words, values, returning=True)
    found = []
    for _one in values:
        found.append(cursor.rowcount)
        cursor.nextset()
    return found


def rows_of(connection: Connection, query: Select[Any], **values: Any) -> list[Any]:
    """The rows of `query`, which is one and the same object every time; values: of its bound parameters."""
    known = _words.setdefault(connection.dialect, {})
    words = known.get(query)
    if words is None:
        words = known[query] = _question(connection.dialect, query)
    given: Any = {**words.fixed, **values}
    if words.positional:
        given = [given[name] for name in words.names]
    rows: list[Any] = tell(connection, words.text, lambda cursor: cursor.execute(words.text, given).fetchall())
    if words.converters:
        rows = [list(row) for row in rows]
        for at, convert in words.converters:
            for row in rows:
                row[at] = convert(row[at])
    return rows


def rows_among(
    connection: Connection, query: Select[Any], column: Column[int], keys: Sequence[int], **values: Any
) -> list[Any]:
    """As `rows_of`, only those whose `column` is among `keys`, however many."""
    given: Any
    # One is asked for as such: it is the commonest, and found sooner than through a list. Numbers in brackets are JSON.
    if len(keys) == 1:
        among, given = "= :among", keys[0]
    elif connection.dialect.name == "sqlite":
        among, given = "IN (SELECT value FROM json_each(:among))", str(list(keys))
    else:
        among, given = "= ANY(:among)", list(keys)
    chosen = _chosen.get((query, among))
    if chosen is None:
        chosen = _chosen[query, among] = query.where(text(f"{column} {among}"))
    return rows_of(connection, chosen, among=given, **values)


def _write(connection: Connection, table: Table, rows: Sequence[Row], key: tuple[str, ...], verb: str) -> None:
    words = _statement(connection.dialect, table, key, tuple(rows[0]), verb)
    values = words.values(rows)
    tell(connection, words.text, lambda cursor: cursor.executemany(words.text, values))


def _statement(dialect: Dialect, table: Table, key: tuple[str, ...], names: tuple[str, ...], verb: str) -> _Words:
    known = _words.setdefault(dialect, {})
    words = known.get((table, key, names, verb))
    if words is None:
        words = known[table, key, names, verb] = _put_into_words(dialect, table, key, names, verb)
    return words


def _put_into_words(dialect: Dialect, table: Table, key: tuple[str, ...], names: tuple[str, ...], verb: str) -> _Words:
    made = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    if verb == "add":
        statement = made
    elif verb == "unknown":
        statement = made.on_conflict_do_nothing()
    else:
        changes = {
            name: (table.c[name] + made.excluded[name]) if verb == "raise" else made.excluded[name]
            for name in names
            if name not in key
        }
        statement = made.on_conflict_do_update(index_elements=list(key), set_=changes)
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or names)
    converters = (
        (at, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for at, name in enumerate(order)
    )
    said = str(compiled)
    if dialect.name == "sqlite":
        # Who sees a part of the store has views of the tables' names, and a view cannot be written there.
        said = said.replace("INSERT INTO ", "INSERT INTO main.", 1)
    return _Words(said, order, bool(compiled.positional), tuple((at, one) for at, one in converters if one is not None))


def _question(dialect: Dialect, query: Select[Any]) -> _Words:
    compiled = query.compile(dialect=dialect)
    converters = (
        (at, one.type.dialect_impl(dialect).result_processor(dialect, None))
        for at, one in enumerate(query.selected_columns)
        if not isinstance(one.type, Float)  # which both drivers give as they are
    )
    fixed = {}
    for name, bound in compiled.binds.items():
        if not bound.required:
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
            fixed[name] = convert(bound.value) if convert else bound.value
    return _Words(
        str(compiled),
        tuple(compiled.positiontup or compiled.params),
        bool(compiled.positional),
        tuple((at, one) for at, one in converters if one is not None),
        fixed,
    )
