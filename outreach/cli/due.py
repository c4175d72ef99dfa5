"""outreach contact due, simulate; outreach report times."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY
from outreach.cli.session import (
    Session,
    campaign_option,
    json_option,
    progress,
    say,
    show_facts,
    show_json,
    show_table,
)
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.due import DueLine
    from outreach.services.try_gain import Spread
    from outreach.services.try_times import TimeCell


@click.command(help=_("List whom to try on a day: best hours, channel and reason; who is left out is counted."))
@click.option("--post", "posts", multiple=True, metavar="CODE", help=_("only this post; may be repeated"))
@click.option("--on", "day", type=DAY, default=None, help=_("the day; today if not named"))
@click.option("--limit", type=click.IntRange(0), default=60, show_default=True, help=_("lines at most; 0 for all"))
@campaign_option
@json_option
@click.pass_obj
def due(
    session: Session, posts: tuple[str, ...], day: dt.datetime | None, limit: int, campaign: str, as_json: bool
) -> None:
    """List who is due."""
    from outreach.channels import channels
    from outreach.services.due import held_label, list_due

    with session.office() as office:
        found = list_due(office, campaign, day.date() if day else None, posts, limit)
    if as_json:
        show_json(found)
        return
    registry, language = channels(), current_language()
    show_table(
        [_("Code"), _("Post"), _("Channel"), _("Hours"), _("Chance"), _("Why")],
        [
            [
                line.code,
                line.post,
                registry[line.channel].label(language),
                _hours(line),
                None if line.chance is None else f"{line.chance:.0%}",
                line.why,
            ]
            for line in found.lines
        ],
    )
    if found.total > len(found.lines):
        say(_("... and {count} more", count=found.total - len(found.lines)))
    click.echo()
    show_facts(
        [
            (_("Day"), str(found.day)),
            (_("To be tried"), found.total),
            (_("Learnt from tries"), found.learnt_from),
            *((held_label(one.reason), _count(one.households, one.until)) for one in found.held),
        ]
    )
    if found.provisional:
        say(_("holidays near {day} are computed: the notice is not out", day=found.day))


def _hours(line: DueLine) -> str:
    return "" if line.starts is None or line.ends is None else f"{line.starts:%H:%M}-{line.ends:%H:%M}"


def _count(households: int, until: dt.date | None) -> str:
    return (
        f"{households:,}"
        if until is None
        else _("{count}, the first again on {day}", count=f"{households:,}", day=until)
    )


@click.command(help=_("Play on invented chances what learnt hours would gain over office hours; nothing is recorded."))
@click.option(
    "--each",
    type=click.FloatRange(0.1, 20),
    default=2.0,
    show_default=True,
    help=_("tries for every household, on average"),
)
@click.option("--seeds", type=click.IntRange(1, 100), default=5, show_default=True, help=_("how often it is played"))
@campaign_option
@json_option
@click.pass_obj
def simulate(session: Session, each: float, seeds: int, campaign: str, as_json: bool) -> None:
    """Simulate the gain."""
    from outreach.services.try_gain import policy_label, simulate_gain

    with session.office() as office, progress(_("simulating")) as move:
        found = simulate_gain(office, campaign, each=each, seeds=seeds, progress=move)
    if as_json:
        show_json(found)
        return
    click.echo(
        _(
            "SIMULATED, not measured: {households} households, {tries} tries, played {seeds} times",
            households=f"{found.households:,}",
            tries=f"{found.tries:,}",
            seeds=len(found.seeds),
        )
    )
    click.echo()
    show_table(
        [
            _("When to knock"),
            _("Tries made"),
            _("Found per 100 tries"),
            *(_("Found after {tries} tries", tries=f"{mark:,}") for mark in found.checkpoints),
        ],
        [
            [policy_label(one.policy), _range(one.tries), _range(one.per_100, 1), *(_range(mark) for mark in one.found)]
            for one in found.policies
        ],
    )
    click.echo()
    click.echo(_("What it assumes:"))
    for number, sentence in enumerate(found.assumptions, start=1):
        click.echo(f"{number:2}. {sentence}")
    if found.provisional:
        say(_("holidays of these days are computed: the notice is not out"))


def _range(spread: Spread, digits: int = 0) -> str:
    """The mean, and the least and most where seeds differ."""
    mean, least, most = (f"{value:,.{digits}f}" for value in (spread.mean, spread.least, spread.most))
    return mean if least == most else f"{mean} ({least}-{most})"


@click.command(help=_("How often somebody is found, learnt by kind of household, day and hours."))
@click.option(
    "--channel", type=click.Choice(["visit", "call"]), default="visit", show_default=True, help=_("the channel")
)
@click.option("--on", "day", type=DAY, default=None, help=_("as it was known on the morning of this day"))
@click.option("--svg", type=click.Path(path_type=Path), default=None, help=_("draw the table to this .svg"))
@campaign_option
@json_option
@click.pass_obj
def times(
    session: Session, channel: str, day: dt.datetime | None, svg: Path | None, campaign: str, as_json: bool
) -> None:
    """Report the learnt table."""
    from outreach.services.due import column_label
    from outreach.services.try_pictures import write_times
    from outreach.services.try_times import kind_label, left_out_label, report_times

    with session.office() as office:
        found = report_times(office, campaign, channel, day.date() if day else None)
    if svg is not None:
        say(_("written: {file}", file=write_times(found, svg)))
    if as_json:
        show_json(found)
        return
    rows: dict[tuple[object, object], list[str | int | None]] = {}
    for cell in found.cells:
        row = rows.setdefault((cell.kind, cell.day), [kind_label(cell.kind), column_label(cell.day)])
        row.append(_cell(cell))
    bands = dict.fromkeys(f"{cell.starts}-{cell.ends}" for cell in found.cells)
    show_table([_("Households"), _("Day"), *bands], rows.values())
    click.echo()
    show_facts(
        [
            (_("Learnt from tries"), found.tries),
            (_("Somebody found"), found.contacts),
            (_("Chance overall"), f"{found.chance:.0%}"),
            *((left_out_label(reason), count) for reason, count in found.left_out.items() if count),
        ]
    )
    click.echo(
        _(
            "each cell: expected chance (interval of {level} per cent), tries; cells with few tries lean on the others",
            level=round(100 * found.level),
        )
    )


def _cell(cell: TimeCell) -> str:
    return f"{cell.chance:.0%} ({100 * cell.low:.0f}-{100 * cell.high:.0f}) {cell.tries or ''}".rstrip()
