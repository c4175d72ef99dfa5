"""What looks odd in a file and hinders nothing is told with the import, for people and for programs."""

from __future__ import annotations

from typing import Any


def test_a_printed_total_that_is_not_the_sum_is_told_with_the_ledgers_import(call: Any, town: Any) -> None:
    rows = [["姓名", "到账日期", "缴费金额"], ["李乙", "2005-05-08", "100"], ["合计", "", "999"]]
    path = town.root / "may.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    told = call("ledger", "import", path, "--month", "2005年5月", at=town.root)
    assert told.code == 0
    remark = "may.csv, row 3, column '缴费金额': the printed total is 999 yuan, and the rows add up to 100"
    assert remark in told.out + told.err
    assert call("ledger", "import", path, "--month", "2005.5", "--json", at=town.root).json["remarks"] == [remark]


def test_places_that_look_alike_are_told_with_the_rosters_import(call: Any, town: Any) -> None:
    path = town.root / "roster.csv"
    path.write_text("户号,姓名,社区,小区\nN1,李乙,新城,棉纺\nN2,赵丙,新城社区,棉纺\n", encoding="utf-8")
    told = call("household", "import", path, "--json", at=town.root).json
    assert told["remarks"] == ["these names look alike, and are kept apart: 新城, 新城社区"]
    assert told["remarks"][0] in (again := call("household", "import", path, at=town.root)).out + again.err
