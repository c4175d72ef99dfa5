"""outreach trail ..."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, json_option, say, show_json, show_table
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.trail import Told

_NOT_AS_RECORDED = 8
_NOTED = re.compile(r"(\d{1,9}):([0-9A-Fa-f]{8,64})")


@click.group(help=_("The audit trail: who saw, took out or changed what: show, verify."))
def trail() -> None:
    """Hold the commands."""


@trail.command(help=_("Show the trail and how it ends; note the last line on paper now and then."))
@click.option("--since", type=DAY, default=None, help=_("from this day on"))
@click.option("--by", default="", metavar="LOGIN", help=_("only what this login did"))
@click.option("--action", default="", help=_("only this action, such as export, unmask, user"))
@json_option
@click.pass_obj
def show(session: Session, since: dt.datetime | None, by: str, action: str, as_json: bool) -> None:
    """Show entries."""
    from outreach.services.trail import list_entries, trail_head

    with session.office() as office:
        first = since.replace(tzinfo=office.workspace.zone) if since else None
        entries = list_entries(office, since=first, by=by, action=action)
        head = trail_head(office)
    if as_json:
        show_json({"entries": [_row(one) for one in entries], "length": head.length, "digest": head.digest})
        return
    show_table(
        [_("No."), _("When"), _("Login"), _("Action"), _("Households"), _("What")],
        [
            [one.number, f"{one.at:%Y-%m-%d %H:%M:%S}", one.by, one.action, one.households, _words(one)]
            for one in entries
        ],
    )
    if head.length:
        say(_("the trail ends with {noted}", noted=f"{head.length}:{head.digest[:16]}"))


@trail.command(help=_("Check that no entry of the trail was changed, taken out or cut off."))
@click.option("--noted", default="", metavar="NUMBER:DIGEST", help=_("an end of the trail that was noted on paper"))
@json_option
@click.pass_obj
def verify(session: Session, noted: str, as_json: bool) -> int:
    """Verify the chain."""
    from outreach.domain.trail import Head
    from outreach.errors import BadInput
    from outreach.services.trail import verify_trail

    match = _NOTED.fullmatch(noted.strip())
    if noted and match is None:
        raise BadInput.at(
            noted,
            _("is no end of a trail"),
            _("write it as 'outreach trail show' shows it, such as 12:0f3a9c55d27e81b4"),
        )
    with session.office() as office:
        verdict = verify_trail(office, Head(int(match[1]), match[2]) if match else None)
    if as_json:
        findings = [{"kind": one.kind, "first": one.first, "last": one.last} for one in verdict.findings]
        show_json(
            {
                "entries": verdict.head.length,
                "digest": verdict.head.digest,
                "lag": verdict.lag,
                "findings": findings,
            }
        )
    else:
        for one in verdict.findings:
            click.echo(one.sentence())
        if verdict.lag:
            say(
                _("the last {count} entries are not noted beside the key yet: a program was stopped", count=verdict.lag)
            )
        if not verdict.findings:
            click.echo(
                _(
                    "{count} entries, all in order; the trail ends with {noted}",
                    count=verdict.head.length,
                    noted=f"{verdict.head.length}:{verdict.head.digest[:16]}",
                )
            )
    return _NOT_AS_RECORDED if verdict.findings else 0


def _row(one: Told) -> dict[str, object]:
    return {
        "number": one.number,
        "at": one.at,
        "by": one.by,
        "action": one.action,
        "what": dict(one.what),
        "households": one.households,
    }


def _words(one: Told) -> str:
    what = dict(one.what)
    command = what.pop("command", "")
    said = [
        f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in what.items()
    ]
    return " ".join([*([str(command)] if command else []), *said])
