"""Flights unfold into placements, staff take turns, and clashes are found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.campaign import Flight, Slot, clashes

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = Slot(dt.time(8), dt.time(12))
AFTERNOON = Slot(dt.time(12), dt.time(17))
BOOTH = Flight(
    id="booth-a",
    channel="booth",
    starts=dt.date(2005, 5, 1),  # a Sunday
    ends=dt.date(2005, 5, 3),
    slots=(MORNING, AFTERNOON),
    place={"zh": "长途汽车站", "en": "bus station"},
    heads=2,
    staff=("G01", "G02", "G03"),
)
ELSEWHERE = {"zh": "市内汽车站", "en": "city station"}


def test_a_flight_runs_on_its_weekdays_in_each_slot() -> None:
    flight = Flight(
        id="crawl",
        channel="crawl",
        starts=dt.date(2005, 5, 1),
        ends=dt.date(2005, 5, 14),
        weekdays=frozenset({0, 4}),
        slots=(Slot(dt.time(7, 30)), Slot(dt.time(19, 35))),
        duration=dt.timedelta(seconds=30),
    )
    found = flight.placements(ZONE)
    assert [f"{p.starts:%m-%d %H:%M}" for p in found] == [
        "05-02 07:30", "05-02 19:35", "05-06 07:30", "05-06 19:35",
        "05-09 07:30", "05-09 19:35", "05-13 07:30", "05-13 19:35",
    ]  # fmt: skip
    assert {p.ends - p.starts for p in found} == {dt.timedelta(seconds=30)}
    assert found[0].starts.utcoffset() == dt.timedelta(hours=8)
    assert not any(p.whole_days for p in found)


def test_a_slot_with_an_end_ignores_the_usual_duration() -> None:
    (first, *_rest) = BOOTH.placements(ZONE)
    assert first.ends - first.starts == dt.timedelta(hours=4)


def test_a_flight_without_slots_is_one_placement_of_whole_days() -> None:
    flight = replace(BOOTH, slots=(), heads=0, staff=())
    (only,) = flight.placements(ZONE)
    assert only.whole_days
    assert only.starts == dt.datetime(2005, 5, 1, tzinfo=ZONE)
    assert only.ends == dt.datetime(2005, 5, 4, tzinfo=ZONE)


def test_a_flight_of_one_day_has_that_day() -> None:
    assert len(replace(BOOTH, ends=BOOTH.starts).placements(ZONE)) == 2


def test_staff_are_taken_in_turn_round_and_round() -> None:
    assert [p.staff for p in BOOTH.placements(ZONE)] == [
        ("G01", "G02"), ("G03", "G01"), ("G02", "G03"), ("G01", "G02"), ("G03", "G01"), ("G02", "G03"),
    ]  # fmt: skip


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 20))
def test_turns_are_shared_within_one_shift(heads: int, posts: int, more_days: int) -> None:
    heads = min(heads, posts)
    flight = replace(
        BOOTH,
        heads=heads,
        staff=tuple(f"G{n}" for n in range(posts)),
        ends=BOOTH.starts + dt.timedelta(days=more_days),
    )
    found = flight.placements(ZONE)
    turns = [post for p in found for post in p.staff]
    counts = [turns.count(post) for post in flight.staff]
    assert max(counts) - min(counts) <= 1
    assert all(len(set(p.staff)) == heads for p in found)


def test_each_placement_has_a_key_of_its_own() -> None:
    keys = [p.key for p in BOOTH.placements(ZONE)]
    assert keys[0] == "booth-a-20050501-1"
    assert len(set(keys)) == len(keys)


def test_shifts_back_to_back_do_not_clash() -> None:
    assert clashes([BOOTH], ZONE) == []
    morning = replace(BOOTH, slots=(MORNING,))
    afternoon = replace(BOOTH, id="booth-b", slots=(AFTERNOON,))
    assert clashes([morning, afternoon], ZONE) == []
    assert clashes([afternoon, morning], ZONE) == []


def test_two_flights_at_one_place_and_time_clash_once_at_their_first_meeting() -> None:
    other = replace(BOOTH, id="booth-b", starts=dt.date(2005, 5, 2), staff=("G08", "G09"))
    (found,) = clashes([BOOTH, other], ZONE)
    assert (found.what, found.who) == ("place", "长途汽车站")
    assert (found.first.flight, found.second.flight) == ("booth-a", "booth-b")
    assert found.second.starts == dt.datetime(2005, 5, 2, 8, tzinfo=ZONE)


def test_one_post_in_two_places_at_a_time_clashes() -> None:
    other = replace(BOOTH, id="booth-b", place=ELSEWHERE, staff=("G09", "G01"))
    (found,) = clashes([BOOTH, other], ZONE)
    assert (found.what, found.who) == ("staff", "G01")


def test_a_wrong_place_and_a_wrong_post_are_two_clashes() -> None:
    assert {found.what for found in clashes([BOOTH, replace(BOOTH, id="booth-b")], ZONE)} == {"place", "staff"}


def test_shifts_of_one_flight_that_overlap_clash_with_each_other() -> None:
    flight = replace(BOOTH, slots=(MORNING, Slot(dt.time(11), dt.time(15))))
    assert {found.what for found in clashes([flight], ZONE)} == {"place", "staff"}


def test_booths_of_other_days_places_and_posts_do_not_clash() -> None:
    later = replace(BOOTH, id="booth-b", starts=dt.date(2005, 10, 1), ends=dt.date(2005, 10, 7))
    elsewhere = replace(BOOTH, id="booth-c", place=ELSEWHERE, staff=("G07", "G08"))
    assert clashes([BOOTH, later, elsewhere], ZONE) == []


def test_channels_without_staff_may_run_at_the_same_time_and_place() -> None:
    crawl = replace(BOOTH, id="crawl-a", channel="crawl", heads=0, staff=())
    assert clashes([crawl, replace(crawl, id="crawl-b")], ZONE) == []
