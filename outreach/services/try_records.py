"""What is known of every household's tries as of a moment, and what is learnt from all of them.

`contact due`, `report times` and `report staffing` all begin here, so that they know the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from outreach.domain.calendar import WorkCalendar
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Disposition
from outreach.domain.suppression import Suppression
from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.ladder import PERSONAL, Past, Record
from outreach.planning.returns import Window, home_from, return_windows
from outreach.planning.tries import (
    Band,
    Column,
    Count,
    Kind,
    Rates,
    Slot,
    Tallies,
    Time,
    Try,
    band_of,
    column_of,
    learn,
)
from outreach.services.campaigns import load_campaign
from outreach.services.learning import Chances, keep_chances, kept_chances, rules_of
from outreach.services.office import Office
from outreach.services.plan_file import PlanFile, load_plan
from outreach.store.tries import HomeLine, TryLine
from outreach.store.unit import Unit

_CHANNELS = ("", "visit", "call", "letter")

LEFT_OUT = ("found", "away", "timeless", "hours")
"""Why a visit or call teaches nothing: somebody was found before; a visit while migrants are away; an outcome the hour
did not decide; outside all bands of hours. The first that holds."""


@dataclass(frozen=True, slots=True)
class History:
    """One household's tries in force, in order of time.

    last: the slot of the newest try, by channel. own: what it teaches of the household, by channel, class and band.
    """

    tries: tuple[Past, ...] = ()
    last: Mapping[str, Slot] | None = None
    own: Mapping[str, Mapping[Time, Count]] | None = None

    @property
    def newest(self) -> Disposition | None:
        """How the newest visit, call or answer ended, None where there was none: what was only sent tells nothing."""
        told = (
            one.disposition
            for one in reversed(self.tries)
            if one.channel in PERSONAL or one.disposition.contact or one.disposition is Disposition.AWAY
        )
        return next(told, None)


_NOTHING = History()


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the choice of the next try rests on. left_out: tries not learnt from, by channel and `LEFT_OUT`."""

    campaign: Campaign
    plan: PlanFile
    calendar: WorkCalendar
    windows: tuple[Window, ...]
    as_of: dt.datetime
    homes: tuple[HomeLine, ...]
    histories: Mapping[int, History]
    registered: frozenset[int]
    suppressions: Mapping[str, Sequence[Suppression]]
    rates: Mapping[str, Rates]
    left_out: Mapping[str, Mapping[str, int]]

    def history(self, home: HomeLine) -> History:
        """The household's tries; none where nobody has been there."""
        return self.histories.get(home.key, _NOTHING)

    def record(self, home: HomeLine, day: dt.date) -> Record:
        """What decides about a household on `day`."""
        history = self.history(home)
        away = home.migrant or history.newest is Disposition.AWAY
        wishes = self.suppressions.get(home.code, ())
        return Record(
            tries=history.tries,
            registered=home.key in self.registered,
            phone=home.phone,
            suppressed=frozenset(one for one in _CHANNELS if wishes and _barred(wishes, home, one, day)),
            home_from=home_from(self.windows, day) if away else day,
        )


def _barred(wishes: Sequence[Suppression], home: HomeLine, channel: str, day: dt.date) -> bool:
    """Whether the household, or everybody in it, wishes that channel off; '' asks for all of them."""
    if any(one.covers(home.code, 0, channel, day) for one in wishes):
        return True
    persons = {one.person for one in wishes if one.covers(home.code, one.person, channel, day)}
    return bool(home.persons) and len(persons) >= home.persons


def kind_of(home: HomeLine) -> Kind:
    """The household's kind, by which its chances are learnt."""
    return Kind(home.difficulty, home.migrant, home.works)


def know(
    office: Office, campaign_name: str, day: dt.date, last: dt.date | None = None, posts: Collection[str] = ()
) -> Known:
    """What was known on the morning of `day`, or is known now where that is earlier; windows up to the year of `last`.

    posts: only the households of these, with chances that may be kept ones (services/learning.py); all where empty.
    Raises BadInput for days whose holidays nobody knows, NotFound for an unknown campaign.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    plan = load_plan(office.workspace, campaign_name)
    calendar = work_calendar()
    last = last or day
    refuse_unknown_days(calendar, day, last)
    now = office.now().astimezone(campaign.zone)
    # The present day's tries are known too: only a day gone by is seen as it was in the morning.
    gone = day < now.date()
    as_of = dt.datetime.combine(day, dt.time(), campaign.zone) if gone else now
    before_ms, before = int(as_of.timestamp() * 1000), as_of.date() + dt.timedelta(days=not gone)
    first_year = min(day.year, max(campaign.starts.year, calendar.first_year))
    years = range(first_year, min(last.year + 1, calendar.last_year) + 1)
    windows = tuple(return_windows(calendar, years, plan.tries.returns))
    sorter = _Sorter(campaign.zone, calendar, windows, plan.tries.hours)
    rules = rules_of(campaign, plan, windows, as_of.date())
    with office.store.read() as unit:
        kept = kept_chances(unit, campaign, plan, rules) if (posts or unit.scoped) and not gone else None
        if posts:
            homes = tuple(unit.tries.homes_of(campaign.name, posts))
            keys = [home.key for home in homes]
            registered = unit.tries.settled_of(campaign.name, before, keys)
        else:
            homes = tuple(unit.tries.homes(campaign.name))
            registered = unit.tries.settled(campaign.name, before)
        if posts and kept is None:
            _learn_from_others(sorter, unit, campaign.name, before_ms, homes)
        lines = (
            unit.tries.lines_of(campaign.name, before_ms, keys) if posts else unit.tries.lines(campaign.name, before_ms)
        )
        histories = sorter.histories(lines, homes)
        suppressions = unit.suppressions.all(campaign.zone, of=[home.code for home in homes] if posts else None)
        suppressions += unit.hold_outs.wishes(campaign.name, campaign.zone)
        changes = unit.learnt.changes(campaign.name)
    chances = kept or Chances(
        {channel: learn(tallies, plan.tries.prior) for channel, tallies in sorter.tallies.items()}, sorter.left_out
    )
    if kept is None and not gone:
        keep_chances(office, campaign, plan, rules, changes, chances)
    wishes = defaultdict(list)
    for wish in suppressions:
        wishes[wish.household].append(wish)
    return Known(
        campaign=campaign,
        plan=plan,
        calendar=calendar,
        windows=windows,
        as_of=as_of,
        homes=homes,
        histories=histories,
        registered=registered,
        suppressions=wishes,
        rates=chances.rates,
        left_out=chances.left_out,
    )


def _learn_from_others(sorter: _Sorter, unit: Unit, campaign: str, before_ms: int, but: Iterable[HomeLine]) -> None:
    """Count the tries at all households but these, whose histories are still to be sorted."""
    homes = {home.key: home for home in unit.tries.homes(campaign)}
    for home in but:
        homes.pop(home.key, None)
    for key, found in groupby(unit.tries.lines(campaign, before_ms), key=lambda line: line.household):
        if (one := homes.get(key)) is not None:
            sorter.history(found, one.code, kind_of(one))


def refuse_unknown_days(calendar: WorkCalendar, *days: dt.date) -> None:
    """Raise BadInput for a day of a year whose holidays nobody knows."""
    for day in days:
        if not calendar.knows(day):
            raise BadInput.at(
                str(day),
                _("holidays are known from {first} to {last} only", first=calendar.first_year, last=calendar.last_year),
                _("choose a day within, or install a newer chinesecalendar"),
            )


class _Sorter:
    """Puts tries into slots and counts them, household by household."""

    def __init__(
        self, zone: dt.tzinfo, calendar: WorkCalendar, windows: Sequence[Window], bands: Sequence[Band]
    ) -> None:
        self._zone = zone
        self._calendar = calendar
        self._windows = windows
        self._bands = bands
        self._days: dict[dt.date, tuple[Column, bool]] = {}
        self.tallies = {channel: Tallies() for channel in PERSONAL}
        self.left_out = {channel: dict.fromkeys(LEFT_OUT, 0) for channel in PERSONAL}

    def histories(self, lines: Iterable[TryLine], homes: Iterable[HomeLine]) -> dict[int, History]:
        """The tries of many households, by row id; lines in order of household and time."""
        kinds = {home.key: (home.code, kind_of(home)) for home in homes}
        return {key: self.history(found, *kinds[key]) for key, found in groupby(lines, key=lambda line: line.household)}

    def history(self, lines: Iterable[TryLine], code: str, kind: Kind) -> History:
        """One household's tries; those of which something is learnt are counted."""
        past = []
        last: dict[str, Slot] = {}
        own: dict[str, dict[Time, Count]] = {channel: {} for channel in PERSONAL}
        found = False
        for line in _in_force(list(lines)):
            at = dt.datetime.fromtimestamp(line.at_ms / 1000, self._zone)
            past.append(Past(line.channel, at.date(), line.disposition))
            if line.channel in PERSONAL:
                column, window = self._day(at.date())
                band = band_of(at.hour * 60 + at.minute, self._bands)
                reason = _lesson(line, kind, found=found, window=window)
                if band is None:
                    self.left_out[line.channel][reason or "hours"] += 1
                else:
                    last[line.channel] = (column, band)
                    if reason:
                        self.left_out[line.channel][reason] += 1
                    else:
                        one = Try(code, kind, (column, band), line.disposition.contact)
                        self._count(line.channel, one, own[line.channel])
            found |= line.disposition.contact
        return History(tuple(past), last, own)

    def _count(self, channel: str, one: Try, own: dict[Time, Count]) -> None:
        self.tallies[channel].add(one)
        tries, contacts = own.get(one.time, (0, 0))
        own[one.time] = (tries + 1, contacts + one.contact)

    def _day(self, day: dt.date) -> tuple[Column, bool]:
        """The day's column, and whether migrants are at home."""
        if day not in self._days:
            home = any(one.first <= day <= one.last for one in self._windows)
            self._days[day] = (column_of(day, self._calendar), home)
        return self._days[day]


def _lesson(line: TryLine, kind: Kind, *, found: bool, window: bool) -> str:
    """Why the try teaches nothing about hours, '' where it does.

    Once somebody was found, later tries are agreed ones or return visits: another matter.
    """
    if found:
        return "found"
    if line.channel == "visit" and kind.migrant and not window:
        return "away"
    return "timeless" if line.disposition.timeless else ""


def _in_force(lines: list[TryLine]) -> Iterator[TryLine]:
    """The tries no other corrects, and no withdrawal; as `domain.contact.in_force`, for lines."""
    corrected = {line.corrects for line in lines if line.corrects}
    return (line for line in lines if line.id not in corrected and line.disposition is not Disposition.WITHDRAWN)
