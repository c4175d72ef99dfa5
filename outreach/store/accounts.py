"""The account statements: one row for each person and year, replaced when a newer file says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select

from outreach.domain.account import AccountYear
from outreach.store import schema as t
from outreach.store.effective import Numbers, read_as, recorded, recorded_for

AccountKey = tuple[str, int]
"""Whose account: the household's code and the person's number in it."""

_AMOUNTS = ("months", "base_fen", "paid_fen", "balance_fen")
_KEYS = ("household_id", "person", "year")


class Accounts:
    """Reads and writes statements, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def statements(self, household: str | None = None) -> dict[AccountKey, tuple[AccountYear, ...]]:
        """Every statement, or those of one household; the years in order.

        A year that a household and one merged into it both have is the one of the household itself.
        """
        table = t.account_years
        own = recorded.c.merged_into.is_(None)
        years = (table.c[name] for name in ("person", "year", *_AMOUNTS))
        query = select(t.households.c.code, table.c.household_id, own, *years).select_from(read_as(table))
        query = query.order_by(t.households.c.id, table.c.household_id, table.c.person, table.c.year)
        if household is not None:
            query = query.where(recorded_for(table, [household]))
        numbers = Numbers(self._connection)
        found: dict[AccountKey, dict[int, AccountYear]] = {}
        for code, key, is_own, person, year, *amounts in self._connection.execute(query):
            number = numbers.of(key, person)
            told = found.setdefault((code, number), {})
            if year not in told or (is_own and number == person):
                told[year] = AccountYear(year, *amounts)
        return {key: tuple(told[year] for year in sorted(told)) for key, told in found.items()}

    def add(self, years: Mapping[AccountKey, list[AccountYear]], household_ids: Mapping[str, int]) -> None:
        """Insert years that are not there yet."""
        if rows := _rows(years, household_ids):
            self._connection.execute(insert(t.account_years), rows)

    def change(self, years: Mapping[AccountKey, list[AccountYear]], household_ids: Mapping[str, int]) -> None:
        """Replace the amounts of years that are there; those of a household merged away stay its own."""
        if not (rows := _rows(years, household_ids)):
            return
        same = (t.account_years.c[name] == bindparam(f"key_{name}") for name in _KEYS)
        old = [{f"key_{name}": row[name] for name in _KEYS} for row in rows]
        self._connection.execute(delete(t.account_years).where(*same), old)
        self._connection.execute(insert(t.account_years), rows)


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
