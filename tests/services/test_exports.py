"""The roster written out: masked unless asked for, and never a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outreach.errors import BadInput
from outreach.services.contacts import record_attempt
from outreach.services.exports import export_households
from outreach.services.territories import present_posts


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_one_row_a_person_with_phones_masked(town: Any, tmp_path: Path) -> None:
    record_attempt(town.office, "", "H001", channel="visit", disposition="informed")
    assert export_households(town.office, "", tmp_path / "roster.csv", unmask=False) == 40
    rows = read_csv(tmp_path / "roster.csv")
    first = next(row for row in rows if row["Household code"] == "H001" and row["No."] == "1")
    assert first["Mobile"] == "121****0100"
    assert first["Whole address"].startswith("Room 101, Unit 1, Building 2")
    assert (first["Months lapsed"], first["Attempts"], first["Reached on"]) == ("10", "1", "2005-06-15")
    assert first["Post"] == present_posts(town.office, "")["H001"]
    assert "12105550100" not in (tmp_path / "roster.csv").read_text("utf-8-sig")


def test_phones_are_whole_when_asked_for(town: Any, tmp_path: Path) -> None:
    export_households(town.office, "", tmp_path / "roster.xlsx", unmask=True)
    sheet = openpyxl.load_workbook(tmp_path / "roster.xlsx").worksheets[0]
    assert {"12105550100", "12105550129"} <= {cell.value for cell in sheet["E"]}
    assert sheet.max_row == 41


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.invalid")', "+1+1", "@SUM(A1)", "-2+3"])
def test_a_value_that_looks_like_a_formula_stays_text(town: Any, tmp_path: Path, text: str) -> None:
    town.edit_household("H002", 原单位=text)
    export_households(town.office, "", tmp_path / "roster.xlsx", unmask=False)
    export_households(town.office, "", tmp_path / "roster.csv", unmask=False)
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "roster.xlsx").worksheets[0].iter_rows() for cell in row]
    (cell,) = [cell for cell in cells if cell.value == text]
    assert cell.data_type == "s"
    assert not [cell for cell in cells if cell.data_type == "f"]
    (row,) = [row for row in read_csv(tmp_path / "roster.csv") if row["Household code"] == "H002"]
    assert row["Employer"] == "'" + text


def test_another_kind_of_file_is_refused(town: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.xlsx or \.csv"):
        export_households(town.office, "", tmp_path / "roster.pdf", unmask=False)
    assert not (tmp_path / "roster.pdf").exists()
