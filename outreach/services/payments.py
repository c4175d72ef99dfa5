"""How much a household must pay, with its working: for letters as printed texts, for officers as figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from outreach.domain.account import AccountYear
from outreach.domain.payment import (
    HouseholdPayment,
    NoRate,
    NotYetDue,
    OwedLine,
    PaymentRules,
    PersonPayment,
    owed,
)
from outreach.domain.people import Household, Person
from outreach.errors import BadInput, CannotPrint, Conflict, Fault, refuse_if_any
from outreach.messages import _
from outreach.render.filters import money
from outreach.services.campaign_file import CAMPAIGN_NAME
from outreach.services.campaigns import load_campaign
from outreach.services.household_codes import not_listed
from outreach.services.office import Office
from outreach.services.values import Values, printed_day, printed_month
from outreach.store.accounts import AccountKey

_UNITS = {1: {"zh": "分", "en": "fen"}, 10: {"zh": "角", "en": "jiao"}, 100: {"zh": "元", "en": "yuan"}}


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The answer for one household, and what it was reckoned with."""

    household: Household
    sums: Sums
    payment: HouseholdPayment


def show_payment(
    office: Office, campaign_name: str, code: str, *, day: dt.date | None = None, level: int = 0
) -> PaymentView:
    """What a household must pay as of `day`, today where None.

    level: per cent of the base; the campaign's own where 0. Raises NotFound for an unknown household, Conflict where
    the campaign has no [payment], BadInput where the roster or [payment] does not reach for a person.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        home = unit.rosters.households([code]).get(code)
        if home is None:
            raise not_listed(unit, code)
    if campaign.payment is None:
        what = _("says nothing of bases and rates")
        raise Conflict.at(f"{campaign.name}, {CAMPAIGN_NAME}", what, _("add [payment]; see docs/campaign.md"))
    sums = Sums(campaign.payment, day or office.now().date(), level)
    found, faults = sums.of(home)
    refuse_if_any(faults, BadInput)
    return PaymentView(home, sums, found)


class Sums:
    """What households must pay by one campaign's rules as of one day; equal lapses are reckoned once."""

    def __init__(self, rules: PaymentRules, as_of: dt.date, level: int = 0) -> None:
        self.rules = rules
        self.as_of = as_of
        self.level = level or rules.level
        self._known: dict[tuple[int, dt.date | None], tuple[OwedLine, ...]] = {}

    def of(self, home: Household) -> tuple[HouseholdPayment, list[Fault]]:
        """The household's sum, and a fault for each person it cannot be told of.

        Who owes no month has no line; whose months nobody knows is named as unknown.
        """
        persons: list[PersonPayment] = []
        unknown: list[Person] = []
        faults: list[Fault] = []
        for person in home.persons:
            if person.months_lapsed is None:
                unknown.append(person)
                continue
            try:
                if lines := self._lines(person.months_lapsed, person.last_paid):
                    persons.append(PersonPayment(person, lines))
            except NoRate as gap:
                faults.append(self._fault(home, person, gap))
        return HouseholdPayment(tuple(persons), tuple(unknown)), faults

    def _lines(self, months: int, last_paid: dt.date | None) -> tuple[OwedLine, ...]:
        key = (months, last_paid)
        if key not in self._known:
            self._known[key] = owed(months, self.as_of, self.rules, last_paid=last_paid, level=self.level)
        return self._known[key]

    def _fault(self, home: Household, person: Person, gap: NoRate) -> Fault:
        where = _("household {code}", code=home.code) + f", {person.name}"
        month = f"{gap.month:%Y-%m}"
        if isinstance(gap, NotYetDue):
            facts = {"last": f"{person.last_paid:%Y-%m}", "count": person.months_lapsed, "month": month}
            what = _("last paid {last} and {count} months lapsed reach to {month}, past {day}", **facts, day=self.as_of)
            return Fault(where, what, _("correct one of the two in the roster, or give a later day"))
        what = _("[payment] of the campaign has no base for {month}", month=month)
        return Fault(where, what, _("add the year to [payment], or correct the months lapsed in the roster"))


class MoneyValues:
    """What letters say of money: `statements` and `payment`, as printed texts in one language.

    statements: of everybody. sums: None where the campaign has no rules; `payment` is then empty.
    """

    def __init__(
        self, statements: Mapping[AccountKey, Sequence[AccountYear]], sums: Sums | None, language: str
    ) -> None:
        self._statements = statements
        self._sums = sums
        self._language = language

    def of(self, home: Household) -> Values:
        """One household's values. Raises CannotPrint where a sum cannot be told."""
        accounts = (
            (person, years) for person in home.persons if (years := self._statements.get((home.code, person.number)))
        )
        values: Values = {
            "statements": [_printed_statement(person, years) for person, years in accounts],
            "payment": {},
        }
        if self._sums is not None:
            found, faults = self._sums.of(home)
            refuse_if_any(faults, CannotPrint)
            values["payment"] = printed_payment(found, self._sums, self._language)
        return values


def _printed_statement(person: Person, years: Sequence[AccountYear]) -> Values:
    return {
        "name": person.name,
        "rows": [
            {
                "year": str(row.year),
                "months": str(row.months),
                "base": money(row.base_fen),
                "paid": money(row.paid_fen),
                "balance": money(row.balance_fen),
            }
            for row in years
        ],
        "months": str(sum(row.months for row in years)),
        "paid": money(sum(row.paid_fen for row in years)),
        "balance": money(years[-1].balance_fen),
    }


def printed_payment(found: HouseholdPayment, sums: Sums, language: str) -> Values:
    """The answer as a letter prints it; {} where nobody is known to owe anything."""
    total = found.amount_fen
    if not found.persons or total is None:
        return {}
    return {
        "persons": [
            {
                "name": one.person.name,
                "lines": [dict(_printed_line(line, language)) for line in one.lines],
                "months": str(one.months),
                "total": money(one.amount_fen),
            }
            for one in found.persons
        ],
        "total": money(total),
        "as_of": printed_day(sums.as_of, language),
        "source": sums.rules.source[language],
        "note": payment_note(found, sums, language),
    }


@lru_cache(maxsize=4096)
def _printed_line(line: OwedLine, language: str) -> Mapping[str, str]:
    first, last = printed_month(line.starts, language), printed_month(line.ends, language)
    return {
        "span": first if first == last else f"{first}—{last}" if language == "zh" else f"{first} – {last}",
        "base": money(line.base_fen),
        "rate": printed_percent(line.percent),
        "months": str(line.months),
        "amount": money(line.amount_fen),
    }


def printed_percent(percent: Decimal) -> str:
    """'20%', '19.5%'."""
    return f"{percent.normalize():f}%"


def payment_note(found: HouseholdPayment, sums: Sums, language: str) -> str:
    """How the sum was reckoned, and whom it leaves out, in the language of the paper."""
    unit = _UNITS[sums.rules.unit_fen][language]
    names = [person.name for person in found.unknown]
    if language == "zh":
        note = f"每月应缴＝缴费基数×费率，四舍五入到{unit}，再乘以月数。断缴月数以我局花名册为准。"
        if sums.level != 100:
            note += f"缴费基数按{sums.level}%的档次计算。"
        if names:
            note += f"{'、'.join(names)}的断缴月数还没有查清，没有算在内。"
        return note
    note = f"A month is base × rate, rounded to the {unit}; a line is that times its months. "
    note += "The months lapsed are those on our roster."
    if sums.level != 100:
        note += f" The base is taken at {sums.level} %."
    if names:
        note += f" The months of {', '.join(names)} are not known yet and not counted."
    return note
