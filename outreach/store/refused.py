"""What a database refused, in sentences a user can act on."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from outreach.errors import Conflict, NotAllowed, NotFound, OutreachError, StoreFault
from outreach.messages import _
from outreach.store.postgres import shown
from outreach.store.scope import REFUSED

BUSY_SECONDS = 30
"""How long a writer waits for its turn."""

_LOCK_NOT_AVAILABLE, _READ_ONLY, _NOT_ALLOWED = "55P03", "25006", "42501"
_CHECK_OPTION = "44000"
_NO_ROOM = "53100"
_LOST = ("08", "57P")
"""Beginnings of PostgreSQL's codes for a connection that ended: by the network, or by the server's people."""


def cause_of(error: BaseException) -> str:
    """The first line of what the driver said."""
    original = getattr(error, "orig", None) or error
    return (str(original).splitlines() or [type(original).__name__])[0].strip()


def without_room(error: BaseException) -> bool:
    """Whether the disk was full for what the database, its driver or the system wanted to write."""
    original = getattr(error, "orig", None) or error
    if isinstance(original, OSError):
        return original.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
    if isinstance(original, sqlite3.Error):
        # SHMSIZE: the index of the log, a file of its own, cannot be made as long as it must be.
        return getattr(original, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
    return str(getattr(original, "sqlstate", None) or "") == _NO_ROOM


def no_room(where: str) -> StoreFault:
    """The sentence for a full disk."""
    return StoreFault.at(where, _("the disk is full"), _("this was not written; free some space, then run it again"))


def cannot_write(where: str, error: BaseException) -> StoreFault:
    """The error a user can act on where a file of a store, a copy or a backup, cannot be written whole."""
    if without_room(error):
        return no_room(where)
    what = _("a file cannot be written ({error})", error=cause_of(error))
    return StoreFault.at(where, what, _("check the disk and try again"))


def translate(error: SQLAlchemyError, url: URL | None = None) -> OutreachError:
    """The error a user can act on for a database error met in the middle of work in the store at `url`."""
    cause = cause_of(error)
    code = _code(error)
    if without_room(error):
        return no_room(_place(url))
    if REFUSED in cause or code == _CHECK_OPTION:
        return NotAllowed.at(
            _("the store"),
            _("this would change what is not yours to change"),
            _("nothing was written; 'outreach user whoami' shows your role, ask a manager"),
        )
    if _busy(error):
        return Conflict.at(
            _("the store"),
            _("another program has been writing for {seconds} s", seconds=BUSY_SECONDS),
            _("wait for it to end and try again"),
        )
    if code.startswith(_LOST) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StoreFault.at(
            _("the store"),
            _("the connection to the database server was lost ({error})", error=cause),
            _("when the server is back, run the command again; rows taken in before are recognised"),
        )
    if code == _NOT_ALLOWED:
        return StoreFault.at(
            _("the store"),
            cause,
            _("nothing was written; let the database's owner grant the user of store.url its tables"),
        )
    if code == _READ_ONLY:
        return StoreFault.at(
            _("the store"), cause, _("nothing was written; name the server that takes writes in store.url")
        )
    if isinstance(error, IntegrityError):
        return StoreFault.at(_("the store"), cause, _("nothing was written; this is a fault of outreach, report it"))
    return StoreFault.at(_place(url), cause, _("nothing was written; check the disk and try again"))


def _place(url: URL | None) -> str:
    if url is None:
        return _("the store")
    return str(url.database) if url.get_backend_name() == "sqlite" and url.database else shown(url)


def _busy(error: SQLAlchemyError) -> bool:
    return "locked" in cause_of(error) or _code(error) == _LOCK_NOT_AVAILABLE


def _code(error: SQLAlchemyError) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def cannot_open(url: URL, error: BaseException) -> OutreachError:
    """The error a user can act on where the store at `url` does not open."""
    where = shown(url)
    cause = cause_of(error)
    if isinstance(error, SQLAlchemyError) and _busy(error):
        return translate(error)
    if without_room(error):
        return no_room(_place(url))
    if url.get_backend_name() != "postgresql":
        what = _("the store cannot be opened ({error})", error=cause)
        return StoreFault.at(where, what, _("check the address and the file; restore a backup if it is damaged"))
    if "database" in cause and "does not exist" in cause:
        name = url.database or ""
        return NotFound.at(
            where,
            _("the server has no database {name}", name=name),
            _("make it with 'createdb {name}' or mend store.url", name=name),
        )
    if "password" in cause or "authentication" in cause or "role" in cause or "pg_hba" in cause:
        return StoreFault.at(
            where,
            _("the database server does not let this user in ({error})", error=_said(cause)),
            _("check the user of store.url and the password in it, in ~/.pgpass or in PGPASSWORD"),
        )
    if any(sign in cause for sign in ("refused", "resolve", "timeout", "timed out", "No such file", "unreachable")):
        return StoreFault.at(
            where,
            _("no database server answers there ({error})", error=_said(cause)),
            _("start the server, or mend host and port of store.url"),
        )
    return StoreFault.at(
        where,
        _("the store cannot be opened ({error})", error=_said(cause)),
        _("check the address and the server"),
    )


def _said(cause: str) -> str:
    # The address stands in front of the sentence already.
    return cause.rpartition("failed: ")[2].removeprefix("FATAL:").strip()
