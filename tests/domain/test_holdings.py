"""Who had which household at a moment."""

from __future__ import annotations

import datetime as dt

from outreach.domain.holdings import Hold, Holdings


def day(number: int) -> dt.datetime:
    return dt.datetime(2005, 5, number, tzinfo=dt.UTC)


TOWN = Holdings(
    posts={"H1": [Hold("G1", day(3), day(10)), Hold("G2", day(10), None)], "H2": [Hold("G1", day(3), day(20))]},
    officers={
        "G1": [Hold("Y1", day(1), day(5)), Hold("Y2", day(7), None)],
        "G2": [Hold("Y3", day(4), None)],
    },
)


def test_a_household_follows_its_post_and_the_post_its_officer() -> None:
    found = [TOWN.officer("H1", day(number)) for number in (4, 6, 8, 10, 30)]
    assert found == ["Y1", "", "Y2", "Y3", "Y3"]


def test_a_change_at_a_moment_holds_from_that_moment() -> None:
    just_before = day(10) - dt.timedelta(milliseconds=1)
    assert TOWN.officer("H1", just_before) == "Y2"
    assert TOWN.officer("H1", day(10)) == "Y3"


def test_before_the_first_that_is_known_the_first_holds() -> None:
    assert TOWN.officer("H1", dt.datetime(2004, 1, 1, tzinfo=dt.UTC)) == "Y1"


def test_who_left_the_plan_or_never_was_in_it_belongs_to_nobody() -> None:
    assert TOWN.officer("H2", day(20)) == ""
    assert TOWN.officer("H9", day(20)) == ""
