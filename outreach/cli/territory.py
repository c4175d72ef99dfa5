"""outreach household assign, plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.session import Session, campaign_option, json_option, progress, say, show_facts, show_json, show_table
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.planning.terms import Price
    from outreach.services.territories import AssignmentReport, PostShare


def _price_of_a_move(context: click.Context, option: click.Parameter, value: str | None) -> Price | None:
    """'fewest', 'free' or a number of metres, 0 or more."""
    if value is None:
        return None
    if value in ("fewest", "free"):
        return "fewest" if value == "fewest" else "free"
    try:
        metres = float(value)
    except ValueError:
        metres = -1.0
    if not 0 <= metres < float("inf"):
        what = _("'{value}' is neither 'fewest' nor 'free' nor a number of metres", value=value)
        raise click.BadParameter(what, context, option)
    return metres


@click.command(help=_("Give every household one officer: near, convenient, equal shares, hard and easy mixed."))
@click.option(
    "--moves",
    callback=_price_of_a_move,
    default=None,
    metavar="fewest|free|METRES",
    help=_("what a change of officer must save; the planning file's rule if not named"),
)
@click.option("--away", multiple=True, metavar="OFFICER", help=_("gets no household this time; may be repeated"))
@click.option(
    "--travel",
    type=click.Path(path_type=Path),
    default=None,
    help=_("a table of distances or minutes: compounds down, officers across"),
)
@click.option("--reason", default="", help=_("why, kept with the plan"))
@click.option("--dry-run", is_flag=True, help=_("show what would change, and moves against metres; change nothing"))
@campaign_option
@json_option
@click.pass_obj
def assign(
    session: Session,
    moves: Price | None,
    away: tuple[str, ...],
    travel: Path | None,
    reason: str,
    dry_run: bool,
    campaign: str,
    as_json: bool,
) -> None:
    """Assign households."""
    from outreach.services.territories import Wish, assign_households

    wish = Wish(moves=moves, away=away, travel=travel, reason=reason, dry_run=dry_run)
    with session.office() as office, progress(_("assigning")) as move:
        report = assign_households(office, campaign, move, wish)
    if as_json:
        more = {"moved": report.moved, "away": report.away, "posts": report.posts, "trade": report.trade}
        show_json({**report.figures, **more, "dry_run": dry_run})
        return
    _show_figures(report)
    changed = [post for post in report.posts if post.gained or post.lost]
    if changed and any(post.before for post in report.posts):
        click.echo()
        _show_posts(changed)
    if report.trade:
        click.echo()
        show_table(
            [_("A move must save"), _("Households moved"), _("Mean distance")],
            [[_price(row.price, report.unit), row.moves, f"{row.mean_m:.1f} {report.unit}"] for row in report.trade],
        )
    _say_what_stood_in(report)
    if dry_run:
        say(_("nothing was changed; leave out --dry-run to put it in force"))


def _show_figures(report: AssignmentReport) -> None:
    figures, unit = report.figures, report.unit
    # Without places on the ground the metres would be invented.
    known = unit == "min" or report.unplaced < figures["households"]
    distances = [
        (_("Mean distance"), figures["mean_m"]),
        (_("Without the hard/easy mix"), figures["unmixed_mean_m"]),
        (_("If changes of officer cost nothing"), figures["free_mean_m"] if figures["moves"] else None),
        (_("Everybody to the nearest"), figures["nearest_mean_m"]),
    ]
    had_some = any(post.before for post in report.posts)
    show_facts(
        [
            (_("Households"), figures["households"]),
            (_("Officers"), figures["officers"]),
            (_("Households an officer"), f"{figures['fewest']}-{figures['most']}"),
            (_("Hard cases an officer"), f"{figures['fewest_hard']}-{figures['most_hard']}"),
            *((name, f"{value} {unit}") for name, value in distances if known and value is not None),
            (_("Buildings split"), figures["buildings_split"]),
            (_("Entrances split"), figures["entrances_split"]),
            (_("Proven gap to the optimum"), f"{figures['gap_m']:g} {unit}"),
            (_("Solving took"), f"{figures['solve_s']} s"),
            (_("Households with a new officer"), report.moved),
            *([(_("... of them had another before"), figures["moves"])] if had_some else []),
            *([(_("... of them could not stay"), figures["moves_gone"])] if had_some else []),
            *([(_("Moves no plan can do without"), figures["moves_least"])] if had_some else []),
        ]
    )


def _show_posts(posts: list[PostShare]) -> None:
    show_table(
        [_("Post"), _("Name"), _("Share"), _("Before"), _("After"), _("Given away"), _("Received"), _("Hard cases")],
        [
            [post.post, post.name, f"{post.share} %", post.before, post.after, post.lost, post.gained, post.hard]
            for post in posts
        ],
    )


def _price(price: Price, unit: str) -> str:
    words = {"fewest": _("as few as possible"), "free": _("nothing")}
    return words[price] if isinstance(price, str) else f"{price:g} {unit}"


def _say_what_stood_in(report: AssignmentReport) -> None:
    if report.unplaced:
        say(_("{count} households have no coordinates; each was placed with its neighbours", count=report.unplaced))
    if report.patched:
        say(_("the officers have no places of their own; the town was cut into equal patches"))
    if report.away:
        say(_("away, so without households: {officers}", officers=", ".join(report.away)))


@click.command(help=_("List the assignments put in force, with why and what they changed."))
@campaign_option
@json_option
@click.pass_obj
def plans(session: Session, campaign: str, as_json: bool) -> None:
    """List plans."""
    from outreach.services.history import list_plans

    with session.office() as office:
        found = list_plans(office, campaign)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("Plan"), _("Made"), _("Households"), _("Officers"), _("Changes"), _("Mean distance"), _("Reason")],
        [
            [
                one.number,
                f"{one.made:%Y-%m-%d %H:%M}",
                one.figures["households"],
                one.figures["officers"],
                one.figures.get("moves", 0),
                f"{one.figures['mean_m']} {one.figures.get('unit', 'm')}",
                one.reason,
            ]
            for one in found
        ],
    )
