"""What a user's connections see and write: an officer their own households, in every table and for every query."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
    update,
)

import outreach.store
from outreach.domain.contact import Attempt, Disposition
from outreach.domain.role import Role
from outreach.domain.suppression import Suppression
from outreach.errors import NotAllowed
from outreach.store import schema as t
from outreach.store.scope import OFFICER_SEES, Scope
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 12, tzinfo=dt.UTC)
OFFICER = Scope(Role.OFFICER, "liang", "Y01")
HOUSEHOLD_COLUMNS = ("household_id", "household", "kept_id")


@contextmanager
def connection(store: Store) -> Iterator[Connection]:
    with store.read() as unit:
        yield unit.rosters._connection


@contextmanager
def limited(town: Any, scope: Scope = OFFICER) -> Iterator[Store]:
    with closing(town.office.store.limited(scope)) as store:
        yield store


def own_codes(town: Any) -> set[str]:
    with town.office.store.read() as unit:
        return {code for code, one in unit.territories.present("town").items() if one.post == "G01"}


@pytest.fixture
def full(town: Any) -> Any:
    """The town with a row for every household in every table that can name one, and a row in all others."""
    counter = itertools.count(1000)
    with town.office.store.write() as unit:
        write = unit.rosters._connection
        ids = unit.rosters.household_ids()
        for table in t.metadata.sorted_tables:
            if write.execute(select(table)).first() is None:
                for code, key in ids.items():
                    write.execute(insert(table).values(_row(write, table, code, key, counter)))
    return town


def _row(write: Connection, table: Table, code: str, key: int, counter: Iterator[int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        parents = [one.column for one in column.foreign_keys]
        if column.name in ("household_id", "kept_id", "gone_id"):
            row[column.name] = key
        elif column.name == "household":
            row[column.name] = code
        elif parents:
            # Of the parents' rows the newest: it is of the same household where parents are made one a household.
            found = write.execute(select(parents[0])).scalars().all()
            matching = [one for one in found if str(one).endswith(f"-{key}")]
            row[column.name] = (matching or found)[0]
        elif not column.nullable:
            row[column.name] = _value(column, key, next(counter))
    return row


def _value(column: Any, key: int, number: int) -> Any:
    if column.name == "role":
        return "officer"
    for kind, value in (
        (Boolean, False), (Integer, number), (BigInteger, number), (Float, 1.0), (Date, AT.date()),
        (LargeBinary, b"x"), (JSON, {}),
    ):  # fmt: skip
        if isinstance(column.type, kind) or isinstance(getattr(column.type, "impl", None), kind):
            return value
    return f"{number}-{key}"


def test_every_table_of_the_schema_has_its_rule() -> None:
    assert set(OFFICER_SEES) == set(t.metadata.tables)


def test_no_table_that_names_a_household_is_open_to_officers() -> None:
    named = {
        name
        for name, table in t.metadata.tables.items()
        if any(column.name in HOUSEHOLD_COLUMNS for column in table.columns)
    }
    # A mark of erasure holds digests and the name of a stone, of whoever it was.
    assert {name for name in named if not OFFICER_SEES[name]} <= {"erasures"}


def test_an_officer_sees_of_every_table_exactly_their_own_households(full: Any) -> None:
    own = own_codes(full)
    assert 0 < len(own) < 30
    with full.office.store.read() as unit:
        codes = {key: code for code, key in unit.rosters.household_ids().items()}
    tables = 0
    with limited(full) as store, connection(store) as seen, connection(full.office.store) as everything:
        for name, table in sorted(t.metadata.tables.items()):
            column = next((table.c[one] for one in HOUSEHOLD_COLUMNS if one in table.c), None)
            if name == "households":
                column = table.c.id
            if column is None or OFFICER_SEES[name] in ("", "1 = 0"):
                continue
            found = {codes.get(one, one) for one in seen.execute(select(column)).scalars()}
            present = {codes.get(one, one) for one in everything.execute(select(column)).scalars()}
            assert found == own & present, name
            assert present - own, name
            tables += 1
    assert tables > 15


def test_what_is_not_for_officers_shows_no_row_and_the_rest_shows_all(full: Any) -> None:
    with limited(full) as store, connection(store) as seen, connection(full.office.store) as everything:
        for name, rule in OFFICER_SEES.items():
            table = t.metadata.tables[name]
            count = len(seen.execute(select(table)).all())
            if rule == "1 = 0":
                assert count == 0, name
            elif rule == "":
                assert count == len(everything.execute(select(table)).all()), name


def test_steps_of_cases_walk_lists_and_prints_follow_the_household(full: Any) -> None:
    own = own_codes(full)
    with limited(full) as store, connection(store) as seen:
        assert len(seen.execute(select(t.case_steps)).all()) == len(own)
        # Runs here have a piece for one household each: those with another's piece are hidden whole.
        assert len(seen.execute(select(t.run_pieces)).all()) == len(own)
        assert set(seen.execute(select(t.walk_lists.c.post)).scalars()) <= {"G01"}


def test_every_repository_reads_through_the_views(full: Any) -> None:
    own = own_codes(full)
    with limited(full) as store, store.read() as unit:
        assert unit.scoped
        assert set(unit.rosters.households()) == own
        assert set(unit.rosters.households(["H001", "H002", "H003", "H004"])) <= own
        assert set(unit.rosters.household_ids()) == own
        assert set(unit.territories.present("town")) == own
        assert {one.household for one in unit.territories.stretches("town", dt.UTC)} == own
        assert {one.household for one in unit.suppressions.all(dt.UTC)} == own
        assert unit.rosters.counts()["households"] == len(own)
        assert set(unit.rosters.officers()) == {"G01", "G02", "G03", "G04"}


def test_who_loses_a_post_sees_nothing_the_next_time(town: Any) -> None:
    with limited(town) as store:
        with store.read() as unit:
            assert unit.rosters.households()
        rows = [row | ({"岗位": "G09"} if row["工号"] == "Y01" else {}) for row in town.officer_rows()]
        from outreach.services.rosters import import_officers

        import_officers(town.office, town.table(rows, "moved.csv"))
        with store.read() as unit:
            assert unit.rosters.households() == {}


def test_a_merged_household_is_seen_where_the_kept_one_is(town: Any) -> None:
    own = sorted(own_codes(town))
    with town.office.store.write() as unit:
        ids = unit.rosters.household_ids()
        other = next(code for code in ids if code not in own)
        write = unit.rosters._connection
        write.execute(update(t.households).where(t.households.c.code == other).values(merged_into=ids[own[0]]))
        write.execute(update(t.households).where(t.households.c.code == own[1]).values(merged_into=ids[other]))
    with limited(town) as store, connection(store) as seen:
        codes = set(seen.execute(select(t.households.c.code)).scalars())
    assert other in codes
    assert own[1] not in codes


def test_an_officer_records_a_contact_for_their_own_household_only(town: Any) -> None:
    own = own_codes(town)
    with town.office.store.read() as unit:
        ids = unit.rosters.household_ids()
    mine, other = min(own), min(set(ids) - own)

    def attempt(code: str) -> Attempt:
        return Attempt(f"a-{code}", code, "visit", "Y01", AT, Disposition.INFORMED)

    with limited(town) as store:
        with store.write() as unit:
            assert unit.facts.append_attempts("town", [(attempt(mine), None)], ids, AT) == 1
        with pytest.raises(NotAllowed, match="not yours to change"), store.write() as unit:
            unit.facts.append_attempts("town", [(attempt(other), None)], ids, AT)
    with town.office.store.read() as unit:
        assert [one.household for one in unit.facts.attempts("town")] == [mine]
        assert set(unit.facts.standings("town", dt.UTC)) == {mine}


def test_an_officer_changes_nothing_of_others_even_by_its_key(full: Any) -> None:
    with full.office.store.read() as unit:
        keys = {one.household: one.id for one in unit.suppressions.all(dt.UTC)}
    own = own_codes(full)
    foreign = next(key for code, key in keys.items() if code not in own)
    with limited(full) as store:
        try:
            with store.write() as unit:
                assert not unit.suppressions.lift(foreign, AT)
        except NotAllowed:
            pass
        with store.write() as unit:
            assert unit.suppressions.lift(next(key for code, key in keys.items() if code in own), AT)
    with full.office.store.read() as unit:
        assert {one.id for one in unit.suppressions.all(dt.UTC)} >= {foreign}
        assert len(unit.suppressions.all(dt.UTC)) == 29


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        (Role.OFFICER, ("households", "persons", "officers", "users", "audit_entries", "assignments", "rotas")),
        (Role.PUBLICITY, ("attempts", "persons", "suppressions", "users", "audit_entries", "assignments")),
        (Role.PLANNER, ("persons", "households", "users", "audit_entries", "ledger_lines", "erasures")),
    ],
)
def test_a_role_cannot_write_what_is_not_its_business(full: Any, role: Role, tables: tuple[str, ...]) -> None:
    with limited(full, Scope(role, "x", "Y01" if role is Role.OFFICER else "")) as store:
        for name in tables:
            table = t.metadata.tables[name]
            with connection(full.office.store) as everything:
                row = _row(everything, table, "H001", 1, itertools.count(90000))
            with pytest.raises(NotAllowed), store.write() as unit:
                unit.rosters._connection.execute(insert(table).values(row))
            before = full.sql(f"SELECT count(*) FROM {name}")
            try:
                with store.write() as unit:
                    unit.rosters._connection.execute(delete(table))
            except NotAllowed:
                pass
            assert full.sql(f"SELECT count(*) FROM {name}") == before, name


def test_an_auditor_reads_everything_and_writes_nothing(town: Any) -> None:
    with limited(town, Scope(Role.AUDITOR, "shen")) as store:
        with store.read() as unit:
            assert not unit.scoped
            assert len(unit.rosters.households()) == 30
        with pytest.raises(NotAllowed, match="an auditor changes nothing"), store.write() as unit:
            unit.suppressions.add(Suppression("a", "H001", 0, "", AT.date(), None, "asked", AT), 1)


def test_publicity_and_planners_get_no_id_numbers_and_publicity_no_phones(town: Any) -> None:
    from outreach.services.rosters import import_households

    number = "990199196702029013"
    rows = [row | {"身份证号": number if row["户号"] == "H002" else ""} for row in town.household_rows()]
    import_households(town.office, town.table(rows, "ids.csv"))
    for role, phone in ((Role.PUBLICITY, ""), (Role.PLANNER, "12105550101")):
        with limited(town, Scope(role, "x")) as store, store.read() as unit:
            (person,) = unit.rosters.households(["H002"])["H002"].persons
            assert (person.id_number, person.mobile, bool(person.name)) == ("", phone, True)


def test_a_login_with_quotes_opens_nothing_more(town: Any) -> None:
    with limited(town, Scope(Role.OFFICER, "x' OR '1'='1", "Y01' OR '1'='1")) as store, store.read() as unit:
        assert unit.rosters.households() == {}
        assert unit.users.all(dt.UTC) == []


def test_no_query_of_the_store_names_where_a_table_is() -> None:
    folder = Path(outreach.store.__file__).parent
    for path in folder.glob("*.py"):
        if path.name not in ("scope.py", "postgres.py", "copying.py"):
            assert not re.search(r"\bmain\.\w|schema=|schema_translate_map|pg_temp", path.read_text("utf-8")), path.name
