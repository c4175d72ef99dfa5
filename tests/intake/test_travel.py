"""A table of ways is read from every kind of file, and a wrong cell is named at its place."""

from __future__ import annotations

import math
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.intake.travel import read_travel

HEAD = ["社区", "小区", "楼栋", "G01", "Y02"]
ROWS = [["槐荫社区", "棉纺小区", "", 120, "无"], ["槐荫社区", "棉纺小区", "3栋", 80.5, "-"]]


def test_every_format_gives_the_same_rows(every_format: Any) -> None:
    for path in every_format([["路程表（米）"], HEAD, *ROWS]):
        whole, three = read_travel(path)
        assert (whole.community, whole.compound, whole.building) == ("槐荫社区", "棉纺小区", "")
        assert dict(whole.costs) == {"G01": 120, "Y02": math.inf}
        assert (three.building, dict(three.costs)) == ("3", {"G01": 80.5, "Y02": math.inf})


def test_every_wrong_cell_is_named_with_its_row_and_column(write: Any) -> None:
    rows = [HEAD, ["槐荫社区", "", "", 1, 2], ["槐荫社区", "别苑", "", "远", -1]]
    with pytest.raises(BadInput) as caught:
        read_travel(write(rows))
    assert [(fault.where.partition(", ")[2], fault.what) for fault in caught.value.faults] == [
        ("sheet '名册', row 2", "the row names no compound"),
        ("sheet '名册', row 3, column 'G01'", "'远' is no number"),
        ("sheet '名册', row 3, column 'Y02'", "-1 is less than nothing"),
    ]


def test_a_file_of_something_else_says_what_it_is(write: Any) -> None:
    with pytest.raises(BadInput, match="a household roster"):
        read_travel(write([["户号", "姓名", "小区", "楼栋"], ["1", "张三", "别苑", "2"]]))


@pytest.mark.parametrize(("unit", "most"), [("metres", 10_000_000), ("minutes", 100_000)])
def test_a_way_longer_than_any_is_named_and_the_longest_is_taken(write: Any, unit: str, most: int) -> None:
    (row,) = read_travel(write([HEAD, ["槐荫社区", "别苑", "", most, 1]]), unit)
    assert row.costs["G01"] == most
    for cell in ("1e99", most + 1):
        with pytest.raises(BadInput, match=f"row 2, column 'G01': .* is more than {most}"):
            read_travel(write([HEAD, ["槐荫社区", "别苑", "", cell, 1]]), unit)
