"""outreach notice ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY, MOMENT
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.domain.pieces import PieceState
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.notices import NoticeLine


@click.group(help=_("Posted notices: where they hang, photos of them, what must come down."))
def notice() -> None:
    """Hold the commands."""


@notice.command("list", help=_("List the notices made for doors: posted, missing, removed, or hanging too long."))
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(one) for one in PieceState]),
    help=_("only in this state; may be repeated"),
)
@campaign_option
@json_option
@click.pass_obj
def list_(session: Session, /, states: tuple[str, ...], campaign: str, as_json: bool) -> None:
    """List notices."""
    from outreach.services.notices import list_notices

    with session.office() as office:
        found = list_notices(office, campaign, states=[PieceState(one) for one in states])
    if as_json:
        show_json(found)
    else:
        _show(found)


def _show(found: list[NoticeLine]) -> None:
    language = current_language()
    show_table(
        [
            _("Run"),
            _("No."),
            _("Entrance"),
            _("Officer"),
            _("State"),
            _("Since"),
            _("Taken down by"),
            _("Days over"),
            _("Photos"),
            _("Remark"),
        ],
        [
            [
                str(one.run),
                str(one.piece),
                one.entrance,
                one.officer,
                one.state.label(language),
                f"{one.since:%Y-%m-%d}" if one.since else "",
                str(one.remove_by or ""),
                one.days or None,
                len(one.photos) or None,
                _("same photo as {doors}", doors=", ".join(one.shared)) if one.shared else "",
            ]
            for one in found
        ],
    )


@notice.command(help=_("List the notices that hang and must be taken down by a day."))
@click.option("--on", "day", type=DAY, default=None, help=_("the day; today if not named"))
@campaign_option
@json_option
@click.pass_obj
def due(session: Session, /, day: dt.datetime | None, campaign: str, as_json: bool) -> None:
    """List what must come down."""
    from outreach.services.notices import notices_due

    with session.office() as office:
        found = notices_due(office, campaign, day.date() if day else None)
    if as_json:
        show_json(found)
    else:
        _show(found)


@notice.command(help=_("Keep a photo of a notice on its door: its pixels alone, no place, no device."))
@click.argument("number", type=int, metavar="RUN")
@click.argument("piece", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", type=MOMENT, default=None, help=_("when it was taken; now if not named"))
@click.option("--by", default="", help=_("who took it"))
@click.option("--note", default="", help=_("a note"))
@json_option
@click.pass_obj
def photo(
    session: Session,
    /,
    number: int,
    piece: int,
    file: Path,
    at: dt.datetime | None,
    by: str,
    note: str,
    as_json: bool,
) -> None:
    """Keep a photo."""
    from outreach.services.notices import keep_photo

    with session.office() as office:
        kept = keep_photo(office, number, piece, file, at=at, by=by, note=note)
    if as_json:
        show_json(kept)
        return
    click.echo(str(kept.file))
    if kept.already:
        say(_("this photo was kept for this piece before"))
    if kept.others:
        say(_("the same photo was given for {doors}: look at both", doors=", ".join(kept.others)))
    if not kept.posted:
        say(_("the piece is not recorded as posted: 'outreach run state {run} posted --pieces {number}'",
              run=kept.run, number=kept.piece))  # fmt: skip
