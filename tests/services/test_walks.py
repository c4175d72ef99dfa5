"""Walk lists: who stands on one, what stays frozen, and what is refused."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.walk_list import PAPER_CODES, LineReason, ListState
from outreach.errors import BadInput, CannotPrint, Conflict, NotFound
from outreach.planning.holidays import work_calendar
from outreach.services import walk_planning
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.due import ranked, visits
from outreach.services.erasure import erase_household
from outreach.services.materials import make_material
from outreach.services.recall import Wanted, recall
from outreach.services.rosters import import_officers
from outreach.services.suppressions import suppress
from outreach.services.try_records import know
from outreach.services.walk_files import WalkWish, export_walks
from outreach.services.walk_pieces import refuse_stale
from outreach.services.walk_planning import WalkPlan
from outreach.services.walks import find_walks, list_walks, show_walk, withdraw_walk
from outreach.store.absences import Absence

# The town's clock stands at Wednesday, 15 June 2005, ten o'clock.
TODAY = dt.date(2005, 6, 15)
TOMORROW = TODAY + dt.timedelta(days=1)


def plan_walks(office: Any, campaign: str, **options: Any) -> WalkPlan:
    """Lists for everybody, due or not, unless a test says otherwise."""
    return walk_planning.plan_walks(office, campaign, **{"everybody": True} | options)


def rules(town: Any, text: str) -> None:
    """The campaign's planning file."""
    town.campaign_file.with_name("plan.toml").write_text(f"format = 1\n\n[walks]\n{text}\n", "utf-8")


def met(plan: WalkPlan) -> set[str]:
    return {line.household for one in plan.lists for line in one.lines}


def visited(town: Any, household: str, outcome: Disposition) -> None:
    record_attempt(town.office, "", household, channel="visit", disposition=outcome.value)


def test_every_household_stands_on_one_list_of_its_own_officer(town: Any) -> None:
    plan = plan_walks(town.office, "", days=14)
    with town.office.store.read() as unit:
        posts = {code: one.post for code, one in unit.territories.present("town").items()}
    lines = [(line.household, one.post) for one in plan.lists for line in one.lines]
    assert sorted(lines) == sorted(posts.items())
    assert plan.left_out == {}
    assert [one.number for one in plan.lists] == list(range(1, len(plan.lists) + 1))
    assert all(one.day.weekday() < 4 for one in plan.lists)  # Monday to Thursday
    assert all(line.line == rank for one in plan.lists for rank, line in enumerate(one.lines, start=1))


def test_no_officer_has_two_lists_at_a_time(town: Any) -> None:
    rules(town, 'evening_hours = ["18:00-18:45", "18:45-19:30", "19:30-20:30"]\nmost_a_week = 21')
    lists = plan_walks(town.office, "", days=2).lists
    for post in {one.post for one in lists}:
        spans = sorted((one.starts, one.ends) for one in lists if one.post == post)
        assert len(spans) > 2
        assert all(ends <= starts for (_start, ends), (starts, _end) in pairwise(spans))


def test_planning_again_doubles_nobody_and_a_withdrawn_list_frees_its_households(town: Any) -> None:
    rules(town, 'evening_hours = ["18:30-19:00"]')
    first = plan_walks(town.office, "", days=2)
    again = plan_walks(town.office, "", days=9)
    assert met(first).isdisjoint(met(again))
    assert again.left_out["listed"] == len(met(first))
    lost = first.lists[0]
    withdraw_walk(town.office, "", lost.number)
    freed = plan_walks(town.office, "", days=16)
    assert met(freed) == {line.household for line in lost.lines}
    assert min(one.number for one in freed.lists) > max(one.number for one in again.lists)


def test_a_household_met_in_vain_may_be_planned_again_while_its_list_still_lives(town: Any) -> None:
    plan = plan_walks(town.office, "", days=14)
    walk = plan.lists[0]
    town.clock.present = walk.ends + dt.timedelta(hours=1)
    visited(town, walk.lines[0].household, Disposition.NOBODY_HOME)
    again = plan_walks(town.office, "", days=14)
    assert met(again) == {walk.lines[0].household}
    assert show_walk(town.office, "", walk.number).walked == 1


def test_the_settled_are_left_out_and_counted(town: Any) -> None:
    visited(town, "H001", Disposition.INFORMED)
    visited(town, "H002", Disposition.MOVED)
    visited(town, "H003", Disposition.NOT_ELIGIBLE)
    visited(town, "H004", Disposition.NOBODY_HOME)
    suppress(town.office, "H005", reason="asked at the counter", channel="visit")
    suppress(town.office, "H006", reason="no letters", channel="letter")
    suppress(town.office, "H007", reason="ill until Friday", until=TODAY + dt.timedelta(days=2))
    plan = plan_walks(town.office, "", days=14)
    assert met(plan).isdisjoint({"H001", "H002", "H003", "H005"})
    assert {"H004", "H006", "H007"} <= met(plan)
    assert plan.left_out == {"reached": 1, "moved": 1, "not_eligible": 1, "suppressed": 1}
    (day,) = {one.day for one in plan.lists for line in one.lines if line.household == "H007"}
    assert day > TODAY + dt.timedelta(days=2)


def test_a_payment_settles_a_household_too(town: Any) -> None:
    record_milestone(town.office, "", "H008", kind=MilestoneKind.PAID.value, on=TODAY, amount_fen=100)
    plan = plan_walks(town.office, "", days=14)
    assert "H008" not in met(plan)
    assert plan.left_out == {"paid": 1}


def test_nobody_walks_on_leave(town: Any) -> None:
    away = Absence("a1", "Y01", TODAY, TODAY + dt.timedelta(days=6), "annual leave")
    with town.office.store.write() as unit:
        unit.absences.add([away], town.office.now())
    lists = plan_walks(town.office, "", days=14).lists
    assert {one.post for one in lists if one.day <= away.last} == {"G02", "G03", "G04"}
    assert "G01" in {one.post for one in lists}


def test_who_stands_at_a_booth_does_not_walk_at_that_hour(town: Any) -> None:
    booth = ('times = ["08:00-12:00", "13:00-17:00"]', 'times = ["17:00-19:00"]')
    dates = ("starts = 2005-05-01\nends = 2005-05-03", "starts = 2005-06-15\nends = 2005-06-15")
    town.edit_campaign(booth, dates)
    lists = plan_walks(town.office, "", days=1).lists
    with_booth = {"G01", "G02"}  # two heads a shift, in turn
    assert {one.post for one in lists} == {"G03", "G04"}
    assert with_booth.isdisjoint({one.post for one in lists})


def test_hours_that_are_past_are_not_planned(town: Any) -> None:
    town.clock.present = town.clock.present.replace(hour=19)
    assert {one.day for one in plan_walks(town.office, "", days=2).lists} == {TOMORROW}


def test_holidays_are_free_unless_the_plan_gives_them_hours(town: Any) -> None:
    town.clock.present = dt.datetime(2005, 9, 30, 21, tzinfo=town.workspace.zone)
    with pytest.raises(Conflict, match="no day has hours"):
        plan_walks(town.office, "", days=7)
    rules(town, 'holiday_hours = ["15:00-17:00"]\nfree_days = [2005-10-01, 2005-10-02]')
    lists = plan_walks(town.office, "", days=4).lists
    assert {one.day for one in lists} == {dt.date(2005, 10, 3)}
    assert {one.figures["hours"] for one in lists} == {"holiday"}


def test_a_year_whose_holidays_are_not_published_is_marked(town: Any) -> None:
    year = min(work_calendar().provisional)
    town.clock.present = dt.datetime(year, 6, 1, 8, tzinfo=town.workspace.zone)
    plan = plan_walks(town.office, "", days=7)
    assert plan.provisional
    assert all(one.figures["provisional"] for one in plan.lists)


def test_a_part_time_post_gets_its_share_of_lists(town: Any) -> None:
    rows = [
        row | {"工作量": "25%"} if row["岗位"] == "G01" else row | {"工作量": "100%"} for row in town.officer_rows()
    ]
    import_officers(town.office, town.table(rows, "officers.csv"))
    rules(town, 'evening_hours = ["18:30-19:00"]')
    lists = plan_walks(town.office, "", first=dt.date(2005, 6, 20), days=7).lists
    counted = {post: sum(one.post == post for one in lists) for post in ("G01", "G02")}
    assert counted["G01"] == 1 < counted["G02"]


def test_who_is_due_comes_first_and_who_is_not_is_left_out(town: Any) -> None:
    visited(town, "H002", Disposition.NOBODY_HOME)
    visited(town, "H003", Disposition.APPOINTMENT)
    town.clock.present += dt.timedelta(hours=1)
    plan = plan_walks(town.office, "", days=1, everybody=False)
    assert {"H002", "H003"}.isdisjoint(met(plan))
    assert plan.left_out == {"not_due": 30 - len(met(plan))}
    later = plan_walks(town.office, "", days=14, everybody=False)
    assert {"H002", "H003"} <= met(later)
    assert met(plan).isdisjoint(met(later))
    (day,) = {one.day for one in later.lists for line in one.lines if line.household == "H002"}
    assert day > TODAY + dt.timedelta(days=2)  # three days of rest
    reasons = {line.household: line.reason for one in later.lists for line in one.lines}
    assert (reasons["H002"], reasons["H003"]) == (LineReason.FITS, LineReason.DUE)


def test_a_list_expires_and_says_so(town: Any) -> None:
    plan = plan_walks(town.office, "", days=1)
    walk = plan.lists[0]
    assert walk.expires == TODAY + dt.timedelta(days=7)
    town.clock.present += dt.timedelta(days=8)
    sheets = list_walks(town.office, "")
    assert {sheet.state for sheet in sheets} == {ListState.EXPIRED}
    assert list_walks(town.office, "", live=True) == []
    with pytest.raises(CannotPrint, match="expired on 2005-06-22"):
        refuse_stale(find_walks(town.office, "", [walk.number]))


def test_a_list_stays_as_it_was_made_whatever_becomes_of_roster_and_plan(town: Any) -> None:
    plan = plan_walks(town.office, "", days=1)
    rules(town, "minutes_normal = 60\nvalid_days = 1")
    town.edit_household("H001", 难易="易")
    again = [sheet.list for sheet in list_walks(town.reopen(), "")]
    assert again == list(plan.lists)


def test_an_officer_who_gave_up_the_post_is_told(town: Any) -> None:
    plan_walks(town.office, "", days=1)
    rows = town.officer_rows()
    rows[0] |= {"工号": "Y09", "姓名": "新来的"}
    import_officers(town.office, town.table(rows, "officers.csv"))
    assert {sheet.list.post for sheet in list_walks(town.office, "") if not sheet.holds} == {"G01"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"first": TODAY - dt.timedelta(days=1)}, "is past"),
        ({"first": TOMORROW, "last": TODAY}, "before the start"),
        ({"last": TOMORROW, "days": 3}, "say the same thing twice"),
    ],
)
def test_days_that_make_no_sense_are_refused_and_nothing_is_written(town: Any, options: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        plan_walks(town.office, "", **options)
    assert list_walks(town.office, "") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("evening_hours = []", "no hours are left"),
        ('free_holidays = ["儿童节"]', "no holiday is called '儿童节'"),
        ('start = "office"', "nobody says where it is"),
        ("office_lon = 113.5", "go together"),
        ('evening_hours = ["18:30-20:30", "20:00-21:00"]', "overlap"),
        ('evenings = ["funday"]', "not accepted"),
        ("minutes_hard = 0", "not accepted"),
    ],
)
def test_rules_that_cannot_be_followed_are_one_sentence(town: Any, text: str, words: str) -> None:
    rules(town, text)
    with pytest.raises(BadInput) as caught:
        plan_walks(town.office, "")
    assert words in str(caught.value)
    assert len(caught.value.faults) == 1


def test_unknown_posts_and_lists_are_named(town: Any) -> None:
    with pytest.raises(NotFound, match="G99"):
        plan_walks(town.office, "", posts=("G99",))
    with pytest.raises(NotFound, match="no such walk list"):
        show_walk(town.office, "", 7)
    with pytest.raises(NotFound, match="G99"):
        list_walks(town.office, "", post="G99")


def test_a_list_is_withdrawn_once(town: Any) -> None:
    number = plan_walks(town.office, "", days=1).lists[0].number
    assert withdraw_walk(town.office, "", number).withdrawn == town.office.now()
    with pytest.raises(Conflict, match="withdrawn already"):
        withdraw_walk(town.office, "", number)
    assert show_walk(town.office, "", number).state is ListState.WITHDRAWN


def test_walks_may_start_at_the_office(town: Any) -> None:
    near = plan_walks(town.office, "", posts=("G01",), days=1).lists[0]
    withdraw_walk(town.office, "", near.number)
    rules(town, 'start = "office"\noffice_lon = 113.9\noffice_lat = 30.9')
    far = plan_walks(town.office, "", posts=("G01",), days=1).lists[0]
    assert far.starts < near.starts
    assert far.figures["metres"] > 30_000


def test_every_outcome_has_one_code_for_paper() -> None:
    assert sorted(PAPER_CODES.values()) == sorted(set(Disposition) - {Disposition.WITHDRAWN})
    assert all(code[0] == "1" for code, outcome in PAPER_CODES.items() if outcome.reached)
    assert all(code[0] in "12" for code, outcome in PAPER_CODES.items() if outcome.contact)


def test_two_who_plan_at_once_do_not_double_anybody(town: Any) -> None:
    other = town.reopen()
    made: list[WalkPlan] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not made:
            made.append(plan_walks(other, "", days=1))

    with pytest.raises(Conflict, match="other walk lists were made meanwhile"):
        plan_walks(town.office, "", days=1, progress=meanwhile)
    assert [sheet.list for sheet in list_walks(town.office, "")] == list(made[0].lists)


def test_an_officer_whose_post_has_no_share_gets_no_list(town: Any) -> None:
    rows = [row | {"工作量": "0%" if row["岗位"] == "G01" else "100%"} for row in town.officer_rows()]
    import_officers(town.office, town.table(rows, "officers.csv"))
    plan = plan_walks(town.office, "", days=7)
    assert {one.post for one in plan.lists} == {"G02", "G03", "G04"}
    assert plan.left_out["no_time"] == 30 - len(met(plan))


def test_walks_take_those_to_whom_contact_due_sends_somebody(town: Any) -> None:
    visited(town, "H002", Disposition.NOBODY_HOME)
    visited(town, "H003", Disposition.APPOINTMENT)
    visited(town, "H004", Disposition.REFUSED)
    for day in (TODAY, TODAY + dt.timedelta(days=7)):
        known = know(town.office, "", day)
        due = {line.code: line.turn for line in ranked(known, day) if line.channel == "visit"}
        assert due
        assert visits(known, day) == due
    assert visits(known, day, among={"H003"}) == {"H003": due["H003"]}


def test_a_household_erased_since_leaves_its_list_and_the_others_keep_their_numbers(town: Any) -> None:
    plan = plan_walks(town.office, "", days=14)
    longest = max(plan.lists, key=lambda one: len(one.lines))
    shortest = min(plan.lists, key=lambda one: len(one.lines))
    make_material(town.office, "", "walk")
    erase_household(town.office, longest.lines[1].household, reason="asked to be")
    for line in shortest.lines:
        erase_household(town.office, line.household, reason="asked to be")
    shown = {one.list.number: [line.line.line for line in one.lines] for one in list_walks(town.office, "")}
    whole = {one.number: [line.line for line in one.lines] for one in plan.lists}
    left = [line.line for rank, line in enumerate(longest.lines) if rank != 1]
    assert shown == whole | {longest.number: left, shortest.number: []}
    recall(town.office, "", Wanted())
    for form in ("geojson", "gpx", "ics", "pdf"):
        export_walks(town.office, "", form, town.root / form, WalkWish())
    withdraw_walk(town.office, "", shortest.number)
    assert show_walk(town.office, "", shortest.number).state is ListState.WITHDRAWN
