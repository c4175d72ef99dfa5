"""What check calls say of a number and of who answers it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from outreach.domain.hotline import CheckResult, PhoneCheck, PhoneKind, PhoneStanding, phone_standing, rank_checks

R = CheckResult
DAY = dt.datetime(2010, 1, 4, 9, 0, tzinfo=dt.UTC)


def calls(*results: CheckResult, owner: str = "A01") -> list[PhoneCheck]:
    """Calls a day apart."""
    return [
        PhoneCheck(f"{owner}-{rank}", owner, PhoneKind.HOTLINE, "07005550100", DAY + dt.timedelta(days=rank), "甲", one)
        for rank, one in enumerate(results)
    ]


def test_a_number_is_verified_by_whoever_of_the_agency_answers_well_or_badly() -> None:
    for result in (R.GOOD, R.IMPATIENT, R.POLICY_WRONG):
        assert phone_standing(calls(result)).verified_at == DAY
    for result in (R.UNANSWERED, R.WRONG_NUMBER, R.UNVERIFIED):
        assert phone_standing(calls(result)).verified_at is None


def test_a_call_that_told_nothing_changes_nothing() -> None:
    assert phone_standing(calls(R.UNVERIFIED)) == PhoneStanding()
    assert phone_standing(calls(R.GOOD, R.UNVERIFIED)) == phone_standing(calls(R.GOOD))


def test_calls_nobody_answered_are_counted_up_to_the_last() -> None:
    assert phone_standing(calls(R.UNANSWERED, R.GOOD, R.UNANSWERED, R.UNVERIFIED, R.UNANSWERED)).missed == 2
    assert phone_standing(calls(R.UNANSWERED, R.GOOD)).missed == 0


def test_a_correction_takes_the_place_of_what_it_corrects_in_any_order() -> None:
    wrong, right = calls(R.WRONG_NUMBER, R.GOOD)
    log = [wrong, replace(right, corrects=wrong.id), wrong]
    random.Random(1).shuffle(log)
    assert phone_standing(log).last is R.GOOD
    assert [one.counts[R.WRONG_NUMBER] for one in rank_checks({"east": log})] == [0]


def test_a_number_is_due_when_never_verified_too_long_ago_or_found_wrong() -> None:
    today = DAY.date() + dt.timedelta(days=90)
    assert phone_standing([]).due(today, 90)
    assert not phone_standing(calls(R.GOOD)).due(today, 90)
    assert phone_standing(calls(R.GOOD)).due(today + dt.timedelta(days=1), 90)
    assert phone_standing(calls(R.GOOD, R.WRONG_NUMBER)).due(today, 90)
    assert not phone_standing(calls(R.GOOD, R.UNANSWERED)).due(today, 90)


def test_groups_are_ranked_by_good_calls_among_those_that_told_anything() -> None:
    found = rank_checks(
        {
            "west": calls(R.GOOD, R.UNANSWERED, owner="W"),
            "east": calls(R.GOOD, R.UNVERIFIED, R.UNVERIFIED, owner="E"),
            "north": calls(R.UNVERIFIED, owner="N"),
            "south": calls(R.GOOD, R.IMPATIENT, R.GOOD, R.POLICY_WRONG, owner="S"),
        }
    )
    assert [(one.name, one.rank) for one in found] == [("east", 1), ("south", 2), ("west", 2), ("north", 0)]
    assert found[0].share is not None
    assert (found[0].share.value, round(found[0].share.low, 2)) == (1.0, 0.21)  # one call says little
    assert found[3].share is None
