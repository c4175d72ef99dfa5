"""Sealing and unsealing a store: every personal value rewritten in one transaction, no plain one left in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from outreach.errors import StoreFault
from outreach.keys import load_key
from outreach.messages import _
from outreach.store.append_only_pause import changes_allowed
from outreach.store.refused import translate, without_room
from outreach.store.schema import metadata, store_marks
from outreach.store.sealed import MARK, Seal, Sealed, SealedBytes, SealedJson, seal_of, use_seal

Also = Callable[[Connection], None]
"""What is written together with the rewriting, in its transaction."""

_BATCH = 1000

_UNSWEPT = "unswept"
"""The name in `store_marks` that stands from a sealing until nothing plain is left in the file's free space."""


def load_seal(engine: Engine, key_file: Path | None) -> None:
    """Give `engine` the seal its store was sealed with; a plain store needs none.

    Raises NotFound where the key file is not there, StoreFault where it is none or another workspace's.
    """
    with engine.connect().execution_options(read_only=True) as connection:
        mark = connection.execute(select(store_marks.c.value).where(store_marks.c.name == MARK)).scalar()
    if mark is None:
        return
    if key_file is None:
        raise StoreFault.at(_("the store"), _("is sealed"), _("open it with the workspace's key file"))
    seal = Seal(load_key(key_file))
    if seal.mark() != mark:
        raise StoreFault.at(
            str(key_file),
            _("is not the key this store was sealed with"),
            _("bring back the key file of this workspace; without it the sealed columns cannot be read"),
        )
    use_seal(engine, seal)


def sealed_columns() -> list[tuple[Table, str]]:
    """Every column that can be sealed, in the order of tables and columns."""
    return [
        (table, column.name)
        for _name, table in sorted(metadata.tables.items())
        for column in table.columns
        if isinstance(column.type, Sealed | SealedJson | SealedBytes)
    ]


def seal_store(engine: Engine, key: bytes, also: Also) -> dict[str, int]:
    """Seal every personal value in one transaction; the values, by 'table.column'. The file keeps no plain one.

    Raises StoreFault where the disk has no room to write the file anew; the store is sealed then, and `sweep` does it.
    """
    found = _rewrite(engine, None, Seal(key), also)
    sweep(engine)
    return found


def unseal_store(engine: Engine, also: Also) -> dict[str, int]:
    """Write every sealed value plainly again in one transaction; the values, by 'table.column'."""
    return _rewrite(engine, seal_of(engine.dialect), None, also)


def _rewrite(engine: Engine, old: Seal | None, new: Seal | None, also: Also) -> dict[str, int]:
    found: dict[str, int] = {}
    try:
        with engine.begin() as connection, changes_allowed(connection, _tables()):
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            for table, column in sealed_columns():
                use_seal(engine, old)
                count = 0
                for rows in _values(connection, table, column):
                    use_seal(engine, new)
                    keys = [one.name for one in table.primary_key.columns]
                    change = update(table).where(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
                    connection.execute(change.values({column: bindparam("new_value")}), rows)
                    use_seal(engine, old)
                    count += len(rows)
                found[f"{table.name}.{column}"] = count
            connection.execute(delete(store_marks).where(store_marks.c.name.in_((MARK, _UNSWEPT))))
            if new is not None:
                marks = {MARK: new.mark(), **({_UNSWEPT: "1"} if engine.dialect.name == "sqlite" else {})}
                connection.execute(insert(store_marks), [{"name": one, "value": marks[one]} for one in marks])
            also(connection)
    except BaseException:
        use_seal(engine, old)
        raise
    use_seal(engine, new)
    return found


def _tables() -> list[str]:
    return sorted({table.name for table, _column in sealed_columns()})


def _values(connection: Connection, table: Table, column: str) -> Iterator[list[dict[str, Any]]]:
    keys = list(table.primary_key.columns)
    query = select(*keys, table.c[column]).order_by(*keys)
    rows = [
        {f"key_{key.name}": value for key, value in zip(keys, row[:-1], strict=True)} | {"new_value": row[-1]}
        for row in connection.execute(query)
        if row[-1]
    ]
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


def sweep(engine: Engine) -> bool:
    """Write the file of a sealed store anew: its free space and its log hold what stood there. Whether that was due.

    Raises StoreFault where the disk has no room for it.
    """
    unswept = select(store_marks.c.name).where(store_marks.c.name == _UNSWEPT)
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            if connection.execute(unswept).first() is None:
                return False
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with engine.begin() as connection:
            connection.execute(delete(store_marks).where(store_marks.c.name == _UNSWEPT))
    except SQLAlchemyError as error:
        if not without_room(error):
            raise translate(error, engine.url) from error
        raise StoreFault.at(
            str(engine.url.database),
            _("is sealed, but the disk is full, and its free space may still hold plain values"),
            _("free some space, as much as the file is long, then run 'outreach store seal' again"),
        ) from error
    return True
