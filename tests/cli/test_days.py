"""outreach days ... and outreach campaign plan and picture, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CASES = "case,applied,accepted,letter,funds\nA1,2010-01-04,2010-01-20,,\nA3,2010-02-20,,,\n"


def test_a_year_is_shown_for_people_and_for_programs(call: Any) -> None:
    shown = call("days", "year", 2020)
    assert shown.code == 0
    assert "National Day, Mid-Autumn Festival  2020-10-01  2020-10-08" in shown.out
    assert "2020-01-19, 2020-04-26" in shown.out
    found = call("days", "year", 2020, "--json").json
    assert found["working_days"] == 249
    assert found["holidays"][1] == {"zh": "春节", "en": "Spring Festival", "first": "2020-01-24", "last": "2020-02-02"}


def test_the_one_difference_between_the_libraries_is_shown_with_its_year_and_alone(call: Any) -> None:
    line = "2005-12-31: worked by the notice; 'chinesecalendar' says free, 'holidays' says worked"
    assert line in call("days", "year", 2005).out
    assert call("days", "differences").out.splitlines() == [line, "days that differ: 1"]
    assert call("days", "differences", "--from", 2006, "--to", 2010, "--json").json == []


def test_a_year_without_a_notice_is_marked_in_every_form(call: Any) -> None:
    shown = call("days", "year", 2029).out
    assert "2029 (provisional: the notice is not out)" in shown
    assert "Holiday, provisional" in shown
    assert "not known before the notice" in shown
    assert call("days", "year", 2029, "--json").json["provisional"] is True
    assert "(provisional: the notice is not out)" in call("days", "show", "2029-10-01").out
    assert "(provisional: the notice is not out)" in call("days", "due", "2029-10-01").out


def test_a_year_or_day_nobody_knows_is_one_sentence_and_code_3(call: Any) -> None:
    for words in (("year", 1999), ("show", "2003-12-31"), ("due", "2099-01-01"), ("differences", "--to", 2099)):
        answer = call("days", *words)
        assert (answer.code, answer.out, len(answer.sentences)) == (3, "", 1), words
        assert " are known from 2004 to " in answer.err


def test_a_day_and_a_deadline_are_shown_with_weekday_and_lunar_date(call: Any) -> None:
    shown = call("days", "show", "2026-02-14").out
    assert "2026-02-14 Sat" in shown
    assert "make-up working day" in shown
    assert "lunar 12-27" in shown
    assert call("days", "due", "2010-02-05").out == "2010-03-03 Wed  lunar 1-18\n"
    assert call("days", "due", "2010-02-05", "--days", 1, "--json").json["due"] == "2010-02-08"
    assert "正月十八" in call("days", "due", "2010-02-05", lang="zh").out


def test_steps_are_listed_and_written(call: Any, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(CASES, "utf-8")
    answer = call(
        "days", "steps", cases, "--on", "2010-03-08", "--to", tmp_path / "late.csv", "--calendar", tmp_path / "due.ics"
    )
    assert answer.code == 0
    assert "Overdue: 1\n  2010-02-10  A1  transfer papers sent" in answer.out
    assert "Due soon: 1\n  2010-03-11  A3  application reviewed" in answer.out
    assert answer.sentences == [f"written: {tmp_path / 'late.csv'}", f"written: {tmp_path / 'due.ics'}"]
    assert "BEGIN:VEVENT" in (tmp_path / "due.ics").read_text("utf-8")
    found = call("days", "steps", cases, "--on", "2010-03-08", "--json").json
    assert [step["state"] for step in found["steps"]] == ["done", "overdue", "waiting", "soon", "waiting", "waiting"]
    assert found["overdue"][0]["over"] == 15


def test_a_wrong_row_of_cases_is_refused_and_nothing_is_written(call: Any, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(CASES + "A4,2010-02-30,,,\n", "utf-8")
    answer = call("days", "steps", cases, "--on", "2010-03-08", "--to", tmp_path / "late.csv")
    assert answer.code == 3
    assert "row 4" in answer.err
    assert not (tmp_path / "late.csv").exists()


def test_the_campaign_plan_shows_flights_by_date_and_remarks_apart(call: Any, town: Any) -> None:
    answer = call("campaign", "plan", at=town.root)
    assert answer.code == 0
    assert "2005-05-01 – 2005-05-07  May Day" in answer.out
    assert "booth-mayday" in answer.out
    found = call("campaign", "plan", "--json", at=town.root).json
    assert {"name", "title", "starts", "ends", "working_days", "holidays", "flights", "notes"} <= set(found)
    assert found["counted_placements"] + found["estimated_placements"] == sum(
        flight["placements"] for flight in found["flights"]
    )


def test_a_picture_is_written_where_it_is_asked_for(call: Any, town: Any, tmp_path: Path) -> None:
    for what, name in (("gantt", "g.svg"), ("month", "m.png"), ("map", "a.pdf")):
        answer = call("campaign", "picture", what, "--to", tmp_path / name, "--json", at=town.root)
        assert json.loads(answer.out) == {"picture": what, "file": str(tmp_path / name)}
        assert (tmp_path / name).stat().st_size > 1000
    refused = call("campaign", "picture", "duty", "--to", tmp_path / "d.svg", at=town.root)
    assert (refused.code, len(refused.sentences)) == (4, 1)
    assert not (tmp_path / "d.svg").exists()


def test_a_day_there_is_not_is_refused_in_words(call: Any) -> None:
    for value in ("2027-02-29", "tomorrow"):
        told = call("days", "show", value).err
        assert f"there is no such day as '{value}'; write it as 2005-01-31" in told
        assert "%Y" not in told
    assert "%Y" not in call("days", "show", "--help").out
