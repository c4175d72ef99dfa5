"""Appending facts, and what is kept counted out of them: standings and the steps of communities.

Facts are only ever appended. In the same transaction the standings of the households concerned are brought up to date:
what a new fact adds can mostly be said from the standing alone (earliest instants, counts). Where it cannot - a
correction, two facts of one instant, a household merged with another - all the household's facts are folded anew by
the domain's one definition, `domain.contact.standing`. Tests hold the two ways to one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, or_, select

from outreach.domain.contact import Disposition, MilestoneKind, in_force, standing
from outreach.store import schema as t
from outreach.store.effective import Numbers, members
from outreach.store.fact_rows import Row, attempt_of, milestone_of, standing_row
from outreach.store.instants import to_ms
from outreach.store.month_counts import ZONE, MonthCounts
from outreach.store.upsert import add, add_unknown, put, rows_among

_BATCH = 500
_NOTHING: Row = {
    "attempts": 0,
    "first_attempt_ms": None,
    "first_contact_ms": None,
    "first_reached_ms": None,
    "reached_channel": "",
    "reached_by": "",
    "card_ms": None,
    "last_disposition": "",
    "registered_on": None,
    "paid_on": None,
    "paid_fen": 0,
    "last_ms": None,
    "corrections": 0,
}
_WITHDRAWN, _REGISTERED, _PAID = Disposition.WITHDRAWN.value, MilestoneKind.REGISTERED.value, MilestoneKind.PAID.value
_MEANING = {one.value: (one.contact, one.reached, one is Disposition.CARD_HANDED) for one in Disposition}


class Projection:
    """Appends rows of facts and keeps what is counted out of them, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._months = MonthCounts(connection)

    def append(self, table: Table, campaign: str, rows: Sequence[Row]) -> int:
        """Append rows of `attempts` or `milestones`; returns how many were new.

        Known ids and row keys are left alone, and so are repeats, so that logs merge by union.
        """
        new = add_unknown(self._connection, table, rows) if rows else []
        if new:
            self._months.count_facts(campaign, len(new))
            self._follow(campaign, table, new)
        return len(new)

    def rebuild(self, campaign: str) -> int:
        """Throw the projection of `campaign` away and fold it anew from the log; returns its rows."""
        self._connection.execute(delete(t.standings).where(t.standings.c.campaign == campaign))
        self._connection.execute(delete(t.community_steps).where(t.community_steps.c.campaign == campaign))
        tried = select(t.attempts.c.household_id).where(t.attempts.c.campaign == campaign)
        stepped = select(t.milestones.c.household_id).where(t.milestones.c.campaign == campaign)
        self._months.count_homes()
        return self._fold(campaign, sorted(self._connection.execute(tried.union(stepped)).scalars()))

    def refold(self, household_ids: Iterable[int]) -> None:
        """Fold the standings of these households, and of those merged with them, anew in every campaign."""
        concerned = sorted({key for together in members(self._connection, household_ids).values() for key in together})
        campaigns: set[str] = set()
        for start in range(0, len(concerned), _BATCH):
            batch = concerned[start : start + _BATCH]
            for table in (t.standings, t.attempts, t.milestones):
                query = select(table.c.campaign).where(table.c.household_id.in_(batch)).distinct()
                campaigns.update(self._connection.execute(query).scalars())
        for campaign in sorted(campaigns):
            self._fold(campaign, concerned)
        self._months.count_facts("", len(concerned))
        self._months.count_homes()

    def follow_households(self, household_ids: Iterable[int]) -> None:
        """Count households whose columns were changed in the communities where they live now."""
        ids = sorted(set(household_ids))
        self._months.count_facts("", len(ids))
        s, place = t.standings.c, t.entrances.c.community
        moved: set[int] = set()
        for start in range(0, len(ids), _BATCH):
            query = (
                select(s.household_id)
                .select_from(t.standings.join(t.households).join(t.entrances))
                .where(
                    s.household_id.in_(ids[start : start + _BATCH]), or_(s.community.is_(None), s.community != place)
                )
            )
            moved.update(self._connection.execute(query).scalars())
        if moved:
            self.refold(moved)
        self._months.count_homes()

    def _follow(self, campaign: str, table: Table, new: Sequence[Row]) -> None:
        """Bring the standings of the households of new facts up to date."""
        facts: dict[int, list[Row]] = {}
        for row in new:
            facts.setdefault(row["household_id"], []).append(row)
        ids = sorted(facts)
        anew: list[int] = []
        rows: list[Row] = []
        take_in = _with_attempt if table is t.attempts else _with_milestone
        found = rows_among(self._connection, _STATE, t.households.c.id, ids, campaign=campaign)
        self._months.learn_zone(campaign, found[0][-1] if found else None)
        counts = self._months.changes(campaign)
        for row in found:
            known = dict(zip(_KNOWN, row, strict=True))
            followed = _followed(known, facts[known["id"]], take_in)
            if followed is None:
                anew.append(known["id"])
                continue
            if counts is not None:
                counts.move(known, followed)
            rows.append(followed | {"campaign": campaign, "household_id": known["id"]})
        if rows:
            put(self._connection, t.standings, rows, ("campaign", "household_id"))
        self._months.add(campaign, counts)
        if anew:
            self._fold(campaign, anew)

    def _fold(self, campaign: str, household_ids: Sequence[int]) -> int:
        """Fold the standings of the households these are read as from all their facts; returns how many have facts."""
        homes = sorted(members(self._connection, household_ids).items())
        numbers = Numbers(self._connection)
        folded = 0
        counts = self._months.changes(campaign)
        for start in range(0, len(homes), _BATCH):
            batch = homes[start : start + _BATCH]
            everyone = [key for _kept, together in batch for key in together]
            tries = self._facts_of(t.attempts, campaign, everyone)
            steps = self._facts_of(t.milestones, campaign, everyone)
            stood = (t.standings.c.campaign == campaign, t.standings.c.household_id.in_(everyone))
            if counts is not None:
                for known in self._connection.execute(select(t.standings).where(*stood)).mappings():
                    counts.add(known, -1)
            self._connection.execute(delete(t.standings).where(*stood))
            places = self._places([kept for kept, _together in batch])
            rows = []
            for kept, together in batch:
                tried = [attempt_of(row, numbers) for key in together for row in tries.get(key, ())]
                stepped = [milestone_of(row, numbers) for key in together for row in steps.get(key, ())]
                if tried or stepped:
                    last = max((one.at for one in in_force(tried)), default=None)
                    row = {
                        "campaign": campaign,
                        "household_id": kept,
                        "last_ms": None if last is None else to_ms(last),
                        # A payment taken back makes the order of payments count, as a correction does.
                        "corrections": sum(
                            not _plain(row) for key in together for row in (*tries.get(key, ()), *steps.get(key, ()))
                        ),
                        "community": places.get(kept),
                    }
                    rows.append(row | standing_row(standing(tried, stepped)))
                    if counts is not None:
                        counts.add(rows[-1])
            if rows:
                add(self._connection, t.standings, rows)
            folded += len(rows)
        self._months.add(campaign, counts)
        return folded

    def _facts_of(self, table: Table, campaign: str, household_ids: Sequence[int]) -> dict[int, list[RowMapping]]:
        found: dict[int, list[RowMapping]] = {}
        for start in range(0, len(household_ids), _BATCH):
            query = (
                select(table, t.households.c.code)
                .join(t.households)
                .where(table.c.campaign == campaign, table.c.household_id.in_(household_ids[start : start + _BATCH]))
                .order_by(table.c.household_id)
            )
            rows: Iterable[RowMapping] = self._connection.execute(query).mappings()
            found |= {key: list(group) for key, group in groupby(rows, key=lambda row: row["household_id"])}
        return found

    def _places(self, household_ids: Sequence[int]) -> dict[int, str]:
        """The community of each household that stands in lists."""
        h = t.households.c
        query = (
            select(h.id, t.entrances.c.community)
            .join(t.entrances)
            .where(h.id.in_(household_ids), h.merged_into.is_(None), h.erased_ms.is_(None))
        )
        return {row.id: row.community for row in self._connection.execute(query)}


_STATE = select(
    t.households.c.id,
    t.households.c.merged_into,
    t.households.c.erased_ms,
    t.entrances.c.community.label("place"),
    *(t.standings.c[name] for name in (*_NOTHING, "community")),
    # Asked for on its own it would cost as much again.
    ZONE.scalar_subquery().label("zone"),
).select_from(
    t.households.join(t.entrances).outerjoin(
        t.standings,
        (t.standings.c.household_id == t.households.c.id) & (t.standings.c.campaign == bindparam("campaign")),
    )
)
_KNOWN = ("id", "merged_into", "erased_ms", "place", *_NOTHING, "community", "zone")


def _followed(known: Mapping[Any, Any], facts: Sequence[Row], take_in: Any) -> Row | None:
    """The standing with new facts added; None where only all the facts can tell."""
    if known["merged_into"] is not None or known["corrections"]:
        return None
    row = dict(_NOTHING) if known["corrections"] is None else {name: known[name] for name in _NOTHING}
    for fact in facts:
        if not _plain(fact) or not take_in(row, fact):
            return None
    row["community"] = known["place"] if known["erased_ms"] is None else None
    return row


def _plain(fact: Mapping[Any, Any]) -> bool:
    """Whether a fact only adds to its household's standing: no correction, no withdrawal, no money taken back."""
    if fact["corrects"]:
        return False
    if "kind" in fact:
        return bool(fact["kind"] == _REGISTERED or (fact["kind"] == _PAID and fact["amount_fen"] > 0))
    return bool(fact["disposition"] != _WITHDRAWN)


def _with_attempt(row: Row, fact: Row) -> bool:
    """Add an attempt to a standing; False where another of the same instant makes the order count."""
    at = fact["at_ms"]
    contact, reached, card = _MEANING[fact["disposition"]]
    last = row["last_ms"]
    if at == last or (reached and at == row["first_reached_ms"]):
        return False
    row["attempts"] += 1
    if last is None or at > last:
        row["last_ms"], row["last_disposition"] = at, fact["disposition"]
    _earliest(row, "first_attempt_ms", at)
    if contact:
        _earliest(row, "first_contact_ms", at)
    if reached and (row["first_reached_ms"] is None or at < row["first_reached_ms"]):
        row["first_reached_ms"], row["reached_channel"], row["reached_by"] = at, fact["channel"], fact["officer"]
    if card or (fact["left"] and "card" in fact["left"].split(",")):
        _earliest(row, "card_ms", at)
    return True


def _with_milestone(row: Row, fact: Row) -> bool:
    """Add a milestone to a standing; False where it takes a payment back."""
    if fact["amount_fen"] < 0:
        return False
    if fact["kind"] == _REGISTERED:
        _earliest(row, "registered_on", fact["on"])
    else:
        _earliest(row, "paid_on", fact["on"])
        row["paid_fen"] += fact["amount_fen"]
    return True


def _earliest(row: Row, name: str, when: Any) -> None:
    if row[name] is None or when < row[name]:
        row[name] = when
