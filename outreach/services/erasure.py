"""Erasing a household so that it stays erased, and taking names out of campaigns that are long over.

Erasing takes everything personal out of the store and leaves a stone that counts in reports, and marks by which the
household is recognised when a file or another machine brings it back. Expiry does the same to all households of a
campaign, without marks: who comes back in a new roster comes back.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from outreach.domain.people import Household, is_stone
from outreach.errors import BadInput, Conflict
from outreach.messages import _
from outreach.services.campaigns import list_campaigns, load_campaign
from outreach.services.erasure_marks import erasure_key, mark_of, signs_of
from outreach.services.household_codes import not_listed
from outreach.services.journal_erasure import journals_of, journals_without
from outreach.services.office import Office
from outreach.services.trail import append, note_head
from outreach.store.erasure import Mark, Naming
from outreach.store.trail import Entry
from outreach.store.unit import Unit

_LEVEL = 3  # as services/truths.py packs them


@dataclass(frozen=True, slots=True)
class PaperLeft:
    """A file on disk with the household's name in it. pieces: their numbers in the run."""

    run: int
    file: str
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure does, or did. stone: what stands in its place now, '' before. marks: what it is known again by.

    paper: files of print runs that still hold it; merged: households that had been merged into it, erased with it.
    journals: those of `journals/` that hold something typed of it, or one of its names and numbers. naming: follow-ups
    and cases of no household that hold one of them; they stay, for a namesake may have said it.
    """

    household: str
    persons: int
    attempts: int
    milestones: int
    merged: tuple[str, ...]
    marks: int
    paper: tuple[PaperLeft, ...]
    journals: tuple[str, ...] = ()
    naming: tuple[Naming, ...] = ()
    stone: str = ""


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure that was done. stone: the code that stands in the household's place."""

    stone: str
    at: dt.datetime
    reason: str
    by: str
    marks: int


@dataclass(frozen=True, slots=True)
class Expiry:
    """What the expiry of a campaign takes out, or took. kept: households that another campaign still works with."""

    campaign: str
    since: dt.date
    households: int
    kept: int
    ledger_lines: int
    paper: tuple[PaperLeft, ...]
    done: bool


def erase_household(office: Office, code: str, *, reason: str, dry_run: bool = False) -> Erasure:
    """Erase one household, with all that were merged into it.

    dry_run: only tell. Raises NotFound for a household that is not there, BadInput without a reason.
    """
    if not reason.strip():
        raise BadInput.at("--reason", _("is empty"), _("say who asked for it and when, without a name"))
    key = None if dry_run else erasure_key(office, create=True)
    with office.store.read() as unit:
        codes = unit.erasures.with_merged([code]).keys()
        words = _words(unit.rosters.households(codes, gone=True).values())
    journals = journals_of(office, codes, words)
    with nullcontext() if dry_run else journals_without(office, codes, words):
        told = _erased(office, code, key, reason.strip(), journals)
    if not dry_run:
        office.store.forget_deleted()
    return told


def _erased(office: Office, code: str, key: bytes | None, reason: str, journals: Sequence[str]) -> Erasure:
    """Erase a household in the store; without a key only tell what would go."""
    with office.store.write() as unit:
        ids = unit.erasures.with_merged([code])
        if code not in unit.rosters.households([code]):
            raise not_listed(unit, code)
        merged = tuple(sorted(ids.keys() - {code}))
        homes = unit.rosters.households(ids, gone=True)
        told = Erasure(
            household=code,
            persons=len(homes[code].persons),
            attempts=unit.erasures.count("attempts", ids.values()),
            milestones=unit.erasures.count("milestones", ids.values()),
            merged=merged,
            marks=len(_signs(homes.values())),
            paper=tuple(_paper(office, unit, ids.keys())),
            journals=tuple(journals),
            naming=tuple(unit.erasures.naming(_words(homes.values()), office.workspace.zone)),
        )
        if key is None:
            return told
        renamed = _blank(office, unit, ids)
        at = office.now()
        marks = [
            (office.new_id(), Mark(mark_of(key, sort, text), sort, renamed[code], reason, at, office.actor))
            for sort, text in _signs(homes.values())
        ]
        unit.erasures.remember(marks)
        entry = append(office, unit, "household erase", {"stone": renamed[code], "reason": reason})
    note_head(office, entry)
    return replace(told, stone=renamed[code])


def erase_again(office: Office, marks: Sequence[Mark]) -> tuple[tuple[str, ...], Entry | None]:
    """Carry marks of another state of this store over and erase the households they mean; (their codes, the entry).

    The codes are of households that were there with everything, those merged into them included. Marks that are known
    are passed over. The entry is the last one on the trail, None where nobody was erased; `note_head` it. Raises
    NotFound where there are new marks and the key is not at hand; they are carried over all the same.
    """
    entry = None
    with office.store.write() as unit:
        present = {mark.digest for mark in unit.erasures.marks(office.workspace.zone)}
        new = {mark.digest: mark for mark in marks if mark.digest not in present}
        unit.erasures.remember([(office.new_id(), mark) for mark in new.values()])
    if not new:
        return (), None
    key = erasure_key(office)
    with office.store.write() as unit:
        reasons = {
            code: new[digest].reason
            for code in unit.rosters.household_ids(gone=True)
            if not is_stone(code) and (digest := mark_of(key, "code", code)) in new
        }
        ids = unit.erasures.with_merged(reasons)
        renamed = _blank(office, unit, ids)
        for code, reason in sorted(reasons.items()):
            entry = append(office, unit, "household erase", {"stone": renamed[code], "reason": reason})
    office.store.forget_deleted()
    return tuple(sorted(ids)), entry


def _words(homes: Iterable[Household]) -> frozenset[str]:
    """The names and numbers of the persons, to be found in what was typed."""
    persons = [person for home in homes for person in home.persons]
    return frozenset(word for one in persons for word in (one.name, one.mobile, one.id_number) if word)


def _signs(homes: Iterable[Household]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(sign for home in homes for sign in signs_of(home)))


def list_erasures(office: Office) -> list[Erased]:
    """Every erasure, oldest first; it names nobody."""
    with office.store.read() as unit:
        marks = unit.erasures.marks(office.workspace.zone)
    # After a restore a stone may bear the number of one whose household the backup never had.
    grouped: dict[tuple[str, dt.datetime], list[Mark]] = {}
    for mark in marks:
        grouped.setdefault((mark.household, mark.at), []).append(mark)
    return [Erased(stone, at, of[0].reason, of[0].by, len(of)) for (stone, at), of in grouped.items()]


def expire_campaign(office: Office, campaign_name: str, *, dry_run: bool = True) -> Expiry:
    """Take names, doors, phones and notes of a campaign's households out of the store once its time is over.

    Households that another campaign still works with stay: one whose own time is not over. dry_run: only tell.
    Raises BadInput where the settings keep everything, Conflict before the time is over.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    days = office.workspace.settings.privacy.keep_days
    if not days:
        raise BadInput.at(
            "outreach.toml, privacy.keep_days",
            _("nothing ever expires"),
            _("write after how many days from a campaign's end names are to go"),
        )
    today = office.now().date()
    since = campaign.ends + dt.timedelta(days=days)
    if today <= since:
        raise Conflict.at(
            campaign.name,
            _("its households are kept until {day}", day=since.isoformat()),
            _("come back after that, or change privacy.keep_days"),
        )
    live = [name for name in list_campaigns(office.workspace) if _kept_until(office, name, days) >= today]
    with office.store.read() as unit:
        gone, _kept = _expiring(unit, campaign.name, live)
        words = _words(unit.rosters.households(gone, gone=True).values())
    with nullcontext() if dry_run else journals_without(office, gone, words), office.store.write() as unit:
        gone, kept = _expiring(unit, campaign.name, live)
        told = Expiry(
            campaign=campaign.name,
            since=since,
            households=len(gone),
            kept=kept,
            ledger_lines=unit.erasures.count_ledger(campaign.name),
            paper=tuple(_paper(office, unit, gone.keys())),
            done=not dry_run,
        )
        if not dry_run:
            _blank(office, unit, gone)
            unit.erasures.blank_ledger(campaign.name)
            entry = append(office, unit, "campaign expire", {"campaign": campaign.name, "households": len(gone)})
    if not dry_run:
        note_head(office, entry)
        office.store.forget_deleted()
    return told


def _expiring(unit: Unit, campaign: str, live: Sequence[str]) -> tuple[dict[str, int], int]:
    """The row ids by code of the households that go with a campaign, and how many stay for the campaigns `live`."""
    mine = unit.erasures.elsewhere("", [campaign])
    kept = mine & unit.erasures.elsewhere(campaign, live)
    ids = unit.erasures.with_merged(sorted(mine - kept))
    return {code: key for code, key in ids.items() if not is_stone(code)}, len(kept)


def _kept_until(office: Office, name: str, days: int) -> dt.date:
    return load_campaign(office.workspace, name).ends + dt.timedelta(days=days)


def _blank(office: Office, unit: Unit, ids: Mapping[str, int]) -> dict[str, str]:
    _blank_truths(office, unit, ids.keys())
    homes = unit.rosters.households(ids, gone=True)
    names = frozenset(person.name for home in homes.values() for person in home.persons)
    renamed = unit.erasures.blank(ids, names, office.now())
    unit.facts.refold(ids.values())
    return renamed


def _paper(office: Office, unit: Unit, codes: Collection[str]) -> Iterator[PaperLeft]:
    """The files of whole runs that are on disk and hold one of the households' pieces, or a list that names one."""
    for run in unit.runs.all(office.workspace.zone):
        held: dict[str, list[int]] = {}
        for piece in unit.runs.pieces(run.id):
            if piece.household in codes:
                held.setdefault(piece.file, []).append(piece.number)
        folder = office.workspace.out / run.folder
        for file, numbers in held.items():
            if (folder / file).is_file():
                yield PaperLeft(run.number, f"{run.folder}/{file}", tuple(numbers))


def _blank_truths(office: Office, unit: Unit, codes: Collection[str]) -> None:
    """Take the households out of what printed pieces must say; `run verify` then asks nothing of those pieces."""
    wanted = frozenset(codes)
    for run in unit.runs.all(office.workspace.zone):
        blocks = unit.runs.truths(run.id)
        changed = [blocks[0], *(_without(block, wanted) for block in blocks[1:])] if blocks else []
        if changed != blocks:
            unit.runs.keep_truths(run.id, changed)


def _without(block: bytes, codes: frozenset[str]) -> bytes:
    job = json.loads(zlib.decompress(block))
    pieces = [_piece_without(piece, codes) for piece in job["pieces"]]
    if pieces == job["pieces"]:
        return block
    return zlib.compress(json.dumps(job | {"pieces": pieces}, ensure_ascii=False).encode(), _LEVEL)


def _piece_without(values: Mapping[str, Any], codes: frozenset[str]) -> Mapping[str, Any]:
    if _names(values.get("household"), codes):
        return {"piece": values["piece"]}
    return {name: _lists_without(value, codes) for name, value in values.items()}


def _lists_without(value: Any, codes: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _lists_without(inner, codes) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_lists_without(inner, codes) for inner in value if not _names(inner, codes)]
    return value


def _names(value: Any, codes: frozenset[str]) -> bool:
    """Whether a table of values is about one of the households: it has the code as a value of its own or one below."""
    if not isinstance(value, Mapping):
        return False
    return any(
        (isinstance(inner, str) and inner in codes) or (isinstance(inner, Mapping) and _names(inner, codes))
        for inner in value.values()
    )
