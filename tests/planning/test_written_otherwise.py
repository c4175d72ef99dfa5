"""One name written otherwise: in Latin letters, in traditional signs, in forms of a sign that one office uses."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.people import Address
from outreach.planning.latin_names import latin_ways
from outreach.planning.likeness import Record, door_of, features, likenesses, name_level
from outreach.planning.matching import LIKELY, ROSTER_LEVELS, Register
from outreach.planning.sounds import plain_name, readings
from outreach.planning.usual_signs import usual_signs
from tests.planning.slips import town

HOME = Address("槐荫社区", "棉纺二小区", "3", "", "2", 0, "501")
TOWN = town()[:3000]


def level(one: str, other: str) -> str:
    mine, yours = plain_name(one), plain_name(other)
    assert name_level(mine, yours) == name_level(yours, mine)
    return name_level(mine, yours)


@pytest.mark.parametrize(
    ("signs", "letters"),
    [
        ("王建国", "WANG JIANGUO"),
        ("王建国", "Wang Jian-guo"),
        ("王建国", "Jianguo Wang"),
        ("王建国", "wangjianguo"),
        ("王建国", "Wáng Jiànguó"),
        ("王建國", "Wang, Jianguo"),
        ("李西安", "Li Xi'an"),
        ("吕秀英", "Lü Xiuying"),
        ("吕秀英", "Lv Xiuying"),
        ("吕秀英", "LYU XIUYING"),
        ("吕秀英", "Lu Xiuying"),
        ("吕秀英", unicodedata.normalize("NFD", "Lǚ Xiùyīng")),
        ("徐静", "Xü Jing"),
        ("聂绿", "Nie Lu:"),
        ("欧阳娜", "Na Ou-Yang"),
        ("曾静", "Zeng Jing"),
        ("曾静", "Ceng Jing"),
        ("單玉蘭", "Shan Yulan"),
    ],
)
def test_a_name_in_latin_letters_reads_as_its_signs_however_it_is_put(signs: str, letters: str) -> None:
    assert level(signs, letters) == "pinyin"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Wang Jianguo", "Jianguo Wang", "pinyin"),
        ("Wang Jianguo", "WANG JIAN-GUO", "same"),
        ("Lü Na", "LV NA", "same"),
        ("林宁", "Lin Lin", "near"),
        ("王建国", "Wang Jianmin", "surname"),
        ("王建国", "Min Wang", "surname"),
        ("李红", "Wang Mei", "other"),
        ("王建国", "Wang Jian", "surname"),
        ("王建国", "Guo Wangjian", "other"),
        ("王建国", "Jian Guowang", "pinyin"),  # the same letters as Jianguo Wang
        ("王建国", "Guojian Wang", "surname"),  # but given names are not turned round
        ("Mary Ann", "王建国", "other"),
        ("Mary Ann", "mary ann", "same"),
    ],
)
def test_what_letters_do_not_say_they_are_not_taken_to_say(one: str, other: str, expected: str) -> None:
    assert level(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("单玉兰", "單玉蘭"),
        ("王建国", "王建囯"),
        ("王建國", "王建囯"),
        ("刘剑峰", "劉劍峯"),
        ("钟群", "鍾羣"),
        ("欧阳青禾", "歐陽青禾"),
        ("赵松柏", "趙松栢"),
        ("陈德荣", "陳徳栄"),
        ("叶静", "葉靜"),
        ("陈金龙", "陳金龍"),  # a compatibility ideograph, as old files have them
    ],
)
def test_traditional_signs_and_other_forms_of_a_sign_are_the_same_name(one: str, other: str) -> None:
    assert level(one, other) == "same"


@pytest.mark.parametrize(("one", "other"), [("王喆", "王哲"), ("李堃", "李坤"), ("王淼", "王渺"), ("于乾", "于干")])
def test_two_signs_that_people_are_named_with_stay_two(one: str, other: str) -> None:
    assert level(one, other) != "same"


def test_the_usual_form_of_a_sign_is_usual_and_is_read_like_it() -> None:
    usual = usual_signs()
    assert len(usual) > 3000
    assert not {ord(sign) for sign in usual.values()} & usual.keys() - {ord("苧")}
    names = "".join(chr(code) for code in usual if 0x4E00 <= code < 0xA000)
    alike = [sign for sign in names if readings(sign)[0] & readings(usual[ord(sign)])[0]]
    assert len(alike) / len(names) > 0.98


@given(st.text(st.sampled_from("曾单解區张宁胡黄鄭王晨綠aü 欧阳囯"), min_size=1, max_size=6))
def test_a_plain_name_is_plain_already(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


def test_letters_are_cut_in_few_ways_however_long_they_are() -> None:
    assert latin_ways("") == latin_ways("maryann") == latin_ways("xian" * 8) == ()
    assert {("xian",), ("xi", "an")} <= set(latin_ways("xian"))
    assert len(latin_ways("xianxianxianxian")) <= 24


@pytest.mark.parametrize("name", ["Wang Zhiheng", "Zhiheng WANG", "WANGZHIHENG"])
def test_somebody_typed_in_latin_letters_is_found_at_the_door_by_the_phone_and_in_the_compound(name: str) -> None:
    he = Record("he", "王志恒", home="H", phones=("12105550123",), address=HOME)
    register = Register([*TOWN, he], levels=ROSTER_LEVELS)
    phone = Record("?", name, phones=("12105550123",))
    door = Record("?", name, address=HOME)
    near = Record("?", name, address=replace(HOME, building="9", room="101"))
    for asked in (phone, door):
        best = register.matches(asked)[0]
        assert (best.theirs.key, best.score > LIKELY) == ("he", True)
    assert "he" in [match.theirs.key for match in register.matches(near)]


def test_letters_that_many_names_may_be_say_less_than_a_rare_name() -> None:
    people = [Record(f"w{n}", name) for n, name in enumerate(["王伟", "汪薇", "王维", "王玮"] * 20)]
    register = Register([*people, Record("l", "Wang Wei"), Record("r", "仉燚"), Record("s", "Zhang Yi")])

    def weight(one: str, key: str) -> float:
        return register.beside(Record("?", one), [key])[0].evidence[0].weight

    assert weight("王伟", "l") < weight("仉燚", "s") - 3
    assert weight("Wang Wei", "l") < weight("仉燚", "r") - 3  # the same letters may be any of eighty people
    assert weight("Wang Wei", "w0") == weight("王伟", "l")


def test_compounds_and_doors_in_traditional_signs_are_the_same_too() -> None:
    told = Address("", "綠洲花園", "三號樓", "", "2單元", 0, "501室")
    usual = Address("", "绿洲花园", "三号楼", "", "2单元", 0, "501室")
    assert door_of(told) == door_of(usual)
    found = likenesses(features(Record("a", "", address=told)), features(Record("b", "", address=usual)))
    assert [(one.feature, one.level) for one in found] == [("address", "door")]
