"""A workspace moves to another database and back, and its settings say so; without --switch nothing of it changes."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.errors import Conflict
from outreach.services.checkup import check_workspace
from outreach.services.contacts import record_attempt
from outreach.services.store_moves import copy_workspace_store
from outreach.services.territories import show_household
from outreach.store.unit import Store


def record(office: Any, code: str) -> str:
    return str(record_attempt(office, "", code, channel="visit", disposition="informed").id)


def log_of(office: Any) -> list[dict[str, Any]]:
    with office.store.read() as unit:
        return sorted(unit.facts.log("town"), key=lambda one: str(one["id"]))


@pytest.fixture
def target(backend: str, request: pytest.FixtureRequest) -> str:
    """The other database: a server for the embedded store, a file for a server's."""
    return "sqlite:///moved.db" if backend == "postgres" else str(request.getfixturevalue("postgres_url"))


def test_a_workspace_moves_and_everything_goes_on_in_the_new_place(town: Any, target: str) -> None:
    first = record(town.office, "H001")
    before, shown = log_of(town.office), show_household(town.office, "", "H001")
    town.close()
    old = town.workspace.store_url
    move = copy_workspace_store(town.workspace, target, switch=True)
    assert (move.switched, move.rows) == (True, sum(one.rows for one in move.tables))
    office = town.reopen()
    assert office.workspace.settings.store.url == target
    assert log_of(office) == before
    assert show_household(office, "", "H001") == shown
    second = record(office, "H002")
    assert {one["id"] for one in log_of(office)} == {first, second}
    assert check_workspace(office, "").households == 30
    with pytest.raises(Conflict, match="this store was moved"):
        Store.open(old)


def test_a_workspace_moves_there_and_back_and_nothing_has_changed(town: Any, target: str) -> None:
    record(town.office, "H001")
    town.close()
    there = copy_workspace_store(town.workspace, target, switch=True)
    back = copy_workspace_store(load_workspace(town.root), "sqlite:///back.db", switch=True)
    assert back.tables == there.tables
    assert check_workspace(town.reopen(), "").attempts == 1


def test_without_a_switch_the_workspace_stays_where_it_is_and_people_work_on(town: Any, target: str) -> None:
    settings = (town.root / "outreach.toml").read_bytes()
    with town.office.store.read() as unit:
        unit.rosters.counts()
        move = copy_workspace_store(town.workspace, target)
    assert move.switched is False
    assert (town.root / "outreach.toml").read_bytes() == settings
    record(town.office, "H001")
    assert len(log_of(town.office)) == 1


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '[store]\nurl = "sqlite:///outreach.db"  # relative to this folder\n\n[fonts]\nfolders = ["a"] # kept\n',
            '[store]\nurl = "sqlite:///new.db"\n\n[fonts]\nfolders = ["a"] # kept\n',
        ),
        ("[store]\n  url='sqlite:///outreach.db'\n", '[store]\nurl = "sqlite:///new.db"\n'),
        ("[store]\n[fonts]\nfolders = []\n", '[store]\nurl = "sqlite:///new.db"\n[fonts]\nfolders = []\n'),
        ('campaign = "town"\n', 'campaign = "town"\n\n[store]\nurl = "sqlite:///new.db"\n'),
    ],
)
def test_the_settings_change_in_that_one_line(town: Any, before: str, after: str) -> None:
    (town.root / "outreach.toml").write_text(before, "utf-8")
    town.close()
    copy_workspace_store(load_workspace(town.root), "sqlite:///new.db", switch=True)
    assert (town.root / "outreach.toml").read_text("utf-8") == after


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "written", ['store = { url = "sqlite:///outreach.db" }\n', 'store.url = "sqlite:///outreach.db"\n']
)
def test_settings_written_in_another_way_are_left_to_a_person_and_nothing_moves(town: Any, written: str) -> None:
    (town.root / "outreach.toml").write_text(written, "utf-8")
    town.close()
    with pytest.raises(Conflict, match="write url") as caught:
        copy_workspace_store(load_workspace(town.root), "sqlite:///new.db", switch=True)
    assert len(caught.value.faults) == 1
    assert (town.root / "outreach.toml").read_text("utf-8") == written
    assert not (town.root / "new.db").exists()
    town.reopen()


@pytest.mark.sqlite_only
def test_a_password_in_the_address_is_in_the_settings_and_nowhere_else(town: Any, postgres_url: str) -> None:
    town.close()
    secret = postgres_url.replace("outreach@", "outreach:hush-hush@")
    move = copy_workspace_store(town.workspace, secret, switch=True)
    assert "hush-hush" not in repr(move)
    assert tomllib.loads(Path(town.root / "outreach.toml").read_text("utf-8"))["store"]["url"] == secret
