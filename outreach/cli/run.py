"""outreach run ..."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from outreach.cli.session import Session, json_option, progress, show_facts, show_json, show_table, unmask_option
from outreach.domain.directory import masked_phone
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.store.runs import PrintedFact


@click.group(help=_("Print runs: list, show, resume."))
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
    from outreach.services.runs import show_run

    with session.office() as office:
        found = show_run(office, number)
    if not unmask:
        found = replace(found, facts=tuple(_masked(fact) for fact in found.facts))
    if as_json:
        content = asdict(found)
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
    show_table(
        [_("Fact"), _("Whose"), _("Printed")], [[_fact(f.kind), _whose(f.subject), f.value] for f in found.facts]
    )
    if pieces:
        click.echo()
        show_table(
            [_("No."), _("Household"), _("Person"), _("Officer"), _("File")],
            [[p.number, p.household, p.person or None, p.officer, p.file] for p in found.pieces],
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


def _masked(fact: PrintedFact) -> PrintedFact:
    """The fact with an officer's phone hidden; the bureau's own numbers are public."""
    if fact.kind != "phone" or fact.subject.startswith("bureau "):
        return fact
    return replace(fact, value=masked_phone(fact.value))


def _fact(kind: str) -> str:
    return {"phone": _("phone"), "address": _("address"), "hours": _("office hours"), "date": _("date")}.get(kind, kind)


def _whose(subject: str) -> str:
    """'Y01 mobile' in words: whose it is, and what it is to them."""
    words = {
        "bureau": _("the bureau"),
        "mobile": _("mobile"),
        "home_phone": _("home phone"),
        "office_phone": _("office phone"),
        "hotline": _("hotline"),
        "complaint_phone": _("complaint phone"),
        "address": _("address"),
        "hours": _("office hours"),
        "remove_by": _("taken down by"),
    }
    return " ".join(words.get(word, word) for word in subject.split(" "))
