"""Calendars to load into any calendar program: all placements in one file, and one file an officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from outreach.channels import channels
from outreach.domain.campaign import Campaign, Placement
from outreach.domain.people import Officer
from outreach.messages import _
from outreach.render.ics import Event, make_calendar
from outreach.services.campaign_file import CAMPAIGN_NAME
from outreach.services.campaigns import campaign_folder, load_campaign
from outreach.services.office import Office, safe_name, write_whole


@dataclass(frozen=True, slots=True)
class Calendars:
    """What was written. officers: the files of those who have shifts; unknown: posts on duty that nobody holds."""

    everything: Path
    placements: int
    officers: tuple[Path, ...]
    shifts: int
    unknown: tuple[str, ...]


def write_calendars(office: Office, campaign_name: str, folder: Path | None = None, language: str = "") -> Calendars:
    """Write `CAMPAIGN.ics` with all placements and `officers/POST.ics` with each officer's booth shifts.

    folder: `out/calendar` of the workspace where None. Identifiers are stable, so that importing again updates
    entries instead of doubling them.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    language = language or campaign.languages[0]
    folder = folder or office.workspace.out / "calendar"
    with office.store.read() as unit:
        officers = unit.rosters.officers()
        staffed = unit.rosters.last_import("officers", campaign.zone)
    placements = campaign.placements()
    # The stamp says as of when the plan is: equal plans are equal files, and a changed one is newer to every reader.
    edited = (campaign_folder(office.workspace, campaign_name) / CAMPAIGN_NAME).stat().st_mtime
    stamp = max(
        dt.datetime.fromtimestamp(int(edited), campaign.zone), staffed or dt.datetime.min.replace(tzinfo=dt.UTC)
    )
    everything = folder / f"{campaign.name}.ics"
    title = campaign.texts[language].title
    _write(everything, title, (_event(campaign, p, language, officers) for p in placements), campaign, stamp)
    shifts: dict[str, list[Placement]] = {}
    for placement in placements:
        for post in placement.staff:
            shifts.setdefault(post, []).append(placement)
    written = []
    names: set[str] = set()
    for post in sorted(shifts):
        if post not in officers:
            continue
        path = folder / "officers" / f"{safe_name(post, names)}.ics"
        events = [_event(campaign, p, language, officers) for p in shifts[post]]
        _write(path, f"{title} · {officers[post].name}", events, campaign, stamp)
        written.append(path)
    for stale in (folder / "officers").glob("*.ics"):
        # An officer who lost every shift must not keep an old calendar; files of others are left alone.
        if stale not in written and _domain(campaign).encode() in stale.read_bytes():
            stale.unlink()
    return Calendars(
        everything,
        len(placements),
        tuple(written),
        sum(map(len, shifts.values())),
        tuple(sorted(shifts.keys() - officers.keys())),
    )


def _write(path: Path, name: str, events: Iterable[Event], campaign: Campaign, stamp: dt.datetime) -> None:
    write_whole(path, make_calendar(name, events, zone=campaign.zone.key, stamp=stamp))


def _domain(campaign: Campaign) -> str:
    return f"@{campaign.name}.outreach.invalid"


def _event(campaign: Campaign, placement: Placement, language: str, officers: dict[str, Officer]) -> Event:
    flight = next(flight for flight in campaign.flights if flight.id == placement.flight)
    label = channels()[placement.channel].label(language)
    place = placement.place.get(language) or placement.place.get("zh", "")
    lines = []
    if flight.message:
        lines.append(campaign.messages[flight.message].words[language])
    if placement.staff:
        names = [f"{post} {officers[post].name}" if post in officers else post for post in placement.staff]
        lines.append(_("On duty: {names}", names=", ".join(names)))
    return Event(
        uid=f"{placement.key}{_domain(campaign)}",
        starts=placement.starts,
        ends=placement.ends,
        summary=f"{label} · {place}" if place else label,
        location=place,
        description="\n".join(lines),
        categories=(label,),
        whole_days=placement.whole_days,
    )
