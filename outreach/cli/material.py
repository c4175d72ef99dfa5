"""outreach material ..."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from outreach.cli.session import Session, campaign_option, json_option, progress, show_facts, show_json, show_table
from outreach.messages import _, current_language


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
@click.pass_obj
def preview(session: Session, kind: str, file_format: str, language: str | None, target: Path | None) -> None:
    """Preview a kind."""
    from outreach.services.materials import find_kind, preview_material

    workspace = session.workspace_or_none()
    found = find_kind(workspace, kind)
    chosen = found.form(file_format or found.forms[0].format).format
    path = target or Path(f"{kind}-preview.{chosen}")
    click.echo(preview_material(workspace, kind, chosen, language or current_language(), path))


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
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("the date printed; today if not named")
)
@click.option("--separate", is_flag=True, help=_("one file a piece"))
@click.option("--post", "posts", multiple=True, help=_("only this post's pieces; may be repeated"))
@click.option("--household", "households", multiple=True, help=_("only this household's; may be repeated"))
@json_option
@click.pass_obj
def make(
    session: Session,
    kind: str,
    campaign: str,
    file_format: str,
    language: str | None,
    day: dt.datetime | None,
    separate: bool,
    posts: tuple[str, ...],
    households: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a kind."""
    from outreach.services.materials import make_material
    from outreach.services.pieces import Choice
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
            choice=Choice(posts, households),
            progress=move,
        )
        texts = measure_texts(office.workspace, campaign, kind, made.run.language) if made.run.format == "txt" else []
    if as_json:
        show_json({"run": made.run, "folder": made.folder, "files": made.files, "texts": texts})
        return
    show_facts(
        [
            (_("Print run"), made.run.number),
            (_("Pieces"), made.run.pieces),
            (_("Files"), len(made.files)),
            (_("Folder"), str(made.folder)),
        ]
    )
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


def _per(per: str) -> str:
    return {
        "household": _("household"),
        "person": _("person"),
        "entrance": _("entrance"),
        "campaign": _("campaign"),
    }[per]
