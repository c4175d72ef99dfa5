"""Figures of a Q&A file: what counts as typed, and which parameters answers can be computed from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from outreach.services.qa_figures import checked_parameters, typed_figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("共 3302.40 元", ("3302.40",)),
        ("共 3,302.40 元，24 个月", ("3,302.40", "24")),
        ("共３３０２．４０元", ("３３０２．４０",)),
        ("共三千三百零二元", ("三千三百零二元",)),
        ("每月十五元，合计壹佰捌拾圆", ("十五元", "壹佰捌拾圆")),
        ("Together three thousand three hundred yuan.", ("three thousand three hundred yuan",)),
        ("{{ set.month }}0 yuan", ("0",)),
        ("{% if rates %}5{% endif %}", ("5",)),
    ],
)
def test_digits_and_sums_of_money_in_words_are_typed(text: str, figures: tuple[str, ...]) -> None:
    assert typed_figures(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "{{ set.month * 24 }} 元",
        '{{ "2005" }} 年，{% if "24" in rates.owed %}{{ rates.owed["24"].total }}{% endif %}{# 7 #}',
        "缴满十五年，按月领；一块儿办，一分不少",
        "几十元、上万元都有",
        "fifteen years, one by one, in yuan",
        "",
    ],
)
def test_what_is_computed_quoted_or_no_figure_is_left_alone(text: str) -> None:
    assert typed_figures(text) == ()


def test_parameters_are_texts_and_finite_numbers() -> None:
    given = {"days": 15, "fee": Decimal("137.60"), "desk": " 3 号窗口 ", "less": -2}
    assert checked_parameters(given, "qa.toml, set") == ({**given, "desk": "3 号窗口"}, [])


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (Decimal("nan"), "nan is not accepted"),
        (Decimal("-inf"), "-inf is not accepted"),
        (Decimal("1e400"), "this number is too long"),
        (10**15, "this number is too long"),
        (Decimal("0.1234567891"), "this number is too long"),
        (True, "true is not accepted"),
        ("  ", '"" is not accepted'),
        ("x" * 3001, "this text is too long"),
        ([1], "a list or a table is not accepted"),
        (dt.date(2005, 1, 1), "2005-01-01 is not accepted"),
    ],
)
def test_any_other_value_is_refused_by_the_parameters_name_in_plain_words(value: Any, what: str) -> None:
    right, (fault,) = checked_parameters({"days": value}, "qa.toml, set")
    assert right == {}
    assert (fault.where, fault.what) == ("qa.toml, set.days", what)
    assert fault.mend.startswith("write ")


def test_a_parameters_name_is_one_that_templates_can_say() -> None:
    _right, (fault,) = checked_parameters({"days-open": 1}, "qa.toml, parameters")
    assert fault.sentence() == (
        "qa.toml, parameters.days-open: is no name for a parameter; use small letters, digits and _, such as days_open"
    )
