"""outreach campaign ..."""

from __future__ import annotations

from pathlib import Path

import click

from outreach.cli.campaign_plan import picture, plan
from outreach.cli.erasure import expire
from outreach.cli.session import Session, json_option, say, show_facts, show_json, show_table
from outreach.messages import _, current_language


@click.group(help=_("Campaigns: list, new, show, check, plan, calendar, picture."))
def campaign() -> None:
    """Hold the commands."""


@campaign.command("list", help=_("List the campaigns there are."))
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List campaigns."""
    from outreach.services.campaigns import list_campaigns

    names = list_campaigns(session.workspace())
    if as_json:
        show_json(names)
    else:
        click.echo("\n".join(names))


@campaign.command(help=_("Start a campaign in the workspace from the file of another."))
@click.argument("name")
@click.option("--like", default="yingcheng", show_default=True, help=_("the campaign to start from"))
@click.pass_obj
def new(session: Session, name: str, like: str) -> None:
    """Start a campaign."""
    from outreach.services.campaigns import new_campaign

    path = new_campaign(session.workspace(), name, like=like)
    if "\n# [payment]\n" in path.read_text("utf-8"):
        say(_("[payment] is a comment in it: put in your own bases and rates, and letters say what is to pay"))
    plan = path.with_name("plan.toml")
    if plan.is_file() and "\n[air]\n" in plan.read_text("utf-8-sig"):
        say(
            _(
                "plan.toml plans air time by a rate card, which is not copied: save your stations' price list in "
                "{folder} as rates.csv, or as air.rates names it, or take [air] out",
                folder=path.parent,
            )
        )
    say(_("edit {file}, then run 'outreach campaign check {name}'", file=path, name=name))


@campaign.command(help=_("Show a campaign: aims, flights, placements."))
@click.argument("name", default="")
@json_option
@click.pass_obj
def show(session: Session, name: str, as_json: bool) -> None:
    """Show a campaign."""
    from outreach.channels import channels
    from outreach.services.campaigns import load_campaign

    found = load_campaign(session.workspace(), name)
    language = current_language() if current_language() in found.languages else found.languages[0]
    flights = [
        {
            "id": flight.id,
            "channel": flight.channel,
            "starts": flight.starts,
            "ends": flight.ends,
            "place": flight.place.get(language, ""),
            "placements": len(flight.placements(found.zone)),
            "counted": channels()[flight.channel].counted,
        }
        for flight in found.flights
    ]
    texts = found.texts[language]
    if as_json:
        show_json(
            {
                "name": found.name,
                "title": texts.title,
                "slogan": texts.slogan,
                "starts": found.starts,
                "ends": found.ends,
                "households": found.households,
                "languages": found.languages,
                "aims": texts.aims,
                "flights": flights,
            }
        )
        return
    show_facts(
        [
            (_("Campaign"), f"{found.name}: {texts.title}"),
            (_("Slogan"), texts.slogan),
            (_("From"), f"{found.starts}"),
            (_("To"), f"{found.ends}"),
            (_("Households"), found.households),
            *((_("Aim {number}", number=number), aim) for number, aim in enumerate(texts.aims, start=1)),
        ]
    )
    click.echo()
    show_table(
        [_("Flight"), _("Channel"), _("From"), _("To"), _("Place"), _("Placements"), _("Reach")],
        [
            [
                str(flight["id"]),
                channels()[str(flight["channel"])].label(language),
                str(flight["starts"]),
                str(flight["ends"]),
                str(flight["place"]),
                len(found.flights[index].placements(found.zone)),
                _("counted") if flight["counted"] else _("estimated"),
            ]
            for index, flight in enumerate(flights)
        ],
    )


@campaign.command(help=_("Check a campaign file; every fault at once, with file, place and mend."))
@click.argument("name", default="")
@json_option
@click.pass_obj
def check(session: Session, name: str, as_json: bool) -> None:
    """Check a campaign."""
    from outreach.services.campaign_check import check_campaign

    found = check_campaign(session.workspace(), name)
    counts = {"name": found.name, "flights": len(found.flights), "placements": len(found.placements()), "faults": 0}
    if as_json:
        show_json(counts)
    else:
        click.echo(_("{name}: {flights} flights, {placements} placements, no fault", **counts))


@campaign.command(help=_("Write .ics calendars: all placements, and each officer's booth shifts."))
@click.argument("name", default="")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), default=None, help=_("folder; out/calendar if not named")
)
@click.option("--language", type=click.Choice(["zh", "en"]), default=None, help=_("language of the entries"))
@json_option
@click.pass_obj
def calendar(session: Session, name: str, folder: Path | None, language: str | None, as_json: bool) -> None:
    """Write calendars."""
    from outreach.services.calendars import write_calendars

    with session.office() as office:
        written = write_calendars(office, name, folder, language or "")
    if as_json:
        show_json(written)
        return
    show_facts(
        [
            (_("All placements"), f"{written.everything} ({written.placements})"),
            (_("Officers with shifts"), len(written.officers)),
            (_("Turns of duty"), written.shifts),
        ]
    )
    if written.unknown:
        say(_("nobody holds these posts yet, so they have no calendar: {names}", names=", ".join(written.unknown)))


for _command in (plan, picture, expire):
    campaign.add_command(_command)
