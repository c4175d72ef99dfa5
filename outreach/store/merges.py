"""Rows of merges and of pairs known to be different; a merge is a row and a pointer, so that it can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from outreach.store import schema as t
from outreach.store.effective import Kept
from outreach.store.instants import from_ms, from_ms_or_none, to_ms

_FACTS = (
    t.attempts, t.milestones, t.follow_ups, t.cases, t.suppressions, t.exclusions, t.account_years, t.walk_lines,
    t.address_proposals, t.ledger_lines,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merge:
    """A household merged into another, or (kept is gone) persons of one household who are one.

    persons: the number of each person of `gone` to the number in `kept`. before: what unmerging needs, as plain JSON.
    why: the reason and what was seen. undone: when it was taken back, None while it stands.
    """

    id: str
    kept: str
    gone: str
    persons: Mapping[int, int]
    before: Mapping[str, Any]
    why: Mapping[str, Any]
    at: dt.datetime
    by: str
    undone: dt.datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class DistinctPair:
    """Two households somebody looked at and found to be different; first < second."""

    first: str
    second: str
    reason: str
    at: dt.datetime
    by: str


class Merges:
    """Reads and writes merges, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, zone: dt.tzinfo) -> list[Merge]:
        """Every merge, those taken back as well, oldest first."""
        kept, gone = t.households.alias("kept"), t.households.alias("gone")
        both = t.merges.join(kept, kept.c.id == t.merges.c.kept_id).join(gone, gone.c.id == t.merges.c.gone_id)
        query = (
            select(t.merges, kept.c.code.label("kept"), gone.c.code.label("gone"))
            .select_from(both)
            .order_by(t.merges.c.at_ms, t.merges.c.id)
        )
        return [
            Merge(
                id=row["id"],
                kept=row["kept"],
                gone=row["gone"],
                persons={int(number): into for number, into in row["persons"].items()},
                before=row["before"],
                why=row["why"],
                at=from_ms(row["at_ms"], zone),
                by=row["by"],
                undone=from_ms_or_none(row["undone_ms"], zone),
                undone_by=row["undone_by"],
            )
            for row in self._connection.execute(query).mappings()
        ]

    def add(self, one: Merge) -> None:
        """Keep a merge and read the household's facts, and those of what was merged into it, as the kept one's."""
        ids = self._ids(one.kept, one.gone)
        self._connection.execute(
            insert(t.merges).values(
                id=one.id,
                kept_id=ids[one.kept],
                gone_id=ids[one.gone],
                persons={str(number): into for number, into in one.persons.items()},
                before=dict(one.before),
                why=dict(one.why),
                at_ms=to_ms(one.at),
                by=one.by,
                undone_ms=None,
                undone_by="",
            )
        )
        self._point(ids.values())

    def undo(self, one: Merge, at: dt.datetime, by: str) -> None:
        """Take a merge back: what was merged away is a household again, with what was merged into it before."""
        self._connection.execute(
            update(t.merges).where(t.merges.c.id == one.id).values(undone_ms=to_ms(at), undone_by=by)
        )
        self._point(self._ids(one.kept, one.gone).values())

    def _ids(self, *codes: str) -> dict[str, int]:
        rows = self._connection.execute(
            select(t.households.c.code, t.households.c.id).where(t.households.c.code.in_(codes))
        )
        return {row.code: row.id for row in rows}

    def _point(self, concerned: Iterable[int]) -> None:
        """Let each household of the chains through `concerned` name the one at the end of its chain."""
        m = t.merges.c
        standing = select(m.gone_id, m.kept_id).where(m.undone_ms.is_(None), m.gone_id != m.kept_id)
        steps: dict[int, int] = dict(self._connection.execute(standing).all())
        ends = {}
        for start in steps.keys() | set(concerned):
            end = start
            while end in steps:
                end = steps[end]
            ends[start] = end
        present = select(t.households.c.id, t.households.c.merged_into).where(
            t.households.c.id.in_(set(concerned)) | t.households.c.merged_into.is_not(None)
        )
        for key, merged_into in self._connection.execute(present).all():
            end = ends.get(key, key)
            wanted = None if end == key else end
            if merged_into != wanted:
                self._connection.execute(
                    update(t.households).where(t.households.c.id == key).values(merged_into=wanted)
                )

    def kept_codes(self) -> dict[str, str]:
        """The code each household that was merged away is read as, by its own."""
        return Kept(self._connection).codes

    def kept(self) -> Kept:
        """Whose the codes and persons' numbers of households that were merged away are now."""
        return Kept(self._connection)

    def numbers_given(self) -> dict[str, int]:
        """The highest number of a person that any merge knew of, by household: none of them is given again."""
        kept = t.households.alias("kept")
        query = select(kept.c.code, t.merges.c.gone_id, t.merges.c.kept_id, t.merges.c.persons).select_from(
            t.merges.join(kept, kept.c.id == t.merges.c.kept_id)
        )
        found: dict[str, int] = {}
        for code, gone, into, persons in self._connection.execute(query):
            numbers = [*persons.values(), *(int(number) for number in persons if gone == into)]
            found[code] = max([found.get(code, 0), *numbers])
        return found

    def facts_of(self, household: str) -> dict[str, int]:
        """How many rows name a household or one merged into it, by table; tables without any are left out."""
        h = t.households.c
        own = select(h.id).where(h.code == household).scalar_subquery()
        together = list(self._connection.execute(select(h.id).where((h.id == own) | (h.merged_into == own))).scalars())
        codes = select(h.code).where(h.id.in_(together))
        counts = {
            table.name: self._connection.execute(
                select(func.count()).select_from(table).where(table.c.household_id.in_(together))
            ).scalar_one()
            for table in _FACTS
        }
        pieces = select(func.count()).select_from(t.run_pieces).where(t.run_pieces.c.household.in_(codes))
        counts["run_pieces"] = self._connection.execute(pieces).scalar_one()
        return {name: count for name, count in counts.items() if count}

    def end_assignments(self, kept: str, gone: str, at: dt.datetime) -> dict[str, list[int]]:
        """End the assignments of `gone`, in every campaign; where `kept` has none it gets the same post.

        Returns the row ids: 'ended' of `gone`, 'begun' of `kept`.
        """
        a = t.assignments.c
        ids = self._ids(kept, gone)
        present = select(t.assignments).where(a.household_id.in_(ids.values()), a.ends_ms.is_(None)).order_by(a.id)
        rows = self._connection.execute(present).mappings().all()
        has = {row["campaign"] for row in rows if row["household_id"] == ids[kept]}
        done: dict[str, list[int]] = {"ended": [], "begun": []}
        for row in rows:
            if row["household_id"] != ids[gone]:
                continue
            self._end(row["id"], at)
            done["ended"].append(row["id"])
            if row["campaign"] not in has:
                values = {name: row[name] for name in ("campaign", "post", "plan_id", "why")}
                same = insert(t.assignments).values(**values, household_id=ids[kept], starts_ms=to_ms(at), ends_ms=None)
                begun = self._connection.execute(same).inserted_primary_key
                done["begun"].append(begun[0] if begun else 0)
        return done

    def _end(self, assignment: int, at: dt.datetime) -> None:
        a = t.assignments.c
        self._connection.execute(
            update(t.assignments).where(a.id == assignment, a.ends_ms.is_(None)).values(ends_ms=to_ms(at))
        )

    def restore_assignments(self, done: Mapping[str, Sequence[int]], merged: dt.datetime, at: dt.datetime) -> list[str]:
        """Undo `end_assignments`; returns the campaigns that made a plan since, where `gone` stays without a post."""
        a, p = t.assignments.c, t.plans.c
        for key in done["begun"]:
            self._end(key, at)
        left = []
        for key in done["ended"]:
            campaign = self._connection.execute(select(a.campaign).where(a.id == key)).scalar_one()
            newer = select(p.id).where(p.campaign == campaign, p.made_ms > to_ms(merged)).limit(1)
            if self._connection.execute(newer).first() is not None:
                left.append(campaign)
            else:
                self._connection.execute(update(t.assignments).where(a.id == key).values(ends_ms=None))
        return left

    def add_distinct(self, pair: DistinctPair) -> bool:
        """Remember that two households are different; False where that is known."""
        if (pair.first, pair.second) in {(one.first, one.second) for one in self.distinct(dt.UTC)}:
            return False
        self._connection.execute(
            insert(t.distinct_pairs).values(
                first=pair.first, second=pair.second, reason=pair.reason, at_ms=to_ms(pair.at), by=pair.by
            )
        )
        return True

    def distinct(self, zone: dt.tzinfo) -> list[DistinctPair]:
        """The pairs known to be different, in order of their codes."""
        query = select(t.distinct_pairs).order_by(t.distinct_pairs.c.first, t.distinct_pairs.c.second)
        return [
            DistinctPair(row.first, row.second, row.reason, from_ms(row.at_ms, zone), row.by)
            for row in self._connection.execute(query)
        ]
