"""Final outcomes and rates follow AAPOR's definitions."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.outcome_rates import Final, final_outcome, outcome_of, outcome_rates

D = Disposition
DAY = dt.datetime(2005, 3, 8, 18, 30, tzinfo=dt.UTC)


def tries(*outcomes: Disposition) -> list[Attempt]:
    return [
        Attempt(str(rank), "H001", "visit", "G01", DAY + dt.timedelta(days=rank), outcome)
        for rank, outcome in enumerate(outcomes)
    ]


@pytest.mark.parametrize(
    ("outcomes", "final"),
    [
        ((), Final.UNKNOWN),
        ((D.NOBODY_HOME, D.INFORMED, D.MOVED), Final.COMPLETE),
        ((D.REFUSED, D.CARD_HANDED), Final.PARTIAL),
        ((D.REFUSED, D.NOBODY_HOME), Final.REFUSAL),
        ((D.APPOINTMENT, D.NO_ANSWER), Final.OTHER),
        ((D.RELATIVE_TOLD,), Final.OTHER),  # somebody was met
        ((D.AWAY, D.NOBODY_HOME), Final.NON_CONTACT),
        ((D.WRONG_NUMBER,), Final.UNKNOWN),
        ((D.NOBODY_HOME, D.MOVED, D.RETURNED), Final.NOT_ELIGIBLE),
        ((D.MOVED, D.REFUSED), Final.REFUSAL),  # they were there after all
    ],
)
def test_a_households_final_outcome(outcomes: tuple[Disposition, ...], final: Final) -> None:
    log = tries(*outcomes)
    random.Random(1).shuffle(log)
    assert final_outcome(log, 2) is final


@pytest.mark.parametrize(
    ("outcomes", "final"),
    [
        ((D.BUSY, D.NO_ANSWER, D.VOICEMAIL), Final.UNKNOWN),  # 3.1: who is behind the line is open
        ((D.MESSAGE_LEFT,), Final.NON_CONTACT),
        ((D.HUNG_UP, D.NO_ANSWER), Final.REFUSAL),
        ((D.BROKEN_OFF,), Final.REFUSAL),
        ((D.LANGUAGE,), Final.OTHER),
        ((D.CALL_BACK,), Final.OTHER),  # somebody was met
        ((D.OUT_OF_SERVICE,), Final.UNKNOWN),  # a dead number is no household out of scope
        ((D.FAX, D.OTHER_LINE, D.SUSPENDED), Final.UNKNOWN),
        ((D.MOVED, D.BUSY), Final.NOT_ELIGIBLE),  # a busy line does not bring them back
        ((D.MOVED, D.WITHDRAWN), Final.NOT_ELIGIBLE),
    ],
)
def test_calls_count_by_the_telephone_codes(outcomes: tuple[Disposition, ...], final: Final) -> None:
    assert final_outcome([replace(one, channel="call") for one in tries(*outcomes)], 2) is final


def test_a_vacant_or_demolished_home_is_out_of_scope() -> None:
    assert {final_outcome(tries(one), 2) for one in (D.VACANT, D.DEMOLISHED, D.NOT_A_DWELLING)} == {Final.NOT_ELIGIBLE}


def test_every_disposition_has_an_outcome_on_every_channel_it_can_happen_on() -> None:
    every = [outcome_of(replace(one, channel=channel)) for one in tries(*D) for channel in one.disposition.channels]
    assert set(every) == set(Final)
    assert all(
        outcome_of(replace(one, channel=channel)) not in (Final.NON_CONTACT, Final.UNKNOWN, Final.NOT_ELIGIBLE)
        for one in tries(*(one for one in D if one.contact))
        for channel in one.disposition.channels
    )


def test_the_rates_are_aapors() -> None:
    # I = 50, P = 10, R = 20, O = 5, NC = 10, U = 5, and 7 out of scope that count nowhere.
    counts = dict(zip(Final, (50, 10, 20, 5, 10, 5, 7), strict=True))
    found = outcome_rates(final for final, count in counts.items() for _one in range(count))
    assert (found.completion, found.response, found.refusal) == (0.5, 0.6, 0.2)
    assert found.contact == 0.85
    assert found.cooperation == 50 / 85
    assert found.eligible == 100


@given(st.lists(st.sampled_from(Final)))
def test_rates_are_shares_in_their_order(finals: list[Final]) -> None:
    found = outcome_rates(finals)
    if found.eligible == 0:
        assert found.contact is None
        return
    assert found.completion is not None
    assert found.response is not None
    assert found.contact is not None
    assert 0 <= found.completion <= found.response <= found.contact <= 1


@pytest.mark.parametrize(
    ("said", "persons", "final"),
    [
        (((D.NOT_ELIGIBLE, 2),), 2, Final.UNKNOWN),
        (((D.NOBODY_HOME, 0), (D.NOT_ELIGIBLE, 2)), 2, Final.NON_CONTACT),
        (((D.NOT_ELIGIBLE, 2), (D.MOVED, 1)), 2, Final.NOT_ELIGIBLE),
        (((D.NOT_ELIGIBLE, 2), (D.NOBODY_HOME, 0), (D.MOVED, 1)), 2, Final.NOT_ELIGIBLE),
        (((D.NOT_ELIGIBLE, 2), (D.REFUSED, 2), (D.MOVED, 1)), 2, Final.REFUSAL),
        (((D.NOT_ELIGIBLE, 2), (D.MOVED, 1), (D.NOBODY_HOME, 0)), 2, Final.NON_CONTACT),
        (((D.MOVED, 0), (D.REFUSED, 1)), 2, Final.REFUSAL),
        (((D.MOVED, 1),), 1, Final.NOT_ELIGIBLE),
        (((D.MOVED, 0),), 0, Final.NOT_ELIGIBLE),
    ],
)
def test_a_household_leaves_scope_when_all_of_it_does(
    said: tuple[tuple[Disposition, int], ...], persons: int, final: Final
) -> None:
    log = tries(*(outcome for outcome, _person in said))
    named = [replace(one, person=person) for one, (_outcome, person) in zip(log, said, strict=True)]
    assert final_outcome(named, persons) is final
