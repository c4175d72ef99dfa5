"""After a household was erased every command goes on working, and none of them says its name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from outreach.domain.follow_up import FollowUpKind
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.follow_ups import record_follow_up
from outreach.services.materials import make_material
from outreach.services.rosters import import_households
from outreach.services.surveys import draw_survey
from tests.cli.test_json import CALLS, files  # noqa: F401  the fixture is used by name

NAME, MOBILE, NOTE = "钱孤帆", "12105559901", "她说女儿在外地教书"
SETTING_UP = ("household import", "household erase", "campaign expire")
SLOW = ("contact simulate", "booth plan", "duty plan", "report staffing", "campaign plan", "store")


def test_no_command_breaks_or_tells_the_name(call: Any, town: Any, files: dict[str, Path]) -> None:  # noqa: F811
    rows = [row | ({"姓名": NAME, "手机": MOBILE} if row["户号"] == "H001" else {}) for row in town.household_rows()]
    import_households(town.office, town.table(rows, "named.csv"))
    at = dt.datetime(2005, 3, 8, 18, 30, tzinfo=town.workspace.zone)
    record_attempt(town.office, "", "H001", channel="visit", disposition="card_handed", at=at, note=NOTE)
    record_milestone(town.office, "", "H001", kind="paid", on=dt.date(2005, 4, 2), amount_fen=61200, note=NOTE)
    assert call("material", "make", "letter", "--format", "docx", at=town.root).code == 0
    make_material(town.office, "", "card", file_format="pdf")
    draw_survey(town.office, "", every=True)
    assert call("walk", "plan", "--days", 7, at=town.root).code == 0
    assert NAME in call("household", "list", at=town.root).out
    assert call("household", "erase", "H001", "--reason", "asked", "--yes", at=town.root).code == 0
    files |= {"suppression": "none", "away": "none"}
    broken, telling = [], []
    for command, spelled in CALLS.items():
        if command.startswith(SETTING_UP + SLOW):
            continue
        said = call(*spelled.format_map(_Known(files)).split(), at=town.root)
        if said.code == 70:
            broken.append((command, said.err))
        if NAME in said.out + said.err or NOTE in said.out + said.err or MOBILE in said.out + said.err:
            telling.append(command)
    assert broken == []
    assert telling == []


def test_an_erasure_says_which_complaints_of_no_household_name_them(call: Any, town: Any) -> None:
    rows = [row | ({"姓名": NAME} if row["户号"] == "H001" else {}) for row in town.household_rows()]
    import_households(town.office, town.table(rows, "named.csv"))
    one = record_follow_up(town.office, "", FollowUpKind.COMPLAINT, who=NAME, about="热线打不通")
    for how in ("--dry-run", "--yes"):
        said = call("household", "erase", "H001", "--reason", "asked", how, at=town.root)
        assert said.code == 0
        assert f"complaint {one.id} of 2005-06-15 names them and belongs to no household" in said.err
        assert NAME not in said.out + said.err


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return name
