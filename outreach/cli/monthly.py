"""outreach report monthly, outreach report explain."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import MOMENT, MONTH
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.monthly_cells import MonthReport

_AS_OF = click.option(
    "--as-of", type=MOMENT, default=None, help=_("from the facts recorded by then; makes an old report again")
)


@click.command(help=_("The month's report: what was done, what came of it, how far it has come."))
@click.argument("month", metavar="MONTH", type=MONTH)
@click.option(
    "--by",
    type=click.Choice(["officer", "section", "community", "day"]),
    default="officer",
    show_default=True,
    help=_("whose figures to show; files hold all"),
)
@campaign_option
@click.option(
    "--to",
    "targets",
    type=click.Path(path_type=Path),
    multiple=True,
    help=_("write the report to this .docx, .xlsx or .html; may be given more than once"),
)
@_AS_OF
@json_option
@click.pass_obj
def monthly(
    session: Session,
    month: str,
    by: str,
    campaign: str,
    targets: tuple[Path, ...],
    as_of: dt.datetime | None,
    as_json: bool,
) -> None:
    """Report one month."""
    from outreach.services.monthly import report_month
    from outreach.services.monthly_files import write_month

    with session.office() as office:
        report = report_month(office, campaign, month, as_of)
        for target in targets:
            say(_("written: {file}", file=write_month(office, campaign, report, target)))
    if as_json:
        show_json(report)
    else:
        _show(report, by)


def _show(report: MonthReport, by: str) -> None:
    from outreach.services.monthly_tables import FLOWS, columns, exact, heads, records, titles
    from outreach.services.monthly_words import record_label

    show_facts(
        [
            (_("Month"), report.month),
            (_("Figures up to"), str(report.ends)),
            (_("Facts as of"), f"{report.as_of:%Y-%m-%d %H:%M}"),
            (_("Facts"), report.facts),
            (_("Fingerprint"), report.fingerprint),
        ]
    )
    for record in [one for one in records(report) if by != "day" or one in FLOWS]:
        laid = columns(report, record)
        groups = [*report.of(by), report.town]
        rows = [[*titles(group, by), *(exact(group, column) for column in laid)] for group in groups]
        if record in FLOWS:
            totals = [exact(report.town, column) for column in columns(report, record, "total")]
            rows.append([_("since the start"), *[""] * (len(heads(by)) - 1), *totals])
        click.echo(f"\n{record_label(record)}")
        show_table([*heads(by), *(column.heading for column in laid)], rows)
    _show_left_out(report)


def _show_left_out(report: MonthReport) -> None:
    outside = ", ".join(one.household for one in report.left_out if not one.hold_out)
    held = ", ".join(one.household for one in report.left_out if one.hold_out)
    if outside:
        click.echo("\n" + _("out of scope, in no denominator: {codes}", codes=outside))
    if held:
        click.echo("\n" + _("left alone by a hold-out, in no denominator: {codes}", codes=held))


@click.command(help=_("The facts under one figure of a month's report."))
@click.argument("cell", metavar="CELL")
@campaign_option
@_AS_OF
@json_option
@click.pass_obj
def explain(session: Session, cell: str, campaign: str, as_of: dt.datetime | None, as_json: bool) -> None:
    """Explain a figure."""
    from outreach.services.monthly import explain_cell

    with session.office() as office:
        found = explain_cell(office, campaign, cell, as_of)
    if as_json:
        show_json(found)
        return

    def amount(figure: int) -> str:
        return f"{figure / 100:,.2f}" if found.money else f"{figure:,}"

    show_facts([(_("Figure"), amount(found.figure)), (_("Facts as of"), f"{found.as_of:%Y-%m-%d %H:%M}")])
    if found.working:
        click.echo(found.working)
    click.echo()
    counted = _("Weight") if found.working else _("Yuan") if found.money else _("Counts")
    show_table(
        [_("Fact"), _("Household"), _("Day"), _("Officer"), _("What"), counted],
        [
            [
                one.fact,
                one.household,
                str(one.day),
                one.officer,
                one.what,
                f"{one.weight:g}" if found.working else amount(one.amount),
            ]
            for one in found.facts
        ],
    )
