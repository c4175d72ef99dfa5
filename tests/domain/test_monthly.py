"""What counts in which month, for whom; and that figures agree with the one definition of the words."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, in_force, standing
from outreach.domain.follow_up import FollowUp, FollowUpKind, closings, matters
from outreach.domain.monthly import Month, flows, make_record, outside, standings

ZONE = dt.timezone(dt.timedelta(hours=8))
LAST = dt.date(2005, 6, 30)
HOMES = ("H1", "H2", "H3")

DAYS = st.dates(dt.date(2005, 3, 1), dt.date(2005, 7, 31))


@st.composite
def attempts(draw: st.DrawFn) -> Attempt:
    at = dt.datetime.combine(draw(DAYS), dt.time(draw(st.integers(0, 23))), ZONE)
    return Attempt(
        id=f"a{draw(st.integers(0, 60)):02d}",
        household=draw(st.sampled_from(HOMES)),
        channel=draw(st.sampled_from(["visit", "call", "letter", "sms", "booth", "hall", "drone"])),
        officer=draw(st.sampled_from(["Y1", "Y2", ""])),
        at=at,
        disposition=draw(st.sampled_from(list(Disposition))),
        left=draw(st.sampled_from([(), ("card",), ("notice", "letter")])),
        forms=draw(st.sampled_from([(), ("registration",), ("registration", "declaration")])),
        corrects=draw(st.sampled_from(["", "", "", "a01", "a02"])),
    )


@st.composite
def milestones(draw: st.DrawFn) -> Milestone:
    kind = draw(st.sampled_from(list(MilestoneKind)))
    return Milestone(
        id=f"m{draw(st.integers(0, 60)):02d}",
        household=draw(st.sampled_from(HOMES)),
        kind=kind,
        on=draw(DAYS),
        amount_fen=draw(st.sampled_from([100, 300, -100, -300])) if kind is MilestoneKind.PAID else 0,
    )


def _once(facts: list) -> list:  # type: ignore[type-arg]
    return list({fact.id: fact for fact in facts}.values())


def holder(household: str, month: Month) -> str:
    """H1 passes from Y1 to Y2 in June; H3 belongs to nobody."""
    return {"H1": "Y2" if month.number >= 6 else "Y1", "H2": "Y2"}.get(household, "")


@given(st.lists(attempts(), max_size=25).map(_once), st.lists(milestones(), max_size=15).map(_once))
def test_the_figures_are_those_of_the_one_definition(tries: list[Attempt], steps: list[Milestone]) -> None:
    """`standing` is told the same facts and must come to the same households, days and money."""
    valid = [one for one in in_force(tries) if one.at.date() <= LAST]
    paid = [one for one in in_force(steps) if one.on <= LAST]
    record = make_record(in_force(tries), in_force(steps), (), holder, LAST)
    found = list(flows(record))
    stands = {
        code: standing([a for a in valid if a.household == code], [s for s in paid if s.household == code])
        for code in HOMES
    }
    days = {
        "attempted": "first_attempt_at", "contacted": "first_contact_at", "reached": "first_reached_at",
        "carded": "card_at", "registered": "registered_on", "paid": "paid_on",
    }  # fmt: skip
    for measure, field in days.items():
        told = {entry.household: entry.day for entry in found if entry.measure == measure}
        expected = {code: getattr(one, field) for code, one in stands.items() if getattr(one, field)}
        assert told == {code: at.date() if isinstance(at, dt.datetime) else at for code, at in expected.items()}
    for code in HOMES:
        assert sum(e.amount for e in found if e.measure == "yuan" and e.household == code) == stands[code].paid_fen
    for entry in found:
        if entry.measure == "reached":
            assert entry.officer == stands[entry.household].reached_by
    # Every try is counted in exactly one channel; a letter that came back is none.
    tried = Counter(entry.measure for entry in found)
    kinds = ("visits", "calls", "letters", "sms", "booths", "hall", "elsewhere")
    assert sum(tried[kind] for kind in kinds) == tried["tries"] == len(valid) - tried["returned"]


@given(st.lists(attempts(), max_size=25).map(_once), st.lists(milestones(), max_size=10).map(_once))
def test_in_scope_and_out_of_scope_are_all_households(tries: list[Attempt], steps: list[Milestone]) -> None:
    record = make_record(in_force(tries), in_force(steps), (), holder, LAST)
    found = list(standings(record, HOMES, Month(2005, 6)))
    by_measure = {name: {e.household for e in found if e.measure == name} for name in ("homes", "in_scope", "paid")}
    left_out = {one.household for one in outside(record)}
    assert by_measure["homes"] == set(HOMES)
    assert by_measure["in_scope"] | left_out == set(HOMES)
    assert not by_measure["in_scope"] & left_out
    assert by_measure["paid"] <= by_measure["in_scope"]
    assert all(e.officer == holder(e.household, Month(2005, 6)) for e in found)


def test_a_payment_is_the_holders_at_the_end_of_its_own_month_whatever_comes_later() -> None:
    steps = [
        Milestone("m1", "H1", MilestoneKind.PAID, dt.date(2005, 5, 31), amount_fen=100),
        Milestone("m2", "H1", MilestoneKind.PAID, dt.date(2005, 6, 1), amount_fen=20),
    ]
    record = make_record((), steps, (), holder, LAST)
    assert [(e.measure, e.officer, e.amount) for e in flows(record)] == [
        ("paid", "Y1", 1), ("yuan", "Y1", 100), ("yuan", "Y2", 20),
    ]  # fmt: skip
    now = [(e.measure, e.officer) for e in standings(record, ["H1"], Month(2005, 6)) if e.measure == "yuan"]
    assert now == [("yuan", "Y2"), ("yuan", "Y2")]


def test_a_household_that_moved_away_comes_back_into_scope_when_it_pays() -> None:
    gone = Attempt("a1", "H1", "visit", "Y1", dt.datetime(2005, 4, 1, 19, tzinfo=ZONE), Disposition.MOVED)
    assert [one.household for one in outside(make_record([gone], (), (), holder, LAST))] == ["H1"]
    paid = Milestone("m1", "H1", MilestoneKind.PAID, dt.date(2005, 6, 1), amount_fen=100)
    assert outside(make_record([gone], [paid], (), holder, LAST)) == []


def test_follow_ups_count_when_they_are_closed_and_as_overdue_while_they_are_not() -> None:
    opened = dt.datetime(2005, 5, 2, 9, tzinfo=ZONE)
    owed = [
        FollowUp("f1", FollowUpKind.PROMISE, "H1", dt.date(2005, 5, 10), opened),
        FollowUp("f2", FollowUpKind.COMPLAINT, "H2", dt.date(2005, 6, 30), opened, officer="Y9"),
        FollowUp("f3", FollowUpKind.PROMISE, "H2", dt.date(2005, 7, 1), opened),
    ]
    when = dt.datetime(2005, 5, 20, 9, tzinfo=ZONE)
    done = Attempt("a1", "H1", "call", "Y7", when, Disposition.INFORMED, closes=("f1",))
    record = make_record([done], (), matters(owed, closings([done])), holder, LAST)
    closed = [e for e in flows(record) if e.measure == "followed_up"]
    assert [(e.fact, e.officer, e.day) for e in closed] == [("a1", "Y7", dt.date(2005, 5, 20))]
    late = [e for e in standings(record, HOMES, Month(2005, 6)) if e.measure.endswith("overdue")]
    # Due on the last day of the month and not done: overdue when the month is over; due the day after: not.
    assert [(e.measure, e.fact, e.officer) for e in late] == [("complaints_overdue", "f2", "Y9")]


@pytest.mark.parametrize("text", ["2005-13", "2005-1", "2005-00", "05-10", "2005/10", "２００５-10", "2005-10-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month"):
        Month.parse(text)


def test_a_month_knows_its_days() -> None:
    assert (Month(2004, 2).last, Month(2005, 12).last) == (dt.date(2004, 2, 29), dt.date(2005, 12, 31))
    assert str(Month.parse("2005-02")) == "2005-02"
    assert Month(2005, 12).end(ZONE).isoformat() == "2005-12-31T23:59:59.999000+08:00"
