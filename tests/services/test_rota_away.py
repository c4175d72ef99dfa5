"""Leave that falls on what was published: noticed at once, shown until it is mended, mended by a bare plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.errors import Conflict
from outreach.services.absences import add_leave, import_leave, lift_leave
from outreach.services.rosters import import_officers
from outreach.services.rota_calendars import write_rota_calendars
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import show_rota
from outreach.services.rotas import plan, publish

BOOTH, DUTY = RotaKind.BOOTH, RotaKind.DUTY
MARCH = [dt.date(2005, 3, day) for day in range(1, 32)]


@pytest.fixture
def office(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    return bare_town.office


@pytest.fixture
def duty(office: Any, bare_town: Any) -> Any:
    """Two stretches of the phone published in March's campaign before its days, the newest one the later."""
    bare_town.clock.present = dt.datetime(2005, 2, 20, 9, tzinfo=dt.UTC)
    for first, last in ((7, 13), (21, 27)):
        plan(office, "", DUTY, first=MARCH[first - 1], last=MARCH[last - 1], seconds=1, publish_it=True)
    return office


def first_of(office: Any, kind: RotaKind = DUTY) -> tuple[str, str, dt.date]:
    """The first published shift, its officer and its day."""
    shift = show_rota(office, "", kind, told=True).shifts[0]
    return shift.key, shift.officers[0].code, shift.starts.date()


def away(found: Any) -> set[tuple[str, str]]:
    return {(one.shift, one.officer) for one in found}


def test_leave_names_the_published_shifts_it_falls_on_and_the_command_that_mends_them(duty: Any) -> None:
    key, code, day = first_of(duty)
    found = add_leave(duty, code, day, day, "病假").shifts
    assert away(found) == {(key, code)}
    assert (found[0].kind, found[0].why) == (DUTY, "on leave (病假)")
    assert found[0].plan == "outreach duty plan --campaign town"
    assert add_leave(duty, "Y01", dt.date(2005, 9, 1), dt.date(2005, 9, 1), "年休假").shifts == ()


def test_a_table_of_leave_names_them_too_and_booths_as_well(duty: Any, bare_town: Any) -> None:
    plan(duty, "", BOOTH, publish_it=True)
    key, code, day = first_of(duty, BOOTH)
    row = {"工号": code, "开始日期": f"{day}", "结束日期": f"{day}", "事由": "培训"}
    found = import_leave(duty, bare_town.table([row], "leave.csv")).shifts
    assert away(found) == {(key, code)}
    assert found[0].plan == "outreach booth plan --campaign town"


def test_a_bare_plan_reaches_the_shift_that_leave_broke_and_publishing_mends_it(duty: Any) -> None:
    key, code, day = first_of(duty)
    add_leave(duty, code, day, day, "病假")
    planned = plan(duty, "", DUTY, seconds=1)
    assert (planned.first, planned.last) == (day, MARCH[26])
    assert ("off", key, code) in {(one.what, one.shift, one.officer) for one in planned.changes}
    assert publish(duty, "", DUTY).away == ()
    assert code not in [one.code for one in show_rota(duty, "", DUTY, told=True).shifts[0].officers]
    again = plan(duty, "", DUTY, seconds=1)
    assert again.changes == ()


def test_publishing_other_days_and_calendars_warn_of_shifts_whose_officer_is_away(duty: Any) -> None:
    key, code, day = first_of(duty)
    added = add_leave(duty, code, day, day, "病假")
    plan(duty, "", DUTY, first=MARCH[20], last=MARCH[26], seconds=1)
    assert away(publish(duty, "", DUTY).away) == {(key, code)}
    assert away(write_rota_calendars(duty, "", DUTY).away) == {(key, code)}
    view = show_rota(duty, "", DUTY)
    assert away(view.away) == {(key, code)}
    marked = [(shift.key, one.code, one.away) for shift in view.shifts for one in shift.officers if one.away]
    assert marked == [(key, code, "on leave (病假)")]
    lift_leave(duty, added.id)
    assert show_rota(duty, "", DUTY).away == ()


def test_an_officer_whose_post_was_given_to_another_is_away_too(duty: Any, bare_town: Any) -> None:
    key, code, _day = first_of(duty)
    rows = [row | ({"工号": "Y90", "姓名": "安可"} if row["工号"] == code else {}) for row in bare_town.officer_rows()]
    import_officers(duty, bare_town.table(rows))
    found = show_rota(duty, "", DUTY).away
    assert (key, code) in away(found)
    assert {one.why for one in found} == {"takes no shifts any more"}


def test_shifts_that_were_told_in_time_and_have_begun_are_history_and_those_told_afterwards_are_not(
    duty: Any, bare_town: Any
) -> None:
    key, code, day = first_of(duty)
    bare_town.clock.present = dt.datetime(2005, 3, 28, 9, tzinfo=dt.UTC)
    assert add_leave(duty, code, day, day, "病假").shifts == ()
    plan(duty, "", DUTY, first=MARCH[0], last=MARCH[2], seconds=1, publish_it=True)
    late, other, on = first_of(duty)
    assert late != key
    assert away(add_leave(duty, other, on, on, "培训").shifts) == {(late, other)}


def test_the_way_from_the_booth_to_the_phone_is_kept_free(office: Any, bare_town: Any) -> None:
    plan(office, "", BOOTH, publish_it=True)
    days = {"first": dt.date(2005, 5, 1), "last": dt.date(2005, 5, 1), "seconds": 1}
    # All four stand at the booth that day, two until 12:00 and two from 13:00: nobody gets to the phone by 12:00.
    with pytest.raises(Conflict, match=r"0 of 4 can come.*on duty at long-distance bus station, 05-01 08:00-12:00"):
        plan(office, "", DUTY, **days)
    bare_town.campaign_file.with_name("plan.toml").write_text("format = 1\n[booths]\nway_minutes = 0\n", "utf-8")
    plan(office, "", DUTY, **days)
    booth = {one.code: shift.ends for shift in show_rota(office, "", BOOTH).shifts[:2] for one in shift.officers}
    noon = show_rota(office, "", DUTY).shifts[1]
    assert booth[noon.officers[0].code] == noon.starts


def test_nobody_stands_at_two_stations_without_the_way_between(office: Any, bare_town: Any) -> None:
    text = bare_town.campaign_file.read_text("utf-8").replace('"08:00-12:00", "13:00-17:00"', '"08:00-12:00"')
    _head, booth = text.split('[[flights]]\nid = "booth-mayday"')
    east = booth.replace("长途汽车站", "城东汽车站").replace("08:00-12:00", "12:30-16:30")
    bare_town.campaign_file.write_text(f'{text}\n[[flights]]\nid = "booth-east"{east}', "utf-8")
    for code in ("Y03", "Y04"):
        add_leave(office, code, dt.date(2005, 5, 1), dt.date(2005, 5, 3), "培训")
    plan_file = bare_town.campaign_file.with_name("plan.toml")
    plan_file.write_text("format = 1\n[booths]\nmost_a_day = 3\n", "utf-8")
    says = "cannot get from one place to the other in time: 05-0[123] 08:00-12:00 and 05-0[123] 12:30-16:30"
    with pytest.raises(Conflict, match=says):
        plan(office, "", BOOTH)
    plan_file.write_text("format = 1\n[booths]\nmost_a_day = 3\nway_minutes = 30\n", "utf-8")
    assert plan(office, "", BOOTH).officers == 2
