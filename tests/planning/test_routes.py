"""Day routes: who is visited when, in what order, and who is not."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.people import Address, Household
from outreach.domain.walk_list import LineReason
from outreach.planning.routes import DayRoute, Pace, door_order, is_street, plan_days, walking_order
from outreach.planning.walk_hours import HourSort, Window

ZONE = ZoneInfo("Asia/Shanghai")
PACE = Pace(metres_a_minute=60.0, between=3)
MONDAY = dt.date(2005, 6, 13)
BASE = (113.500, 30.900)


def home(code: str, building: str = "1", **more: Any) -> Household:
    """A household in 柳岸小区; lon, lat, works, compound, room and unit as given."""
    where = {name: more.pop(name, usual) for name, usual in (("compound", "柳岸小区"), ("unit", ""), ("room", ""))}
    floor = more.pop("floor", 0)
    return Household(
        code, Address("城东社区", where["compound"], building, "", where["unit"], floor, where["room"]), (), **more
    )


def evening(day: int = 0, sort: HourSort = HourSort.EVENING, start: int = 18, minutes: int = 120) -> Window:
    starts = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(start, 30), ZONE)
    return Window(starts, starts + dt.timedelta(minutes=minutes), sort, False)


def planned(homes: list[Household], windows: list[Window], **more: Any) -> tuple[list[DayRoute], list[Household]]:
    usual = {"most": 44, "most_a_week": 21, "base": BASE, "minutes": {one.code: 10 for one in homes}}
    options = usual | more
    return plan_days(homes, windows, options.pop("base"), PACE, options.pop("minutes"), **options)


def codes(route: DayRoute) -> list[str]:
    return [stop.household for stop in route.stops]


def test_a_street_is_walked_up_its_odd_side_and_down_its_even_side() -> None:
    homes = [home(f"H{number}", f"{number}号", compound="云鹤路") for number in (1, 2, 3, 4, 5, 6, 10, 11)]
    assert [one.code for one in door_order(homes)] == ["H1", "H3", "H5", "H11", "H10", "H6", "H4", "H2"]


def test_a_street_whose_number_stands_in_the_room_is_one_too() -> None:
    homes = [home(f"H{number}", "", compound="Mill Lane", room=f"{number}-2号") for number in (2, 1, 4, 3)]
    assert [one.code for one in door_order(homes)] == ["H1", "H3", "H4", "H2"]


@pytest.mark.parametrize(
    ("name", "street"),
    [
        ("云鹤路", True),
        ("人民大街", True),
        ("Mill Street", True),
        ("Station Rd.", True),
        ("柳岸小区", False),
        ("路口花园", False),
    ],
)
def test_streets_are_told_from_compounds_by_their_names(name: str, street: bool) -> None:
    assert is_street(name) is street


def test_inside_a_building_doors_follow_unit_floor_and_room() -> None:
    homes = [
        home("d", unit="2", floor=1, room="101"),
        home("c", unit="1", floor=10, room="1001"),
        home("b", unit="1", floor=2, room="202"),
        home("a", unit="1", floor=2, room="201"),
    ]
    assert [one.code for one in walking_order(homes, BASE, PACE)] == ["a", "b", "c", "d"]


def test_buildings_come_in_the_order_of_the_ground_not_of_their_names() -> None:
    homes = [home(f"H{name}", name, lon=113.5 + 0.001 * rank, lat=30.9) for rank, name in enumerate("3142", start=1)]
    assert [one.code for one in walking_order(homes, None, PACE)] in (
        ["H3", "H1", "H4", "H2"],
        ["H2", "H4", "H1", "H3"],
    )


def test_without_coordinates_the_natural_order_is_kept_and_each_building_costs_the_usual_minutes() -> None:
    homes = [home("H10", "10"), home("H2", "2"), home("H2b", "2", room="9")]
    (route,), rest = planned(homes, [evening()], base=None)
    assert codes(route) == ["H2", "H2b", "H10"]
    assert [f"{stop.at:%H:%M}" for stop in route.stops] == ["18:30", "18:40", "18:53"]
    assert (rest, route.metres, route.leaves) == ([], 0, route.stops[0].at)


def test_doors_of_one_building_cost_no_way_and_other_buildings_do() -> None:
    # A thousandth of a degree of latitude is 111 m: two minutes at 60 m a minute.
    homes = [home("a", room="1", lon=113.5, lat=30.901), home("b", room="2", lon=113.5, lat=30.901)]
    homes.append(home("c", "2", lon=113.5, lat=30.902))
    (route,), _rest = planned(homes, [evening()])
    assert [f"{stop.at:%H:%M}" for stop in route.stops] == ["18:30", "18:40", "18:52"]
    assert f"{route.leaves:%H:%M} {route.returns:%H:%M}" == "18:28 19:06"
    assert route.metres == pytest.approx(445, abs=2)
    assert (route.buildings, route.proven) == (2, True)


def test_evenings_go_first_to_households_who_work_by_day() -> None:
    homes = [home(f"H{number:02}", room=f"{number}", works=number >= 10) for number in range(1, 20)]
    (first, second), rest = planned(homes, [evening(0), evening(1)])
    assert {f"H{number}" for number in range(10, 20)} <= set(codes(first))
    assert [stop.reason for stop in first.stops].count(LineReason.WORKS) == 10
    assert len(codes(first)) == 12  # ten who work, and two who fit in
    assert (len(codes(second)), rest) == (7, [])


def test_working_hours_go_only_to_households_where_somebody_is_at_home() -> None:
    homes = [home("works", works=True), home("home", room="2")]
    (route,), rest = planned(homes, [evening(sort=HourSort.DAYTIME)])
    assert codes(route) == ["home"]
    assert [one.code for one in rest] == ["works"]


def test_ranks_given_come_before_everything_and_those_not_named_come_last() -> None:
    homes = [home(f"H{number:02}", room=str(number), works=number < 20) for number in range(1, 31)]
    (route,), _rest = planned(homes, [evening()], first={"H30": 1, "H29": 1, "H05": 2})
    assert {"H30", "H29", "H05"} <= set(codes(route))
    assert [stop.reason for stop in route.stops].count(LineReason.DUE) == 3


def test_a_household_is_not_visited_on_a_day_it_is_closed() -> None:
    homes = [home("a"), home("b", room="2")]
    (first, second), _rest = planned(homes, [evening(0), evening(1)], closed={"a": {MONDAY}})
    assert (codes(first), codes(second)) == (["b"], ["a"])


def test_no_list_is_longer_than_allowed_and_no_week_has_more_lists() -> None:
    homes = [home(f"H{number:02}", room=str(number)) for number in range(1, 31)]
    routes, rest = planned(homes, [evening(day) for day in (0, 1, 2, 7, 8)], most=3, most_a_week=2)
    assert [len(route.stops) for route in routes] == [3, 3, 3, 3]
    assert [route.window.starts.date().day for route in routes] == [13, 14, 20, 21]
    assert len(rest) == 18
    week = MONDAY.isocalendar()[:2]
    routes, _rest = planned(homes, [evening(day) for day in (0, 1, 2)], most_a_week=2, lists_in_week={week: 1})
    assert len(routes) == 1


def test_a_visit_that_no_window_can_hold_is_left_over() -> None:
    routes, rest = planned([home("a")], [evening(minutes=30)], minutes={"a": 31})
    assert (routes, [one.code for one in rest]) == ([], ["a"])


def test_an_officer_is_home_again_before_the_next_walk_of_the_day_begins() -> None:
    homes = [home(f"H{number:02}", room=str(number), lon=113.5, lat=30.909) for number in range(1, 16)]
    windows = [
        evening(start=17, minutes=60),
        evening(start=18, minutes=60),
    ]  # 17:30-18:30, 18:30-19:30; 17 minutes away
    first, second = planned(homes, windows)[0]
    assert second.leaves >= first.returns
    assert second.stops[-1].at + dt.timedelta(minutes=10) <= windows[1].ends


def test_an_evening_begins_where_most_doors_fit() -> None:
    """A lone door at the way's start must not cost the evening of a whole building far behind it."""
    lone = home("lone", "9", lon=113.501, lat=30.901)
    many = [home(f"H{number:02}", "1", room=str(number), lon=113.53, lat=30.93) for number in range(1, 13)]
    (route, second), _rest = planned([lone, *many], [evening(0), evening(1)])
    assert len(codes(route)) == 12
    assert codes(second) == ["lone"]


_HOMES = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 40), st.booleans(), st.sampled_from([5, 12, 45])),
    max_size=40,
    unique_by=lambda one: one[:2],
)


@given(_HOMES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_every_household_is_met_once_in_time_or_left_over_whatever_the_order_given(rows: Any, rnd: Any) -> None:
    homes = [
        home(f"B{building}-{room}", str(building), room=str(room), works=works, lon=113.5 + building / 500, lat=30.9)
        for building, room, works, _minutes in rows
    ]
    minutes = {one.code: row[3] for one, row in zip(homes, rows, strict=True)}
    windows = [evening(0), evening(1, HourSort.DAYTIME), evening(2)]
    routes, rest = planned(homes, windows, minutes=minutes)
    met = [code for route in routes for code in codes(route)]
    assert sorted([*met, *(one.code for one in rest)]) == sorted(minutes)
    for route in routes:
        ends = [stop.at + dt.timedelta(minutes=stop.minutes) for stop in route.stops]
        assert route.window.starts <= route.stops[0].at
        assert ends[-1] <= route.window.ends
        assert all(end <= stop.at for end, stop in zip(ends, route.stops[1:], strict=False))
    shuffled = list(homes)
    rnd.shuffle(shuffled)
    assert planned(shuffled, windows, minutes=minutes) == (routes, rest)
