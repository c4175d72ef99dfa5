"""How much a person whose pension lapsed must pay: the months, base and rate of each, and the sum with its working.

The rule, in whole months:

- Owed are as many months as the roster says have lapsed. They begin with the month after the last one paid, where
  the roster knows it; otherwise they end with the month before the day the answer is given (`as_of`).
- Each month has the base and rate of its own time (`Rate`). The base is taken at the level chosen (60 per cent, say)
  and rounded to the fen; base times rate is the month's contribution, rounded to the unit the rules name. Halves go up.
- A sum is the sum of its months: nothing is rounded again.

Years paid elsewhere, interest and surcharges are not part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from outreach.domain.people import Person

LEVELS = (40, 300)
"""The lowest and highest level of the base, per cent; 60, 80 and 100 are the usual choices."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The base and rate of the months from `starts` to `ends`, both included and given by their first days.

    base_fen: the whole base, fen a month. percent: what of the base is paid.
    """

    starts: dt.date
    ends: dt.date
    base_fen: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """What a campaign says about paying.

    source: where the figures come from, in each language. level: per cent of the base that is chosen where nobody says
    otherwise. unit_fen: a month's contribution is rounded to this many fen. rates: in order, without gap or overlap.
    """

    source: Mapping[str, str]
    level: int
    unit_fen: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Months in a row with one base and one rate. base_fen: at the level, fen a month. month_fen: one month's sum."""

    starts: dt.date
    ends: dt.date
    base_fen: int
    percent: Decimal
    months: int
    month_fen: int

    @property
    def amount_fen(self) -> int:
        """All its months together."""
        return self.months * self.month_fen


@dataclass(frozen=True, slots=True)
class PersonPayment:
    """What one person owes, line by line."""

    person: Person
    lines: tuple[OwedLine, ...]

    @property
    def months(self) -> int:
        """How many months that is."""
        return sum(line.months for line in self.lines)

    @property
    def amount_fen(self) -> int:
        """The sum."""
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class HouseholdPayment:
    """What a household owes: couples together. unknown: persons of whom nobody knows how many months lapsed."""

    persons: tuple[PersonPayment, ...]
    unknown: tuple[Person, ...]

    @property
    def amount_fen(self) -> int | None:
        """The sum of all persons whose months are known; None where nobody is known to owe and somebody is unknown."""
        if self.unknown and not self.persons:
            return None
        return sum(person.amount_fen for person in self.persons)


class NoRate(Exception):
    """The rules have no base and rate for `month`."""

    def __init__(self, month: dt.date) -> None:
        self.month = month
        super().__init__(f"{month:%Y-%m}")


class NotYetDue(NoRate):
    """The months the roster tells reach to `month`, which begins after the day the answer is given."""


def month_after(month: dt.date, count: int = 1) -> dt.date:
    """The first day of the month `count` months after (or, below 0, before) the month of `month`."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return dt.date(year, index + 1, 1)


def months_between(first: dt.date, last: dt.date) -> int:
    """How many months there are from the month of `first` to that of `last`, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def rate_gaps(rates: Sequence[Rate]) -> list[tuple[int, int, int]]:
    """(one, the next in time, months) by position, of neighbours that leave months out or (below 0) share them."""
    ordered = sorted(range(len(rates)), key=lambda index: rates[index].starts)
    found = ((one, two, months_between(rates[one].ends, rates[two].starts) - 2) for one, two in pairwise(ordered))
    return [gap for gap in found if gap[2]]


def owed(
    months: int, as_of: dt.date, rules: PaymentRules, *, last_paid: dt.date | None = None, level: int = 0
) -> tuple[OwedLine, ...]:
    """The lines of what `months` lapsed months cost, earliest first; none for 0.

    level: per cent of the base; the rules' own where 0. Raises NoRate for the first month the rules do not reach, and
    NotYetDue where `last_paid` and `months` together reach past the month of `as_of`.
    """
    if months <= 0:
        return ()
    if as_of < rules.rates[0].starts:
        raise NoRate(month_after(as_of, 0))
    first = month_after(last_paid) if last_paid else month_after(as_of, -months)
    last = month_after(first, months - 1)
    if last > as_of:
        raise NotYetDue(last)
    lines: list[OwedLine] = []
    at = first
    for rate in rules.rates:
        if rate.ends < at:
            continue
        if rate.starts > at or at > last:
            break
        until = min(last, rate.ends)
        _add(lines, at, until, rate, rules, level or rules.level)
        at = month_after(until)
    if at <= last:
        raise NoRate(at)
    return tuple(lines)


def _add(lines: list[OwedLine], first: dt.date, last: dt.date, rate: Rate, rules: PaymentRules, level: int) -> None:
    """Add the months as a line of their own, or to the line before where base and rate stay."""
    base = _rounded(Decimal(rate.base_fen * level) / 100, 1)
    if lines and (lines[-1].base_fen, lines[-1].percent) == (base, rate.percent):
        first = lines.pop().starts
    month = _rounded(base * rate.percent / 100, rules.unit_fen)
    lines.append(OwedLine(first, last, base, rate.percent, months_between(first, last), month))


def _rounded(fen: Decimal, unit: int) -> int:
    """`fen` to whole units, halves up."""
    return int((fen / unit).quantize(Decimal(1), ROUND_HALF_UP)) * unit
