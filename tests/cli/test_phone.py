"""The directory at the keyboard: what a person reads of numbers, changes and rankings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

AGENCIES = "机构编号,机构名称,地区,咨询电话\nA01,东办,东城,0700-5550100、0700-5550102\nA02,西办,西城,0700-5550120\n"


@pytest.fixture
def listed(call: Any, town: Any) -> Any:
    """The town's workspace with two agencies."""
    assert call("phone", "import", agencies(town, AGENCIES), at=town.root).code == 0
    return town


def agencies(town: Any, text: str) -> Path:
    path: Path = town.root / "agencies.csv"
    path.write_text(text, "utf-8")
    return path


def test_numbers_are_printed_as_lists_print_them(call: Any, listed: Any) -> None:
    assert call("phone", "set", "A02", "hotline", "07005550139", "--by", "西办", at=listed.root).code == 0
    told = call("phone", "changes", at=listed.root).out
    assert "0700-5550120" in told
    assert "0700-5550139" in told
    assert "07005550139" not in told
    asked = call("phone", "set", "A01", "hotline", "0700-5550177", "--by", "东办", at=listed.root)
    assert asked.err.endswith("say with --old which one it replaces: 0700-5550100, 0700-5550102\n")


def test_the_kind_of_a_number_is_told_in_the_readers_words(call: Any, listed: Any) -> None:
    unknown = ("phone", "set", "A01", "hotline", "0700-5550177", "--old", "0700-5550155", "--by", "东办")
    assert "hotline" in call(*unknown, at=listed.root).err
    told = call(*unknown, at=listed.root, lang="zh").err
    assert "咨询电话" in told
    assert "hotline" not in told


def test_an_import_names_what_it_replaced_and_whoever_must_be_told(call: Any, listed: Any) -> None:
    file = agencies(listed, AGENCIES.replace("0700-5550120", "0700-5550121"))
    told = call("phone", "import", file, at=listed.root).out
    assert "1 numbers added, changed or given up" in told
    line = next(one for one in told.splitlines() if "0700-5550121" in one)
    assert line.split()[1:5] == ["A02", "hotline", "0700-5550120", "0700-5550121"]
    assert "whoever publishes the directory: its copy carries the old number" in told
    assert "officers: they tell callers the number" in told
    again = call("phone", "import", file, "--json", at=listed.root).json
    assert (again["changes"], again["papers"], again["tell"]) == ([], [], [])


def test_households_on_paper_are_counted_in_json_and_not_named(call: Any, listed: Any) -> None:
    for _run in range(2):
        assert call("material", "make", "card", at=listed.root).code == 0
    done = call("phone", "set", "G01", "mobile", "12105559999", "--by", "本人", "--json", at=listed.root).json
    assert [set(one) for one in done["papers"]] == 2 * [
        {"run", "campaign", "kind", "spans", "pieces", "households", "officers"}
    ]
    (first, second) = (one["households"] for one in done["papers"])
    assert first == second
    assert done["tell"][0]["who"] == f"{first} households"


def test_a_ranking_is_headed_by_what_it_ranks(call: Any, listed: Any) -> None:
    heads = {"agency": "Agency or officer", "area": "Area or section", "kind": "Kind"}
    assert call("phone", "draw", 2, "--agencies-only", at=listed.root).code == 0
    assert call("phone", "check", 1, 1, "good", "--by", "甲", at=listed.root).code == 0
    for by, head in heads.items():
        assert head in call("phone", "rank", "--by", by, at=listed.root).out.splitlines()[0]
