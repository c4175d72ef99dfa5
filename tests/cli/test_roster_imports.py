"""What an import says of people beside the rows it changed."""

from __future__ import annotations

from typing import Any


def test_an_import_says_who_lost_a_post_and_what_is_vacant(call: Any, town: Any) -> None:
    table = town.table([town.officer_rows()[0] | {"岗位": "G02"}])
    answer = call("officer", "import", table, at=town.root)
    assert answer.code == 0
    assert "post G02 passed from Y02 to Y01; Y02 holds no post now" in answer.err
    assert "nobody holds post G01 any more" in answer.err
    assert "G01 any more" not in answer.out


def test_the_same_stands_in_json(call: Any, town: Any) -> None:
    table = town.table([town.officer_rows()[0] | {"岗位": "G02"}])
    found = call("officer", "import", table, "--json", at=town.root).json
    assert found["displaced"] == [{"post": "G02", "old": "Y02", "new": "Y01"}]
    assert found["vacant"] == ["G01"]


def test_an_import_lists_the_persons_a_file_leaves_out(call: Any, town: Any) -> None:
    table = town.table([town.household_rows()[0]])
    answer = call("household", "import", table, at=town.root)
    assert "household H001: the file does not name person 2 林晨, who stays" in answer.err
    found = call("household", "import", table, "--json", at=town.root).json
    assert found["missing_persons"] == [{"who": "H001", "number": 2, "name": "林晨"}]


def test_changes_of_officers_stand_under_the_words_of_the_roster(call: Any, town: Any) -> None:
    given = {"经度": "113.6", "工作量": "50%", "最多户数": "9", "技能": "政策、方言"}
    first, *others = town.officer_rows()
    table = town.table([first | given, *(row | dict.fromkeys(given, "") | {"经度": row["经度"]} for row in others)])
    lines = [line.split() for line in call("officer", "import", table, at=town.root).out.splitlines()]
    assert ["Staff", "number", "Field", "Before", "Now"] in lines
    assert ["Y01", "Share", "of", "a", "post", "100", "%", "50", "%"] in lines
    assert ["Y01", "Most", "households", "9"] in lines
    assert ["Y01", "Skills", "policy,", "dialect"] in lines
    again = town.table([first | given | {"工作量": "60%"}])
    told = call("officer", "import", again, "--json", at=town.root).json
    assert told["changes"] == [{"who": "Y01", "field": "share", "old": "50", "new": "60"}]


def test_changes_of_officers_and_households_are_shown_in_chinese(call: Any, town: Any) -> None:
    rows = [row | {"工作量": "50%", "岗位": f"X{row['工号']}"} for row in town.officer_rows()]
    lines = [
        line.split() for line in call("officer", "import", town.table(rows), at=town.root, lang="zh").out.splitlines()
    ]
    assert ["Y01", "工作量", "100", "%", "50", "%"] in lines
    assert ["Y01", "岗位", "G01", "XY01"] in lines
    home = next(row for row in town.household_rows() if row["户号"] == "H002")
    changed = home | {"难易": "难" if home.get("难易") != "难" else "易", "白天上班": "是"}
    out = call("household", "import", town.table([changed]), at=town.root, lang="zh").out
    lines = [line.split() for line in out.splitlines()]
    assert ["H002", "白天上班", "否", "是"] in lines
    assert "works" not in out
    assert "difficulty" not in out
