"""The slot chosen: the best mean, and the three rules that may choose against it."""

import datetime as dt
import random

import pytest

from outreach.domain.people import Difficulty
from outreach.planning.slots import (
    ENOUGH,
    LITTLE_KNOWN,
    UNTRIED,
    Option,
    Options,
    Pick,
    choices,
    little_known,
    pick,
)
from outreach.planning.tries import Column, DayClass, Kind, Prior, Tallies, Try, learn, tally, time_of

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


def plainly(rates, kind, own, last, options, few=()):
    """The rules of the page above, said without any shortcut."""
    possible = [one for one in options if one.slot != last] or list(options)
    chances = {one.slot: rates.home_mean(kind, one.slot, own.get(time_of(one.slot), (0, 0))) for one in possible}

    def rank(one):
        return -chances[one.slot], rates.cell(kind, one.slot).tries, one.day, one.slot[1]

    best = min(possible, key=rank)
    untried = {time_of(one.slot) for one in possible} - set(own)
    for rule, wanted in ((LITTLE_KNOWN, few), (UNTRIED, untried)):
        if time_of(best.slot) in wanted:
            break
        no_worse = [
            one for one in possible if time_of(one.slot) in wanted and rates.upper(kind, one.slot) >= chances[best.slot]
        ]
        if no_worse:
            chosen = min(no_worse, key=rank)
            return Pick(chosen, chances[chosen.slot], rule)
    return Pick(best, chances[best.slot], 0)


@pytest.mark.parametrize("noon", [0, 12, 400])
def test_choices_ranked_once_choose_for_every_household_what_the_rules_say(noon):
    source = random.Random(noon)
    found = rates(noon=noon)
    options = [slot(offset, band) for offset in range(5) for band in range(3)]
    times = sorted({time_of(one.slot) for one in options})
    once = choices(found, KIND, Options(tuple(options)))
    rules = set()
    for _turn in range(300):
        own = {time: (source.randrange(1, 6), 0) for time in source.sample(times, source.randrange(4))}
        own = {time: (tries, source.randrange(tries + 1)) for time, (tries, _none) in own.items()}
        last = source.choice([None, *(one.slot for one in options)])
        few = frozenset(source.sample(times, source.randrange(3)))
        picked = once.pick(own, last, few)
        assert picked == plainly(found, KIND, own, last, options, few) == pick(found, KIND, own, last, options, few)
        rules.add(picked.rule)
    assert 0 in rules
    assert noon == 400 or rules & {LITTLE_KNOWN, UNTRIED}
