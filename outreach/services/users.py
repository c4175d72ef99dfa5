"""Users of a workspace: who is at the keyboard, what they are, and the store as they may see it.

Where a workspace has no users, whoever can open its files may do everything, as on the first day. From the first one
on, every login that is none of them is refused. A user without a passphrase is vouched for by the operating system's
login; one with a passphrase is asked for it, so that several people can share one login.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from outreach.config import Workspace
from outreach.domain.role import Role, User
from outreach.errors import BadInput, Conflict, NotAllowed, NotFound
from outreach.messages import _
from outreach.services.office import Office, open_office
from outreach.services.trail import recorded
from outreach.store.scope import Scope
from outreach.store.unit import Unit

_LOG_N, _R, _P = 14, 8, 1
"""Cost of scrypt: 16 MB and some 40 ms a try, the least OWASP recommends for a login at a keyboard."""

_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who wants in. login: of the operating system. said: who they say they are, '' where they do not.

    passphrase: asks for theirs.
    """

    login: str
    said: str
    passphrase: Callable[[], str]


def system_login() -> str:
    """The operating system's word for who runs this program; environment variables do not change it."""
    if os.name == "posix":
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a number without a name, as in containers
            return str(os.getuid())
    import getpass

    return getpass.getuser()


def sign_in(users: list[User], arrival: Arrival) -> User:
    """The user at the keyboard; raises NotAllowed for everybody else, with the same words whatever was wrong."""
    login = arrival.said or arrival.login
    found = {user.login: user for user in users if user.ends is None}.get(login)
    if found is None:
        raise NotAllowed.at(
            login,
            _("is no user of this workspace"),
            _("let a manager add you with 'outreach user add', or set OUTREACH_USER to your login"),
        )
    if not found.secret and login != arrival.login:
        raise NotAllowed.at(
            login,
            _("has no passphrase and is not who is logged in to this machine ({login})", login=arrival.login),
            _("log in as {login}, or let a manager give that user a passphrase", login=login),
        )
    if found.secret and not _opens(found.secret, arrival.passphrase()):
        raise NotAllowed.at(login, _("this is not the passphrase"), _("try again, or let a manager give you a new one"))
    return found


def open_office_for(workspace: Workspace, arrival: Arrival) -> tuple[Office, User | None]:
    """The office as whoever arrives may use it, and who they are: None in a workspace without users.

    Raises NotAllowed where they are no user, and what opening the store raises.
    """
    office = replace(open_office(workspace), actor=arrival.login)
    store = office.store
    try:
        user = user_at(office, arrival)
        if user is None:
            return office, None
        if user.role is Role.MANAGER:
            return replace(office, actor=user.login), user
        limited = store.limited(Scope(user.role, user.login, user.officer))
    except BaseException:
        store.close()
        raise
    return replace(office, store=limited, whole_store=store, actor=user.login), user


def user_at(office: Office, arrival: Arrival) -> User | None:
    """Who is at the keyboard; None in a workspace without users. Raises NotAllowed for strangers."""
    with office.trail_store.read() as unit:
        users = unit.users.all(office.workspace.zone) if unit.users.any() else []
    return sign_in(users, arrival) if users else None


def list_users(office: Office) -> list[User]:
    """Every user the reader may see, ended ones included, in the order of logins; secrets are left out."""
    with office.store.read() as unit:
        return [replace(user, secret="") for user in unit.users.all(office.workspace.zone)]


def add_user(
    office: Office, login: str, role: Role, *, name: str = "", officer: str = "", passphrase: str | None = None
) -> User:
    """Let somebody in; who was ended comes back. officer: the code of the officer they are, for the role officer.

    The first must be a manager who can come in: whoever is at the keyboard, or with a passphrase. Raises BadInput,
    NotFound for an unknown officer, Conflict for a user who is there.
    """
    if not login.strip() or login != login.strip() or len(login) > 64:
        raise BadInput.at(repr(login), _("is no login"), _("write the name they log in to this machine with"))
    if (role is Role.OFFICER) != bool(officer):
        raise BadInput.at(
            login,
            _("the role officer goes with the code of an officer, other roles without"),
            _("add --officer CODE for officers only; codes are shown by 'outreach officer list'"),
        )
    if passphrase is not None and len(passphrase) < _SHORTEST:
        raise BadInput.at(
            login, _("the passphrase has fewer than {count} signs", count=_SHORTEST), _("think of a longer one")
        )
    user = User(login, name, role, office.now(), officer, "" if passphrase is None else _sealed_secret(passphrase))
    what = {"login": login, "role": role.value, "officer": officer, "passphrase": passphrase is not None}
    with recorded(office, "user add", what) as unit:
        users = unit.users.all(office.workspace.zone)
        if not users:
            _check_first(office, user)
        if any(one.login == login and one.ends is None for one in users):
            raise Conflict.at(
                login, _("is a user already"), _("end them first with 'outreach user end {login}'", login=login)
            )
        if officer and officer not in unit.rosters.officer_codes():
            raise NotFound.at(officer, _("there is no such officer"), _("see 'outreach officer list'"))
        unit.users.keep(user)
    return replace(user, secret="")


def _check_first(office: Office, user: User) -> None:
    if user.role is not Role.MANAGER:
        raise Conflict.at(
            user.login,
            _("the first user must be a manager, or nobody could add others"),
            _("add a manager first: outreach user add LOGIN --role manager"),
        )
    if not user.secret and user.login != office.actor:
        raise Conflict.at(
            user.login,
            _("the first user must be yourself ({login}), or nobody could come in", login=office.actor),
            _("add yourself first, or give that user a passphrase with --passphrase"),
        )


def end_user(office: Office, login: str) -> User:
    """Let somebody in no longer; what they did stays on record. Raises NotFound, and Conflict for the last manager."""
    with recorded(office, "user end", {"login": login}) as unit:
        user = _present(unit, office, login)
        managers = [
            one for one in unit.users.all(office.workspace.zone) if one.role is Role.MANAGER and one.ends is None
        ]
        if [one.login for one in managers] == [login]:
            raise Conflict.at(
                login, _("is the last manager"), _("add another first: outreach user add LOGIN --role manager")
            )
        ended = replace(user, ends=office.now())
        unit.users.keep(ended)
    return replace(ended, secret="")


def _present(unit: Unit, office: Office, login: str) -> User:
    for user in unit.users.all(office.workspace.zone):
        if user.login == login and user.ends is None:
            return user
    raise NotFound.at(login, _("there is no such user"), _("see 'outreach user list'"))


def _sealed_secret(passphrase: str) -> str:
    salt = secrets.token_bytes(16)
    digest = _scrypt(passphrase, salt, _LOG_N, _R, _P)
    return f"scrypt:{_LOG_N}:{_R}:{_P}:{base64.b64encode(salt).decode()}:{base64.b64encode(digest).decode()}"


def _opens(secret: str, passphrase: str) -> bool:
    _kind, log_n, r, p, salt, digest = secret.split(":")
    found = _scrypt(passphrase, base64.b64decode(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(found, base64.b64decode(digest))


def _scrypt(passphrase: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << log_n, r=r, p=p, maxmem=1 << 27, dklen=32)
