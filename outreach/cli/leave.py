"""outreach leave ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.moments import DAY
from outreach.cli.rota_away import warn_away
from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table
from outreach.messages import _


@click.group(help=_("Officers' leave: import, add, list, lift."))
def leave() -> None:
    """Hold the commands."""


@leave.command("import", help=_("Take in a table of leave (.xlsx, .xls, .csv), all or nothing; see docs/rota.md."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def import_(session: Session, file: Path, as_json: bool) -> None:
    """Import leave."""
    from outreach.services.absences import import_leave

    with session.office() as office:
        report = import_leave(office, file)
    if as_json:
        show_json(report)
    else:
        show_facts([(_("Rows"), report.rows), (_("Added"), report.added), (_("Known already"), report.known)])
        warn_away(report.shifts)


@leave.command(help=_("Record that an officer is away; both days are included."))
@click.argument("officer")
@click.option("--from", "first", type=DAY, required=True, help=_("the first day away"))
@click.option("--to", "last", type=DAY, default=None, help=_("the last day away; one day only if not named"))
@click.option("--reason", required=True, help=_("why the officer is away"))
@json_option
@click.pass_obj
def add(
    session: Session, officer: str, first: dt.datetime, last: dt.datetime | None, reason: str, as_json: bool
) -> None:
    """Record leave."""
    from outreach.services.absences import add_leave

    with session.office() as office:
        row = add_leave(office, officer, first.date(), (last or first).date(), reason)
    if as_json:
        show_json(row)
    else:
        click.echo(row.id)
        warn_away(row.shifts)


@leave.command("list", help=_("List the leave in force."))
@click.option("--from", "first", type=DAY, default=None, help=_("only leave that touches this day or later ones"))
@click.option("--to", "last", type=DAY, default=None, help=_("only leave that touches this day or earlier ones"))
@json_option
@click.pass_obj
def list_(session: Session, first: dt.datetime | None, last: dt.datetime | None, as_json: bool) -> None:
    """List leave."""
    from outreach.services.absences import list_leave

    with session.office() as office:
        rows = list_leave(office, first.date() if first else None, last.date() if last else None)
    if as_json:
        show_json(rows)
        return
    show_table(
        ["ID", _("Post"), _("Officer"), _("Name"), _("From"), _("To"), _("Days"), _("Reason")],
        [
            [row.id, row.post, row.officer, row.name, str(row.first), str(row.last), row.days, row.reason]
            for row in rows
        ],
    )


@leave.command(help=_("Call leave off; its record stays."))
@click.argument("leave_id", metavar="ID")
@json_option
@click.pass_obj
def lift(session: Session, leave_id: str, as_json: bool) -> None:
    """Call leave off."""
    from outreach.services.absences import lift_leave

    with session.office() as office:
        row = lift_leave(office, leave_id)
    if as_json:
        show_json(row)
    else:
        say(_("{name} is there again from {first} to {last}", name=row.name, first=row.first, last=row.last))
