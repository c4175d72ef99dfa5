"""Identifiers carry their millisecond, and resident IDs their check sign."""

from __future__ import annotations

import datetime as dt
import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.ids import resident_id_check_sign, resident_id_fault, uuid7

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
moments = st.datetimes(
    dt.datetime(1990, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    dt.datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=8))]),
)


@given(moments, st.integers(0, 2**32))
def test_an_identifier_is_a_uuid_of_version_7_that_holds_its_millisecond(at: dt.datetime, seed: int) -> None:
    made = uuid.UUID(uuid7(at, random.Random(seed)))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == (at - EPOCH) // dt.timedelta(milliseconds=1)


@given(moments, st.integers(1, 10**6), st.integers(0, 2**32))
def test_a_later_millisecond_sorts_later(at: dt.datetime, later_ms: int, seed: int) -> None:
    source = random.Random(seed)
    assert uuid7(at, source) < uuid7(at + dt.timedelta(milliseconds=later_ms), source)


def test_the_same_seed_gives_the_same_identifiers_and_each_is_another() -> None:
    at = dt.datetime(2005, 3, 1, tzinfo=dt.UTC)
    one, two = random.Random(7), random.Random(7)
    first = [uuid7(at, one) for _ in range(100)]
    assert first == [uuid7(at, two) for _ in range(100)]
    assert len(set(first)) == 100


def test_the_check_sign_agrees_with_the_example_of_the_standard() -> None:
    # GB 11643-1999 prints 11010519491231002X.
    assert resident_id_check_sign("11010519491231002") == "X"
    assert resident_id_fault("11010519491231002X") == ""
    assert resident_id_fault("11010519491231002x") == ""


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", "form"),
        ("1101051949123100", "form"),
        ("11010519491231 02X", "form"),
        ("１１0105194912310021", "form"),
        ("11010519491331002X", "date"),
        ("11010519490229002X", "date"),
        ("110105194912310021", "checksum"),
    ],
)
def test_a_wrong_resident_id_says_what_is_wrong(number: str, fault: str) -> None:
    assert resident_id_fault(number) == fault


@given(st.from_regex(r"[0-9]{6}19[0-9]{2}0[1-9]1[0-9][0-9]{3}", fullmatch=True), st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(first17: str, place: int, by: int) -> None:
    number = first17 + resident_id_check_sign(first17)
    mistyped = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert resident_id_fault(number) == ""
    assert resident_id_fault(mistyped) != ""
