"""Notices on doors: where one hangs, is missing or was taken down, what must come down, and photos that prove it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.campaign import Campaign
from outreach.domain.pieces import PieceState, in_force
from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import _
from outreach.render.photo import clean_snapshot
from outreach.services.campaigns import load_campaign
from outreach.services.corrections import cleaned
from outreach.services.office import Office, write_whole
from outreach.services.piece_states import ON_PAPER, whereabouts
from outreach.services.posting import notice_flight
from outreach.services.runs import find_run, list_runs
from outreach.store.piece_photos import PiecePhoto
from outreach.store.runs import Piece, Run
from outreach.store.unit import Unit

PHOTOS = "photos"
_CLOCK_SKEW = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice made for a door, and where it is. since: of the state, None where it is only printed.

    remove_by: the day until which it is taken down, None where its campaign names none. days: how many days too long it
    hangs. photos: their hashes. shared: other doors that show one of these photos.
    """

    run: int
    piece: int
    code: str
    entrance: str
    officer: str
    state: PieceState
    since: dt.datetime | None
    remove_by: dt.date | None
    days: int
    photos: tuple[str, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoKept:
    """A photo that was taken in. file: where it is kept. already: it was kept for this piece before.

    posted: whether the piece is recorded as posted. others: other doors that show the same picture.
    """

    run: int
    piece: int
    entrance: str
    sha256: str
    file: Path
    already: bool
    posted: bool
    others: tuple[str, ...]


def list_notices(
    office: Office, campaign_name: str, *, states: Collection[PieceState] = (), day: dt.date | None = None
) -> list[NoticeLine]:
    """Every notice made for a door, by run and number, as it stands on a day (today where None).

    states: all where empty.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    day = day or office.now().astimezone(campaign.zone).date()
    runs = {
        one.number: one
        for one in list_runs(office)
        if one.campaign == campaign.name and one.state == "whole" and one.format in ON_PAPER
    }
    doors = {run: [one for one in whereabouts(office, run) if one.piece.entrance] for run in sorted(runs)}
    with office.store.read() as unit:
        photos = _photos_by_piece(unit, runs.values(), campaign.zone)
    shared: dict[str, set[str]] = defaultdict(set)
    for run, hung in doors.items():
        for one in hung:
            for photo in photos.get((runs[run].id, one.piece.number), ()):
                shared[photo.sha256].add(one.piece.entrance)
    remove_by = _remove_by(campaign)
    found = []
    for run, hung in doors.items():
        for one in hung:
            own = tuple(photo.sha256 for photo in photos.get((runs[run].id, one.piece.number), ()))
            over = (day - remove_by).days if remove_by and one.state is PieceState.POSTED else 0
            others = {door for sha256 in own for door in shared[sha256]} - {one.piece.entrance}
            found.append(
                NoticeLine(
                    run=run,
                    piece=one.piece.number,
                    code=one.piece.code,
                    entrance=one.piece.entrance,
                    officer=one.piece.officer,
                    state=one.state,
                    since=one.event.at if one.event else None,
                    remove_by=remove_by,
                    days=max(over, 0),
                    photos=own,
                    shared=tuple(sorted(others)),
                )
            )
    return [one for one in found if not states or one.state in states]


def notices_due(office: Office, campaign_name: str, day: dt.date | None = None) -> list[NoticeLine]:
    """The notices that hang and must be down by the end of a day (today where None), the longest overdue first."""
    campaign = load_campaign(office.workspace, campaign_name)
    day = day or office.now().astimezone(campaign.zone).date()
    hanging = list_notices(office, campaign_name, states=(PieceState.POSTED,), day=day)
    due = [one for one in hanging if one.remove_by is not None and one.remove_by <= day]
    return sorted(due, key=lambda one: (-one.days, one.officer, one.run, one.piece))


def _remove_by(campaign: Campaign) -> dt.date | None:
    flight = notice_flight(campaign)
    day = flight.fields.get("remove_by") if flight else None
    return day if isinstance(day, dt.date) else None


def keep_photo(
    office: Office,
    run_number: int,
    number: int,
    file: Path,
    *,
    at: dt.datetime | None = None,
    by: str = "",
    note: str = "",
) -> PhotoKept:
    """Keep a photo of a notice on its door: its pixels alone, in the workspace's `photos/`; the same one once only.

    at: when it was taken, now where None. Raises NotFound, BadInput for a file that is no sound picture or a time that
    cannot be right, Conflict for a piece that is for no door.
    """
    run = find_run(office, number=run_number)
    zone = office.workspace.zone
    taken = office.now() if at is None else at.replace(tzinfo=at.tzinfo or zone)
    if taken > office.now() + _CLOCK_SKEW:
        raise BadInput.at("--at", _("{day} is still to come", day=f"{taken:%Y-%m-%d %H:%M}"), _("correct the time"))
    note = cleaned("--note", note)
    picture = clean_snapshot(file)
    digest = hashlib.sha256(picture).hexdigest()
    target = photo_path(office, digest)
    with office.store.write() as unit:
        piece = _door_piece(unit, run, number)
        same = unit.piece_photos.same([digest], zone)
        already = any((one.run_id, one.piece) == (run.id, number) for one in same)
        if not target.is_file():
            write_whole(target, picture)  # before its row: a file too many harms nobody
        if not already:
            unit.piece_photos.add(PiecePhoto(office.new_id(), run.id, number, digest, taken, by or office.actor, note))
        history = in_force(unit.piece_events.of_piece(run.id, number, zone))
        others = tuple(sorted(_entrances(unit, same) - {piece.entrance}))
    posted = any(one.state is PieceState.POSTED for one in history)
    return PhotoKept(run.number, number, piece.entrance, digest, target, already, posted, others)


def photo_path(office: Office, sha256: str) -> Path:
    """Where the picture with that hash is kept."""
    return office.workspace.root / PHOTOS / sha256[:2] / f"{sha256}.jpg"


def _door_piece(unit: Unit, run: Run, number: int) -> Piece:
    piece = unit.runs.piece(run.id, number)
    where = _("run {run}, piece {number}", run=run.number, number=number)
    if piece is None:
        raise NotFound.at(
            where, _("there is no such piece"), _("see 'outreach run show {number} --pieces'", number=run.number)
        )
    if not piece.entrance:
        raise Conflict.at(where, _("is for no door"), _("choose a notice; see 'outreach notice list'"))
    return piece


def _entrances(unit: Unit, photos: Collection[PiecePhoto]) -> set[str]:
    pieces = (unit.runs.piece(one.run_id, one.piece) for one in photos)
    return {piece.entrance for piece in pieces if piece is not None}


def _photos_by_piece(unit: Unit, runs: Collection[Run], zone: dt.tzinfo) -> Mapping[tuple[str, int], list[PiecePhoto]]:
    found: dict[tuple[str, int], list[PiecePhoto]] = defaultdict(list)
    for one in unit.piece_photos.of([run.id for run in runs], zone):
        found[one.run_id, one.piece].append(one)
    return found
