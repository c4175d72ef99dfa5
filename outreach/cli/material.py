"""outreach material ..."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, progress, say, show_facts, show_json, show_table
from outreach.errors import OutreachError
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.config import Workspace
    from outreach.render.options import Options
    from outreach.services.office import Office
    from outreach.services.previews import Wish


_Command = TypeVar("_Command", bound=Callable[..., Any])

# What a making and its preview may choose alike, in the order help shows them.
_CHOICES = (
    click.option("--size", default="", help=_("the size, such as A2; the kind's first if not named")),
    click.option("--look", default="", help=_("the design; the kind's first if not named")),
    click.option(
        "--picture",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        default=None,
        help=_("a photo of your own, JPEG or PNG"),
    ),
    click.option(
        "--standard", type=click.Choice(["a-2a", "ua-1"]), default=None, help=_("make the PDF as PDF/A-2a or PDF/UA-1")
    ),
    click.option("--sheet", default="", help=_("the sheet that cards or labels are printed on")),
    click.option(
        "--cut",
        type=click.Choice(["butt", "gutter"]),
        default=None,
        help=_("cards touch, or stand apart with their bleed"),
    ),
    click.option(
        "--flip",
        type=click.Choice(["long", "short"]),
        default=None,
        help=_("the edge the printer turns a sheet over"),
    ),
    click.option(
        "--first",
        type=click.IntRange(1),
        default=1,
        help=_("the first free place of a sheet of labels that is partly used"),
    ),
)


def _choices(command: _Command) -> _Command:
    """Give a command the choices of a making."""
    for option in reversed(_CHOICES):
        command = option(command)
    return command


def _options(**chosen: str | int | None) -> Options:
    from outreach.render.options import Options

    return Options.from_json({name: value or "" for name, value in chosen.items()})


@click.group(help=_("Materials: list, preview, make, copy."))
def material() -> None:
    """Hold the commands."""


@material.command("list", help=_("List the kinds of material, or with a KIND the values its layouts may use."))
@click.argument("kind", default="")
@json_option
@click.pass_obj
def list_(session: Session, kind: str, as_json: bool) -> None:
    """List kinds."""
    from outreach.services.materials import find_kind, list_kinds

    workspace = session.workspace_or_none()
    language = current_language()
    if kind:
        found = find_kind(workspace, kind)
        variables = [
            {
                "name": name,
                "label": variable.zh if language == "zh" else variable.en,
                "optional": variable.optional,
                "sample": variable.sample_en
                if language == "en" and variable.sample_en is not None
                else variable.sample,
            }
            for name, variable in found.variables.items()
        ]
        if as_json:
            show_json({"kind": kind, "folder": found.folder, "variables": variables})
            return
        click.echo(f"{kind}  {found.title.of(language)}  {found.folder}\n")
        show_table(
            [_("Value"), _("What it is"), _("Sample")],
            [[str(row["name"]), str(row["label"]), _short(row["sample"])] for row in variables],
        )
        return
    kinds = list_kinds(workspace)
    if as_json:
        show_json(
            [
                {
                    "kind": one.kind,
                    "title": one.title.of(language),
                    "per": one.per.value,
                    "formats": [form.format for form in one.forms],
                    "folder": one.folder,
                }
                for one in kinds
            ]
        )
        return
    show_table(
        [_("Kind"), _("Material"), _("One for each"), _("Formats")],
        [
            [one.kind, one.title.of(language), _per(one.per.value), ", ".join(form.format for form in one.forms)]
            for one in kinds
        ],
    )


@material.command(help=_("Make one piece of a kind from its samples."))
@click.argument("kind")
@click.option("--format", "file_format", default="", help=_("the format; the kind's first if not named"))
@click.option("--language", type=click.Choice(["zh", "en"]), default=None, help=_("language of the piece"))
@click.option("-o", "--out", "target", type=click.Path(path_type=Path), default=None, help=_("the file to write"))
@click.option("--campaign", default="", help=_("print this campaign's words; the samples if not named"))
@click.option("--live", is_flag=True, help=_("draw pictures (PNG) anew whenever a layout or the campaign is edited"))
@_choices
@click.pass_obj
def preview(
    session: Session,
    /,
    kind: str,
    file_format: str,
    language: str | None,
    target: Path | None,
    campaign: str,
    live: bool,
    picture: Path | None,
    **chosen: str | None,
) -> None:
    """Preview a kind."""
    from outreach.services.materials import find_kind
    from outreach.services.previews import Wish, preview_material

    workspace = session.workspace_or_none()
    found = find_kind(workspace, kind)
    form = found.form(file_format or found.forms[0].format).format
    wish = Wish(kind, form, language or current_language(), _options(**chosen), picture, campaign)
    with session.office() if campaign else nullcontext() as office:
        if live:
            _live(workspace, office, wish, (target or Path(f"{kind}-preview.png")).with_suffix(""))
        else:
            click.echo(preview_material(workspace, office, wish, target or Path(f"{kind}-preview.{form}")))


def _live(workspace: Workspace | None, office: Office | None, wish: Wish, stem: Path) -> None:
    """Draw until the user presses Ctrl-C."""
    from outreach.services.previews import watch_preview

    def tell(drawn: list[Path] | OutreachError) -> None:
        clock = f"{dt.datetime.now().astimezone():%H:%M:%S}"
        if isinstance(drawn, OutreachError):
            click.echo(f"{clock}  {drawn}", err=True)
        else:
            click.echo(f"{clock}  {'  '.join(map(str, drawn))}")

    click.echo(_("Edit and save; Ctrl-C ends."), err=True)
    watch_preview(workspace, office, wish, stem, tell, Event())


@material.command(help=_("Copy a kind into the workspace, where its layouts may be edited."))
@click.argument("kind")
@click.pass_obj
def copy(session: Session, kind: str) -> None:
    """Copy a kind."""
    from outreach.services.materials import copy_kind

    click.echo(copy_kind(session.workspace(), kind))


@material.command(help=_("Make every piece of a kind for a campaign, as one print run."))
@click.argument("kind")
@campaign_option
@click.option("--format", "file_format", default="", help=_("the format; the kind's first if not named"))
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default=None, help=_("language; the campaign's first if not named")
)
@click.option("--date", "day", type=DAY, default=None, help=_("the date printed; today if not named"))
@click.option("--separate", is_flag=True, help=_("one file a piece"))
@click.option("--post", "posts", multiple=True, help=_("only this post's pieces; may be repeated"))
@click.option("--household", "households", multiple=True, help=_("only this household's; may be repeated"))
@click.option(
    "--placement", default="", help=_("for messages to persons: the placement or flight; the next if not named")
)
@_choices
@json_option
@click.pass_obj
def make(
    session: Session,
    /,
    kind: str,
    campaign: str,
    file_format: str,
    language: str | None,
    day: dt.datetime | None,
    separate: bool,
    posts: tuple[str, ...],
    households: tuple[str, ...],
    placement: str,
    picture: Path | None,
    as_json: bool,
    **chosen: str | int | None,
) -> None:
    """Make a kind."""
    from outreach.services.materials import make_material
    from outreach.services.rounds import Choice
    from outreach.services.touches import touched_words
    from outreach.services.words import measure_texts

    with session.office() as office, progress(kind) as move:
        made = make_material(
            office,
            campaign,
            kind,
            file_format=file_format,
            language=language or "",
            day=day.date() if day else None,
            separate=separate,
            choice=Choice(posts, households, placement),
            options=_options(**chosen),
            picture=picture,
            progress=move,
        )
        texts = measure_texts(office.workspace, campaign, kind, made.run.language, made.run.format)
    if as_json:
        kept = {"run": made.run, "folder": made.folder, "files": made.files, "touched": made.touched}
        show_json({**kept, "texts": texts})
        return
    show_facts(
        [
            (_("Print run"), made.run.number),
            (_("Pieces"), made.run.pieces),
            (_("Files"), len(made.files)),
            (_("Folder"), str(made.folder)),
            *([(_("Photo"), photo)] if (photo := made.run.options["picture"]) else []),
            *((_said(name), count) for name, count in made.run.said.items()),
        ]
    )
    if made.touched:
        say(touched_words(made.touched, campaign))
    for text in texts:
        click.echo(f"\n{text.flight}")
        count = text.count
        facts: list[tuple[str, str | int | float | None]] = [
            (_("Characters"), count.characters),
            (_("Seconds"), f"{count.seconds:.1f}" + (f" / {count.limit_s:g}" if count.limit_s else "")),
        ]
        if count.sms:
            facts.append((_("SMS parts"), f"{count.sms.parts} ({count.sms.encoding}, {count.sms.units})"))
        show_facts(facts)
        click.echo(text.text if "\n" not in text.text else _("see the file"))


def _short(sample: object) -> str:
    text = str(sample).replace("\r", " ").replace("\n", " ")
    return text if len(text) <= 48 else text[:47] + "…"


def _said(name: str) -> str:
    """What the program chose, in words; a name of a package's own engine stays as it is."""
    return {
        "stamped": _("pages stamped"),
        "typst": _("pages laid out one by one"),
        "sections": _("letters in sections of a file, for what their headers and footers say"),
        "alone": _("letters in files of their own, because the layout cannot share one"),
        "parts": _("SMS parts"),
        "cost_fen": _("cost in fen"),
        "no mobile": _("skipped: no mobile"),
        "not a mobile": _("skipped: not a mobile number"),
        "suppressed": _("skipped: suppressed"),
        "died": _("skipped: has died, as was recorded"),
        "without": _("persons left out of pieces for the others of their household"),
        "held": _("left alone: in a hold-out"),
        "touched": _("households another campaign touched lately"),
        "returned": _("letters came back from these doors and nobody corrected the address"),
        "same phone": _("skipped: same phone as another"),
        "sent": _("skipped: already sent"),
    }.get(name, name)


def _per(per: str) -> str:
    return {
        "household": _("household"),
        "person": _("person"),
        "entrance": _("entrance"),
        "post": _("post"),
        "list": _("walk list"),
        "flight": _("flight"),
        "campaign": _("campaign"),
    }[per]
