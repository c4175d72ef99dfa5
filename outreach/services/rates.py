"""What a campaign's payment rules say to everybody: the price of a month year by year, and worked examples.

A household's own sum is another matter, see services.payments; both reckon by domain.payment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from outreach.domain.campaign import Campaign
from outreach.domain.payment import NoRate, OwedLine, PaymentRules, month_after, owed
from outreach.render.filters import money
from outreach.services.payments import printed_percent
from outreach.services.values import Values, printed_month

EXAMPLE_MONTHS = (12, 24, 36, 60)
"""Gaps that answers may show as worked examples."""


def rate_values(campaign: Campaign, language: str) -> Values:
    """The rules as printed texts in yuan; {} where the campaign has none.

    `source`, `level` ("60%"), `years`: each stretch of months with `span`, `base`, `rate` and `month`, the sum for one
    month. `owed`: by the months of a gap that ends as the campaign starts ("12", "24", "36", "60") its `lines`
    (`span`, `base`, `rate`, `months`, `month`, `amount`) and `total`; a gap that reaches behind the rules is left out.
    """
    rules = campaign.payment
    if rules is None:
        return {}
    # A month of each stretch is reckoned as a gap of that one month, so that it is rounded as a letter rounds it.
    years = [
        _line(owed(1, rate.starts, rules, last_paid=month_after(rate.starts, -1)), rate.starts, rate.ends, language)
        for rate in rules.rates
    ]
    return {
        "source": rules.source[language],
        "level": f"{rules.level}%",
        "years": years,
        "owed": {
            str(months): case
            for months in EXAMPLE_MONTHS
            if (case := _case(months, campaign.starts, rules, language)) is not None
        },
    }


def _case(months: int, as_of: dt.date, rules: PaymentRules, language: str) -> Values | None:
    try:
        lines = owed(months, as_of, rules)
    except NoRate:
        return None
    return {
        "lines": [
            _line([line], line.starts, line.ends, language)
            | {"months": str(line.months), "amount": money(line.amount_fen)}
            for line in lines
        ],
        "total": money(sum(line.amount_fen for line in lines)),
    }


def _line(lines: Sequence[OwedLine], first: dt.date, last: dt.date, language: str) -> Values:
    (line,) = lines
    return {
        "span": _span(first, last, language),
        "base": money(line.base_fen),
        "rate": printed_percent(line.percent),
        "month": money(line.month_fen),
    }


def _span(first: dt.date, last: dt.date, language: str) -> str:
    """The months from first to last: '2004年', '2003年7月—2004年6月', '2004', 'July 2003 – June 2004'."""
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return f"{first.year}年" if language == "zh" else str(first.year)
    starts, ends = printed_month(first, language), printed_month(last, language)
    if starts == ends:
        return starts
    return f"{starts}—{ends}" if language == "zh" else f"{starts} – {ends}"
