"""outreach duty phones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table, unmask_option
from outreach.messages import _


@click.command(help=_("Who answers the phone hour by hour, with their numbers; gaps in the promised hours are lines."))
@click.option("--from", "first", type=DAY, default=None, help=_("the first day; today if not named"))
@click.option("--to", "last", type=DAY, default=None, help=_("the last day; the first if not named"))
@click.option(
    "--file", "target", type=click.Path(path_type=Path), default=None, help=_("write it as .docx, with all numbers")
)
@campaign_option
@unmask_option
@json_option
@click.pass_obj
def phones(
    session: Session,
    first: dt.datetime | None,
    last: dt.datetime | None,
    target: Path | None,
    campaign: str,
    unmask: bool,
    as_json: bool,
) -> None:
    """Show the on-duty list."""
    from dataclasses import replace

    from outreach.domain.directory import masked_phone
    from outreach.services import duty_phones

    with session.office() as office:
        start = first.date() if first else office.now().date()
        end = last.date() if last else start
        if target is None:
            days = duty_phones.list_duty(office, campaign, start, end)
        else:
            days = duty_phones.write_duty(office, campaign, start, end, target)
    if not unmask:
        # The bureau's own number is public; officers' mobiles and homes are shown to whoever may see them.
        days = [
            replace(
                day,
                lines=tuple(
                    replace(
                        line,
                        phones=tuple(
                            (kind, text if kind == "duty" else masked_phone(text)) for kind, text in line.phones
                        ),
                    )
                    for line in day.lines
                ),
            )
            for day in days
        ]
    if as_json:
        show_json(days)
        return
    for day in days:
        click.echo(f"{day.day}  {day.starts:%H:%M}-{day.ends:%H:%M}")
        show_table(duty_phones.headings(), [duty_phones.row(line) for line in day.lines])
        if day.gap_minutes:
            say(_("{day}: nobody answers for {minutes} minutes", day=day.day, minutes=day.gap_minutes))
        click.echo()
    if target is not None:
        say(_("written: {file}", file=target))
