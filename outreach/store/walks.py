"""Rows of walk lists and their lines: written once, never changed; a list taken back keeps its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from outreach.domain.walk_list import LineReason, WalkLine, WalkList
from outreach.store import schema as t
from outreach.store.effective import read_as
from outreach.store.instants import from_ms, from_ms_or_none, to_ms


class WalkLists:
    """Reads and writes walk lists, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_number(self, campaign: str) -> int:
        """The highest number given in the campaign, 0 before the first."""
        query = select(func.max(t.walk_lists.c.number)).where(t.walk_lists.c.campaign == campaign)
        return int(self._connection.execute(query).scalar_one() or 0)

    def all(self, campaign: str, zone: dt.tzinfo, numbers: Iterable[int] | None = None) -> list[WalkList]:
        """The campaign's lists in order of their numbers; numbers: only these."""
        wanted = t.walk_lists.c.campaign == campaign
        if numbers is not None:
            wanted &= t.walk_lists.c.number.in_(list(numbers))
        rows = self._connection.execute(select(t.walk_lists).where(wanted).order_by(t.walk_lists.c.number))
        heads = list(rows.mappings())
        lines: dict[str, list[WalkLine]] = {head["id"]: [] for head in heads}
        query = (
            select(t.walk_lines, t.households.c.code)
            .select_from(read_as(t.walk_lines).join(t.walk_lists, t.walk_lists.c.id == t.walk_lines.c.list_id))
            # The line of a household that was erased since is gone; the others keep their numbers.
            .where(wanted, t.households.c.erased_ms.is_(None))
            .order_by(t.walk_lines.c.list_id, t.walk_lines.c.line)
        )
        for row in self._connection.execute(query).mappings():
            at = from_ms(row["at_ms"], zone)
            line = WalkLine(row["line"], row["code"], at, row["minutes"], LineReason(row["reason"]))
            lines[row["list_id"]].append(line)
        return [_walk_list(head, lines[head["id"]], zone) for head in heads]

    def add(self, lists: Iterable[WalkList], household_ids: Mapping[str, int]) -> None:
        """Write new lists with their lines."""
        for one in lists:
            self._connection.execute(
                insert(t.walk_lists).values(
                    id=one.id,
                    campaign=one.campaign,
                    number=one.number,
                    post=one.post,
                    officer=one.officer,
                    day=one.day,
                    starts_ms=to_ms(one.starts),
                    ends_ms=to_ms(one.ends),
                    expires=one.expires,
                    made_ms=to_ms(one.made),
                    withdrawn_ms=None,
                    figures=dict(one.figures),
                )
            )
            self._connection.execute(
                insert(t.walk_lines),
                [
                    {
                        "list_id": one.id,
                        "line": line.line,
                        "household_id": household_ids[line.household],
                        "at_ms": to_ms(line.at),
                        "minutes": line.minutes,
                        "reason": line.reason.value,
                    }
                    for line in one.lines
                ],
            )

    def withdraw(self, list_id: str, at: dt.datetime) -> None:
        """Take a list back."""
        self._connection.execute(
            update(t.walk_lists).where(t.walk_lists.c.id == list_id).values(withdrawn_ms=to_ms(at))
        )


def _walk_list(row: RowMapping, lines: Iterable[WalkLine], zone: dt.tzinfo) -> WalkList:
    return WalkList(
        id=row["id"],
        campaign=row["campaign"],
        number=row["number"],
        post=row["post"],
        officer=row["officer"],
        day=row["day"],
        starts=from_ms(row["starts_ms"], zone),
        ends=from_ms(row["ends_ms"], zone),
        expires=row["expires"],
        made=from_ms(row["made_ms"], zone),
        withdrawn=from_ms_or_none(row["withdrawn_ms"], zone),
        figures=row["figures"],
        lines=tuple(lines),
    )
