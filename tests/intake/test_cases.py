"""A table of transfer cases: the days of its steps, and every row that cannot be right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from outreach.domain.calendar import Step
from outreach.errors import BadInput
from outreach.intake.cases import read_cases

TODAY = dt.date(2010, 3, 5)


def _file(folder: Path, *rows: str, heading: str = "业务号,申请日期,审核日期,转移手续日期,基金到账日期") -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join((heading, *rows)) + "\n", "utf-8")
    return path


def test_days_are_read_in_chinese_and_english_headings_and_forms(tmp_path: Path) -> None:
    chinese = read_cases(_file(tmp_path, "A1,2010年1月4日,20100120,,"), TODAY)
    english = read_cases(_file(tmp_path, "A1,2010/1/4,2010-01-20", heading="Case number,Applied on,Reviewed on"), TODAY)
    for (case,) in (chinese, english):
        assert (case.name, case.applied) == ("A1", dt.date(2010, 1, 4))
        assert case.done == {Step.ACCEPT: dt.date(2010, 1, 20)}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A1,2010-01-04,,2010-02-01,", "column '转移手续日期': this step is done, but not the one before it"),
        ("A1,2010-01-04,2010-01-03,,", "column '审核日期': 2010-01-03 is before the step before it"),
        ("A1,2010-01-04,2010-01-20,2010-01-19,", "column '转移手续日期': 2010-01-19 is before the step before it"),
        ("A1,2010-03-06,,,", "2010-03-06 is not between 1900 and 2010-03-05; correct it: the day has not come yet"),
        ("A1,,,,", "column '申请日期': the cell is empty"),
        (",2010-01-04,,,", "column '业务号': the cell is empty"),
        ("A0,2010-01-04,,,", "'A0' stands here a second time"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_with_its_place(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_cases(_file(tmp_path, "A0,2010-01-04,,,", row), TODAY)
    (fault,) = caught.value.faults
    assert says in fault.sentence()
    assert "row 3" in fault.where


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_cases(_file(tmp_path, "A1,2010-13-04,,,", "A2,,,,", "A3,2010-01-04,2010-01-02,,"), TODAY)
    assert len(caught.value.faults) == 3
