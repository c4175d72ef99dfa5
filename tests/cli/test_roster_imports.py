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


def test_a_person_who_joins_a_household_is_shown_with_what_else_there_is_to_tell(call: Any, town: Any) -> None:
    home = next(row for row in town.household_rows() if row["户号"] == "H002")
    joined = home | {"姓名": "新媳妇", "关系": "配偶", "手机": ""}
    told = call(
        "household", "import", town.table([home | {"谁填的": "我"}, joined | {"谁填的": "我"}]), at=town.root, lang="zh"
    )
    assert told.code == 0, told.err
    lines = [line.split() for line in told.out.splitlines()]
    assert ["H002", "人员", "2：姓名", "新媳妇"] in lines
    assert "number" not in told.out, "a number of a person who joined is no change anybody made"
    assert "谁填的" in told.err
    renamed = town.table([home | {"姓名": "王辰"}, joined])
    told = call("household", "import", renamed, at=town.root)
    assert told.code == 0, told.err
    assert "the file does not name person 1" in told.err


def test_an_import_tells_the_duplicates_that_the_list_shows_with_the_same_scores(call: Any, town: Any) -> None:
    """And --refuse-near refuses for them alone: not for a neighbour, nor for a namesake at another door."""
    first, second, third = (next(row for row in town.household_rows() if row["户号"] == code) for code in PLAIN)
    twice = first | {"户号": "N1", "手机": ""}
    spelled = second | {"户号": "N2", "姓名": second["姓名"][0] + "玥", "手机": second["手机"]}
    namesake = third | {"户号": "N3", "手机": "12105557001", "小区": "东湖湾", "楼栋": "77", "房号": "1402"}
    neighbour = first | {"户号": "N4", "姓名": "慕容远山", "手机": "12105557002"}
    strangers = [namesake, neighbour]
    alone = call("household", "import", town.table(strangers), "--refuse-near", "--json", at=town.root)
    assert alone.code == 0, alone.err
    told = call("household", "import", town.table([twice, spelled]), "--json", at=town.root).json["near"]
    listed = call("household", "duplicates", "--json", "--limit", 99, at=town.root).json["pairs"]
    assert {one["code"] for one in told} == {"N1", "N2"}
    shown = {(pair["second"]["code"], pair["first"]["code"]): pair["score"] for pair in listed}
    assert {(one["code"], one["like"]): one["score"] for one in told} == shown


PLAIN = ("H002", "H003", "H005")
