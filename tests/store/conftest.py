"""A store of its own for each test, with three households in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.domain.people import Address, Household, Person
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def url(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> str:
    """Where a store can be made: a file of the test's own, or a database of its own."""
    if backend == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store.open(url, create=True)
    with made.write() as unit:
        unit.rosters.add_households(
            Household(f"H{n}", Address("社区", "小区", str(n)), (Person(1, f"人{n}"),)) for n in (1, 2, 3)
        )
    yield made
    made.close()
