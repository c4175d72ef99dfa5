"""`[payment]` of the campaign file: what a month costs, year by year, and where the figures come from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from outreach.domain.account import EARLIEST_YEAR
from outreach.domain.payment import LEVELS, PaymentRules, Rate, month_after, rate_gaps
from outreach.errors import Fault
from outreach.messages import _

_UNITS = {"fen": 1, "jiao": 10, "yuan": 100}
_LATEST_YEAR = 2200
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

PAYMENT_LINES = re.compile(r"^\[payment\]\n(?:(?!\[)[^\n]*\n|\[\[payment\.years\]\]\n)*", re.MULTILINE)
"""The lines of the table in a campaign file: up to the next header that is not its own."""

STAND_INS: Mapping[str, object] = {"level_percent": 100, "round_to": "fen"}
"""Values in place of wrong ones, so that the table's other faults are found in the same pass."""


def _is_month(text: str) -> str:
    match = _MONTH.fullmatch(text)
    if not match or not EARLIEST_YEAR <= int(match[1]) <= _LATEST_YEAR:
        raise ValueError(_('write a month such as "2003-07", in quotation marks'))
    return text


def _is_money(value: Decimal) -> Decimal:
    if value * 100 != (value * 100).to_integral_value():
        raise ValueError(_("write yuan with at most two places behind the point"))
    return value


def _not_none(years: tuple[RateFile, ...]) -> tuple[RateFile, ...]:
    if not years:
        raise ValueError(_("write at least {count}", count=1))
    return years


_Month = Annotated[str, AfterValidator(_is_month)]
_Money = Annotated[Decimal, Field(gt=0, le=1_000_000), AfterValidator(_is_money)]


class RateFile(BaseModel):
    """The base and rate of a calendar year (`year`), of twelve months from one (`from`), or of `from` to `to`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int | None = Field(default=None, ge=EARLIEST_YEAR, le=_LATEST_YEAR)
    starts: _Month | None = Field(default=None, alias="from")
    ends: _Month | None = Field(default=None, alias="to")
    base_yuan: _Money
    rate_percent: Decimal = Field(gt=0, le=100)

    @model_validator(mode="after")
    def _names_its_months(self) -> Self:
        if (self.year is None) is (self.starts is None):
            raise ValueError(_('write either year = 2003 or from = "2003-07"'))
        if self.ends is not None and (self.starts is None or self.ends < self.starts):
            raise ValueError(_("let 'to' be no earlier than 'from', or leave it out for twelve months"))
        return self

    def rate(self) -> Rate:
        """The same as the domain has it."""
        first = dt.date(self.year, 1, 1) if self.year else _first_day(self.starts or "")
        last = _first_day(self.ends) if self.ends else month_after(first, 11)
        return Rate(first, last, int(self.base_yuan * 100), self.rate_percent)


class PaymentFile(BaseModel):
    """The whole table."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    source_zh: str = Field(default="", max_length=200)
    source_en: str = Field(default="", max_length=200)
    level_percent: int = Field(default=100, ge=LEVELS[0], le=LEVELS[1])
    round_to: Literal["fen", "jiao", "yuan"] = "fen"
    years: Annotated[tuple[RateFile, ...], AfterValidator(_not_none)]

    def rules(self) -> PaymentRules:
        """The same as the domain has it, years in order of time."""
        rates = sorted((year.rate() for year in self.years), key=lambda rate: rate.starts)
        source = {"zh": self.source_zh, "en": self.source_en}
        return PaymentRules(source, self.level_percent, _UNITS[self.round_to], tuple(rates))


def payment_faults(file: PaymentFile, where: str, languages: Sequence[str]) -> list[Fault]:
    """What the tables say wrong together: a source line that is missing, years that overlap or leave months out."""
    found = []
    for language in languages:
        if not getattr(file, f"source_{language}"):
            what, mend = _("is missing"), _("say where the base and rate come from")
            found.append(Fault(f"{where}.source_{language}", what, mend))
    rates = [year.rate() for year in file.years]
    for one, two, months in rate_gaps(rates):
        facts = {"first": _span(rates[one]), "second": _span(rates[two]), "count": abs(months)}
        if months < 0:
            what = _("{first} and {second} share months", **facts)
            mend = _("let one end where the other begins")
        else:
            what = _("{count} months between {first} and {second} have no base", **facts)
            mend = _("add the years between")
        found.append(Fault(f"{where}.years[{two}]", what, mend))
    return found


def _first_day(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def _span(rate: Rate) -> str:
    return f"{rate.starts:%Y-%m}–{rate.ends:%Y-%m}"
