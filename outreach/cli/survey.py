"""outreach survey ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import MOMENT
from outreach.cli.session import (
    Session,
    campaign_option,
    json_option,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.domain.survey import Answer, Verdict
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.store.surveys import Survey

_SHARE = click.FloatRange(0, 1)
_RISK = click.FloatRange(0, 1, min_open=True, max_open=True)
_SHEET = click.option(
    "--to", "target", type=click.Path(path_type=Path), default=None, help=_("the sheet (.xlsx to fill in, .docx)")
)


@click.group(help=_("Households asked again whether the record is so: draw, sheet, enter, result, list."))
def survey() -> None:
    """Hold the commands."""


@survey.command(help=_("Draw households of every lot to be asked again, and write the sheet."))
@click.option(
    "--by", type=click.Choice(["officer", "community"]), default="officer", show_default=True, help=_("what a lot is")
)
@click.option("--every", is_flag=True, help=_("of all households, not only those recorded as reached"))
@click.option("--good", type=_SHARE, default=0.95, show_default=True, help=_("a lot with this share should pass"))
@click.option("--poor", type=_SHARE, default=0.75, show_default=True, help=_("a lot with this share should not"))
@click.option("--fail-good", type=_RISK, default=0.1, show_default=True, help=_("the risk of failing a good lot"))
@click.option("--pass-poor", type=_RISK, default=0.1, show_default=True, help=_("the risk of passing a poor lot"))
@click.option(
    "--clusters", type=click.IntRange(1), default=None, help=_("draw so many lots, by size, instead of taking all")
)
@click.option("--seed", default="", help=_("what the draw hangs on; its number if not named"))
@_SHEET
@campaign_option
@unmask_option
@json_option
@click.pass_obj
def draw(
    session: Session, by: str, every: bool, good: float, poor: float, fail_good: float, pass_poor: float,
    clusters: int | None, seed: str, target: Path | None, campaign: str, unmask: bool, as_json: bool,
) -> None:  # fmt: skip
    """Draw a survey."""
    from outreach.services.endings import refuse_other_endings
    from outreach.services.survey_sheets import SHEET_ENDINGS, write_sheet
    from outreach.services.surveys import Demands, draw_survey

    if target:  # before anything is drawn
        refuse_other_endings(target, *SHEET_ENDINGS)
    with session.office() as office:
        demands = Demands(good=good, poor=poor, fail_good=fail_good, pass_poor=pass_poor)
        found = draw_survey(office, campaign, by=by, every=every, demands=demands, clusters=clusters or 0, seed=seed)
        path = write_sheet(office, found.number, target, current_language(), unmask=unmask)
    if as_json:
        show_json(_survey(found) | {"lots": found.lots, "sheet": str(path)})
        return
    show_table(
        [_("lot"), _("Households"), _("To ask"), _("Passes from"), _("Risk: good fails"), _("Risk: poor passes")],
        [
            [one.name, one.households, one.size, one.pass_from, f"{one.fail_good:.1%}", f"{one.pass_poor:.1%}"]
            for one in found.lots
        ],
    )
    show_facts(
        [
            (_("Survey"), found.number),
            (_("Seed"), found.seed),
            (_("To ask"), sum(one.size for one in found.lots)),
            (_("Sheet"), str(path)),
        ]
    )


def _survey(one: Survey) -> dict[str, Any]:
    return {
        "survey": one.number,
        "campaign": one.campaign,
        "seed": one.seed,
        "made": one.made,
        "rules": one.rules,
        "to_ask": sum(lot.size for lot in one.lots),
    }


@survey.command("list", help=_("List the surveys that were drawn."))
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List surveys."""
    from outreach.services.surveys import list_surveys

    with session.office() as office:
        found = list_surveys(office)
    if as_json:
        show_json([_survey(one) for one in found])
        return
    show_table(
        [_("Survey"), _("Campaign"), _("Drawn"), _("lot"), _("Seed"), _("To ask")],
        [
            [
                one.number, one.campaign, f"{one.made:%Y-%m-%d}",
                _("officer") if one.rules["by"] == "officer" else _("community"), one.seed,
                sum(lot.size for lot in one.lots),
            ]
            for one in found
        ],
    )  # fmt: skip


@survey.command(help=_("Write a survey's sheet once more: .xlsx to fill in, or .docx to print and sign."))
@click.argument("number", type=int)
@_SHEET
@unmask_option
@json_option
@click.pass_obj
def sheet(session: Session, number: int, target: Path | None, unmask: bool, as_json: bool) -> None:
    """Write a sheet."""
    from outreach.services.survey_sheets import write_sheet

    with session.office() as office:
        path = write_sheet(office, number, target, current_language(), unmask=unmask)
    if as_json:
        show_json({"survey": number, "sheet": str(path)})
    else:
        click.echo(str(path))


@survey.command(help=_("Record the answer to one line of a survey, or take in a sheet with --file."))
@click.argument("number", type=int, required=False)
@click.argument("line", type=int, required=False)
@click.argument("answer", type=click.Choice([one.value for one in Answer]), required=False)
@click.option("--by", default="", help=_("who asked"))
@click.option("--at", type=MOMENT, default=None, help=_("when; now if not named"))
@click.option("--note", default="", help=_("a note"))
@click.option("--file", "file", type=click.Path(path_type=Path), default=None, help=_("a sheet that was filled in"))
@json_option
@click.pass_obj
def enter(
    session: Session, number: int | None, line: int | None, answer: str | None, by: str, at: dt.datetime | None,
    note: str, file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Record answers."""
    from outreach.services.surveys import import_answers, record_answer

    if (number is None or line is None or answer is None) == (file is None):
        raise click.UsageError(_("write survey, line and answer, or --file"))
    with session.office() as office:
        if file is not None:
            report = import_answers(office, file)
            if as_json:
                show_json(report)
                return
            counts = {name: getattr(report, name) for name in ("recorded", "corrected", "unchanged", "open")}
            click.echo(
                _("{recorded} answers recorded, {corrected} corrected, {unchanged} known already; {open} lines open",
                  **counts)
            )  # fmt: skip
            for of_survey, erased in report.erased:
                said = _("line {line} of survey {number} is passed over: its household is erased", number=of_survey,
                         line=erased)  # fmt: skip
                say(said)
            return
        assert number is not None
        assert line is not None
        assert answer is not None
        when = at.replace(tzinfo=office.workspace.zone) if at else None
        made = record_answer(office, number, line, Answer(answer), by=by, at=when, note=note)
    if as_json:
        show_json(made)
    else:
        click.echo(made.id)


@survey.command(help=_("Which lots pass, with the risks of saying so, and the share over all lots."))
@click.argument("number", type=int)
@json_option
@click.pass_obj
def result(session: Session, number: int, as_json: bool) -> None:
    """Report a survey."""
    from outreach.services.surveys import report_survey

    with session.office() as office:
        found = report_survey(office, number)
    if as_json:
        whole = found.estimate
        effective = None if whole is None or whole.effective == float("inf") else round(whole.effective, 1)
        told = whole and {"share": whole.share, "asked": whole.asked, "effective": effective, "without": whole.without}
        show_json(_survey(found.survey) | {"lots": found.lots, "estimate": told})
        return
    verdicts = {
        Verdict.PASSES: _("passes"),
        Verdict.DOES_NOT: _("does not pass"),
        Verdict.OPEN: _("not decided yet"),
    }
    show_table(
        [_("lot"), _("Households"), _("To ask"), _("Asked"), _("Confirmed"), _("Passes from"), _("Verdict"),
         _("Risk: good fails"), _("Risk: poor passes")],
        [
            [one.lot.name, one.lot.households, one.lot.size, one.asked, one.confirmed, one.lot.pass_from,
             verdicts[one.verdict], f"{one.lot.fail_good:.1%}", f"{one.lot.pass_poor:.1%}"]
            for one in found.lots
        ],
    )  # fmt: skip
    if found.estimate is None:
        click.echo(_("nobody has been asked yet"))
        return
    share = found.estimate.share
    figures = {"share": f"{share.value:.0%}", "low": f"{share.low:.0%}", "high": f"{share.high:.0%}"}
    click.echo(_("Over all lots {share} confirm; 95 per cent sure: {low} to {high}.", **figures))
    if found.estimate.without:
        click.echo(_("Not in it, since nobody was asked there: {names}", names=", ".join(found.estimate.without)))
