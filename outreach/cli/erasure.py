"""outreach household erase, erasures; outreach campaign expire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table
from outreach.domain.follow_up import FollowUpKind
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.erasure import Erasure, PaperLeft

_MOST_FILES = 20


@click.command(help=_("Take a household out of the store for good, so that no file brings it back."))
@click.argument("code")
@click.option("--reason", required=True, help=_("who asked for it and when, without a name"))
@click.option("--dry-run", is_flag=True, help=_("only tell what would go"))
@click.option("--yes", is_flag=True, help=_("do not ask"))
@json_option
@click.pass_obj
def erase(session: Session, code: str, reason: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase a household."""
    from outreach.services.erasure import erase_household

    with session.office() as office:
        told = erase_household(office, code, reason=reason, dry_run=True)
        if not as_json:
            _show(told)
        if not dry_run:
            if not yes:
                click.confirm(_("Erase it? This cannot be taken back."), abort=True, err=True)
            told = erase_household(office, code, reason=reason)
    if as_json:
        show_json(told)
    elif told.stone:
        say(_("erased; {stone} stands in its place and counts in reports", stone=told.stone))
        say(_("backups, exports and paper still hold it: destroy them, or note when they will be"))


def _show(told: Erasure) -> None:
    show_facts(
        [
            (_("Household"), told.household),
            (_("Persons"), told.persons),
            (_("Tries whose notes go"), told.attempts),
            (_("Registrations and payments whose notes go"), told.milestones),
            (_("Merged into it"), ", ".join(told.merged) or "-"),
            (_("Marks it is known again by"), told.marks),
            (_("Typed lists it is taken out of"), ", ".join(told.journals) or "-"),
        ]
    )
    for one in told.naming:
        say(
            _(
                "look at it: {kind} {id} of {day} names them and belongs to no household",
                kind=_kind(one.kind),
                id=one.id,
                day=one.day,
            )
        )
    _show_paper(told.paper)


def _kind(kind: str) -> str:
    return _("case") if kind == "case" else FollowUpKind(kind).label(current_language())


def _show_paper(paper: tuple[PaperLeft, ...]) -> None:
    for one in paper[:_MOST_FILES]:
        numbers = ", ".join(str(number) for number in one.pieces[:8]) + (" ..." if len(one.pieces) > 8 else "")
        say(_("still on disk: {file}, pieces {numbers}", file=one.file, numbers=numbers))
    if len(paper) > _MOST_FILES:
        say(_("... and {count} more", count=len(paper) - _MOST_FILES))


@click.command(help=_("List the erasures: when, why and by whom; nobody is named."))
@json_option
@click.pass_obj
def erasures(session: Session, as_json: bool) -> None:
    """List erasures."""
    from outreach.services.erasure import list_erasures

    with session.office() as office:
        found = list_erasures(office)
    if as_json:
        show_json(found)
        return
    show_table(
        [_("In its place"), _("Erased"), _("Marks"), _("By"), _("Reason")],
        [[one.stone, f"{one.at:%Y-%m-%d %H:%M}", one.marks, one.by or "-", one.reason] for one in found],
    )


@click.command(help=_("Take the names out of a campaign whose time is over; without --yes it only tells."))
@click.argument("name", default="")
@click.option("--yes", is_flag=True, help=_("do it"))
@json_option
@click.pass_obj
def expire(session: Session, name: str, yes: bool, as_json: bool) -> None:
    """Expire a campaign."""
    from outreach.services.erasure import expire_campaign

    with session.office() as office:
        told = expire_campaign(office, name, dry_run=not yes)
    if as_json:
        show_json(told)
        return
    show_facts(
        [
            (_("Campaign"), told.campaign),
            (_("Kept until"), told.since.isoformat()),
            (_("Households whose names go"), told.households),
            (_("Stay: another campaign works with them"), told.kept),
            (_("Ledger lines whose names go"), told.ledger_lines),
        ]
    )
    _show_paper(told.paper)
    say(_("done: figures stay, names are gone") if told.done else _("nothing was changed; add --yes to do it"))
