"""Rotas of the small town: four officers, a booth of three May days, and the phone."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import use_language
from outreach.services.absences import add_leave
from outreach.services.campaigns import load_campaign
from outreach.services.rosters import import_officers
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import RotaView, show_rota
from outreach.services.rotas import edit_cell, plan, publish
from outreach.services.staffing import staffed

BOOTH, DUTY = RotaKind.BOOTH, RotaKind.DUTY
MAY = [dt.date(2005, 5, day) for day in (1, 2, 3)]


@pytest.fixture
def office(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    return bare_town.office


def rules(town: Any, text: str) -> None:
    town.campaign_file.with_name("plan.toml").write_text(f"format = 1\n{text}", "utf-8")


def on(view: RotaView) -> dict[str, list[str]]:
    return {shift.key: [officer.code for officer in shift.officers] for shift in view.shifts}


def check_by_hand(view: RotaView, rest_hours: float = 11) -> None:
    """Every shift full, nobody twice on a day or in two places, rest between days: counted without the planner."""
    assert all(
        len(set(codes)) == len(codes) == shift.heads
        for shift, codes in zip(view.shifts, on(view).values(), strict=True)
    )
    mine: dict[str, list[Any]] = {}
    for shift in view.shifts:
        for officer in shift.officers:
            mine.setdefault(officer.code, []).append(shift)
    for shifts in mine.values():
        days = Counter(shift.starts.date() for shift in shifts)
        assert max(days.values()) == 1
        for one, two in itertools.pairwise(shifts):
            assert (two.starts - one.ends).total_seconds() / 3600 >= rest_hours


def test_the_booths_are_filled_evenly_and_the_plan_is_proven(office: Any) -> None:
    planned = plan(office, "", BOOTH)
    assert (planned.shifts, planned.officers, planned.published) == (6, 4, False)
    assert planned.aims
    assert all(aim.proven for aim in planned.aims)
    view = show_rota(office, "", BOOTH)
    check_by_hand(view)
    assert {load.shifts for load in view.officers} == {3}
    assert {load.holidays for load in view.officers} == {3}
    assert {shift.holiday["zh"] for shift in view.shifts} == {"劳动节"}


def test_whoever_is_on_leave_stands_nowhere(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[booths]\nmost_a_day = 2\n")
    add_leave(office, "Y01", MAY[0], MAY[1], "培训")
    plan(office, "", BOOTH)
    view = show_rota(office, "", BOOTH)
    away = {shift.key for shift in view.shifts if shift.starts.date() in MAY[:2]}
    assert away
    assert all("Y01" not in on(view)[key] for key in away)


def test_locked_cells_and_forbidden_cells_survive_planning_again(office: Any) -> None:
    plan(office, "", BOOTH)
    key = show_rota(office, "", BOOTH).shifts[0].key
    there = on(show_rota(office, "", BOOTH))[key]
    absent = next(code for code in ("Y01", "Y02", "Y03", "Y04") if code not in there)
    edit_cell(office, "", BOOTH, key, absent, on=True)
    edit_cell(office, "", BOOTH, key, there[0], on=False)
    plan(office, "", BOOTH)
    view = show_rota(office, "", BOOTH)
    check_by_hand(view)
    assert absent in on(view)[key]
    assert there[0] not in on(view)[key]
    assert [one.code for one in view.shifts[0].officers if one.locked] == [absent]
    assert view.shifts[0].barred == (there[0],)
    edit_cell(office, "", BOOTH, key, absent, locked=False)
    assert not any(one.locked for one in show_rota(office, "", BOOTH).shifts[0].officers)


def test_a_cell_that_is_locked_as_it_is_stays_through_a_leave_elsewhere(office: Any) -> None:
    plan(office, "", BOOTH, publish_it=True)
    view = show_rota(office, "", BOOTH)
    cell = edit_cell(office, "", BOOTH, view.shifts[2].key, view.shifts[2].officers[0].post)
    assert (cell.on, cell.locked) == (True, True)
    plan(office, "", BOOTH)
    assert cell.officer in on(show_rota(office, "", BOOTH))[cell.shift]


def test_after_publishing_a_leave_changes_as_little_as_can_be_and_says_what(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[booths]\nmost_a_day = 2\n")
    bare_town.clock.present = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
    plan(office, "", BOOTH, publish_it=True)
    before = on(show_rota(office, "", BOOTH, told=True))
    lost = [key for key, codes in before.items() if "Y01" in codes and key.startswith("booth-mayday-20050502")]
    bare_town.clock.present = dt.datetime(2005, 4, 1, 9, tzinfo=dt.UTC)
    add_leave(office, "Y01", MAY[1], MAY[1], "病假")
    again = plan(office, "", BOOTH)
    assert again.aims[0].name == "changes"
    assert again.aims[0].proven
    assert {(one.what, one.shift) for one in again.changes if one.officer == "Y01"} == {("off", key) for key in lost}
    assert len(again.changes) == again.aims[0].value == 2 * len(lost)
    assert on(show_rota(office, "", BOOTH, told=True)) == before
    assert list(publish(office, "", BOOTH).changes) == list(again.changes)
    after = on(show_rota(office, "", BOOTH, told=True))
    assert sum(set(before[key]) != set(after[key]) for key in before) == len(lost)


def test_shifts_that_have_begun_stay_as_they_were_told(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[booths]\nmost_a_day = 2\n")
    bare_town.clock.present = dt.datetime(2005, 4, 1, 9, tzinfo=dt.UTC)
    plan(office, "", BOOTH, publish_it=True)
    before = on(show_rota(office, "", BOOTH))
    bare_town.clock.present = dt.datetime(2005, 5, 2, 10, tzinfo=dt.UTC)
    for code in ("Y01", "Y02"):
        add_leave(office, code, MAY[0], MAY[2], "病假")
    again = plan(office, "", BOOTH)
    after = on(show_rota(office, "", BOOTH))
    assert again.kept == 4
    past = [key for key in before if "0503" not in key]
    assert {key: after[key] for key in past} == {key: before[key] for key in past}
    assert all(set(after[key]) == {"Y03", "Y04"} for key in after if "0503" in key)


def test_a_rota_that_cannot_be_says_who_where_and_why_and_what_would_do(office: Any) -> None:
    for code in ("Y01", "Y02", "Y03"):
        add_leave(office, code, MAY[1], MAY[1], "培训")
    with pytest.raises(Conflict) as caught:
        plan(office, "", BOOTH)
    said = str(caught.value)
    assert caught.value.exit_code == 6
    assert len(caught.value.faults) == 1
    assert "\n" not in said
    assert "cannot hold together" in said
    assert "long-distance bus station needs 2 on 05-02" in said
    assert "梁若舟 on leave (培训)" in said
    assert "the cheapest way out" in said
    with pytest.raises(Conflict, match="no rota"):
        show_rota(office, "", BOOTH)


def test_too_few_people_for_a_week_are_told_first_by_counting_and_equal_wants_are_one_clause(
    bare_town: Any, office: Any
) -> None:
    skilled = [row | {"技能": "政策"} for row in bare_town.officer_rows()]
    import_officers(office, bare_town.table(skilled))
    text = '[booths]\nmost_a_week = 1\nskills = { "政策" = 1 }\ncandidates = ["G01", "G02", "G03"]\n'
    rules(bare_town, text)
    with pytest.raises(Conflict) as caught:
        plan(office, "", BOOTH)
    said = str(caught.value)
    assert "in the week of 2005-05-02: 8 places to fill, but the 3 officers who may take them have room for 3" in said
    assert said.index("8 places") < said.index("no rota keeps every rule")
    assert "set that cannot hold together" in said
    assert "of 4" not in said
    assert "安" not in said
    assert said.count("with 'policy' on") <= 1


def test_the_clash_is_told_in_chinese_too(bare_town: Any, office: Any) -> None:
    rules(bare_town, '[booths]\nmost_a_day = 2\napart = [["G03", "G04"]]\n')
    for code in ("Y01", "Y02"):
        add_leave(office, code, MAY[1], MAY[1], "培训")
    use_language("zh")
    with pytest.raises(Conflict) as caught:
        plan(office, "", BOOTH)
    said = str(caught.value)
    assert "长途汽车站 05-02 08:00-12:00 需要 2 人（4 人中 2 人能来；不能来的：梁若舟 请假（培训）" in said
    assert "司马远和安不同班" in said
    assert "代价最小的办法" in said


def test_the_phone_is_answered_every_minute_of_every_day_holidays_included(bare_town: Any, office: Any) -> None:
    plan(office, "", DUTY, first=dt.date(2005, 4, 25), last=dt.date(2005, 5, 8), seconds=5)
    view = show_rota(office, "", DUTY)
    check_by_hand(view, rest_hours=11)
    zone = load_campaign(office.workspace, "").zone
    for offset in range(14):
        day = dt.date(2005, 4, 25) + dt.timedelta(days=offset)
        for minute in range(8 * 60, 22 * 60):
            at = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
            assert [s for s in view.shifts if s.starts <= at < s.ends and s.officers], at
    assert sum(bool(shift.holiday) for shift in view.shifts) == 21
    shares = [load.holidays for load in view.officers]
    assert max(shares) - min(shares) <= 1


def test_nobody_is_at_a_booth_and_on_the_phone_at_once(bare_town: Any, office: Any) -> None:
    rules(bare_town, "[booths]\nway_minutes = 0\n")
    plan(office, "", BOOTH, publish_it=True)
    booths = show_rota(office, "", BOOTH, told=True)
    plan(office, "", DUTY, first=MAY[0], last=MAY[2], seconds=5)
    for call in show_rota(office, "", DUTY).shifts:
        for officer in call.officers:
            for booth in booths.shifts:
                there = officer.code in [one.code for one in booth.officers]
                assert not (there and call.starts < booth.ends and booth.starts < call.ends)


def test_a_draft_that_breaks_a_rule_by_now_is_not_published(office: Any) -> None:
    plan(office, "", BOOTH)
    shift = show_rota(office, "", BOOTH).shifts[0]
    edit_cell(office, "", BOOTH, shift.key, shift.officers[0].code, on=False)
    with pytest.raises(Conflict, match="needs 2 on 05-01 08:00-12:00 and has 1"):
        publish(office, "", BOOTH)
    plan(office, "", BOOTH)
    publish(office, "", BOOTH)
    with pytest.raises(Conflict, match="no draft to publish"):
        publish(office, "", BOOTH)


def test_the_campaigns_booths_are_staffed_by_the_published_rota_only(bare_town: Any, office: Any) -> None:
    campaign = load_campaign(office.workspace, "")
    listed = [p.staff for p in campaign.placements() if p.channel == "booth"]
    plan(office, "", BOOTH)
    with office.store.read() as unit:
        assert [p.staff for p in staffed(unit, campaign) if p.channel == "booth"] == listed
    publish(office, "", BOOTH)
    told = on(show_rota(office, "", BOOTH))
    with office.store.read() as unit:
        found = {p.key: p.staff for p in staffed(unit, campaign) if p.channel == "booth"}
    assert found == {key: tuple(code.replace("Y", "G") for code in codes) for key, codes in told.items()}


def test_one_booth_may_be_planned_alone_and_the_others_stay(bare_town: Any, office: Any) -> None:
    text = bare_town.campaign_file.read_text("utf-8")
    _head, booth = text.split('[[flights]]\nid = "booth-mayday"')
    june = booth.replace("05-01", "06-11").replace("05-03", "06-12")
    bare_town.campaign_file.write_text(f'{text}\n[[flights]]\nid = "booth-june"{june}', "utf-8")
    plan(office, "", BOOTH, publish_it=True)
    before = on(show_rota(office, "", BOOTH))
    assert len(before) == 10
    add_leave(office, "Y04", dt.date(2005, 6, 11), dt.date(2005, 6, 11), "病假")
    rules(bare_town, "[booths]\nmost_a_day = 2\n")
    plan(office, "", BOOTH, flight="booth-june", publish_it=True)
    after = on(show_rota(office, "", BOOTH, told=True))
    assert {key: codes for key, codes in after.items() if "mayday" in key} == {
        key: codes for key, codes in before.items() if "mayday" in key
    }
    assert all("Y04" not in codes for key, codes in after.items() if "20050611" in key)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[booths]\ncandidates = ["G01", "G77"]', "there is no officer 'G77'"),
        ('[booths]\napart = [["G01", "Y55"]]', "there is no officer 'Y55'"),
        ('[booths]\nskills = { "counter" = 1 }', "no officer has the skill 'counter'"),
        ('[duty]\nshifts = ["08:00-12:00", "13:00-22:00"]', "nobody answers the phone from 12:00 to 13:00"),
        ('[duty]\nshifts = ["08:00-12:00", "12:00-21:30"]', "nobody answers the phone from 21:30 to 22:00"),
        ('[duty]\nshifts = ["22:00-08:00"]', "ends before it starts"),
        ('[booths]\napart = [["G01", "G02"]]\ntogether = [["G02", "G01"]]', "are to be apart and together"),
        ('[booths]\napart = [["G01", "G01"]]', "paired with itself"),
    ],
)
def test_a_planning_file_that_cannot_be_meant_is_refused(bare_town: Any, office: Any, text: str, says: str) -> None:
    rules(bare_town, text)
    with pytest.raises(BadInput, match=says):
        plan(office, "", BOOTH)


def test_hours_at_which_somebody_is_not_there_are_kept_free(bare_town: Any, office: Any) -> None:
    rules(
        bare_town,
        "[booths]\nmost_a_day = 2\n"
        '[[booths.unavailable]]\nofficer = "G02"\nhours = "07:00-11:00"\nweekdays = ["mon"]\n',
    )
    plan(office, "", BOOTH)
    told = on(show_rota(office, "", BOOTH))
    assert "Y02" not in told["booth-mayday-20050502-1"]


def test_pairs_stay_apart_and_together(bare_town: Any, office: Any) -> None:
    rules(bare_town, '[booths]\ntogether = [["G01", "G02"]]\n')
    plan(office, "", BOOTH)
    assert {tuple(codes) for codes in on(show_rota(office, "", BOOTH)).values()} == {("Y01", "Y02"), ("Y03", "Y04")}
    rules(bare_town, '[booths]\napart = [["Y01", "Y02"]]\n')
    plan(office, "", BOOTH)
    assert not any({"Y01", "Y02"} <= set(codes) for codes in on(show_rota(office, "", BOOTH)).values())


def test_half_a_post_takes_half_the_phone(bare_town: Any, office: Any) -> None:
    rows = bare_town.officer_rows()
    shared = [row | {"工作量": "50%" if row["工号"] == "Y01" else "100%"} for row in rows]
    import_officers(office, bare_town.table(shared))
    rules(bare_town, "[duty]\nrest_hours = 0\n")
    plan(office, "", DUTY, first=dt.date(2005, 6, 1), last=dt.date(2005, 6, 14), seconds=5)
    hours = {load.code: load.hours for load in show_rota(office, "", DUTY).officers}
    assert hours["Y01"] == pytest.approx(sum(hours.values()) / 7, abs=6)


def test_unknown_shifts_officers_flights_and_days_are_named(office: Any) -> None:
    with pytest.raises(NotFound, match="no such booth"):
        plan(office, "", BOOTH, flight="card-all")
    with pytest.raises(BadInput, match="outside the campaign"):
        plan(office, "", DUTY, first=dt.date(2006, 1, 1))
    with pytest.raises(Conflict, match="no shift from"):
        plan(office, "", BOOTH, first=dt.date(2005, 6, 1))
    plan(office, "", BOOTH)
    with pytest.raises(NotFound, match="no such shift"):
        edit_cell(office, "", BOOTH, "booth-x", "G01")
    with pytest.raises(NotFound, match="no such officer"):
        edit_cell(office, "", BOOTH, "booth-mayday-20050501-1", "G99")
    add_leave(office, "Y01", MAY[0], MAY[0], "年休假")
    with pytest.raises(Conflict, match="is on leave on 2005-05-01"):
        edit_cell(office, "", BOOTH, "booth-mayday-20050501-1", "G01", on=True)


def test_the_same_town_gives_the_same_rota_again(office: Any, bare_town: Any) -> None:
    first = [plan(office, "", BOOTH), on(show_rota(office, "", BOOTH))]
    second = [plan(bare_town.reopen(), "", BOOTH), on(show_rota(office, "", BOOTH))]
    assert first == second
