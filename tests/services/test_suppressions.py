"""Wishes not to be contacted: recorded, listed, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.suppressions import lift, list_suppressions, still_standing, suppress


def test_a_wish_is_recorded_from_today_and_listed(town: Any) -> None:
    one = suppress(town.office, "H002", reason="asked by phone", channel="sms")
    assert (one.household, one.person, one.channel, one.starts, one.until) == (
        "H002", 0, "sms", dt.date(2005, 6, 15), None,
    )  # fmt: skip
    assert list_suppressions(town.office) == [one]


def test_a_wish_is_there_when_the_store_is_opened_again(town: Any) -> None:
    one = suppress(town.office, "H001", reason="ill", person=2, starts=dt.date(2005, 7, 1), until=dt.date(2005, 7, 31))
    assert list_suppressions(town.reopen()) == [one]


def test_a_lifted_wish_is_kept_but_stands_no_more(town: Any) -> None:
    one = suppress(town.office, "H002", reason="asked")
    town.clock.present += dt.timedelta(days=1)
    taken_back = lift(town.office, one.id)
    assert taken_back.lifted == town.clock.present
    assert list_suppressions(town.office) == []
    assert list_suppressions(town.office, lifted=True) == [taken_back]
    with pytest.raises(Conflict, match="lifted already"):
        lift(town.office, one.id)


def test_everything_wrong_with_a_wish_is_said_at_once_and_nothing_is_recorded(town: Any) -> None:
    with pytest.raises(BadInput) as caught:
        suppress(town.office, "H002", reason=" ", person=3, channel="fax", until=dt.date(2005, 6, 1))
    assert [fault.where for fault in caught.value.faults] == ["H002", "fax", "--reason", "--until"]
    assert list_suppressions(town.office, lifted=True) == []


def test_an_unknown_household_or_suppression_is_not_found(town: Any) -> None:
    with pytest.raises(NotFound, match="H999"):
        suppress(town.office, "H999", reason="asked")
    with pytest.raises(NotFound, match="suppressions"):
        lift(town.office, "no-such-id")


def test_the_same_wish_recorded_twice_is_one_and_another_reason_or_span_is_another(town: Any) -> None:
    first = suppress(town.office, "H002", reason="asked", channel="letter")
    town.clock.present += dt.timedelta(days=3)
    assert suppress(town.office, "H002", reason=" asked ", channel="letter") == first
    suppress(town.office, "H002", reason="asked again", channel="letter")
    suppress(town.office, "H002", reason="asked", channel="letter", until=dt.date(2005, 9, 1))
    suppress(town.office, "H002", reason="asked", channel="letter", starts=dt.date(2005, 1, 1))
    assert len(list_suppressions(town.office)) == 4
    lift(town.office, first.id)
    assert suppress(town.office, "H002", reason="asked", channel="letter").id != first.id


def test_what_still_stands_is_told_and_what_is_past_is_not(town: Any) -> None:
    letters = suppress(town.office, "H002", reason="asked", channel="letter")
    suppress(town.office, "H002", reason="away", starts=dt.date(2005, 1, 1), until=dt.date(2005, 6, 14))
    messages = suppress(town.office, "H002", reason="TD", channel="sms")
    suppress(town.office, "H003", reason="asked")
    lift(town.office, letters.id)
    assert still_standing(town.office, "H002") == [messages]
