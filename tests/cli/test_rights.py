"""Every command as every role: who may runs it, who may not is refused before anything is shown or written."""

from __future__ import annotations

import re
import shutil
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from outreach.cli.main import _cli
from outreach.config import load_workspace
from outreach.domain.role import Role, User
from outreach.services.office import open_office
from outreach.services.permissions import ALLOWED, DISCLOSES, DISCLOSES_TO_FILES, UNMASKING, command_named
from outreach.services.users import system_login
from tests.cli.test_json import CALLS, files, prepare

__all__ = ["files"]

MORE = {
    "material make (letters)": "material make letter",
    "material make sms": "material make sms --placement sms-march-20050310-1",
    "household export": "household export {root}/taken.csv",
    "phone export": "phone export {root}/phones.vcf",
    "material preview": "material preview board",
    "material copy": "material copy board",
    "campaign new": "campaign new second",
    "qa accept": "qa accept phones",
    "household import (unmasked)": "household import {roster} --unmask",
    "household list (unmasked)": "household list --unmask",
    "household show (unmasked)": "household show H001 --unmask",
}
"""Calls of commands without --json, and such as take more than the command."""

WITHOUT_A_CALL = {"init", "demo", "completion"}
"""Commands that need no workspace."""

EVERY_CALL = CALLS | MORE
PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
CODE = re.compile(r"\bH\d{3}\b")


def commands(command: click.Command, ctx: click.Context, path: str = "") -> Iterator[str]:
    """Every command as it is typed."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name in command.list_commands(ctx):
        inner = command.get_command(ctx, name)
        assert inner is not None
        yield from commands(inner, click.Context(inner, parent=ctx, info_name=name), f"{path} {name}".strip())


def there_are() -> set[str]:
    root = _cli()
    return set(commands(root, click.Context(root)))


def line_of(call_name: str) -> str:
    """The line of permissions a call falls under."""
    name = re.sub(r" \(.*\)| KIND$", "", call_name)
    words = EVERY_CALL[call_name].split()
    return command_named(name, words[2]) if name == "material make" else name


def may(role: Role, call_name: str) -> bool:
    return role in ALLOWED[line_of(call_name)] and ("--unmask" not in EVERY_CALL[call_name] or role in UNMASKING)


@dataclass(frozen=True)
class Visit:
    """A workspace in which whoever runs the tests has one role, and the households they may see."""

    root: Path
    own: frozenset[str]

    def state(self) -> tuple[Any, ...]:
        """Everything in the store but the trail, and the names of all files."""
        office = open_office(load_workspace(self.root))
        with office.store.read() as unit:
            connection = unit.rosters._connection
            tables = [
                name
                for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
                if name != "audit_entries"
            ]
            rows = tuple(
                (name, tuple(sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"')))))
                for name in sorted(tables)
            )
        office.close()
        beside = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*")}
        return rows, frozenset(name for name in beside if not name.startswith("outreach."))


def visit(source: Path, target: Path, role: Role) -> Visit:
    """A copy of a workspace in which the tests' own login has `role`; as an officer, of the post that has H001."""
    shutil.copytree(source, target)
    office = open_office(load_workspace(target))
    with office.store.write() as unit:
        posts = {code: one.post for code, one in unit.territories.present("town").items()}
        mine = posts.get("H001", posts["H003"])  # H001 may have been erased
        officer = unit.rosters.officers()[mine].code if role is Role.OFFICER else ""
        unit.users.keep(User(system_login(), "", role, office.now(), officer))
        unit.users.keep(User("chief", "", Role.MANAGER, office.now()))
    office.close()
    return Visit(target, frozenset(code for code, post in posts.items() if post == mine))


class _Named(dict[str, Path]):
    """What a call names; what the call needs and is not there is a file that is not there."""

    def __missing__(self, key: str) -> Path:
        return Path("nix")


def words_of(call_name: str, files: dict[str, Path], root: Path) -> list[str]:
    words = string.Formatter().vformat(EVERY_CALL[call_name], (), _Named(files | {"root": root})).split()
    return words if call_name in MORE else [*words, "--json"]


def test_every_command_has_its_line() -> None:
    assert there_are() - set(ALLOWED) == set()
    assert (DISCLOSES | DISCLOSES_TO_FILES) - set(ALLOWED) == set()


def test_the_table_of_the_rights_page_is_what_is_checked() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {
        f"{noun} {verb.strip()}".strip(): letters
        for noun, cells in rows
        for verbs, letters in re.findall(r"([^;*]*)\*\*([PLOMA]+)\*\*", cells)
        for verb in verbs.split(",")
    }
    letters_of = {Role.PUBLICITY: "P", Role.PLANNER: "L", Role.OFFICER: "O", Role.MANAGER: "M", Role.AUDITOR: "A"}
    checked = {line: "".join(letters_of[role] for role in Role if role in roles) for line, roles in ALLOWED.items()}
    assert told == checked


def test_every_command_is_called_here() -> None:
    called = {line_of(name) for name in EVERY_CALL}
    assert there_are() - called - WITHOUT_A_CALL == set()


def test_a_manager_may_do_everything_and_an_auditor_only_what_reads() -> None:
    assert all(Role.MANAGER in roles for roles in ALLOWED.values())
    changing = ("import", "add", "set", "record", "merge", "erase", "assign", "make", "plan", "draw", "enter", "seal")
    named = [
        line
        for line, roles in ALLOWED.items()
        if Role.AUDITOR in roles and line.split()[-1] in changing and line != "campaign plan"
    ]
    assert named == ["household record"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_what_a_role_may_not_do_shows_and_writes_nothing(
    call: Any, town: Any, files: dict[str, Path], tmp_path: Path, role: Role
) -> None:
    there = visit(town.root, tmp_path / "visited", role)
    before = there.state()
    refused = [name for name in EVERY_CALL if not may(role, name)]
    for name in refused:
        found = call(*words_of(name, files, there.root), at=there.root)
        assert (found.code, found.out) == (9, ""), f"{name}: {found}"
        assert len(found.sentences) == 1, found.err
        assert system_login() in found.err
    assert there.state() == before
    assert len(refused) > 10


@pytest.mark.parametrize("name", EVERY_CALL)
def test_what_a_role_may_do_works_on_what_it_may_see(
    call: Any, town: Any, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    if name in CALLS:
        prepare(call, town, files, monkeypatch, name)
    for role in (one for one in Role if one is not Role.MANAGER and may(one, name)):
        there = visit(town.root, tmp_path / role.value, role)
        before = there.state()
        words = words_of(name, files, there.root)
        found = call(*words, at=there.root)
        # 3 to 6: what it names is not this role's to see, or there is nothing to do for them.
        assert found.code in ((0, 8) if role is Role.AUDITOR else (0, 3, 4, 5, 6, 8, 9)), f"{role}: {found}"
        assert found.code != 9 or "not yours to change" in found.err, f"{role}: {found}"
        if role is Role.AUDITOR:
            assert there.state()[0] == before[0], f"an auditor changed something: {name}"
        if role is Role.OFFICER:
            said = set(CODE.findall(" ".join(words)))
            assert set(CODE.findall(found.out)) - said <= there.own, f"another's household: {name}"


def test_a_login_that_is_no_user_is_refused_with_one_sentence(call: Any, town: Any) -> None:
    office = town.office
    with office.store.write() as unit:
        unit.users.keep(User("chief", "", Role.MANAGER, office.now()))
    for words in (("household", "list"), ("qa", "accept", "phones"), ("user", "list"), ("trail", "show")):
        found = call(*words, at=town.root)
        assert (found.code, found.out) == (9, "")
        assert "is no user of this workspace" in found.err
