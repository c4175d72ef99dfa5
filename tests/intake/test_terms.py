"""What planning asks of a roster: who works by day and speaks what, how much of a post an officer holds."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from outreach.intake import roster

TODAY = dt.date(2006, 4, 4)
households = partial(roster.read_households, today=TODAY)
officers = partial(roster.read_officers, today=TODAY)
OFFICER = ["工号", "姓名"]


def one_officer(write: Any, heading: str, cell: object) -> Any:
    reading = officers(write([[*OFFICER, heading], ["07", "张三", cell]]))
    assert reading.faults == ()
    (officer,) = reading.items
    return officer


def fault_of(write: Any, heading: str, cell: object) -> Any:
    reading = officers(write([[*OFFICER, heading], ["07", "张三", cell]]))
    assert reading.items == ()
    (fault,) = reading.faults
    return fault


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        ("50%", 50),
        ("５０％", 50),
        (0.5, 50),
        (50, 50),
        ("半职", 50),
        ("一半", 50),
        ("全职", 100),
        (1, 100),
        ("1%", 1),
        (0, 0),
        ("", 100),
    ],
)
def test_a_share_of_a_post_is_read_as_people_write_it(write: Any, cell: object, share: int) -> None:
    assert one_officer(write, "工作量", cell).share == share


@pytest.mark.parametrize("other", [50, "100", "0.5", "50%", "半职"])
def test_a_bare_1_is_refused_only_where_others_are_bare_figures_of_per_cent(write: Any, other: object) -> None:
    rows = [["工号", "姓名", "工作量"], ["Y01", "张三", "1"], ["Y02", "李四", other]]
    found = officers(write(rows))
    if other in (50, "100"):
        (fault,) = found.faults
        assert "row 2, column '工作量'" in fault.where
        told = "1 may be one per cent or a whole post"
        assert (fault.what[: len(told)], fault.mend) == (told, "write 1%, or 100%")
    else:
        assert found.faults == ()
        assert found.items[0].share == 100


@pytest.mark.parametrize("cell", [101, "150%", -1, "不少", 0.333])
def test_a_share_that_is_none_is_one_sentence_at_its_cell(write: Any, cell: object) -> None:
    fault = fault_of(write, "编制比例", cell)
    assert fault.where == "roster.xlsx, sheet '名册', row 2, column '编制比例'"
    assert "no share of a post from 0 to 100 per cent" in fault.what


@pytest.mark.parametrize(("cell", "most"), [(80, 80), ("80户", 80), ("", None)])
def test_a_cap_is_read_with_or_without_its_unit(write: Any, cell: object, most: int | None) -> None:
    assert one_officer(write, "户数上限", cell).most == most


@pytest.mark.parametrize("cell", [0, -3, 12.5])
def test_a_cap_of_nothing_is_refused_and_says_what_to_write_instead(write: Any, cell: object) -> None:
    fault = fault_of(write, "最多户数", cell)
    assert "no greatest number of households" in fault.what
    assert "share 0%" in fault.mend


@pytest.mark.parametrize("cell", ["政策、方言", "政策，方言", "Policy, dialect", "政策;方言", "政策/方言 / 政策"])
def test_skills_are_parted_by_any_usual_sign_and_are_the_same_in_both_languages(write: Any, cell: str) -> None:
    assert one_officer(write, "技能", cell).skills == ("policy", "dialect")


def test_a_skill_of_the_bureaus_own_stays_as_it_is_written(write: Any) -> None:
    assert one_officer(write, "专长", "手语、前台").skills == ("手语", "counter")


def test_where_an_officer_lives_worked_and_what_they_speak_is_read(write: Any) -> None:
    head = [*OFFICER, "方言", "原工作单位", "居住社区", "居住小区"]
    reading = officers(write([head, ["07", "张三", "应城话、普通话", "棉纺厂", "槐荫社区", "棉纺 小区"]]))
    assert reading.faults == ()
    (officer,) = reading.items
    assert (officer.languages, officer.employer) == (("应城话", "普通话"), "棉纺厂")
    assert (officer.community, officer.compound) == ("槐荫社区", "棉纺小区")


def test_one_person_who_works_by_day_makes_the_household_one_that_does(write: Any) -> None:
    rows = [["户号", "姓名", "白天上班", "方言"], ["1", "张三", "否", "应城话"], ["1", "李四", "上班", ""]]
    (home,) = households(write(rows)).items
    assert (home.works, home.language) == (True, "应城话")


def test_rows_of_a_household_that_speak_differently_are_a_fault_naming_both(write: Any) -> None:
    rows = [["户号", "姓名", "方言"], ["1", "张三", "应城话"], ["1", "李四", "四川话"]]
    reading = households(write(rows))
    assert reading.items == ()
    assert "row 2" in reading.faults[0].what
