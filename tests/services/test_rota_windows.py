"""Rotas planned in parts: what stands before and after, and beside, is not forgotten."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from outreach.errors import Conflict
from outreach.services.absences import add_leave
from outreach.services.rosters import import_officers
from outreach.services.rota_files import write_rota
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import show_rota
from outreach.services.rotas import edit_cell, plan

BOOTH, DUTY = RotaKind.BOOTH, RotaKind.DUTY


@pytest.fixture
def office(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    return bare_town.office


def rules(town: Any, text: str) -> None:
    town.campaign_file.with_name("plan.toml").write_text(f"format = 1\n{text}", "utf-8")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2005-{text}")


def shifts_of(office: Any, kind: RotaKind) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for shift in show_rota(office, "", kind).shifts:
        for officer in shift.officers:
            found.setdefault(officer.code, []).append(shift)
    return found


def test_the_rest_holds_from_one_months_last_evening_to_the_nexts_first_morning(office: Any) -> None:
    plan(office, "", DUTY, first=day("05-25"), last=day("05-31"), seconds=5, publish_it=True)
    plan(office, "", DUTY, first=day("06-01"), last=day("06-07"), seconds=5)
    for shifts in shifts_of(office, DUTY).values():
        for one, two in itertools.pairwise(shifts):
            assert two.starts - one.ends >= dt.timedelta(hours=11)


def test_the_weeks_cap_counts_what_the_month_before_gave_of_the_week(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[duty]\nmost_a_week = 6\n")
    # 30 May 2005 was a Monday: the week is shared by two plans.
    plan(office, "", DUTY, first=day("05-30"), last=day("06-01"), seconds=5, publish_it=True)
    plan(office, "", DUTY, first=day("06-02"), last=day("06-05"), seconds=5, publish_it=True)
    assert all(len(shifts) <= 6 for shifts in shifts_of(office, DUTY).values())
    assert sum(len(shifts) for shifts in shifts_of(office, DUTY).values()) == 21


def test_shifts_told_under_older_rules_do_not_make_other_days_impossible(bare_town: Any, office: Any) -> None:
    rules(bare_town, '[duty]\ncandidates = ["G01"]\nmost_a_day = 3\nrest_hours = 0\n')
    plan(office, "", DUTY, first=day("05-30"), last=day("06-01"), seconds=5, publish_it=True)
    before = show_rota(office, "", DUTY).shifts
    rules(bare_town, "[duty]\nmost_a_week = 6\n")
    plan(office, "", DUTY, first=day("06-02"), last=day("06-05"), seconds=5)
    assert show_rota(office, "", DUTY).shifts[:9] == before
    # Who has too much of the week already is still not woken after the evening before.
    assert "Y01" not in [one.code for one in show_rota(office, "", DUTY).shifts[9].officers]


def test_a_clash_of_a_whole_week_is_told_in_one_breath(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[duty]\nmost_a_week = 5\n")
    with pytest.raises(Conflict) as caught:
        plan(office, "", DUTY, first=day("05-30"), last=day("06-05"), seconds=5)
    said = str(caught.value)
    assert "21 shifts from 05-30 08:00-12:00 to 06-05 18:00-22:00 need 21 in all" in said
    assert "梁若舟, 欧阳青禾, 司马远, 安 take at most 5 each in the week of 2005-05-30" in said
    assert "takes 1 more in the week of 2005-05-30" in said
    assert len(said) < 600


def test_booths_planned_one_by_one_put_nobody_in_two_places(bare_town: Any, office: Any) -> None:
    text = bare_town.campaign_file.read_text("utf-8")
    text = text.replace("heads = 2", "heads = 1").replace('staff = ["G01", "G02", "G03", "G04"]', "")
    booth = text.split('[[flights]]\nid = "booth-mayday"')[1]
    other = booth.replace("长途汽车站", "短途汽车站").replace("long-distance", "city")
    bare_town.campaign_file.write_text(f'{text}\n[[flights]]\nid = "booth-city"{other}', "utf-8")
    for flight in ("booth-mayday", "booth-city"):
        plan(office, "", BOOTH, flight=flight, publish_it=True)
    view = show_rota(office, "", BOOTH)
    assert len(view.shifts) == 12
    for shifts in shifts_of(office, BOOTH).values():
        assert len({shift.starts.date() for shift in shifts}) == len(shifts)


def test_changes_count_the_days_planned_and_not_the_days_around_them(bare_town: Any, office: Any) -> None:
    bare_town.clock.present = dt.datetime(2005, 5, 1, 9, tzinfo=dt.UTC)
    plan(office, "", DUTY, first=day("05-30"), last=day("06-12"), seconds=5, publish_it=True)
    lost = next(shift for shift in show_rota(office, "", DUTY).shifts if shift.key == "duty-20050608-2")
    add_leave(office, lost.officers[0].code, day("06-08"), day("06-08"), "病假")
    again = plan(office, "", DUTY, first=day("06-06"), last=day("06-12"), seconds=5)
    assert again.aims[0].value == len(again.changes)
    assert {change.starts.date() for change in again.changes} <= {day(f"06-{n:02d}") for n in range(6, 13)}


def test_a_shift_that_was_told_and_has_begun_cannot_be_set_by_hand(bare_town: Any, office: Any) -> None:
    bare_town.clock.present = dt.datetime(2005, 4, 1, 9, tzinfo=dt.UTC)
    plan(office, "", BOOTH, publish_it=True)
    bare_town.clock.present = dt.datetime(2005, 5, 1, 10, tzinfo=dt.UTC)
    with pytest.raises(Conflict, match="has begun; choose a later shift"):
        edit_cell(office, "", BOOTH, "booth-mayday-20050501-1", "G01", on=False)
    edit_cell(office, "", BOOTH, "booth-mayday-20050503-1", "G01", on=False)


def test_an_officer_who_left_is_replaced_and_the_change_is_told(bare_town: Any, office: Any) -> None:
    bare_town.clock.present = dt.datetime(2005, 4, 1, 9, tzinfo=dt.UTC)
    plan(office, "", BOOTH, publish_it=True)
    rows = bare_town.officer_rows()
    rows[3] |= {"工号": "Y05", "姓名": "贺知远"}
    import_officers(office, bare_town.table(rows))
    again = plan(office, "", BOOTH, publish_it=True)
    assert {(one.officer, one.what) for one in again.changes} == {("Y04", "off"), ("Y05", "on")}
    assert "Y04" not in shifts_of(office, BOOTH)


def test_holidays_of_a_year_without_a_notice_are_marked_provisional(bare_town: Any, office: Any, tmp_path: Any) -> None:
    import openpyxl

    text = bare_town.campaign_file.read_text("utf-8")
    bare_town.campaign_file.write_text(text.replace("2005-", "2028-"), "utf-8")
    assert plan(office, "", BOOTH, publish_it=True).provisional
    assert show_rota(office, "", BOOTH).provisional
    sheet = openpyxl.load_workbook(write_rota(office, "", BOOTH, tmp_path / "wall.xlsx").file).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "May Day (provisional)" in texts
    assert "Holidays are provisional" in texts[-1]
