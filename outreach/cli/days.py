"""outreach days ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.planning.holidays import Difference, LunarDay

_ZONE = "Asia/Shanghai"
"""Where no workspace says otherwise: the notices are China's."""


@click.group(help=_("Working days: a year, a day, a deadline, the three 15 days."))
def days() -> None:
    """Hold the commands."""


def _zone(session: Session) -> ZoneInfo:
    """The workspace's zone where there is one, whose language is then spoken."""
    workspace = session.workspace_or_none()
    return workspace.zone if workspace else ZoneInfo(_ZONE)


@days.command(help=_("Show a year: holidays, make-up working days, festivals, the Spring Festival travel season."))
@click.argument("number", metavar="YEAR", type=int)
@json_option
@click.pass_obj
def year(session: Session, number: int, as_json: bool) -> None:
    """Show a year."""
    from outreach.services.days import show_year

    _zone(session)
    found = show_year(number)
    if as_json:
        show_json(found)
        return
    show_facts(
        [
            (_("Year"), _marked(str(found.year), found.provisional)),
            (_("Working days"), found.working_days),
            (_("Lunar New Year"), str(found.lunar_new_year)),
            (_("Spring Festival travel"), f"{found.travel_first} – {found.travel_last}"),
            (_("Make-up working days"), _listed(found.make_up, found.provisional)),
        ]
    )
    click.echo()
    off = _("Holiday, provisional") if found.provisional else _("Holiday")
    show_table(
        [off, _("From"), _("To"), _("Days")],
        [[_own(one.zh, one.en), str(one.first), str(one.last), one.days] for one in found.holidays],
    )
    click.echo()
    show_table(
        [_("Festival"), _("Day"), _("Lunar date")],
        [[_own(one.zh, one.en), str(one.day), _lunar(one.lunar)] for one in found.festivals],
    )
    for one in found.differences:
        click.echo(_difference(one))


@days.command(help=_("Show a day: what sort it is, whether offices work, its lunar date."))
@click.argument("day", type=DAY)
@json_option
@click.pass_obj
def show(session: Session, day: dt.datetime, as_json: bool) -> None:
    """Show a day."""
    from outreach.services.days import show_day, weekday_names

    _zone(session)
    found = show_day(day.date())
    if as_json:
        show_json(found)
        return
    sorts = {
        "workday": _("working day"),
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "make-up": _("make-up working day"),
    }
    show_facts(
        [
            (_("Day"), f"{found.day} {weekday_names()[found.day.weekday()]}"),
            (_("Sort"), _marked(sorts[found.sort], found.provisional)),
            (_("Lunar date"), _lunar(found.lunar)),
            *([(_("Off for"), _own(*found.holiday))] if found.holiday else []),
            *((_("Festival"), _own(*name)) for name in found.festivals),
            *([(_("Spring Festival travel"), _("yes"))] if found.travel_season else []),
        ]
    )


@days.command(help=_("The day that is so many working days after another; make-up days count."))
@click.argument("start", type=DAY)
@click.option(
    "--days", "working_days", type=click.IntRange(1, 2000), default=15, help=_("working days; 15 if not named")
)
@json_option
@click.pass_obj
def due(session: Session, start: dt.datetime, working_days: int, as_json: bool) -> None:
    """Find a deadline."""
    from outreach.services.days import weekday_names
    from outreach.services.deadlines import find_deadline

    _zone(session)
    found = find_deadline(start.date(), working_days)
    if as_json:
        show_json(found)
        return
    weekday = weekday_names()[found.due.weekday()]
    click.echo(_marked(f"{found.due} {weekday}  {_lunar(found.lunar)}", found.provisional))


@days.command(help=_("Plan the three 15 days of every case in a table; list what is overdue or due soon."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", "today", type=DAY, default=None, help=_("the day it is; today if not named"))
@click.option(
    "--to", "target", type=click.Path(path_type=Path), default=None, help=_("write the list to this .xlsx or .csv file")
)
@click.option(
    "--calendar", type=click.Path(path_type=Path), default=None, help=_("write the due days to this .ics file")
)
@json_option
@click.pass_obj
def steps(
    session: Session, file: Path, today: dt.datetime | None, target: Path | None, calendar: Path | None, as_json: bool
) -> None:
    """Plan steps."""
    from outreach.services import deadlines

    zone = _zone(session)
    report = deadlines.plan_steps(file, today.date() if today else dt.datetime.now(zone).date())
    if target:
        deadlines.write_steps(report, target)
    if calendar:
        deadlines.write_due_calendar(report, calendar, zone)
    if as_json:
        show_json(report)
        return
    shown = [[str(cell or "") for cell in deadlines.step_cells(step)] for step in report.steps]
    show_table(deadlines.step_headings(), shown)
    click.echo()
    for title, rows in ((_("Overdue"), report.overdue), (_("Due soon"), report.soon)):
        click.echo(_("{title}: {count}", title=title, count=len(rows)))
        for step in rows:
            line = f"  {step.due}  {step.case}  {deadlines.step_word(step.step)}"
            click.echo(_marked(line, step.provisional))
    for written in filter(None, (target, calendar)):
        say(_("written: {file}", file=written))


@days.command(help=_("Show where the libraries that know the holidays do not agree with the notices."))
@click.option("--from", "first", type=int, default=None, help=_("first year; 2004 if not named"))
@click.option("--to", "last", type=int, default=None, help=_("last year; the newest published if not named"))
@json_option
@click.pass_obj
def differences(session: Session, first: int | None, last: int | None, as_json: bool) -> None:
    """List differences."""
    from outreach.services.days import list_differences

    _zone(session)
    found = list_differences(first, last)
    if as_json:
        show_json(found)
        return
    for one in found:
        click.echo(_difference(one))
    click.echo(_("days that differ: {count}", count=len(found)))


def _difference(one: Difference) -> str:
    followed, chinesecalendar, holidays = (
        _("worked") if says else _("free") for says in (one.followed, one.chinesecalendar, one.holidays)
    )
    return _(
        "{day}: {followed} by the notice; 'chinesecalendar' says {chinesecalendar}, 'holidays' says {holidays}",
        day=one.day,
        followed=followed,
        chinesecalendar=chinesecalendar,
        holidays=holidays,
    )


def _listed(make_up: tuple[dt.date, ...], provisional: bool) -> str:
    if provisional:
        return _("not known before the notice")
    return ", ".join(map(str, make_up)) or "-"


def _own(zh: str, en: str) -> str:
    return zh if current_language() == "zh" else en


def _lunar(day: LunarDay) -> str:
    return _own(day.zh, day.en)


def _marked(text: str, provisional: bool) -> str:
    return _("{text} (provisional: the notice is not out)", text=text) if provisional else text
