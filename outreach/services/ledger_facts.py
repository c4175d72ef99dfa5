"""Matched ledger lines as milestones, whose ids hang on what they say: two machines that read one file agree.

The row key of each tells its line besides, so that a line two machines gave to two people is known when their logs
meet (services/ledger_union.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Milestone, MilestoneKind
from outreach.domain.ids import derived_id
from outreach.domain.ledger import LedgerFile, Line
from outreach.store.unit import Unit

NOTE = "ledger"
"""What the note of a milestone out of the ledger begins with; the month follows."""


_MONTH = re.compile(rf"{NOTE} (\d{{4}}-\d\d)")
_LINE = re.compile(rf".*/{NOTE}/\d{{4}}-\d\d/([0-9a-f]{{16}}-\d+)/")


def line_of(row_key: str | None) -> str:
    """The line a milestone's row key tells, the same on every machine that has the file; '' where it tells none."""
    match = _LINE.match(row_key or "")
    return match[1] if match else ""


def month_of(note: str) -> str:
    """The month of the ledger a milestone's note tells; '' where it is another's."""
    match = _MONTH.fullmatch(note)
    return match[1] if match else ""


class Booking:
    """The milestones of one unit of work: made as lines are matched, withdrawn as they are taken back.

    taken: milestones that lines in force already are. Call `append` once at the end.
    """

    def __init__(self, unit: Unit, campaign: Campaign, now: dt.datetime, taken: Iterable[str]) -> None:
        self._unit = unit
        self._campaign = campaign
        self._now = now
        self._taken = set(taken)
        self._known = {one.id: one for one in unit.facts.milestones(campaign.name)}
        self._corrected = {one.corrects for one in self._known.values() if one.corrects}
        self._new: list[tuple[Milestone, str]] = []

    def book(self, line: Line, file: LedgerFile) -> Line:
        """The matched line with its milestone.

        One that another machine has booked and that no line here is yet is taken over. A line that takes the place of
        another does not name it: the other is withdrawn by a fact of its own, so that logs merge in any order.
        """
        midnight = dt.datetime.combine(line.on, dt.time(tzinfo=self._campaign.zone))
        said = f"{line.household}:{line.person}/{line.kind}/{line.on}/{line.amount_fen}"
        count = 0
        while True:
            count += 1
            begun = f"{self._campaign.name}/{NOTE}/{file.month}"
            name = derived_id(midnight, f"{begun}/{said}/{count}")
            if name not in self._taken and name not in self._corrected:
                break
        self._taken.add(name)
        note = f"{NOTE} {file.month}"
        made = Milestone(name, line.household, line.kind, line.on, line.person, line.amount_fen, note)
        self._add(made, f"{begun}/{file.sha256[:16]}-{line.row}/{said}/{count}")
        return replace(line, milestone=name)

    def withdraw(self, line: Line) -> Line:
        """The line without its milestone, which a correcting fact takes back."""
        self.take_back(line.milestone)
        self._taken.discard(line.milestone)
        return replace(line, milestone="")

    def take_back(self, milestone: str) -> None:
        """Withdraw a milestone by its id; one that is not there or is withdrawn already is left alone."""
        old = self._known.get(milestone)
        if old is not None and old.id not in self._corrected:
            key = f"{self._campaign.name}/{NOTE}/withdrawn/{old.id}"
            midnight = dt.datetime.combine(old.on, dt.time(tzinfo=self._campaign.zone))
            self._add(
                replace(old, id=derived_id(midnight, key), kind=MilestoneKind.WITHDRAWN, amount_fen=0, corrects=old.id),
                key,
            )

    def _add(self, one: Milestone, key: str) -> None:
        self._new.append((one, key))
        self._known.setdefault(one.id, one)
        if one.corrects:
            self._corrected.add(one.corrects)

    def append(self, household_ids: Mapping[str, int]) -> None:
        """Append what was booked and withdrawn to the log."""
        if self._new:
            self._unit.facts.append_milestones(self._campaign.name, self._new, household_ids, self._now)
