"""outreach report ..."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.due import times
from outreach.cli.monthly import explain, monthly
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.cli.staffing import staffing
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.office import Office


@click.group(help=_("Who was reached, when people are found, where officers are short."))
def report() -> None:
    """Hold the commands."""


report.add_command(times)
report.add_command(staffing)
report.add_command(monthly)
report.add_command(explain)
_XLSX = click.option("--xlsx", type=click.Path(path_type=Path), default=None, help=_("write all tables to this .xlsx"))
_HTML = click.option(
    "--html", type=click.Path(path_type=Path), default=None, help=_("write the report page to this .html")
)


@report.command(help=_("Households attempted, contacted, reached, registered, paid - by one dimension."))
@click.option(
    "--by",
    type=click.Choice(["community", "compound", "officer", "channel", "month", "community-month"]),
    default="community",
    show_default=True,
    help=_("what to group by"),
)
@campaign_option
@_XLSX
@_HTML
@json_option
@click.pass_obj
def coverage(session: Session, by: str, campaign: str, xlsx: Path | None, html: Path | None, as_json: bool) -> None:
    """Report coverage."""
    from outreach.cli.air import show_apart
    from outreach.errors import BadInput
    from outreach.services.air_reach import show_air_or_none
    from outreach.services.report_files import coverage_cells, coverage_headings
    from outreach.services.reports import report_coverage

    if by == "community-month":
        _show_area_months(session, campaign, xlsx, html, as_json=as_json)
        return
    with session.office() as office:
        table = report_coverage(office, campaign, by)
        estimate = None
        try:
            estimate = show_air_or_none(office, campaign)
        except BadInput as error:
            # Households are counted all the same where a price list is wrong.
            say(error.faults[0].sentence())
        _write(office, campaign, xlsx, html)
    if as_json:
        show_json(table)
        return
    rows = [coverage_cells(by, row) for row in (*table.rows, table.total)]
    for row in rows:
        row[6] = f"{row[6]:.1%}"
        row[10] = None if row[10] is None else f"{row[10]:,.2f}"
    show_table(coverage_headings(by), rows)
    if estimate is not None:
        show_apart(estimate)


def _show_area_months(session: Session, campaign: str, xlsx: Path | None, html: Path | None, *, as_json: bool) -> None:
    from outreach.services.area_months import report_area_months

    with session.office() as office:
        found = report_area_months(office, campaign)
        _write(office, campaign, xlsx, html)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("Community"), _("Month"), _("Households"), _("Attempted"), _("Contacted"), _("Reached"), _("Card"),
         _("Registered"), _("Paid")],
        [
            [one.community, one.month, one.households, one.attempted, one.contacted, one.reached, one.carded,
             one.registered, one.paid]
            for one in (*found.rows, found.total)
        ],
    )  # fmt: skip


@report.command(help=_("From roster to payment: card, contact, registered, paid, and the yuan."))
@campaign_option
@_XLSX
@_HTML
@json_option
@click.pass_obj
def funnel(session: Session, campaign: str, xlsx: Path | None, html: Path | None, as_json: bool) -> None:
    """Report the funnel."""
    from outreach.services.report_files import step_label
    from outreach.services.reports import report_funnel

    with session.office() as office:
        found = report_funnel(office, campaign)
        _write(office, campaign, xlsx, html)
    if as_json:
        show_json(found)
        return
    first = found.steps[0].households or 1
    show_table(
        [_("Step"), _("Households"), _("Share")],
        [[step_label(step.key), step.households, f"{step.households / first:.1%}"] for step in found.steps],
    )
    click.echo()
    show_facts(
        [
            (_("Yuan paid"), f"{found.fen / 100:,.2f}"),
            (_("Paid on or after the day they were first met"), found.paid_after),
            (_("Paid before they were met"), found.paid_before),
            (_("Paid, never met"), found.paid_never_met),
        ]
    )
    say(_("Whoever was met first and paid later need not have paid because of it; 'outreach holdout' can tell."))


def _write(office: Office, campaign: str, xlsx: Path | None, html: Path | None) -> None:
    from outreach.services.report_files import write_page, write_workbook

    for target, write in ((xlsx, write_workbook), (html, write_page)):
        if target is not None:
            say(_("written: {file}", file=write(office, campaign, target)))


@report.command(help=_("What became of households: final outcomes, and rates by the AAPOR definitions."))
@click.option(
    "--by",
    type=click.Choice(["community", "compound", "officer"]),
    default="community",
    show_default=True,
    help=_("what to group by"),
)
@campaign_option
@json_option
@click.pass_obj
def outcomes(session: Session, by: str, campaign: str, as_json: bool) -> None:
    """Report outcomes."""
    from outreach.services.outcomes import final_label, rate_headings, rates_shown, report_outcomes

    with session.office() as office:
        found = report_outcomes(office, campaign, by)
    if as_json:
        show_json(found)
        return
    show_table(
        ["", *(final_label(final) for final in found.total.counts), *rate_headings()],
        [
            [label, *one.counts.values(), *(_percent(rate) for rate in rates_shown(one))]
            for label, one in (*found.rows.items(), (_("all"), found.total))
        ],
    )
    if found.out_of_scope:
        click.echo(_("out of scope, in no denominator: {codes}", codes=", ".join(found.out_of_scope)))


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"
