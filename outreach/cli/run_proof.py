"""outreach run verify, recall."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

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
from outreach.messages import _, current_language

NOT_AS_MADE = 8
"""The exit code of files that are not what was made."""


@click.command(help=_("Read a run's files back, text and QR codes, and prove that everybody has one right piece."))
@click.argument("number", type=int, required=False)
@click.option("--all", "every", is_flag=True, help=_("every finished run"))
@json_option
@unmask_option
@click.pass_obj
def verify(session: Session, number: int | None, every: bool, as_json: bool, unmask: bool) -> int:
    """Verify runs."""
    from outreach.services.materials import kind_titles
    from outreach.services.verify import faults_of, masked, verify_all, verify_run

    if (number is None) != every:
        raise click.UsageError(_("name one run, or --all"), click.get_current_context())
    with session.office() as office, progress(_("verifying")) as move:
        found = list(verify_all(office, progress=move)) if every else [verify_run(office, number or 0, progress=move)]
        titles = kind_titles(office.workspace, {one.kind for one in found}, current_language())
    if as_json:
        flaws = [[asdict(flaw if unmask else masked(flaw)) for flaw in one.flaws] for one in found]
        show_json([asdict(one) | {"flaws": own} for one, own in zip(found, flaws, strict=True)])
    else:
        show_table(
            [_("Run"), _("Kind"), _("Files"), _("Pieces"), _("Read back"), _("QR codes"), _("By digest"), _("Result")],
            [
                [
                    one.run,
                    _("{where}, {part}", where=titles[one.kind], part=one.format),
                    one.files,
                    one.pieces,
                    one.read,
                    one.codes,
                    one.by_digest,
                    _("{count} wrong", count=len(one.flaws)) if one.flaws else _("as made"),
                ]
                for one in found
            ],
        )
        for one in found:
            if one.absent:
                names = ", ".join(one.absent)
                say(
                    _("run {number} does not print these, so nothing proves them: {names}", number=one.run, names=names)
                )
    faults = faults_of(found, unmask=unmask)
    for fault in faults[:_MOST_SHOWN]:
        say(fault.sentence())
    if len(faults) > _MOST_SHOWN:
        say(_("... and {count} more", count=len(faults) - _MOST_SHOWN))
    return NOT_AS_MADE if faults else 0


_MOST_SHOWN = 50


@click.command(help=_("List the paper that says what is no longer true, with who holds it; --make replaces it."))
@click.option(
    "--fact", "facts", multiple=True, help=_("only this fact, such as 'G01 mobile', 'bureau hotline', a number")
)
@click.option("--kind", "kinds", multiple=True, help=_("only this kind of material; may be repeated"))
@click.option("--post", "posts", multiple=True, help=_("only paper of this post; may be repeated"))
@click.option("--make", is_flag=True, help=_("make the pieces that replace it, as print runs"))
@click.option(
    "--csv",
    "target",
    type=click.Path(path_type=Path),
    default=None,
    help=_("also write the list to a .csv or .xlsx file"),
)
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def recall(
    session: Session,
    /,
    facts: tuple[str, ...],
    kinds: tuple[str, ...],
    posts: tuple[str, ...],
    make: bool,
    target: Path | None,
    campaign: str,
    as_json: bool,
    unmask: bool,
) -> None:
    """Recall stale paper."""
    from outreach.services.materials import kind_titles
    from outreach.services.piece_lists import stale_list, without_phones, write_list
    from outreach.services.recall import Wanted
    from outreach.services.recall import recall as recall_paper

    with session.office() as office, progress(_("replacing")) as move:
        found = recall_paper(office, campaign, Wanted(facts, kinds, posts), make=make, progress=move)
        kinds_told = {one.kind for one in found.stale} | {one.run.kind for one in found.made}
        titles = kind_titles(office.workspace, kinds_told, current_language())
    table = stale_list(found.stale, titles, unmask=unmask)
    if target is not None:
        write_list(target, table)
        say(_("written to {file}", file=target))
    if as_json:
        stale = found.stale if unmask else without_phones(found.stale)
        show_json({"campaign": found.campaign, "stale": stale, "made": [one.run for one in found.made]})
        return
    if not found.stale:
        click.echo(_("no paper says what is no longer true"))
        return
    show_table(table.headings, table.rows)
    click.echo()
    show_facts(
        [
            (_("Pieces"), len(found.stale)),
            (_("Households"), len({one.household for one in found.stale if one.household})),
            (_("Entrances"), len({one.entrance for one in found.stale if one.entrance})),
            (_("Officers"), len({one.officer for one in found.stale if one.officer})),
            (_("Print runs"), len({one.run for one in found.stale})),
        ]
    )
    for made in found.made:
        text = _(
            "run {number} ({kind}) replaces pieces of run {old}: {count}",
            number=made.run.number,
            count=made.run.pieces,
            kind=titles[made.run.kind],
            old=", ".join(map(str, made.run.replaces)),
        )
        click.echo(f"{text}  {made.folder}")
    if not make:
        say(_("'outreach run recall --make' makes what replaces it"))
