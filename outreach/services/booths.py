"""Booths on paper compared with booths of today: which lines are untrue, and what stands in their place.

A printed line is of all stations that are open at the same times; when one of them gets other times the line splits,
and when times become equal lines join. So each station is compared by itself: by the days it is open, or, where these
have moved, by being the only booth there that did.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from outreach.messages import _
from outreach.store.runs import PrintedFact

_BETWEEN_STATIONS = re.compile(r"、|, ")
_HOURS = re.compile(r"\s*(?:\d\d:\d\d–\d\d:\d\d(?:, )?)*$")


class BoothLines:
    """The booth lines of one piece as it is on paper, and as it would be today."""

    def __init__(self, held: Iterable[PrintedFact], now: Iterable[PrintedFact]) -> None:
        self._old = _by_station(held)
        self._new = _by_station(now)

    def is_true(self, line: PrintedFact) -> bool:
        """Whether every station of the line is open as it says, on whatever line that stands today."""
        return all(line.value in self._new[station] for station in _stations(line))

    def present(self, line: PrintedFact) -> str:
        """What the stations of the line say today: one text where it is the same for all, '' where nothing."""
        found = {station: self._successors(station, line.value) for station in _stations(line)}
        texts = set(found.values())
        if len(texts) == 1:
            return _listed(texts.pop())
        own = [f"{station} {_listed(times)}" for station, times in found.items() if times]
        return _listed(own)

    def _successors(self, station: str, when: str) -> tuple[str, ...]:
        old, new = self._old[station], self._new[station]
        if when in new:
            return (when,)
        days = _days(when)
        same = tuple(one for one in new if _days(one) == days and one not in old)
        if same:
            return same
        kept = {_days(one) for one in new}
        moved = [one for one in old if _days(one) not in kept]
        known = {_days(one) for one in old}
        fresh = [one for one in new if _days(one) not in known]
        return (fresh[0],) if moved == [when] and len(fresh) == 1 else ()


def _by_station(facts: Iterable[PrintedFact]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if fact.kind == "booth":
            for station in _stations(fact):
                found[station].append(fact.value)
    return found


def _stations(line: PrintedFact) -> list[str]:
    return _BETWEEN_STATIONS.split(line.subject)


def _days(when: str) -> str:
    return _HOURS.sub("", when)


def _listed(texts: Iterable[str]) -> str:
    listed = ""
    for text in texts:
        listed = _("{first}; {second}", first=listed, second=text) if listed else text
    return listed
