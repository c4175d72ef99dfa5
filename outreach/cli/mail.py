"""outreach mail ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import MOMENT
from outreach.cli.run_states import shown_code, typed_lines
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.domain.pieces import ReturnReason
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.returned_mail import Returned


@click.group(help=_("Mail that came back: record it, correct the address."))
def mail() -> None:
    """Hold the commands."""


@mail.command(help=_("Record that a piece came back, with its attempt and the question about the address."))
@click.argument("code", default="")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([str(one) for one in ReturnReason]),
    help=_("why it came back"),
)
@click.option("--new-address", default="", help=_("the new address, as it stands on the envelope"))
@click.option(
    "--file",
    type=click.Path(path_type=Path, allow_dash=True),
    default=None,
    help=_("read codes line by line from a scanner or this file ('-' is standard input)"),
)
@click.option("--at", type=MOMENT, default=None, help=_("when; now if not named"))
@click.option("--by", default="", help=_("the officer concerned, by code or post"))
@click.option("--note", default="", help=_("a note"))
@json_option
@click.pass_obj
def returned(
    session: Session,
    /,
    code: str,
    reason: str,
    new_address: str,
    file: Path | None,
    at: dt.datetime | None,
    by: str,
    note: str,
    as_json: bool,
) -> int:
    """Record returned mail."""
    from outreach.services.piece_states import scanned_lines
    from outreach.services.returned_mail import record_returned, scan_returned

    if bool(code) == bool(file):
        raise click.UsageError(_("name a code, or codes with --file"))
    if file and new_address:
        raise click.UsageError(_("with --file a new address stands on the line of its code"))
    with session.office() as office:
        if code:
            found = [record_returned(office, code, reason, new_address=new_address, at=at, by=by, note=note)]
            _say(found[0])
        else:
            lines = typed_lines() if str(file) == "-" else scanned_lines(file or Path())
            found = []
            for one in scan_returned(office, lines, reason, at=at, by=by, note=note):
                found.append(one)
                _say(one)
    refused = sum(bool(one.refused) for one in found)
    if as_json:
        show_json(found)
    else:
        click.echo(_("{count} read, {refused} refused", count=len(found) - refused, refused=refused))
    return 3 if refused else 0


def _say(one: Returned) -> None:
    code = shown_code(one.text)
    if one.refused:
        say(_("line {line}, {text}: {why}", line=one.line, text=code, why=one.refused))
        return
    words = [_("run {run}, piece {number}", run=one.run, number=one.number), one.household]
    if one.already:
        words.append(_("was recorded before"))
    if not one.known:
        words.append(_("is no longer in the roster"))
    if one.proposal:
        words.append(_("address in question: {id}", id=one.proposal))
    say(_("{code}: {what}", code=code, what=" ".join(words)))


@mail.command(help=_("List the addresses in question: the old one and the new one side by side."))
@click.option("--all", "decided", is_flag=True, help=_("those decided or overtaken as well"))
@click.option(
    "--to", "target", type=click.Path(path_type=Path), default=None, help=_("write the list to a .csv or .xlsx file")
)
@json_option
@click.pass_obj
def proposals(session: Session, /, decided: bool, target: Path | None, as_json: bool) -> None:
    """List proposals."""
    from outreach.services.corrections import list_proposals
    from outreach.services.piece_lists import write_list
    from outreach.services.returned_mail import proposal_list

    with session.office() as office:
        found = list_proposals(office, decided=decided)
    table = proposal_list(found)
    if target is not None:
        write_list(target, table)
        say(_("written to {file}", file=target))
    if as_json:
        show_json(found)
    else:
        show_table(table.headings, table.rows)


@mail.command(help=_("Give a household its new address; what follows for its officer is told."))
@click.argument("proposal_id", metavar="ID")
@click.option(
    "--address", default="", help=_("the new address in one line, where the proposal has none or a wrong one")
)
@campaign_option
@json_option
@click.pass_obj
def accept(session: Session, /, proposal_id: str, address: str, campaign: str, as_json: bool) -> None:
    """Accept a proposal."""
    from outreach.services.corrections import accept_proposal

    with session.office() as office:
        done = accept_proposal(office, campaign, proposal_id, address)
    if as_json:
        show_json(done)
        return
    language = current_language()
    places = {"entrance": _("same entrance"), "building": _("same building"), "community": _("same community")}
    near = ", ".join(f"{post} {count}" for post, count in done.near.items())
    show_facts(
        [
            (_("Household"), done.household),
            (_("Old address"), done.old.line(language)),
            (_("New address"), done.new.line(language)),
            (_("Post"), done.post or _("none")),
            *([(_("Households by post, {where}", where=places[done.where]), near)] if done.where else []),
        ]
    )
    if not done.new.community:
        say(
            _(
                "the new address names no community: whoever lives out of reach now leaves the figures with "
                "'outreach contact record {code} moved'",
                code=done.household,
            )
        )
    elif done.community_changed:
        say(
            _("another community: the post stays until the territory is planned again with 'outreach household assign'")
        )
    if not done.placed:
        say(_("the place on the map is unknown: nobody of the roster lives in that building"))


@mail.command(help=_("Leave the address as it is."))
@click.argument("proposal_id", metavar="ID")
@click.option("--reason", required=True, help=_("why the address stays"))
@json_option
@click.pass_obj
def refuse(session: Session, /, proposal_id: str, reason: str, as_json: bool) -> None:
    """Refuse a proposal."""
    from outreach.services.corrections import refuse_proposal

    with session.office() as office:
        one = refuse_proposal(office, proposal_id, reason)
    if as_json:
        show_json(one)
    else:
        say(_("household {code} keeps its address", code=one.household))
