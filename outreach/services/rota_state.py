"""What stands of all the rotas a campaign has had: the newest word on every shift, published or in draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from outreach.store.rotas import RotaShift, StoredRota


class RotaKind(StrEnum):
    """Which rota: the booths or the phone."""

    BOOTH = "booth"
    DUTY = "duty"


@dataclass(slots=True)
class Standing:
    """The shifts that stand, by key; who is on each (staff codes); what is locked; and of which rota each shift is."""

    shifts: dict[str, RotaShift] = field(default_factory=dict)
    on: dict[str, tuple[str, ...]] = field(default_factory=dict)
    locked: dict[tuple[str, str], bool] = field(default_factory=dict)
    rota: dict[str, StoredRota] = field(default_factory=dict)

    def in_order(self) -> list[RotaShift]:
        """The shifts by time and key."""
        return sorted(self.shifts.values(), key=lambda shift: (shift.starts, shift.key))

    def cells(self) -> frozenset[tuple[str, str]]:
        """(officer, shift) of everybody who is on."""
        return frozenset((code, key) for key, codes in self.on.items() for code in codes)


def flight_of(key: str) -> str:
    """The flight a booth's shift belongs to: its key without day and turn."""
    return key.rsplit("-", 2)[0]


def published(rotas: Iterable[StoredRota]) -> Standing:
    """What was published, the newest publication of each shift."""
    told = [rota for rota in rotas if rota.published is not None]
    return _laid(sorted(told, key=lambda rota: (rota.published or rota.made, rota.made, rota.id)))


def latest(rotas: Iterable[StoredRota]) -> Standing:
    """What was published with the drafts laid over it, in the order they were made."""
    kept = list(rotas)
    told = [rota for rota in kept if rota.published is not None]
    told.sort(key=lambda rota: (rota.published or rota.made, rota.made, rota.id))
    return _laid([*told, *(rota for rota in kept if rota.published is None)])


def _laid(rotas: Iterable[StoredRota]) -> Standing:
    """The rotas laid one over another; each takes away what stood for its days (and its flight, where it has one)."""
    found = Standing()
    for rota in rotas:
        for key in [key for key, shift in found.shifts.items() if is_for(rota, shift)]:
            del found.shifts[key], found.rota[key]
            found.on.pop(key, None)
            found.locked = {cell: on for cell, on in found.locked.items() if cell[1] != key}
        on: dict[str, list[str]] = {shift.key: [] for shift in rota.shifts}
        for cell in rota.cells:
            if cell.on and cell.shift in on:
                on[cell.shift].append(cell.officer)
            if cell.locked:
                found.locked[cell.officer, cell.shift] = cell.on
        for shift in rota.shifts:
            found.shifts[shift.key] = shift
            found.rota[shift.key] = rota
            found.on[shift.key] = tuple(sorted(on[shift.key]))
    return found


def is_for(rota: StoredRota, shift: RotaShift) -> bool:
    """Whether a rota has the word on a shift: it lies on its days, and belongs to its flight where it has one."""
    return in_scope(shift, rota.first, rota.last, rota.rules.get("flight", ""))


def in_scope(shift: RotaShift, first: dt.date, last: dt.date, flight: str) -> bool:
    """Whether a shift lies on the days, and belongs to the flight where one is named."""
    return first <= shift.starts.date() <= last and (not flight or flight_of(shift.key) == flight)


@dataclass(frozen=True, slots=True)
class RotaChange:
    """One officer and one shift that differ from what was published. what: 'on' or 'off'."""

    shift: str
    place: Mapping[str, str]
    starts: dt.datetime
    ends: dt.datetime
    officer: str
    name: str
    what: str


def changes(before: Standing, after: Standing, names: Mapping[str, str]) -> list[RotaChange]:
    """Who gains and who loses which shift, by time; of shifts that are in both, or were taken away."""
    found = []
    for key in before.shifts.keys() | after.shifts.keys():
        shift = after.shifts.get(key) or before.shifts[key]
        old, new = set(before.on.get(key, ())), set(after.on.get(key, ()))
        for code in sorted(old ^ new):
            what = "on" if code in new else "off"
            found.append(RotaChange(key, shift.place, shift.starts, shift.ends, code, names.get(code, code), what))
    return sorted(found, key=lambda change: (change.starts, change.shift, change.what, change.officer))
