"""Calendars of a published rota: everything, one file an officer, one file a station; each numbered by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.campaign import Campaign
from outreach.render.ics import Event, make_calendar
from outreach.services.calendar_entries import Numbered, numbered
from outreach.services.calendars import on_duty
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, safe_name, write_whole
from outreach.services.rota_away import AwayShift
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import RotaView, ShiftView, show_rota
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class CalendarFiles:
    """What was written. entries: in the file of everything. changed, cancelled: entries of it since it was last made.

    updates: files that hold only what changed, one an officer concerned. away: shifts in the files whose officer cannot
    come.
    """

    everything: Path
    entries: int
    officers: tuple[Path, ...]
    stations: tuple[Path, ...]
    updates: tuple[Path, ...]
    changed: int
    cancelled: int
    away: tuple[AwayShift, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One calendar to write. ledger: names it among all that are sent; uids end in `suffix`, so that an entry that
    leaves this calendar leaves no other.
    """

    ledger: str
    suffix: str
    name: str
    file: str


def write_rota_calendars(
    office: Office, campaign_name: str, kind: RotaKind, folder: Path | None = None, language: str = ""
) -> CalendarFiles:
    """Write `all.ics`, `officers/POST.ics`, `stations/PLACE.ics` of what was published, and `updates/POST.ics`.

    folder: `out/calendar/booth` or `out/calendar/duty` where None. Raises Conflict where nothing was published.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    language = language or campaign.languages[0]
    folder = folder or office.workspace.out / "calendar" / kind.value
    view = show_rota(office, campaign.name, kind, told=True)
    stamp = view.published or office.now()
    title = f"{campaign.texts[language].title} · {kind_label(kind, language)}"
    root = f"{campaign.name}/{language}/{kind.value}"
    made: dict[str, tuple[Sheet, Numbered]] = {}
    with office.store.write() as unit:
        officers = unit.rosters.all_officers()
        names = {officer.post or code: officer.name for code, officer in officers.items()}
        everything = Sheet(f"{root}/all", f".{kind.value}", title, "all.ics")
        made["all"] = (everything, _numbered(unit, campaign, everything, view, view.shifts, kind, language, stamp))
        for part, mine in (("officers", _by_officer(view)), ("stations", _by_station(view, language))):
            known = [
                name.removeprefix(f"{root}/{part}/") for name in unit.calendar_entries.calendars(f"{root}/{part}/")
            ]
            taken: set[str] = set()
            for who in sorted({*mine, *known}):
                # Whoever lost every shift still gets a calendar: it takes the old entries away.
                called = names.get(who, who) if part == "officers" else who
                file = f"{part}/{safe_name(who, taken)}.ics"
                sheet = Sheet(f"{root}/{part}/{who}", f".{part}.{who}", f"{title} · {called}", file)
                shifts = mine.get(who, ())
                made[file] = (sheet, _numbered(unit, campaign, sheet, view, shifts, kind, language, stamp))
    written: dict[str, list[Path]] = {"all": [], "officers": [], "stations": [], "updates": []}
    for sheet, found in made.values():
        part = sheet.file.partition("/")[0]
        _write(folder / sheet.file, sheet.name, found.events, campaign, stamp)
        written[part if part in written else "all"].append(folder / sheet.file)
        update = folder / "updates" / Path(sheet.file).name
        if part == "officers" and found.updates and len(found.updates) < len(found.events):
            _write(update, sheet.name, found.updates, campaign, stamp)
            written["updates"].append(update)
        elif part == "officers":
            update.unlink(missing_ok=True)
    events, updates = made["all"][1].events, made["all"][1].updates
    return CalendarFiles(
        everything=folder / "all.ics",
        entries=sum(event.status != "CANCELLED" for event in events),
        officers=tuple(written["officers"]),
        stations=tuple(written["stations"]),
        updates=tuple(written["updates"]),
        changed=sum(event.status != "CANCELLED" and event.sequence > 0 for event in updates),
        cancelled=sum(event.status == "CANCELLED" for event in updates),
        away=view.away,
    )


def kind_label(kind: RotaKind, language: str) -> str:
    """The rota's name in a calendar of that language, whatever the messages speak."""
    return {
        (RotaKind.BOOTH, "zh"): "车站咨询台",
        (RotaKind.BOOTH, "en"): "station booth",
        (RotaKind.DUTY, "zh"): "电话值班",
        (RotaKind.DUTY, "en"): "phone duty",
    }[kind, language]


def _numbered(
    unit: Unit,
    campaign: Campaign,
    sheet: Sheet,
    view: RotaView,
    shifts: Iterable[ShiftView],
    kind: RotaKind,
    language: str,
    stamp: dt.datetime,
) -> Numbered:
    events = [_event(shift, sheet.suffix, campaign, kind, language) for shift in shifts]
    return numbered(unit, sheet.ledger, events, stamp)


def _event(shift: ShiftView, suffix: str, campaign: Campaign, kind: RotaKind, language: str) -> Event:
    label = kind_label(kind, language)
    place = shift.place.get(language) or shift.place.get("zh", "")
    lines = [on_duty((f"{one.post} {one.name}".strip() for one in shift.officers), language)]
    if shift.holiday:
        lines.append(shift.holiday.get(language, ""))
    return Event(
        uid=f"{shift.key}{suffix}@{campaign.name}.outreach.invalid",
        starts=shift.starts,
        ends=shift.ends,
        summary=f"{label} · {place}" if place else label,
        location=place,
        description="\n".join(lines),
        categories=(label,),
    )


def _by_officer(view: RotaView) -> Mapping[str, list[ShiftView]]:
    found: dict[str, list[ShiftView]] = {}
    for shift in view.shifts:
        for officer in shift.officers:
            found.setdefault(officer.post or officer.code, []).append(shift)
    return found


def _by_station(view: RotaView, language: str) -> Mapping[str, list[ShiftView]]:
    found: dict[str, list[ShiftView]] = {}
    for shift in view.shifts:
        found.setdefault(shift.place.get(language) or shift.place.get("zh", ""), []).append(shift)
    return found


def _write(path: Path, name: str, events: Iterable[Event], campaign: Campaign, stamp: dt.datetime) -> None:
    write_whole(path, make_calendar(name, events, zone=campaign.zone.key, stamp=stamp))
