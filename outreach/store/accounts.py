"""The account statements: one row for each person and year, replaced when a newer file says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from outreach.domain.account import AccountYear
from outreach.store import schema as t

AccountKey = tuple[str, int]
"""Whose account: the household's code and the person's number in it."""

_AMOUNTS = ("months", "base_fen", "paid_fen", "balance_fen")
_KEYS = ("household_id", "person", "year")


class Accounts:
    """Reads and writes statements, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def statements(self, household: str | None = None) -> dict[AccountKey, tuple[AccountYear, ...]]:
        """Every statement, or those of one household; the years in order."""
        table = t.account_years
        columns = (t.households.c.code, table.c.person, table.c.year, *(table.c[name] for name in _AMOUNTS))
        query = select(*columns).join(t.households).order_by(table.c.household_id, table.c.person, table.c.year)
        if household is not None:
            query = query.where(t.households.c.code == household)
        found: dict[AccountKey, list[AccountYear]] = {}
        for code, person, *year in self._connection.execute(query):
            found.setdefault((code, person), []).append(AccountYear(*year))
        return {key: tuple(years) for key, years in found.items()}

    def add(self, years: Mapping[AccountKey, list[AccountYear]], household_ids: Mapping[str, int]) -> None:
        """Insert years that are not there yet."""
        if rows := _rows(years, household_ids):
            self._connection.execute(insert(t.account_years), rows)

    def change(self, years: Mapping[AccountKey, list[AccountYear]], household_ids: Mapping[str, int]) -> None:
        """Replace the amounts of years that are there."""
        if not (rows := _rows(years, household_ids)):
            return
        same = (t.account_years.c[name] == bindparam(f"key_{name}") for name in _KEYS)
        query = update(t.account_years).where(*same).values({name: bindparam(name) for name in _AMOUNTS})
        self._connection.execute(
            query,
            [{name if name in _AMOUNTS else f"key_{name}": value for name, value in row.items()} for row in rows],
        )


def _rows(years: Mapping[AccountKey, list[AccountYear]], household_ids: Mapping[str, int]) -> list[dict[str, int]]:
    return [
        {
            "household_id": household_ids[code],
            "person": person,
            "year": row.year,
            "months": row.months,
            "base_fen": row.base_fen,
            "paid_fen": row.paid_fen,
            "balance_fen": row.balance_fen,
        }
        for (code, person), rows in years.items()
        for row in rows
    ]
