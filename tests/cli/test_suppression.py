"""outreach household suppress, unsuppress and touched: what is said of what still stands, and of other campaigns."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from outreach.services.contacts import record_attempt


@pytest.fixture
def second(town: Any) -> Path:
    """The town's folder, with a second campaign that was at twelve households today."""
    other = town.root / "campaigns" / "other"
    shutil.copytree(town.root / "campaigns" / "town", other)
    file = other / "campaign.toml"
    file.write_text(file.read_text("utf-8").replace('name = "town"', 'name = "other"', 1), "utf-8")
    for number in range(1, 13):
        record_attempt(town.office, "other", f"H{number:03d}", channel="visit", disposition="nobody_home")
    return town.root  # type: ignore[no-any-return]


def test_taking_one_wish_back_says_which_other_still_stands(call: Any, town: Any) -> None:
    at = town.root
    letters = call("household", "suppress", "H001", "--channel", "letter", "--reason", "asked", at=at).out.strip()
    messages = call("household", "suppress", "H001", "--person", 2, "--channel", "sms", "--reason", "TD", at=at)
    said = call("household", "unsuppress", letters, at=at)
    assert said.code == 0
    assert "may be contacted again" not in said.err + said.out
    assert "person 2, SMS" in said.err + said.out
    assert "(TD)" in said.err + said.out
    last = call("household", "unsuppress", messages.out.strip(), at=at)
    assert "may be contacted again" in last.err + last.out


def test_the_same_wish_twice_answers_with_the_same_id(call: Any, town: Any) -> None:
    words = ("household", "suppress", "H001", "--channel", "letter", "--reason", "asked")
    assert call(*words, at=town.root).out == call(*words, at=town.root).out
    assert len(call("household", "suppressions", "--json", at=town.root).json) == 1


def test_a_making_warns_with_the_first_ten_and_the_list_has_them_all(call: Any, second: Path) -> None:
    made = call("material", "make", "letter", "--campaign", "town", "--date", "2005-06-16", at=second)
    assert made.code == 0
    told = made.out + made.err
    assert "another campaign was at 12 of these households lately" in told
    assert "H010 and 2 other households" in told
    whole = call("material", "make", "letter", "--campaign", "town", "--date", "2005-06-16", "--json", at=second).json
    assert whole["touched"] == [f"H{number:03d}" for number in range(1, 13)]
    rows = call("household", "touched", "--campaign", "town", "--on", "2005-06-16", "--json", at=second).json
    assert [(row["household"], row["campaign"], row["by"]) for row in rows][:2] == [
        ("H001", "other", "visit"), ("H002", "other", "visit"),
    ]  # fmt: skip
    assert len(rows) == 12
    assert "H012" in call("household", "touched", "--campaign", "town", "--on", "2005-06-16", at=second).out
    assert call("household", "touched", "--campaign", "other", "--on", "2005-06-16", "--json", at=second).json == []


def test_the_headings_of_walk_lists_differ_from_one_another_in_chinese(call: Any, town: Any) -> None:
    call("walk", "plan", "--everybody", "--from", "2030-01-07", at=town.root)
    first = call("walk", "list", at=town.root, lang="zh").out.splitlines()[0]
    heading = re.split(r"\s{2,}", first.strip())
    assert len(heading) == len(set(heading)) == 10
