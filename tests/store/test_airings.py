"""What was aired is kept as it was told: appended, in order, each campaign's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.airing import AirState, AsRun
from outreach.errors import StoreFault

UTC = dt.UTC
AT = dt.datetime(2005, 4, 25, 11, 35, 20, tzinfo=UTC)


def fact(number: int, **other: Any) -> AsRun:
    said: dict[str, Any] = {
        "id": f"f{number}", "placement": "crawl-1", "channel": "crawl", "place": "小镇电视台", "state": AirState.AIRED,
        "at": AT, "seconds": 60, "source": "log.csv",
    }  # fmt: skip
    return AsRun(**(said | other))


def test_facts_come_back_as_they_were_appended_corrected_ones_too(town: Any) -> None:
    facts = [fact(1), fact(2, state=AirState.MISSED, at=None, seconds=None, note="停电", corrects="f1")]
    with town.office.store.write() as unit:
        unit.airings.append("town", [(facts[0], "town/a"), (facts[1], None)], AT)
        unit.airings.append("other", [(fact(3), "other/a")], AT)
    with town.office.store.read() as unit:
        assert unit.airings.of("town", UTC) == facts
        assert unit.airings.known_keys(["town/a", "town/b", "other/a"]) == {"town/a", "other/a"}


def test_a_row_key_is_stored_once(town: Any) -> None:
    with town.office.store.write() as unit:
        unit.airings.append("town", [(fact(1), "town/a")], AT)
    with pytest.raises(StoreFault), town.office.store.write() as unit:
        unit.airings.append("town", [(fact(2), "town/a")], AT)


def test_a_log_covers_its_days_and_no_other() -> None:
    log = fact(1, state=AirState.COVERS, at=dt.datetime(2005, 4, 25, tzinfo=UTC), seconds=2 * 86_400)
    assert log.covers(dt.datetime(2005, 4, 25, tzinfo=UTC))
    assert log.covers(dt.datetime(2005, 4, 26, 23, 59, tzinfo=UTC))
    assert not log.covers(dt.datetime(2005, 4, 27, tzinfo=UTC))
    assert not fact(2).covers(AT)
