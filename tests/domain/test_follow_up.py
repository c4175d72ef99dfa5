"""What a follow-up comes to: open, overdue, closed by an attempt, moved, and the same in any order of facts."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.follow_up import (
    FollowUp,
    FollowUpKind,
    FollowUpState,
    ReturnRule,
    closings,
    matters,
    return_visit,
    taken_back,
)

ZONE = dt.timezone(dt.timedelta(hours=8))
DAY = dt.date(2005, 3, 8)
RULE = ReturnRule(30, frozenset({"visit", "call"}))


def at(day: int, hour: int = 18) -> dt.datetime:
    return dt.datetime(2005, 3, 1, hour, tzinfo=ZONE) + dt.timedelta(days=day - 1)


def tried(key: str, day: int, outcome: str = "informed", channel: str = "visit", **more: object) -> Attempt:
    return Attempt(key, "H1", channel, "Y1", at(day), Disposition(outcome), **more)  # type: ignore[arg-type]


def opened(key: str, due: int, corrects: str = "", day: int = 1, **more: object) -> FollowUp:
    due_day = at(due).date()
    return FollowUp(key, FollowUpKind.PROMISE, "H1", due_day, at(day), corrects=corrects, **more)  # type: ignore[arg-type]


def test_a_promise_is_overdue_the_day_after_it_is_due_and_closed_by_the_attempt_that_names_it() -> None:
    (open_,) = matters([opened("p", 8)], {})
    assert open_.state(at(8, 23)) is FollowUpState.OPEN
    assert open_.state(at(9, 0)) is FollowUpState.OVERDUE
    (closed,) = matters([opened("p", 8)], closings([tried("a", 12, closes=("p",))]))
    assert closed.state(at(30)) is FollowUpState.CLOSED
    assert closed.closed is not None
    assert closed.closed.by == "a"


def test_an_hour_agreed_is_overdue_when_it_is_past() -> None:
    (one,) = matters([opened("p", 8, due_at=at(8, 15))], {})
    assert one.state(at(8, 15)) is FollowUpState.OPEN
    assert one.state(at(8, 16)) is FollowUpState.OVERDUE


def test_an_attempt_that_was_corrected_closes_nothing() -> None:
    wrong, right = tried("a", 5, closes=("p",)), tried("b", 5, corrects="a")
    (one,) = matters([opened("p", 8)], closings([wrong, right]))
    assert one.closed is None


def test_a_follow_up_that_was_moved_is_one_matter_with_its_newest_day() -> None:
    facts = [opened("p1", 8), opened("p2", 15, "p1", day=2), opened("p3", 22, "p2", day=3)]
    (one,) = matters(facts, {})
    assert (one.follow_up.id, one.follow_up.due.day, one.first_due.day, one.moved) == ("p3", 22, 8, 2)


@pytest.mark.parametrize("named", ["p1", "p2", "p3"])
def test_naming_any_of_its_facts_closes_a_matter(named: str) -> None:
    # One machine moves it while another, which has not heard of that, keeps the promise.
    facts = [opened("p1", 8), opened("p2", 15, "p1", day=2), opened("p3", 22, "p2", day=3)]
    (one,) = matters(facts, closings([tried("a", 6, closes=(named,))]))
    assert one.closed is not None


def test_two_machines_that_move_the_same_promise_leave_one() -> None:
    (one,) = matters([opened("p1", 8), opened("p2", 15, "p1", day=2), opened("p3", 9, "p1", day=3)], {})
    assert one.follow_up.id == "p3"


def test_an_answer_closes_a_complaint_that_has_no_household() -> None:
    asked = FollowUp("c", FollowUpKind.COMPLAINT, "", DAY, at(1), who="过路人", about="电话没人接")
    answer = FollowUp("d", FollowUpKind.COMPLAINT, "", DAY, at(3), who="过路人", corrects="c", answer="已道歉")
    (one,) = matters([asked, answer], {})
    assert one.state(at(30)) is FollowUpState.CLOSED
    assert (one.follow_up.id, one.moved) == ("c", 0)


def test_what_was_promised_in_an_attempt_that_was_never_made_is_no_matter() -> None:
    first, corrected = tried("a", 1), tried("b", 1, corrects="a")
    never = tried("w", 2, "withdrawn", corrects="b")
    assert taken_back([first, corrected, never]) == {"a", "b"}
    assert matters([opened("p", 8, source="a")], {}, taken_back([first, corrected, never])) == []
    assert len(matters([opened("p", 8, source="a")], {}, taken_back([first, corrected]))) == 1


def test_a_promise_of_an_attempt_withdrawn_stays_gone_when_the_line_is_typed_again() -> None:
    first, never, again = tried("a", 1), tried("w", 2, "withdrawn", corrects="a"), tried("b", 3, corrects="w")
    for log in itertools.permutations([first, never, again]):
        assert taken_back(log) == {"a"}
        assert matters([opened("p", 8, source="a")], closings(log), taken_back(log)) == []
    assert len(matters([opened("q", 9, "p", source="b")], {}, taken_back([first, never, again]))) == 1


def test_a_follow_up_taken_back_is_no_matter_in_any_order_even_where_another_machine_moved_it() -> None:
    gone = FollowUp("w", FollowUpKind.WITHDRAWN, "H1", at(8).date(), at(1), corrects="p", about="手误")
    facts = [opened("p", 8), gone, opened("p2", 15, "p", day=4), opened("q", 9)]
    for some in itertools.permutations(facts):
        (left,) = matters(some, closings([tried("a", 6, closes=("p2",))]))
        assert left.follow_up.id == "q"


@pytest.mark.parametrize(
    ("owed_to", "gone", "persons", "closed"),
    [
        (1, (2,), 2, False), (1, (1,), 2, True), (1, (0,), 2, True), (0, (2,), 2, False), (0, (2, 1), 2, True),
        (0, (1,), 1, True), (0, (1,), 0, False),
    ],
)  # fmt: skip
def test_a_return_visit_ends_when_those_are_gone_who_are_owed_it(
    owed_to: int, gone: tuple[int, ...], persons: int, closed: bool
) -> None:
    later = [tried(f"b{day}", day, "not_eligible", person=one) for day, one in enumerate(gone, 5)]
    owed = return_visit([tried("a", 1, person=owed_to), *later], RULE, ZONE, persons)
    assert owed is not None
    assert (owed.closed is not None) is closed


def test_whoever_was_informed_is_owed_one_return_visit_however_often_they_were_informed() -> None:
    owed = return_visit([tried("a", 1), tried("a2", 1, "card_handed")], RULE, ZONE, 2)
    assert owed is not None
    assert (owed.follow_up.due, owed.closed) == (dt.date(2005, 3, 31), None)
    assert owed.state(at(32)) is FollowUpState.OVERDUE


@pytest.mark.parametrize(
    ("outcome", "left"), [("nobody_home", ()), ("left_at_door", ("card",)), ("refused", ()), ("sent", ("letter",))]
)
def test_who_was_not_informed_is_owed_none(outcome: str, left: tuple[str, ...]) -> None:
    assert return_visit([tried("a", 1, outcome, left=left)], RULE, ZONE, 2) is None


def test_a_card_taken_by_a_relative_is_followed_by_a_return_visit() -> None:
    assert return_visit([tried("a", 1, "relative_told", left=("card",))], RULE, ZONE, 2) is not None


@pytest.mark.parametrize(
    ("later", "made"),
    [
        (tried("b", 20, "informed"), True),
        (tried("b", 20, "refused", channel="call"), True),
        (tried("b", 1, "informed"), False),  # the same day
        (tried("b", 20, "nobody_home"), False),
        (tried("b", 20, "asked_back", channel="hall"), False),  # not one of the rule's channels
        (tried("b", 20, "moved"), True),  # nobody is left to visit
    ],
)
def test_a_return_visit_is_made_by_a_meeting_on_a_later_day(later: Attempt, made: bool) -> None:
    owed = return_visit([later, tried("a", 1)], RULE, ZONE, 2)
    assert owed is not None
    assert (owed.closed is not None) is made


def test_a_return_visit_can_be_closed_by_its_name() -> None:
    owed = return_visit([tried("a", 1)], RULE, ZONE, 2)
    assert owed is not None
    late = tried("b", 20, "asked_back", channel="hall", closes=(owed.follow_up.id,))
    closed = return_visit([tried("a", 1), late], RULE, ZONE, 2)
    assert closed is not None
    assert closed.closed is not None


def test_no_days_in_the_rule_mean_no_return_visits() -> None:
    assert return_visit([tried("a", 1)], ReturnRule(0, RULE.channels), ZONE, 2) is None


def test_a_correction_takes_the_return_visit_with_it() -> None:
    assert return_visit([tried("a", 1), tried("b", 1, "nobody_home", corrects="a")], RULE, ZONE, 2) is None


@st.composite
def _histories(draw: st.DrawFn) -> tuple[list[FollowUp], list[Attempt]]:
    count = draw(st.integers(1, 6))
    facts = []
    for rank in range(count):
        before = draw(st.integers(-1, rank - 1))
        corrects = f"p{before}" if before >= 0 else ""
        facts.append(opened(f"p{rank}", draw(st.integers(2, 40)), corrects, day=draw(st.integers(1, 2))))
    tries = [
        tried(f"a{rank}", draw(st.integers(1, 40)), closes=(f"p{draw(st.integers(0, count))}",),
              corrects=f"a{rank - 1}" if rank and draw(st.booleans()) else "")
        for rank in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return facts, tries


@given(_histories(), st.integers())
def test_facts_in_any_order_and_with_repeats_come_to_the_same(
    history: tuple[list[FollowUp], list[Attempt]], seed: int
) -> None:
    facts, tries = history
    plain = matters(facts, closings(tries))
    shuffled, mixed = [*facts, *facts[:2]], [*tries, *tries[:1]]
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(mixed)
    assert matters(shuffled, closings(mixed)) == plain
    named = list(itertools.chain.from_iterable(one.ids for one in plain))
    assert sorted(named) == sorted(one.id for one in facts)
