"""Assigning again, exclusions, history and handover from the command line."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.services.territories import present_posts


def test_a_dry_run_shows_the_trade_off_and_leaves_everything(call: Any, town: Any) -> None:
    before = present_posts(town.office, "")
    told = call("household", "assign", "--away", "G02", "--dry-run", at=town.root)
    assert told.code == 0
    assert "A move must save" in told.out
    assert "as few as possible" in told.out
    assert "nothing was changed" in told.err
    assert "away, so without households: Y02" in told.err
    assert present_posts(town.office, "") == before


def test_a_reason_is_kept_and_listed_with_the_plan(call: Any, town: Any) -> None:
    assert call("household", "assign", "--away", "Y02", "--reason", "maternity leave", at=town.root).code == 0
    plans = call("household", "plans", "--json", at=town.root).json
    assert {plan["reason"] for plan in plans} == {"", "maternity leave"}
    assert "maternity leave" in call("household", "plans", at=town.root).out


@pytest.mark.parametrize("price", ["many", "-1", "nan", "inf"])
def test_a_price_of_a_move_that_is_none_is_refused(call: Any, town: Any, price: str) -> None:
    told = call("household", "assign", "--moves", price, at=town.root)
    assert told.code == 2
    assert "number of metres" in told.err


def test_an_exclusion_is_recorded_listed_lifted(call: Any, town: Any) -> None:
    assert call("household", "exclude", "H001", "G01", "--reason", "kin", at=town.root).code == 0
    assert [row["officer"] for row in call("household", "exclusions", "--json", at=town.root).json] == ["Y01"]
    assert "kin" in call("household", "exclusions", at=town.root).out
    assert call("household", "exclude", "H001", "Y01", "--lift", at=town.root).code == 0
    assert call("household", "exclusions", "--json", at=town.root).json == []
    assert len(call("household", "exclusions", "--lifted", "--json", at=town.root).json) == 1
    refused = call("household", "exclude", "H001", "Y01", at=town.root)
    assert refused.code == 3
    assert len(refused.sentences) == 1


def test_history_and_handover_are_shown_for_people(call: Any, town: Any) -> None:
    code = next(code for code, post in present_posts(town.office, "").items() if post == "G02")
    assert call("household", "assign", "--away", "Y02", "--reason", "long leave", at=town.root).code == 0
    told = call("household", "history", code, at=town.root).out
    assert "欧阳青禾" in told
    assert "plan 2: long leave" in told
    assert "took the post" in call("officer", "history", "G02", at=town.root).out
    handed = call("officer", "handover", at=town.root)
    assert "G02 欧阳青禾" in handed.out
    assert "households have another officer" in handed.err
    assert call("officer", "handover", "--since", "2005-01-01", "--plan", "1", at=town.root).code == 2


def test_a_handover_is_made_and_written_from_the_command_line(call: Any, town: Any) -> None:
    moved = {code for code, post in present_posts(town.office, "").items() if post == "G02"}
    call("household", "assign", "--away", "Y02", at=town.root)
    target = town.root / "handover.xlsx"
    found = call("officer", "handover", "--make", "--file", target, "--json", at=town.root).json
    assert target.is_file()
    assert moved <= set(found["households"])
    assert [run["kind"] for run in found["made"]] == ["handover", "handover_letter", "card"]
    assert {row["code"] for pair in found["pairs"] for row in pair["households"]} == set(found["households"])


def test_a_handover_counts_the_letters_made_and_makes_none_twice_unless_told(call: Any, town: Any) -> None:
    call("household", "assign", "--away", "Y02", at=town.root)
    assert {pair["letters"] for pair in call("officer", "handover", "--json", at=town.root).json["pairs"]} == {0}
    assert call("officer", "handover", "--make", at=town.root).code == 0
    found = call("officer", "handover", "--json", at=town.root).json
    assert all(pair["letters"] == len(pair["households"]) for pair in found["pairs"])
    assert found["waiting"] == []
    assert "Letters made" in call("officer", "handover", at=town.root).out
    refused = call("officer", "handover", "--make", at=town.root)
    assert (refused.code, len(refused.sentences)) == (6, 1)
    assert "--again" in refused.err
    assert call("officer", "handover", "--make", "--again", at=town.root).code == 0
    assert call("officer", "handover", "--again", at=town.root).code == 2


def test_an_unknown_household_post_or_plan_is_not_found(call: Any, town: Any) -> None:
    for command in (
        ("household", "history", "H999"),
        ("officer", "history", "G99"),
        ("officer", "handover", "G99"),
        ("officer", "handover", "--plan", "9"),
    ):
        told = call(*command, at=town.root)
        assert (told.code, len(told.sentences)) == (4, 1), told.err
