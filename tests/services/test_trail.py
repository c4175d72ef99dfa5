"""The audit trail: nothing changed, taken out, cut off or chained anew goes unnoticed."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from typing import Any

import pytest

from outreach.domain.trail import Head
from outreach.errors import NotFound, StoreFault
from outreach.services.trail import (
    append,
    append_restored,
    head_path,
    list_entries,
    note_head,
    noted_head,
    record,
    record_shown,
    recorded,
    trail_head,
    verify_trail,
)


def filled(town: Any, count: int = 5) -> Any:
    office = replace(town.office, actor="chief")
    for number in range(1, count + 1):
        record(office, "export", {"command": "household export", "number": number, "file": "名单.xlsx"})
    return office


def kinds(office: Any, noted: Head | None = None) -> list[tuple[str, int, int]]:
    return [(one.kind, one.first, one.last) for one in verify_trail(office, noted).findings]


def tampered(town: Any, *statements: str) -> None:
    """The store changed by somebody who may write its file and knows of the triggers."""
    if town.workspace.store_url.startswith("sqlite"):
        for name in ("update", "delete"):
            town.sql(f"DROP TRIGGER audit_entries_no_{name}")
    else:
        town.sql("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    for statement in statements:
        town.sql(statement)


def test_entries_come_back_as_they_were_recorded(town: Any) -> None:
    office = filled(town, 2)
    first, second = list_entries(office)
    assert (first.number, first.by, first.action, first.at) == (1, "chief", "export", office.now())
    assert second.what == {"command": "household export", "number": 2, "file": "名单.xlsx"}
    assert verify_trail(office).findings == ()
    assert noted_head(office.workspace) == trail_head(office)


def test_entries_are_found_by_day_login_and_action(town: Any) -> None:
    office = filled(town, 1)
    town.clock.present += dt.timedelta(days=2)
    record(replace(office, actor="wang"), "unmask", {"command": "household show", "code": "H001"})
    assert [one.number for one in list_entries(office, since=office.now() - dt.timedelta(days=1))] == [2]
    assert [one.number for one in list_entries(office, by="chief")] == [1]
    assert [one.number for one in list_entries(office, action="unm")] == [2]


def test_how_many_households_an_export_came_to_stands_beside_it(town: Any) -> None:
    office = filled(town, 1)
    entry = record(office, "unmask", {"command": "household show"})
    record_shown(office, entry, {"H002", "H001"})
    assert [(one.number, one.households) for one in list_entries(office)] == [(1, None), (2, 2)]
    assert verify_trail(office).head.length == 3


def test_the_store_refuses_to_change_or_delete_an_entry(town: Any) -> None:
    filled(town)
    for statement in ("UPDATE audit_entries SET by = 'x'".replace("by", '"by"'), "DELETE FROM audit_entries"):
        with pytest.raises(Exception, match="appended, never changed"):
            town.sql(statement)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entries SET \"by\" = 'wang' WHERE position = 3", [("changed", 3, 3)]),
        ("UPDATE audit_entries SET what = '{}' WHERE position = 2", [("changed", 2, 2)]),
        ("UPDATE audit_entries SET at_ms = at_ms + 1 WHERE position = 5", [("changed", 5, 5)]),
        ("DELETE FROM audit_entries WHERE position IN (2, 3)", [("missing", 2, 3)]),
        ("DELETE FROM audit_entries WHERE position > 3", [("cut", 4, 5)]),
        ("DELETE FROM audit_entries", [("cut", 1, 5)]),
        (
            'INSERT INTO audit_entries SELECT 6, at_ms, "by", action, what, previous, digest FROM audit_entries'
            " WHERE position = 5",
            [("unlinked", 6, 6), ("changed", 6, 6)],
        ),
    ],
)
def test_what_somebody_did_to_the_entries_is_named(
    town: Any, statement: str, found: list[tuple[str, int, int]]
) -> None:
    office = filled(town)
    tampered(town, statement)
    assert kinds(office) == found
    assert all(one.sentence() for one in verify_trail(office).findings)


def test_a_removed_entry_with_the_rest_moved_up_is_noticed(town: Any) -> None:
    office = filled(town)
    tampered(
        town,
        "DELETE FROM audit_entries WHERE position = 2",
        "UPDATE audit_entries SET position = position - 1 WHERE position = 3",
        "UPDATE audit_entries SET position = position - 1 WHERE position = 4",
        "UPDATE audit_entries SET position = position - 1 WHERE position = 5",
    )
    assert ("unlinked", 2, 2) in kinds(office)
    assert ("cut", 5, 5) in kinds(office)


def test_a_trail_made_anew_with_the_key_is_noticed_by_the_head_beside_it(town: Any) -> None:
    office = filled(town)
    kept = head_path(office.workspace).read_bytes()
    tampered(town, "DELETE FROM audit_entries")
    for number in range(6):
        record(office, "export", {"other": number})
    head_path(office.workspace).write_bytes(kept)
    assert kinds(office) == [("rechained", 5, 5)]


def test_a_trail_and_its_head_made_anew_are_noticed_by_what_was_noted_on_paper(town: Any) -> None:
    office = filled(town)
    paper = trail_head(office)
    paper = Head(paper.length, paper.digest[:16])
    assert kinds(office, paper) == []
    tampered(town, "DELETE FROM audit_entries")
    head_path(office.workspace).unlink()
    for number in range(6):
        record(office, "export", {"other": number})
    assert kinds(office) == []
    assert kinds(office, paper) == [("paper other", 5, 5)]
    assert kinds(office, Head(9, paper.digest)) == [("paper cut", 7, 9)]


def test_a_head_that_is_gone_or_damaged_is_named(town: Any) -> None:
    office = filled(town)
    head_path(office.workspace).unlink()
    assert kinds(office) == [("no head", 0, 0)]
    head_path(office.workspace).write_bytes(b"\xff\xfe nothing")
    assert kinds(office) == [("no head", 0, 0)]


def test_a_crash_between_the_commit_and_the_head_is_tolerated_and_named(town: Any) -> None:
    office = filled(town)
    with office.store.write() as unit:
        append(office, unit, "export", {"then": "the power failed"})
    verdict = verify_trail(office)
    assert (verdict.findings, verdict.lag, verdict.head.length) == ((), 1, 6)
    filled(town, 1)
    assert verify_trail(office).lag == 0


def test_an_older_entry_never_takes_the_head_back(town: Any) -> None:
    office = filled(town, 1)
    with office.store.write() as unit:
        second = append(office, unit, "export", {})
    third = record(office, "export", {})
    note_head(office, second)
    assert noted_head(office.workspace) == Head(3, third.digest)


def test_a_change_and_its_entry_are_written_together_or_not_at_all(town: Any) -> None:
    office = replace(town.office, actor="chief")

    def fail() -> None:
        with recorded(office, "household erase", {"household": "H001"}) as unit:
            assert unit.rosters.households(["H001"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list_entries(office) == []
    with recorded(office, "household erase", {"household": "H001"}):
        pass
    assert [one.action for one in list_entries(office)] == ["household erase"]


def test_without_the_key_nothing_is_recorded_and_the_sentence_says_so(town: Any) -> None:
    office = filled(town, 1)
    office.workspace.key_path.unlink()
    with pytest.raises(NotFound, match="the workspace's key is not there"):
        record(office, "export", {})
    assert not office.workspace.key_path.exists()


def test_another_workspaces_key_makes_every_entry_wrong(town: Any) -> None:
    office = filled(town, 2)
    from outreach.keys import make_key

    office.workspace.key_path.unlink()
    make_key(office.workspace.key_path)
    assert kinds(office) == [("changed", 1, 1), ("changed", 2, 2)]


def test_a_head_that_cannot_be_written_is_a_sentence(town: Any) -> None:
    office = filled(town, 1)
    head_path(office.workspace).unlink()
    head_path(office.workspace).mkdir()
    with pytest.raises(StoreFault, match="cannot be written"):
        record(office, "export", {})


def test_writers_at_the_same_time_make_one_chain(town: Any) -> None:
    offices = [replace(town.reopen(), actor=f"writer-{number}") for number in range(4)]

    def write(office: Any) -> None:
        for number in range(10):
            record(office, "export", {"number": number})

    threads = [threading.Thread(target=write, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    verdict = verify_trail(town.office)
    assert (verdict.head.length, verdict.lag, verdict.findings) == (40, 0, ())


def test_a_restored_backup_goes_on_and_says_how_the_trail_ended_before(town: Any) -> None:
    office = filled(town)
    before = trail_head(office)
    tampered(town, "DELETE FROM audit_entries WHERE position > 2")
    assert kinds(office) == [("cut", 3, 5)]
    note_head(office, append_restored(office, "monday.db"), anew=True)
    assert kinds(office) == []
    assert list_entries(office)[-1].what == {"file": "monday.db", "ended": f"5:{before.digest}"}
    assert [one[0] for one in kinds(office, before)] == ["paper cut"]
