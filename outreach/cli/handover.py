"""outreach officer handover, officer history, household history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, progress, say, show_json, show_table
from outreach.messages import _, current_language


@click.command(help=_("Show which households changed their officer, and make the paper for it."))
@click.argument("post", default="")
@click.option("--since", type=DAY, default=None, help=_("compare with the beginning of this day"))
@click.option("--plan", type=click.IntRange(1), default=None, help=_("what this plan changed; see 'household plans'"))
@click.option("--file", type=click.Path(path_type=Path), default=None, help=_("write the lists to this .xlsx file"))
@click.option("--make", is_flag=True, help=_("make the lists, the letters and the new cards as print runs"))
@click.option("--again", is_flag=True, help=_("make also what is for households that have their letter already"))
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default=None,
    help=_("of what is made; the campaign's first if not named"),
)
@campaign_option
@json_option
@click.pass_obj
def handover(
    session: Session,
    post: str,
    since: dt.datetime | None,
    plan: int | None,
    file: Path | None,
    make: bool,
    again: bool,
    language: str | None,
    campaign: str,
    as_json: bool,
) -> None:
    """Show a handover."""
    from outreach.services.handover import find_handover
    from outreach.services.handover_paper import make_handover, write_handover
    from outreach.services.handover_pieces import pair_rows

    if again and not make:
        raise click.UsageError(_("--again goes with --make"))
    if since is not None and plan is not None:
        raise click.UsageError(_("name either --since or --plan"))
    made = []
    with session.office() as office:
        found = find_handover(office, campaign, since=since.date() if since else None, plan=plan, post=post)
        if file is not None:
            write_handover(found, file)
        if make:
            with progress(_("making")) as move:
                made = make_handover(office, campaign, found, language=language or "", again=again, progress=move)
    if as_json:
        pairs: list[dict[str, Any]] = [
            {
                "from_post": pair.before.post,
                "from_officer": pair.before.officer,
                "to_post": pair.after.post,
                "to_officer": pair.after.officer,
                "letters": sum(row.told for row in pair.rows),
                "households": pair_rows(pair, current_language()),
            }
            for pair in found.pairs
        ]
        runs = [{"run": one.run.number, "kind": one.run.kind, "folder": one.folder} for one in made]
        facts = {"pairs": pairs, "households": found.households, "added": found.added, "waiting": found.waiting}
        show_json({**facts, "made": runs})
        return
    show_table(
        [_("From"), _("To"), _("Households"), _("Open promises"), _("Cards held"), _("Letters made")],
        [
            [
                f"{pair.before.post} {pair.before.name}",
                f"{pair.after.post} {pair.after.name}",
                len(pair.rows),
                sum(row.promise is not None for row in pair.rows),
                sum(row.standing.card_at is not None for row in pair.rows),
                sum(row.told for row in pair.rows),
            ]
            for pair in found.pairs
        ],
    )
    say(_("{count} households have another officer", count=len(found.households)))
    if found.added:
        say(_("{count} households have an officer for the first time", count=len(found.added)))
    if found.waiting:
        say(
            _(
                "{count} more households changed their officer at another time and have no letter yet; see --since",
                count=len(found.waiting),
            )
        )
    if file is not None:
        say(_("written: {file}", file=file))
    for one in made:
        say(_("run {number}: {kind}, {pieces} pieces, {folder}", number=one.run.number, kind=one.run.kind,
              pieces=one.run.pieces, folder=one.folder))  # fmt: skip


@click.command("history", help=_("Show who had a household, from when to when, and why."))
@click.argument("code")
@campaign_option
@json_option
@click.pass_obj
def household_history(session: Session, code: str, campaign: str, as_json: bool) -> None:
    """Show a household's officers."""
    from outreach.services import history

    with session.office() as office:
        found = history.household_history(office, campaign, code)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("From"), _("Until"), _("Post"), _("Officer"), _("Why")],
        [
            [
                f"{one.starts:%Y-%m-%d %H:%M}",
                f"{one.ends:%Y-%m-%d %H:%M}" if one.ends else "",
                one.post,
                one.name or _("nobody"),
                _why(one.plan, one.reason) if one.plan else _("the post passed on") if one.officer else "",
            ]
            for one in found
        ],
    )


@click.command("history", help=_("Show who held a post, and how its households came and went."))
@click.argument("post")
@campaign_option
@json_option
@click.pass_obj
def officer_history(session: Session, post: str, campaign: str, as_json: bool) -> None:
    """Show a post's past."""
    from outreach.services import history

    with session.office() as office:
        found = history.post_history(office, campaign, post)
    if as_json:
        show_json(found)
        return
    words = {"took": _("took the post"), "left": _("left the post")}
    show_table(
        [_("When"), _("Officer"), _("What"), _("Received"), _("Given away"), _("Households")],
        [
            [
                f"{one.at:%Y-%m-%d %H:%M}",
                one.name,
                words.get(one.what) or _why(one.plan, one.reason),
                one.gained or None,
                one.lost or None,
                one.households,
            ]
            for one in found
        ],
    )


def _why(plan: int, reason: str) -> str:
    if reason:
        return _("plan {number}: {reason}", number=plan, reason=reason)
    return _("plan {number}", number=plan)
