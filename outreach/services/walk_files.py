"""Walk lists as files to take along: paper through a print run, calendars, and routes for maps."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.campaign import Campaign
from outreach.domain.greeting import greeting
from outreach.domain.walk_list import ListState
from outreach.errors import Conflict, Fault, refuse_if_any
from outreach.messages import _
from outreach.render.ics import Event, make_calendar
from outreach.render.tracks import Track, TrackStop, make_geojson, make_gpx
from outreach.services.calendar_entries import numbered
from outreach.services.campaigns import language_of, load_campaign
from outreach.services.materials import make_material
from outreach.services.office import Office, Progress, disk_fault, no_progress, safe_name, write_whole
from outreach.services.plan_file import load_plan
from outreach.services.rounds import Choice
from outreach.services.values import door_line
from outreach.services.walk_pieces import refuse_stale
from outreach.services.walk_planning import base_of
from outreach.services.walks import WalkSheet, WalkSheetLine, find_walks, list_walks

PAPER = ("pdf", "docx")
FORMATS = (*PAPER, "ics", "geojson", "gpx")


@dataclass(frozen=True, slots=True)
class WalkExport:
    """What was written. run: the print run's number, 0 for formats that are no paper; unplaced: doors left out of a
    route for want of coordinates.
    """

    files: tuple[Path, ...]
    run: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class WalkWish:
    """Which lists, and how. numbers: all live ones where empty. expired: those too. phones: of households, in full on
    paper. names: say in routes and calendars who lives where; the officer's own place too.
    """

    numbers: tuple[int, ...] = ()
    post: str = ""
    language: str = ""
    expired: bool = False
    phones: bool = False
    names: bool = False


def export_walks(
    office: Office,
    campaign_name: str,
    file_format: str,
    folder: Path,
    wish: WalkWish,
    progress: Progress = no_progress,
) -> WalkExport:
    """Write the chosen lists into `folder`, one file a list; a calendar is one file an officer.

    Paper is a print run, whose files are copied. Raises NotFound for an unknown list or post, Conflict where there is
    none, CannotPrint for lists that are expired or withdrawn or cannot be printed, StoreFault where the disk refuses.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    language = language_of(campaign, wish.language)
    if wish.numbers:
        sheets = find_walks(office, campaign_name, wish.numbers)
    else:
        # A calendar takes back what was withdrawn, and keeps what is past.
        sheets = list_walks(office, campaign_name, post=wish.post)
        wanted = (ListState.LIVE, ListState.EXPIRED) if wish.expired else (ListState.LIVE,)
        sheets = [sheet for sheet in sheets if file_format == "ics" or sheet.state in wanted]
    if file_format != "ics":
        sheets = [sheet for sheet in sheets if sheet.lines]  # all its households may have been erased since
    if not sheets:
        raise Conflict.at(campaign.name, _("there is no walk list to write"), _("make some with 'outreach walk plan'"))
    office.told.update(line.household.code for sheet in sheets for line in sheet.lines)
    if file_format == "ics":
        posts = {sheet.list.post for sheet in sheets}
        whole = list_walks(office, campaign_name) if wish.numbers else sheets
        sheets = [sheet for sheet in whole if sheet.list.post in posts]
        return _calendars(office, campaign, folder, sheets, language, names=wish.names)
    refuse_stale([sheet for sheet in sheets if not (wish.expired and sheet.state is ListState.EXPIRED)])
    if file_format in PAPER:
        choice = Choice(lists=tuple(sheet.list.number for sheet in sheets), phones=wish.phones)
        made = make_material(
            office, campaign_name, "walk", file_format=file_format, language=language, choice=choice, progress=progress
        )
        sources = [made.folder / file.name for file in made.files]
        return WalkExport(tuple(_copied(source, folder) for source in sources), made.run.number)
    return _routes(office, campaign_name, file_format, folder, sheets, language, names=wish.names)


def _copied(source: Path, folder: Path) -> Path:
    target = folder / source.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, part := target.with_name(f".{target.name}.part"))
        part.replace(target)
    except OSError as error:
        raise disk_fault(target, error) from error
    return target


def _calendars(
    office: Office, campaign: Campaign, folder: Path, sheets: Sequence[WalkSheet], language: str, *, names: bool
) -> WalkExport:
    """Each post's whole calendar of walks, of `sheets` that are all of theirs: one withdrawn since is cancelled."""
    title = campaign.texts[language].title
    written: list[Path] = []
    taken: set[str] = set()
    for post in sorted({sheet.list.post for sheet in sheets}):
        own = [sheet for sheet in sheets if sheet.list.post == post]
        stamp = max(sheet.list.withdrawn or sheet.list.made for sheet in own)
        walked = [sheet for sheet in own if sheet.lines and sheet.state is not ListState.WITHDRAWN]
        events = [_event(sheet, language, names=names) for sheet in walked]
        with office.store.write() as unit:
            sent = numbered(unit, f"{campaign.name}/{language}/walks/{post}", events, stamp)
        path = folder / f"walks-{safe_name(post, taken)}.ics"
        name = f"{title} · {_('Walks')} · {post}"
        write_whole(path, make_calendar(name, sent.events, zone=campaign.zone.key, stamp=stamp))
        written.append(path)
    return WalkExport(tuple(written))


def _event(sheet: WalkSheet, language: str, *, names: bool) -> Event:
    walk = sheet.list
    first = sheet.lines[0].household.address
    summary = _("Walk list {number}: {count} doors", number=walk.number, count=len(sheet.lines))
    return Event(
        uid=f"walk-{walk.number}@{walk.campaign}.outreach.invalid",
        starts=walk.starts,
        ends=walk.ends,
        summary=_("{text} (provisional)", text=summary) if walk.provisional else summary,
        location=type(first)(first.community, first.compound, first.building).line(language),
        description="\n".join(_stop_words(sheet, rank, language, names=names) for rank in range(len(sheet.lines))),
        status="TENTATIVE" if walk.provisional else "CONFIRMED",
        categories=(_("Walks"),),
    )


def _stop_words(sheet: WalkSheet, rank: int, language: str, *, names: bool) -> str:
    """One door of an event's description. Calendars travel far: without names they stop at the entrance."""
    line, home = sheet.lines[rank], sheet.lines[rank].household
    where = home.address.line(language) if names else door_line([home], language)
    words = [f"{line.line.line}.", f"{line.line.at:%H:%M}", where, *([greeting(line.named, language)] if names else [])]
    return " ".join(words)


def _routes(
    office: Office,
    campaign_name: str,
    file_format: str,
    folder: Path,
    sheets: Sequence[WalkSheet],
    language: str,
    *,
    names: bool,
) -> WalkExport:
    rules = load_plan(office.workspace, campaign_name).walks
    faults: list[Fault] = []
    made: list[tuple[Path, bytes]] = []
    unplaced = 0
    for sheet in sheets:
        stops = [stop for line in sheet.lines if (stop := _stop(line, language, names=names))]
        unplaced += len(sheet.lines) - len(stops)
        number = sheet.list.number
        if not stops:
            faults.append(
                Fault(
                    _("walk list {number}", number=number),
                    _("none of its doors has coordinates, so there is no route to draw"),
                    _("add longitude and latitude to the roster, or print the list"),
                )
            )
            continue
        base = base_of(sheet.officer, rules) if names else None
        facts: dict[str, str | int] = {"list": number, "post": sheet.list.post, "day": sheet.list.day.isoformat()}
        if sheet.list.provisional:
            facts["provisional"] = True
        name = _("Walk list {number}", number=number)
        track = Track(f"{name} · {sheet.list.post} · {sheet.list.day}", stops, base, facts)
        content = make_geojson(track) if file_format == "geojson" else make_gpx(track)
        made.append((folder / f"walk-{number:04d}-{safe_name(sheet.list.post, set())}.{file_format}", content))
    refuse_if_any(faults, Conflict)
    for path, content in made:
        write_whole(path, content)
    return WalkExport(tuple(path for path, _content in made), unplaced=unplaced)


def _stop(line: WalkSheetLine, language: str, *, names: bool) -> TrackStop | None:
    home = line.household
    if home.lon is None or home.lat is None:
        return None
    facts: dict[str, str | int] = {"minutes": line.line.minutes}
    if names:
        facts |= {
            "household": home.code,
            "names": greeting(line.named, language),
            "address": home.address.line(language),
        }
    return TrackStop(str(line.line.line), (home.lon, home.lat), line.line.at, facts)
