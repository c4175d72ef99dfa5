"""outreach store seal, unseal."""

from __future__ import annotations

import click

from outreach.cli.session import Session, json_option, say, show_json, show_table
from outreach.messages import _


@click.command(help=_("Seal phones, ID numbers and notes in the store with the workspace's key."))
@json_option
@click.pass_obj
def seal(session: Session, as_json: bool) -> None:
    """Seal the store."""
    from outreach.services.sealing import seal_workspace

    with session.office() as office:
        _show(seal_workspace(office), as_json=as_json)
        say(
            _("keep a copy of {file} in another place: without it nobody can read them", file=office.workspace.key_path)
        )


@click.command(help=_("Write the sealed columns of the store plainly again."))
@json_option
@click.pass_obj
def unseal(session: Session, as_json: bool) -> None:
    """Unseal the store."""
    from outreach.services.sealing import unseal_workspace

    with session.office() as office:
        _show(unseal_workspace(office), as_json=as_json)


def _show(values: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        show_json([{"column": column, "values": count} for column, count in values.items()])
        return
    show_table([_("Column"), _("Values")], list(values.items()))
