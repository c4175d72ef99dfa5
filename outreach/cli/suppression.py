"""outreach household suppress, unsuppress, suppressions."""

from __future__ import annotations

import datetime as dt

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, json_option, say, show_json, show_table
from outreach.messages import _, current_language


@click.command(help=_("Record that a household, or one person of it, is not to be contacted."))
@click.argument("code")
@click.option("--person", type=click.IntRange(1), default=None, help=_("only this person, by number"))
@click.option("--channel", default="", help=_("only this channel, such as sms; every channel if not named"))
@click.option("--from", "starts", type=DAY, default=None, help=_("the first day; today if not named"))
@click.option("--until", type=DAY, default=None, help=_("the last day; for good if not named"))
@click.option("--reason", required=True, help=_("who asked for it and why"))
@json_option
@click.pass_obj
def suppress(
    session: Session,
    code: str,
    person: int | None,
    channel: str,
    starts: dt.datetime | None,
    until: dt.datetime | None,
    reason: str,
    as_json: bool,
) -> None:
    """Record a suppression."""
    from outreach.services import suppressions

    with session.office() as office:
        one = suppressions.suppress(
            office,
            code,
            reason=reason,
            person=person or 0,
            channel=channel,
            starts=starts.date() if starts else None,
            until=until.date() if until else None,
        )
    if as_json:
        show_json(one)
    else:
        click.echo(one.id)


@click.command(help=_("Take a suppression back; its record stays."))
@click.argument("suppression_id", metavar="ID")
@json_option
@click.pass_obj
def unsuppress(session: Session, suppression_id: str, as_json: bool) -> None:
    """Lift a suppression."""
    from outreach.services import suppressions

    with session.office() as office:
        one = suppressions.lift(office, suppression_id)
    if as_json:
        show_json(one)
    else:
        say(_("household {code} may be contacted again", code=one.household))


@click.command("suppressions", help=_("List who is not to be contacted."))
@click.option("--lifted", is_flag=True, help=_("those taken back as well"))
@json_option
@click.pass_obj
def list_(session: Session, lifted: bool, as_json: bool) -> None:
    """List suppressions."""
    from outreach.channels import channels
    from outreach.services import suppressions

    with session.office() as office:
        found = suppressions.list_suppressions(office, lifted=lifted)
    if as_json:
        show_json(found)
        return
    show_table(
        ["ID", _("Code"), _("Person"), _("Channel"), _("From"), _("Until"), _("Reason"), _("Lifted")],
        [
            [
                one.id,
                one.household,
                one.person or _("everybody"),
                channels()[one.channel].label(current_language()) if one.channel in channels() else _("every channel"),
                f"{one.starts}",
                f"{one.until or ''}",
                one.reason,
                f"{one.lifted:%Y-%m-%d %H:%M}" if one.lifted else "",
            ]
            for one in found
        ],
    )
