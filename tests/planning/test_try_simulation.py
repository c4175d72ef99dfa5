"""The simulated gain: fair to every policy, repeatable, and in favour of those who learn."""

import datetime as dt
from functools import lru_cache

import pytest

from outreach.domain.people import Difficulty
from outreach.planning.holidays import work_calendar
from outreach.planning.returns import home_from, return_windows
from outreach.planning.simulate import door_share
from outreach.planning.tries import Band, Column, DayClass, Kind, Prior
from outreach.planning.try_simulation import POLICIES, Scene, chance, part_of_day, play

BANDS = (Band(480, 720), Band(720, 840), Band(840, 1080), Band(1080, 1290))
LEVELS = tuple(Difficulty)
CALENDAR = work_calendar()
WINDOWS = return_windows(CALENDAR, [2005])


def scene(tries=1600):
    homes = {
        f"H{number:04d}": Kind(LEVELS[number % 3], migrant=number % 20 < 9, works=number % 20 > 14)
        for number in range(800)
    }
    days = dt.date(2005, 1, 4), dt.date(2005, 12, 31)
    return Scene(*days, CALENDAR, WINDOWS, BANDS, homes, Prior(), tries)


@lru_cache
def played(policy, seed=1):
    return play(scene(), policy, seed)


def test_the_windows_are_the_travel_season_may_day_and_national_day() -> None:
    assert [(one.name, one.first.isoformat(), one.last.isoformat()) for one in WINDOWS] == [
        ("spring", "2005-01-25", "2005-03-05"),
        ("may", "2005-05-01", "2005-05-07"),
        ("national", "2005-10-01", "2005-10-07"),
    ]
    assert home_from(WINDOWS, dt.date(2005, 3, 5)) == dt.date(2005, 3, 5)
    assert home_from(WINDOWS, dt.date(2005, 3, 6)) == dt.date(2005, 5, 1)
    assert home_from(WINDOWS, dt.date(2005, 10, 8)) is None


def test_windows_of_a_year_without_a_notice_are_provisional() -> None:
    last = max(CALENDAR.provisional)
    assert all(one.provisional for one in return_windows(CALENDAR, [last]))
    assert [one.name for one in return_windows(CALENDAR, [last], ("may",))] == ["may"]


def test_chances_are_those_of_the_played_year_where_it_has_them() -> None:
    usual = Kind(Difficulty.NORMAL, migrant=False, works=True)
    away = Kind(Difficulty.NORMAL, migrant=True, works=False)
    assert door_share(evening=False, migrant=False) == pytest.approx(0.29)
    assert door_share(evening=True, migrant=False) == pytest.approx(0.77)
    assert chance(usual, Column.TUE, "evening", home=False) == pytest.approx(0.77)
    assert chance(usual, Column.TUE, "morning", home=False) == pytest.approx(0.29 * 0.6)
    assert chance(away, Column.TUE, "evening", home=False) == pytest.approx(door_share(evening=True, migrant=True))
    assert chance(away, Column.TUE, "evening", home=True) == pytest.approx(0.77 * 0.9)
    assert [part_of_day(band) for band in BANDS] == ["morning", "noon", "afternoon", "evening"]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_seed_plays_the_same_and_another_one_does_not(policy) -> None:
    again = play(scene(), policy, 1)
    assert again == played(policy)
    assert play(scene(), policy, 2).found != again.found


def test_no_policy_makes_more_tries_than_another_is_given() -> None:
    assert played("office").tries == 1600
    for policy in POLICIES:
        found = played(policy)
        assert found.tries <= 1600
        assert sum(found.hours.values()) == found.tries
        assert list(found.found) == sorted(found.found)


def test_fixed_policies_keep_their_hours() -> None:
    for column, band in played("office").hours:
        assert column.day_class is DayClass.WORKDAY
        assert band in (0, 2)
    assert {(column, band) for column, band in played("evening").hours} == {
        (column, 3) for column in (Column.MON, Column.TUE, Column.WED, Column.THU)
    }


def test_evenings_beat_office_hours_and_what_is_learnt_finds_the_most() -> None:
    for seed in (1, 2, 3):
        office, evening, learnt = (played(policy, seed).found for policy in ("office", "evening", "learnt"))
        assert evening[-1] > 1.4 * office[-1]
        assert learnt[-1] > evening[-1]
        assert played("learnt", seed).tries < 1600


def test_learning_costs_tries_before_it_pays() -> None:
    """Against officers who already know that evenings and holidays are best, what is learnt wins only in the end."""
    knowing, learning = played("evening_home").found, played("learnt").found
    assert learning[0] <= knowing[0]
    assert learning[-1] > knowing[-1]
