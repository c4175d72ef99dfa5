"""outreach household suppress, unsuppress, suppressions."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.suppression import Suppression


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
        standing = suppressions.still_standing(office, one.household)
    if as_json:
        show_json({**asdict(one), "standing": standing})
    elif standing:
        told = "; ".join(_words(other) for other in standing)
        say(_("taken back; of household {code} there still stands: {wishes}", code=one.household, wishes=told))
    else:
        say(_("household {code} may be contacted again", code=one.household))


@click.command("suppressions", help=_("List who is not to be contacted."))
@click.option("--lifted", is_flag=True, help=_("those taken back as well"))
@json_option
@click.pass_obj
def list_(session: Session, lifted: bool, as_json: bool) -> None:
    """List suppressions."""
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
                _channel_words(one.channel),
                f"{one.starts}",
                f"{one.until or ''}",
                one.reason,
                f"{one.lifted:%Y-%m-%d %H:%M}" if one.lifted else "",
            ]
            for one in found
        ],
    )


@click.command(help=_("List the households another campaign touched lately: by a try, or by paper that went out."))
@click.option("--on", "day", type=DAY, default=None, help=_("as on this day; today if not named"))
@campaign_option
@json_option
@click.pass_obj
def touched(session: Session, day: dt.datetime | None, campaign: str, as_json: bool) -> None:
    """List households another campaign touched."""
    from outreach.services.campaigns import load_campaign
    from outreach.services.touches import list_touched

    with session.office() as office:
        name = load_campaign(office.workspace, campaign).name
        found = list_touched(office, name, day.date() if day else office.now().date())
    session.told.update(one.household for one in found)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("Code"), _("Campaign"), _("By"), _("At")],
        [[one.household, one.campaign, _channel_words(one.by), f"{one.at:%Y-%m-%d %H:%M}"] for one in found],
    )


def _words(one: Suppression) -> str:
    """A wish in a line: who, by which channel, from when to when, why."""
    who = _("person {number}", number=one.person) if one.person else _("everybody")
    days = f"{one.starts} – {one.until or ''}".rstrip()
    return f"{who}, {_channel_words(one.channel)}, {days} ({one.reason})"


def _channel_words(channel: str) -> str:
    """A channel, or the kind of a piece, in words."""
    from outreach.channels import channels

    if not channel:
        return _("every channel")
    return channels()[channel].label(current_language()) if channel in channels() else channel
