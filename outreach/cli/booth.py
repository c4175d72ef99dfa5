"""outreach booth ..."""

from __future__ import annotations

import click

from outreach.cli.rota_commands import add_commands
from outreach.messages import _


@click.group(help=_("The booths' rota: plan, show, publish, set, lock, unlock, calendar, export."))
def booth() -> None:
    """Hold the commands."""


add_commands(booth, "booth", flights=True)
