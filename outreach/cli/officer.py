"""outreach officer ..."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from outreach.cli import handover
from outreach.cli.roster_views import listed, show_import
from outreach.cli.session import Session, json_option, progress, show_json, show_table, unmask_option
from outreach.domain.directory import masked_phone
from outreach.domain.people import skill_label
from outreach.messages import _, current_language


@click.group(help=_("Officers: import, list, handover, history."))
def officer() -> None:
    """Hold the commands."""


officer.add_command(handover.handover)
officer.add_command(handover.officer_history)


@officer.command("import", help=_("Take in the officers (.xlsx, .xls, .csv), all or nothing; see docs/roster.md."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@unmask_option
@click.pass_obj
def import_(session: Session, file: Path, as_json: bool, unmask: bool) -> None:
    """Import officers."""
    from outreach.services.rosters import import_officers

    with session.office() as office, progress(_("importing")) as move:
        report = import_officers(office, file, move)
    show_import(report, as_json=as_json, unmask=unmask)


@officer.command("list", help=_("List the officers who hold a post."))
@json_option
@unmask_option
@click.pass_obj
def list_(session: Session, as_json: bool, unmask: bool) -> None:
    """List officers."""
    from outreach.services.rosters import list_officers

    with session.office() as office:
        rows = [asdict(one) for one in list_officers(office)]
    if not unmask:
        for row in rows:
            for name in ("mobile", "home_phone", "office_phone"):
                row[name] = masked_phone(row[name]) if row[name] else ""
    if as_json:
        show_json(rows)
        return
    show_table(
        [
            _("Post"),
            _("Officer"),
            _("Name"),
            _("Title"),
            _("Section"),
            _("Mobile"),
            _("Office phone"),
            _("Share"),
            _("Skills"),
        ],
        [
            [
                *(row[k] for k in ("post", "code", "name", "title", "section", "mobile", "office_phone")),
                f"{row['share']} %",
                listed(skill_label(skill, current_language()) for skill in row["skills"]),
            ]
            for row in rows
        ],
    )
