"""Insertions find their slots: none twice, limits kept, weeks even, and flights that unfold into the same days."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.campaign import Flight, Slot
from outreach.planning.flights_layout import OpenSlot, Outlet, crowding, lay_out, rooms, stretches

MONDAY = dt.date(2005, 3, 7)


def slots(days, times, weekdays=range(7), *, period=0, weight=1.0, start=MONDAY):
    found = set()
    for offset in range(days):
        day = start + dt.timedelta(days=offset)
        if day.weekday() in weekdays:
            found |= {OpenSlot(day, dt.time.fromisoformat(time), period, weight) for time in times}
    return frozenset(found)


def test_room_is_counted_under_the_days_and_weeks_limits():
    two_a_day = slots(14, ["19:35", "21:10"])
    assert rooms(Outlet((0,), (two_a_day,)), 1) == [(28,)]
    assert rooms(Outlet((0,), (two_a_day,), most_a_day=1), 1) == [(14,)]
    assert rooms(Outlet((0,), (two_a_day,), most_a_day=1, most_a_week=5), 1) == [(10,)]


def test_lines_of_one_slot_are_told_that_they_share_it():
    long, short = slots(7, ["19:35"]), slots(7, ["19:35", "21:10"])
    assert crowding(Outlet((4, 9), (long, short)), 1) == [(((4, 0), (9, 0)), 0, 14)]


@settings(max_examples=60)
@given(st.data())
def test_whatever_the_rules_allow_can_be_laid_out(data):
    hours = ["07:30", "12:10", "19:35", "21:10"]
    parts = tuple(
        slots(14, data.draw(st.lists(st.sampled_from(hours), min_size=1, unique=True)),
              data.draw(st.lists(st.integers(0, 6), min_size=1, unique=True)))
        for _line in range(data.draw(st.integers(1, 3)))
    )  # fmt: skip
    limits = (data.draw(st.sampled_from([None, 1, 2, 3])) for _limit in range(1))
    outlet = Outlet(tuple(range(len(parts))), parts, next(limits), data.draw(st.sampled_from([None, 2, 5, 9])))
    most = [room[0] for room in rooms(outlet, 1)]
    counts = [data.draw(st.integers(0, room)) for room in most]
    for members, _least, limit in crowding(outlet, 1):
        while sum(counts[line] for line, _period in members) > limit:
            counts[max((line for line, _period in members), key=lambda line: counts[line])] -= 1
    taken = lay_out(outlet, [(count,) for count in counts])
    assert list(map(len, taken)) == counts
    together = list(itertools.chain(*taken))
    assert len(set(together)) == len(together)
    assert all(set(mine) <= part for mine, part in zip(taken, parts, strict=True))
    days, weeks = Counter(slot.day for slot in together), Counter(slot.week for slot in together)
    assert outlet.most_a_day is None or max(days.values(), default=0) <= outlet.most_a_day
    assert outlet.most_a_week is None or max(weeks.values(), default=0) <= outlet.most_a_week


def test_more_than_fits_is_refused():
    with pytest.raises(ValueError, match="15"):
        lay_out(Outlet((0,), (slots(14, ["19:35"]),)), [(15,)])


def test_weeks_differ_by_one_at_most_and_days_come_before_second_slots():
    (taken,) = lay_out(Outlet((0,), (slots(28, ["19:35", "21:10"]),)), [(10,)])
    weeks = Counter(slot.week for slot in taken)
    assert sorted(weeks.values()) == [2, 2, 3, 3]
    assert max(Counter(slot.day for slot in taken).values()) == 1


def test_a_week_whose_days_are_wanted_more_gets_more():
    plain, feast = (
        slots(7, ["19:35", "21:10"]),
        slots(7, ["19:35", "21:10"], weight=3.0, start=MONDAY + dt.timedelta(7)),
    )
    (taken,) = lay_out(Outlet((0,), (plain | feast,)), [(8,)])
    weeks = Counter(slot.weight for slot in taken)
    assert weeks[3.0] == 6


@given(st.sets(st.tuples(st.integers(0, 40), st.sampled_from(["07:30", "19:35", "21:10"])), min_size=1))
def test_flights_unfold_into_exactly_the_slots_they_were_made_of(chosen):
    wanted = {OpenSlot(MONDAY + dt.timedelta(days=day), dt.time.fromisoformat(time), 0) for day, time in chosen}
    unfolded = []
    zone = ZoneInfo("Asia/Shanghai")
    for each in stretches(wanted):
        flight = Flight("f", "crawl", each.first, each.last, each.weekdays, tuple(Slot(time) for time in each.times))
        unfolded += [(one.starts.date(), one.starts.time()) for one in flight.placements(zone)]
    assert sorted(unfolded) == sorted((slot.day, slot.time) for slot in wanted)


def test_a_month_of_the_same_evening_is_one_flight():
    (one,) = stretches(slots(28, ["19:35"], [0, 2]))
    assert (one.first, one.last) == (MONDAY, MONDAY + dt.timedelta(days=23))
    assert one.weekdays == {0, 2}
