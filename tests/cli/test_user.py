"""Users, the trail and the seal at the keyboard: what is asked, refused, recorded and shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.services.users import system_login

SECRET = "huaihua kai le you luo"
MOBILE = "12105550101"


def entries(call: Any, town: Any, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call("trail", "show", "--json", *options, at=town.root).json["entries"]
    return found


@pytest.fixture
def alone(town: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The town with nobody named in the surroundings."""
    for name in ("OUTREACH_USER", "OUTREACH_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return town


def test_the_first_monday_needs_no_user(call: Any, alone: Any) -> None:
    found = call("user", "whoami", at=alone.root)
    assert (found.code, system_login() in found.out) == (0, True)
    assert call("household", "list", "--unmask", at=alone.root).code == 0


def test_unmasking_one_household_names_it_on_the_trail(call: Any, alone: Any) -> None:
    assert MOBILE in call("household", "show", "H002", "--unmask", at=alone.root).out
    (entry,) = entries(call, alone)
    assert (entry["action"], entry["by"], entry["households"]) == ("unmask", system_login(), 1)
    assert entry["what"]["command"] == "household show"
    assert entry["what"]["code"] == "H002"


def test_a_masked_listing_leaves_no_entry(call: Any, alone: Any) -> None:
    call("household", "show", "H002", at=alone.root)
    call("household", "list", at=alone.root)
    call("household", "duplicates", at=alone.root)
    assert entries(call, alone) == []
    assert not (alone.root / "outreach.key").exists()


@pytest.mark.parametrize(
    ("words", "action", "households"),
    [
        ("household list --unmask", "unmask", None),  # its table has no phones
        ("household list --unmask --json", "unmask", 30),
        ("household list --post G01 --unmask --json", "unmask", 8),
        ("household walk G01 --unmask", "unmask", 8),
        ("household export {root}/all.csv", "export", 30),
        ("household export {root}/all.csv --unmask", "unmask", 30),
        ("material make letter --post G01", "export", 8),
        ("contact export {root}/log.txt", "export", None),
        ("officer list --unmask", "unmask", None),
        ("phone export {root}/phones.vcf", "export", None),
        ("sms recipients --placement sms-march-20050310-1", "export", 30),
        ("household duplicates --to {root}/pairs.xlsx", "export", None),
        ("mail proposals --to {root}/moved.csv", "export", None),
        ("duty phones --from 2005-05-01 --file {root}/phones.docx", "export", None),
    ],
)
def test_what_leaves_the_store_is_recorded_with_how_many_households(
    call: Any, alone: Any, words: str, action: str, households: int | None
) -> None:
    assert call(*words.format(root=alone.root).split(), at=alone.root).code == 0
    (entry,) = entries(call, alone)
    assert (entry["action"], entry["households"]) == (action, households)
    assert entry["what"]["command"] == " ".join(words.split()[:2])
    assert call("trail", "verify", at=alone.root).code == 0


@pytest.mark.parametrize(
    "words", ["household list --unmask", "household export {root}/all.csv", "material make letter"]
)
def test_what_cannot_be_recorded_is_not_shown(call: Any, alone: Any, words: str) -> None:
    (alone.root / "outreach.key").write_text("no key", "utf-8")
    before = {path.name for path in alone.root.rglob("*")}
    found = call(*words.format(root=alone.root).split(), at=alone.root)
    assert (found.code, found.out) == (7, "")
    assert "is no key of outreach" in found.err
    assert {path.name for path in alone.root.rglob("*")} == before


def test_users_are_added_listed_and_ended(call: Any, alone: Any) -> None:
    me = system_login()
    assert call("user", "add", me, "--role", "manager", "--name", "张明", at=alone.root).code == 0
    added = call("user", "add", "liang", "--role", "officer", "--officer", "Y01", "--json", at=alone.root).json
    assert (added["role"], added["officer"], added["ends"]) == ("officer", "Y01", None)
    assert call("user", "end", "liang", at=alone.root).code == 0
    listed = call("user", "list", "--json", at=alone.root).json
    assert [(one["login"], one["ends"] is None) for one in listed] == [("liang", False), (me, True)]
    assert call("user", "end", me, at=alone.root).code == 6
    assert call("user", "whoami", "--json", at=alone.root).json["role"] == "manager"


def test_several_people_share_a_login_with_passphrases(
    call: Any, alone: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words"
    words.write_text(SECRET + "\n", "utf-8")
    assert call("user", "add", system_login(), "--role", "manager", at=alone.root).code == 0
    added = call("user", "add", "wang", "--role", "planner", "--passphrase-file", words, at=alone.root)
    assert added.code == 0
    monkeypatch.setenv("OUTREACH_USER", "wang")
    monkeypatch.setenv("OUTREACH_PASSPHRASE_FILE", str(words))
    assert call("user", "whoami", "--json", at=alone.root).json["login"] == "wang"
    assert call("household", "list", at=alone.root).code == 0
    assert call("household", "list", "--unmask", at=alone.root).code == 9
    words.write_text("something else\n", "utf-8")
    found = call("household", "list", at=alone.root)
    assert (found.code, found.out) == (9, "")
    assert "not the passphrase" in found.err
    words.unlink()
    assert call("household", "list", at=alone.root).code == 4


def test_an_officers_listing_is_their_own_households(call: Any, alone: Any) -> None:
    posts = {one["code"]: one["post"] for one in call("household", "list", "--json", at=alone.root).json}
    assert (
        call("user", "add", "chief", "--role", "manager", "--passphrase-file", _words(alone), at=alone.root).code == 0
    )
    alone.sql(
        "INSERT INTO users (login, name, role, officer, secret, starts_ms)"
        f" VALUES ('{system_login()}', '', 'officer', 'Y01', '', 0)"
    )
    own = {code for code, post in posts.items() if post == "G01"}
    assert {one["code"] for one in call("household", "list", "--json", at=alone.root).json} == own
    other = min(set(posts) - own)
    found = call("household", "show", other, at=alone.root)
    assert (found.code, found.out) == (4, "")
    assert "there is no such household" in found.err
    found = call("contact", "record", other, "informed", "--at", "2005-03-08", at=alone.root)
    assert found.code in (3, 4)
    assert alone.sql("SELECT count(*) FROM attempts") == [(0,)]
    assert call("contact", "record", min(own), "informed", "--at", "2005-03-08", at=alone.root).code == 0


def _words(town: Any) -> Path:
    path: Path = town.root / "words"
    path.write_text(SECRET, "utf-8")
    return path


@pytest.mark.sqlite_only
def test_a_tampered_trail_is_named_and_ends_with_8(call: Any, alone: Any) -> None:
    for code in ("H001", "H002", "H003"):
        call("household", "show", code, "--unmask", at=alone.root)
    noted = call("trail", "verify", at=alone.root).out.split()[-1]
    assert call("trail", "verify", "--noted", noted, at=alone.root).code == 0
    alone.sql("DROP TRIGGER audit_entries_no_delete")
    alone.sql("DELETE FROM audit_entries WHERE position > 4")
    found = call("trail", "verify", at=alone.root)
    assert (found.code, found.out) == (8, "entries 5 to 6 were cut off at the end\n")
    (finding,) = json.loads(call("trail", "verify", "--json", at=alone.root).out)["findings"]
    assert finding == {"kind": "cut", "first": 5, "last": 6}
    found = call("trail", "verify", "--noted", noted, at=alone.root)
    assert "by what was noted on paper" in found.out
    assert call("trail", "verify", "--noted", "some time ago", at=alone.root).code == 3


@pytest.mark.sqlite_only
def test_a_sealed_workspace_works_as_before_and_unseals(call: Any, alone: Any) -> None:
    before = call("household", "list", "--unmask", "--json", at=alone.root).json
    sealed = call("store", "seal", at=alone.root)
    assert sealed.code == 0
    assert "keep a copy of" in sealed.err
    assert MOBILE.encode() not in (alone.root / "outreach.db").read_bytes()
    assert call("household", "list", "--unmask", "--json", at=alone.root).json == before
    assert call("store", "seal", at=alone.root).code == 6
    rows = call("store", "unseal", "--json", at=alone.root).json
    assert {"column": "persons.mobile", "values": 30} in rows
    assert call("household", "list", "--unmask", "--json", at=alone.root).json == before
    assert [one["action"] for one in entries(call, alone) if one["action"].startswith("store")] == [
        "store seal",
        "store unseal",
    ]
