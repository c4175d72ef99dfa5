"""outreach duty ..."""

from __future__ import annotations

import click

from outreach.cli.duty_phones import phones
from outreach.cli.rota_commands import add_commands
from outreach.messages import _


@click.group(help=_("The phone's rota: plan, show, publish, set, lock, unlock, calendar, export, phones."))
def duty() -> None:
    """Hold the commands."""


add_commands(duty, "duty", flights=False)
duty.add_command(phones)
