"""Surveys and the audit at the keyboard: what a person reads."""

from __future__ import annotations

from typing import Any


def test_a_survey_is_drawn_asked_and_judged_at_the_keyboard(call: Any, town: Any) -> None:
    drawn = call("survey", "draw", "--every", "--by", "community", "--seed", "s", at=town.root)
    assert drawn.code == 0
    assert (town.root / "out" / "survey-1.xlsx").is_file()
    assert "nobody has been asked yet" in call("survey", "result", 1, at=town.root).out
    lots = call("survey", "result", 1, "--json", at=town.root).json["lots"]
    for line in range(1, lots[0]["lot"]["size"] + 1):
        assert call("survey", "enter", 1, line, "confirmed", "--by", "Y03", at=town.root).code == 0
    said = call("survey", "result", 1, at=town.root).out
    assert " passes " in said
    assert " not decided yet " in said
    assert "Over all lots 100% confirm; 95 per cent sure: " in said
    assert "Not in it, since nobody was asked there: " in said
    assert "community" in call("survey", "list", at=town.root).out
    assert call("survey", "sheet", 1, "--to", town.root / "s.docx", at=town.root).out.strip().endswith("s.docx")
    found = call("survey", "enter", "--file", town.root / "out" / "survey-1.xlsx", at=town.root)
    assert "survey-1.xlsx: no line has an answer" in found.err
    assert call("survey", "enter", 1, at=town.root).code == 2


def test_the_audit_says_how_much_it_looked_at_and_writes_its_questions(call: Any, town: Any) -> None:
    for hour in ("23:10", "23:40"):
        assert call("contact", "record", "H001", "nobody_home", "--at", f"2005-03-08 {hour}", at=town.root).code == 0
    answer = call("contact", "audit", "--to", town.root / "q.xlsx", at=town.root)
    assert "Were these 2 visits of 2005-03-08 made at such hours" in answer.out
    assert "2 visits of 1 officers, 9 rules: 1 questions." in answer.err
    assert (town.root / "q.xlsx").is_file()
