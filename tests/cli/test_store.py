"""outreach store: looked through, backed up, restored, copied; every refusal is one sentence with its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.postgres_server import Server


def test_a_backup_is_made_checked_and_put_back_from_the_command_line(town: Any, call: Any, tmp_path: Path) -> None:
    town.close()
    file = tmp_path / "june.db"
    made = call("store", "backup", file, "--json", at=town.root).json
    assert made["rows"]["households"] == 30
    assert call("store", "check", file, at=town.root).out.splitlines()[-1] == "everything in order"
    assert call("contact", "record", "H001", "informed", "--at", "2005-03-08", at=town.root).code == 0
    done = call("store", "restore", file, "--json", at=town.root).json
    assert Path(done["replaced"]).is_file()
    shown = call("store", "check", "--json", at=town.root).json
    assert shown["rows"]["attempts"] == 0
    again = call("store", "backup", file, at=town.root)
    assert (again.code, len(again.sentences)) == (6, 1)


def test_a_store_goes_to_postgresql_and_back_from_the_command_line(town: Any, call: Any, postgres: Server) -> None:
    town.close()
    database = postgres.new_database()
    moved = call("store", "copy", postgres.url(database), "--switch", at=town.root)
    assert moved.code == 0
    assert "households" in moved.out
    assert "the workspace works there now" in moved.err
    assert call("contact", "record", "H001", "informed", "--at", "2005-03-08", at=town.root).code == 0
    assert "PostgreSQL" in call("store", "check", at=town.root).out
    back = call("store", "copy", "sqlite:///back.db", "--switch", "--json", at=town.root).json
    assert {one["table"]: one["rows"] for one in back["tables"]}["attempts"] == 1
    assert call("household", "show", "H001", at=town.root).code == 0
    postgres.drop(database)


def test_what_stands_in_the_way_is_one_sentence(town: Any, call: Any, tmp_path: Path) -> None:
    town.close()
    (tmp_path / "there.db").write_bytes(b"x")
    for arguments, code, said in (
        (("copy", f"sqlite:///{tmp_path / 'there.db'}"), 6, "there is something in it already"),
        (("copy", "postgresql://u@127.0.0.1:1/d"), 7, "no database server answers there"),
        (("copy", "mysql://u@h/d"), 7, "is no database outreach works with"),
        (("copy", "elsewhere"), 7, "is no store address"),
        (("restore", tmp_path / "none.db"), 4, "there is no such file"),
        (("check", tmp_path / "none.db"), 4, "there is no such file"),
        (("backup", tmp_path / "there.db"), 6, "is there already"),
    ):
        answer = call("store", *arguments, at=town.root)
        assert (answer.code, len(answer.sentences)) == (code, 1), answer.err
        assert said in answer.err


def test_a_broken_store_is_replaced_from_the_command_line(town: Any, call: Any, tmp_path: Path) -> None:
    town.close()
    assert call("store", "backup", tmp_path / "b.db", at=town.root).code == 0
    for path in town.root.glob("outreach.db*"):
        path.unlink()
    (town.root / "outreach.db").write_bytes(b"no database " * 1000)
    assert call("household", "list", at=town.root).code == 7
    assert call("store", "restore", tmp_path / "b.db", at=town.root).code == 0
    assert call("household", "list", at=town.root).code == 0


def test_a_backup_put_back_says_who_is_erased_in_it_again(town: Any, call: Any, tmp_path: Path) -> None:
    town.close()
    file = tmp_path / "june.db"
    assert call("store", "backup", file, at=town.root).code == 0
    assert call("household", "erase", "H008", "--reason", "asked", "--yes", at=town.root).code == 0
    done = call("store", "restore", file, at=town.root)
    assert done.code == 0, done.err
    assert "erased in it again: households H008" in done.err
    assert call("household", "show", "H008", at=town.root).code == 4
    (town.root / "outreach.db").unlink()
    blind = call("store", "restore", file, at=town.root)
    assert "erase again whoever was, with 'outreach household erase'" in blind.err
    assert call("household", "show", "H008", at=town.root).code == 0
