"""The database's own driver under a connection, for what is said too often to go through every layer of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def driver(connection: Connection, words: str) -> Iterator[Any]:
    """A cursor of the driver, in the connection's transaction; its errors come as SQLAlchemy's. words: for those."""
    errors: Any = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except errors as error:
        lost = connection.dialect.is_disconnect(error, connection.connection, cursor)
        raise DBAPIError.instance(words, None, error, errors, lost, dialect=connection.dialect) from error
    finally:
        cursor.close()
