"""Suppressions in the store: kept as they were written, lifted once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from outreach.domain.suppression import Suppression

AT = dt.datetime(2005, 3, 1, 12, tzinfo=dt.UTC)


def test_a_suppression_comes_back_as_it_was_written(town: Any) -> None:
    one = Suppression("a", "H001", 2, "sms", dt.date(2005, 3, 1), dt.date(2005, 4, 1), "回复TD", AT)
    with town.office.store.write() as unit:
        unit.suppressions.add(one, unit.rosters.household_ids()["H001"])
    with town.office.store.read() as unit:
        assert unit.suppressions.all(dt.UTC) == [one]


def test_lifting_works_once_and_only_for_a_suppression_there_is(town: Any) -> None:
    one = Suppression("a", "H001", 0, "", dt.date(2005, 3, 1), None, "asked", AT)
    with town.office.store.write() as unit:
        unit.suppressions.add(one, unit.rosters.household_ids()["H001"])
        assert not unit.suppressions.lift("b", AT)
        assert unit.suppressions.lift("a", AT)
        assert not unit.suppressions.lift("a", AT + dt.timedelta(days=1))
        assert unit.suppressions.all(dt.UTC) == []
        (kept,) = unit.suppressions.all(dt.UTC, lifted=True)
    assert kept.lifted == AT
