"""The personal pension account (个人账户) as its statement (对账单) shows it: one row a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

EARLIEST_YEAR = 1951
"""The first year anybody can have paid: labour insurance began in 1951."""


@dataclass(frozen=True, slots=True)
class AccountYear:
    """One year of one person's account.

    months: paid that year, 0-12. base_fen: the contribution base, fen a month. paid_fen: paid that year.
    balance_fen: on the account at the year's end.
    """

    year: int
    months: int
    base_fen: int
    paid_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Fall:
    """A year whose balance is lower than that of the year before it on the statement."""

    before: AccountYear
    year: AccountYear


def balance_falls(years: Sequence[AccountYear]) -> list[Fall]:
    """Where a statement's balance falls: seldom right, but there are reasons (a part paid out, a correction)."""
    ordered = sorted(years, key=lambda row: row.year)
    return [Fall(one, two) for one, two in pairwise(ordered) if two.balance_fen < one.balance_fen]
