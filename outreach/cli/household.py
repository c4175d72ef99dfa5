"""outreach household ..."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli import duplicates, erasure, exclusion, handover, household_record, suppression, territory
from outreach.cli.roster_views import mobiles_of, names_of, person_rows, show_import
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


@click.group(help=_("Households: import, list, show, assign, walk, export."))
def household() -> None:
    """Hold the commands."""


household.add_command(suppression.suppress)
household.add_command(suppression.unsuppress)
household.add_command(suppression.list_)
household.add_command(suppression.touched)
household.add_command(territory.assign)
household.add_command(territory.plans)
household.add_command(exclusion.exclude)
household.add_command(exclusion.list_)
household.add_command(handover.household_history)
household.add_command(household_record.record)
household.add_command(duplicates.duplicates)
household.add_command(duplicates.distinct)
household.add_command(duplicates.merge)
household.add_command(duplicates.unmerge)
household.add_command(duplicates.merges)
household.add_command(erasure.erase)
household.add_command(erasure.erasures)


@household.command("import", help=_("Take in a roster (.xlsx, .xls, .csv), all or nothing; see docs/roster.md."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--refuse-near", is_flag=True, help=_("write nothing where a new household resembles one that is there"))
@json_option
@unmask_option
@click.pass_obj
def import_(session: Session, file: Path, refuse_near: bool, as_json: bool, unmask: bool) -> None:
    """Import households."""
    from outreach.services.rosters import import_households

    with session.office() as office, progress(_("importing")) as move:
        report = import_households(office, file, move, refuse_near=refuse_near)
    show_import(report, as_json=as_json, unmask=unmask)


@household.command("list", help=_("List households, one a line."))
@click.option("--community", default="", help=_("only this community"))
@click.option("--post", default="", help=_("only the households of this post"))
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def list_(session: Session, community: str, post: str, campaign: str, as_json: bool, unmask: bool) -> None:
    """List households."""
    from outreach.services.rosters import list_households
    from outreach.services.territories import present_posts

    with session.office() as office:
        posts = present_posts(office, campaign)
        homes = [
            home
            for home in list_households(office)
            if (not community or home.address.community == community) and (not post or posts.get(home.code) == post)
        ]
    if as_json:
        show_json(
            [
                {
                    "code": home.code,
                    "address": home.address,
                    "difficulty": home.difficulty.value,
                    "migrant": home.migrant,
                    "works": home.works,
                    "language": home.language,
                    "post": posts.get(home.code, ""),
                    "persons": person_rows(home, unmask=unmask),
                }
                for home in homes
            ]
        )
        return
    show_table(
        [_("Code"), _("Names"), _("Address"), _("Difficulty"), _("Post")],
        [
            [
                home.code,
                names_of(home),
                home.address.line(current_language()),
                home.difficulty.label(current_language()),
                posts.get(home.code, ""),
            ]
            for home in homes
        ],
    )


@household.command(help=_("Show one household: persons, officer and why, history."))
@click.argument("code")
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def show(session: Session, code: str, campaign: str, as_json: bool, unmask: bool) -> None:
    """Show a household."""
    from outreach.channels import channels
    from outreach.services.explanations import explain_assignment
    from outreach.services.ledger_words import note_words
    from outreach.services.territories import show_household

    with session.office() as office:
        view = show_household(office, campaign, code)
    home = view.household
    if as_json:
        show_json(
            {
                "code": home.code,
                "address": home.address,
                "difficulty": home.difficulty.value,
                "migrant": home.migrant,
                "works": home.works,
                "language": home.language,
                "persons": person_rows(home, unmask=unmask),
                "post": view.assigned.post if view.assigned else "",
                "officer": view.officer.name if view.officer else "",
                "why": dict(view.assigned.why) if view.assigned else {},
                "explanation": explain_assignment(view),
                "standing": view.standing,
                "attempts": view.attempts,
                "milestones": view.milestones,
            }
        )
        return
    show_facts(
        [
            (_("Household"), home.code),
            (_("Address"), home.address.line(current_language())),
            (_("Difficulty"), home.difficulty.label(current_language())),
            (_("Works away"), _("yes") if home.migrant else _("no")),
            (_("Works by day"), _("yes") if home.works else _("no")),
            *([(_("Language"), home.language)] if home.language else []),
            (_("Officer"), f"{view.assigned.post} {view.officer.name}" if view.assigned and view.officer else ""),
            (_("Why"), explain_assignment(view)),
        ]
    )
    click.echo()
    rows = person_rows(home, unmask=unmask)
    show_table(
        [_("No."), _("Name"), _("Relation"), _("Mobile"), _("ID number"), _("Employer"), _("Months lapsed")],
        [
            [
                row["number"],
                row["name"],
                person.relation.label(current_language()),
                *(row[name] for name in ("mobile", "id_number", "employer", "months_lapsed")),
            ]
            for person, row in zip(home.persons, rows, strict=True)
        ],
    )
    if view.attempts or view.milestones:
        click.echo()
        zone = session.workspace().zone
        corrected = {a.corrects for a in view.attempts} | {m.corrects for m in view.milestones}
        events = [
            (
                a.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                channels()[a.channel].label(current_language()) if a.channel in channels() else a.channel,
                _outcome(a.disposition.label(current_language()), a.id in corrected),
                a.officer,
                a.note,
                a.id,
            )
            for a in view.attempts
        ]
        events += [
            (
                f"{m.on}",
                m.kind.label(current_language()),
                _outcome(f"{m.amount_fen / 100:,.2f}" if m.amount_fen else "", m.id in corrected),
                "",
                note_words(m.note),
                m.id,
            )
            for m in view.milestones
        ]
        show_table([_("When"), _("What"), _("Outcome"), _("Officer"), _("Note"), "ID"], sorted(events))


def _outcome(text: str, corrected: bool) -> str:
    return _("{outcome} (corrected)", outcome=text).strip() if corrected else text


@household.command(help=_("Print a post's doors in walking order."))
@click.argument("post")
@campaign_option
@json_option
@unmask_option
@click.pass_obj
def walk(session: Session, post: str, campaign: str, as_json: bool, unmask: bool) -> None:
    """Show a walk."""
    from outreach.services.campaigns import load_campaign
    from outreach.services.rounds import Choice, rounds

    with session.office() as office:
        (turn,) = rounds(office, load_campaign(office.workspace, campaign), Choice(posts=(post,))) or (None,)
    homes = turn.homes if turn else ()
    if as_json:
        show_json(
            [
                {"line": line, "code": home.code, "address": home.address, "persons": person_rows(home, unmask=unmask)}
                for line, home in enumerate(homes, start=1)
            ]
        )
        return
    show_table(
        [_("No."), _("Code"), _("Address"), _("Names"), _("Mobile")],
        [
            [
                line,
                home.code,
                home.address.line(current_language()),
                names_of(home),
                mobiles_of(home, unmask=unmask),
            ]
            for line, home in enumerate(homes, start=1)
        ],
    )


@household.command(
    help=_("Write the roster with posts and standing to a .xlsx or .csv file; phones and IDs stay masked unless asked.")
)
@click.argument("file", type=click.Path(path_type=Path))
@campaign_option
@unmask_option
@click.pass_obj
def export(session: Session, file: Path, campaign: str, unmask: bool) -> None:
    """Export households."""
    from outreach.services.exports import export_households

    with session.office() as office:
        count = export_households(office, campaign, file, unmask=unmask)
    say(_("{count} persons written to {file}", count=count, file=file))
