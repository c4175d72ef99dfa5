"""outreach init, demo, check, completion."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.session import Session, campaign_option, json_option, progress, say, show_facts, show_json
from outreach.messages import _, current_language


@click.command(help=_("Make a workspace in FOLDER (here if not named): settings, store, folders."))
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("-c", "--campaign", default="", metavar="NAME", help=_("the campaign meant when none is named"))
def init(folder: Path, campaign: str) -> None:
    """Make a workspace."""
    from outreach.services.office import init_workspace

    locale = "zh_CN" if current_language() == "zh" else "en"
    click.echo(init_workspace(folder, locale=locale, campaign=campaign).root)


@click.command(help=_("Run the main job in FOLDER on the shipped campaign: 7,000 invented households."))
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--fresh", is_flag=True, help=_("throw away an earlier demo in that folder"))
def demo(folder: Path, fresh: bool) -> None:
    """Run the demonstration."""
    from outreach.services.demo import Step, run_demo

    def tell(step: Step) -> None:
        say(f"{step.seconds:6.1f} s  {step.name}: {step.result}")

    office = run_demo(folder, fresh=fresh, tell=tell, bar=progress)
    click.echo(office.workspace.root)
    office.close()


@click.command(help=_("Check the workspace: settings, fonts, campaign, and the store against its log."))
@click.option("--rebuild", is_flag=True, help=_("fold the standings anew from the log first"))
@campaign_option
@json_option
@click.pass_obj
def check(session: Session, rebuild: bool, campaign: str, as_json: bool) -> None:
    """Check the workspace."""
    from outreach.services.checkup import check_workspace

    with session.office() as office:
        health = check_workspace(office, campaign, rebuild=rebuild)
    if as_json:
        show_json(health)
        return
    show_facts(
        [
            (_("Campaign"), health.campaign),
            (_("Signs the fonts have"), health.signs),
            (_("Households"), health.households),
            (_("Persons"), health.persons),
            (_("Officers"), health.officers),
            (_("Attempts"), health.attempts),
            (_("Milestones"), health.milestones),
        ]
    )
    click.echo(_("everything in order"))


@click.command(help=_("Print the completion script for a shell; see docs/quickstart.md for where it goes."))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a completion script."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    root = ctx.find_root().command
    click.echo(kind(root, {}, "outreach", "_OUTREACH_COMPLETE").source())
