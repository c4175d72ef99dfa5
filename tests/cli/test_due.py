"""contact due and simulate, report times and staffing, as a user calls them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.services.contacts import record_attempt

ZONE = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def tried(town: Any) -> Any:
    for code, outcome in (("H002", "nobody_home"), ("H003", "informed"), ("H004", "appointment")):
        at = dt.datetime(2005, 6, 1, 19, 0, tzinfo=ZONE)
        record_attempt(town.office, "", code, at=at, channel="visit", disposition=outcome)
    return town


def test_the_list_has_lines_and_counts_who_is_left_out(tried: Any, call: Any) -> None:
    shown = call("contact", "due", "--on", "2005-06-15", "--limit", 2, at=tried.root)
    assert shown.code == 0
    first, second = shown.out.splitlines()[2:4]
    assert first.startswith("H004")
    assert "asked for another time" in first
    assert "home visit" in second
    assert "reached already" in shown.out
    assert "... and 27 more" in shown.err
    zh = call("contact", "due", "--on", "2005-06-15", "--limit", 2, at=tried.root, lang="zh")
    assert "另约时间" in zh.out


def test_the_list_for_programs_has_the_keys_of_the_docs(tried: Any, call: Any) -> None:
    found = call("contact", "due", "--on", "2005-06-15", "--post", "G01", "--post", "G02", "--json", at=tried.root).json
    assert set(found) == {
        "campaign", "day", "posts", "as_of", "learnt_from", "provisional", "total", "lines", "held",
    }  # fmt: skip
    assert found["posts"] == ["G01", "G02"]
    assert set(found["lines"][0]) == {
        "code", "post", "channel", "turn", "made", "starts", "ends", "chance", "better_day", "better_hours",
        "better_chance", "why",
    }  # fmt: skip
    assert {line["post"] for line in found["lines"]} == {"G01", "G02"}


def test_an_unknown_post_is_not_found(tried: Any, call: Any) -> None:
    shown = call("contact", "due", "--post", "G99", at=tried.root)
    assert shown.code == 4
    assert shown.sentences == ["G99: there is no such post; see 'outreach officer list'"]


def test_the_simulation_says_in_its_first_line_what_it_is(town: Any, call: Any) -> None:
    shown = call("contact", "simulate", "--seeds", 1, "--each", 1, at=town.root)
    assert shown.code == 0
    assert shown.out.startswith("SIMULATED, not measured: 30 households, 30 tries, played 1 times")
    assert "What it assumes:" in shown.out
    assert call("contact", "simulate", "--seeds", 1, "--each", 1, "--json", at=town.root).json["simulated"] is True


def test_the_learnt_table_shows_chance_interval_and_tries(tried: Any, call: Any) -> None:
    shown = call("report", "times", at=tried.root)
    assert shown.code == 0
    assert "difficulty: hard, away for work" in shown.out
    found = call("report", "times", "--channel", "call", "--on", "2005-06-15", "--json", at=tried.root).json
    assert (found["channel"], found["tries"]) == ("call", 0)
    assert len(found["cells"]) == 4 * 9 * 4
    target = tried.root / "times.svg"
    assert call("report", "times", "--svg", target, at=tried.root).code == 0
    drawn = target.read_text("utf-8")
    assert "difficulty: hard, away for work" in drawn
    assert "learnt from 3 tries, as known on 2" in drawn


def test_the_forecast_is_shown_and_written(tried: Any, call: Any) -> None:
    target = tried.root / "staffing.xlsx"
    shown = call("report", "staffing", "--from", "2005-04-25", "--to", "2005-05-15", "--xlsx", target, at=tried.root)
    assert shown.code == 0
    assert target.read_bytes().startswith(b"PK")
    assert "2005-05-02 to 2005-05-08" in shown.out
    found = call("report", "staffing", "--from", "2005-06-20", "--to", "2005-06-26", "--json", at=tried.root).json
    assert found["stranded"] == 6
    assert [week["first"] for week in found["weeks"]] == ["2005-06-20"]
    wrong = call("report", "staffing", "--from", "2005-06-20", "--to", "2005-06-01", at=tried.root)
    assert (wrong.code, wrong.out) == (3, "")
