"""Rows of assignment plans: which post has which household, since when, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, func, insert, select, update

from outreach.store import schema as t
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Assigned:
    """One household's present post and the facts that explain it."""

    household: str
    post: str
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AdoptedPlan:
    """One plan put in force. number: from 1 within the campaign; reason: the planner's words; rules: as it was made."""

    number: int
    id: str
    made: dt.datetime
    reason: str
    figures: Mapping[str, Any]
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A household with one post, from `starts` until before `ends` (None: still)."""

    household: str
    post: str
    plan: str
    starts: dt.datetime
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """An officer on one post, from `starts` until before `ends` (None: still)."""

    post: str
    officer: str
    starts: dt.datetime
    ends: dt.datetime | None


class Territories:
    """Reads and writes assignments, over one connection. History is kept: a change ends the old row."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def present(self, campaign: str) -> dict[str, Assigned]:
        """The assignment in force, by household code."""
        query = (
            select(t.households.c.code, t.assignments.c.post, t.assignments.c.why)
            .join(t.households)
            .where(t.assignments.c.campaign == campaign, t.assignments.c.ends_ms.is_(None))
            .order_by(t.households.c.code)
        )
        return {code: Assigned(code, post, why) for code, post, why in self._connection.execute(query)}

    def of(self, campaign: str, household: str) -> Assigned | None:
        """One household's assignment in force; of one merged into another, that of the other."""
        h = t.households.c
        kept = select(func.coalesce(h.merged_into, h.id)).where(h.code == household)
        query = select(t.assignments.c.post, t.assignments.c.why).where(
            t.assignments.c.campaign == campaign,
            t.assignments.c.ends_ms.is_(None),
            t.assignments.c.household_id.in_(kept),
        )
        row = self._connection.execute(query).first()
        return Assigned(household, row.post, row.why) if row else None

    def plans(self, campaign: str, zone: dt.tzinfo) -> list[AdoptedPlan]:
        """Every plan of a campaign, oldest first, numbered from 1."""
        query = select(t.plans).where(t.plans.c.campaign == campaign).order_by(t.plans.c.made_ms, t.plans.c.id)
        return [
            AdoptedPlan(number, row["id"], from_ms(row["made_ms"], zone), row["reason"], row["figures"], row["rules"])
            for number, row in enumerate(self._connection.execute(query).mappings(), start=1)
        ]

    def stretches(self, campaign: str, zone: dt.tzinfo, household: str | None = None) -> list[Stretch]:
        """Which post had which household from when to when, in order of household and time."""
        query = (
            select(t.assignments, t.households.c.code)
            .join(t.households)
            .where(t.assignments.c.campaign == campaign)
            .order_by(t.households.c.code, t.assignments.c.starts_ms, t.assignments.c.id)
        )
        if household is not None:
            query = query.where(t.households.c.code == household)
        return [
            Stretch(
                row["code"],
                row["post"],
                row["plan_id"],
                from_ms(row["starts_ms"], zone),
                from_ms_or_none(row["ends_ms"], zone),
            )
            for row in self._connection.execute(query).mappings()
        ]

    def tenures(self, zone: dt.tzinfo) -> list[Tenure]:
        """Who held which post from when to when, in order of post and time."""
        query = select(t.tenures).order_by(t.tenures.c.post, t.tenures.c.starts_ms, t.tenures.c.id)
        return [
            Tenure(row["post"], row["officer"], from_ms(row["starts_ms"], zone), from_ms_or_none(row["ends_ms"], zone))
            for row in self._connection.execute(query).mappings()
        ]

    def figures(self, campaign: str) -> dict[str, Any] | None:
        """What the newest plan measured, or None where nothing is assigned."""
        query = (
            select(t.plans.c.figures)
            .where(t.plans.c.campaign == campaign)
            .order_by(t.plans.c.made_ms.desc(), t.plans.c.id.desc())
            .limit(1)
        )
        return self._connection.execute(query).scalar_one_or_none()

    def adopt(
        self,
        campaign: str,
        plan_id: str,
        at: dt.datetime,
        figures: Mapping[str, Any],
        posts: Mapping[str, str],
        why: Mapping[str, Mapping[str, Any]],
        household_ids: Mapping[str, int],
        reason: str = "",
        rules: Mapping[str, Any] | None = None,
    ) -> int:
        """Put a plan in force at `at`; returns how many households change their post.

        reason: why it was made, in the planner's words. rules: the rules it keeps to.

        Households whose post stays keep their row, so that their history tells one stretch; only the reason
        is brought up to date.
        """
        present = self.present(campaign)
        moved = [code for code, post in posts.items() if code not in present or present[code].post != post]
        gone = [code for code in present if code not in posts]
        explained = [
            {"key": household_ids[code], "reason": dict(why[code])}
            for code in posts.keys() - set(moved)
            if present[code].why != why[code]
        ]
        self._connection.execute(
            insert(t.plans).values(
                id=plan_id,
                campaign=campaign,
                made_ms=to_ms(at),
                figures=dict(figures),
                reason=reason,
                rules=dict(rules or {}),
            )
        )
        ended = [household_ids[code] for code in [*moved, *gone] if code in present]
        for start in range(0, len(ended), 500):
            self._connection.execute(
                update(t.assignments)
                .where(
                    t.assignments.c.campaign == campaign,
                    t.assignments.c.ends_ms.is_(None),
                    t.assignments.c.household_id.in_(ended[start : start + 500]),
                )
                .values(ends_ms=to_ms(at))
            )
        if explained:
            self._connection.execute(
                update(t.assignments)
                .where(
                    t.assignments.c.campaign == campaign,
                    t.assignments.c.ends_ms.is_(None),
                    t.assignments.c.household_id == bindparam("key"),
                )
                .values(why=bindparam("reason", type_=JSON)),
                explained,
            )
        if moved:
            self._connection.execute(
                insert(t.assignments),
                [
                    {
                        "campaign": campaign,
                        "household_id": household_ids[code],
                        "post": posts[code],
                        "plan_id": plan_id,
                        "starts_ms": to_ms(at),
                        "why": dict(why[code]),
                    }
                    for code in moved
                ],
            )
        return len(moved)
