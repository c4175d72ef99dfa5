"""Invented statements: the same every time, a part of them the same as the whole, and as plausible as promised."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from outreach.domain.account import AccountYear, balance_falls
from outreach.domain.payment import Rate
from outreach.domain.people import Address, Household, Person
from outreach.planning.statements import invent_statements

RATES = tuple(
    Rate(dt.date(year, 1, 1), dt.date(year, 12, 1), 30000 + 4000 * (year - 1995), Decimal(20))
    for year in range(1995, 2006)
)


def town(count: int) -> list[Household]:
    place = Address("社区", "小区", "1")
    return [
        Household(
            f"H{n:03d}",
            place,
            (
                Person(1, "甲", born=dt.date(1950 + n % 35, 1, 1), last_paid=dt.date(1995 + n % 10, n % 12 + 1, 1)),
                Person(2, "乙", born=dt.date(1960, 1, 1)),
            ),
        )
        for n in range(count)
    ]


def statements(homes: list[Household], seed: str = "s") -> dict[tuple[str, int], list[AccountYear]]:
    found: dict[tuple[str, int], list[AccountYear]] = {}
    for home, person, year in invent_statements(homes, RATES, seed):
        found.setdefault((home.code, person.number), []).append(year)
    return found


def test_the_same_seed_gives_the_same_and_a_part_of_the_town_the_same_part() -> None:
    whole = statements(town(60))
    assert whole == statements(town(60))
    assert whole != statements(town(60), "other")
    part = statements(town(60)[20:30])
    assert part == {key: years for key, years in whole.items() if "H020" <= key[0] <= "H029"}


def test_a_statement_ends_with_the_last_payment_and_grows() -> None:
    homes = {home.code: home for home in town(200)}
    found = statements(list(homes.values()))
    assert 120 < len(found) < 200
    for (code, number), years in found.items():
        paid_to = homes[code].persons[number - 1].last_paid
        assert paid_to is not None
        assert number == 1
        assert [year.year for year in years] == list(range(years[0].year, paid_to.year + 1))
        assert years[-1].months <= paid_to.month
        assert all(1 <= year.months <= 12 for year in years)
        assert all(year.paid_fen == year.base_fen * year.months // 5 for year in years)
        assert balance_falls(years) == []
        assert years[0].year >= 1996
