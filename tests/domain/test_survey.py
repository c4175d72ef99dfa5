"""What the answers of a survey allow to be said."""

from __future__ import annotations

import random

import pytest

from outreach.domain.interval import wilson
from outreach.domain.survey import Answer, Lot, Verdict, estimate, judge
from outreach.planning.sample import design, draw

YES, NO, OUT = Answer.CONFIRMED, Answer.DENIED, Answer.NOT_MET


def lot(households: int, name: str = "lot", times: int = 1) -> Lot:
    plan = design(households, good=0.95, poor=0.75, fail_good=0.1, pass_poor=0.1)
    return Lot(name, plan.lot, plan.size, plan.pass_from, plan.fail_good, plan.pass_poor, times)


@pytest.mark.parametrize(("share", "risk"), [(0.95, "fail_good"), (0.75, "pass_poor")])
def test_surveys_of_good_and_poor_lots_err_as_often_as_the_design_says(share: float, risk: str) -> None:
    one = lot(120)
    truth = {f"H{n}": YES if n < round(share * 120) else NO for n in range(120)}
    wrong = Verdict.DOES_NOT if risk == "fail_good" else Verdict.PASSES
    tries = 4000
    erred = sum(
        judge(one, [truth[code] for code in draw(truth, one.size, str(seed))]).verdict is wrong for seed in range(tries)
    )
    told = getattr(one, risk)
    assert 0 < told <= 0.1
    assert erred / tries == pytest.approx(told, abs=4 * (told / tries) ** 0.5)


def test_a_verdict_given_early_is_that_of_the_full_sample() -> None:
    one, source = lot(120), random.Random("early")
    for _turn in range(200):
        full = source.choices([YES, NO], [8, 2], k=one.size)
        last = judge(one, full).verdict
        assert last is not Verdict.OPEN
        early = {judge(one, full[:upto]).verdict for upto in range(one.size + 1)}
        assert early <= {Verdict.OPEN, last}


def test_a_household_nobody_could_ask_is_replaced_in_order_and_never_counts_against_the_lot() -> None:
    one = lot(120)
    answers = [OUT, *[YES] * (one.size - 1), NO, YES]
    found = judge(one, answers)
    assert (found.asked, found.confirmed, found.unasked) == (one.size, one.size - 1, 1)
    assert judge(one, [OUT] * one.size).verdict is Verdict.OPEN


def test_lots_count_by_their_households() -> None:
    large, small = judge(lot(900, "large"), [YES] * 20), judge(lot(100, "small"), [NO] * 20)
    found = estimate([large, small])
    assert found is not None
    assert found.share.value == pytest.approx(0.9)
    assert found.share.low < 0.9 < found.share.high
    assert found.effective < 40


def test_a_single_lot_asked_whole_is_known_without_an_interval() -> None:
    whole = Lot("all", 10, 10, 8, 0.0, 0.0)
    found = estimate([judge(whole, [YES] * 9 + [NO])])
    assert found is not None
    assert (found.share.low, found.share.value, found.share.high) == pytest.approx((0.9, 0.9, 0.9))


def test_answers_that_all_confirm_still_leave_a_doubt() -> None:
    found = estimate([judge(lot(100_000), [YES] * 16)])
    plain = wilson(16, 16)
    assert found is not None
    assert plain is not None
    assert found.share.low == pytest.approx(plain.low, abs=0.001)


def test_clusters_that_differ_tell_less_than_their_answers() -> None:
    apart = [judge(lot(500, str(n), times=1), [YES if n % 2 else NO] * 12) for n in range(6)]
    found = estimate(apart, clusters=True)
    assert found is not None
    assert found.share.value == pytest.approx(0.5)
    assert found.effective == pytest.approx(5.0)  # six clusters tell as much as five answers, not seventy-two


def test_intervals_hold_the_true_share_nineteen_times_in_twenty() -> None:
    source = random.Random("cover")
    sizes = {"a": 200, "b": 60, "c": 400}
    truth = {
        name: [source.random() < p for _n in range(sizes[name])] for name, p in zip("abc", (0.9, 0.6, 0.8), strict=True)
    }
    share = sum(map(sum, truth.values())) / sum(sizes.values())
    held = 0
    for _turn in range(1000):
        results = []
        for name, whole in truth.items():
            one = lot(sizes[name], name)
            results.append(judge(one, [YES if yes else NO for yes in source.sample(whole, one.size)]))
        found = estimate(results)
        assert found is not None
        held += found.share.low <= share <= found.share.high
    assert held >= 930


def test_lots_without_an_answer_are_named_and_not_guessed() -> None:
    found = estimate([judge(lot(50, "asked"), [YES] * 5), judge(lot(50, "not"), [OUT, None])])
    assert found is not None
    assert found.without == ("not",)
    assert estimate([judge(lot(50), [])]) is None
