"""`booth`, `duty` and `leave` as they are typed."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.services.rosters import import_officers


@pytest.fixture
def town(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    return bare_town


def test_a_rota_is_planned_shown_published_and_sent(call: Any, town: Any) -> None:
    planned = call("booth", "plan", at=town.root)
    assert planned.code == 0
    assert "holidays spread evenly" in planned.out
    assert "yes" in planned.out
    assert call("booth", "show", at=town.root).out.count("long-distance bus station") == 6
    assert call("booth", "calendar", at=town.root).code == 6
    assert "published; 12 changes" in call("booth", "publish", at=town.root).err
    assert "all.ics (6)" in call("booth", "calendar", at=town.root).out
    assert call("booth", "export", "wall.xlsx", at=town.root).code == 0


def test_a_change_is_shown_with_who_gains_and_who_loses(call: Any, town: Any) -> None:
    call("booth", "plan", "--publish", at=town.root)
    shift = call("booth", "show", "--json", at=town.root).json["shifts"][0]
    officer = shift["officers"][0]["code"]
    said = call("booth", "set", shift["key"], officer, "--off", at=town.root).err
    assert "is not on" in said
    assert "locked" in said
    again = call("booth", "plan", at=town.root)
    assert "changes to what was published" in again.out
    assert "gives it up" in again.out
    assert "takes it" in again.out
    assert call("booth", "unlock", shift["key"], officer, "--json", at=town.root).json["locked"] is False
    assert call("booth", "lock", shift["key"], officer, "--json", at=town.root).json["locked"] is True


def test_a_rota_that_cannot_be_ends_with_code_6_and_one_sentence(call: Any, town: Any) -> None:
    for code in ("Y01", "Y02", "Y03"):
        call("leave", "add", code, "--from", "2005-05-02", "--reason", "training", at=town.root)
    for lang, says in (("en", "the cheapest way out"), ("zh", "booth")):
        answer = call("booth", "plan", at=town.root, lang=lang)
        assert answer.code == 6
        assert answer.out == ""
        assert len(answer.sentences) == 1
        assert says in answer.err
        assert "梁若舟" in answer.err
    assert "outreach booth plan" in call("booth", "show", at=town.root).err


def test_leave_over_a_published_shift_is_warned_of_until_it_is_planned_anew(call: Any, town: Any) -> None:
    call("booth", "plan", "--publish", at=town.root)
    officer = call("booth", "show", "--json", at=town.root).json["shifts"][0]["officers"][0]
    assert officer["away"] == ""
    leave = ("--from", "2005-05-01", "--reason", "病假")
    added = call("leave", "add", officer["code"], *leave, at=town.root)
    assert len(added.out.split()) == 1
    assert "published shifts whose officer cannot come: 1" in added.err
    assert "booth-mayday-20050501-" in added.err
    assert "plan them anew with 'outreach booth plan --campaign town'" in added.err
    shown = call("booth", "show", at=town.root)
    assert ": on leave (病假)" in shown.out
    assert "published shifts whose officer cannot come: 1" in shown.err
    assert "published shifts whose officer cannot come: 1" in call("booth", "calendar", at=town.root).err
    (town.campaign_file.with_name("plan.toml")).write_text("format = 1\n[booths]\nmost_a_day = 2\n", "utf-8")
    call("booth", "plan", at=town.root)
    published = call("booth", "publish", at=town.root)
    assert "published; 2 changes" in published.err
    assert "cannot come" not in published.err


def test_the_planning_files_faults_are_told_in_words(call: Any, town: Any) -> None:
    text = 'format = 1\n[[booths.unavailable]]\nofficer = "G04"\nfirst = 2005-03-05\nlast = 2005-03-01\n'
    town.campaign_file.with_name("plan.toml").write_text(text, "utf-8")
    answer = call("campaign", "check", at=town.root)
    assert answer.code == 3
    assert "booths.unavailable.0: what is written there is not accepted; 2005-03-01 is before the start" in answer.err
    assert "datetime" not in answer.err
    assert "{" not in answer.err


def test_leave_is_added_listed_and_lifted(call: Any, town: Any) -> None:
    key = call(
        "leave", "add", "G01", "--from", "2005-05-01", "--to", "2005-05-02", "--reason", "年休假", at=town.root
    ).out.strip()
    assert "梁若舟" in call("leave", "list", at=town.root).out
    assert "is there again" in call("leave", "lift", key, at=town.root).err
    assert call("leave", "list", "--json", at=town.root).json == []


def test_the_phone_is_planned_for_the_first_quarter_where_nothing_is_said(call: Any, town: Any) -> None:
    planned = call("duty", "plan", "--seconds", "1", "--json", at=town.root).json
    assert (planned["first"], planned["last"], planned["shifts"]) == ("2005-03-01", "2005-03-31", 93)
    more = call("duty", "plan", "--from", "2005-04-01", "--seconds", "1", "--json", at=town.root).json
    assert (more["first"], more["last"]) == ("2005-04-01", "2005-06-30")
