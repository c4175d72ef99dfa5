"""A household of the town entered a second time, as an office finds them, and what its records look like."""

from __future__ import annotations

from typing import Any

from outreach.domain.contact import Standing
from outreach.services.exports import export_households
from outreach.services.rosters import ImportReport, import_households
from tests.conftest import Town

TWICE = "H031"
"""The code under which H001 was entered again: the name by its sound, no unit told, one person more."""

LATER = "H032"
"""A third entry of the same family."""


def double_rows(code: str = TWICE, name: str = "王辰") -> list[dict[str, str]]:
    """H001 again: its man under `name` with the same mobile, his wife, and a child nobody had entered."""
    first = next(row for row in Town.household_rows() if row["户号"] == "H001")
    home = first | {"户号": code, "单元": "", "难易": "一般", "外出务工": "否"}
    return [
        home | {"姓名": name, "原单位": "", "断保月数": "12"},
        home | {"姓名": "林晨", "关系": "配偶", "性别": "女", "手机": "12105550199", "断保月数": "5"},
        home | {"姓名": "王小川", "关系": "子女", "性别": "男", "手机": "", "断保月数": ""},
    ]


def enter_twice(town: Town, code: str = TWICE, name: str = "王辰") -> ImportReport:
    """Import the second entry."""
    return import_households(town.office, town.table(double_rows(code, name), f"{code}.csv"))


def roster_bytes(town: Town) -> bytes:
    """The roster written out, with posts and standing, nothing masked."""
    file = town.root / "roster.csv"
    export_households(town.office, "town", file, unmask=True)
    return file.read_bytes()


def standings(town: Town) -> dict[str, Standing]:
    """Where everybody stands, by code."""
    with town.office.store.read() as unit:
        return unit.facts.standings("town", town.workspace.zone)


def counts(town: Town) -> list[tuple[Any, ...]]:
    """The counts that coverage reads, in order."""
    rows = town.sql("SELECT * FROM community_steps WHERE campaign = 'town'")
    return sorted(rows, key=repr)
