"""The directory in forms other programs read: vCard 4 for address books, HSDS for directories of services, a table.

Sources: RFC 6350 (vCard 4.0), RFC 3966 (tel URIs), Open Referral's Human Services Data Specification 3.0.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from pathlib import Path

from outreach.domain.directory import phone_printed
from outreach.domain.hotline import ListedPhone, PhoneKind
from outreach.messages import _, current_language
from outreach.render.book import SheetTable, make_csv, make_workbook
from outreach.services.directory import REVIEW_DAYS, list_phones, listed_phones
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole

_NAMESPACE = uuid.UUID("6f7c0f2e-6d0c-5c5e-9b57-2f9a4f0c2a10")
"""Ours, so that an agency has one identifier in every export."""

_TYPES = {PhoneKind.FAX: "fax", PhoneKind.MOBILE: "cell", PhoneKind.HOME: "voice"}


def write_directory(office: Office, target: Path, *, private: bool = False) -> int:
    """Write the directory as .vcf, .json or a folder of .csv (HSDS), or .xlsx; returns how many numbers it holds.

    private: officers' own mobile and home numbers too; what agencies publish is in every form. Raises BadInput for
    another ending.
    """
    if target.suffix:
        refuse_other_endings(target, ".vcf", ".json", ".xlsx")
    with office.store.read() as unit:
        agencies = set(unit.directory.agencies())
        phones = [phone for phone in listed_phones(unit) if private or _published(phone, agencies)]
    ending = target.suffix.lower()
    if ending == ".vcf":
        write_whole(target, "".join(_cards(phones, agencies)).encode())
    elif ending == ".json":
        write_whole(target, (json.dumps(_organizations(phones), ensure_ascii=False, indent=1) + "\n").encode())
    elif ending == ".xlsx":
        write_whole(target, _book(office, {phone.key for phone in phones}))
    else:
        for name, (headings, rows) in _tables(phones).items():
            write_whole(target / f"{name}.csv", make_csv(headings, rows))
    return len(phones)


def _published(phone: ListedPhone, agencies: set[str]) -> bool:
    return phone.owner in agencies or phone.kind is PhoneKind.OFFICE


def _cards(phones: Iterable[ListedPhone], agencies: set[str]) -> Iterable[str]:
    for own in _by_owner(phones):
        first = own[0]
        name = _text(first.owner_name)
        kind = "org" if first.owner in agencies else "individual"
        lines = ["BEGIN:VCARD", "VERSION:4.0", f"KIND:{kind}", f"UID:urn:uuid:{_id('organization', first.owner)}"]
        lines += [f"FN:{name}", f"ORG:{name}" if kind == "org" else f"N:{name};;;;"]
        lines += [f"CATEGORIES:{_text(first.area)}"] if first.area else []
        lines += [f"TEL;VALUE=uri;TYPE={_tel_type(one)}:{_tel(one.number)}" for one in own]
        notes = [f"{one.kind.label(current_language())} {phone_printed(one.number)} {one.hours}".strip() for one in own]
        lines += [f"NOTE:{_text('; '.join(notes))}", "END:VCARD"]
        yield "".join(f"{_folded(line)}\r\n" for line in lines)


def _tel_type(phone: ListedPhone) -> str:
    place = "home" if phone.kind is PhoneKind.HOME else "work"
    return f'"{place},{_TYPES.get(phone.kind, "voice")}"'


def _tel(number: str) -> str:
    """A tel URI: numbers of the country with +86 and without the area code's 0, short ones within the country only."""
    number, _x, extension = number.partition("x")
    more = f";ext={extension}" if extension else ""
    if number.startswith("+"):
        return f"tel:{number}{more}"
    if number.startswith("0") or (len(number) == 11 and number.startswith("1")):
        return f"tel:+86{number.removeprefix('0')}{more}"
    return f"tel:{number};phone-context=+86{more}"


def _text(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """The line in parts of at most 75 octets (RFC 6350, 3.2), cut between signs."""
    parts, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            parts.append("")
            size = 1  # the blank a continued line begins with
        parts[-1] += sign
        size += width
    return "\r\n ".join(parts)


def _by_owner(phones: Iterable[ListedPhone]) -> list[list[ListedPhone]]:
    found: dict[str, list[ListedPhone]] = {}
    for phone in phones:
        found.setdefault(phone.owner, []).append(phone)
    return list(found.values())


def _id(sort: str, *names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((sort, *names))))


def _organizations(phones: Iterable[ListedPhone]) -> list[dict[str, object]]:
    """HSDS 3.0 objects: an organization with its one service, the enquiries it answers, and its phones."""
    found: list[dict[str, object]] = []
    for own in _by_owner(phones):
        first = own[0]
        organization = _id("organization", first.owner)
        service = {
            "id": _id("service", first.owner),
            "name": _("Enquiries"),
            "status": "active",
            "schedules": [
                {"id": _id("schedule", first.owner), "description": first.hours} for _one in own[:1] if first.hours
            ],
        }
        found.append(
            {
                "id": organization,
                "name": first.owner_name,
                "description": first.area or first.owner_name,
                "services": [service],
                "phones": [
                    {
                        "id": _id("phone", *one.key),
                        "number": one.number.partition("x")[0],
                        "extension": one.number.partition("x")[2] or None,
                        "type": _TYPES.get(one.kind, "voice"),
                        "description": one.kind.label(current_language()),
                    }
                    for one in own
                ],
            }
        )
    return found


def _tables(phones: Iterable[ListedPhone]) -> dict[str, tuple[list[str], list[list[str]]]]:
    """The same as HSDS's flat tables."""
    organizations: list[list[str]] = []
    services: list[list[str]] = []
    schedules: list[list[str]] = []
    numbers: list[list[str]] = []
    for own in _by_owner(phones):
        first = own[0]
        organization, service = _id("organization", first.owner), _id("service", first.owner)
        organizations.append([organization, first.owner_name, first.area or first.owner_name])
        services.append([service, organization, _("Enquiries"), "active"])
        if first.hours:
            schedules.append([_id("schedule", first.owner), service, first.hours])
        for one in own:
            number, _x, extension = one.number.partition("x")
            label = one.kind.label(current_language())
            numbers.append(
                [_id("phone", *one.key), organization, number, extension, _TYPES.get(one.kind, "voice"), label]
            )
    return {
        "organizations": (["id", "name", "description"], organizations),
        "services": (["id", "organization_id", "name", "status"], services),
        "schedules": (["id", "service_id", "description"], schedules),
        "phones": (["id", "organization_id", "number", "extension", "type", "description"], numbers),
    }


def _book(office: Office, keys: set[tuple[str, str, str]]) -> bytes:
    language = current_language()
    rows = [
        [
            row.phone.owner, row.phone.owner_name, row.phone.area, row.phone.kind.label(language),
            phone_printed(row.phone.number), row.phone.hours, row.phone.published,
            row.standing.verified_at.date() if row.standing.verified_at else None, row.standing.by,
            row.standing.last.label(language) if row.standing.last else "",
        ]
        for row in list_phones(office, days=REVIEW_DAYS)
        if row.phone.key in keys
    ]  # fmt: skip
    headings = [_("Code"), _("Name"), _("Area or section"), _("Kind"), _("Number"), _("Phone hours"), _("Published on"),
                _("Verified on"), _("Verified by"), _("Last result")]  # fmt: skip
    return make_workbook([SheetTable(_("Directory"), headings, rows)])
