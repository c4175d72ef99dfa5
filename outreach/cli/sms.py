"""outreach sms ..."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import DAY
from outreach.cli.session import (
    Cell,
    Session,
    campaign_option,
    json_option,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.domain.directory import masked_phone
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.sms import Recipient, Sending


@click.group(help=_("Text messages: who gets one for a placement, and who does not."))
def sms() -> None:
    """Hold the commands."""


@sms.command(help=_("Show who gets the message of a placement, who does not and why, and what it costs."))
@campaign_option
@click.option("--placement", default="", help=_("the placement or flight; the next one if not named"))
@click.option("--language", type=click.Choice(["zh", "en"]), default=None, help=_("language of the message"))
@click.option("--date", "day", type=DAY, default=None, help=_("as on this day"))
@click.option(
    "--skipped", type=click.Path(path_type=Path), default=None, help=_("write those who get none to this .csv file")
)
@json_option
@unmask_option
@click.pass_obj
def recipients(
    session: Session,
    campaign: str,
    placement: str,
    language: str | None,
    day: dt.datetime | None,
    skipped: Path | None,
    as_json: bool,
    unmask: bool,
) -> None:
    """Show recipients."""
    from outreach.services.sms import reason_label, show_sending, write_skipped
    from outreach.services.touches import touched_words

    with session.office() as office:
        sending = show_sending(office, campaign, placement, language=language or "", day=day.date() if day else None)
    session.told.update(one.household for one in sending.persons)
    if skipped is not None:
        count = write_skipped(sending, skipped, unmask=unmask)
        say(_("{count} persons written to {file}", count=count, file=skipped))
    if as_json:
        persons = [_row(one, unmask=unmask) for one in sending.persons]
        show_json({**summary(sending), "touched": sending.touched, "persons": persons})
        return
    show_sending_facts(sending)
    if sending.touched:
        say(touched_words(sending.touched, campaign))
    click.echo()
    show_table(
        [_("Code"), _("No."), _("Name"), _("Mobile"), _("Skipped because"), _("Detail")],
        [
            [row["household"], row["person"], row["name"], row["phone"], reason_label(row["reason"]), row["detail"]]
            for row in (_row(one, unmask=unmask) for one in sending.persons)
            if row["reason"]
        ],
    )


def summary(sending: Sending) -> Mapping[str, Any]:
    """What JSON says of a placement's messages, without the persons."""
    return {
        "placement": sending.placement,
        "flight": sending.flight,
        "day": sending.day,
        "to_send": len(sending.messages),
        "skipped": sending.reasons(),
        "parts": sending.parts,
        "cost_fen": sending.cost_fen,
    }


def show_sending_facts(sending: Sending) -> None:
    """Print a placement's counts: messages, parts, cost, and who is left out."""
    from outreach.services.sms import reason_label

    facts: list[tuple[str, Cell]] = [
        (_("Placement"), sending.placement),
        (_("Messages to send"), len(sending.messages)),
        (_("SMS parts"), sending.parts),
    ]
    if sending.cost_fen is not None:
        facts.append((_("Cost"), _("{yuan} yuan", yuan=f"{sending.cost_fen / 100:,.2f}")))
    facts += [(reason_label(reason), count) for reason, count in sending.reasons().items()]
    show_facts(facts)


def _row(one: Recipient, *, unmask: bool) -> dict[str, Any]:
    shown = one.phone if unmask or not one.phone else masked_phone(one.phone)
    detail = masked_phone(one.detail) if one.reason == "not a mobile" and not unmask else one.detail
    return {
        "household": one.household,
        "person": one.person,
        "name": one.name,
        "phone": shown,
        "reason": one.reason,
        "detail": detail,
    }
