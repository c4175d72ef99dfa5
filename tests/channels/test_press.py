"""The newspaper's space: columns, gutters and width to the hundredth of a millimetre."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.channels import channels
from outreach.channels.press import PressFields


def fields(**more: Any) -> PressFields:
    given_fields = {
        "id": "page",
        "channel": "press",
        "starts": dt.date(2005, 7, 1),
        "ends": dt.date(2005, 7, 1),
        "paper": "云鹤日报",
        "height_mm": 350,
    }
    return cast(PressFields, channels()["press"].fields(**(given_fields | more)))


def faults(**more: Any) -> list[tuple[str, str]]:
    return [(fault.where, fault.what) for fault in channels()["press"].check(fields(**more), "flights[0]")]


def measures(**more: Any) -> dict[str, object]:
    return dict(channels()["press"].flight(fields(**more)).fields)


def test_the_width_follows_from_the_columns_and_gutters_between_them() -> None:
    assert measures(columns=5, column_mm=44.8, gutter_mm=4)["width_mm"] == 240.0
    assert measures(columns=1, column_mm=90, gutter_mm=4)["width_mm"] == 90.0


def test_a_campaign_that_gives_the_width_alone_gets_its_columns_from_it() -> None:
    assert measures(columns=5, width_mm=240)["column_mm"] == 44.8
    assert faults(columns=5, width_mm=240) == []


@given(st.integers(1, 12), st.integers(200, 740), st.integers(0, 100))
def test_columns_and_gutters_always_add_up_to_the_width(columns: int, tenths: int, gutter: int) -> None:
    found = measures(columns=columns, column_mm=tenths / 10, gutter_mm=gutter / 10)
    whole = columns * tenths / 10 + (columns - 1) * gutter / 10
    assert found["width_mm"] == pytest.approx(whole, abs=0.001)
    assert faults(columns=columns, column_mm=tenths / 10, gutter_mm=gutter / 10, width_mm=whole) == []


def test_a_width_that_is_not_the_columns_is_a_fault_that_shows_the_sum() -> None:
    ((where, what),) = faults(columns=5, column_mm=45, gutter_mm=4, width_mm=240)
    assert where == "flights[0].width_mm"
    assert what == "5 columns of 45 mm with gutters of 4 mm are 241 mm wide, not 240"


def test_one_of_both_widths_must_be_there_and_a_column_must_be_readable() -> None:
    assert faults(columns=5) == [("flights[0].column_mm", "is missing")]
    assert faults(columns=12, width_mm=240)[0] == ("flights[0].columns", "a column is 16.33 mm wide")
