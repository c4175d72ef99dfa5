"""The database's own driver under a connection, for what is said too often to go through every layer of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_Told = TypeVar("_Told")


def tell(connection: Connection, words: str, work: Callable[[Any], _Told]) -> _Told:
    """What `work` returns, given a cursor of the driver in the connection's transaction.

    Its errors come as SQLAlchemy's. words: for those.
    """
    errors: Any = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        return work(cursor)
    except errors as error:
        lost = connection.dialect.is_disconnect(error, connection.connection, cursor)
        raise DBAPIError.instance(words, None, error, errors, lost, dialect=connection.dialect) from error
    finally:
        cursor.close()
