"""Addresses on one line, doors in walking order, couples."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.people import Address, Household, Person, Relation, natural_key, walk_key


def test_a_chinese_address_runs_from_community_to_room_with_its_measure_words() -> None:
    address = Address("城东社区", "槐荫小区", "3", "东", "2", 5, "501")
    assert address.line("zh") == "城东社区槐荫小区3栋东门2单元501室"


def test_an_english_address_runs_from_room_to_community() -> None:
    address = Address("Chengdong", "Huaiyin", "3", "E", "2", 5, "501")
    assert address.line("en") == "Room 501, Unit 2, Entrance E, Building 3, Huaiyin, Chengdong"


@pytest.mark.parametrize(("building", "expected"), [("甲", "甲栋"), ("综合楼", "综合楼"), ("3号楼", "3号楼"), ("", "")])
def test_a_building_with_a_name_of_its_own_gets_no_measure_word(building: str, expected: str) -> None:
    assert Address("社区", "小区", building).line("zh") == f"社区小区{expected}"


def test_parts_that_are_not_known_leave_no_gap() -> None:
    assert Address("", "Huaiyin", "", room="7").line("en") == "Room 7, Huaiyin"
    assert Address("", "槐荫小区", "", room="7").line("zh") == "槐荫小区7室"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2", "10"),
        ("2栋", "10栋"),
        ("甲", "乙"),
        ("一号楼", "二号楼"),
        ("九", "10"),
        ("东", "西"),
        ("A2", "A10"),
        ("", "1"),
    ],
)
def test_doors_sort_as_people_count_them(earlier: str, later: str) -> None:
    assert natural_key(earlier) < natural_key(later)


@given(st.text(max_size=6), st.text(max_size=6))
def test_different_texts_never_share_a_place_in_the_order(one: str, two: str) -> None:
    assert (natural_key(one) == natural_key(two)) == (one == two)


doors = st.sampled_from(["", "1", "2", "10", "01", "甲", "乙", "东门", "西", "综合楼", "A3"])
addresses = st.builds(
    Address,
    community=st.sampled_from(["城东", "城西", "第2社区", "第10社区"]),
    compound=st.sampled_from(["槐荫", "棉纺"]),
    building=doors,
    entrance=doors,
    unit=doors,
    floor=st.integers(-2, 12),
    room=doors,
)


@given(st.lists(addresses, max_size=12, unique=True), st.integers(0, 99))
def test_the_walk_is_the_same_whatever_order_the_doors_come_in(found: list[Address], seed: int) -> None:
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    assert sorted(shuffled, key=walk_key) == sorted(found, key=walk_key)
    assert len({walk_key(address) for address in found}) == len(found)


def test_the_walk_goes_by_building_then_entrance_then_unit_then_floor_then_room() -> None:
    walk = [
        Address("东", "小区", "2", "东", "1", 1, "101"),
        Address("东", "小区", "2", "东", "1", 1, "102"),
        Address("东", "小区", "2", "东", "1", 2, "201"),
        Address("东", "小区", "2", "东", "2", 1, "101"),
        Address("东", "小区", "2", "西", "1", 1, "101"),
        Address("东", "小区", "10", "东", "1", 1, "101"),
        Address("东", "小区", "甲", "东", "1", 1, "101"),
    ]
    expected = [walk[6], *walk[:6]]  # 甲 counts as the first building
    assert sorted(walk, key=walk_key) == expected


def test_a_numbered_community_comes_before_a_higher_numbered_one() -> None:
    second, tenth = Address("第2社区", "", "1"), Address("第10社区", "", "1")
    assert walk_key(second) < walk_key(tenth)


def home(*relations: Relation) -> Household:
    persons = tuple(Person(n, f"人{n}", relation) for n, relation in enumerate(relations, start=1))
    return Household("H1", Address("社区", "小区", "1"), persons)


def test_a_couple_is_a_head_and_a_spouse_whatever_else_lives_there() -> None:
    assert home(Relation.SELF, Relation.SPOUSE).couple
    assert home(Relation.CHILD, Relation.SPOUSE, Relation.SELF).couple
    assert not home(Relation.SELF, Relation.CHILD).couple
    assert not home(Relation.SPOUSE).couple


def test_one_entrance_is_named_by_building_and_entrance_together() -> None:
    one, two = Address("社区", "小区", "1", "东", "1"), Address("社区", "小区", "1", "东", "2")
    assert one.entrance_key == two.entrance_key
    assert one.entrance_key != Address("社区", "小区", "2", "东").entrance_key
