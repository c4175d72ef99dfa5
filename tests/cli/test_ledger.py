"""What `outreach ledger` says of files of one month, in both languages, and to programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.services.ledger_town import give_ids, id_of, row

PLACE = ("ledger", "import")
MAY = ("--month", "2005-05")


@pytest.fixture
def halls(town: Any) -> tuple[Path, Path]:
    """Hall A's file of two payers, hall B's of the first of them with another sum and of somebody unknown."""
    give_ids(town)
    people = town.household_rows()
    one, other = ((people[n]["姓名"], id_of(n)) for n in (2, 3))
    first = town.table([row(*one, "1200"), row(*other, "900"), row("轩辕不在", id_of(901), "5")], "ha.csv")
    return first, town.table([row(*one, "300", "2005-05-25")], "hb.csv")


def test_a_file_that_would_change_lines_ends_in_a_conflict_with_both_ways_out(call: Any, town: Any, halls: Any) -> None:
    first, second = halls
    assert call(*PLACE, first, *MAY, at=town.root).code == 0
    refused = call(*PLACE, second, *MAY, at=town.root)
    assert refused.code == 6
    assert len(refused.sentences) == 1
    assert "2005-05-08 1,200 yuan, now 2005-05-25 300 yuan" in refused.err
    assert "--corrects 1" in refused.err
    assert "--beside" in refused.err
    assert call(*PLACE, second, *MAY, "--beside", at=town.root).code == 0


def test_every_change_and_every_missing_line_is_told_and_whether_it_counts(call: Any, town: Any, halls: Any) -> None:
    first, second = halls
    name = town.household_rows()[2]["姓名"]
    assert call(*PLACE, first, *MAY, at=town.root).code == 0
    told = call(*PLACE, second, *MAY, "--corrects", 1, at=town.root)
    said = told.out + told.err
    assert "It takes the place of file 1." in said
    assert f"corrected: hb.csv, row 2: {name}, 2005-05-08 1,200 yuan, now 2005-05-25 300 yuan" in said
    assert "1 of these 2 lines are matched and still count" in said
    again = call(*PLACE, second, *MAY, "--corrects", 1, "--withdraw-missing", at=town.root)
    assert "2 lines withdrawn; 1 of them were matched and count no more" in again.out + again.err
    listed = call("ledger", "list", "--json", at=town.root).json
    assert [one["file"]["corrects"] for one in listed] == [0, 1]


def test_lines_of_strangers_are_not_said_to_count(call: Any, town: Any, halls: Any) -> None:
    path = town.table([row("轩辕不在", id_of(901), "5"), row("令狐不在", id_of(902), "6")], "strangers.csv")
    assert call(*PLACE, path, *MAY, at=town.root).code == 0
    shorter = town.table([row("令狐不在", id_of(902), "6")], "shorter.csv")
    told = call(*PLACE, shorter, *MAY, at=town.root)
    assert "Of these lines (1) none was matched, so none counts." in told.out + told.err
    assert "still count" not in told.out + told.err


def test_what_was_changed_is_told_to_programs(call: Any, town: Any, halls: Any) -> None:
    first, second = halls
    assert call(*PLACE, first, *MAY, at=town.root).code == 0
    done = call(*PLACE, second, *MAY, "--corrects", 1, "--json", at=town.root).json
    assert done["changed"] == 1
    assert done["file"]["corrects"] == 1
    assert done["changes"] == [
        {
            "place": "hb.csv, row 2",
            "name": town.household_rows()[2]["姓名"],
            "was_on": "2005-05-08",
            "was_fen": 120_000,
            "on": "2005-05-25",
            "fen": 30_000,
        }
    ]


def test_the_ledgers_own_notes_are_in_the_readers_language(call: Any, town: Any, halls: Any) -> None:
    first, second = halls
    home = town.household_rows()[2]["户号"]
    assert call(*PLACE, first, *MAY, at=town.root).code == 0
    assert call(*PLACE, second, *MAY, "--corrects", 1, at=town.root).code == 0
    for command in ("record", "show"):
        chinese = call("household", command, home, at=town.root, lang="zh").out
        assert "台账 2005-05" in chinese
        assert "ledger 2005-05" not in chinese
        assert "ledger 2005-05" in call("household", command, home, at=town.root).out


def test_months_the_ledger_does_not_tell_of_are_named_beside_the_cohorts(call: Any, town: Any, halls: Any) -> None:
    first, _second = halls
    at = "2005-03-08 18:30"
    assert call("contact", "record", "H001", "card_handed", "--at", at, at=town.root).code == 0
    assert call(*PLACE, first, *MAY, at=town.root).code == 0
    told = call("ledger", "cohorts", at=town.root)
    assert "does not tell of this step in 2005-03, 2005-04" in told.out + told.err
    (march, *_others) = call("ledger", "cohorts", "--json", at=town.root).json["cohorts"]
    assert march["later"] == [None, None, 0]


def test_the_hold_outs_of_the_page_can_be_drawn_as_they_are_written(call: Any, town: Any) -> None:
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    lines = [line.split() for line in page.splitlines() if line.startswith("outreach holdout ")]
    assert len(lines) >= 4
    for _program, *words in lines:
        larger = ["50" if one == "10" else one for one in words]  # a town of 8 entrances has no tenth of them
        done = call(*larger, at=town.root)
        assert done.code == 0, (words, done.err)
