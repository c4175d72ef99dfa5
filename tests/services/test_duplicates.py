"""Households and persons entered twice are found, with reasons, and pairs known to be different are left alone."""

from __future__ import annotations

import openpyxl
import pytest

from outreach.domain.people import Household
from outreach.errors import Conflict
from outreach.planning.matching import LIKELY, POSSIBLE
from outreach.services.duplicates import Sort, find_duplicates, near_homes, resembling
from outreach.services.duplicates_file import write_duplicates
from outreach.services.evidence_words import evidence_words
from outreach.services.household_merges import merge_households, record_distinct
from outreach.services.rosters import import_households
from tests.conftest import Town
from tests.services.doubles import LATER, TWICE, double_rows, enter_twice
from tests.services.planted import plant, roster


@pytest.fixture(scope="module")
def some() -> dict[str, Household]:
    """A part of the shipped town."""
    homes = roster()
    return {code: homes[code] for code in sorted(homes)[:800]}


@pytest.mark.parametrize(
    ("without_ids", "above", "recall", "precision"),
    [(False, LIKELY, 0.97, 0.97), (True, POSSIBLE, 0.97, 0.9), (True, LIKELY, 0.85, 0.97)],
)
def test_of_the_planted_second_entries_most_are_found_and_little_else(
    some: dict[str, Household], without_ids: bool, above: float, recall: float, precision: float
) -> None:
    homes, truth = plant(some, 80, "planted", without_ids=without_ids)
    found = {(pair.first.code, pair.second.code) for pair in resembling(homes, above)}
    assert len(found & truth) / len(truth) >= recall
    assert len(found & truth) / len(found) >= precision


def test_the_same_family_entered_again_is_found_with_its_reasons(town: Town) -> None:
    enter_twice(town)
    pair = find_duplicates(town.office).pairs[0]
    assert (pair.first.code, pair.second.code) == ("H001", TWICE)
    assert (pair.sort, pair.certain) == (Sort.HOUSEHOLD, False)
    told = [words for match in pair.persons for words in evidence_words(match.evidence)]
    assert "names read alike: 王晨, 王辰" in told
    assert "the same phone 121****0100" in told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("王晨", "Wang Chen", "names read alike in Latin letters: 王晨, Wang Chen"),
        ("王建国", "JIAN-GUO WANG", "names read alike in Latin letters: 王建国, JIAN-GUO WANG"),
        ("单玉兰", "單玉蘭", "the same name, written otherwise: 单玉兰, 單玉蘭"),
        ("王建国", "王建囯", "the same name, written otherwise: 王建国, 王建囯"),
        ("王建国", "Wang Jianmin", ""),
    ],
)
def test_somebody_typed_otherwise_at_one_door_is_shown_without_being_asked_for(
    town: Town, one: str, other: str, told: str
) -> None:
    for code, name in ((TWICE, one), (LATER, other)):
        rows = [double_rows(code, name)[0] | {"手机": "", "楼栋": "77"}]
        import_households(town.office, town.table(rows, f"{code}.csv"))
    pairs = [pair for pair in find_duplicates(town.office, above=LIKELY).pairs if pair.second.code == LATER]
    assert [pair.first.code for pair in pairs] == ([TWICE] if told else [])
    words = [words for pair in pairs for match in pair.persons for words in evidence_words(match.evidence)]
    assert words[:1] == ([told] if told else [])


def test_a_pair_known_to_be_different_is_not_asked_about_again(town: Town) -> None:
    enter_twice(town)
    before = find_duplicates(town.office)
    record_distinct(town.office, TWICE, "H001", "two families, both seen")
    after = find_duplicates(town.office)
    assert (after.found, after.distinct) == (before.found - 1, 1)
    with pytest.raises(Conflict, match="known to be different already"):
        record_distinct(town.office, "H001", TWICE, "again")


def test_a_household_merged_away_is_compared_with_nobody(town: Town) -> None:
    enter_twice(town)
    merge_households(town.office, "H001", TWICE)
    found = find_duplicates(town.office)
    assert found.households == 30
    assert TWICE not in {home.code for pair in found.pairs for home in (pair.first, pair.second)}


def test_one_person_entered_twice_in_a_household_is_found(town: Town) -> None:
    rows = double_rows()
    rows[2] = rows[0] | {"姓名": "王晨", "关系": "其他"}
    import_households(town.office, town.table(rows, "within.csv"))
    within = [one for one in find_duplicates(town.office).pairs if one.sort is Sort.WITHIN]
    assert [(one.first.code, one.persons[0].ours.name, one.persons[0].theirs.name) for one in within] == [
        (TWICE, "王辰", "王晨")
    ]


def test_in_the_workbook_every_person_has_a_line_of_their_own_with_what_is_known_of_them(town: Town) -> None:
    enter_twice(town)
    target = town.root / "pairs.xlsx"
    write_duplicates(find_duplicates(town.office), target, "zh")
    first, second = list(openpyxl.load_workbook(target).active.iter_rows(min_row=2, values_only=True))[:2]
    assert (first[4], second[4]) == ("H001", TWICE)
    assert (first[6], first[7]) == ("王晨\n林晨", "121****0100\n–")
    assert second[6].splitlines() == ["王辰", "林晨", "王小川"]
    assert second[7].splitlines() == ["121****0100", "121****0199", "–"]
    assert not second[9]


def test_new_households_are_told_beside_those_they_resemble_and_others_are_not(some: dict[str, Household]) -> None:
    homes, truth = plant(some, 40, "near")
    new = {code: homes[code] for code in homes.keys() - some.keys()}
    strangers = {code: home for code, home in roster().items() if code not in some}
    near = near_homes([*new.values(), *list(strangers.values())[:400]], some)
    likely = {(one.like, one.code) for one in near if one.certain or one.score >= LIKELY}
    assert len(likely & truth) >= 38
    assert len(likely - truth) <= 2
