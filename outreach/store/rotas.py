"""Rotas: who stands at which booth and answers the phone when, as drafts and as published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from outreach.store import schema as t
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class RotaShift:
    """One shift of a rota; times are zoned. place, holiday: by language; holiday is empty on any other day."""

    key: str
    place: Mapping[str, str]
    starts: dt.datetime
    ends: dt.datetime
    heads: int
    holiday: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RotaCell:
    """One officer (staff code) and one shift. on: takes it. locked: stays so whatever is planned; off and locked is
    a cell that must stay empty.
    """

    shift: str
    officer: str
    on: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class StoredRota:
    """One plan of a campaign. kind: 'booth' or 'duty'. first, last: the days it is for, both included.

    published: None for a draft. figures: how far its aims were reached. rules: `flight`, where it is for one only.
    """

    id: str
    campaign: str
    kind: str
    first: dt.date
    last: dt.date
    made: dt.datetime
    published: dt.datetime | None
    figures: Mapping[str, Any]
    rules: Mapping[str, Any]
    shifts: tuple[RotaShift, ...]
    cells: tuple[RotaCell, ...]


class Rotas:
    """Reads and writes rotas, over one connection. What was published stays; drafts may be thrown away."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def campaigns(self) -> list[str]:
        """The names of the campaigns that have rotas."""
        query = select(t.rotas.c.campaign).distinct().order_by(t.rotas.c.campaign)
        return list(self._connection.execute(query).scalars())

    def all(self, campaign: str, kind: str, zone: dt.tzinfo) -> list[StoredRota]:
        """Every rota of a campaign's kind in the order they were made; shifts by time, cells by shift and officer."""
        query = (
            select(t.rotas)
            .where(t.rotas.c.campaign == campaign, t.rotas.c.kind == kind)
            .order_by(t.rotas.c.made_ms, t.rotas.c.id)
        )
        heads = list(self._connection.execute(query).mappings())
        ids = [row["id"] for row in heads]
        shifts, cells = self._shifts(ids, zone), self._cells(ids)
        return [
            StoredRota(
                id=row["id"],
                campaign=row["campaign"],
                kind=row["kind"],
                first=row["first"],
                last=row["last"],
                made=from_ms(row["made_ms"], zone),
                published=from_ms_or_none(row["published_ms"], zone),
                figures=row["figures"],
                rules=row["rules"],
                shifts=tuple(shifts[row["id"]]),
                cells=tuple(cells[row["id"]]),
            )
            for row in heads
        ]

    def add(self, rota: StoredRota) -> None:
        """Write a rota whole."""
        self._connection.execute(
            insert(t.rotas).values(
                id=rota.id,
                campaign=rota.campaign,
                kind=rota.kind,
                first=rota.first,
                last=rota.last,
                made_ms=to_ms(rota.made),
                published_ms=None if rota.published is None else to_ms(rota.published),
                figures=dict(rota.figures),
                rules=dict(rota.rules),
            )
        )
        shifts = [
            {
                "rota_id": rota.id,
                "key": shift.key,
                "place": dict(shift.place),
                "starts_ms": to_ms(shift.starts),
                "ends_ms": to_ms(shift.ends),
                "heads": shift.heads,
                "holiday": "|".join((shift.holiday["zh"], shift.holiday["en"])) if shift.holiday else "",
            }
            for shift in rota.shifts
        ]
        if shifts:
            self._connection.execute(insert(t.rota_shifts), shifts)
        if rota.cells:
            self._connection.execute(insert(t.rota_cells), [_cell_row(rota.id, cell) for cell in rota.cells])

    def put_cell(self, rota_id: str, cell: RotaCell) -> None:
        """Put one cell of a rota in the place of what it was."""
        table = t.rota_cells
        same = (table.c.rota_id == rota_id, table.c.shift == cell.shift, table.c.officer == cell.officer)
        self._connection.execute(delete(table).where(*same))
        self._connection.execute(insert(table).values(_cell_row(rota_id, cell)))

    def publish(self, rota_ids: Iterable[str], at: dt.datetime) -> None:
        """Drafts become published."""
        wanted = list(rota_ids)
        self._connection.execute(update(t.rotas).where(t.rotas.c.id.in_(wanted)).values(published_ms=to_ms(at)))

    def drop(self, rota_ids: Iterable[str]) -> None:
        """Throw drafts away."""
        wanted = list(rota_ids)
        for column in (t.rota_cells.c.rota_id, t.rota_shifts.c.rota_id, t.rotas.c.id):
            self._connection.execute(delete(column.table).where(column.in_(wanted)))

    def _shifts(self, ids: list[str], zone: dt.tzinfo) -> dict[str, list[RotaShift]]:
        found: dict[str, list[RotaShift]] = {one: [] for one in ids}
        table = t.rota_shifts
        query = select(table).where(table.c.rota_id.in_(ids)).order_by(table.c.starts_ms, table.c.key)
        for row in self._connection.execute(query).mappings():
            zh, _bar, en = row["holiday"].partition("|")
            found[row["rota_id"]].append(
                RotaShift(
                    row["key"],
                    row["place"],
                    from_ms(row["starts_ms"], zone),
                    from_ms(row["ends_ms"], zone),
                    row["heads"],
                    {"zh": zh, "en": en} if zh else {},
                )
            )
        return found

    def _cells(self, ids: list[str]) -> dict[str, list[RotaCell]]:
        found: dict[str, list[RotaCell]] = {one: [] for one in ids}
        table = t.rota_cells
        query = select(table).where(table.c.rota_id.in_(ids)).order_by(table.c.shift, table.c.officer)
        for row in self._connection.execute(query).mappings():
            found[row["rota_id"]].append(RotaCell(row["shift"], row["officer"], row["on"], row["locked"]))
        return found


def _cell_row(rota_id: str, cell: RotaCell) -> dict[str, Any]:
    return {
        "rota_id": rota_id,
        "shift": cell.shift,
        "officer": cell.officer,
        "locked": cell.locked,
        "on": cell.on,
    }
