"""Play a campaign's year: who was tried, met, registered and paid, as facts a store would hold.

For demonstrations, benchmarks and tests; nothing here describes real people. Pure and seeded: a household's
facts depend on the seed, on its own code and, for paying, on its rank among all, never on the order of homes.
A shorter `ends` gives the same facts, cut off.

Assumptions, and where the figures come from (the Yingcheng story of 2005, told in its totals):

- January: a letter to every household, 7 in 100 come back. March: one SMS to every household with a mobile.
- Until the end of March officers call at doors in office hours and mostly find nobody: the time gap. From
  1 April they go Monday to Thursday evenings, one to three times a household.
- Migrants are away except in the holidays: the week from the lunar new year, 1-7 May and 1-7 October, when
  booths stand at the bus stations from 08:00 to 17:00.
- Whoever was not met is telephoned, if there is a mobile, between 09:00 and 20:40.
- Of 7,000 households about 5,900 hold a card at the year's end, 73 in 100 have paid and 2 in 100 have only
  registered. Who pays: the easy cases, those who were met, those who lapsed lately. Nobody registers who was
  not met first; those whom nobody met come to the hall by themselves (they saw the crawl or the paper).
- 7 in 100 payers come in the first half, whose takings stay below 10,000 yuan a day (later payments wait for
  the next working day); the second half climbs and ends in a rush on the last working day of the year.
- A person pays 1,200-6,000 yuan, more the longer the lapse; about a third of the spouses pay too.
- January to March after that year: 552 in 7,000 households register one person each, who pays the current
  year within days.
- Working days are Monday to Friday outside the three holidays. Lunar new year's days are tabled for 2004-2008;
  in other years 4 February stands for it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind
from outreach.domain.ids import uuid7
from outreach.domain.people import Difficulty

_PAYING, _REGISTERING_ONLY, _AFTERWARDS = 0.733, 0.02, 552 / 7000
_FIRST_HALF, _RUSH = 0.07, 0.06
_DAY_LIMIT_FEN = 1_000_000
_RETURNED_SHARE = 0.07
_BOOTH_SHARES = {1: 0.13, 2: 0.13, 5: 0.06, 10: 0.10}
_NEW_YEAR = {2004: (1, 22), 2005: (2, 9), 2006: (1, 29), 2007: (2, 18), 2008: (2, 7)}
# Days after the start: the SMS, the first evening visits, the second half, the year's last day, a quarter more.
_SMS_DAY, _EVENINGS, _HALF, _YEAR, _QUARTER = 62, 87, 178, 361, 90

_MASS = frozenset({"letter", "sms"})
_FINAL = frozenset({Disposition.MOVED, Disposition.NOT_ELIGIBLE})
_CARD_GIVEN = frozenset({Disposition.CARD_HANDED, Disposition.INFORMED, Disposition.RELATIVE_TOLD})
_OFFICE = {
    Disposition.NOBODY_HOME: 62,
    Disposition.NO_ENTRY: 8,
    Disposition.RELATIVE_TOLD: 9,
    Disposition.APPOINTMENT: 7,
    Disposition.CARD_HANDED: 11,
    Disposition.REFUSED: 2,
    Disposition.MOVED: 1,
}
_OFFICE_MIGRANT = {
    Disposition.AWAY: 52,
    Disposition.NOBODY_HOME: 34,
    Disposition.NO_ENTRY: 6,
    Disposition.RELATIVE_TOLD: 6,
    Disposition.CARD_HANDED: 2,
}
_EVENING = {
    Disposition.CARD_HANDED: 47,
    Disposition.INFORMED: 13,
    Disposition.NOBODY_HOME: 22,
    Disposition.RELATIVE_TOLD: 8,
    Disposition.APPOINTMENT: 6,
    Disposition.REFUSED: 3,
    Disposition.NOT_ELIGIBLE: 1,
}
_EVENING_MIGRANT = {
    Disposition.AWAY: 52,
    Disposition.NOBODY_HOME: 28,
    Disposition.RELATIVE_TOLD: 6,
    Disposition.CARD_HANDED: 10,
    Disposition.INFORMED: 4,
}
_BOOTH = {Disposition.CARD_HANDED: 85, Disposition.INFORMED: 15}
_CALL = {
    Disposition.NO_ANSWER: 48,
    Disposition.INFORMED: 34,
    Disposition.WRONG_NUMBER: 8,
    Disposition.APPOINTMENT: 10,
}
_NOTES = {
    Disposition.NOBODY_HOME: ("敲门无人应", "邻居说晚上才回", "白天上班"),
    Disposition.AWAY: ("在外省打工,过年回", "邻居说去了广东", "五一回来"),
    Disposition.APPOINTMENT: ("约周三晚七点", "约周末再来", "要等爱人回来一起问"),
    Disposition.RELATIVE_TOLD: ("卡交父母转", "孩子在家,转告"),
    Disposition.CARD_HANDED: ("问要缴多少", "夫妻一起问", "问和商业保险哪个划算"),
    Disposition.INFORMED: ("账已算清", "准备材料", "下月来办"),
    Disposition.ASKED_BACK: ("带齐材料", "看了电视字幕来的", "缺户口簿,改日补"),
    Disposition.WRONG_NUMBER: ("号码已换人",),
    Disposition.REFUSED: ("已买商业保险", "暂不考虑"),
}


def door_share(*, evening: bool, migrant: bool) -> float:
    """The share of knocks, 0 to 1, at which somebody opens in the played year: by evening or in office hours."""
    weights = {
        (False, False): _OFFICE,
        (False, True): _OFFICE_MIGRANT,
        (True, False): _EVENING,
        (True, True): _EVENING_MIGRANT,
    }[evening, migrant]
    return sum(weight for outcome, weight in weights.items() if outcome.contact) / sum(weights.values())


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What the simulation must know of one household. months_lapsed: the longest lapse in it."""

    code: str
    persons: int
    difficulty: Difficulty
    migrant: bool
    has_mobile: bool
    months_lapsed: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """The year's facts, each sorted by time; attempts are zoned."""

    attempts: tuple[Attempt, ...]
    milestones: tuple[Milestone, ...]


def simulate_year(
    households: Sequence[HomeFacts],
    officers_of: Mapping[str, str],
    starts: dt.date,
    ends: dt.date,
    zone: dt.tzinfo,
    seed: str,
) -> Simulation:
    """The facts of a campaign from `starts` to `ends` (both included).

    officers_of: the responsible officer of every household code; a missing one raises KeyError.
    """
    town = _Town(starts, zone, tuple(sorted(set(officers_of.values()))))
    homes = [_Home(facts, officers_of[facts.code], random.Random(f"{seed}/{facts.code}"), town) for facts in households]
    homes.sort(key=lambda home: (-home.willingness, home.facts.code))
    paying = round(len(homes) * _PAYING)
    registering = paying + round(len(homes) * _REGISTERING_ONLY)
    afterwards = registering + round(len(homes) * _AFTERWARDS)
    for rank, home in enumerate(homes):
        if rank < paying:
            home.register_and_pay()
        elif rank < registering:
            home.register(town.half)
        elif rank < afterwards:
            home.come_late()
    source = random.Random(seed)
    attempts = sorted((a for home in homes for a in home.tries), key=lambda a: (a.at, a.household, a.channel))
    milestones = _within_day_limit((step for home in homes for step in home.steps), town)
    milestones.sort(key=lambda m: (m.on, m.household, m.person, m.kind is MilestoneKind.PAID))
    # Identifiers come before the cut, so that a shorter `ends` keeps them.
    attempts = [replace(attempt, id=uuid7(attempt.at, source)) for attempt in attempts]
    milestones = [replace(step, id=uuid7(town.at(step.on, 8 * 60), source)) for step in milestones]
    return Simulation(
        attempts=tuple(attempt for attempt in attempts if attempt.at.date() <= ends),
        milestones=tuple(step for step in milestones if step.on <= ends),
    )


class _Town:
    """The campaign's calendar and its officers."""

    def __init__(self, starts: dt.date, zone: dt.tzinfo, officers: tuple[str, ...]) -> None:
        self.starts = starts
        self.zone = zone
        self.officers = officers
        self.half = self.day(_HALF)
        self.close = self.day(_YEAR)
        self.end = self.day(_YEAR + _QUARTER)
        self.holidays = tuple(self._holidays())
        self.last_working = self.working(self.close, step=-1)

    def day(self, offset: int) -> dt.date:
        """The day `offset` days after the start."""
        return self.starts + dt.timedelta(days=offset)

    def at(self, day: dt.date, minute: int, second: int = 0) -> dt.datetime:
        """That minute of the day, zoned."""
        return dt.datetime.combine(day, dt.time(minute // 60, minute % 60, second), self.zone)

    def working(self, day: dt.date, step: int = 1, weekdays: int = 5) -> dt.date:
        """The first working day from `day` on (or back, with step -1) among the first `weekdays` of the week."""
        while day.weekday() >= weekdays or any(first <= day <= last for first, last in self.holidays):
            day += dt.timedelta(days=step)
        return day

    def _holidays(self) -> Iterator[tuple[dt.date, dt.date]]:
        """The three weeks of every year that lie wholly within the campaign, in order."""
        for year in range(self.starts.year, self.end.year + 1):
            for month, day in (_NEW_YEAR.get(year, (2, 4)), (5, 1), (10, 1)):
                first = dt.date(year, month, day)
                last = first + dt.timedelta(days=6)
                if self.starts <= first and last <= self.end:
                    yield first, last


class _Home:
    """One household's year. tries and steps carry no ids yet."""

    def __init__(self, facts: HomeFacts, officer: str, rng: random.Random, town: _Town) -> None:
        self.facts = facts
        self.officer = officer
        self.rng = rng
        self.town = town
        self.steps: list[Milestone] = []
        self.tries = self._kept([*self._posted(), *self._doors(), *self._booths(), *self._calls()])
        self.willingness = self._willingness()

    # --- being tried ---

    def _posted(self) -> Iterator[Attempt]:
        rng, town = self.rng, self.town
        day = town.working(town.day(6 + rng.randrange(12)))
        yield self._try("letter", day, 9 * 60 + rng.randrange(420), Disposition.SENT, left=("letter",))
        if rng.random() < _RETURNED_SHARE:
            back = town.working(day + dt.timedelta(days=9 + rng.randrange(12)))
            yield self._try("letter", back, 9 * 60 + rng.randrange(420), Disposition.RETURNED)
        if self.facts.has_mobile:
            yield self._try("sms", town.day(_SMS_DAY), 10 * 60 + rng.randrange(30), Disposition.SENT)

    def _doors(self) -> Iterator[Attempt]:
        rng, town, migrant = self.rng, self.town, self.facts.migrant
        if rng.random() < 0.38:
            day = town.working(town.day(6 + rng.randrange(_EVENINGS - 10)))
            start = rng.choice((9 * 60, 14 * 60 + 30))
            yield self._met("visit", day, start + rng.randrange(140), _OFFICE_MIGRANT if migrant else _OFFICE)
        day = town.day(_EVENINGS + rng.randrange(240))
        for _turn in range(rng.choice((1, 2)) if migrant else rng.choice((2, 3))):
            day = town.working(day, weekdays=4)
            minute = 18 * 60 + 30 + rng.randrange(120)
            yield self._met("visit", day, minute, _EVENING_MIGRANT if migrant else _EVENING)
            day += dt.timedelta(days=6 + rng.randrange(20))

    def _booths(self) -> Iterator[Attempt]:
        rng = self.rng
        for first, _last in self.town.holidays:
            share = _BOOTH_SHARES[first.month] if self.facts.migrant else 0.02
            day, minute, officer = rng.randrange(7), rng.randrange(8 * 60), rng.choice(self.town.officers)
            if rng.random() < share:
                minute += 8 * 60 if minute < 4 * 60 else 9 * 60
                yield self._met("booth", first + dt.timedelta(days=day), minute, _BOOTH, officer)

    def _calls(self) -> Iterator[Attempt]:
        rng = self.rng
        if self.facts.has_mobile and rng.random() < (0.4 if self.facts.migrant else 0.2):
            day = self.town.day(100 + rng.randrange(230))
            for _turn in range(2):
                yield self._met("call", day, 9 * 60 + rng.randrange(700), _CALL)
                day += dt.timedelta(days=2 + rng.randrange(12))

    def _kept(self, tries: list[Attempt]) -> list[Attempt]:
        """The tries until somebody held a card and knew why; post and SMS go out regardless."""
        tries.sort(key=lambda attempt: attempt.at)
        kept, done, informed = [], False, False
        for attempt in tries:
            if attempt.channel not in _MASS and (done or (informed and attempt.channel == "call")):
                continue
            kept.append(attempt)
            informed |= attempt.disposition.reached
            done |= attempt.disposition in _FINAL or (attempt.disposition.reached and "card" in attempt.left)
        return kept

    def _met(
        self, channel: str, day: dt.date, minute: int, outcomes: Mapping[Disposition, int], officer: str = ""
    ) -> Attempt:
        """A try whose outcome is drawn from `outcomes` (weights)."""
        outcome = self.rng.choices(list(outcomes), list(outcomes.values()))[0]
        left: tuple[str, ...] = ()
        if channel != "call" and outcome in _CARD_GIVEN:
            left = ("card",)
        elif outcome is Disposition.NOBODY_HOME and self.rng.random() < 0.3:
            left = ("notice",)
        notes = _NOTES.get(outcome, ())
        note = self.rng.choice(notes) if notes and self.rng.random() < 0.35 else ""
        return self._try(channel, day, minute, outcome, left=left, note=note, officer=officer)

    def _try(
        self,
        channel: str,
        day: dt.date,
        minute: int,
        outcome: Disposition,
        *,
        left: tuple[str, ...] = (),
        note: str = "",
        officer: str = "",
    ) -> Attempt:
        at = self.town.at(day, minute, self.rng.randrange(60))
        return Attempt("", self.facts.code, channel, officer or self.officer, at, outcome, left=left, note=note)

    # --- deciding ---

    def _willingness(self) -> float:
        """Who pays first: the easy, the met, the lately lapsed; never who moved away."""
        if any(attempt.disposition in _FINAL for attempt in self.tries):
            return -10.0
        met = any(attempt.disposition.reached and attempt.at.date() <= self.town.close for attempt in self.tries)
        ease = {Difficulty.EASY: 0.4, Difficulty.NORMAL: 0.1, Difficulty.HARD: -0.3}[self.facts.difficulty]
        return self.rng.random() + ease + (0.45 if met else 0.0) - self.facts.months_lapsed / 400

    def register_and_pay(self) -> None:
        """Within the year: person 1, and about a third of the others."""
        rng, town = self.rng, self.town
        if rng.random() < _FIRST_HALF:
            day = town.working(town.day(8 + rng.randrange(_HALF - 12)))
        elif rng.random() < _RUSH:
            day = town.last_working
        else:
            day = town.working(town.day(_HALF + int((_YEAR - _HALF) * max(rng.random(), rng.random()))))
        day = min(day, town.last_working)
        self._come(day)
        lag = 0 if rng.random() < 0.55 else rng.randrange(1, 15)
        paid = min(town.working(day + dt.timedelta(days=lag)), town.last_working)
        for person in range(1, self.facts.persons + 1):
            if person == 1 or rng.random() < 0.36:
                self._step(MilestoneKind.REGISTERED, day, person)
                self._step(MilestoneKind.PAID, paid, person, self._amount_fen())
        if rng.random() < 0.25:
            back = paid + dt.timedelta(days=10 + rng.randrange(20))
            self.tries.append(
                self._try("call", back, 9 * 60 + rng.randrange(660), Disposition.INFORMED, note="回访,缴费单已收到")
            )

    def register(self, not_before: dt.date) -> None:
        """Registers in the second half and does not pay."""
        town = self.town
        day = min(town.working(not_before + dt.timedelta(days=self.rng.randrange(175))), town.last_working)
        self._come(day)
        self._step(MilestoneKind.REGISTERED, day, 1)

    def come_late(self) -> None:
        """Registers in the three months after the year, one person, and pays within days."""
        rng, town = self.rng, self.town
        day = town.working(town.day(_YEAR + 3 + rng.randrange(_QUARTER - 10)))
        self._come(day)
        self._step(MilestoneKind.REGISTERED, day, 1)
        paid = town.working(day + dt.timedelta(days=rng.randrange(4)))
        self._step(MilestoneKind.PAID, paid, 1, 120_000 + rng.randrange(215_000))

    def _come(self, day: dt.date) -> None:
        """At the counter on `day`: nobody is looked for any more, and who has no card gets one."""
        rng = self.rng
        self.tries = [a for a in self.tries if a.channel in _MASS or a.at.date() < day]
        met = any(attempt.disposition.reached for attempt in self.tries)
        card = any("card" in attempt.left for attempt in self.tries)
        if not met or not card or rng.random() < 0.25:
            minute = 8 * 60 + 10 + rng.randrange(7 * 60)
            minute += 0 if minute < 12 * 60 else 150
            officer = self.officer if rng.random() < 0.5 else rng.choice(self.town.officers)
            left = () if card else ("card",)
            note = rng.choice(_NOTES[Disposition.ASKED_BACK]) if rng.random() < 0.35 else ""
            self.tries.append(
                self._try("hall", day, minute, Disposition.ASKED_BACK, left=left, note=note, officer=officer)
            )

    def _amount_fen(self) -> int:
        owed = int(self.facts.months_lapsed * (0.15 + 0.85 * self.rng.random()) * 6200) + self.rng.randrange(30_000)
        return min(600_000, 120_000 + owed)

    def _step(self, kind: MilestoneKind, on: dt.date, person: int, fen: int = 0) -> None:
        self.steps.append(Milestone("", self.facts.code, kind, on, person=person, amount_fen=fen))


def _within_day_limit(steps: Iterator[Milestone], town: _Town) -> list[Milestone]:
    """The steps, with first-half payments moved on to days whose takings stay below the limit."""
    taken: dict[dt.date, int] = {}
    moved: list[Milestone] = []
    for step in sorted(steps, key=lambda m: (m.on, m.household, m.person)):
        day = step.on
        if step.kind is MilestoneKind.PAID:
            while day < town.half and taken.get(day, 0) + step.amount_fen >= _DAY_LIMIT_FEN:
                day = town.working(day + dt.timedelta(days=1))
            taken[day] = taken.get(day, 0) + step.amount_fen
        moved.append(replace(step, on=day))
    return moved
