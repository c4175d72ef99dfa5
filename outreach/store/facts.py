"""The log of attempts and milestones, and where each household stands.

Facts are only ever appended; projection.py does it, and keeps the standings up with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, union

from outreach.domain.contact import Attempt, Disposition, Milestone, Standing
from outreach.store import schema as t
from outreach.store.effective import Numbers, beside_what_they_correct, read_as, recorded_for
from outreach.store.fact_rows import attempt_of, attempt_row, milestone_of, milestone_row, standing_of
from outreach.store.instants import from_ms, to_ms
from outreach.store.month_counts import MonthCounts
from outreach.store.projection import Projection

_BATCH = 500


class Facts:
    """Reads and appends facts, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._projection = Projection(connection)
        self._months = MonthCounts(connection)

    def append_attempts(
        self,
        campaign: str,
        attempts: Sequence[tuple[Attempt, str | None]],
        household_ids: Mapping[str, int],
        recorded: dt.datetime,
    ) -> int:
        """Append attempts with their row keys; returns how many were new.

        Known ids and row keys are left alone, and so are repeats, so that logs merge by union.
        """
        recorded_ms = to_ms(recorded)
        rows = [attempt_row(campaign, one, row_key, household_ids, recorded_ms) for one, row_key in attempts]
        beside_what_they_correct(self._connection, t.attempts, rows)
        return self._projection.append(t.attempts, campaign, rows)

    def append_milestones(
        self,
        campaign: str,
        milestones: Sequence[tuple[Milestone, str | None]],
        household_ids: Mapping[str, int],
        recorded: dt.datetime,
    ) -> int:
        """Append milestones with their row keys; returns how many were new."""
        recorded_ms = to_ms(recorded)
        rows = [milestone_row(campaign, one, row_key, household_ids, recorded_ms) for one, row_key in milestones]
        beside_what_they_correct(self._connection, t.milestones, rows)
        return self._projection.append(t.milestones, campaign, rows)

    def attempts(
        self, campaign: str, household: str | None = None, *, recorded_until: dt.datetime | None = None
    ) -> Iterator[Attempt]:
        """Attempts in order of household, those corrected included; recorded_until: as the log stood then."""
        query = (
            select(t.attempts, t.households.c.code)
            .select_from(read_as(t.attempts))
            .where(t.attempts.c.campaign == campaign)
            .order_by(t.households.c.id, t.attempts.c.at_ms, t.attempts.c.id)
        )
        if household is not None:
            query = query.where(recorded_for(t.attempts, [household]))
        if recorded_until is not None:
            query = query.where(t.attempts.c.recorded_ms <= to_ms(recorded_until))
        numbers = Numbers(self._connection)
        return (attempt_of(row, numbers) for row in self._connection.execute(query).mappings())

    def attempts_of(self, campaign: str, households: Iterable[str]) -> Iterator[Attempt]:
        """Attempts of some households, by their codes, those corrected included, in order of household and time."""
        codes = sorted(set(households))
        numbers = Numbers(self._connection)
        for start in range(0, len(codes), _BATCH):
            query = (
                select(t.attempts, t.households.c.code)
                .select_from(read_as(t.attempts))
                .where(t.attempts.c.campaign == campaign, recorded_for(t.attempts, codes[start : start + _BATCH]))
                .order_by(t.households.c.code, t.attempts.c.at_ms, t.attempts.c.id)
            )
            yield from (attempt_of(row, numbers) for row in self._connection.execute(query).mappings())

    def milestones(
        self, campaign: str, household: str | None = None, *, recorded_until: dt.datetime | None = None
    ) -> Iterator[Milestone]:
        """Milestones in order of household, those corrected included; recorded_until: as the log stood then."""
        query = (
            select(t.milestones, t.households.c.code)
            .select_from(read_as(t.milestones))
            .where(t.milestones.c.campaign == campaign)
            .order_by(t.households.c.id, t.milestones.c.on, t.milestones.c.id)
        )
        if household is not None:
            query = query.where(recorded_for(t.milestones, [household]))
        if recorded_until is not None:
            query = query.where(t.milestones.c.recorded_ms <= to_ms(recorded_until))
        numbers = Numbers(self._connection)
        return (milestone_of(row, numbers) for row in self._connection.execute(query).mappings())

    def household_of(self, campaign: str, fact_id: str) -> str | None:
        """The code of the household whose fact that is, None where the campaign has no such fact."""
        for table in (t.attempts, t.milestones):
            query = (
                select(t.households.c.code)
                .select_from(read_as(table))
                .where(table.c.campaign == campaign, table.c.id == fact_id)
            )
            if (code := self._connection.execute(query).scalar()) is not None:
                return str(code)
        return None

    def standings(self, campaign: str, zone: dt.tzinfo) -> dict[str, Standing]:
        """The projection: where each household that has facts stands, by code."""
        query = (
            select(t.standings, t.households.c.code)
            .join(t.households)
            .where(t.standings.c.campaign == campaign)
            .order_by(t.households.c.code)
        )
        return {row["code"]: standing_of(row, zone) for row in self._connection.execute(query).mappings()}

    def rebuild(self, campaign: str) -> int:
        """Throw the projection of `campaign` away and fold it anew from the log; returns its rows."""
        return self._projection.rebuild(campaign)

    def refold(self, household_ids: Iterable[int]) -> None:
        """Fold the standings of these households, and of those merged with them, anew in every campaign.

        Whoever merges, erases or moves households to another community calls it afterwards.
        """
        self._projection.refold(household_ids)

    def community_steps(
        self, campaign: str, zone: dt.tzinfo, *, from_standings: bool = False
    ) -> dict[tuple[str, str], tuple[int, ...]]:
        """By community and month of `zone`: how many households took each of `STEPS` for the first time then.

        Read as kept up where months are kept in that zone (`keep_months`). from_standings: counted anew from the
        standings and where the households live all the same.
        """
        if from_standings or self.months_zone(campaign) != zone:
            return self._months.steps_of_standings(campaign, zone)
        return self._months.steps(campaign)

    def months_zone(self, campaign: str) -> ZoneInfo | None:
        """The zone in whose months the counts are kept up, None where nobody asked for them yet."""
        return self._months.zone(campaign)

    def keep_months(self, campaign: str, zone: ZoneInfo) -> None:
        """From now on keep the counts by month up in `zone`; they are counted once from the standings."""
        self._months.keep(campaign, zone)

    def homes(self, *, from_rosters: bool = False) -> dict[str, int]:
        """How many households that stand in lists live in each community; from_rosters: counted anew."""
        return self._months.homes_of_rosters() if from_rosters else self._months.homes()

    def log(self, campaign: str) -> Iterator[dict[str, Any]]:
        """Every fact of a campaign as plain values with its row key and the time it was recorded, by id.

        `fact` is 'attempt' or 'milestone'; instants are milliseconds, days ISO texts, households are codes.
        """
        for fact, table in (("attempt", t.attempts), ("milestone", t.milestones)):
            query = select(table, t.households.c.code).join(t.households).where(table.c.campaign == campaign)
            for row in self._connection.execute(query.order_by(table.c.id)).mappings():
                values = {
                    name: row[name]
                    for name in (column.name for column in table.c)
                    if name not in ("campaign", "household_id")
                }
                if fact == "milestone":
                    values["on"] = row["on"].isoformat()
                yield {"fact": fact, "household": row["code"], **values}

    def append_log(self, campaign: str, facts: Sequence[Mapping[str, Any]], household_ids: Mapping[str, int]) -> int:
        """Append facts as `log` gives them, as they were recorded elsewhere; returns how many were new."""
        new = 0
        for name, table in (("attempt", t.attempts), ("milestone", t.milestones)):
            rows = []
            for one in facts:
                if one["fact"] != name:
                    continue
                row = {
                    key: one[key]
                    for key in (column.name for column in table.c)
                    if key not in ("campaign", "household_id")
                }
                if name == "milestone":
                    row["on"] = dt.date.fromisoformat(one["on"])
                rows.append(row | {"campaign": campaign, "household_id": household_ids[one["household"]]})
            new += self._projection.append(table, campaign, rows)
        return new

    def touched_by_others(
        self, campaign: str, first: dt.datetime, after: dt.datetime, zone: dt.tzinfo
    ) -> list[tuple[str, str, str, dt.datetime]]:
        """Tries of any other campaign from `first` until before `after`: household, campaign, channel and when.

        A try that was corrected away or withdrawn does not count, nor does what came back.
        """
        corrected = select(t.attempts.c.corrects).where(t.attempts.c.campaign != campaign, t.attempts.c.corrects != "")
        nothing = (Disposition.WITHDRAWN.value, Disposition.RETURNED.value)
        query = (
            select(t.households.c.code, t.attempts.c.campaign, t.attempts.c.channel, t.attempts.c.at_ms)
            .select_from(read_as(t.attempts))
            .where(
                t.attempts.c.campaign != campaign,
                t.attempts.c.at_ms >= to_ms(first),
                t.attempts.c.at_ms < to_ms(after),
                t.attempts.c.disposition.not_in(nothing),
                t.attempts.c.id.not_in(corrected),
            )
            .order_by(t.attempts.c.at_ms, t.attempts.c.id)
        )
        return [
            (code, other, channel, from_ms(at, zone)) for code, other, channel, at in self._connection.execute(query)
        ]

    def died(self) -> set[tuple[str, int]]:
        """Who has died, as a try of any campaign that is in force told: household and person, 0 where it names none."""
        corrected = select(t.attempts.c.corrects).where(t.attempts.c.corrects != "")
        query = (
            select(t.households.c.code, t.attempts.c.household_id, t.attempts.c.person)
            .select_from(read_as(t.attempts))
            .where(t.attempts.c.disposition == Disposition.DIED.value, t.attempts.c.id.not_in(corrected))
        )
        numbers = Numbers(self._connection)
        found = self._connection.execute(query).all()
        return {(code, numbers.of(household_id, person)) for code, household_id, person in found}

    def campaigns(self) -> list[str]:
        """The campaigns of which there are facts or standings, by name."""
        tables = (t.attempts, t.milestones, t.standings)
        names = union(*(select(table.c.campaign) for table in tables))
        return sorted(self._connection.execute(names).scalars())

    def count(self, campaign: str) -> dict[str, int]:
        """How many facts of each sort there are."""
        return {
            table.name: int(
                self._connection.execute(
                    select(func.count()).select_from(table).where(table.c.campaign == campaign)
                ).scalar_one()
            )
            for table in (t.attempts, t.milestones)
        }
