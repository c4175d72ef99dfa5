"""outreach contact ..."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.audit import audit
from outreach.cli.contact_enter import enter
from outreach.cli.contact_entry import COUNTED, codes, entrance, withdraw
from outreach.cli.due import due, simulate
from outreach.cli.moments import DAY, MOMENT
from outreach.cli.session import Session, campaign_option, json_option, progress, say, show_facts, show_json
from outreach.cli.word_choices import WordChoice, channel_words, fact_words
from outreach.domain.contact import Attempt, Disposition, MilestoneKind
from outreach.domain.walk_list import PAPER_CODES
from outreach.errors import BadInput
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.office import Office


@click.group(help=_("What happened and whom to try next: record, enter, import, due, export, merge, audit."))
def contact() -> None:
    """Hold the commands."""


contact.add_command(due)
contact.add_command(simulate)
contact.add_command(audit)
contact.add_command(codes)
contact.add_command(entrance)
contact.add_command(enter)
contact.add_command(withdraw)

_MILESTONES = (MilestoneKind.REGISTERED, MilestoneKind.PAID)
_OUTCOMES = [*map(str, (*Disposition, *_MILESTONES)), *PAPER_CODES]


@contact.command(
    help=_(
        "Record one attempt (OUTCOME such as informed, nobody_home or its paper code) or one milestone (registered, "
        "paid)."
    )
)
@click.argument("household")
@click.argument("outcome", type=WordChoice(_OUTCOMES, fact_words), metavar="OUTCOME")
@click.option(
    "--channel", type=WordChoice(COUNTED, channel_words), default="visit", show_default=True, help=_("the channel")
)
@click.option("--officer", default="", help=_("the officer's code; the household's own if not named"))
@click.option(
    "--at",
    type=MOMENT,
    default=None,
    help=_("when; now if not named"),
)
@click.option("--person", type=int, default=0, help=_("the person's number in the household"))
@click.option("--left", multiple=True, help=_("a material left there, such as card; may be repeated"))
@click.option(
    "--form",
    "forms",
    multiple=True,
    help=_("a form brought back signed: registration, declaration; may be repeated"),
)
@click.option(
    "--must",
    "musts",
    multiple=True,
    help=_("one of the six musts that was kept: greet, polite, papers, explain, finish, goodbye; or all"),
)
@click.option(
    "--close",
    "closes",
    multiple=True,
    metavar="FOLLOWUP",
    help=_("a follow-up this settles; followup list tells its ID"),
)
@click.option("--promise", type=DAY, default=None, metavar="DAY", help=_("the day by which something promised is due"))
@click.option("--promise-about", default="", help=_("what was promised; the note if not named"))
@click.option("--amount", default="", metavar="YUAN", help=_("yuan paid, for the milestone 'paid'"))
@click.option("--note", default="", help=_("a note"))
@click.option(
    "--corrects", default="", metavar="ID", help=_("the fact that this one replaces; household show tells its ID")
)
@campaign_option
@json_option
@click.pass_obj
def record(
    session: Session,
    household: str,
    outcome: str,
    channel: str,
    officer: str,
    at: dt.datetime | None,
    person: int,
    left: tuple[str, ...],
    forms: tuple[str, ...],
    musts: tuple[str, ...],
    closes: tuple[str, ...],
    promise: dt.datetime | None,
    promise_about: str,
    amount: str,
    note: str,
    corrects: str,
    campaign: str,
    as_json: bool,
) -> None:
    """Record a fact."""
    from outreach.services.contacts import record_attempt, record_milestone

    with session.office() as office:
        if outcome in _MILESTONES:
            if forms or musts or closes or promise or promise_about or left:
                what = _("a milestone comes from the ledger: nothing was left, kept, closed or promised")
                raise BadInput.at(outcome, what, _("record the contact by itself"))
            fact: object = record_milestone(
                office,
                campaign,
                household,
                kind=outcome,
                on=at.date() if at else None,
                person=person,
                amount_fen=_fen(amount),
                note=note,
                corrects=corrects,
            )
        elif amount:
            raise BadInput.at("--amount", _("an attempt has no amount"), _("leave it out, or record 'paid'"))
        else:
            fact = record_attempt(
                office,
                campaign,
                household,
                channel=channel,
                disposition=outcome,
                officer=officer,
                at=at,
                person=person,
                left=left,
                note=note,
                corrects=corrects,
                forms=forms,
                musts=musts,
                closes=closes,
                promise=promise.date() if promise else None,
                promise_about=promise_about,
            )
            if corrects and promise is None:
                _say_what_stands(office, campaign, fact)
    if as_json:
        show_json(fact)
    else:
        kind = fact.disposition if isinstance(fact, Attempt) else MilestoneKind(outcome)
        label = kind.label(current_language())
        click.echo(_("recorded: {household}, {label} ({id})", household=household, label=label, id=fact.id))  # type: ignore[attr-defined]


def _say_what_stands(office: Office, campaign: str, fact: Attempt) -> None:
    """Tell which follow-ups of the attempt that was corrected are still open, and how to be rid of them."""
    from outreach.services.follow_up_closing import left_standing

    for one in left_standing(office, campaign, fact):
        say(
            _(
                "{kind} due on {day} was opened with the contact corrected, and stands; if it was typed by mistake: "
                "outreach followup withdraw {id} --reason ...",
                kind=one.kind.label(current_language()),
                day=one.due,
                id=one.id,
            )
        )


@contact.command("import", help=_("Take in attempts (or with --milestones the ledger's lines) from .xlsx, .xls, .csv."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--milestones", is_flag=True, help=_("the file holds registrations and payments"))
@campaign_option
@json_option
@click.pass_obj
def import_(session: Session, file: Path, milestones: bool, campaign: str, as_json: bool) -> None:
    """Import facts."""
    from outreach.services.contacts import import_attempts, import_milestones

    with session.office() as office, progress(_("importing")) as move:
        report = (import_milestones if milestones else import_attempts)(office, campaign, file, move)
    if as_json:
        show_json(report)
        return
    show_facts([(_("Rows read"), report.rows), (_("New"), report.new), (_("Known before"), report.known)])
    if report.ignored_columns:
        say(_("columns nobody asked for were ignored: {names}", names=", ".join(report.ignored_columns)))


def _fen(yuan: str) -> int:
    if not yuan:
        return 0
    if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", yuan):
        raise BadInput.at("--amount", _("'{value}' is no amount", value=yuan), _("write yuan such as 1234.50"))
    return int(Decimal(yuan) * 100)


@contact.command(help=_("Write the campaign's facts to a file, for another machine to merge."))
@click.argument("target", type=click.Path(path_type=Path))
@campaign_option
@json_option
@click.pass_obj
def export(session: Session, target: Path, campaign: str, as_json: bool) -> None:
    """Export the log."""
    from outreach.services.contact_logs import export_log

    with session.office() as office:
        done = export_log(office, campaign, target)
    if as_json:
        show_json(done)
    else:
        click.echo(_("{count} facts: {path}", count=done.facts, path=target))


@contact.command(help=_("Take in facts another machine wrote; in any order, as often as you like."))
@click.argument("file", type=click.Path(path_type=Path))
@campaign_option
@json_option
@click.pass_obj
def merge(session: Session, file: Path, campaign: str, as_json: bool) -> None:
    """Merge a log."""
    from outreach.services.contact_logs import merge_log

    with session.office() as office:
        done = merge_log(office, campaign, file)
    if as_json:
        show_json(done)
        return
    click.echo(
        _("{facts} facts read: {new} new, {known} known already", facts=done.facts, new=done.new, known=done.known)
    )
    if done.erased:
        say(_("{count} facts of households that were erased here were left out", count=done.erased))
    if done.settled:
        say(_("{count} lines of the ledger were two people's; of each the first by its id stands", count=done.settled))
    for one in done.differing:
        say(_("{id} says otherwise here; ours stays", id=one))
    for skewed in done.skewed:
        facts = {
            "household": skewed.household,
            "at": f"{skewed.at:%Y-%m-%d %H:%M}",
            "recorded": f"{skewed.recorded:%Y-%m-%d %H:%M}",
        }
        if skewed.why == "future":
            say(_("household {household}: {at} lies in the future; that machine's clock is fast", **facts))
        elif skewed.why == "ahead":
            say(
                _(
                    "household {household}, {at}: recorded {recorded}, which lies in the future; "
                    "that machine's clock is fast",
                    **facts,
                )
            )
        else:
            say(
                _(
                    "household {household}: recorded {recorded}, before it happened {at}; look at that machine's clock",
                    **facts,
                )
            )
