"""Rows of users: kept for good, ended rather than deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from outreach.domain.role import Role, User
from outreach.store import schema as t
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


class Users:
    """Reads and writes users, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def any(self) -> bool:
        """Whether the workspace has users at all, ended ones included."""
        return bool(self._connection.execute(select(func.count()).select_from(t.users)).scalar_one())

    def all(self, zone: dt.tzinfo) -> list[User]:
        """Every user, ended ones included, in the order of their logins."""
        rows = self._connection.execute(select(t.users).order_by(t.users.c.login)).mappings()
        return [
            User(
                login=row["login"],
                name=row["name"],
                role=Role(row["role"]),
                starts=from_ms(row["starts_ms"], zone),
                officer=row["officer"],
                secret=row["secret"],
                ends=from_ms_or_none(row["ends_ms"], zone),
            )
            for row in rows
        ]

    def keep(self, user: User) -> None:
        """Write a user; one of that login who is there already gives way."""
        values: dict[str, Any] = {
            "name": user.name,
            "role": user.role.value,
            "officer": user.officer,
            "secret": user.secret,
            "starts_ms": to_ms(user.starts),
            "ends_ms": None if user.ends is None else to_ms(user.ends),
        }
        known = t.users.c.login == user.login
        if not self._connection.execute(update(t.users).where(known).values(**values)).rowcount:
            self._connection.execute(insert(t.users).values(login=user.login, **values))
