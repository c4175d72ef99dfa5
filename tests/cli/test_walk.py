"""outreach walk: what each command prints, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.planning.holidays import work_calendar


@pytest.fixture
def at(town: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The town's folder; the command line's own clock stands with the town's."""
    from outreach.services import office

    monkeypatch.setattr(office.open_office, "__kwdefaults__", {"create": False, "clock": town.clock})
    return town.root  # type: ignore[no-any-return]


def test_a_plan_tells_what_it_made_and_whom_it_left_out(call: Any, at: Path) -> None:
    made = call("walk", "plan", "--everybody", "--days", 2, "--json", at=at).json
    assert (made["first"], made["last"], made["provisional"]) == ("2005-06-15", "2005-06-16", False)
    assert made["households"] == sum(one["doors"] for one in made["lists"]) == 30
    again = call("walk", "plan", "--everybody", "--from", "2005-06-20", "--to", "2005-06-23", at=at)
    assert again.code == 0
    assert "Left out: on a live list already  30" in again.out


def test_lists_are_shown_withdrawn_and_exported(call: Any, at: Path, tmp_path: Path) -> None:
    call("walk", "plan", "--everybody", "--post", "G01", "--post", "G02", "--days", 1, at=at)
    assert [row["state"] for row in call("walk", "list", "--json", at=at).json] == ["live", "live"]
    shown = call("walk", "show", 1, "--json", at=at).json
    assert shown["lines"][0]["at"] == "2005-06-15T18:30:00+08:00"
    assert "****" in shown["lines"][0]["persons"][0]["mobile"]
    assert "****" not in call("walk", "show", 1, "--unmask", at=at).out
    assert call("walk", "withdraw", 1, at=at).code == 0
    assert [row["number"] for row in call("walk", "list", "--live", "--json", at=at).json] == [2]
    done = call("walk", "export", "--all", "--format", "pdf", "--to", tmp_path / "taken", "--json", at=at).json
    assert [Path(file).name for file in done["files"]] == ["walk-0002-G02.pdf"]
    assert done["run"] == 1


def test_what_cannot_be_done_ends_with_its_code_and_one_sentence(call: Any, at: Path, tmp_path: Path) -> None:
    call("walk", "plan", "--everybody", at=at)
    to = ("--to", tmp_path / "taken")
    for code, words in (
        (3, ("walk", "plan", "--from", "2005-06-14")),
        (3, ("walk", "export", *to)),
        (3, ("walk", "export", 1, "--all", *to)),
        (3, ("walk", "export", 1, "--post", "G01", *to)),
        (4, ("walk", "show", 99)),
        (4, ("walk", "list", "--post", "G99")),
        (4, ("walk", "export", 99, *to)),
    ):
        answer = call(*words, at=at)
        assert (answer.code, answer.out, len(answer.sentences)) == (code, "", 1), words
    call("walk", "withdraw", 1, at=at)
    assert call("walk", "withdraw", 1, at=at).code == 6
    assert call("walk", "export", 1, *to, at=at).code == 5
    assert not (tmp_path / "taken").exists()


def test_a_list_planned_before_the_holiday_notice_says_so_wherever_it_is_shown(call: Any, at: Path, town: Any) -> None:
    call("walk", "plan", "--everybody", "--post", "G01", "--days", 1, at=at)
    assert "rovisional" not in call("walk", "list", at=at).out + call("walk", "show", 1, at=at).out
    far = work_calendar().last_year
    assert far in work_calendar().provisional
    call("walk", "plan", "--everybody", "--post", "G02", "--from", f"{far}-03-01", "--days", 9, at=at)
    assert [row["provisional"] for row in call("walk", "list", "--json", at=at).json][:2] == [False, True]
    assert call("walk", "show", 2, "--json", at=at).json["provisional"] is True
    assert "(provisional)" in call("walk", "list", at=at).out
    assert "the year's holidays are not published yet" in call("walk", "show", 2, at=at).out
