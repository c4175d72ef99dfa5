"""Caps, cooling-off, the order of channels: who is tried next, and who is left alone until when."""

import datetime as dt
import random
from itertools import pairwise

import pytest

from outreach.domain.contact import Disposition
from outreach.planning.ladder import PERSONAL, Held, Ladder, Next, Past, Record, Step, Why, counted, next_try

DAY = dt.date(2005, 4, 20)
LADDER = Ladder(
    steps=(Step("visit", 3), Step("call", 2), Step("letter", 1)),
    total=5,
    cooling=3,
    cooling_met=7,
    cooling_refused=60,
    refusals=2,
)


def past(*tries):
    """(days ago, channel, outcome), the oldest first."""
    return [Past(channel, DAY - dt.timedelta(days=ago), outcome) for ago, channel, outcome in tries]


def record(*tries, registered=False, phones=1, suppressed=(), home_from=DAY, persons=2):
    return Record(past(*tries), registered, phones, frozenset(suppressed), home_from, persons)


def test_a_household_nobody_tried_is_visited() -> None:
    assert next_try(LADDER, record(), DAY) == Next("visit", 0, "")


@pytest.mark.parametrize(
    ("outcome", "days"),
    [
        (Disposition.NOBODY_HOME, 3),
        (Disposition.RELATIVE_TOLD, 7),
        (Disposition.REFUSED, 60),
        (Disposition.APPOINTMENT, 1),
        (Disposition.LEFT_AT_DOOR, 3),
    ],
)
def test_the_rest_after_a_try_is_as_long_as_its_outcome_asks(outcome, days) -> None:
    early = record((days - 1, "visit", outcome))
    assert next_try(LADDER, early, DAY) == Held(Why.COOLING, DAY + dt.timedelta(days=1))
    assert next_try(LADDER, record((days, "visit", outcome)), DAY) == Next("visit", 1, "")


def test_visits_give_way_to_calls_and_calls_to_a_letter() -> None:
    visits = [
        (40, "visit", Disposition.NOBODY_HOME),
        (30, "visit", Disposition.NOBODY_HOME),
        (20, "visit", Disposition.NO_ENTRY),
    ]
    calls = [(10, "call", Disposition.NO_ANSWER), (5, "call", Disposition.NO_ANSWER)]
    assert next_try(LADDER, record(*visits[:2]), DAY) == Next("visit", 2, "")
    assert next_try(LADDER, record(*visits), DAY) == Next("call", 0, "visit")
    assert next_try(LADDER, record(*visits, calls[0]), DAY) == Next("call", 1, "visit")
    # Five tries in person are the most there are; without that cap the letter's turn has come.
    assert next_try(LADDER, record(*visits, *calls), DAY) == Held(Why.CAP)
    patient = Ladder(LADDER.steps, 9, 3, 7, 60, 2)
    assert next_try(patient, record(*visits, *calls), DAY) == Next("letter", 0, "call")
    assert next_try(patient, record(*visits, *calls, (1, "letter", Disposition.SENT)), DAY) == Held(Why.CAP)


def test_who_has_no_phone_or_a_wrong_number_is_written_to() -> None:
    visits = [
        (40, "visit", Disposition.NOBODY_HOME),
        (30, "visit", Disposition.NOBODY_HOME),
        (20, "visit", Disposition.NO_ENTRY),
    ]
    assert next_try(LADDER, record(*visits, phones=0), DAY) == Next("letter", 0, "visit")
    assert next_try(LADDER, record(*visits, (9, "call", Disposition.WRONG_NUMBER)), DAY) == Next("letter", 0, "visit")


def test_the_letters_everybody_got_first_do_not_count() -> None:
    tries = past(
        (90, "letter", Disposition.SENT), (80, "visit", Disposition.NOBODY_HOME), (50, "letter", Disposition.SENT)
    )
    assert counted(tries, "letter") == 1
    assert counted(tries[:1], "letter") == 0


def test_who_works_away_is_called_until_the_holidays_and_then_visited() -> None:
    back = dt.date(2005, 5, 1)
    assert next_try(LADDER, record(home_from=back), DAY) == Next("call", 0, "")
    calls = [(20, "call", Disposition.NO_ANSWER), (10, "call", Disposition.NO_ANSWER)]
    assert next_try(LADDER, record(*calls, home_from=back), DAY) == Held(Why.AWAY, back)
    assert next_try(LADDER, record(*calls, home_from=back), back) == Next("visit", 0, "")
    assert next_try(LADDER, record(phones=0, home_from=None), DAY) == Held(Why.AWAY, None)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (record((9, "visit", Disposition.INFORMED)), Why.REACHED),
        (record((9, "booth", Disposition.CARD_HANDED)), Why.REACHED),
        (record((9, "visit", Disposition.NOBODY_HOME), registered=True), Why.REGISTERED),
        (record((9, "visit", Disposition.MOVED)), Why.GONE),
        (record((9, "call", Disposition.NOT_ELIGIBLE)), Why.GONE),
        (record((9, "visit", Disposition.MOVED), (5, "sms", Disposition.SENT)), Why.GONE),
        (record(suppressed=("",)), Why.SUPPRESSED),
        (record((300, "visit", Disposition.REFUSED), (100, "visit", Disposition.REFUSED)), Why.REFUSED),
    ],
)
def test_some_are_never_tried_again(found, why) -> None:
    assert next_try(LADDER, found, DAY) == Held(why)


def test_a_wish_off_one_channel_leaves_the_others() -> None:
    assert next_try(LADDER, record(suppressed=("visit",)), DAY) == Next("call", 0, "")
    all_three = record(suppressed=("visit", "call", "letter"))
    assert next_try(LADDER, all_three, DAY) == Held(Why.SUPPRESSED)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_caps_and_rests_hold(seed) -> None:
    """A year of doing what the rules say every day, with outcomes drawn by lot."""
    chance = random.Random(seed)
    outcomes = [Disposition.NOBODY_HOME, Disposition.NO_ANSWER, Disposition.RELATIVE_TOLD, Disposition.REFUSED]
    tries: list[Past] = []
    for offset in range(365):
        day = DAY + dt.timedelta(days=offset)
        found = next_try(LADDER, Record(tries, False, seed % 2, frozenset(), day, 2), day)
        if isinstance(found, Next):
            assert found.made == sum(one.channel == found.channel for one in tries)
            tries.append(Past(found.channel, day, chance.choice(outcomes)))
    in_person = [one for one in tries if one.channel in PERSONAL]
    assert len(in_person) <= LADDER.total
    assert all(sum(one.channel == step.channel for one in tries) <= step.most for step in LADDER.steps)
    assert sum(one.disposition is Disposition.REFUSED for one in tries) <= LADDER.refusals
    for one, two in pairwise(in_person):
        rest = {Disposition.REFUSED: 60, Disposition.RELATIVE_TOLD: 7}.get(one.disposition, 3)
        assert (two.day - one.day).days >= rest


def of(*tries, persons=2, phones=2):
    """(days ago, channel, outcome, person), the oldest first."""
    made = [Past(channel, DAY - dt.timedelta(days=ago), outcome, person) for ago, channel, outcome, person in tries]
    return next_try(LADDER, Record(made, False, phones, frozenset(), DAY, persons), DAY)


def test_a_household_is_gone_when_it_was_said_of_all_of_it_or_of_each_person() -> None:
    moved, dead, home = Disposition.MOVED, Disposition.DIED, Disposition.NOBODY_HOME
    assert of((9, "visit", moved, 0)) == Held(Why.GONE)
    assert of((9, "visit", moved, 1)) == Next("visit", 1, "")
    assert of((9, "visit", moved, 1), persons=1) == Held(Why.GONE)
    assert of((19, "visit", moved, 1), (14, "visit", home, 0), (9, "visit", moved, 2)) == Held(Why.GONE)
    assert of((19, "visit", moved, 1), (9, "visit", moved, 1)) == Next("visit", 2, "")
    assert of((9, "visit", dead, 1)) == Next("visit", 1, "")
    assert of((9, "visit", dead, 0)) == Next("visit", 1, "")
    assert of((9, "visit", dead, 0), persons=1) == Held(Why.GONE)
    assert of((19, "visit", moved, 1), (9, "visit", dead, 2)) == Held(Why.GONE)


def test_calls_end_when_the_numbers_of_all_who_have_one_are_dead() -> None:
    visits = [(40, "visit", Disposition.NOBODY_HOME, 0)] * 3
    dead = Disposition.OUT_OF_SERVICE
    assert of(*visits, (9, "call", dead, 1)) == Next("call", 1, "visit")
    assert of(*visits, (9, "call", dead, 1), phones=1) == Next("letter", 0, "visit")
    assert of(*visits, (9, "call", dead, 0)) == Next("letter", 0, "visit")
