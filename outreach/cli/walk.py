"""outreach walk ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import DAY
from outreach.cli.roster_views import mobiles_of, names_of, person_rows
from outreach.cli.session import (
    Session,
    campaign_option,
    json_option,
    progress,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.errors import BadInput
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.walk_list import WalkList
    from outreach.services.walks import WalkSheet


@click.group(help=_("Walk lists: plan, list, show, withdraw, export."))
def walk() -> None:
    """Hold the commands."""


@walk.command(help=_("Make frozen lists of doors for the coming days: evenings first for those who work by day."))
@click.option("--post", "posts", multiple=True, help=_("only this post's households; may be repeated"))
@click.option("--from", "first", type=DAY, default=None, metavar="DAY", help=_("the first day; today if not named"))
@click.option(
    "--to", "last", type=DAY, default=None, metavar="DAY", help=_("the last day; six days later if not named")
)
@click.option("--days", type=click.IntRange(1, 366), default=None, help=_("how many days, instead of --to"))
@click.option("--everybody", is_flag=True, help=_("those too who are not due to be tried again"))
@campaign_option
@json_option
@click.pass_obj
def plan(
    session: Session,
    /,
    posts: tuple[str, ...],
    first: dt.datetime | None,
    last: dt.datetime | None,
    days: int | None,
    everybody: bool,
    campaign: str,
    as_json: bool,
) -> None:
    """Plan lists."""
    from outreach.services.touches import touched_words
    from outreach.services.walk_planning import plan_walks
    from outreach.services.walks import left_out_words

    with session.office() as office, progress(_("planning walks")) as move:
        made = plan_walks(
            office,
            campaign,
            posts=posts,
            first=first.date() if first else None,
            last=last.date() if last else None,
            days=days,
            everybody=everybody,
            progress=move,
        )
    doors = sum(len(one.lines) for one in made.lists)
    if as_json:
        show_json(
            {
                "first": made.first,
                "last": made.last,
                "provisional": made.provisional,
                "lists": [_list_row(one) for one in made.lists],
                "households": doors,
                "left_out": made.left_out,
                "vacant": made.vacant,
                "touched": made.touched,
            }
        )
        return
    numbers = f" ({made.lists[0].number}-{made.lists[-1].number})" if made.lists else ""
    show_facts(
        [
            (_("Period"), f"{made.first} – {made.last}"),
            *_provisional_fact(provisional=made.provisional),
            (_("Walk lists"), f"{len(made.lists):,}{numbers}"),
            (_("Households on them"), doors),
            *((_("Left out: {reason}", reason=left_out_words(name)), count) for name, count in made.left_out.items()),
        ]
    )
    if made.vacant:
        say(_("nobody holds these posts: {posts}", posts=", ".join(made.vacant)))
    if made.touched:
        say(touched_words(made.touched, campaign))


@walk.command("list", help=_("List walk lists, one a line."))
@click.option("--post", default="", help=_("only this post's lists"))
@click.option("--live", is_flag=True, help=_("only those that may still be walked"))
@campaign_option
@json_option
@click.pass_obj
def list_(session: Session, post: str, live: bool, campaign: str, as_json: bool) -> None:
    """List lists."""
    from outreach.services.walks import list_walks, state_words

    with session.office() as office:
        sheets = list_walks(office, campaign, post=post, live=live)
    if as_json:
        show_json([_sheet_row(sheet) for sheet in sheets])
        return
    show_table(
        [
            _("No."),
            _("Post"),
            _("Officer"),
            _("Day"),
            _("Sets out"),
            _("Back"),
            _("Doors"),
            _("Walked"),
            _("State"),
            _("Valid until"),
        ],
        [
            [
                sheet.list.number,
                sheet.list.post,
                sheet.officer.name,
                _day_words(sheet.list),
                f"{sheet.list.starts:%H:%M}",
                f"{sheet.list.ends:%H:%M}",
                len(sheet.lines),
                sheet.walked,
                state_words(sheet.state),
                str(sheet.list.expires),
            ]
            for sheet in sheets
        ],
    )


@walk.command(help=_("Show one walk list, door by door."))
@click.argument("number", type=int)
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def show(session: Session, number: int, campaign: str, as_json: bool, unmask: bool) -> None:
    """Show a list."""
    from outreach.services.walks import left_out_words, reason_words, show_walk, state_words

    with session.office() as office:
        sheet = show_walk(office, campaign, number)
    if as_json:
        show_json(
            {
                **_sheet_row(sheet),
                "lines": [
                    {
                        "line": one.line.line,
                        "at": one.line.at,
                        "minutes": one.line.minutes,
                        "household": one.household.code,
                        "address": one.household.address,
                        "persons": person_rows(one.household, unmask=unmask),
                        "reason": one.line.reason,
                        "last": one.last,
                        "walked": one.walked,
                        "no_need": one.no_need,
                        "due": one.due,
                    }
                    for one in sheet.lines
                ],
            }
        )
        return
    figures = sheet.list.figures
    proven = _("the shortest way, proven") if figures["proven"] else _("a short way, not proven the shortest")
    show_facts(
        [
            (_("Walk list"), sheet.list.number),
            (_("State"), state_words(sheet.state)),
            (_("Officer"), f"{sheet.list.post} {sheet.officer.name}"),
            (_("Day"), f"{sheet.list.day} {sheet.list.starts:%H:%M}–{sheet.list.ends:%H:%M}"),
            *_provisional_fact(provisional=sheet.list.provisional),
            (_("Valid until"), str(sheet.list.expires)),
            (_("Buildings"), figures["buildings"]),
            (_("Way"), _("{metres} m as the crow flies; {proven}", metres=f"{figures['metres']:,}", proven=proven)),
        ]
    )
    if not sheet.holds:
        say(_("{officer} no longer holds the post {post}", officer=sheet.officer.name, post=sheet.list.post))
    click.echo()
    show_table(
        [_("No."), _("Time"), _("Code"), _("Address"), _("Names"), _("Mobile"), _("Last try"), _("Why")],
        [
            [
                one.line.line,
                f"{one.line.at:%H:%M}",
                one.household.code,
                one.household.address.line(current_language()),
                names_of(one.household),
                mobiles_of(one.household, unmask=unmask),
                one.last.disposition.label(current_language()) if one.last else "",
                left_out_words(one.no_need) if one.no_need else one.due or reason_words(one.line.reason),
            ]
            for one in sheet.lines
        ],
    )


@walk.command(help=_("Take a walk list back, so that its households can be planned again."))
@click.argument("number", type=int)
@campaign_option
@json_option
@click.pass_obj
def withdraw(session: Session, number: int, campaign: str, as_json: bool) -> None:
    """Withdraw a list."""
    from outreach.services.walks import withdraw_walk

    with session.office() as office:
        done = withdraw_walk(office, campaign, number)
    if as_json:
        show_json({"number": done.number, "withdrawn": done.withdrawn, "households": len(done.lines)})
        return
    say(_("walk list {number} is withdrawn; its {count} households can be planned again", number=done.number,
          count=len(done.lines)))  # fmt: skip


@walk.command(help=_("Write lists to take along: paper, calendars, or routes for maps."))
@click.argument("numbers", type=int, nargs=-1, metavar="[NUMBER]...")
@click.option("--all", "all_", is_flag=True, help=_("every list that may still be walked"))
@click.option("--post", default="", help=_("with --all: only this post's lists"))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help=_("where to write")
)
@click.option(
    "--format", "file_format", type=click.Choice(["pdf", "docx", "ics", "geojson", "gpx"]), default="pdf",
    help=_("pdf if not named"),
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default=None, help=_("language; the campaign's first if not named")
)
@click.option("--expired", is_flag=True, help=_("expired lists too"))
@click.option("--names", is_flag=True, help=_("in calendars and routes: who lives where, and the officer's own place"))
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def export(
    session: Session,
    /,
    numbers: tuple[int, ...],
    all_: bool,
    post: str,
    folder: Path,
    file_format: str,
    language: str | None,
    expired: bool,
    names: bool,
    campaign: str,
    as_json: bool,
    unmask: bool,
) -> None:
    """Export lists."""
    from outreach.services.walk_files import WalkWish, export_walks

    if bool(numbers) == all_:
        raise BadInput.at("NUMBER, --all", _("exactly one of them is needed"), _("name lists by number, or give --all"))
    if post and not all_:
        raise BadInput.at("--post", _("goes with --all only"), _("leave it out"))
    wish = WalkWish(numbers, post, language or "", expired, unmask, names)
    with session.office() as office, progress(_("writing")) as move:
        done = export_walks(office, campaign, file_format, folder, wish, move)
    if as_json:
        show_json(done)
        return
    for file in done.files:
        click.echo(file)
    if done.run:
        say(_("print run {number}", number=done.run))
    if done.unplaced:
        say(_("{count} doors have no coordinates and are left out of the routes", count=done.unplaced))


def _provisional_fact(*, provisional: bool) -> list[tuple[str, str]]:
    return [(_("Provisional"), _("the year's holidays are not published yet"))] if provisional else []


def _day_words(one: WalkList) -> str:
    return _("{text} (provisional)", text=one.day) if one.provisional else str(one.day)


def _list_row(one: WalkList) -> dict[str, Any]:
    return {
        "number": one.number,
        "post": one.post,
        "officer": one.officer,
        "day": one.day,
        "provisional": one.provisional,
        "starts": one.starts,
        "ends": one.ends,
        "expires": one.expires,
        "made": one.made,
        "withdrawn": one.withdrawn,
        "doors": len(one.lines),
        "figures": dict(one.figures),
    }


def _sheet_row(sheet: WalkSheet) -> dict[str, Any]:
    return {
        **_list_row(sheet.list),
        "state": sheet.state,
        "name": sheet.officer.name,
        "holds_post": sheet.holds,
        "walked": sheet.walked,
    }
