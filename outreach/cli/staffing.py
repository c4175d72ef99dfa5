"""outreach report staffing"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.messages import _

_MOST_SENTENCES = 20


@click.command(help=_("Where and when officers' hours will not do: by community and week, and who could help."))
@click.option(
    "--from", "first", type=DAY, default=None, help=_("the first day; today, or the campaign's first day outside it")
)
@click.option("--to", "last", type=DAY, default=None, help=_("the last day; the campaign's last if not named"))
@click.option("--xlsx", type=click.Path(path_type=Path), default=None, help=_("write all tables to this .xlsx"))
@campaign_option
@json_option
@click.pass_obj
def staffing(
    session: Session,
    first: dt.datetime | None,
    last: dt.datetime | None,
    xlsx: Path | None,
    campaign: str,
    as_json: bool,
) -> None:
    """Forecast the staffing."""
    from outreach.services.forecast import forecast_staffing
    from outreach.services.forecast_files import week_cells, week_headings, what_to_do, write_forecast

    with session.office() as office:
        found = forecast_staffing(office, campaign, first.date() if first else None, last.date() if last else None)
    if xlsx is not None:
        say(_("written: {file}", file=write_forecast(found, xlsx)))
    if as_json:
        show_json(found)
        return
    show_table(week_headings(), [week_cells(line) for line in found.weeks])
    click.echo()
    show_facts(
        [
            (_("As known on"), f"{found.as_of:%Y-%m-%d %H:%M}"),
            (_("Households still open"), found.open),
            (_("of which migrants"), found.migrants),
            (_("Visits to be expected"), f"{found.visits:,.0f}"),
            (_("of which find somebody"), f"{found.contacts:,.0f}"),
            (_("Hours needed at doors"), f"{found.needed:,.1f}"),
            (_("Hours there"), f"{found.available:,.1f}"),
            (_("Hours of calls and letters"), f"{found.desk_hours:,.1f}"),
        ]
    )
    if found.stranded:
        say(
            _("{count} migrants' households are not counted: they are not back within these days", count=found.stranded)
        )
    sentences = what_to_do(found)
    if sentences:
        click.echo()
    for sentence in sentences[:_MOST_SENTENCES]:
        click.echo(sentence)
    if len(sentences) > _MOST_SENTENCES:
        say(_("... and {count} more", count=len(sentences) - _MOST_SENTENCES))
