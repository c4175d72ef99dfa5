"""What the demonstration's office keeps up: return visits in time but for tens, promises kept, nothing out of order."""

import datetime as dt
from collections import Counter, defaultdict

import pytest

from outreach.domain.conduct import MEETINGS, Must
from outreach.domain.follow_up import FollowUpKind, ReturnRule, closings, matters, return_visit
from outreach.planning.follow_up_simulation import simulate_follow_ups
from outreach.planning.simulate import simulate_year
from tests.planning.test_simulate import STARTS, YEAR_END, ZONE, officers, town

RULE = ReturnRule(30, frozenset({"visit", "call", "hall"}))
JANUARY = YEAR_END + dt.timedelta(days=31)


@pytest.fixture(scope="module")
def homes():
    return town(7000)


@pytest.fixture(scope="module")
def year(homes):
    return simulate_year(homes, officers(homes), STARTS, YEAR_END, ZONE, "story")


def kept_up(year, homes, ends=JANUARY, seed="story"):
    return simulate_follow_ups(year.attempts, homes, officers(homes), RULE, STARTS, ends, ZONE, seed)


@pytest.fixture(scope="module")
def kept(year, homes):
    return kept_up(year, homes)


def owed(attempts, day):
    """Return visits owed by a day, with what closed them by then."""
    own = defaultdict(list)
    for attempt in attempts:
        if attempt.at.date() <= day:
            own[attempt.household].append(attempt)
    return [found for tries in own.values() if (found := return_visit(tries, RULE, ZONE, 2))]


def test_tens_of_return_visits_are_overdue_at_the_years_end_where_thousands_were(year, kept):
    def overdue(attempts):
        return sum(not one.closed and one.follow_up.due <= YEAR_END for one in owed(attempts, YEAR_END))

    assert overdue(year.attempts) > 3000
    assert 10 <= overdue(kept.attempts) <= 99


def test_who_was_informed_in_the_last_days_is_visited_after_the_year(kept):
    assert sum(not one.closed for one in owed(kept.attempts, JANUARY)) <= 99


def test_no_try_of_the_year_is_taken_away_or_moved(year, kept):
    tries = {one.id: one for one in kept.attempts}
    for one in year.attempts:
        same = tries[one.id]
        assert (same.at, same.channel, same.disposition, same.left, same.officer) == (
            one.at, one.channel, one.disposition, one.left, one.officer,
        )  # fmt: skip


def test_promises_appointments_and_complaints_are_closed_by_tries_at_their_own_household(kept):
    opened = {one.id: one for one in kept.follow_ups}
    for attempt in kept.attempts:
        for key in attempt.closes:
            assert opened[key].household == attempt.household
            assert opened[key].opened < attempt.at
    found = matters(kept.follow_ups, closings(kept.attempts))
    states = Counter((one.follow_up.kind, one.closed is not None) for one in found)
    for kind in (FollowUpKind.PROMISE, FollowUpKind.APPOINTMENT, FollowUpKind.COMPLAINT):
        assert states[kind, True] > 10
    assert 1 <= sum(count for (_kind, closed), count in states.items() if not closed) <= 50
    assert all(one.follow_up.due >= one.follow_up.opened.date() for one in found)


def test_musts_are_ticked_of_talks_alone_and_mostly_all_six(kept):
    ticked = [one for one in kept.attempts if one.musts]
    assert all(one.channel in MEETINGS and one.disposition.contact for one in ticked)
    assert 0.7 < sum(len(one.musts) == len(Must) for one in ticked) / len(ticked) < 0.95


def test_the_same_seed_gives_the_same_and_a_household_hangs_on_no_other(year, homes, kept):
    assert kept_up(year, homes) == kept
    alone = [one for one in year.attempts if one.household == "H00007"]
    part = simulate_follow_ups(alone, homes[7:8], officers(homes), RULE, STARTS, JANUARY, ZONE, "story")
    assert list(part.attempts) == [one for one in kept.attempts if one.household == "H00007"]
    assert kept_up(year, homes, seed="other") != kept


def test_an_earlier_end_gives_the_same_facts_cut_off(year, homes, kept):
    june = dt.date(2005, 6, 30)
    short = kept_up(year, homes, ends=june)
    assert short.attempts == tuple(one for one in kept.attempts if one.at.date() <= june)
    assert short.follow_ups == tuple(one for one in kept.follow_ups if one.opened.date() <= june)
