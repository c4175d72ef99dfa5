"""A store goes over to another database and back with every row as it was, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert

from outreach.errors import Conflict, OutreachError, StoreFault
from outreach.store import moving
from outreach.store.copying import TableSum, row_counts, table_sums
from outreach.store.embedded import held_alone
from outreach.store.engine import open_engine, parse_address
from outreach.store.moving import Copied, copy_store, move_store
from outreach.store.schema import metadata, tenures
from outreach.store.unit import Store
from tests.postgres_server import Server
from tests.store.stores import fill


def sums_of(url: str) -> list[TableSum]:
    engine = open_engine(url)
    with engine.connect().execution_options(read_only=True) as connection:
        sums = table_sums(connection)
    engine.dispose()
    return sums


def rows_of(url: str) -> dict[str, list[Any]]:
    """Every row as the repositories would read it."""
    engine = open_engine(url)
    with engine.connect().execution_options(read_only=True) as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return rows


@pytest.fixture
def full(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'full.db'}"
    engine = open_engine(url, create=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        fill(connection)
    engine.dispose()
    return url


@pytest.fixture
def empty(postgres_url: str) -> str:
    return postgres_url


def test_every_row_of_every_table_goes_over_and_comes_back_as_it_was(
    full: str, postgres: Server, tmp_path: Path
) -> None:
    bare = postgres.new_database()  # not even tables
    there_url, back = postgres.url(bare), f"sqlite:///{tmp_path / 'back.db'}"
    there, home = copy_store(full, there_url), copy_store(there_url, back)
    assert all(one.rows == 4 for one in there.sums)
    assert {one.table for one in there.sums} == set(metadata.tables)
    assert list(there.sums) == list(home.sums) == sums_of(full) == sums_of(there_url) == sums_of(back)
    assert rows_of(full) == rows_of(there_url) == rows_of(back)
    postgres.drop(bare)


def test_a_value_that_changes_changes_the_sum_of_its_table_alone(full: str) -> None:
    before = {one.table: one for one in sums_of(full)}
    engine = create_engine(full)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE officers SET lat = lat + 0.000001 WHERE lat < 1")
    engine.dispose()
    after = {one.table: one for one in sums_of(full)}
    assert {name for name in before if before[name] != after[name]} == {"officers"}


def test_a_store_that_went_over_goes_on_counting_where_it_was(full: str, empty: str) -> None:
    copy_store(full, empty)
    engine = open_engine(empty)
    with engine.begin() as connection:
        made = connection.execute(insert(tenures).values(post="G", officer="Z0", starts_ms=0))
        assert made.inserted_primary_key == (5,)
    engine.dispose()


def test_facts_that_went_over_refuse_to_be_changed(full: str, empty: str) -> None:
    copy_store(full, empty)
    engine = create_engine(parse_address(empty))
    with pytest.raises(Exception, match="appended, never changed"), engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attempts SET note = ''")
    engine.dispose()


def test_a_database_that_holds_something_is_left_as_it_is(full: str, postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO agencies VALUES ('A', '', '', '', '', NULL)")
    with pytest.raises(Conflict, match="something in it already"):
        copy_store(full, postgres_url)
    with engine.connect().execution_options(read_only=True) as connection:
        assert sum(row_counts(connection).values()) == 1
    engine.dispose()
    (tmp_path / "there.db").write_bytes(b"")
    with pytest.raises(Conflict, match="something in it already"):
        copy_store(full, f"sqlite:///{tmp_path / 'there.db'}")
    assert (tmp_path / "there.db").read_bytes() == b""


class Unplugged(BaseException):
    """The cable is pulled; nothing gets to clean up."""


@pytest.mark.parametrize("after", [1, 90, 250])
def test_a_copy_that_is_cut_off_leaves_the_target_empty(full: str, empty: str, tmp_path: Path, after: int) -> None:
    def pull(done: int, _total: int) -> None:
        if done >= after:
            raise Unplugged

    for target in (empty, f"sqlite:///{tmp_path / 'cut.db'}"):
        with pytest.raises(Unplugged):
            copy_store(full, target, pull)
    engine = open_engine(empty)
    with engine.connect().execution_options(read_only=True) as connection:
        assert set(row_counts(connection).values()) == {0}
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir() if "cut" in path.name] == []
    assert copy_store(full, empty).rows == 4 * len(metadata.tables)


def test_a_copy_that_differs_is_not_kept(full: str, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def misread(*arguments: Any) -> list[TableSum]:
        first, *others = table_sums(*arguments)
        return [TableSum(first.table, first.rows, "0" * 64), *others]

    monkeypatch.setattr(moving, "table_sums", misread)
    with pytest.raises(StoreFault, match="is not what was read"):
        copy_store(full, empty)
    engine = open_engine(empty)
    with engine.connect().execution_options(read_only=True) as connection:
        assert set(row_counts(connection).values()) == {0}
    engine.dispose()


def test_a_value_the_other_database_cannot_hold_is_named_by_its_table(full: str, empty: str) -> None:
    engine = create_engine(full)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE agencies SET address = 'a' || char(0) || 'b'")
    engine.dispose()
    with pytest.raises(StoreFault) as caught:
        copy_store(full, empty)
    (fault,) = caught.value.faults
    assert fault.where == "agencies"
    assert "NUL" in fault.sentence()
    assert "\n" not in fault.sentence()


def test_a_store_that_moves_is_used_by_nobody_meanwhile(full: str, empty: str) -> None:
    reader = Store.open(full)
    with reader.read() as unit:
        unit.rosters.counts()
        with pytest.raises(Conflict, match="somebody is working"):
            move_store(full, empty, lambda copied: pytest.fail("it was taken"), lambda done, total: None)
    reader.close()
    assert sums_of(full)[0].rows == 4


def test_a_store_that_moved_away_opens_no_more_on_either_database(full: str, empty: str, tmp_path: Path) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    taken: list[Copied] = []
    for source, target in ((full, empty), (empty, back)):
        move_store(source, target, taken.append, lambda done, total: None)
        with pytest.raises(Conflict, match="this store was moved") as caught:
            Store.open(source)
        assert len(caught.value.faults) == 1
    assert [one.rows for one in taken] == [4 * len(metadata.tables)] * 2
    assert sums_of(back) == list(taken[0].sums)


def test_who_is_connected_to_a_server_holds_the_move_up(full: str, empty: str, tmp_path: Path) -> None:
    copy_store(full, empty)
    other = Store.open(empty)
    with other.read() as unit:
        unit.rosters.counts()
        with pytest.raises(Conflict, match="somebody is working"):
            move_store(empty, f"sqlite:///{tmp_path / 'away.db'}", lambda copied: None, lambda done, total: None)
    other.close()
    assert not (tmp_path / "away.db").exists()


def test_a_move_whose_settings_cannot_be_written_leaves_the_old_store_in_use(full: str, empty: str) -> None:
    def refuse(_copied: Copied) -> None:
        raise StoreFault.at("outreach.toml", "cannot be written", "make it writable")

    with pytest.raises(OutreachError, match="cannot be written"):
        move_store(full, empty, refuse, lambda done, total: None)
    assert sums_of(full) == sums_of(empty)


def test_a_held_store_lets_nobody_in_until_it_is_let_go(full: str) -> None:
    path = Path(full.removeprefix("sqlite:///"))
    with (
        held_alone(path),
        closing(sqlite3.connect(path, timeout=0.05)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("SELECT count(*) FROM officers")
    Store.open(full).close()
