"""Counts kept up with the facts, so that a city's coverage need not be counted anew: steps by month, and homes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from outreach.store import schema as t
from outreach.store.effective import listed
from outreach.store.periods import STEPS, StepCounts, by_month, counted
from outreach.store.upsert import add, raise_by, rows_of


class MonthCounts:
    """Reads and writes the counts, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._zones: dict[str, ZoneInfo | None] = {}

    def steps(self, campaign: str) -> dict[tuple[str, str], tuple[int, ...]]:
        """By community and month of the zone they are kept in: how many households took each of `STEPS` first then."""
        query = select(t.community_steps).where(t.community_steps.c.campaign == campaign)
        return by_month(self._connection.execute(query).mappings())

    def steps_of_standings(self, campaign: str, zone: dt.tzinfo) -> dict[tuple[str, str], tuple[int, ...]]:
        """The same in any zone, counted anew from the standings and where the households live."""
        s = t.standings.c
        query = (
            select(t.entrances.c.community, *(s[column] for column in STEPS.values()))
            .select_from(t.standings.join(t.households).join(t.entrances))
            .where(s.campaign == campaign, listed())
        )
        return by_month(counted(self._connection.execute(query).mappings(), campaign, zone))

    def zone(self, campaign: str) -> ZoneInfo | None:
        """The zone in whose months a campaign's steps are kept up, None where nobody asked for them yet."""
        if campaign not in self._zones:
            found = rows_of(self._connection, ZONE, campaign=campaign)
            self.learn_zone(campaign, found[0][0] if found else None)
        return self._zones[campaign]

    def learn_zone(self, campaign: str, name: str | None) -> None:
        """Take the zone from who has read `ZONE` beside something else."""
        self._zones[campaign] = ZoneInfo(name) if name else None

    def count_facts(self, campaign: str, changes: int) -> None:
        """Let it be known that so many facts came in, or households changed ('' as campaign)."""
        raise_by(self._connection, t.fact_counts, [{"campaign": campaign, "changes": changes}], ("campaign",))

    def keep(self, campaign: str, zone: ZoneInfo) -> None:
        """From now on keep the steps up by the months of `zone`; they are counted once from the standings."""
        self.count_facts(campaign, 0)
        mine = t.fact_counts.c.campaign == campaign
        self._connection.execute(update(t.fact_counts).where(mine).values(zone=zone.key))
        self._zones[campaign] = zone
        self.recount(campaign)

    def recount(self, campaign: str) -> None:
        """Count a campaign's steps anew where they are kept."""
        zone, s, steps = self.zone(campaign), t.standings.c, t.community_steps
        self._connection.execute(delete(steps).where(steps.c.campaign == campaign))
        if zone is not None:
            columns = (s.community, *(s[column] for column in STEPS.values()))
            standings = self._connection.execute(select(*columns).where(s.campaign == campaign))
            if rows := counted(standings.mappings(), campaign, zone):
                add(self._connection, steps, rows)

    def changes(self, campaign: str) -> StepCounts | None:
        """An empty tally of what is to be added to a campaign's steps; None where none are kept."""
        zone = self.zone(campaign)
        return None if zone is None else StepCounts(zone)

    def add(self, campaign: str, changes: StepCounts | None) -> None:
        """Add a tally to the kept steps."""
        if changes is not None and (rows := changes.rows(campaign)):
            raise_by(self._connection, t.community_steps, rows, ("campaign", "community", "month"))

    def homes(self) -> dict[str, int]:
        """How many households that stand in lists live in each community, as kept up."""
        return {row.community: row.homes for row in self._connection.execute(select(t.community_homes))}

    def homes_of_rosters(self) -> dict[str, int]:
        """The same, counted anew."""
        return {row.community: row.homes for row in self._connection.execute(_HOMES)}

    def count_homes(self) -> None:
        """Count the homes anew; whoever adds, moves, merges or erases households calls it."""
        self._connection.execute(delete(t.community_homes))
        self._connection.execute(insert(t.community_homes).from_select(["community", "homes"], _HOMES))


ZONE = select(t.fact_counts.c.zone).where(t.fact_counts.c.campaign == bindparam("campaign"))
_HOMES = (
    select(t.entrances.c.community, func.count().label("homes"))
    .select_from(t.households.join(t.entrances))
    .where(listed())
    .group_by(t.entrances.c.community)
)
