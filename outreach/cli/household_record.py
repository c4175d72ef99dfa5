"""outreach household record CODE"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.roster_views import person_rows
from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table, unmask_option
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.services.household_record import CampaignRecord, HouseholdRecord


@click.command(help=_("Show everything known of a household, over all channels and campaigns, on one page."))
@click.argument("code")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), default=None, help=_("write it to a .docx file instead")
)
@json_option
@unmask_option
@click.pass_obj
def record(session: Session, code: str, target: Path | None, as_json: bool, unmask: bool) -> None:
    """Show a household's record."""
    from outreach.services.household_page import events_of, heads_of, write_page
    from outreach.services.household_record import household_record

    with session.office() as office:
        found = household_record(office, code)
        session.told.add(code)
        if target is not None:
            lines = write_page(office, found, target, unmask=unmask)
        events = events_of(office, found)
    if as_json:
        show_json(_row(found, unmask=unmask))
    elif target is not None:
        say(_("{count} lines written to {file}", count=lines, file=target))
    else:
        show_facts(heads_of(found, unmask=unmask))
        if events:
            click.echo()
            show_table(
                [_("When"), _("What"), _("Outcome"), _("Officer"), _("Note")],
                [
                    [
                        one.when,
                        one.what,
                        _("{outcome} (struck out)", outcome=one.outcome) if one.struck else one.outcome,
                        one.by,
                        one.note,
                    ]
                    for one in events
                ],
            )


def _row(found: HouseholdRecord, *, unmask: bool) -> dict[str, Any]:
    home = found.household
    return {
        "code": home.code,
        "merged": found.merged,
        "address": home.address,
        "difficulty": home.difficulty.value,
        "migrant": home.migrant,
        "works": home.works,
        "language": home.language,
        "persons": person_rows(home, unmask=unmask),
        "campaigns": [_campaign_row(one) for one in found.campaigns],
        "pieces": [
            {
                **asdict(one.printed),
                "state": one.state.value,
                "since": one.event.at if one.event else None,
                "reason": one.event.reason if one.event else "",
            }
            for one in found.pieces
        ],
        "suppressions": found.suppressions,
        "at": found.at,
    }


def _campaign_row(own: CampaignRecord) -> dict[str, Any]:
    return {
        "campaign": own.campaign,
        "standing": own.standing,
        "held": own.held,
        "attempts": [asdict(one) | {"counts": one.id in own.counting} for one in own.attempts],
        "milestones": [
            asdict(one) | {"counts": one.id in own.counting, "ledger": own.months.get(one.id, "")}
            for one in own.milestones
        ],
        "follow_ups": [
            asdict(matter.follow_up) | {"state": state.value, "closed": matter.closed} for matter, state in own.matters
        ],
        "cases": [asdict(one.case) | {"steps": one.steps, "next": one.next} for one in own.cases],
    }
