"""The slot chosen: the best mean, and the three rules that may choose against it."""

import datetime as dt

from outreach.domain.people import Difficulty
from outreach.planning.slots import ENOUGH, LITTLE_KNOWN, UNTRIED, Option, little_known, pick
from outreach.planning.tries import Column, DayClass, Kind, Prior, Tallies, Try, learn, tally

KIND = Kind(Difficulty.NORMAL, migrant=False, works=True)
PRIOR = Prior(2.0, 0.5)
MONDAY = dt.date(2005, 4, 18)
MORNING, NOON, EVENING = 0, 1, 2
WORKDAY_EVENING, WORKDAY_MORNING = (DayClass.WORKDAY, EVENING), (DayClass.WORKDAY, MORNING)


def slot(offset, band):
    return Option(MONDAY + dt.timedelta(days=offset), (tuple(Column)[offset], band))


def many(band, contacts, count, name):
    """Tries on all five working days."""
    return [
        Try(f"{name}{number}", KIND, (tuple(Column)[number % 5], band), number * contacts % count < contacts)
        for number in range(count)
    ]


def rates(*, noon=0):
    made = [*many(MORNING, 40, 400, "M"), *many(EVENING, 300, 400, "E"), *many(NOON, noon * 3 // 10, noon, "N")]
    return learn(tally(made), PRIOR)


def test_the_best_mean_wins_and_the_earliest_day_of_equals() -> None:
    options = [slot(1, MORNING), slot(1, EVENING)]
    found = pick(rates(noon=50), KIND, {}, None, options)
    assert found is not None
    assert (found.option, found.rule) == (slot(1, EVENING), 0)
    assert 0.7 < found.chance < 0.8
    unknown = learn(Tallies(), PRIOR)
    assert pick(unknown, KIND, {}, None, [slot(3, MORNING), slot(2, EVENING)]).option == slot(2, EVENING)


def test_the_same_weekday_and_band_never_come_twice_running_while_there_is_another() -> None:
    last = (Column.TUE, EVENING)
    assert pick(rates(noon=50), KIND, {}, last, [slot(1, EVENING), slot(2, EVENING)]).option == slot(2, EVENING)
    assert pick(rates(noon=50), KIND, {}, last, [slot(1, EVENING)]).option == slot(1, EVENING)


def test_hours_too_little_is_known_of_go_first_where_they_may_be_as_good() -> None:
    learnt, options = rates(), [slot(0, MORNING), slot(0, NOON), slot(0, EVENING)]
    few = little_known(learnt, {}, options)
    assert few == {(DayClass.WORKDAY, NOON)}
    found = pick(learnt, KIND, {}, None, options, few)
    assert (found.option, found.rule) == (slot(0, NOON), LITTLE_KNOWN)
    # Enough of them planned already, or none asked for: the best mean again.
    assert little_known(learnt, {(DayClass.WORKDAY, NOON): ENOUGH}, options) == frozenset()
    assert pick(learnt, KIND, {}, None, options).option == slot(0, EVENING)


def test_untried_hours_go_before_tried_ones_only_while_they_may_be_as_good() -> None:
    options = [slot(0, MORNING), slot(0, EVENING), slot(5, EVENING)]
    own = {WORKDAY_EVENING: (2, 0)}
    found = pick(rates(noon=50), KIND, own, None, options)
    assert (found.option, found.rule) == (slot(5, EVENING), UNTRIED)
    # Of mornings enough is known: they are worse, tried by this household or not.
    assert pick(rates(noon=50), KIND, own, None, options[:2]).option == slot(0, EVENING)


def test_the_choice_is_the_same_every_time() -> None:
    options = [slot(day, band) for day in range(5) for band in (EVENING, MORNING, NOON)]
    found = {repr(pick(rates(), KIND, {WORKDAY_MORNING: (1, 0)}, (Column.MON, MORNING), options)) for _turn in range(5)}
    assert len(found) == 1


def test_without_an_option_nothing_is_chosen() -> None:
    assert pick(rates(), KIND, {}, None, []) is None
