"""Account statements taken in all or nothing, the same file twice, a newer file over an older one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.domain.account import AccountYear
from outreach.errors import BadInput, NotFound
from outreach.services.accounts import AccountChange, BalanceFall, import_accounts, show_accounts


def row(code: str, person: int, year: int, balance: str = "4120.35", **more: str) -> dict[str, str]:
    told = {"户号": code, "人员序号": str(person), "年度": str(year), "缴费月数": "12"}
    return told | {"缴费基数": "480.00", "缴费金额": "1382.40", "账户余额": balance} | more


def test_statements_are_kept_by_person_and_year(town: Any) -> None:
    report = import_accounts(town.office, town.table([row("H001", 2, 1999, "5000"), row("H001", 2, 1998)]))
    assert (report.rows, report.added, report.changed, report.unchanged, report.absent) == (2, 2, 0, 0, 0)
    view = show_accounts(town.office, "H001")
    assert view.household.code == "H001"
    assert view.statements == {
        2: (AccountYear(1998, 12, 48000, 138240, 412035), AccountYear(1999, 12, 48000, 138240, 500000))
    }


def test_a_file_read_twice_changes_nothing(town: Any) -> None:
    path = town.table([row("H001", 1, 1998), row("H002", 1, 1998)])
    import_accounts(town.office, path)
    report = import_accounts(town.office, path)
    assert (report.added, report.changed, report.unchanged, report.changes) == (0, 0, 2, ())


def test_a_newer_file_changes_its_own_rows_and_leaves_the_others(town: Any) -> None:
    import_accounts(town.office, town.table([row("H001", 1, 1998), row("H001", 1, 1999, "5000"), row("H002", 1, 1998)]))
    newer = town.table([row("H001", 1, 1999, "5000", 缴费月数="11"), row("H001", 1, 2000, "6000")])
    report = import_accounts(town.office, newer)
    assert (report.added, report.changed, report.unchanged, report.absent) == (1, 1, 0, 2)
    assert report.changes == (AccountChange("H001", 1, 1999, "months", 12, 11),)
    assert [year.months for year in show_accounts(town.office, "H001").statements[1]] == [12, 11, 12]


def test_one_bad_row_keeps_the_whole_file_out(town: Any) -> None:
    path = town.table([row("H001", 1, 1998), row("H099", 1, 1998), row("H002", 1, 1998, 缴费月数="13")])
    with pytest.raises(BadInput) as caught:
        import_accounts(town.office, path)
    where = [fault.where for fault in caught.value.faults]
    assert where == [f"{path.name}, row 3, column '户号'", f"{path.name}, row 4, column '缴费月数'"]
    assert show_accounts(town.office, "H001").statements == {}


def test_a_falling_balance_is_told_and_kept_also_against_what_was_stored_before(town: Any) -> None:
    import_accounts(town.office, town.table([row("H001", 1, 1998, "4000")]))
    report = import_accounts(town.office, town.table([row("H001", 1, 1999, "3999.99")]))
    assert report.falls == (BalanceFall("H001", 1, 1999, 400000, 399999),)
    assert len(show_accounts(town.office, "H001").statements[1]) == 2


def test_the_future_has_no_statement(town: Any) -> None:
    assert town.clock.present.year == 2005
    import_accounts(town.office, town.table([row("H001", 1, 2005)]))
    with pytest.raises(BadInput, match="from 1951 to 2005"):
        import_accounts(town.office, town.table([row("H001", 1, 2006)]))


def test_a_household_nobody_knows_has_no_statements_to_show(town: Any) -> None:
    with pytest.raises(NotFound, match="H099"):
        show_accounts(town.office, "H099")


def test_an_import_is_remembered(town: Any) -> None:
    path = town.table([row("H001", 1, 1998)], "statements.csv")
    import_accounts(town.office, path)
    with town.office.store.read() as unit:
        assert unit.rosters.last_import("accounts", town.workspace.zone) == town.clock.present


def test_the_shipped_sample_belongs_to_the_shipped_roster(bare_town: Any) -> None:
    from outreach.services.rosters import import_households

    shipped = Path(__file__).parents[2] / "campaigns" / "yingcheng"
    import_households(bare_town.office, shipped / "households.csv")
    report = import_accounts(bare_town.office, shipped / "accounts.csv")
    assert report.added == report.rows > 300
    assert report.falls == ()
