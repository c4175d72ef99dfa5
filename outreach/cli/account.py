"""outreach account ..."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import DAY
from outreach.cli.session import (
    Cell,
    Session,
    campaign_option,
    json_option,
    progress,
    say,
    show_facts,
    show_json,
    show_table,
)
from outreach.domain.payment import LEVELS
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.payment import OwedLine
    from outreach.services.accounts import AccountImport
    from outreach.services.payments import PaymentView

_MOST_SHOWN = 40


@click.group(help=_("Pension accounts: import statements, show them, what is to pay."))
def account() -> None:
    """Hold the commands."""


@account.command("import", help=_("Take in account statements from a table, all or nothing; see docs/roster.md."))
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def import_(session: Session, file: Path, as_json: bool) -> None:
    """Import statements."""
    from outreach.services.accounts import import_accounts

    with session.office() as office, progress(_("importing")) as move:
        report = import_accounts(office, file, move)
    if as_json:
        show_json(report)
        return
    show_facts(
        [
            (_("Rows read"), report.rows),
            (_("Added"), report.added),
            (_("Changed"), report.changed),
            (_("Unchanged"), report.unchanged),
            (_("In the store, not in the file"), report.absent),
        ]
    )
    _say_what_changed(report)


def _say_what_changed(report: AccountImport) -> None:
    if report.changes:
        click.echo()
        rows: list[list[Cell]] = [
            [one.household, one.person, str(one.year), *_shown_change(one.field, one.old, one.new)]
            for one in report.changes[:_MOST_SHOWN]
        ]
        show_table([_("Code"), _("No."), _("Year"), _("Field"), _("Before"), _("Now")], rows)
    for fall in report.falls[:_MOST_SHOWN]:
        facts = {"code": fall.household, "number": fall.person, "year": fall.year}
        amounts = {"old": f"{_yuan(fall.before_fen):,}", "new": f"{_yuan(fall.balance_fen):,}"}
        say(_("household {code}, person {number}: the balance falls in {year}, {old} to {new}", **facts, **amounts))
    for shown in (report.changes, report.falls):
        if len(shown) > _MOST_SHOWN:
            say(_("... and {count} more", count=len(shown) - _MOST_SHOWN))
    if report.ignored_columns:
        say(_("columns nobody asked for were ignored: {names}", names=", ".join(report.ignored_columns)))


def _shown_change(field: str, old: int, new: int) -> list[Cell]:
    names = {"months": _("Months"), "base_fen": _("Base"), "paid_fen": _("Paid"), "balance_fen": _("Balance")}
    return [names[field], *(Decimal(one) if field == "months" else _yuan(one) for one in (old, new))]


@account.command(help=_("Show a household's account statements, year by year."))
@click.argument("household")
@json_option
@click.pass_obj
def show(session: Session, household: str, as_json: bool) -> None:
    """Show statements."""
    from outreach.services.accounts import show_accounts

    with session.office() as office:
        view = show_accounts(office, household)
    persons = [(person, view.statements.get(person.number, ())) for person in view.household.persons]
    if as_json:
        show_json(
            {
                "household": view.household.code,
                "persons": [
                    {"number": person.number, "name": person.name, "years": years} for person, years in persons
                ],
            }
        )
        return
    for person, years in persons:
        click.echo(f"{view.household.code}  {person.number} {person.name}")
        if years:
            rows: list[list[Cell]] = [
                [str(y.year), y.months, _yuan(y.base_fen), _yuan(y.paid_fen), _yuan(y.balance_fen)] for y in years
            ]
            paid = _yuan(sum(y.paid_fen for y in years))
            rows.append([_("Together"), sum(y.months for y in years), None, paid, _yuan(years[-1].balance_fen)])
            show_table([_("Year"), _("Months"), _("Base"), _("Paid"), _("Balance")], rows)
        else:
            click.echo(_("no statement is known"))
        click.echo()


@account.command(help=_("What a household must pay, with its working, as one reads it out on the phone."))
@click.argument("household")
@click.option("--date", "day", type=DAY, default=None, help=_("as of this day; today if not"))
@click.option(
    "--level",
    type=click.IntRange(*LEVELS),
    default=None,
    metavar="PERCENT",
    help=_("per cent of the base; the campaign's own if not"),
)
@campaign_option
@json_option
@click.pass_obj
def due(
    session: Session, household: str, day: dt.datetime | None, level: int | None, campaign: str, as_json: bool
) -> None:
    """Show what is to pay."""
    from outreach.services.payments import payment_note, printed_percent, show_payment

    with session.office() as office:
        view = show_payment(office, campaign, household, day=day.date() if day else None, level=level or 0)
    language = current_language()
    note = payment_note(view.payment, view.sums, language)
    source = view.sums.rules.source[language] or view.sums.rules.source["zh"]
    if as_json:
        show_json(_due_json(view) | {"source": source, "note": note})
        return
    show_facts(
        [
            (_("Household"), view.household.code),
            (_("As of"), f"{view.sums.as_of}"),
            (_("Level of the base"), f"{view.sums.level} %"),
        ]
    )
    for one in view.payment.persons:
        click.echo(f"\n{one.person.number} {one.person.name}")
        rows: list[list[Cell]] = [
            [
                _span(line),
                _yuan(line.base_fen),
                printed_percent(line.percent),
                _yuan(line.month_fen),
                line.months,
                _yuan(line.amount_fen),
            ]
            for line in one.lines
        ]
        rows.append([_("Together"), None, "", None, one.months, _yuan(one.amount_fen)])
        show_table([_("Span"), _("Base"), _("Rate"), _("A month"), _("Months"), _("Yuan")], rows)
    click.echo()
    total = view.payment.amount_fen
    answer = _("not known") if total is None else f"{_yuan(total):,}"
    show_facts([(_("To pay"), answer), (_("Source"), source), (_("Working"), note)])


def _due_json(view: PaymentView) -> dict[str, Any]:
    return {
        "household": view.household.code,
        "as_of": view.sums.as_of,
        "level_percent": view.sums.level,
        "persons": [
            {
                "number": one.person.number,
                "name": one.person.name,
                "months": one.months,
                "fen": one.amount_fen,
                "lines": [
                    {
                        "from": f"{line.starts:%Y-%m}",
                        "to": f"{line.ends:%Y-%m}",
                        "months": line.months,
                        "base_fen": line.base_fen,
                        "rate_percent": float(line.percent),
                        "month_fen": line.month_fen,
                        "fen": line.amount_fen,
                    }
                    for line in one.lines
                ],
            }
            for one in view.payment.persons
        ],
        "unknown": [{"number": person.number, "name": person.name} for person in view.payment.unknown],
        "fen": view.payment.amount_fen,
    }


def _span(line: OwedLine) -> str:
    first, last = f"{line.starts:%Y-%m}", f"{line.ends:%Y-%m}"
    return first if first == last else f"{first} – {last}"


def _yuan(fen: int) -> Decimal:
    """Fen as yuan with two places."""
    return Decimal(fen).scaleb(-2)
