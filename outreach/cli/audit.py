"""outreach contact audit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from outreach.cli.moments import DAY
from outreach.cli.session import Session, campaign_option, json_option, say, show_json, show_table
from outreach.domain.audit import UNITS
from outreach.messages import _


@click.command(help=_("Questions to ask about recorded visits, those that chance explains least first."))
@click.option("--since", type=DAY, default=None, help=_("from this day on"))
@click.option("--until", type=DAY, default=None, help=_("the last day"))
@click.option("--post", default="", help=_("only questions to this post or officer"))
@click.option("--to", "target", type=click.Path(path_type=Path), default=None, help=_("write them to this .xlsx"))
@campaign_option
@json_option
@click.pass_obj
def audit(
    session: Session,
    since: dt.datetime | None,
    until: dt.datetime | None,
    post: str,
    target: Path | None,
    campaign: str,
    as_json: bool,
) -> None:
    """Ask about visits."""
    from outreach.services.contact_audit import (
        audit_contacts,
        question,
        rule_label,
        scope_sentence,
        write_questions,
    )

    with session.office() as office:
        found = audit_contacts(
            office,
            campaign,
            since=since.date() if since else None,
            until=until.date() if until else None,
            post=post,
        )
    if target:
        write_questions(found, target)
    if as_json:
        findings = [_finding(one, found.names, question(one)) for one in found.audit.findings]
        counts = {name: getattr(found.audit, name) for name in ("officers", "visits", "untimed", "rules", "compared")}
        show_json({"campaign": found.campaign, **counts, "findings": findings})
        return
    show_table(
        [_("No."), _("Officer"), _("Name"), _("About"), _("Question"), _("Chance")],
        [
            [number, one.officer, found.names.get(one.officer, ""), rule_label(one.rule), question(one),
             f"{one.compared.chance:.1g}"]
            for number, one in enumerate(found.audit.findings, start=1)
        ],
    )  # fmt: skip
    say(scope_sentence(found.audit))


def _finding(one: Any, names: Any, question: str) -> dict[str, Any]:
    return {
        "rule": one.rule.value,
        "officer": one.officer,
        "name": names.get(one.officer, ""),
        "question": question,
        "visits": one.visits,
        "unit": UNITS[one.rule],
        "hits": one.compared.hits,
        "tries": one.compared.tries,
        "expected": round(one.compared.expected, 2),
        "chance": one.compared.chance,
        "groups": [
            {
                "first": group.visits[0].at,
                "last": group.visits[-1].at,
                "entrances": group.entrances,
                "note": group.text,
                "facts": [visit.id for visit in group.visits],
            }
            for group in one.groups
        ],
    }
