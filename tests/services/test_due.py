"""Who is due: read off facts made by hand in the small town."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.people import Difficulty
from outreach.errors import BadInput, NotFound
from outreach.messages import use_language
from outreach.planning.tries import Band, Column, Kind
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.due import ASKED, HOME, LETTER, USUAL, DueList, list_due, ranked
from outreach.services.plan_file import load_plan
from outreach.services.suppressions import suppress
from outreach.services.try_records import know
from outreach.services.try_times import report_times
from outreach.services.walk_due import due_for_visits

ZONE = dt.timezone(dt.timedelta(hours=8))
WEDNESDAY = dt.date(2005, 6, 15)


def tried(town: Any, code: str, day: str, outcome: str, channel: str = "visit", clock: str = "19:00") -> Any:
    at = dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)
    return record_attempt(town.office, "", code, at=at, channel=channel, disposition=outcome)


def write_plan(town: Any, text: str) -> None:
    (town.root / "campaigns" / "town" / "plan.toml").write_text(f"format = 1\n{text}", "utf-8")


def held(found: DueList) -> dict[str, int]:
    return {one.reason: one.households for one in found.held}


def lines(found: DueList) -> dict[str, Any]:
    return {line.code: line for line in found.lines}


def test_everybody_is_on_the_list_or_counted_with_a_reason(town: Any) -> None:
    tried(town, "H002", "2005-06-14", "nobody_home")
    tried(town, "H003", "2005-06-01", "informed")
    tried(town, "H004", "2005-06-01", "moved")
    tried(town, "H005", "2005-03-01", "refused")
    tried(town, "H005", "2005-04-20", "refused")
    record_milestone(town.office, "", "H007", kind="registered", on=dt.date(2005, 6, 15))
    suppress(town.office, "H008", reason="asked by letter")
    found = list_due(town.office, "", WEDNESDAY)
    # H001, H006, H011, H016, H021 and H026 work away, but have telephones.
    assert held(found) == {"reached": 1, "registered": 1, "gone": 1, "suppressed": 1, "refused": 1, "cooling": 1}
    assert found.total == len(found.lines) == 24
    assert {line.channel for line in found.lines} == {"visit", "call"}
    assert {line.code for line in found.lines if line.channel == "call"} == {
        "H001", "H006", "H011", "H016", "H021", "H026",
    }  # fmt: skip
    assert next(one.until for one in found.held if one.reason == "cooling") == dt.date(2005, 6, 17)


def test_wishes_of_single_persons_hold_the_household_only_when_everybody_has_one(town: Any) -> None:
    # H001 is a couple, H002 one person.
    suppress(town.office, "H002", person=1, reason="asked by letter")
    suppress(town.office, "H004", person=1, reason="asked by letter")
    suppress(town.office, "H003", channel="visit", reason="calls only")
    found = list_due(town.office, "", WEDNESDAY)
    assert held(found) == {"suppressed": 1}
    assert "H002" not in lines(found)
    assert lines(found)["H003"].channel == "call"
    suppress(town.office, "H004", person=2, reason="asked by letter")
    assert held(list_due(town.office, "", WEDNESDAY)) == {"suppressed": 2}


def test_a_correction_takes_the_place_of_what_it_corrects(town: Any) -> None:
    wrong = tried(town, "H002", "2005-06-01", "informed")
    record_attempt(town.office, "", "H002", at=wrong.at, channel="visit", disposition="nobody_home", corrects=wrong.id)
    assert lines(list_due(town.office, "", WEDNESDAY))["H002"].made == 1


def test_a_past_day_is_seen_as_it_was_that_morning(town: Any) -> None:
    tried(town, "H002", "2005-06-10", "informed", clock="08:30")
    record_milestone(town.office, "", "H003", kind="registered", on=dt.date(2005, 6, 10))
    assert held(list_due(town.office, "", dt.date(2005, 6, 10))) == {}
    assert held(list_due(town.office, "", dt.date(2005, 6, 11))) == {"reached": 1, "registered": 1}


def test_migrants_come_first_while_they_are_home_and_are_visited_then(town: Any) -> None:
    town.clock.present = dt.datetime(2005, 5, 3, 7, 0, tzinfo=ZONE)
    tried(town, "H002", "2005-04-28", "appointment")
    found = list_due(town.office, "", dt.date(2005, 5, 3)).lines
    assert [line.turn for line in found[:6]] == [HOME] * 6
    assert [line.code for line in found[:6]] == ["H001", "H006", "H011", "H016", "H021", "H026"]
    assert "at home for the holidays until 2005-05-07" in found[0].why
    assert (found[6].code, found[6].turn) == ("H002", ASKED)
    assert {line.turn for line in found[7:]} == {USUAL}


def test_a_text_message_sent_later_takes_nobody_from_those_who_asked_for_another_time(town: Any) -> None:
    tried(town, "H030", "2005-06-01", "appointment")
    tried(town, "H030", "2005-06-08", "sent", channel="sms")
    tried(town, "H030", "2005-06-09", "sent", channel="letter")
    first = list_due(town.office, "", WEDNESDAY).lines[0]
    assert (first.code, first.turn) == ("H030", ASKED)
    assert due_for_visits(town.office, "", [WEDNESDAY], []).first == {"H030": ASKED}
    tried(town, "H030", "2005-06-10", "refused", channel="sms")
    assert "H030" not in due_for_visits(town.office, "", [WEDNESDAY], []).first


def test_a_text_message_sent_later_brings_nobody_home_who_works_away(town: Any) -> None:
    tried(town, "H002", "2005-06-01", "away")
    tried(town, "H002", "2005-06-08", "sent", channel="sms")
    assert lines(list_due(town.office, "", WEDNESDAY))["H002"].channel == "call"


def test_who_was_found_to_work_away_waits_for_the_holidays_too(town: Any) -> None:
    tried(town, "H002", "2005-06-01", "away")
    assert lines(list_due(town.office, "", WEDNESDAY))["H002"].channel == "call"
    write_plan(town, '[tries]\nsteps = [{ channel = "visit", most = 3 }]\n')
    found = list_due(town.office, "", WEDNESDAY)
    (away,) = (one for one in found.held if one.reason == "away")
    assert (away.households, away.until) == (7, dt.date(2005, 10, 1))


def test_the_hours_that_find_people_are_learnt_and_named(town: Any) -> None:
    for number in range(2, 30):
        code, day = f"H{number:03d}", f"2005-04-{4 + number % 5:02d}"
        tried(town, code, day, "nobody_home", clock="10:00")
        if number < 20 and number % 5 != 1:
            tried(town, code, f"2005-04-{11 + number % 4:02d}", "relative_told", clock="19:30")
    # Wednesday again: those last tried on a Wednesday evening are not asked for then.
    found = {
        code: line for code, line in lines(list_due(town.office, "", WEDNESDAY)).items() if line.channel == "visit"
    }
    line = found["H030"]
    assert (line.starts, line.ends) == (dt.time(18), dt.time(21, 30))
    assert line.chance > 0.5
    assert "Wed 18:00-21:30 finds somebody in" in line.why
    chances = [line.chance for line in found.values() if line.turn == USUAL]
    assert chances == sorted(chances, reverse=True)


def test_a_later_day_that_promises_much_more_is_named(town: Any) -> None:
    for number in range(2, 30):
        if number % 5 != 1:
            tried(town, f"H{number:03d}", f"2005-03-{7 + number % 5:02d}", "nobody_home", clock="10:00")
            tried(town, f"H{number:03d}", f"2005-03-{14 + number % 5:02d}", "nobody_home", clock="15:00")
            tried(town, f"H{number:03d}", f"2005-03-{21 + number % 5:02d}", "relative_told", clock="19:00")
    known = know(town.office, "", WEDNESDAY)
    (line,) = (line for line in ranked(known, WEDNESDAY, hours=[Band(480, 720)]) if line.code == "H030")
    assert (line.starts, line.ends) == (dt.time(8), dt.time(12))
    assert line.better_hours == "18:00-21:30"
    assert line.better_day is not None
    assert line.better_day > WEDNESDAY
    assert line.better_chance >= line.chance + 0.1
    assert f"{line.better_day} (" in line.why


def test_hours_gone_by_are_not_proposed(town: Any) -> None:
    town.clock.present = dt.datetime(2005, 6, 15, 18, 30, tzinfo=ZONE)
    assert {line.starts for line in list_due(town.office, "", WEDNESDAY).lines} == {dt.time(18)}
    town.clock.present = dt.datetime(2005, 6, 15, 22, 0, tzinfo=ZONE)
    assert list_due(town.office, "", WEDNESDAY).lines == ()


def test_after_visits_and_calls_a_letter_stands_last_without_hours(town: Any) -> None:
    write_plan(
        town,
        '[tries]\ntotal_most = 2\nsteps = [{ channel = "visit", most = 1 }, { channel = "letter", most = 1 }]\n',
    )
    tried(town, "H002", "2005-06-01", "nobody_home")
    last = list_due(town.office, "", WEDNESDAY).lines[-1]
    assert (last.code, last.channel, last.turn, last.starts, last.chance) == ("H002", "letter", LETTER, None, None)
    assert last.why.endswith("after all the tries by home visit now letter")


def test_posts_and_limits_cut_the_list_but_not_the_counts(town: Any) -> None:
    whole = list_due(town.office, "", WEDNESDAY)
    parts = [list_due(town.office, "", WEDNESDAY, [post]) for post in ("G01", "G02", "G03", "G04")]
    assert sum(part.total for part in parts) == whole.total == 30
    assert {line.post for line in parts[0].lines} == {"G01"}
    assert len(list_due(town.office, "", WEDNESDAY, limit=3).lines) == 3
    assert list_due(town.office, "", WEDNESDAY, limit=3).total == 30


def test_one_household_of_each_post_goes_at_hours_of_which_too_little_is_known(town: Any) -> None:
    for number in range(2, 30):
        if number % 5 != 1:
            tried(town, f"H{number:03d}", f"2005-03-{1 + number % 4:02d}", "nobody_home", clock="10:00")
            if number < 14:
                tried(town, f"H{number:03d}", f"2005-03-{7 + number % 4:02d}", "nobody_home")
            tried(town, f"H{number:03d}", f"2005-03-{14 + number % 4:02d}", "relative_told")
    found = [line for line in list_due(town.office, "", WEDNESDAY).lines if "one household a list" in line.why]
    assert {line.starts for line in found} == {dt.time(12), dt.time(14)}
    assert len({(line.post, line.starts, line.channel) for line in found}) == len(found)


def test_a_year_without_a_notice_is_marked(town: Any) -> None:
    last = max(know(town.office, "", WEDNESDAY).calendar.provisional)
    assert list_due(town.office, "", dt.date(last, 6, 1)).provisional
    assert not list_due(town.office, "", WEDNESDAY).provisional


def test_the_reasons_speak_chinese(town: Any) -> None:
    use_language("zh")
    tried(town, "H002", "2005-06-01", "nobody_home")
    assert "无人在家" in lines(list_due(town.office, "", WEDNESDAY))["H002"].why


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('bands = ["08:00-12:00", "11:00-14:00"]', "overlap"),
        ('bands = ["12:00-08:00"]', "ends before it starts"),
        ("bands = []", "bands"),
        ("prior_rate = 1.0", "prior_rate"),
        ('steps = [{ channel = "visit", most = 0 }]', "allows no try at all"),
        ('steps = [{ channel = "visit", most = 1 }, { channel = "visit", most = 2 }]', "stands twice"),
        ('steps = [{ channel = "crawl", most = 1 }]', "steps"),
        ("cooling = 3", "cooling"),
    ],
)
def test_a_plan_that_cannot_hold_is_refused_in_a_sentence(town: Any, text: str, says: str) -> None:
    write_plan(town, f"[tries]\n{text}\n")
    with pytest.raises(BadInput) as error:
        load_plan(town.workspace, "town")
    assert says in str(error.value)


def test_unknown_posts_and_days_beyond_the_calendar_are_refused(town: Any) -> None:
    with pytest.raises(NotFound):
        list_due(town.office, "", WEDNESDAY, ["G99"])
    with pytest.raises(BadInput, match="holidays are known from"):
        list_due(town.office, "", dt.date(1999, 1, 1))


def test_the_table_counts_what_was_tried_and_says_what_it_left_out(town: Any) -> None:
    tried(town, "H002", "2005-04-04", "nobody_home", clock="10:00")
    tried(town, "H002", "2005-04-11", "relative_told", clock="19:00")
    tried(town, "H002", "2005-04-18", "informed", clock="19:00")
    tried(town, "H003", "2005-04-04", "moved", clock="10:00")
    tried(town, "H004", "2005-04-04", "nobody_home", clock="07:59")
    tried(town, "H006", "2005-04-04", "nobody_home", clock="10:00")
    tried(town, "H006", "2005-05-02", "card_handed", clock="10:00")
    found = report_times(town.office, "")
    assert (found.tries, found.contacts) == (3, 2)
    assert found.chance == pytest.approx((1 + 2) / (2 + 3))
    # Told before; moved; before eight; a migrant's door in April.
    assert found.left_out == {"found": 1, "timeless": 1, "hours": 1, "away": 1}
    cells = {(cell.kind, cell.day, cell.starts): cell for cell in found.cells}
    usual = Kind(Difficulty.NORMAL, migrant=False, works=False)
    assert cells[usual, Column.MON, "08:00"].tries == 1
    assert (cells[usual, Column.MON, "18:00"].tries, cells[usual, Column.MON, "18:00"].contacts) == (1, 1)
    assert cells[Kind(Difficulty.NORMAL, migrant=True, works=False), Column.HOLIDAY, "08:00"].contacts == 1
    assert all(cell.low < cell.chance < cell.high for cell in found.cells)
    assert report_times(town.office, "", day=dt.date(2005, 4, 4)).tries == 0


def test_the_campaign_of_the_demo_has_a_plan_that_loads(town: Any) -> None:
    shipped = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "plan.toml"
    write_plan(town, shipped.read_text("utf-8").replace("format = 1\n", ""))
    assert load_plan(town.workspace, "town").tries.ladder.total == 6
