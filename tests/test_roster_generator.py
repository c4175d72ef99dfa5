"""The invented roster is what the script writes, and is shaped as the bureau's own."""

import csv
import importlib.util
import io
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from outreach.domain.directory import phone_digits
from outreach.domain.ids import resident_id_fault

FOLDER = Path(__file__).resolve().parents[1] / "campaigns" / "yingcheng"


def luhn_holds(code):
    """Whether 'YC' + five digits + check digit passes the Luhn rule, computed from its definition."""
    digits = [int(sign) for sign in reversed(code.removeprefix("YC"))]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return code.startswith("YC") and len(digits) == 6 and sum(doubled) % 10 == 0


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("invent_roster", FOLDER / "invent_roster.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows():
    return list(csv.DictReader(io.StringIO((FOLDER / "households.csv").read_text("utf-8-sig"))))


@pytest.fixture(scope="module")
def households(rows):
    found = defaultdict(list)
    for row in rows:
        found[row["户号"]].append(row)
    return found


@pytest.fixture(scope="module")
def officers():
    return list(csv.DictReader(io.StringIO((FOLDER / "officers.csv").read_text("utf-8-sig"))))


def test_inventing_again_gives_the_committed_bytes(script):
    households, officers = script.invent()
    assert script.csv_bytes(script.HOUSEHOLD_HEADINGS, households) == (FOLDER / "households.csv").read_bytes()
    assert script.csv_bytes(script.OFFICER_HEADINGS, officers) == (FOLDER / "officers.csv").read_bytes()


def test_another_seed_gives_another_town(script):
    assert script.invent("elsewhere")[0] != script.invent()[0]


def test_there_are_7000_households_and_about_9000_persons(rows, households):
    assert len(households) == 7_000
    assert 8_800 < len(rows) < 9_400


def test_the_rows_of_a_household_stand_together_and_begin_with_the_person_themself(rows, households):
    order = [row["户号"] for row in rows]
    changes = sum(one != two for one, two in pairwise(order))
    assert changes == len(households) - 1
    assert all(persons[0]["关系"] == "本人" for persons in households.values())


def test_about_two_thousand_households_are_couples_of_two_sexes(households):
    couples = [persons for persons in households.values() if any(p["关系"] == "配偶" for p in persons)]
    assert 1_700 < len(couples) < 2_200
    assert all({persons[0]["性别"], persons[1]["性别"]} == {"男", "女"} for persons in couples)


def test_rare_signs_double_surnames_dotted_and_short_names_occur(rows):
    names = [row["姓名"] for row in rows]
    for sign in "䶮𬱖𬭎㛃𠅤喆堃犇燚·":
        assert sum(sign in name for name in names) >= 5, sign
    assert any(name.startswith("欧阳") for name in names)
    assert {1, 2, 3, 4} <= {len(name) for name in names}


def test_few_names_are_shared(rows):
    names = Counter(row["姓名"] for row in rows)
    assert 0 < (len(rows) - len(names)) / len(rows) < 0.08


def test_household_codes_notice_one_mistyped_digit(households):
    assert all(luhn_holds(code) for code in households)
    code = min(households)
    for place in range(2, 8):
        for digit in "0123456789".replace(code[place], ""):
            assert not luhn_holds(code[:place] + digit + code[place + 1 :])


def test_resident_ids_are_well_formed_unassigned_and_agree_with_birth_and_sex(rows):
    ids = [row["身份证号"] for row in rows]
    assert len(set(ids)) == len(ids)
    for row in rows:
        number = row["身份证号"]
        assert resident_id_fault(number) == ""
        assert number[:6] == "990199"
        assert number[6:14] == row["出生日期"].replace("-", "")
        assert (int(number[16]) % 2 == 1) is (row["性别"] == "男")


def test_mobiles_are_unassigned_unique_and_held_by_most(rows, officers):
    mobiles = [row["手机"] for row in rows if row["手机"]]
    assert len(set(mobiles) | {officer["手机"] for officer in officers}) == len(mobiles) + len(officers)
    assert all(len(phone_digits(number)) == 11 and number.startswith("121") for number in mobiles)
    assert 0.82 < len(mobiles) / len(rows) < 0.88


def test_every_building_lists_10_to_60_households_behind_1_to_3_entrances(households):
    buildings, entrances, doors = Counter(), defaultdict(set), Counter()
    for persons in households.values():
        row = persons[0]
        key = (row["社区"], row["小区"], row["楼栋"])
        buildings[key] += 1
        entrances[key].add((row["门栋"], row["经度"], row["纬度"]))
        doors[*key, row["门栋"], row["单元"], row["房号"]] += 1
        assert 1 <= int(row["楼层"]) <= 7
    assert 194 <= len(buildings) <= 260
    assert 10 <= min(buildings.values()) <= max(buildings.values()) <= 60
    assert all(len(here) == len({entrance[0] for entrance in here}) <= 3 for here in entrances.values())
    assert max(doors.values()) == 1


def test_twelve_communities_have_three_to_eight_compounds_within_a_small_town(rows):
    compounds = defaultdict(set)
    for row in rows:
        compounds[row["社区"]].add(row["小区"])
        assert abs(float(row["经度"]) - 113.57) < 0.04
        assert abs(float(row["纬度"]) - 30.93) < 0.03
    assert len(compounds) == 12
    assert all(3 <= len(names) <= 8 for names in compounds.values())


def test_lapse_and_last_payment_agree_and_difficulty_follows_them(rows, households):
    for row in rows:
        year, month = map(int, row["最后缴费"].split("-"))
        assert 2005 * 12 + 1 - (year * 12 + month) == int(row["断保月数"])
        assert 3 <= int(row["断保月数"]) <= 120
    heads = [persons[0] for persons in households.values()]
    levels = Counter(head["难易"] for head in heads)
    assert levels == {"难": 2_100, "一般": 2_800, "易": 2_100}
    mean = {
        level: sum(int(head["断保月数"]) for head in heads if head["难易"] == level) / levels[level] for level in levels
    }
    assert mean["易"] < mean["一般"] < mean["难"]


def test_sixty_officers_hold_sixty_posts_in_six_sections(officers):
    assert [officer["岗位"] for officer in officers] == [f"G{number:02d}" for number in range(1, 61)]
    assert len({officer["科室"] for officer in officers}) == 6
    assert all(phone_digits(officer[kind]) for officer in officers for kind in ("手机", "宅电", "办公电话"))
    assert {"0700-5550100", "0700-5550112"}.isdisjoint(officer["办公电话"] for officer in officers)
    assert all(officer["邮箱"].endswith("@example.invalid") for officer in officers)


def test_about_half_of_those_in_town_work_by_day_and_nobody_who_has_left_it(households):
    heads = [persons[0] for persons in households.values()]
    in_town = [head for head in heads if head["外出务工"] == "否"]
    assert 0.45 < sum(head["白天上班"] == "是" for head in in_town) / len(in_town) < 0.55
    assert all(head["白天上班"] == "否" for head in heads if head["外出务工"] == "是")
    assert Counter(head["方言"] for head in heads).most_common(1)[0][0] == "应城话"


def test_officers_have_full_posts_skills_and_a_home_in_one_of_the_towns_compounds(rows, officers):
    compounds = {(row["社区"], row["小区"]) for row in rows}
    employers = {row["原单位"] for row in rows}
    assert {officer["工作量"] for officer in officers} == {"100%"}
    assert all((officer["居住社区"], officer["居住小区"]) in compounds for officer in officers)
    assert {officer["原工作单位"] for officer in officers} - {""} <= employers
    skills = Counter(skill for officer in officers for skill in officer["技能"].split("、"))
    assert set(skills) == {"政策", "方言", "前台"}
    assert min(skills.values()) >= 20
