"""A statement's falling balances."""

from __future__ import annotations

from outreach.domain.account import AccountYear, balance_falls


def year(number: int, balance: int) -> AccountYear:
    return AccountYear(number, 12, 40000, 96000, balance)


def test_a_balance_that_falls_is_told_with_the_year_before_whatever_the_order_of_rows() -> None:
    rows = [year(2001, 90), year(1998, 100), year(2003, 95), year(1999, 100)]
    (fall,) = balance_falls(rows)
    assert (fall.before.year, fall.year.year) == (1999, 2001)


def test_a_balance_that_grows_or_stays_is_not_told() -> None:
    assert balance_falls([year(1998, 1), year(1999, 1), year(2000, 2)]) == []
    assert balance_falls([]) == []
