"""Chances learnt from tries: by hand, recovered from a town whose rates are known, and shrunk where tries are few."""

import datetime as dt
import random

import pytest

from outreach.domain.people import Difficulty
from outreach.planning.holidays import work_calendar
from outreach.planning.tries import (
    USUAL_STRENGTH,
    Band,
    Column,
    DayClass,
    Kind,
    Prior,
    Strengths,
    Tallies,
    Try,
    band_of,
    column_of,
    learn,
    tally,
)

AT_HOME = Kind(Difficulty.EASY, migrant=False, works=False)
WORKS = Kind(Difficulty.EASY, migrant=False, works=True)
HARD = Kind(Difficulty.HARD, migrant=False, works=False)
MORNING, EVENING = 0, 1
PRIOR = Prior(2.0, 0.5)


def tries(kind, slot, contacts, count, name="H"):
    return [Try(f"{name}{number}", kind, slot, number < contacts) for number in range(count)]


def test_days_fall_into_columns_by_the_published_calendar() -> None:
    calendar = work_calendar()
    assert column_of(dt.date(2005, 4, 20), calendar) is Column.WED
    assert column_of(dt.date(2005, 4, 23), calendar) is Column.SAT
    assert column_of(dt.date(2005, 5, 3), calendar) is Column.HOLIDAY
    assert column_of(dt.date(2005, 5, 8), calendar) is Column.MAKE_UP
    assert Column.MAKE_UP.day_class is DayClass.WORKDAY
    # Years nobody knows the holidays of have weekdays only.
    assert column_of(dt.date(1990, 10, 1), calendar) is Column.MON


def test_a_band_holds_its_first_minute_and_not_its_last() -> None:
    bands = (Band(480, 720), Band(720, 840))
    assert [band_of(minute, bands) for minute in (479, 480, 719, 720, 839, 840)] == [None, 0, 0, 1, 1, None]
    assert str(bands[0]) == "08:00-12:00"


def test_without_a_try_everything_is_the_prior() -> None:
    rates = learn(Tallies(), Prior(4.0, 0.3))
    assert rates.overall.mean == pytest.approx(0.3)
    assert rates.cell(WORKS, (Column.SAT, EVENING)).mean == pytest.approx(0.3)
    low, high = rates.cell(WORKS, (Column.SAT, EVENING)).interval()
    assert low < 0.1
    assert high > 0.6


def test_the_posterior_is_that_of_a_calculation_by_hand() -> None:
    """One kind, Tuesday and Wednesday evening: 6 of 8 and 1 of 4; all strengths 10; prior Beta(1, 1).

    Whole: (1 + 7) / (2 + 12) = 4/7, worth 14 tries. The kind without its evenings has no tries, nor have evenings
    without the kind: both stay at 4/7, drawn by 1 / (1/10 + 1/14) = 35/6 tries each. Joined they are 4/7, worth half of
    that, 35/12. Evenings without Wednesday: drawn by 1 / (1/10 + 12/35) = 70/31, plus 6 of 8.
    """
    found = tally([*tries(AT_HOME, (Column.TUE, EVENING), 6, 8), *tries(AT_HOME, (Column.WED, EVENING), 1, 4, "J")])
    rates = learn(found, PRIOR, Strengths())
    assert rates.overall.mean == pytest.approx(4 / 7)
    assert rates.joined(AT_HOME, (DayClass.WORKDAY, EVENING)).mean == pytest.approx(4 / 7)
    assert rates.joined(AT_HOME, (DayClass.WORKDAY, EVENING)).weight == pytest.approx(35 / 12)
    drawn = 70 / 31
    pair, weight = (drawn * 4 / 7 + 6) / (drawn + 8), drawn + 8
    assert rates.pair(AT_HOME, (DayClass.WORKDAY, EVENING), without=Column.WED).mean == pytest.approx(pair)
    drawn = 1 / (1 / 10 + 1 / weight)
    cell = rates.cell(AT_HOME, (Column.WED, EVENING))
    assert (cell.tries, cell.contacts) == (4, 1)
    assert cell.alpha == pytest.approx(drawn * pair + 1)
    assert cell.beta == pytest.approx(drawn * (1 - pair) + 3)
    # The household itself failed twice then.
    home = 1 / (1 / 10 + 1 / (cell.alpha + cell.beta))
    assert rates.home_mean(AT_HOME, (Column.WED, EVENING), (2, 0)) == pytest.approx(home * cell.mean / (home + 2))


def test_few_tries_lean_on_the_others_and_many_stand_for_themselves() -> None:
    rest = tries(AT_HOME, (Column.MON, EVENING), 350, 500)
    few = learn(tally([*rest, *tries(AT_HOME, (Column.FRI, EVENING), 0, 2, "F")]), PRIOR, Strengths())
    many = learn(tally([*rest, *tries(AT_HOME, (Column.FRI, EVENING), 0, 400, "F")]), PRIOR, Strengths())
    assert few.cell(AT_HOME, (Column.FRI, EVENING)).mean > 0.5
    assert many.cell(AT_HOME, (Column.FRI, EVENING)).mean < 0.05


def test_a_kind_never_tried_at_a_time_is_told_by_kind_and_time() -> None:
    found = tally(
        [
            *tries(AT_HOME, (Column.MON, MORNING), 100, 200),
            *tries(AT_HOME, (Column.MON, EVENING), 160, 200, "E"),
            *tries(WORKS, (Column.MON, MORNING), 20, 200, "W"),
        ]
    )
    rates = learn(found, PRIOR, Strengths())
    guessed = rates.cell(WORKS, (Column.TUE, EVENING)).mean
    assert rates.cell(WORKS, (Column.TUE, MORNING)).mean < guessed < rates.cell(AT_HOME, (Column.TUE, EVENING)).mean


def test_hours_nobody_tried_are_told_with_a_wide_interval() -> None:
    rates = learn(tally(tries(AT_HOME, (Column.MON, EVENING), 700, 1000)), PRIOR)
    low, high = rates.cell(AT_HOME, (Column.MON, EVENING)).interval()
    assert high - low < 0.06
    low, high = rates.cell(AT_HOME, (Column.SUN, MORNING)).interval()
    assert high - low > 0.3


def test_a_household_not_found_twice_is_less_likely_found_then() -> None:
    rates = learn(tally(tries(AT_HOME, (Column.MON, EVENING), 60, 100)), PRIOR, Strengths())
    slot = (Column.MON, EVENING)
    chances = [rates.home_mean(AT_HOME, slot, (count, 0)) for count in range(4)]
    assert chances == sorted(chances, reverse=True)
    assert rates.home_mean(AT_HOME, slot, (2, 2)) > chances[0]


TRUE = {
    (kind, day_class, band): chance
    for kind, times in {
        AT_HOME: {DayClass.WORKDAY: (0.45, 0.75), DayClass.WEEKEND: (0.5, 0.7)},
        WORKS: {DayClass.WORKDAY: (0.10, 0.70), DayClass.WEEKEND: (0.45, 0.65)},
        HARD: {DayClass.WORKDAY: (0.30, 0.55), DayClass.WEEKEND: (0.35, 0.5)},
    }.items()
    for day_class, chances in times.items()
    for band, chance in enumerate(chances)
}
DAYS = (Column.MON, Column.TUE, Column.WED, Column.THU, Column.FRI, Column.SAT, Column.SUN)


def invented(seed, count):
    """Tries of households with the true chances above, on every day of the week."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        kind, column, band = chance.choice((AT_HOME, WORKS, HARD)), chance.choice(DAYS), chance.choice((0, 1))
        made.append(Try(f"H{number}", kind, (column, band), chance.random() < TRUE[kind, column.day_class, band]))
    return tally(made)


@pytest.fixture(scope="module")
def learnt():
    return [learn(invented(seed, 4200), PRIOR) for seed in range(10)]


def test_known_rates_are_recovered(learnt) -> None:
    for rates in learnt:
        for (kind, day_class, band), chance in TRUE.items():
            for column in DAYS:
                if column.day_class is day_class:
                    assert rates.cell(kind, (column, band)).mean == pytest.approx(chance, abs=0.12)


def test_intervals_of_nine_in_ten_hold_the_truth_about_so_often(learnt) -> None:
    held = []
    for rates in learnt:
        for (kind, day_class, band), chance in TRUE.items():
            for column in DAYS:
                if column.day_class is day_class:
                    low, high = rates.cell(kind, (column, band)).interval()
                    held.append(low <= chance <= high)
    assert len(held) == 420
    assert 0.8 < sum(held) / len(held) <= 1


def test_shrunk_estimates_are_nearer_the_truth_than_plain_shares(learnt) -> None:
    shrunk = plain = 0.0
    for rates in learnt:
        for (kind, slot), (count, contacts) in rates.tallies.cells.items():
            true = TRUE[kind, slot[0].day_class, slot[1]]
            shrunk += (rates.cell(kind, slot).mean - true) ** 2
            plain += (contacts / count - true) ** 2
    assert shrunk < plain / 2


def test_strengths_tell_alike_weekdays_from_unlike_kinds(learnt) -> None:
    for rates in learnt:
        assert rates.strengths.cell >= 50
        assert rates.strengths.time <= 30


def test_households_with_habits_of_their_own_have_a_weak_prior() -> None:
    """Half of the households always open in the evening, half never: their own record is nearly everything."""
    slot = (Column.MON, EVENING)
    made = [Try(f"H{number}", AT_HOME, slot, number % 2 == 0) for number in range(300) for _turn in range(3)]
    alike = [Try(f"H{number}", AT_HOME, slot, turn != 1) for number in range(300) for turn in range(3)]
    assert learn(tally(made), PRIOR).strengths.home == 1
    assert learn(tally(alike), PRIOR).strengths.home == 200


def test_with_too_few_groups_strengths_are_the_usual() -> None:
    rates = learn(tally(tries(AT_HOME, (Column.MON, EVENING), 1, 2)), PRIOR)
    assert rates.strengths.kind == rates.strengths.pair == rates.strengths.cell == USUAL_STRENGTH
