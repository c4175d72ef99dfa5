"""outreach store ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli import sealing
from outreach.cli.keyboard import mending_login
from outreach.cli.roster_views import listed
from outreach.cli.session import Session, json_option, progress, say, show_facts, show_json, show_table
from outreach.messages import _


@click.group(help=_("The workspace's store: check, backup, restore, copy to another database, seal, unseal."))
def store() -> None:
    """Hold the commands."""


store.add_command(sealing.seal)
store.add_command(sealing.unseal)


@store.command(help=_("Look the store through, or the backup FILE: its structure, references, standings and facts."))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@json_option
@click.pass_obj
def check(session: Session, file: Path | None, as_json: bool) -> None:
    """Check the store or a backup."""
    from outreach.services.store_checkup import check_backup, check_store

    if file is not None:
        health = check_backup(session.workspace(), file)
    else:
        with session.office() as office:
            health = check_store(office)
    if as_json:
        show_json(health)
        return
    unread = _("not looked at: the backup is sealed, and its key is not here")
    show_facts(
        [
            (_("Store"), health.store),
            (_("Database"), health.database),
            (_("Revision"), health.revision),
            (_("Rows"), sum(health.rows.values())),
            (_("Campaigns whose facts agree"), unread if health.campaigns is None else ", ".join(health.campaigns)),
        ]
    )
    click.echo(_("everything in order"))


@store.command(help=_("Write the store as it is now into FILE, with a manifest beside it; others go on working."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def backup(session: Session, file: Path, as_json: bool) -> None:
    """Make a backup."""
    from outreach.services.backups import make_backup, manifest_path

    workspace = session.workspace()
    with progress(_("backup")) as move:
        made = make_backup(workspace, file, dt.datetime.now(workspace.zone), move)
    if as_json:
        show_json(made)
        return
    show_facts(
        [
            (_("Backup"), str(made.file)),
            (_("Manifest"), str(manifest_path(made.file))),
            (_("Made"), f"{made.made:%Y-%m-%d %H:%M:%S}"),
            (_("Bytes"), made.size),
            (_("Rows"), sum(made.rows.values())),
            ("SHA-256", made.sha256),
        ]
    )


@store.command(help=_("Put the backup FILE in the place of the store; the store that was there is kept beside it."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def restore(session: Session, file: Path, as_json: bool) -> None:
    """Put a backup back."""
    from outreach.services.backups import restore_backup

    workspace = session.workspace()
    with progress(_("restore")) as move:
        done = restore_backup(workspace, file, dt.datetime.now(workspace.zone), move, actor=mending_login())
    if not done.recorded:
        say(
            _(
                "the key {file} is not there: the trail does not say that this backup was put back; bring the key back",
                file=workspace.key_path,
            )
        )
    if done.erased:
        codes = listed(done.erased)
        say(_("erased since that backup was made, and now erased in it again: households {codes}", codes=codes))
    if done.unsure:
        say(
            _(
                "whether households were erased since that backup was made cannot be seen here: "
                "erase again whoever was, with 'outreach household erase'"
            )
        )
    if as_json:
        show_json(done)
        return
    show_facts(
        [
            (_("Store"), done.store),
            (_("Backup of"), f"{done.backup.made:%Y-%m-%d %H:%M:%S}"),
            (_("Rows"), sum(done.backup.rows.values())),
            (_("Kept from before"), str(done.replaced or "")),
        ]
    )


@store.command(
    help=_(
        "Copy the store to ADDRESS, an empty database (postgresql://user@server/database) or a new file "
        "(sqlite:///name.db), and compare what arrived."
    )
)
@click.argument("address")
@click.option("--switch", is_flag=True, help=_("then use it: rewrite store.url in outreach.toml, close the old store"))
@json_option
@click.pass_obj
def copy(session: Session, address: str, switch: bool, as_json: bool) -> None:
    """Copy the store."""
    from outreach.services.store_moves import copy_workspace_store

    workspace = session.workspace()
    with progress(_("copy")) as move:
        done = copy_workspace_store(workspace, address, switch=switch, progress=move)
    if as_json:
        show_json(done)
        return
    show_table(
        [_("Table"), _("Rows"), "SHA-256"], [[one.table, one.rows, one.sha256[:16]] for one in done.tables if one.rows]
    )
    say(_("{rows} rows from {source} stand in {target}", rows=f"{done.rows:,}", source=done.source, target=done.target))
    if switch:
        say(_("the workspace works there now; the old store is kept and opens no more"))
    else:
        say(_("the workspace still works in the old store; --switch changes that"))
