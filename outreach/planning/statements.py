"""Invent account statements for demonstrations: what the pension system might say of an invented roster.

Nothing here describes real people. Pure and seeded: a person's statement depends on the seed, the household's code and
the person's own row, never on who else is there, so that a part of the roster gets the same statements as the whole.
Only whole numbers are drawn and reckoned with, so that every platform invents the same.

Assumptions: accounts begin in 1996; nobody pays before 20; a person's base keeps one ratio to the town's, 60-140 per
cent; most years are paid whole; the last month is the roster's; 11 points of the rate go into the account, which earns
the year's interest on what it held before. Of 100 persons 3 have no statement: their papers are being looked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from outreach.domain.account import AccountYear
from outreach.domain.payment import Rate
from outreach.domain.people import Household, Person

_FIRST_YEAR = 1996
_YOUNGEST = 20
_CREDITED_PERCENT = 11
# Interest on accounts, in thousandths of the balance.
_INTEREST = {1996: 75, 1997: 57, 1998: 44, 1999: 25, 2000: 23, 2001: 23, 2002: 20, 2003: 20, 2004: 21}
_USUAL_INTEREST = 22
_WITHOUT = 3
_SHORT_YEARS = 7

InventedYear = tuple[Household, Person, AccountYear]


def invent_statements(homes: Iterable[Household], rates: Sequence[Rate], seed: str) -> Iterator[InventedYear]:
    """(household, person, year) for every year of every person whose last payment the roster knows, in order.

    rates: the town's bases; a year without one is left out.
    """
    rate_of = {year: rate for rate in rates for year in range(rate.starts.year, rate.ends.year + 1)}
    for home in homes:
        for person in home.persons:
            for year in _years(person, rate_of, random.Random(f"{seed}:{home.code}:{person.number}")):
                yield home, person, year


def _years(person: Person, rate_of: dict[int, Rate], rng: random.Random) -> Iterator[AccountYear]:
    if person.last_paid is None or rng.randrange(100) < _WITHOUT:
        return
    earliest = max(_FIRST_YEAR, (person.born.year if person.born else 0) + _YOUNGEST)
    began = min(earliest + max(0, rng.randrange(-4, 5)), person.last_paid.year)
    if began < _FIRST_YEAR:
        return
    ratio, balance = rng.randrange(60, 141), 0
    for year in range(began, person.last_paid.year + 1):
        most = person.last_paid.month if year == person.last_paid.year else 12
        if year == began > _FIRST_YEAR:
            months = rng.randint(1, most)
        else:
            months = rng.randint((most + 1) // 2, most) if rng.randrange(100) < _SHORT_YEARS else most
        if year not in rate_of:
            continue
        rate = rate_of[year]
        base = rate.base_fen * ratio // 10_000 * 100
        paid = int(base * rate.percent / 100) * months
        balance += balance * _INTEREST.get(year, _USUAL_INTEREST) // 1000 + base * _CREDITED_PERCENT // 100 * months
        yield AccountYear(year, months, base, paid, balance)
