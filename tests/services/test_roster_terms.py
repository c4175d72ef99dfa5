"""The columns that planning asks for: taken in, compared, left alone where they are absent, written out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.services.exports import export_households
from outreach.services.rosters import Change, import_households, import_officers, list_households, list_officers

TERMS = {"工作量": "50%", "最多户数": "9", "技能": "政策、方言", "方言": "应城话", "居住社区": "城东社区"}


def test_new_terms_of_an_officer_are_shown_as_changes_and_stored(town: Any) -> None:
    rows = town.officer_rows()
    given = [
        rows[0] | TERMS,
        *(row | {"工作量": "", "最多户数": "", "技能": "", "方言": "", "居住社区": ""} for row in rows[1:]),
    ]
    report = import_officers(town.office, town.table(given))
    assert set(report.changes) == {
        Change("Y01", "share", "100", "50"),
        Change("Y01", "most", "", "9"),
        Change("Y01", "skills", "", "policy、dialect"),
        Change("Y01", "languages", "", "应城话"),
        Change("Y01", "community", "", "城东社区"),
    }
    assert (len(report.changed), report.unchanged) == (1, 3)
    officer = list_officers(town.office)[0]
    assert (officer.share, officer.most, officer.skills) == (50, 9, ("policy", "dialect"))


def test_a_file_without_these_columns_leaves_them_alone(town: Any) -> None:
    import_officers(town.office, town.table([row | TERMS for row in town.officer_rows()]))
    import_households(
        town.office, town.table([row | {"白天上班": "是", "方言": "应城话"} for row in town.household_rows()])
    )
    before = list_officers(town.office), list_households(town.office)
    assert import_officers(town.office, town.table(town.officer_rows())).changes == ()
    assert import_households(town.office, town.table(town.household_rows())).changes == ()
    assert (list_officers(town.office), list_households(town.office)) == before
    assert all(home.works and home.language == "应城话" for home in before[1])


def test_a_household_that_finds_work_is_one_change(town: Any) -> None:
    rows = [row | {"白天上班": "是" if row["户号"] == "H002" else "否"} for row in town.household_rows()]
    assert import_households(town.office, town.table(rows)).changes == (Change("H002", "works", "False", "True"),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_holds_the_new_columns_and_changes_nothing_when_it_comes_back(
    town: Any, tmp_path: Path, language: str
) -> None:
    import_households(
        town.office, town.table([row | {"白天上班": "是", "方言": "四川话"} for row in town.household_rows()])
    )
    use_language(language)
    export_households(town.office, "", tmp_path / "out.csv", unmask=True)
    assert "四川话" in (tmp_path / "out.csv").read_text("utf-8-sig")
    report = import_households(town.office, tmp_path / "out.csv")
    assert (report.added, report.changes, report.unchanged) == ((), (), 30)


def test_one_bad_share_keeps_the_whole_file_out(town: Any) -> None:
    rows = [row | {"工作量": "150%" if row["工号"] == "Y03" else "50%"} for row in town.officer_rows()]
    with pytest.raises(BadInput, match="from 0 to 100 per cent") as caught:
        import_officers(town.office, town.table(rows))
    assert len(caught.value.faults) == 1
    assert {officer.share for officer in list_officers(town.office)} == {100}
