"""Who is not to be contacted, by what, and when."""

import datetime as dt
from dataclasses import replace

import pytest

from outreach.domain.suppression import Suppression, suppressed

DAY = dt.date(2005, 3, 10)
NOON = dt.datetime(2005, 3, 1, 12, tzinfo=dt.UTC)
WISH = Suppression("1", "H001", 2, "sms", dt.date(2005, 3, 1), dt.date(2005, 3, 31), "asked", NOON)


def test_a_persons_wish_holds_for_that_person_and_channel_alone() -> None:
    assert WISH.covers("H001", 2, "sms", DAY)
    assert not WISH.covers("H001", 1, "sms", DAY)
    assert not WISH.covers("H002", 2, "sms", DAY)
    assert not WISH.covers("H001", 2, "letter", DAY)


def test_a_households_wish_holds_for_everybody_in_it() -> None:
    whole = replace(WISH, person=0)
    assert whole.covers("H001", 1, "sms", DAY)
    assert whole.covers("H001", 0, "sms", DAY)


def test_one_persons_wish_does_not_stop_a_material_for_the_household() -> None:
    assert not replace(WISH, channel="").covers("H001", 0, "letter", DAY)


def test_a_wish_without_a_channel_holds_for_every_channel() -> None:
    assert replace(WISH, channel="").covers("H001", 2, "visit", DAY)


@pytest.mark.parametrize(
    ("day", "held"), [((2005, 2, 28), False), ((2005, 3, 1), True), ((2005, 3, 31), True), ((2005, 4, 1), False)]
)
def test_a_wish_holds_from_its_first_day_to_its_last(day: tuple[int, int, int], held: bool) -> None:
    assert WISH.covers("H001", 2, "sms", dt.date(*day)) is held


def test_a_wish_without_an_end_holds_for_good_until_it_is_lifted() -> None:
    forever = replace(WISH, until=None)
    assert forever.covers("H001", 2, "sms", dt.date(2099, 1, 1))
    assert not replace(forever, lifted=NOON).covers("H001", 2, "sms", DAY)


def test_the_wish_that_forbids_is_found_among_many() -> None:
    others = [replace(WISH, id="0", household="H009"), WISH]
    assert suppressed(others, "H001", 2, "sms", DAY) is WISH
    assert suppressed(others, "H001", 1, "sms", DAY) is None
