"""What the tries of a whole city teach: as `lessons.Lessons` has it, counted over arrays, for millions of tries.

Households whose attempts were corrected, or made two at one instant, are left to `Lessons`: their order hangs on ids.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from outreach.domain.contact import Disposition
from outreach.domain.people import Difficulty
from outreach.planning.ladder import PERSONAL
from outreach.planning.lessons import LEFT_OUT, MIDNIGHT, Lessons, Moments
from outreach.planning.tries import Column, Kind, Slot, Time, time_of

_OUTCOMES = {one.value: number for number, one in enumerate(Disposition)}
_CONTACT = np.array([one.contact for one in Disposition])
_TIMELESS = np.array([one.timeless for one in Disposition])
_CHANNELS = {channel: number for number, channel in enumerate(PERSONAL)}
_OTHER = len(PERSONAL)
_KINDS = [
    Kind(difficulty, away, works) for difficulty in Difficulty for away in (False, True) for works in (False, True)
]
_COLUMNS = tuple(Column)
_FOUND, _AWAY, _TIMELESS_REASON, _HOURS = range(1, 5)
"""The places of `LEFT_OUT`, 0 being a try that counts."""

_DAY_MS = 86_400_000


class Homes:
    """The households by row id: which each is read as, and of what kind that is; -1 for one that stands in no list.

    rows: (row id, row id of the one it was merged into or None, whether erased, difficulty, migrant, works).
    """

    def __init__(self, rows: Iterable[tuple[int, int | None, bool, str, bool, bool]]) -> None:
        places = {(kind.difficulty.value, kind.migrant, kind.works): number for number, kind in enumerate(_KINDS)}
        found = [
            (key, merged or key, -1 if erased or merged else places[difficulty, bool(migrant), bool(works)])
            for key, merged, erased, difficulty, migrant, works in rows
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        self.read_as = np.full(int(table[:, 0].max(initial=0)) + 1, -1, dtype=np.int64)
        self.read_as[table[:, 0]] = table[:, 1]
        self.kinds = np.full(len(self.read_as), -1, dtype=np.int8)
        self.kinds[table[:, 0]] = table[:, 2]

    def kind(self, household: int) -> Kind:
        """The kind of one that stands in lists."""
        return _KINDS[int(self.kinds[household])]


class ManyLessons:
    """Takes tries in any order, and counts them when all are there."""

    def __init__(self, moments: Moments, homes: Homes) -> None:
        self._moments = moments
        self._homes = homes
        self._taken: list[tuple[Any, ...]] = []

    def take(
        self,
        households: Sequence[int],
        at_ms: Sequence[int],
        channels: Sequence[str],
        outcomes: Sequence[str],
        corrects: Sequence[str],
    ) -> None:
        """Take attempts, one an entry of each column. households: row ids; corrects: '' for one that corrects none."""
        self._taken.append(
            (
                self._homes.read_as[np.array(households, dtype=np.int64)],
                np.array(at_ms, dtype=np.int64),
                np.array([_CHANNELS.get(one, _OTHER) for one in channels], dtype=np.int8),
                np.array([_OUTCOMES[one] for one in outcomes], dtype=np.int8),
                np.array([one != "" for one in corrects], dtype=bool),
            )
        )

    def count(self) -> tuple[Lessons, list[int]]:
        """What was taken, counted; and the row ids of households left to `Lessons.add`, in order."""
        lessons = Lessons(self._moments)
        if not self._taken:
            return lessons, []
        home, at, channel, outcome, corrects = (np.concatenate(one) for one in zip(*self._taken, strict=True))
        self._taken.clear()
        order = np.lexsort((at, home))
        order = order[self._homes.kinds[home[order]] >= 0]
        home, at, channel, outcome, corrects = (one[order] for one in (home, at, channel, outcome, corrects))
        twice = np.zeros(len(home), dtype=bool)
        twice[1:] = (home[1:] == home[:-1]) & (at[1:] == at[:-1])
        left = np.zeros(len(self._homes.read_as), dtype=bool)
        left[home[corrects | twice]] = True
        counts = ~left[home] & (outcome != _OUTCOMES[Disposition.WITHDRAWN.value])
        self._count(lessons, *(one[counts] for one in (home, at, channel, outcome)))
        return lessons, [int(one) for one in np.flatnonzero(left)]

    def _count(self, lessons: Lessons, home: Any, at: Any, channel: Any, outcome: Any) -> None:
        """Count tries in force, in order of household and time."""
        slots, places, home_then = self._places(at)
        contact = _CONTACT[outcome]
        kind = self._homes.kinds[home].astype(np.int64)
        before = np.cumsum(contact) - contact
        first = np.ones(len(home), dtype=bool)
        first[1:] = home[1:] != home[:-1]
        found = before > before[first][np.cumsum(first) - 1]
        migrant = np.array([one.migrant for one in _KINDS])[kind]
        reason = np.select(
            [found, (channel == _CHANNELS["visit"]) & migrant & ~home_then, _TIMELESS[outcome], places < 0],
            [_FOUND, _AWAY, _TIMELESS_REASON, _HOURS],
        )
        times = list(dict.fromkeys(time_of(slot) for slot in slots))
        time_at = np.array([times.index(time_of(slot)) for slot in slots])
        for name, number in _CHANNELS.items():
            for left, lost in enumerate(LEFT_OUT, start=1):
                lessons.left_out[name][lost] += int(np.count_nonzero((channel == number) & (reason == left)))
            here = (channel == number) & (reason == 0)
            own = kind[here], places[here], contact[here], home[here]
            _count_cells(lessons, name, slots, *own[:3])
            _count_homes(lessons, name, times, own[0], time_at[own[1]], own[2], own[3])

    def _places(self, at: Any) -> tuple[list[Slot], Any, Any]:
        """All slots; the place among them each instant falls in, -1 outside all bands; whether migrants are home."""
        local = at + self._offsets(at)
        days, minutes = local // _DAY_MS, local % _DAY_MS // 60_000
        first = int(days.min(initial=0))
        known = [
            self._moments.day(dt.date(1970, 1, 1) + dt.timedelta(days=day))
            for day in range(first, int(days.max(initial=first)) + 1)
        ]
        number = {column: place for place, column in enumerate(_COLUMNS)}
        columns = np.array([number[column] for column, _home in known])[days - first]
        home_then = np.array([home for _column, home in known])[days - first]
        bands = np.array([-1 if one is None else one for one in self._moments.bands])[minutes]
        many = max(self._moments.bands, key=lambda one: -1 if one is None else one)
        width = 1 if many is None else many + 1
        slots = [(column, band) for column in _COLUMNS for band in range(width)]
        return slots, np.where(bands < 0, -1, columns * width + bands), home_then

    def _offsets(self, at: Any) -> Any:
        """How far clocks are ahead of UTC at each instant, in ms."""
        days, place = np.unique(at // _DAY_MS, return_inverse=True)
        starts = [self._offset(int(day) * _DAY_MS) for day in days]
        ends = [self._offset((int(day) + 1) * _DAY_MS - 1) for day in days]
        found = np.array(starts, dtype=np.int64)[place]
        for row in np.flatnonzero(np.array(starts, dtype=np.int64)[place] != np.array(ends, dtype=np.int64)[place]):
            found[row] = self._offset(int(at[row]))  # clocks were changed on that day
        return found

    def _offset(self, at_ms: int) -> int:
        offset = self._moments.local(at_ms).utcoffset()
        return 0 if offset is None else int(offset.total_seconds() * 1000)


assert MIDNIGHT * 60_000 == _DAY_MS


def _count_cells(lessons: Lessons, channel: str, slots: Sequence[Slot], kind: Any, place: Any, contact: Any) -> None:
    cell = kind * len(slots) + place
    size = len(_KINDS) * len(slots)
    tries, contacts = np.bincount(cell, minlength=size), np.bincount(cell[contact], minlength=size)
    for number in np.flatnonzero(tries):
        one, slot = divmod(int(number), len(slots))
        lessons.tallies[channel].add_cell(_KINDS[one], slots[slot], (int(tries[number]), int(contacts[number])))


def _count_homes(
    lessons: Lessons, channel: str, times: Sequence[Time], kind: Any, time: Any, contact: Any, home: Any
) -> None:
    """Count households alike: of one kind, tried so often at a time and found so often."""
    # One number for each household and time; those of a household are close together already.
    groups, place, tries = np.unique(home * len(times) + time, return_inverse=True, return_counts=True)
    contacts = np.bincount(place[contact], minlength=len(groups))
    first = np.zeros(len(groups), dtype=np.int64)
    first[place] = kind * len(times) + time
    alike, many = np.unique(np.stack([first, tries, contacts]), axis=1, return_counts=True)
    counted: Counter[tuple[Kind, Time, tuple[int, int]]] = Counter()
    for (group, tried, met), number in zip(alike.T.tolist(), many.tolist(), strict=True):
        one, at = divmod(group, len(times))
        counted[_KINDS[one], times[at], (tried, met)] = number
    lessons.tallies[channel].alike.update(counted)
