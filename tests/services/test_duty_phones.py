"""The list beside the phone names who answers at every hour of the day, and every hour at which nobody would."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.services.absences import add_leave
from outreach.services.directory import list_changes
from outreach.services.duty_phones import list_duty, write_duty
from outreach.services.rosters import import_officers
from outreach.services.rota_state import RotaKind
from outreach.services.rotas import plan

DAY = dt.date(2005, 5, 2)


@pytest.fixture
def planned(town: Any) -> Any:
    plan(town.office, "", RotaKind.DUTY, first=DAY, last=DAY, publish_it=True)
    return town


def minutes(moment: dt.datetime) -> int:
    return moment.hour * 60 + moment.minute


def test_every_minute_from_eight_to_ten_at_night_has_somebody_with_numbers(planned: Any) -> None:
    (day,) = list_duty(planned.office, "", DAY, DAY)
    answered = {one for line in day.lines for one in range(minutes(line.starts), minutes(line.ends))}
    assert answered == set(range(8 * 60, 22 * 60))
    assert day.gap_minutes == 0
    for line in day.lines:
        assert line.name
        assert dict(line.phones)["duty"] == "0700-5550100"
        assert dict(line.phones)["mobile"].replace(" ", "").replace("-", "").startswith("1210555000")


def test_a_day_without_a_published_rota_is_one_gap(planned: Any) -> None:
    first, second = list_duty(planned.office, "", DAY, DAY + dt.timedelta(days=1))
    assert first.gap_minutes == 0
    assert second.gap_minutes == 14 * 60
    assert [(line.starts.hour, line.ends.hour, line.name) for line in second.lines] == [(8, 22, "")]


def test_whoever_fell_ill_leaves_a_gap_that_is_named(planned: Any) -> None:
    (day,) = list_duty(planned.office, "", DAY, DAY)
    ill = day.lines[0]
    planned.clock.present = dt.datetime(2005, 5, 1, 9, tzinfo=day.starts.tzinfo)
    add_leave(planned.office, ill.code, DAY, DAY, "ill")
    (after,) = list_duty(planned.office, "", DAY, DAY)
    assert after.gap_minutes == sum(
        int((line.ends - line.starts).total_seconds() // 60) for line in day.lines if line.code == ill.code
    )
    assert all(line.away for line in after.lines if line.code == ill.code)
    assert [line.starts for line in after.lines if not line.code]


def test_the_printed_list_says_names_hours_and_numbers(planned: Any, tmp_path: Path) -> None:
    import docx

    target = tmp_path / "duty.docx"
    (day,) = write_duty(planned.office, "", DAY, DAY, target)
    (table,) = docx.Document(str(target)).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert [row[1] for row in rows] == [line.name for line in day.lines]
    assert [row[4] for row in rows] == [dict(line.phones)["mobile"] for line in day.lines]


def test_days_that_run_backwards_are_refused(planned: Any) -> None:
    with pytest.raises(BadInput, match="2005-05-01"):
        list_duty(planned.office, "", DAY, DAY - dt.timedelta(days=1))


def test_numbers_that_an_import_of_officers_changes_stand_among_the_directorys_changes(town: Any) -> None:
    rows = [row | {"宅电": "0700-5559999"} if row["工号"] == "Y02" else row for row in town.officer_rows()]
    import_officers(town.office, town.table(rows, "new.csv"))
    import_officers(town.office, town.table(rows, "new.csv"))
    (change,) = list_changes(town.office)
    assert (change.owner, change.kind, change.old, change.new) == ("Y02", "home", "07005550012", "07005559999")
    assert change.note == "new.csv"
