"""Rows of statements: added, replaced and read by person in order of year."""

from __future__ import annotations

from outreach.domain.account import AccountYear
from outreach.store.unit import Store


def test_statements_come_back_by_person_in_order_of_year(store: Store) -> None:
    late, early = AccountYear(1999, 12, 1, 2, 3), AccountYear(1998, 11, 4, 5, 10**12)
    with store.write() as unit:
        ids = unit.rosters.household_ids()
        unit.accounts.add({("H2", 1): [late, early], ("H1", 2): [late]}, ids)
    with store.read() as unit:
        assert unit.accounts.statements() == {("H1", 2): (late,), ("H2", 1): (early, late)}
        assert unit.accounts.statements("H2") == {("H2", 1): (early, late)}
        assert unit.accounts.statements("H3") == {}


def test_a_changed_year_replaces_that_year_of_that_person_only(store: Store) -> None:
    old, other = AccountYear(1998, 12, 1, 2, 3), AccountYear(1999, 12, 1, 2, 3)
    new = AccountYear(1998, 6, 7, 8, 9)
    with store.write() as unit:
        ids = unit.rosters.household_ids()
        unit.accounts.add({("H1", 1): [old, other], ("H1", 2): [old], ("H2", 1): [old]}, ids)
        unit.accounts.change({("H1", 1): [new]}, ids)
        unit.accounts.add({}, ids)
        unit.accounts.change({}, ids)
    with store.read() as unit:
        assert unit.accounts.statements() == {("H1", 1): (new, other), ("H1", 2): (old,), ("H2", 1): (old,)}
