"""Sealing and unsealing a store: every personal value rewritten in one transaction, no plain one left in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, update

from outreach.errors import StoreFault
from outreach.keys import load_key
from outreach.messages import _
from outreach.store.append_only_pause import changes_allowed
from outreach.store.schema import metadata, store_marks
from outreach.store.sealed import MARK, Seal, Sealed, SealedBytes, SealedJson, seal_of, use_seal

_BATCH = 1000


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


def seal_store(engine: Engine, key: bytes) -> dict[str, int]:
    """Seal every personal value in one transaction; the values, by 'table.column'. The file keeps no plain one."""
    seal = Seal(key)
    found = _rewrite(engine, None, seal)
    _forget(engine)
    return found


def unseal_store(engine: Engine) -> dict[str, int]:
    """Write every sealed value plainly again in one transaction; the values, by 'table.column'."""
    return _rewrite(engine, seal_of(engine.dialect), None)


def _rewrite(engine: Engine, old: Seal | None, new: Seal | None) -> dict[str, int]:
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
            connection.execute(delete(store_marks).where(store_marks.c.name == MARK))
            if new is not None:
                connection.execute(insert(store_marks).values(name=MARK, value=new.mark()))
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


def _forget(engine: Engine) -> None:
    # Free pages and the log beside the file would still hold what stood there; a VACUUM writes the file anew.
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(read_only=True) as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
