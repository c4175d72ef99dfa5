"""Rows of photos of printed pieces; the pictures themselves are files named by their hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from outreach.store import schema as t
from outreach.store.instants import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class PiecePhoto:
    """A photo of one piece. sha256: of the cleaned picture, which is its name. at: zoned, when it was taken."""

    id: str
    run_id: str
    piece: int
    sha256: str
    at: dt.datetime
    by: str = ""
    note: str = ""


class PiecePhotos:
    """Reads and writes photos of pieces, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: PiecePhoto) -> None:
        """Record a photo."""
        self._connection.execute(
            insert(t.piece_photos).values(
                id=one.id,
                run_id=one.run_id,
                piece=one.piece,
                sha256=one.sha256,
                at_ms=to_ms(one.at),
                by=one.by,
                note=one.note,
            )
        )

    def of(self, run_ids: Collection[str], zone: dt.tzinfo) -> list[PiecePhoto]:
        """The photos of some runs in the order they were taken."""
        query = select(t.piece_photos).where(t.piece_photos.c.run_id.in_(sorted(set(run_ids))))
        return self._read(query.order_by(t.piece_photos.c.at_ms, t.piece_photos.c.id), zone)

    def same(self, sha256: Collection[str], zone: dt.tzinfo) -> list[PiecePhoto]:
        """Every photo with one of these pictures, in the order they were taken."""
        query = select(t.piece_photos).where(t.piece_photos.c.sha256.in_(sorted(set(sha256))))
        return self._read(query.order_by(t.piece_photos.c.at_ms, t.piece_photos.c.id), zone)

    def _read(self, query: Select[Any], zone: dt.tzinfo) -> list[PiecePhoto]:
        return [
            PiecePhoto(
                id=row["id"],
                run_id=row["run_id"],
                piece=row["piece"],
                sha256=row["sha256"],
                at=from_ms(row["at_ms"], zone),
                by=row["by"],
                note=row["note"],
            )
            for row in self._connection.execute(query).mappings()
        ]
