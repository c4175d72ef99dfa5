"""Walk lists in the store: they come back as they were written, numbered by campaign, withdrawn but never gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from outreach.domain.walk_list import LineReason, WalkLine, WalkList
from outreach.errors import OutreachError

AT = dt.datetime(2005, 6, 15, 18, 30, tzinfo=dt.UTC)
ONE = WalkList(
    id="a",
    campaign="town",
    number=1,
    post="G01",
    officer="Y01",
    day=AT.date(),
    starts=AT - dt.timedelta(minutes=9),
    ends=AT + dt.timedelta(hours=2),
    expires=dt.date(2005, 6, 22),
    made=AT - dt.timedelta(days=1),
    withdrawn=None,
    figures={"metres": 900, "proven": True},
    lines=(
        WalkLine(1, "H009", AT, 12, LineReason.WORKS),
        WalkLine(2, "H002", AT + dt.timedelta(minutes=12), 20, LineReason.FITS),
    ),
)


def add(town: Any, *lists: WalkList) -> None:
    with town.office.store.write() as unit:
        unit.walks.add(lists, unit.rosters.household_ids())


def test_a_list_comes_back_as_it_was_written(town: Any) -> None:
    other = replace(ONE, id="b", number=7, lines=ONE.lines[1:])
    add(town, other, ONE, replace(ONE, id="c", campaign="other"))
    with town.office.store.read() as unit:
        assert unit.walks.all("town", dt.UTC) == [ONE, other]
        assert unit.walks.all("town", dt.UTC, [7, 8]) == [other]
        assert [unit.walks.last_number(name) for name in ("town", "other", "none")] == [7, 1, 0]


def test_a_withdrawn_list_keeps_its_lines_and_its_number(town: Any) -> None:
    add(town, ONE)
    with town.office.store.write() as unit:
        unit.walks.withdraw("a", AT)
    with town.office.store.read() as unit:
        assert unit.walks.all("town", dt.UTC) == [replace(ONE, withdrawn=AT)]
        assert unit.walks.last_number("town") == 1


def test_one_number_is_given_once_in_a_campaign(town: Any) -> None:
    add(town, ONE)
    with pytest.raises(OutreachError):
        add(town, replace(ONE, id="b"))
    with town.office.store.read() as unit:
        assert unit.walks.all("town", dt.UTC) == [ONE]
