"""Play what an office keeps beside its tries: return visits, promises, appointments, complaints, the six musts, forms.

For demonstrations and tests; nothing here describes real people. It takes a played year (planning/simulate.py) and
gives the same year kept up: tries are added and get what was ticked, signed and closed by them, none is taken away.
Pure and seeded: a household's part depends on the seed, its own tries and its own code. A shorter `ends` gives the
same facts, cut off.

Assumptions, none of them from a source:

- Whoever is owed a return visit and had none in time by themselves is called (three in four with a mobile) or
  visited in the evening, 6 to 25 days later, up to four times; three tries in four find somebody. One household in
  125 is forgotten.
- Of agreed meetings every one that a try followed within 30 days was an appointment for that try; one in 40 was not
  kept. One return visit in 16 brings something that was promised, one in ten of these late.
- One household in 250 complains, and eight people whom no household knows; six in seven are answered in two weeks.
- Nine in ten talks have their six musts ticked, and five in six of these all of them. Who comes to the counter signs.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from outreach.domain.conduct import MEETINGS, Must, SignedForm
from outreach.domain.contact import Attempt, Disposition
from outreach.domain.follow_up import FollowUp, FollowUpKind, Matter, ReturnRule, return_visit
from outreach.domain.ids import derived_id
from outreach.planning.simulate import HomeFacts

_FORGOTTEN, _FOUND, _MOST_TRIES = 0.008, 0.76, 4
_KEPT, _PROMISED, _LATE = 0.975, 0.06, 0.1
_COMPLAINS, _ANSWERED, _STRANGERS = 0.004, 0.86, 8
_TICKED, _ALL_SIX, _SIGNED = 0.9, 0.84, 0.8
_COMPLAINT_DAYS = 21

_RETURNS = ("回访，材料已备齐", "回访，问下月哪天缴", "回访，已转告爱人", "回访，缴费单已收到", "回访，年底前来办")
_PROMISES = ("送个人账户对账单", "带一份登记表上门", "帮问清断保年限", "带政策问答小册子")
_COMPLAINTS = ("电话打了几次没人接", "窗口等了一上午", "通知上写的电话不对", "上门的人没讲清要缴多少")
_PLACES = ("长途汽车站的一位旅客", "北塔社区的一位老人", "菜场的一位摊主", "在外务工的来电人")
_ANSWERS = ("已回电说明并致歉", "已更正告示上的号码", "已补派一人值守窗口")


@dataclass(frozen=True, slots=True)
class KeptUp:
    """The year with what was kept up: every try and every follow-up that was opened, each sorted by time."""

    attempts: tuple[Attempt, ...]
    follow_ups: tuple[FollowUp, ...]


def simulate_follow_ups(
    attempts: Iterable[Attempt], homes: Iterable[HomeFacts], officers_of: Mapping[str, str], rule: ReturnRule,
    starts: dt.date, ends: dt.date, zone: dt.tzinfo, seed: str,
) -> KeptUp:  # fmt: skip
    """The tries of a played year and what belongs to them, from `starts` up to and with `ends`.

    officers_of: the responsible officer of every household code. rule: when a return visit is owed, and by which
    channels it is made.
    """
    own: dict[str, list[Attempt]] = {facts.code: [] for facts in homes}
    known = {facts.code: facts for facts in homes}
    for attempt in attempts:
        own[attempt.household].append(attempt)
    tries: list[Attempt] = []
    opened: list[FollowUp] = list(_complaints_of_strangers(starts, zone, seed))
    for code, facts in known.items():
        year = _Year(facts, officers_of[code], own[code], zone, seed)
        year.keep_up(rule, starts)
        tries += year.tries
        opened += year.opened
    return KeptUp(
        tuple(sorted((one for one in tries if one.at.date() <= ends), key=lambda one: (one.at, one.id))),
        tuple(sorted((one for one in opened if one.opened.date() <= ends), key=lambda one: (one.opened, one.id))),
    )


class _Year:
    """One household's tries and follow-ups."""

    def __init__(self, facts: HomeFacts, officer: str, tries: Iterable[Attempt], zone: dt.tzinfo, seed: str) -> None:
        self.facts = facts
        self.officer = officer
        self.zone = zone
        self.seed = f"{seed}/follow-ups/{facts.code}"
        self.rng = random.Random(self.seed)
        self.opened: list[FollowUp] = []
        self.tries = [self._conduct(one) for one in sorted(tries, key=lambda one: one.at)]

    def keep_up(self, rule: ReturnRule, starts: dt.date) -> None:
        """Add what is promised and done."""
        self._appointments()
        owed = return_visit(self.tries, rule, self.zone, self.facts.persons)
        # Drawn for every household, so that a try more or less changes nothing of what comes after.
        forgotten, promises = self.rng.random() < _FORGOTTEN, self.rng.random() < _PROMISED
        if owed is not None and not self._in_time(owed) and not forgotten:
            made = self._return(owed)
            if promises and made is not None:
                self._promise(owed, made)
        if self.rng.random() < _COMPLAINS:
            self._complaint(starts)

    def _in_time(self, owed: Matter) -> bool:
        return owed.closed is not None and owed.closed.at.astimezone(self.zone).date() <= owed.follow_up.due

    def _conduct(self, one: Attempt) -> Attempt:
        ticked, every, left_out, signed = (self.rng.random() for _ in range(4))
        musts: tuple[str, ...] = ()
        if one.channel in MEETINGS and one.disposition.contact and ticked < _TICKED:
            skipped = None if every < _ALL_SIX else list(Must)[2 + int(left_out * 4)]
            musts = tuple(must.value for must in Must if must is not skipped)
        forms = tuple(form.value for form in SignedForm)
        came = one.disposition is Disposition.ASKED_BACK and signed < _SIGNED
        return replace(one, musts=musts, forms=forms if came else ())

    def _appointments(self) -> None:
        for place, one in enumerate(self.tries):
            if one.disposition is not Disposition.APPOINTMENT or place + 1 == len(self.tries):
                continue
            following = self.tries[place + 1]
            if following.at.date() <= one.at.date() or following.at - one.at > dt.timedelta(days=30):
                continue
            hour = following.at.replace(minute=following.at.minute // 30 * 30, second=0)
            agreed = self._opened(
                FollowUpKind.APPOINTMENT, one.at, hour.date(), one.note or "约好再来", one, due_at=hour
            )
            if self.rng.random() < _KEPT:
                self._closed_by(place + 1, agreed)

    def _return(self, owed: Matter) -> int | None:
        """Return visits until one finds somebody; the place of that try, None where none did."""
        by_phone = self.facts.has_mobile and self.rng.random() < 0.75
        day = owed.follow_up.opened.astimezone(self.zone).date() + dt.timedelta(days=6 + self.rng.randrange(20))
        for turn in range(_MOST_TRIES):
            found, note = self.rng.random() < _FOUND, self.rng.choice(_RETURNS)
            minute = self.rng.randrange(120)
            if by_phone:
                outcome = Disposition.INFORMED if found else Disposition.NO_ANSWER
                at = self._at(day, 10 * 60 + 5 * minute)
                self._try("call", at, outcome, note if found else "", turn)
            else:
                day = _evening(day)
                nobody = Disposition.AWAY if self.facts.migrant else Disposition.NOBODY_HOME
                outcome = Disposition.INFORMED if found else nobody
                self._try("visit", self._at(day, 18 * 60 + 30 + minute), outcome, note if found else "", turn)
            if found:
                return len(self.tries) - 1
            day += dt.timedelta(days=2 + self.rng.randrange(4))
        return None

    def _promise(self, owed: Matter, made: int) -> None:
        """What was promised when they were informed, brought by the return visit `made`."""
        told = next(one for one in self.tries if one.id == owed.follow_up.source)
        brought = self.tries[made].at.date()
        late = self.rng.random() < _LATE
        due = brought + dt.timedelta(days=-self.rng.randrange(1, 4) if late else self.rng.randrange(4))
        about = self.rng.choice(_PROMISES)
        promise = self._opened(FollowUpKind.PROMISE, told.at, max(due, told.at.date()), about, told)
        self._closed_by(made, promise)

    def _complaint(self, starts: dt.date) -> None:
        day = starts + dt.timedelta(days=30 + self.rng.randrange(320))
        at = self._at(day, 9 * 60 + self.rng.randrange(480))
        due = day + dt.timedelta(days=_COMPLAINT_DAYS)
        complaint = self._opened(FollowUpKind.COMPLAINT, at, due, self.rng.choice(_COMPLAINTS))
        answered, note = self.rng.random() < _ANSWERED, self.rng.choice(_ANSWERS)
        later = day + dt.timedelta(days=1 + self.rng.randrange(14))
        if answered:
            self._try("call", self._at(later, 600), Disposition.INFORMED, note, _MOST_TRIES)
            self._closed_by(len(self.tries) - 1, complaint)

    # --- facts ---

    def _at(self, day: dt.date, minute: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(minute // 60, minute % 60, self.rng.randrange(60)), self.zone)

    def _try(self, channel: str, at: dt.datetime, outcome: Disposition, note: str, turn: int) -> None:
        key = derived_id(at, f"{self.seed}/try/{turn}")
        self.tries.append(self._conduct(Attempt(key, self.facts.code, channel, self.officer, at, outcome, note=note)))

    def _opened(
        self,
        kind: FollowUpKind,
        at: dt.datetime,
        due: dt.date,
        about: str,
        source: Attempt | None = None,
        due_at: dt.datetime | None = None,
    ) -> FollowUp:
        key = derived_id(at, f"{self.seed}/{kind}/{len(self.opened)}")
        one = FollowUp(
            key, kind, self.facts.code, due, at, about, due_at=due_at, source=source.id if source else ""
        )  # fmt: skip
        self.opened.append(one)
        return one

    def _closed_by(self, place: int, one: FollowUp) -> None:
        self.tries[place] = replace(self.tries[place], closes=(*self.tries[place].closes, one.id))


def _evening(day: dt.date) -> dt.date:
    """The first Monday to Thursday from `day` on outside the two golden weeks, when nobody is visited."""
    while day.weekday() > 3 or (day.month in (5, 10) and day.day <= 7):
        day += dt.timedelta(days=1)
    return day


def _complaints_of_strangers(starts: dt.date, zone: dt.tzinfo, seed: str) -> Iterator[FollowUp]:
    """Complaints of people whom no household knows, each with the answer that closed it, if any did."""
    rng = random.Random(f"{seed}/strangers")
    for number in range(_STRANGERS):
        day = starts + dt.timedelta(days=40 + 37 * number + rng.randrange(20))
        at = dt.datetime.combine(day, dt.time(9 + rng.randrange(8)), zone)
        key = derived_id(at, f"{seed}/strangers/{number}")
        due, who = day + dt.timedelta(days=_COMPLAINT_DAYS), _PLACES[number % len(_PLACES)]
        told = FollowUp(key, FollowUpKind.COMPLAINT, "", due, at, _COMPLAINTS[number % len(_COMPLAINTS)], who=who)
        yield told
        later = at + dt.timedelta(days=1 + rng.randrange(12))
        if rng.random() < _ANSWERED:
            answer = derived_id(later, f"{seed}/strangers/{number}/answer")
            yield replace(told, id=answer, opened=later, corrects=key, answer=rng.choice(_ANSWERS))
