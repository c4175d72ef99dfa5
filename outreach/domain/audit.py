"""Questions to ask about recorded visits: what walking, clocks and the other officers' visits make hard to believe.

Every rule marks visits and says why that is worth a question. None of them proves anything: times are noted from
memory, sheets are entered by others, a sick colleague's round is written under one's own name. A rule that compares
officers takes visits as independent of each other, which those of one evening are not, so its chances are too small
rather than too large; and what all officers do alike it cannot see.

Rules of three sorts. PACE, SAME_MINUTE and TALKS look for runs that no walk allows, whatever the others do; the first
two ask whether homes that lie apart were all recorded from one spot, for no record says where its writer stood. CLOSED,
EARLY and COPIED mark visits by themselves. ROUND, NOBODY and LATE compare an officer's share with the other officers'
by the exact test of `chance.excess`, at a level shared out among all such tests (Bonferroni), and ask only where the
share is `ratio` times the others' as well. `chance` of every finding is that of the same test, and ranks them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, groupby

from outreach.domain.chance import Excess, Stratum, excess
from outreach.domain.contact import Disposition


class Rule(StrEnum):
    """What is asked about."""

    PACE = "pace"
    SAME_MINUTE = "same_minute"
    TALKS = "talks"
    CLOSED = "closed"
    EARLY = "early"
    COPIED = "copied"
    ROUND = "round"
    NOBODY = "nobody"
    LATE = "late"


COMPARED = (Rule.ROUND, Rule.NOBODY, Rule.LATE)
"""The rules that ask only where chance does not explain the difference from the other officers."""

UNITS = dict.fromkeys(Rule, "days") | {Rule.COPIED: "visits", Rule.NOBODY: "visits", Rule.ROUND: "moments"}
"""What is counted to compare officers. Visits of one day that stand in one run or came on one sheet are one event, and
a whole entrance entered at one time is one moment."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One recorded visit. at, recorded: when it was made and when it was written down, zoned.

    entrance: what names the entrance. place: metres east and north, None where unknown. kind: what households are
    compared by. planned: its time is the one its walk list planned, since the paper had none.
    """

    id: str
    household: str
    officer: str
    at: dt.datetime
    recorded: dt.datetime
    disposition: Disposition
    note: str
    entrance: tuple[str, ...]
    place: tuple[float, float] | None
    kind: tuple[str, ...]
    planned: bool = False

    @property
    def timed(self) -> bool:
        """Whether its time of day is known: imports write the first minute of a day where it is not."""
        return not self.planned and (self.at.hour, self.at.minute, self.at.second) != (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of the rules.

    run: visits in a run at least. minutes_door, minutes_entrance: what a further door and a further entrance take at
    least. metres_a_minute: the fastest way between entrances (250 is a bicycle). talks, minutes_talk: conversations
    in a run at least, and what one takes. same_minute: visits in one minute at least. opens, closes: hours of the day
    between which doors are knocked at; closed: visits outside of them at least. late_days: days after which writing
    down is late. early_minutes: what a clock may be slow. copies, note_signs: households with one note, and signs of
    the note, at least; common: other officers who may write it too before it is everybody's. fewest: visits marked
    at least before officers are compared. ratio: times the others' share. level: the chance that an audit of
    blameless visits asks any question by comparing.
    """

    run: int = 5
    minutes_door: float = 0.5
    minutes_entrance: float = 1.5
    metres_a_minute: float = 250.0
    talks: int = 4
    minutes_talk: float = 1.5
    same_minute: int = 4
    opens: int = 8
    closes: int = 22
    closed: int = 2
    late_days: int = 7
    early_minutes: int = 5
    copies: int = 5
    note_signs: int = 8
    common: int = 2
    fewest: int = 8
    ratio: float = 1.5
    level: float = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """Visits asked about together, in order of time. entrances: different ones. text: the note they share."""

    visits: tuple[Visit, ...]
    entrances: int
    text: str = ""

    @property
    def minutes(self) -> float:
        """From the first to the last."""
        return (self.visits[-1].at - self.visits[0].at).total_seconds() / 60

    @property
    def metres(self) -> float:
        """Between the two homes that lie farthest apart; 0 where no place is known."""
        places = {visit.place for visit in self.visits if visit.place}
        return max((math.dist(one, other) for one, other in combinations(places, 2)), default=0.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One question: its rule, whom to ask, the visits it is about (largest group first), and how it compares.

    compared: hits of tries against what the others' shares would give, counted in the rule's `UNITS`.
    """

    rule: Rule
    officer: str
    groups: tuple[Group, ...]
    compared: Excess

    @property
    def visits(self) -> int:
        """How many visits it is about."""
        return len({visit.id for group in self.groups for visit in group.visits})


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, and the questions, those that chance explains least first.

    untimed: visits without a time of day. rules: rules tried on every officer. compared: tests by comparing officers,
    among which the level was shared out.
    """

    officers: int
    visits: int
    untimed: int
    rules: int
    compared: int
    findings: tuple[Finding, ...]


def audit(visits: Iterable[Visit], limits: Limits | None = None) -> Audit:
    """Look at every officer's visits by every rule; visits are those in force, each once, in any order."""
    limits = limits or Limits()
    every: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda one: (one.at, one.household, one.id)):
        every[visit.officer].append(visit)
    tests = len(COMPARED) * len(every)
    common = _common_notes(every, limits)
    markers: dict[Rule, Callable[[Sequence[Visit]], list[Group]]] = {
        Rule.PACE: lambda mine: _runs(mine, limits),
        Rule.SAME_MINUTE: lambda mine: _same_minutes(mine, limits),
        Rule.TALKS: lambda mine: _talks(mine, limits),
        Rule.CLOSED: lambda mine: _at_least(limits.closed, (one for one in mine if _closed(one, limits))),
        Rule.EARLY: lambda mine: _at_least(1, (one for one in mine if _early(one, limits))),
        Rule.COPIED: lambda mine: _copies(mine, limits, common),
        Rule.ROUND: lambda mine: _at_least(limits.fewest, (one for one in mine if _round(one))),
        Rule.NOBODY: lambda mine: _at_least(limits.fewest, (one for one in mine if _nobody(one))),
        Rule.LATE: lambda mine: _at_least(limits.fewest, (one for one in mine if _late(one, limits))),
    }
    findings = [
        finding
        for rule, marked in markers.items()
        for finding in _findings(rule, every, {officer: marked(mine) for officer, mine in every.items()})
        if rule not in COMPARED or _stands_out(finding.compared, limits, tests)
    ]
    findings.sort(key=lambda one: (one.compared.chance, -one.visits, one.officer, one.rule))
    count = sum(map(len, every.values()))
    untimed = sum(not visit.timed for mine in every.values() for visit in mine)
    return Audit(len(every), count, untimed, len(markers), tests, tuple(findings))


def _stands_out(compared: Excess, limits: Limits, tests: int) -> bool:
    return compared.chance <= limits.level / tests and compared.hits >= limits.ratio * compared.expected


def _findings(
    rule: Rule, every: Mapping[str, Sequence[Visit]], marked: Mapping[str, Sequence[Group]]
) -> Iterator[Finding]:
    """A finding for each officer with marked visits, compared with the others within strata.

    What is counted hangs on the rule (`UNITS`); a unit bears the mark where one of its visits does. NOBODY and ROUND
    count every visit that bears the mark, not only from `fewest` on, so that the others' share is whole.
    """
    bears = {Rule.NOBODY: _nobody, Rule.ROUND: _round}.get(rule)
    hits: dict[str, Counter[tuple[str, ...]]] = {}
    tries: dict[str, Counter[tuple[str, ...]]] = {}
    for officer, mine in every.items():
        within = {visit.id for group in marked[officer] for visit in group.visits}
        units: dict[object, tuple[tuple[str, ...], bool]] = {}
        for visit in mine:
            if rule is Rule.ROUND and not visit.timed:
                continue
            unit, stratum = _unit(rule, visit)
            mark = bears(visit) if bears else visit.id in within
            units[unit] = (stratum, mark or (unit in units and units[unit][1]))
        tries[officer] = Counter(stratum for stratum, _mark in units.values())
        hits[officer] = Counter(stratum for stratum, mark in units.values() if mark)
    all_hits = sum(hits.values(), Counter[tuple[str, ...]]())
    all_tries = sum(tries.values(), Counter[tuple[str, ...]]())
    for officer, groups in marked.items():
        if groups:
            strata = [
                Stratum(hits[officer][name], count, all_hits[name] - hits[officer][name], all_tries[name] - count)
                for name, count in tries[officer].items()
            ]
            largest = sorted(groups, key=lambda group: (-len(group.visits), group.visits[0].at))
            yield Finding(rule, officer, tuple(largest), excess(strata))


def _unit(rule: Rule, visit: Visit) -> tuple[object, tuple[str, ...]]:
    """What the visit counts with, and the stratum it is compared in."""
    if rule is Rule.NOBODY:
        return visit.id, (*visit.kind, _part_of_day(visit))
    return {"visits": visit.id, "moments": _minute(visit), "days": visit.at.date()}[UNITS[rule]], ()


def _part_of_day(visit: Visit) -> str:
    """When people are home differs: working hours, evenings, weekends, or not known."""
    if not visit.timed:
        return "untimed"
    if visit.at.weekday() >= 5:
        return "weekend"
    return "day" if 8 <= visit.at.hour < 17 else "evening"


def _at_least(fewest: int, marked: Iterable[Visit]) -> list[Group]:
    """All marked visits as one group, nothing where there are too few."""
    found = tuple(marked)
    return [_group(found)] if len(found) >= fewest else []


def _group(visits: Sequence[Visit], text: str = "") -> Group:
    return Group(tuple(visits), len({visit.entrance for visit in visits}), text)


def _nobody(visit: Visit) -> bool:
    """Said of a household most easily without going there; officers with harder areas are compared within kinds of
    household, but an area may be harder for reasons no column knows.
    """
    return visit.disposition is Disposition.NOBODY_HOME


def _round(visit: Visit) -> bool:
    """On the hour or the half: a time written from memory. It may be an honest memory."""
    return visit.timed and visit.at.minute in (0, 30)


def _closed(visit: Visit, limits: Limits) -> bool:
    """At an hour when nobody knocks. It may be a slip of morning and afternoon."""
    return visit.timed and not limits.opens <= visit.at.hour < limits.closes


def _late(visit: Visit, limits: Limits) -> bool:
    """Written down long afterwards, where others are not. Who enters an officer's sheets may be somebody else."""
    return visit.recorded - visit.at > dt.timedelta(days=limits.late_days)


def _early(visit: Visit, limits: Limits) -> bool:
    """Written down before it happened: beforehand, or on a machine whose clock is slow."""
    return visit.at - visit.recorded > dt.timedelta(minutes=limits.early_minutes)


def _runs(mine: Sequence[Visit], limits: Limits) -> list[Group]:
    """Runs at several entrances quicker than doors, stairs and the way between allow.

    No way through places is shorter than the diagonal of the box around them. Times are whole minutes, so a run may
    have taken one more; and what bears the first minute may have been done before it, as where a whole entrance is
    entered at once, so only doors, entrances and places after it count.
    """

    def needed(_all: int, later: int, entrances: int, metres: float) -> float:
        way = limits.minutes_entrance * (entrances - 1) + metres / limits.metres_a_minute
        return limits.minutes_door * later + way if entrances > 1 else 0.0

    return _quick_runs(mine, limits.run, needed)


def _talks(mine: Sequence[Visit], limits: Limits) -> list[Group]:
    """Conversations at one entrance, one upon the other. They may have been entered together with one time."""

    def needed(every: int, _later: int, _entrances: int, _metres: float) -> float:
        return limits.minutes_talk * (every - 1)

    met = sorted((visit for visit in mine if visit.disposition.contact), key=lambda one: (one.entrance, one.at))
    return [
        group
        for _entrance, there in groupby(met, key=lambda one: one.entrance)
        for group in _quick_runs(list(there), limits.talks, needed)
    ]


_Needed = Callable[[int, int, int, float], float]
_LONGEST = 60.0  # minutes of a run looked at; longer ones are found in parts


def _quick_runs(mine: Sequence[Visit], fewest: int, needed: _Needed) -> list[Group]:
    """The longest run from each visit on that takes less than is needed, none overlapping; visits in order of time.

    needed: minutes for so many visits, of which so many after the first minute, those at so many entrances within a
    box of so many metres from corner to corner.
    """
    timed = [visit for visit in mine if visit.timed]
    groups: list[Group] = []
    start = 0
    while start < len(timed):
        found = later = 0
        box: list[tuple[float, float]] = []
        entrances: set[tuple[str, ...]] = set()
        first = timed[start]
        for count, visit in enumerate(timed[start:], start=1):
            minutes = (visit.at - first.at).total_seconds() / 60
            if minutes > _LONGEST or visit.at.date() != first.at.date():
                break
            if _minute(visit) != _minute(first):
                later += 1
                entrances.add(visit.entrance)
                box = _around(box, visit.place)
            if count >= fewest and minutes + 1 < needed(count, later, len(entrances), _diagonal(box)):
                found = count
        if found:
            groups.append(_group(timed[start : start + found]))
        start += max(found, 1)
    return groups


def _around(box: list[tuple[float, float]], place: tuple[float, float] | None) -> list[tuple[float, float]]:
    """The lower left and upper right corner of what was seen and `place`."""
    if place is None:
        return box
    seen = [*box, place]
    return [(min(x for x, _y in seen), min(y for _x, y in seen)), (max(x for x, _y in seen), max(y for _x, y in seen))]


def _diagonal(box: Sequence[tuple[float, float]]) -> float:
    if not box:
        return 0.0
    (left, low), (right, high) = box
    return float(((right - left) ** 2 + (high - low) ** 2) ** 0.5)


def _same_minutes(mine: Sequence[Visit], limits: Limits) -> list[Group]:
    """Visits at several entrances in one minute, where no run asks about them already. They may have been entered
    together with one time.
    """
    asked = {visit.id for group in _runs(mine, limits) for visit in group.visits}
    minutes: dict[dt.datetime, list[Visit]] = defaultdict(list)
    for visit in mine:
        if visit.timed and visit.id not in asked:
            minutes[_minute(visit)].append(visit)
    groups = [_group(visits) for visits in minutes.values() if len(visits) >= limits.same_minute]
    return [group for group in groups if group.entrances > 1]


def _minute(visit: Visit) -> dt.datetime:
    return visit.at.replace(second=0, microsecond=0)


def _common_notes(every: Mapping[str, Sequence[Visit]], limits: Limits) -> set[str]:
    """Notes of an office's own language: more than `common` other officers write them too."""
    users: dict[str, set[str]] = defaultdict(set)
    for officer, mine in every.items():
        for visit in mine:
            users[_note(visit)].add(officer)
    return {note for note, officers in users.items() if len(officers) > limits.common + 1}


def _copies(mine: Sequence[Visit], limits: Limits, common: set[str]) -> list[Group]:
    """One note, word for word, on many households, that is neither short nor everybody's. It may be a ready phrase."""
    notes: dict[str, list[Visit]] = defaultdict(list)
    for visit in mine:
        notes[_note(visit)].append(visit)
    return [
        _group(visits, note)
        for note, visits in notes.items()
        if len(note) >= limits.note_signs
        and note not in common
        and len({visit.household for visit in visits}) >= limits.copies
    ]


def _note(visit: Visit) -> str:
    return " ".join(visit.note.split())
