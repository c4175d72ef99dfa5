"""Who is to be tried on a day, when, by which channel and why; for whom it is too early, too late or enough.

Other services ask `ranked(know(office, campaign, day), day, posts, hours)` for the lines in order of gain: walks take
those whose channel is 'visit'. `why_not` tells the households that are left out, by reason. Promises, return visits
and other follow-ups that are due come before everything else (services/due_promises.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from outreach.channels import channels
from outreach.collection import collection_paused
from outreach.domain.contact import Disposition
from outreach.messages import _, current_language
from outreach.planning.holidays import work_calendar
from outreach.planning.ladder import PERSONAL, Held, Next, Past, Why, next_try
from outreach.planning.lessons import MIDNIGHT
from outreach.planning.slots import LITTLE_KNOWN, UNTRIED, Option, Options, Pick, choices, little_known
from outreach.planning.tries import Band, Column, Slot, Time, column_of, time_of
from outreach.services.due_promises import Promised, promised
from outreach.services.office import Office
from outreach.services.try_records import Known, kind_of, know
from outreach.store.tries import HomeLine

BETTER = 0.1
"""A later slot is named where it promises so much more."""

PROMISED, HOME, ASKED, USUAL, LETTER = range(-1, 4)
"""Who comes before others: something is due; home for the holidays; asked for another time; everybody; a letter."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One household to be tried. turn: `PROMISED`, `HOME`, `ASKED`, `USUAL` or `LETTER`. made: tries by this channel.

    starts, ends: the best hours of the day, chance: of finding somebody then; None for a letter. better_day,
    better_hours, better_chance: a later slot that promises more, None where there is none.
    """

    code: str
    post: str
    channel: str
    turn: int
    made: int
    starts: dt.time | None
    ends: dt.time | None
    chance: float | None
    better_day: dt.date | None
    better_hours: str | None
    better_chance: float | None
    why: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """How many households are not to be tried for one reason. until: the first day on which one of them may be."""

    reason: str
    households: int
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class DueList:
    """The list of a day. total: lines before the limit. learnt_from: tries the chances rest on.

    provisional: holidays near it are computed, the notice is not out.
    """

    campaign: str
    day: dt.date
    posts: tuple[str, ...]
    as_of: dt.datetime
    learnt_from: int
    provisional: bool
    total: int
    lines: tuple[DueLine, ...]
    held: tuple[HeldLine, ...]


def list_due(
    office: Office, campaign_name: str, day: dt.date | None = None, posts: Collection[str] = (), limit: int = 0
) -> DueList:
    """The list of `day` (today where None) for some posts, or all. limit: lines at most, 0 for all.

    Raises NotFound for an unknown post, BadInput for a day whose holidays nobody knows.
    """
    day = day or office.now().date()
    with collection_paused():
        known = know(office, campaign_name, day, posts=posts)
        owed = promised(office, known, day, posts)
        first = {one.home.code for one in owed}
        following = [one for one in _following(known, day, posts) if one[0].code not in first]
        lines = [_owed(one) for one in owed] + _ranked(known, day, following, ())
    return DueList(
        campaign=known.campaign.name,
        day=day,
        posts=tuple(posts),
        as_of=known.as_of,
        learnt_from=sum(rates.overall.tries for rates in known.rates.values()),
        provisional=known.calendar.is_provisional(day, day + dt.timedelta(days=known.plan.tries.horizon_days)),
        total=len(lines),
        lines=tuple(lines[:limit] if limit else lines),
        held=_held(following),
    )


def _owed(one: Promised) -> DueLine:
    nothing = (None,) * 6
    return DueLine(one.home.code, one.home.post, one.channel, PROMISED, one.made, *nothing, one.why)


def ranked(known: Known, day: dt.date, posts: Collection[str] = (), hours: Sequence[Band] = ()) -> list[DueLine]:
    """Everybody to be tried on `day`: those home for the holidays, those who asked, then by the chance of finding them.

    posts: all that are held where empty. hours: only bands that touch these; all where empty.
    """
    return _ranked(known, day, _following(known, day, posts), hours)


def _ranked(known: Known, day: dt.date, following: Iterable[_Following], hours: Sequence[Band]) -> list[DueLine]:
    times = _Times(known, day, hours)
    lines = [_line(known, times, home, one) for home, one in following if home.post and isinstance(one, Next)]
    return sorted(filter(None, lines), key=lambda line: (line.turn, -(line.chance or 0.0), line.code))


def visits(
    known: Known, day: dt.date, posts: Collection[str] = (), among: Collection[str] | None = None
) -> dict[str, int]:
    """The turn of each household whose line in `ranked` is a visit, without weighing its hours.

    posts: all that are held where empty. among: only these households.
    """
    if not _Times(known, day, ()).today.every:
        return {}
    return {
        home.code: _turn(known, home, one.channel)
        for home, one in _following(known, day, posts, among)
        if home.post and isinstance(one, Next) and one.channel == "visit"
    }


def why_not(known: Known, day: dt.date, posts: Collection[str] = ()) -> tuple[HeldLine, ...]:
    """The households that are not to be tried on `day`, counted by reason."""
    return _held(_following(known, day, posts))


def _held(following: Iterable[_Following]) -> tuple[HeldLine, ...]:
    counts: Counter[str] = Counter()
    until: dict[str, dt.date] = {}
    for home, found in following:
        if isinstance(found, Held):
            counts[found.why.value] += 1
            if found.until is not None:
                until[found.why.value] = min(found.until, until.get(found.why.value, found.until))
        elif not home.post:
            counts["no_officer"] += 1
    order = [*(why.value for why in Why), "no_officer"]
    return tuple(HeldLine(reason, counts[reason], until.get(reason)) for reason in order if counts[reason])


def held_label(reason: str) -> str:
    """Why households are left out, in words."""
    return {
        "reached": _("reached already"),
        "registered": _("registered or paid already"),
        "gone": _("moved away, died or not in scope"),
        "suppressed": _("wish not to be contacted, or in a hold-out"),
        "refused": _("refused, and more than once"),
        "cap": _("tried as often as the rules allow: ask the neighbours or the residents' committee"),
        "cooling": _("tried lately: let them rest"),
        "away": _("away until the holidays"),
        "no_officer": _("no officer yet"),
    }[reason]


def column_label(column: Column) -> str:
    """A column of the week in words."""
    return {
        Column.MON: _("Mon"), Column.TUE: _("Tue"), Column.WED: _("Wed"), Column.THU: _("Thu"), Column.FRI: _("Fri"),
        Column.SAT: _("Sat"), Column.SUN: _("Sun"),
        Column.MAKE_UP: _("make-up day"), Column.HOLIDAY: _("holiday"),
    }[column]  # fmt: skip


_Following = tuple[HomeLine, Next | Held]
"""A household and what is to be done about it on a day."""


def _following(
    known: Known, day: dt.date, posts: Collection[str], among: Collection[str] | None = None
) -> list[_Following]:
    """What is to be done about each household of some posts, or of all; among: only these."""
    ladder = known.plan.tries.ladder
    return [
        (home, next_try(ladder, known.record(home, day), day))
        for home in known.homes
        if (not posts or home.post in posts) and (among is None or home.code in among)
    ]


@lru_cache(maxsize=32)
def _today(column: Column, day: dt.date, bands: tuple[int, ...]) -> Options:
    return Options(tuple(Option(day, (column, number)) for number in bands))


@lru_cache(maxsize=32)
def _ahead(day: dt.date, days: int, until: dt.date | None, bands: int) -> Options:
    """Each slot's first day among the `days` after `day`; none after `until`."""
    calendar = work_calendar()
    first: dict[object, Option] = {}
    for offset in range(1, days):
        following = day + dt.timedelta(days=offset)
        if (until is not None and following > until) or not calendar.knows(following):
            break
        column = column_of(following, calendar)
        for number in range(bands):
            first.setdefault((column, number), Option(following, (column, number)))
    return Options(tuple(first.values()))


class _Times:
    """The slots of a day and of those after it, and the best of them for each household."""

    def __init__(self, known: Known, day: dt.date, hours: Sequence[Band]) -> None:
        self._known = known
        self._bands = known.plan.tries.hours
        self.day = day
        now = known.as_of
        gone = now.hour * 60 + now.minute if now.date() == day else 0
        wanted = [(one.starts, one.ends) for one in hours] or [(0, MIDNIGHT)]
        open_bands = tuple(
            number
            for number, band in enumerate(self._bands)
            if band.ends > gone and any(band.starts < ends and starts < band.ends for starts, ends in wanted)
        )
        self.today = _today(column_of(day, known.calendar), day, open_bands)
        self.window = next((one for one in known.windows if one.first <= day <= one.last), None)
        self._few: dict[str, frozenset[Time]] = {}
        self._taken: dict[tuple[str, str], set[Time]] = {}
        self._words: dict[Slot, str] = {}

    def band(self, number: int) -> Band:
        """The band of that number."""
        return self._bands[number]

    def words(self, slot: Slot) -> str:
        """A slot in words."""
        if slot not in self._words:
            self._words[slot] = f"{column_label(slot[0])} {self._bands[slot[1]]}"
        return self._words[slot]

    def best(self, home: HomeLine, channel: str) -> Pick | None:
        """The best slot of the day. One household of a post's list goes at each hour of which too little is known."""
        if channel not in self._few:
            self._few[channel] = little_known(self._known.rates[channel], {}, self.today.every)
        taken = self._taken.setdefault((home.post, channel), set())
        found = self._pick(home, channel, self.today, self._few[channel] - taken)
        if found is not None and found.rule == LITTLE_KNOWN:
            taken.add(time_of(found.option.slot))
        return found

    def later(self, home: HomeLine, channel: str, until: dt.date | None) -> Pick | None:
        """The best slot of the days after it that are not after `until`."""
        options = _ahead(self.day, self._known.plan.tries.horizon_days, until, len(self._bands))
        return self._pick(home, channel, options, frozenset())

    def _pick(self, home: HomeLine, channel: str, options: Options, few: frozenset[Time]) -> Pick | None:
        history = self._known.history(home)
        among = choices(self._known.rates[channel], kind_of(home), options)
        return among.pick(history.own[channel], history.last.get(channel), few)


def _turn(known: Known, home: HomeLine, channel: str) -> int:
    """Who comes before others of those to be tried in person."""
    newest = known.history(home).newest
    if channel == "visit" and (home.migrant or newest is Disposition.AWAY):
        return HOME
    return ASKED if newest is Disposition.APPOINTMENT else USUAL


def _line(known: Known, times: _Times, home: HomeLine, following: Next) -> DueLine | None:
    """The household's line; None where no hour of the day is left."""
    if following.channel not in PERSONAL:
        return _letter(known, home, following)
    turn = _turn(known, home, following.channel)
    at_door, window = turn == HOME, times.window
    until = window.last if at_door and window else None
    best = times.best(home, following.channel)
    if best is None:
        return None
    later = times.later(home, following.channel, until)
    better = later if later is not None and later.chance >= best.chance + BETTER else None
    band = times.band(best.option.slot[1])
    reasons = [_past(known, home)]
    if at_door and window:
        reasons.append(_("at home for the holidays until {day}", day=window.last))
    if following.after:
        reasons.append(_switched(following))
    reasons.append(_promise(known, home, following.channel, best, times))
    if best.rule == LITTLE_KNOWN:
        reasons.append(_("too little is known of such hours: one household a list goes then"))
    elif best.rule == UNTRIED:
        reasons.append(_("this household was not tried at such hours yet"))
    if better:
        reasons.append(
            _(
                "{day} ({hours}) promises more: {chance} of 100",
                day=better.option.day,
                hours=times.words(better.option.slot),
                chance=round(100 * better.chance),
            )
        )
    return DueLine(
        code=home.code,
        post=home.post,
        channel=following.channel,
        turn=turn,
        made=following.made,
        starts=_time(band.starts),
        ends=_time(band.ends),
        chance=round(best.chance, 4),
        better_day=better.option.day if better else None,
        better_hours=str(times.band(better.option.slot[1])) if better else None,
        better_chance=round(better.chance, 4) if better else None,
        why=_joined(reasons),
    )


def _letter(known: Known, home: HomeLine, following: Next) -> DueLine:
    reasons = [_past(known, home), *([_switched(following)] if following.after else [])]
    why = _joined(reasons)
    nothing = (None,) * 6
    return DueLine(home.code, home.post, following.channel, LETTER, following.made, *nothing, why)


def _past(known: Known, home: HomeLine) -> str:
    personal = [one for one in known.history(home).tries if one.channel in PERSONAL]
    if not personal:
        return _("nobody has been there yet")
    newest = personal[-1]
    return _(
        "tries so far: {count}, the last on {day}: {outcome}",
        count=len(personal),
        day=newest.day,
        outcome=_outcome(home, newest),
    )


def _outcome(home: HomeLine, newest: Past) -> str:
    """How a try ended; what was said of one person of several is said as theirs, for it says nothing of the others."""
    outcome = newest.disposition.label(current_language())
    if not newest.person or home.persons <= 1:
        return outcome
    if newest.disposition.gone or newest.disposition is Disposition.DIED:
        return _("person {number}: {outcome}, ask for the others", number=newest.person, outcome=outcome)
    return _("person {number}: {outcome}", number=newest.person, outcome=outcome)


def _promise(known: Known, home: HomeLine, channel: str, best: Pick, times: _Times) -> str:
    """What the slot promises, and whether that was seen or is concluded from other hours and households."""
    seen = known.rates[channel].cell(kind_of(home), best.option.slot).tries
    facts = {"hours": times.words(best.option.slot), "chance": round(100 * best.chance)}
    if seen:
        return _("{hours} finds somebody in {chance} of 100 tries (such tries so far: {seen})", seen=seen, **facts)
    return _("{hours} may find somebody in {chance} of 100 tries (none made so far; concluded from others)", **facts)


def _switched(following: Next) -> str:
    language = current_language()
    registry = channels()
    return _(
        "after all the tries by {before} now {channel}",
        before=registry[following.after].label(language),
        channel=registry[following.channel].label(language),
    )


def _joined(parts: Sequence[str]) -> str:
    return ("；" if current_language() == "zh" else "; ").join(parts)


def _time(minute: int) -> dt.time:
    return dt.time(minute // 60 % 24, minute % 60)
