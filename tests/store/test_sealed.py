"""A sealed store: whoever takes the file reads no phone and no ID number; with the key all is as before."""

from __future__ import annotations

import csv
import datetime as dt
import secrets
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.role import Role
from outreach.errors import Conflict, NotFound, StoreFault
from outreach.keys import make_key
from outreach.services.exports import export_households
from outreach.services.rosters import import_households
from outreach.services.sealing import seal_workspace, unseal_workspace
from outreach.services.trail import list_entries, record, verify_trail
from outreach.store import schema as t
from outreach.store.scope import Scope
from outreach.store.sealed import Seal
from outreach.store.sealing import sealed_columns
from outreach.store.unit import Store
from tests.services.ledger_town import row, take_in

ID_NUMBER = "990199196702029013"
MOBILE = "12105550101"


WORDS = frozenset(
    (
        "note", "reason", "why", "name", "address", "mobile", "home_phone", "office_phone", "id_number", "account",
        "about", "who", "answer", "employer", "before", "old", "new", "content", "number",
    )
)  # fmt: skip
"""How columns that could hold words or numbers of people are called."""

PLAIN = frozenset(
    (
        # The roster's own names and doors, the office's people and its public phones.
        "persons.name", "persons.employer", "officers.name", "officers.mobile", "officers.home_phone",
        "officers.office_phone", "officers.employer", "agencies.name", "agencies.address",
        "phones.number", "phone_changes.old", "phone_changes.new", "phone_changes.note", "phone_checks.number",
        "phone_checks.note", "users.name",
        # Numbers that count, and words the program chooses from a list.
        "persons.number", "runs.number", "run_pieces.number", "run_facts.number", "walk_lists.number",
        "phone_draws.number", "surveys.number", "ledger_files.number",
        "cases.number", "ledger_lines.why", "assignments.why", "walk_lines.reason", "piece_events.reason",
        "survey_answers.answer",
        # About air time, plans, calendars of officers; and an erasure's reason, which names nobody.
        "as_run.note", "plans.reason", "calendar_entries.content", "erasures.reason", "hold_outs.name",
        "store_marks.name", "run_files.name", "learnt.content",
    )
)  # fmt: skip
"""Those that stay plain, and why."""


@pytest.fixture
def known(town: Any) -> Any:
    """The town with an ID number, and a note that names a phone."""
    rows = [row | {"身份证号": ID_NUMBER if row["户号"] == "H002" else ""} for row in town.household_rows()]
    import_households(town.office, town.table(rows, "ids.csv"))
    (town.root / "ids.csv").unlink()
    return town


def exported(office: Any, path: Path) -> bytes:
    export_households(office, "town", path, unmask=True)
    return path.read_bytes()


def stored(town: Any) -> bytes:
    """Every byte of the store and of what lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(town.root.glob("outreach.db*")))


@pytest.mark.sqlite_only
def test_a_sealed_store_has_no_id_number_and_no_phone_in_any_byte(known: Any) -> None:
    assert ID_NUMBER.encode() in stored(known)
    assert MOBILE.encode() in stored(known)
    found = seal_workspace(known.office)
    assert found["persons.id_number"] == 1
    assert found["persons.mobile"] == 30
    for number in (ID_NUMBER, *(f"121055501{n:02d}" for n in range(30))):
        assert number.encode() not in stored(known)


def test_the_rows_of_a_sealed_store_are_sealed_and_come_back_whole(known: Any, tmp_path: Path) -> None:
    before = exported(known.office, tmp_path / "before.csv")
    seal_workspace(known.office)
    assert known.sql("SELECT count(*) FROM persons WHERE substr(mobile, 1, 8) = 'sealed1:'") == [(30,)]
    assert known.sql(f"SELECT count(*) FROM persons WHERE id_number = '{ID_NUMBER}'") == [(0,)]
    assert exported(known.office, tmp_path / "after.csv") == before
    assert exported(known.reopen(), tmp_path / "again.csv") == before
    assert ID_NUMBER in before.decode("utf-8-sig")


def test_unsealing_gives_the_rows_back_as_they_were(known: Any, tmp_path: Path) -> None:
    rows = known.sql("SELECT household_id, number, id_number, mobile FROM persons ORDER BY 1, 2")
    before = exported(known.office, tmp_path / "before.csv")
    seal_workspace(known.office)
    assert unseal_workspace(known.office)["persons.id_number"] == 1
    assert known.sql("SELECT household_id, number, id_number, mobile FROM persons ORDER BY 1, 2") == rows
    assert exported(known.reopen(), tmp_path / "after.csv") == before


def test_every_sealed_column_of_every_table_comes_back(known: Any) -> None:
    kept = {}
    with known.office.store.read() as unit:
        ids = unit.rosters.household_ids()
    with known.office.store.write() as unit:
        write = unit.rosters._connection
        for table, column in sealed_columns():
            if write.execute(select(table)).first() is None:
                row = {}
                for one in table.columns:
                    parents = [key.column for key in one.foreign_keys]
                    if parents and not one.nullable:
                        row[one.name] = _parent(write, parents[0], ids["H001"])
                    elif not one.nullable:
                        row[one.name] = _example(one)
                write.execute(insert(table).values(row))
            kept[table.name, column] = write.execute(select(table.c[column])).scalars().all()
    seal_workspace(known.office)
    again = known.reopen()
    with again.store.read() as unit:
        for (name, column), values in kept.items():
            found = unit.rosters._connection.execute(select(t.metadata.tables[name].c[column])).scalars().all()
            assert sorted(map(repr, found)) == sorted(map(repr, values)), (name, column)
    for (name, column), values in kept.items():
        plain = [value for value in values if value]
        raw = known.sql(f'SELECT "{column}" FROM {name}')
        assert plain, (name, column)
        assert sum("sealed1:" in _text(value) for (value,) in raw) == len(plain), (name, column)


def _text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def _parent(write: Any, column: Any, household: int) -> Any:
    if column.table.name == "households":
        return household
    found = write.execute(select(column)).scalars().first()
    if found is None:
        row = {one.name: _example(one) for one in column.table.columns if not one.nullable}
        for one in column.table.columns:
            if one.foreign_keys and not one.nullable:
                row[one.name] = _parent(write, next(iter(one.foreign_keys)).column, household)
        write.execute(insert(column.table).values(row))
        found = row[column.name]
    return found


def _example(column: Any) -> Any:
    kind = column.type.python_type if not hasattr(column.type, "column") else None
    impl = type(getattr(column.type, "impl", column.type)).__name__
    if kind is None:
        return {"LargeBinary": b"\x00packed", "JSON": {"name": "王", "mobile": MOBILE}}.get(impl, f"请打 {MOBILE}")
    examples = {int: 1, float: 1.0, bool: False, dt.date: dt.date(2005, 3, 1), dict: {}, bytes: b"x"}
    return examples.get(kind, f"{column.name}-1")


def test_new_rows_of_a_sealed_store_are_sealed_too(known: Any) -> None:
    seal_workspace(known.office)
    attempt = Attempt("a", "H001", "visit", "Y01", known.clock(), Disposition.INFORMED, note=f"改打 {MOBILE}")
    with known.office.store.write() as unit:
        unit.facts.append_attempts("town", [(attempt, None)], unit.rosters.household_ids(), known.clock())
    ((note,),) = known.sql("SELECT note FROM attempts")
    assert note.startswith("sealed1:")
    with known.reopen().store.read() as unit:
        assert [one.note for one in unit.facts.attempts("town")] == [f"改打 {MOBILE}"]


def test_importing_the_same_roster_into_a_sealed_store_changes_nothing(known: Any) -> None:
    seal_workspace(known.office)
    rows = [row | {"身份证号": ID_NUMBER if row["户号"] == "H002" else ""} for row in known.household_rows()]
    report = import_households(known.office, known.table(rows, "ids.csv"))
    assert (report.added, report.changed) == ((), ())


def test_an_officer_sees_their_own_sealed_rows(known: Any) -> None:
    seal_workspace(known.office)
    with closing(known.office.store.limited(Scope(Role.OFFICER, "x", "Y01"))) as store, store.read() as unit:
        phones = [person.mobile for home in unit.rosters.households().values() for person in home.persons]
    assert [phone for phone in phones if phone]
    assert all(phone == "" or phone.startswith("1210555") for phone in phones)


def test_without_the_key_or_with_another_the_store_says_so_in_one_sentence(known: Any) -> None:
    seal_workspace(known.office)
    path = known.workspace.key_path
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(NotFound, match="the workspace's key is not there"):
        known.reopen()
    make_key(path)
    with pytest.raises(StoreFault, match="not the key this store was sealed with"):
        known.reopen()
    with pytest.raises(StoreFault, match="is sealed"):
        Store.open(known.workspace.store_url)
    path.write_bytes(kept)
    known.reopen()


def test_sealing_twice_and_unsealing_a_plain_store_are_conflicts(known: Any) -> None:
    with pytest.raises(Conflict, match="is not sealed"):
        unseal_workspace(known.office)
    seal_workspace(known.office)
    with pytest.raises(Conflict, match="is sealed already"):
        seal_workspace(known.office)


def test_a_value_moved_to_another_column_does_not_open() -> None:
    seal = Seal(secrets.token_bytes(32))
    closed = seal.close("persons.mobile", MOBILE)
    assert seal.open("persons.mobile", closed) == MOBILE
    assert closed == seal.close("persons.mobile", MOBILE)
    with pytest.raises(StoreFault, match="another key"):
        seal.open("persons.id_number", closed)
    with pytest.raises(StoreFault, match="another key"):
        Seal(secrets.token_bytes(32)).open("persons.mobile", closed)
    for damaged in (closed[:-1], closed[:-4] + "0000", "sealed1:中"):
        with pytest.raises(StoreFault):
            seal.open("persons.mobile", damaged)


def test_a_seal_that_fails_half_way_leaves_the_store_plain(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Weary(Seal):
        """Opens and closes forty values, and then the power fails."""

        left = 20

        def close(self, column: str, text: str) -> str:
            Weary.left -= 1
            if not Weary.left:
                raise KeyboardInterrupt
            return super().close(column, text)

    monkeypatch.setattr("outreach.store.sealing.Seal", Weary)
    with pytest.raises(KeyboardInterrupt):
        seal_workspace(known.office)
    monkeypatch.undo()
    assert not known.office.store.sealed
    assert known.sql("SELECT count(*) FROM persons WHERE substr(mobile, 1, 8) = 'sealed1:'") == [(0,)]
    with known.reopen().store.read() as unit:
        assert unit.rosters.households(["H002"])["H002"].persons[0].id_number == ID_NUMBER
    again = known.reopen()
    assert list_entries(again) == []
    record(again, "export", {})
    assert verify_trail(again).findings == ()
    with pytest.raises(Exception, match="appended, never changed"):
        known.sql("DELETE FROM audit_entries")


@pytest.mark.sqlite_only
def test_a_sealing_whose_file_could_not_be_written_anew_is_finished_by_the_same_command(
    known: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_anything: Any) -> bool:
        raise StoreFault.at("outreach.db", "is sealed, but the disk is full", "free some space")

    with monkeypatch.context() as patched:
        patched.setattr("outreach.store.sealing.sweep", full)
        with pytest.raises(StoreFault, match="is sealed, but the disk is full"):
            seal_workspace(known.office)
    assert known.office.store.sealed
    assert [one.action for one in list_entries(known.office)] == ["store seal"]
    assert verify_trail(known.office).findings == ()
    assert seal_workspace(known.reopen()) == {}
    for number in (ID_NUMBER, MOBILE):
        assert number.encode() not in stored(known)
    with pytest.raises(Conflict, match="is sealed already"):
        seal_workspace(known.reopen())


def test_names_in_the_ledger_and_what_was_said_of_people_are_sealed_and_the_ledger_still_matches(town: Any) -> None:
    seal_workspace(town.office)
    rows = [row("周悦", 手机="12105550118", 地址="城西社区"), row("万俟无人", amount="90", 地址="东湖巷九号")]
    take_in(town, rows, "june.csv")
    (town.root / "june.csv").unlink()
    with town.office.store.read() as unit:
        lines = unit.ledger.lines("town", dt.UTC)
    assert [(one.name, one.address) for one in lines] == [("周悦", "城西社区"), ("万俟无人", "东湖巷九号")]
    assert [(one.household, one.state.value) for one in lines] == [("H019", "matched"), ("", "unmatched")]
    raw = str(town.sql("SELECT name, address, mobile FROM ledger_lines"))
    assert raw.count("sealed1:") == 5
    assert "万俟无人" not in raw


def test_only_what_the_page_on_rights_calls_plain_is_plain() -> None:
    """Every column of free words or numbers of people is sealed, or is named here with those the page names."""
    sealed = {f"{table.name}.{column}" for table, column in sealed_columns()}
    words = {
        f"{table.name}.{column.name}"
        for table in t.metadata.sorted_tables
        for column in table.columns
        if column.name in WORDS
    }
    assert words - sealed == PLAIN


def test_sealing_stands_on_the_trail(known: Any) -> None:
    office = replace(known.office, actor="chief")
    seal_workspace(office)
    assert [(one.by, one.action) for one in list_entries(office)] == [("chief", "store seal")]


def test_the_export_is_read_by_the_csv_reader_as_before(known: Any, tmp_path: Path) -> None:
    seal_workspace(known.office)
    export_households(known.office, "town", tmp_path / "roster.csv", unmask=True)
    with (tmp_path / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        phones = {cell for row in csv.reader(file) for cell in row if cell.startswith("1210555")}
    assert len(phones) == 30
