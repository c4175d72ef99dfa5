"""Users: who is let in, as what, and that nobody can lock everybody out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from outreach.domain.role import Role
from outreach.errors import BadInput, Conflict, NotAllowed, NotFound, OutreachError
from outreach.services.trail import list_entries
from outreach.services.users import Arrival, add_user, end_user, list_users, open_office_for, system_login, user_at

SECRET = "huaihua kai le you luo"


def nobody() -> str:
    raise AssertionError("no passphrase is asked for")


def at_keyboard(login: str, said: str = "", passphrase: str | None = None) -> Arrival:
    return Arrival(login, said, nobody if passphrase is None else lambda: passphrase)


@pytest.fixture
def staffed(town: Any) -> Any:
    """The town's office with a manager at the keyboard, an officer, and a planner with a passphrase."""
    office = replace(town.office, actor="zhang")
    add_user(office, "zhang", Role.MANAGER, name="张明")
    add_user(office, "liang", Role.OFFICER, officer="Y01")
    add_user(office, "wang", Role.PLANNER, passphrase=SECRET)
    return office


def test_a_workspace_without_users_lets_everybody_do_everything(town: Any) -> None:
    office, user = open_office_for(town.workspace, at_keyboard("anybody"))
    assert (user, office.actor, office.store.scoped) == (None, "anybody", False)
    office.close()


def test_the_operating_systems_login_is_let_in_and_acts_under_it(staffed: Any) -> None:
    office, user = open_office_for(staffed.workspace, at_keyboard("liang"))
    assert user is not None
    assert (user.role, user.officer, office.actor, office.store.scoped) == (Role.OFFICER, "Y01", "liang", True)
    with office.store.read() as unit:
        assert 0 < len(unit.rosters.households()) < 30
    office.close()


def test_strangers_and_those_who_were_ended_are_refused(staffed: Any) -> None:
    with pytest.raises(NotAllowed, match="is no user of this workspace"):
        open_office_for(staffed.workspace, at_keyboard("stranger"))
    end_user(staffed, "liang")
    with pytest.raises(NotAllowed, match="is no user of this workspace"):
        open_office_for(staffed.workspace, at_keyboard("liang"))


def test_saying_one_is_somebody_needs_their_passphrase(staffed: Any) -> None:
    found = user_at(staffed, at_keyboard("office", "wang", SECRET))
    assert found is not None
    assert found.role is Role.PLANNER
    with pytest.raises(NotAllowed, match="not the passphrase"):
        user_at(staffed, at_keyboard("office", "wang", "wrong"))
    with pytest.raises(NotAllowed, match="has no passphrase"):
        user_at(staffed, at_keyboard("office", "zhang"))


def test_who_has_a_passphrase_is_asked_for_it_at_their_own_login_too(staffed: Any) -> None:
    with pytest.raises(NotAllowed, match="not the passphrase"):
        user_at(staffed, at_keyboard("wang", "", "wrong"))


def test_a_passphrase_is_nowhere_in_the_store_and_no_list_shows_its_digest(staffed: Any, town: Any) -> None:
    ((secret,),) = town.sql("SELECT secret FROM users WHERE login = 'wang'")
    assert secret.startswith("scrypt:14:8:1:")
    assert SECRET not in secret
    assert {user.secret for user in list_users(staffed)} == {""}


@pytest.mark.parametrize(
    ("login", "role", "more", "error"),
    [
        ("wang", Role.PLANNER, {}, Conflict),
        ("zhou", Role.OFFICER, {}, BadInput),
        ("zhou", Role.PLANNER, {"officer": "Y01"}, BadInput),
        ("zhou", Role.OFFICER, {"officer": "Y99"}, NotFound),
        ("zhou", Role.PLANNER, {"passphrase": "short"}, BadInput),
        (" zhou", Role.PLANNER, {}, BadInput),
        ("", Role.PLANNER, {}, BadInput),
    ],
)
def test_a_user_who_does_not_fit_is_refused_and_nothing_is_written(
    staffed: Any, login: str, role: Role, more: dict[str, str], error: type[OutreachError]
) -> None:
    before = list_users(staffed), list_entries(staffed)
    with pytest.raises(error) as caught:
        add_user(staffed, login, role, **more)
    assert len(caught.value.faults) == 1
    assert (list_users(staffed), list_entries(staffed)) == before


def test_the_first_user_is_a_manager_who_can_come_in(town: Any) -> None:
    office = replace(town.office, actor="zhang")
    with pytest.raises(Conflict, match="the first user must be a manager"):
        add_user(office, "zhang", Role.PLANNER)
    with pytest.raises(Conflict, match="must be yourself"):
        add_user(office, "zhagn", Role.MANAGER)
    assert list_users(office) == []
    add_user(office, "chief", Role.MANAGER, passphrase=SECRET)
    assert user_at(office, at_keyboard("office", "chief", SECRET)) is not None


def test_the_last_manager_stays(staffed: Any) -> None:
    with pytest.raises(Conflict, match="is the last manager"):
        end_user(staffed, "zhang")
    add_user(staffed, "li", Role.MANAGER)
    end_user(staffed, "zhang")
    with pytest.raises(Conflict, match="is the last manager"):
        end_user(staffed, "li")


def test_who_was_ended_can_come_back_as_something_else(staffed: Any) -> None:
    end_user(staffed, "wang")
    with pytest.raises(NotFound, match="no such user"):
        end_user(staffed, "wang")
    add_user(staffed, "wang", Role.AUDITOR)
    assert {user.login: user.role for user in list_users(staffed) if user.ends is None}["wang"] is Role.AUDITOR


def test_every_change_of_users_stands_on_the_trail(staffed: Any) -> None:
    end_user(staffed, "liang")
    assert [(one.by, one.action, one.what["login"]) for one in list_entries(staffed)] == [
        ("zhang", "user add", "zhang"),
        ("zhang", "user add", "liang"),
        ("zhang", "user add", "wang"),
        ("zhang", "user end", "liang"),
    ]
    assert SECRET not in str([one.what for one in list_entries(staffed)])


def test_an_officer_sees_of_the_users_only_themselves(staffed: Any) -> None:
    office, _user = open_office_for(staffed.workspace, at_keyboard("liang"))
    assert [user.login for user in list_users(office)] == ["liang"]
    office.close()


def test_the_login_does_not_come_from_variables_anybody_can_set(monkeypatch: pytest.MonkeyPatch) -> None:
    before = system_login()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert system_login() == before != "somebody-else"
