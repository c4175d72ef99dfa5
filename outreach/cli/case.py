"""outreach case ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.domain.calendar import STEPS
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.cases import CaseLine


@click.group(help=_("Transfer cases and their three 15 days: import, list, step."))
def case() -> None:
    """Hold the commands."""


@case.command("import", help=_("Take in cases and the steps that are done from a table (.xlsx, .xls, .csv)."))
@click.argument("file", type=click.Path(path_type=Path))
@campaign_option
@json_option
@click.pass_obj
def import_(session: Session, /, file: Path, campaign: str, as_json: bool) -> None:
    """Import cases."""
    from outreach.services.cases import import_cases

    with session.office() as office:
        done = import_cases(office, campaign, file)
    if as_json:
        show_json(done)
        return
    click.echo(
        _(
            "{rows} rows: {added} cases added, {changed} changed, {unchanged} unchanged; new steps: {steps}",
            rows=done.rows,
            added=done.added,
            changed=done.changed,
            unchanged=done.unchanged,
            steps=done.steps,
        )
    )


@case.command("list", help=_("List cases with the step that is next and its deadline, the most pressing first."))
@click.option("--officer", default="", help=_("only this officer's, by code"))
@click.option("--on", "day", type=DAY, default=None, help=_("the day it is; today if not named"))
@click.option("--overdue", is_flag=True, help=_("only cases whose next step is overdue"))
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
    day: dt.datetime | None,
    overdue: bool,
    calendar: Path | None,
    campaign: str,
    as_json: bool,
) -> None:
    """List cases."""
    from outreach.services.cases import list_cases, write_case_calendar

    with session.office() as office:
        today = day.date() if day else office.now().date()
        found = list_cases(office, campaign, officer=officer, day=today)
        zone = office.workspace.zone
    shown = [one for one in found if not overdue or (one.next is not None and one.next.state == "overdue")]
    if calendar is not None:
        write_case_calendar(shown, calendar, today, zone)
    if as_json:
        show_json(shown)
    else:
        _show(shown)
    if calendar is not None:
        say(_("written: {file}", file=calendar))


def _show(found: list[CaseLine]) -> None:
    from outreach.services.deadlines import state_word, step_word

    show_table(
        [
            _("Case"),
            _("Applied"),
            _("Household"),
            _("Who"),
            _("Officer"),
            _("Next step"),
            _("Due"),
            _("State"),
            _("Working days over"),
            _("Steps done"),
        ],
        [
            [
                one.case.number,
                str(one.case.received),
                one.case.household,
                one.case.who,
                _("{officer}, for {before}", officer=one.officer, before=one.given_to)
                if one.given_to
                else one.officer or "-",
                step_word(one.next.step) if one.next else "",
                str(one.next.due) if one.next else "",
                state_word(one.next.state) if one.next else _("all three done"),
                (one.next.over or None) if one.next else None,
                f"{sum(step.done is not None for step in one.steps)}/{len(STEPS)}",
            ]
            for one in found
        ],
    )


@case.command(help=_("Record that a step of a case was done: 1 reviewed, 2 papers sent, 3 funds moved."))
@click.argument("number")
@click.argument("step", type=click.IntRange(1, len(STEPS)))
@click.option("--on", "day", type=DAY, default=None, help=_("the day; today if not named"))
@click.option("--by", default="", help=_("the officer who did it, by code"))
@click.option("--note", default="", help=_("a note"))
@click.option("--correct", is_flag=True, help=_("take the place of another day recorded before"))
@campaign_option
@json_option
@click.pass_obj
def step(
    session: Session,
    /,
    number: str,
    step: int,
    day: dt.datetime | None,
    by: str,
    note: str,
    correct: bool,
    campaign: str,
    as_json: bool,
) -> None:
    """Record a step."""
    from outreach.services.cases import record_step

    with session.office() as office:
        one = record_step(
            office,
            campaign,
            number,
            STEPS[step - 1],
            on=day.date() if day else None,
            by=by,
            note=note,
            correct=correct,
        )
    if as_json:
        show_json(one)
    else:
        _show([one])
