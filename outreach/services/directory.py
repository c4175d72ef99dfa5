"""The directory of phones: agencies taken in, officers' numbers beside them, changes recorded, reviews that are due."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.directory import phone_digits, phone_printed
from outreach.domain.hotline import (
    OFFICER_KINDS,
    Agency,
    ListedPhone,
    PhoneCheck,
    PhoneKind,
    PhoneStanding,
    phone_standing,
)
from outreach.domain.people import Officer
from outreach.errors import BadInput, Conflict, NotFound
from outreach.intake import cells
from outreach.intake.directory import read_agencies
from outreach.messages import _, current_language
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.phone_papers import PhonePaper, households_of, papers_with
from outreach.store.directory import Numbers, PhoneChange
from outreach.store.unit import Unit

REVIEW_DAYS = 90
"""After how many days without a call that found it right a number is due for review, unless said otherwise."""

_OFFICER_FIELDS = {
    PhoneKind.MOBILE: "mobile",
    PhoneKind.HOME: "home_phone",
    PhoneKind.OFFICE: "office_phone",
}


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One number of the directory, what its checks say, and whether it is due for review."""

    phone: ListedPhone
    standing: PhoneStanding
    due: bool


@dataclass(frozen=True, slots=True)
class AgencyImport:
    """What an import of agencies did; changes: the numbers that were added, changed or given up.

    papers, tell: as of `PhoneSet`, of all old numbers together.
    """

    file: str
    rows: int
    added: int
    changed: int
    unchanged: int
    absent: int
    changes: tuple[PhoneChange, ...]
    papers: tuple[PhonePaper, ...]
    tell: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who must be told of a changed number. who: their name; why: in words."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class PhoneSet:
    """A number that was changed: the fact, the paper that carries the old one, who must be told."""

    change: PhoneChange
    papers: tuple[PhonePaper, ...]
    tell: tuple[Told, ...]


def import_agencies(office: Office, path: Path, *, by: str = "") -> AgencyImport:
    """Take in a directory of agencies (.xlsx, .xls, .csv), all or nothing; what the file does not name is left alone.

    Every number that differs is recorded as a change. Raises BadInput with every bad row.
    """
    now = office.now()
    rows = read_agencies(path, now.date())
    # A directory may be there before there is any campaign; where one is named, its file may name old numbers.
    campaign = load_campaign(office.workspace, "") if office.workspace.settings.campaign else None
    with office.store.write() as unit:
        known = unit.directory.agencies()
        added = changed = 0
        changes: list[PhoneChange] = []
        for row in rows:
            before = known.get(row.agency.code)
            if before == (row.agency, row.numbers):
                continue
            added += before is None
            changed += before is not None
            changes += _differences(office, row.agency.code, before[1] if before else (), row.numbers, now, by)
            unit.directory.put(row.agency, row.numbers)
        unit.directory.add_changes(changes)
        counts = {"added": added, "changed": changed, "unchanged": len(rows) - added - changed}
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        unit.rosters.record_import(office.new_id(), "agencies", path.name, digest, now, counts)
        agencies, officers = unit.directory.agencies(), unit.rosters.officers()
    absent = len(known.keys() - {row.agency.code for row in rows})
    changed_numbers = [change for change in changes if change.old]
    papers, tell = _news(office, campaign, changed_numbers, officers, agencies)
    return AgencyImport(path.name, len(rows), absent=absent, changes=tuple(changes), papers=papers, tell=tell, **counts)


def _differences(
    office: Office, owner: str, old: Numbers, new: Numbers, at: dt.datetime, by: str
) -> Iterable[PhoneChange]:
    """Number by number of each kind: what stays is no change, what went is paired with what came."""
    for kind in PhoneKind:
        gone = [number for one, number in old if one is kind and (one, number) not in new]
        come = [number for one, number in new if one is kind and (one, number) not in old]
        for rank in range(max(len(gone), len(come))):
            was, now = (numbers[rank] if rank < len(numbers) else "" for numbers in (gone, come))
            yield PhoneChange(office.new_id(), owner, kind, was, now, at, by, "")


def list_phones(office: Office, *, owner: str = "", days: int = REVIEW_DAYS, due_only: bool = False) -> list[PhoneRow]:
    """The directory: agencies by code, then officers by post, each number with what the checks say.

    owner: only this agency's, officer's or post's. days: after which a number is due. Raises NotFound for an owner
    nobody is.
    """
    today = office.now().date()
    with office.store.read() as unit:
        phones = listed_phones(unit)
        checks = checks_by_number(unit.directory.checks(office.workspace.zone))
        posts = {post: one.code for post, one in unit.rosters.officers().items()}
    wanted = posts.get(owner, owner)
    if owner and wanted not in {phone.owner for phone in phones}:
        raise NotFound.at(owner, _("the directory has no phone of this name"), _("see 'outreach phone list'"))
    rows = []
    for phone in phones:
        standing = phone_standing(checks.get(phone.key, ()))
        row = PhoneRow(phone, standing, standing.due(today, days))
        if wanted in ("", phone.owner) and (row.due or not due_only):
            rows.append(row)
    return rows


def listed_phones(unit: Unit) -> list[ListedPhone]:
    """Every number of the directory: agencies by code, then officers who hold a post."""
    found = []
    for agency, numbers in unit.directory.agencies().values():
        facts = (agency.code, agency.name, agency.area)
        found += [ListedPhone(*facts, kind, number, agency.hours, agency.published) for kind, number in numbers]
    for officer in unit.rosters.officers().values():
        for kind, field in _OFFICER_FIELDS.items():
            if number := phone_digits(getattr(officer, field)):
                found.append(ListedPhone(officer.code, officer.name, officer.section, kind, number))
    return found


def checks_by_number(checks: Iterable[PhoneCheck]) -> dict[tuple[str, str, str], list[PhoneCheck]]:
    """The checks of each number, by `ListedPhone.key`."""
    found: dict[tuple[str, str, str], list[PhoneCheck]] = {}
    for check in checks:
        found.setdefault(check.key, []).append(check)
    return found


def set_phone(
    office: Office,
    campaign_name: str,
    owner: str,
    kind: PhoneKind,
    number: str,
    *,
    old: str = "",
    by: str,
    note: str = "",
) -> PhoneSet:
    """Record that a number of an agency, an officer or the holder of a post is another now; one commit.

    number: '' gives the old one up. old: which of several numbers of the kind it replaces; '' adds one to an agency
    that has none of the kind, and else replaces its only one. Raises NotFound, BadInput for what is no phone, Conflict
    where it is not clear which number is meant or nothing would change.
    """
    now = office.now()
    campaign = load_campaign(office.workspace, campaign_name)
    _refuse_unless(cells.phone, number)
    digits, old_digits = phone_digits(number), phone_digits(old)
    if old and not old_digits:
        raise _no_phone(old)
    with office.store.write() as unit:
        agencies, officers = unit.directory.agencies(), unit.rosters.officers()
        holder = officers.get(owner) or next((one for one in officers.values() if one.code == owner), None)
        if owner in agencies:
            agency, numbers = agencies[owner]
            was = _replaced([one for other, one in numbers if other is kind], old_digits, owner, kind)
            _put(unit, agency, numbers, kind, was, digits)
        elif holder is not None:
            was = _officer_number(holder, kind)
            if kind is PhoneKind.MOBILE:
                _refuse_unless(cells.mobile, number)
            if old_digits and old_digits != was:
                raise _unknown_old(owner, kind)
            changed: dict[str, Any] = {_OFFICER_FIELDS[kind]: digits}
            unit.rosters.change_officers([replace(holder, **changed)], now)
        else:
            known = ", ".join([*agencies, *officers][:6])
            raise NotFound.at(
                owner,
                _("there is no agency, officer or post of this name"),
                _("choose one such as {names}", names=known),
            )
        if was == digits:
            raise Conflict.at(owner, _("this is the number already"), _("give another one"))
        change = PhoneChange(
            office.new_id(), holder.code if holder else owner, kind, was, digits, now, by.strip(), note.strip()
        )
        unit.directory.add_changes([change])
    papers, tell = _news(office, campaign, [change], officers, agencies)
    return PhoneSet(change, papers, tell)


def _refuse_unless(read: Callable[[str], str], number: str) -> None:
    """Raise BadInput for what the reader of directories and rosters would not take: 110 is nobody's own mobile."""
    if number and not phone_digits(number):
        raise _no_phone(number)
    try:
        read(number)
    except cells.CellFault as fault:
        raise BadInput.at(number, fault.what, _how_to_write()) from None


def _no_phone(text: str) -> BadInput:
    return BadInput.at(text, _("this is no phone number"), _how_to_write())


def _how_to_write() -> str:
    return _("write it with its area code, such as 0700-5550100, or as a mobile")


def _officer_number(officer: Officer, kind: PhoneKind) -> str:
    if kind not in OFFICER_KINDS:
        names = ", ".join(one.value for one in OFFICER_KINDS)
        raise BadInput.at(kind.value, _("officers have no such number"), _("choose one of {names}", names=names))
    return phone_digits(getattr(officer, _OFFICER_FIELDS[kind]))


def _replaced(numbers: list[str], old: str, owner: str, kind: PhoneKind) -> str:
    """Which of an agency's numbers of a kind gives way."""
    if old:
        if old not in numbers:
            raise _unknown_old(owner, kind)
        return old
    if len(numbers) > 1:
        raise Conflict.at(
            owner,
            _("has {count} numbers of this kind", count=len(numbers)),
            _("say with --old which one it replaces: {names}", names=", ".join(map(phone_printed, numbers))),
        )
    return numbers[0] if numbers else ""


def _unknown_old(owner: str, kind: PhoneKind) -> NotFound:
    return NotFound.at(
        owner,
        _("has no {kind} number like this to replace", kind=kind.label(current_language())),
        _("see 'outreach phone list {owner}'", owner=owner),
    )


def _put(unit: Unit, agency: Agency, numbers: Numbers, kind: PhoneKind, was: str, digits: str) -> None:
    kept = [(one, digits if (one, number) == (kind, was) else number) for one, number in numbers]
    if not was:
        kept.append((kind, digits))
    kept = [(one, number) for one, number in dict.fromkeys(kept) if number]
    if not kept:
        raise Conflict.at(agency.code, _("this is its last number"), _("record the new one, or take the agency out"))
    unit.directory.put(agency, tuple(kept))


def _news(
    office: Office,
    campaign: Campaign | None,
    changes: Sequence[PhoneChange],
    officers: Mapping[str, Officer],
    agencies: Mapping[str, tuple[Agency, Numbers]],
) -> tuple[tuple[PhonePaper, ...], tuple[Told, ...]]:
    """The paper that carries the old numbers, and who goes on calling or telling them unless somebody tells them."""
    gone = list(dict.fromkeys(change.old for change in changes if change.old))
    papers = papers_with(office, gone)
    tell: list[Told] = []
    if households := len(households_of(papers)):
        carried = _("their paper carries the old number: 'outreach run recall {number} --make'", number=" ".join(gone))
        tell.append(Told(_("{count} households", count=households), carried))
    for change in changes:
        tell += _of_office(change, officers, agencies)
        tell += _of_campaign(change, campaign) if campaign and change.old else ()
    return tuple(papers), tuple(dict.fromkeys(tell))


def _of_office(
    change: PhoneChange, officers: Mapping[str, Officer], agencies: Mapping[str, tuple[Agency, Numbers]]
) -> Iterable[Told]:
    if change.owner in agencies:
        area = agencies[change.owner][0].area
        for code, (agency, _numbers) in agencies.items():
            if code != change.owner and area and agency.area == area:
                yield Told(agency.name, _("an agency of the same area, which passes callers on"))
        yield Told(_("whoever publishes the directory"), _("its copy carries the old number"))
        if officers:
            yield Told(_("all {count} officers", count=len(officers)), _("they tell callers the number"))
    else:
        section = next((one.section for one in officers.values() if one.code == change.owner), "")
        same = [one for one in officers.values() if one.code != change.owner and section and one.section == section]
        if same:
            who = _("{count} officers of the section {section}", count=len(same), section=section)
            yield Told(who, _("they pass callers on"))


def _of_campaign(change: PhoneChange, campaign: Campaign) -> Iterable[Told]:
    bureau = campaign.bureaus[campaign.languages[0]]
    named = {"hotline": bureau.hotline, "complaint_phone": bureau.complaint_phone}
    for key, value in named.items():
        if phone_digits(value) == change.old:
            yield Told(
                _("whoever keeps the campaign file"), _("campaign.toml, bureau.{key} names the old number", key=key)
            )


def list_changes(office: Office, since: dt.date | None = None) -> list[PhoneChange]:
    """Every change of a number, in order of time; since: from that day on."""
    with office.store.read() as unit:
        changes = unit.directory.changes(office.workspace.zone)
    return [one for one in changes if since is None or one.at.date() >= since]
