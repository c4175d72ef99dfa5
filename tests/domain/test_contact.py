"""The one definition of attempted, contacted, reached, registered and paid, held to its laws."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact import (
    Attempt,
    Disposition,
    Milestone,
    MilestoneKind,
    Standing,
    in_force,
    newest,
    outcomes_on,
    standing,
)

START = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)


def attempt(number: int, disposition: Disposition, minutes: int = 0, **more: object) -> Attempt:
    at = START + dt.timedelta(minutes=minutes)
    return Attempt(f"a{number:03d}", "H1", "visit", "Y01", at, disposition, **more)  # type: ignore[arg-type]


def paid(number: int, fen: int, day: int = 1, **more: object) -> Milestone:
    return Milestone(f"m{number:03d}", "H1", MilestoneKind.PAID, dt.date(2005, 4, day), amount_fen=fen, **more)  # type: ignore[arg-type]


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[Attempt], list[Milestone]]:
    """A household's facts as they could have come in: some correct an earlier one."""
    attempts: list[Attempt] = []
    for number in range(draw(st.integers(0, 8))):
        made = attempt(
            number,
            draw(st.sampled_from(Disposition)),
            draw(st.integers(0, 3)),
            left=draw(st.sampled_from([(), ("card",), ("letter", "card"), ("notice",)])),
            corrects=draw(st.sampled_from(["", *(known.id for known in attempts)])),
        )
        attempts.append(replace(made, channel=draw(st.sampled_from(["visit", "call"]))))
    steps: list[Milestone] = []
    for number in range(draw(st.integers(0, 5))):
        corrects = draw(st.sampled_from(["", *(known.id for known in steps)]))
        if draw(st.booleans()):
            steps.append(paid(number, draw(st.integers(1, 10**9)), draw(st.integers(1, 30)), corrects=corrects))
        else:
            day = dt.date(2005, 4, draw(st.integers(1, 30)))
            steps.append(Milestone(f"m{number:03d}", "H1", MilestoneKind.REGISTERED, day, corrects=corrects))
    return attempts, steps


@given(logs(), st.integers(0, 2**32))
def test_any_order_and_any_repeats_give_the_same_standing(
    log: tuple[list[Attempt], list[Milestone]], seed: int
) -> None:
    attempts, steps = log
    source = random.Random(seed)
    mixed = [*attempts, *source.choices(attempts, k=4)] if attempts else []
    doubled = [*steps, *source.choices(steps, k=3)] if steps else []
    source.shuffle(mixed)
    source.shuffle(doubled)
    assert standing(mixed, doubled) == standing(attempts, steps)


@given(logs())
def test_reached_implies_contacted_implies_attempted(log: tuple[list[Attempt], list[Milestone]]) -> None:
    found = standing(*log)
    if found.first_reached_at is not None:
        assert found.first_contact_at is not None
        assert found.first_contact_at <= found.first_reached_at
        assert found.reached_channel
        assert found.reached_by
    else:
        assert found.reached_channel == found.reached_by == ""
    if found.first_contact_at is not None:
        assert found.first_attempt_at is not None
        assert found.first_attempt_at <= found.first_contact_at
    assert (found.attempts > 0) == (found.first_attempt_at is not None) == bool(found.last_disposition)


@given(logs())
def test_a_corrected_fact_counts_as_if_it_had_never_been_written(log: tuple[list[Attempt], list[Milestone]]) -> None:
    attempts, steps = log
    corrected = {a.corrects for a in attempts}
    survivors = [replace(a, corrects="") for a in attempts if a.id not in corrected and not a.withdraws]
    taken_back = {m.corrects for m in steps}
    valid = [replace(m, corrects="") for m in steps if m.id not in taken_back]
    assert standing(attempts, steps) == standing(survivors, valid)
    assert standing(attempts, steps).paid_fen == sum(m.amount_fen for m in valid if m.kind is MilestoneKind.PAID)


def test_of_a_chain_of_corrections_only_the_last_counts() -> None:
    chain = [
        attempt(1, Disposition.INFORMED),
        attempt(2, Disposition.REFUSED, corrects="a001"),
        attempt(3, Disposition.NOBODY_HOME, corrects="a002"),
    ]
    assert [fact.id for fact in in_force(reversed(chain))] == ["a003"]
    found = standing(chain, [])
    assert (found.attempts, found.last_disposition) == (1, "nobody_home")
    assert found.first_contact_at is None


def test_a_withdrawn_attempt_and_its_withdrawal_count_as_nothing_until_the_withdrawal_is_corrected() -> None:
    wrong = attempt(1, Disposition.INFORMED, left=("card",))
    taken_back = attempt(2, Disposition.WITHDRAWN, corrects="a001")
    assert in_force([taken_back, wrong]) == []
    assert standing([taken_back, wrong], []) == Standing()
    assert newest([wrong, taken_back]) == [taken_back]
    after_all = attempt(3, Disposition.CARD_HANDED, corrects="a002")
    assert [fact.id for fact in in_force([after_all, wrong, taken_back])] == ["a003"]
    payment = paid(1, 30_000)
    refund = Milestone("m002", "H1", MilestoneKind.WITHDRAWN, payment.on, corrects="m001")
    assert standing([], [refund, payment]) == Standing()


def test_what_can_happen_depends_on_the_channel() -> None:
    assert {Disposition.BUSY, Disposition.HUNG_UP, Disposition.FAX} <= set(outcomes_on("call"))
    assert {Disposition.VACANT, Disposition.NO_ENTRY, Disposition.LANGUAGE} <= set(outcomes_on("visit"))
    for channel, never in (
        ("call", Disposition.VACANT),
        ("call", Disposition.CARD_HANDED),
        ("visit", Disposition.BUSY),
        ("booth", Disposition.NOBODY_HOME),
        ("hall", Disposition.NO_ENTRY),
        ("letter", Disposition.NO_ANSWER),
        ("sms", Disposition.SIGNED_FOR),
    ):
        assert not never.happens_on(channel), (channel, never)
    # A channel another package adds is not known here and takes them all, but nobody records a withdrawal.
    assert outcomes_on("pigeon") == tuple(one for one in Disposition if one is not Disposition.WITHDRAWN)


def test_a_call_has_the_telephone_code_and_a_visit_the_one_of_doors() -> None:
    assert (Disposition.AWAY.aapor_on("visit"), Disposition.AWAY.aapor_on("call")) == ("2.25", "2.21")
    assert Disposition.NO_ANSWER.aapor_on("call") == "3.13"
    assert Disposition.BUSY.aapor_on("call") == "3.12"
    assert Disposition.OUT_OF_SERVICE.aapor == ""
    # What came back by post cannot happen at a door; mail surveys call it undelivered, of unknown eligibility.
    assert (Disposition.RETURNED.aapor, Disposition.RETURNED.aapor_on("letter")) == ("", "3.3")
    assert (Disposition.UNSAFE.aapor, Disposition.ADDRESS_NOT_FOUND.aapor) == ("3.17", "3.18")
    assert Disposition.OUT_OF_SERVICE.aapor_on("call") == "4.32"
    assert not Disposition.OUT_OF_SERVICE.gone
    assert {one for one in Disposition if one.gone} == {
        Disposition.MOVED, Disposition.NOT_ELIGIBLE, Disposition.VACANT, Disposition.NOT_A_DWELLING,
        Disposition.DEMOLISHED,
    }  # fmt: skip


def test_nothing_known_is_a_standing_too() -> None:
    assert standing([], []) == Standing()


@pytest.mark.parametrize("disposition", [Disposition.SENT, Disposition.LEFT_AT_DOOR, Disposition.RELATIVE_TOLD])
def test_posting_leaving_and_telling_a_relative_reach_nobody(disposition: Disposition) -> None:
    found = standing([attempt(1, disposition, left=("letter",))], [])
    assert found.first_attempt_at == START
    assert found.first_reached_at is None


def test_every_outcome_is_defined_and_reaching_is_a_kind_of_contact() -> None:
    for disposition in Disposition:
        assert disposition.contact or not disposition.reached
        assert disposition.label("zh") != disposition.label("en") != ""
        codes = [disposition.aapor_on(channel) for channel in disposition.channels]
        assert all(code[0] in "1234" for code in codes)
        assert bool(codes) == (disposition is not Disposition.WITHDRAWN)
    assert len({disposition.label("zh") for disposition in Disposition}) == len(Disposition)


def test_the_first_of_each_step_is_kept_with_its_channel_and_officer() -> None:
    tries = [
        attempt(1, Disposition.NOBODY_HOME, 0),
        replace(attempt(2, Disposition.REFUSED, 10), channel="call"),
        replace(attempt(3, Disposition.INFORMED, 20), channel="hall", officer="Y02"),
        attempt(4, Disposition.INFORMED, 30),
    ]
    found = standing(tries, [])
    assert found.attempts == 4
    assert found.first_contact_at == START + dt.timedelta(minutes=10)
    assert found.first_reached_at == START + dt.timedelta(minutes=20)
    assert (found.reached_channel, found.reached_by) == ("hall", "Y02")


def test_a_card_is_held_from_the_first_time_one_was_left_or_handed_over() -> None:
    tries = [attempt(1, Disposition.INFORMED, 0, left=("letter",)), attempt(2, Disposition.INFORMED, 5, left=("card",))]
    assert standing(tries, []).card_at == START + dt.timedelta(minutes=5)
    assert standing([attempt(1, Disposition.CARD_HANDED)], []).card_at == START
    assert standing([attempt(1, Disposition.INFORMED)], []).card_at is None


def test_payments_add_up_and_the_first_day_is_kept() -> None:
    steps = [
        paid(1, 30_000, 9),
        paid(2, 120_050, 3),
        Milestone("m9", "H1", MilestoneKind.REGISTERED, dt.date(2005, 4, 2)),
    ]
    found = standing([], steps)
    assert (found.paid_on, found.paid_fen) == (dt.date(2005, 4, 3), 150_050)
    assert found.registered_on == dt.date(2005, 4, 2)
    assert found.attempts == 0
