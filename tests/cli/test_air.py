"""outreach sms, household suppress, and the making of what is aired, as a user types them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

KEY = "sms-march-20050310-1"


def test_phones_of_those_left_out_are_masked_unless_asked_for(call: Any, town: Any, tmp_path: Path) -> None:
    call("household", "suppress", "H002", "--channel", "sms", "--reason", "replied TD", at=town.root)
    command = ("sms", "recipients", "--placement", KEY)
    for form in ((), ("--json",)):
        masked = call(*command, *form, at=town.root)
        assert masked.code == 0
        assert "12105550101" not in masked.out
        assert "121****0101" in masked.out
        assert "12105550101" in call(*command, *form, "--unmask", at=town.root).out
    call(*command, "--skipped", tmp_path / "skipped.csv", at=town.root)
    assert "121****0101" in (tmp_path / "skipped.csv").read_text("utf-8-sig")


def test_who_gets_one_and_what_it_costs_is_known_before_anything_is_made(call: Any, town: Any) -> None:
    town.edit_campaign(('opt_out_en = "Reply STOP"', 'opt_out_en = "Reply STOP"\npart_cost_fen = 4.5'))
    before = call("sms", "recipients", "--placement", KEY, "--json", at=town.root).json
    assert (before["to_send"], before["parts"], before["cost_fen"]) == (30, 30, 135)
    assert before["skipped"] == {"no mobile": 10}
    assert "1.35 yuan" in call("sms", "recipients", "--placement", KEY, at=town.root).out
    made = call("material", "make", "sms", "--format", "csv", "--placement", KEY, "--json", at=town.root).json
    assert made["run"]["said"] == {"parts": 30, "cost_fen": 135, "no mobile": 10}
    after = call("sms", "recipients", "--placement", KEY, "--json", at=town.root).json
    assert (after["to_send"], after["skipped"]) == (0, {"sent": 30, "no mobile": 10})
    assert {one["detail"] for one in after["persons"] if one["reason"] == "sent"} == {"1"}


def test_a_second_making_of_the_same_placement_is_a_conflict_in_one_sentence(call: Any, town: Any) -> None:
    command = ("material", "make", "sms", "--format", "csv", "--placement", KEY)
    assert "Messages" not in call(*command, at=town.root).out
    again = call(*command, at=town.root)
    assert again.code == 6
    (sentence,) = again.sentences
    assert "nobody is left to get a message (already sent 30, no mobile 10)" in sentence
    assert call(*command, at=town.root, lang="zh").code == 6


def test_a_suppression_is_recorded_listed_and_taken_back(call: Any, town: Any) -> None:
    made = call(
        *("household", "suppress", "H001", "--person", 2, "--channel", "sms"),
        *("--from", "2005-06-20", "--until", "2005-07-01", "--reason", "ill"),
        at=town.root,
    )
    assert made.code == 0
    identifier = made.out.strip()
    listed = call("household", "suppressions", at=town.root).out
    for part in (identifier, "H001", "2", "SMS", "2005-06-20", "2005-07-01", "ill"):
        assert part in listed
    assert call("household", "unsuppress", identifier, at=town.root).code == 0
    assert identifier not in call("household", "suppressions", at=town.root).out
    assert identifier in call("household", "suppressions", "--lifted", at=town.root).out
    assert call("household", "unsuppress", identifier, at=town.root).code == 6


def test_a_suppression_without_a_reason_is_wrong_use(call: Any, town: Any) -> None:
    assert call("household", "suppress", "H001", at=town.root).code == 2
    assert call("household", "suppress", "H001", "--reason", " ", at=town.root).code == 3


def test_every_format_of_a_crawl_shows_its_measures(call: Any, town: Any) -> None:
    for file_format in ("txt", "png", "ass"):
        made = call("material", "make", "crawl", "--format", file_format, at=town.root)
        assert made.code == 0
        assert "Seconds" in made.out
        assert " / 60" in made.out
