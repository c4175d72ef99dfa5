"""outreach qa: what people and programs see of a campaign's questions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from outreach.cli.main import run


@pytest.fixture
def answer(bare_town: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    monkeypatch.chdir(bare_town.root)
    monkeypatch.setenv("OUTREACH_LANG", "en")

    def ask(*arguments: str, code: int = 0) -> str:
        assert run(["qa", *arguments, "--campaign", "yingcheng"]) == code
        output = capsys.readouterr()
        return output.err if code else output.out

    return ask


def test_the_list_gives_every_question_its_topic_and_version(answer: Callable[..., str]) -> None:
    rows = json.loads(answer("list", "--language", "en", "--json"))
    assert set(rows[0]) == {"id", "topic", "question", "version", "layer"}
    table = answer("list", "--language", "en")
    assert len(rows) == 16
    assert all(row["version"] in table and row["question"] in table for row in rows)


def test_one_question_is_shown_with_its_quiz_and_the_right_choice_counted_from_one(answer: Callable[..., str]) -> None:
    found = json.loads(answer("show", "phones", "--language", "en", "--json"))
    assert set(found) == {"id", "topic", "question", "answer", "example", "version", "quiz"}
    assert found["quiz"]["choices"][found["quiz"]["right"] - 1] == "Every day, 08:00-22:00, holidays too"
    shown = answer("show", "phones", "--language", "en")
    assert found["answer"] in shown
    assert re.search(r"^2 \* +Every day, 08:00-22:00, holidays too$", shown, re.MULTILINE)


def test_an_unknown_question_is_not_found(answer: Callable[..., str]) -> None:
    assert "nobody: there is no such question; choose one of how-to-renew" in answer("show", "nobody", code=4)
