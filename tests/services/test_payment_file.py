"""`[payment]`: every fault at once, with its path."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.payment import Rate
from outreach.errors import BadInput
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import new_campaign
from outreach.services.payment_file import PaymentFile, RateFile

SOURCES = 'source_zh = "公布"\nsource_en = "published"\n'
PAGE = Path(__file__).parents[2] / "docs" / "campaign.md"


def check(town: Any, table: str) -> Any:
    town.edit_campaign(("[[messages]]\n", f"[payment]\n{table}\n[[messages]]\n"))
    return check_campaign(town.workspace, "").payment


def faults(town: Any, table: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        check(town, table)
    return [fault.sentence().partition("campaign.toml, ")[2] for fault in caught.value.faults]


def test_years_may_be_calendar_years_or_begin_and_end_in_any_month_and_stand_in_any_order(bare_town: Any) -> None:
    table = (
        SOURCES
        + """
level_percent = 60
round_to = "yuan"
[[payment.years]]
from = "2004-07"
base_yuan = 688
rate_percent = 20
[[payment.years]]
year = 2003
base_yuan = 612.35
rate_percent = 19.5
[[payment.years]]
from = "2004-01"
to = "2004-06"
base_yuan = 640.5
rate_percent = 20
"""
    )
    rules = check(bare_town, table)
    assert (rules.level, rules.unit_fen, rules.source["en"]) == (60, 100, "published")
    assert rules.rates == (
        Rate(dt.date(2003, 1, 1), dt.date(2003, 12, 1), 61235, Decimal("19.5")),
        Rate(dt.date(2004, 1, 1), dt.date(2004, 6, 1), 64050, Decimal(20)),
        Rate(dt.date(2004, 7, 1), dt.date(2005, 6, 1), 68800, Decimal(20)),
    )


def test_a_campaign_need_not_say_what_is_to_pay(bare_town: Any) -> None:
    assert check_campaign(bare_town.workspace, "").payment is None


def test_years_that_overlap_or_leave_months_out_are_named(bare_town: Any) -> None:
    years = """years = [
    { year = 2003, base_yuan = 1, rate_percent = 1 },
    { year = 2001, base_yuan = 1, rate_percent = 1 },
    { from = "2003-07", base_yuan = 1, rate_percent = 1 },
]"""
    assert faults(bare_town, SOURCES + years) == [
        "payment.years[0]: 12 months between 2001-01–2001-12 and 2003-01–2003-12 have no base; add the years between",
        "payment.years[2]: 2003-01–2003-12 and 2003-07–2004-06 share months; let one end where the other begins",
    ]


def test_the_source_is_needed_in_every_language_of_the_campaign(bare_town: Any) -> None:
    assert faults(bare_town, 'source_zh = "公布"\nyears = [{ year = 2003, base_yuan = 1, rate_percent = 1 }]') == [
        "payment.source_en: is missing; say where the base and rate come from"
    ]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ('from = "2003-13"', "years.0.from: '2003-13' is not accepted; write a month such as \"2003-07\""),
        ('from = "2003-07", to = "2003-06"', "let 'to' be no earlier than 'from'"),
        ('year = 2003, from = "2003-07"', 'write either year = 2003 or from = "2003-07"'),
        ("", 'write either year = 2003 or from = "2003-07"'),
        ("year = 1950", "years.0.year: 1950 is not accepted; write a number ≥ 1951"),
        ("year = 2003, month = 7", "years.0.month: unknown key"),
    ],
)
def test_a_year_that_names_no_months_is_refused(bare_town: Any, year: str, said: str) -> None:
    row = ", ".join(filter(None, (year, "base_yuan = 1, rate_percent = 1")))
    (fault,) = faults(bare_town, f"{SOURCES}years = [{{ {row} }}]")
    assert said in fault


def test_every_wrong_figure_is_told_at_once(bare_town: Any) -> None:
    table = """level_percent = 10
round_to = "cent"
years = [
    { year = 2003, base_yuan = 612.355, rate_percent = 0 },
    { year = 2004, base_yuan = "x", rate_percent = inf },
]"""
    assert faults(bare_town, SOURCES + table) == [
        "payment.level_percent: 10 is not accepted; write a number ≥ 40",
        "payment.round_to: 'cent' is not accepted; choose one of 'fen', 'jiao' or 'yuan'",
        "payment.years.0.base_yuan: 612.355 is not accepted; write yuan with at most two places behind the point",
        "payment.years.0.rate_percent: 0 is not accepted; write a number > 0",
        "payment.years.1.base_yuan: 'x' is not accepted; write a number",
        "payment.years.1.rate_percent: inf is not accepted; write a number",
    ]


def test_a_wrong_level_hides_nothing_else(bare_town: Any) -> None:
    found = faults(bare_town, 'level_percent = 10\nsource_zh = "x"\nyears = []')
    assert [fault.partition(":")[0] for fault in found] == ["payment.level_percent", "payment.years"]
    bare_town.edit_campaign(("years = []", "years = [{ year = 2003, base_yuan = 1, rate_percent = 1 }]"))
    with pytest.raises(BadInput) as caught:
        check_campaign(bare_town.workspace, "")
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == [
        "payment.level_percent",
        "payment.source_en",
    ]


def test_payment_that_is_no_table_is_refused(bare_town: Any) -> None:
    bare_town.edit_campaign(('timezone = "Asia/Shanghai"\n', 'timezone = "Asia/Shanghai"\npayment = 5\n'))
    with pytest.raises(BadInput, match=r"payment: is no table; add \[payment\]"):
        check_campaign(bare_town.workspace, "")


def test_a_new_campaign_has_the_shipped_figures_as_a_comment_only(bare_town: Any) -> None:
    path = new_campaign(bare_town.workspace, "renew2027", like="yingcheng")
    new = check_campaign(bare_town.workspace, "renew2027")
    shipped = check_campaign(bare_town.workspace, "yingcheng")
    assert new.payment is None
    assert new.messages == shipped.messages
    text = path.read_text("utf-8")
    block = text[text.index("# [payment]") : text.index("[[messages]]")]
    path.write_text(text.replace(block, re.sub("^# ", "", block, flags=re.MULTILINE)), "utf-8")
    assert check_campaign(bare_town.workspace, "renew2027").payment == shipped.payment


def test_a_new_campaign_keeps_the_figures_of_the_offices_own(bare_town: Any) -> None:
    check(bare_town, SOURCES + "[[payment.years]]\nyear = 2003\nbase_yuan = 612\nrate_percent = 20\n")
    new_campaign(bare_town.workspace, "next", like="town")
    assert check_campaign(bare_town.workspace, "next").payment == check_campaign(bare_town.workspace, "town").payment


def test_the_campaign_page_names_every_key() -> None:
    text = PAGE.read_text("utf-8")
    keys = {field.alias or name for model in (PaymentFile, RateFile) for name, field in model.model_fields.items()}
    assert not [key for key in sorted(keys) if f"`{key}`" not in text]


def test_the_shipped_rules_reach_over_every_lapse_of_the_shipped_roster(bare_town: Any) -> None:
    from outreach.intake.roster import read_households
    from outreach.services.payments import Sums

    rules = check_campaign(bare_town.workspace, "yingcheng").payment
    assert rules is not None
    roster = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "households.csv"
    sums = Sums(rules, dt.date(2005, 1, 10))
    found = [sums.of(home) for home in read_households(roster, today=dt.date(2005, 1, 10)).items]
    assert [faults for _payment, faults in found if faults] == []
    assert all(payment.amount_fen > 0 for payment, _faults in found)
