"""Calendars to load into any calendar program: all placements in one file, and one file an officer.

Loading a file again updates entries instead of doubling them: what changed has the next number, what is no longer
planned is cancelled (services/calendar_entries.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.channels import channels
from outreach.domain.campaign import Campaign, Placement
from outreach.domain.people import Officer
from outreach.render.ics import Event, make_calendar
from outreach.services.calendar_entries import Numbered, numbered
from outreach.services.campaign_file import CAMPAIGN_NAME
from outreach.services.campaigns import campaign_folder, load_campaign
from outreach.services.office import Office, safe_name, write_whole
from outreach.services.plain_words import has_tag
from outreach.services.rota_state import RotaKind, published
from outreach.services.staffing import staffed
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Calendars:
    """What was written. officers: the files of those who have shifts, or had; unknown: posts on duty nobody holds.

    changed, cancelled: entries of the file of everything since it was last made.
    """

    everything: Path
    placements: int
    officers: tuple[Path, ...]
    shifts: int
    unknown: tuple[str, ...]
    changed: int
    cancelled: int


def write_calendars(office: Office, campaign_name: str, folder: Path | None = None, language: str = "") -> Calendars:
    """Write `CAMPAIGN.ics` with all placements and `officers/POST.ics` with each officer's booth shifts.

    folder: `out/calendar` of the workspace where None. Booths are staffed by the published rota, or by the flights'
    lists where none was published.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    language = language or campaign.languages[0]
    folder = folder or office.workspace.out / "calendar"
    title = campaign.texts[language].title
    with office.store.write() as unit:
        officers = unit.rosters.officers()
        placements = staffed(unit, campaign)
        stamp = _stamp(office, unit, campaign)
        events = [_event(campaign, p, language, officers, "") for p in placements]
        everything = numbered(unit, f"{campaign.name}/{language}/campaign", events, stamp)
        shifts: dict[str, list[Placement]] = {}
        for placement in placements:
            for post in placement.staff:
                shifts.setdefault(post, []).append(placement)
        root = f"{campaign.name}/{language}/campaign-officers/"
        told = {name.removeprefix(root) for name in unit.calendar_entries.calendars(root)}
        own: dict[str, Numbered] = {}
        for post in sorted((shifts.keys() & officers.keys()) | told):
            mine = [_event(campaign, p, language, officers, f".{post}") for p in shifts.get(post, ())]
            own[post] = numbered(unit, f"{root}{post}", mine, stamp)
    path = folder / f"{campaign.name}.ics"
    _write(path, title, everything.events, campaign, stamp)
    written = []
    names: set[str] = set()
    for post, found in own.items():
        # An officer who lost every shift still gets a calendar: it takes the old entries away.
        file = folder / "officers" / f"{safe_name(post, names)}.ics"
        called = officers[post].name if post in officers else post
        _write(file, f"{title} · {called}", found.events, campaign, stamp)
        written.append(file)
    return Calendars(
        everything=path,
        placements=len(placements),
        officers=tuple(written),
        shifts=sum(map(len, shifts.values())),
        unknown=tuple(sorted(shifts.keys() - officers.keys())),
        changed=sum(event.status != "CANCELLED" and event.sequence > 0 for event in everything.updates),
        cancelled=sum(event.status == "CANCELLED" for event in everything.updates),
    )


def _stamp(office: Office, unit: Unit, campaign: Campaign) -> dt.datetime:
    """As of when the plan is: equal plans are equal files, and a changed one is newer to every reader."""
    edited = (campaign_folder(office.workspace, campaign.name) / CAMPAIGN_NAME).stat().st_mtime
    rotas = published(unit.rotas.all(campaign.name, RotaKind.BOOTH, campaign.zone)).rota.values()
    moments = [
        dt.datetime.fromtimestamp(int(edited), campaign.zone),
        unit.rosters.last_import("officers", campaign.zone),
        *(rota.published for rota in rotas),
    ]
    return max(moment for moment in moments if moment is not None)


def _write(path: Path, name: str, events: Iterable[Event], campaign: Campaign, stamp: dt.datetime) -> None:
    write_whole(path, make_calendar(name, events, zone=campaign.zone.key, stamp=stamp))


def _event(
    campaign: Campaign, placement: Placement, language: str, officers: Mapping[str, Officer], suffix: str
) -> Event:
    flight = next(flight for flight in campaign.flights if flight.id == placement.flight)
    label = channels()[placement.channel].label(language)
    place = placement.place.get(language) or placement.place.get("zh", "")
    lines = []
    words = campaign.messages[flight.message].words[language] if flight.message else ""
    # A message with tags is each person's own: there is no text of it that holds for all.
    if words and not has_tag(words):
        lines.append(words)
    if placement.staff:
        names = [f"{post} {officers[post].name}" if post in officers else post for post in placement.staff]
        lines.append(on_duty(names, language))
    return Event(
        uid=f"{placement.key}{suffix}@{campaign.name}.outreach.invalid",
        starts=placement.starts,
        ends=placement.ends,
        summary=f"{label} · {place}" if place else label,
        location=place,
        description="\n".join(lines),
        categories=(label,),
        whole_days=placement.whole_days,
    )


def on_duty(names: Iterable[str], language: str) -> str:
    """Who is on duty, in the calendar's language, whichever the messages speak."""
    return f"值班：{'、'.join(names)}" if language == "zh" else f"On duty: {', '.join(names)}"
