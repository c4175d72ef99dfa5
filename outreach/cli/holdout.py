"""outreach holdout ..."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.domain.hold_out import UNITS, Arm, HoldOut
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.domain.interval import Interval
    from outreach.planning.hold_out import ArmResult


@click.group(help=_("Households left alone by lot for a time, to compare with: draw, list, end, result."))
def holdout() -> None:
    """Hold the commands."""


@holdout.command(help=_("Draw households to leave alone until a day; says first what the draw will be able to show."))
@click.argument("name")
@click.option("--share", type=float, default=10.0, show_default=True, help=_("per cent of the units to hold"))
@click.option("--unit", type=click.Choice(UNITS), default="entrance", show_default=True, help=_("what is drawn whole"))
@click.option("--seed", default="", help=_("what the draw hangs on; the name if not given"))
@click.option("--starts", type=DAY, default=None, help=_("the first day; today if not named"))
@click.option("--ends", type=DAY, default=None, help=_("the last day; the campaign's if not named"))
@click.option("--expect", type=float, default=50.0, show_default=True, help=_("per cent who will take the step anyway"))
@click.option(
    "--alike",
    type=float,
    default=0.05,
    show_default=True,
    help=_("how alike neighbours are, 0 to 1"),
)
@click.option("--dry-run", is_flag=True, help=_("only say what it would show; keep nothing"))
@campaign_option
@json_option
@click.pass_obj
def draw(
    session: Session, name: str, share: float, unit: str, seed: str, starts: dt.datetime | None,
    ends: dt.datetime | None, expect: float, alike: float, dry_run: bool, campaign: str, as_json: bool,
) -> None:  # fmt: skip
    """Draw a hold-out."""
    from outreach.services.holdout_words import drawn_words
    from outreach.services.holdouts import draw_hold_out

    with session.office() as office:
        drawn = draw_hold_out(
            office, campaign, name, share=share, unit=unit, seed=seed,
            starts=starts.date() if starts else None, ends=ends.date() if ends else None,
            expect=expect, alike=alike, dry_run=dry_run,
        )  # fmt: skip
    words = drawn_words(drawn)
    if as_json:
        counts = {name: getattr(drawn, name) for name in ("held", "open", "clusters_held", "clusters", "left_out")}
        kept = {"kept": not dry_run, "detectable": round(drawn.detectable, 4), "words": words}
        show_json(_row(drawn.hold_out) | counts | kept)
        return
    show_facts(
        [
            (_("Hold-out"), drawn.hold_out.name),
            (_("Days"), f"{drawn.hold_out.starts} - {drawn.hold_out.ends}"),
            (_("Seed"), drawn.hold_out.seed),
            (_("Units held"), f"{drawn.clusters_held:,} / {drawn.clusters:,}"),
            (_("Households held"), drawn.held),
            (_("Households worked with"), drawn.open),
            (_("Paid already, in neither arm"), drawn.left_out),
        ]
    )
    for sentence in words:
        click.echo(sentence)
    if dry_run:
        say(_("nothing was kept"))


def _row(one: HoldOut) -> dict[str, Any]:
    names = ("campaign", "name", "seed", "starts", "ends", "made", "unit", "share")
    return {name: getattr(one, name) for name in names}


@holdout.command("list", help=_("List the hold-outs that were drawn."))
@campaign_option
@json_option
@click.pass_obj
def list_(session: Session, campaign: str, as_json: bool) -> None:
    """List hold-outs."""
    from outreach.services.holdouts import list_hold_outs

    with session.office() as office:
        found = list_hold_outs(office, campaign)
    if as_json:
        show_json([_row(one) | {"held": arms.get(Arm.HELD, 0), "open": arms.get(Arm.OPEN, 0)} for one, arms in found])
        return
    show_table(
        [_("Hold-out"), _("From"), _("Until"), _("Drawn whole"), _("Seed"), _("Households held"),
         _("Households worked with")],
        [
            [one.name, f"{one.starts}", f"{one.ends}", unit_words(one.unit), one.seed, arms.get(Arm.HELD, 0),
             arms.get(Arm.OPEN, 0)]
            for one, arms in found
        ],
    )  # fmt: skip


def unit_words(unit: str) -> str:
    """What is drawn whole, in words."""
    return {"household": _("household"), "entrance": _("entrance"), "community": _("community")}[unit]


@holdout.command(help=_("End a hold-out early; its households may be worked with from the next day on."))
@click.argument("name")
@click.option("--on", type=DAY, default=None, help=_("its last day; today if not named"))
@campaign_option
@json_option
@click.pass_obj
def end(session: Session, name: str, on: dt.datetime | None, campaign: str, as_json: bool) -> None:
    """End a hold-out."""
    from outreach.services.holdouts import end_hold_out

    with session.office() as office:
        one = end_hold_out(office, campaign, name, on.date() if on else None)
    if as_json:
        show_json(_row(one))
    else:
        say(_("the hold-out '{name}' ends on {day}", name=one.name, day=one.ends))


@holdout.command(help=_("Compare both arms as they were drawn: shares, difference, how sure, what weakens it."))
@click.argument("name")
@campaign_option
@json_option
@click.pass_obj
def result(session: Session, name: str, campaign: str, as_json: bool) -> None:
    """Report a hold-out."""
    from outreach.services.holdout_words import result_words, step_label
    from outreach.services.holdouts import report_hold_out

    with session.office() as office:
        found = report_hold_out(office, campaign, name)
    words = result_words(found)
    if as_json:
        counts = {name: getattr(found, name) for name in ("held_tried", "held_met", "open_untried", "gone")}
        steps = []
        for step in found.steps:
            both = step.comparison
            told: dict[str, Any] = {"step": step.step, "earlier": step.earlier}
            if both is not None:
                arms = {"held": _arm(both.held), "open": _arm(both.open)}
                told |= arms | {"difference": _interval(both.difference), "by_chance": round(both.by_chance, 4)}
            steps.append(told)
        show_json(_row(found.hold_out) | {"through": found.through, "steps": steps} | counts | {"words": words})
        return
    show_table(
        [_("Step"), _("Arm"), _("Units"), _("Households"), _("took the step"), _("Share"), _("95 per cent sure")],
        [
            [step_label(step.step), label, arm.clusters, arm.homes, arm.hits, f"{arm.hits / arm.homes:.1%}",
             f"{arm.share.low:.1%} - {arm.share.high:.1%}" if arm.share else ""]
            for step in found.steps
            if step.comparison is not None
            for label, arm in ((_("left alone"), step.comparison.held), (_("worked with"), step.comparison.open))
        ],
    )  # fmt: skip
    click.echo(_("Through {day}, both arms as they were drawn:", day=found.through))
    for sentence in words:
        click.echo(sentence)


def _arm(arm: ArmResult) -> dict[str, Any]:
    effect = None if arm.share is None else round(arm.design_effect, 3)
    return {
        "clusters": arm.clusters,
        "homes": arm.homes,
        "hits": arm.hits,
        "share": _interval(arm.share),
        "design_effect": effect,
    }


def _interval(one: Interval | None) -> dict[str, float] | None:
    return None if one is None else {name: round(getattr(one, name), 5) for name in ("value", "low", "high")}
