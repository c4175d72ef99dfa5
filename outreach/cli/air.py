"""outreach air ..."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY, MOMENT
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
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.planning.reach import Bounds
    from outreach.services.air_check import Checked
    from outreach.services.air_reach import AirReach, ReachRow

_FILE = click.Path(path_type=Path)
_MOST_SHOWN = 60


class _Yuan(click.ParamType[int]):
    """An amount of yuan, as fen."""

    name = "yuan"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            fen = Decimal(str(value)) * 100
        except InvalidOperation:
            fen = Decimal("NaN")
        if fen.is_finite() and fen == fen.to_integral_value():
            return int(fen)
        return self.fail(_("'{value}' is no amount of yuan", value=value), param, ctx)


@click.group(help=_("Air time and space: rate card, reach, plans under a budget, proof of airing, make-goods."))
def air() -> None:
    """Hold the commands."""


@air.command(help=_("Show the campaign's rate card as it was read."))
@campaign_option
@json_option
@click.pass_obj
def rates(session: Session, campaign: str, as_json: bool) -> None:
    """Show the rate card."""
    from outreach.services.air_files import channel_label
    from outreach.services.campaigns import load_campaign
    from outreach.services.plan_file import load_plan
    from outreach.services.rate_cards import load_card

    workspace = session.workspace()
    card = load_card(workspace, load_campaign(workspace, campaign), load_plan(workspace, campaign).air)
    if as_json:
        show_json({"people": card.people, "lines": card.lines})
        return
    show_table(
        [_("Line"), _("Channel"), _("Yuan"), _("Audience"), _("Two reach"), _("Repeat")],
        [
            [
                one.line.label,
                channel_label(one.line.channel),
                _yuan(one.line.price_fen),
                f"{one.vehicle.audience:.1%}",
                f"{one.vehicle.twice:.1%}",
                f"{one.vehicle.repeat:.2f}" + (_(" (guessed)") if one.guessed else ""),
            ]
            for one in card.lines
        ],
    )


@air.command(help=_("Estimate what the campaign's flights on air, in print and on walls reach, and what it costs."))
@campaign_option
@click.option("--svg", type=_FILE, default=None, help=_("draw the reach curves of the rate card to this .svg"))
@json_option
@click.pass_obj
def show(session: Session, campaign: str, svg: Path | None, as_json: bool) -> None:
    """Show the plan in force."""
    from outreach.services.air_files import write_curves
    from outreach.services.air_reach import show_air

    with session.office() as office:
        found = show_air(office, campaign)
        if svg is not None:
            say(_("written: {file}", file=write_curves(office, campaign, svg)))
    if as_json:
        show_json(found)
        return
    _show_reach(found)


def _show_reach(found: AirReach) -> None:
    from outreach.services.air_files import channel_label

    show_table(_reach_headings(_("Line")), [_reach_cells(row, row.label) for row in found.lines])
    click.echo()
    rows = [_reach_cells(row, channel_label(row.channel)) for row in found.channels]
    show_table(_reach_headings(_("Channel")), [*rows, _reach_cells(found.total, _("all"))])
    show_apart(found)
    for one in found.unpriced:
        said = {"flight": one.flight, "count": one.placements}
        say(_("{flight}: {count} placements stand in no line of the rate card; they are in no figure", **said))
    if found.guessed:
        say(_("the repeat of these lines is a guess: {lines}", lines=", ".join(dict.fromkeys(found.guessed))))


def show_apart(found: AirReach) -> None:
    """Print what is estimated and what is counted: beside each other, in lines that say which they are."""
    click.echo()
    total = found.total.reach
    facts: list[tuple[str, Cell]] = [
        (_("Estimated: people the shares are of"), found.people),
        (_("Estimated: reached once"), _between(total.once, total.once_bounds)),
        (_("Estimated: three times and more"), _between(total.often, total.often_bounds)),
    ]
    facts += _careful(found)
    facts.append(
        (
            _("Counted: households reached, by the records"),
            _("{reached} of {all}; never added to the estimates", reached=f"{found.counted.reached:,}",
              all=f"{found.counted.households:,}"),
        )
    )  # fmt: skip
    show_facts(facts)


def _careful(found: AirReach) -> list[tuple[str, Cell]]:
    """The careful figure beside the estimate, where the two differ."""
    pooled = found.total.pooled
    return [] if pooled is None else [(_("Estimated: if a station's dayparts share their viewers"), f"{pooled:.1%}")]


def _between(value: float, bounds: Bounds) -> str:
    said = {"value": value, "low": bounds.low, "high": bounds.high}
    return _("{value:.1%}; between {low:.1%} and {high:.1%} however audiences overlap", **said)


def _reach_headings(first: str) -> list[str]:
    return [first, _("Insertions"), _("Yuan"), "GRP", _("Estimated reach"), _("3 and more"), _("Frequency"),
            _("Yuan a point"), _("Yuan a thousand")]  # fmt: skip


def _reach_cells(row: ReachRow, label: str) -> list[Cell]:
    reach = row.reach
    return [
        label,
        reach.insertions,
        _yuan(row.cost_fen),
        f"{reach.grp:,.0f}",
        f"{reach.once:.1%}",
        f"{reach.often:.1%}",
        None if reach.frequency is None else f"{reach.frequency:.1f}",
        None if row.cpp_fen is None else f"{row.cpp_fen / 100:.2f}",
        None if row.cpm_fen is None else f"{row.cpm_fen / 100:.2f}",
    ]


@air.command(help=_("Plan placements for a budget: the most people reached, or the most reached three times."))
@campaign_option
@click.option("--budget", type=_Yuan(), default=None, help=_("yuan to spend; plan.toml names the usual sum"))
@click.option(
    "--aim", type=click.Choice(["reach", "reach3"]), default=None, help=_("reach once, or three times and more")
)
@click.option("--from", "first", type=DAY, default=None, help=_("the first day; the campaign's if not named"))
@click.option("--until", "last", type=DAY, default=None, help=_("the last day; the campaign's if not named"))
@click.option(
    "--write", type=_FILE, default=None, help=_("write the flights to this .toml, or every insertion to .xlsx")
)
@json_option
@click.pass_obj
def plan(
    session: Session,
    campaign: str,
    budget: int | None,
    aim: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    write: Path | None,
    as_json: bool,
) -> None:
    """Plan."""
    from outreach.services.air_files import channel_label, write_plan
    from outreach.services.air_plan import plan_air

    with session.office() as office:
        found = plan_air(
            office,
            campaign,
            budget_fen=budget,
            aim=aim or "",
            first=first.date() if first else None,
            last=last.date() if last else None,
            write=write is not None and write.suffix == ".toml",
        )
        if write is not None:
            say(_("written: {file}", file=write_plan(write, found)))
    if as_json:
        show_json(found)
        return
    show_table(
        [_("Line"), _("Channel"), _("Insertions"), _("Could be had"), _("Yuan"), _("Last adds"), _("One more adds")],
        [
            [
                line.label,
                channel_label(line.channel),
                line.insertions,
                line.most,
                _yuan(line.cost_fen),
                f"{line.last:.3%}",
                f"{line.following:.3%}",
            ]
            for line in found.lines
        ],
    )
    click.echo()
    now, before = found.estimate.total.reach, found.present.total.reach
    goal = _("three times and more") if found.aim == "reach3" else _("reached once")
    end = _("proven best") if found.proven else _("not proven best: the search was cut")
    show_facts(
        [
            (_("Yuan spent"), f"{_yuan(found.cost_fen)} / {_yuan(found.budget_fen)}"),
            (_("Aim"), goal),
            (_("Estimated: reached once"), _between(now.once, now.once_bounds)),
            (_("Estimated: three times and more"), _between(now.often, now.often_bounds)),
            *_careful(found.estimate),
            (_("By the aim"), _("{value:.2%}; no plan has more than {bound:.2%}: {end}", value=found.value,
                                bound=found.bound, end=end)),
            (
                _("The campaign's own flights"),
                _("{yuan} yuan, reached once {once:.1%}, three times and more {often:.1%}",
                  yuan=_yuan(found.present.total.cost_fen), once=before.once, often=before.often),
            ),
        ]
    )  # fmt: skip
    if write is None:
        say(_("nothing was written; --write FILE.toml gives the flights to paste into campaign.toml"))


@air.command("import", help=_("Take in a station's log (.xlsx, .xls, .csv) as proof of what was aired."))
@click.argument("file", type=_FILE)
@campaign_option
@click.option("--from", "first", type=DAY, default=None, help=_("the log's first day, if that has no line"))
@click.option("--until", "last", type=DAY, default=None, help=_("the log's last day, if that has no line"))
@json_option
@click.pass_obj
def import_log(
    session: Session, file: Path, campaign: str, first: dt.datetime | None, last: dt.datetime | None, as_json: bool
) -> None:
    """Import a log."""
    from outreach.services.air_files import channel_label
    from outreach.services.airings import import_airings

    with session.office() as office, progress(_("importing")):
        found = import_airings(
            office, campaign, file, first=first.date() if first else None, last=last.date() if last else None
        )
    if as_json:
        show_json(found)
        return
    show_facts(
        [
            (_("Lines"), found.rows),
            (_("New"), found.new),
            (_("Known before"), found.known),
            (_("Aired as planned"), found.aired),
            (_("Too short"), found.short),
            (_("In no plan"), found.unplanned),
        ]
    )
    for days in found.covered:
        said = " ".join(filter(None, (channel_label(days.channel), days.place)))
        say(_("the log tells of {seller}, {first} to {last}", seller=said, first=days.first, last=days.last))
    if found.ignored_columns:
        say(_("columns not used: {names}", names=", ".join(found.ignored_columns)))


@air.command(help=_("Compare placements with the logs: what was missed or too short, and what ran besides."))
@campaign_option
@click.option("--all", "everything", is_flag=True, help=_("list every placement, not the missed and short ones alone"))
@json_option
@click.pass_obj
def check(session: Session, campaign: str, everything: bool, as_json: bool) -> None:
    """Check."""
    from outreach.domain.airing import PlacementState
    from outreach.services.air_check import check_air, when
    from outreach.services.air_files import channel_label

    with session.office() as office:
        found = check_air(office, campaign)
    shown = [
        one for one in found.placements if everything or one.state in (PlacementState.MISSED, PlacementState.SHORT)
    ]
    if as_json:
        show_json(
            {
                "campaign": found.campaign,
                "counts": {state.value: found.count(state) for state in PlacementState},
                "lost_points": found.lost_points,
                "lost_fen": found.lost_fen,
                "placements": shown,
                "unplanned": found.unplanned,
            }
        )
        return
    show_table(
        [_("Placement"), _("Seller"), _("State"), _("Points lost"), _("Evidence")],
        [_checked_cells(one) for one in shown],
    )
    click.echo()
    facts: list[tuple[str, Cell]] = [(state.label, found.count(state)) for state in PlacementState]
    show_facts([
        *facts,
        (_("Points lost"), f"{found.lost_points:.1f}"),
        (_("Yuan lost"), _yuan(found.lost_fen)),
        (_("In no plan"), len(found.unplanned)),
    ])  # fmt: skip
    for line in found.unplanned[:_MOST_SHOWN]:
        seller = " ".join(filter(None, (channel_label(line.channel), line.place)))
        said = {"seller": seller, "at": when(line.at), "file": line.source, "id": line.fact}
        say(_("in no plan: {seller}, {at} ({file}, {id})", **said))
    if len(found.unplanned) > _MOST_SHOWN:
        say(_("... and {count} more", count=len(found.unplanned) - _MOST_SHOWN))


def _checked_cells(one: Checked) -> list[Cell]:
    proof = f"{one.evidence} [{one.fact}]" if one.fact else one.evidence
    points = None if one.lost_points is None else f"{one.lost_points:.1f}"
    return [one.placement, one.vehicle, one.state.label, points, proof]


@air.command(help=_("Record by hand what became of one placement, or correct what a log said."))
@click.argument("placement")
@campaign_option
@click.option("--state", type=click.Choice(["aired", "short", "missed"]), required=True, help=_("what became of it"))
@click.option("--at", type=MOMENT, default=None, help=_("when it ran"))
@click.option("--seconds", type=click.IntRange(0, 14_400), default=None, help=_("how long it ran"))
@click.option("--by", default="", help=_("who says so"))
@click.option("--note", default="", help=_("a note"))
@click.option("--corrects", default="", metavar="ID", help=_("the fact this one replaces; 'air check' names it"))
@json_option
@click.pass_obj
def record(
    session: Session,
    placement: str,
    campaign: str,
    state: str,
    at: dt.datetime | None,
    seconds: int | None,
    by: str,
    note: str,
    corrects: str,
    as_json: bool,
) -> None:
    """Record a proof."""
    from outreach.services.airings import record_airing

    with session.office() as office:
        fact = record_airing(
            office, campaign, placement, state=state, at=at, seconds=seconds, by=by, note=note, corrects=corrects
        )
    if as_json:
        show_json(fact)
        return
    say(_("recorded: {id}", id=fact.id))


@air.command(help=_("Propose make-goods: free slots of the same seller for what was missed or cut short."))
@campaign_option
@click.option("--from", "first", type=DAY, default=None, help=_("the first day for them; tomorrow if not named"))
@click.option(
    "--write", type=_FILE, default=None, help=_("write a table (.xlsx, .csv), letters (.txt) or flights (.toml)")
)
@json_option
@click.pass_obj
def makegood(session: Session, campaign: str, first: dt.datetime | None, write: Path | None, as_json: bool) -> None:
    """Propose make-goods."""
    from outreach.services.air_files import offered, planned_for, refund, refund_in_all, write_makegoods
    from outreach.services.makegoods import plan_makegoods

    with session.office() as office:
        found = plan_makegoods(office, campaign, first=first.date() if first else None)
        if write is not None:
            say(_("written: {file}", file=write_makegoods(office, write, found)))
    if as_json:
        show_json({name: getattr(found, name) for name in ("campaign", "first", "last", "goods", "unpriced")})
        return
    rows: list[list[Cell]] = []
    for good in found.goods:
        lost = [planned_for(good.lost.starts, good.lost.whole_days), good.label, f"{good.points:.1f}"]
        for spot in good.spots or (None,):
            rows.append([*lost, offered(spot.day, spot.time, spot.label) if spot else refund(good),
                         f"{spot.points:.1f}" if spot else None])  # fmt: skip
    show_table([_("Lost"), _("Line"), _("Points"), _("Make-good"), _("Points")], rows)
    if any(not good.spots for good in found.goods):
        click.echo(refund_in_all(found.goods))
    for one in found.unpriced:
        say(_("{placement}: no line of the rate card holds it; settle it by hand", placement=one.placement))


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
