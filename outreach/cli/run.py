"""outreach run ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import click

from outreach.cli.run_proof import recall, verify
from outreach.cli.run_states import scan, state, states
from outreach.cli.session import Session, json_option, progress, say, show_facts, show_json, show_table, unmask_option
from outreach.messages import _


@click.group(help=_("Print runs: list, show, resume, verify, recall, and what became of the pieces."))
def run() -> None:
    """Hold the commands."""


@run.command("list", help=_("List the print runs."))
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List runs."""
    from outreach.services.runs import list_runs

    with session.office() as office:
        runs = list_runs(office)
    if as_json:
        show_json(runs)
        return
    show_table(
        [_("Run"), _("Kind"), _("Format"), _("Language"), _("Pieces"), _("Data as of"), _("State"), _("Folder")],
        [
            [
                one.number,
                one.kind,
                one.format,
                one.language,
                one.pieces,
                f"{one.as_of:%Y-%m-%d %H:%M}",
                _("whole") if one.state == "whole" else _("to resume"),
                one.folder,
            ]
            for one in runs
        ],
    )


@run.command(help=_("Show a print run: what it was made from, its files, the facts on paper."))
@click.argument("number", type=int)
@click.option("--pieces", is_flag=True, help=_("list every piece and whose it is"))
@json_option
@unmask_option
@click.pass_obj
def show(session: Session, number: int, pieces: bool, as_json: bool, unmask: bool) -> None:
    """Show a run."""
    from outreach.services.piece_lists import fact_words, masked_fact, subject_words
    from outreach.services.runs import show_run

    with session.office() as office:
        found = show_run(office, number)
    if not unmask:
        found = replace(found, facts=tuple(replace(held, fact=masked_fact(held.fact)) for held in found.facts))
    if as_json:
        content = asdict(found)
        content["facts"] = [asdict(held.fact) | {"pieces": held.ranges} for held in found.facts]
        if not pieces:
            del content["pieces"]
        show_json(content)
        return
    one = found.run
    show_facts(
        [
            (_("Print run"), f"{one.number} ({one.id})"),
            (_("Kind"), f"{one.kind}, {one.format}, {one.language}"),
            (_("Campaign"), one.campaign),
            (_("Data as of"), f"{one.as_of:%Y-%m-%d %H:%M:%S %z}"),
            (_("Replaces pieces of"), ", ".join(map(str, one.replaces)) or "-"),
            (_("State"), _("whole") if one.state == "whole" else _("to resume")),
            (_("Template"), one.template_sha256),
            (_("Campaign file"), one.campaign_sha256),
            (_("Pieces"), one.pieces),
            (_("Folder"), str(found.folder)),
        ]
    )
    click.echo()
    show_table(
        [_("File"), _("Pieces"), _("Bytes"), "SHA-256"],
        [[file.name, file.pieces, file.bytes, (file.sha256 or "")[:16]] for file in found.files],
    )
    click.echo()
    households = {piece.household for piece in found.pieces if piece.household}
    shared = [held for held in found.facts if pieces or held.fact.subject.partition(" ")[0] not in households]
    show_table(
        [_("Fact"), _("Whose"), _("Printed"), _("Pieces")],
        [
            [fact_words(held.fact.kind), subject_words(held.fact.subject), held.fact.value, _ranges(held.ranges)]
            for held in shared
        ],
    )
    if len(shared) < len(found.facts):
        own = len(found.facts) - len(shared)
        say(_("and {count} facts of single households, shown with --pieces", count=own))
    if pieces:
        click.echo()
        show_table(
            [_("No."), _("Code"), _("Household"), _("Person"), _("Entrance"), _("Officer"), _("File")],
            [[p.number, p.code, p.household, p.person or None, p.entrance, p.officer, p.file] for p in found.pieces],
        )


@run.command(help=_("Finish a run that was killed; its files come out as if nothing had happened."))
@click.argument("number", type=int)
@json_option
@click.pass_obj
def resume(session: Session, number: int, as_json: bool) -> None:
    """Resume a run."""
    from outreach.services.runs import resume_run

    with session.office() as office, progress(_("run {number}", number=number)) as move:
        made = resume_run(office, number, progress=move)
    if as_json:
        show_json({"run": made.run, "folder": made.folder, "files": made.files})
    else:
        show_facts([(_("Print run"), made.run.number), (_("Files"), len(made.files)), (_("Folder"), str(made.folder))])


def _ranges(ranges: Sequence[tuple[int, int]]) -> str:
    """'1-120, 240' for ranges of piece numbers; many are cut short."""
    words = [f"{first}-{last}" if last > first else str(first) for first, last in ranges]
    return ", ".join(words[:4] + (["…"] if len(words) > 4 else []))


for _command in (verify, recall, state, scan, states):
    run.add_command(_command)
