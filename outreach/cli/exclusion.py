"""outreach household exclude, exclusions."""

from __future__ import annotations

import click

from outreach.cli.session import Session, json_option, say, show_json, show_table
from outreach.messages import _


@click.command(help=_("Record that an officer is not to have a household; the next assignment keeps to it."))
@click.argument("code")
@click.argument("officer")
@click.option("--reason", default="", help=_("why, such as kin; needed unless it is lifted"))
@click.option("--lift", is_flag=True, help=_("take it back; its record stays"))
@json_option
@click.pass_obj
def exclude(session: Session, code: str, officer: str, reason: str, lift: bool, as_json: bool) -> None:
    """Record an exclusion or take it back."""
    from outreach.services import exclusions

    with session.office() as office:
        if lift:
            one = exclusions.lift_exclusion(office, code, officer)
        else:
            one = exclusions.exclude(office, code, officer, reason=reason)
    if as_json:
        show_json(one)
    elif lift:
        say(_("officer {officer} may have household {code} again", officer=one.officer, code=one.household))
    else:
        say(
            _("officer {officer} will not have household {code}; assign again", officer=one.officer, code=one.household)
        )


@click.command("exclusions", help=_("List which officers are not to have which households."))
@click.option("--lifted", is_flag=True, help=_("those taken back as well"))
@json_option
@click.pass_obj
def list_(session: Session, lifted: bool, as_json: bool) -> None:
    """List exclusions."""
    from outreach.services import exclusions

    with session.office() as office:
        found = exclusions.list_exclusions(office, lifted=lifted)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("Code"), _("Officer"), _("Reason"), _("Recorded"), _("Lifted")],
        [
            [
                one.household,
                one.officer,
                one.reason,
                f"{one.recorded:%Y-%m-%d}",
                f"{one.lifted:%Y-%m-%d}" if one.lifted else "",
            ]
            for one in found
        ],
    )
