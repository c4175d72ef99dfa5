"""How much is owed: which months, the base and rate of each, and sums that a citizen can check with a pencil."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.payment import (
    HouseholdPayment,
    NoRate,
    NotYetDue,
    OwedLine,
    PaymentRules,
    PersonPayment,
    Rate,
    month_after,
    months_between,
    owed,
    rate_gaps,
)
from outreach.domain.people import Person

DAY = dt.date(2005, 1, 10)


def month(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def rate(first: str, last: str, yuan: str, percent: str = "20") -> Rate:
    return Rate(month(first), month(last), int(Decimal(yuan) * 100), Decimal(percent))


def rules(*rates: Rate, level: int = 100, unit: int = 1) -> PaymentRules:
    return PaymentRules({"zh": "某年公布", "en": "as published"}, level, unit, rates)


YEARS = rules(
    rate("2002-07", "2003-06", "571.40"), rate("2003-07", "2004-06", "612.00"), rate("2004-07", "2005-06", "688.00")
)


def test_months_are_counted_back_from_the_month_before_the_day_and_split_where_the_base_changes() -> None:
    assert owed(8, DAY, YEARS) == (
        OwedLine(month("2004-05"), month("2004-06"), 61200, Decimal(20), 2, 12240),
        OwedLine(month("2004-07"), month("2004-12"), 68800, Decimal(20), 6, 13760),
    )
    assert [line.amount_fen for line in owed(8, DAY, YEARS)] == [24480, 82560]


def test_where_the_last_payment_is_known_the_months_begin_after_it() -> None:
    (line,) = owed(3, DAY, YEARS, last_paid=dt.date(2004, 7, 15))
    assert (line.starts, line.ends) == (month("2004-08"), month("2004-10"))


def test_the_month_of_the_day_itself_may_be_owed_but_none_after_it() -> None:
    (line,) = owed(1, DAY, YEARS, last_paid=dt.date(2004, 12, 1))
    assert line.ends == month("2005-01")
    with pytest.raises(NotYetDue) as caught:
        owed(2, DAY, YEARS, last_paid=dt.date(2004, 12, 1))
    assert caught.value.month == month("2005-02")


def test_nobody_owes_for_no_months() -> None:
    assert owed(0, DAY, YEARS) == ()


def test_the_first_month_without_a_base_is_named() -> None:
    with pytest.raises(NoRate) as caught:
        owed(31, DAY, YEARS)
    assert caught.value.month == month("2002-06")
    with pytest.raises(NoRate) as caught:
        owed(8, dt.date(2005, 9, 1), YEARS)
    assert caught.value.month == month("2005-07")
    with pytest.raises(NoRate):
        owed(600, dt.date(1, 1, 1), YEARS)


def test_the_printed_base_and_rate_give_the_printed_sum_at_every_level() -> None:
    # 612.33 x 60 % = 367.398 -> 367.40; x 19.5 % = 71.643 -> 71.64
    (line,) = owed(2, DAY, rules(rate("2004-01", "2004-12", "612.33", "19.5"), level=60))
    assert (line.base_fen, line.month_fen, line.amount_fen) == (36740, 7164, 14328)
    (other,) = owed(2, DAY, rules(rate("2004-01", "2004-12", "612.33", "19.5"), level=60), level=100)
    assert other.base_fen == 61233


@pytest.mark.parametrize(("unit", "fen"), [(1, 13765), (10, 13770), (100, 13800)])
def test_a_month_is_rounded_half_up_to_the_unit_of_the_rules(unit: int, fen: int) -> None:
    # 688.25 x 20 % = 137.65 exactly: half a jiao goes up.
    (line,) = owed(3, DAY, rules(rate("2004-01", "2004-12", "688.25"), unit=unit))
    assert (line.month_fen, line.amount_fen) == (fen, 3 * fen)


def test_a_line_goes_on_over_the_new_year_where_base_and_rate_stay() -> None:
    same = rules(rate("2003-01", "2003-12", "600"), rate("2004-01", "2004-12", "600"))
    (line,) = owed(14, DAY, same)
    assert (line.starts, line.ends, line.months) == (month("2003-11"), month("2004-12"), 14)


def test_a_couple_is_summed_together() -> None:
    one, two = (PersonPayment(Person(n, f"人{n}"), owed(months, DAY, YEARS)) for n, months in ((1, 8), (2, 1)))
    both = HouseholdPayment((one, two), (Person(3, "不详"),))
    assert (one.months, two.months) == (8, 1)
    assert both.amount_fen == one.amount_fen + two.amount_fen == 107040 + 13760


def test_gaps_and_overlaps_of_the_rules_are_told_in_order_of_time() -> None:
    rates = (rate("2004-01", "2004-12", "1"), rate("2002-01", "2002-12", "1"), rate("2004-10", "2005-03", "1"))
    assert rate_gaps(rates) == [(1, 0, 12), (0, 2, -3)]
    assert rate_gaps(rates[:1]) == []


def test_months_are_counted_over_years() -> None:
    assert month_after(dt.date(2004, 12, 31)) == month("2005-01")
    assert month_after(dt.date(2005, 1, 31), -13) == month("2003-12")
    assert months_between(month("2003-11"), month("2005-01")) == 15


@st.composite
def any_rules(draw: st.DrawFn) -> PaymentRules:
    """Rates in a row from January 1990 to December 2010 or later, cut anywhere."""
    first, rates = month("1990-01"), []
    while first < month("2011-01"):
        length = draw(st.integers(1, 40))
        base, percent = draw(st.integers(1, 500_000)), draw(st.decimals("0.1", "60", places=1))
        rates.append(Rate(first, month_after(first, length - 1), base, percent))
        first = month_after(first, length)
    level, unit = draw(st.integers(40, 300)), draw(st.sampled_from((1, 10, 100)))
    return PaymentRules({"zh": "x"}, level, unit, tuple(rates))


def month_by_month(found: PaymentRules, first: dt.date, count: int) -> list[int]:
    """Each month's contribution, reckoned one by one in another way: with whole numbers."""
    costs = []
    for index in range(count):
        at = month_after(first, index)
        (here,) = (rate for rate in found.rates if rate.starts <= at <= rate.ends)
        base = (here.base_fen * found.level + 50) // 100
        exact = base * Decimal(here.percent) / 100
        costs.append(int((exact / found.unit_fen).to_integral_value(ROUND_HALF_UP)) * found.unit_fen)
    return costs


@given(any_rules(), st.integers(0, 180), st.dates(dt.date(2005, 1, 1), dt.date(2010, 12, 31)))
def test_the_lines_are_the_months_one_by_one(found: PaymentRules, months: int, day: dt.date) -> None:
    lines = owed(months, day, found)
    assert sum(line.months for line in lines) == months
    assert sum(line.amount_fen for line in lines) == sum(month_by_month(found, month_after(day, -months), months))
    for before, after in pairwise(lines):
        assert month_after(before.ends) == after.starts
    if lines:
        assert (lines[0].starts, lines[-1].ends) == (month_after(day, -months), month_after(day, -1))


@given(any_rules(), st.integers(0, 179), st.dates(dt.date(2005, 1, 1), dt.date(2010, 12, 31)))
def test_another_month_never_costs_less(found: PaymentRules, months: int, day: dt.date) -> None:
    fewer, more = (sum(line.amount_fen for line in owed(count, day, found)) for count in (months, months + 1))
    assert more >= fewer
