"""Roster rows -> households: which rows belong together, what they must agree on, and who is who."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from outreach.domain.directory import masked_id
from outreach.domain.people import Address, Difficulty, Household, Person, Relation
from outreach.intake.address import Parts, floor_of
from outreach.intake.cells import without_numbers
from outreach.intake.rows import Record, Rows, Told
from outreach.messages import _

_PARTS = ("community", "compound", "building", "entrance", "unit", "room")
# What all rows of a household say alike, or leave empty.
_OF_THE_HOUSEHOLD = ("address", *_PARTS, "floor", "lon", "lat", "difficulty", "language")
_ADDRESS_FIELDS = ("address", "compound")
_PERSON_FIELDS = ("born", "id_number", "mobile", "employer", "months_lapsed", "last_paid", "sex")
_BESIDE = {Relation.SELF: Relation.SPOUSE, Relation.SPOUSE: Relation.SELF}
_RANK = {Relation.SELF: 0, Relation.SPOUSE: 1}
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: codes are read out on the phone


def households(rows: Rows) -> list[Household]:
    """The sound households among the rows, in the file's order; faults are noted in `rows`."""
    _refuse_repeated_ids(rows)
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for record in rows.records:
        if (key := _group_key(rows, record)) is not None:
            groups.setdefault(key, []).append(record)
    _put_spouses_together(groups)
    found = []
    keys_by_code: dict[str, tuple[Any, ...]] = {}
    for key, group in groups.items():
        code = key[1] if key[0] == "code" else stable_code(key)
        if keys_by_code.setdefault(code, key) != key:
            what = _("two households have come to the same code {code}", code=code)
            rows.blame(group[0], "", what, _("add a column 户号 with codes of your own"))
        household = household_of(rows, code, group)
        if household is not None:
            found.append(household)
    return found


def stable_code(key: Sequence[object]) -> str:
    """'H' and ten signs (50 bits) that depend on the key alone: the same door has the same code in every import."""
    value = int.from_bytes(hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()[:7], "big") >> 6
    return "H" + "".join(_SIGNS[value >> shift & 31] for shift in range(45, -1, -5))


def _group_key(rows: Rows, record: Record) -> tuple[Any, ...] | None:
    """What makes rows one household: the code, else the door, else the person. None for a row left alone."""
    if "household_code" in record.values:
        code = record.get("household_code")
        if not code and not record.bad:
            rows.blame(record, "household_code", _("the cell is empty"), _("write the household's code in every row"))
        return ("code", code) if code else None
    if record.bad:
        return None
    parts = _parts(record, record.get("address", None))
    if parts["room"]:
        # '东户' is on every floor, '501' on one.
        floor = () if re.search(r"\d", parts["room"]) else (record.get("floor", 0),)
        return ("door", *parts.values(), *filter(None, floor))
    return ("person", *parts.values(), record.get("name"), record.get("id_number", record.get("mobile")))


def _put_spouses_together(groups: dict[tuple[Any, ...], list[Record]]) -> None:
    """A spouse alone joins the household of the same address: the one last before them, else the only one."""
    alone: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key in groups:
        if key[0] == "person" and any(key[1 : 1 + len(_PARTS)]):
            alone.setdefault(key[1 : 1 + len(_PARTS)], []).append(key)
    for keys in alone.values():
        order = {key: at for at, key in enumerate(keys)}
        single = [key for key in keys if not _has_spouse(groups[key])]
        for key in keys:
            if [record.get("relation") for record in groups[key]] != [Relation.SPOUSE]:
                continue
            before = [other for other in single if order[other] < order[key]]
            home = before[-1] if before else single[0] if len(single) == 1 else None
            if home is not None:
                single.remove(home)
                groups[home] += groups.pop(key)


def _has_spouse(group: list[Record]) -> bool:
    """Whether a group of rows names a spouse, or is none that could have one."""
    heads = (Relation.SELF, "")
    return not any(record.get("relation") in heads and not record.get("spouse_name") for record in group)


def _parts(record: Record, parsed: Parts | None) -> dict[str, str]:
    """The address by its columns, with what they leave empty from the free line."""
    if parsed is None:
        return {name: record.get(name) for name in _PARTS}
    return {name: record.get(name) or getattr(parsed, name) for name in _PARTS}


def _refuse_repeated_ids(rows: Rows) -> None:
    """A row repeated sign by sign, or an ID number that stands twice in the file, is a fault naming both rows."""
    whole: dict[tuple[Any, ...], Record] = {}
    numbers: dict[str, tuple[Record, str]] = {}
    for record in rows.records:
        if record.bad:
            continue
        signs = tuple(record.values.values())
        if first := whole.get(signs):
            what = _("the row repeats {place}", place=first.place())
            rows.blame(record, "", what, _("delete one of the two rows"))
            continue
        whole[signs] = record
        for field, owner in (("id_number", record.get("name")), ("spouse_id_number", record.get("spouse_name"))):
            number = record.values.get(field)
            if not number:
                continue
            before, name = numbers.setdefault(number, (record, owner))
            # A couple may stand in two rows that name each other; that is one number, not two persons.
            if before is not record and (name != owner or not _name_each_other(before, record)):
                what = _("the ID number {value} stands in {place} too", value=masked_id(number), place=before.place())
                rows.blame(record, field, what, _("correct the wrong one, or delete the row that is too many"))
            elif before is record and name != owner:
                what = _("both spouses have the ID number {value}", value=masked_id(number))
                rows.blame(record, field, what, _("correct the wrong one"))


def _name_each_other(one: Record, other: Record) -> bool:
    names = one.get("name"), other.get("name")
    return bool(one.get("spouse_name") == names[1] or other.get("spouse_name") == names[0])


def household_of(rows: Rows, code: str, group: list[Record]) -> Household | None:
    """The household of a code and its rows, in the file's order; None where something is wrong, noted in `rows`."""
    first = group[0]
    values = dict(first.values) if len(group) == 1 else _agreed(rows, group)
    merged = Record(first.table, first.number, values, first.bad)
    parsed: Parts | None = merged.get("address", None)
    parts = _parts(merged, parsed)
    if parsed is not None:
        _refuse_two_addresses(rows, first, merged, parsed)
    fields: frozenset[str] = frozenset().union(*(rows.fields(record) for record in group))
    with_address = not fields.isdisjoint(_ADDRESS_FIELDS)
    if with_address and not parts["compound"] and not parts["community"] and not any(record.bad for record in group):
        field = "address" if "address" in values else "compound"
        rows.blame(first, field, _("the household has no address"), _("fill in at least the compound"))
    lon, lat = merged.get("lon", None), merged.get("lat", None)
    refuse_half_coordinates(rows, first, lon, lat)
    persons, of_persons = _persons(rows, group)
    if any(record.bad for record in group):
        return None
    floor = merged.get("floor", None)
    if floor is None:
        told = parsed.floor if parsed is not None else ""
        floor = int(told) if told.isdigit() else floor_of(parts["room"])
    told_fields = fields if parsed is not None else fields - {"address"}
    rows.told[code] = Told(first.table, first.number, told_fields, of_persons)
    return Household(
        code=code,
        address=Address(**parts, floor=floor),
        persons=persons,
        difficulty=merged.get("difficulty", Difficulty.NORMAL),
        migrant=any(record.values.get("migrant") is True for record in group),
        lon=lon,
        lat=lat,
        works=any(record.values.get("works") is True for record in group),
        language=merged.get("language"),
    )


def _agreed(rows: Rows, group: list[Record]) -> dict[str, Any]:
    """The household's values from all its rows; rows that say different things are a fault naming both."""
    agreed: dict[str, tuple[Any, Record]] = {}
    for record in group:
        for field in _OF_THE_HOUSEHOLD:
            value = record.values.get(field)
            if value is None or value == "":
                continue
            before, source = agreed.setdefault(field, (value, record))
            if before != value:
                what = _(
                    "'{value}' is not what {place} says of the same household ('{other}')",
                    value=_shown(value),
                    place=source.place(),
                    other=_shown(before),
                )
                rows.blame(record, field, what, _("make the rows agree, or give them different household codes"))
    return {field: value for field, (value, _source) in agreed.items()}


def _shown(value: object) -> str:
    return without_numbers("".join(value) if isinstance(value, Parts) else str(value))


def _refuse_two_addresses(rows: Rows, record: Record, merged: Record, parsed: Parts) -> None:
    for field in _PARTS:
        column, line = merged.get(field), getattr(parsed, field)
        if column and line and not _alike(column, line):
            what = _("'{value}' is not what the address says ('{other}')", value=_shown(column), other=_shown(line))
            rows.blame(record, field, what, _("correct the one that is wrong"))


def _alike(one: str, other: str) -> bool:
    """Whether two spellings can mean the same: '3号楼' and '3', '槐荫' and '槐荫社区'."""
    numbers = re.findall(r"\d+", one), re.findall(r"\d+", other)
    return numbers[0] == numbers[1] if any(numbers) else one in other or other in one


def refuse_half_coordinates(rows: Rows, record: Record, lon: float | None, lat: float | None) -> None:
    """A longitude without a latitude, or both nought, place nobody."""
    if (lon is None) != (lat is None) and not record.bad:
        field = "lon" if lon is not None else "lat"
        rows.blame(record, field, _("longitude and latitude come in pairs"), _("fill in both, or neither"))
    elif lon == 0 and lat == 0:
        what = _("0, 0 lies in the sea: the place was not found")
        rows.blame(record, "lon", what, _("leave both empty where the place is not known"))


def _persons(rows: Rows, group: list[Record]) -> tuple[tuple[Person, ...], tuple[frozenset[str], ...]]:
    """The household's persons, numbered (self, spouse, then the others as they stand), and what is told of each."""
    by_name = {record.get("name"): index for index, record in enumerate(group)}
    relations = _relations(group)
    found: list[dict[str, Any]] = [_person(record) for record in group]
    told = [_told(rows, record) for record in group]
    for index, record in enumerate(group):
        spouse = record.get("spouse_name")
        if not spouse:
            if record.get("spouse_id_number") or record.get("spouse_mobile"):
                rows.blame(record, "spouse_name", _("the spouse has no name"), _("fill in the spouse's name"))
            continue
        details = {"id_number": record.get("spouse_id_number"), "mobile": record.get("spouse_mobile")}
        beside = {field for field in ("id_number", "mobile") if f"spouse_{field}" in record.values}
        own = by_name.get(spouse, index)
        if own == index:
            found.append({"name": spouse, **details})
            relations.append(_BESIDE.get(relations[index] or Relation.SELF, Relation.OTHER))
            told.append(frozenset(beside | {"relation"}))
            continue
        _complete(rows, record, found[own], details)
        told[own] |= beside
        if relations[own] is None and relations[index] is Relation.SELF:
            relations[own] = Relation.SPOUSE
            told[own] |= {"relation"}
    ranked = sorted(
        zip(found, relations, told, strict=True), key=lambda each: _RANK.get(each[1] or Relation.OTHER, 2)
    )  # a stable sort
    persons = tuple(
        Person(number=number, relation=relation or Relation.OTHER, **details)
        for number, (details, relation, _told) in enumerate(ranked, start=1)
    )
    return persons, tuple(fields for *_person, fields in ranked)


def _told(rows: Rows, record: Record) -> frozenset[str]:
    """What a row says of its person; an empty relation says nothing."""
    fields = rows.fields(record)
    return fields if record.get("relation") else fields - {"relation"}


def _relations(group: list[Record]) -> list[Relation | None]:
    """What each row says; where no row says 'self', the first that says nothing is."""
    relations: list[Relation | None] = [record.get("relation", None) for record in group]
    if Relation.SELF not in relations and relations[0] is None:
        relations[0] = Relation.SELF
    return relations


def _person(record: Record) -> dict[str, Any]:
    details = {field: value for field in _PERSON_FIELDS if (value := record.get(field, None)) is not None}
    return {"name": record.get("name"), **details}


def _complete(rows: Rows, record: Record, own: dict[str, Any], details: Mapping[str, str]) -> None:
    """Fill what a person's own row leaves empty from the spouse columns beside their partner."""
    for field, value in details.items():
        if value and own.setdefault(field, value) != value:
            what = _("the spouse's own row says something else")
            rows.blame(record, f"spouse_{field}", what, _("correct the one that is wrong"))
