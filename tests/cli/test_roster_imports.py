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
