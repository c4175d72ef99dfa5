"""outreach days ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.session import json_option, show_facts, show_json, show_table
from outreach.messages import _, current_language

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help=_("Working days: a year's holidays, a deadline, the three 15 days."))
def days() -> None:
    """Hold the commands."""


@days.command(help=_("Show a year: holidays, make-up working days, the Spring Festival travel season."))
@click.argument("number", metavar="YEAR", type=int)
@json_option
def year(number: int, as_json: bool) -> None:
    """Show a year."""
    from outreach.services.deadlines import show_year

    found = show_year(number)
    if as_json:
        show_json(found)
        return
    zh = current_language() == "zh"
    show_facts(
        [
            (_("Year"), f"{found.year}{_provisional(found.provisional)}"),
            (_("Working days"), found.working_days),
            (_("Lunar New Year"), str(found.lunar_new_year)),
            (_("Spring Festival travel"), f"{found.travel_first} – {found.travel_last}"),
            (_("Make-up working days"), ", ".join(map(str, found.make_up))),
        ]
    )
    click.echo()
    show_table(
        [_("Holiday"), _("From"), _("To"), _("Days")],
        [[one.zh if zh else one.en, str(one.first), str(one.last), one.days] for one in found.holidays],
    )
    for one in found.differences:
        followed, other = (_("worked") if says else _("free") for says in (one.followed, one.other))
        click.echo(
            _("{day}: {followed} by the notices followed here, {other} by the package 'holidays'", day=one.day,
              followed=followed, other=other)
        )  # fmt: skip


@days.command(help=_("The day that is so many working days after another; make-up days count."))
@click.argument("start", type=_DAY)
@click.option(
    "--days", "working_days", type=click.IntRange(1, 2000), default=15, help=_("working days; 15 if not named")
)
@json_option
def due(start: dt.datetime, working_days: int, as_json: bool) -> None:
    """Find a deadline."""
    from outreach.services.deadlines import find_deadline

    found = find_deadline(start.date(), working_days)
    if as_json:
        show_json(found)
        return
    lunar = f"  {found.lunar}" if current_language() == "zh" else ""
    click.echo(f"{found.due}{lunar}{_provisional(found.provisional)}")


@days.command(help=_("Plan the three 15 days of every case in a table; list what is overdue or due soon."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", "today", type=_DAY, default=None, help=_("the day it is; today if not named"))
@json_option
def steps(file: Path, today: dt.datetime | None, as_json: bool) -> None:
    """Plan steps."""
    from outreach.services.deadlines import plan_steps

    report = plan_steps(file, today.date() if today else dt.datetime.now().astimezone().date())
    if as_json:
        show_json(report)
        return
    words = {"accept": _("application reviewed"), "letter": _("transfer letter"), "funds": _("funds moved")}
    states = {
        "done": _("done"), "late": _("done late"), "overdue": _("overdue"), "soon": _("due soon"), "open": _("open"),
    }  # fmt: skip
    show_table(
        [_("Case"), _("Applied"), _("Step"), _("Due"), _("Done"), _("State")],
        [
            [
                case.case,
                str(case.applied),
                words[step.step],
                f"{step.due}{_provisional(step.provisional)}",
                str(step.done or ""),
                states[step.state(report.today)],
            ]
            for case in report.cases
            for step in case.steps
        ],
    )
    click.echo()
    for title, rows in ((_("Overdue"), report.overdue), (_("Due soon"), report.soon)):
        click.echo(f"{title}: {len(rows)}")
        for name, step in rows:
            click.echo(f"  {step.due}  {name}  {words[step.step]}")


def _provisional(provisional: bool) -> str:
    return f" ({_('provisional: the notice is not out')})" if provisional else ""
