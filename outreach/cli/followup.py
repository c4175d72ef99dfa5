"""outreach followup ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY, MOMENT
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.domain.follow_up import LISTED, STORED, FollowUp, FollowUpKind, FollowUpState
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.follow_up_lists import FollowUpLine


@click.group(help=_("What is still to be done: return visits, promises, appointments, complaints, steps of cases."))
def followup() -> None:
    """Hold the commands."""


@followup.command(
    "open", help=_("Open a follow-up: promise, appointment or complaint, for a household or, with --who, for nobody's.")
)
@click.argument("kind", type=click.Choice([str(one) for one in STORED]), metavar="KIND")
@click.argument("household", default="")
@click.option("--who", default="", help=_("who complains, where that is nobody of a household"))
@click.option("--person", type=click.IntRange(1), default=None, help=_("only this person, by number"))
@click.option("--about", required=True, help=_("what is to be done"))
@click.option("--due", type=DAY, default=None, help=_("the day by which; a complaint has one from the plan file"))
@click.option("--at", "due_at", type=MOMENT, default=None, help=_("the day and hour agreed"))
@click.option("--officer", default="", help=_("who sees to it, by code or post; the household's own if not named"))
@click.option("--received", type=DAY, default=None, help=_("the day it came or was said; today if not named"))
@campaign_option
@json_option
@click.pass_obj
def open_(
    session: Session,
    /,
    kind: str,
    household: str,
    who: str,
    person: int | None,
    about: str,
    due: dt.datetime | None,
    due_at: dt.datetime | None,
    officer: str,
    received: dt.datetime | None,
    campaign: str,
    as_json: bool,
) -> None:
    """Open a follow-up."""
    from outreach.services.follow_ups import open_before, record_follow_up

    with session.office() as office:
        one = record_follow_up(
            office,
            campaign,
            FollowUpKind(kind),
            household=household,
            who=who,
            about=about,
            due=due.date() if due else None,
            due_at=due_at,
            person=person or 0,
            officer=officer,
            received=received.date() if received else None,
        )
        earlier = open_before(office, campaign, one)
    _show(one, as_json)
    for other in earlier:
        say(
            _(
                "{kind} of {day} is open for {whom} already: {about} ({id}); if it is the same matter, take this one "
                "back: outreach followup withdraw {new} --reason ...",
                kind=other.kind.label(current_language()),
                day=other.opened.date(),
                whom=other.household or other.who,
                about=other.about,
                id=other.id,
                new=one.id,
            )
        )


def _show(one: FollowUp, as_json: bool) -> None:
    if as_json:
        show_json(one)
        return
    click.echo(one.id)
    say(_("due on {day}", day=one.due))


@followup.command(help=_("Give an open follow-up another day, other words or another officer."))
@click.argument("follow_up_id", metavar="ID")
@click.option("--due", type=DAY, default=None, help=_("the new day"))
@click.option("--at", "due_at", type=MOMENT, default=None, help=_("the day and hour agreed"))
@click.option("--about", default="", help=_("what is to be done"))
@click.option("--officer", default="", help=_("who sees to it now, by code or post"))
@campaign_option
@json_option
@click.pass_obj
def move(
    session: Session,
    /,
    follow_up_id: str,
    due: dt.datetime | None,
    due_at: dt.datetime | None,
    about: str,
    officer: str,
    campaign: str,
    as_json: bool,
) -> None:
    """Move a follow-up."""
    from outreach.services.follow_ups import move_follow_up

    with session.office() as office:
        one = move_follow_up(
            office,
            campaign,
            follow_up_id,
            due=due.date() if due else None,
            due_at=due_at,
            about=about,
            officer=officer,
        )
    _show(one, as_json)


@followup.command(help=_("Take back an open follow-up that was opened by mistake; it counts as nothing from now on."))
@click.argument("follow_up_id", metavar="ID")
@click.option("--reason", required=True, help=_("why it is taken back"))
@campaign_option
@json_option
@click.pass_obj
def withdraw(session: Session, /, follow_up_id: str, reason: str, campaign: str, as_json: bool) -> None:
    """Take a follow-up back."""
    from outreach.services.follow_ups import withdraw_follow_up

    with session.office() as office:
        one = withdraw_follow_up(office, campaign, follow_up_id, reason=reason)
    if as_json:
        show_json(one)
    else:
        say(_("taken back: {lines}", lines=one.corrects))


@followup.command(help=_("Close a complaint that belongs to no household, with what came of it."))
@click.argument("follow_up_id", metavar="ID")
@click.option("--result", required=True, help=_("what came of it"))
@campaign_option
@json_option
@click.pass_obj
def answer(session: Session, /, follow_up_id: str, result: str, campaign: str, as_json: bool) -> None:
    """Answer a complaint."""
    from outreach.services.follow_ups import answer_follow_up

    with session.office() as office:
        one = answer_follow_up(office, campaign, follow_up_id, result)
    if as_json:
        show_json(one)
    else:
        say(_("closed: {about}", about=one.about))


@followup.command("list", help=_("List what is still to be done, the most pressing first."))
@click.option("--officer", default="", help=_("only this officer's, by code or post"))
@click.option("--household", default="", help=_("only this household's, by code"))
@click.option("--due", type=DAY, default=None, help=_("only what is due on this day or before"))
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([str(one) for one in LISTED]),
    help=_("only this kind; may be repeated"),
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(one) for one in FollowUpState]),
    help=_("only in this state; may be repeated; open and overdue if not named"),
)
@click.option(
    "--calendar", type=click.Path(path_type=Path), default=None, help=_("write the due days to this .ics file")
)
@campaign_option
@json_option
@click.pass_obj
def list_(
    session: Session,
    /,
    officer: str,
    household: str,
    due: dt.datetime | None,
    kinds: tuple[str, ...],
    states: tuple[str, ...],
    calendar: Path | None,
    campaign: str,
    as_json: bool,
) -> None:
    """List follow-ups."""
    from outreach.services.follow_up_lists import list_follow_ups, write_calendar

    wanted = [FollowUpState(one) for one in states] or [FollowUpState.OVERDUE, FollowUpState.OPEN]
    with session.office() as office:
        found = list_follow_ups(
            office,
            campaign,
            officer=officer,
            due=due.date() if due else None,
            kinds=[FollowUpKind(one) for one in kinds],
            states=wanted,
            household=household,
        )
        if calendar is not None:
            write_calendar(office, campaign, found, calendar)
    if as_json:
        show_json(found)
    else:
        _show_lines(found)
    if calendar is not None:
        say(_("written: {file}", file=calendar))


def _show_lines(found: list[FollowUpLine]) -> None:
    language = current_language()
    show_table(
        [
            _("Due"),
            _("State"),
            _("Days over"),
            _("Kind"),
            _("Household"),
            _("Who"),
            _("About"),
            _("Officer"),
            _("Moved"),
            "ID",
        ],
        [
            [
                f"{one.due_at:%Y-%m-%d %H:%M}" if one.due_at else f"{one.due}",
                one.state.label(language),
                one.days or None,
                one.kind.label(language),
                one.household,
                one.who or (_("person {number}", number=one.person) if one.person else ""),
                one.about,
                _officer(one),
                one.moved or None,
                one.id,
            ]
            for one in found
        ],
    )


def _officer(one: FollowUpLine) -> str:
    officer = f"{one.officer} {one.officer_name}".strip() or "-"
    return _("{officer}, for {before}", officer=officer, before=one.given_to) if one.given_to else officer


@followup.command(help=_("Count what is open and overdue, by officer, section or community."))
@click.option(
    "--by",
    type=click.Choice(["officer", "section", "community"]),
    default="officer",
    help=_("officer, section or community; officer if not named"),
)
@campaign_option
@json_option
@click.pass_obj
def overdue(session: Session, /, by: str, campaign: str, as_json: bool) -> None:
    """Count what is overdue."""
    from outreach.services.follow_up_lists import By, report_overdue

    chosen: By = by  # type: ignore[assignment]  # click has checked it
    with session.office() as office:
        report = report_overdue(office, campaign, chosen)
    if as_json:
        show_json(report)
        return
    language = current_language()
    titles = {"officer": _("Officer"), "section": _("Section"), "community": _("Community")}
    show_table(
        [titles[by], _("Open"), _("Overdue"), _("Share"), _("Oldest"), _("Days over"), _("Kinds")],
        [
            [
                f"{one.key} {one.name}".strip() if by == "officer" and one.key else one.key or "-",
                one.open,
                one.overdue,
                f"{one.share:.0%}",
                str(one.oldest or ""),
                one.days or None,
                ", ".join(f"{FollowUpKind(kind).label(language)} {count}" for kind, count in one.kinds.items()),
            ]
            for one in report.groups
        ],
    )
    click.echo(
        _("in all: {open} open, {overdue} of them overdue", open=report.total.open, overdue=report.total.overdue)
    )
