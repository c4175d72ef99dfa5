"""Whom a record is like: features, weights, and what is found of an invented town with known truth."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.ids import resident_id_check_sign, resident_id_fault
from outreach.domain.people import Address, Sex
from outreach.planning.likeness import Record, features, likenesses, long_id
from outreach.planning.matching import LEVELS, LIKELY, Register, home_matches
from outreach.planning.sounds import hubei, plain_name, same_sound, spellings
from tests.planning.slips import SLIPS, Clerk, town

HOME = Address("槐荫社区", "棉纺二小区", "3", "", "2", 0, "501")


def sound_id(born: str, serial: int = 123) -> str:
    first17 = f"990199{born}{serial:03d}"
    return first17 + resident_id_check_sign(first17)


def level(feature: str, one: Record, other: Record) -> str:
    return {item.feature: item.level for item in likenesses(features(one), features(other))}.get(feature, "")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("张晨", "张　晨", "same"),
        ("章琛", "张晨", "sound"),
        ("曾静", "增静", "sound"),  # 曾 is zeng and ceng
        ("刘宁", "刘林", "near"),  # n and l, ing and in
        ("周正", "邹郑", "near"),  # zh and z
        ("胡慧", "符慧", "near"),  # hu and fu
        ("李建国", "李健民", "surname"),
        ("李建国", "李建民", "sign"),
        ("李建国", "李国建", "sign"),
        ("李建国", "建国", "sign"),
        ("王晨", "王伟", "surname"),
        ("王晨", "李伟", "other"),
        ("Mary Ann", "mary  ann", "same"),
    ],
)
def test_names_are_alike_by_signs_by_sound_and_by_hubei_speech(one: str, other: str, expected: str) -> None:
    assert level("name", Record("a", one), Record("b", other)) == expected
    assert level("name", Record("b", other), Record("a", one)) == expected


@given(st.text(st.sampled_from("曾单解区张宁胡黄郑王晨绿a 欧阳"), min_size=1, max_size=4))
def test_every_name_sounds_like_itself_whatever_the_dialect(name: str) -> None:
    plain = plain_name(name)
    if plain:
        assert same_sound(plain, plain)
        assert same_sound(plain, plain, hubei)
        assert spellings(plain, hubei)


def test_an_old_number_of_15_digits_is_the_same_persons_new_one() -> None:
    number = sound_id("19640122")
    assert long_id(number[:6] + number[8:17]) == number
    assert (
        level("id", Record("a", "", id_number=number[:6] + number[8:17]), Record("b", "", id_number=number)) == "same"
    )


@given(st.integers(0, 16), st.integers(1, 9), st.dates(dt.date(1930, 1, 1), dt.date(1999, 12, 31)), st.integers(0, 999))
def test_one_wrong_digit_of_an_id_is_always_noticed_and_forgiven(
    at: int, more: int, born: dt.date, serial: int
) -> None:
    number = sound_id(f"{born:%Y%m%d}", serial)
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    assert resident_id_fault(wrong) != ""
    assert level("id", Record("a", "", id_number=number), Record("b", "", id_number=wrong)) == "digit"


def test_two_sound_numbers_are_two_people_though_born_on_one_day() -> None:
    one, twin = sound_id("19640122", 11), sound_id("19640122", 13)
    assert level("id", Record("a", "", id_number=one), Record("b", "", id_number=twin)) == "birth"
    assert LEVELS["id"]["other"][0] < LEVELS["id"]["other"][1]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("12105550123",), ("12105550123",), "same"),
        (("12105550123",), ("12105550132",), "digit"),
        (("12105550123",), ("12105550124",), "digit"),
        (("12105550123",), ("12105559999",), "other"),
        (("12105550123",), (), ""),
    ],
)
def test_phones_forgive_one_wrong_digit_or_two_changed_round(
    one: tuple[str, ...], other: tuple[str, ...], expected: str
) -> None:
    assert level("phone", Record("a", "", phones=one), Record("b", "", phones=other)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Address("", "棉纺2小区", "三号楼", "", "2单元", 0, "0501室"), "door"),
        (Address("槐荫社区", "棉纺二小区", "3", "", "", 0, "501"), "door"),
        (Address("槐荫社区", "棉纺二小区", "3", "", "1", 0, "501"), "building"),
        (Address("槐荫社区", "棉纺二小区", "4", "", "2", 0, "501"), "compound"),
        (Address("槐荫社区", "绿洲花园", "3", "", "2", 0, "501"), "other"),
    ],
)
def test_addresses_are_compared_part_by_part_however_they_are_written(other: Address, expected: str) -> None:
    assert level("address", Record("a", "", address=HOME), Record("b", "", address=other)) == expected


def test_birth_and_sex_speak_only_where_an_id_does_not() -> None:
    number = sound_id("19640122", 121)
    told = Record("a", "张晨", id_number=number)
    bare = Record("b", "张晨", born=dt.date(1964, 1, 22), sex=Sex.MALE)
    assert (level("born", told, bare), level("sex", told, bare)) == ("same", "same")
    assert level("born", told, replace(told, key="c")) == ""
    assert level("born", bare, replace(bare, born=dt.date(1964, 1, 12))) == "misprint"


def test_an_empty_feature_speaks_neither_for_nor_against() -> None:
    match = Register([Record("a", "张晨")]).matches(Record("b", "张晨"), least=-99)[0]
    assert [one.feature for one in match.evidence] == ["name"]


def test_a_rare_name_says_more_than_a_common_one() -> None:
    people = [
        *(Record(f"w{n}", "王伟") for n in range(50)),
        Record("r", "仉燚"),
        *(Record(f"x{n}", f"李{n}") for n in range(50)),
    ]
    register = Register(people)
    rare = register.matches(Record("?", "仉燚"), least=-99)[0].score
    common = register.matches(Record("?", "王伟"), least=-99)[0].score
    assert rare > common + 5


def test_husband_and_wife_behind_one_door_with_one_phone_are_two_people() -> None:
    he = Record("he", "张晨", home="H1", phones=("12105550123",), address=HOME, sex=Sex.MALE)
    she = Record("she", "林悦", home="H1", home_phones=("12105550123",), address=HOME, sex=Sex.FEMALE)
    others = [Record(f"o{n}", f"王{n}号", address=replace(HOME, building=str(n + 10))) for n in range(300)]
    found = Register([he, she, *others]).matches(Record("?", "张晨", phones=("12105550123",), address=HOME))
    assert [match.theirs.key for match in found if match.score > LIKELY] == ["he"]


TRUTH = town()


@pytest.fixture(scope="module")
def register() -> Register:
    return Register(TRUTH)


@pytest.mark.parametrize(
    ("slips", "found", "first"),
    [
        (("sound",), 1.0, 1.0),
        (("near", "id"), 1.0, 0.99),
        (("sign",), 1.0, 1.0),
        (("no_id", "swap"), 1.0, 0.99),
        (("no_id", "digit", "moved"), 1.0, 0.99),
        (("no_id", "no_phone", "sound"), 1.0, 0.99),
        (("no_id", "no_address"), 0.99, 0.99),
        (("id", "near", "no_phone", "no_address"), 1.0, 0.99),
        (("no_id", "no_phone", "moved"), 0.97, 0.93),
    ],
)
def test_of_a_town_of_9149_persons_whoever_was_copied_with_slips_is_found(
    register: Register, slips: tuple[str, ...], found: float, first: float
) -> None:
    assert set(slips) <= set(SLIPS)
    clerk = Clerk(TRUTH, f"clerk {slips}")
    chosen = random.Random("people").sample([one for one in TRUTH if one.id_number and one.phones], 120)
    matches = [[match.theirs.key for match in register.matches(clerk.copy(one, *slips))] for one in chosen]
    assert sum(one.key in keys for one, keys in zip(chosen, matches, strict=True)) / 120 >= found
    assert sum(keys[:1] == [one.key] for one, keys in zip(chosen, matches, strict=True)) / 120 >= first


def test_of_people_who_are_not_in_the_town_nearly_nobody_is_called_likely() -> None:
    outside = random.Random("outside").sample(TRUTH, 300)
    register = Register([one for one in TRUTH if one.home not in {other.home for other in outside}])
    clerk = Clerk(TRUTH, "outside")
    copies = [clerk.copy(one, "no_id" if number % 2 else "sign") for number, one in enumerate(outside)]
    shown = [register.matches(copy) for copy in copies]
    assert sum(any(match.score > LIKELY for match in found) for found in shown) <= 3
    assert sum(bool(found) for found in shown) < 30


def test_planted_duplicate_households_are_found_and_neighbours_are_not_called_one() -> None:
    chance = random.Random("twice")
    some = TRUTH[:2500]
    homes = sorted({one.home for one in some})
    planted = set(chance.sample(homes, 60))
    clerk = Clerk(some, "twice")
    slips = [("sound",), ("near", "no_id"), ("sign", "id"), ("no_id", "swap"), ("no_id", "no_phone", "sound")]
    copies = []
    for number, home in enumerate(sorted(planted)):
        for one in (person for person in some if person.home == home):
            copies.append(replace(clerk.copy(one, *slips[number % 5]), key=f"D{one.key}", home=f"D{home}"))
    found = {(pair.ours, pair.theirs) for pair in home_matches(Register([*some, *copies]).pairs())}
    truth = {(home, f"D{home}") for home in planted}
    assert len(found & truth) / len(truth) >= 0.97
    assert len(found & truth) / len(found) >= 0.97


def test_the_same_records_in_another_order_give_the_same_answer(register: Register) -> None:
    asked = Clerk(TRUTH, "order").copy(TRUTH[17], "sound", "id")
    other = Register(list(reversed(TRUTH)))
    assert [(m.theirs.key, m.score) for m in register.matches(asked)] == [
        (m.theirs.key, m.score) for m in other.matches(asked)
    ]


def test_keys_that_too_many_share_pair_nobody_and_are_told() -> None:
    crowd = [Record(f"a{n}", "刘伟", home=f"H{n}") for n in range(6)]
    register = Register(crowd, most=5)
    assert list(register.pairs(least=-99)) == []
    assert register.crowded() == ("na liu wei",)
