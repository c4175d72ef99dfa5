from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.people import Address, Household
from outreach.planning.walk import walk_order

names = st.sampled_from(["1", "2", "10", "甲", "乙", "东", ""])
addresses = st.builds(
    Address,
    community=st.sampled_from(["城东", "城西"]),
    compound=st.sampled_from(["槐荫", "蒲阳"]),
    building=names,
    entrance=names,
    unit=names,
    floor=st.integers(0, 9),
    room=names,
)


def at(code="H", **place):
    return Household(code, Address(**{"community": "城东", "compound": "槐荫", "building": "1"} | place), persons=())


def codes(households):
    return [household.code for household in households]


def test_the_second_building_comes_before_the_tenth():
    assert codes(walk_order([at("ten", building="10"), at("two", building="2")])) == ["two", "ten"]


def test_floors_are_climbed_within_a_unit_before_the_next_unit():
    doors = [at("2-1", unit="2", floor=1), at("1-5", unit="1", floor=5), at("1-1", unit="1", floor=1)]
    assert codes(walk_order(doors)) == ["1-1", "1-5", "2-1"]


def test_an_entrance_is_finished_before_the_next_begins():
    doors = [at("w", entrance="西", floor=1), at("e9", entrance="东", floor=9), at("e1", entrance="东", floor=1)]
    assert codes(walk_order(doors)) == ["e1", "e9", "w"]


def test_two_households_behind_one_door_go_by_code():
    assert codes(walk_order([at("H2", room="101"), at("H1", room="101")])) == ["H1", "H2"]


@given(st.lists(addresses, max_size=20), st.randoms(use_true_random=False))
def test_any_order_of_the_input_gives_the_same_walk_over_all_doors(places, shuffler):
    doors = [Household(f"H{number}", place, persons=()) for number, place in enumerate(places)]
    walked = walk_order(shuffler.sample(doors, len(doors)))
    assert walked == walk_order(doors)
    assert sorted(codes(walked)) == sorted(codes(doors))


@given(st.lists(addresses, max_size=20))
def test_no_building_is_entered_twice(places):
    walked = walk_order(Household(f"H{number}", place, persons=()) for number, place in enumerate(places))
    entered = [household.address.building_key for household in walked]
    changes = [key for number, key in enumerate(entered) if number == 0 or entered[number - 1] != key]
    assert len(changes) == len(set(changes))
