"""Whose turn it is to write: programs and threads that write to one SQLite file take turns in the order they came.

SQLite lets one write at a time and has the others ask again and again; who asks at the right moment wins, and under
eight writers some wait for seconds. So before BEGIN IMMEDIATE each takes a number, as at a counter: it locks a byte of
its own in a file beside the store and waits until the byte of the number before it is free. The kernel frees the
bytes of a program that ends, however it ends. The lock decides the order only: what keeps writers apart is
SQLite's own, so where the file cannot be used (a system without such locks, a folder that refuses files) or somebody
does not take part, all is as without it.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NUMBERS = 1 << 30
_COUNTER = 8
"""Bytes at the file's beginning: the number last given. The bytes that are locked lie behind it."""

_SHORTEST, _LONGEST = 0.0003, 0.005
"""Seconds between two looks at the number before: the first `_SOON` seconds, and then."""
_SOON = 0.25


class Turn:
    """The turns at one store file; one for all threads of the program."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: deque[threading.Lock] = deque()
        self._guard = threading.Lock()
        self._pid = os.getpid()

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """Hold the turn; where it does not come within `seconds`, go on without it: SQLite's own lock decides then."""
        until = time.monotonic() + seconds
        self._after_fork()
        mine = threading.Lock()
        try:
            file = self._number(until) if self._stand_in_line(mine, seconds) else None
            try:
                yield
            finally:
                if file is not None:
                    os.close(file)  # which frees the byte
        finally:
            self._leave(mine)

    def _after_fork(self) -> None:
        """A forked child begins with an empty line: the threads that stood in it stayed with the parent."""
        if self._pid != os.getpid():
            self._waiting, self._guard, self._pid = deque(), threading.Lock(), os.getpid()

    def _stand_in_line(self, mine: threading.Lock, seconds: float) -> bool:
        """Wait behind the other threads of this program: locks of files belong to the program as a whole."""
        with self._guard:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                return True
            mine.acquire()  # until whoever stands before opens it
        return mine.acquire(timeout=seconds)

    def _leave(self, mine: threading.Lock) -> None:
        with self._guard:
            first = self._waiting[0] is mine
            self._waiting.remove(mine)
            if first and self._waiting:
                self._waiting[0].release()

    def _number(self, until: float) -> int | None:
        """The open file once this program's number is up; None where it cannot be used or the time is over."""
        if fcntl is None:
            return None
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError:
            return None
        try:
            up = _is_up(file, until)
        except OSError:
            up = False
        except BaseException:
            os.close(file)
            raise
        if not up:
            os.close(file)
            return None
        return file


def _is_up(file: int, until: float) -> bool:
    """Take a number and wait until it is up; False where the time is over."""
    fcntl.lockf(file, fcntl.LOCK_EX, _COUNTER, 0)  # held for three system calls
    last = int.from_bytes(os.pread(file, _COUNTER, 0), "little") % _NUMBERS
    mine = (last + 1) % _NUMBERS
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _COUNTER + mine)
    os.pwrite(file, mine.to_bytes(_COUNTER, "little"), 0)
    fcntl.lockf(file, fcntl.LOCK_UN, _COUNTER, 0)
    began = time.monotonic()
    while True:
        with suppress(BlockingIOError, PermissionError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _COUNTER + last)
            return True
        now = time.monotonic()
        if now >= until:
            return False
        # Often while it may be up at once, seldom behind somebody's long import.
        time.sleep(_SHORTEST if now - began < _SOON else _LONGEST)


_turns: dict[str, Turn] = {}
_turns_guard = threading.Lock()


@lru_cache(maxsize=64)
def turn_of(database: str) -> Turn:
    """The turns at a store file; the same for every store of the program that is open at it."""
    path = Path(database).resolve()
    with _turns_guard:
        return _turns.setdefault(str(path), Turn(path.with_name(f"{path.name}.turn")))
