"""The played year comes out as the story's totals, from the same seed always the same."""

import datetime as dt
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.contact import Disposition, MilestoneKind, standing
from outreach.domain.people import Difficulty
from outreach.planning.simulate import HomeFacts, simulate_year

ZONE = ZoneInfo("Asia/Shanghai")
STARTS, YEAR_END, QUARTER_END = dt.date(2005, 1, 4), dt.date(2005, 12, 31), dt.date(2006, 3, 31)
HALF = dt.date(2005, 7, 1)


# Twenty homes in the story's mixture: nine migrants, of whom more are hard; six hard and six easy in all.
MIXTURE = "HHHHNNNNE" + "HHNNNNEEEEE"
LEVELS = {"H": Difficulty.HARD, "N": Difficulty.NORMAL, "E": Difficulty.EASY}


def town(count):
    return [
        HomeFacts(
            code=f"H{number:05d}",
            persons=2 if number % 7 in (0, 3) else 1,
            difficulty=LEVELS[MIXTURE[number % 20]],
            migrant=number % 20 < 9,
            has_mobile=number % 8 != 0,
            months_lapsed=3 + number * 37 % 60,
        )
        for number in range(count)
    ]


def officers(homes):
    return {home.code: f"Y{number % 60:02d}" for number, home in enumerate(homes)}


@pytest.fixture(scope="module")
def homes():
    return town(7000)


@pytest.fixture(scope="module")
def played(homes):
    return simulate_year(homes, officers(homes), STARTS, QUARTER_END, ZONE, "story")


@pytest.fixture(scope="module")
def year(homes, played):
    """Where every household stands on 31 December 2005."""
    tries, steps = defaultdict(list), defaultdict(list)
    for attempt in played.attempts:
        if attempt.at.date() <= YEAR_END:
            tries[attempt.household].append(attempt)
    for step in played.milestones:
        if step.on <= YEAR_END:
            steps[step.household].append(step)
    return [standing(tries[home.code], steps[home.code]) for home in homes]


def takings(played):
    fen = Counter()
    for step in played.milestones:
        fen[step.on] += step.amount_fen
    return fen


def test_nearly_six_thousand_households_hold_a_card_at_the_years_end(year):
    assert 5_700 < sum(home.card_at is not None for home in year) <= 6_050


def test_more_than_five_thousand_households_and_seventy_in_a_hundred_have_paid(year):
    paid = sum(home.paid_on is not None for home in year)
    assert paid > 5_000
    assert 0.70 < paid / 7000 < 0.76


def test_more_than_thirteen_million_yuan_came_in(year):
    assert 13_000_000 < sum(home.paid_fen for home in year) / 100 < 15_000_000


def test_the_first_half_takes_under_ten_thousand_yuan_on_every_day(played):
    assert max(fen for day, fen in takings(played).items() if day < HALF) < 1_000_000


def test_the_second_half_is_much_faster_and_has_a_day_of_a_million(played):
    by_day = takings(played)
    first = sum(fen for day, fen in by_day.items() if day < HALF)
    second = {day: fen for day, fen in by_day.items() if HALF <= day <= YEAR_END}
    assert sum(second.values()) > 8 * first
    assert max(second.values()) > 100_000_000


def test_the_next_quarter_registers_552_people_who_pay_over_1_200_000_yuan(played):
    late = [step for step in played.milestones if step.on > YEAR_END]
    assert sum(step.kind is MilestoneKind.REGISTERED for step in late) == 552
    assert 120_000_000 < sum(step.amount_fen for step in late) < 140_000_000


def test_every_payment_is_between_1200_and_6000_yuan(played):
    paid = [step.amount_fen for step in played.milestones if step.kind is MilestoneKind.PAID]
    assert 120_000 <= min(paid) <= max(paid) <= 600_000


def test_everybody_registers_before_paying_and_was_reached_before_registering(year, played):
    registered = {(s.household, s.person): s.on for s in played.milestones if s.kind is MilestoneKind.REGISTERED}
    for step in played.milestones:
        assert registered[step.household, step.person] <= step.on
    for home in year:
        if home.registered_on:
            assert home.first_reached_at is not None
            assert home.first_reached_at.date() <= home.registered_on


def test_nobody_is_tried_before_the_start_or_between_ten_at_night_and_eight(played):
    assert min(attempt.at for attempt in played.attempts).date() >= STARTS
    assert all(dt.time(8) <= attempt.at.time() < dt.time(22) for attempt in played.attempts)
    assert {attempt.at.tzinfo for attempt in played.attempts} == {ZONE}


def test_evening_visits_find_people_where_office_hours_do_not(played):
    visits = [attempt for attempt in played.attempts if attempt.channel == "visit"]
    met = {
        evening: sum(v.disposition.reached for v in part) / len(part)
        for evening in (False, True)
        if (part := [v for v in visits if (v.at.hour >= 18) is evening])
    }
    assert met[True] > 3 * met[False]


def test_booths_stand_in_the_three_holidays_only(played):
    days = {attempt.at.date() for attempt in played.attempts if attempt.channel == "booth"}
    months = {(day.year, day.month) for day in days}
    assert months == {(2005, 2), (2005, 5), (2005, 10), (2006, 1), (2006, 2)}


def test_posting_and_sending_reach_nobody(played):
    outcomes = {a.disposition for a in played.attempts if a.channel in ("letter", "sms")}
    assert outcomes == {Disposition.SENT, Disposition.RETURNED}


def test_facts_are_sorted_and_every_identifier_is_unique(played):
    assert 20_000 < len(played.attempts) < 32_000
    assert [a.at for a in played.attempts] == sorted(a.at for a in played.attempts)
    assert [m.on for m in played.milestones] == sorted(m.on for m in played.milestones)
    ids = [fact.id for fact in (*played.attempts, *played.milestones)]
    assert len(set(ids)) == len(ids)


def test_the_same_seed_gives_the_same_facts_whatever_the_order_of_homes():
    some = town(300)
    once = simulate_year(some, officers(some), STARTS, YEAR_END, ZONE, "one")
    again = simulate_year(some[::-1], officers(some), STARTS, YEAR_END, ZONE, "one")
    other = simulate_year(some, officers(some), STARTS, YEAR_END, ZONE, "two")
    assert once == again
    assert once != other


def test_a_shorter_year_is_the_longer_one_cut_off():
    some = town(300)
    june = dt.date(2005, 6, 30)
    long = simulate_year(some, officers(some), STARTS, QUARTER_END, ZONE, "one")
    short = simulate_year(some, officers(some), STARTS, june, ZONE, "one")
    assert short.attempts == tuple(a for a in long.attempts if a.at.date() <= june)
    assert short.milestones == tuple(m for m in long.milestones if m.on <= june)


def test_a_campaign_without_households_has_no_facts():
    nothing = simulate_year([], {}, STARTS, YEAR_END, ZONE, "none")
    assert nothing.attempts == nothing.milestones == ()
