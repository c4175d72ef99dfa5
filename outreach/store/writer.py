"""The connection over which a program writes to a SQLite file, kept open from one write to the next.

To lend one from SQLAlchemy's pool, open its transaction and give it back costs about as much as a small write itself.
So one is kept lent and in SQLAlchemy's eyes in one long transaction, while what the file sees begins and ends here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from outreach.store.driver import tell
from outreach.store.engine import BEGINS_ITSELF


class Writer:
    """Writes to the file of `engine`, one transaction after another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: Connection | None = None
        self._free = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose transaction is committed when the block ends and undone when it fails."""
        if not self._free.acquire(blocking=False):  # another thread's: this one did not wait for its turn any longer
            with self._engine.begin() as connection:
                yield connection
            return
        try:
            connection = self._connection()
            _say(connection, "BEGIN IMMEDIATE")
            yield connection
            _say(connection, "COMMIT")
        except BaseException:
            self._let_go()
            raise
        finally:
            self._free.release()

    def close(self) -> None:
        """Let go of the connection."""
        with self._free:
            self._let_go()

    def _connection(self) -> Connection:
        if self._kept is None:
            self._kept = self._engine.connect().execution_options(**{BEGINS_ITSELF: True})
            self._kept.begin()
        return self._kept

    def _let_go(self) -> None:
        """Give the connection back, what was not committed undone."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def _say(connection: Connection, words: str) -> None:
    tell(connection, words, lambda cursor: cursor.execute(words))
