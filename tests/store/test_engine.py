"""The store opens as promised: tables as modelled, durable settings, one writer at a time, facts that stay."""

from __future__ import annotations

import datetime as dt
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind
from outreach.domain.people import Address, Household, Officer, Person
from outreach.errors import Conflict, NotFound, StoreFault
from outreach.store import engine as engine_module
from outreach.store import refused
from outreach.store.engine import NEWEST_REVISION, open_engine, parse_address
from outreach.store.refused import translate
from outreach.store.schema import metadata
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)


def household(code: str) -> Household:
    return Household(code, Address("社区", "小区", "1"), (Person(1, "人"),))


def codes(store: Store) -> list[str]:
    with store.read() as unit:
        return list(unit.rosters.households())


def test_the_migrations_make_the_tables_of_the_model(url: str) -> None:
    engine = open_engine(url, create=True)
    with engine.connect().execution_options(read_only=True) as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
        keys = {name: inspect(connection).get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}
    engine.dispose()
    assert found == []
    assert keys == {name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()}


@pytest.mark.sqlite_only
def test_the_attempts_of_a_household_lie_together(url: str) -> None:
    engine = open_engine(url, create=True)
    with engine.connect().execution_options(read_only=True) as connection:
        kept = {row.name: row.wr for row in connection.execute(text("PRAGMA table_list"))}
    engine.dispose()
    assert kept["attempts"] == 1, "with row ids of their own they would lie in the order in which they came"


def test_the_newest_migration_is_the_one_the_program_expects() -> None:
    scripts = ScriptDirectory(str(Path(engine_module.__file__).parent / "migrations"))
    assert scripts.get_heads() == [NEWEST_REVISION]


@pytest.mark.sqlite_only
def test_every_connection_is_durable_and_keeps_references(url: str) -> None:
    engine = open_engine(url, create=True)
    with engine.connect() as one, engine.connect().execution_options(read_only=True) as two:
        for connection in (one, two):
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
            assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    engine.dispose()


@pytest.mark.parametrize("table", ["attempts", "milestones"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET note = 'other'", "DELETE FROM {}"])
def test_facts_refuse_to_be_changed_or_deleted(store: Store, url: str, table: str, verb: str) -> None:
    with store.write() as unit:
        ids = unit.rosters.household_ids()
        unit.facts.append_attempts("c", [(Attempt("a", "H1", "visit", "", AT, Disposition.AWAY), None)], ids, AT)
        unit.facts.append_milestones("c", [(Milestone("m", "H1", MilestoneKind.REGISTERED, AT.date()), None)], ids, AT)
    engine = open_engine(url)
    with pytest.raises(SQLAlchemyError, match="appended, never changed"), engine.begin() as connection:
        connection.execute(text(verb.format(table)))
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT count(*), min(note) FROM {table}")).one() == (1, "")
    engine.dispose()


def test_a_second_writer_waits_for_the_first_and_then_succeeds(store: Store, url: str) -> None:
    started, order = threading.Event(), []

    def second() -> None:
        other = Store.open(url)
        started.wait(10)
        with other.write() as unit:
            order.append("second")
            # It sees what the first wrote: its transaction began after the other's end.
            assert "W1" in unit.rosters.households()
            unit.rosters.add_households([household("W2")])
        other.close()

    writer = threading.Thread(target=second)
    writer.start()
    with store.write() as unit:
        unit.rosters.add_households([household("W1")])
        started.set()
        time.sleep(0.2)
        order.append("first")
    writer.join(20)
    assert order == ["first", "second"]
    assert {"W1", "W2"} <= set(codes(store))


def test_a_reader_is_not_held_up_by_a_writer_and_sees_the_state_before_it(store: Store, url: str) -> None:
    other = Store.open(url)
    with store.write() as unit:
        unit.rosters.add_households([household("W1")])
        assert codes(other) == ["H1", "H2", "H3"]
    assert codes(other) == ["H1", "H2", "H3", "W1"]
    other.close()


def test_all_that_is_read_in_one_unit_is_of_one_moment(store: Store, url: str) -> None:
    with closing(Store.open(url)) as other, store.read() as unit:
        assert unit.rosters.held(["G01"]) == frozenset()  # said straight to the driver
        with other.write() as meanwhile:
            meanwhile.rosters.add_households([household("W1")])
        assert "W1" not in unit.rosters.households()


def test_a_writer_that_fails_in_the_middle_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as unit:
            unit.rosters.add_households([household("W1")])
            unit.rosters.add_officers([Officer("Y01", "安", "G01")], AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert codes(store) == ["H1", "H2", "H3"]
    with store.read() as unit:
        assert unit.rosters.officers() == {}
    with store.write() as unit:
        unit.rosters.add_households([household("W2")])
    assert codes(store) == ["H1", "H2", "H3", "W2"]


def test_a_write_begun_inside_another_is_refused_and_no_part_of_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "BUSY_SECONDS", 0.05)
    with closing(Store.open(url, create=True)) as hasty:
        with hasty.write() as unit:
            unit.rosters.add_households([household("W1")])
            with pytest.raises(Conflict, match="another program has been writing"), hasty.write():
                pass
            unit.rosters.add_households([household("W2")])
        assert codes(hasty) == ["W1", "W2"]


def test_a_broken_rule_of_the_tables_is_a_store_fault_and_writes_nothing(store: Store) -> None:
    with pytest.raises(StoreFault, match=r"(?i)unique"), store.write() as unit:
        unit.rosters.add_households([household("W1"), household("H1")])
    assert codes(store) == ["H1", "H2", "H3"]


def test_a_store_that_stays_locked_is_a_conflict(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "BUSY_SECONDS", 0.05)
    hasty = Store.open(url)
    with store.write() as unit:
        unit.rosters.add_households([household("W1")])
        with pytest.raises(Conflict, match="another program has been writing"), hasty.write():
            pass
    hasty.close()


def test_opening_a_store_that_is_not_there_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="the store does not exist"):
        Store.open(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_opening_a_text_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("户号,姓名\n" * 500, "utf-8")
    with pytest.raises(StoreFault) as caught:
        Store.open(f"sqlite:///{path}")
    (fault,) = caught.value.faults
    assert "not a database" in fault.sentence()
    assert "\n" not in fault.sentence()
    assert path.read_text("utf-8").startswith("户号")


def test_opening_a_store_of_a_newer_version_is_one_sentence(url: str) -> None:
    Store.open(url, create=True).close()
    behind = create_engine(parse_address(url))
    with behind.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    behind.dispose()
    with pytest.raises(StoreFault) as caught:
        Store.open(url)
    (fault,) = caught.value.faults
    assert "9999" in fault.sentence()
    assert "\n" not in fault.sentence()


@pytest.mark.parametrize("address", ["outreach.db", "no such thing://x"])
def test_an_address_that_is_none_is_one_sentence(address: str) -> None:
    with pytest.raises(StoreFault) as caught:
        Store.open(address)
    assert len(caught.value.faults) == 1


def test_opening_twice_migrates_once(url: str) -> None:
    Store.open(url, create=True).close()
    again = Store.open(url, create=True)
    assert codes(again) == []
    again.close()


def test_a_database_error_becomes_a_fault_of_one_line() -> None:
    assert "\n" not in str(translate(SQLAlchemyError("first\nsecond")))
