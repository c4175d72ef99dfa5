"""outreach campaign plan, outreach campaign picture."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.moments import DAY, MONTH
from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table
from outreach.messages import _, current_language

PICTURES = ("gantt", "month", "map", "booths", "duty")


@click.command(help=_("Show the campaign's flights by date, counted and estimated, and the holidays they meet."))
@click.argument("name", default="")
@json_option
@click.pass_obj
def plan(session: Session, name: str, as_json: bool) -> None:
    """Show a campaign over the calendar."""
    from outreach.services.overview import plan_overview

    found = plan_overview(session.workspace(), name)
    if as_json:
        show_json(found)
        return
    zh = current_language() == "zh"
    show_facts(
        [
            (_("Campaign"), f"{found.name}: {found.title}"),
            (_("From"), str(found.starts)),
            (_("To"), str(found.ends)),
            (_("Working days"), found.working_days),
            (_("Placements, reach counted"), found.counted_placements),
            (_("Placements, reach estimated"), found.estimated_placements),
            *(
                (
                    _("Holiday, provisional") if one.provisional else _("Holiday"),
                    f"{one.first} – {one.last}  {one.zh if zh else one.en}",
                )
                for one in found.holidays
            ),
        ]
    )
    click.echo()
    show_table(
        [
            _("From"), _("To"), _("Flight"), _("Channel"), _("Place"), _("Times"), _("Days"), _("On days off"),
            _("Placements"), _("Reach"),
        ],
        [
            [
                str(one.starts), str(one.ends), one.id, one.label, one.place, ", ".join(one.times), one.days,
                one.days_off, one.placements, _("counted") if one.counted else _("estimated"),
            ]
            for one in found.flights
        ],
    )  # fmt: skip
    for note in found.notes:
        say(note)


@click.command(
    help=_(
        "Draw a picture: gantt (the whole campaign), month (a wall calendar), map (who has whom), "
        "booths or duty (a rota for the wall)."
    )
)
@click.argument("what", type=click.Choice(PICTURES))
@click.argument("name", default="")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help=_("the .svg, .pdf or .png file"))
@click.option("--month", type=MONTH, default="", metavar="YYYY-MM", help=_("the month of a wall calendar or rota"))
@click.option("--on", "today", type=DAY, default=None, help=_("a line at this day (gantt)"))
@json_option
@click.pass_obj
def picture(
    session: Session, what: str, name: str, target: Path, month: str, today: dt.datetime | None, as_json: bool
) -> None:
    """Draw a picture."""
    from outreach.services.picture_files import Picture, make_picture

    with session.office() as office:
        made = make_picture(office, name, Picture(what), target, month=month, today=today.date() if today else None)
    if as_json:
        show_json(made)
    else:
        click.echo(str(made.file))
