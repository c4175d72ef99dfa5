"""Rows of hold-outs: who was drawn into which arm, by what rule, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from outreach.domain.hold_out import Arm, HoldOut, Home
from outreach.domain.suppression import Suppression
from outreach.store import schema as t
from outreach.store.effective import read_as, recorded
from outreach.store.instants import from_ms, to_ms
from outreach.store.upsert import rows_among

_o, _own = t.hold_outs.c, t.hold_out_homes.c
_ONE = (_o.id, _o.name, _o.starts, _o.ends, _o.made_ms, _own.household_id)
_COUNT: Any = (_o.campaign == bindparam("campaign"), _own.arm == bindparam("arm"))
_HELD = (
    select(*_ONE, t.households.c.code)
    .select_from(t.hold_outs.join(read_as(t.hold_out_homes), _own.hold_out_id == _o.id))
    .where(*_COUNT)
)
_HELD_OF = select(*_ONE).select_from(t.hold_outs.join(t.hold_out_homes)).where(*_COUNT)


class HoldOuts:
    """Reads and writes hold-outs, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: HoldOut, homes: Sequence[Home], household_ids: Mapping[str, int]) -> None:
        """Keep a hold-out with every household that was in the draw."""
        self._connection.execute(
            insert(t.hold_outs).values(
                id=one.id,
                campaign=one.campaign,
                name=one.name,
                seed=one.seed,
                starts=one.starts,
                ends=one.ends,
                made_ms=to_ms(one.made),
                rules={"unit": one.unit, "share": one.share},
            )
        )
        self._connection.execute(
            insert(t.hold_out_homes),
            [
                {
                    "hold_out_id": one.id,
                    "household_id": household_ids[home.household],
                    "cluster": home.cluster,
                    "stratum": home.stratum,
                    "arm": home.arm.value,
                }
                for home in homes
            ],
        )

    def end(self, hold_out_id: str, on: dt.date) -> None:
        """Set the last day."""
        self._connection.execute(update(t.hold_outs).where(t.hold_outs.c.id == hold_out_id).values(ends=on))

    def all(self, campaign: str, zone: dt.tzinfo) -> list[HoldOut]:
        """The campaign's hold-outs in the order they were made."""
        h = t.hold_outs.c
        query = select(t.hold_outs).where(h.campaign == campaign).order_by(h.made_ms, h.id)
        return [
            HoldOut(
                id=row["id"],
                campaign=row["campaign"],
                name=row["name"],
                seed=row["seed"],
                starts=row["starts"],
                ends=row["ends"],
                made=from_ms(row["made_ms"], zone),
                unit=row["rules"]["unit"],
                share=row["rules"]["share"],
            )
            for row in self._connection.execute(query).mappings()
        ]

    def homes(self, hold_out_id: str) -> list[Home]:
        """Who was in the draw, as drawn, by household; one merged away since is still itself here."""
        h = t.hold_out_homes.c
        query = (
            select(t.hold_out_homes, t.households.c.code)
            .join(t.households)
            .where(h.hold_out_id == hold_out_id)
            .order_by(t.households.c.id)
        )
        return [
            Home(row["code"], row["cluster"], row["stratum"], Arm(row["arm"]))
            for row in self._connection.execute(query).mappings()
        ]

    def wishes(self, campaign: str, zone: dt.tzinfo, codes: Mapping[int, str] | None = None) -> list[Suppression]:
        """Every held household as one that is not to be contacted by any channel while its hold-out runs, in no order.

        codes: only of these households: by row id the code of the one it is read as.
        """
        values: dict[str, Any] = {"campaign": campaign, "arm": Arm.HELD.value}
        if codes is None:
            rows = [tuple(row) for row in self._connection.execute(_HELD, values)]
        else:
            found = rows_among(self._connection, _HELD_OF, _own.household_id, sorted(codes), **values)
            rows = [(*row, codes[row[-1]]) for row in found]
        return [
            Suppression(key, code, 0, "", starts, ends, name, from_ms(made_ms, zone))
            for key, name, starts, ends, made_ms, _household, code in rows
        ]

    def held_on(self, campaign: str, day: dt.date) -> frozenset[str]:
        """The households that are left alone on `day`, by code; of two that were merged, the one that stands."""
        h, o = t.hold_out_homes.c, t.hold_outs.c
        held = recorded.outerjoin(t.households, t.households.c.id == recorded.c.merged_into)
        query = (
            select(recorded.c.code, t.households.c.code.label("kept"))
            .select_from(t.hold_out_homes.join(t.hold_outs).join(held, recorded.c.id == h.household_id))
            .where(o.campaign == campaign, o.starts <= day, o.ends >= day, h.arm == Arm.HELD.value)
        )
        return frozenset(row.kept or row.code for row in self._connection.execute(query))
