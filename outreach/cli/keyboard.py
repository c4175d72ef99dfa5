"""Who is at the keyboard, whether they may run this command, and the trail of what leaves the store.

Every command comes through here when it asks for the workspace or the office, so that none has to remember it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.messages import _

if TYPE_CHECKING:
    from outreach.cli.session import Session
    from outreach.config import Workspace
    from outreach.services.office import Office
    from outreach.services.users import Arrival
    from outreach.store.trail import Entry


@dataclass(frozen=True, slots=True)
class _Call:
    """The command at work. said: its arguments and options that were given. unmasks: phones are asked for in full."""

    command: str
    said: dict[str, Any]
    unmasks: bool

    @property
    def recorded(self) -> bool:
        """Whether it goes on the trail before anything is shown."""
        from outreach.services.permissions import DISCLOSES, DISCLOSES_TO_FILES

        to_file = self.command in DISCLOSES_TO_FILES and not self.said.keys().isdisjoint(("target", "file"))
        return self.unmasks or to_file or self.command in DISCLOSES


def _call() -> tuple[_Call, click.Context]:
    from outreach.services.permissions import command_named

    context = click.get_current_context()
    path = context.command_path.partition(" ")[2]
    given = {name: value for name, value in context.params.items() if value not in (None, "", False, ())}
    first = next((str(value) for name, value in given.items() if name == "kind"), "")
    unmasks = bool(given.get("unmask") or given.get("private"))
    return _Call(command_named(path, first), {name: _plain(value) for name, value in given.items()}, unmasks), context


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else str(value)


def arrival(session: Session) -> Arrival:
    """Who is at the keyboard, by the operating system and by OUTREACH_USER; a passphrase is asked for once."""
    from outreach.services.users import Arrival, system_login

    def passphrase() -> str:
        if session.passphrase is None:
            named = os.environ.get("OUTREACH_PASSPHRASE_FILE")
            session.passphrase = passphrase_in(Path(named)) if named else ask_passphrase(_("passphrase"))
        return session.passphrase

    return Arrival(system_login(), os.environ.get("OUTREACH_USER", ""), passphrase)


def ask_passphrase(words: str, *, twice: bool = False) -> str:
    """A passphrase typed unseen; twice: once more, to be sure."""
    return str(click.prompt(words, hide_input=True, confirmation_prompt=twice, err=True))


def passphrase_in(path: Path) -> str:
    """The first line of a file that holds a passphrase; raises NotFound or BadInput where it cannot be read."""
    from outreach.errors import BadInput, NotFound

    try:
        return (path.read_text("utf-8").splitlines() or [""])[0]
    except FileNotFoundError as error:
        raise NotFound.at(str(path), _("there is no such file"), _("check the name and the folder")) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput.at(str(path), _("cannot be read"), _("write the passphrase on its first line")) from error


def enter(session: Session, workspace: Workspace) -> Office:
    """The office open for whoever is at the keyboard; what leaves the store is on the trail before it is shown."""
    from outreach.services.permissions import check_allowed
    from outreach.services.trail import record
    from outreach.services.users import open_office_for

    call, context = _call()
    office, user = open_office_for(workspace, arrival(session))
    try:
        if user is not None:
            check_allowed(user, call.command, unmasks=call.unmasks)
        if call.recorded and not session.admitted:
            entry = record(office, "unmask" if call.unmasks else "export", {"command": call.command} | call.said)
            context.call_on_close(lambda: _tell(session, workspace, entry))
    except BaseException:
        office.close()
        raise
    session.admitted = True
    return replace(office, told=session.told)


def _tell(session: Session, workspace: Workspace, entry: Entry) -> None:
    """Say on the trail of how many households data were shown or written, when the command has ended."""
    from outreach.services.office import open_office
    from outreach.services.trail import record_shown

    if not session.told:
        return
    office = replace(open_office(workspace), actor=entry.by)
    try:
        record_shown(office, entry, session.told)
    finally:
        office.close()


def admit(session: Session, workspace: Workspace) -> None:
    """Let whoever is at the keyboard run a command that needs the workspace alone, or raise NotAllowed."""
    from outreach.errors import NotFound, StoreFault
    from outreach.services.permissions import MENDS, open_to_all

    call, _context = _call()
    if session.admitted or (open_to_all(call.command) and not call.recorded):
        return
    # Where there is no store there are no users; and a damaged one must not keep its own mending out.
    with suppress(NotFound, *([StoreFault] if call.command in MENDS else [])):
        enter(session, workspace).close()


def mending_login() -> str:
    """Who mends a store that may not be able to say who its users are: as they say, or by the operating system."""
    from outreach.services.users import system_login

    return os.environ.get("OUTREACH_USER") or system_login()
