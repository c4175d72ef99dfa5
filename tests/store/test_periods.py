"""Every instant counts for the month a zone has it in, whatever the zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from outreach.store.periods import month_of

ZONES = (
    "Asia/Shanghai", "UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "America/St_Johns",
    "Australia/Lord_Howe", "Pacific/Chatham", "America/New_York",
)  # fmt: skip
FIRST, LAST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2035, 1, 1, tzinfo=dt.UTC)


def ms(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


@given(at=st.integers(ms(FIRST), ms(LAST)), zone=st.sampled_from(ZONES))
def test_every_instant_counts_for_the_month_on_the_calendar_there(at: int, zone: str) -> None:
    there = dt.datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    assert month_of(at, ZoneInfo(zone)) == f"{there:%Y-%m}"


@given(
    year=st.integers(1990, 2034),
    month=st.integers(1, 12),
    off=st.sampled_from((-1, 0, 1, 899_999, 900_000, -900_000)),
    zone=st.sampled_from(ZONES),
)
def test_the_edge_of_a_month_is_where_the_zone_has_it(year: int, month: int, off: int, zone: str) -> None:
    edge = ms(dt.datetime(year, month, 1, tzinfo=ZoneInfo(zone))) + off
    there = dt.datetime.fromtimestamp(edge / 1000, ZoneInfo(zone))
    assert month_of(edge, ZoneInfo(zone)) == f"{there:%Y-%m}"


def test_a_day_counts_for_its_month_in_every_zone() -> None:
    for zone in ZONES:
        assert month_of(dt.date(2005, 10, 31), ZoneInfo(zone)) == "2005-10"
