"""outreach contact codes|entrance|withdraw"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from outreach.channels import channels
from outreach.cli.moments import MOMENT
from outreach.cli.roster_views import listed, names_of
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.cli.word_choices import WordChoice, channel_words
from outreach.domain.conduct import Must, SignedForm
from outreach.errors import Conflict
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.contact_entrance import EntrancePlan

COUNTED = [key for key, one in channels().items() if one.counted]


@click.command(help=_("List the outcomes with their paper codes and AAPOR's, and where each can happen."))
@click.option("--channel", default="", help=_("only what can happen on this channel"))
@json_option
def codes(channel: str, as_json: bool) -> None:
    """List codes."""
    from outreach.services.contact_codes import list_codes

    found = list_codes(channel)
    if as_json:
        show_json(found)
        return
    language = current_language()
    show_table(
        [
            _("Outcome code"),
            _("Outcome"),
            _("Meaning"),
            _("Arrived"),
            _("Answered"),
            _("AAPOR in person"),
            _("AAPOR phone"),
            _("Channels"),
        ],
        [
            [
                one.code,
                one.outcome,
                one.zh if language == "zh" else one.en,
                _("yes") if one.reached else "",
                _("yes") if one.contact else "",
                one.in_person,
                one.phone,
                " ".join(one.channels),
            ]
            for one in found
        ],
    )
    click.echo()
    click.echo(_("Signed forms: {names}", names=listed(f"{one} {one.label(language)}" for one in SignedForm)))
    click.echo(_("Six musts: {names}", names=listed(f"{one} {one.label(language)}" for one in Must)))


@click.command(
    help=_(
        "Record one outcome of every household behind an entrance, all or nothing; OUTCOME such as nobody_home or 31."
    )
)
@click.argument("entrance")
@click.argument("outcome")
@click.option(
    "--channel", type=WordChoice(COUNTED, channel_words), default="visit", show_default=True, help=_("the channel")
)
@click.option("--at", type=MOMENT, default=None, help=_("when; now if not named"))
@click.option("--officer", default="", help=_("who was there, by code; each household's own if not named"))
@click.option("--post", default="", help=_("only the households of this post"))
@click.option("--except", "excepted", multiple=True, metavar="ROOM", help=_("a room to leave out; may be repeated"))
@click.option("--left", multiple=True, help=_("a material left at each door, such as card; may be repeated"))
@click.option("--note", default="", help=_("a note"))
@click.option("--yes", is_flag=True, help=_("write without asking"))
@campaign_option
@json_option
@click.pass_obj
def entrance(
    session: Session,
    /,
    entrance: str,
    outcome: str,
    channel: str,
    at: dt.datetime | None,
    officer: str,
    post: str,
    excepted: tuple[str, ...],
    left: tuple[str, ...],
    note: str,
    yes: bool,
    campaign: str,
    as_json: bool,
) -> None:
    """Record an entrance."""
    from outreach.services.contact_entrance import check_entrance, record_entrance

    with session.office() as office:
        plan = check_entrance(
            office,
            campaign,
            entrance,
            outcome,
            channel=channel,
            at=at,
            officer=officer,
            post=post,
            excepted=excepted,
            left=left,
            note=note,
        )
        if not yes:
            _ask(plan)
        done = record_entrance(office, plan)
    if as_json:
        show_json(
            {
                "entrance": plan.entrance,
                "outcome": plan.outcome.value,
                "at": plan.at,
                "households": [door.home.code for door in plan.doors],
                "left_out": plan.left_out,
                "new": done.new,
                "known": done.known,
            }
        )
        return
    label = plan.outcome.label(current_language())
    click.echo(
        _(
            "{entrance}: {label}, {new} recorded, {known} known before",
            entrance=plan.entrance,
            label=label,
            new=done.new,
            known=done.known,
        )
    )


def _ask(plan: EntrancePlan) -> None:
    """Show what is to be written, and ask; nobody at the keyboard is no consent."""
    from outreach.services.walks import left_out_words

    if not sys.stdin.isatty():
        raise Conflict.at(plan.entrance, _("nobody is at the keyboard to confirm"), _("add --yes"))
    show_table(
        [_("Room"), _("Code"), _("Names"), _("Officer"), _("Remark")],
        [
            [
                door.home.address.room,
                door.home.code,
                names_of(door.home),
                door.officer,
                left_out_words(door.remark) if door.remark else "",
            ]
            for door in plan.doors
        ],
    )
    if plan.left_out:
        say(_("left out: {rooms}", rooms=listed(plan.left_out)))
    label = plan.outcome.label(current_language())
    question = _(
        "Write '{label}' of these {count} households at {at}?",
        label=label,
        count=len(plan.doors),
        at=f"{plan.at:%Y-%m-%d %H:%M}",
    )
    click.confirm(question, abort=True, err=True)


@click.command(help=_("Take back an attempt or milestone recorded by mistake; --to records it of the right household."))
@click.argument("fact_id", metavar="ID")
@click.option("--reason", required=True, help=_("why it is taken back"))
@click.option("--to", default="", metavar="HOUSEHOLD", help=_("the household it belongs to"))
@campaign_option
@json_option
@click.pass_obj
def withdraw(session: Session, fact_id: str, reason: str, to: str, campaign: str, as_json: bool) -> None:
    """Withdraw a fact."""
    from outreach.services.contact_withdrawal import withdraw_fact

    with session.office() as office:
        done = withdraw_fact(office, campaign, fact_id, reason=reason, to=to)
    if as_json:
        show_json(done)
        return
    click.echo(_("withdrawn: {household}, {id}", household=done.household, id=done.withdraws))
    if done.moved:
        click.echo(_("recorded of {household} instead: {id}", household=done.to, id=done.moved))
    for promise in done.promises:
        click.echo(_("what was promised is owed to {household} now: follow-up {id}", household=done.to, id=promise))
