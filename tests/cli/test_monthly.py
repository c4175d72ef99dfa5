"""outreach report monthly, outreach report explain: what a user types and sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest


@pytest.fixture
def april(call: Any, town: Any) -> Any:
    for code, outcome in (("H001", "informed"), ("H002", "card_handed"), ("H003", "moved")):
        call("contact", "record", code, outcome, "--at", "2005-04-05 19:00", "--officer", "Y02", at=town.root)
    assert (
        call("contact", "record", "H001", "paid", "--amount", "1234.50", "--at", "2005-04-09", at=town.root).code == 0
    )
    return town


def test_the_month_is_shown_by_officer_with_those_out_of_scope(call: Any, april: Any) -> None:
    answer = call("report", "monthly", "2005-04", at=april.root)
    assert answer.code == 0
    assert "Content: what was done" in answer.out
    assert "1,234.50" in answer.out
    assert answer.out.rstrip().endswith("out of scope, in no denominator: H003")
    (line,) = [line for line in answer.out.split("Results of handling")[0].splitlines() if line.startswith("Y02")]
    assert line.split()[2:5] == ["续保科", "3", "3"]


def test_a_figure_leads_to_its_facts(call: Any, april: Any) -> None:
    found = call("report", "explain", "2005-04/officer/Y02/reached/month", "--json", at=april.root).json
    assert found["figure"] == 2
    assert [line["household"] for line in found["facts"]] == ["H001", "H002"]
    shown = call("report", "explain", "2005-04/town/all/yuan/month", at=april.root)
    assert "paid 1,234.50 yuan" in shown.out
    log = call("household", "show", "H001", "--json", at=april.root).json["attempts"]
    assert found["facts"][0]["fact"] in {one["id"] for one in log}


@pytest.mark.parametrize("by", ["officer", "section", "community", "day"])
def test_each_way_to_group_comes_to_the_same_town(call: Any, april: Any, by: str) -> None:
    out = call("report", "monthly", "2005-04", "--by", by, at=april.root).out
    total = next(line for line in out.splitlines() if line.split()[:1] == ["all"])
    assert total.split()[1:3] == ["3", "3"]


def test_a_report_is_written_in_several_forms_at_once(call: Any, april: Any, tmp_path: Path) -> None:
    targets = [tmp_path / f"month.{ending}" for ending in ("docx", "xlsx", "html")]
    options = [word for target in targets for word in ("--to", target)]
    assert call("report", "monthly", "2005-04", *options, at=april.root).code == 0
    assert openpyxl.load_workbook(targets[1])["Whole town"]["C2"].value == 3
    assert all(target.stat().st_size > 5000 for target in targets)


def test_as_of_a_moment_before_the_facts_were_recorded_there_are_none(call: Any, april: Any) -> None:
    found = call("report", "monthly", "2005-04", "--as-of", "2005-05-02 09:00", "--json", at=april.root).json
    assert found["facts"] == 0
    assert found["as_of"].startswith("2005-05-02T09:00")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("monthly", "April"), 3, "April: is no month; write it as 2005-10"),
        (("monthly", "2030-01"), 3, "2030-01: has not begun"),
        (("monthly", "2005-04", "--to", "month.txt"), 3, "month.txt: is no kind of file a report is written as"),
        (("explain", "2005-04/officer/Y02"), 3, "is no figure's name"),
        (("explain", "2005-04/officer/Y77/reached/month"), 3, "the report has no such row"),
    ],
)
def test_what_cannot_be_reported_is_told_in_a_sentence(
    call: Any, april: Any, words: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = call("report", *words, at=april.root)
    assert answer.code == code
    assert len(answer.sentences) == 1
    assert sentence in answer.err


def test_chinese_users_read_chinese(call: Any, april: Any) -> None:
    out = call("report", "explain", "2005-04/town/all/visits/month", at=april.root, lang="zh").out
    assert "上门走访" in out
