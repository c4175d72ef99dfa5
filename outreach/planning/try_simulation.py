"""What the learnt hours are worth: three ways of choosing when to knock, played on an INVENTED town, try for try.

office        Monday to Friday, mornings and afternoons: the time gap of the story
evening       Monday to Thursday evenings, as the story's officers went from April on
evening_home  the same, but those who work away only on the days they come home, and then before others
learnt        the rules of `contact due`: as evening_home, at any band of any day, by chances learnt from its own tries
              week by week

All have the same number of tries a week, at doors in the same order (who was tried least, then by a seeded shuffle), at
most one a household and week; whoever was found is not tried again, and a policy that has nobody left to try leaves
tries unused. So the difference is the hour and the day alone. docs/tries.md states what is invented; nothing here
measures real people.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from outreach.domain.calendar import WorkCalendar
from outreach.domain.people import Difficulty
from outreach.planning.returns import Window
from outreach.planning.simulate import door_share
from outreach.planning.slots import Option, little_known, pick
from outreach.planning.tries import (
    Band,
    Column,
    Count,
    DayClass,
    Kind,
    Prior,
    Slot,
    Tallies,
    Time,
    Try,
    column_of,
    learn,
    time_of,
)

POLICIES = ("office", "evening", "evening_home", "learnt")

HABIT = 8.0
"""A household's own chance at a time is drawn from Beta(8 m, 8 (1 - m)) around its kind's chance m."""

CHECKPOINTS = (0.25, 0.5, 0.75, 1.0)
"""Shares of all tries after which the households found are counted."""

AT_WORK, NOT_AT_WORK = 0.6, 1.4
LUNCH = 0.3
FRIDAY = 0.9
FREE = {
    DayClass.WEEKEND: {"morning": 0.45, "noon": 0.60, "afternoon": 0.40, "evening": 0.70},
    DayClass.HOLIDAY: {"morning": 0.40, "noon": 0.60, "afternoon": 0.35, "evening": 0.60},
}
RETURNED = 0.9
EFFORT = {Difficulty.HARD: 0.85, Difficulty.NORMAL: 1.0, Difficulty.EASY: 1.1}
LEAST, MOST = 0.01, 0.95
_OFFICE_WEEK = (Column.MON, Column.TUE, Column.WED, Column.THU, Column.FRI, Column.MAKE_UP)
_EVENING_WEEK = (Column.MON, Column.TUE, Column.WED, Column.THU)


def part_of_day(band: Band) -> str:
    """'morning', 'noon', 'afternoon' or 'evening', by the middle of the band."""
    middle = (band.starts + band.ends) / 2 / 60
    return "morning" if middle < 12 else "noon" if middle < 14 else "afternoon" if middle < 18 else "evening"


def chance(kind: Kind, column: Column, part: str, *, home: bool) -> float:
    """The invented chance that somebody of such a household opens. home: whether migrants are back."""
    if kind.migrant and not home:
        return door_share(evening=part == "evening", migrant=True)
    office, evening = (door_share(evening=late, migrant=False) for late in (False, True))
    if column.day_class in FREE:
        found = FREE[column.day_class][part]
    elif part == "evening":
        found = evening * (FRIDAY if column is Column.FRI else 1)
    else:
        found = office * (AT_WORK if kind.works else NOT_AT_WORK)
        found += LUNCH * (evening - found) if part == "noon" else 0
    found *= (RETURNED if kind.migrant else 1) * EFFORT[kind.difficulty]
    return min(max(found, LEAST), MOST)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the simulation is played: days, bands, homes by code, when migrants are back, what is believed before."""

    first: dt.date
    last: dt.date
    calendar: WorkCalendar
    windows: Sequence[Window]
    bands: Sequence[Band]
    homes: Mapping[str, Kind]
    prior: Prior
    tries: int

    def home(self, day: dt.date) -> bool:
        """Whether migrants are back on that day."""
        return any(one.first <= day <= one.last for one in self.windows)


@dataclass(frozen=True, slots=True)
class Played:
    """One policy with one seed. found: households found after each of `CHECKPOINTS`. hours: tries by slot."""

    policy: str
    seed: int
    tries: int
    found: tuple[int, ...]
    hours: Mapping[Slot, int]


@dataclass(slots=True)
class _Door:
    """One household in play. own: its tries and contacts by time."""

    code: str
    kind: Kind
    tries: int = 0
    last: Slot | None = None
    own: dict[Time, Count] = field(default_factory=dict)


def play(scene: Scene, policy: str, seed: int) -> Played:
    """Play one policy to the end of its tries or of the days; raises KeyError for an unknown policy."""
    choose = {
        "office": _fixed(_in_office),
        "evening": _fixed(_in_evening),
        "evening_home": _fixed(_in_evening, wait=True),
        "learnt": _learnt,
    }[policy]
    order = random.Random(f"{seed}/order")
    doors = [_Door(code, kind) for code, kind in sorted(scene.homes.items())]
    order.shuffle(doors)
    weeks = _weeks(scene)
    tallies, hours = Tallies(), Counter[Slot]()
    made, found = 0, 0
    marks = [round(share * scene.tries) for share in CHECKPOINTS]
    after: list[int] = []
    for number, week in enumerate(weeks):
        quota = (number + 1) * scene.tries // len(weeks) - made
        # Stable: among those tried equally often the shuffle's order holds.
        doors.sort(key=lambda door: door.tries)
        met: set[str] = set()
        for door, option in choose(scene, doors, week, quota, tallies):
            contact = _opens(scene, door, option, seed)
            tallies.add(Try(door.code, door.kind, option.slot, contact))
            time = time_of(option.slot)
            tries, contacts = door.own.get(time, (0, 0))
            door.own[time] = (tries + 1, contacts + contact)
            door.tries, door.last = door.tries + 1, option.slot
            hours[option.slot] += 1
            made, found = made + 1, found + contact
            if contact:
                met.add(door.code)
            after += [found] * (made in marks)
        doors = [door for door in doors if door.code not in met]
    after += [found] * (len(marks) - len(after))
    return Played(policy, seed, made, tuple(after), dict(hours))


_Chooser = Callable[[Scene, list[_Door], Sequence[dt.date], int, Tallies], list[tuple[_Door, Option]]]


def _fixed(allowed: Callable[[Column, Band], bool], *, wait: bool = False) -> _Chooser:
    """Doors in turn, the allowed slots of the week in turn. wait: for those who work away to come home."""

    def choose(
        scene: Scene, doors: list[_Door], week: Sequence[dt.date], quota: int, _tallies: Tallies
    ) -> list[tuple[_Door, Option]]:
        possible = [one for one in _options(scene, week) if allowed(one.slot[0], scene.bands[one.slot[1]])]
        home = [one for one in possible if scene.home(one.day)]
        present = _present(doors, back=bool(home)) if wait else doors
        chosen = []
        for number, door in enumerate(present[:quota]):
            options = home if wait and door.kind.migrant else possible
            chosen += [(door, options[number % len(options)])] if options else []
        return chosen

    return choose


def _in_office(column: Column, band: Band) -> bool:
    return column in _OFFICE_WEEK and part_of_day(band) in ("morning", "afternoon")


def _in_evening(column: Column, band: Band) -> bool:
    return column in _EVENING_WEEK and part_of_day(band) == "evening"


def _learnt(
    scene: Scene, doors: list[_Door], week: Sequence[dt.date], quota: int, tallies: Tallies
) -> list[tuple[_Door, Option]]:
    """The best slot of the week for each door by what the tries so far have taught."""
    rates = learn(tallies, scene.prior)
    options = _options(scene, week)
    home = [one for one in options if scene.home(one.day)]
    chosen: list[tuple[_Door, Option]] = []
    planned = Counter[Time]()
    known: dict[object, Option | None] = {}
    for door in _present(doors, back=bool(home))[:quota]:
        possible = home if door.kind.migrant else options
        few = little_known(rates, planned, possible)
        key = (door.kind, tuple(sorted(door.own.items())), door.last, few)
        if key not in known:
            found = pick(rates, door.kind, door.own, door.last, possible, few)
            known[key] = found.option if found else None
        option = known[key]
        if option is not None:
            planned[time_of(option.slot)] += 1
            chosen.append((door, option))
    return chosen


def _present(doors: list[_Door], *, back: bool) -> list[_Door]:
    """Those at home in the week, those who work away first while they are back."""
    return sorted((door for door in doors if back or not door.kind.migrant), key=lambda door: not door.kind.migrant)


def _options(scene: Scene, days: Sequence[dt.date]) -> list[Option]:
    return [Option(day, (column_of(day, scene.calendar), number)) for day in days for number in range(len(scene.bands))]


def _weeks(scene: Scene) -> list[list[dt.date]]:
    """The days from Monday to Sunday, cut at both ends."""
    weeks: dict[dt.date, list[dt.date]] = {}
    for offset in range((scene.last - scene.first).days + 1):
        day = scene.first + dt.timedelta(days=offset)
        weeks.setdefault(day - dt.timedelta(days=day.weekday()), []).append(day)
    return list(weeks.values())


def _opens(scene: Scene, door: _Door, option: Option, seed: int) -> bool:
    """Whether somebody opens: the household's habit at such a time, then a throw.

    Both are drawn from the seed, the household, the time and the number of its try, so that every policy meets the
    same people with the same luck.
    """
    column, number = option.slot
    mean = chance(door.kind, column, part_of_day(scene.bands[number]), home=scene.home(option.day))
    habits = random.Random(f"{seed}/{door.code}/{column.day_class}/{number}")
    luck = random.Random(f"{seed}/{door.code}/{door.tries}")
    return luck.random() < habits.betavariate(HABIT * mean, HABIT * (1 - mean))
