"""outreach user ..."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.keyboard import arrival, ask_passphrase, passphrase_in
from outreach.cli.session import Session, json_option, show_facts, show_json, show_table
from outreach.domain.role import Role, User
from outreach.messages import _


@click.group(help=_("Users and their roles: add, list, end, whoami."))
def user() -> None:
    """Hold the commands."""


@user.command(help=_("Let somebody in, by the LOGIN they have on this machine; the first must be a manager."))
@click.argument("login")
@click.option("--role", type=click.Choice([one.value for one in Role]), required=True, help=_("what they may do"))
@click.option("--name", default="", help=_("their name"))
@click.option("--officer", default="", metavar="CODE", help=_("the officer they are, for the role officer"))
@click.option("--passphrase", is_flag=True, help=_("ask for a passphrase now, and of them at every command"))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    default=None,
    help=_("take the passphrase from the first line of this file"),
)
@json_option
@click.pass_obj
def add(
    session: Session, login: str, role: str, name: str, officer: str, passphrase: bool,
    passphrase_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Add a user."""
    from outreach.services.users import add_user

    with session.office() as office:
        secret = None
        if passphrase_file is not None:
            secret = passphrase_in(passphrase_file)
        elif passphrase:
            secret = ask_passphrase(_("passphrase for {login}", login=login), twice=True)
        added = add_user(office, login, Role(role), name=name, officer=officer, passphrase=secret)
    _show(added, as_json=as_json)


@user.command("list", help=_("List the users, those who were ended too."))
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List users."""
    from outreach.services.users import list_users

    with session.office() as office:
        users = list_users(office)
    if as_json:
        show_json([_row(one) for one in users])
        return
    show_table(
        [_("Login"), _("Name"), _("Role"), _("Officer"), _("From"), _("Until")],
        [
            [
                one.login, one.name, one.role.label, one.officer, f"{one.starts:%Y-%m-%d %H:%M}",
                f"{one.ends:%Y-%m-%d %H:%M}" if one.ends else "",
            ]
            for one in users
        ],
    )  # fmt: skip


@user.command(help=_("Let a user in no longer; what they did stays on record."))
@click.argument("login")
@json_option
@click.pass_obj
def end(session: Session, login: str, as_json: bool) -> None:
    """End a user."""
    from outreach.services.users import end_user

    with session.office() as office:
        ended = end_user(office, login)
    _show(ended, as_json=as_json)


@user.command(help=_("Show who you are to this workspace, and your role."))
@json_option
@click.pass_obj
def whoami(session: Session, as_json: bool) -> None:
    """Show the user at the keyboard."""
    from outreach.services.users import user_at

    with session.office() as office:
        found = user_at(office, arrival(session))
    if found is not None:
        _show(found, as_json=as_json)
    elif as_json:
        show_json({"login": office.actor, "name": "", "role": "", "officer": "", "starts": None, "ends": None})
    else:
        show_facts([(_("Login"), office.actor), (_("Role"), _("everybody: the workspace has no users yet"))])


def _show(found: User, *, as_json: bool) -> None:
    if as_json:
        show_json(_row(found))
        return
    show_facts(
        [
            (_("Login"), found.login),
            (_("Name"), found.name),
            (_("Role"), found.role.label),
            (_("Officer"), found.officer),
            (_("From"), f"{found.starts:%Y-%m-%d %H:%M}"),
            (_("Until"), f"{found.ends:%Y-%m-%d %H:%M}" if found.ends else ""),
        ]
    )


def _row(found: User) -> dict[str, object]:
    return {
        "login": found.login,
        "name": found.name,
        "role": found.role.value,
        "officer": found.officer,
        "starts": found.starts,
        "ends": found.ends,
    }
