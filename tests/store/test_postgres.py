"""The store on PostgreSQL: one writer at a time, one snapshot a reader, texts by code, and errors in one sentence."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.people import Address, Household, Person
from outreach.errors import NotFound, OutreachError, StoreFault
from outreach.store.engine import parse_address
from outreach.store.schema import metadata
from outreach.store.unit import Store
from tests.postgres_server import Server

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
APPENDED = (
    "attempts", "milestones", "piece_events", "as_run", "phone_changes", "phone_checks", "survey_answers", "follow_ups",
    "case_steps", "erasures", "audit_entries",
)  # fmt: skip


def household(code: str) -> Household:
    return Household(code, Address("社区", "小区", "1"), (Person(1, "人"),))


@pytest.fixture
def opened(postgres_url: str) -> Iterator[Store]:
    store = Store.open(postgres_url)
    yield store
    store.close()


def sentence(caught: pytest.ExceptionInfo[OutreachError]) -> str:
    (fault,) = caught.value.faults
    assert "\n" not in fault.sentence()
    return fault.sentence()


@pytest.mark.parametrize("beginning", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_an_address_may_begin_as_people_write_it(postgres_url: str, beginning: str) -> None:
    Store.open(postgres_url.replace("postgresql://", beginning)).close()


def test_codes_sort_as_in_the_embedded_store_whatever_language_the_database_is_of(
    opened: Store, postgres: Server, postgres_url: str
) -> None:
    database = parse_address(postgres_url).database
    with postgres.connection("postgres") as connection:
        query = "SELECT daticulocale FROM pg_database WHERE datname = %s"
        assert connection.execute(query, (database,)).fetchone() == ("zh",)
    codes = ["a1", "B1", "H-2", "H1", "b1", "张1", "李1", "H 3"]
    with opened.write() as unit:
        unit.rosters.add_households(household(code) for code in codes)
    with opened.read() as unit:
        assert list(unit.rosters.households()) == sorted(codes)


def test_no_text_column_is_left_to_the_databases_own_order(opened: Store, postgres_url: str) -> None:
    engine = create_engine(parse_address(postgres_url))
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'"
            )
        )
        assert [row for row in found if row.table_name in metadata.tables] == []
    engine.dispose()


@pytest.mark.parametrize("table", APPENDED)
def test_facts_cannot_be_emptied_away(opened: Store, postgres_url: str, table: str) -> None:
    engine = create_engine(parse_address(postgres_url))
    with pytest.raises(SQLAlchemyError, match="appended, never changed"), engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")
    engine.dispose()


def test_what_a_writer_read_holds_until_it_commits(opened: Store, postgres_url: str) -> None:
    """Eight writers who each look for the highest id and write the next never meet."""
    errors: list[BaseException] = []

    def write(number: int) -> None:
        store = Store.open(postgres_url)
        try:
            for turn in range(5):
                with store.write() as unit:
                    unit.rosters.add_households([household(f"W{number}-{turn}")])
        except BaseException as error:
            errors.append(error)
        finally:
            store.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)
    assert errors == []
    with opened.read() as unit:
        assert sorted(unit.rosters.household_ids().values()) == list(range(1, 41))


def test_a_reader_sees_one_state_from_its_first_look_on(opened: Store, postgres_url: str) -> None:
    other = Store.open(postgres_url)
    with other.read() as unit:
        assert list(unit.rosters.households()) == []
        with opened.write() as writing:
            writing.rosters.add_households([household("H1")])
        assert list(unit.rosters.households()) == []
    with other.read() as unit:
        assert list(unit.rosters.households()) == ["H1"]
    other.close()


def test_a_reader_cannot_write(opened: Store) -> None:
    with pytest.raises(StoreFault), opened.read() as unit:
        unit.rosters.add_households([household("H1")])
    with opened.read() as unit:
        assert list(unit.rosters.households()) == []


def test_a_database_without_a_store_is_not_filled_unasked(postgres: Server) -> None:
    name = postgres.new_database()
    with pytest.raises(NotFound) as caught:
        Store.open(postgres.url(name))
    assert "holds no store" in sentence(caught)
    with postgres.connection(name) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    postgres.drop(name)


def test_a_missing_database_is_one_sentence_with_the_command_that_makes_it(postgres: Server) -> None:
    with pytest.raises(NotFound) as caught:
        Store.open(postgres.url("nowhere"))
    assert "createdb nowhere" in sentence(caught)


def test_a_database_that_does_not_hold_every_sign_is_refused(postgres: Server) -> None:
    with postgres.connection("postgres") as connection:
        connection.execute("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreFault) as caught:
        Store.open(postgres.url("narrow"), create=True)
    assert "--encoding=UTF8" in sentence(caught)
    postgres.drop("narrow")


def test_a_wrong_password_is_one_sentence_that_does_not_repeat_it(postgres: Server, postgres_url: str) -> None:
    with postgres.connection("postgres") as connection:
        connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'right-one'")
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text("utf-8")
    rules.write_text("local all clerk scram-sha-256\n" + before, "utf-8")
    with postgres.connection("postgres") as connection:
        connection.execute("SELECT pg_reload_conf()")
    wrong = postgres_url.replace("outreach@", "clerk:wrong-one@")
    for _attempt in range(50):  # the server reads its rules again in its own time
        with pytest.raises(OutreachError) as caught:
            Store.open(wrong)
        if "password" in str(caught.value):
            break
    said = sentence(caught)
    assert "does not let this user in" in said
    assert "wrong-one" not in said
    rules.write_text(before, "utf-8")


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(StoreFault) as caught:
        Store.open("postgresql://outreach@127.0.0.1:1/outreach")
    said = sentence(caught)
    assert "start the server" in said
    assert "127.0.0.1:1/outreach" in said


def test_a_user_without_rights_is_told_so(opened: Store, postgres: Server, postgres_url: str) -> None:
    with postgres.connection("postgres") as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(OutreachError) as caught:
        Store.open(postgres_url.replace("outreach@", "guest@"))
    assert "permission denied" in sentence(caught)


@pytest.fixture
def own_server(postgres: Server) -> Iterator[Server]:
    """A server the test may stop."""
    server = Server(postgres.programs)
    yield server
    server.remove()


def test_a_server_that_ends_in_the_middle_loses_no_acknowledged_fact(own_server: Server) -> None:
    """What was committed is there when the server is back, and what was under way is not; the store finds it again."""
    url = own_server.url(own_server.new_database())
    store = Store.open(url, create=True)

    def record(unit: Any, key: str) -> None:
        attempt = Attempt(key, "H1", "visit", "", AT, Disposition.AWAY)
        unit.facts.append_attempts("c", [(attempt, None)], unit.rosters.household_ids(), AT)

    with store.write() as unit:
        unit.rosters.add_households([household("H1")])
        record(unit, "kept")

    def be_cut_off() -> None:
        with store.write() as unit:
            record(unit, "lost")
            own_server.stop()
            record(unit, "never")

    with pytest.raises(StoreFault) as caught:
        be_cut_off()
    assert "connection to the database server was lost" in sentence(caught)
    with pytest.raises(StoreFault), store.read() as unit:
        unit.rosters.counts()
    own_server.start()
    with store.read() as unit:
        assert [attempt.id for attempt in unit.facts.attempts("c")] == ["kept"]
    store.close()
